"""Leadings of labels and values: in nearly one size of type, each column still shows its own."""

from __future__ import annotations

from tests.stages.segment.building import Drawing
from tests.stages.segment.test_frames import read_rows

LABEL = ("What people of the", "quarter think of it")
VALUE = ("The workshop is open to everybody who has found", "that something broke")


def test_labels_set_tighter_than_values_leave_their_paragraphs_whole() -> None:
    drawing = Drawing()
    for number in range(9):
        top = 60 + 45.0 * number
        drawing.rule(50, top, 400, top)
        drawing.rule(50, top + 45, 400, top + 45)
        for x in (50, 150, 400):
            drawing.rule(x, top, x, top + 45)
        for line, (label, value) in enumerate(zip(LABEL, VALUE, strict=True)):
            drawing.write(label, 54, top + 15 + 10.5 * line, size=9.8)
            drawing.write(value, 154, top + 15 + 13.75 * line)
    assert read_rows(drawing) == [(" ".join(LABEL), " ".join(VALUE))] * 9
