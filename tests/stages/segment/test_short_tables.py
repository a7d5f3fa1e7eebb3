"""Short tables of white space between running text: the text gives no rows."""

from __future__ import annotations

import pytest

from tests.stages.segment.building import BOLD, PLAIN, Drawing
from tests.stages.segment.test_frames import read_rows

ROWS = [("first_name", "The name that is given to the people"), ("year", "The year of the first print of the book")]


def draw_section(drawing: Drawing, top: float, number: int) -> None:
    """Draw a heading, a paragraph of two lines, a heading, a table and a heading with another paragraph."""
    drawing.write("Usage", 50, top)
    drawing.write(f"It goes on for {number} lines or so and over the whole", 66, top + 18)
    drawing.write("width of the page, as running text is wont to do", 66, top + 30)
    drawing.write("Arguments", 50, top + 50)
    for place, (label, value) in enumerate(ROWS):
        drawing.write(label, 66, top + 68 + 18 * place)
        drawing.write(value, 146, top + 68 + 18 * place)
        drawing.write("that is kept in it", 146, top + 80 + 18 * place) if place else None
    drawing.write("Value", 50, top + 116)
    drawing.write("See above.", 66, top + 134)


def test_headings_and_text_around_short_tables_are_no_rows() -> None:
    drawing = Drawing()
    for number in range(3):
        draw_section(drawing, 60 + 170.0 * number, number)
    assert [label for label, _ in read_rows(drawing)] == [label for label, _ in ROWS] * 3


def test_a_bold_label_wider_than_its_column_ends_where_plain_type_begins() -> None:
    drawing = Drawing()
    wide = "A label that is wider than its column:"
    rows = [("Name:", "Open workshop"), ("Place:", "A town on a lake"), (wide, "yes"), ("Year:", "2018"), ("Sum:", "4")]
    for number, (label, value) in enumerate(rows):
        y = 121.0 + 12 * number
        drawing.write(label, 54, y, font=BOLD)
        drawing.write(value, 250 if label == wide else 200, y)
    for x in (50, 450):
        drawing.rule(x, 100, x, 200)
    for y in (100, 200):
        drawing.rule(50, y, 450, y)
    assert read_rows(drawing) == rows


def test_labels_that_begin_with_dashes_are_rows_of_their_own() -> None:
    drawing = Drawing()
    rows = [
        ("- Odour:", "none"),
        ("- Flash point at 20 degrees", "48.7"),
        ("- Solubility", ""),
        ("in water:", "not known"),
    ]
    for number, (label, value) in enumerate([*rows, ("- Density:", "0.9"), ("- Ash:", "none"), ("- Lead:", "none")]):
        drawing.write(label, 50, 100 + 12 * number)
        drawing.write(value, 200, 100 + 12 * number)
    drawing.write("These are measured at the temperature of a room in which one would like to be", 50, 220)
    assert ("- Flash point at 20 degrees", "48.7") in read_rows(drawing)


def test_labels_set_to_the_right_begin_anywhere() -> None:
    drawing, at = Drawing(), 80.0
    groups = (("Name", "Place", "Phone"), ("Dates", "Task", "Firm") * 4, ("Other languages",))
    rows = [(label, f"{label[::-1]} of some kind") for group in groups for label in group]
    for group in groups:
        drawing.write("Heading", 50, at, size=14)
        for label in group:
            at += 20
            drawing.write(label, 160 - 5 * len(label), at)
            drawing.write(f"{label[::-1]} of some kind", 172, at)
        at += 32
    assert read_rows(drawing) == rows


def test_a_line_between_a_title_and_rows_far_below_it_is_no_label() -> None:
    drawing = Drawing()
    drawing.write("Project", 50, 60, size=16)
    drawing.write("Of the coast of today", 50, 82)
    rows = [
        ("Place", "The harbour"),
        ("Task", "Nets"),
        ("Partners", "A school, a mill and two boats"),
        ("Sum", "400"),
    ] * 3
    for number, (label, value) in enumerate(rows):
        drawing.write(label, 50, 120 + 23 * number - 2 * (number > 2))
        drawing.write(value, 190, 120 + 23 * number - 2 * (number > 2))
        drawing.rule(50, 127 + 23 * number - 2 * (number > 2), 450, 127 + 23 * number - 2 * (number > 2))
    assert read_rows(drawing) == rows


