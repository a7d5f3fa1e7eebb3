"""Leaves → `PageLayout`s: every glyph of a page is in exactly one place."""

import itertools
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from pipeline.models.geometry import Box
from pipeline.models.layout import Cell, LeftOut, PageLayout, RowCells, Table, TableEvidence, TextLine
from pipeline.models.page import Page
from pipeline.stages.segment.division import RowStyle, divide_rows
from pipeline.stages.segment.lines import GlyphLine, group_lines, is_parted, make_text_line
from pipeline.stages.segment.page_analysis import PageAnalysis, Piece
from pipeline.stages.segment.region import SAME_COLUMN, Kind, Region, TypeScale
from pipeline.stages.segment.row_style import Interval, list_intervals, measure_stretch
from pipeline.text.markers import is_key

CONFIDENCE: dict[TableEvidence, float] = {"grid": 1.0, "rules": 0.9, "fills": 0.9, "gutter": 0.6}
"""How sure a finding is by its evidence, 0 to 1."""
AMOUNT = re.compile(r"\d(?!\d{0,2}[.)]\D)")
"""The beginning of a number that is not that of a list's item."""


def make_table(analysis: PageAnalysis, region: Region, scale: TypeScale, style: RowStyle) -> Table:
    """Make a table of a region: divide it into rows.

    Args:
        analysis: The page.
        region: The table's region on it.
        scale: What all pages show.
        style: How the edition sets its rows.

    Returns:
        The table, its rows top to bottom.
    """
    page = analysis.page
    (x0, x1), (start, end) = region.column(of_labels=True), region.column(of_labels=False)
    rows = tuple(
        RowCells(
            label=Cell(box=_box(page, x0, top, x1, bottom), lines=_order_label(page, region, labels)),
            value=Cell(box=_box(page, start, top, end, bottom), lines=_order_cells(page, region, values, top, bottom)),
        )
        for own in list_intervals(analysis, region)
        for labels, values, top, bottom in _divide_interval(analysis, region, own, scale, style)
    )
    return Table(
        box=_box(page, region.x0, region.top, region.x1, region.bottom),
        boundary=round(region.boundary, 2),
        evidence=region.evidence,
        confidence=CONFIDENCE[region.evidence],
        colour=_label_colour(analysis, rows),
        closed_top=region.closed_top if style.separated or region.cells else None,
        closed_bottom=region.closed_bottom if style.separated or region.cells else None,
        rest=_begins_with_rest(region, rows),
        leadings=(scale.label_leading, scale.value_leading),
        rows=rows,
    )


def _order_cells(
    page: Page, region: Region, lines: Sequence[GlyphLine], top: float, bottom: float
) -> tuple[TextLine, ...]:
    """Return a value's lines as they are read: row by row and cell by cell, where it holds cells of its own."""
    rows = [row for row in region.nested if top - 1 <= (row[0] + row[1]) / 2 <= bottom + 1]
    if not rows:
        return tuple(make_text_line(page, line) for line in _order_lists(page, lines))
    glyphs = page.glyphs
    cells: dict[tuple[int, int], list[int]] = {}
    for index in itertools.chain.from_iterable(line.ids for line in lines):
        setting = glyphs.settings[glyphs.setting_ids[index]]
        middle, x = (setting.top + setting.bottom) / 2, (glyphs.lefts[index] + glyphs.rights[index]) / 2
        number = next((n for n, row in enumerate(rows) if middle < row[1]), len(rows) - 1)
        cells.setdefault((number, bisect_right(rows[number][2], x)), []).append(index)
    found: list[TextLine] = []
    row = -1
    for (number, _), ids in sorted(cells.items()):
        own = [make_text_line(page, line) for line in group_lines(page, ids)]
        if own:
            own[0] = replace(own[0], opens="cell" if number == row else "row")
            found += own
            row = number
    return tuple(found)


