"""Rules and fills → the edges that can bound cells.

An edge is a straight boundary that a reader sees: a rule, a row of dashes, or the side of a coloured area where the
colour changes. Edges on the same line that touch, or leave only a dash's gap, are one.
"""

from __future__ import annotations

import heapq
import itertools
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from pipeline.models.page import Fill, Page

SAME_EDGE = 2.0
"""Largest distance, in points, of parallel edges that are one: both sides of a thick rule, a rule on a fill's side."""
COLUMN_BREAK = 40.0
"""Widest gap, in points, between the edges of two neighbouring columns that have edges of their own."""
DASH_GAP = 7.0
"""Largest gap, in points, between dashes of one rule."""
LONGEST_DASH = 10.0
"""Longest dash, as a multiple of the gap beside it: longer rules end there, as those of two tables that meet do."""
LEAST_EDGE = 5.0
"""Least length, in points, of an edge that can bound a cell: shorter marks are bullets, logos, underlined letters."""
PAGE_SHARE = 0.85
"""Share of the page's area from which a fill is the page's own background."""
SAME_COLOUR = 0.015
"""Largest difference of any RGB channel (0 to 1) of colours that no reader tells apart."""
BESIDE_SIDE = 0.25
"""Distance, in points, from an area's side at which the colours at both sides are compared: areas that touch may leave
a hairline, or overlap by one, in files whose numbers are rounded."""
BUCKET = 16.0
"""Height or width, in points, of the stretches by which areas are looked up: a line's."""
WHITE = (1.0, 1.0, 1.0)

