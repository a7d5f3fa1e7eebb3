"""How a kind of table sets its rows: each hypothesis divides all its tables, and the one of least cost is taken."""

import math
import re
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice, pairwise
from typing import Final, NamedTuple

from pipeline.models.page import Page
from pipeline.stages.segment.division import CLEAR, PAUSE, ROUNDING, ColumnLines, ColumnPair, RowStyle, divide_rows
from pipeline.stages.segment.lines import COLUMN_GAP, GlyphLine, divide_lines, make_text_line, read_line
from pipeline.stages.segment.page_analysis import PageBody
from pipeline.stages.segment.region import SAME_COLUMN, LabelledRegion, Region, RegionColumn, TypeScale
from pipeline.stages.segment.sides import find_right_labels
from pipeline.stages.segment.tags import list_rows
from pipeline.text.lines import FULL_STOPS, MEASURED_LINES, SPACE_WIDTH, ends_sentence
from pipeline.text.markers import BULLETS, DASHES
from pipeline.text.urls import URL_START

MEASURED_INTERVALS: Final = 120
"""Most stretches between edges whose rows are tried in each style: in a long document, they show the style of all."""
MOST_GAPS: Final = 4
"""Most distances that are tried as that of rows."""
BROKEN_WORD: Final = re.compile(r"[^\W\d_][-‐\u00ad]$")
"""A line's end at which a word may be broken: it goes on where the next line begins with a small letter."""


def group_by_kind(regions: Sequence[LabelledRegion]) -> list[list[LabelledRegion]]:
    """Group tables by what their rows are set by: those of one document may be set differently.

    The columns of some are shown by edges; of those at gutters, some have edges between rows, others none.
    What is at a gutter, in the columns that coloured cells show elsewhere, is such a table's unfilled row. Where a
    grid is drawn, each cell has its edges, and text in its columns without them is none of its rows.
    """
    gridded = [own.boundary for own in regions if own.evidence == "grid"]
    shown = [own.boundary for own in regions if not own.at_gutter and not _is_near(own.boundary, gridded)]
    ruled = [own.boundary for own in regions if own.at_gutter and own.separators]
    kinds: dict[tuple[bool, bool], list[LabelledRegion]] = defaultdict(list)
    for own in regions:
        white = own.at_gutter and not _holds_boundary(own, shown)
        kinds[white, white and _is_near(own.boundary, ruled)].append(own)
    return list(kinds.values())


def _is_near(at: float, others: Sequence[float]) -> bool:
    return any(abs(at - other) <= SAME_COLUMN for other in others)


def _holds_boundary(region: LabelledRegion, boundaries: Sequence[float]) -> bool:
    """Return whether one of other tables' boundaries is between a region's labels and its values."""
    left = max([line.x1 for line in region.label.lines], default=region.left.x0)
    right = min([line.x0 for line in region.value.lines], default=region.right.x1)
    return any(left - 1 <= at <= right + 1 for at in boundaries)


class RowLines(NamedTuple):
    """The lines of a row, or of what is between two edges that part rows, and their extent (points)."""

    labels: Sequence[GlyphLine]
    values: Sequence[GlyphLine]
    top: float
    bottom: float


def list_intervals(region: LabelledRegion) -> list[RowLines]:
    """List what is between the edges that part a table's rows, top to bottom; nothing that is empty."""
    columns = (region.label.lines, region.value.lines)
    divided = zip(*(divide_lines(region.page, own, region.separators) for own in columns), strict=True)
    bounds = pairwise([region.top, *region.separators, region.bottom])
    return [RowLines(own[0], own[1], *extent) for own, extent in zip(divided, bounds, strict=True) if any(own)]


def measure_intervals(region: LabelledRegion, scale: TypeScale) -> Iterator[tuple[RowLines, ColumnPair]]:
    """List what is between the edges of a table's region, with what divides it into rows, where edges do not."""
    page, intervals, pictures = region.page, list_intervals(region), region.list_pictures()
    for number, own in enumerate(intervals):
        lines, is_last = [*own.labels, *own.values], number == len(intervals) - 1
        padding = 2 * max(0.0, min(min(n.top for n in lines) - own.top, own.bottom - max(n.bottom for n in lines)))
        # Where a table is closed, each row should have its edges, and a cell may hold a blank line.
        padding += CLEAR * scale.leading if region.closed_top and region.closed_bottom else 0.0
        yield (
            own,
            ColumnPair(
                label=make_column(page, own.labels, scale.label_leading, region.label.reach, region.text_left),
                value=make_value_column(page, own.values, scale, region.value.reach),
                rests=region.rests and number == 0,
                late=region.late and is_last,
                ahead=region.ahead and is_last,
                pictures=pictures,
                marks=region.marks,
                padding=padding,
                size=scale.size,
            ),
        )


