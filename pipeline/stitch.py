"""Stitch stage: `PageLayout`s → `Document`. Knows geometry and the page order, no words of any language.

Takes furniture out, joins the halves of rows that run over page breaks, and joins lines to paragraphs and list items.
"""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Literal, NamedTuple

from pipeline.models.geometry import unite_boxes
from pipeline.models.layout import PageLayout, RowCells, Table, TextLine
from pipeline.models.report import Issue
from pipeline.models.row import Document, Fragment, GlyphCount, Residue, Row, Setting, TextBlock
from pipeline.paragraphs import (
    SENTENCE_END,
    SOFT_HYPHEN,
    SPACE_WIDTH,
    URL_START,
    compose_lines,
    compose_row,
    measure_setting,
)

SAME_COLUMN = 4.0
"""Largest difference of column boundaries, in points, of two parts of one table."""
SAME_COLOUR = 0.06
"""Largest difference of any RGB channel (0 to 1) of the label fills of two parts of one table."""
BLOCK_GAP = 1.6
"""Base line distance, as a multiple of the font size, from which free lines are different blocks."""
SELF_EVIDENT = 40
"""Number of value lines that show by themselves how far a column reaches."""
WIDEST_PADDING = 14.0
"""Widest padding of cells, points, by which a table's text is set in from the text around it."""
SMALL_LABELS = 0.02
"""Largest share of labels within pages that begin with a small letter for one at a page's head to go on another."""
FULL_PAGE = 3.0
"""Most room, as a multiple of the leading, below a table that fills its page."""
BOLD_SHARE = 0.34
"""Largest share of rows with a bold value for bold type to mark header rows: a table of one row has as many."""
SAME_SIZE = 0.06
"""Largest difference, as a share, of the font sizes of two lines of one block."""
HEADING_TYPE = 1.12
"""Ratio to the body's font size from which a line is a heading's."""
LEAST_HEADED = 3
"""Least number of tables that begin with the same row for it to be their header row, even if none runs over a page."""
HEADED_SHARE = 0.8
"""Least share of all tables that begin with such a row."""
WEAK_CONFIDENCE = 0.7
"""Confidence of a table's finding (0 to 1) below which it is reported."""
JUSTIFIED_SHARE = 0.5
"""Least share of a column's lines that end at its edge (within `EDGE` points) for it to be justified."""
EDGE = 1.0
MEASURED_LINES = 8
"""Least number of lines that show a column's right edge by themselves."""
URL_CHARACTERS = re.compile(r"[._=?&%~\d]")
"""Characters that tell a piece of a URL from words with a slash between them."""
LEADING_SHARE = 0.08
"""Least number of base line distances that make one usual, as a share of the most frequent one's."""
SAME_LEADING = 1.15
"""Ratio up to which two base line distances are one, rounded."""
UNTOLD_SIZE = 10.0
"""Font size, points, of a column without any text."""
UNTOLD_LEADING = 1.25
"""Leading as a multiple of the font size where no two lines of an edition show it."""
LEAST_LEADING = 0.95
"""Least base line distance of two lines, as a multiple of the font size: less is a raised mark's."""
FOOT_ROOM = 0.95
"""Most room below a label that goes on over a page break, as a multiple of the leading and beyond the cell's padding:
less than one more line."""
LEAST_HYPHENATED = 2
"""Least characters before the hyphen that hyphenation leaves at a line's end: no typesetter parts one letter from its
word (TeX, Typst, LibreOffice and the browsers keep two), so `e-` has a hyphen of its own."""
HYPHENATED_SHARE = 0.02
"""Least share of an edition's line ends that break a word by a hyphen for it to be hyphenated: the booklet, which is
not, breaks 3 of some 2,000 lines at printed hyphens; hyphenated settings break 5 to 20 of 100."""


class _Part(NamedTuple):
    """A table's part on one page, and the numbers of the free lines before it."""

    page: PageLayout
    table: Table


class _Columns(NamedTuple):
    label_right: float
    value_right: float
    leading: float
    label_leading: float
    justified: bool
    setting: Setting


