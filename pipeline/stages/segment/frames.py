"""Frames: tables and boxes that are drawn on all sides. What stands beside a frame is none of its table.

A frame is stronger evidence than any white space: notes in the margin, line numbers and the table on the other half of
a sheet stand at the heights of a table's rows, and are told from them by its sides alone.
"""

from __future__ import annotations

import itertools
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from pipeline.models.page import Page
from pipeline.stages.segment.edges import SAME_EDGE, Edge, Edges, covered_share
from pipeline.stages.segment.lines import GlyphLine, group_lines, split_runs

FRAME_SHARE = 0.9
"""Least share of a frame's side that its edges cover: the corners of cells with gaps between them are left open."""
INSIDE = 2.5
"""Least distance, in points, of an edge inside a frame from its sides."""
MOST_CROSSINGS = 1_000_000
"""Most pairs of vertical and horizontal edges that are compared: drawings have more, forms a few thousand."""
BESIDE_SHARE = 0.25
"""Most lines beside a frame that no edge divides, as a share of those inside: marks in the margin are fewer."""
REMARK_ROWS = 0.1
"""Largest share of a table's rows with text in its last column for that column to hold a remark, and no values."""
LEAST_ROWS = 8
"""Least number of rows that show so."""


class Frame(NamedTuple):
    """A rectangle whose sides are drawn, points.

    Attributes:
        x0: Left side.
        top: Upper side, or where the sides end.
        x1: Right side; the boundary before a last column that is empty but for a remark.
        bottom: Lower side, or where the sides end.
        outer_x1: Right side, behind such a column.
    """

    x0: float
    top: float
    x1: float
    bottom: float
    outer_x1: float

    def holds_frame(self, other: Frame) -> bool:
        """Tell whether another frame is inside."""
        return self.holds(other.x0, other.top) and self.holds(other.x1, other.bottom)

    def is_beside(self, other: Frame) -> bool:
        """Tell whether another frame stands at the same heights."""
        apart = self.x1 <= other.x0 + INSIDE or other.x1 <= self.x0 + INSIDE
        return apart and self.top < other.bottom and other.top < self.bottom

    def holds(self, x: float, y: float) -> bool:
        """Tell whether a point is inside."""
        return self.x0 <= x <= self.x1 and self.top <= y <= self.bottom


def find_frames(page: Page, edges: Edges, lines: Sequence[GlyphLine]) -> list[Frame]:
    """Find frames: edges that touch each other and draw all sides.

    Text stands at both sides of an edge inside, or else hardly any beside them: columns may have frames of their own.

    Args:
        page: The page.
        edges: Its edges.
        lines: Its lines, which may run over several frames.

    Returns:
        The frames, top to bottom; none inside another.
    """
    groups = [(group, frame) for group in _connect(edges) for frame in (_bound(group),) if frame is not None]
    outer = [
        (group, frame)
        for group, frame in groups
        if not any(other is not frame and other.holds_frame(frame) for _, other in groups)
    ]
    found = []
    for group, frame in outer:
        own = _middles(page, frame, lines)
        inner = [edge for edge in group.vertical if frame.x0 + INSIDE < edge.at < frame.x1 - INSIDE]
        if any(_has_both_sides(edge, own) for edge in inner):
            found.append(_leave_remarks_out(frame, group, own))
        elif not any(other.is_beside(frame) for _, other in outer) and _stands_alone(page, frame, lines, len(own)):
            found.append(frame)
    return sorted(found, key=lambda frame: (frame.top, frame.x0))


def _stands_alone(page: Page, frame: Frame, lines: Sequence[GlyphLine], inside: int) -> bool:
    """Tell whether hardly any text stands beside a box: else it may be a column, or a field beside its label."""
    beside = sum(
        1
        for line in lines
        if frame.top <= line.middle <= frame.bottom
        for start, end in split_runs(page, line)
        if end <= frame.x0 or start >= frame.x1
    )
    return beside <= BESIDE_SHARE * inside


def _connect(edges: Edges) -> list[Edges]:
    """Group edges that touch each other, directly or over others."""
    vertical, horizontal = edges.vertical, edges.horizontal
    if len(vertical) * len(horizontal) > MOST_CROSSINGS:
        return []
    parents = list(range(len(vertical) + len(horizontal)))

    def root(number: int) -> int:
        while parents[number] != number:
            parents[number] = number = parents[parents[number]]
        return number

    heights = [edge.at for edge in horizontal]
    for number, edge in enumerate(vertical):
        first, last = bisect_left(heights, edge.start - SAME_EDGE), bisect_right(heights, edge.end + SAME_EDGE)
        for place in range(first, last):
            if horizontal[place].start - SAME_EDGE <= edge.at <= horizontal[place].end + SAME_EDGE:
                parents[root(len(vertical) + place)] = root(number)
    groups: dict[int, tuple[list[Edge], list[Edge]]] = {}
    for number, edge in enumerate((*vertical, *horizontal)):
        groups.setdefault(root(number), ([], []))[number >= len(vertical)].append(edge)
    return [Edges(tuple(own), tuple(across), ()) for own, across in groups.values() if len(own) > 1 and len(across) > 1]


