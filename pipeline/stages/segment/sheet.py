"""A page while its tables are found, and what all pages show together: what the steps of segmentation hand on."""

from __future__ import annotations

import copy
import itertools
from array import array
from collections.abc import Sequence
from typing import Literal, NamedTuple

from pipeline.models.layout import LeftOutReason, TableEvidence
from pipeline.models.packed import pack_ids
from pipeline.models.page import Fill, Page, Picture
from pipeline.stages.segment.edges import SAME_EDGE, Edges, find_edges
from pipeline.stages.segment.frames import Frame, find_frames, split_at_frames
from pipeline.stages.segment.lines import GlyphLine, group_lines
from pipeline.stages.segment.ornaments import find_drawn_rules, find_leaders, find_stamp, set_initials

SAME_COLUMN = 2.5
"""Largest difference, in points, of boundaries or text edges that are one column's."""

PICTURE_APART = 36.0
"""Farthest, in points, that a picture stands from a table's lines whose cell it is in: wide padding and a pause."""

Kind = Literal["edges", "ruled", "bare"]
"""What a table's rows are set like: those whose columns edges show; those at gutters with edges, and without any."""


class Band(NamedTuple):
    """A stretch of a page with the same column boundaries."""

    boundaries: tuple[float, ...]
    top: float
    bottom: float
    ruled: bool


class Division(NamedTuple):
    """A stretch of a value column that edges divide into columns of its own: a table in a cell, a row of four cells."""

    top: float
    bottom: float
    boundaries: tuple[float, ...]


class Style(NamedTuple):
    """What all pages together show.

    Attributes:
        size: Font size of most glyphs, points.
        leading: Usual base line distance, points.
        smallest: Smallest font size that a good part of the text is set in, points: labels may be smaller than values.
        label_leading: The same of labels, once tables are found.
        value_leading: The same of values.
    """

    size: float
    leading: float
    smallest: float
    label_leading: float = 0.0
    value_leading: float = 0.0


class Sheet:
    """A page with what has been found on it so far.

    Attributes:
        page: The page as read.
        edges: Its edges.
        upright: Ids of the glyphs that are set upright and can be seen, but for what is no text.
        left_out: Ids of the glyphs that are no text of any cell, by the reason.
        frames: The frames of tables on it.
        lines: The glyphs' lines, top to bottom; none runs over a side of a frame.
        frame: Of a region, the frame that it is the inside of.
        margin: Numbers of the lines that are furniture candidates.
        parts: The label and text tables, in the order they were found.
        other: Bands of other tables, with the numbers of the lines inside.
        headed: Bands that show a filled header row only.
    """

    def __init__(self, page: Page) -> None:
        self.page = page = set_initials(page)
        drawn, rules = find_drawn_rules(page)
        self.edges: Edges = find_edges(page.model_copy(update={"rules": (*page.rules, *rules)}) if rules else page)
        glyphs = page.glyphs
        seen = [setting.upright and not setting.concealed for setting in glyphs.settings]
        self.upright = pack_ids([index for index, setting in enumerate(glyphs.setting_ids) if seen[setting]])
        self.left_out: dict[LeftOutReason, list[int]] = {"ornament": drawn, "stamp": find_stamp(page, self.upright)}
        self._leave_out()
        lines = group_lines(page, self.upright)
        leaders = find_leaders(page, lines)
        if leaders:
            self.left_out["ornament"] += leaders
            self._leave_out()
            lines = group_lines(page, self.upright)
        self.frames: list[Frame] = find_frames(page, self.edges, lines)
        self.lines: list[GlyphLine] = split_at_frames(page, lines, self.frames)
        self.frame: Frame | None = None
        self.margin: set[int] = set()
        self.parts: list[Part] = []
        self.other: list[tuple[Band, set[int]]] = []
        self.headed: list[Band] = []
        self._middles: dict[int, array[float]] = {}

    def _leave_out(self) -> None:
        gone = {index for ids in self.left_out.values() for index in ids}
        if gone:
            self.upright = pack_ids([index for index in self.upright if index not in gone])

    def leave_out_ornaments(self, ids: Sequence[int]) -> None:
        """Take glyphs that are no text out of the lines."""
        if not ids:
            return
        self.left_out["ornament"] += ids
        self._leave_out()
        gone = set(ids)
        kept: list[GlyphLine] = []
        for line in self.lines:
            own = [index for index in line.ids if index not in gone]
            kept += [line] if len(own) == len(line.ids) else group_lines(self.page, own)
        self.lines = kept

    def middles(self, number: int) -> array[float]:
        """The middles of a line's visible glyphs, left to right; worked out once."""
        found = self._middles.get(number)
        if found is None:
            ink, lefts, rights = self.page.glyphs.ink, self.page.glyphs.lefts, self.page.glyphs.rights
            middles = [(lefts[index] + rights[index]) / 2 for index in self.lines[number].ids if ink[index]]
            found = self._middles[number] = array("d", sorted(middles))
        return found

    def regions(self) -> list[Sheet]:
        """What a page's frames part: what is inside each, and the rest; each with the lines and edges of its own.

        The lines keep their numbers: those of other regions count as margin lines. What is found is the page's.
        """
        if not self.frames:
            return [self]
        places = [self.frame_of(line) for line in self.lines]
        regions: list[Sheet] = []
        for frame in (*self.frames, None):
            region = copy.copy(self)
            region.frame = frame
            region.margin = self.margin | {number for number, own in enumerate(places) if own != frame}
            vertical = [edge for edge in self.edges.vertical if self._frame_at(edge.at, edge.start, edge.end) == frame]
            region.edges = self.edges._replace(vertical=tuple(vertical))
            regions.append(region)
        return regions

    def frame_of(self, line: GlyphLine) -> Frame | None:
        """The frame that a line stands in."""
        middle = (line.x0 + line.x1) / 2
        return next((frame for frame in self.frames if frame.holds(middle, line.middle)), None)

    def _frame_at(self, at: float, start: float, end: float) -> Frame | None:
        """Give the frame whose side a vertical edge is, or inside which it stands."""
        return next(
            (
                frame
                for frame in self.frames
                if frame.x0 - SAME_EDGE <= at <= frame.outer_x1 + SAME_EDGE
                and start < frame.bottom - SAME_EDGE
                and end > frame.top + SAME_EDGE
            ),
            None,
        )

    def body(self) -> list[GlyphLine]:
        """The lines that are no margin lines, top to bottom."""
        return [line for index, line in enumerate(self.lines) if index not in self.margin]


