"""How a kind of table sets its rows: what parts them, where labels stand, and how far the text of columns reaches."""

from __future__ import annotations

import itertools
import math
import re
import statistics
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import overload

from pipeline.models.page import Page
from pipeline.stages.segment.division import RowStyle, divide_rows
from pipeline.stages.segment.leaf import Leaf
from pipeline.stages.segment.lines import COLUMN_GAP, GlyphLine, divide_lines, make_text_line, read_line
from pipeline.stages.segment.partition import (
    PAUSE,
    ROUNDING,
    Column,
    Division,
    label_stands_in_middle,
    least_row_gap,
    list_pauses,
    pauses_begin_rows,
    rows_pause,
    split_blocks,
    top_offsets,
)
from pipeline.stages.segment.region import Region, TypeScale
from pipeline.stages.segment.tags import list_rows
from pipeline.text.lines import FULL_STOPS, SPACE_WIDTH, ends_sentence
from pipeline.text.markers import BULLETS, DASHES
from pipeline.text.urls import URL_START

MEASURED_LINES = 8
"""Least number of lines on a page that show by themselves how far a column's text can reach."""
MEASURED_PARTS = 60
"""Most tables whose rows are tried in several row styles: in a long document, they show the style of all."""
MOST_PAUSES = 4
"""Most distances that are tried as that of rows."""
SEPARATED_SHARE = 0.6
"""Least share of the pauses in the label column that hold a separator for the rows to be parted by edges."""
PADDED_SHARE = 0.6
"""Least share of the label column's pauses beside which the value column pauses too for rows to be set apart: a row
with an empty value has one pause for two."""
SAME_OFFSET = 0.7
"""Largest difference, in points, of the distances between labels and values that begin side by side."""
ALIKE_SHARE = 0.8
"""Least share of labels at one distance from the value line beside them for it to be the edition's: a label with an
empty value may stand beside any line of the row above."""
APART_PAUSES = 12
"""Least number of the value column's pauses, all of which begin a row, for no cell to hold one."""
LEAST_COLONS = 5
"""Least number of label lines that show whether labels end with colons."""
COLON_SHARE = 0.6
"""Least share of label lines that end with a colon for labels to do so: others are the first lines of two."""
SEVERAL_SHARE = 0.3
"""Least number of rows that end between edges, as a share of the stretches between edges, for edges to part groups."""
LEAST_SHOWN = 2
"""Least number of pauses, or of labels beside values, that show how an edition sets its rows."""
BROKEN_WORD = re.compile(r"[^\W\d_][-‐\u00ad]$")
"""A line's end at which a word may be broken: it goes on where the next line begins with a small letter."""


def choose_row_style(regions: Sequence[tuple[Leaf, Region]], scale: TypeScale) -> RowStyle:
    """Measure how tables of one kind set their rows.

    Args:
        regions: The tables' regions, each with its page.
        scale: What all pages show.

    Returns:
        One answer for all of them.
    """
    regions = [(leaf, region) for leaf, region in regions if not region.cells]
    colons = _end_with_colons(regions)
    separated = not regions or _rows_are_separated(regions, scale)
    if regions and separated and _hold_several(regions, scale, colons=colons):
        return RowStyle(separated=False, middle=False, padded=False, colons=colons)
    if separated:
        votes = sum(
            label_stands_in_middle(label, value, scale.label_leading)
            for leaf, region in regions
            for label, value in zip(
                divide_lines(leaf.page, region.label_lines(leaf.page), region.separators),
                divide_lines(leaf.page, region.value_lines(leaf.page), region.separators),
                strict=True,
            )
        )
        return RowStyle(separated=True, middle=votes > 0, padded=True)
    found = pauses = begun = parted = 0
    offsets: list[float] = []
    gaps: list[float] = []
    columns = [_columns(leaf, region, scale) for leaf, region in regions]
    for (leaf, region), (label, value) in zip(regions, columns, strict=True):
        offsets += top_offsets(label, value)
        gap = least_row_gap(label, value)
        gaps += [] if gap is None else [gap]
        own = rows_pause(label, value)
        found, pauses = found + own[0], pauses + own[1]
        own = pauses_begin_rows(label, value, to_foot=ends_page(leaf, region))
        begun, parted = begun + own[0], parted + own[1]
    for leaf, run in itertools.groupby(regions, key=itemgetter(0)):
        apart = _count_lone_rows(leaf, [region for _, region in run], scale)
        found, pauses = found + apart, pauses + apart
    padded = pauses >= LEAST_SHOWN and found >= PADDED_SHARE * pauses
    row_gap = min(gaps) if padded and gaps else None
    top = RowStyle(
        separated=False,
        middle=False,
        padded=padded,
        offset=_shared_offset(offsets),
        row_gap=row_gap,
        apart=padded and begun == parted >= APART_PAUSES,
        colons=colons,
    )
    middle = top._replace(middle=True, offset=None, apart=False)
    # Where labels stand at the middle, paragraphs may stand farther apart than rows: each pause may be that of rows.
    own_pauses = [pause for label, value in columns for pause in list_pauses(label, value)]
    nearer = _usual_pauses(own_pauses, row_gap) if row_gap is not None else []
    # Where labels stand shows in the rows as a whole: the lines fit one style much better than the others.
    return min(
        (top, middle, *(middle._replace(row_gap=pause) for pause in nearer)),
        key=lambda style: sum(
            divide_table(leaf.page, region, label, value, style).cost
            for (leaf, region), (label, value) in itertools.islice(zip(regions, columns, strict=True), MEASURED_PARTS)
        ),
    )


