"""A page as it looks: decides whether text can be seen where the drawing operators alone do not say it.

A soft mask, a clipping path that is no rectangle, a blend mode, a stencil over text or a colour of a space that only a
colour engine knows: pdfium draws the page, and text is where there is contrast.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from pipeline.stages.read.drawn import SAME_COLOUR_DISTANCE, split
from pipeline.stages.read.outlines import LETTER_HEIGHTS, WORD_GAP, looks_written

if TYPE_CHECKING:
    from PIL.Image import Image

    from pipeline.models.page import Glyph, Rule
    from pipeline.stages.read.drawn import Rectangle

LEAST_CONTRAST: Final = round(255 * SAME_COLOUR_DISTANCE)
"""Least difference (of 255) within a glyph's box that can be seen."""
INK_CONTRAST: Final = 80
"""Least difference (of 255) of ink from the usual grey of a picture: less is the blur between two letters."""
SOLID: Final = 230
"""Least mean ink (of 255) from the top of a picture to its bottom that is a rule's or a coloured column's: lines of
letters leave white space between them."""
GROUND_SHARE: Final = 0.55
"""Least share of a picture of text that is its ground: letters cover a fifth of it, what is in photographs most."""

RIM: Final = 0.5
"""What, in points, is left out around what is certainly seen: a pixel of the picture, which its edge may colour."""
STRIPS: Final = 8
"""Strips into which such a glyph's box is divided: a point or so each, as high as the stroke of a letter."""


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

    def shows_apart(self, glyph: Glyph, others: Iterable[Glyph], rules: Iterable[Rule]) -> bool:
        """Return whether a glyph shows where nothing is that is certainly seen: contrast there is not its own.

        Args:
            glyph: The glyph.
            others: Glyphs near it that are certainly seen.
            rules: The page's rules.
        """
        x0, x1, middle = glyph.x0, glyph.x1, (glyph.x0 + glyph.x1) / 2
        spans = [(rule.top - 1, rule.bottom + 1) for rule in rules if rule.x0 < x1 and rule.x1 > x0]
        for other in others:
            if other.x0 <= middle <= other.x1 or abs(other.top - glyph.top) > (glyph.bottom - glyph.top) / 2:
                spans.append((other.top, other.bottom))
            elif other.x0 > middle:  # its neighbour on the line, set closer (kerned)
                x1 = min(x1, other.x0 - RIM)
            else:
                x0 = max(x0, other.x1 + RIM)
        step = (glyph.bottom - glyph.top) / STRIPS
        strips = [(glyph.top + place * step, glyph.top + (place + 1) * step) for place in range(STRIPS)]
        free = [(a, b) for a, b in strips if not any(top < b + RIM and bottom > a - RIM for top, bottom in spans)]
        if len(free) == STRIPS:
            return self.shows((x0, glyph.top, x1, glyph.bottom))
        return any(self.shows((x0, a, x1, b)) for a, b in free)

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
        if not grey.width or not grey.height:
            return
        solid = _runs(bytes(mean >= SOLID for mean in _find_ink(grey).reduce((1, grey.height)).tobytes()))
        columns = sorted({0, *itertools.chain.from_iterable(solid), grey.width})
        for start, end in itertools.pairwise(columns):
            for x, y, right, lower in self._find_in(grey.crop((start, 0, end, grey.height))):
                edges = x0 + start + x, top + y, x0 + start + right, top + lower
                yield tuple(value / self._scale for value in edges)  # type: ignore[misc]

    def _find_in(self, column: Image) -> Iterator[tuple[int, int, int, int]]:
        """Find the lines of a part of a picture that no rule divides, pixels."""
        ink = _find_ink(column)
        if ink.histogram()[0] < GROUND_SHARE * ink.width * ink.height:
            return
        low, high = (height * self._scale for height in LETTER_HEIGHTS)
        for upper, lower in _runs(ink.reduce((ink.width, 1)).tobytes()):
            if not low <= lower - upper <= high:
                continue
            marks = _runs(ink.crop((0, upper, ink.width, lower)).reduce((1, lower - upper)).tobytes())
            gap = WORD_GAP * (lower - upper)
            for part in split(marks, lambda last, mark, _, gap=gap: mark[0] - last[1] > gap):  # type: ignore[misc]
                if looks_written([(end - start, lower - upper) for start, end in part], part[-1][1] - part[0][0]):
                    yield part[0][0], upper, part[-1][1], lower


def _find_ink(grey: Image) -> Image:
    """Return a picture that is 255 where another one differs from its usual grey, else 0."""
    histogram = grey.histogram()
    ground = max(range(256), key=histogram.__getitem__)
    return grey.point([255 * (abs(value - ground) >= INK_CONTRAST) for value in range(256)])


def _runs(profile: bytes) -> Iterator[tuple[int, int]]:
    """Return where runs of values that are not 0 begin and end."""
    place = 0
    for filled, values in itertools.groupby(profile, bool):
        start, place = place, place + len(list(values))
        if filled:
            yield start, place
