"""`SeenPage` → `Page`: what the engine saw, as glyphs, rules and fills in points.

The engine measures each line by itself, so that base lines and type sizes of neighbours differ by a pixel or two. Here
each line has one base line and each size of type one value, over all pages.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from pipeline.models.page import Fill, Glyph, Page, Rule
from pipeline.recognise.hocr import SeenLine
from pipeline.recognise.seen import SeenPage

FONT: Final = "recognised"
"""Stands for the font of recognised text, which the engine does not tell."""
ASCENT_SHARE: Final = 0.8
"""Share of the type's height above the base line: Tesseract measures 28 of 35 pixels in text set in Liberation Sans."""
LONG_LINE: Final = 20
"""Letters from which a line's size of type is measured well: it is certain to have ascenders and descenders."""
SAME_SIZE: Final = 0.14
"""Largest difference of the size of long lines in one type, as a share: measured up to 0.06 in text of one size."""
SAME_SIZE_SHORT: Final = 0.3
"""The same for a short line: without ascenders and descenders, its height is the engine's guess."""


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
        {number: [line.size * scales[number][1] for line in found.lines] for number, found in seen.items()}, seen
    )
    return {number: _make_page(pages[number], found, scales[number], sizes[number]) for number, found in seen.items()}


def _scale(page: Page, seen: SeenPage) -> tuple[float, float]:
    """Points per pixel, across and down."""
    width, height = (page.height, page.width) if seen.turn in (90, 270) else (page.width, page.height)
    return width / seen.width, height / seen.height


def _make_page(page: Page, seen: SeenPage, scale: tuple[float, float], sizes: Sequence[float]) -> Page:
    from pipeline.read import turn_page

    bare = page.model_copy(update={"glyphs": (), "rules": (), "fills": (), "fonts": (FONT,)})
    if seen.turn:
        bare = turn_page(bare, seen.turn, ())
    across, down = scale
    glyphs = [
        glyph for line, size in zip(seen.lines, sizes, strict=True) for glyph in _make_glyphs(line, size, across, down)
    ]
    return bare.model_copy(
        update={
            "glyphs": tuple(glyphs),
            "rules": tuple(
                _middle(box.x0 * across, box.y0 * down, box.x1 * across, box.y1 * down) for box in seen.rules
            ),
            "fills": tuple(
                Fill(
                    round(area.x0 * across, 3),
                    round(area.y0 * down, 3),
                    round(area.x1 * across, 3),
                    round(area.y1 * down, 3),
                    area.colour,
                )
                for area in seen.fills
            ),
            "recognised": True,
        }
    )


def _middle(x0: float, top: float, x1: float, bottom: float) -> Rule:
    if x1 - x0 >= bottom - top:
        middle = round((top + bottom) / 2, 3)
        return Rule(round(x0, 3), middle, round(x1, 3), middle)
    middle = round((x0 + x1) / 2, 3)
    return Rule(middle, round(top, 3), middle, round(bottom, 3))


def _make_glyphs(line: SeenLine, size: float, across: float, down: float) -> list[Glyph]:
    """Give a line's glyphs: the letters of a word share its width, and a space stands between words."""
    baseline = round(line.baseline * down, 3)
    top, bottom = round(baseline - ASCENT_SHARE * size, 3), round(baseline + (1 - ASCENT_SHARE) * size, 3)
    glyphs: list[Glyph] = []
    end: float | None = None
    for word in line.words:
        left, right = word.x0 * across, word.x1 * across
        if end is not None and left > end:
            glyphs.append(
                Glyph(" ", round(end, 3), top, round(left, 3), bottom, size, 0, baseline, confidence=word.confidence)
            )
        advance = (right - left) / len(word.text)
        for place, letter in enumerate(word.text):
            glyphs.append(
                Glyph(
                    letter,
                    round(left + place * advance, 3),
                    top,
                    round(left + (place + 1) * advance, 3),
                    bottom,
                    size,
                    0,
                    baseline,
                    confidence=word.confidence,
                )
            )
        end = right
    return glyphs


def _settle_sizes(measured: Mapping[int, Sequence[float]], seen: Mapping[int, SeenPage]) -> dict[int, list[float]]:
    """Give each line the size of its type, points: one value for all lines of one type."""
    lengths = {
        number: [sum(len(word.text) for word in line.words) for line in page.lines] for number, page in seen.items()
    }
    weights = [
        (size, length)
        for number, sizes in measured.items()
        for size, length in zip(sizes, lengths[number], strict=True)
        if length >= LONG_LINE
    ]
    types = _find_types(weights)
    return {
        number: [_nearest(size, length, types) for size, length in zip(sizes, lengths[number], strict=True)]
        for number, sizes in measured.items()
    }


def _find_types(weights: Sequence[tuple[float, int]]) -> list[float]:
    """Find the sizes in use: the median of the most letters first, then of what lies outside its reach."""
    left = sorted(weights)
    types: list[float] = []
    while left:
        half, counted = sum(length for _, length in left) / 2, 0.0
        middle = left[-1][0]
        for size, length in left:
            counted += length
            if counted >= half:
                middle = size
                break
        types.append(round(middle, 2))
        left = [(size, length) for size, length in left if abs(size - middle) > SAME_SIZE * middle]
    return types


def _nearest(size: float, length: int, types: Sequence[float]) -> float:
    reach = SAME_SIZE if length >= LONG_LINE else SAME_SIZE_SHORT
    near = [known for known in types if abs(size - known) <= reach * known]
    return min(near, key=lambda known: abs(size - known)) if near else round(size, 2)
