"""`PageLayout`s → `Document`: the rows and blocks of an edition in reading order.

What tables repeat from page to page is taken out first; then hyphenation is undone, over all pages: a word broken at a
page's bottom goes on below the header row. Then, page by page, tables go on with those of the page before, and rows
with the rows that ended it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from pipeline.models.layout import PageLayout, Table
from pipeline.models.row import Document, Fragment, GlyphCount, Residue, TextBlock
from pipeline.stages.stitch.breaks import Break, judge_break, measure_breaks, repeats_label
from pipeline.stages.stitch.findings import list_issues, list_lone_furniture, list_ties, report_tags
from pipeline.stages.stitch.hyphenation import undo_hyphenation
from pipeline.stages.stitch.reach import column_key, measure_columns
from pipeline.stages.stitch.repeated import take_out_header_rows, take_out_repeated_headings
from pipeline.stages.stitch.tables import (
    TablePart,
    continues_table,
    find_reading_order,
    heading_goes_on,
    make_block,
    measure_body_size,
)
from pipeline.text.cells import compose_row


def stitch_document(layouts: Sequence[PageLayout], breaks: dict[int, float] | None = None) -> Document:
    """Join the pages of an edition.

    Args:
        layouts: One layout per page, in order.
        breaks: Takes, by page number, how sure it is that the page's first row goes on from the page before (0 to 1).

    Returns:
        Rows and blocks in reading order; furniture, residue and counts besides them.
    """
    headers, layouts = take_out_header_rows(layouts)
    repeated, layouts = take_out_repeated_headings(layouts)
    layouts = undo_hyphenation(layouts)
    joined = _Joiner(layouts)
    for layout in layouts:
        joined.take_page(layout)
    if breaks is not None:
        breaks.update((one.box.page, one.sure) for one in joined.breaks)
    tags, issues = report_tags(layouts)
    issues += [issue for layout in layouts for issue in list_issues(layout)] + list_ties(layouts, joined.breaks)
    issues += list_lone_furniture(layouts, headers + repeated)
    lines = [line for layout in layouts for line in layout.margin_lines] + headers + repeated
    return Document(
        content=tuple(
            compose_row(item.table, tuple(item.parts), tuple(item.sure)) if isinstance(item, _Draft) else _join(item)
            for item in joined.content
        ),
        furniture=(*(make_block("furniture", [line]) for line in lines), *joined.furniture),
        residue=tuple(
            piece for layout in layouts for left in layout.left_out for piece in Residue.of(left.reason, left.lines)
        ),
        counts=tuple(GlyphCount(page=layout.number, glyphs=layout.glyph_count) for layout in layouts),
        surplus=tuple((layout.number, index, surplus) for layout in layouts for index, surplus in layout.glyph_copies),
        issues=tuple(issues),
        tags=tags,
    )


@dataclass
class _Draft:
    """A row: its table's number, its parts so far, and how sure each join of two is."""

    table: int
    parts: list[Fragment]
    sure: list[float] = field(default_factory=list)


def _join(blocks: Sequence[TextBlock]) -> TextBlock:
    return blocks[0] if len(blocks) == 1 else make_block("text", [line for block in blocks for line in block.lines])


class _Joiner:
    """Joins rows page by page.

    Attributes:
        content: Rows and blocks, a block by its parts on each page; a row is where it begins, before the notes on its
            first page.
        furniture: Labels that are printed again.
        breaks: The page breaks between a row and what may go on with it.
    """

    def __init__(self, layouts: Sequence[PageLayout]) -> None:
        self.content: list[_Draft | list[TextBlock]] = []
        self.furniture: list[TextBlock] = []
        self.breaks: list[Break] = []
        self._edition, self._columns = measure_breaks(layouts), measure_columns(layouts)
        self._body = measure_body_size(layouts)
        self._table = -1
        self._last: TablePart | None = None
        self._row: _Draft | None = None

    def take_page(self, layout: PageLayout) -> None:
        """Take a page's tables and blocks: text ends a table, a note or a page that holds a picture only does not."""
        if self._last is not None and not layout.tables and not layout.free_lines:
            self._last = self._last._replace(page=layout)
        for place, item in enumerate(find_reading_order(layout)):
            if isinstance(item, Table):
                self._take_table(TablePart(layout, item))
                continue
            if item.kind == "text":
                self._last = self._row = None
            upper = self.content[-1] if self.content and place == 0 else None
            if isinstance(upper, list) and heading_goes_on(upper[-1], item, self._body):
                upper.append(item)
            else:
                self.content.append([item])

    def _take_table(self, part: TablePart) -> None:
        table = part.table
        if self._last is None or not continues_table(self._last, part):
            self._last = self._row = None
            self._table += 1
        label, value = self._columns[column_key(table)]
        for row in table.rows:
            fragment = Fragment(
                label_lines=row.label.lines,
                value_lines=row.value.lines,
                label_box=row.label.box,
                value_box=row.value.box,
                evidence=table.evidence,
                confidence=table.confidence,
                label_column=label,
                value_column=value,
            )
            if self._row is not None and self._last is not None and row is table.rows[0]:
                if repeats_label(self._row.parts, fragment, self._edition):
                    self.furniture.append(make_block("furniture", fragment.label_lines))
                    fragment = replace(fragment, label_lines=())
                found = judge_break(self._row.parts, fragment, (self._last.table, table), self._edition)
                self.breaks.append(found)
                if found.odds > 0:
                    self._row.parts.append(fragment)
                    self._row.sure.append(found.sure)
                    continue
            self._row = _Draft(self._table, [fragment])
            self.content.append(self._row)
        self._last = part
