"""What the canvas makes of glyphs and what covers them: each number of the rules by a case on either side of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from PIL import Image

from pipeline.models.page import Page
from pipeline.stages.read.canvas import Canvas
from pipeline.stages.read.drawn import Cover, GlyphRun, PaintState
from pipeline.stages.read.picture import PagePicture
from tests.stages.read.building import hidden_in, text_of

PAGE = 400.0, 600.0


def run(text: str, x: float = 50, y: float = 500, *, size: float = 10.0, advance: float = 8.0) -> GlyphRun:
    """Show a text in black; `y` is its base line's height."""
    made = GlyphRun(
        "F", (1, 0, 0, 1), y - 0.2 * size, y + 0.8 * size, y, size, (0.0, 0.0, 0.0), 0, PaintState(), False, -1, ""
    )
    made.glyphs = [(sign, x + advance * place, x + advance * (place + 1)) for place, sign in enumerate(text)]
    return made


def draw(*objects: Any, size: tuple[float, float] = PAGE, picture: PagePicture | None = None) -> Page:
    return Canvas(1, (0.0, 0.0, *size), objects, ()).finish(lambda *_: picture)


@pytest.mark.parametrize(
    ("height", "size", "seen"), [(792, 0.7, False), (792, 0.8, True), (396, 0.35, False), (396, 0.4, True)]
)
def test_type_that_is_too_small_to_be_read_is_not_seen(height: float, size: float, *, seen: bool) -> None:
    """On a page of half the height, type of half the size can be read."""
    page = draw(run("a", size=size, y=100), size=(300, height))
    assert hidden_in(page) == ({} if seen else {"invisible": 1})


@pytest.mark.parametrize(
    ("aside", "copies"), [((1.1, 0), [2]), ((0, 1.1), [2]), ((1.3, 0), [1, 1]), ((0, 1.3), [1, 1])]
)
def test_a_glyph_drawn_again_at_an_eighth_of_its_size_is_the_same(
    aside: tuple[float, float], copies: Sequence[int]
) -> None:
    page = draw(run("m"), run("m", 50 + aside[0], 500 + aside[1]))
    assert [glyph.copies for glyph in page.glyphs] == copies


@pytest.mark.parametrize(
    ("path", "seen"),
    [
        # The letter's box is from 50 to 58 pt across and from 498 to 508 pt up.
        pytest.param([(46.8, 490), (65, 490), (65, 520), (58.8, 520)], False, id="five of six places"),
        pytest.param([(45.7, 490), (65, 490), (65, 520), (62.9, 520)], True, id="four"),
    ],
)
def test_what_lies_over_five_of_six_places_of_a_letter_hides_it(
    path: Sequence[tuple[float, float]], *, seen: bool
) -> None:
    page = draw(run("a"), Cover((45, 490, 65, 520), sure=True, path=[("m", *path)]))
    assert hidden_in(page) == ({} if seen else {"covered": 1})


@pytest.mark.parametrize(("shown", "kept"), [(11, 20), (9, 0)])
def test_text_behind_a_picture_is_kept_where_half_of_it_is_shown(shown: int, kept: int) -> None:
    """The picture of the page is black at the places of so many letters from the left."""
    image = Image.new("RGB", (400, 600), (255, 255, 255))
    for place in range(shown):
        image.paste((0, 0, 0), (52 + 8 * place, 94, 55 + 8 * place, 99))
    page = draw(run("a" * 20), Cover((0, 0, *PAGE), picture=True, sure=True), picture=PagePicture(image, 1.0))
    assert text_of(page) == "a" * kept
    assert hidden_in(page) == ({} if kept else {"covered": 20})
