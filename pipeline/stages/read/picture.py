"""A page as it looks: decides whether text can be seen where the drawing operators alone do not say it.

A soft mask, a clipping path that is no rectangle, a blend mode, a stencil over text or a colour of a space that only a
colour engine knows: pdfium draws the page, and text is where there is contrast.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from pipeline.stages.read.drawn import SAME_COLOUR_DISTANCE
from pipeline.stages.read.outlines import LETTER_HEIGHTS, looks_written

if TYPE_CHECKING:
    from PIL.Image import Image

    from pipeline.stages.read.drawn import Rectangle

LEAST_CONTRAST: Final = round(255 * SAME_COLOUR_DISTANCE)
"""Least difference (of 255) within a glyph's box that can be seen."""
INK_CONTRAST: Final = 80
"""Least difference (of 255) of ink from the usual grey of a picture: less is the blur between two letters."""
GROUND_SHARE: Final = 0.55
"""Least share of a picture of text that is its ground: letters cover a fifth of it, what is in photographs most."""


class PagePicture:
    """A picture of the visible page, or of a part of it."""

    def __init__(self, image: Image, scale: float, origin: tuple[int, int] = (0, 0)) -> None:
        """Take over a picture.

        Args:
            image: The page as displayed.
            scale: Pixels per point.
            origin: Place of the picture's upper left corner on the page, pixels.
        """
        self._image, self._scale, self._origin = image, scale, origin

    def shows(self, box: Rectangle) -> bool:
        """Return whether anything can be seen in a box of the visible page (left, top, right, bottom; points)."""
        x0, top, x1, bottom = (value * self._scale for value in box)
        left, upper = max(0, round(x0)), max(0, round(top))
        right = min(self._image.width, max(round(x1), left + 1))
        lower = min(self._image.height, max(round(bottom), upper + 1))
        if left >= right or upper >= lower:
            return False
        extrema = self._image.crop((left, upper, right, lower)).getextrema()
        return any(high - low > LEAST_CONTRAST for low, high in extrema)  # type: ignore[misc]

    def find_lines(self, box: Rectangle) -> Iterator[Rectangle]:
        """Find what looks like lines of letters in a box: marks on a plain ground, in bands with nothing between them.

        Args:
            box: Left, top, right and bottom on the visible page, points.

        Yields:
            The box of each line.
        """
        x0, top, x1, bottom = (round(value * self._scale) for value in box)
        left, above = self._origin
        grey = self._image.crop((x0 - left, top - above, x1 - left, bottom - above)).convert("L")
        histogram = grey.histogram()
        ground = max(range(256), key=histogram.__getitem__)
        ink = grey.point([255 * (abs(value - ground) >= INK_CONTRAST) for value in range(256)])
        if ink.histogram()[0] < GROUND_SHARE * grey.width * grey.height:
            return
        low, high = (height * self._scale for height in LETTER_HEIGHTS)
        for upper, lower in _runs(ink.reduce((grey.width, 1)).tobytes() if grey.width else b""):
            if not low <= lower - upper <= high:
                continue
            band = ink.crop((0, upper, grey.width, lower))
            marks = list(_runs(band.reduce((1, lower - upper)).tobytes()))
            sizes = [(right - left, lower - upper) for left, right in marks]
            if marks and looks_written(sizes, marks[-1][1] - marks[0][0]):
                edges = x0 + marks[0][0], top + upper, x0 + marks[-1][1], top + lower
                yield tuple(value / self._scale for value in edges)  # type: ignore[misc]


def _runs(profile: bytes) -> Iterator[tuple[int, int]]:
    """Return where runs of values that are not 0 begin and end."""
    place = 0
    for filled, values in itertools.groupby(profile, bool):
        start, place = place, place + len(list(values))
        if filled:
            yield start, place