Colour = tuple[float, float, float]
Span = tuple[float, float, Colour]
"""A stretch of a line, points, and the colour that is seen there."""


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
        fills: The coloured areas that are not the page's background, in drawing order.
    """

    vertical: tuple[Edge, ...]
    horizontal: tuple[Edge, ...]
    fills: tuple[Fill, ...]


def find_edges(page: Page) -> Edges:
    """Find the edges on a page.

    Args:
        page: The page.

    Returns:
        Its edges, merged.
    """
    fills, paper = _paint(page)
    vertical: list[Edge] = []
    horizontal: list[Edge] = []
    for rule in page.rules:
        if rule.x1 - rule.x0 >= rule.bottom - rule.top:
            horizontal.append(Edge((rule.top + rule.bottom) / 2, rule.x0, rule.x1, "rule"))
        else:
            vertical.append(Edge((rule.x0 + rule.x1) / 2, rule.top, rule.bottom, "rule"))
    vertical += _changes([(*fill[:4], fill.colour) for fill in fills], paper)
    horizontal += _changes([(fill.top, fill.x0, fill.bottom, fill.x1, fill.colour) for fill in fills], paper)
    vertical += _joints(fills)
    coloured = tuple(fill for fill in fills if not look_alike(fill.colour, WHITE))
    return Edges(merge_edges(vertical), merge_edges(horizontal), coloured)


def look_alike(one: Colour, other: Colour) -> bool:
    """Tell whether no reader tells two colours apart.

    Args:
        one: RGB channels, 0 to 1.
        other: The other's.

    Returns:
        True where none does.
    """
    return max(abs(a - b) for a, b in zip(one, other, strict=True)) <= SAME_COLOUR


def _paint(page: Page) -> tuple[list[Fill], Colour]:
    """Give the areas that a reader may see, in drawing order, and the colour of the paper: of the page's background.

    An area drawn again in its own colour on another is none: word processors do so behind each line of a cell.
    """
    fills: list[Fill] = []
    paper = WHITE
    buckets: dict[int, list[int]] = {}
    for fill in page.fills:
        if (fill.x1 - fill.x0) * (fill.bottom - fill.top) >= PAGE_SHARE * page.width * page.height:
            paper, fills, buckets = fill.colour, [], {}
            continue
        own = range(int(fill.top // BUCKET), int(fill.bottom // BUCKET) + 1)
        near = [fills[number] for number in buckets.get(own[0], ()) if _touch(fills[number], fill)] if own else []
        if near and _holds(near[-1], fill) and look_alike(near[-1].colour, fill.colour):
            continue
        for bucket in own:
            buckets.setdefault(bucket, []).append(len(fills))
        fills.append(fill)
    return fills, paper


def _touch(one: Fill, other: Fill) -> bool:
    return one.x0 < other.x1 and other.x0 < one.x1 and one.top < other.bottom and other.top < one.bottom


def _holds(outer: Fill, inner: Fill) -> bool:
    """Tell whether an area lies within another one, but for rounding."""
    return (
        outer.x0 <= inner.x0 + BESIDE_SIDE
        and inner.x1 <= outer.x1 + BESIDE_SIDE
        and outer.top <= inner.top + BESIDE_SIDE
        and inner.bottom <= outer.bottom + BESIDE_SIDE
    )


def _changes(areas: Sequence[tuple[float, float, float, float, Colour]], paper: Colour) -> Iterator[Edge]:
    """Give the stretches of areas' sides at which the colour changes.

    Args:
        areas: In drawing order: where each begins across the sides, and along them, where it ends, and its colour.
        paper: The colour behind them.
    """
    buckets: dict[int, list[int]] = {}
    for number, (x0, _, x1, _, _) in enumerate(areas):
        for bucket in range(int((x0 - BESIDE_SIDE) // BUCKET), int((x1 + BESIDE_SIDE) // BUCKET) + 1):
            buckets.setdefault(bucket, []).append(number)

    def look_along(at: float) -> list[Span]:
        near = buckets.get(int(at // BUCKET), ())
        return _spans({n: (areas[n][1], areas[n][3], areas[n][4]) for n in near if areas[n][0] < at < areas[n][2]})

    for at in sorted({side for x0, _, x1, _, _ in areas for side in (x0, x1)}):
        before, behind = look_along(at - BESIDE_SIDE), look_along(at + BESIDE_SIDE)
        ends = sorted({end for spans in (before, behind) for span in spans for end in span[:2]})
        places = [0, 0]
        for start, end in itertools.pairwise(ends):
            seen = [paper, paper]
            for side, spans in enumerate((before, behind)):
                while places[side] < len(spans) and spans[places[side]][1] <= start:
                    places[side] += 1
                if places[side] < len(spans) and spans[places[side]][0] <= start:
                    seen[side] = spans[places[side]][2]
            if not look_alike(*seen):
                yield Edge(at, start, end, "fill")


def _joints(fills: Iterable[Fill]) -> list[Edge]:
    """Give the sides at which areas of one colour and height meet, where those at other heights meet there, too.

    The coloured cells of a row are drawn one by one. So may be the words of a line, but not at one x again and again.
    """
    rows: dict[tuple[float, float], list[Fill]] = {}
    for fill in fills:
        rows.setdefault((round(fill.top, 1), round(fill.bottom, 1)), []).append(fill)
    found: dict[int, list[Edge]] = {}
    for row in rows.values():
        for left, right in itertools.pairwise(sorted(row)):
            if abs(right.x0 - left.x1) <= BESIDE_SIDE:
                found.setdefault(round(right.x0), []).append(Edge(right.x0, right.top, right.bottom, "fill"))
    return [edge for edges in found.values() if len(edges) > 1 for edge in edges]


def _spans(areas: Mapping[int, Span]) -> list[Span]:
    """Give what is seen along a line that crosses areas, numbered in drawing order: of several the last."""
    heights = sorted({end for span in areas.values() for end in span[:2]})
    begins = sorted(areas, key=lambda number: areas[number][0])
    spans: list[Span] = []
    crossed: list[int] = []
    place = 0
    for start, end in itertools.pairwise(heights):
        while place < len(begins) and areas[begins[place]][0] <= start:
            heapq.heappush(crossed, -begins[place])
            place += 1
        while crossed and areas[-crossed[0]][1] <= start:
            heapq.heappop(crossed)
        if crossed:
            spans.append((start, end, areas[-crossed[0]][2]))
    return spans


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
    """Tell whether an edge goes on with one that ends before it, or touches it: dashes, or coloured cells with gaps."""
    gap = edge.start - last.end
    whole = last.kind == edge.kind == "rule" and min(last.end - last.start, edge.end - edge.start) > LONGEST_DASH * gap
    return gap <= SAME_EDGE or (gap <= DASH_GAP and not whole)


def covered_share(edges: Iterable[Edge], start: float, end: float) -> float:
    """Measure how much of a stretch edges cover.

    Args:
        edges: Edges of one direction.
        start: Beginning of the stretch, points.
        end: End of the stretch, points.

    Returns:
        Share of the stretch, 0 to 1.
    """
    if end <= start:
        return 0.0
    covered, reached = 0.0, start
    for edge in sorted(edges, key=lambda item: item.start):
        low, high = max(edge.start, reached), min(edge.end, end)
        if high > low:
            covered += high - low
            reached = high
    return covered / (end - start)
