"""What is on a page: parts of tables, which may go on with those of the page before, and blocks of free lines."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise
from typing import Final, Literal, NamedTuple

from pipeline.models.geometry import unite_boxes
from pipeline.models.layout import PageLayout, Table, TextLine
from pipeline.models.row import TextBlock
from pipeline.text.cells import compose_lines
from pipeline.text.lines import LARGER_TYPE, SMALLER_TYPE, is_same_size

SAME_COLUMN: Final = 4.0
"""Largest difference of column boundaries, in points, of two parts of one table."""
SAME_COLOUR: Final = 0.06
"""Largest difference of any RGB channel (0 to 1) of the label fills of two parts of one table."""
STRIPED: Final = 0.9
"""Least RGB channel of a colour so light that it may be one of two by which rows alternate."""


class TablePart(NamedTuple):
    """A table's part on one page, and that page."""

    page: PageLayout
    table: Table


def list_cells(tables: Iterable[Table], column: str) -> list[tuple[TextLine, ...]]:
    """List the lines of each cell of a column (`label` or `value`)."""
    return [getattr(row, column).lines for table in tables for row in table.rows]


def list_lines(tables: Iterable[Table], *columns: str) -> list[TextLine]:
    """List the lines of columns (`label`, `value`)."""
    return [line for table in tables for column in columns for lines in list_cells([table], column) for line in lines]


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
    # On parts of pages, and between mirrored margins, all columns are farther to one side.
    shifts = 0.0, other.box.x0 - one.box.x0
    if not any(abs(one.boundary + x - other.boundary) <= SAME_COLUMN or _begin_alike(one, other, x) for x in shifts):
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


def _begin_alike(one: Table, other: Table, shift: float) -> bool:
    """Return whether the value columns of two parts begin at the same x: a gutter's middle depends on the labels."""
    starts = [
        min((line.box.x0 for row in table.rows for line in row.value.lines), default=table.boundary)
        for table in (one, other)
    ]
    return abs(starts[0] + shift - starts[1]) <= SAME_COLUMN


NOTE: Final = re.compile(r"[*†‡¹²³⁴⁵⁶⁷⁸⁹]")
"""A note's mark."""
BLOCK_GAP: Final = 1.6
"""Base line distance, as a multiple of the font size, from which free lines are different blocks."""


def find_reading_order(layout: PageLayout) -> list[Table | TextBlock]:
    """Return a page's tables and blocks of free lines from top to bottom.

    Args:
        layout: The page.

    Returns:
        Tables and blocks; notes below all tables are footnotes.
    """
    body = measure_body_size([layout])
    below_all = max((table.box.bottom for table in layout.tables), default=math.inf)
    ordered: list[Table | TextBlock] = []
    items: list[Table | TextLine] = [*layout.tables, *layout.free_lines]
    items.sort(key=lambda item: item.box.top)
    for is_table, run in groupby(items, key=lambda item: isinstance(item, Table)):
        if is_table:
            ordered += [item for item in run if isinstance(item, Table)]
            continue
        for lines in list_blocks([item for item in run if isinstance(item, TextLine)]):
            small = max(line.size for line in lines) < SMALLER_TYPE * body or NOTE.match(lines[0].text) is not None
            ordered.append(make_block("footnote" if lines[0].box.top >= below_all and small else "text", lines))
    return ordered


def make_block(kind: Literal["text", "furniture", "footnote"], lines: Sequence[TextLine]) -> TextBlock:
    """Make a block of lines.

    Args:
        kind: What the lines are.
        lines: The lines, at least one, top to bottom.

    Returns:
        The block with its text.
    """
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


def list_blocks(lines: Sequence[TextLine]) -> list[list[TextLine]]:
    """Group free lines to headings and paragraphs."""
    blocks: list[list[TextLine]] = []
    for line in lines:
        if blocks and is_same_block(blocks[-1][-1], line):
            blocks[-1].append(line)
        else:
            blocks.append([line])
    return blocks


def is_same_block(upper: TextLine, lower: TextLine) -> bool:
    """Return whether two lines are one block's: the same type, at the distance of lines.

    Args:
        upper: The upper line.
        lower: The free line that follows it.

    Returns:
        True where they are.
    """
    return (
        is_same_size(upper.size, lower.size)
        and upper.bold == lower.bold
        and lower.baseline - upper.baseline <= BLOCK_GAP * max(upper.size, lower.size)
    )


def heading_goes_on(upper: TextBlock, lower: TextBlock, body: float) -> bool:
    """Return whether a heading runs over a page break: it ends one page and begins the next, in larger type.

    Args:
        upper: The block that ends a page.
        lower: The block that begins the next.
        body: Font size of the tables' text, points; 0 without tables.

    Returns:
        True where it does.
    """
    last, first = upper.lines[-1], lower.lines[0]
    return (
        upper.kind == lower.kind == "text"
        and min(upper.size, lower.size) >= LARGER_TYPE * body > 0
        and is_same_size(last.size, first.size)
        and last.bold == first.bold
    )


def measure_body_size(layouts: Sequence[PageLayout]) -> float:
    """Measure the font size of most text in tables.

    Args:
        layouts: The pages.

    Returns:
        The size, points; 0 without tables.
    """
    sizes: Counter[float] = Counter()
    for line in list_lines((table for layout in layouts for table in layout.tables), "label", "value"):
        sizes[line.size] += len(line.text)
    return max(sizes, key=lambda size: (sizes[size], size)) if sizes else 0.0
