"""What tables repeat from page to page: header rows, and the headings above them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from pipeline.models.layout import PageLayout, RowCells, Table, TextLine
from pipeline.stages.stitch.reach import measure_leadings
from pipeline.stages.stitch.tables import TablePart, continues_table, has_free_between, pair_parts
from pipeline.stages.stitch.text_blocks import is_same_block

LEAST_HEADED = 3
"""Least number of tables that begin with the same row for it to be their header row, even if none runs over a page; and
least number of rows for each with a bold value where bold type marks header rows: a table may have one row."""
HEADED_SHARE = 0.8
"""Least share of all tables that begin with such a row."""
FULL_PAGE = 3.0
"""Most room, as a multiple of the leading, below a table that fills its page."""


def take_out_header_rows(layouts: Sequence[PageLayout]) -> tuple[list[TextLine], list[PageLayout]]:
    """Take out rows that repeat at the head of a table on page after page, or that stand out by bold type.

    Args:
        layouts: The pages.

    Returns:
        The lines taken out, and the pages without them.
    """
    headers = _header_rows(layouts)
    taken: list[TextLine] = []
    kept: list[PageLayout] = []
    for layout in layouts if headers else ():
        tables: list[Table] = []
        for table in layout.tables:
            groups: list[list[RowCells]] = [[]]
            for row in table.rows:
                if _row_text(row) in headers:
                    # In mid-table the header row is the next table's: two tables that only it parts.
                    taken += [*row.label.lines, *row.value.lines]
                    groups.append([])
                else:
                    groups[-1].append(row)
            tables += [_part_of(table, group) for group in groups if group]
        kept.append(layout.model_copy(update={"tables": tuple(tables)}))
    return taken, kept or list(layouts)


def _header_rows(layouts: Sequence[PageLayout]) -> set[tuple[str, str]]:
    """Find the texts of header rows: label and value of the first row of a table."""
    firsts = [_row_text(table.rows[0]) for layout in layouts for table in layout.tables if table.rows]
    # At a page's head a header row also recurs as a running line does, and then is a furniture candidate already.
    running = Counter(line.text for layout in layouts for line in layout.margin_lines)
    found = {text for text in firsts if running[" ".join(text)] >= 2}
    for (upper, last), (lower, first) in pair_parts(layouts):
        between = any(line.box.top > last.box.bottom - 1 for line in upper.free_lines)
        between |= any(line.box.top < first.box.top for line in lower.free_lines)
        if not between and first.rows and last.rows and _row_text(first.rows[0]) == _row_text(last.rows[0]):
            found.add(_row_text(first.rows[0]))
    return {text for text in found | _recurring_headers(layouts) if all(text)} | _bold_headers(layouts)


def _recurring_headers(layouts: Sequence[PageLayout]) -> set[tuple[str, str]]:
    """Find header rows by their text, which begins nearly every table, stands nowhere else, and is set apart.

    A row of data may begin every table, too: only one that its fill parts from the rows below, or its bold value, is a
    header row.
    """
    starts: Counter[tuple[str, str]] = Counter()
    inner: set[tuple[str, str]] = set()
    tables = 0
    for layout in layouts:
        headed = False
        filled = [table for table in layout.tables if table.rows]
        for table, below in zip(filled, (*filled[1:], None), strict=False):
            # A header row that its fill sets apart from the rows below is found as a table of its own.
            tables += not headed
            headed = below is not None and len(table.rows) == 1 and not has_free_between(layout, table, below)
            starts[_row_text(table.rows[0])] += headed or _has_bold_value(table.rows[0])
            inner.update(_row_text(row) for row in table.rows[1:] if not _has_bold_value(row))
    enough = max(LEAST_HEADED, HEADED_SHARE * tables)
    return {text for text, count in starts.items() if text not in inner and count >= enough}


def _has_bold_value(row: RowCells) -> bool:
    return bool(row.value.lines) and all(line.bold for line in row.value.lines)


def _bold_headers(layouts: Sequence[PageLayout]) -> set[tuple[str, str]]:
    """Find header rows by their type: label and value bold at the head of a table whose values are not.

    A row that its fill sets apart from the rows below is found as a table of its own, with nothing between.
    """
    rows = [row for layout in layouts for table in layout.tables for row in table.rows]
    if sum(map(_has_bold_value, rows)) > len(rows) / LEAST_HEADED:
        return set()
    heads: list[RowCells] = []
    for layout in layouts:
        filled = [table for table in layout.tables if table.rows]
        for table, below in zip(filled, (*filled[1:], None), strict=False):
            apart = len(table.rows) == 1 and below is not None and not has_free_between(layout, table, below)
            head, following = (*table.rows, *(below.rows if apart and below is not None else ()), None)[:2]
            if head is None or following is None or _has_bold_value(following) or not _has_bold_value(head):
                continue
            heads += [head] if head.label.lines and all(line.bold for line in head.label.lines) else []
    # Word processors set a table's first row in bold whatever it holds: titles of columns are short, and the same for
    # all tables.
    texts = {_row_text(row) for row in heads}
    short = all(len(cell.lines) == 1 for row in heads for cell in (row.label, row.value))
    return texts if len(texts) == 1 and short else set()


def _part_of(table: Table, rows: Sequence[RowCells]) -> Table:
    if len(rows) == len(table.rows):
        return table
    box = replace(table.box, top=rows[0].label.box.top, bottom=rows[-1].label.box.bottom)
    # The edge below a header row is the header row's own.
    closed = table.closed_top if rows[0] is table.rows[0] else None
    return table.model_copy(update={"rows": tuple(rows), "box": box, "closed_top": closed})


def _row_text(row: RowCells) -> tuple[str, str]:
    return (
        " ".join(line.text for line in row.label.lines),
        " ".join(line.text for line in row.value.lines),
    )


def take_out_repeated_headings(layouts: Sequence[PageLayout]) -> tuple[list[TextLine], list[PageLayout]]:
    """Take out headings that a table repeats on each page that it runs over, as it does a header row.

    The lines above a page's first table are such a heading where they are the same as those above the table that filled
    the page before. A chapter's own heading may recur too, but seldom behind a full page.

    Args:
        layouts: The pages.

    Returns:
        The lines taken out, and the pages without them.
    """
    foot = max((table.box.bottom for layout in layouts for table in layout.tables), default=0.0)
    leading = max(measure_leadings([(table, 0.0, 0.0) for layout in layouts for table in layout.tables]))
    taken: list[TextLine] = []
    kept: list[PageLayout] = []
    current: tuple[tuple[str, float], ...] = ()
    last: TablePart | None = None
    for layout in layouts:
        first = TablePart(layout, layout.tables[0]) if layout.tables else None
        above = [line for line in layout.free_lines if first is not None and line.box.bottom <= first.table.box.top + 1]
        if (
            above
            and last is not None
            and first is not None
            and len(_heading_key(above)) == len(above)
            and _heading_key(above) == current
            and foot - last.table.box.bottom <= FULL_PAGE * leading
            and not any(line.box.top > last.table.box.bottom - 1 for line in last.page.free_lines)
            and continues_table(last, first)
        ):
            taken += above
            rest = tuple(line for line in layout.free_lines if line not in above)
            layout = layout.model_copy(update={"free_lines": rest})  # noqa: PLW2901 - the page without the heading
        tops = [table.box.bottom - 1 for table in layout.tables]
        for top, table in zip((-math.inf, *tops), layout.tables, strict=False):
            lines = [one for one in layout.free_lines if top <= one.box.top and one.box.bottom <= table.box.top + 1]
            current = _heading_key(lines) or current
        last = TablePart(layout, layout.tables[-1]) if layout.tables else None
        kept.append(layout)
    return taken, kept


def _heading_key(lines: Sequence[TextLine]) -> tuple[tuple[str, float], ...]:
    """Give the texts and sizes of the last block of lines: what stands directly above a table."""
    start = len(lines) - 1
    while start > 0 and is_same_block(lines[start - 1], lines[start]):
        start -= 1
    return tuple((line.text, round(line.size, 1)) for line in lines[max(start, 0) :])
