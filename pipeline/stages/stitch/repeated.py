"""What tables repeat from page to page: header rows, and the headings above them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from pipeline.models.layout import PageLayout, RowCells, Table, TextLine
from pipeline.stages.stitch.reach import measure_leadings
from pipeline.stages.stitch.tables import TablePart, continues_table, has_free_between, pair_parts
from pipeline.stages.stitch.text_blocks import is_same_block

BOLD_SHARE = 0.34
"""Largest share of rows with a bold value for bold type to mark header rows: a table of one row has as many."""
LEAST_HEADED = 3
"""Least number of tables that begin with the same row for it to be their header row, even if none runs over a page."""
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
    if not headers:
        return [], list(layouts)
    taken: list[TextLine] = []
    kept: list[PageLayout] = []
    for layout in layouts:
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
    return taken, kept


def _header_rows(layouts: Sequence[PageLayout]) -> set[tuple[str, str]]:
    """Find the texts of header rows: label and value of the first row of a table."""
    firsts = [_row_text(table.rows[0]) for layout in layouts for table in layout.tables if table.rows]
    # At a page's head a header row also recurs as a running line does, and then is a furniture candidate already.
    running = Counter(line.text for layout in layouts for line in layout.margin_lines)
    found = {text for text in firsts if all(text) and running[" ".join(text)] >= 2}
    found |= _recurring_headers(layouts)
    for (upper, last), (lower, first) in pair_parts(layouts):
        between = any(line.box.top > last.box.bottom - 1 for line in upper.free_lines)
        between |= any(line.box.top < first.box.top for line in lower.free_lines)
        text = _row_text(first.rows[0]) if first.rows and last.rows else ("", "")
        if not between and all(text) and text == _row_text(last.rows[0]):
            found.add(text)
    return found | _bold_headers(layouts)


def _recurring_headers(layouts: Sequence[PageLayout]) -> set[tuple[str, str]]:
    """Find header rows by their text, which begins nearly every table, stands nowhere else, and is set apart.

    A row of data may begin every table, too: only one that its fill parts from the rows below, or its bold value, is a
    header row.
    """
    starts: Counter[tuple[str, str]] = Counter()
    inner: set[tuple[str, str]] = set()
    tables = 0
    for layout in layouts:
        filled = [table for table in layout.tables if table.rows]
        for above, table, below in zip((None, *filled), filled, (*filled[1:], None), strict=False):
            # A header row that its fill sets apart from the rows below is found as a table of its own.
            headed = above is not None and len(above.rows) == 1 and not has_free_between(layout, above, table)
            heads = below is not None and len(table.rows) == 1 and not has_free_between(layout, table, below)
            tables += not headed
            starts[_row_text(table.rows[0])] += heads or _has_bold_value(table.rows[0])
            inner.update(_row_text(row) for row in table.rows[1:] if not _has_bold_value(row))
    return {
        text
        for text, count in starts.items()
        if all(text) and text not in inner and count >= max(LEAST_HEADED, HEADED_SHARE * tables)
    }


def _has_bold_value(row: RowCells) -> bool:
    return bool(row.value.lines) and all(line.bold for line in row.value.lines)


def _bold_headers(layouts: Sequence[PageLayout]) -> set[tuple[str, str]]:
    """Find header rows by their type: label and value bold at the head of a table whose values are not."""
    rows = [row for layout in layouts for table in layout.tables for row in table.rows]
    bold = [row for row in rows if row.value.lines and all(line.bold for line in row.value.lines)]
    if len(bold) > BOLD_SHARE * len(rows):
        return set()
    heads = [
        head
        for layout in layouts
        for head, following in _heads_of_tables(layout)
        if any(head is row for row in bold) and not any(following is row for row in bold)
        if head.label.lines and all(line.bold for line in head.label.lines)
    ]
    # Word processors set a table's first row in bold whatever it holds: titles of columns are short, and the same for
    # all tables.
    texts = {_row_text(row) for row in heads}
    short = all(len(cell.lines) == 1 for row in heads for cell in (row.label, row.value))
    return texts if len(texts) == 1 and short else set()


def _heads_of_tables(layout: PageLayout) -> Iterator[tuple[RowCells, RowCells]]:
    """Give the first row of each table with the row below it.

    A row that its fill sets apart from the rows below is found as a table of its own, with nothing between.
    """
    filled = [table for table in layout.tables if table.rows]
    for table, below in zip(filled, (*filled[1:], None), strict=False):
        if len(table.rows) > 1:
            yield table.rows[0], table.rows[1]
        elif below is not None and not has_free_between(layout, table, below):
            yield table.rows[0], below.rows[0]


def _part_of(table: Table, rows: Sequence[RowCells]) -> Table:
    if len(rows) == len(table.rows):
        return table
    top, bottom = rows[0].label.box.top, rows[-1].label.box.bottom
    changes: dict[str, object] = {
        "rows": tuple(rows),
        "box": replace(table.box, top=top, bottom=bottom),
    }
    if rows[0] is not table.rows[0]:
        # The edge below a header row is the header row's own.
        changes["closed_top"] = None
    return table.model_copy(update=changes)


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
    before: PageLayout | None = None
    for layout in layouts:
        first = layout.tables[0] if layout.tables else None
        above = [line for line in layout.free_lines if first is not None and line.box.bottom <= first.box.top + 1]
        last = before.tables[-1] if before is not None and before.tables else None
        if (
            above
            and before is not None
            and last is not None
            and first is not None
            and len(_heading_key(above)) == len(above)
            and _heading_key(above) == current
            and foot - last.box.bottom <= FULL_PAGE * leading
            and not any(line.box.top > last.box.bottom - 1 for line in before.free_lines)
            and continues_table(TablePart(before, last), TablePart(layout, first))
        ):
            taken += above
            own = set(above[0].glyphs).union(*(line.glyphs for line in above))
            rest = tuple(line for line in layout.free_lines if not own.intersection(line.glyphs))
            layout = layout.model_copy(update={"free_lines": rest})  # noqa: PLW2901 - the page without the heading
        for upper, lower in pairwise((None, *layout.tables)):
            if lower is None:
                continue
            between = [
                line
                for line in layout.free_lines
                if line.box.bottom <= lower.box.top + 1 and (upper is None or line.box.top >= upper.box.bottom - 1)
            ]
            current = _heading_key(between) or current
        before = layout
        kept.append(layout)
    return taken, kept


def _heading_key(lines: Sequence[TextLine]) -> tuple[tuple[str, float], ...]:
    """Give the texts and sizes of the last block of lines: what stands directly above a table."""
    start = len(lines) - 1
    while start > 0 and is_same_block(lines[start - 1], lines[start]):
        start -= 1
    return tuple((line.text, round(line.size, 1)) for line in lines[max(start, 0) :])
