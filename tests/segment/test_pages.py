"""Pages → tables: by what evidence they are found, how rows are parted, and what is left out."""

from __future__ import annotations

import pytest

from pipeline.models.layout import PageLayout, Table
from pipeline.segment import segment_pages
from tests.segment.building import BOUNDARY, LEADING, LEFT, RIGHT, ROWS, Drawing, draw_table, make_source

EXPECTED = [(" ".join(label), " ".join(value)) for label, value in ROWS]


def rows_of(table: Table) -> list[tuple[str, str]]:
    return [
        (" ".join(line.text for line in row.label.lines), " ".join(line.text for line in row.value.lines))
        for row in table.rows
    ]


def segment_one(drawing: Drawing) -> PageLayout:
    (layout,) = segment_pages(make_source(drawing))
    return layout


def only_table(drawing: Drawing) -> Table:
    (table,) = segment_one(drawing).tables
    return table


# --- evidence --------------------------------------------------------------------------------------------------------


def test_a_grid_shows_a_table() -> None:
    drawing = Drawing()
    bottom = draw_table(drawing, 100, grid=True)
    table = only_table(drawing)
    assert rows_of(table) == EXPECTED
    assert (table.evidence, table.confidence, table.boundary) == ("grid", 1.0, BOUNDARY)
    assert (table.box.x0, table.box.top, table.box.x1, table.box.bottom) == (LEFT, 100, RIGHT, bottom)
    assert (table.closed_top, table.closed_bottom) == (True, True)


def test_rules_between_rows_and_white_space_between_columns_show_a_table() -> None:
    drawing = Drawing()
    draw_table(drawing, 100, lines=True)
    table = only_table(drawing)
    assert rows_of(table) == EXPECTED
    assert (table.evidence, table.confidence) == ("rules", 0.9)


def test_a_coloured_label_column_shows_a_table() -> None:
    drawing = Drawing()
    draw_table(drawing, 100, label_fill=True)
    table = only_table(drawing)
    assert rows_of(table) == EXPECTED
    assert (table.evidence, table.colour) == ("fills", (0.9, 0.9, 0.9))


def test_every_other_row_coloured_shows_a_table() -> None:
    drawing = Drawing()
    draw_table(drawing, 100, zebra=True)
    table = only_table(drawing)
    assert rows_of(table) == EXPECTED
    assert table.evidence == "fills"


def test_white_space_alone_shows_a_table_less_surely() -> None:
    drawing = Drawing()
    draw_table(drawing, 100)
    table = only_table(drawing)
    assert rows_of(table) == EXPECTED
    assert (table.evidence, table.confidence) == ("gutter", 0.6)


@pytest.mark.parametrize("padding", [0.0, 1.0, 3.0, 12.0])
def test_rows_are_parted_whatever_their_padding(padding: float) -> None:
    drawing = Drawing()
    draw_table(drawing, 100, padding=padding)
    assert rows_of(only_table(drawing)) == EXPECTED


def test_running_text_is_no_table() -> None:
    drawing = Drawing()
    text = "it was a fine morning when the workshop opened its doors to the people of the quarter and"
    for number in range(12):
        drawing.write(text[number * 3 :][:70], LEFT, 100 + LEADING * number)
    layout = segment_one(drawing)
    assert layout.tables == ()
    assert len(layout.free_lines) == 12


def test_text_in_two_columns_is_no_table() -> None:
    drawing = Drawing()
    for number in range(12):
        drawing.write("it was a fine morning when the", LEFT, 100 + LEADING * number)
        drawing.write("people of the quarter came by", 280, 100 + LEADING * number)
    assert segment_one(drawing).tables == ()


