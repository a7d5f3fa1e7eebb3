"""Bold labels that hang before their values: behind one wider than the column, its value is on the same line."""

from __future__ import annotations

import pytest

from tests.stages.segment.building import BOLD, LEADING, SIZE, Drawing
from tests.stages.segment.test_frames import read_rows

ROWS = (
    ("Village", "Upper Saltings on the lake", ""),
    ("Who looks after the mill", "The parish, and those who have", "their corn ground there, in turns"),
    ("Open", "Daily, but not in the month of May", ""),
    ("Fee", "None for those who bring corn, a", "shilling for all others"),
    ("For whom it may be of use", "Everybody who has an hour", "to spare, even when it rains"),
    ("Dogs", "On a lead", ""),
)


def draw(gap: float) -> Drawing:
    """Draw the rows; `gap` is the white space behind a label that is wider than its column, points."""
    drawing = Drawing()
    at = 100.0
    for label, value, more in ROWS:
        drawing.write(label, 50, at, font=BOLD)
        drawing.write(value, max(153.0, 50 + len(label) * SIZE / 2 + gap), at)
        drawing.write(more, 153, at + LEADING)
        at += (2 if more else 1) * LEADING + 6
    return drawing


@pytest.mark.parametrize("gap", [4.0, 12.0, 40.0])
def test_a_label_wider_than_its_column_has_its_value_behind_it(gap: float) -> None:
    assert [(label, value.replace("\n", " ")) for label, value in read_rows(draw(gap))] == [
        (label, f"{value} {more}".strip()) for label, value, more in ROWS
    ]


def test_text_that_begins_bold_below_a_table_is_no_row() -> None:
    drawing = draw(12.0)
    drawing.write("Nothing of this", 50, 330, font=BOLD)
    drawing.write("is true, and no mill stands on that lake, nor did one ever", 128, 330)
    drawing.write("stand there; the parish has been told so twice by now, in writing.", 50, 330 + LEADING)
    drawing.write("It will be told a third time, and then no more, as we have heard.", 50, 330 + 2 * LEADING)
    assert [label for label, _ in read_rows(drawing)] == [label for label, *_ in ROWS]


@pytest.mark.parametrize(("word", "row"), [("Note.", False), ("What one should note in it", True)])
def test_a_bold_word_that_leaves_white_space_before_the_values_begins_text_that_runs_over_it(
    word: str, *, row: bool
) -> None:
    drawing = draw(12.0)
    drawing.write(word, 50, 244, font=BOLD)
    drawing.write("The mill stands on the lake, and it did so when the", 55 + len(word) * SIZE / 2, 244)
    assert [label for label, _ in read_rows(drawing)] == [label for label, *_ in ROWS] + [word] * row
