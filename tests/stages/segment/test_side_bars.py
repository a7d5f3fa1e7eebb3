"""A coloured bar at the side of a table, with words of its own: not a label of all that is next to it."""

from __future__ import annotations

import pytest

from tests.stages.segment.building import BOLD, LEADING, PLAIN, Drawing
from tests.stages.segment.test_frames import read_rows

ROWS = (
    ("Place", ("A town on the northern shore", "of a long lake")),
    ("People", ("Volunteers of all ages who like", "to mend what others broke", "and their neighbours")),
    ("Opening times", ("It opens twice a month",)),
    ("Equipment", ("Tools are lent to everybody", "who has been shown their use")),
    ("Costs", ("Nothing but what visitors give",)),
    ("Partners", ("The library, two schools and", "the fire brigade of the town")),
)
BAR = ((127, ("Practices", "of value")), (200, ("A handbook",)))


def draw(*, rules: bool, bar: tuple[float, float, float, float]) -> Drawing:
    drawing = Drawing(number=1)
    drawing.fill(*bar)
    for top, lines in BAR:
        drawing.write_cell(bar[0] + 5, top, *lines)
    top = 110.0
    for label, value in ROWS:
        bottom = top + 8 + LEADING * len(value)
        if rules:
            drawing.rule(110, top, 450, top)
            drawing.rule(110, bottom, 450, bottom)
        drawing.write_cell(114, top + 13, label, font=BOLD)
        drawing.write_cell(220, top + 13, *value, font=PLAIN)
        top = bottom + 8
    return drawing


@pytest.mark.parametrize(
    ("rules", "bar"), [(True, (20, 60, 90, 400)), (True, (0, 10, 90, 800)), (False, (0, 10, 90, 800))]
)
def test_a_side_bar_is_no_label_and_its_words_are_in_no_row(
    *, rules: bool, bar: tuple[float, float, float, float]
) -> None:
    found = read_rows(draw(rules=rules, bar=bar))
    assert [(label, value.replace("\n", " ")) for label, value in found] == [(a, " ".join(b)) for a, b in ROWS]


def test_labels_on_a_bar_at_the_side_of_the_page_are_labels() -> None:
    drawing = Drawing(number=1)
    drawing.fill(0, 10, 210, 800)
    top = 110.0
    for label, value in ROWS:
        drawing.write_cell(50, top + 13, label, font=BOLD)
        drawing.write_cell(220, top + 13, *value, font=PLAIN)
        top += 20 + LEADING * len(value)
    found = read_rows(drawing)
    assert [(label, value.replace("\n", " ")) for label, value in found] == [(a, " ".join(b)) for a, b in ROWS]


@pytest.mark.parametrize("left", [20, 460])
def test_a_box_that_the_rows_go_on_past_is_no_cell(left: int) -> None:
    found = read_rows(draw(rules=False, bar=(left, 108, left + 75, 240)))
    assert [(label, value.replace("\n", " ")) for label, value in found] == [(a, " ".join(b)) for a, b in ROWS]


@pytest.mark.parametrize("coloured", [1, 2])
def test_coloured_cells_among_others_are_labels_where_their_lines_are_between_those_of_values(coloured: int) -> None:
    drawing = Drawing(number=1)
    rows = [("What the", "people do", value) for _, value in ROWS if len(value) > 1]
    for number, (first, second, value) in enumerate(rows):
        top = 100.0 + 60 * number
        if number < coloured:
            drawing.fill(45, top, 125, top + 50)
        drawing.write_cell(50, top + 19, first, second, font=BOLD)
        drawing.write_cell(140, top + 13, *value, *value, font=PLAIN)
    found = [label for label, _ in read_rows(drawing)]
    assert found[:coloured] == ["What the people do"] * coloured