# --- around tables ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["grid", "lines", "label_fill", "none"])
def test_text_before_between_and_after_tables_is_free(kind: str) -> None:
    drawing = Drawing()
    before = "This is the text before the first of the tables, set in the full width of it"
    drawing.write(before, LEFT, 60)
    drawing.write("Heading of tables", LEFT, 85, size=14)
    drawn = {} if kind == "none" else {kind: True}
    bottom = draw_table(drawing, 100, **drawn)  # type: ignore[arg-type]
    drawing.write("Second heading here", LEFT, bottom + 30, size=14)
    bottom = draw_table(drawing, bottom + 45, **drawn)  # type: ignore[arg-type]
    after = "This is the text behind the tables, which runs on in the full width again"
    drawing.write(after, LEFT, bottom + 30)
    layout = segment_one(drawing)
    assert [rows_of(table) for table in layout.tables] == [EXPECTED, EXPECTED]
    assert [line.text for line in layout.free_lines] == [before, "Heading of tables", "Second heading here", after]


def test_a_row_that_spans_both_columns_of_a_grid_is_no_row() -> None:
    drawing = Drawing()
    bottom = draw_table(drawing, 100, grid=True)
    drawing.write("Second part of the table, over both columns", LEFT + 4, bottom + 12)
    for x in (LEFT, RIGHT):
        drawing.rule(x, bottom, x, bottom + 18)
    draw_table(drawing, bottom + 18, grid=True)
    layout = segment_one(drawing)
    assert [rows_of(table) for table in layout.tables] == [EXPECTED, EXPECTED]
    assert [line.text for line in layout.free_lines] == ["Second part of the table, over both columns"]


def test_two_tables_of_different_widths_on_one_page() -> None:
    drawing = Drawing()
    bottom = draw_table(drawing, 100)
    drawing.write("The text between both tables runs over the whole width of the page here", LEFT, bottom + 30)
    for number, (label, value) in enumerate((("One", "First"), ("Two", "Second"), ("Three", "Third"))):
        drawing.write(label, LEFT + 4, bottom + 70 + 20 * number)
        drawing.write(value, 240, bottom + 70 + 20 * number)
    first, second = segment_one(drawing).tables
    assert rows_of(first) == EXPECTED
    assert rows_of(second) == [("One", "First"), ("Two", "Second"), ("Three", "Third")]


# --- numbering columns and tables of other shapes --------------------------------------------------------------------


@pytest.mark.parametrize("grid", [True, False])
def test_a_numbering_column_belongs_to_the_label(grid: bool) -> None:
    drawing = Drawing()
    y = 100.0
    for number, (label, value) in enumerate(zip("ABCD", ("one", "two", "three", "four"), strict=True), start=1):
        drawing.write(f"{number}.", 54, y + 13)
        drawing.write(f"Label {label}", 84, y + 13)
        drawing.write(f"The value of the row is {value}, no more", 204, y + 13)
        if grid:
            drawing.rule(50, y, 450, y)
        y += 20
    if grid:
        drawing.rule(50, y, 450, y)
        for x in (50, 80, 200, 450):
            drawing.rule(x, 100, x, y)
    assert rows_of(only_table(drawing)) == [
        ("1. Label A", "The value of the row is one, no more"),
        ("2. Label B", "The value of the row is two, no more"),
        ("3. Label C", "The value of the row is three, no more"),
        ("4. Label D", "The value of the row is four, no more"),
    ]


@pytest.mark.parametrize("grid", [True, False])
def test_a_table_of_three_columns_is_left_out(grid: bool) -> None:
    drawing = Drawing()
    y = 100.0
    for cells in (("Item", "Unit", "Price"), ("Tools", "piece", "40"), ("Rent", "month", "250"), ("Other", "", "12")):
        for x, text in zip((54, 204, 354), cells, strict=True):
            if text:
                drawing.write(text, x, y + 13)
        if grid:
            drawing.rule(50, y, 450, y)
        y += 20
    if grid:
        drawing.rule(50, y, 450, y)
        for x in (50, 200, 350, 450):
            drawing.rule(x, 100, x, y)
    layout = segment_one(drawing)
    assert layout.tables == ()
    (left,) = layout.left_out
    assert (left.reason, left.columns) == ("other_table", 3)
    assert [line.text for line in left.lines] == ["Item Unit Price", "Tools piece 40", "Rent month 250", "Other 12"]