def stitch_document(layouts: Sequence[PageLayout]) -> Document:
    """Join the pages of an edition.

    Args:
        layouts: One layout per page, in order.

    Returns:
        Rows and blocks in reading order; furniture, residue and counts beside them.
    """
    layouts = _undo_hyphenation(layouts)
    headers, layouts = _take_out_header_rows(layouts)
    repeated, layouts = _take_out_repeated_headings(layouts)
    headers += repeated
    edges = _measure_breaks(layouts)
    content: list[Row | TextBlock | None] = []
    furniture = [_block("furniture", [line]) for layout in layouts for line in layout.margin_lines]
    furniture += [_block("furniture", [line]) for line in headers]
    residue: list[Residue] = []
    issues: list[Issue] = []
    columns = _measure_columns(layouts)
    open_row: list[Fragment] = []
    open_sure: list[float] = []
    open_place = 0
    table_number = -1
    last: _Part | None = None
    interrupted = True

    def close() -> None:
        nonlocal open_row, open_sure
        if open_row:
            content[open_place] = compose_row(table_number, tuple(open_row), tuple(open_sure))
        open_row, open_sure = [], []

    body = _body_size(layouts)
    for layout in layouts:
        residue += _left_out(layout)
        issues += _layout_issues(layout)
        for place, item in enumerate(_reading_order(layout)):
            if isinstance(item, TextBlock):
                if item.kind == "text":
                    close()
                    interrupted = True
                upper = content[-1] if content and place == 0 else None
                if isinstance(upper, TextBlock) and _heading_goes_on(upper, item, body):
                    content[-1] = _block("text", (*upper.lines, *item.lines))
                else:
                    content.append(item)
                continue
            part = _Part(layout, item)
            goes_on = last is not None and not interrupted and _continues_table(last, part)
            if not goes_on:
                close()
                table_number += 1
            fragments = [_fragment(row, item, columns[_column_key(item)]) for row in item.rows]
            for number, fragment in enumerate(fragments):
                sure = None
                if number == 0 and open_row and goes_on and last is not None:
                    sure = _row_goes_on(open_row, fragment, (last.table, item), edges)
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
    )


# --- what stands where -----------------------------------------------------------------------------------------------


def _reading_order(layout: PageLayout) -> list[Table | TextBlock]:
    """Give a page's tables and blocks of free lines from top to bottom."""
    items: list[tuple[float, Table | TextLine]] = [(table.box.top, table) for table in layout.tables]
    items += [(line.box.top, line) for line in layout.free_lines]
    ordered: list[Table | TextBlock] = []
    group: list[TextLine] = []
    body = _body_size([layout])
    below_all = max((table.box.bottom for table in layout.tables), default=0.0)

    def close() -> None:
        nonlocal group
        if group:
            note = (
                bool(layout.tables)
                and group[0].box.top >= below_all
                and (max(line.size for line in group) < 0.93 * body or _is_note(group[0]))
            )
            ordered.append(_block("footnote" if note else "text", group))
        group = []

    for _, item in sorted(items, key=lambda pair: pair[0]):
        if isinstance(item, Table):
            close()
            ordered.append(item)
        else:
            if group and not _same_block(group[-1], item):
                close()
            group.append(item)
    close()
    return ordered


def _is_note(line: TextLine) -> bool:
    """Tell whether a line begins with a note's mark."""
    return bool(re.match(r"^[*†‡¹²³⁴⁵⁶⁷⁸⁹]", line.text))


def _heading_goes_on(upper: TextBlock, lower: TextBlock, body: float) -> bool:
    """Tell whether a heading runs over a page break: it ends one page and begins the next, in larger type."""
    last, first = upper.lines[-1], lower.lines[0]
    return (
        upper.kind == lower.kind == "text"
        and first.box.page == last.box.page + 1
        and min(upper.size, lower.size) >= HEADING_TYPE * body
        and abs(last.size - first.size) < SAME_SIZE * last.size
        and last.bold == first.bold
    )


def _body_size(layouts: Sequence[PageLayout]) -> float:
    sizes: Counter[float] = Counter()
    for layout in layouts:
        for table in layout.tables:
            for row in table.rows:
                for line in (*row.label.lines, *row.value.lines):
                    sizes[line.size] += len(line.text)
    return max(sizes, key=lambda size: (sizes[size], size)) if sizes else 0.0


def _same_block(upper: TextLine, lower: TextLine) -> bool:
    return (
        abs(upper.size - lower.size) < SAME_SIZE * max(upper.size, lower.size)
        and upper.bold == lower.bold
        and lower.baseline - upper.baseline <= BLOCK_GAP * max(upper.size, lower.size)
    )


