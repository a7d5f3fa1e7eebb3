"""`Source` → `PageLayout`s: which lines of each page are label, value, margin or free.

The steps, each over all pages before the next:

1. Lines; margin lines, which are none of those between the edges of cells; the type and the leading of the rest.
2. Tables that vertical edges show, with the boundaries and numbering columns that other pages show; tables of which a
   page shows only a filled header row.
3. Tables of three or more columns that white space shows, which are left out; then the tables at gutters.
4. Rows that only other rows or pages show: between the rules of such rows, tails at a page's head, labels at a page's
   foot, lone rows in the columns of other tables, labels far below other rows. Then, which tables may hold parts of
   rows of other pages, and which go on with the next page's.
5. What decides over rows: how far the text of columns reaches, the leadings of labels and of values, and what parts the
   rows of each kind of table (edges, white space, alignment).
6. Each page is laid out: rows between separators, or by alignment where the edition's tables have none.
"""

from __future__ import annotations

from pipeline.models.layout import PageLayout
from pipeline.models.page import Source
from pipeline.stages.segment.band_tables import find_banded_parts, find_known_numberings, take_headed_bands
from pipeline.stages.segment.bands import find_bounded_lines, find_known_boundaries
from pipeline.stages.segment.continuation import (
    find_far_labels,
    find_feet,
    find_loose_rows,
    find_rests,
    find_ruled_rows,
    find_tails,
    mark_tables_that_go_on,
)
from pipeline.stages.segment.gutter import find_gutter_parts
from pipeline.stages.segment.kinds import tell_kinds
from pipeline.stages.segment.layout import lay_out
from pipeline.stages.segment.margins import find_margin_lines
from pipeline.stages.segment.ornaments import find_colons
from pipeline.stages.segment.setting import Setting, measure_reach, measure_setting
from pipeline.stages.segment.sheet import Kind, Sheet, Style
from pipeline.stages.segment.style import measure_leadings, measure_style


def segment_pages(source: Source) -> tuple[PageLayout, ...]:
    """Find the tables, margin lines and free lines of every page.

    Args:
        source: The pages as read.

    Returns:
        One layout per page, in order.
    """
    sheets = [Sheet(page) for page in source.pages]
    for sheet, colons in zip(sheets, find_colons(source.pages, [sheet.lines for sheet in sheets]), strict=True):
        sheet.leave_out_ornaments(colons)
    bounded = [find_bounded_lines(sheet) for sheet in sheets]
    body_size = measure_style(sheets).size
    margins = find_margin_lines(source.pages, [sheet.lines for sheet in sheets], bounded, body_size)
    for sheet, margin in zip(sheets, margins, strict=True):
        sheet.margin = margin
    style = measure_style(sheets)
    known = find_known_boundaries(sheets)
    numberings = find_known_numberings(sheets)
    for sheet in sheets:
        for region in sheet.regions():
            find_banded_parts(region, style, known, numberings)
    take_headed_bands(sheets)
    find_gutter_parts(sheets, style)
    find_ruled_rows(sheets, style)
    # A page that holds a picture only parts nothing.
    filled = [sheet for sheet in sheets if sheet.lines]
    find_tails(filled, style)
    find_feet(filled, style)
    find_loose_rows(sheets, style)
    find_far_labels(sheets, style)
    find_rests(filled, style)
    mark_tables_that_go_on(filled)
    measure_reach(sheets, style)
    settings: dict[Kind, tuple[Style, Setting]] = {}
    for kind, parts in tell_kinds(sheets).items():
        own = measure_leadings(parts, style)
        settings[kind] = (own, measure_setting(parts, own))
    sheets.reverse()
    # A sheet is let go when it is laid out: a long document's sheets take more than what is made of them.
    return tuple(lay_out(sheets.pop(), settings) for _ in source.pages)
