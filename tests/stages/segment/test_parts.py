"""Tables next to each other, and two pages on one sheet: each part is read by itself, one after the other."""

from __future__ import annotations

import pytest

from tests.stages.segment.building import BOLD, LEADING, PLAIN, Drawing
from tests.stages.segment.test_frames import read_rows

PLACES = (
    (
        ("Name", "Mill"),
        ("Place", "Low Street"),
        ("Open", "Daily but in\nthe month of May"),
        ("Fee", "None"),
        ("Dogs", "Yes"),
    ),
    (
        ("Name", "Ferry"),
        ("Place", "At the pier,\nbehind nets"),
        ("Open", "Until dusk, also\non holidays"),
        ("Fee", "A shilling"),
        ("Dogs", "No"),
    ),
    (
        ("Name", "Forge"),
        ("Place", "Behind the inn"),
        ("Open", "On market days\nand Sundays"),
        ("Fee", "None"),
        ("Dogs", "Yes"),
    ),
)
LEFT, WIDTH, START = 40.0, 150.0, 45.0


def draw(*, font: int, level: bool, title: bool) -> Drawing:
    """Draw three tables next to each other; `level` sets all rows at the same heights, `title` a line over all."""
    drawing = Drawing()
    if title:
        drawing.write("All the places that we know of, what they cost and when they open", LEFT, 60, size=13)
    for number, place in enumerate(PLACES):
        left, at = LEFT + WIDTH * number, 110.0
        drawing.write(f"{number + 1}.", left, 90, size=14)
        for label, value in place:
            drawing.write(label, left, at, font=font)
            below = drawing.write_cell(left + START, at, *value.split("\n"))
            at = at + 32 if level else below + 7
    return drawing


def _read(drawing: Drawing) -> list[tuple[str, str]]:
    return [(label, value.replace("\n", " ")) for label, value in read_rows(drawing)]


@pytest.mark.parametrize("title", [True, False])
@pytest.mark.parametrize("level", [True, False])
@pytest.mark.parametrize("font", [PLAIN, BOLD])
def test_tables_next_to_each_other_are_read_one_after_the_other(*, font: int, level: bool, title: bool) -> None:
    assert _read(draw(font=font, level=level, title=title)) == [
        (label, value.replace("\n", " ")) for place in PLACES for label, value in place
    ]