class Part:
    """A two-column table's part on one page, before its rows are divided.

    Attributes:
        boundary: x that parts label and value, points.
        x0: Left edge, points.
        top: Upper edge, points.
        x1: Right edge, points.
        bottom: Lower edge, points.
        evidence: What shows the table.
        at_gutter: Whether white space alone shows its columns.
        kind: Tables that are measured together, once all are found.
        separators: Heights at which edges part its rows, points, top to bottom.
        framed: Whether it is drawn on all sides.
        divisions: The stretches of its values that edges divide into columns.
        numbering: x behind a numbering column, points; None without one.
        label_right: x that labels can reach, points; None where the labels show it by themselves.
        value_right: The same of values.
        closed_top: Whether an edge is drawn above its first row; None where nothing tells.
        closed_bottom: The same below its last row.
        rests: Whether it may begin with the rest of a row of the page before, and end with a row that goes on.
        goes_on: Whether the next page begins with label and value in the same columns.
        label_ids: Ids of the labels' glyphs; more may come, none goes.
        value_ids: Ids of the values' glyphs, likewise.
    """

    def __init__(self, boundary: float, box: tuple[float, float, float, float], evidence: TableEvidence) -> None:
        self.boundary = boundary
        self.x0, self.top, self.x1, self.bottom = box
        self.evidence = evidence
        self.at_gutter = False
        self.kind: Kind = "edges"
        self.separators: list[float] = []
        self.framed = False
        self.divisions: list[Division] = []
        self.numbering: float | None = None
        self.label_right: float | None = None
        self.value_right: float | None = None
        self.closed_top: bool | None = None
        self.closed_bottom: bool | None = None
        self.rests: tuple[bool, bool] = (True, True)
        self.marks: list[float] = []
        self.marked = False
        self.cells = False
        self.nested: list[tuple[float, float, tuple[float, ...]]] = []
        self.goes_on = False
        self.label_ids = array("I")
        self.value_ids = array("I")
        self._lines: dict[bool, tuple[int, list[GlyphLine]]] = {}

    def label_lines(self, page: Page) -> list[GlyphLine]:
        """The lines of the label column, top to bottom."""
        return self._group(page, self.label_ids, of_labels=True)

    def value_lines(self, page: Page) -> list[GlyphLine]:
        """The lines of the value column, top to bottom."""
        return self._group(page, self.value_ids, of_labels=False)

    def value_pictures(self, page: Page) -> list[tuple[float, float]]:
        """The upper and lower edges, points, of the pictures in the value column, and right above it or below.

        A coloured area that holds no text, and does not reach the table's edge as a cell's does, is one too.
        """
        lines = self.value_lines(page)
        shapes: list[Picture | Fill] = [*page.pictures]
        shapes += [
            fill
            for fill in page.fills
            if fill.x1 < self.x1 - SAME_COLUMN
            and not any(fill.top < line.middle < fill.bottom and line.x0 < fill.x1 for line in lines)
        ]
        return [
            (shape.top, shape.bottom)
            for shape in shapes
            if self.boundary <= shape.x0 < self.x1
            and self.top - PICTURE_APART <= shape.bottom
            and shape.top <= self.bottom + PICTURE_APART
        ]

    def _group(self, page: Page, ids: Sequence[int], *, of_labels: bool) -> list[GlyphLine]:
        """Group a column's glyphs, once as long as none comes: half of the steps look at the lines of columns."""
        count, lines = self._lines.get(of_labels, (-1, []))
        if count != len(ids):
            lines = group_lines(page, ids)
            self._lines[of_labels] = len(ids), lines
        return lines