def _block(kind: Literal["text", "furniture", "footnote"], lines: Sequence[TextLine]) -> TextBlock:
    right = max(line.box.x1 for line in lines)
    size = max(line.size for line in lines)
    cell = compose_lines(lines, right, BLOCK_GAP * size)
    return TextBlock(
        kind=kind,
        lines=tuple(lines),
        # A running line is no list, even if a dash begins it (`– 7 –`).
        text=" ".join(line.text for line in lines) if kind == "furniture" else cell.text,
        boxes=unite_boxes(line.box for line in lines),
        size=size,
        bold=2 * sum(1 for line in lines if line.bold) > len(lines),
    )


def _left_out(layout: PageLayout) -> list[Residue]:
    return [
        Residue(
            reason=left.reason,
            text=" ".join(line.text for line in left.lines),
            box=unite_boxes(line.box for line in left.lines)[0],
            glyphs=sum(len(line.glyphs) for line in left.lines),
        )
        for left in layout.left_out
    ]


def _layout_issues(layout: PageLayout) -> list[Issue]:
    issues = [
        Issue(
            code="weak_table_evidence",
            severity="warning",
            message="this table is shown by white space alone (no rules, no fills); compare its rows with the page",
            page=layout.number,
            box=table.box,
            score=table.confidence,
            evidence=(table.evidence,),
        )
        for table in layout.tables
        if table.confidence < WEAK_CONFIDENCE
    ]
    for left in layout.left_out:
        text = " ".join(line.text for line in left.lines)
        box = unite_boxes(line.box for line in left.lines)[0]
        if left.reason == "other_table":
            message = f"a table of {left.columns} columns is no label and text table and was left out; see the page"
        elif left.reason == "concealed":
            message = "text that can't be seen on the page (invisible, in the background's colour or off the page) was "
            message += "left out; look whether it belongs to the document"
        else:
            message = "text set across the reading direction was left out; see the page"
        issues.append(
            Issue(
                code=f"left_out_{left.reason}",
                severity="warning",
                message=message,
                page=layout.number,
                box=box,
                text=text[:80],
            )
        )
    return issues


# --- columns ---------------------------------------------------------------------------------------------------------


def _column_key(table: Table) -> tuple[int, int]:
    return round(table.boundary / SAME_COLUMN), round(table.box.x1 / SAME_COLUMN)


def _measure_columns(layouts: Sequence[PageLayout]) -> dict[tuple[int, int], _Columns]:
    """Measure, for each table geometry of the edition, how far its text can reach and how its lines are set."""
    grouped: dict[tuple[int, int], list[Table]] = {}
    for layout in layouts:
        for table in layout.tables:
            grouped.setdefault(_column_key(table), []).append(table)
    rights = {
        key: (
            _right_edge([line for table in tables for row in table.rows for line in row.label.lines], tables, "label"),
            max(
                _right_edge(
                    [line for table in tables for row in table.rows for line in row.value.lines], tables, "value"
                ),
                _text_right(layouts, tables),
            ),
        )
        for key, tables in grouped.items()
    }
    label_leading, leading = _leadings([(table, *rights[key]) for key, tables in grouped.items() for table in tables])
    setting = measure_setting(
        [
            (row.value.lines, rights[key][1])
            for key, tables in grouped.items()
            for table in tables
            for row in table.rows
        ],
        leading,
    )
    measured: dict[tuple[int, int], _Columns] = {}
    for key, tables in grouped.items():
        values = [line for table in tables for row in table.rows for line in row.value.lines]
        label_right, value_right = rights[key]
        ends = [line for line in values if value_right - line.box.x1 <= EDGE]
        measured[key] = _Columns(
            label_right=label_right,
            value_right=value_right,
            leading=leading,
            label_leading=label_leading,
            justified=len(values) >= MEASURED_LINES and len(ends) >= JUSTIFIED_SHARE * len(values),
            setting=setting,
        )
    return measured


def _right_edge(lines: Sequence[TextLine], tables: Sequence[Table], column: str) -> float:
    """Give the right edge that a column's text can reach, points.

    The text itself shows it where many lines end near it; else the cell's edge less the padding at its other side.
    """
    if not lines:
        return max((table.boundary if column == "label" else table.box.x1) for table in tables)
    reach = max(line.box.x1 for line in lines)
    pads = [
        line.box.x0 - (table.box.x0 if column == "label" else table.boundary)
        for table in tables
        for row in table.rows
        for line in (row.label.lines if column == "label" else row.value.lines)
    ]
    if column == "value":
        # Cells of both columns have the same padding, and where no edge is drawn between them, only the label's shows.
        pads += [line.box.x0 - table.box.x0 for table in tables for row in table.rows for line in row.label.lines]
    padding = max(min(pads), 0.0)
    outer = statistics.median((table.boundary if column == "label" else table.box.x1) for table in tables)
    by_box = outer - padding
    if any(table.evidence == "gutter" for table in tables):
        return reach
    return max(reach, by_box)