def _bound(group: Edges) -> Frame | None:
    """Give the frame that edges draw; None where a side is open."""
    top, bottom = min(edge.start for edge in group.vertical), max(edge.end for edge in group.vertical)

    def is_side(at: float) -> bool:
        # Coloured rows have sides, too; where only every other one has, they are no frames.
        own = [edge for edge in group.vertical if edge.kind == "rule" and abs(edge.at - at) <= SAME_EDGE]
        return covered_share(own, top, bottom) >= FRAME_SHARE

    sides = [edge.at for edge in group.vertical if is_side(edge.at)]
    if not sides or max(sides) - min(sides) <= INSIDE:
        return None
    x0, x1 = min(sides), max(sides)
    closed = any(
        covered_share([edge for edge in group.horizontal if abs(edge.at - at) <= SAME_EDGE], x0, x1) >= FRAME_SHARE
        for at in (top, bottom)
    )
    return Frame(x0, top, x1, bottom, x1) if closed else None


def _middles(page: Page, frame: Frame, lines: Sequence[GlyphLine]) -> list[tuple[float, list[float]]]:
    """Give the lines inside a frame: the height of each line's middle, and the middles of its glyphs, left to right."""
    ink, lefts, rights = page.glyphs.ink, page.glyphs.lefts, page.glyphs.rights
    found = []
    for line in lines:
        if frame.top <= line.middle <= frame.bottom:
            middles = [(lefts[index] + rights[index]) / 2 for index in line.ids if ink[index]]
            own = [middle for middle in middles if frame.x0 <= middle <= frame.x1]
            if own:
                found.append((line.middle, sorted(own)))
    return found


def _has_both_sides(edge: Edge, lines: Sequence[tuple[float, list[float]]]) -> bool:
    beside = [middles for height, middles in lines if edge.start <= height <= edge.end]
    return any(middles[0] < edge.at for middles in beside) and any(middles[-1] > edge.at for middles in beside)


def _leave_remarks_out(frame: Frame, group: Edges, lines: Sequence[tuple[float, list[float]]]) -> Frame:
    """Take a last column that is empty but for a remark off a frame."""
    full = [
        edge.at
        for edge in group.vertical
        if frame.x0 + INSIDE < edge.at < frame.x1 - INSIDE
        and edge.start <= frame.top + SAME_EDGE
        and edge.end >= frame.bottom - SAME_EDGE
    ]
    levels = sorted({edge.at for edge in group.horizontal if edge.start <= frame.x0 + SAME_EDGE})
    rows = list(itertools.pairwise(levels))
    if len(full) < 2 or len(rows) < LEAST_ROWS:
        return frame
    at = full[-1]
    filled = sum(any(top < y < bottom and own[-1] > at for y, own in lines) for top, bottom in rows)
    return frame._replace(x1=at) if filled <= max(1.0, REMARK_ROWS * len(rows)) else frame


def split_at_frames(page: Page, lines: Sequence[GlyphLine], frames: Sequence[Frame]) -> list[GlyphLine]:
    """Split the lines that run over the sides of frames.

    What runs on over a side without a gap stays with what it begins with: text may be wider than its cell.

    Args:
        page: The page.
        lines: Its lines, top to bottom.
        frames: The frames on it.

    Returns:
        The lines, each inside one frame or outside of all, top to bottom.
    """
    if not frames:
        return list(lines)
    lefts, rights = page.glyphs.lefts, page.glyphs.rights
    split: list[GlyphLine] = []
    for line in lines:
        near = [frame for frame in frames if frame.top <= line.middle <= frame.bottom]
        if all(frame.x0 <= line.x0 and line.x1 <= frame.x1 for frame in near):
            split.append(line)
            continue
        parts: dict[Frame | None, list[int]] = {}
        runs = split_runs(page, line)
        starts = [start for start, _ in runs]
        for index in line.ids:
            middle = (lefts[index] + rights[index]) / 2
            own = next((frame for frame in near if frame.x0 <= middle <= frame.x1), None)
            if own is None:
                start, end = runs[max(bisect_right(starts, middle) - 1, 0)]
                over = [frame for frame in near if start < frame.x1 and end > frame.x0]
                own = over[0] if len(over) == 1 else None
            parts.setdefault(own, []).append(index)
        for ids in parts.values():
            split += group_lines(page, ids)
    return sorted(split, key=lambda line: (line.baseline, line.x0))
