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
