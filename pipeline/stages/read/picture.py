"""A page as it looks: decides whether text can be seen where the drawing operators alone do not say it.

A soft mask, a clipping path that is no rectangle, a blend mode, a stencil over text or a colour of a space that only a
colour engine knows: pdfium draws the page, and text is where there is contrast.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pipeline.stages.read.drawn import SAME_COLOUR_DISTANCE

if TYPE_CHECKING:
    from PIL.Image import Image

    from pipeline.stages.read.drawn import Rectangle

LEAST_CONTRAST: Final = round(255 * SAME_COLOUR_DISTANCE)
"""Least difference (of 255) within a glyph's box that can be seen."""


class PagePicture:
    """A picture of the visible page."""

    def __init__(self, image: Image, scale: float) -> None:
        """Take over a picture.

        Args:
            image: The page as displayed.
            scale: Pixels per point.
        """
        self._image = image
        self._scale = scale

    def shows(self, box: Rectangle) -> bool:
        """Return whether anything can be seen in a box of the visible page (left, top, right, bottom; points)."""
        x0, top, x1, bottom = (value * self._scale for value in box)
        left, upper = max(0, round(x0)), max(0, round(top))
        right, lower = (
            min(self._image.width, max(round(x1), left + 1)),
            min(self._image.height, max(round(bottom), upper + 1)),
        )
        if left >= right or upper >= lower:
            return False
        extrema = self._image.crop((left, upper, right, lower)).getextrema()
        return any(high - low > LEAST_CONTRAST for low, high in extrema)  # type: ignore[misc]