def _text_right(layouts: Sequence[PageLayout], tables: Sequence[Table]) -> float:
    """Give how far the running text reaches that begins where tables do that white space alone shows; 0 without any.

    Such a table has no right edge of its own, and is set as wide as the text around it. Only broken lines show that.
    """
    lines = sum(len(row.value.lines) for table in tables for row in table.rows)
    if lines >= SELF_EVIDENT or any(table.evidence != "gutter" for table in tables):
        return 0.0
    left = min(line.box.x0 for table in tables for row in table.rows for line in (*row.label.lines, *row.value.lines))
    return max(
        (
            # The cells' padding is the same at both sides.
            upper.box.x1 - max(left - upper.box.x0, 0.0)
            for layout in layouts
            for upper, lower in pairwise(layout.free_lines)
            if _same_block(upper, lower)
            and abs(upper.box.x0 - lower.box.x0) <= SAME_COLUMN
            and -SAME_COLUMN <= left - upper.box.x0 <= WIDEST_PADDING
        ),
        default=0.0,
    )


def _leadings(tables: Sequence[tuple[Table, float, float]]) -> tuple[float, float]:
    """Measure the usual base line distance of labels and of values, points.

    Args:
        tables: The tables, each with the right edges that the text of its columns can reach, points.
    """
    pairs: dict[str, list[tuple[TextLine, TextLine, bool]]] = {"label": [], "value": []}
    for table, label_right, value_right in tables:
        for row in table.rows:
            for column, cell, right in (("label", row.label, label_right), ("value", row.value, value_right)):
                pairs[column] += [
                    (upper, lower, not _would_fit(upper, lower, right))
                    for upper, lower in pairwise(cell.lines)
                    if lower.baseline - upper.baseline >= LEAST_LEADING * max(upper.size, lower.size)
                ]
    rows = [row for table, *_ in tables for row in table.rows]
    sizes = [
        statistics.median([line.size for cell in cells for line in cell.lines] or [UNTOLD_SIZE])
        for cells in ([row.label for row in rows], [row.value for row in rows])
    ]
    label, value = (_usual_distance(pairs[column]) for column in ("label", "value"))
    if abs(sizes[0] - sizes[1]) <= SAME_SIZE * max(sizes):
        # One type, one leading: what one column shows too seldom, the other does.
        label = value = _usual_distance([*pairs["label"], *pairs["value"]])
    if label is None and value is None:
        return UNTOLD_LEADING * sizes[0], UNTOLD_LEADING * sizes[1]
    if label is None or value is None:
        shown, size = (value, sizes[1]) if label is None else (label, sizes[0])
        ratio = (shown or 0.0) / size
        return (ratio * sizes[0], value or 0.0) if label is None else (label, ratio * sizes[1])
    return label, value


def _usual_distance(pairs: Sequence[tuple[TextLine, TextLine, bool]]) -> float | None:
    """Give the usual base line distance inside paragraphs, points; None where nothing shows it.

    Args:
        pairs: Lines that follow each other in a cell, and whether the upper one is full.
    """
    rounded = [(round((lower.baseline - upper.baseline) * 4) / 4, full) for upper, lower, full in pairs]
    distances = Counter(distance for distance, _ in rounded)
    if not distances:
        return None
    # Of lists and short paragraphs most base lines are a paragraph's gap apart, so the usual distance within paragraphs
    # is the least that is no exception; of two nearly equal ones (rounding) the larger is the safer measure of a gap.
    # Where few lines are broken, only the full ones show it: such a line seldom ends its paragraph.
    inside = Counter(distance for distance, full in rounded if full)
    few = 0 < inside.total() < MEASURED_LINES
    enough = max(2, LEADING_SHARE * max(distances.values()))
    common = list(inside if few else (d for d, count in distances.items() if count >= enough)) or list(distances)
    least = min(common)
    return max(distance for distance in common if distance <= SAME_LEADING * least)


def _fragment(row: RowCells, table: Table, columns: _Columns) -> Fragment:
    return Fragment(
        label_lines=row.label.lines,
        value_lines=row.value.lines,
        label_box=row.label.box,
        value_box=row.value.box,
        label_right=columns.label_right,
        value_right=columns.value_right,
        leading=columns.leading,
        label_leading=columns.label_leading,
        justified=columns.justified,
        setting=columns.setting,
        evidence=table.evidence,
        confidence=table.confidence,
    )


