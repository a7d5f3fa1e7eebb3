"""What of a picture counts as seen, or as a line of letters: each number by a case on either side of it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from PIL import Image, ImageDraw

from pipeline.models.page import Glyph
from pipeline.stages.read.picture import PagePicture
from tests.stages.read.page_building import glyph

Box = tuple[int, int, int, int]


def paint(*boxes: Box, ink: int = 0, size: tuple[int, int] = (200, 100)) -> Image.Image:
    image = Image.new("L", size, 255)
    for x0, top, x1, bottom in boxes:
        ImageDraw.Draw(image).rectangle((x0, top, x1 - 1, bottom - 1), fill=ink)
    return image


def letters(x: int, number: int = 6) -> list[Box]:
    return [(x + 8 * place, 10, x + 8 * place + 5, 18) for place in range(number)]


@pytest.mark.parametrize(
    ("image", "lines"),
    [
        pytest.param(paint(*letters(10), ink=255 - 85), 1, id="ink"),
        pytest.param(paint(*letters(10), ink=255 - 75), 0, id="blur"),
        pytest.param(paint(*letters(10), *letters(120), (100, 0, 102, 92)), 2, id="a rule between two lines"),
        pytest.param(paint(*letters(10), *letters(120), (100, 0, 102, 88)), 0, id="no rule"),
        pytest.param(paint(*letters(10), (0, 58, 200, 100)), 1, id="a plain ground"),
        pytest.param(paint(*letters(10), (0, 53, 200, 100)), 0, id="none"),
    ],
)
def test_lines_of_letters_in_a_picture(image: Image.Image, lines: int) -> None:
    """The picture has one pixel per point; what is no letter is higher than any."""
    assert len(list(PagePicture(image, 1.0).find_lines((0, 0, 200, 100)))) == lines


NEXT = glyph("b", 18)
ABOVE = glyph("b", 10, width=10, down=-7)


@pytest.mark.parametrize(
    ("others", "drawn", "shown"),
    [
        # The neighbour begins at 18 pt: half a point of its edge is left out.
        pytest.param([NEXT], (174, 950, 175, 960), True, id="short of its neighbour"),
        pytest.param([NEXT], (175, 950, 176, 960), False, id="at its neighbour's edge"),
        # The line above ends at 95 pt; the strips begin at 92, 93.25, 94.5, 95.75, 97 pt ...
        pytest.param([ABOVE], (110, 958, 111, 959), True, id="in the first strip below"),
        pytest.param([ABOVE], (110, 957, 111, 958), False, id="above it"),
    ],
)
def test_a_glyph_shows_where_nothing_else_does(others: Sequence[Glyph], drawn: Box, *, shown: bool) -> None:
    """The glyph is from 10 to 20 pt across and from 92 to 102 pt down; the picture has ten pixels per point."""
    picture = PagePicture(paint(drawn, size=(300, 1100)).convert("RGB"), 10.0)
    assert picture.shows_apart(glyph("a", 10, width=10), others, ()) is shown
