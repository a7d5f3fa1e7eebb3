"""Lines of letters that are drawn, by paths or in a picture: a person reads them, and no reader does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from pipeline.models.page import Drawn, Glyph, Picture
from pipeline.stages.read.drawn import Rectangle, enclose, round_place, split
from pipeline.stages.read.regions import is_scan

if TYPE_CHECKING:
    from pipeline.stages.read.picture import PagePicture

LETTER_HEIGHTS: Final = (2.5, 40.0)
"""Heights, in points, of what may be a letter: of an `x` in type of 6 pt, and of a capital of 54 pt."""
LEAST_LETTERS: Final = 5
"""Least number of letters in a line: the signs of an icon or of a short formula are fewer."""
LEAST_SHAPES: Final = 4
"""Least number of sizes among them: ornaments, leader dots and stars repeat one or two."""
LEAST_IN_TEXT: Final = 3
"""The same of letters within a line of text, as a year's figures: an icon there is one outline or two."""
LEAST_SHAPES_IN_TEXT: Final = 2
"""Least number of sizes among those."""
X_HEIGHT: Final = 0.4
"""Least height of such letters, as a share of the font size: that of the small letters of the flattest faces."""
SAME_SIZE: Final = 0.4
"""Width, in points, of the steps in which sizes are compared."""
OFF_LINE: Final = 0.175
"""Largest distance of a letter's middle from the one next to it in height, as a share of the tallest's height: an `x`
and a `p`."""
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

MOST_IMAGES: Final = 500
"""Pictures of a page from which on the rest is not looked into for letters: dividing one takes 0.1 ms."""
COVERED_SHARE: Final = 0.5
"""Least share of a line of drawn letters that glyphs are over: then the text says what is drawn."""

LEAST_DRAWN: Final = 2
"""Least number of letters of a text without ink that are drawn: one may be an icon's or a mark's."""
DRAWN_SHARE: Final = 0.9
"""Least share of such letters that are drawn each at its place, and as few outlines beside them: those of another text
are soon elsewhere."""
OFF_CENTRE: Final = 0.25
"""Largest distance of a drawn letter's middle from that of its width, as a share of this, and most by which it is
wider, as a share of the font size: a `j` or an `r`."""


class Outline(NamedTuple):
    """A filled or stroked subpath: its box (points, from the visible page's top left), and whether it has curves."""

    box: Rectangle
    curved: bool


def find_drawn(
    outlines: Iterable[Outline],
    images: Iterable[Picture],
    drawings: Iterable[Picture],
    glyphs: Sequence[Glyph],
    size: tuple[float, float],
    draw: Callable[[Rectangle], PagePicture | None],
) -> Iterator[Drawn]:
    """Find the pictures and large drawings of a page, and the lines of letters without text that are drawn.

    Args:
        outlines: Its small subpaths.
        images: Its pictures.
        drawings: These, and its drawings.
        glyphs: Its glyphs that can be seen.
        size: Its width and height, points.
        draw: Gives the picture of a part of it.
    """
    outlines = list(outlines)
    lines = list(find_lines(outlines))
    words = find_lines(outlines, LEAST_IN_TEXT, LEAST_SHAPES_IN_TEXT) if outlines else ()
    lines += [word for word in words if word not in lines and _is_in_text(word, glyphs)]
    least, large = LETTER_HEIGHTS
    shown = dict.fromkeys(box for box in images if min(box.x1 - box.x0, box.bottom - box.top) >= least)
    yield from (Drawn("picture", *box) for box in shown)
    for box in dict.fromkeys(drawings):
        if box not in shown and min(box.x1 - box.x0, box.bottom - box.top) > large:
            yield Drawn("drawing", *box)
    if shown and not is_scan(shown, *size, sum(not glyph.text.isspace() for glyph in glyphs)):
        picture = draw(enclose(shown))
        if picture is not None:
            lines += [line for box in [*shown][:MOST_IMAGES] for line in picture.find_lines(box)]
    for x0, top, x1, bottom in lines:
        texts = (
            min(glyph.x1, x1) - max(glyph.x0, x0)
            for glyph in glyphs
            if glyph.top < (top + bottom) / 2 < glyph.bottom and glyph.x0 < x1 and glyph.x1 > x0
        )
        if sum(texts) < COVERED_SHARE * (x1 - x0):
            yield Drawn("letters", *map(round_place, (x0, top, x1, bottom)))