# --- page breaks -----------------------------------------------------------------------------------------------------


def _continues_table(last: _Part, part: _Part) -> bool:
    """Tell whether a table's part goes on with the part before it: the next page, the same columns and colour."""
    if part.page.number != last.page.number + 1:
        return False
    one, other = last.table, part.table
    if abs(one.boundary - other.boundary) > SAME_COLUMN and not _begin_alike(one, other):
        return False
    if one.colour is not None and other.colour is not None:
        if one.rows and other.rows and not other.rows[0].label.lines:
            return True
        return max(abs(a - b) for a, b in zip(one.colour, other.colour, strict=True)) <= SAME_COLOUR or _zebra(
            one, other
        )
    return True


def _begin_alike(one: Table, other: Table) -> bool:
    """Tell whether the value columns of two parts begin at the same x: a gutter's middle depends on the labels."""
    starts = [
        min((line.box.x0 for row in table.rows for line in row.value.lines), default=table.boundary)
        for table in (one, other)
    ]
    return abs(starts[0] - starts[1]) <= SAME_COLUMN


def _zebra(one: Table, other: Table) -> bool:
    return min(one.colour or (1.0,)) > 0.9 or min(other.colour or (1.0,)) > 0.9


class _Breaks(NamedTuple):
    """How tables are drawn at their ends.

    Attributes:
        open: How often they are open on both sides of a page break.
        closed: How often they are closed on both sides of one.
        frayed: How often one that ends within a page is open: then its edges tell nothing.
        capital: Whether labels within pages begin with capitals, figures or signs.
    """

    open: int
    closed: int
    frayed: int
    capital: bool

    @property
    def tell(self) -> bool:
        """Whether closed edges tell whole rows."""
        return self.open > 0 and self.closed > 0 and self.frayed == 0


def _measure_breaks(layouts: Sequence[PageLayout]) -> _Breaks:
    opened = closed = 0
    for upper, lower in pairwise(layouts):
        if (
            upper.tables
            and lower.tables
            and _continues_table(_Part(upper, upper.tables[-1]), _Part(lower, lower.tables[0]))
        ):
            sides = (upper.tables[-1].closed_bottom, lower.tables[0].closed_top)
            opened += sides == (False, False)
            closed += sides == (True, True)
    frayed = sum(
        1
        for layout in layouts
        for upper, lower in pairwise(layout.tables)
        if _free_between(layout, upper, lower) and upper.closed_bottom is False
    )
    frayed += sum(
        1
        for upper, lower in pairwise(layouts)
        if upper.tables and upper.tables[-1].closed_bottom is False and lower.tables
        if any(line.box.bottom < lower.tables[0].box.top for line in lower.free_lines)
    )
    begins = [
        row.label.lines[0].text[:1]
        for layout in layouts
        for table in layout.tables
        for row in table.rows[1:]
        if row.label.lines
    ]
    small = sum(1 for letter in begins if letter.islower())
    return _Breaks(opened, closed, frayed, len(begins) >= MEASURED_LINES and small <= SMALL_LABELS * len(begins))


