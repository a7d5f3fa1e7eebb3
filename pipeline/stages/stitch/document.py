"""`PageLayout`s → `Document`: the rows and blocks of an edition in reading order.

What tables repeat from page to page is taken out first; then hyphenation is undone, over all pages: a word broken at a
page's foot goes on below the header row. Then, page by page, tables go on with those of the page before, and rows with
the rows that ended it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.models.layout import PageLayout, RowCells, Table
from pipeline.models.row import Document, Fragment, GlyphCount, Residue, Row, TextBlock
from pipeline.stages.stitch.breaks import measure_breaks, repeats_label, row_goes_on
from pipeline.stages.stitch.findings import list_issues, list_residue, report_tags
from pipeline.stages.stitch.hyphenation import undo_hyphenation
from pipeline.stages.stitch.reach import Columns, column_key, measure_columns
from pipeline.stages.stitch.repeated import take_out_header_rows, take_out_repeated_headings
from pipeline.stages.stitch.tables import TablePart, continues_table, take_value_pages
from pipeline.stages.stitch.text_blocks import find_reading_order, heading_goes_on, make_block, measure_body_size
from pipeline.text.cells import compose_row


def stitch_document(layouts: Sequence[PageLayout], breaks: dict[int, float] | None = None) -> Document:
    """Join the pages of an edition.

    Args:
        layouts: One layout per page, in order.
        breaks: Takes, by page number, how sure it is that the page's first row goes on from the page before (0 to 1).

    Returns:
        Rows and blocks in reading order; furniture, residue and counts beside them.
    """
    headers, layouts = take_out_header_rows(take_value_pages(layouts))
    repeated, layouts = take_out_repeated_headings(layouts)
    headers += repeated
    layouts = undo_hyphenation(layouts)
    edges = measure_breaks(layouts)
    content: list[Row | TextBlock | None] = []
    furniture = [make_block("furniture", [line]) for layout in layouts for line in layout.margin_lines]
    furniture += [make_block("furniture", [line]) for line in headers]
    residue: list[Residue] = []
    tags, issues = report_tags(layouts)
    columns = measure_columns(layouts)
    open_row: list[Fragment] = []
    open_sure: list[float] = []
    open_place = 0
    table_number = -1
    last: TablePart | None = None
    interrupted = True

    def close() -> None:
        nonlocal open_row, open_sure
        if open_row:
            content[open_place] = compose_row(table_number, tuple(open_row), tuple(open_sure))
        open_row, open_sure = [], []

    body = measure_body_size(layouts)
    for layout in layouts:
        residue += list_residue(layout)
        issues += list_issues(layout)
        if last is not None and not layout.tables and not layout.free_lines:
            last = last._replace(page=layout)  # a page that holds a picture only
        for place, item in enumerate(find_reading_order(layout)):
            if isinstance(item, TextBlock):
                if item.kind == "text":
                    close()
                    interrupted = True
                upper = content[-1] if content and place == 0 else None
                if isinstance(upper, TextBlock) and heading_goes_on(upper, item, body):
                    content[-1] = make_block("text", (*upper.lines, *item.lines))
                else:
                    content.append(item)
                continue
            part = TablePart(layout, item)
            goes_on = last is not None and not interrupted and continues_table(last, part)
            if not goes_on:
                close()
                table_number += 1
            fragments = [_fragment(row, item, columns[column_key(item)]) for row in item.rows]
            if fragments and open_row and goes_on and repeats_label(open_row, fragments[0], edges):
                furniture.append(make_block("furniture", fragments[0].label_lines))
                fragments[0] = replace(fragments[0], label_lines=())
            for number, fragment in enumerate(fragments):
                sure = None
                if number == 0 and open_row and goes_on and last is not None:
                    sure = row_goes_on(open_row, fragment, (last.table, item), edges)
                    if breaks is not None and sure is not None:
                        breaks[layout.number] = sure
                if sure is not None and sure >= 0.5:
                    open_row.append(fragment)
                    open_sure.append(sure)
                else:
                    close()
                    open_row = [fragment]
                    open_place = len(content)
                    content.append(None)  # a row stands where it begins, before the notes on its first page
            last = part
            interrupted = False
    close()
    return Document(
        content=tuple(item for item in content if item is not None),
        furniture=tuple(furniture),
        residue=tuple(residue),
        counts=tuple(GlyphCount(page=layout.number, glyphs=layout.glyph_count) for layout in layouts),
        surplus=tuple((layout.number, index, surplus) for layout in layouts for index, surplus in layout.glyph_copies),
        issues=tuple(issues),
        tags=tags,
    )


def _fragment(row: RowCells, table: Table, columns: Columns) -> Fragment:
    return Fragment(
        label_lines=row.label.lines,
        value_lines=row.value.lines,
        label_box=row.label.box,
        value_box=row.value.box,
        label_left=columns.label_left,
        label_right=columns.label_right,
        value_right=columns.value_right,
        leading=columns.leading,
        label_leading=columns.label_leading,
        justified=columns.justified,
        setting=columns.setting,
        evidence=table.evidence,
        confidence=table.confidence,
    )
