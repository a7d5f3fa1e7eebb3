"""Parts of tables on neighbouring pages: whether one goes on with the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from pipeline.models.layout import Cell, PageLayout, RowCells, Table, TextLine

SAME_COLUMN = 4.0
"""Largest difference of column boundaries, in points, of two parts of one table."""
MEASURED_LINES = 8
"""Least number of lines or labels that show a habit: a column's edges, its leading, how labels begin; twice as many
that each label has a value."""
SAME_COLOUR = 0.06
"""Largest difference of any RGB channel (0 to 1) of the label fills of two parts of one table."""
STRIPED = 0.9
"""Least RGB channel of a colour so light that it may be one of two by which rows alternate."""


class TablePart(NamedTuple):
    """A table's part on one page, and that page."""

    page: PageLayout
    table: Table


def continues_table(last: TablePart, part: TablePart) -> bool:
    """Return whether a table's part goes on with the part before it: the next page, the same columns and colour.

    Args:
        last: The part before it.
        part: The part.

    Returns:
        True where it does.
    """
    if part.page is last.page or part.page.number - last.page.number not in (0, 1):
        return False
    one, other = last.table, part.table
    shift = other.box.x0 - one.box.x0 if last.page.divided or part.page.divided else 0.0
    if abs(one.boundary + shift - other.boundary) > SAME_COLUMN and not _begin_alike(one, other, shift):
        return False
    if one.colour is not None and other.colour is not None:
        if not other.rows[0].label.lines or max(min(one.colour), min(other.colour)) > STRIPED:
            return True
        return max(abs(a - b) for a, b in zip(one.colour, other.colour, strict=True)) <= SAME_COLOUR
    return True


def pair_parts(layouts: Sequence[PageLayout]) -> Iterator[tuple[TablePart, TablePart]]:
    """Return the last table of each page with the first one of the next page that goes on with it."""
    for upper, lower in pairwise(layouts):
        if upper.tables and lower.tables:
            pair = TablePart(upper, upper.tables[-1]), TablePart(lower, lower.tables[0])
            if continues_table(*pair):
                yield pair


def has_free_between(layout: PageLayout, upper: Table, lower: Table) -> bool:
    """Return whether a free line stands between two tables of a page.

    Args:
        layout: The page.
        upper: The upper table.
        lower: The lower table.

    Returns:
        True where one does.
    """
    return any(upper.box.bottom - 1 < line.box.top < lower.box.top for line in layout.free_lines)


def _begin_alike(one: Table, other: Table, shift: float) -> bool:
    """Return whether the value columns of two parts begin at the same x: a gutter's middle depends on the labels."""
    starts = [
        min((line.box.x0 for row in table.rows for line in row.value.lines), default=table.boundary)
        for table in (one, other)
    ]
    return abs(starts[0] + shift - starts[1]) <= SAME_COLUMN


def take_value_pages(layouts: Sequence[PageLayout]) -> list[PageLayout]:
    """Take the text of a page without a table for a value that goes on, where all of it stands in its column.

    A value may fill whole pages: there is no label then, and where only labels are coloured no edge either. Text of
    its own begins where labels do.

    Args:
        layouts: The pages.

    Returns:
        The pages, with a table of one row without label in place of such text.
    """
    found: list[PageLayout] = []
    for layout in layouts:
        last = found[-1].tables[-1] if found and found[-1].tables else None
        lines = layout.free_lines
        if last is not None and not layout.tables and lines and _holds_values(last, lines):
            top, bottom = lines[0].box.top, max(line.box.bottom for line in lines)
            known = last.box, last.rows[-1].label.box, last.rows[-1].value.box
            box, *cells = (replace(own, page=layout.number, top=top, bottom=bottom) for own in known)
            row = RowCells(label=Cell(box=cells[0], lines=()), value=Cell(box=cells[1], lines=lines))
            table = last.model_copy(update={"box": box, "closed_top": None, "closed_bottom": None, "rows": (row,)})
            layout = layout.model_copy(update={"tables": (table,), "free_lines": ()})  # noqa: PLW2901
        found.append(layout)
    return found


def _holds_values(last: Table, lines: Sequence[TextLine]) -> bool:
    """Return whether lines begin as the values of a table do that ends the page before and is not closed."""
    values = [line.box for row in last.rows for line in row.value.lines]
    if last.evidence == "gutter" or last.closed_bottom or not values:
        return False
    left, start = min(box.x0 for box in values), min(line.box.x0 for line in lines)
    return abs(start - left) <= SAME_COLUMN