def _row_goes_on(
    open_row: Sequence[Fragment], fragment: Fragment, tables: tuple[Table, Table], edges: _Breaks
) -> float | None:
    """Judge whether a page's first row goes on with the row that ended the page before.

    Args:
        open_row: The parts of the row that ended the page before.
        fragment: The page's first row.
        tables: The table's parts on both pages.
        edges: How the edition's tables are drawn at page breaks.

    Returns:
        How sure it is that it does (0 to 1), from geometry alone; below 0.5 where it rather does not.
    """
    last = open_row[-1]
    upper, lower = tables
    if not fragment.label_lines:
        return 0.98 if fragment.value_lines else 0.9
    if edges.tell and upper.closed_bottom and lower.closed_top:
        # The edition leaves broken rows open. (It may leave whole ones open, too: browsers draw no edge at a break.)
        return 0.03
    if edges.capital and last.label_lines and fragment.label_lines[0].text[:1].islower():
        return 0.85
    open_end = upper.closed_bottom is False or lower.closed_top is False
    if not any(part.label_lines for part in open_row):
        # A label at the middle of its row stands on the page that holds the middle.
        return 0.9 if last.value_lines else 0.5
    if open_end and upper.closed_bottom is False and lower.closed_top is False:
        if last.value_lines and not fragment.value_lines:
            return 0.75
        return 0.8 if _label_goes_on(last, fragment) or _value_goes_on(last, fragment) else 0.4
    score = 0.0
    if not last.label_lines:
        return 0.02
    if (
        any(part.value_lines for part in open_row)
        and not fragment.value_lines
        and _reaches_foot(last)
        and not _would_reach_foot(last.value_lines, last)
    ):
        # The label alone made the row as tall as the page's rest, and nothing stands beside what follows.
        return 0.8
    if _reaches_foot(last) and _value_goes_on(last, fragment):
        # A cell may hold several labels: one ends the page, the next begins the following one, and the value goes on.
        return 0.75
    if not _label_goes_on(last, fragment):
        return 0.05
    label_end = last.label_lines[-1].text
    label_start = fragment.label_lines[0].text
    score += 1.0 if label_start[0].islower() or not label_start[0].isalpha() else -2.0
    score += -1.5 if label_end[-1] in "?:!" else -0.5 if label_end[-1] == "." else 0.5
    if last.value_lines and fragment.value_lines:
        value_end, value_start = last.value_lines[-1], fragment.value_lines[0]
        ends = value_end.text.rstrip("\"'”“’»)]")[-1:] in SENTENCE_END
        score += -0.7 if ends else 0.7
        score += 0.7 if value_start.text[0].islower() and not URL_START.match(value_start.text) else -0.3
        score += 0.5 if not _would_fit(value_end, value_start, last.value_right) else -0.5
    elif not fragment.value_lines:
        score += 1.0
    if open_end:
        score += 1.0
    return min(max(0.5 + 0.15 * score, 0.05), 0.97)


def _label_goes_on(last: Fragment, fragment: Fragment) -> bool:
    """Tell whether a label can go on over the break: it reaches the page's foot, and its last line is full."""
    if not fragment.label_lines or not _reaches_foot(last):
        return False
    return not _would_fit(last.label_lines[-1], fragment.label_lines[0], last.label_right)


def _reaches_foot(last: Fragment) -> bool:
    """Tell whether a label fills its cell down to the page's foot: had it ended, the cell would have room below it."""
    return _would_reach_foot(last.label_lines, last)


def _would_reach_foot(own: Sequence[TextLine], last: Fragment) -> bool:
    if not own:
        return False
    lines = (*last.label_lines, *last.value_lines)
    if last.evidence == "gutter":
        room = max(line.box.bottom for line in lines) - own[-1].box.bottom
    else:
        padding = max(min(line.box.top for line in lines) - last.label_box.top, 0.0)
        room = last.label_box.bottom - own[-1].box.bottom - padding
    return room <= FOOT_ROOM * last.label_leading


def _value_goes_on(last: Fragment, fragment: Fragment) -> bool:
    """Tell whether a value's sentence runs over the break: a full line without an end, then a small letter."""
    if not last.value_lines or not fragment.value_lines:
        return False
    end, start = last.value_lines[-1], fragment.value_lines[0]
    if URL_START.match(start.text) is not None:
        return False
    return not _would_fit(end, start, last.value_right) and end.text[-1] not in SENTENCE_END and start.text[0].islower()


def _would_fit(upper: TextLine, lower: TextLine, right: float) -> bool:
    word = lower.words[0]
    return upper.box.x1 + SPACE_WIDTH * upper.size + (word.x1 - word.x0) <= right


# --- header rows -----------------------------------------------------------------------------------------------------


def _take_out_header_rows(layouts: Sequence[PageLayout]) -> tuple[list[TextLine], list[PageLayout]]:
    """Take out rows that repeat at the head of a table on page after page, or that stand out by bold type."""
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
    for upper, lower in pairwise(layouts):
        if not upper.tables or not lower.tables or not upper.tables[-1].rows or not lower.tables[0].rows:
            continue
        text = _row_text(lower.tables[0].rows[0])
        between = [line for line in upper.free_lines if line.box.top > upper.tables[-1].box.bottom - 1]
        between += [line for line in lower.free_lines if line.box.top < lower.tables[0].box.top]
        goes_on = not between and _continues_table(_Part(upper, upper.tables[-1]), _Part(lower, lower.tables[0]))
        if goes_on and all(text) and text == _row_text(upper.tables[-1].rows[0]):
            found.add(text)
    return found | _bold_headers(layouts)


