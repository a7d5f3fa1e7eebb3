"""`Source` → `PageLayout`s: which lines of each page are label, value, margin or free.

The steps, each over all pages before the next: lines; margin lines; column boundaries from vertical edges; where no
vertical rule shows a table, the gutter; rows between separators, or by alignment where no edition table has any.
"""

from __future__ import annotations

import itertools
import math
import re
import statistics
from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from pipeline.fonts import is_bold
from pipeline.models.geometry import Box
from pipeline.models.layout import Cell, LeftOut, PageLayout, RowCells, Table, TableEvidence, TextLine
from pipeline.models.page import Fill, Page, Picture, Source
from pipeline.segment.edges import SAME_EDGE, Edge, Edges, covered_share, find_edges
from pipeline.segment.lines import COLUMN_GAP, GlyphLine, group_lines, make_text_line, split_runs
from pipeline.segment.margins import LARGER_TYPE, find_margin_lines
from pipeline.segment.partition import (
    NEAR_TOP,
    PAUSE,
    Column,
    divide_rows,
    labels_stand_in_middle,
    rows_pause,
    top_offsets,
)

MOST_LEADING = 1.85
"""Largest leading, as a multiple of the font size: lines at 1.5 spacing stand 1.73 apart; what stands farther apart is
rows of one line each."""
WIDEST_LEADING = 2.6
"""Largest leading, as a multiple of the font size, that full lines show."""
FULL_SHARE = 0.85
"""Least extent of a full line, as a share of how far lines that begin at the same x reach."""
UNTOLD_SIZE = 10.0
"""Font size, points, of pages without text."""
UNTOLD_LEADING = 1.2
"""Leading, as a multiple of the font size, where no two lines show it."""
SAME_COLUMN = 2.5
"""Largest difference, in points, of boundaries or text edges that are one column's."""
SEPARATOR_SHARE = 0.8
"""Least share of a column's width that a horizontal edge covers to part rows: an underline covers its text only."""
LEAST_LEADING = 0.95
"""Least base line distance of two lines, as a multiple of the font size: less is a raised mark's."""
LEADING_SHARE = 0.08
"""Least number of base line distances that make one usual, as a share of the most frequent one's."""
LEADING_SPREAD = 1.15
"""Ratio up to which two base line distances are one, rounded."""
BAND_GAP = 4.0
"""Largest vertical gap, in points, inside one table between the edges of neighbouring cells."""
TABLE_GAP = 1.5
"""Largest white space, as a multiple of the leading, between the coloured cells of neighbouring rows."""
BOTH_PADDINGS = 0.9
"""Least white space, as a share of two cells' paddings, between two rows that no edge parts."""
LEAST_ROW = 3.0
"""Least height, in points, between separators that holds a row: less is the thickness of a double rule."""
SIZE_SHARE = 0.08
"""Least share of the glyphs that are set in a size for it to be a table's: notes have fewer."""
SMALLER_TYPE = 0.9
"""Ratio to the body's font size below which a line is set smaller: a note, no row."""
WIDER_COLUMNS = 3
"""Least number of columns of a table that is no label and text table."""
COLUMN_SHARE = 0.6
"""Least share of the lines of a table with three or more columns whose text begins, ends or has its middle at one x."""
LEAST_COLUMN_GAP = 0.5
"""Least white space, as a share of the font size, that all lines of a table with three or more columns leave between
two of them."""
SAME_TABLE = 1.3
"""Ratio of a base line distance to the largest inside a table up to which the next line may be the table's."""
SAME_ROW_GAP = 1.5
"""Largest difference, in points, of base line distances between rows that are one: of a label's line and a value's."""
RECURRING = 0.3
"""Least number of labels that begin at an x, as a share of the most at any, for it to be one of the labels' edges."""
DEEPEST_INDENT = 4.0
"""Deepest indent of a list's items, as a multiple of the font size."""
COLUMN_BREAK = 40.0
"""Widest gap, in points, between the horizontal rules of two neighbouring columns."""
OVERHANG = 0.15
"""Most, as a share of the font size, that a label reaches over the x where values begin: a word as wide as its column,
beside a list that is set in."""
GUTTER_CLEAR = 0.12
"""Least white space before the value column, as a share of the font size."""
MOST_GUTTERS = 12
"""Most gutters that are looked for: a document may set its tables in different widths."""
GUTTER_ROWS = 3
"""Least number of lines that begin at a gutter, over the edition, for it to count."""
GUTTER_LABELS = 2
"""Least number of lines with text on both sides of a gutter for it to count."""
WIDEST_LABEL = 0.52
"""Widest label column, as a share of the table's width: beyond it, the columns are a text set in two columns."""
NARROWEST_LABEL = 0.08
"""Narrowest label column, as a share of the table's width."""
ROW_GAP = 3.2
"""Largest base line distance, as a multiple of the leading, inside a table that white space alone shows."""
MEASURED_LINES = 8
"""Least number of lines on a page that show by themselves how far a column's text can reach."""
SEPARATED_SHARE = 0.6
"""Least share of the pauses in the label column that hold a separator for the rows to be parted by edges."""
PADDED_SHARE = 0.6
"""Least share of the label column's pauses beside which the value column pauses too for rows to be set apart: a row
with an empty value has one pause for two."""
SAME_OFFSET = 0.7
"""Largest difference, in points, of the distances between labels and values that begin side by side."""
ALIKE_SHARE = 0.8
"""Least share of labels at one distance from the value line beside them for it to be the edition's: a label with an
empty value may stand beside any line of the row above."""
SENTENCE_END = (".", "!", "?", "…")
CLOSING = "\"'”“’»)]"
CONFIDENCE: dict[TableEvidence, float] = {"grid": 1.0, "rules": 0.9, "fills": 0.9, "gutter": 0.6}
"""How sure a finding is by its evidence, 0 to 1."""
NUMBERED_SHARE = 0.8
"""Least share of a column's texts that are numbers for it to be a numbering column."""
NUMBERING = re.compile(r"^\(?(\d{1,3}(\.\d{1,3})*|[ivxIVX]{1,5}|[A-Za-z])[.)]?$")
"""A cell of a numbering column (`1.`, `1.1.`, `a)`): part of the label."""


class Band(NamedTuple):
    """A stretch of a page with the same column boundaries."""

    boundaries: tuple[float, ...]
    top: float
    bottom: float
    ruled: bool


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


class Setting(NamedTuple):
    """How the edition sets its rows.

    Attributes:
        separated: True where edges part the rows.
        middle: True where labels stand at the middle of their values.
        padded: True where white space parts the rows (told only where nothing else does).
        offset: Distance of a label's first base line below its value's, points, where rows share one (told only where
            nothing parts the rows and labels stand at the top); None where they do not.
    """

    separated: bool
    middle: bool
    padded: bool
    offset: float | None = None


Division = tuple[list[GlyphLine], list[GlyphLine], float, float]
"""Lines of a row's label and of its value, and its upper and lower edge, points."""


_known_numbers: list[int] = []


def _numbers(count: int) -> list[int]:
    """Give the numbers from 0 on, the same objects for every page: a document has a million glyph ids."""
    _known_numbers.extend(range(len(_known_numbers), count))
    return _known_numbers[:count]


class Sheet:
    """A page with what has been found on it so far."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.edges: Edges = find_edges(page)
        glyphs = page.glyphs.rows
        self.upright = [
            index for index in _numbers(len(glyphs)) if glyphs[index].upright and not glyphs[index].concealed
        ]
        self.lines: list[GlyphLine] = group_lines(page, self.upright)
        self.margin: set[int] = set()
        self.parts: list[Part] = []
        self.other: list[tuple[Band, set[int]]] = []
        self.headed: list[Band] = []
        self._middles: dict[int, array[float]] = {}

    def middles(self, number: int) -> array[float]:
        """The middles of a line's visible glyphs, left to right; worked out once."""
        found = self._middles.get(number)
        if found is None:
            glyphs = self.page.glyphs.rows
            own = [glyphs[index] for index in self.lines[number].ids]
            middles = [(glyph.x0 + glyph.x1) / 2 for glyph in own if glyph.text.strip()]
            found = self._middles[number] = array("d", sorted(middles))
        return found

    def body(self) -> list[GlyphLine]:
        """The lines that are no margin lines, top to bottom."""
        return [line for index, line in enumerate(self.lines) if index not in self.margin]


class Part:
    """A two-column table's part on one page, before its rows are divided."""

    def __init__(self, boundary: float, box: tuple[float, float, float, float], evidence: TableEvidence) -> None:
        self.boundary = boundary
        self.x0, self.top, self.x1, self.bottom = box
        self.evidence = evidence
        self.separators: list[float] = []
        self.numbering: float | None = None
        self.label_right: float | None = None
        self.value_right: float | None = None
        self.closed_top: bool | None = None
        self.closed_bottom: bool | None = None
        self.label_ids: list[int] = []
        self.value_ids: list[int] = []


