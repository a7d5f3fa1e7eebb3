"""Ticked and unticked boxes: what is left of a line, and what is no box."""

from __future__ import annotations

import pytest

from pipeline.stages.normalise.boxes import read_boxes


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("☐ Jā ☒ Nē", "Nē"),
        ("Jā ☐ Nē ☒", "Nē"),
        ("Jā ☒ Nē ☐.", "Jā"),
        ("Obligāti: ☐ jā ☒ nē", "Obligāti: nē"),
        ("Obligāti ☐ jā ☒ nē", "Obligāti nē"),
        ("☒ viens, ☐ divi, ☒ trīs", "viens, trīs"),
        ("☐ Jā ☐ Nē", ""),
        ("Jā\n☐\nNē\n☒", "Nē"),
        ("Jā\n☒\nNē\n☐\nPiezīme: nav", "Jā\n\nPiezīme: nav"),
        ("☐\nJā\n☒\nNē", "Nē"),
        ("Vai obligāti?\n☒\nJā\n☐\nNē", "Vai obligāti?\nJā"),
        ("- [ ]\njā\n- [x]\nnē", "nē"),
        ("[x] A\n[ ] B\nC", "A\n\nC"),
        ("(x) A ( ) B", "A"),
        ("■ A □ B", "A"),
        ("○ A ● B", "B"),
        # Shapes of one kind only are bullets or ornaments, a bracket with x may be anything.
        ("■ A ■ B", "■ A ■ B"),
        ("✓ A", "✓ A"),
        ("Punkts (x) un (y)", "Punkts (x) un (y)"),
        ("[1] un [2]", "[1] un [2]"),
        ("A\nB", "A\nB"),
    ],
)
def test_what_is_ticked_is_left(text: str, left: str) -> None:
    assert read_boxes(text) == left


def test_what_stands_before_the_boxes_can_be_left_out() -> None:
    assert read_boxes("Vērtējums ☐ jā ☒ nē\nPiezīme: nav", heads=False) == "nē\nPiezīme: nav"
