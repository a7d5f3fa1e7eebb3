"""Rules and fills → the edges that can bound cells.

An edge is a straight boundary that a reader sees: a rule, a row of dashes, or the side of a coloured area across which
the colour changes. Edges on the same line that touch, or leave only a dash's gap, are one.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import chain, pairwise, product
from typing import Final, Literal, NamedTuple

from pipeline.models.page import Fill, Page
from pipeline.text.lines import NEARLY_ALL

SAME_EDGE: Final = 2.0
"""Largest distance, in points, of parallel edges that are one: both sides of a thick rule, a rule on a fill's side."""
COLUMN_BREAK: Final = 40.0
"""Widest gap, in points, between the edges of two neighbouring columns that have edges of their own."""
DASH_GAP: Final = 7.0
"""Largest gap, in points, between dashes of one rule."""
LONGEST_DASH: Final = 10.0
"""Longest dash, as a multiple of the gap next to it: longer rules end there, as those of two tables that meet do."""
LEAST_EDGE: Final = 6.0
"""Least length, in points, of an edge that can bound a cell, and least height and width of what can hold a
line of text: shorter marks are bullets, logos, underlined letters."""
SEPARATOR_SHARE: Final = NEARLY_ALL
"""Least share of a column's width, or of a row's height, along which an edge runs that parts rows, or columns: an
underline covers its text only."""


class Edge(NamedTuple):
    """A straight boundary.

    Attributes:
        at: x of a vertical edge, y of a horizontal one, points.
        start: Upper or left end, points.
        end: Lower or right end, points.
        kind: What draws it.
    """

    at: float
    start: float
    end: float
    kind: Literal["rule", "fill"]


class Edges(NamedTuple):
    """The edges of a page.

    Attributes:
        vertical: Vertical edges, left to right.
        horizontal: Horizontal edges, top to bottom.
        fills: The coloured areas that can be seen, in drawing order.
    """

    vertical: tuple[Edge, ...]
    horizontal: tuple[Edge, ...]
    fills: tuple[Fill, ...]


def merge_edges(edges: Iterable[Edge]) -> tuple[Edge, ...]:
    """Merge parallel edges that are one boundary.

    Args:
        edges: Edges of one direction.

    Returns:
        Merged edges by place; of `rule` where any part is a rule.
    """
    lines: list[list[Edge]] = []
    for edge in sorted(edges):
        if lines and edge.at - lines[-1][0].at <= SAME_EDGE:
            lines[-1].append(edge)
        else:
            lines.append([edge])
    merged: list[Edge] = []
    for line in lines:
        parts: list[list[Edge]] = []
        last = Edge(0.0, -math.inf, -math.inf, "rule")
        for edge in sorted(line, key=lambda item: item.start):
            if _go_on(last, edge):
                parts[-1].append(edge)
                last = max(last, edge, key=lambda item: item.end)
            else:
                parts.append([edge])
                last = edge
        for part in parts:
            start, end = part[0].start, max(edge.end for edge in part)
            if end - start < LEAST_EDGE:
                continue
            rules = [edge for edge in part if edge.kind == "rule"] or part
            weight = sum(edge.end - edge.start for edge in rules) or 1.0
            at = sum(edge.at * (edge.end - edge.start) for edge in rules) / weight
            merged.append(Edge(round(at, 3), start, end, rules[0].kind))
    return tuple(merged)


def _go_on(last: Edge, edge: Edge) -> bool:
    """Return whether an edge continues one that ends before it, or touches it: dashes, or coloured cells with gaps."""
    gap = edge.start - last.end
    whole = last.kind == edge.kind == "rule" and min(last.end - last.start, edge.end - edge.start) > LONGEST_DASH * gap
    return gap <= SAME_EDGE or (gap <= DASH_GAP and not whole)


def run_along(edges: Iterable[Edge], start: float, end: float) -> bool:
    """Return whether edges of one direction run along enough of a stretch (points) to part rows, or columns."""
    covered, reached = 0.0, start
    for edge in sorted(edges, key=lambda item: item.start):
        low, high = max(edge.start, reached), min(edge.end, end)
        if high > low:
            covered += high - low
            reached = high
    return start < end and covered / (end - start) >= SEPARATOR_SHARE


def find_separators(
    edges: Edges, x0: float, boundary: float, x1: float, top: float, bottom: float
) -> tuple[list[float], set[str]]:
    """Find the heights at which horizontal edges part rows, and what draws them.

    Args:
        edges: The page's edges.
        x0: Left edge of the table, points.
        boundary: x that parts label and value, points.
        x1: Right edge of the table, points.
        top: Upper edge of the stretch to search, points.
        bottom: Lower edge of the stretch, points.

    Returns:
        The heights, points, top to bottom, and the kinds of their edges (`rule`, `fill`).
    """
    found: list[float] = []
    kinds: set[str] = set()
    near = [edge for edge in edges.horizontal if top - SAME_EDGE <= edge.at <= bottom + SAME_EDGE]
    for edge in near:
        if found and edge.at - found[-1] <= SAME_EDGE:
            continue
        level = [other for other in near if abs(other.at - edge.at) <= SAME_EDGE]
        filled = all(other.kind == "fill" for other in level)
        if run_along(level, x0, boundary) and (filled or run_along(level, boundary, x1)):
            found.append(edge.at)
            kinds.update(other.kind for other in level)
    return found, kinds


Colour = tuple[float, float, float]

