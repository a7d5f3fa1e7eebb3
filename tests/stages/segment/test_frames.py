"""Tables drawn on all sides: what stands beside them, and cells that edges divide."""

from __future__ import annotations

import pytest

from pipeline.models.row import Row
from pipeline.stages.segment.pages import segment_pages
from pipeline.stages.stitch.document import stitch_document
from tests.stages.segment.building import (
    BOLD,
    BOUNDARY,
    LEADING,
    LEFT,
    PADDING,
    PLAIN,
    RIGHT,
    ROWS,
    SIZE,
    Drawing,
    draw_table,
    make_source,
)


def read_rows(*drawings: Drawing) -> list[tuple[str, str]]:
    document = stitch_document(segment_pages(make_source(*drawings)))
    return [(part.label.text, part.value.text) for part in document.content if isinstance(part, Row)]


@pytest.mark.parametrize("kind", ["label_fill", "lines", "zebra", "bare"])
def test_a_page_of_value_lines_alone_goes_on_with_its_row(kind: str) -> None:
    pages, text = (
        [Drawing(number=number) for number in (1, 2, 3)],
        "leads to, in a country that no road leads to by a town",
    )
    kinds = {} if kind == "bare" else {kind: True}
    draw_table(pages[0], 100, rows=(*ROWS, (("Aims",), (text,) * 20)), **kinds)
    pages[1].write_cell(BOUNDARY + PADDING, 60, *[text] * 40)
    draw_table(pages[2], 100, **kinds)
    rows = read_rows(*pages)
    assert [label for label, _ in rows[3:6]] == ["People", "Aims", "Name"]
    assert rows[4][1].split() == text.split() * 60


@pytest.mark.parametrize("padding", [1.0, PADDING])
@pytest.mark.parametrize(
    ("kind", "x1"), [("lines", RIGHT), ("grid", RIGHT), ("grid", 250), ("label_fill", 250), ("zebra", RIGHT)]
)
def test_a_black_bar_over_a_value_is_no_cell_and_parts_no_table(kind: str, padding: float, x1: float) -> None:
    drawing, kinds = Drawing(), {kind: True}
    draw_table(drawing, 100, rows=ROWS[2:] * 4, **kinds)
    whole = read_rows(drawing)
    top = 100 + 2 * PADDING + LEADING
    drawing.black_out(BOUNDARY + 2, top + padding, x1, top + 2 * LEADING + PADDING + 2)
    rows = read_rows(drawing)
    assert [label for label, _ in rows] == [label for label, _ in whole]
    assert [value for _, value in rows if value in whole[0]] == [whole[0][1]] * 4


def test_edges_around_nothing_are_no_table() -> None:
    drawing = Drawing()
    draw_table(drawing, 100, rows=ROWS[2:] * 4, lines=True)
    top = 100 + 2 * PADDING + LEADING
    drawing.black_out(BOUNDARY - 2, top + 1, BOUNDARY + 50, top + LEADING + 2)
    drawing.concealed.clear()
    (page,) = segment_pages(make_source(drawing))
    assert page.tables
    assert all(table.rows for table in page.tables)


def draw_grid(drawing: Drawing, left: float, ends: tuple[float, ...], rows: list[tuple[str, ...]]) -> None:
    """Draw a grid: where each column ends, and each row's texts; an empty one merges its cell with the one above."""
    starts = (left, *ends[:-1])
    for number, row in enumerate(rows):
        top = 100.0 + 20 * number
        for start, end, text in zip(starts, ends, row, strict=True):
            drawing.write(text, start + 4, top + 13)
            if text or number == 0:
                drawing.rule(start, top, end, top)
    bottom = 100.0 + 20 * len(rows)
    drawing.rule(left, bottom, ends[-1], bottom)
    for x in (left, *ends):
        drawing.rule(x, 100, x, bottom)


@pytest.mark.parametrize(("texts", "reason"), [(("Note", "two"), "margin_note"), (("5", "6"), "line_numbers")])
@pytest.mark.parametrize("x", [2.0, 455.0])
def test_what_stands_beside_a_frame_is_none_of_its_table(texts: tuple[str, ...], reason: str, x: float) -> None:
    drawing = Drawing(width=560)
    draw_table(drawing, 100, grid=True)
    drawing.write_cell(x, 113, *texts)
    assert [label.replace("\n", " ") for label, _ in read_rows(drawing)] == [" ".join(label) for label, _ in ROWS]
    (layout,) = segment_pages(make_source(drawing))
    assert [left.reason for left in layout.left_out] == [reason]