def choose_row_style(regions: Sequence[LabelledRegion], scale: TypeScale) -> RowStyle:
    """Choose how tables of one kind set their rows.

    Args:
        regions: The tables' regions.
        scale: What all pages show.

    Returns:
        The style by which the rows of all of them cost least.
    """
    known = ((own, pair) for own in regions if not own.cells for _, pair in measure_intervals(own, scale))
    shown = list(islice(known, MEASURED_INTERVALS))
    measured, stretches = {id(own): own for own, _ in shown}.values(), [stretch for _, stretch in shown]
    edges = sum(len(own.separators) for own in measured)
    edges += max(0, sum(not own.separators and bool(own.closed_top and own.closed_bottom) for own in measured) - 1)

    def cost(style: RowStyle) -> float:
        return sum(divide_rows(own, style).cost for own in stretches) + (0 if style.separated else edges)

    offsets = [near for own in stretches for near in _list_offsets(own.label, own.value)]
    styles = [RowStyle(middle=False, offset=statistics.median(offsets) if offsets else 0.0), RowStyle(middle=True)]
    styles += [own._replace(row_gap=gap) for own in styles for gap in _list_gaps(stretches)]
    if edges or not stretches:
        styles += [RowStyle(middle=middle, separated=True) for middle in (True, False)]
    if any(True in own.label.ends for own in stretches):
        styles += [own._replace(colons=True) for own in styles if not own.separated]
    return min(styles, key=cost) if stretches else styles[-1]


def _list_offsets(label: ColumnLines, value: ColumnLines) -> Iterator[float]:
    """List how far below the value lines next to them the first lines of labels are, points."""
    for number, line in enumerate(label.lines):
        if number == 0 or line.baseline - label.lines[number - 1].baseline > PAUSE * label.leading:
            near = min((line.baseline - other.baseline for other in value.lines), key=abs, default=math.inf)
            if abs(near) <= label.leading / 2:
                yield near


def _list_gaps(stretches: Sequence[ColumnPair]) -> list[float]:
    """List the distances, points, that recur most among the pauses of both columns: the least of those that are one."""
    usual: Counter[float] = Counter()
    pauses: list[float] = []
    for label, value, *_ in stretches:
        heights = sorted((line.baseline, column.leading) for column in (label, value) for line in column.lines)
        leading = max(label.leading, value.leading)
        own = [b - a + leading - tight for (a, tight), (b, _) in pairwise(heights)]
        pauses += [pause for pause in own if pause > leading + ROUNDING]
    least = -math.inf
    for pause in sorted(pauses):
        least = pause if pause - least > ROUNDING else least
        usual[least] += 1
    return [pause for pause, _ in usual.most_common(MOST_GAPS)]


def make_column(
    page: Page, lines: Sequence[GlyphLine], leading: float, right: float | None, left: float | None = None
) -> ColumnLines:
    """Make a column of the lines of labels.

    Args:
        page: The page.
        lines: The lines, top to bottom.
        leading: Their leading, points.
        right: x that the text can reach, points; None where the lines show it by themselves.
        left: x from which it can be set, points, to the right or centred; None where it is set to the left.

    Returns:
        The column.
    """
    texts = [read_line(page, line) for line in lines]
    capital = [text[:1].isupper() or text[:1].isdigit() for text in texts]
    ends = [text.endswith(":") for text in texts]
    for number, text in enumerate(texts[1:]):
        ends[number] = ends[number] or text[0] in BULLETS + DASHES
    anew = [begins or (number > 0 and ends[number - 1]) for number, begins in enumerate(capital)]
    reach = max([line.x1 for line in lines], default=0.0) if right is None else right
    rows = list_rows(page, lines) or [0] * len(lines)
    return ColumnLines(lines, _list_full(page, lines, texts, reach, left), leading, capital, anew, ends, rows)


def make_value_column(page: Page, lines: Sequence[GlyphLine], scale: TypeScale, right: float | None) -> ColumnLines:
    """Make a column of the lines of values.

    Args:
        page: The page.
        lines: The lines, top to bottom.
        scale: What all pages show, with the leadings.
        right: x that the text can reach, points; None where the lines show it by themselves.

    Returns:
        The column.
    """
    column = make_column(page, lines, scale.value_leading, max([right or 0.0, *(line.x1 for line in lines)]))
    anew = [number > 0 and own and _ends_text(page, lines[number - 1]) for number, own in enumerate(column.capital)]
    return column._replace(anew=anew)


