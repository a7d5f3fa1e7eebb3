"""How the columns of an edition's tables are set: how far their text reaches, and their leadings."""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from pipeline.models.layout import PageLayout, Table, TextLine
from pipeline.models.row import ParagraphStyle
from pipeline.stages.stitch.tables import SAME_COLUMN
from pipeline.stages.stitch.text_blocks import is_same_block
from pipeline.text.leading import LEAST_LEADING, choose_leading
from pipeline.text.lines import is_same_size, room_behind, would_fit
from pipeline.text.paragraph_style import measure_setting

MEASURED_LINES = 8
"""Least number of lines that show a column's right edge by themselves."""
JUSTIFIED_SHARE = 0.5
"""Least share of a column's lines that end at its edge for it to be justified."""
BEGIN_SHARE = 0.5
"""Share of the label lines that begin at their left edge below which they are set to the right or centred."""
HANGING = 0.25
"""Farthest that a sign which ends a justified line hangs over the column's edge, as a share of the font size."""
EDGE = 1.0
"""Largest distance, in points, of the end of a line that reaches a column's edge from it."""
OWN_EDGE = 0.1
"""Least distance, in points, of a table's right edge from its values' text for it to be drawn."""
UNLIKELY = 0.001
"""Probability below which no line of a column ends near its edge by chance."""
WIDEST_PADDING = 14.0
"""Widest padding of cells, points, by which a table's text is set in from the text around it."""
FULL_LINES = 8
"""Least number of full lines from which the distances of all lines show the leading: fewer show it by themselves."""
UNSHOWN_SIZE = 10.0
"""Font size, points, of a column without any text."""
UNSHOWN_LEADING = 1.25
"""Leading as a multiple of the font size where no two lines of an edition show it."""


class Columns(NamedTuple):
    """How the columns of one table geometry are set.

    Attributes:
        label_left: x from which labels that are set to the right or centred can reach, points; None where they begin at
            one x.
        label_right: x that labels can reach, points.
        value_right: x that values can reach, points.
        leading: Usual base line distance of values, points.
        label_leading: The same of labels.
        justified: Whether values are justified.
        setting: How the edition sets its paragraphs.
    """

    label_left: float | None
    label_right: float
    value_right: float
    leading: float
    label_leading: float
    justified: bool
    setting: ParagraphStyle


def column_key(table: Table) -> tuple[int, int]:
    """Give what tables of one geometry share.

    Args:
        table: The table.

    Returns:
        Boundary and right edge, in steps of `SAME_COLUMN`.
    """
    return round(table.boundary / SAME_COLUMN), round(table.box.x1 / SAME_COLUMN)


def measure_columns(layouts: Sequence[PageLayout]) -> dict[tuple[int, int], Columns]:
    """Measure, for each table geometry of the edition, how far its text can reach and how its lines are set.

    Args:
        layouts: The pages.

    Returns:
        The columns by `column_key`.
    """
    grouped: dict[tuple[int, int], list[Table]] = {}
    for layout in layouts:
        for table in layout.tables:
            grouped.setdefault(column_key(table), []).append(table)
    rights = {
        key: (_right_edge(tables, "label"), max(_right_edge(tables, "value"), _text_right(layouts, tables)))
        for key, tables in grouped.items()
    }
    rights = _share_right_edges(grouped, rights)
    label_leading, leading = measure_leadings([(table, *rights[key]) for key in grouped for table in grouped[key]])
    cells = [(lines, rights[key][1]) for key, tables in grouped.items() for lines in list_cells(tables, "value")]
    setting = measure_setting(cells, leading)
    measured: dict[tuple[int, int], Columns] = {}
    for key, tables in grouped.items():
        label_right, value_right = rights[key]
        edge = _justified_edge(_list_lines(tables, "value"), value_right)
        measured[key] = Columns(
            label_left=_label_left(_list_lines(tables, "label")),
            label_right=label_right,
            value_right=value_right if edge is None else edge,
            leading=leading,
            label_leading=label_leading,
            justified=edge is not None,
            setting=setting,
        )
    return measured


def list_cells(tables: Iterable[Table], column: str) -> list[tuple[TextLine, ...]]:
    """List the lines of each cell of a column (`label` or `value`)."""
    return [getattr(row, column).lines for table in tables for row in table.rows]


def _list_lines(tables: Iterable[Table], *columns: str) -> list[TextLine]:
    return [line for column in columns for lines in list_cells(tables, column) for line in lines]


def measure_leadings(tables: Sequence[tuple[Table, float, float]]) -> tuple[float, float]:
    """Measure the usual base line distance of labels and of values.

    Args:
        tables: The tables, each with the right edges that the text of its columns can reach, points.

    Returns:
        The leading of labels and that of values, points.
    """
    pairs: list[list[tuple[float, bool]]] = []
    sizes: list[float] = []
    for number, column in enumerate(("label", "value")):
        pairs.append(
            [
                (lower.baseline - upper.baseline, not would_fit(upper, lower, rights[number]))
                for table, *rights in tables
                for lines in list_cells([table], column)
                for upper, lower in pairwise(lines)
                if lower.baseline - upper.baseline >= LEAST_LEADING * max(upper.size, lower.size)
            ]
        )
        own = [line.size for line in _list_lines([table for table, *_ in tables], column)]
        sizes.append(statistics.median(own or [UNSHOWN_SIZE]))
    if is_same_size(*sizes):
        # One type, one leading: what one column shows too seldom, the other does.
        pairs = [pairs[0] + pairs[1]] * 2
    shown = [_usual_distance(own) for own in pairs]
    ratio = next((own / size for own, size in zip(shown, sizes, strict=True) if own is not None), UNSHOWN_LEADING)
    label, value = (ratio * size if own is None else own for own, size in zip(shown, sizes, strict=True))
    return label, value