def test_labels_and_values_that_alternate_are_pairs() -> None:
    drawing = Drawing()
    pairs = [(f"{label} of {place[0][1]}", value) for place in PLACES for label, value in place[1:]]
    for number, (label, value) in enumerate(pairs):
        left, at = 40 + 220 * (number % 2), 100 + 28 * (number // 2)
        drawing.write(label, left, at, font=BOLD)
        drawing.write_cell(left + 80, at, *value.split("\n"))
    assert _read(drawing) == [(label, value.replace("\n", " ")) for label, value in (*pairs[::2], *pairs[1::2])]


@pytest.mark.parametrize("same", [True, False])
def test_cards_whose_labels_recur_on_a_page_are_parts_of_it_where_both_columns_have_the_same(*, same: bool) -> None:
    drawing = Drawing()
    for column in range(2):
        for number in range(4):
            x, top = 40 + 220 * column, 90 + 140 * number
            drawing.write(f"House {number} of street {column}", x, top, size=13)
            for row, label in enumerate(("Built", "Owner", "Floors", "Key") if same or not column else ("Yes", "No")):
                drawing.write(label, x + 6, top + 20 + 18 * row, font=BOLD)
                drawing.write(f"{chr(97 + 4 * number + row)} in {column}", x + 80, top + 20 + 18 * row)
    found = [label for label, _ in _read(drawing)]
    assert (found == ["Built", "Owner", "Floors", "Key"] * 8) == same


def test_the_columns_of_one_table_are_no_pairs() -> None:
    drawing = Drawing()
    for number, heading in enumerate(("Place", "Adults", "Children", "Groups")):
        drawing.write(heading, 40 + 110 * number, 100, font=BOLD)
    for row, (place, *_) in enumerate(PLACES * 2):
        drawing.write(place[1], 40, 120 + 20 * row, font=BOLD)
        for number in range(3):
            drawing.write(f"{row + 2 * number} shillings", 150 + 110 * number, 120 + 20 * row)
    assert read_rows(drawing) == []


def test_columns_inside_a_value_divide_no_page() -> None:
    drawing, at = Drawing(), 100.0
    for label, value in PLACES[0]:
        drawing.rule(40, at - 14, 480, at - 14)
        drawing.write(label, 44, at, font=BOLD)
        at = drawing.write_cell(
            120, at, *value.split("\n"), "and a line that is as long as the column of values is wide"
        )
        at += 16
    days = (("Monday", "Friday"), ("Tuesday", "Saturday"), ("Thursday", "Sunday"))
    drawing.rule(40, at - 14, 480, at - 14)
    drawing.write("Hours", 44, at, font=BOLD)
    for day, names in enumerate(days):
        for number, name in enumerate(names):
            drawing.write(name, 125 + 170 * number, at + LEADING * day, font=BOLD)
            drawing.write(f"{day + 8} to {number + 16}", 200 + 170 * number, at + LEADING * day)
    bottom = at + 2 * LEADING + 4
    drawing.rule(40, bottom, 480, bottom)
    for x in (40, 116, 480):
        drawing.rule(x, 86, x, bottom)
    rows = dict(read_rows(drawing))
    assert [*rows] == [*(label for label, _ in PLACES[0]), "Hours"]
    assert all(name in rows["Hours"] for names in days for name in names)


@pytest.mark.parametrize("grades", [("high", "low", "fair"), ("A", "B", "C", "D", "E", "F", "G", "H", "I", "J")])
@pytest.mark.parametrize("header", [True, False])
def test_bold_columns_of_one_table_are_no_pairs(grades: tuple[str, ...], *, header: bool) -> None:
    drawing = Drawing()
    starts = (40, 150, 300, 360)
    for x, heading in zip(starts, ("Risk", "Cause", "Grade", "Measure"), strict=True) if header else ():
        drawing.write(heading, x, 100, font=BOLD)
    for row in range(10):
        texts = (f"Item {row}", f"because of {row}", f"{grades[row % len(grades)]}", f"do a thing {row}")
        for number, (x, text) in enumerate(zip(starts, texts, strict=True)):
            drawing.write(text, x, 120 + 20 * row, font=PLAIN if number % 2 else BOLD)
    # Without a header, and with each label once, it is set as a form's pairs are.
    assert bool(read_rows(drawing)) == (not header and len(grades) == 10)


def draw_sheets(*, by_part: bool) -> list[Drawing]:
    """Draw two sheets of two pages each; a row runs from each left one to the right one, or to the next left one."""
    sheets = [Drawing(number=1), Drawing(number=2)]
    places = [(sheets[0], 40.0), (sheets[0], 270.0), (sheets[1], 40.0), (sheets[1], 270.0)]
    if by_part:
        places[1:3] = places[2], places[1]
    for place, (sheet, left) in enumerate(places):
        at = 60.0
        for number in range(6):
            begins, ends = place % 2 and number == 0, place % 2 == 0 and number == 5
            label = "" if begins else f"Label {place}{number}"
            top, bottom = at, at + 2 * LEADING
            sheet.write(label, left + 4, at + 14, font=BOLD)
            sheet.write("and more" if begins else f"Value {place}{number}", left + 74, at + 14)
            for y in ([] if begins else [top]) + ([] if ends else [bottom]):
                sheet.rule(left, y, left + 190, y)
            for x in (left, left + 70, left + 190):
                sheet.rule(x, top, x, bottom)
            at = bottom
    return sheets


@pytest.mark.parametrize("by_part", [True, False])
def test_rows_go_on_in_the_part_whose_table_is_open(*, by_part: bool) -> None:
    found = read_rows(*draw_sheets(by_part=by_part))
    assert [value.split() for label, value in found if label in ("Label 05", "Label 25")] == [
        ["Value", f"{place}5", "and", "more"] for place in (0, 2)
    ]
    assert len(found) == 2 * (6 + 5)


@pytest.mark.parametrize("ends", [True, False])
def test_a_rest_alone_on_a_sheet_is_in_the_columns_that_tables_have_on_divided_ones(*, ends: bool) -> None:
    sheets = [*draw_sheets(by_part=False), Drawing(number=3)]
    for x in (40, 110, 230):
        sheets[2].rule(x, 60, x, 90)
    for y in (60, 90):
        sheets[2].rule(40, y, 230, y)
    sheets[2].write("and what is left of it", 114 if ends else 44, 74)
    found = read_rows(*sheets)
    assert (found[-1] == ("Label 35", "Value 35\nand what is left of it")) is ends


PROSE = (
    "The house by the river was built for",
    "the miller and his sons, who sold it to",
    "the town when the river was moved to",
    "its new bed. Since then it has been a",
    "school, a bakery and a place in which",
    "the boats of the town are kept in the",
    "winter, and whoever wants to see them",
    "may ask for the key.",
)
FACTS = (("Built", "1840"), ("Owner", "The town"), ("Boats", "Eleven"), ("Key", "At the inn"))


@pytest.mark.parametrize("left", [True, False])
@pytest.mark.parametrize(
    ("drawn", "stretched"),
    [
        *((drawn, stretched) for drawn in ("frame", "fill", "rules below") for stretched in (True, False)),
        ("rules above", False),
    ],
)
def test_rows_in_a_box_next_to_running_text_are_read_by_themselves(drawn: str, *, left: bool, stretched: bool) -> None:
    drawing = Drawing()
    drawing.write("The house by the river, and all that is known of those who lived in it", 40, 60)
    x0, x = (40.0, 270.0) if left else (260.0, 40.0)
    for number, text in enumerate(PROSE):
        words = text.split()[:5] if stretched else [text]
        space, at = (205 - 5 * len("".join(words))) / max(len(words) - 1, 1), x
        for word in words:
            drawing.write(word, at, 100 + LEADING * number)
            at += 5 * len(word) + space
    for number, (label, value) in enumerate(FACTS):
        at = 110 + 21.0 * number
        drawing.write(label, x0 + 6, at, font=BOLD)
        drawing.write(value, x0 + 60, at)
        if "rules" in drawn:
            y = at + 7 if drawn == "rules below" else at - 14
            drawing.rule(x0, y, x0 + 200, y)
    if drawn == "fill":
        drawing.fill(x0, 90, x0 + 200, 190)
    elif drawn == "frame":
        for y in (90, 190):
            drawing.rule(x0, y, x0 + 200, y)
        for side in (x0, x0 + 200):
            drawing.rule(side, 90, side, 190)
    assert _read(drawing) == list(FACTS)


@pytest.mark.parametrize("drawn", [True, False])
@pytest.mark.parametrize(("size", "apart"), [(6.0, True), (9.0, True), (10.0, False)])
@pytest.mark.parametrize("text", ["5", "see above"])
def test_smaller_text_in_a_pages_margin_is_in_no_row(text: str, size: float, *, apart: bool, drawn: bool) -> None:
    pages = [Drawing(number=1), Drawing(number=2)]
    for page, rows in zip(pages, (FACTS, FACTS[::-1]), strict=True):
        for number, (label, value) in enumerate(rows):
            at = 100 + 40.0 * number
            page.write(label, 90, at, font=BOLD)
            page.write_cell(170, at, f"{value} as far as it is known to those", "who have been there and have seen it")
            page.write(text, 30, at + (LEADING if number % 2 else 0), size=size)
            if drawn:
                page.rule(90, at - 14, 360, at - 14)
    rest = "as far as it is known to those who have been there and have seen it"
    found = [(label, value.replace("\n", " ")) for label, value in read_rows(*pages)]
    assert (found == [(label, f"{value} {rest}") for label, value in (*FACTS, *FACTS[::-1])]) == apart


def test_smaller_labels_left_of_all_other_text_are_labels() -> None:
    drawing = Drawing()
    for number, (label, value) in enumerate(FACTS):
        drawing.write(label, 90, 100 + 28.0 * number, size=8)
        drawing.write_cell(170, 100 + 28.0 * number, f"{value} as far as it is known to those", "who have seen it")
    assert [label for label, _ in read_rows(drawing)] == [label for label, _ in FACTS]


@pytest.mark.parametrize("sides", [True, False])
def test_rows_next_to_a_cell_over_all_of_them_are_in_its_table(*, sides: bool) -> None:
    drawing = Drawing()
    for y in (90.0, 200.0):
        drawing.rule(36, y, 460, y)
    for x in (36.0, 250.0, 460.0) if sides else ():
        drawing.rule(x, 90, x, 200)
    for number, text in enumerate(PROSE):
        drawing.write(text, 40, 104 + LEADING * number)
    for number, (label, value) in enumerate(FACTS):
        drawing.write(label, 256, 108 + 27 * number)
        drawing.write(value, 330, 108 + 27 * number)
        if number < len(FACTS) - 1:
            drawing.rule(250, 117 + 27 * number, 460, 117 + 27 * number)
    assert not set(FACTS) & set(_read(drawing))


@pytest.mark.parametrize("font", [PLAIN, BOLD])
@pytest.mark.parametrize("right", [True, False])
@pytest.mark.parametrize("level", [True, False])
def test_tables_in_plain_type_are_parts_of_a_page_where_their_rows_are_not_level(
    *, level: bool, right: bool, font: int
) -> None:
    drawing, found = Drawing(), list[tuple[str, str]]()
    drawing.write("Words that are used in this book, and what is meant by them, in two columns", 50, 60)
    for left in (50, 270):
        at = 100.0 if level or left == 50 else 106.0
        for number in range(9):
            label = f"Word {left + number}{'x' * (number % 4)}"
            lines = ["What is meant by it, and", "where it is used"][: 1 + number % 2]
            drawing.write(label, left + 70 - len(label) * 5 if right else left, at, font=font)
            at = drawing.write_cell(left + 80, at, *lines) + 8
            found.append((label, " ".join(lines)))
    rows = [(label, value.replace("\n", " ")) for label, value in read_rows(drawing)]
    assert (rows == found) is (font == BOLD or not level)


def test_text_behind_a_divided_page_reaches_as_far_as_that_of_whole_pages() -> None:
    """The lines of the short values are broken far before the running text's end: they are no full ones."""
    cards = Drawing()
    card = ("Name", "Mill"), ("Place", "Low St"), ("Open", "Daily but\nin May"), ("Fee", "None"), ("Dogs", "Yes")
    for x in (40, 160):
        at = 110.0
        for label, value in card:
            cards.write(label, x, at, font=BOLD)
            at = cards.write_cell(x + 50, at, *value.split("\n"))
    whole = Drawing(number=2)
    rows = ("of the town", "river people may of"), ("", "of Fisher land and"), ("", "in old net mill Fisher")
    for number, (label, value) in enumerate((*rows, ("Eels Fisher June", "land people of"))):
        whole.write(label, 40, 100 + 13 * number, font=BOLD)
        whole.write(value, 140, 100 + 13 * number)
    whole.write("Running text goes on and on to the right, and is as wide as the page that it is", 40, 192)
    assert read_rows(cards, whole)[-2:] == [
        ("of the town", "river people may of of Fisher land and in old net mill Fisher"),
        ("Eels Fisher June", "land people of"),
    ]