@pytest.mark.parametrize(("spacing", "end"), [(1.0, 57), (1.8, 50), (4.0, None)])
def test_letter_spaced_text_that_runs_over_an_edge_is_of_its_cell(spacing: float, end: int | None) -> None:
    """Wider than a space within a word, it is taken for words."""
    drawing = Drawing(width=560)
    bottom = draw_table(drawing, 100, grid=True)
    text = "To help people who came to live in this country together"[:end]
    for x0, x1, line in ((LEFT, BOUNDARY, "Objective"), (BOUNDARY, RIGHT, "")):
        for a, b, c, d in (
            (x0, bottom, x0, bottom + 20),
            (x1, bottom, x1, bottom + 20),
            (x0, bottom + 20, x1, bottom + 20),
        ):
            drawing.rule(a, b, c, d)
        drawing.write(line, x0 + 4, bottom + 13)
    drawing.write(text, BOUNDARY + 4, bottom + 13, spacing=spacing)
    assert drawing.glyphs[-1].x1 > RIGHT + 8
    (_, value) = read_rows(drawing)[-1]
    assert ("".join(value.split()) == "".join(text.split())) is (end is not None)


def test_text_that_runs_over_an_edge_without_a_gap_is_of_the_cell_where_it_begins() -> None:
    drawing, long = Drawing(width=560), "who look for work and flats " * 3
    draw_table(drawing, 100, rows=(*ROWS, (("Aims",), (long, "and for friends"))), grid=True)
    x, early = BOUNDARY + PADDING - 17, drawing.glyphs[-1].baseline + 2 * PADDING + LEADING
    drawing.rule(LEFT, early + 4, RIGHT, early + 4)
    for edge in (LEFT, BOUNDARY, RIGHT):
        drawing.rule(edge, early - LEADING, edge, early + 4)
    drawing.write("Name", LEFT + PADDING, early)
    drawing.write("To help people", x, early)
    rows = read_rows(drawing)
    assert rows[-2:] == [("Aims", f"{long}and for friends"), ("Name", "To help people")]
    (layout,) = segment_pages(make_source(drawing))
    assert not layout.left_out


def test_a_word_behind_a_frame_that_a_gap_parts_from_its_text_is_a_note() -> None:
    drawing = Drawing(width=560)
    draw_table(drawing, 100, rows=(*ROWS, (("Aims",), ("and for friends",))), grid=True)
    drawing.write("xii", RIGHT + 1, drawing.glyphs[-1].baseline)
    assert read_rows(drawing)[-1] == ("Aims", "and for friends")
    (layout,) = segment_pages(make_source(drawing))
    assert [left.reason for left in layout.left_out] == ["margin_note"]


def test_two_frames_side_by_side_are_two_tables_and_the_left_one_comes_first() -> None:
    drawing = Drawing(width=900)
    draw_grid(drawing, 50, (150, 400), [("Name", "Workshop"), ("Country", "Latvia")])
    draw_grid(drawing, 500, (600, 850), [("Name", "Library"), ("Country", "Malta")])
    assert read_rows(drawing) == [
        ("Name", "Workshop"),
        ("Country", "Latvia"),
        ("Name", "Library"),
        ("Country", "Malta"),
    ]


def test_a_remark_in_an_empty_column_costs_no_row() -> None:
    drawing = Drawing()
    rows = [(f"Label {number}", f"Text {number}", "See 4" if number == 2 else "") for number in range(9)]
    draw_grid(drawing, 50, (150, 400, 460), rows)
    for number in range(9):
        drawing.rule(400, 100 + 20 * number, 460, 100 + 20 * number)
    assert read_rows(drawing) == [(label, value) for label, value, _ in rows]
    (layout,) = segment_pages(make_source(drawing))
    assert [(left.reason, left.lines[0].text) for left in layout.left_out] == [("remark", "See 4")]


def test_a_column_of_values_with_one_empty_cell_is_none_of_remarks() -> None:
    drawing = Drawing()
    rows = [("", f"Label {number}", "" if number == 2 else f"Text {number}") for number in range(5)]
    draw_grid(drawing, 50, (80, 200, 400), rows)
    for number in range(5):
        drawing.rule(50, 100 + 20 * number, 400, 100 + 20 * number)
    assert read_rows(drawing) == [(label, value) for _, label, value in rows]


