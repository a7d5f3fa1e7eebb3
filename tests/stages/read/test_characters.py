"""Accents that are set over letters, and raised digits: how far from their letter or number, and how large."""

from __future__ import annotations

import pytest

from pipeline.stages.read.characters import compose, raise_digits
from tests.stages.read.page_building import glyph, line


@pytest.mark.parametrize(("raised", "composed"), [(5.5, {0: "ā"}), (6.5, {})])
def test_an_accent_is_raised_over_its_letter_by_less_than_its_size(raised: float, composed: dict[int, str]) -> None:
    assert compose([glyph("a", 50), glyph("\u00af", 50, down=-raised)], lambda *_: True)[0] == composed


@pytest.mark.parametrize(("middle", "composed"), [(75, {0: "ā"}), (90, {})])
def test_a_letter_drawn_elsewhere_is_looked_for_in_a_width_of_type(middle: float, composed: dict[int, str]) -> None:
    """A glyph of a width that no letter has takes no place behind it."""
    glyphs = [glyph("a", 0, width=180), *line("bcd", 200), glyph("\u00af", middle - 2.5, down=-2)]
    assert compose(glyphs, lambda *_: True)[0] == composed


@pytest.mark.parametrize(
    ("size", "up", "text"),
    [(7.5, 4, "\u00b9"), (8.5, 4, "1"), (6, 2.3, "\u00b9"), (6, 1.7, "1"), (6, 8.5, "\u00b9"), (6, 9.5, "1")],
)
def test_a_raised_digit_is_smaller_and_higher_than_the_number_before_it(size: float, up: float, text: str) -> None:
    """Its lower edge is so many points above the number's, in type of 10 pt; edges are a fifth below base lines."""
    number = line("20")
    digit = glyph("1", number[-1].x1, size=size, down=2 - up - 0.2 * size)
    glyphs = [*number, digit]
    raise_digits(glyphs, len(number))
    assert glyphs[-1].text == text
