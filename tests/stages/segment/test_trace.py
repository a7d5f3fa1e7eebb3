"""The decisions of the table model, as they are shown: margins, second best states and evidence."""

from __future__ import annotations

import itertools
import math
import random

import pytest

from pipeline.stages.segment import Trace, segment_pages
from pipeline.stages.segment.states import Step, weigh_states
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
        steps.append(Step([0.0, -leave, -leave], [0.0, *(draw.uniform(-3, 1) for _ in states[1:])], entry, lines, []))
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
            assert names["crosses"] > 0  # speaks for outside
        strengths = [abs(part.odds) for part in one.evidence]
        assert strengths == sorted(strengths, reverse=True)
    assert {one.box.page for one in trace.decisions} == {1}
    assert not trace.steps


def test_a_table_that_rules_draw_has_no_second_state() -> None:
    trace = Trace()
    segment_pages(make_source(draw_grid()), trace)
    (table,) = trace.decisions
    assert (table.state, table.second, table.margin, table.evidence) == (1, None, math.inf, ())
    assert trace.candidates[0].split == pytest.approx(150, abs=1)
    assert any(edge.x0 == edge.x1 == pytest.approx(150, abs=1) for edge in trace.edges[0])


def test_layouts_are_the_same_with_a_trace_and_without() -> None:
    for drawing in (draw_page(), draw_grid()):
        source = make_source(drawing)
        assert segment_pages(source, Trace()) == segment_pages(source)
