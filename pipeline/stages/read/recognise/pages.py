"""`SeenPage` → `Page`: what the engine saw, as glyphs, rules and fills in points.

The engine measures each line by itself, so that base lines and type sizes of neighbours differ by a pixel or two. Here
each line has one base line and each size of type one value, over all pages.
"""

import math
import statistics
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from pipeline.models.page import Fill, Glyph, Glyphs, Page
from pipeline.stages.read.drawn import middle_line
from pipeline.stages.read.recognise.drawing import PixelArea, PixelBox
from pipeline.stages.read.recognise.hocr import SeenLine
from pipeline.stages.read.recognise.seen import SeenPage

FONT: Final = "recognised"
"""Stands for the font of recognised text, which the engine does not name."""
ASCENT_SHARE: Final = 0.8
"""Share of the type's height above the base line: Tesseract measures 28 of 35 pixels in text set in Liberation Sans."""
LONG_LINE: Final = 20
"""Letters from which the mean width of a line's letters says something of its type."""
SAME_SIZE: Final = 0.14
"""Largest difference of long lines of one type, as a share: 0.08 was measured, and notes are smaller by 0.2."""
LEAST_SPACE: Final = 0.1
"""Least space between words, as a share of the type's size: a justified line's narrowest is 0.15."""
SAME_SIZE_SHORT: Final = 0.3
"""The same for a short line, which may have wide letters only."""


class _Measured(NamedTuple):
    """What was measured of a line: the height of its type, its letters' mean width (both in points) and number."""

    height: float
    advance: float
    letters: int


def make_pages(pages: Mapping[int, Page], seen: Mapping[int, SeenPage]) -> dict[int, Page]:
    """Make recognised pages.

    Args:
        pages: The pages as read, by number, turned as they were displayed.
        seen: What the engine saw of each, by number.

    Returns:
        The recognised pages by number; the glyphs that the pages had of their own are gone.
    """
    scales = {number: _scale(pages[number], found) for number, found in seen.items()}
    sizes = _settle_sizes(
        {number: [_measure(line, *scales[number]) for line in found.lines] for number, found in seen.items()}
    )
    return {number: _make_page(pages[number], found, scales[number], sizes[number]) for number, found in seen.items()}


def _measure(line: SeenLine, across: float, down: float) -> _Measured:
    width = sum(word.x1 - word.x0 for word in line.words)
    letters = sum(len(word.text) for word in line.words)
    return _Measured(max(line.size * down, 0.1), max(width * across / letters, 0.1), letters)


def _scale(page: Page, seen: SeenPage) -> tuple[float, float]:
    """Points per pixel, across and down."""
    width, height = (page.height, page.width) if seen.turn in (90, 270) else (page.width, page.height)
    return width / seen.width, height / seen.height


def _make_page(page: Page, seen: SeenPage, scale: tuple[float, float], sizes: Sequence[float]) -> Page:
    from pipeline.stages.read.turning import turn_page

    bare = page.model_copy(update={"glyphs": Glyphs(), "rules": (), "fills": (), "fonts": (FONT,)})
    if seen.turn:
        bare = turn_page(bare, seen.turn, ())
    across, down = scale
    glyphs = [
        glyph for line, size in zip(seen.lines, sizes, strict=True) for glyph in _make_glyphs(line, size, across, down)
    ]
    return bare.model_copy(
        update={
            "glyphs": Glyphs(glyphs),
            "rules": tuple(middle_line(*_in_points(box, scale)) for box in seen.rules),
            "fills": tuple(Fill(*_in_points(area, scale), area.colour) for area in seen.fills),
            "recognised": True,
        }
    )


def _in_points(box: PixelBox | PixelArea, scale: tuple[float, float]) -> tuple[float, float, float, float]:
    across, down = scale
    return round(box.x0 * across, 3), round(box.y0 * down, 3), round(box.x1 * across, 3), round(box.y1 * down, 3)


def _make_glyphs(line: SeenLine, size: float, across: float, down: float) -> list[Glyph]:
    """Return a line's glyphs: the letters of a word share its width, and a space is between words."""
    baseline = round(line.baseline * down, 3)
    top, bottom = round(baseline - ASCENT_SHARE * size, 3), round(baseline + (1 - ASCENT_SHARE) * size, 3)
    glyphs: list[Glyph] = []
    end: float | None = None
    edges = [(word.x0 * across, word.x1 * across) for word in line.words]
    for place, (left, right) in enumerate(edges[1:]):
        # The engine's boxes may overlap; words are in its order, one behind the other.
        before, last = edges[place]
        if left < last + LEAST_SPACE * size:
            middle = max((left + last) / 2, before + LEAST_SPACE * size)
            edges[place] = before, middle - LEAST_SPACE / 2 * size
            edges[place + 1] = middle + LEAST_SPACE / 2 * size, max(right, middle + LEAST_SPACE * size)
    for word, (left, right) in zip(line.words, edges, strict=True):
        advance = (right - left) / len(word.text)
        signs = [
            (letter, left + place * advance, left + (place + 1) * advance) for place, letter in enumerate(word.text)
        ]
        if end is not None and left > end:
            signs.insert(0, (" ", end, left))
        for character, x0, x1 in signs:
            box = round(x0, 3), top, round(x1, 3), bottom
            glyphs.append(Glyph(character, *box, size, 0, baseline, confidence=word.confidence))
        end = right
    return glyphs


def _settle_sizes(lines: Mapping[int, Sequence[_Measured]]) -> dict[int, list[float]]:
    """Return the size of each line's type, points: one value for all lines of one type.

    The height is wrong by a quarter where a line lacks ascenders or descenders, and the width of letters by a tenth
    from line to line: what is taken is the middle of both.
    """
    long = [line for measured in lines.values() for line in measured if line.letters >= LONG_LINE]
    ratio = statistics.median(line.height / line.advance for line in long) if long else None

    def estimate(line: _Measured) -> float:
        return line.height if ratio is None else math.sqrt(line.height * line.advance * ratio)

    types = _find_types([(estimate(line), line.letters) for line in long])
    return {
        number: [_nearest(estimate(line), line.letters, types) for line in measured]
        for number, measured in lines.items()
    }


def _find_types(sizes: Sequence[tuple[float, int]]) -> list[float]:
    """Find the sizes in use: the median of the most letters first, then of what lies outside its reach."""
    left = sorted(sizes)
    types: list[float] = []
    while left:
        half, counted = sum(letters for _, letters in left) / 2, 0
        middle = left[-1][0]
        for size, letters in left:
            counted += letters
            if counted >= half:
                middle = size
                break
        types.append(round(middle, 2))
        left = [(size, letters) for size, letters in left if abs(size - middle) > SAME_SIZE * middle]
    return types


def _nearest(size: float, letters: int, types: Sequence[float]) -> float:
    reach = SAME_SIZE if letters >= LONG_LINE else SAME_SIZE_SHORT
    near = [known for known in types if abs(size - known) <= reach * known]
    return min(near, key=lambda known: abs(math.log(size / known))) if near else round(size, 2)