def segment_pages(source: Source) -> tuple[PageLayout, ...]:
    """Find the tables, margin lines and free lines of every page.

    Args:
        source: The pages as read.

    Returns:
        One layout per page, in order.
    """
    sheets = [Sheet(page) for page in source.pages]
    bounded = [_bounded_lines(sheet) for sheet in sheets]
    body_size = _measure_style(sheets).size
    margins = find_margin_lines(source.pages, [sheet.lines for sheet in sheets], bounded, body_size)
    for sheet, margin in zip(sheets, margins, strict=True):
        sheet.margin = margin
    style = _measure_style(sheets)
    known = _known_boundaries(sheets)
    numberings = [
        band.boundaries
        for sheet in sheets
        for band in _find_bands(sheet, ())
        if len(band.boundaries) == 2 and _is_numbering(sheet, band)
    ]
    for sheet in sheets:
        _find_banded_parts(sheet, style, known, numberings)
    _take_headed_bands(sheets)
    if not any(part.evidence == "grid" for sheet in sheets for part in sheet.parts):
        _find_gutter_parts(sheets, style)
    _find_ruled_rows(sheets, style)
    _find_tails(sheets, style)
    _find_feet(sheets, style)
    _find_loose_rows(sheets, style)
    _measure_reach(sheets, style)
    style = _measure_leadings(sheets, style)
    setting = _measure_setting(sheets, style)
    sheets.reverse()
    # A sheet is let go when it is laid out: a long document's sheets take more than what is made of them.
    return tuple(_lay_out(sheets.pop(), style, setting) for _ in source.pages)


def _measure_style(sheets: Sequence[Sheet]) -> Style:
    sizes: Counter[float] = Counter()
    distances: Counter[float] = Counter()
    glyph_sizes: Counter[float] = Counter()
    wide: list[tuple[int, float, float]] = []
    reach: dict[int, float] = {}
    for sheet in sheets:
        # Only lines that begin at the same x: of two columns the lines stand between each other's.
        above: dict[int, GlyphLine] = {}
        for line in sheet.body():
            sizes[round(line.size, 1)] += len(line.ids)
            glyph_sizes.update(sheet.page.glyphs[index].size for index in line.ids)
            x0 = round(line.x0)
            reach[x0] = max(reach.get(x0, 0.0), line.x1)
            upper = above.get(x0)
            above[x0] = line
            if upper is None or _is_parted(sheet, upper, line):
                continue
            distance = line.baseline - upper.baseline
            if LEAST_LEADING * upper.size <= distance <= MOST_LEADING * upper.size:
                distances[round(distance * 2) / 2] += 1
            elif (
                MOST_LEADING * upper.size < distance <= WIDEST_LEADING * upper.size
                and len(split_runs(sheet.page, line)) == 1
            ):
                wide.append((x0, upper.x1, round(distance * 2) / 2))
    size = max(sizes, key=lambda key: (sizes[key], key)) if sizes else UNTOLD_SIZE
    # Behind a full line a paragraph goes on, so that such a line's distance is no row's, however large it is.
    inside = Counter(distance for x0, x1, distance in wide if x1 >= FULL_SHARE * reach[x0])
    if inside.total() > distances.total():
        distances = inside
    # By glyphs: on a line with label and value, the smaller label does not show in the line's size.
    enough = SIZE_SHARE * glyph_sizes.total()
    smallest = min((own for own, count in glyph_sizes.items() if count >= enough), default=size)
    return Style(size, _usual_leading(distances) or UNTOLD_LEADING * size, min(smallest, size))


def _usual_leading(distances: Counter[float]) -> float | None:
    """Give the usual base line distance, points; None where there is none.

    Lists and short paragraphs stand mostly a gap apart: the least distance that is no exception is the leading.
    """
    if not distances:
        return None
    enough = max(2, LEADING_SHARE * max(distances.values()))
    common = [key for key, count in distances.items() if count >= enough] or list(distances)
    return max(key for key in common if key <= LEADING_SPREAD * min(common))


def _measure_leadings(sheets: Sequence[Sheet], style: Style) -> Style:
    """Measure the leading of labels and of values by themselves: labels may be set smaller."""
    found: list[float] = []
    for column in ("label_ids", "value_ids"):
        distances: Counter[float] = Counter()
        for sheet in sheets:
            for part in sheet.parts:
                for upper, lower in itertools.pairwise(group_lines(sheet.page, getattr(part, column))):
                    distance = lower.baseline - upper.baseline
                    near = (
                        LEAST_LEADING * upper.size <= distance <= max(MOST_LEADING * upper.size, 1.05 * style.leading)
                    )
                    if near and not _is_parted(sheet, upper, lower):
                        distances[round(distance * 2) / 2] += 1
        found.append(_usual_leading(distances) or style.leading)
    return style._replace(label_leading=found[0], value_leading=found[1])


def _is_parted(sheet: Sheet, upper: GlyphLine, lower: GlyphLine) -> bool:
    """Tell whether a horizontal edge runs between two lines: they are different rows' and may stand closer."""
    return any(
        upper.baseline - 1 <= edge.at <= lower.baseline - lower.size / 2 and edge.start <= lower.x0 + 1 <= edge.end
        for edge in sheet.edges.horizontal
    )


# --- column boundaries from vertical edges ---------------------------------------------------------------------------


def _find_banded_parts(
    sheet: Sheet, style: Style, known: Sequence[float], numberings: Sequence[tuple[float, ...]]
) -> None:
    """Find the tables that vertical edges show.

    Args:
        sheet: The page.
        style: What all pages show.
        known: Boundaries between label and value that pages show.
        numberings: Pairs of boundaries behind a numbering column and a label column that pages show.
    """
    bands = _merge_bands(sheet, _find_bands(sheet, known), style)
    for band in bands:
        boundaries = _label_boundaries(sheet, band, numberings)
        inside = {
            index
            for index, line in enumerate(sheet.lines)
            if index not in sheet.margin and band.top - 1 <= line.middle <= band.bottom + 1
        }
        if not inside:
            continue
        if boundaries is None:
            sheet.other.append((band, inside))
            continue
        part = _make_part(sheet, boundaries[1], band.top, band.bottom, band.ruled)
        part.numbering = boundaries[0]
        sheet.parts.append(part)


def _known_boundaries(sheets: Sequence[Sheet]) -> list[float]:
    """Give the boundaries between columns that pages with both label and value show, for the pages with one of them."""
    found: Counter[float] = Counter()
    for sheet in sheets:
        for band in _find_bands(sheet, ()):
            if len(band.boundaries) == 1:
                found[band.boundaries[0]] += 1
    return sorted(found)


def _bounded_lines(sheet: Sheet) -> set[int]:
    """Give the lines that stand between the edges of cells: no furniture, even if they recur at a page's edge."""
    bands = _find_bands(sheet, ())
    return {
        index
        for index, line in enumerate(sheet.lines)
        if any(band.top - 1 <= line.middle <= band.bottom + 1 for band in bands)
    }


def _take_headed_bands(sheets: Sequence[Sheet]) -> None:
    """Take the tables of which a page shows only a filled header row, where other tables have the same columns."""
    boundaries = {part.boundary for sheet in sheets for part in sheet.parts if part.evidence == "fills"}
    for sheet in sheets:
        for band in sheet.headed:
            at = band.boundaries[0]
            if any(abs(at - other) <= SAME_COLUMN for other in boundaries):
                sheet.parts.append(_make_part(sheet, at, band.top, band.bottom, band.ruled))