def _ends_text(page: Page, line: GlyphLine) -> bool:
    """Return whether a line ends a sentence, or with a URL."""
    words = make_text_line(page, line).words
    last = words[-1].text if words else ""
    return ends_sentence(last, FULL_STOPS) or URL_START.match(last) is not None


def label_regions(
    bodies: Sequence[PageBody], regions: Sequence[Sequence[Region]], scale: TypeScale
) -> list[list[LabelledRegion]]:
    """Find which column of each table has the labels, and how far the text of both goes on.

    Args:
        bodies: The pages.
        regions: For each page its tables' regions.
        scale: What all pages show.
    """
    right = find_right_labels((own for page in regions for own in page), scale)
    found: list[list[LabelledRegion]] = []
    ends = [max((line.x1 for line in body.lines), default=0.0) for body in bodies]
    for body, end, page in zip(bodies, ends, regions, strict=True):
        found.append([])
        for own in page:
            # The parts of a divided page have text of their own width.
            columns = _measure_reach(own, max(ends) if body.end is None else end, scale)
            label, value = columns[::-1] if own in right else columns
            found[-1].append(LabelledRegion(**vars(own), label=label, value=value))
    ordered = [sorted(page, key=lambda own: own.top) for page in found]
    for page, (uppers, lowers) in zip(found, pairwise(ordered), strict=False):
        if uppers and lowers and abs(uppers[-1].boundary - lowers[0].boundary) <= SAME_COLUMN:
            page[page.index(uppers[-1])] = _look_ahead(uppers[-1], lowers[0])
    return found


def _measure_reach(own: Region, body_right: float, scale: TypeScale) -> tuple[RegionColumn, RegionColumn]:
    """Measure how far the text of a small table's columns can reach; many lines show it by themselves.

    Text at the left reaches up to the white space before the right column. That reaches as far as any text of the
    pages: a table without a right edge is set in the full width.
    """
    left, right = own.left.lines, own.right.lines
    start = min((line.x0 for line in right), default=math.inf)
    ends = [max((line.x1 for line in lines), default=None) for lines in (left, right)]
    if right and (len(left) < MEASURED_LINES or (ends[0] or 0.0) > start):
        ends[0] = start - COLUMN_GAP * scale.size
    if len(right) < MEASURED_LINES or not _run_on(own.page, right, left):
        padding = max(start - own.boundary, 0.0) if right else 0.0
        ends[1] = body_right if own.evidence == "gutter" else own.right.x1 - padding
    return own.left._replace(reach=ends[0]), own.right._replace(reach=ends[1])


def _run_on(page: Page, lines: Sequence[GlyphLine], beside: Sequence[GlyphLine]) -> bool:
    """Return whether a text goes on to a line with nothing beside it: lines of one text each do not show its reach."""
    begun = {round(line.baseline) for line in beside}
    return any(read_line(page, line)[:1].islower() and round(line.baseline) not in begun for line in lines[1:])


def _look_ahead(upper: LabelledRegion, lower: LabelledRegion) -> LabelledRegion:
    """Find whether a page may end with a value, or a label, whose other part begins the next page.

    The label did not fit: it has no value next to it there, or one that goes on in the middle of a sentence. The value
    did not: it has no label next to it.
    """
    above, values, late = upper.value.lines, lower.value.lines, False
    label = next(iter(lower.label.lines), None)
    if above and values and label is not None:
        goes_on = read_line(lower.page, values[0])[:1].islower() and not _ends_text(upper.page, above[-1])
        last = (read_line(upper.page, line) for line in upper.label.lines[-1:])
        goes_on = goes_on and not any(map(read_line(lower.page, label).startswith, last))  # it is printed again
        late = label.bottom < values[0].top or (goes_on and label.top < values[0].bottom)
    return replace(upper, late=late, ahead=bool(values) and (label is None or values[0].bottom < label.top))


def _list_full(
    page: Page, lines: Sequence[GlyphLine], texts: Sequence[str], reach: float, left: float | None
) -> list[bool]:
    """Return for each line whether the next line's first word would not have fitted on it, from `left` to `reach`."""
    full = [False] * len(lines)
    for number, (line, lower) in enumerate(pairwise(lines)):
        words = make_text_line(page, lower).words
        if words:  # not soft hyphens only
            broken = BROKEN_WORD.search(texts[number]) is not None and words[0].text[0].islower()
            before = 0.0 if left is None else line.x0 - left
            needed = SPACE_WIDTH * line.size + words[0].x1 - words[0].x0
            full[number] = broken or line.x1 - before + needed > reach + ROUNDING
    return full
