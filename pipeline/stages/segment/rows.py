"""Parts of tables → tables with their rows: between separators, at gaps, or by alignment."""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from pipeline.models.geometry import Box
from pipeline.models.layout import Cell, RowCells, Table, TableEvidence, TextLine
from pipeline.models.page import Page
from pipeline.stages.segment.division import RowStyle
from pipeline.stages.segment.leaf import Leaf
from pipeline.stages.segment.lines import GlyphLine, divide_lines, group_lines, make_text_line
from pipeline.stages.segment.partition import PAUSE
from pipeline.stages.segment.region import Region, TypeScale
from pipeline.stages.segment.row_style import divide_table, make_label_column, make_value_column

BOTH_PADDINGS = 0.9
"""Least white space, as a share of two cells' paddings, between two rows that no edge parts."""
CLOSED_GAP = 1.5
"""Least white space beyond that, as a multiple of the leading, in a table with an edge above its first row and below
its last: each row should have its own, and a cell may hold a blank line."""
CONFIDENCE: dict[TableEvidence, float] = {"grid": 1.0, "rules": 0.9, "fills": 0.9, "gutter": 0.6}
"""How sure a finding is by its evidence, 0 to 1."""


def make_table(leaf: Leaf, region: Region, scale: TypeScale, style: RowStyle) -> Table:
    """Make a table of a region: divide it into rows.

    Args:
        leaf: The page.
        region: The table's region on it.
        scale: What all pages show.
        style: How the edition sets its rows.

    Returns:
        The table, its rows top to bottom.
    """
    page = leaf.page
    bounds = [region.top, *region.separators, region.bottom]
    labels_between = divide_lines(page, region.label_lines(page), region.separators)
    values_between = divide_lines(page, region.value_lines(page), region.separators)
    label_parts: list[tuple[list[TextLine], list[TextLine], float, float]] = []
    for label, value, (top, bottom) in zip(labels_between, values_between, itertools.pairwise(bounds), strict=True):
        if region.cells:
            made = [make_text_line(page, line) for line in _put_number_first(page, region, label)]
            if label or value:
                label_parts.append((made, _order_cells(page, region, value, top, bottom), top, bottom))
        else:
            label_parts += _divide_interval(page, region, label, value, scale, (top, bottom), style)
    rows = tuple(
        RowCells(
            label=Cell(box=_box(page, region.x0, top, region.boundary, bottom), lines=tuple(label)),
            value=Cell(box=_box(page, region.boundary, top, region.x1, bottom), lines=tuple(value)),
        )
        for label, value, top, bottom in label_parts
    )
    return Table(
        box=_box(page, region.x0, region.top, region.x1, region.bottom),
        boundary=round(region.boundary, 2),
        evidence=region.evidence,
        confidence=CONFIDENCE[region.evidence],
        colour=_label_colour(leaf, rows),
        closed_top=region.closed_top if style.separated or region.cells else None,
        closed_bottom=region.closed_bottom if style.separated or region.cells else None,
        rest=_begins_with_rest(region, rows),
        rows=rows,
    )


def _order_cells(page: Page, region: Region, lines: Sequence[GlyphLine], top: float, bottom: float) -> list[TextLine]:
    """Give a value's lines as they are read: row by row and cell by cell, where it holds cells of its own."""
    rows = [row for row in region.nested if top - 1 <= (row[0] + row[1]) / 2 <= bottom + 1]
    if not rows:
        return [make_text_line(page, line) for line in lines]
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
    return found


def _begins_with_rest(region: Region, rows: Sequence[RowCells]) -> bool:
    """Return whether a first row lacks the mark that each row of its table has."""
    if not region.marks or len(rows) < 2:
        return bool(region.marks) is False and region.marked and bool(rows)
    return not any(mark <= rows[0].label.box.bottom for mark in region.marks)


def _measure_apart(region: Region, lines: Sequence[GlyphLine], extent: tuple[float, float], scale: TypeScale) -> float:
    """Measure the least white space, points, between two rows that no edge parts.

    Where only every other row is filled, it is at least as much as both cells' padding. Where the table is closed, each
    row should have its edges: there it is more than a blank line.
    """
    above, below = min(line.top for line in lines) - extent[0], extent[1] - max(line.bottom for line in lines)
    paddings = BOTH_PADDINGS * 2 * max(0.0, min(above, below))
    closed = region.closed_top and region.closed_bottom
    return max(paddings, (PAUSE - 1) * scale.leading) + (CLOSED_GAP * scale.leading if closed else 0.0)


def _divide_interval(
    page: Page,
    region: Region,
    label: Sequence[GlyphLine],
    value: Sequence[GlyphLine],
    scale: TypeScale,
    extent: tuple[float, float],
    style: RowStyle,
) -> list[tuple[list[TextLine], list[TextLine], float, float]]:
    """Divide what stands between two separators into rows by alignment."""
    if not label and not value:
        return []
    rows: list[tuple[list[TextLine], list[TextLine], float, float]] = []
    divided = divide_table(
        page,
        region,
        make_label_column(page, label, scale, region.label_right, region.label_left),
        make_value_column(page, value, scale, region.value_right),
        style,
        _measure_apart(region, [*label, *value], extent, scale) if style.separated else None,
    ).rows
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
                [make_text_line(page, line) for line in _put_number_first(page, region, [label[k] for k in labels])],
                [make_text_line(page, value[k]) for k in values],
                top,
                bottom,
            )
        )
        top = bottom
    return rows


def _put_number_first(page: Page, region: Region, lines: Sequence[GlyphLine]) -> list[GlyphLine]:
    """Give a label's lines as they are read: a number that stands at the label's middle comes first."""
    if region.numbering is None or not lines:
        return list(lines)
    at = region.numbering
    ids = [index for line in lines for index in line.ids]
    lefts, rights = page.glyphs.lefts, page.glyphs.rights
    numbers = [index for index in ids if (lefts[index] + rights[index]) / 2 < at]
    first = group_lines(page, numbers)
    if not first or set(first[0].ids) <= set(lines[0].ids):
        return list(lines)
    own = set(numbers)
    return [*first, *group_lines(page, [index for index in ids if index not in own])]


def _box(page: Page, x0: float, top: float, x1: float, bottom: float) -> Box:
    return Box(page=page.number, x0=round(x0, 2), top=round(top, 2), x1=round(x1, 2), bottom=round(bottom, 2))


def _label_colour(leaf: Leaf, rows: Sequence[RowCells]) -> tuple[float, float, float] | None:
    """Give the colour of most rows' label cells; of as many, the lower one: a header row has a colour of its own."""
    counts: Counter[tuple[float, float, float]] = Counter()
    places: dict[tuple[float, float, float], int] = {}
    for place, row in enumerate(rows):
        box = row.label.box
        areas: Counter[tuple[float, float, float]] = Counter()
        for fill in leaf.edges.fills:
            height = min(fill.bottom, box.bottom) - max(fill.top, box.top)
            width = min(fill.x1, box.x1) - max(fill.x0, box.x0)
            if height > 0 and width > 0:
                areas[fill.colour] += int(height * width)
        if areas:
            colour = max(areas, key=lambda colour: (areas[colour], colour))
            counts[colour] += 1
            places[colour] = place
    return max(counts, key=lambda colour: (counts[colour], places[colour]), default=None)
