"""Leadings of labels and values: in nearly one size of type, each column still shows its own."""

from __future__ import annotations

from pipeline.stages.segment.pages import segment_pages
from tests.stages.segment.building import Drawing, make_source
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


def test_full_lines_show_the_leading_among_lists_set_wider() -> None:
    drawing = Drawing()
    cells = [("one", "two", "three", "four", "five")] * 5 + [VALUE]
    top = 60.0
    for value in cells:
        leading = 13.0 if value is VALUE else 18.0
        drawing.write("Aims" if value is VALUE else "Means", 54, top + 15)
        for line, text in enumerate(value):
            drawing.write(text, 154, top + 15 + leading * line)
        bottom = top + 15 + leading * len(value)
        drawing.rule(50, top, 400, top)
        for x in (50, 150, 400):
            drawing.rule(x, top, x, bottom)
        top = bottom
    drawing.rule(50, top, 400, top)
    (layout,) = segment_pages(make_source(drawing))
    assert [table.leadings[1] for table in layout.tables] == [13.0]
