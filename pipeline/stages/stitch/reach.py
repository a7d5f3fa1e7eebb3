"""How the columns of an edition's tables are set: how far their text reaches, and their leadings."""

import math
import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final

from pipeline.models.layout import PageLayout, Table, TextLine
from pipeline.models.row import Column
from pipeline.stages.stitch.tables import SAME_COLUMN, is_same_block, list_cells, list_lines
from pipeline.text.lines import INDENT, MEASURED_LINES, room_behind, would_fit
from pipeline.text.paragraph_style import measure_setting

EDGE: Final = 1.0
"""Largest distance, in points, from an edge of what reaches it."""
UNLIKELY: Final = 0.001
"""Probability below which no line of a column ends near its edge by chance."""


def column_key(table: Table) -> tuple[int, int]:
    """Return what tables of one geometry share.

    Args:
        table: The table.

    Returns:
        Boundary and right edge, in steps of `SAME_COLUMN`.
    """
    return round(table.boundary / SAME_COLUMN), round(table.box.x1 / SAME_COLUMN)


def measure_columns(layouts: Sequence[PageLayout]) -> dict[tuple[int, int], tuple[Column, Column]]:
    """Measure, for each table geometry of the edition, how far its text can reach and how its lines are set.

    Args:
        layouts: The pages.

    Returns:
        The label and the value column by `column_key`.
    """
    grouped: dict[tuple[int, int], list[Table]] = {}
    for layout in layouts:
        for table in layout.tables:
            grouped.setdefault(column_key(table), []).append(table)
    rights = {
        key: (_right_edge(tables, "label"), max(_right_edge(tables, "value"), _text_right(layouts, tables)))
        for key, tables in grouped.items()
    }
    cells = [(lines, rights[key][1]) for key, tables in grouped.items() for lines in list_cells(tables, "value")]
    setting = measure_setting(cells, max((table.leadings[1] for own in grouped.values() for table in own), default=0.0))
    measured: dict[tuple[int, int], tuple[Column, Column]] = {}
    for key, tables in grouped.items():
        label_right, value_right = rights[key]
        labels, values = list_lines(tables, "label"), list_lines(tables, "value")
        edge, (label_leading, leading) = _justified_edge(values, value_right), tables[0].leadings
        measured[key] = (
            Column(_left_edge(labels), label_right, label_leading),
            Column(_left_edge(values), value_right if edge is None else edge, leading, edge is not None, setting),
        )
    return measured


def _left_edge(lines: Iterable[TextLine]) -> float:
    return min((line.box.x0 for line in lines), default=0.0)


def _justified_edge(values: Sequence[TextLine], right: float) -> float | None:
    """Return the x at which justified lines end, points, beyond which signs may hang; None where values are ragged."""
    if len(values) < MEASURED_LINES:
        return None
    usual = Counter(round(line.box.x1, 1) for line in values).most_common(1)[0][0]
    hanging = INDENT * max(line.size for line in values)
    for edge in (right, usual):
        ends = sum(edge - line.box.x1 <= EDGE for line in values)
        if right - edge <= hanging and 2 * ends >= len(values):
            return edge
    return None


def _right_edge(tables: Sequence[Table], column: str) -> float:
    """Return the right edge that a column's text can reach, points.

    The text itself shows it where many of its lines are full; else the cell's edge less the padding at its other side.
    """
    cells = list_cells(tables, column)
    ends: list[float] = [getattr(row, column).box.x1 for table in tables for row in table.rows[:1]]
    reach = max((line.box.x1 for lines in cells for line in lines), default=None)
    if reach is None:
        return max(ends)
    if any(table.evidence == "gutter" for table in tables):
        return reach
    # Cells of both columns have the same padding, and where no edge is drawn between them, only the label's shows.
    rows = [row for table in tables for row in table.rows]
    own = [row.label for row in rows] + [row.value for row in rows if column == "value"]
    pads = [line.box.x0 - cell.box.x0 for cell in own for line in cell.lines]
    by_box = statistics.median(ends) - max(min(pads), 0.0)
    return reach if _no_line_reaches(cells, reach, by_box) else max(reach, by_box)


def _no_line_reaches(cells: Sequence[Sequence[TextLine]], reach: float, right: float) -> bool:
    """Return whether so many full lines end short of an edge that it can't be the one that they are broken at.

    A line that is broken because its next word does not fit leaves any room from none to that word's width, each as
    likely as another.
    """
    chance = 0.0
    for upper, lower in (pair for lines in cells for pair in pairwise(line for line in lines if line.words)):
        needed = right - upper.box.x1 - room_behind(upper, lower, right)
        if 0 < right - reach < needed and not would_fit(upper, lower, right):
            chance += math.log(1 - (right - reach) / needed)
    return chance < math.log(UNLIKELY)


def _text_right(layouts: Sequence[PageLayout], tables: Sequence[Table]) -> float:
    """Return how far text reaches that begins where the labels or values of tables without a right edge do, points.

    Tables that white space alone shows are as wide as the text around them; where only label cells are coloured,
    nothing shows how wide a table is but its own lines, and a row that is parted from the others has few. Only broken
    lines show it. Tables with a right edge of their own give 0.
    """
    for table in tables:
        edge = table.box.x1 - max((line.box.x1 for line in list_lines([table], "value")), default=table.boundary)
        if table.evidence != "gutter" and (table.evidence != "fills" or edge > EDGE):
            return 0.0
    starts = [_left_edge(lines) for column in ("label", "value") if (lines := list_lines(tables, column))]
    blocks = [lines for layout in layouts for lines in (layout.free_lines, *list_cells(layout.tables, "value"))]
    # The cells' padding is the same at both sides.
    ends = [
        upper.box.x1 - max(start - upper.box.x0, 0.0)
        for lines in blocks
        for upper, lower in pairwise(lines)
        if is_same_block(upper, lower)
        for start in starts
        if max(abs(upper.box.x0 - start), abs(upper.box.x0 - lower.box.x0)) <= SAME_COLUMN
    ]
    right = max(ends, default=0.0)
    cells = list_cells(tables, "value")
    reach = max((line.box.x1 for lines in cells for line in lines), default=0.0)
    return 0.0 if _no_line_reaches(cells, reach, right) else right