def _end_with_colons(regions: Sequence[tuple[Leaf, Region]]) -> bool:
    """Return whether nearly all labels end with a colon."""
    ends = [read_line(leaf.page, line).endswith(":") for leaf, own in regions for line in own.label_lines(leaf.page)]
    return len(ends) >= LEAST_COLONS and sum(ends) >= COLON_SHARE * len(ends)


def _hold_several(regions: Sequence[tuple[Leaf, Region]], scale: TypeScale, *, colons: bool) -> bool:
    """Return whether several rows stand between two edges: labels with values beside them, each on a line with room."""
    several = intervals = 0
    for leaf, region in regions:
        labels = divide_lines(leaf.page, region.label_lines(leaf.page), region.separators)
        values = divide_lines(leaf.page, region.value_lines(leaf.page), region.separators)
        for own, beside in zip(labels, values, strict=True):
            label = make_label_column(leaf.page, own, scale, region.label_right, region.label_left)
            value = make_value_column(leaf.page, beside, scale, region.value_right)
            intervals += 1
            several += _count_begun(label, value, colons=colons)
    return several >= LEAST_SHOWN + 1 and several >= SEVERAL_SHARE * intervals


def _count_begun(label: Column, value: Column, *, colons: bool) -> int:
    """Count the label lines below others that may begin a row: beside a value, both behind what may end one."""
    heights = [line.baseline for line in value.lines]
    count = 0
    for number in range(1, len(label.lines)):
        at = label.lines[number].baseline
        place = bisect_left(heights, at - SAME_OFFSET)
        near = 0 < place < len(heights) and heights[place] <= at + SAME_OFFSET
        if near and (label.anew[number] or not label.full[number - 1]) and not value.full[place - 1]:
            count += not colons or label.ends[number - 1]
    return count


def _usual_pauses(pauses: Sequence[float], below: float) -> list[float]:
    """Give the distances, points, that recur most among pauses nearer than `below`: the least of those that are one."""
    usual: Counter[float] = Counter()
    least = -math.inf
    for pause in sorted(pauses):
        if pause >= below - ROUNDING:
            break
        least = pause if pause - least > ROUNDING else least
        usual[least] += 1
    return [pause for pause, count in usual.most_common(MOST_PAUSES) if count >= LEAST_SHOWN]


def divide_table(
    page: Page, region: Region, label: Column, value: Column, style: RowStyle, apart: float | None = None
) -> Division:
    """Divide lines of a table's columns into rows by alignment.

    Args:
        page: The page.
        region: The table's region on it.
        label: Lines of its label column, all or those between two separators.
        value: Lines of its value column, likewise.
        style: How tables of its kind set their rows.
        apart: Least white space, points, of two rows that no edge parts, where edges part the rows; else None.

    Returns:
        The division that costs least.
    """
    reached = max((line.bottom for line in (*label.lines, *value.lines)), default=0.0)
    return divide_rows(
        label,
        value,
        style,
        rests=region.rests,
        foot=style.apart and region.goes_on and reached > max([0.0, *region.separators]),
        pictures=region.value_pictures(page),
        marks=region.marks,
        apart=apart,
    )


