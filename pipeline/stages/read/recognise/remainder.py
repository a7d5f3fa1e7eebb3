"""What the engine left unread on a page: its layout analysis now and then skips a whole line.

The words that were read are painted over; where marks of a letter's size remain, the engine looks at the rest again.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final, NamedTuple

from pipeline.stages.read.recognise.drawing import POINTS_PER_INCH
from pipeline.stages.read.recognise.hocr import SeenLine

if TYPE_CHECKING:
    from pipeline.stages.read.recognise.drawing import Pixels

MARK_CONTRAST: Final = 60
"""Least difference (of 255) of a letter from what is around it: print has 150 and more, specks and stains less."""
MARK_HEIGHT_POINTS: Final = (3.0, 30.0)
"""Least and greatest height of a mark that may be a letter."""
MARK_WIDTH_POINTS: Final = (0.8, 60.0)
"""The same for its width; letters that touch are one mark."""
LEAST_MARKS: Final = 3
"""Marks from which the rest of a page is looked at again."""
WORD_RIM_POINTS: Final = 1.2
"""What is painted over around a word, for accents that its box leaves out."""
SECOND_CONFIDENCE: Final = 0.6
"""Least confidence (0 to 1) of a word that only the second look gives: pictures and stains read as words have less."""

LEAST_SURE: Final = 0.5
"""Least share of such words in a line that is text as a whole, its doubtful words included."""


class Remainder(NamedTuple):
    """A page without the words that were read.

    Attributes:
        pixels: The page, height × width, grey.
        marks: Number of marks of a letter's size that are left.
    """

    pixels: Pixels
    marks: int


def find_remainder(pixels: Pixels, lines: Iterable[SeenLine], dpi: float) -> Remainder:
    """Paint over what was read.

    Args:
        pixels: The page as the engine saw it, height × width, grey.
        lines: What was read.
        dpi: Resolution, pixels per inch.

    Returns:
        The rest of the page.
    """
    import cv2
    import numpy as np

    point = dpi / POINTS_PER_INCH
    reach = round(MARK_HEIGHT_POINTS[1] / 3 * point) // 2 * 2 + 1
    paper = cv2.morphologyEx(pixels, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_RECT, (reach, reach)))
    rest = pixels.copy()
    rim = WORD_RIM_POINTS * point
    for line in lines:
        for word in line.words:
            rows = slice(max(0, round(word.y0 - rim)), round(word.y1 + rim))
            columns = slice(max(0, round(word.x0 - rim)), round(word.x1 + rim))
            rest[rows, columns] = paper[rows, columns]
    ink = (cv2.subtract(paper, rest) >= MARK_CONTRAST).astype(np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    widths, heights = stats[1:, 2] / point, stats[1:, 3] / point
    high = (heights >= MARK_HEIGHT_POINTS[0]) & (heights <= MARK_HEIGHT_POINTS[1])
    letters = high & (widths >= MARK_WIDTH_POINTS[0]) & (widths <= MARK_WIDTH_POINTS[1])
    return Remainder(rest, int(letters.sum()))


def sure_lines(lines: Iterable[SeenLine]) -> tuple[SeenLine, ...]:
    """Return what of a second look is text.

    Args:
        lines: What the engine read in the rest of a page.

    Returns:
        Whole lines of which half of the words are sure, one of them of two letters or digits; of others, the sure words
        where there is such a one. What is left is stains.
    """
    kept = []
    for line in lines:
        words = tuple(word for word in line.words if word.confidence >= SECOND_CONFIDENCE)
        if any(sum(character.isalnum() for character in word.text) > 1 for word in words):
            whole = len(words) >= LEAST_SURE * len(line.words)
            kept.append(line if whole else line.model_copy(update={"words": words}))
    return tuple(kept)
