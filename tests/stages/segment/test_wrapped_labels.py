"""Labels of several lines whose later lines begin farther to the left, below a picture."""

from __future__ import annotations

import pytest

from tests.stages.segment.building import BOLD, LEADING, PLAIN, Drawing
from tests.stages.segment.test_frames import read_rows

ROWS = (
    (("Mill",), ("Of stone, two floors, with a wheel", "that still turns")),
    (("What it", "was before it", "became one"), ("A forge",)),
    (("Owner",), ("The parish",)),
    (("Who may", "come in and", "look round it"), ("Everybody; dogs too, if", "they are led")),
    (("Fee",), ("None",)),
)


def draw(*, font: int, number: int = 1) -> Drawing:
    """Draw rows whose labels are set around pictures that are two lines high."""
    drawing = Drawing(number=number)
    at = 100.0
    for label, value in ROWS:
        for number, text in enumerate(label):
            drawing.write(text, 72 if number < 2 else 50, at + LEADING * number, font=font)
        drawing.write_cell(160, at, *value)
        at += LEADING * max(len(label), len(value)) + 10
    return drawing


def test_a_bold_labels_next_line_may_begin_before_the_others() -> None:
    found = [(label.replace("\n", " "), value.replace("\n", " ")) for label, value in read_rows(draw(font=BOLD))]
    assert found == [(" ".join(label), " ".join(value)) for label, value in ROWS]


@pytest.mark.parametrize("font", [BOLD, PLAIN])
def test_a_bold_labels_next_line_may_begin_a_page_before_the_others(font: int) -> None:
    pages = [draw(font=font), draw(font=font, number=2)]
    for text, x, page, at in (("Who may", 72, 0, 660), ("come in and", 72, 0, 672), ("look round it", 50, 1, 78)):
        pages[page].write(text, x, at, font=font)
    pages[0].write("Everybody", 160, 660)
    label, value = read_rows(*pages)[len(ROWS)]
    assert (label.split()[-1], value) == ("it" if font == BOLD else "and", "Everybody")


def test_a_plain_line_that_begins_before_the_labels_is_no_label() -> None:
    assert "became one" not in " ".join(label for label, _ in read_rows(draw(font=PLAIN)))