def test_figures_set_to_the_right_are_columns_too() -> None:
    drawing = Drawing()
    for number, (label, one, other) in enumerate(
        (("Growth", "3.1", "12.4"), ("Inflation", "12.2", "8.7"), ("Debt", "141.0", "9.2"), ("Output", "7.6", "16.9"))
    ):
        y = 100 + 20 * number
        drawing.write(label, 54, y)
        drawing.write(one, 300 - 5 * len(one), y)
        drawing.write(other, 400 - 5 * len(other), y)
    layout = segment_one(drawing)
    assert layout.tables == ()
    assert [(left.reason, left.columns) for left in layout.left_out] == [("other_table", 3)]


def test_a_wider_table_between_two_column_tables_is_left_out_alone() -> None:
    drawing = Drawing()
    bottom = draw_table(drawing, 100)
    y = bottom + 40
    for cells in (("Item", "Unit", "Price"), ("Tools", "piece", "40"), ("Rent", "month", "250")):
        for x, text in zip((54, 204, 354), cells, strict=True):
            drawing.write(text, x, y)
        y += 20
    draw_table(drawing, y + 40)
    layout = segment_one(drawing)
    assert [rows_of(table) for table in layout.tables] == [EXPECTED, EXPECTED]
    assert [len(left.lines) for left in layout.left_out] == [3]


# --- what is not read ------------------------------------------------------------------------------------------------


def test_concealed_and_sideways_text_is_left_out_with_its_reason() -> None:
    drawing = Drawing()
    draw_table(drawing, 100, grid=True)
    for index in drawing.write("hidden", 200, 113):
        drawing.glyphs[index] = drawing.glyphs[index]._replace(concealed="invisible")
    drawing.write("aside", 20, 400, upright=False)
    layout = segment_one(drawing)
    (table,) = layout.tables
    assert rows_of(table) == EXPECTED
    assert {left.reason: [line.text for line in left.lines] for left in layout.left_out} == {
        "concealed": ["hidden"],
        "rotated": ["aside"],
    }


def test_every_glyph_stands_in_one_place() -> None:
    drawing = Drawing()
    drawing.write("A heading", LEFT, 60, size=14)
    bottom = draw_table(drawing, 100)
    drawing.write("7", 240, 690, size=8)
    layout = segment_one(drawing)
    lines = [line for table in layout.tables for row in table.rows for line in (*row.label.lines, *row.value.lines)]
    lines += [*layout.free_lines, *layout.margin_lines]
    placed = [glyph for line in lines for glyph in line.glyphs]
    inked = {index for index, glyph in enumerate(drawing.glyphs) if glyph.text != " "}
    assert bottom < 690
    assert len(placed) == len(set(placed))
    assert inked <= set(placed)
    assert layout.glyph_count == len(inked)


# --- over pages ------------------------------------------------------------------------------------------------------


def test_a_page_with_the_tail_of_a_value_only() -> None:
    first, second = Drawing(number=1), Drawing(number=2)
    draw_table(first, 400)
    second.write_cell(BOUNDARY + 4, 60, "and they go on repairing things for each other", "all the year round")
    layouts = segment_pages(make_source(first, second))
    (table,) = layouts[1].tables
    assert rows_of(table) == [("", "and they go on repairing things for each other all the year round")]


def test_a_cell_that_no_rule_closes_goes_on() -> None:
    drawing = Drawing()
    bottom = draw_table(drawing, 100, grid=True)
    drawing.rules = [rule for rule in drawing.rules if rule.top != bottom]
    table = only_table(drawing)
    assert (table.closed_top, table.closed_bottom) == (True, False)


def test_a_page_without_glyphs_gives_an_empty_layout() -> None:
    layout = segment_one(Drawing())
    assert (layout.tables, layout.free_lines, layout.left_out, layout.glyph_count) == ((), (), (), 0)