def _recurring_headers(layouts: Sequence[PageLayout]) -> set[tuple[str, str]]:
    """Find header rows by their text, which begins nearly every table, and stands nowhere else."""
    starts: Counter[tuple[str, str]] = Counter()
    inner: set[tuple[str, str]] = set()
    tables = 0
    for layout in layouts:
        above: Table | None = None
        for table in layout.tables:
            if not table.rows:
                continue
            # A header row that its fill sets apart from the rows below is found as a table of its own.
            heads = above is not None and len(above.rows) == 1 and not _free_between(layout, above, table)
            tables += not heads
            starts[_row_text(table.rows[0])] += 1
            inner.update(_row_text(row) for row in table.rows[1:])
            above = table
    return {
        text
        for text, count in starts.items()
        if all(text) and text not in inner and count >= max(LEAST_HEADED, HEADED_SHARE * tables)
    }


def _free_between(layout: PageLayout, upper: Table, lower: Table) -> bool:
    return any(upper.box.bottom - 1 < line.box.top < lower.box.top for line in layout.free_lines)


def _bold_headers(layouts: Sequence[PageLayout]) -> set[tuple[str, str]]:
    """Find header rows by their type: label and value bold at the head of a table whose values are not."""
    rows = [row for layout in layouts for table in layout.tables for row in table.rows]
    bold = [row for row in rows if row.value.lines and all(line.bold for line in row.value.lines)]
    if len(bold) > BOLD_SHARE * len(rows):
        return set()
    heads = [
        table.rows[0]
        for layout in layouts
        for table in layout.tables
        if len(table.rows) > 1 and any(table.rows[0] is row for row in bold)
        if table.rows[0].label.lines and all(line.bold for line in table.rows[0].label.lines)
        if not any(table.rows[1] is row for row in bold)
    ]
    # Word processors set a table's first row in bold whatever it holds: titles of columns are short, and the same for
    # all tables.
    texts = {_row_text(row) for row in heads}
    short = all(len(cell.lines) == 1 for row in heads for cell in (row.label, row.value))
    return texts if len(texts) == 1 and short else set()


def _part_of(table: Table, rows: Sequence[RowCells]) -> Table:
    if len(rows) == len(table.rows):
        return table
    top, bottom = rows[0].label.box.top, rows[-1].label.box.bottom
    box = table.box.model_copy(update={"top": top, "bottom": bottom})
    return table.model_copy(update={"rows": tuple(rows), "box": box})


def _row_text(row: RowCells) -> tuple[str, str]:
    return (
        " ".join(line.text for line in row.label.lines),
        " ".join(line.text for line in row.value.lines),
    )


# --- headings that a table repeats -----------------------------------------------------------------------------------


def _take_out_repeated_headings(layouts: Sequence[PageLayout]) -> tuple[list[TextLine], list[PageLayout]]:
    """Take out headings that a table repeats on each page that it runs over, as it does a header row.

    The lines above a page's first table are such a heading where they are the same as those above the table that filled
    the page before. A chapter's own heading may recur too, but seldom behind a full page.
    """
    foot = max((table.box.bottom for layout in layouts for table in layout.tables), default=0.0)
    leading = max(_leadings([(table, 0.0, 0.0) for layout in layouts for table in layout.tables]))
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
            and _continues_table(_Part(before, last), _Part(layout, first))
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
    while start > 0 and _same_block(lines[start - 1], lines[start]):
        start -= 1
    return tuple((line.text, round(line.size, 1)) for line in lines[max(start, 0) :])


# --- hyphenation -----------------------------------------------------------------------------------------------------


