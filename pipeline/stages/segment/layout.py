"""Leaves → `PageLayout`s: every glyph of a page is in exactly one place."""

import itertools
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from pipeline.models.geometry import Box
from pipeline.models.layout import (
    Cell,
    LeftOut,
    NearTie,
    PageLayout,
    RowCells,
    Table,
    TableEvidence,
    TagAgreement,
    TextLine,
)
from pipeline.models.page import Fill, Page
from pipeline.stages.segment.division import RowStyle, divide_rows
from pipeline.stages.segment.edges import Colour
from pipeline.stages.segment.lines import GlyphLine, group_lines, is_parted, make_text_line
from pipeline.stages.segment.page_analysis import PageTokens, Piece
from pipeline.stages.segment.region import SAME_COLUMN, LabelledRegion, Region, TypeScale
from pipeline.stages.segment.row_style import RowLines, list_intervals, measure_intervals
from pipeline.text.markers import is_key

CONFIDENCE: Final[dict[TableEvidence, float]] = {"grid": 1.0, "rules": 0.9, "fills": 0.9, "gutter": 0.6}
"""How sure a finding is by its evidence, 0 to 1."""
AMOUNT: Final = re.compile(r"\d(?!\d{0,2}[.)]\D)")
"""The beginning of a number that is not that of a list's item."""


def make_table(region: LabelledRegion, scale: TypeScale, style: RowStyle) -> Table:
    """Make a table of a region: divide it into rows.

    Args:
        region: The table's region.
        scale: What all pages show.
        style: How the edition sets its rows.

    Returns:
        The table, its rows top to bottom.
    """
    page, label, value = region.page, region.label, region.value
    rows = tuple(
        RowCells(
            label=Cell(box=_box(page, label.x0, top, label.x1, bottom), lines=_order_label(region, labels)),
            value=Cell(
                box=_box(page, value.x0, top, value.x1, bottom), lines=_order_cells(region, values, top, bottom)
            ),
        )
        for labels, values, top, bottom in _divide_region(region, scale, style)
    )
    return Table(
        box=_box(page, region.left.x0, region.top, region.right.x1, region.bottom),
        boundary=round(region.boundary, 2),
        evidence=region.evidence,
        confidence=CONFIDENCE[region.evidence],
        colour=_label_colour(region.body.edges.fills, rows),
        closed_top=region.closed_top if style.separated or region.cells else None,
        closed_bottom=region.closed_bottom if style.separated or region.cells else None,
        rest=_begins_with_rest(region, rows),
        leadings=(scale.label_leading, scale.value_leading),
        rows=rows,
    )


def _order_cells(region: LabelledRegion, lines: Sequence[GlyphLine], top: float, bottom: float) -> tuple[TextLine, ...]:
    """Return a value's lines as they are read: row by row and cell by cell, where it holds cells of its own."""
    page, rows = region.page, [row for row in region.nested if top - 1 <= (row.top + row.bottom) / 2 <= bottom + 1]
    if not rows:
        return tuple(make_text_line(page, line) for line in _order_lists(page, lines))
    glyphs = page.glyphs
    cells: dict[tuple[int, int], list[int]] = {}
    for index in itertools.chain.from_iterable(line.ids for line in lines):
        setting = glyphs.settings[glyphs.setting_ids[index]]
        middle, x = (setting.top + setting.bottom) / 2, (glyphs.lefts[index] + glyphs.rights[index]) / 2
        number = next((n for n, row in enumerate(rows) if middle < row.bottom), len(rows) - 1)
        cells.setdefault((number, bisect_right(rows[number].at, x)), []).append(index)
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


def _begins_with_rest(region: LabelledRegion, rows: Sequence[RowCells]) -> bool:
    """Return whether a first row lacks the mark that each row of its table has."""
    if not region.marks or len(rows) < 2:
        return not region.marks and region.marked and bool(rows)
    return not any(mark <= rows[0].label.box.bottom for mark in region.marks)


def _divide_region(region: LabelledRegion, scale: TypeScale, style: RowStyle) -> Iterator[RowLines]:
    """Divide a region into rows: at its edges, and what is between two of them by the style."""
    if region.cells:
        yield from list_intervals(region)
        return
    for own, pair in measure_intervals(region, scale):
        rows = [([own.labels[n] for n in i], [own.values[n] for n in p]) for i, p in divide_rows(pair, style).rows]
        ends = [
            max(min(line.top for line in (*below[0], *below[1])), *(line.baseline for line in (*above[0], *above[1])))
            for above, below in itertools.pairwise(rows)
        ]
        for row, extent in zip(rows, itertools.pairwise([own.top, *ends, own.bottom]), strict=True):
            yield RowLines(*row, *extent)


