"""Values on the line below their labels where edges show the rows: to the right of them, or below them in boxes.

Prose below headings, in boxes or between rules, is none.
"""

from __future__ import annotations

import pytest

from tests.stages.segment.building import BOLD, LEADING, PLAIN, SIZE, Drawing
from tests.stages.segment.test_frames import read_rows

Rows = tuple[tuple[str, tuple[str, ...]], ...]
ROWS: Rows = (
    ("Title", ("A walk along the old channel",)),
    ("Who may come", ("Classes and their teachers",)),
    ("Length", ("Two hours and a half, of which half an", "hour is for a rest at the tower")),
    ("Price", ("3 euros",)),
)
SENTENCE = ("It is told in a sentence that runs on over", "a line, and in one more.")
PROSE: Rows = tuple((label, SENTENCE) for label, _ in ROWS)


def joined(rows: Rows) -> list[tuple[str, str]]:
    return [(label, " ".join(value)) for label, value in rows]


def read(*drawings: Drawing) -> list[tuple[str, str]]:
    return [(label.replace("\n", " "), value.replace("\n", " ")) for label, value in read_rows(*drawings)]


def draw_steps(rows: Rows, *, left: float = 50, ruled: bool = True) -> Drawing:
    """Draw values that begin a line below their labels, behind these, with rules between rows, after a heading."""
    drawing = Drawing()
    drawing.write("A good example", 50, 80, size=15)
    at = 100.0
    for label, value in rows:
        drawing.write(label, left, at, font=BOLD)
        at = drawing.write_cell(160, at + LEADING, *value)
        if ruled:
            drawing.rule(50, at - 6, 450, at - 6)
        at += 8
    return drawing


def test_values_a_line_below_their_labels_and_behind_them_are_rows_between_rules() -> None:
    assert read(draw_steps(ROWS)) == joined(ROWS)
    assert read(draw_steps(ROWS, ruled=False)) == []


def test_text_that_begins_below_a_heading_between_rules_is_no_row() -> None:
    assert read(draw_steps(ROWS, left=120)) == []


def draw_boxes(
    rows: Rows,
    *,
    font: int = BOLD,
    size: float = SIZE,
    sign: str = "",
    gap: float = 6,
    sides: bool = True,
    number: int = 1,
) -> Drawing:
    """Draw boxes one below the other, each with a label above its value, or a value alone."""
    drawing = Drawing(number=number)
    if number == 1:
        drawing.write("What we ask of you", 50, 60, size=15)
    at = 80.0
    for label, value in rows:
        bottom = at + 10 + LEADING * (bool(label) + len(value))
        for y in (at, bottom):
            drawing.rule(50, y, 450, y)
        for x in (50, 450) if sides else ():
            drawing.rule(x, at, x, bottom)
        if label:
            drawing.write(label + sign, 56, at + 14, font=font, size=size)
        drawing.write_cell(56, at + 14 + LEADING * bool(label), *value)
        at = bottom + gap
    return drawing


@pytest.mark.parametrize("gap", [0, 6])
@pytest.mark.parametrize(
    ("font", "size", "sign", "upper"),
    [(BOLD, SIZE, "", False), (PLAIN, 8, "", False), (PLAIN, SIZE, ":", False), (PLAIN, SIZE, "", True)],
)
def test_boxes_with_a_label_above_its_value_are_rows(font: int, size: float, sign: str, upper: bool, gap: int) -> None:
    rows = tuple((label.upper() if upper else label, value) for label, value in ROWS)
    found = read(draw_boxes(rows, font=font, size=size, sign=sign, gap=gap))
    assert found == [(label + sign, value) for label, value in joined(rows)]


@pytest.mark.parametrize(("font", "sides", "rows"), [(PLAIN, True, ROWS), (BOLD, False, ROWS), (BOLD, True, PROSE)])
def test_text_in_boxes_and_between_rules_is_no_row(font: int, sides: bool, rows: Rows) -> None:
    assert read(draw_boxes(rows, font=font, sides=sides)) == []


def test_few_boxes_and_those_with_long_text_are_no_rows() -> None:
    assert read(draw_boxes(ROWS[:2])) == []
    assert read(draw_boxes(tuple((label, ("A line of some text",) * 6) for label, _ in ROWS))) == []


def test_boxes_may_have_no_value_and_go_on_over_a_page_break() -> None:
    begun = (*ROWS[:3], ("Month", ()), ROWS[3], ("Aims", ("To see the old places and the", "people who were")))
    pages = draw_boxes(begun), draw_boxes((("", ("known for them",)), ("Guide", ("A. Berg",))), number=2)
    whole = ("Aims", ("To see the old places and the", "people who were", "known for them"))
    assert read(*pages) == joined((*begun[:-1], whole, ("Guide", ("A. Berg",))))


AMOUNTS = ("1 250 000 euros", "950 euros", "24", "12 300 euros", "1", "2 750 euros")


@pytest.mark.parametrize("drawn", [True, False])
def test_values_set_to_the_right_are_rows_between_rules_however_wide_the_labels_column_is(*, drawn: bool) -> None:
    drawing = Drawing()
    drawing.write("This is what was paid for the house and for all that is in it, by those who built it", 50, 80)
    for number, value in enumerate(AMOUNTS):
        drawing.write(f"What was paid for part {number}", 54, 115.0 + 20 * number)
        drawing.write(value, 400 - len(value) * SIZE / 2, 115.0 + 20 * number)
    for y in range(100, 240, 20):
        drawing.rule(50, y, 404 if drawn else 200, y)
    rows = [(f"What was paid for part {number}", value) for number, value in enumerate(AMOUNTS)]
    assert read_rows(drawing) == (rows if drawn else [])
