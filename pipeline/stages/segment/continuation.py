"""Rows that nothing on their own page shows: other rows, or the page before or behind, do.

Rows between rules whose one cell is empty, the tails of rows that begin a page, labels alone at a page's foot or far
below other rows, and lone rows in the columns of other tables.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Collection, Container, Sequence
from typing import NamedTuple

from pipeline.stages.segment.labels import measure_label_type
from pipeline.stages.segment.lines import COLUMN_GAP, GlyphLine, read_line
from pipeline.stages.segment.margins import LARGER_TYPE
from pipeline.stages.segment.numbering import is_number, text_before
from pipeline.stages.segment.partition import NEAR_TOP, PAUSE
from pipeline.stages.segment.separators import LEAST_ROW
from pipeline.stages.segment.sheet import (
    SAME_COLUMN,
    Part,
    Sheet,
    Style,
    assign_lines,
    find_loose_lines,
    pair_neighbours,
)
from pipeline.stages.segment.sides import DEEPEST_INDENT, ROW_GAP, find_sides, is_row_type, is_small, keeps_clear

SAME_GAP = 1.5
"""Largest difference, in points, of the white space between rows that is one."""
LEAST_GAPS = 2
"""Least number of rows at one distance that show how far apart rows stand."""
FULL_PAGE = 3.0
"""Most room, as a multiple of the leading, below a table at whose foot a row may be broken."""
KNOWN_LINES = 2
"""Least number of lines in each column of a table for its columns to show where those of other tables stand."""


def find_ruled_rows(sheets: Sequence[Sheet], style: Style) -> None:
    """Find rows between rules that nothing else shows: one cell is empty, or a lone row has no fill of its own.

    The rules of other rows show their columns.

    Args:
        sheets: The pages, whose tables take the rows.
        style: What all pages show.
    """
    known = {
        (part.x0, part.boundary, part.x1, part.at_gutter)
        for sheet in sheets
        for part in sheet.parts
        if part.evidence in ("rules", "fills") and part.closed_top is not None
    }
    for sheet in sheets:
        for x0, boundary, x1, at_gutter in sorted(known):
            levels = [
                edge.at
                for edge in sheet.edges.horizontal
                if abs(edge.start - x0) <= SAME_COLUMN and abs(edge.end - x1) <= SAME_COLUMN
            ]
            for top, bottom in itertools.pairwise(levels):
                _take_interval(sheet, (x0, top, x1, bottom), boundary, style, at_gutter=at_gutter)


def _take_interval(
    sheet: Sheet, box: tuple[float, float, float, float], boundary: float, style: Style, *, at_gutter: bool
) -> None:
    """Add what stands between two rules to the table, where it is a row's and in no table yet."""
    x0, top, x1, bottom = box
    lines = [line for line in sheet.body() if top < line.middle < bottom]
    loose = {id(line) for line in find_loose_lines(sheet)}
    if not lines or any(id(line) not in loose for line in lines):
        return
    if not all(keeps_clear(sheet, line, boundary, style) and line.x0 >= x0 - 1 and line.x1 <= x1 + 1 for line in lines):
        return
    for part in sheet.parts:
        if abs(part.boundary - boundary) <= SAME_COLUMN and part.closed_top is not None:
            if abs(part.bottom - top) <= LEAST_ROW:
                part.separators.append(part.bottom)
                part.bottom = bottom
                assign_lines(sheet, part, lines)
                return
            if abs(part.top - bottom) <= LEAST_ROW:
                part.separators.insert(0, part.top)
                part.top = top
                assign_lines(sheet, part, lines)
                return
    part = Part(boundary, box, "rules")
    part.closed_top = part.closed_bottom = True
    part.at_gutter = at_gutter
    assign_lines(sheet, part, lines)
    sheet.parts.append(part)


def find_tails(sheets: Sequence[Sheet], style: Style) -> None:
    """Find the tails of rows that begin a page, which nothing else shows: set as in the columns of the page before.

    Where a grid is drawn, each cell has its edges, and a line without them is none of the table's.

    Args:
        sheets: The pages, whose tables take the tails.
        style: What all pages show.
    """
    starts: tuple[list[float], float | None] = ([], None)
    for upper, sheet in itertools.pairwise(sheets):
        if not upper.parts:
            continue
        last = max(upper.parts, key=lambda part: part.bottom)
        if last.evidence == "grid":
            continue
        if any(line.middle > last.bottom + 1 for line in upper.body() if not is_small(line, style)):
            continue
        labels = [line.x0 for line in last.label_lines(upper.page)]
        values = [line.x0 for line in last.value_lines(upper.page)]
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
            assign_lines(sheet, below, tail)
            continue
        part = Part(last.boundary, (last.x0, top, last.x1, bottom), "gutter")
        part.at_gutter = last.at_gutter
        assign_lines(sheet, part, tail)
        sheet.parts.append(part)


