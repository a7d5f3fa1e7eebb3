"""Which letters are shadows: each number of the rule by a case on either side of it. The type is of 10 pt."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pytest

from pipeline.stages.read.shadows import find_shadows
from tests.stages.read.page_building import ADVANCE, glyph, line

ALPHABET = "abcdefghijklmnopqrst"


def shadows(text: str, shifts: Sequence[float], shown: str) -> int:
    """Draw each letter of a text aside by a distance, and then what is shown; count the shadows."""
    before = [
        glyph(sign, 50 + ADVANCE * place + shift) for place, (sign, shift) in enumerate(zip(text, shifts, strict=True))
    ]
    return len(find_shadows([*before, *line(shown, down=0.1)], [(0, "grey"), (len(before), "black")]))


@pytest.mark.parametrize(
    ("text", "shifts", "found"),
    [
        pytest.param("abcdef", [3.3] * 6, 6, id="a third of the size aside"),
        pytest.param("abcdef", [3.5] * 6, 0, id="farther"),
        pytest.param("abcdef", [1.0] * 5 + [1.13], 6, id="distances that differ by rounding"),
        pytest.param("abcdef", [1.0] * 5 + [1.17], 5, id="distances that differ by more"),
        pytest.param("abc", [1.0] * 3, 0, id="three letters"),
        pytest.param("abcd", [1.0] * 4, 4, id="four letters"),
        pytest.param("abab", [1.0] * 4, 0, id="two different ones"),
        pytest.param("abac", [1.0] * 4, 4, id="three different ones"),
    ],
)
def test_what_is_a_shadow(text: str, shifts: Sequence[float], found: int) -> None:
    assert shadows(text, shifts, text) == found


@pytest.mark.parametrize(("other", "found"), [("ij", 18), ("hij", 0)])
def test_a_line_is_a_shadow_where_nine_tenths_of_its_letters_are_shown_again(other: str, found: int) -> None:
    assert shadows(ALPHABET, [1.0] * 20, ALPHABET.replace(other, other.upper())) == found


def test_a_halo_may_be_made_of_eight_copies() -> None:
    around = [math.radians(45 * number + 10) for number in range(8)]
    copies = [glyph for angle in around for glyph in line("abcd", 50 + 2 * math.cos(angle), down=2 * math.sin(angle))]
    text = line("abcd")
    paints = [(4 * number, "white") for number in range(8)]
    assert len(find_shadows([*copies, *text], [*paints, (len(copies), "black")])) == 8 * 4