PAPER: Final[Colour] = (1.0, 1.0, 1.0)
ACROSS: Final = 0.6
"""Distance, in points, from an edge at which the colours on both sides are compared: half of a hairline's width."""
SAME_TINT: Final = 0.015
"""Largest difference of an RGB channel (0 to 1) that no reader sees."""
BUCKET: Final = 24.0
"""Height, in points, of the stretches by which areas are looked up: about two lines of text."""
BUCKET_WIDTH: Final = 96.0
"""Width of these stretches, likewise: a row of dots that draws a rule is in several, a cell's area in a few."""
MOST_FILLS: Final = 4000
"""Most areas of a page whose visibility is compared; a page with more is a drawing."""


class PageColours:
    """The colours of a page, by place."""

    def __init__(self, fills: Sequence[Fill]) -> None:
        self.fills = fills
        self._buckets: dict[tuple[int, int], list[int]] = defaultdict(list)
        for number, fill in enumerate(fills):
            for bucket in _list_buckets(fill.x0, fill.top, fill.x1, fill.bottom):
                self._buckets[bucket].append(number)

    def at(self, x: float, y: float) -> Colour:
        """The colour that shows at a place: that of the last area drawn there."""
        for number in reversed(self._buckets.get((int(x // BUCKET_WIDTH), int(y // BUCKET)), ())):
            fill = self.fills[number]
            if fill.x0 <= x <= fill.x1 and fill.top <= y <= fill.bottom:
                return fill.colour
        return PAPER

    def near(self, x0: float, top: float, x1: float, bottom: float) -> list[Fill]:
        """The areas in a part of the page, in no order."""
        buckets = _list_buckets(x0, top, x1, bottom)
        return [self.fills[number] for number in {n for b in buckets for n in self._buckets.get(b, ())}]


def _list_buckets(x0: float, top: float, x1: float, bottom: float) -> Iterable[tuple[int, int]]:
    """Return the column and row of each bucket that a part of the page is in."""
    columns = range(int(x0 // BUCKET_WIDTH), int(x1 // BUCKET_WIDTH) + 1)
    return product(columns, range(int(top // BUCKET), int(bottom // BUCKET) + 1))


def differ(one: Colour, other: Colour) -> bool:
    """Return whether a reader sees two colours as two."""
    return max(abs(a - b) for a, b in zip(one, other, strict=True)) > SAME_TINT


def find_visible_edges(page: Page) -> Edges:
    """Find the edges on a page that can be seen.

    Args:
        page: The page.

    Returns:
        Its edges, merged; of fills only sides across which the colour changes, and only fills that show such a side.
    """
    tints = PageColours(_leave_out_bars(page) if len(page.fills) <= MOST_FILLS else ())
    vertical: list[Edge] = []
    horizontal: list[Edge] = []
    for rule in page.rules:
        if rule.x1 - rule.x0 >= rule.bottom - rule.top:
            horizontal.append(Edge((rule.top + rule.bottom) / 2, rule.x0, rule.x1, "rule"))
        else:
            vertical.append(Edge((rule.x0 + rule.x1) / 2, rule.top, rule.bottom, "rule"))
    shown: list[Fill] = []
    for fill in tints.fills:
        upright = [_visible_side(tints, x, fill.top, fill.bottom, upright=True) for x in (fill.x0, fill.x1)]
        level = [_visible_side(tints, y, fill.x0, fill.x1, upright=False) for y in (fill.top, fill.bottom)]
        vertical += chain(*upright)
        horizontal += chain(*level)
        if any(upright + level) and differ(fill.colour, PAPER):
            shown.append(fill)
    return Edges(merge_edges(vertical), merge_edges(horizontal), tuple(shown))


def _leave_out_bars(page: Page) -> Sequence[Fill]:
    """Return a page's areas but for those that hold nothing and are painted over text, and so are no cells."""
    covered = [part for part in page.concealed if part.reason == "covered"]
    return [
        fill
        for fill in page.fills
        if not any(
            min(fill.x1, part.x1) - max(fill.x0, part.x0) > 1
            and min(fill.bottom, part.bottom) - max(fill.top, part.top) > 1
            for part in covered
        )
        or any(
            fill.x0 <= (glyph.x0 + glyph.x1) / 2 <= fill.x1
            and fill.top <= (glyph.top + glyph.bottom) / 2 <= fill.bottom
            for glyph in page.glyphs
        )
    ]


def _visible_side(tints: PageColours, at: float, start: float, end: float, *, upright: bool) -> list[Edge]:
    """Return the stretches of a side across which the colour changes."""
    breaks = {start, end}
    sides = at - 2 * ACROSS, at + 2 * ACROSS
    for fill in tints.near(sides[0], start, sides[1], end) if upright else tints.near(start, sides[0], end, sides[1]):
        along = (fill.top, fill.bottom) if upright else (fill.x0, fill.x1)
        across = (fill.x0, fill.x1) if upright else (fill.top, fill.bottom)
        if across[0] <= sides[1] and sides[0] <= across[1]:
            breaks.update(place for place in along if start < place < end)
    found: list[Edge] = []
    for low, high in pairwise(sorted(breaks)):
        middle = (low + high) / 2
        if upright:
            one, other = tints.at(at - ACROSS, middle), tints.at(at + ACROSS, middle)
        else:
            one, other = tints.at(middle, at - ACROSS), tints.at(middle, at + ACROSS)
        if differ(one, other):
            if found and found[-1].end == low:
                found[-1] = found[-1]._replace(end=high)
            else:
                found.append(Edge(at, low, high, "fill"))
    return found
