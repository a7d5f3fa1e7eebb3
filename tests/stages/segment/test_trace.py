"""The decisions of the table model, as they are shown: margins, second best states and evidence."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from pipeline.models.geometry import Box
from pipeline.models.layout import NearTie
from pipeline.models.row import Row
from pipeline.stages.segment import trace as trace_module
from pipeline.stages.segment.columns import ColumnCandidate
from pipeline.stages.segment.page_analysis import PageBody, PageTokens, analyse_page, make_strips
from pipeline.stages.segment.pages import segment_pages
from pipeline.stages.segment.scale import measure_scale
from pipeline.stages.segment.states import StatePath, Step, weigh_states
from pipeline.stages.segment.trace import NEAR_TIE, Decision, Trace, list_near_ties
from pipeline.stages.stitch.document import stitch_document
from tests.stages.segment.building import LEADING, Drawing, make_source

PROSE = "This page tells how the workshop of the people began, and how it went on"


def draw_page() -> Drawing:
    drawing = Drawing()
    for number in range(3):
        drawing.write(PROSE, 55, 100 + LEADING * number)
    for number, (label, value) in enumerate(
        [("Name", "Open workshop"), ("Country", "Latvia"), ("Period", "Since the spring"), ("Source", "Report")]
    ):
        drawing.write(label, 55, 200 + 2 * LEADING * number)
        drawing.write(value, 180, 200 + 2 * LEADING * number)
    return drawing


def draw_grid() -> Drawing:
    drawing = Drawing()
    for number, (label, value) in enumerate([("Name", "Open workshop"), ("Country", "Latvia")]):
        top = 100 + 20 * number
        for x in (50, 150, 400):
            drawing.rule(x, top, x, top + 20)
        for y in (top, top + 20):
            drawing.rule(50, y, 400, y)
        drawing.write(label, 55, top + 13)
        drawing.write(value, 155, top + 13)
    return drawing


def worth(steps: list[Step], path: tuple[int, ...]) -> float:
    """Give the log-odds of a path, step by step."""
    total, last = 0.0, 0
    for step, state in zip(steps, path, strict=True):
        move = step.out[last] + step.enter[state]
        if state == last and state:
            move = max(move, step.stay[state])
        total += move + step.lines[state]
        last = state
    return total


@pytest.mark.parametrize("seed", range(20))
def test_a_state_s_odds_are_those_of_the_best_path_through_it(seed: int) -> None:
    draw = random.Random(seed)
    states = range(3)
    steps = []
    for _ in range(5):
        lines = [0.0, *(draw.uniform(-4, 4) for _ in states[1:])]
        if draw.random() < 0.2:
            lines = [-math.inf, 0.0, -math.inf]
        leave, entry = draw.uniform(0, 2), [0.0, *(-draw.uniform(0, 3) for _ in states[1:])]
        steps.append(Step([0.0, -leave, -leave], [0.0, *(draw.uniform(-3, 1) for _ in states[1:])], entry, lines))
    paths = {path: worth(steps, path) for path in itertools.product(states, repeat=len(steps))}
    found = weigh_states(steps)
    for place in range(len(steps)):
        for state in states:
            best = max(value for path, value in paths.items() if path[place] == state)
            assert found[place][state] == pytest.approx(best)


def test_each_line_says_its_state_the_second_and_what_decided() -> None:
    trace = Trace()
    segment_pages(make_source(draw_page()), trace)
    assert [one.state > 0 for one in trace.decisions] == [False] * 3 + [True] * 4
    for one in trace.decisions:
        assert one.second is not None
        assert one.second != one.state
        assert one.margin > 0
        names = {part.name: part.odds for part in one.evidence}
        if one.state:
            assert names["both"] > 0
            assert names["value_aligned"] > 0
        else:
            assert max(names.get("crosses", 0), names.get("crosses_short", 0)) > 0  # speaks for outside
        strengths = [abs(part.odds) for part in one.evidence]
        assert strengths == sorted(strengths, reverse=True)
    assert {one.box.page for one in trace.decisions} == {1}


def test_a_table_that_rules_draw_has_no_second_state() -> None:
    trace = Trace()
    segment_pages(make_source(draw_grid()), trace)
    (table,) = trace.decisions
    assert (table.state, table.second, table.margin, table.evidence) == (1, None, math.inf, ())
    assert trace.splits[0] == pytest.approx(150, abs=1)
    assert any(edge.at == pytest.approx(150, abs=1) for edge in trace.edges[0].vertical)


def draw_tie() -> Drawing:
    """Below the rows stands a line like a label, without a value that could be seen."""
    drawing = draw_page()
    drawing.write("Funding of it", 55, 200 + 2 * LEADING * 4)
    for index in drawing.write("concealed", 135, 200 + 2 * LEADING * 4):
        drawing.glyphs[index] = drawing.glyphs[index]._replace(concealed="invisible")
    return drawing


def test_a_line_decided_by_little_is_a_note_with_what_decided() -> None:
    trace = Trace()
    (layout,) = segment_pages(make_source(draw_tie()), trace)
    (near,) = (one for one in trace.decisions if one.is_near_tie)
    (tie,) = layout.near_ties
    assert (tie.text, tie.box) == ("Funding of it", near.box)
    assert (tie.columns, tie.second) == (180, None)
    assert tie.margin == pytest.approx(near.margin, abs=0.01)
    assert 0 <= tie.margin <= NEAR_TIE
    names = dict(tie.evidence)
    assert sum(names.values()) == pytest.approx(tie.margin, abs=0.02)
    assert names["label_only"] < 0 < names["label_aligned"]
    (note,) = (issue for issue in stitch_document([layout]).issues if issue.code == "near_tie")
    assert (note.severity, note.page, note.box, note.text) == ("note", 1, tie.box, "Funding of it")
    assert "'Funding of it' was read as text of a row with values at x = 180" in note.message
    assert "be text of no row" in note.message
    assert any(part.startswith("label_only -") for part in note.evidence)
    assert "concealed" not in str(note)


def test_neighbouring_lines_of_one_tie_are_one_entry() -> None:
    drawing = draw_page()
    for number in (2, 3):
        drawing.write("Text of the value", 180, 200 + LEADING * (6 + number))
    body = PageBody.of(analyse_page(drawing.finish()), furniture=set())
    upper, lower = make_strips(p for pieces in body.pieces[-2:] for p in pieces)
    page = PageTokens(body, blocks=[], strips=[upper, lower], items=[upper, lower], wide=[], left_out=[])
    path = StatePath([page], [ColumnCandidate(start=x) for x in (180.0, 240.0)], measure_scale([body]))
    tokens = path.tokens

    def keep(seconds: tuple[int, int]) -> list[NearTie]:
        boxes = [Box(page=1, x0=item.x0, top=item.top, x1=item.x1, bottom=item.bottom) for item in (upper, lower)]
        decisions = [Decision(box, 0, second, 0.5, ()) for box, second in zip(boxes, seconds, strict=True)]
        (ties,) = list_near_ties(path, zip(tokens, decisions, strict=True))
        return ties

    (whole,) = keep((1, 1))
    assert (whole.text, whole.second) == ("Text of the value", 180.0)
    assert (whole.box.top, whole.box.bottom) == (upper.top, lower.bottom)
    assert [tie.second for tie in keep((1, 2))] == [180.0, 240.0]


def test_sure_decisions_and_drawn_tables_give_no_note() -> None:
    for drawing in (draw_page(), draw_grid()):
        (layout,) = segment_pages(make_source(drawing))
        assert layout.near_ties == ()


def test_columns_that_divide_a_line_alike_are_no_second_state() -> None:
    drawing = draw_page()
    for number in range(4):  # columns a little to the right: the same pieces are label and value in both
        drawing.write("Name", 55, 400 + 2 * LEADING * number)
        drawing.write("Workshop", 200, 400 + 2 * LEADING * number)
    trace = Trace()
    segment_pages(make_source(drawing), trace)
    assert len(trace.splits) == 2
    inside = [one for one in trace.decisions if one.state]
    assert len(inside) == 8
    assert {one.second for one in inside} == {0}


def test_layouts_are_the_same_with_a_trace_and_without() -> None:
    for drawing in (draw_page(), draw_grid(), draw_tie()):
        source = make_source(drawing)
        assert segment_pages(source, Trace()) == segment_pages(source)


@pytest.mark.parametrize("draw", [draw_page, draw_grid])
def test_a_row_s_decisions_are_found_without_looking_at_all_of_them(
    draw: Callable[[], Drawing], monkeypatch: pytest.MonkeyPatch
) -> None:
    source = make_source(*(replace(draw(), number=number) for number in range(1, 31)))
    tried = Trace()
    document = stitch_document(segment_pages(source, tried))
    rows = [row for row in document.content if isinstance(row, Row)]
    compared = []
    holds = trace_module._holds
    monkeypatch.setattr(trace_module, "_holds", lambda box, line: compared.append(box) or holds(box, line))
    for row in rows:
        lines = [line.box for part in row.fragments for line in (*part.label_lines, *part.value_lines)]
        found = tried.find(row)
        assert found
        assert found == [one for one in tried.decisions if any(holds(one.box, line) for line in lines)]
    assert len(rows) >= 30
    assert len(compared) <= 20 * len(rows)