def _tail_lines(sheet: Sheet, last: Part, starts: tuple[list[float], float | None], style: Style) -> list[GlyphLine]:
    """Give the lines at a page's beginning that go on with a column of the page before."""
    label_x0s, value_x0 = starts
    taken = {index for part in sheet.parts for index in (*part.label_ids, *part.value_ids)}
    tail: list[GlyphLine] = []
    aligned = False
    for line in sheet.body():
        if taken.intersection(line.ids) or line.x1 > last.x1 + SAME_COLUMN:
            break
        if not is_row_type(line, style):
            break
        if tail and line.baseline - tail[-1].baseline > ROW_GAP * style.leading:
            break
        left, right = find_sides(sheet.page, line, last.boundary)
        at_label = left is not None and any(abs(line.x0 - x0) <= SAME_COLUMN for x0 in label_x0s)
        if at_label and right is not None:
            # Label and value side by side: both go on.
            at_label = (
                value_x0 is not None and right >= value_x0 - 1.5 and keeps_clear(sheet, line, last.boundary, style)
            )
        at_value = left is None and value_x0 is not None and line.x0 >= value_x0 - 1.5
        if not at_label and not at_value:
            break
        aligned = aligned or at_label or (value_x0 is not None and abs(line.x0 - value_x0) <= 1.5)
        tail.append(line)
    return tail if aligned else []


def find_feet(sheets: Sequence[Sheet], style: Style) -> None:
    """Find labels and first rows that stand alone at a page's foot: the next page goes on, nothing else shows them.

    Args:
        sheets: The pages, whose tables take the labels.
        style: What all pages show.
    """
    known = {
        read_line(sheet.page, line) for sheet in sheets for part in sheet.parts for line in part.label_lines(sheet.page)
    }
    for sheet, following in itertools.pairwise(sheets):
        last = max(sheet.parts, key=lambda part: part.bottom, default=None)
        first = min(following.parts, key=lambda part: part.top, default=None)
        if first is None:
            continue
        below = find_loose_lines(sheet)
        if last is not None:
            below = [line for line in below if line.middle > last.bottom - 1]
        headed = [number for number, line in enumerate(below) if line.size > LARGER_TYPE * style.size]
        if headed:
            _add_headed_foot(sheet, below[headed[-1] + 1 :], following, first, style, known)
        elif last is not None and last.evidence != "grid" and abs(first.boundary - last.boundary) <= SAME_COLUMN:
            if not _begins_with_value(following, first):
                continue
            above = last.label_lines(sheet.page)
            reached = max(last.bottom, *(line.bottom for line in above)) if above else last.bottom
            if _are_labels(sheet, below, (sheet, last), style, reached):
                last.separators.append(last.bottom)
                last.bottom = below[-1].bottom
                last.closed_bottom = None if last.closed_bottom is None else False
                assign_lines(sheet, last, below)


def _add_headed_foot(
    sheet: Sheet, lines: Sequence[GlyphLine], following: Sheet, first: Part, style: Style, known: Container[str]
) -> None:
    """Add the first row of a table that stands alone between its heading and the page's foot; the next page goes on.

    A value, a type of its own or a label that is known from other rows shows that it is no text.
    """
    begins = min((line.top for line in following.body()), default=0.0) >= first.top - 1
    if first.evidence != "gutter" or not begins or not lines:
        return
    values = first.value_lines(following.page)
    starts = [line.x0 for line in values]
    labels = [line for line in lines if not starts or abs(line.x0 - min(starts)) > SAME_COLUMN]
    types = {measure_label_type(following, line, math.inf) for line in values}
    told = len(labels) < len(lines) or any(
        read_line(sheet.page, line) in known or measure_label_type(sheet, line, math.inf) not in types
        for line in labels[:1]
    )
    if not told:
        return
    near = all(lower.top - upper.bottom <= ROW_GAP * style.leading for upper, lower in itertools.pairwise(lines))
    if near and _are_labels(sheet, labels, (following, first), style, None):
        part = Part(first.boundary, (first.x0, lines[0].top, first.x1, lines[-1].bottom), "gutter")
        part.at_gutter = first.at_gutter
        assign_lines(sheet, part, lines)
        sheet.parts.append(part)