def ends_page(leaf: Leaf, region: Region) -> bool:
    """Return whether a table's region is the last of its page.

    Args:
        leaf: The page.
        region: The region.

    Returns:
        True where none ends below it.
    """
    return region.bottom >= max(other.bottom for other in leaf.regions)


def _rows_are_separated(regions: Sequence[tuple[Leaf, Region]], scale: TypeScale) -> bool:
    """Return whether tables part their rows by edges (one answer for all of them).

    They do where most pauses in the label column hold a separator: the edges of a header row or a frame alone do not.
    """
    first = Counter(read_line(leaf.page, lines[0]) for leaf, own in regions if (lines := own.label_lines(leaf.page)))
    separators = pauses = parted = 0
    for leaf, region in regions:
        lines = region.label_lines(leaf.page)
        separators += len(region.separators)
        # A text that begins several tables is a header row's, or a first label's that all have: it shows nothing.
        compared = lines[1:] if lines and first[read_line(leaf.page, lines[0])] > 1 else lines
        for upper, lower in itertools.pairwise(compared):
            if lower.baseline - upper.baseline > PAUSE * scale.label_leading:
                pauses += 1
                parted += any(upper.baseline - 1 <= at <= lower.baseline for at in region.separators)
    return separators > 0 and parted >= SEPARATED_SHARE * pauses


def _count_lone_rows(leaf: Leaf, regions: Sequence[Region], scale: TypeScale) -> int:
    """Count the pauses between rows so far apart that each is found as a table of its own.

    Such a table has one label, the same columns as its neighbour, and nothing between it and that.
    """

    def is_lone(region: Region) -> bool:
        label, value = _columns(leaf, region, scale)
        several = len(label.lines) > LEAST_SHOWN and _count_begun(label, value, colons=False) == len(label.lines) - 1
        return len(split_blocks(label)) == 1 and not several

    return sum(is_lone(upper) or is_lone(lower) for upper, lower in leaf.pair_neighbours(regions))


def _shared_offset(offsets: Sequence[float]) -> float | None:
    """Give the distance that nearly all labels have from the value line beside them; None where they differ."""
    if len(offsets) < LEAST_SHOWN:
        return None
    usual = statistics.median(offsets)
    alike = sum(1 for offset in offsets if abs(offset - usual) <= SAME_OFFSET)
    return usual if alike >= ALIKE_SHARE * len(offsets) else None


def _columns(leaf: Leaf, region: Region, scale: TypeScale) -> tuple[Column, Column]:
    page = leaf.page
    return (
        make_label_column(page, region.label_lines(page), scale, region.label_right, region.label_left),
        make_value_column(page, region.value_lines(page), scale, region.value_right),
    )


def make_label_column(
    page: Page, lines: Sequence[GlyphLine], scale: TypeScale, right: float | None, left: float | None = None
) -> Column:
    """Make a column of the lines of labels.

    Args:
        page: The page.
        lines: The lines, top to bottom.
        scale: What all pages show, with the leadings.
        right: x that the text can reach, points; None where the lines show it by themselves.
        left: x from which it can be set, points, to the right or centred; None where it is set to the left.

    Returns:
        The column.
    """
    capital = _PerLine(len(lines), lambda number: read_line(page, lines[number])[:1].isupper())
    ends = _PerLine(len(lines), lambda number: _ends_label(page, lines, number))
    anew = _PerLine(len(lines), lambda number: capital[number] or (number > 0 and ends[number - 1]))
    rows = list_rows(page, lines)
    reach = max([line.x1 for line in lines], default=0.0) if right is None else right
    return Column(lines, _full_lines(page, lines, reach, left), scale.label_leading, capital, anew, ends, rows)