def _order_label(region: LabelledRegion, lines: Sequence[GlyphLine]) -> tuple[TextLine, ...]:
    """Return a label's lines as they are read: a number that is at the label's middle comes first."""
    page, numbering = region.page, region.numbering
    if numbering is not None and lines:
        glyphs = page.glyphs
        ids = [index for line in lines for index in line.ids]
        numbers = [index for index in ids if (glyphs.lefts[index] + glyphs.rights[index]) / 2 < numbering]
        first = group_lines(page, numbers)
        if first and not set(first[0].ids) <= set(lines[0].ids):
            lines = [*first, *group_lines(page, set(ids).difference(numbers))]
    return tuple(make_text_line(page, line) for line in lines)


def _box(page: Page, x0: float, top: float, x1: float, bottom: float) -> Box:
    return Box(page=page.number, x0=round(x0, 2), top=round(top, 2), x1=round(x1, 2), bottom=round(bottom, 2))


def _label_colour(fills: Sequence[Fill], rows: Sequence[RowCells]) -> Colour | None:
    """Return the colour of most rows' label cells; of as many, the lower one: a header row has a colour of its own."""
    counts: Counter[Colour] = Counter()
    places: dict[Colour, int] = {}
    for place, row in enumerate(rows):
        box = row.label.box
        areas: Counter[Colour] = Counter()
        for fill in fills:
            height = min(fill.bottom, box.bottom) - max(fill.top, box.top)
            width = min(fill.x1, box.x1) - max(fill.x0, box.x0)
            if height > 0 and width > 0:
                areas[fill.colour] += int(height * width)
        if areas:
            colour = max(areas, key=lambda colour: (areas[colour], colour))
            counts[colour] += 1
            places[colour] = place
    return max(counts, key=lambda colour: (counts[colour], places[colour]), default=None)


ORNAMENT_REACH: Final = 20.0
"""Farthest, in points, that a rule set as characters is from a table whose rows it parts."""
REASONS: Final = ("concealed", "stamp", "rotated", "remark", "margin_note", "line_numbers", "ornament")
"""Why glyphs are left out, in the order in which they are listed."""


def lay_out(
    tokens: PageTokens,
    tables: Sequence[tuple[LabelledRegion, Table]],
    ties: Sequence[NearTie],
    tags: TagAgreement | None,
) -> PageLayout:
    """Lay a page out: its tables, its free lines and its furniture, and what is left out.

    Args:
        tokens: The page.
        tables: Its tables with their regions.
        ties: What was decided on it by little.
        tags: How far the tags of its tables agree with it; None without such.

    Returns:
        The layout; each visible glyph is in one place.
    """
    analysis, page, glyphs = tokens.body.analysis, tokens.body.page, tokens.body.page.glyphs
    regions = [region for region, _ in tables]
    placed = {index for region in regions for index in (*region.left.ids, *region.right.ids)}
    aside = _find_aside(tokens, regions)
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

    for columns, lines in tokens.wide:
        ids = [index for line in lines for index in line.ids if index not in placed]
        placed.update(ids)
        if ids:
            wide.append(LeftOut(reason="other_table", lines=make_lines(ids), columns=columns))
    margin = [line for own in tokens.body.furniture for line in make_lines(take(own.ids))]
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
        tables=tuple(sorted([table for _, table in tables], key=lambda table: table.box.top)),
        free_lines=free,
        margin_lines=tuple(margin),
        left_out=(*wide, *(LeftOut(reason=name, lines=make_lines(left[name])) for name in REASONS if name in left)),
        near_ties=tuple(ties),
        tags=tags,
    )


def _find_aside(tokens: PageTokens, regions: Sequence[Region]) -> dict[int, str]:
    """Name the glyphs that are left out: those next to frames, and ornaments in tables or near them."""
    aside = {index: name for name, ids in tokens.left_out for index in ids}
    glyphs = tokens.body.page.glyphs
    for index in tokens.body.analysis.ornaments:
        setting = glyphs.settings[glyphs.setting_ids[index]]
        middle = (setting.top + setting.bottom) / 2
        if any(region.top - ORNAMENT_REACH <= middle <= region.bottom + ORNAMENT_REACH for region in regions):
            aside[index] = "ornament"
    return aside | {index: "ornament" for region in regions for index in region.colons}
