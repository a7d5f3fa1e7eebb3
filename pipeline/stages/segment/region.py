"""Regions of tables, and what all pages show together."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from math import inf
from typing import Literal, NamedTuple

from pipeline.models.layout import TableEvidence
from pipeline.models.page import Fill, Page, Picture
from pipeline.stages.segment.lines import GlyphLine, group_lines

SAME_COLUMN = 2.5
"""Largest difference, in points, of boundaries or text edges that are one column's."""

PICTURE_APART = 36.0
"""Farthest, in points, that a picture is from a table's lines whose cell it is in: wide padding and a pause."""

Kind = Literal["edges", "ruled", "bare"]
"""What a table's rows are set like: those whose columns edges show; those at gutters with edges, and without any."""


class TypeScale(NamedTuple):
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


class Region:
    """A two-column table's part on one page, before its rows are divided.

    Attributes:
        boundary: x that parts label and value, points.
        x0: Left edge, points.
        top: Upper edge, points.
        x1: Right edge, points.
        bottom: Lower edge, points.
        evidence: What shows the table.
        at_gutter: Whether white space alone shows its columns.
        labels_right: Whether its labels are right of their values.
        kind: Tables that are measured together, once all are found.
        separators: Heights at which edges part its rows, points, top to bottom.
        numbering: x behind a numbering column, points; None without one.
        label_right: x that labels can reach, points; None where the labels show it by themselves.
        label_left: x from which labels are set where white space alone shows the columns, points; else None.
        value_right: The same of values.
        closed_top: Whether an edge is drawn above its first row; None where nothing shows it.
        closed_bottom: The same below its last row.
        late: Whether a value at its end may have its label on the next page.
        ahead: Whether a label at its end may have its value there.
        rests: Whether it may begin with the rest of a row of the page before.
        marked: Whether a colon by itself or a leader marks each row of its columns.
        marks: Base lines of these, points.
        cells: Whether each cell has its edges: its rows are not divided any further.
        nested: Rows of cells inside value cells: upper and lower edge, and the boundaries between the cells, points.
        label_ids: Ids of the labels' glyphs; more may come, none goes.
        value_ids: Ids of the values' glyphs, likewise.
    """

    def __init__(self, boundary: float, box: tuple[float, float, float, float], evidence: TableEvidence) -> None:
        self.boundary = boundary
        self.x0, self.top, self.x1, self.bottom = box
        self.evidence = evidence
        self.at_gutter = False
        self.labels_right = False
        self.kind: Kind = "edges"
        self.separators: list[float] = []
        self.numbering: float | None = None
        self.label_right: float | None = None
        self.label_left: float | None = None
        self.value_right: float | None = None
        self.closed_top: bool | None = None
        self.closed_bottom: bool | None = None
        self.rests, self.late, self.ahead = True, False, False
        self.marks: list[float] = []
        self.marked = False
        self.cells = False
        self.nested: list[tuple[float, float, tuple[float, ...]]] = []
        self.label_ids = array("I")
        self.value_ids = array("I")
        self._lines: dict[bool, tuple[int, list[GlyphLine]]] = {}

    def column(self, *, of_labels: bool) -> tuple[float, float]:
        """The left and the right edge of a column, points."""
        left, right = (self.x0, self.boundary), (self.boundary, self.x1)
        return left if of_labels != self.labels_right else right

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
        x0, x1 = self.column(of_labels=False)
        texts = sorted((line.middle, line.x0) for line in self.value_lines(page))

        def is_near(shape: Picture | Fill) -> bool:
            level = self.top - PICTURE_APART <= shape.bottom and shape.top <= self.bottom + PICTURE_APART
            return level and x0 <= shape.x0 < x1

        def holds_nothing(fill: Fill) -> bool:
            inside = texts[bisect_right(texts, (fill.top, inf)) : bisect_left(texts, (fill.bottom, -inf))]
            return all(left >= fill.x1 for _, left in inside)

        shapes: list[Picture | Fill] = [picture for picture in page.pictures if is_near(picture)]
        shapes += [f for f in page.fills if is_near(f) and f.x1 < x1 - SAME_COLUMN and holds_nothing(f)]
        # The dots of a line are many at one height.
        return list(dict.fromkeys((shape.top, shape.bottom) for shape in shapes))

    def _group(self, page: Page, ids: Sequence[int], *, of_labels: bool) -> list[GlyphLine]:
        """Group a column's glyphs, once as long as none comes: half of the steps look at the lines of columns."""
        count, lines = self._lines.get(of_labels, (-1, []))
        if count != len(ids):
            lines = group_lines(page, ids)
            self._lines[of_labels] = len(ids), lines
        return lines
