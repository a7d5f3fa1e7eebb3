"""Accents that are set over letters: how far from their letter, and where a wide one is looked for."""

from __future__ import annotations

import pytest

from pipeline.stages.read.characters import compose
from tests.stages.read.page_building import glyph, line


@pytest.mark.parametrize(("raised", "composed"), [(5.5, {0: "ā"}), (6.5, {})])
def test_an_accent_is_raised_over_its_letter_by_less_than_its_size(raised: float, composed: dict[int, str]) -> None:
    assert compose([glyph("a", 50), glyph("\u00af", 50, down=-raised)], lambda *_: True)[0] == composed


@pytest.mark.parametrize(("middle", "composed"), [(75, {0: "ā"}), (90, {})])
def test_a_letter_drawn_elsewhere_is_looked_for_in_a_width_of_type(middle: float, composed: dict[int, str]) -> None:
    """A glyph of a width that no letter has takes no place behind it."""
    glyphs = [glyph("a", 0, width=180), *line("bcd", 200), glyph("\u00af", middle - 2.5, down=-2)]
    assert compose(glyphs, lambda *_: True)[0] == composed
