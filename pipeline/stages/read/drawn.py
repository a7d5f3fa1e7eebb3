"""What the device collects while a page's content is run: glyphs, shapes, pictures, and how each of them is painted."""

# pdfminer hands over objects of no one type.
# ruff: noqa: ANN401

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from operator import mul
from typing import Any, Final, NamedTuple, TypeVar

from pipeline.models.page import Concealment, Rule

Item = TypeVar("Item")
Colour = tuple[float, float, float]
Rectangle = tuple[float, float, float, float]
"""Left, lower, right and upper edge in pdfminer's space: points, the origin at the media box's lower left."""
Point = tuple[float, float]

UNMAPPED: Final = "\ufffd"
"""Stands for a glyph of which the file does not say what character it is."""
ARTIFACT: Final = "Artifact"
"""The tag of marked content that is no part of the text: page numbers, running lines (ISO 32000-1, 14.8.2.2)."""
UNDRAWN: Final = -2
"""In the place of a marked content's number, which is -1 and more: a glyph that the second reader does not see, by its
own limits."""
SAME_COLOUR_DISTANCE: Final = 0.06
"""Largest difference of any RGB channel (0 to 1) at which text can't be distinguished from what is behind it."""
OPAQUE: Final = 1 - SAME_COLOUR_DISTANCE
"""Least opacity (0 to 1) that hides black on white: what shines through differs by less than the distance above."""
TRANSPARENT: Final = SAME_COLOUR_DISTANCE
"""Most opacity (0 to 1) at which black on white can't be seen."""
STROKING_RENDER_MODES: Final = (1, 2, 5, 6)
"""Text rendering modes that stroke the outline (ISO 32000-1, table 106): the glyph shows whatever its fill."""
FILLING_RENDER_MODES: Final = (0, 2, 4, 6)
"""Text rendering modes that fill the outline (the same table)."""
UNPAINTED_MODE: Final = 3
"""The text rendering mode that paints nothing and does not clip either (the same table)."""
CLIPPING_MODE: Final = 7
"""The one that paints nothing: its letters show where something is painted through them."""
INVISIBLE_RENDER_MODES: Final = (UNPAINTED_MODE, CLIPPING_MODE)
SAME_PLACE: Final = 0.1
"""Largest distance, in points, of a side from that of the rectangle around it that is one with it: rounded numbers."""
COVERED_HEIGHTS: Final = (0.25, 0.75)
"""Shares of a glyph's height at which something that hides it must lie over its middle: its small letters' height. A
line struck through it lies over its middle, too."""
COVERED_WIDTHS: Final = (0.25, 0.5, 0.75)
"""Shares of its width at which something that is no upright rectangle may lie over it."""
COVERED_SHARE: Final = 0.8
"""Least share of these places that it must lie over: a slanted edge leaves one of six free."""
CURVE_STEPS: Final = 8
"""Lines that stand for a curve: those for a circle of 400 pt across are 1 pt from it at most."""
CLOSED_CORNERS: Final = 5
"""Points of a rectangle that returns to its first corner."""
EVERYWHERE: Final = (float("-inf"), float("-inf"), float("inf"), float("inf"))


class Ink(NamedTuple):
    """The lower and upper edge of what a glyph draws, ems above the base line; not numbers where that is not known."""

    low: float
    high: float


NO_INK: Final = Ink(0.0, 0.0)
SOME_INK: Final = Ink(math.nan, math.nan)


class MarkedContent(NamedTuple):
    """Marked content that the file's structure can speak of.

    Attributes:
        tag: Its tag as the content gives it.
        parents: The key of its content stream in the parent tree; None where the stream has none.
        mcid: Its id in the stream; None for an artifact.
    """

    tag: str
    parents: int | None
    mcid: int | None