def find_lines(
    outlines: Iterable[Outline], least: int = LEAST_LETTERS, shapes: int = LEAST_SHAPES
) -> Iterator[Rectangle]:
    """Find the outlines that look like a line of letters.

    Args:
        outlines: What is drawn on a page.
        least: Least number of letters in a line.
        shapes: Least number of sizes among them.

    Yields:
        The box of each line.
    """
    letters = sorted((each for each in outlines if _width(each) <= LETTER_HEIGHTS[1]), key=_middle)
    for line in split(letters, lambda last, next_, tall: _middle(next_) - _middle(last) > OFF_LINE * tall, _height):
        yield from _divide(line, least, shapes)


def _is_in_text(box: Rectangle, glyphs: Sequence[Glyph]) -> bool:
    """Return whether a line of text goes on where a box begins or ends, and is as high as it."""
    x0, top, x1, bottom = box
    return any(
        glyph.top < top
        and bottom < glyph.bottom
        and X_HEIGHT * glyph.size <= bottom - top
        and max(x0 - glyph.x1, glyph.x0 - x1) < glyph.size
        for glyph in glyphs
        if not glyph.text.isspace()
    )


def find_outlined(glyphs: Sequence[Glyph], ids: Sequence[int], outlines: Sequence[Outline]) -> Iterator[int]:
    """Find glyphs without ink whose letters are drawn, each at its place: gradients and outlines over a text.

    Args:
        glyphs: A page's glyphs.
        ids: Indices of those without ink.
        outlines: What may be letters that are drawn.

    Yields:
        Indices of the glyphs that say what is drawn.
    """
    lines = split(ids, lambda last, next_, _: next_ - last > 1 or glyphs[next_].baseline != glyphs[last].baseline)
    for line in lines:
        x0, top, x1, bottom = enclose(glyphs[index][1:5] for index in line)
        near = [each.box for each in outlines if x0 <= _centre(each.box) <= x1 and top <= _middle(each) <= bottom]
        inked = [index for index in line if not glyphs[index].text.isspace()]
        letters = [glyphs[index] for index in inked if glyphs[index].text.isalnum()]
        drawn = [letter for letter in letters if any(_fits(box, letter) for box in near)]
        beside = [box for box in near if not any(glyphs[n].x0 <= _centre(box) <= glyphs[n].x1 for n in inked)]
        alike = min(len(drawn), len(letters) - len(beside))
        if len(letters) >= LEAST_DRAWN and alike >= DRAWN_SHARE * len(letters):
            yield from line


def looks_written(sizes: Sequence[tuple[float, float]], length: float, least: int = LEAST_LETTERS) -> bool:
    """Return whether marks on a line may be letters: some, of several sizes, as high as each other, and close.

    Args:
        sizes: Width and height of each mark, from left to right.
        length: The line's length in the same unit.
        least: Least number of marks.
    """
    if len(sizes) < least:
        return False
    heights = sorted(height for _, height in sizes)
    share = sum(width for width, _ in sizes) / length
    return heights[-1] <= TALL * heights[len(heights) // 2] and FILLED <= share <= OVERLAP


def _divide(line: Sequence[Outline], least: int, least_shapes: int) -> Iterator[Rectangle]:
    """Divide what is at one height by wide gaps; leave out the inner outlines of letters."""
    outer: list[Outline] = []
    for letter in sorted(line, key=lambda each: (each.box[0], -each.box[2])):
        if not outer or letter.box[2] > outer[-1].box[2] or letter.box[3] > outer[-1].box[3] + 1:
            outer.append(letter)
    for part in split(outer, lambda last, next_, tall: next_.box[0] - last.box[2] > WORD_GAP * tall, _height):
        box = enclose(each.box for each in part)
        sizes = [(_width(each), _height(each)) for each in part]
        shapes = {(round(width / SAME_SIZE), round(height / SAME_SIZE)) for width, height in sizes}
        mixed = len(shapes) >= least_shapes and sum(each.curved for each in part) >= CURVED * len(part)
        if mixed and looks_written(sizes, max(box[2] - box[0], 1.0), least):
            yield box


def _fits(box: Rectangle, letter: Glyph) -> bool:
    """Return whether an outline is in the middle of a letter's width, and no wider."""
    width = letter.x1 - letter.x0
    off = abs(_centre(box) - (letter.x0 + letter.x1) / 2)
    return off <= OFF_CENTRE * width and box[2] - box[0] <= width + OFF_CENTRE * letter.size


def _centre(box: Rectangle) -> float:
    return (box[0] + box[2]) / 2


def _height(outline: Outline) -> float:
    return outline.box[3] - outline.box[1]


def _width(outline: Outline) -> float:
    return outline.box[2] - outline.box[0]


def _middle(outline: Outline) -> float:
    return (outline.box[1] + outline.box[3]) / 2
