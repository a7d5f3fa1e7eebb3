"""Lines of letters that are drawn, by paths or in a picture: a person reads them, and no reader does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from pipeline.stages.read.drawn import Rectangle

LETTER_HEIGHTS: Final = (2.5, 40.0)
"""Heights, in points, of what may be a letter: of an `x` in type of 6 pt, and of a capital of 54 pt."""
LEAST_LETTERS: Final = 5
"""Least number of letters in a line: the signs of an icon or of a short formula are fewer."""
LEAST_SHAPES: Final = 4
"""Least number of sizes among them: ornaments, leader dots and stars repeat one or two."""
SAME_SIZE: Final = 0.4
"""Width, in points, of the steps in which sizes are compared."""
OFF_LINE: Final = 0.35
"""Largest distance of a letter's middle from those before it, as a share of the tallest's height: an `x` and a `p`."""
WORD_GAP: Final = 1.5
"""Largest gap in a line, as a share of the tallest letter's height."""
TALL: Final = 4.0
"""Largest ratio of the tallest letter's height to the usual one's."""
OVERLAP: Final = 1.2
"""Largest ratio of the letters' widths together to that of the line: the curves of a chart lie over each other."""
FILLED: Final = 0.35
"""Least such ratio: letters are close to each other."""
CURVED: Final = 0.3
"""Least share of letters with curves (in English text, two thirds)."""


class Outline(NamedTuple):
    """A filled or stroked subpath: its box (points, from the visible page's top left), and whether it has curves."""

    box: Rectangle
    curved: bool


def find_lines(outlines: Iterable[Outline]) -> Iterator[Rectangle]:
    """Find the outlines that look like a line of letters.

    Args:
        outlines: What is drawn on a page.

    Yields:
        The box of each line.
    """
    low, high = LETTER_HEIGHTS
    letters = [each for each in outlines if low <= each.box[3] - each.box[1] <= high and _width(each) <= high]
    letters.sort(key=_middle)
    line: list[Outline] = []
    for letter in letters:
        if line and _middle(letter) - _middle(line[-1]) > OFF_LINE / 2 * max(map(_height, line)):
            yield from _divide(line)
            line = []
        line.append(letter)
    yield from _divide(line)


def looks_written(sizes: Sequence[tuple[float, float]], length: float) -> bool:
    """Return whether marks on a line may be letters: some, of several sizes, as high as each other, and close.

    Args:
        sizes: Width and height of each mark, from left to right.
        length: The line's length in the same unit.
    """
    if len(sizes) < LEAST_LETTERS:
        return False
    heights = sorted(height for _, height in sizes)
    share = sum(width for width, _ in sizes) / length
    return heights[-1] <= TALL * heights[len(heights) // 2] and FILLED <= share <= OVERLAP


def _divide(line: Sequence[Outline]) -> Iterator[Rectangle]:
    """Divide what is at one height by wide gaps; leave out the inner outlines of letters."""
    part: list[Outline] = []
    for letter in sorted(line, key=lambda each: (each.box[0], -each.box[2])):
        if part and letter.box[2] <= part[-1].box[2] and letter.box[3] <= part[-1].box[3] + 1:
            continue
        if part and letter.box[0] - part[-1].box[2] > WORD_GAP * max(map(_height, part)):
            yield from _judge(part)
            part = []
        part.append(letter)
    yield from _judge(part)


def _judge(part: Sequence[Outline]) -> Iterator[Rectangle]:
    if not part:
        return
    x0, x1 = part[0].box[0], max(each.box[2] for each in part)
    sizes = [(_width(each), _height(each)) for each in part]
    shapes = {(round(width / SAME_SIZE), round(height / SAME_SIZE)) for width, height in sizes}
    curved = sum(each.curved for each in part)
    if len(shapes) >= LEAST_SHAPES and curved >= CURVED * len(part) and looks_written(sizes, max(x1 - x0, 1.0)):
        yield x0, min(each.box[1] for each in part), x1, max(each.box[3] for each in part)


def _height(outline: Outline) -> float:
    return outline.box[3] - outline.box[1]


def _width(outline: Outline) -> float:
    return outline.box[2] - outline.box[0]


def _middle(outline: Outline) -> float:
    return (outline.box[1] + outline.box[3]) / 2
