"""What tables repeat from page to page: header rows, and the headings above them."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from pipeline.models.layout import PageLayout, RowCells, Table, TextLine
from pipeline.stages.stitch.tables import TablePart, continues_table, list_blocks, pair_parts
from pipeline.text.lines import LEAST, NEARLY_ALL

FULL_PAGE: Final = 3.0
"""Most room, as a multiple of the leading, below a table that fills its page."""


def take_out_header_rows(layouts: Sequence[PageLayout]) -> tuple[list[TextLine], list[PageLayout]]:
    """Take out rows that repeat at the head of a table on page after page, or that are set apart by bold type.

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
    found: set[tuple[str, str]] = set()
    for (upper, last), (lower, first) in pair_parts(layouts):
        between = any(line.box.top > last.box.bottom - 1 for line in upper.free_lines)
        between |= any(line.box.top < first.box.top for line in lower.free_lines)
        if not between and _row_text(first.rows[0]) == _row_text(last.rows[0]):
            found.add(_row_text(first.rows[0]))
    heads = [_take_head(layout, place) for layout in layouts for place in range(len(layout.tables))]
    return {text for text in found | _recurring_headers(heads) if all(text)} | _bold_headers(heads)


class _Head(NamedTuple):
    """A table's first row, and the rows below; `apart` where its fill made it a table of its own."""

    row: RowCells
    below: tuple[RowCells, ...]
    apart: bool


def _take_head(layout: PageLayout, place: int) -> _Head:
    table, *following = layout.tables[place:]
    apart = len(table.rows) == 1 and bool(following)
    return _Head(table.rows[0], following[0].rows if apart else table.rows[1:], apart)


def _recurring_headers(heads: Sequence[_Head]) -> set[tuple[str, str]]:
    """Find header rows by their text, which begins nearly every table, is nowhere else, and is set apart.

    A row of data may begin every table, too: only one that its fill parts from the rows below, or its bold value, is a
    header row.
    """
    starts: Counter[tuple[str, str]] = Counter()
    for head in heads:
        starts[_row_text(head.row)] += head.apart or _has_bold_value(head.row)
    inner = {_row_text(row) for head in heads if not head.apart for row in head.below if not _has_bold_value(row)}
    enough = max(LEAST, NEARLY_ALL * sum(not head.apart for head in heads))
    return {text for text, count in starts.items() if text not in inner and count >= enough}


def _has_bold_value(row: RowCells) -> bool:
    return bool(row.value.lines) and all(line.bold for line in row.value.lines)


def _bold_headers(heads: Sequence[_Head]) -> set[tuple[str, str]]:
    """Find header rows by their type: label and value bold at the head of a table whose values are not."""
    rows = [row for head in heads for row in (head.row, *(() if head.apart else head.below))]
    if sum(map(_has_bold_value, rows)) > len(rows) / LEAST:
        return set()
    plain = [head for head in heads if sum(map(_has_bold_value, head.below)) < len(head.below) / LEAST]
    bold = [head.row for head in plain if _has_bold_value(head.row)]
    bold = [row for row in bold if row.label.lines and all(line.bold for line in row.label.lines)]
    # Word processors set a table's first row in bold whatever it holds: titles of columns are short, and the same for
    # all tables.
    texts = {_row_text(row) for row in bold}
    short = all(len(cell.lines) == 1 for row in bold for cell in (row.label, row.value))
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
    leading = max((table.leadings[1] for layout in layouts for table in layout.tables), default=0.0)
    taken: list[TextLine] = []
    kept: list[PageLayout] = []
    current: list[tuple[str, float]] = []
    last: TablePart | None = None
    for layout in layouts:
        first, *_ = (*layout.tables, None)
        tops = [-math.inf, *(table.box.bottom - 1 for table in layout.tables)]
        blocks = [
            [line for line in layout.free_lines if top <= line.box.top and line.box.bottom <= table.box.top + 1]
            for top, table in zip(tops, layout.tables, strict=False)
        ]
        if (
            first is not None
            and last is not None
            and blocks[0]
            and [_line_key(line) for line in blocks[0]] == current
            and foot - last.table.box.bottom <= FULL_PAGE * leading
            and continues_table(last, TablePart(layout, first))
        ):
            taken += blocks[0]
            rest = tuple(line for line in layout.free_lines if line not in blocks[0])
            layout = layout.model_copy(update={"free_lines": rest})  # noqa: PLW2901 - the page without the heading
            blocks = blocks[1:]
        for lines in filter(None, blocks):
            # What is directly above a table: the last block of the lines.
            current = [_line_key(line) for line in list_blocks(lines)[-1]]
        last = TablePart(layout, layout.tables[-1]) if layout.tables else None
        kept.append(layout)
    return taken, kept


def _line_key(line: TextLine) -> tuple[str, float]:
    return line.text, round(line.size, 1)