def _order_lists(page: Page, lines: Sequence[GlyphLine]) -> list[GlyphLine]:
    """Return a value's lines as they are read: lists next to each other one after the other, if they are drawn so.

    The cells of a table without edges are read line by line: they are drawn so, or show that they are pairs.
    """
    lefts, texts = page.glyphs.lefts, page.glyphs.texts
    gaps = [(line, Piece(page, line.ids).starts) for line in lines if is_parted(page, line)]
    for x in sorted(start for _, starts in gaps for start in starts):
        level = [line for line, starts in gaps if any(abs(start - x) <= SAME_COLUMN for start in starts)]
        ids = page.glyphs.keep_ink([index for line in level for index in line.ids])
        left, right = ([index for index in ids if (lefts[index] < x - SAME_COLUMN) == side] for side in (True, False))
        below = any(min(line.ids) < min(right) for line in lines if line.baseline > level[0].baseline)
        sides = [set(left), set(right)]
        cells = [["".join(texts[n] for n in line.ids if n in side) for side in sides] for line in level]
        if all(name.endswith(":") or AMOUNT.match(named) for name, named in cells):
            break  # names and what they name
        keys = all(is_key(name) or not any(map(str.isalpha, name)) for name, _ in cells)
        if below and max(left) < min(right) and not keys:
            own = [(index, line in level or line.x0 >= x - SAME_COLUMN) for line in lines for index in line.ids]
            first = [index for index, _ in own if index < min(right)]
            second, rest = ([n for n, inside in own if n >= min(right) and inside == side] for side in (True, False))
            return [*group_lines(page, first), *_order_lists(page, group_lines(page, second)), *group_lines(page, rest)]
    return list(lines)


def _begins_with_rest(region: Region, rows: Sequence[RowCells]) -> bool:
    """Return whether a first row lacks the mark that each row of its table has."""
    if not region.marks or len(rows) < 2:
        return not region.marks and region.marked and bool(rows)
    return not any(mark <= rows[0].label.box.bottom for mark in region.marks)


def _divide_interval(
    analysis: PageAnalysis, region: Region, own: Interval, scale: TypeScale, style: RowStyle
) -> list[tuple[Sequence[GlyphLine], Sequence[GlyphLine], float, float]]:
    """Divide what is between two edges into rows: their lines, and from where to where they reach."""
    if region.cells:
        return [(own.labels, own.values, own.top, own.bottom)]
    division = divide_rows(measure_stretch(analysis, region, own, scale), style)
    rows = [([own.labels[n] for n in i], [own.values[n] for n in p]) for i, p in division.rows]
    ends = [
        max(min(line.top for line in (*below[0], *below[1])), *(line.baseline for line in (*above[0], *above[1])))
        for above, below in itertools.pairwise(rows)
    ]
    return [(*row, *extent) for row, extent in zip(rows, itertools.pairwise([own.top, *ends, own.bottom]), strict=True)]


def _order_label(page: Page, region: Region, lines: Sequence[GlyphLine]) -> tuple[TextLine, ...]:
    """Return a label's lines as they are read: a number that is at the label's middle comes first."""
    if region.numbering is not None and lines:
        glyphs, numbering = page.glyphs, region.numbering
        ids = [index for line in lines for index in line.ids]
        numbers = [index for index in ids if (glyphs.lefts[index] + glyphs.rights[index]) / 2 < numbering]
        first = group_lines(page, numbers)
        if first and not set(first[0].ids) <= set(lines[0].ids):
            lines = [*first, *group_lines(page, set(ids).difference(numbers))]
    return tuple(make_text_line(page, line) for line in lines)


def _box(page: Page, x0: float, top: float, x1: float, bottom: float) -> Box:
    return Box(page=page.number, x0=round(x0, 2), top=round(top, 2), x1=round(x1, 2), bottom=round(bottom, 2))


def _label_colour(analysis: PageAnalysis, rows: Sequence[RowCells]) -> tuple[float, float, float] | None:
    """Return the colour of most rows' label cells; of as many, the lower one: a header row has a colour of its own."""
    counts: Counter[tuple[float, float, float]] = Counter()
    places: dict[tuple[float, float, float], int] = {}
    for place, row in enumerate(rows):
        box = row.label.box
        areas: Counter[tuple[float, float, float]] = Counter()
        for fill in analysis.edges.fills:
            height = min(fill.bottom, box.bottom) - max(fill.top, box.top)
            width = min(fill.x1, box.x1) - max(fill.x0, box.x0)
            if height > 0 and width > 0:
                areas[fill.colour] += int(height * width)
        if areas:
            colour = max(areas, key=lambda colour: (areas[colour], colour))
            counts[colour] += 1
            places[colour] = place
    return max(counts, key=lambda colour: (counts[colour], places[colour]), default=None)


