"""Labels above their values, which are indented: rows, where they follow one another and recur; headings are none."""

from __future__ import annotations

import pytest

from tests.stages.segment.building import BOLD, LEADING, Drawing
from tests.stages.segment.test_frames import read_rows

ROWS = (
    ("Title", ("A walk along the old channel",)),
    ("Who may come along with us", ("Classes and their teachers",)),
    ("Length", ("Two hours and a half, of which half an", "hour is for a rest at the tower")),
    ("What is to be brought", ("Shoes and a bottle",)),
    ("Price", ("3 euros",)),
)
AGAIN = tuple((label, tuple(f"{line} of others" for line in value)) for label, value in ROWS)
PROSE = "Text that runs over the whole width of the page and on"


def draw(rows: tuple[tuple[str, tuple[str, ...]], ...], *, pause: float, after: int = 0, number: str = "") -> Drawing:
    """Draw labels with their values, each with some lines of text behind it."""
    drawing = Drawing()
    at = 100.0
    for label, value in rows:
        drawing.write(number + label, 50, at, font=BOLD)
        drawing.write_cell(68, at + LEADING, *value)
        at += LEADING * (1 + len(value))
        if after:
            drawing.write_cell(50, at, *[PROSE] * after)
        at += LEADING * after + pause
    return drawing


@pytest.mark.parametrize("pause", [0.0, 4.0, 12.0])
def test_each_label_begins_a_row_at_any_distance(pause: float) -> None:
    found = [(label, value.replace("\n", " ")) for label, value in read_rows(draw(ROWS + AGAIN, pause=pause))]
    assert found == [(label, " ".join(value)) for label, value in ROWS + AGAIN]


@pytest.mark.parametrize("pause", [0.0, 4.0, 12.0])
def test_where_no_label_recurs_they_may_be_entries_or_text_with_quotations(pause: float) -> None:
    assert read_rows(draw(ROWS, pause=pause)) == []


def test_headings_above_an_indented_first_line_are_no_labels() -> None:
    assert read_rows(draw(ROWS + AGAIN, pause=6, after=2)) == []


def test_headings_above_long_text_are_no_labels() -> None:
    assert (
        read_rows(
            draw(tuple((label, (f"{PROSE} {n}", *[PROSE] * 6)) for n, (label, _) in enumerate(ROWS + AGAIN)), pause=6)
        )
        == []
    )


@pytest.mark.parametrize(("number", "sign"), [("1 ", ""), ("", "- ")])
def test_clauses_and_lists_below_headings_are_no_rows(number: str, sign: str) -> None:
    rows = tuple(
        (label, (f"{sign}Classes and teacher {n}", sign + "Guests")) for n, (label, _) in enumerate(ROWS + AGAIN)
    )
    assert read_rows(draw(rows, pause=6, number=number)) == []
