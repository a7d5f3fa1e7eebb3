"""Bands: stretches of a page whose columns vertical edges show.

A vertical edge parts columns where text stands at both sides of it, or where other pages show that it does.
"""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence

from pipeline.stages.segment.edges import COLUMN_BREAK, SAME_EDGE, Edge
from pipeline.stages.segment.sheet import SAME_COLUMN, Band, Sheet

BAND_GAP = 4.0
"""Largest vertical gap, in points, inside one table between the edges of neighbouring cells."""
HANGING = 0.45
"""Farthest that the middle of a punctuation mark hangs beyond its cell's edge, as a share of the font size: typesetters
let those at the ends of justified lines hang."""
NEXT_GLYPH = 1.2
"""Farthest that the middles of neighbouring glyphs of one word are apart, as a share of the font size."""


def find_bands(sheet: Sheet, known: Sequence[float]) -> list[Band]:
    """Find the stretches of a page whose columns vertical edges show.

    Args:
        sheet: The page.
        known: Boundaries between label and value that other pages show, points: an edge there counts even if text
            stands at one side of it only.

    Returns:
        The bands, top to bottom.
    """
    frame = sheet.frame
    interior = [
        edge
        for edge in sheet.edges.vertical
        # The sides of a frame part no columns.
        if frame is None or frame.x0 + SAME_COLUMN < edge.at < frame.x1 - SAME_COLUMN
        if _has_text_beside(sheet, edge) or _is_known_boundary(sheet, edge, known)
    ]
    heights = sorted({value for edge in interior for value in (edge.start, edge.end)})
    bands: list[Band] = []
    for top, bottom in itertools.pairwise(heights):
        if bottom - top < 0.5:
            continue
        middle = (top + bottom) / 2
        crossing = [edge for edge in interior if edge.start <= middle <= edge.end]
        if not crossing:
            continue
        boundaries = _drop_empty_columns(sheet, [edge.at for edge in crossing], top, bottom)
        ruled = any(edge.kind == "rule" for edge in crossing)
        if bands and top - bands[-1].bottom <= BAND_GAP and have_same_boundaries(bands[-1].boundaries, boundaries):
            bands[-1] = bands[-1]._replace(bottom=bottom, ruled=bands[-1].ruled or ruled)
        else:
            bands.append(Band(boundaries, top, bottom, ruled))
    return bands


def find_known_boundaries(sheets: Sequence[Sheet]) -> list[float]:
    """Find the boundaries between columns that pages with both label and value show.

    Args:
        sheets: The pages.

    Returns:
        The boundaries, points, left to right: they hold for the pages with one of the columns, too.
    """
    found: Counter[float] = Counter()
    for sheet in sheets:
        for region in sheet.regions():
            for band in find_bands(region, ()):
                if len(band.boundaries) == 1:
                    found[band.boundaries[0]] += 1
    return sorted(found)


def find_bounded_lines(sheet: Sheet) -> set[int]:
    """Find the lines that stand between the edges of cells: no furniture, even if they recur at a page's edge.

    Args:
        sheet: The page.

    Returns:
        The numbers of the lines.
    """
    return {
        index
        for region in sheet.regions()
        for bands in (find_bands(region, ()),)
        for index, line in enumerate(sheet.lines)
        if index not in region.margin
        if any(band.top - 1 <= line.middle <= band.bottom + 1 for band in bands)
    }


def have_same_boundaries(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    """Tell whether the boundaries of two bands are the same columns'.

    Args:
        one: Boundaries, points, left to right.
        other: The other band's.

    Returns:
        True where they are.
    """
    return len(one) == len(other) and all(abs(a - b) <= SAME_COLUMN for a, b in zip(one, other, strict=True))


def overlaps(edge: Edge, top: float, bottom: float) -> bool:
    """Tell whether a vertical edge runs along a good part of a stretch, or a good part of it along the stretch.

    Args:
        edge: The edge.
        top: Upper edge of the stretch, points.
        bottom: Lower edge of the stretch, points.

    Returns:
        True where it does.
    """
    return min(edge.end, bottom) - max(edge.start, top) > 0.3 * min(bottom - top, edge.end - edge.start)


def _drop_empty_columns(sheet: Sheet, boundaries: Sequence[float], top: float, bottom: float) -> tuple[float, ...]:
    """Make one boundary of two with no text between them: the sides of a gap between the columns' fills."""
    lines = [
        sheet.middles(number)
        for number, line in enumerate(sheet.lines)
        if number not in sheet.margin and top - 1 <= line.middle <= bottom + 1
    ]

    def holds_text(start: float, end: float) -> bool:
        return any(
            place < len(middles) and middles[place] < end
            for middles in lines
            for place in (bisect_right(middles, start),)
        )

    kept: list[float] = []
    for at in boundaries:
        if kept and not holds_text(kept[-1], at):
            kept[-1] = (kept[-1] + at) / 2
        else:
            kept.append(at)
    return tuple(kept)


def _is_known_boundary(sheet: Sheet, edge: Edge, known: Sequence[float]) -> bool:
    """Tell whether an edge with text on one side stands where other pages part label and value.

    So it does on a page that holds only the tail of a row: its label cell is drawn, and empty.
    """
    if not any(abs(edge.at - at) <= SAME_COLUMN or _is_beside_gap(sheet, edge, at) for at in known):
        return False
    return any(
        index not in sheet.margin and edge.start - 1 <= line.middle <= edge.end + 1
        for index, line in enumerate(sheet.lines)
    ) and (
        any(overlaps(other, edge.start, edge.end) for other in sheet.edges.vertical if other.at < edge.at - SAME_COLUMN)
        or any(
            other.start < edge.at - SAME_COLUMN < other.end and edge.start - 2 <= other.at <= edge.end + 2
            for other in sheet.edges.horizontal
        )
    )


def _is_beside_gap(sheet: Sheet, edge: Edge, at: float) -> bool:
    """Tell whether an edge is one side of a gap around a boundary, whose other side is as high.

    So it is where each column has an edge of its own.
    """
    if abs(edge.at - at) > COLUMN_BREAK / 2:
        return False
    return any(
        abs(edge.at + other.at - 2 * at) <= SAME_EDGE
        and abs(edge.start - other.start) <= SAME_EDGE
        and abs(edge.end - other.end) <= SAME_EDGE
        for other in sheet.edges.vertical
        if other is not edge
    )


def _has_text_beside(sheet: Sheet, edge: Edge) -> bool:
    """Tell whether text stands on both sides of a vertical edge, within its height: an edge between columns."""
    left = right = False
    for index, line in enumerate(sheet.lines):
        if index in sheet.margin or not edge.start - 1 <= line.middle <= edge.end + 1:
            continue
        if line.x0 < edge.at - 1 or line.x1 > edge.at + 1:
            middles = sheet.middles(index)
            if middles:
                left = left or middles[0] < edge.at
                right = right or (middles[-1] > edge.at and not _hangs_over(middles, edge.at, line.size))
            if left and right:
                return True
    return False


def _hangs_over(middles: Sequence[float], at: float, size: float) -> bool:
    """Tell whether all that a line has beyond an edge is its last glyph, which hangs out of the cell before it."""
    beyond = len(middles) - bisect_right(middles, at)
    return (
        beyond == 1
        and len(middles) > 1
        and middles[-1] - at <= HANGING * size
        and middles[-1] - middles[-2] <= NEXT_GLYPH * size
    )
