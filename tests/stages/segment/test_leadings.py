"""Leadings of labels and values: in nearly one size of type, each column still shows its own."""

from __future__ import annotations

import pytest

from pipeline.stages.segment.pages import segment_pages
from tests.stages.segment.building import LEADING, Drawing, make_source
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


@pytest.mark.parametrize(("size", "rows"), [(10.0, 3), (9.2, 1)])
def test_lines_nearer_than_those_of_one_text_are_rows_but_in_smaller_type(size: float, rows: int) -> None:
    drawing = Drawing()
    at = 60.0
    for number in range(8):
        drawing.write(f"Label {number}", 50, at)
        at = drawing.write_cell(154, at, f"{VALUE[0]} {number}", VALUE[1]) + 8
    at += 40
    for number in range(3):
        drawing.write(f"Near {number}", 50, at + (LEADING - 2) * number, size=size)
        drawing.write(f"Row {number}", 154, at + (LEADING - 2) * number, size=size)
    found = read_rows(drawing)
    assert [label for label, _ in found[:8]] == [f"Label {number}" for number in range(8)]
    assert len(found[8:]) == rows


@pytest.mark.parametrize("beside", [True, False])
def test_values_that_begin_small_next_to_labels_do_not_show_how_far_text_reaches(*, beside: bool) -> None:
    drawing = Drawing()
    values = ("fluid", "blue", "of alcohol", "9.5", "some 82 degrees", "41 degrees", "0.98 g", "fully mixable")
    for number, value in enumerate(values):
        drawing.write(f"Label {number}:" if beside or number != 2 else "", 50, 100 + LEADING * number)
        drawing.write(value, 154, 100 + LEADING * number)
    drawing.write("This is a text that runs over the width of the page, and over that of the table", 50, 300)
    assert (len(read_rows(drawing)) == len(values)) is beside