ORNAMENT_REACH = 20.0
"""Farthest, in points, that a rule set as characters is from a table whose rows it parts."""
REASONS: Final = ("concealed", "stamp", "rotated", "remark", "margin_note", "line_numbers", "ornament")
"""Why glyphs are left out, in the order in which they are listed."""


def lay_out(analysis: PageAnalysis, row_styles: Mapping[Kind, tuple[TypeScale, RowStyle]]) -> PageLayout:
    """Lay a page out: its tables with their rows, its free and margin lines, and what is left out.

    Args:
        analysis: The page with all that has been found on it.
        row_styles: Of each kind of tables what all pages show, and how its rows are set.

    Returns:
        The layout; each visible glyph is in one place.
    """
    page, glyphs = analysis.page, analysis.page.glyphs
    tables = [make_table(analysis, region, *row_styles[region.kind]) for region in analysis.regions]
    placed = {index for region in analysis.regions for index in (*region.label_ids, *region.value_ids)}
    aside = _find_aside(analysis)
    left: dict[str, list[int]] = {}
    wide: list[LeftOut] = []

    def take(ids: Iterable[int]) -> list[int]:
        """Take what has no place yet, but what is left out by name."""
        own = [index for index in ids if index not in placed]
        placed.update(own)
        if aside.keys().isdisjoint(own):
            return own
        for index in own:
            if index in aside and glyphs.ink[index]:
                left.setdefault(aside[index], []).append(index)
        return [index for index in own if index not in aside]

    def make_lines(ids: Iterable[int]) -> tuple[TextLine, ...]:
        return tuple(make_text_line(page, line) for line in group_lines(page, ids))

    for columns, inside in analysis.other:
        ids = [index for number in inside for index in analysis.lines[number].ids if index not in placed]
        placed.update(ids)
        if ids:
            wide.append(LeftOut(reason="other_table", lines=make_lines(ids), columns=columns))
    margin = [line for number in sorted(analysis.margin) for line in make_lines(take(analysis.lines[number].ids))]
    free = make_lines(take(analysis.upright))
    upright = set(analysis.upright)
    for index in analysis.ids:
        if glyphs.ink[index] and index not in upright:
            concealed = glyphs.settings[glyphs.setting_ids[index]].concealed
            name = "concealed" if concealed else "stamp" if index in analysis.stamps else "rotated"
            left.setdefault(name, []).append(index)
    copies_of = list(glyphs.values("copies"))
    return PageLayout(
        number=page.number,
        width=page.width,
        height=page.height,
        glyph_count=sum(copies_of[index] for index in glyphs.keep_ink(analysis.ids)),
        glyph_copies=tuple((index, copies_of[index] - 1) for index in analysis.ids if copies_of[index] > 1),
        tables=tuple(sorted(tables, key=lambda table: table.box.top)),
        free_lines=free,
        margin_lines=tuple(margin),
        left_out=(*wide, *(LeftOut(reason=name, lines=make_lines(left[name])) for name in REASONS if name in left)),
        near_ties=tuple(analysis.near_ties),
        tags=analysis.agreement,
    )


def _find_aside(analysis: PageAnalysis) -> dict[int, str]:
    """Name the glyphs that are left out: those next to frames, and ornaments in tables or near them."""
    aside = {index: name for name, ids in analysis.aside.items() for index in ids}
    glyphs = analysis.page.glyphs
    for index in analysis.ornaments:
        setting = glyphs.settings[glyphs.setting_ids[index]]
        middle = (setting.top + setting.bottom) / 2
        if any(region.top - ORNAMENT_REACH <= middle <= region.bottom + ORNAMENT_REACH for region in analysis.regions):
            aside[index] = "ornament"
    return aside