def _justified_edge(values: Sequence[TextLine], right: float) -> float | None:
    """Give the x at which justified lines end, points; None where values are ragged.

    Signs that hang over the edge reach farther than the lines.
    """
    if len(values) < MEASURED_LINES:
        return None
    usual = Counter(round(line.box.x1, 1) for line in values).most_common(1)[0][0]
    hanging = HANGING * max(line.size for line in values)
    for edge in (right, usual):
        ends = sum(1 for line in values if edge - line.box.x1 <= EDGE)
        if right - edge <= hanging and ends >= JUSTIFIED_SHARE * len(values):
            return edge
    return None


def _label_left(lines: Sequence[TextLine]) -> float | None:
    """Give the x from which labels can reach, points, where they do not begin there: most lines are set in from it."""
    if len(lines) < MEASURED_LINES:
        return None
    left = min(line.box.x0 for line in lines)
    begin = sum(1 for line in lines if line.box.x0 - left <= EDGE)
    return left if begin < BEGIN_SHARE * len(lines) else None


def _right_edge(tables: Sequence[Table], column: str) -> float:
    """Give the right edge that a column's text can reach, points.

    The text itself shows it where many of its lines are full; else the cell's edge less the padding at its other side.
    """
    cells = list_cells(tables, column)
    ends = [table.boundary if column == "label" else table.box.x1 for table in tables]
    reach = max((line.box.x1 for lines in cells for line in lines), default=None)
    if reach is None:
        return max(ends)
    if any(table.evidence == "gutter" for table in tables):
        return reach
    # Cells of both columns have the same padding, and where no edge is drawn between them, only the label's shows.
    pads = [line.box.x0 - table.box.x0 for table in tables for line in _list_lines([table], "label")]
    if column == "value":
        pads += [line.box.x0 - table.boundary for table in tables for line in _list_lines([table], "value")]
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
        if right - reach < needed and not would_fit(upper, lower, right):
            chance += math.log(1 - (right - reach) / needed) if right > reach else 0.0
    return chance < math.log(UNLIKELY)


def _share_right_edges(
    grouped: Mapping[tuple[int, int], Sequence[Table]], rights: Mapping[tuple[int, int], tuple[float, float]]
) -> dict[tuple[int, int], tuple[float, float]]:
    """Give tables without a right edge of their own the reach of others with their boundary.

    Where only label cells are coloured, nothing shows how wide the table is but its own lines, and a row that is parted
    from the others has few.
    """
    coloured = [key for key, tables in grouped.items() if all(table.evidence == "fills" for table in tables)]
    shared = dict(rights)
    for key, tables in grouped.items():
        if all(_is_open(table) for table in tables):
            near = [rights[other][1] for other in coloured if abs(other[0] - key[0]) <= 1]
            shared[key] = rights[key][0], max([rights[key][1], *near])
    return shared


def _is_open(table: Table) -> bool:
    """Return whether a table that fills show is no wider than its values' text: no edge closes it at its right."""
    reach = max((line.box.x1 for line in _list_lines([table], "value")), default=table.boundary)
    return table.evidence == "fills" and table.box.x1 - reach <= OWN_EDGE


def _text_right(layouts: Sequence[PageLayout], tables: Sequence[Table]) -> float:
    """Give how far the running text reaches that begins where tables do that white space alone shows; 0 without any.

    Such a table has no right edge of its own, and is set as wide as the text around it. Only broken lines show that.
    """
    if any(table.evidence != "gutter" for table in tables):
        return 0.0
    left = min(line.box.x0 for line in _list_lines(tables, "label", "value"))
    right = max(
        (
            # The cells' padding is the same at both sides.
            upper.box.x1 - max(left - upper.box.x0, 0.0)
            for layout in layouts
            for upper, lower in pairwise(layout.free_lines)
            if is_same_block(upper, lower)
            and abs(upper.box.x0 - lower.box.x0) <= SAME_COLUMN
            and -SAME_COLUMN <= left - upper.box.x0 <= WIDEST_PADDING
        ),
        default=0.0,
    )
    cells = list_cells(tables, "value")
    reach = max((line.box.x1 for lines in cells for line in lines), default=0.0)
    return 0.0 if _no_line_reaches(cells, reach, right) else right


def _usual_distance(distances: Sequence[tuple[float, bool]]) -> float | None:
    """Give the usual base line distance inside paragraphs, points; None where nothing shows it.

    Args:
        distances: Base line distances of lines that follow each other, points, and whether the upper one is full.
    """
    rounded = [(round(distance * 4) / 4, full) for distance, full in distances]
    # Where few lines are broken, only the full ones show it: such a line seldom ends its paragraph.
    inside = Counter(distance for distance, full in rounded if full)
    few = inside.total() < FULL_LINES
    return choose_leading(Counter(distance for distance, _ in rounded), inside if few else ())
