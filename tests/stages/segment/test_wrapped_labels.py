"""Labels of several lines whose later lines begin farther to the left, below a picture."""

from __future__ import annotations

from tests.stages.segment.building import BOLD, LEADING, PLAIN, Drawing
from tests.stages.segment.test_frames import read_rows

ROWS = (
    (("Mill",), ("Of stone, two floors, with a wheel", "that still turns")),
    (("What it", "was before it", "became one"), ("A forge",)),
    (("Owner",), ("The parish",)),
    (("Who may", "come in and", "look round it"), ("Everybody; dogs too, if", "they are led")),
    (("Fee",), ("None",)),
)


def draw(*, font: int) -> Drawing:
    """Draw rows whose labels are set around pictures that are two lines high."""
    drawing = Drawing()
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


def test_a_plain_line_that_begins_before_the_labels_is_no_label() -> None:
    assert "became one" not in " ".join(label for label, _ in read_rows(draw(font=PLAIN)))