def test_bars_between_their_labels_and_figures_are_no_cells() -> None:
    drawing = Drawing()
    for number, (label, figure) in enumerate((("Tea", "41 of a hundred"), ("Milk", "29 cups"), ("Water", "12 cups"))):
        drawing.write(label, 50, 113 + 20 * number)
        drawing.fill(120, 102 + 20 * number, 160 + 30 * number, 118 + 20 * number, 0.5)
        drawing.write(figure, 170 + 30 * number, 113 + 20 * number)
    assert read_rows(drawing) == []


def draw_divided(steps: list[tuple[str, str]]) -> Drawing:
    """Draw a grid of two columns whose second row's value is a table of two columns."""
    drawing = Drawing()
    bottom = 120.0 + 20 * len(steps)
    for top, label, value in ((100.0, "Name", "Workshop"), (120.0, "Steps", ""), (bottom, "Country", "Latvia")):
        drawing.rule(LEFT, top, RIGHT, top)
        drawing.write(label, LEFT + 4, top + 13)
        drawing.write(value, BOUNDARY + 4, top + 13)
    drawing.rule(LEFT, bottom + 20, RIGHT, bottom + 20)
    for x in (LEFT, BOUNDARY, RIGHT):
        drawing.rule(x, 100, x, bottom + 20)
    drawing.rule(200, 120, 200, bottom)
    for number, step in enumerate(steps):
        top = 120.0 + 20 * number
        drawing.rule(BOUNDARY, top, RIGHT, top)
        for x, text in zip((BOUNDARY + 4, 204), step, strict=True):
            drawing.write(text, x, top + 13)
    return drawing


def test_a_table_in_a_cell_is_given_row_by_row_with_tabs_and_reported() -> None:
    drawing = draw_divided([("Step", "Text"), ("1", "Begin"), ("2", "End it")])
    assert read_rows(drawing) == [
        ("Name", "Workshop"),
        ("Steps", "Step\tText\n1\tBegin\n2\tEnd it"),
        ("Country", "Latvia"),
    ]
    document = stitch_document(segment_pages(make_source(drawing)))
    assert [(issue.code, issue.page, issue.label) for issue in document.issues] == [("nested_table", 1, "Steps")]


def test_a_table_with_a_frame_of_its_own_inside_a_cell_is_the_cells_text() -> None:
    drawing = Drawing()
    for top, label, value in ((60.0, "Name", "Workshop"), (80.0, "Steps", ""), (180.0, "Country", "Latvia")):
        drawing.rule(LEFT, top, RIGHT, top)
        drawing.write(label, LEFT + 4, top + 13)
        drawing.write(value, BOUNDARY + 4, top + 13)
    drawing.rule(LEFT, 200, RIGHT, 200)
    for x in (LEFT, BOUNDARY, RIGHT):
        drawing.rule(x, 60, x, 200)
    draw_grid(drawing, BOUNDARY + 10, (BOUNDARY + 60, RIGHT - 10), [("Step", "Text"), ("1", "Begin"), ("2", "End it")])
    assert read_rows(drawing) == [
        ("Name", "Workshop"),
        ("Steps", "Step\tText\n1\tBegin\n2\tEnd it"),
        ("Country", "Latvia"),
    ]


def test_a_table_in_a_cell_that_a_page_cuts_above_it_is_the_cells_text() -> None:
    first, second = Drawing(number=1), Drawing(number=2)
    for drawing, top, label, value in (
        (first, 740.0, "Name", "Workshop"),
        (first, 760.0, "Steps", "All of them"),
        (second, 180.0, "Country", "Latvia"),
        (second, 200.0, "Year", "2018"),
    ):
        drawing.rule(LEFT, top, RIGHT, top)
        drawing.write(label, LEFT + 4, top + 13)
        drawing.write(value, BOUNDARY + 4, top + 13)
    second.rule(LEFT, 220, RIGHT, 220)
    for x in (LEFT, BOUNDARY, RIGHT):
        first.rule(x, 740, x, 790)
        second.rule(x, 100, x, 220)
    draw_grid(second, BOUNDARY + 10, (BOUNDARY + 60, RIGHT - 10), [("Step", "Text"), ("1", "Begin"), ("2", "End it")])
    assert read_rows(first, second) == [
        ("Name", "Workshop"),
        ("Steps", "All of them\nStep\tText\n1\tBegin\n2\tEnd it"),
        ("Country", "Latvia"),
        ("Year", "2018"),
    ]