class PaintState(NamedTuple):
    """How things are painted: the part of the graphics state that says what of them can be seen.

    Attributes:
        clip: The rectangle around the clipping path.
        fill: Opacity of what is filled, 0 to 1, that of the groups around it included.
        stroke: Opacity of what is stroked.
        blends: True where colours are mixed with those below (a blend mode but Normal) or a soft mask applies.
        doubt: Why what is painted may be hidden though nothing here shows it: by a soft mask, or by a clipping path
            that is no rectangle. Only the picture of the page decides.
        letters: What may be letters in the clipping path or the soft mask, which show where something is painted:
            boxes in pdfminer's space, and whether they have curves.
    """

    clip: Rectangle = EVERYWHERE
    fill: float = 1.0
    stroke: float = 1.0
    blends: bool = False
    doubt: Concealment = ""
    letters: tuple[tuple[Rectangle, bool], ...] = ()

    @property
    def covers(self) -> bool:
        """True where what is filled hides what is below."""
        return self.fill >= OPAQUE and not self.blends


@dataclass(slots=True)
class GlyphRun:
    """The glyphs of one shown string: their texts and edges, and what they have in common.

    Attributes:
        font: Name of the font as the file gives it.
        matrix: The four numbers that turn and scale the glyphs (a, b, c, d of ISO 32000-1, 8.3.3).
        y0: Lower edge in pdfminer's space, points.
        y1: Upper edge.
        origin: Height of the base line in pdfminer's space, points.
        height: Extent along the size of the font, points.
        colour: Colour in RGB of what is painted; None where it is not known.
        mode: Text rendering mode.
        look: How it is painted.
        hidden: True in a layer that is switched off.
        mark: Number of the marked content that it is in; -1 outside any.
        source: Where it comes from (see `Glyph.source`).
        codes: What the second reader gives for texts that it does not know.
        behind: Colour of what is certainly right behind it; None where that is to be found.
        doubt: Why its glyphs may be hidden, where only the picture of the page decides.
        glyphs: Of each glyph its text, empty for one without, and its left and right edge in pdfminer's space.
    """

    font: str
    matrix: tuple[float, float, float, float]
    y0: float
    y1: float
    origin: float
    height: float
    colour: Colour | None
    mode: int
    look: PaintState
    hidden: bool
    mark: int
    source: str
    codes: Mapping[str, str] = field(default_factory=dict)
    behind: Colour | None = None
    doubt: Concealment = field(init=False)
    glyphs: list[tuple[str, float, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        unsure = self.colour is None or self.look.blends
        self.doubt = self.look.doubt or ("background_colour" if unsure else "")

    @property
    def paint(self) -> tuple[Any, ...]:
        """The font, the height of its box above the base line, and what makes its glyphs look as they do."""
        return self.font, round(self.y1 - self.origin, 1), self.colour, self.look.fill, self.mode

    @property
    def transparent(self) -> bool:
        """True where all that the rendering mode paints is too faint to be seen."""
        fill, stroke = self.look.fill <= TRANSPARENT, self.look.stroke <= TRANSPARENT
        return (fill or self.mode not in FILLING_RENDER_MODES) and (stroke or self.mode not in STROKING_RENDER_MODES)


class Shape(NamedTuple):
    """A subpath that is filled, stroked or both: pdfminer's object of it, and how it is painted.

    Attributes:
        item: The object.
        look: How it is painted.
        hole: True where it is a gap in the area of the subpath before it that is none: the inner side of a frame.
    """

    item: Any
    look: PaintState
    hole: bool = False


@dataclass(eq=False)
class Cover:
    """An area that hides what lies below it.

    Attributes:
        box: The rectangle around it in pdfminer's space, as the clipping path leaves it.
        picture: True for a picture.
        sure: False where it is that around what is painted, may have gaps, or may let what is below shine through.
        path: What is painted, where that is no upright rectangle: operators with their points.
        even_odd: True where points inside an even number of its outlines are outside (ISO 32000-1, 8.5.3.3).
    """

    box: Rectangle
    picture: bool = False
    sure: bool = False
    path: Sequence[Sequence[Any]] = ()
    even_odd: bool = False

    @cached_property
    def _outline(self) -> list[Point]:
        return flatten(self.path)

    def measure_share(self, left: float, top: float, width: float, height: float) -> float:
        """Measure over what share of the places in a letter it lies (0 to 1): its box is in pdfminer's space."""
        (x0, y0, x1, y1), widths = self.box, COVERED_WIDTHS if self.path else (0.5,)
        places = [(left + a * width, top - b * height) for a in widths for b in COVERED_HEIGHTS]
        inside = (
            x0 <= x <= x1 and y0 <= y <= y1 and (not self.path or encloses(self._outline, x, y, even_odd=self.even_odd))
            for x, y in places
        )
        return sum(inside) / len(places)


class Image(NamedTuple):
    """A picture: the rectangle around what the clipping path leaves of it, in pdfminer's space."""

    box: Rectangle


class Painted(NamedTuple):
    """Letters of a clipping path or soft mask through which something is painted (`PaintState.letters`)."""

    letters: tuple[tuple[Rectangle, bool], ...]


class Replaced(NamedTuple):
    """Letters for which the file gives a text with others: their rectangle in pdfminer's space."""

    box: Rectangle


def find_holes(outlines: Sequence[Sequence[Point]], *, even_odd: bool) -> list[bool]:
    """Return for each outline of a path whether it is inside the last one that is not, and a gap in its area.

    Args:
        outlines: The outlines, the largest first.
        even_odd: True where points inside an even number of outlines are outside (ISO 32000-1, 8.5.3.3).
    """
    holes: list[bool] = []
    around, turns = (0.0, 0.0, 0.0, 0.0), False
    for outline, box in zip(outlines, map(bounds, outlines), strict=True):
        left = sum(ax * by - bx * ay for (ax, ay), (bx, by) in pairwise([*outline, outline[0]])) > 0
        holes.append(around != box == intersect(around, box) and (even_odd or left != turns))
        if not holes[-1]:
            around, turns = box, left
    return holes


def is_rounded(path: Sequence[Sequence[Any]]) -> bool:
    """Return whether a path is a rectangle with rounded corners: what is not curved is half and more of its sides.

    Args:
        path: The path's operators, each with its points.
    """
    points = [part[-1] if len(part) > 1 else path[0][-1] for part in [*path, "h"]]
    x0, y0, x1, y1 = bounds([point for part in path for point in part[1:]])
    reach, straight = min(x1 - x0, y1 - y0) / 2 + SAME_PLACE, 0.0
    for part, ((ax, ay), (bx, by)) in zip([*path[1:], "h"], pairwise(points), strict=True):
        if part[0] in "lh":
            if min(max(ax, bx) - x0, x1 - min(ax, bx), max(ay, by) - y0, y1 - min(ay, by)) > SAME_PLACE:
                return False
            straight += abs(bx - ax) + abs(by - ay)
        elif max(min(bx - x0, x1 - bx), min(by - y0, y1 - by)) > reach:
            return False
    return straight >= x1 - x0 + y1 - y0


def flatten(path: Sequence[Sequence[Any]]) -> list[Point]:
    """Return the corners of a subpath, its curves as `CURVE_STEPS` lines each.

    Args:
        path: The subpath's operators, each with its points.
    """
    points: list[Point] = []
    for operator, *given in path:
        if operator not in "cvy":
            points += given
            continue
        one, two, end = [points[-1], *given] if operator == "v" else [*given, given[-1]][:3]
        curve = points[-1], one, two, end
        for step in range(1, CURVE_STEPS + 1):
            t, u = step / CURVE_STEPS, 1 - step / CURVE_STEPS
            shares = u**3, 3 * u * u * t, 3 * u * t * t, t**3
            x, y = (sum(map(mul, shares, values)) for values in zip(*curve, strict=True))
            points.append((x, y))
    return points


def encloses(outline: Sequence[Point], x: float, y: float, *, even_odd: bool) -> bool:
    """Return whether a point is inside an outline (ISO 32000-1, 8.5.3.3)."""
    winding = 0
    for (ax, ay), (bx, by) in pairwise([*outline, outline[0]]):
        if (ay <= y) != (by <= y) and x < ax + (y - ay) / (by - ay) * (bx - ax):
            winding += 1 if by > ay else -1
    return bool(winding % 2 if even_odd else winding)


def widen(one: Point, other: Point, reach: float, cap: float) -> tuple[tuple[Any, ...]]:
    """Return the path around a stroke from one point to another: half of its width, and how far it reaches out."""
    (ax, ay), (bx, by) = one, other
    length = math.dist(one, other) or 1.0
    x, y = (bx - ax) / length, (by - ay) / length
    ax, ay, bx, by = ax - cap * x, ay - cap * y, bx + cap * x, by + cap * y
    x, y = reach * x, reach * y
    return (("m", (ax - y, ay + x), (bx - y, by + x), (bx + y, by - x), (ax + y, ay - x)),)


def is_rectangle(path: Sequence[Point]) -> bool:
    """Return whether a path's points are the corners of one upright rectangle."""
    points = {(round(x, 2), round(y, 2)) for x, y in path}
    xs, ys = {x for x, _ in points}, {y for _, y in points}
    return len(path) <= CLOSED_CORNERS and len(points) == len(xs) * len(ys) <= 4


def split(
    items: Iterable[Item], apart: Callable[[Item, Item, float], bool], height: Callable[[Item], float] = lambda _: 0.0
) -> Iterator[list[Item]]:
    """Divide a sequence.

    Args:
        items: The sequence.
        apart: Tells of the last item, the next one and the greatest height so far whether the next one is apart.
        height: Gives an item's height.

    Yields:
        What is together.
    """
    part: list[Item] = []
    tallest = 0.0
    for item in items:
        if part and apart(part[-1], item, tallest):
            yield part
            part, tallest = [], 0.0
        part.append(item)
        tallest = max(tallest, height(item))
    if part:
        yield part


def bounds(points: Sequence[Point]) -> Rectangle:
    """Return the rectangle around points."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def enclose(boxes: Iterable[Sequence[float]]) -> Rectangle:
    """Return the rectangle around rectangles."""
    lefts, uppers, rights, lowers = zip(*boxes, strict=True)
    return min(lefts), min(uppers), max(rights), max(lowers)


def grow(box: Rectangle, reach: float) -> Rectangle:
    """Return a rectangle that is larger on each side."""
    return box[0] - reach, box[1] - reach, box[2] + reach, box[3] + reach


def intersect(one: Rectangle, other: Rectangle) -> Rectangle:
    """Return what two rectangles share; one whose edges are reversed where they share nothing."""
    return max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])


def to_rgb(colour: Any) -> Colour | None:
    """Convert a device colour (grey, RGB or CMYK; ISO 32000-1, 10.3) to RGB; None for a pattern or unknown space."""
    if colour is None:
        return None
    parts = colour if isinstance(colour, (tuple, list)) else (colour,)
    if not all(isinstance(part, (int, float)) for part in parts):
        return None
    channels = [min(max(float(part), 0.0), 1.0) for part in parts]
    if len(channels) == 1:
        return (channels[0], channels[0], channels[0])
    if len(channels) == 3:
        return (channels[0], channels[1], channels[2])
    if len(channels) == 4:
        cyan, magenta, yellow, black = channels
        return ((1 - cyan) * (1 - black), (1 - magenta) * (1 - black), (1 - yellow) * (1 - black))
    return None


def same_colour(one: Colour | None, other: Colour | None) -> bool:
    """Return whether two colours are the same to the eye; one that is not known is none's."""
    if one is None or other is None:
        return False
    return max(abs(a - b) for a, b in zip(one, other, strict=True)) <= SAME_COLOUR_DISTANCE


def round_place(value: float) -> float:
    """Round a coordinate as glyphs and shapes are: to 0.001 pt."""
    return round(value, 3)


def middle_line(x0: float, top: float, x1: float, bottom: float) -> Rule:
    """Return a thin rectangle as the rule along its middle."""
    if x1 - x0 >= bottom - top:
        middle = round_place((top + bottom) / 2)
        return Rule(x0, middle, x1, middle)
    middle = round_place((x0 + x1) / 2)
    return Rule(middle, top, middle, bottom)


def cut(box: Rectangle, window: Rectangle) -> Iterator[Rectangle]:
    """Return what a window leaves of a rectangle, where it leaves any."""
    x0, top, x1, bottom = map(round_place, intersect(box, window))
    if x0 <= x1 and top <= bottom:
        yield x0, top, x1, bottom
