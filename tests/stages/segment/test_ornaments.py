"""Signs that are no text: rules set as characters, leader dots, colons between columns, stamps."""

from __future__ import annotations

import pytest

from pipeline.stages.segment.pages import segment_pages
from tests.stages.segment.building import BOUNDARY, LEADING, LEFT, Drawing, draw_table, make_source
from tests.stages.segment.test_frames import read_rows

SHORT = [("Name", "Workshop"), ("Country", "Latvia"), ("Year", "2018")]
MORE = "and more of what it is, over half of the page"


def reasons(*drawings: Drawing) -> list[str]:
    return [left.reason for layout in segment_pages(make_source(*drawings)) for left in layout.left_out]


def test_rules_set_as_characters_are_edges_and_no_text() -> None:
    drawing = Drawing()
    width = 40
    for number in range(2 * len(SHORT) + 1):
        y = 100.0 + 10 * number
        if number % 2 == 0:
            drawing.write("├" + "─" * 15 + "┼" + "─" * (width - 17) + "┤", LEFT, y)
        else:
            label, value = SHORT[number // 2]
            drawing.write("│" + label.ljust(15) + "│" + value.ljust(width - 17) + "│", LEFT, y)
    assert read_rows(drawing) == SHORT
    assert reasons(drawing) == ["ornament"]


def test_leader_dots_are_no_text() -> None:
    drawing = Drawing()
    for number, (label, value) in enumerate(SHORT):
        y = 100.0 + 36 * number
        drawing.write(label + "." * (19 - len(label)), LEFT, y)
        drawing.write(value + ", and there", BOUNDARY, y)
        drawing.write("it goes on", BOUNDARY, y + 12)
    assert read_rows(drawing) == [(label, f"{value}, and there it goes on") for label, value in SHORT]
    assert reasons(drawing) == ["ornament"]


def test_a_full_stop_before_or_behind_a_line_to_write_on_is_text() -> None:
    drawing = Drawing()
    rows = [("Next visit", "______ at h. ______"), ("Place", "at the Ann St. ________ of the town"), ("Year", "____.")]
    for number, (label, value) in enumerate(rows):
        y = 100.0 + 36 * number
        for edge in (y - 12, y + 24):
            drawing.rule(LEFT, edge, 400, edge)
        drawing.write(label, LEFT + 4, y + 8)
        drawing.write(value, BOUNDARY + 4, y + 8)
    drawing.rule(BOUNDARY, 88, BOUNDARY, 196)
    assert [value for _, value in read_rows(drawing)] == ["at h.", "at the Ann St. of the town", "."]


def test_each_row_with_a_leader_is_one_however_near_they_are() -> None:
    drawing = Drawing()
    rows = [("Weight with feet", "2.8 kg"), ("Batteries", "two, for ninety hours"), ("Warranty", "three years")]
    for number, (label, value) in enumerate(rows):
        drawing.write(label + "." * (24 - len(label)), LEFT, 100.0 + 12 * number)
        drawing.write(value, BOUNDARY + 30, 100.0 + 12 * number)
    drawing.write("and more", BOUNDARY + 30, 136)
    drawing.write(MORE + MORE, LEFT, 200)
    assert read_rows(drawing) == [*rows[:2], ("Warranty", "three years\nand more")]


@pytest.mark.parametrize("behind", [" 7", ""])
def test_dots_before_page_numbers_and_blanks_to_be_filled_in_are_left(behind: str) -> None:
    drawing = Drawing()
    for number, (label, _) in enumerate(SHORT):
        drawing.write(label + " " + "." * 40 + behind, LEFT, 100.0 + 14 * number)
    (layout,) = segment_pages(make_source(drawing))
    assert layout.left_out == ()
    assert all("....." in line.text for line in layout.free_lines)


def draw_colons(drawing: Drawing, x: float) -> None:
    for number, (label, value) in enumerate([*SHORT, ("Place and country", "A town on a lake")]):
        y = 100.0 + 30 * number
        drawing.write(label, LEFT, y)
        drawing.write(":", x, y)
        drawing.write(value, x + 20, y)
        drawing.write("of it", LEFT, y + 12)
        drawing.write(MORE, x + 20, y + 12)


def test_a_colon_in_a_column_of_its_own_belongs_to_neither_cell() -> None:
    drawing = Drawing()
    draw_colons(drawing, 140)
    assert read_rows(drawing)[0] == ("Name\nof it", f"Workshop\n{MORE}")
    assert read_rows(drawing)[-1][0].replace("\n", " ") == "Place and country of it"
    assert reasons(drawing) == ["ornament"]


def test_colons_behind_labels_stay() -> None:
    drawing = Drawing()
    for number, (label, value) in enumerate(SHORT):
        y = 100.0 + 30 * number
        drawing.write(label + ":", BOUNDARY - 10 - 5 * (len(label) + 1), y)
        drawing.write(value, BOUNDARY, y)
        drawing.write(MORE, BOUNDARY, y + 12)
    assert [label for label, _ in read_rows(drawing)] == ["Name:", "Country:", "Year:"]


def test_large_letters_on_the_text_of_cells_are_a_stamp() -> None:
    plain, stamped = Drawing(), Drawing()
    for drawing in (plain, stamped):
        draw_table(drawing, 100, grid=True)
    stamped.write("SAMPLE", 120, 134, size=24)
    assert read_rows(stamped) == read_rows(plain)
    assert (reasons(plain), reasons(stamped)) == ([], ["stamp"])


def write_aslant(drawing: Drawing, text: str, x: float, y: float, size: float, down: float = -0.7) -> None:
    """Write a word whose letters go across and down (up where negative), as the boxes around them."""
    for number, letter in enumerate(text):
        drawing.write(letter, x + 0.7 * size * number, y + down * size * number, size=size, upright=False)


@pytest.mark.parametrize("down", [-0.7, 0.7, 0.1])
@pytest.mark.parametrize("text", ["DRAFT", "COPY"])
def test_large_letters_aslant_behind_the_text_are_a_watermark(text: str, down: float) -> None:
    plain, marked = Drawing(), Drawing()
    write_aslant(marked, text, 100, 150, 40, down)
    for drawing in (plain, marked):
        draw_table(drawing, 100, grid=True)
    assert read_rows(marked) == read_rows(plain)
    assert reasons(marked) == ["stamp"]


@pytest.mark.parametrize("grid", [True, False])
def test_a_watermark_runs_over_an_edge_or_over_text(grid: bool) -> None:
    drawing = Drawing()
    write_aslant(drawing, "DRAFT", 160, 160, 30, -0.3)
    draw_table(drawing, 100, grid=grid)
    assert reasons(drawing) == ["stamp"]


@pytest.mark.parametrize(
    ("text", "size", "place", "down"),
    [("aside", 10, (100, 150), -0.7), ("ASIDE", 30, (60, 660), -0.7), ("ASIDE", 30, (160, 160), 0.0)],
    ids=["small", "over nothing", "across the page"],
)
def test_what_stands_aslant_and_is_no_watermark(
    text: str, size: float, place: tuple[float, float], down: float
) -> None:
    drawing = Drawing()
    draw_table(drawing, 100, grid=True)
    write_aslant(drawing, text, *place, size, down)
    assert reasons(drawing) == ["rotated"]


def test_what_the_file_calls_a_stamp_is_in_no_cell() -> None:
    drawing = Drawing()
    draw_table(drawing, 100, grid=True)
    plain = read_rows(drawing)
    ids = drawing.write("Seen 3 May", 170, 135)
    drawing.glyphs[ids[0] :] = [glyph._replace(source="stamp") for glyph in drawing.glyphs[ids[0] :]]
    assert read_rows(drawing) == plain
    assert reasons(drawing) == ["stamp"]


def test_a_heading_in_large_type_is_no_stamp() -> None:
    drawing = Drawing()
    drawing.write("SAMPLE", 120, 90, size=24)
    draw_table(drawing, 100, grid=True)
    assert reasons(drawing) == []


@pytest.mark.parametrize("above", [0, 5])
def test_an_initial_over_two_lines_begins_the_first_of_them(above: float) -> None:
    drawing = Drawing()
    rows = (
        (("Name",), ("Workshop",)),
        (("About", "it"), ()),
        (("Year",), ("2018",)),
    )
    draw_table(drawing, 100, grid=True, rows=rows)
    drawing.write("O", 154, 145 - above, size=26)
    drawing.write_cell(168, 133, "ne who mends what is broken, and all", "of the neighbours")
    assert [value for _, value in read_rows(drawing)] == [
        "Workshop",
        "One who mends what is broken, and all\nof the neighbours",
        "2018",
    ]


def test_colons_of_one_table_do_not_mark_the_rows_of_another_on_its_page() -> None:
    drawing = Drawing()
    for number, label in enumerate(("Aims", "Means", "Place", "Team", "Time")):
        drawing.write(label, 50, 100 + 2 * LEADING * number)
        drawing.write(":", 130, 100 + 2 * LEADING * number)
        drawing.write("Workshop", 150, 100 + 2 * LEADING * number)
    drawing.write("What follows was written by those who have been there for a long time.", 50, 300)
    for number, label in enumerate(("Costs", "Funds", "Gifts", "Hosts", "Rooms")):
        drawing.write(label, 50, 400 + 2 * LEADING * number)
        drawing.write("Nothing of it was for the people", 200, 400 + 2 * LEADING * number)
    (layout,) = segment_pages(make_source(drawing))
    assert [len(table.rows) for table in layout.tables] == [5, 5]
    assert [table.rest for table in layout.tables] == [False, False]