def _are_labels(
    sheet: Sheet, lines: Sequence[GlyphLine], columns: tuple[Sheet, Part], style: Style, reached: float | None
) -> bool:
    """Tell whether lines are set as a table's labels, the first near `reached`, points, and each near the one above."""
    of_page, part = columns
    labels = part.label_lines(of_page.page)
    types = Counter(measure_label_type(of_page, line, part.boundary) for line in labels)
    for line in lines:
        is_label = (
            line.x1 <= part.boundary + 1
            and any(abs(line.x0 - other.x0) <= SAME_COLUMN for other in labels)
            and 2 * types[measure_label_type(sheet, line, part.boundary)] > types.total()
            and (reached is None or line.top - reached <= ROW_GAP * style.leading)
        )
        if not is_label:
            return False
        reached = None if reached is None else line.bottom
    return bool(lines)


def mark_tables_that_go_on(sheets: Sequence[Sheet]) -> None:
    """Mark the tables that end a page whose next begins with label and value side by side in the same columns.

    Args:
        sheets: The pages, whose tables take the marks.
    """
    for sheet, following in itertools.pairwise(sheets):
        last = max(sheet.parts, key=lambda part: part.bottom, default=None)
        first = min(following.parts, key=lambda part: part.top, default=None)
        if last is None or first is None or abs(first.boundary - last.boundary) > SAME_COLUMN:
            continue
        values = first.value_lines(following.page)
        labels = first.label_lines(following.page)
        body = following.body()
        begins = bool(values and labels) and abs(labels[0].baseline - values[0].baseline) <= NEAR_TOP * values[0].size
        last.goes_on = begins and body[0].baseline >= min(labels[0].baseline, values[0].baseline) - 1


def _begins_with_value(sheet: Sheet, part: Part) -> bool:
    """Tell whether a table's part begins with a value line that no label stands beside."""
    values = part.value_lines(sheet.page)
    labels = part.label_lines(sheet.page)
    return bool(values) and (not labels or labels[0].baseline > values[0].baseline + NEAR_TOP * values[0].size)


def find_far_labels(sheets: Sequence[Sheet], style: Style) -> None:
    """Find labels without values where rows are so far apart that each is found as a table of its own.

    Such a label stands in the labels' column and type, as far below the row above it as those rows are from each other.

    Args:
        sheets: The pages, which take the labels as tables.
        style: What all pages show.
    """
    gaps = sorted(gap for sheet in sheets for gap in _gaps_of_lone_rows(sheet))
    windows = [gaps[first : first + LEAST_GAPS] for first in range(len(gaps) - LEAST_GAPS + 1)]
    usual = {gap for window in windows if window[-1] - window[0] <= SAME_GAP for gap in window}
    for sheet in sheets if usual else ():
        upper = min(sheet.parts, key=lambda part: part.top, default=None)
        while upper is not None:
            label = _find_label_below(sheet, upper, usual, style)
            if label:
                top, bottom = label[0].top, label[-1].bottom
                part = Part(upper.boundary, (upper.x0, top, upper.x1, bottom), "gutter")
                part.at_gutter = upper.at_gutter
                assign_lines(sheet, part, label)
                sheet.parts.append(part)
            above = upper
            upper = min((part for part in sheet.parts if part.top > above.top), key=lambda part: part.top, default=None)


def _gaps_of_lone_rows(sheet: Sheet) -> list[float]:
    """Give the white space, points, between tables of the same columns with nothing between them.

    Only those count that white space alone shows.
    """
    return [
        lower.top - upper.bottom
        for upper, lower in pair_neighbours(sheet, sheet.parts)
        if upper.evidence == lower.evidence == "gutter"
    ]


def _find_label_below(sheet: Sheet, upper: Part, gaps: Collection[float], style: Style) -> list[GlyphLine]:
    """Give the lines of a label that stands alone below a table, as far from it as rows are; empty without one."""
    labels = upper.label_lines(sheet.page)
    types = {measure_label_type(sheet, line, upper.boundary) for line in labels}
    below = [line for line in sheet.body() if line.middle > upper.bottom]
    loose = {id(line) for line in find_loose_lines(sheet)}
    found: list[GlyphLine] = []
    for line in below:
        is_label = (
            id(line) in loose
            and line.x1 <= upper.boundary + 1
            and any(abs(line.x0 - other.x0) <= SAME_COLUMN for other in labels)
            and measure_label_type(sheet, line, upper.boundary) in types
        )
        if not is_label:
            break
        if found and line.baseline - found[-1].baseline > PAUSE * style.leading:
            break
        if not found and not any(abs(line.top - upper.bottom - gap) <= SAME_GAP for gap in gaps):
            break
        found.append(line)
    return found