@pytest.mark.parametrize(("font", "rows"), [(BOLD, 6), (PLAIN, 0)])
def test_small_explanations_below_wide_labels_are_theirs_where_bold_answers_follow(font: int, rows: int) -> None:
    drawing = Drawing()
    for number, answer in enumerate(("Yes", "No", "A. Berg", "Green", "None", "Later")):
        drawing.write(f"What is asked in line {number}", 50, 100 + 40 * number)
        for line in (12, 21):
            drawing.write("with an explanation that is in small type and goes on", 50, 100 + 40 * number + line, size=7)
        drawing.write(answer, 330, 100 + 40 * number, font=font)
    found = read_rows(drawing)
    assert [value for _, value in found] == ["Yes", "No", "A. Berg", "Green", "None", "Later"][:rows]
    assert all(label.endswith("goes on") for label, _ in found[:-1])


def test_a_label_that_ends_far_behind_its_column_is_one_above_its_value() -> None:
    drawing = Drawing()
    rows = [("Name", "Open workshop"), ("Place", "A town on a lake"), ("Year", "2018"), ("Sum", "4"), ("Aim", "Peace")]
    for number, (label, value) in enumerate(rows):
        drawing.write(label, 50, 100 + 18 * number)
        drawing.write(value, 130, 100 + 18 * number)
    drawing.write("What the neighbours say of it and why they do", 50, 190)
    drawing.write("Nothing", 130, 202)
    drawing.write("End", 50, 220)
    drawing.write("May", 130, 220)
    assert read_rows(drawing) == [*rows, ("What the neighbours say of it and why they do", "Nothing"), ("End", "May")]


ENTRIES = (
    ("The neighbours of a river. Lyon, 2011", "with maps"),
    ("Words at table. Paris, 2015", ""),
    ("Letters of one who went between them all. Lille", "and Arras, 2009"),
    ("Quarters in motion. Geneva, 2020", ""),
    ("Sport as a language. Nantes, 2013", ""),
)


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("font", [BOLD, PLAIN])
@pytest.mark.parametrize(
    ("keys", "rows"),
    [
        (("[1]", "[2]", "[3]", "[4]", "[5]"), 0),
        (("[Ber11]", "[Dumas 2015]", "[Gar09]", "[Lam20]", "[Mar13]"), 0),
        (("(3)", "(4)", "(5)", "(6)", "(7)"), 0),
        (("3)", "4)", "5)", "6)", "7)"), 0),
        (("{a}", "{b}", "{c}", "{d}", "{e}"), 0),
        (("§ 1", "§ 2", "§ 3", "§ 4", "§ 5"), 0),
        (("Fig. 1", "Fig. 2", "Fig. 3", "Fig. 14", "Fig. 15"), 0),
        (("Step 1", "Step 2", "Step 3", "Step 4", "Step 5"), 5),
        (("1998", "2001", "2004", "2007", "2013"), 5),
        (("[1].", "[2].", "[3].", "[4].", "[5]."), 0),
        (("Lyon (1)", "Paris [2]", "Lille", "Geneva (4)", "Nantes"), 5),
        (("[Title]", "[Print]", "[Subject]", "[Binding]", "[Price]"), 5),
    ],
)
def test_keys_of_the_entries_of_a_list_are_no_labels(
    keys: tuple[str, ...], rows: int, font: int, *, whole: bool
) -> None:
    drawing, at = Drawing(), 100.0
    drawing.write_cell(50, 60, "What is read by those who come here, and by the others", "who do not")
    for key, (entry, more) in zip(keys, ENTRIES, strict=True):
        drawing.write(key, 50, at, font=font)
        at = drawing.write_cell(130, at, entry, *([more] if more and not whole else [])) + 12
    assert [label for label, _ in read_rows(drawing)] == list(keys[:rows])