def _find_bands(sheet: Sheet, known: Sequence[float]) -> list[Band]:
    interior = [
        edge for edge in sheet.edges.vertical if _has_text_beside(sheet, edge) or _is_known_boundary(sheet, edge, known)
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
        if bands and top - bands[-1].bottom <= BAND_GAP and _same_boundaries(bands[-1].boundaries, boundaries):
            bands[-1] = bands[-1]._replace(bottom=bottom, ruled=bands[-1].ruled or ruled)
        else:
            bands.append(Band(boundaries, top, bottom, ruled))
    return bands


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
    if not any(abs(edge.at - at) <= SAME_COLUMN for at in known):
        return False
    return any(
        index not in sheet.margin and edge.start - 1 <= line.middle <= edge.end + 1
        for index, line in enumerate(sheet.lines)
    ) and any(
        other.at < edge.at - SAME_COLUMN and _overlaps(other, edge.start, edge.end) for other in sheet.edges.vertical
    ) | any(
        other.start < edge.at - SAME_COLUMN < other.end and edge.start - 2 <= other.at <= edge.end + 2
        for other in sheet.edges.horizontal
    )


def _same_boundaries(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return len(one) == len(other) and all(abs(a - b) <= SAME_COLUMN for a, b in zip(one, other, strict=True))


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
                right = right or middles[-1] > edge.at
            if left and right:
                return True
    return False


def _merge_bands(sheet: Sheet, bands: list[Band], style: Style) -> list[Band]:
    """Join bands with the same boundaries over rows that show no edge of their own.

    Such rows stand between filled ones, or, where only every other row has a rule between its columns, in the frame
    around the table.
    """
    merged: list[Band] = []
    bands = [_fill_frame(sheet, band, bands, style) for band in bands]
    for band in bands:
        upper = merged[-1] if merged else None
        if upper is not None and len(band.boundaries) == 1 and _same_boundaries(upper.boundaries, band.boundaries):
            between = [line for line in sheet.body() if upper.bottom < line.middle < band.top]
            clear = all(_keeps_clear(sheet, line, band.boundaries[0], style) for line in between)
            ruled = band.ruled or upper.ruled
            framed = ruled and upper.bottom > band.top - 1
            if clear and (framed if ruled else between or _are_rows_apart(sheet, upper, band, style)):
                merged[-1] = upper._replace(bottom=max(upper.bottom, band.bottom))
                continue
        merged.append(band)
    kept: list[Band] = []
    for band in merged:
        if band.ruled or not _fills_reach_over(sheet, band):
            kept.append(band)
            continue
        extended = _extend_band(sheet, band, [other for other in merged if other is not band], style)
        # One filled row with more rows around it is a header row: it does not show how the others are parted.
        if extended == band or _filled_rows(sheet, band) > 1:
            kept.append(extended)
        else:
            sheet.headed.append(extended)
    return kept


def _fill_frame(sheet: Sheet, band: Band, bands: Sequence[Band], style: Style) -> Band:
    """Extend a ruled band to the frame around it, over rows without a rule between their columns.

    Args:
        sheet: The page.
        band: The band.
        bands: All bands of the page.
        style: What all pages show.
    """
    if not band.ruled or len(band.boundaries) != 1:
        return band
    at = band.boundaries[0]
    sides = [
        edge
        for edge in sheet.edges.vertical
        if abs(edge.at - at) > SAME_COLUMN and edge.start <= band.top + 1 and edge.end >= band.bottom - 1
    ]
    lefts, rights = [edge for edge in sides if edge.at < at], [edge for edge in sides if edge.at > at]
    if not lefts or not rights:
        return band
    top = max(min(edge.start for edge in own) for own in (lefts, rights))
    bottom = min(max(edge.end for edge in own) for own in (lefts, rights))
    others = [other for other in bands if not _same_boundaries(other.boundaries, band.boundaries)]
    top = max([top, *(other.bottom for other in others if other.bottom <= band.top + 1)])
    bottom = min([bottom, *(other.top for other in others if other.top >= band.bottom - 1)])
    x0, x1 = min(edge.at for edge in lefts), max(edge.at for edge in rights)
    levels = [
        edge.at
        for edge in sheet.edges.horizontal
        if top - SAME_EDGE <= edge.at <= bottom + SAME_EDGE and covered_share([edge], x0, x1) >= SEPARATOR_SHARE
    ]
    levels = sorted({top, *levels, bottom})

    inside = [line for line in sheet.body() if band.top < line.middle < band.bottom]
    value_x0 = min((right for line in inside if (right := _sides(sheet.page, line, at)[1]) is not None), default=at)

    def is_row(upper: float, lower: float) -> bool:
        """Tell whether what stands between two edges is a row: a value begins where those of the band do."""
        lines = [line for line in sheet.body() if upper < line.middle < lower]
        values = [right for line in lines if (right := _sides(sheet.page, line, at)[1]) is not None]
        return (
            any(abs(right - value_x0) <= SAME_COLUMN for right in values)
            and all(right >= value_x0 - SAME_COLUMN for right in values)
            and all(_keeps_clear(sheet, line, at, style) and x0 - 1 <= line.x0 and line.x1 <= x1 + 1 for line in lines)
        )

    start, end = band.top, band.bottom
    for upper, lower in itertools.pairwise(levels):
        if lower > end + 1 and upper <= end + 1 and is_row(max(upper, end), lower):
            end = lower
    for upper, lower in reversed(list(itertools.pairwise(levels))):
        if upper < start - 1 and lower >= start - 1 and is_row(upper, min(lower, start)):
            start = upper
    return band._replace(top=start, bottom=end)


def _are_rows_apart(sheet: Sheet, upper: Band, lower: Band, style: Style) -> bool:
    """Tell whether two bands with nothing between them are rows of one table, whose coloured cells leave a gap."""
    near = lower.top - upper.bottom <= TABLE_GAP * style.leading
    return near and _band_colours(sheet, upper) == _band_colours(sheet, lower)


def _band_colours(sheet: Sheet, band: Band) -> set[tuple[float, float, float]]:
    return {fill.colour for fill in sheet.edges.fills if fill.top >= band.top - 1 and fill.bottom <= band.bottom + 1}


def _filled_rows(sheet: Sheet, band: Band) -> int:
    return len(
        {round(fill.top) for fill in sheet.edges.fills if fill.top >= band.top - 1 and fill.bottom <= band.bottom + 1}
    )


def _fills_reach_over(sheet: Sheet, band: Band) -> bool:
    """Tell whether fills of the band lie on both sides of its boundary (rows are filled, not the label column)."""
    if len(band.boundaries) != 1:
        return False
    at = band.boundaries[0]
    inside = [fill for fill in sheet.edges.fills if fill.top >= band.top - 1 and fill.bottom <= band.bottom + 1]
    return any(fill.x1 <= at + SAME_EDGE for fill in inside) and any(fill.x0 >= at - SAME_EDGE for fill in inside)


def _extend_band(sheet: Sheet, band: Band, others: Sequence[Band], style: Style) -> Band:
    """Extend a band over unfilled rows directly above and below it, up to the other bands of the page."""
    at = band.boundaries[0]
    ceiling = max((other.bottom for other in others if other.bottom <= band.top + 1), default=0.0)
    floor = min((other.top for other in others if other.top >= band.bottom - 1), default=sheet.page.height)
    body = [line for line in sheet.body() if ceiling <= line.middle <= floor]
    inside = [line for line in body if band.top <= line.middle <= band.bottom]
    if not inside:
        return band
    x0 = min(line.x0 for line in inside)
    top, bottom = band.top, band.bottom
    inner = min(inside, key=lambda item: item.baseline)
    for line in sorted((line for line in body if line.middle < band.top), key=lambda item: -item.baseline):
        apart = top - line.bottom > 2 * style.leading and not _picture_between(sheet, line, inner)
        if apart or not _keeps_clear(sheet, line, at, style, x0):
            break
        top, inner = line.top - 0.5, line
    inner = max(inside, key=lambda item: item.baseline)
    for line in sorted((line for line in body if line.middle > band.bottom), key=lambda item: item.baseline):
        apart = line.top - bottom > 2 * style.leading and not _picture_between(sheet, inner, line)
        if apart or not _keeps_clear(sheet, line, at, style, x0):
            break
        bottom, inner = line.bottom + 0.5, line
    return band._replace(top=top, bottom=bottom)


def _keeps_clear(sheet: Sheet, line: GlyphLine, at: float, style: Style, x0: float | None = None) -> bool:
    """Tell whether a line is set like a table's row: in body type, and with no word across the boundary."""
    if not SMALLER_TYPE * style.smallest <= line.size <= LARGER_TYPE * style.size:
        return False
    left, right = _sides(sheet.page, line, at)
    if left is not None and right is not None and right - left < GUTTER_CLEAR * line.size:
        return False
    if x0 is not None and left is not None and abs(line.x0 - x0) > SAME_COLUMN:
        return False
    return not (left is not None and left > at + OVERHANG * line.size)


def _sides(page: Page, line: GlyphLine, at: float) -> tuple[float | None, float | None]:
    """Give the right edge of a line's text left of `at`, and the left edge of its text right of it."""
    glyphs = page.glyphs.rows
    left: float | None = None
    right: float | None = None
    for index in line.ids:
        glyph = glyphs[index]
        if not glyph.text.strip():
            continue
        if (glyph.x0 + glyph.x1) / 2 < at:
            left = glyph.x1 if left is None else max(left, glyph.x1)
        else:
            right = glyph.x0 if right is None else min(right, glyph.x0)
    return left, right


def _label_boundaries(
    sheet: Sheet, band: Band, numberings: Sequence[tuple[float, ...]]
) -> tuple[float | None, float] | None:
    """Give the x behind a numbering column (None without one) and the x that parts label and value.

    None where the band is no two-column table.
    """
    if len(band.boundaries) == 1:
        return None, band.boundaries[0]
    if len(band.boundaries) == 2 and (
        _is_numbering(sheet, band) or any(_same_boundaries(band.boundaries, other) for other in numberings)
    ):
        return band.boundaries[0], band.boundaries[1]
    return None


def _is_numbering(sheet: Sheet, band: Band) -> bool:
    """Tell whether a band's first column holds numbers only, but for the header row."""
    texts = []
    for line in sheet.body():
        if band.top <= line.middle <= band.bottom:
            text = _text_before(sheet.page, line, band.boundaries[0])
            if text:
                texts.append(text)
    body = texts if len(texts) < 2 or NUMBERING.match(texts[0]) else texts[1:]
    return bool(body) and sum(1 for text in body if NUMBERING.match(text)) >= NUMBERED_SHARE * len(body)


def _text_before(page: Page, line: GlyphLine, at: float) -> str:
    glyphs = page.glyphs.rows
    return "".join([glyphs[index].text for index in line.ids if (glyphs[index].x0 + glyphs[index].x1) / 2 < at]).strip()


def _make_part(sheet: Sheet, boundary: float, top: float, bottom: float, ruled: bool) -> Part:
    """Make a table part of a stretch with one boundary: its extent and its separators."""
    edges = sheet.edges
    lines = [line for line in sheet.body() if top - 1 <= line.middle <= bottom + 1]
    text_x0 = min(line.x0 for line in lines)
    text_x1 = max(line.x1 for line in lines)
    lefts = [edge.at for edge in edges.vertical if _overlaps(edge, top, bottom) and edge.at < boundary - SAME_COLUMN]
    lefts += [
        edge.start
        for edge in edges.horizontal
        if top - SAME_EDGE <= edge.at <= bottom + SAME_EDGE and edge.start < boundary - SAME_COLUMN < edge.end
    ]
    rights = [edge.at for edge in edges.vertical if _overlaps(edge, top, bottom) and edge.at > boundary + SAME_COLUMN]
    rights += [
        edge.end
        for edge in edges.horizontal
        if top - SAME_EDGE <= edge.at <= bottom + SAME_EDGE and edge.start < boundary + SAME_COLUMN < edge.end
    ]
    # The nearest edges are the table's; farther ones are those of bars and frames around it.
    x0 = max([value for value in lefts if value <= text_x0 + SAME_EDGE] or [text_x0])
    x1 = min([value for value in rights if value >= text_x1 - SAME_EDGE] or [text_x1])
    separators, kinds = _separators(edges, x0, boundary, x1, top, bottom)
    evidence: TableEvidence = ("grid" if "rule" in kinds else "rules") if ruled else "fills"
    part = Part(boundary, (x0, top, x1, bottom), evidence)
    part.separators = [at for at in separators if top + LEAST_ROW < at < bottom - LEAST_ROW]
    if "rule" in kinds:
        part.closed_top = any(abs(at - top) <= LEAST_ROW for at in separators)
        part.closed_bottom = any(abs(at - bottom) <= LEAST_ROW for at in separators)
    _assign(sheet, part)
    return part


def _overlaps(edge: Edge, top: float, bottom: float) -> bool:
    return min(edge.end, bottom) - max(edge.start, top) > 0.3 * min(bottom - top, edge.end - edge.start)


def _separators(
    edges: Edges, x0: float, boundary: float, x1: float, top: float, bottom: float
) -> tuple[list[float], set[str]]:
    """Find the heights at which horizontal edges part rows, and what draws them."""
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


def _assign(sheet: Sheet, part: Part) -> None:
    """Give each glyph of the part's extent to its column."""
    margin = {index for number in sheet.margin for index in sheet.lines[number].ids}
    glyphs = sheet.page.glyphs.rows
    taken = {index for other in sheet.parts for index in (*other.label_ids, *other.value_ids)}
    for index in sheet.upright:
        if index in margin or index in taken:
            continue
        glyph = glyphs[index]
        middle_y = (glyph.top + glyph.bottom) / 2
        middle_x = (glyph.x0 + glyph.x1) / 2
        if part.top - 1 <= middle_y <= part.bottom + 1 and part.x0 - 3 <= middle_x <= part.x1 + 3:
            (part.label_ids if middle_x < part.boundary else part.value_ids).append(index)


def _assign_lines(sheet: Sheet, part: Part, lines: Sequence[GlyphLine]) -> None:
    """Give each glyph of lines to its column."""
    glyphs = sheet.page.glyphs.rows
    for line in lines:
        for index in line.ids:
            middle = (glyphs[index].x0 + glyphs[index].x1) / 2
            (part.label_ids if middle < part.boundary else part.value_ids).append(index)


# --- the gutter ------------------------------------------------------------------------------------------------------


def _find_gutter_parts(sheets: Sequence[Sheet], style: Style) -> None:
    """Find tables by white space: columns that begin at the same x on many lines of many pages."""
    for sheet in sheets:
        _leave_out_wider_tables(sheet, style)
    tried: list[float] = []
    for _ in range(MOST_GUTTERS):
        loose = [_loose_lines(sheet) for sheet in sheets]
        at = _best_gutter(sheets, loose, style, tried)
        if at is None:
            return
        tried.append(at)
        found = [
            (sheet, lines, run)
            for sheet, lines in zip(sheets, loose, strict=True)
            for run in _gutter_runs(sheet, lines, at, style)
        ]
        labels = _measure_labels([(sheet, run) for sheet, _, run in found], at, style)
        runs = []
        for sheet, lines, run in found:
            trimmed = _trim_run(sheet, run, at, lines, style, labels)
            if trimmed:
                runs.append((sheet, trimmed))
        if not runs:
            continue
        extent = _gutter_extent(runs, at)
        for sheet, run in runs:
            _add_gutter_part(sheet, run, extent, style)


def _loose_lines(sheet: Sheet) -> list[GlyphLine]:
    taken = {index for part in sheet.parts for index in (*part.label_ids, *part.value_ids)}
    taken |= {index for _, inside in sheet.other for number in inside for index in sheet.lines[number].ids}
    return [line for line in sheet.body() if not taken.intersection(line.ids)]


def _best_gutter(
    sheets: Sequence[Sheet], loose: Sequence[Sequence[GlyphLine]], style: Style, tried: Sequence[float]
) -> float | None:
    """Give the x at which most lines begin beside a label, but for those tried before; None where none is left."""
    starts: Counter[int] = Counter()
    both: Counter[int] = Counter()
    for sheet, lines in zip(sheets, loose, strict=True):
        for line in lines:
            if not SMALLER_TYPE * style.smallest <= line.size <= LARGER_TYPE * style.size:
                continue
            runs = _column_runs(sheet.page, line)
            if len(runs) > 3:
                continue
            for number, (x0, _) in enumerate(runs):
                starts[round(x0)] += 1
                if number == 1:
                    both[round(x0)] += 1
    if not starts:
        return None
    # Tables found before, and text around them, show the width of the page's text as well.
    body = [line for sheet in sheets for line in sheet.body()]
    left = min(line.x0 for line in body)
    right = max(line.x1 for line in body)
    best: tuple[int, float] | None = None
    for x in starts:
        count = sum(starts[x + shift] for shift in (-1, 0, 1))
        labelled = sum(both[x + shift] for shift in (-1, 0, 1))
        share = (x - left) / max(right - left, 1.0)
        if any(abs(x - other) <= SAME_COLUMN for other in tried):
            continue
        if count < GUTTER_ROWS or labelled < GUTTER_LABELS or not NARROWEST_LABEL <= share <= WIDEST_LABEL:
            continue
        if best is None or (labelled + count, -x) > (best[0], -best[1]):
            best = (labelled + count, float(x))
    if best is None:
        return None
    exact = [
        x0
        for sheet, lines in zip(sheets, loose, strict=True)
        for line in lines
        for x0, _ in split_runs(sheet.page, line)
        if abs(x0 - best[1]) <= 1.6
    ]
    return min(exact) if exact else best[1]


def _gutter_runs(sheet: Sheet, lines: Sequence[GlyphLine], at: float, style: Style) -> list[list[GlyphLine]]:
    """Find the stretches of consecutive lines that keep clear of the gutter and have text at it."""
    runs: list[list[GlyphLine]] = []
    current: list[GlyphLine] = []
    edge = at - 0.8
    label_edges = _label_edges(sheet, lines, edge)
    previous: GlyphLine | None = None
    for line in lines:
        left, right = _sides(sheet.page, line, edge)
        fits = _keeps_clear(sheet, line, edge, style)
        if fits and left is not None and label_edges and not label_edges.hold(line.x0, left):
            fits = False
        if fits and left is None and right is not None and right < at - 1.5:
            fits = False
        if current and previous is not None:
            gap = line.baseline - previous.baseline
            if gap > ROW_GAP * style.leading and not _tied(sheet, previous, line):
                runs.append(current)
                current = []
        if fits:
            current.append(line)
        elif current:
            runs.append(current)
            current = []
        previous = line
    if current:
        runs.append(current)
    return runs


def _leave_out_wider_tables(sheet: Sheet, style: Style) -> None:
    """Leave out the tables of three or more columns that white space shows.

    Several lines of such a table have text in three columns, and share the gaps between them: running text has a wide
    gap by chance, but not at the same place on line after line. A numbering column counts with the column behind it.
    """
    rest = _loose_lines(sheet)
    while rest:
        found = _find_wider_table(sheet, rest, style)
        if found is None:
            return
        start, end, boundaries = found
        own = {id(line) for line in rest[start:end]}
        inside = {number for number, line in enumerate(sheet.lines) if id(line) in own}
        sheet.other.append((Band(boundaries, rest[start].top, rest[end - 1].bottom, False), inside))
        rest = rest[end:]


def _find_wider_table(
    sheet: Sheet, lines: Sequence[GlyphLine], style: Style
) -> tuple[int, int, tuple[float, ...]] | None:
    """Find the first table of three or more columns: its first line, the line behind it, boundaries."""
    extents = [_column_runs(sheet.page, line) for line in lines]

    def narrow(gaps: tuple[tuple[float, float], ...], number: int) -> tuple[tuple[float, float], ...] | None:
        line = lines[number]
        fits = SMALLER_TYPE * style.smallest <= line.size <= LARGER_TYPE * style.size
        return _keep_gaps(gaps, extents[number], line) if fits else None

    def is_near(gap: float, number: int, widest: float) -> bool:
        """Tell whether a line stands as near as a table's: one with text in one column only, as a cell's next line."""
        return gap <= PAUSE * style.leading or (gap <= SAME_TABLE * widest and len(extents[number]) > 1)

    for first, own in enumerate(extents):
        if len(own) < WIDER_COLUMNS:
            continue
        start, end, rows, widest = first, first + 1, 1, 0.0
        gaps = narrow(_gaps(own), first)
        for number in range(first + 1, len(lines)):
            gap = lines[number].baseline - lines[number - 1].baseline
            narrowed = narrow(gaps, number) if gaps and gap <= ROW_GAP * style.leading else None
            if narrowed is None:
                break
            gaps = narrowed
            if len(extents[number]) >= WIDER_COLUMNS:
                rows += 1
                end = number + 1
        if gaps is None or rows < GUTTER_ROWS or not _are_columns(gaps, extents[start:end]):
            continue
        widest = max(lower.baseline - upper.baseline for upper, lower in itertools.pairwise(lines[start:end]))
        while end < len(lines) and is_near(lines[end].baseline - lines[end - 1].baseline, end, widest):
            narrowed = narrow(gaps, end)
            if narrowed is None:
                break
            gaps, end = narrowed, end + 1
        while start and is_near(lines[start].baseline - lines[start - 1].baseline, start - 1, widest):
            narrowed = narrow(gaps, start - 1)
            if narrowed is None:
                break
            gaps, start = narrowed, start - 1
        return start, end, tuple((x0 + x1) / 2 for x0, x1 in gaps)
    return None


def _are_columns(gaps: Sequence[tuple[float, float]], extents: Sequence[Sequence[tuple[float, float]]]) -> bool:
    """Tell whether texts begin, end or have their middle at one x behind each gap: stretched word spaces do not."""
    for _, right in gaps:
        behind = [
            next((extent for extent in own if extent[0] >= right - SAME_COLUMN), None)
            for own in extents
            if len(own) >= WIDER_COLUMNS
        ]
        places = [extent for extent in behind if extent is not None]
        alike = max(
            (
                sum(1 for other in ats if abs(other - at) <= SAME_COLUMN)
                for ats in (
                    [x0 for x0, _ in places],
                    [x1 for _, x1 in places],
                    [(x0 + x1) / 2 for x0, x1 in places],
                )
                for at in ats
            ),
            default=0,
        )
        if alike < COLUMN_SHARE * len(places):
            return False
    return True


def _column_runs(page: Page, line: GlyphLine) -> list[tuple[float, float]]:
    """Divide a line at wide gaps, but keep a number of a numbering column with what it numbers."""
    runs = split_runs(page, line)
    if len(runs) > 2 and NUMBERING.match(_text_before(page, line, runs[1][0])):
        runs[:2] = [(runs[0][0], runs[1][1])]
    return runs


def _gaps(extents: Sequence[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
    return tuple((left[1], right[0]) for left, right in itertools.pairwise(extents))


def _keep_gaps(
    gaps: Sequence[tuple[float, float]], extents: Sequence[tuple[float, float]], line: GlyphLine
) -> tuple[tuple[float, float], ...] | None:
    """Narrow the gaps between columns by a line's text; None where it closes one of them."""
    kept: list[tuple[float, float]] = []
    for x0, x1 in gaps:
        inside = [extent for extent in extents if extent[0] < x1 and extent[1] > x0]
        left = max([x0, *(extent[1] for extent in inside if extent[0] <= x0)])
        right = min([x1, *(extent[0] for extent in inside if extent[0] > x0)])
        if right - left < LEAST_COLUMN_GAP * line.size:
            return None
        kept.append((left, right))
    return tuple(kept)


def _tied(sheet: Sheet, upper: GlyphLine, lower: GlyphLine) -> bool:
    """Tell whether a horizontal edge (tall padding) or a picture (in a cell) lies between two lines at a distance."""
    return any(
        upper.bottom - 1 <= edge.at <= lower.top + 1 and edge.end - edge.start > 0.4 * sheet.page.width
        for edge in sheet.edges.horizontal
    ) or _picture_between(sheet, upper, lower)


def _picture_between(sheet: Sheet, upper: GlyphLine, lower: GlyphLine) -> bool:
    """Tell whether a picture, or a coloured area, fills the distance between two lines."""
    shapes: list[Picture | Fill] = [*sheet.page.pictures, *sheet.edges.fills]
    return any(upper.baseline - 1 <= shape.top and shape.bottom <= lower.baseline + 1 for shape in shapes)


class LabelEdges(NamedTuple):
    """Where labels at a gutter begin, end and have their middle, points: one of these recurs, however they are set."""

    lefts: tuple[float, ...]
    rights: tuple[float, ...]
    middles: tuple[float, ...]

    def hold(self, left: float, right: float) -> bool:
        """Tell whether a text is set as the labels are."""
        return any(
            abs(at - edge) <= SAME_COLUMN
            for at, edges in ((left, self.lefts), (right, self.rights), ((left + right) / 2, self.middles))
            for edge in edges
        )


def _label_edges(sheet: Sheet, lines: Sequence[GlyphLine], edge: float) -> LabelEdges | None:
    """Give the x at which labels begin: the usual one, and others that recur (a label beside a numbering column).

    Where labels are set to the right or centred, it is their right edges, or their middles, that recur.
    """
    extents: list[tuple[float, float, int]] = []
    for line in lines:
        left, right = _sides(sheet.page, line, edge)
        if left is not None and (right is None or right - left >= 3 * GUTTER_CLEAR * line.size):
            extents.append((line.x0, left, 1 if right is None else 2))
    if not extents:
        return None
    counted: list[Counter[int]] = [Counter(), Counter(), Counter()]
    for left, right, weight in extents:
        for counter, at in zip(counted, (left, right, (left + right) / 2), strict=True):
            counter[round(at)] += weight
    most = max(counted[0].values())
    lefts = tuple(float(x) for x, count in counted[0].items() if count >= RECURRING * most)
    beside = [(left, right) for left, right, weight in extents if weight > 1]
    others: list[tuple[float, ...]] = []
    for counter, ats in (
        (counted[1], [right for _, right in beside]),
        (counted[2], [(left + right) / 2 for left, right in beside]),
    ):
        x, count = counter.most_common(1)[0]
        alike = sum(1 for at in ats if abs(at - x) <= SAME_COLUMN)
        kept = count > most and len(ats) >= GUTTER_ROWS and alike >= ALIKE_SHARE * len(ats)
        others.append((float(x),) if kept else ())
    return LabelEdges(lefts, others[0], others[1])


def _trim_run(
    sheet: Sheet, run: list[GlyphLine], at: float, lines: Sequence[GlyphLine], style: Style, labels: LabelSetting
) -> list[GlyphLine]:
    """Cut lines from a stretch's ends that no value stands beside; an empty list where nothing is left."""
    edge = at - 0.8

    def begins_value(line: GlyphLine) -> bool:
        left, right = _sides(sheet.page, line, edge)
        if right is None:
            return False
        # A value that is a list begins with its bullet, beside the label.
        indented = left is not None and right - left >= COLUMN_GAP * line.size
        return abs(right - at) <= 2.0 or (indented and at <= right <= at + DEEPEST_INDENT * line.size)

    def belongs(outer: GlyphLine, inner: GlyphLine) -> bool:
        """Tell whether a line at an end is its neighbour's next one, a label with an empty value, or a list's item."""
        apart = abs(inner.baseline - outer.baseline)
        left, right = _sides(sheet.page, outer, edge)
        if apart <= PAUSE * style.leading:
            return True
        if right is None:
            # No value stands beside it to show it: its type and its distance from the row do.
            return labels.has_type(_label_type(sheet, outer, edge)) and any(
                abs(apart - gap) <= SAME_ROW_GAP for gap in labels.gaps
            )
        return left is None and at <= right <= at + DEEPEST_INDENT * outer.size and apart <= max(labels.gaps, default=0)

    start, end = 0, len(run)
    while start < end and not begins_value(run[start]):
        if start + 1 < end and belongs(run[start], run[start + 1]):
            break
        start += 1
    while end > start and not begins_value(run[end - 1]):
        if end - 2 >= start and belongs(run[end - 1], run[end - 2]):
            break
        end -= 1
    kept = run[start:end]
    if not any(begins_value(line) for line in kept):
        return []
    gaps = [
        (right - left) / line.size
        for line in kept
        for left, right in [_sides(sheet.page, line, at - 0.8)]
        if left is not None and right is not None
    ]
    # Words of running text begin at a gutter by chance, but with a word space before them.
    if gaps and max(gaps) < COLUMN_GAP:
        return []
    # A stretch without any label is a table's only where it can go on from another page: it begins the page's body.
    if all(_sides(sheet.page, line, at - 0.8)[0] is None for line in kept) and kept[0] is not lines[0]:
        return []
    return kept


class LabelSetting(NamedTuple):
    """How the rows at one gutter are set.

    Attributes:
        types: Size (points) and boldness of the labels that stand beside a value, with their numbers.
        gaps: Base line distances, points, of such a row from the line above it, where it is set apart.
    """

    types: Counter[tuple[float, bool]]
    gaps: tuple[float, ...]

    def has_type(self, own: tuple[float, bool]) -> bool:
        """Tell whether most labels are set so."""
        return 2 * self.types[own] > self.types.total()


def _measure_labels(runs: Sequence[tuple[Sheet, Sequence[GlyphLine]]], at: float, style: Style) -> LabelSetting:
    edge = at - 0.8
    types: Counter[tuple[float, bool]] = Counter()
    gaps: set[float] = set()
    for sheet, run in runs:
        upper: GlyphLine | None = None
        for line in run:
            left, right = _sides(sheet.page, line, edge)
            if left is not None and right is not None:
                types[_label_type(sheet, line, edge)] += 1
                if upper is not None and line.baseline - upper.baseline > PAUSE * style.leading:
                    gaps.add(round(line.baseline - upper.baseline, 1))
            upper = line
    return LabelSetting(types, tuple(sorted(gaps)))


def _label_type(sheet: Sheet, line: GlyphLine, edge: float) -> tuple[float, bool]:
    """Give the size, points, and boldness of a line's letters left of the gutter."""
    glyphs = [sheet.page.glyphs[index] for index in line.ids]
    own = [glyph for glyph in glyphs if glyph.text.strip() and (glyph.x0 + glyph.x1) / 2 < edge]
    bold = sum(1 for glyph in own if is_bold(sheet.page.fonts[glyph.font]))
    return round(max((glyph.size for glyph in own), default=line.size), 1), 2 * bold > len(own)


class Extent(NamedTuple):
    """Columns of the tables at one gutter, over all pages, points."""

    x0: float
    boundary: float
    x1: float


def _gutter_extent(runs: Sequence[tuple[Sheet, Sequence[GlyphLine]]], at: float) -> Extent:
    edge = at - 0.8
    lines = [(sheet, line) for sheet, run in runs for line in run]
    label_ends = [left for sheet, line in lines for left in [_sides(sheet.page, line, edge)[0]] if left is not None]
    label_right = max(label_ends, default=at)
    drawn = [middle for sheet in {id(sheet): sheet for sheet, _ in runs}.values() for middle in _edge_breaks(sheet)]
    drawn = [middle for middle in drawn if label_right - 1 <= middle <= at + 1]
    boundary = (label_right + at) / 2 if label_right < at else edge
    return Extent(
        x0=min(line.x0 for _, line in lines),
        # Where the rules of the columns leave a gap, it shows how far the labels' column reaches.
        boundary=statistics.median(drawn) if len(drawn) >= GUTTER_LABELS else boundary,
        x1=max(line.x1 for _, line in lines),
    )


def _edge_breaks(sheet: Sheet) -> list[float]:
    """Give the middles, points, of the gaps between horizontal edges at one height: the columns' own rules or fills."""
    return [
        (left.end + right.start) / 2
        for left, right in itertools.pairwise(sorted(sheet.edges.horizontal, key=lambda edge: (edge.at, edge.start)))
        if abs(left.at - right.at) <= SAME_EDGE and 0 < right.start - left.end <= COLUMN_BREAK
    ]


def _add_gutter_part(sheet: Sheet, run: Sequence[GlyphLine], extent: Extent, style: Style) -> None:
    x0, boundary, x1 = extent
    top = min(line.top for line in run)
    bottom = max(line.bottom for line in run)
    near = [item for item in sheet.edges.horizontal if top - 2 * style.leading <= item.at <= bottom + 2 * style.leading]
    # The columns may have rules of their own, with a gap between them.
    x0, x1 = (
        max([item.start for item in near if item.start <= x0 + SAME_EDGE and item.end >= x0] or [x0]),
        min([item.end for item in near if item.start <= x1 and item.end >= x1 - SAME_EDGE] or [x1]),
    )
    separators, kinds = _separators(sheet.edges, x0, boundary, x1, top - 2 * style.leading, bottom + 2 * style.leading)
    evidence: TableEvidence = "rules" if "rule" in kinds else "fills" if kinds else "gutter"
    # An edge beyond another line is none of this table's.
    ceiling = max((line.bottom for line in sheet.body() if line.bottom <= top), default=0.0)
    floor = min((line.top for line in sheet.body() if line.top >= bottom), default=sheet.page.height)
    upper = [value for value in separators if ceiling - 1 <= value <= top + 1]
    lower = [value for value in separators if bottom - 1 <= value <= floor + 1]
    part = Part(boundary, (x0, max(upper) if upper else top, x1, min(lower) if lower else bottom), evidence)
    part.separators = [value for value in separators if top + 1 < value < bottom - 1]
    if "rule" in kinds:
        part.closed_top = bool(upper)
        part.closed_bottom = bool(lower)
    part.numbering = _numbering_gutter(sheet, run, boundary)
    _assign_lines(sheet, part, run)
    sheet.parts.append(part)


def _numbering_gutter(sheet: Sheet, run: Sequence[GlyphLine], boundary: float) -> float | None:
    """Give the x behind a numbering column that white space shows; None where there is none."""
    starts: Counter[float] = Counter()
    left = min(line.x0 for line in run)
    for line in run:
        for number, (x0, _) in enumerate(split_runs(sheet.page, line)):
            if x0 < boundary and (number == 1 or (number == 0 and x0 > left + COLUMN_GAP * line.size)):
                starts[round(x0, 0)] += 1
    for at, count in starts.most_common(1):
        if count < GUTTER_LABELS or at - left < COLUMN_GAP * run[0].size:
            return None
        texts = [text for text in (_text_before(sheet.page, line, at - 0.8) for line in run) if text]
        if texts and sum(1 for text in texts if NUMBERING.match(text)) >= NUMBERED_SHARE * len(texts):
            return at - 0.8
    return None


def _find_ruled_rows(sheets: Sequence[Sheet], style: Style) -> None:
    """Find rows between rules that nothing else shows: one cell is empty, or a lone row has no fill of its own.

    The rules of other rows show their columns.
    """
    known = {
        (part.x0, part.boundary, part.x1)
        for sheet in sheets
        for part in sheet.parts
        if part.evidence in ("rules", "fills") and part.closed_top is not None
    }
    for sheet in sheets:
        for x0, boundary, x1 in sorted(known):
            levels = [
                edge.at
                for edge in sheet.edges.horizontal
                if abs(edge.start - x0) <= SAME_COLUMN and abs(edge.end - x1) <= SAME_COLUMN
            ]
            for top, bottom in itertools.pairwise(levels):
                _take_interval(sheet, (x0, top, x1, bottom), boundary, style)


def _take_interval(sheet: Sheet, box: tuple[float, float, float, float], boundary: float, style: Style) -> None:
    """Add what stands between two rules to the table, where it is a row's and in no table yet."""
    x0, top, x1, bottom = box
    lines = [line for line in sheet.body() if top < line.middle < bottom]
    loose = {id(line) for line in _loose_lines(sheet)}
    if not lines or any(id(line) not in loose for line in lines):
        return
    if not all(
        _keeps_clear(sheet, line, boundary, style) and line.x0 >= x0 - 1 and line.x1 <= x1 + 1 for line in lines
    ):
        return
    for part in sheet.parts:
        if abs(part.boundary - boundary) <= SAME_COLUMN and part.closed_top is not None:
            if abs(part.bottom - top) <= LEAST_ROW:
                part.separators.append(part.bottom)
                part.bottom = bottom
                _assign_lines(sheet, part, lines)
                return
            if abs(part.top - bottom) <= LEAST_ROW:
                part.separators.insert(0, part.top)
                part.top = top
                _assign_lines(sheet, part, lines)
                return
    part = Part(boundary, box, "rules")
    part.closed_top = part.closed_bottom = True
    _assign_lines(sheet, part, lines)
    sheet.parts.append(part)


def _find_tails(sheets: Sequence[Sheet], style: Style) -> None:
    """Find the tails of rows that begin a page, which nothing else shows: set as in the columns of the page before.

    Where a grid is drawn, each cell has its edges, and a line without them is none of the table's.
    """
    starts: tuple[list[float], float | None] = ([], None)
    for upper, sheet in itertools.pairwise(sheets):
        if not upper.parts:
            continue
        last = max(upper.parts, key=lambda part: part.bottom)
        if last.evidence == "grid":
            continue
        if any(line.middle > last.bottom + 1 for line in upper.body() if not _is_small(line, style)):
            continue
        labels = [line.x0 for line in group_lines(upper.page, last.label_ids)]
        values = [line.x0 for line in group_lines(upper.page, last.value_ids)]
        # A page with one column only shows nothing of the other: what the page before showed of it still holds.
        starts = (labels or starts[0], min(values) if values else starts[1])
        tail = _tail_lines(sheet, last, starts, style)
        if not tail:
            continue
        below = min(sheet.parts, key=lambda part: part.top, default=None)
        top, bottom = min(line.top for line in tail), max(line.bottom for line in tail)
        if (
            below is not None
            and abs(below.boundary - last.boundary) <= SAME_COLUMN
            and (below.top - bottom <= ROW_GAP * style.leading)
        ):
            if below.closed_top:
                below.separators.insert(0, below.top)
            below.top = top
            below.closed_top = None if below.closed_top is None else False
            _assign_lines(sheet, below, tail)
            continue
        part = Part(last.boundary, (last.x0, top, last.x1, bottom), "gutter")
        _assign_lines(sheet, part, tail)
        sheet.parts.append(part)


def _find_feet(sheets: Sequence[Sheet], style: Style) -> None:
    """Find labels that stand alone at a page's foot: their values begin the next page, and nothing else shows them."""
    for sheet, following in itertools.pairwise(sheets):
        last = max(sheet.parts, key=lambda part: part.bottom, default=None)
        first = min(following.parts, key=lambda part: part.top, default=None)
        if last is None or first is None or last.evidence == "grid":
            continue
        if abs(first.boundary - last.boundary) > SAME_COLUMN or not _begins_with_value(following, first):
            continue
        above = group_lines(sheet.page, last.label_ids)
        types = Counter(_label_type(sheet, line, last.boundary) for line in above)
        below = [line for line in _loose_lines(sheet) if line.middle > last.bottom - 1]
        reached = max(last.bottom, *(line.bottom for line in above)) if above else last.bottom
        foot: list[GlyphLine] = []
        for line in below:
            is_label = (
                line.x1 <= last.boundary + 1
                and any(abs(line.x0 - other.x0) <= SAME_COLUMN for other in above)
                and 2 * types[_label_type(sheet, line, last.boundary)] > types.total()
                and line.top - reached <= ROW_GAP * style.leading
            )
            if not is_label:
                foot = []
                break
            foot.append(line)
            reached = line.bottom
        if foot:
            last.separators.append(last.bottom)
            last.bottom = foot[-1].bottom
            last.closed_bottom = None if last.closed_bottom is None else False
            _assign_lines(sheet, last, foot)


def _begins_with_value(sheet: Sheet, part: Part) -> bool:
    """Tell whether a table's part begins with a value line that no label stands beside."""
    values = group_lines(sheet.page, part.value_ids)
    labels = group_lines(sheet.page, part.label_ids)
    return bool(values) and (not labels or labels[0].baseline > values[0].baseline + NEAR_TOP * values[0].size)


class Geometry(NamedTuple):
    """Where the columns of known tables stand, points: the boundary, where labels and values begin, the right edge."""

    boundary: float
    label_x0: float
    value_x0: float
    x1: float


def _find_loose_rows(sheets: Sequence[Sheet], style: Style) -> None:
    """Find rows that nothing shows but their columns, which are those of other tables: a lone row without a fill.

    Where a grid is drawn, each cell has its edges, and a line without them is none of the table's.
    """
    known: set[Geometry] = set()
    for sheet in sheets:
        for part in sheet.parts:
            labels, values = group_lines(sheet.page, part.label_ids), group_lines(sheet.page, part.value_ids)
            if part.evidence != "grid" and len(labels) >= GUTTER_LABELS and len(values) >= GUTTER_LABELS:
                label_x0, value_x0 = min(line.x0 for line in labels), min(line.x0 for line in values)
                known.add(Geometry(part.boundary, label_x0, value_x0, part.x1))
    for sheet in sheets:
        run: list[GlyphLine] = []
        at: Geometry | None = None
        loose = _loose_lines(sheet)
        for number, line in enumerate([*loose, None]):
            own = None
            if line is not None:
                neighbours = [*loose[max(number - 1, 0) : number], *loose[number + 1 : number + 2]]
                own = next((one for one in sorted(known) if _begins_row(sheet, line, neighbours, one, style)), None)
                near = bool(run) and line.baseline - run[-1].baseline <= ROW_GAP * style.leading
                if near and at is not None and _goes_on_row(sheet, line, at, own, style):
                    run.append(line)
                    continue
            if run and at is not None:
                part = Part(at.boundary, (at.label_x0, run[0].top, at.x1, max(one.bottom for one in run)), "gutter")
                _assign_lines(sheet, part, run)
                sheet.parts.append(part)
            run, at = ([line], own) if line is not None and own is not None else ([], None)


def _begins_row(sheet: Sheet, line: GlyphLine, neighbours: Sequence[GlyphLine], at: Geometry, style: Style) -> bool:
    """Tell whether label and value begin on a line, in the columns of a known table.

    Where a line that follows or precedes it at the leading runs over both columns, it is running text.
    """
    for other in neighbours:
        near = abs(other.baseline - line.baseline) <= PAUSE * style.leading
        if near and not _keeps_clear(sheet, other, at.boundary, style):
            return False
    left, right = _sides(sheet.page, line, at.boundary)
    return (
        left is not None
        and right is not None
        and right - left >= COLUMN_GAP * line.size
        and abs(line.x0 - at.label_x0) <= SAME_COLUMN
        and at.value_x0 - SAME_COLUMN <= right <= at.value_x0 + DEEPEST_INDENT * line.size
        and line.x1 <= at.x1 + SAME_COLUMN
        and _keeps_clear(sheet, line, at.boundary, style)
    )


def _goes_on_row(sheet: Sheet, line: GlyphLine, at: Geometry, own: Geometry | None, style: Style) -> bool:
    """Tell whether a line goes on with such a row, or begins another one below it."""
    if own is not None:
        return own == at
    left, right = _sides(sheet.page, line, at.boundary)
    if not _keeps_clear(sheet, line, at.boundary, style) or line.x1 > at.x1 + SAME_COLUMN:
        return False
    label_goes_on = left is None or abs(line.x0 - at.label_x0) <= SAME_COLUMN
    value_goes_on = right is None or at.value_x0 - SAME_COLUMN <= right <= at.value_x0 + DEEPEST_INDENT * line.size
    return label_goes_on and value_goes_on


def _tail_lines(sheet: Sheet, last: Part, starts: tuple[list[float], float | None], style: Style) -> list[GlyphLine]:
    """Give the lines at a page's beginning that go on with a column of the page before."""
    label_x0s, value_x0 = starts
    taken = {index for part in sheet.parts for index in (*part.label_ids, *part.value_ids)}
    tail: list[GlyphLine] = []
    aligned = False
    for line in sheet.body():
        if taken.intersection(line.ids) or line.x1 > last.x1 + SAME_COLUMN:
            break
        if not SMALLER_TYPE * style.smallest <= line.size <= LARGER_TYPE * style.size:
            break
        if tail and line.baseline - tail[-1].baseline > ROW_GAP * style.leading:
            break
        left, right = _sides(sheet.page, line, last.boundary)
        at_label = left is not None and any(abs(line.x0 - x0) <= SAME_COLUMN for x0 in label_x0s)
        if at_label and right is not None:
            # Label and value side by side: both go on.
            at_label = (
                value_x0 is not None and right >= value_x0 - 1.5 and _keeps_clear(sheet, line, last.boundary, style)
            )
        at_value = left is None and value_x0 is not None and line.x0 >= value_x0 - 1.5
        if not at_label and not at_value:
            break
        aligned = aligned or at_label or (value_x0 is not None and abs(line.x0 - value_x0) <= 1.5)
        tail.append(line)
    return tail if aligned else []


def _is_small(line: GlyphLine, style: Style) -> bool:
    return line.size < SMALLER_TYPE * style.smallest


# --- rows ------------------------------------------------------------------------------------------------------------


def _rows_are_separated(sheets: Sequence[Sheet], style: Style) -> bool:
    """Tell whether the edition's tables part their rows by edges (one answer for all its pages).

    They do where most pauses in the label column hold a separator: the edges of a header row or a frame alone do not.
    """
    separators = pauses = parted = 0
    for sheet in sheets:
        for part in sheet.parts:
            lines = group_lines(sheet.page, part.label_ids)
            separators += len(part.separators)
            for upper, lower in itertools.pairwise(lines):
                if lower.baseline - upper.baseline > PAUSE * style.label_leading:
                    pauses += 1
                    parted += any(upper.baseline - 1 <= at <= lower.baseline for at in part.separators)
    return separators > 0 and parted >= SEPARATED_SHARE * pauses


def _measure_setting(sheets: Sequence[Sheet], style: Style) -> Setting:
    separated = _rows_are_separated(sheets, style)
    if separated:
        votes = sum(labels_stand_in_middle(*_columns(sheet, part, style)) for sheet in sheets for part in sheet.parts)
        return Setting(separated=True, middle=votes > 0, padded=True)
    votes = found = pauses = 0
    offsets: list[float] = []
    for sheet in sheets:
        for part in sheet.parts:
            columns = _columns(sheet, part, style)
            offsets += top_offsets(*columns)
            votes += labels_stand_in_middle(*columns)
            own = rows_pause(*columns)
            found, pauses = found + own[0], pauses + own[1]
    padded = pauses >= GUTTER_LABELS and found >= PADDED_SHARE * pauses
    middle = votes > 0
    return Setting(separated=False, middle=middle, padded=padded, offset=None if middle else _shared_offset(offsets))


def _shared_offset(offsets: Sequence[float]) -> float | None:
    """Give the distance that nearly all labels have from the value line beside them; None where they differ."""
    if len(offsets) < GUTTER_LABELS:
        return None
    usual = statistics.median(offsets)
    alike = sum(1 for offset in offsets if abs(offset - usual) <= SAME_OFFSET)
    return usual if alike >= ALIKE_SHARE * len(offsets) else None


def _columns(sheet: Sheet, part: Part, style: Style) -> tuple[Column, Column]:
    page = sheet.page
    return (
        _label_column(page, group_lines(page, part.label_ids), style, part.label_right),
        _value_column(page, group_lines(page, part.value_ids), style, part.value_right),
    )


def _label_column(page: Page, lines: Sequence[GlyphLine], style: Style, right: float | None) -> Column:
    capital = [_text(page, line)[:1].isupper() for line in lines]
    return Column(lines, _full_lines(page, lines, right), style.label_leading, capital, capital)


def _value_column(page: Page, lines: Sequence[GlyphLine], style: Style, right: float | None) -> Column:
    texts = [_text(page, line) for line in lines]
    capital = [text[:1].isupper() for text in texts]
    ends = [text.rstrip(CLOSING).endswith(SENTENCE_END) for text in texts]
    anew = [here and before for here, before in zip(capital, [False, *ends], strict=False)]
    return Column(lines, _full_lines(page, lines, right), style.value_leading, capital, anew)


def _text(page: Page, line: GlyphLine) -> str:
    texts = page.glyphs.texts
    return "".join([texts[index] for index in line.ids]).strip()


def _measure_reach(sheets: Sequence[Sheet], style: Style) -> None:
    """Measure how far the text of small tables' columns can reach; many lines show it by themselves.

    A label reaches up to the white space before the value column. A value reaches as far as any text of the pages: a
    table without a right edge is set in the full width.
    """
    body_right = max((line.x1 for sheet in sheets for line in sheet.body()), default=0.0)
    for sheet in sheets:
        for part in sheet.parts:
            values = group_lines(sheet.page, part.value_ids)
            if values and len(group_lines(sheet.page, part.label_ids)) < MEASURED_LINES:
                part.label_right = min(line.x0 for line in values) - COLUMN_GAP * style.size
            if len(values) < MEASURED_LINES and part.evidence == "gutter":
                part.value_right = body_right


def _full_lines(page: Page, lines: Sequence[GlyphLine], right: float | None) -> list[bool]:
    """Tell of each line whether the next line's first word would not have fitted behind it."""
    reach = max([line.x1 for line in lines] + ([] if right is None else [right]), default=0.0)
    full: list[bool] = []
    for number, line in enumerate(lines):
        if number + 1 == len(lines):
            full.append(False)
            continue
        following = make_text_line(page, lines[number + 1])
        word = following.words[0]
        space = 0.25 * line.size
        full.append(line.x1 + space + (word.x1 - word.x0) > reach + 0.5)
    return full


def _lay_out(sheet: Sheet, style: Style, setting: Setting) -> PageLayout:
    page = sheet.page
    tables = [_make_table(sheet, part, style, setting) for part in sheet.parts]
    placed = {index for part in sheet.parts for index in (*part.label_ids, *part.value_ids)}
    margin_lines: list[TextLine] = []
    left_out: list[LeftOut] = []
    for number in sorted(sheet.margin):
        line = sheet.lines[number]
        placed.update(line.ids)
        margin_lines.append(make_text_line(page, line))
    for band, inside in sheet.other:
        ids = [index for number in inside for index in sheet.lines[number].ids if index not in placed]
        placed.update(ids)
        if ids:
            left_out.append(
                LeftOut(
                    reason="other_table",
                    lines=tuple(make_text_line(page, line) for line in group_lines(page, ids)),
                    columns=len(band.boundaries) + 1,
                )
            )
    free = [index for index in sheet.upright if index not in placed]
    free_lines = [make_text_line(page, line) for line in group_lines(page, free)]
    placed.update(index for line in free_lines for index in line.glyphs)
    for concealed in (True, False):
        ids = [
            index
            for index, glyph in enumerate(page.glyphs)
            if index not in placed
            and glyph.text.strip()
            and bool(glyph.concealed) is concealed
            and (glyph.concealed or not glyph.upright)
        ]
        if ids:
            placed.update(ids)
            left_out.append(
                LeftOut(
                    reason="concealed" if concealed else "rotated",
                    lines=tuple(make_text_line(page, line) for line in group_lines(page, ids)),
                )
            )
    return PageLayout(
        number=page.number,
        width=page.width,
        height=page.height,
        glyph_count=sum(glyph.copies for glyph in page.glyphs if glyph.text.strip()),
        glyph_copies=tuple((index, glyph.copies - 1) for index, glyph in enumerate(page.glyphs) if glyph.copies > 1),
        tables=tuple(sorted(tables, key=lambda table: table.box.top)),
        free_lines=tuple(free_lines),
        margin_lines=tuple(margin_lines),
        left_out=tuple(left_out),
    )


def _make_table(sheet: Sheet, part: Part, style: Style, setting: Setting) -> Table:
    page = sheet.page
    bounds = [part.top, *part.separators, part.bottom]
    label_heights, value_heights = _heights(page, part.label_ids), _heights(page, part.value_ids)
    label_parts: list[tuple[list[TextLine], list[TextLine], float, float]] = []
    for top, bottom in itertools.pairwise(bounds):
        label = _lines_between(page, label_heights, top, bottom, bounds)
        value = _lines_between(page, value_heights, top, bottom, bounds)
        if setting.separated:
            # Where every row has its edges, no two rows stand between two separators.
            closed = part.closed_top and part.closed_bottom
            whole = [(label, value, top, bottom)] if label or value else []
            begins_page = not setting.middle and top == part.top and part.top == min(one.top for one in sheet.parts)
            for labels, values, upper, lower in (
                whole if closed else _split_at_gaps(label, value, (top, bottom), style, begins_page=begins_page)
            ):
                made = [make_text_line(page, line) for line in _put_number_first(page, part, labels)]
                label_parts.append((made, [make_text_line(page, line) for line in values], upper, lower))
        else:
            label_parts += _divide_interval(page, part, label, value, style, (top, bottom), setting)
    rows = tuple(
        RowCells(
            label=Cell(box=_box(page, part.x0, top, part.boundary, bottom), lines=tuple(label)),
            value=Cell(box=_box(page, part.boundary, top, part.x1, bottom), lines=tuple(value)),
        )
        for label, value, top, bottom in label_parts
    )
    return Table(
        box=_box(page, part.x0, part.top, part.x1, part.bottom),
        boundary=round(part.boundary, 2),
        evidence=part.evidence,
        confidence=CONFIDENCE[part.evidence],
        colour=_label_colour(sheet, part),
        closed_top=part.closed_top if setting.separated else None,
        closed_bottom=part.closed_bottom if setting.separated else None,
        rows=rows,
    )


def _split_at_gaps(
    label: Sequence[GlyphLine],
    value: Sequence[GlyphLine],
    extent: tuple[float, float],
    style: Style,
    *,
    begins_page: bool,
) -> list[Division]:
    """Divide what stands between two separators where a new table begins: the last row of one, the first of another.

    Where only every other row is filled, no edge parts them. The white space between them does: at least as much as
    both cells' padding, and label and value begin together below it. Values without a label above it are a row's rest
    at the beginning of a page only; elsewhere they are the upper part of a value whose label stands at its middle.
    """
    parts: list[Division] = []
    labels: list[GlyphLine] = []
    values: list[GlyphLine] = []
    top = extent[0]
    own = {id(line) for line in label}
    lines = sorted([*label, *value], key=lambda line: line.baseline)
    if not lines:
        return []
    padding = max(0.0, min(lines[0].top - extent[0], extent[1] - max(line.bottom for line in lines)))
    least = max(BOTH_PADDINGS * 2 * padding, (PAUSE - 1) * style.leading)
    for number, line in enumerate(lines):
        upper = max(lines[:number], key=lambda other: other.bottom, default=None)
        if (
            upper is not None
            and line.top - upper.bottom > least
            and line.baseline - upper.baseline > PAUSE * style.leading
            and any(abs(line.baseline - other.baseline) <= SAME_OFFSET for other in value)
            and any(abs(line.baseline - other.baseline) <= SAME_OFFSET for other in label)
            and (labels or parts or begins_page)
        ):
            at = (upper.bottom + line.top) / 2
            parts.append((labels, values, top, at))
            labels, values, top = [], [], at
        (labels if id(line) in own else values).append(line)
    parts.append((labels, values, top, extent[1]))
    return parts


def _divide_interval(
    page: Page,
    part: Part,
    label: Sequence[GlyphLine],
    value: Sequence[GlyphLine],
    style: Style,
    extent: tuple[float, float],
    setting: Setting,
) -> list[tuple[list[TextLine], list[TextLine], float, float]]:
    """Divide what stands between two separators into rows by alignment."""
    if not label and not value:
        return []
    rows: list[tuple[list[TextLine], list[TextLine], float, float]] = []
    divided = divide_rows(
        _label_column(page, label, style, part.label_right),
        _value_column(page, value, style, part.value_right),
        middle=setting.middle,
        padded=setting.padded,
        offset=setting.offset,
    )
    top = extent[0]
    for number, (labels, values) in enumerate(divided):
        own = [*(label[k] for k in labels), *(value[k] for k in values)]
        following = divided[number + 1] if number + 1 < len(divided) else None
        bottom = extent[1]
        if following is not None:
            bottom = min(line.top for line in [*(label[k] for k in following[0]), *(value[k] for k in following[1])])
            bottom = max(bottom, *(line.baseline for line in own))
        rows.append(
            (
                [make_text_line(page, line) for line in _put_number_first(page, part, [label[k] for k in labels])],
                [make_text_line(page, value[k]) for k in values],
                top,
                bottom,
            )
        )
        top = bottom
    return rows


def _put_number_first(page: Page, part: Part, lines: Sequence[GlyphLine]) -> list[GlyphLine]:
    """Give a label's lines as they are read: a number that stands at the label's middle comes first."""
    if part.numbering is None or not lines:
        return list(lines)
    at = part.numbering
    ids = [index for line in lines for index in line.ids]
    numbers = [index for index in ids if (page.glyphs[index].x0 + page.glyphs[index].x1) / 2 < at]
    first = group_lines(page, numbers)
    if not first or set(first[0].ids) <= set(lines[0].ids):
        return list(lines)
    own = set(numbers)
    return [*first, *group_lines(page, [index for index in ids if index not in own])]


def _heights(page: Page, ids: Sequence[int]) -> list[tuple[int, float]]:
    """Give glyph ids with the heights of the glyphs' middles."""
    glyphs = page.glyphs.rows
    return [(index, (glyph.top + glyph.bottom) / 2) for index in ids for glyph in (glyphs[index],)]


def _lines_between(
    page: Page, heights: Sequence[tuple[int, float]], top: float, bottom: float, bounds: Sequence[float]
) -> list[GlyphLine]:
    least = -math.inf if top == bounds[0] else top
    most = math.inf if bottom == bounds[-1] else bottom
    return group_lines(page, [index for index, middle in heights if least <= middle < most])


def _box(page: Page, x0: float, top: float, x1: float, bottom: float) -> Box:
    return Box(page=page.number, x0=round(x0, 2), top=round(top, 2), x1=round(x1, 2), bottom=round(bottom, 2))


def _label_colour(sheet: Sheet, part: Part) -> tuple[float, float, float] | None:
    areas: Counter[tuple[float, float, float]] = Counter()
    for fill in sheet.edges.fills:
        height = min(fill.bottom, part.bottom) - max(fill.top, part.top)
        width = min(fill.x1, part.boundary) - max(fill.x0, part.x0)
        if height > 0 and width > 0:
            areas[fill.colour] += int(height * width)
    if not areas:
        return None
    return max(areas, key=lambda colour: (areas[colour], colour))
