"""Rules and fills → the edges that can bound cells.

An edge is a straight boundary that a reader sees: a rule, a row of dashes, or the side of a coloured area. Edges on the
same line that touch, or leave only a dash's gap, are one.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
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
WHITE_CHANNEL = 0.985
"""RGB channel value (0 to 1) from which a colour counts as white: a white area shows no edge on white paper."""


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
    fills = tuple(fill for fill in page.fills if _is_coloured(page, fill))
    vertical: list[Edge] = []
    horizontal: list[Edge] = []
    for rule in page.rules:
        if rule.x1 - rule.x0 >= rule.bottom - rule.top:
            horizontal.append(Edge((rule.top + rule.bottom) / 2, rule.x0, rule.x1, "rule"))
        else:
            vertical.append(Edge((rule.x0 + rule.x1) / 2, rule.top, rule.bottom, "rule"))
    for fill in fills:
        vertical += [Edge(x, fill.top, fill.bottom, "fill") for x in (fill.x0, fill.x1)]
        horizontal += [Edge(y, fill.x0, fill.x1, "fill") for y in (fill.top, fill.bottom)]
    return Edges(merge_edges(vertical), merge_edges(horizontal), fills)


def _is_coloured(page: Page, fill: Fill) -> bool:
    if min(fill.colour) >= WHITE_CHANNEL:
        return False
    area = (fill.x1 - fill.x0) * (fill.bottom - fill.top)
    return area < PAGE_SHARE * page.width * page.height


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
