"""Framed cards without inner rules: the same labels in each, in a wide column, near their values, or rows set tight."""

from __future__ import annotations

import pytest

from tests.stages.segment.building import SIZE, Drawing
from tests.stages.segment.test_frames import read_rows

LABELS = ("Number", "Object", "Material", "Find spot")
CARDS = (
    (
        ("K 14",),
        ("Amphora with two", "handles"),
        ("Clay, of two reds",),
        ("Harbour, in trench", "3, below a layer of", "stones"),
    ),
    (("K 15",), ("Lamp",), ("Clay, of dark slip",), ("Same trench; spout", "broken")),
    (
        ("K 16",),
        ("Weight of a loom",),
        ("Clay, not fired",),
        ("House C, along the", "wall with eleven of", "the same shape"),
    ),
    (("K 17",), ("Fish hook",), ("Bronze",), ("Found on the ground", "after the storm of", "1990")),
)


def write_words(drawing: Drawing, text: str, x0: float, baseline: float) -> None:
    """Write a line with spaces of proportional type."""
    for word in text.split():
        drawing.write(word, x0, baseline)
        x0 += len(word) * SIZE / 2 + 0.3 * SIZE


def draw_cards(*, start: float, gap: float, leading: float) -> Drawing:
    """Draw a card below the other.

    Args:
        start: x at which values begin, points; labels begin at 54.
        gap: White space before values behind labels set to the right, points; 0 where they are set to the left.
        leading: Base line distance of a value's lines, points; that of rows is 12.
    """
    drawing = Drawing()
    top = 60.0
    for card in CARDS:
        at = top + 14
        for label, value in zip(LABELS, card, strict=True):
            wide = len(label) * SIZE / 2 - (0.2 * SIZE if " " in label else 0)
            write_words(drawing, label, start - gap - wide if gap else 54, at)
            for number, text in enumerate(value):
                write_words(drawing, text, start, at + leading * number)
            at += 12 + leading * (len(value) - 1)
        for y in (top, at):
            drawing.rule(50, y, start + 105, y)
        for x in (50, start + 105):
            drawing.rule(x, top, x, at)
        top = at + 20
    return drawing


@pytest.mark.parametrize(
    ("start", "gap", "leading"),
    [
        pytest.param(200, 0, 14, id="wide labels"),
        pytest.param(140, 5, 14, id="labels set to the right, near their values"),
        pytest.param(140, 0, 17, id="rows nearer than lines"),
        pytest.param(200, 5, 17, id="all of it"),
    ],
)
def test_cards_give_their_rows(start: float, gap: float, leading: float) -> None:
    found = read_rows(draw_cards(start=start, gap=gap, leading=leading))
    assert [(label, value.replace("\n", " ")) for label, value in found] == [
        (label, " ".join(value)) for card in CARDS for label, value in zip(LABELS, card, strict=True)
    ]


ROWS = (
    (("Name of the school", "Partners"), ("The Harbour School", "Town library")),
    (("Level",), ("Local",)),
    (("Aims and the steps", "to them"), ("Bring two recipes", "Cook all of them")),
    (("Contact", "Telephone"), ("Office of the school", "22 33 44 55")),
    (("Period",), ("From 2016 on",)),
)


def test_a_frame_around_each_row_parts_rows_and_lines_in_it_are_one() -> None:
    drawing, top = Drawing(), 60.0
    for label, value in ROWS:
        for texts, x0 in ((label, 54), (value, 200)):
            for number, text in enumerate(texts):
                write_words(drawing, text, x0, top + 16 + 12 * number)
        bottom = top + 22 + 12 * (len(value) - 1)
        for y in (top, bottom):
            drawing.rule(50, y, 400, y)
        for x in (50, 400):
            drawing.rule(x, top, x, bottom)
        top = bottom + 10
    assert [tuple(text.replace("\n", " ") for text in row) for row in read_rows(drawing)] == [
        (" ".join(label), " ".join(value)) for label, value in ROWS
    ]


def test_a_framed_row_whose_value_is_an_indented_list_is_in_the_columns_of_the_others() -> None:
    drawing, top = Drawing(), 60.0
    for label, value, x0 in (("Level", "Local", 200), ("Aims", "Bring recipes", 214), ("Period", "From 2016 on", 200)):
        for each in (0, 100):
            write_words(drawing, label, 54, top + 16 + each)
            write_words(drawing, value, x0, top + 16 + each)
            for y in (top + each, top + 22 + each):
                drawing.rule(50, y, 400, y)
            for x in (50, 400):
                drawing.rule(x, top + each, x, top + 22 + each)
        top += 32
    assert [label for label, _ in read_rows(drawing)] == ["Level", "Aims", "Period"] * 2