def _undo_hyphenation(layouts: Sequence[PageLayout]) -> list[PageLayout]:
    """Mark the hyphens that only the line break put there as soft hyphens (U+00AD).

    A hyphen at a line's end is soft where the file calls it so (U+00AD) or the joined word occurs elsewhere, and, in an
    edition that breaks words often by the same sign, where the hyphenated word does not and neither part begins with a
    capital. An edition that has U+2010 at lines' ends and only hyphen-minus inside words breaks words by it, and URLs.
    """
    lines = [line for layout in layouts for line in _all_lines(layout)]
    whole: Counter[str] = Counter()
    compounds: Counter[str] = Counter()
    ends: Counter[str] = Counter()
    inside: Counter[str] = Counter()
    for line in lines:
        for index, word in enumerate(line.words):
            inside += Counter(sign for sign in word.text[1:-1] if sign in "-‐")
            if index == len(line.words) - 1 and word.text[-1:] in "-‐":
                continue
            for part in word.text.split("/"):
                bare = part.strip(".,;:!?()[]„“”\"'’").casefold()
                (compounds if "-" in bare or "‐" in bare else whole)[bare.replace("‐", "-")] += 1
        if line.words and line.words[-1].text[-1] in "-‐" and line.words[-1].text[-2:-1].isalpha():
            ends[line.words[-1].text[-1]] += 1
    hyphenated = {sign for sign, count in ends.items() if count > HYPHENATED_SHARE * len(lines)}
    told_apart = inside["-"] > 0 and not inside["‐"]
    if told_apart:
        hyphenated.add("‐")

    def is_soft(upper: TextLine, lower: TextLine, in_url: bool) -> bool:
        last, first = upper.words[-1].text, lower.words[0].text
        if len(last) < 2 or last[-1] not in "-‐" or not last[-2].isalpha() or not first[0].isalpha():
            return False
        if in_url or ("/" in last and URL_CHARACTERS.search(last)):
            return told_apart and last[-1] == "‐"
        head, tail = _halves(last, first)
        joined = (head + tail).casefold()
        if compounds[f"{head}-{tail}".casefold()]:
            return False
        if whole[joined]:
            return True
        if len(head) < LEAST_HYPHENATED:
            return False
        return last[-1] in hyphenated and first[0].islower() and not (head.isupper() and len(head) > 1)

    def is_printed(upper: TextLine, lower: TextLine) -> bool:
        """Tell whether a hyphen that the file calls soft is the word's own (`Cluj-Napoca`, `2016-2018`)."""
        head, tail = _halves(upper.words[-1].text, lower.words[0].text)
        if compounds[f"{head}-{tail}".casefold()]:
            return True
        return not tail[:1].islower() and not whole[(head + tail).casefold()]

    def mark(cell_lines: tuple[TextLine, ...], following: TextLine | None) -> tuple[TextLine, ...]:
        marked = list(cell_lines)
        in_url = False
        for index, line in enumerate(marked):
            in_url = bool(line.words) and (
                URL_START.search(line.words[-1].text) is not None or (in_url and len(line.words) == 1)
            )
            lower = marked[index + 1] if index + 1 < len(marked) else following
            if lower is None or not line.words or not lower.words:
                continue
            if line.words[-1].text[-1] == SOFT_HYPHEN:
                hyphen = "-" if len(line.words[-1].text) > 1 and is_printed(line, lower) else SOFT_HYPHEN
            elif is_soft(line, lower, in_url):
                hyphen = SOFT_HYPHEN
            else:
                continue
            word = line.words[-1]
            ended = word._replace(text=word.text[:-1] + hyphen)
            marked[index] = line.model_copy(
                update={"words": (*line.words[:-1], ended), "text": line.text[:-1] + hyphen}
            )
        return tuple(marked)

    result: list[PageLayout] = []
    for number, layout in enumerate(layouts):
        following = layouts[number + 1] if number + 1 < len(layouts) else None
        tables: list[Table] = []
        for place, table in enumerate(layout.tables):
            rows: list[RowCells] = []
            for index, row in enumerate(table.rows):
                at_break = place == len(layout.tables) - 1 and index == len(table.rows) - 1
                after = _first_row(following) if at_break else None
                rows.append(
                    row.model_copy(
                        update={
                            "label": row.label.model_copy(
                                update={"lines": mark(row.label.lines, _first(after.label.lines) if after else None)}
                            ),
                            "value": row.value.model_copy(
                                update={"lines": mark(row.value.lines, _first(after.value.lines) if after else None)}
                            ),
                        }
                    )
                )
            tables.append(table.model_copy(update={"rows": tuple(rows)}))
        result.append(layout.model_copy(update={"tables": tuple(tables)}))
    return result


def _halves(last: str, first: str) -> tuple[str, str]:
    """Give the parts of a word before and behind the hyphen that ends a line, without what else stands beside them."""
    return last[:-1].rsplit("/", 1)[-1].lstrip("(„“\"'["), first.split("/", 1)[0].rstrip(".,;:!?)”“\"'’]")


def _first_row(layout: PageLayout | None) -> RowCells | None:
    if layout is None or not layout.tables or not layout.tables[0].rows:
        return None
    return layout.tables[0].rows[0]


def _first(lines: Sequence[TextLine]) -> TextLine | None:
    return lines[0] if lines else None


def _all_lines(layout: PageLayout) -> list[TextLine]:
    return [
        line for table in layout.tables for row in table.rows for line in (*row.label.lines, *row.value.lines)
    ] + list(layout.free_lines)
