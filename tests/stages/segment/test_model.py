"""The table model: cells inside cells, text beside frames, stamps, marks of rows, and how its cost grows."""

from __future__ import annotations

import time

import pytest

from pipeline.models.layout import PageLayout
from pipeline.models.page import Fill
from pipeline.stages.segment.page_analysis import Piece, Strip, analyse_page
from pipeline.stages.segment.pages import segment_pages
from pipeline.stages.segment.tight import part_tight_columns
from tests.stages.segment.building import LEADING, Drawing, make_source


def segment_one(drawing: Drawing) -> PageLayout:
    (layout,) = segment_pages(make_source(drawing))
    return layout


def draw_grid(drawing: Drawing, rows: list[tuple[str, str]]) -> None:
    for number, (label, value) in enumerate(rows):
        top = 100 + 20 * number
        for x in (50, 150, 400):
            drawing.rule(x, top, x, top + 20)
        for y in (top, top + 20):
            drawing.rule(50, y, 400, y)
        drawing.write(label, 55, top + 13)
        drawing.write(value, 155, top + 13)


PROSE = "This page tells how the workshop of the people began, and how it went on"
ROWS = [("Name", "Open workshop"), ("Country", "Latvia"), ("Period", "Since 2016")]


def rows_of(layout: PageLayout) -> list[tuple[str, str]]:
    return [
        (" ".join(line.text for line in row.label.lines), " ".join(line.text for line in row.value.lines))
        for table in layout.tables
        for row in table.rows
    ]


def test_cells_inside_a_value_are_read_row_by_row_and_say_what_they_begin() -> None:
    drawing = Drawing()
    draw_grid(drawing, [*ROWS, ("Steps", "")])
    drawing.rule(250, 160, 250, 180)
    for x, text in ((155, "First"), (255, "Second")):
        drawing.write(text, x, 173)
    (table,) = segment_one(drawing).tables
    assert [(line.text, line.opens) for line in table.rows[-1].value.lines] == [("First", "row"), ("Second", "cell")]


def test_text_beside_a_frame_is_no_part_of_its_table() -> None:
    drawing = Drawing()
    draw_grid(drawing, ROWS)
    drawing.write("See page 4", 420, 133)
    layout = segment_one(drawing)
    assert rows_of(layout) == ROWS
    assert [(left.reason, left.lines[0].text) for left in layout.left_out] == [("margin_note", "See page 4")]


def test_letters_of_large_type_across_cells_are_a_stamp() -> None:
    drawing = Drawing()
    draw_grid(drawing, ROWS)
    drawing.write("SAMPLE", 90, 142, size=30)
    layout = segment_one(drawing)
    assert rows_of(layout) == ROWS
    assert [(left.reason, left.lines[0].text) for left in layout.left_out] == [("stamp", "SAMPLE")]


@pytest.mark.parametrize("bottom", [189.8, 183.0])
def test_a_first_letter_over_two_lines_begins_the_first(bottom: float) -> None:
    drawing = Drawing()
    draw_grid(drawing, ROWS)
    drawing.rule(50, 160, 50, 200)
    drawing.rule(150, 160, 150, 200)
    drawing.rule(400, 160, 400, 200)
    drawing.rule(50, 200, 400, 200)
    drawing.write("Aims", 55, 173)
    (cap,) = drawing.write("T", 155, min(bottom, 185), size=24)
    drawing.glyphs[cap] = drawing.glyphs[cap]._replace(bottom=bottom)
    drawing.write("hey mend what is", 170, 173)
    drawing.write("broken in town.", 170, 185)
    assert rows_of(segment_one(drawing))[-1] == ("Aims", "They mend what is broken in town.")


@pytest.mark.parametrize("same", [True, False])
def test_an_area_shows_an_edge_only_where_the_colour_changes(same: bool) -> None:
    drawing = Drawing()
    drawing.fill(50, 100, 400, 140, 0.8)
    drawing.fill(60, 110, 300, 122, 0.8 if same else 0.5)
    edges = analyse_page(drawing.finish()).edges
    assert [edge.at for edge in edges.horizontal] == ([100, 140] if same else [100, 110, 122, 140])
    assert [type(fill) for fill in edges.fills] == [Fill] * (1 if same else 2)


def test_a_colon_by_itself_marks_where_rows_begin() -> None:
    drawing = Drawing()
    drawing.write(PROSE, 58, 60)
    at = 100.0
    for label, values in (
        ("Name", ("Open workshop",)),
        ("Aims of", ("Less waste,", "more")),
        ("Period", ("Since 2016",)),
    ):
        drawing.write(label, 55, at)
        drawing.write(":", 140, at)
        drawing.write_cell(155, at, *values)
        if label == "Aims of":
            drawing.write("the work", 55, at + LEADING)
        at += LEADING * (len(values) + 1)
    assert rows_of(segment_one(drawing)) == [
        ("Name", "Open workshop"),
        ("Aims of the work", "Less waste, more"),
        ("Period", "Since 2016"),
    ]


def test_the_time_that_rows_without_rules_take_grows_with_their_number() -> None:
    def measure(rows: int) -> float:
        drawing = Drawing(height=80 + 24 * rows)
        drawing.write(PROSE, 55, 40)
        for number in range(rows):
            drawing.write("abcdefgh "[: 3 + number % 6] + str(number), 55, 100 + 24 * number)
            drawing.write("they mend what is broken"[: 9 + number % 14], 200, 100 + 24 * number)
        source = make_source(drawing)
        start = time.process_time()
        (layout,) = segment_pages(source)
        assert sum(len(table.rows) for table in layout.tables) == rows
        return time.process_time() - start

    measure(50)
    assert measure(1200) < 8 * max(measure(300), 0.05)


def test_pieces_that_overlap_are_not_cut_where_no_letter_begins() -> None:
    # Letters set vertically are on each other's lines: a rule parts pieces that reach into one another.
    drawing = Drawing()
    for number, label in enumerate(("Name", "Period", "Places", "People")):
        drawing.write(label, 55, 100 + 20 * number)
        drawing.write("Open", 55, 100 + 20 * number)
    page = drawing.finish()
    ids = iter(range(len(page.glyphs)))
    strips = []
    for label in ("Name", "Period", "Places", "People"):
        first, second = (Piece(page, [next(ids) for _ in text]) for text in (label, "Open"))
        strips.append(Strip([first, second]))
    before = [[piece.text for piece in strip.pieces] for strip in strips]
    part_tight_columns([strips])
    assert [[piece.text for piece in strip.pieces] for strip in strips] == before


def test_lines_are_parted_before_a_last_glyph_without_width() -> None:
    labels, page = ("Name", "Period", "Places", "For"), Drawing()
    for number, label in enumerate(labels):
        trial = Drawing()
        width = trial.glyphs[trial.write(label, 0, 100)[-1]].x1
        page.write(label, 100 - width, 100 + 20 * number)
        page.write("x", 106, 100 + 20 * number)
        page.glyphs[-1] = page.glyphs[-1]._replace(x1=106)
    drawn, ids = page.finish(), iter(range(1000))
    strips = [Strip([Piece(drawn, [next(ids) for _ in label + "x"])]) for label in labels]
    part_tight_columns([strips])
    assert [[piece.text for piece in strip.pieces] for strip in strips] == [[label, "x"] for label in labels]