def assign_glyphs(sheet: Sheet, part: Part) -> None:
    """Give each glyph of a part's extent to its column.

    Args:
        sheet: The page; glyphs of margin lines and of its other parts are left out.
        part: The table's part, which takes the glyphs.
    """
    taken: set[int] = set()
    taken.update(*(sheet.lines[number].ids for number in sheet.margin))
    taken.update(*(ids for other in sheet.parts for ids in (other.label_ids, other.value_ids)))
    glyphs = sheet.page.glyphs
    lefts, rights, setting_ids = glyphs.lefts, glyphs.rights, glyphs.setting_ids
    inside = [part.top - 1 <= (setting.top + setting.bottom) / 2 <= part.bottom + 1 for setting in glyphs.settings]
    for index in sheet.upright:
        if not inside[setting_ids[index]] or index in taken:
            continue
        middle = (lefts[index] + rights[index]) / 2
        if part.x0 - 3 <= middle <= part.x1 + 3:
            (part.label_ids if middle < part.boundary else part.value_ids).append(index)


def assign_lines(sheet: Sheet, part: Part, lines: Sequence[GlyphLine], at: float | None = None) -> None:
    """Give each glyph of lines to its column.

    Args:
        sheet: The page.
        part: The table's part, which takes the glyphs.
        lines: The lines, in no other part.
        at: x that parts label and value on these lines, points; None for the part's boundary.
    """
    boundary = part.boundary if at is None else at
    lefts, rights = sheet.page.glyphs.lefts, sheet.page.glyphs.rights
    for line in lines:
        for index in line.ids:
            middle = (lefts[index] + rights[index]) / 2
            (part.label_ids if middle < boundary else part.value_ids).append(index)


def find_loose_lines(sheet: Sheet) -> list[GlyphLine]:
    """Find the lines that are neither margin lines nor in any table.

    Args:
        sheet: The page.

    Returns:
        The lines, top to bottom.
    """
    taken: set[int] = set()
    taken.update(*(ids for part in sheet.parts for ids in (part.label_ids, part.value_ids)))
    taken.update(*(sheet.lines[number].ids for _, inside in sheet.other for number in inside))
    return [line for line in sheet.body() if taken.isdisjoint(line.ids)]


def pair_neighbours(sheet: Sheet, parts: Sequence[Part]) -> list[tuple[Part, Part]]:
    """Pair the tables of the same columns that follow each other with nothing between.

    Args:
        sheet: The page.
        parts: Tables on it, in any order.

    Returns:
        The upper and the lower table of each pair, top to bottom.
    """
    loose = find_loose_lines(sheet)
    return [
        (upper, lower)
        for upper, lower in itertools.pairwise(sorted(parts, key=lambda part: part.top))
        if abs(upper.boundary - lower.boundary) <= SAME_COLUMN
        and not any(upper.bottom < line.middle < lower.top for line in loose)
    ]
