"""Horizontal edges that part rows."""

from __future__ import annotations

from pipeline.stages.segment.edges import SAME_EDGE, Edges, covered_share

SEPARATOR_SHARE = 0.8
"""Least share of a column's width that a horizontal edge covers to part rows: an underline covers its text only."""
LEAST_ROW = 3.0
"""Least height, in points, between separators that holds a row: less is the thickness of a double rule."""


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
    near = [edge for edge in edges.horizontal if top - LEAST_ROW <= edge.at <= bottom + LEAST_ROW]
    for edge in near:
        if found and edge.at - found[-1] <= SAME_EDGE:
            continue
        level = [other for other in near if abs(other.at - edge.at) <= SAME_EDGE]
        label = covered_share(level, x0, boundary)
        value = covered_share(level, boundary, x1)
        filled = all(other.kind == "fill" for other in level)
        if label >= SEPARATOR_SHARE and (value >= SEPARATOR_SHARE or filled):
            found.append(edge.at)
            kinds.update(other.kind for other in level)
    return found, kinds