@pytest.mark.parametrize("font", [BOLD, PLAIN])
def test_a_value_below_its_label_over_both_columns_is_one_row_where_their_types_differ(font: int) -> None:
    drawing = Drawing()
    long = "What is broken is mended here, by all who live in the quarter and want to"
    rows = [("Name", "Workshop"), ("Country", "Latvia"), ("Aims", ""), (long, ""), ("Year", "2018")]
    for number, (label, value) in enumerate(rows):
        top = 100.0 + 20 * number
        drawing.rule(LEFT, top, RIGHT, top)
        drawing.write(label, LEFT + 4, top + 13, font=PLAIN if label == long else font)
        drawing.write(value, BOUNDARY + 4, top + 13)
        if value:
            drawing.rule(BOUNDARY, top, BOUNDARY, top + 20)
    drawing.rule(LEFT, 200, RIGHT, 200)
    for x in (LEFT, RIGHT):
        drawing.rule(x, 100, x, 200)
    whole = [("Name", "Workshop"), ("Country", "Latvia"), *([("Aims", long)] if font == BOLD else []), ("Year", "2018")]
    assert read_rows(drawing) == whole


def test_cards_of_single_lines_have_a_row_for_each() -> None:
    drawing = Drawing()
    rows = [("Number", "K 14"), ("Object", "Lamp"), ("Material", "Clay"), ("Find spot", "House D")]
    for card in range(3):
        top = 60.0 + 70 * card
        for y in (top, top + 52):
            drawing.rule(LEFT, y, RIGHT, y)
        for x in (LEFT, RIGHT):
            drawing.rule(x, top, x, top + 52)
        for number, (label, value) in enumerate(rows):
            drawing.write(label, LEFT + 4, top + 11 + 12 * number)
            drawing.write(value, 110, top + 11 + 12 * number)
    assert read_rows(drawing) == 3 * rows


def test_a_row_of_more_cells_than_others_keeps_its_label() -> None:
    drawing = draw_divided([("Yes", "No")])
    assert read_rows(drawing)[1] == ("Steps", "Yes\tNo")


def test_a_wider_table_with_a_merged_row_is_no_label_and_text_table() -> None:
    drawing = Drawing()
    draw_grid(drawing, 50, (150, 250, 450), [("Year", "Sum", "Note"), ("2018", "10", "a"), ("2019", "12", "b")])
    drawing.rule(50, 160, 50, 180)
    drawing.rule(150, 160, 150, 180)
    drawing.rule(450, 160, 450, 180)
    drawing.rule(50, 180, 450, 180)
    drawing.write("Total", 54, 173)
    drawing.write("22 in all, over both years", 154, 173)
    (layout,) = segment_pages(make_source(drawing))
    assert "other_table" in {left.reason for left in layout.left_out}
    assert "2018" not in [label for label, _ in read_rows(drawing)]


def test_a_label_over_several_values_is_one_row_with_a_paragraph_for_each() -> None:
    drawing = Drawing()
    draw_grid(drawing, LEFT, (BOUNDARY, RIGHT), [("Name", "Workshop"), ("Aims", "To mend"), ("", "To learn")])
    assert read_rows(drawing) == [("Name", "Workshop"), ("Aims", "To mend\nTo learn")]


def test_a_blank_line_in_a_cell_of_a_frame_parts_no_row() -> None:
    drawing = Drawing()
    rows = [("Name", "Workshop"), ("Country", "Latvia"), ("Year", "2018"), ("Aims", "To mend")]
    draw_grid(drawing, LEFT, (BOUNDARY, RIGHT), rows)
    for x in (LEFT, BOUNDARY, RIGHT):
        drawing.rule(x, 180, x, 240)
    drawing.rule(LEFT, 240, RIGHT, 240)
    drawing.rules = [rule for rule in drawing.rules if not rule.top == rule.bottom == 180]
    drawing.write("and means", LEFT + 4, 221)
    drawing.write("and to learn", BOUNDARY + 4, 221)
    assert read_rows(drawing) == [*rows[:3], ("Aims\nand means", "To mend\nand to learn")]


GROUPS = [
    ("Group", ""),
    ("Inner:", "yes"),
    ("Outer:", "no, and a"),
    ("", "second line"),
    ("Colour:", "blue"),
    ("Smell:", ""),
    ("Weight of the whole:", "4 kg"),
]