@pytest.mark.parametrize("size", [8, 10])
@pytest.mark.parametrize(
    ("below", "rows"),
    [(("Aim", "Words", "Term", "Price", "End"), 5), (("§ 2", "§ 4", "§ 6", "§ 8", "§ 10"), 0), (("",) * 5, 0)],
)
def test_keys_above_words_are_the_first_lines_of_labels(below: tuple[str, ...], rows: int, size: int) -> None:
    drawing, at = Drawing(), 100.0
    drawing.write_cell(50, 60, "What is read by those who come here, and by the others", "who do not")
    keys = ("§ 1", "§ 3", "§ 5", "§ 7", "§ 9")
    for key, name, (entry, more) in zip(keys, below, ENTRIES, strict=True):
        drawing.write(key, 50, at, size=size)
        drawing.write(name, 50, at + 11, size=size)
        at = drawing.write_cell(130, at, entry, more or "and others") + 12
    assert [label for label, _ in read_rows(drawing)] == [f"{a} {b}" for a, b in zip(keys, below, strict=True)][:rows]


@pytest.mark.parametrize("ruled", [True, False])
def test_a_frame_with_a_rule_between_its_columns_alone_holds_many_rows(*, ruled: bool) -> None:
    drawing = Drawing()
    rows = [
        ("Name", "Open workshop"),
        ("Place", "A town on a lake"),
        ("Aims", "To mend what is broken and to"),
        ("Year", "2018"),
    ]
    for number, (label, value) in enumerate(rows):
        y = 121.0 + 30 * number
        drawing.write(label, 54, y)
        drawing.write(value, 154, y)
        drawing.write("teach how it is done", 154, y + 12) if label == "Aims" else None
    for x in (50, 150, 450):
        drawing.rule(x, 100, x, 250)
    # In a table whose rows edges part, a cell may hold a blank line.
    for y in (100, 160, 250) if ruled else (100, 250):
        drawing.rule(50, y, 450, y)
    labels = [label for label, _ in read_rows(drawing)]
    assert labels == (["Name\nPlace", "Aims\nYear"] if ruled else [label for label, _ in rows])


def test_many_values_of_one_word_are_rows_however_wide_the_widest_is() -> None:
    drawing = Drawing()
    labels = ("Building", "Responsible", "Owners", "Year", "Transferable", "Lake", "Fees", "Boats", "Keys", "Kinds")
    values = ("No", "Unknown", "2019", "Riga", "Yes", "Unknown", "No", "Partly", "2018", "Unknown")
    for number, (label, value) in enumerate(zip(labels, values, strict=True)):
        drawing.write(label, 50, 121.0 + 16 * number, font=BOLD)
        drawing.write(value, 150, 121.0 + 16 * number)
    drawing.write("These are the facts that are known of the house and of all those who lived in it", 50, 320)
    drawing.write("in the years before the town bought it", 50, 332)
    assert read_rows(drawing) == list(zip(labels, values, strict=True))


@pytest.mark.parametrize("title", [True, False])
def test_text_in_the_values_columns_without_any_label_is_a_rows_only_at_a_pages_top(*, title: bool) -> None:
    pages = [Drawing(number=1), Drawing(number=2)]
    for number, label in enumerate(("Name", "Place", "Owner", "Aims")):
        for page in pages:
            page.write(label, 50, 400.0 + 40 * number)
            page.write_cell(150, 400.0 + 40 * number, "The value is here and it takes much", "of the room there is")
    if title:
        pages[1].write("The house by the river and its people", 50, 60, size=16)
    for line in range(5):
        pages[1].write("and in its rooms are kept the boats of the town, which", 150, 90 + 12.0 * line)
    labels = ["Name", "Place", "Owner", "Aims"] * 2
    assert [label for label, _ in read_rows(*pages)] == labels
    assert ("boats" in read_rows(*pages)[3][1]) != title


@pytest.mark.parametrize("edges", [True, False])
def test_running_text_in_two_columns_is_no_row_nor_is_what_it_holds(*, edges: bool) -> None:
    drawing = Drawing()
    text = ("The house by the river was built by the", "miller for his sons, who sold it to the", "town that wanted it")
    for number in range(24):
        y = 100 + 12.0 * number
        if number < 4:
            drawing.write(f"What the chapter {number} is of", 50, y)
            drawing.write(f"{number}", 240, y)
        else:
            drawing.write(text[number % 3], 50, y)
        drawing.write(text[(number + (number > 2)) % 3], 260, y if number > 2 else y + 5)
        if edges:
            drawing.rule(50, y + 3, 455, y + 3)
    assert bool(read_rows(drawing)) is edges
