"""Coloured boxes next to each other, each with a heading and a text: two may be label and value, more are not."""

from __future__ import annotations

import pytest

from tests.stages.segment.building import BOLD, Drawing
from tests.stages.segment.test_frames import read_rows

BOXES = (
    ("First day", "Arrival at noon", "and a short walk"),
    ("Second day", "By boat through", "the old canals"),
    ("Third day", "A visit to the", "mill by the river"),
    ("Last day", "The bus leaves", "at four o'clock"),
)


@pytest.mark.parametrize(("boxes", "rows"), [(2, 4), (3, 0), (4, 0)])
def test_three_boxes_and_more_next_to_each_other_are_no_rows(boxes: int, rows: int) -> None:
    drawing = Drawing()
    for top in (100.0, 200.0):
        for place, (heading, *lines) in enumerate(BOXES[:boxes]):
            left = 40.0 + 110 * place
            drawing.fill(left, top, left + 100, top + 60)
            drawing.write_cell(left + 5, top + 15, heading, font=BOLD)
            drawing.write_cell(left + 5, top + 33, *lines)
    assert len(read_rows(drawing)) == rows