def find_rests(sheets: Sequence[Sheet], style: Style) -> None:
    """Find which tables may hold parts of rows of other pages: a row is broken at the foot of a full page only.

    Args:
        sheets: The pages, whose tables take it.
        style: What all pages show.
    """
    foot = min((sheet.page.height - part.bottom for sheet in sheets for part in sheet.parts), default=0.0)
    full = False
    for sheet in sheets:
        parts = sorted(sheet.parts, key=lambda part: part.top)
        for part in parts:
            above = full and part is parts[0]
            full = part is parts[-1] and sheet.page.height - part.bottom - foot <= FULL_PAGE * style.leading
            part.rests = above, full
        full = full and bool(parts)


class Geometry(NamedTuple):
    """Where the columns of known tables stand, points: the boundary, where labels and values begin, the right edge.

    And whether white space alone shows them, and where lines of their values begin: a list is set in.
    """

    boundary: float
    label_x0: float
    value_x0: float
    x1: float
    at_gutter: bool
    starts: tuple[float, ...]


def find_loose_rows(sheets: Sequence[Sheet], style: Style) -> None:
    """Find rows that nothing shows but their columns, which are those of other tables: a lone row without a fill.

    Where a grid is drawn, each cell has its edges, and a line without them is none of the table's.

    Args:
        sheets: The pages, which take the rows as tables.
        style: What all pages show.
    """
    starts: dict[tuple[float, float, float, float, bool], set[int]] = {}
    for sheet in sheets:
        for part in sheet.parts:
            labels, values = part.label_lines(sheet.page), part.value_lines(sheet.page)
            if part.evidence != "grid" and len(labels) >= KNOWN_LINES and len(values) >= KNOWN_LINES:
                label_x0, value_x0 = min(line.x0 for line in labels), min(line.x0 for line in values)
                columns = part.boundary, label_x0, value_x0, part.x1, part.at_gutter
                starts.setdefault(columns, set()).update(round(line.x0) for line in values)
    known = [Geometry(*columns, tuple(sorted(own))) for columns, own in sorted(starts.items())]
    for sheet in sheets:
        run: list[GlyphLine] = []
        at: Geometry | None = None
        loose = find_loose_lines(sheet)
        for number, line in enumerate([*loose, None]):
            own = None
            if line is not None:
                neighbours = [*loose[max(number - 1, 0) : number], *loose[number + 1 : number + 2]]
                own = next((one for one in known if _begins_row(sheet, line, neighbours, one, style)), None)
                near = bool(run) and line.baseline - run[-1].baseline <= ROW_GAP * style.leading
                if near and at is not None and _goes_on_row(sheet, line, at, own, style):
                    run.append(line)
                    continue
            if run and at is not None:
                part = Part(at.boundary, (at.label_x0, run[0].top, at.x1, max(one.bottom for one in run)), "gutter")
                part.at_gutter = at.at_gutter
                assign_lines(sheet, part, run)
                sheet.parts.append(part)
            run, at = ([line], own) if line is not None and own is not None else ([], None)


def _begins_row(sheet: Sheet, line: GlyphLine, neighbours: Sequence[GlyphLine], at: Geometry, style: Style) -> bool:
    """Tell whether label and value begin on a line, in the columns of a known table.

    Where a line that follows or precedes it at the leading runs over both columns, it is running text; where a number
    stands alone in the label column, it is a list's item or a contents list's chapter.
    """
    for other in neighbours:
        near = abs(other.baseline - line.baseline) <= PAUSE * style.leading
        if near and not keeps_clear(sheet, other, at.boundary, style):
            return False
    left, right = find_sides(sheet.page, line, at.boundary)
    return (
        left is not None
        and right is not None
        and right - left >= COLUMN_GAP * line.size
        and abs(line.x0 - at.label_x0) <= SAME_COLUMN
        and any(abs(right - start) <= SAME_COLUMN for start in at.starts)
        and line.x1 <= at.x1 + SAME_COLUMN
        and keeps_clear(sheet, line, at.boundary, style)
        and not is_number(text_before(sheet.page, line, at.boundary))
    )


def _goes_on_row(sheet: Sheet, line: GlyphLine, at: Geometry, own: Geometry | None, style: Style) -> bool:
    """Tell whether a line goes on with such a row, or begins another one below it."""
    if own is not None:
        return own == at
    left, right = find_sides(sheet.page, line, at.boundary)
    if not keeps_clear(sheet, line, at.boundary, style) or line.x1 > at.x1 + SAME_COLUMN:
        return False
    label_goes_on = left is None or abs(line.x0 - at.label_x0) <= SAME_COLUMN
    value_goes_on = right is None or at.value_x0 - SAME_COLUMN <= right <= at.value_x0 + DEEPEST_INDENT * line.size
    return label_goes_on and value_goes_on