def _ends_label(page: Page, lines: Sequence[GlyphLine], number: int) -> bool:
    """Return whether a label ends with a line: with a colon, or before a line that begins with a bullet or a dash."""
    begins = number + 1 < len(lines) and read_line(page, lines[number + 1])[0] in BULLETS + DASHES
    return begins or read_line(page, lines[number]).endswith(":")


def make_value_column(page: Page, lines: Sequence[GlyphLine], scale: TypeScale, right: float | None) -> Column:
    """Make a column of the lines of values.

    Args:
        page: The page.
        lines: The lines, top to bottom.
        scale: What all pages show, with the leadings.
        right: x that the text can reach, points; None where the lines show it by themselves.

    Returns:
        The column.
    """
    capital = _PerLine(len(lines), lambda number: read_line(page, lines[number])[:1].isupper())
    ends = _PerLine(len(lines), lambda number: _ends_text(page, lines[number]))
    anew = _PerLine(len(lines), lambda number: number > 0 and capital[number] and ends[number - 1])
    rows = list_rows(page, lines)
    reach = max([line.x1 for line in lines] + ([] if right is None else [right]), default=0.0)
    return Column(lines, _full_lines(page, lines, reach), scale.value_leading, capital, anew, rows=rows)


def _ends_text(page: Page, line: GlyphLine) -> bool:
    """Return whether a line ends a sentence, or with a URL."""
    words = make_text_line(page, line).words
    last = words[-1].text if words else ""
    return ends_sentence(last, FULL_STOPS) or URL_START.match(last) is not None


def measure_reach(leaves: Sequence[Leaf], scale: TypeScale) -> None:
    """Measure how far the text of small tables' columns can reach; many lines show it by themselves.

    A label reaches up to the white space before the value column. A value reaches as far as any text of the pages: a
    table without a right edge is set in the full width.

    Args:
        leaves: The pages, whose tables take what is measured.
        scale: What all pages show.
    """
    body_right = max((line.x1 for leaf in leaves for line in leaf.body()), default=0.0)
    for leaf in leaves:
        for region in leaf.regions:
            values, labels = region.value_lines(leaf.page), region.label_lines(leaf.page)
            region.label_right = max((line.x1 for line in labels), default=None)
            region.value_right = max((line.x1 for line in values), default=None)
            start = min((line.x0 for line in values), default=math.inf)
            if values and (len(labels) < MEASURED_LINES or (region.label_right or 0.0) > start):
                region.label_right = start - COLUMN_GAP * scale.size
            if len(values) < MEASURED_LINES:
                padding = max(min((line.x0 for line in values), default=region.boundary) - region.boundary, 0.0)
                region.value_right = body_right if region.evidence == "gutter" else region.x1 - padding


def _full_lines(page: Page, lines: Sequence[GlyphLine], reach: float, left: float | None = None) -> Sequence[bool]:
    """Return for each line whether the next line's first word would not have fitted on it, from `left` to `reach`."""

    def is_full(number: int) -> bool:
        if number + 1 == len(lines):
            return False
        line = lines[number]
        words = make_text_line(page, lines[number + 1]).words
        if not words:  # soft hyphens only
            return False
        word = words[0]
        space = SPACE_WIDTH * line.size
        broken = BROKEN_WORD.search(read_line(page, line)) is not None and word.text[0].islower()
        before = 0.0 if left is None else line.x0 - left
        return broken or line.x1 - before + space + (word.x1 - word.x0) > reach + 0.5

    return _PerLine(len(lines), is_full)


class _PerLine(Sequence[bool]):
    """A property of each line, computed once, when it is asked for: where edges part the rows, few lines are."""

    def __init__(self, count: int, compute: Callable[[int], bool]) -> None:
        self._known: list[bool | None] = [None] * count
        self._compute = compute

    def __len__(self) -> int:
        return len(self._known)

    @overload
    def __getitem__(self, index: int) -> bool: ...

    @overload
    def __getitem__(self, index: slice) -> list[bool]: ...

    def __getitem__(self, index: int | slice) -> bool | list[bool]:
        if isinstance(index, slice):
            return [self[number] for number in range(*index.indices(len(self)))]
        known = self._known[index]
        if known is None:
            known = self._known[index] = self._compute(index % len(self))
        return known