@pytest.mark.parametrize("levels", [(), (172, 208)])
def test_labels_with_colons_are_rows_of_their_own_in_a_frame_without_edges_between_them(
    levels: tuple[float, ...],
) -> None:
    drawing = Drawing()
    drawing.write("*", 30, 109)
    labels = [f"{label.rstrip(':')}:" if label else "" for label, _ in GROUPS]
    for number, (label, (_, value)) in enumerate(zip(labels, GROUPS, strict=True)):
        drawing.write(label, 64, 121 + 12 * number)
        drawing.write(value, 250, 121 + 12 * number)
    for x in (50, 450):
        drawing.rule(x, 100, x, 220)
    for y in (100, *levels, 220):
        drawing.rule(50, y, 450, y)
    found = read_rows(drawing)
    assert [row for row in found if row[1]] == [
        (labels[1], "yes"),
        (labels[2], "no, and a\nsecond line"),
        (labels[4], "blue"),
        (labels[6], "4 kg"),
    ]
    assert (labels[5], "") in found


@pytest.mark.parametrize("merged", [True, False])
@pytest.mark.parametrize("rest", [True, False])
def test_rules_across_values_alone_part_rows_where_each_has_a_label_level_with_it(*, merged: bool, rest: bool) -> None:
    drawing = Drawing()
    labels = ("" if rest else "Name", "Place", "and town" if merged else "Aims", "Fee")
    drawing.fill(50, 100, 150, 220, grey=0.2)
    for number, label in enumerate(labels):
        top = 100.0 + 30 * number
        drawing.write(label, 54, top + (12 if not (merged and number == 2) else 2))
        drawing.write(f"The value of row {number}", 154, top + 12)
        drawing.rule(150, top, 450, top)
    drawing.rule(150, 220, 450, 220)
    for x in (150, 450):
        drawing.rule(x, 100, x, 220)
    rows = [(label, f"The value of row {number}") for number, label in enumerate(labels)]
    assert (read_rows(drawing) == rows) != merged


@pytest.mark.parametrize("labelled", [True, False])
def test_coloured_values_with_gaps_between_them_are_rows_where_each_has_a_label_of_its_own(*, labelled: bool) -> None:
    drawing = Drawing()
    text = ["A house by the river that was built for the miller of it,", "and his sons."]
    top = 100.0
    for number, cells in enumerate(([[["The mill"]]] * 2 + [[text, text]]) * 2):
        bottom = top + 10
        drawing.fill(150, top, 450, top + 18 + sum(LEADING * len(lines) + 8 for lines in cells), grey=0.9)
        for lines in cells:
            bottom = drawing.write_cell(154, bottom + 8, *lines)
        # Labels are at the bottom of their values.
        drawing.write(f"Label {number}" if labelled or number != 1 else "", 54, bottom - 4)
        top = drawing.fills[-1].bottom + 3
    found = read_rows(drawing)
    assert len(found) == 6 - (not labelled)
    texts = [value.split() for label, value in found if label in ("Label 2", "Label 5")]
    assert (texts == [" ".join(text * 2).split()] * 2) is labelled


@pytest.mark.parametrize(("size", "rows"), [(SIZE, 9), (13.0, 8)])
def test_larger_type_alone_on_a_coloured_bar_is_no_label(size: float, rows: int) -> None:
    drawing = Drawing()
    for number in range(9):
        y = 100.0 + 22 * number
        drawing.rule(50, y + 22, 450, y + 22)
        if number == 4:
            drawing.fill(50, y, 450, y + 22, grey=0.9)
            drawing.write("Second record", 54, y + 15, size=size, font=BOLD)
        else:
            drawing.write(f"Label {number}", 54, y + 15, font=BOLD)
            drawing.write(f"The value of row {number}", 154, y + 15)
    assert len(read_rows(drawing)) == rows


@pytest.mark.parametrize("more", [True, False])
def test_cells_below_a_header_row_alone_are_divided_like_white_space(*, more: bool) -> None:
    drawing = Drawing()
    top = 118.0
    drawing.write("Article", 54, 112, font=BOLD)
    drawing.write("Text", 154, 112, font=BOLD)
    for number in range(5):
        drawing.write(f"Article {number}", 54, top + 14)
        top = drawing.write_cell(154, top + 14, "A sentence that is longer than the line in which it is", "set.") - 4
        if more and number == 1:
            drawing.rule(50, top + 3, 450, top + 3)
    for y in (100, 118, top + 4):
        drawing.rule(50, y, 450, y)
    drawing.rule(150, 100, 150, top + 4)
    assert len(read_rows(drawing)) == (2 if more else 5)
