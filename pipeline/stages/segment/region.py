"""Regions of tables, and what all pages show together."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING, Final, NamedTuple

from pipeline.models.layout import TableEvidence
from pipeline.models.page import Fill, Page, Picture
from pipeline.stages.segment.lines import GlyphLine

if TYPE_CHECKING:
    from pipeline.stages.segment.page_analysis import Nested, PageBody

SAME_COLUMN: Final = 2.5
"""Largest difference, in points, of boundaries or text edges that are one column's."""

PICTURE_APART: Final = 36.0
"""Farthest, in points, that a picture is from a table's lines whose cell it is in: wide padding and a pause."""


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


class RegionColumn(NamedTuple):
    """A column of a table's region.

    Attributes:
        x0: Left edge, points.
        x1: Right edge, points.
        ids: Ids of its glyphs.
        lines: Its lines, top to bottom.
        reach: x that the text can reach, points, once that is measured; None where the lines show it by themselves.
    """

    x0: float
    x1: float
    ids: Sequence[int]
    lines: Sequence[GlyphLine]
    reach: float | None = None


@dataclass(frozen=True, eq=False, kw_only=True)
class Region:
    """A two-column table's part on one page, before its rows are divided.

    Attributes:
        body: The page.
        evidence: What shows the table.
        left: Its left column, whose right edge is the boundary.
        right: Its right column.
        top: Upper edge, points.
        bottom: Lower edge, points.
        text_left: x from which labels are set where white space alone shows the columns, points; else None.
        separators: Heights at which edges part its rows, points, top to bottom.
        numbering: x behind a numbering column, points; None without one.
        closed_top: Whether an edge is drawn above its first row; None where nothing shows it.
        closed_bottom: The same below its last row.
        rests: Whether it may begin with the rest of a row of the page before.
        marked: Whether a colon by itself or a leader marks each row of its columns.
        marks: Base lines of these, points.
        colons: Ids of these colons.
        cells: Whether each cell has its edges: its rows are not divided any further.
        nested: Rows of cells inside value cells.
    """

    body: PageBody
    evidence: TableEvidence
    left: RegionColumn
    right: RegionColumn
    top: float
    bottom: float
    text_left: float | None = None
    separators: Sequence[float] = ()
    numbering: float | None = None
    closed_top: bool | None = None
    closed_bottom: bool | None = None
    rests: bool = True
    marked: bool = False
    marks: Sequence[float] = ()
    colons: Sequence[int] = ()
    cells: bool = False
    nested: Sequence[Nested] = ()

    @property
    def page(self) -> Page:
        """The page as read."""
        return self.body.page

    @property
    def boundary(self) -> float:
        """X between the columns, points."""
        return self.left.x1

    @property
    def at_gutter(self) -> bool:
        """Whether white space alone shows its columns."""
        return self.text_left is not None


@dataclass(frozen=True, eq=False, kw_only=True)
class LabelledRegion(Region):
    """A region of which it is known which column is whose, and how far their text reaches.

    Attributes:
        label: The column of the labels.
        value: The column of the values.
        late: Whether a value at its end may have its label on the next page.
        ahead: Whether a label at its end may have its value there.
    """

    label: RegionColumn
    value: RegionColumn
    late: bool = False
    ahead: bool = False

    def list_pictures(self) -> list[tuple[float, float]]:
        """List the upper and lower edges, points, of the pictures in the value column, and right above it or below.

        A coloured area that holds no text, and does not reach the table's edge as a cell's does, is one too.
        """
        x0, x1 = self.value[:2]
        texts = sorted((line.middle, line.x0) for line in self.value.lines)

        def is_near(shape: Picture | Fill) -> bool:
            level = self.top - PICTURE_APART <= shape.bottom and shape.top <= self.bottom + PICTURE_APART
            return level and x0 <= shape.x0 < x1

        def holds_nothing(fill: Fill) -> bool:
            inside = texts[bisect_right(texts, (fill.top, inf)) : bisect_left(texts, (fill.bottom, -inf))]
            return all(left >= fill.x1 for _, left in inside)

        shapes: list[Picture | Fill] = [picture for picture in self.page.pictures if is_near(picture)]
        shapes += [f for f in self.page.fills if is_near(f) and f.x1 < x1 - SAME_COLUMN and holds_nothing(f)]
        # The dots of a line are many at one height.
        return list(dict.fromkeys((shape.top, shape.bottom) for shape in shapes))
