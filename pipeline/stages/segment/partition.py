"""Rows without separators: divide the lines of two columns into rows by alignment and white space.

Where neither rules nor fills part the rows, a row is where label and value begin together (or where a label stands at
the middle of its value), where both columns pause, and where neither column's line was full. The division with the
least cost over the whole part of the table is found by dynamic programming.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise
from math import inf
from typing import NamedTuple

from pipeline.stages.segment.lines import GlyphLine

PAUSE = 1.2
"""Base line distance, as a multiple of the leading, from which two lines are set apart."""
WIDE_PAUSE = 1.5
"""Base line distance, as a multiple of the least between rows, that the lines of one value hardly leave."""
IMPOSSIBLE = 1e9

# Costs, in base line distances of misalignment that they outweigh.
COST_FULL_LINE_CUT = 3.0
COST_SENTENCE_CUT = 0.3
COST_LABEL_PAUSE_KEPT = 1.5
COST_VALUE_PAUSE_KEPT = 0.25
COST_WIDE_PAUSE_KEPT = 1.5
GAIN_LABEL_PAUSE = 1.0
GAIN_LABEL_SHORT = 0.4
GAIN_VALUE_PAUSE = 0.7
GAIN_VALUE_SHORT = 0.3
CLEAR_DIFFERENCE = 0.3
"""Least difference, as a share of the leading, between a label's distances from its value's middle and top that tells
the one from the other."""
COST_OFF_MIDDLE = 1.5
"""A label that stands one leading off the middle of its value: a middle is exact but where a picture stands below."""
COST_BESIDE_PLACE = 0.75
"""A label that is off the middle of its value by more than rounding explains, or off its top by a whole line."""
COST_OFF_TOP = 2.5
"""A row whose label and value do not begin at the distance that all rows of the edition share."""
OFF_TOP = 0.12
"""Largest deviation from that distance, as a share of the leading, that rounding explains."""
BESIDE = 0.25
"""Farthest that the base lines of a label and of the value that begins its row are apart, as a share of the leading."""
NEAR_TOP = 0.6
"""Farthest that the base lines of a label and of the value line beside it are apart, as a share of the leading."""
COST_NO_PAUSE = 2.5
COST_WIDE_CUT = 0.5
"""A row farther from the one above it than rows are, where labels stand at the middle: it may be a paragraph."""
COST_NO_VALUE = 1.6
COST_NO_LABEL = 0.4
COST_NO_LABEL_IN_MIDDLE = 1.0
"""The same where labels stand at the middle: a page break seldom leaves one part of a row without its label."""
COST_NO_REST = 2.5
"""A row without label where no row goes on from the page before, or to the next one."""
MOST_VALUE_CUTS = 200
"""Most places inside a row at which one could begin: a page of the smallest type holds as many lines."""
MOST_LABEL_CUTS = 24
"""Most lines of a label that no edge bounds."""
MOST_KEPT = 9.0
"""Most that the pauses kept in a label cost: six of them."""
LEAST_APART = 0.4
"""Least base line distance, as a share of the leading, of a row's last line from the next row's first."""
ROUNDING = 0.7
"""Most, in points, that rounding takes from a base line distance."""


class Column(NamedTuple):
    """Lines of one column.

    Attributes:
        lines: Top to bottom.
        full: For each line, whether the next line's first word would not have fitted behind it.
        leading: Usual base line distance, points.
        capital: For each line, whether it begins with a capital letter.
        anew: For each line, whether by its letters it may begin anew behind a full line: in the label column with a
            capital letter, in the value column also behind a line that ends a sentence, or with a URL.
    """

    lines: Sequence[GlyphLine]
    full: Sequence[bool]
    leading: float
    capital: Sequence[bool]
    anew: Sequence[bool]
    ends: Sequence[bool] = ()


class Division(NamedTuple):
    """Two columns divided into rows.

    Attributes:
        rows: For each row the indices of its label lines and of its value lines; the first row may have no label (it
            goes on from the page before), the last too where labels stand in the middle, or at a page's foot.
        cost: How badly the lines fit, in base line distances of misalignment: the least of all divisions.
    """

    rows: list[tuple[range, range]]
    cost: float


def divide_rows(
    label: Column,
    value: Column,
    *,
    middle: bool,
    padded: bool,
    offset: float | None = None,
    row_gap: float | None = None,
    rests: tuple[bool, bool] = (True, True),
    foot: bool = False,
    pictures: Sequence[tuple[float, float]] = (),
) -> Division:
    """Divide two columns into rows.

    Args:
        label: Lines of the label column.
        value: Lines of the value column.
        middle: True where labels stand at the middle of their values, False where at the top.
        padded: True where white space parts the rows of this kind of table: then none begins without a pause.
        offset: Distance of a label's first base line below its value's, points, where all rows of this kind of table
            share it; None where they do not.
        row_gap: Least base line distance of two such rows, points; None where nothing shows it.
        rests: Whether the columns may begin, and end, with a part of a row that stands on another page with its label.
        foot: True where a row may begin at the page's foot whose label stands on the next page.
        pictures: Upper and lower edges, points, of the pictures between value lines, which belong to values too.

    Returns:
        The division that costs least.
    """
    labels, values = label.lines, value.lines
    leading = max(label.leading, value.leading, 1.0)

    def row_cost(i: int, j: int, p: int, q: int) -> float:
        cost = 0.0
        if j == i:
            if i not in (0, len(labels)):
                return IMPOSSIBLE
            if i == len(labels) and len(labels) > 0 and not (middle or foot):
                return IMPOSSIBLE
            cost += COST_NO_LABEL_IN_MIDDLE if middle else COST_NO_LABEL
            cost += COST_NO_REST if not rests[0 if i == 0 else 1] else 0.0
        elif q == p:
            cost += COST_NO_VALUE
        elif middle:
            off = off_middle(i, j, p, q)
            cost += COST_OFF_MIDDLE * off / leading + (COST_BESIDE_PLACE if off > OFF_TOP * leading else 0.0)
        else:
            off = abs(labels[i].baseline - values[p].baseline - (offset or 0.0))
            cost += off / leading
            if begins_apart(i, p):
                cost += COST_OFF_TOP
            elif off > leading:
                cost += COST_BESIDE_PLACE
        return cost + _sum_between(label_kept, i, j) + _sum_between(value_kept, p, q)

    def keep_value_pause(distance: float) -> float:
        """Give what it costs that a value goes on over a distance of its lines."""
        if padded and row_gap is not None and distance > WIDE_PAUSE * row_gap:
            return COST_WIDE_PAUSE_KEPT
        return COST_VALUE_PAUSE_KEPT if distance > PAUSE * leading else 0.0

    label_kept = _sum_up(
        COST_LABEL_PAUSE_KEPT * (lower.baseline - upper.baseline > PAUSE * leading) for upper, lower in pairwise(labels)
    )
    value_kept = _sum_up(keep_value_pause(lower.baseline - upper.baseline) for upper, lower in pairwise(values))
    label_heights, value_heights = ([line.baseline for line in lines] for lines in (labels, values))

    def has_line_at(heights: Sequence[float], height: float) -> bool:
        place = bisect_left(heights, height - OFF_TOP * leading)
        return place < len(heights) and heights[place] <= height + OFF_TOP * leading

    def off_middle(i: int, j: int, p: int, q: int) -> float:
        """Measure how far a label is off the middle of its value, with the pictures at its ends or without them."""
        own = (labels[i].top + labels[j - 1].bottom) / 2
        above = values[p - 1].bottom if p else -inf
        below = values[q].top if q < len(values) else inf
        tops, bottoms = [values[p].top], [values[q - 1].bottom]
        for top, bottom in pictures:
            if above <= top and bottom <= values[p].top:
                tops.append(min(tops[-1], top))
            elif values[q - 1].bottom <= top and bottom <= below:
                bottoms.append(max(bottoms[-1], bottom))
        return min(abs(own - (top + bottom) / 2) for top in tops for bottom in bottoms)

    def begins_apart(i: int, p: int) -> bool:
        """Tell whether a label and a value that should begin together show that they do not.

        The value begins above the label, or one of them stands beside a line of the other column that is not the row's
        first. A value that begins a little lower, beside nothing, may be a list with white space above it.
        """
        if offset is None:
            return False
        below = labels[i].baseline - values[p].baseline - offset
        if abs(below) <= OFF_TOP * leading:
            return False
        return (
            below > 0
            or has_line_at(value_heights, labels[i].baseline - offset)
            or has_line_at(label_heights, values[p].baseline + offset)
        )

    def cut_cost(j: int, q: int) -> float:
        cost = 0.0
        if 0 < j < len(labels):
            if labels[j].baseline - labels[j - 1].baseline > PAUSE * leading:
                cost -= GAIN_LABEL_PAUSE
            elif padded:
                cost += COST_NO_PAUSE
            elif not label.full[j - 1]:
                cost -= GAIN_LABEL_SHORT
            elif not begins_both(j, q):
                cost += COST_FULL_LINE_CUT
        if 0 < q < len(values):
            if values[q].baseline - values[q - 1].baseline > PAUSE * leading:
                cost -= GAIN_VALUE_PAUSE
            elif padded:
                cost += COST_NO_PAUSE
            elif value.full[q - 1]:
                cost += COST_SENTENCE_CUT if value.anew[q] else COST_FULL_LINE_CUT
            else:
                cost -= GAIN_VALUE_SHORT
        return cost

    def begins_both(j: int, q: int) -> bool:
        """Tell whether both columns begin anew by their letters, the value behind a line with room left."""
        return 0 < q < len(values) and not value.full[q - 1] and label.anew[j] and value.capital[q]

    def upper(j: int, q: int) -> float:
        tops = []
        if j < len(labels):
            tops.append(labels[j].baseline)
        if q < len(values):
            tops.append(values[q].baseline)
        return min(tops) if tops else float("inf")

    def lower(i: int, j: int, p: int, q: int) -> float:
        ends = []
        if j > i:
            ends.append(labels[j - 1].baseline)
        if q > p:
            ends.append(values[q - 1].baseline)
        return max(ends)

    def too_near(distance: float) -> bool:
        """Tell whether two rows stand nearer than rows of this edition do: the pause is one of paragraphs."""
        return padded and row_gap is not None and distance < row_gap - ROUNDING

    states = _list_states(label, value, leading, padded)
    costs = [IMPOSSIBLE] * len(states)
    steps = [len(states) - 1] * len(states)
    costs[-1] = 0.0
    for number in range(len(states) - 2, -1, -1):
        i, p = states[number]
        for step in range(number + 1, min(number + MOST_VALUE_CUTS, len(states) - 1) + 1):
            j, q = states[step]
            if j == i == 0 < p or costs[step] >= IMPOSSIBLE:
                continue
            if _sum_between(label_kept, i, j) > MOST_KEPT or states[step - 1][0] - i > MOST_LABEL_CUTS:
                break
            cost = row_cost(i, j, p, q)
            if cost >= IMPOSSIBLE:
                continue
            cost += cut_cost(j, q) + costs[step]
            distance = upper(j, q) - lower(i, j, p, q)
            if too_near(distance):
                cost += COST_NO_PAUSE
            elif middle and padded and row_gap is not None and row_gap + ROUNDING < distance < inf:
                cost += COST_WIDE_CUT
            if cost < costs[number]:
                costs[number], steps[number] = cost, step
    rows: list[tuple[range, range]] = []
    number = 0
    while number < len(states) - 1:
        # Where no division satisfies the order of the lines, what is left is one row rather than lost.
        (i, p), (j, q) = states[number], states[steps[number]]
        rows.append((range(i, j), range(p, q)))
        number = steps[number]
    return Division(rows, costs[0])


def _sum_up(costs: Iterable[float]) -> list[float]:
    """Give, for each line, the sum of costs before it."""
    return [0.0, *accumulate(costs)]


def _sum_between(sums: Sequence[float], start: int, end: int) -> float:
    """Give what lines cost that follow each other in one row, from the first to the one before `end`."""
    return sums[end - 1] - sums[start] if end > start else 0.0


def _list_states(label: Column, value: Column, leading: float, padded: bool) -> list[tuple[int, int]]:
    """List where rows may be divided: how many lines of each column stand above, from none to all.

    What stands above ends clearly above what stands below, so that there are no more such places than lines.
    """
    cuts = [{0, *_cuts(column, leading, padded)} for column in (label, value)]
    lines = sorted([*((line.baseline, 0) for line in label.lines), *((line.baseline, 1) for line in value.lines)])
    states = [(0, 0)] if lines else []
    counts = [0, 0]
    for place, (height, column) in enumerate(lines):
        counts[column] += 1
        below = lines[place + 1][0] if place + 1 < len(lines) else inf
        if below >= height + LEAST_APART * leading and all(map(set.__contains__, cuts, counts)):
            states.append((counts[0], counts[1]))
    return states or [(0, 0)]


def _cuts(column: Column, leading: float, padded: bool) -> list[int]:
    """Give the numbers of the lines before which a row can begin: behind a pause or a line that is not full.

    A last line may just fill its column: what begins anew by its letters can begin a row there, too.
    """
    cuts = [
        number
        for number in range(1, len(column.lines))
        if column.lines[number].baseline - column.lines[number - 1].baseline > PAUSE * leading
        or not (padded or (column.full[number - 1] and not column.anew[number]))
    ]
    return [*cuts, len(column.lines)] if column.lines else []


def split_blocks(column: Column) -> list[Sequence[GlyphLine]]:
    """Divide a column at its pauses.

    Args:
        column: Lines of one column.

    Returns:
        Blocks of lines that follow each other at the leading, top to bottom.
    """
    blocks: list[list[GlyphLine]] = []
    for line in column.lines:
        if blocks and line.baseline - blocks[-1][-1].baseline <= PAUSE * max(column.leading, 1.0):
            blocks[-1].append(line)
        else:
            blocks.append([line])
    return list(blocks)


def label_stands_in_middle(label: Sequence[GlyphLine], value: Sequence[GlyphLine], leading: float) -> int:
    """Tell whether the label of one row stands at the middle of its value or at its top.

    Args:
        label: Its lines.
        value: The value's lines.
        leading: Usual base line distance, points.

    Returns:
        1 for the middle, -1 for the top; 0 where nothing tells.
    """
    if not label or not value:
        return 0
    off_middle = abs(label[0].baseline + label[-1].baseline - value[0].baseline - value[-1].baseline) / 2
    off_top = abs(label[0].baseline - value[0].baseline)
    if abs(off_middle - off_top) <= CLEAR_DIFFERENCE * leading or min(off_middle, off_top) > NEAR_TOP * leading:
        return 0
    return 1 if off_middle < off_top else -1


def top_offsets(label: Column, value: Column) -> list[float]:
    """Measure how labels and values that begin side by side stand to each other.

    Args:
        label: Lines of the label column.
        value: Lines of the value column.

    Returns:
        For each block of label lines with a value line beside its first, the distance of its base line below that
        one's, points.
    """
    offsets: list[float] = []
    for block in split_blocks(label):
        near = min((block[0].baseline - line.baseline for line in value.lines), key=abs, default=None)
        if near is not None and abs(near) <= NEAR_TOP * max(label.leading, 1.0):
            offsets.append(near)
    return offsets


def least_row_gap(label: Column, value: Column) -> float | None:
    """Measure how far apart rows stand at least: between two labels, the widest pause of both columns parts their rows.

    Args:
        label: Lines of the label column.
        value: Lines of the value column.

    Returns:
        The least base line distance that such a pause leaves, points; None of fewer than two labels.
    """
    heights = sorted(line.baseline for line in (*label.lines, *value.lines))
    blocks = split_blocks(label)
    return min(
        (
            max(lower - upper for upper, lower in pairwise(height for height in heights if first <= height <= last))
            for above, below in pairwise(blocks)
            for first, last in [(above[0].baseline, below[-1].baseline)]
        ),
        default=None,
    )


def list_pauses(label: Column, value: Column) -> list[float]:
    """List the pauses of both columns: where neither has a line.

    Args:
        label: Lines of the label column.
        value: Lines of the value column.

    Returns:
        The base line distances that they leave, points, top to bottom.
    """
    return [lower - upper for upper, lower in _find_pauses(label, value)]


def _find_pauses(label: Column, value: Column) -> list[tuple[float, float]]:
    """Give the base lines, points, above and below each pause of both columns, top to bottom."""
    heights = sorted(line.baseline for line in (*label.lines, *value.lines))
    least = PAUSE * max(value.leading, 1.0)
    return [(upper, lower) for upper, lower in pairwise(heights) if lower - upper > least]


def pauses_begin_rows(label: Column, value: Column, *, to_foot: bool) -> tuple[int, int]:
    """Count the pauses of the value column behind which a row begins: a label stands beside the line there.

    Args:
        label: Lines of the label column.
        value: Lines of the value column.
        to_foot: Whether the columns end a page: then its last pause tells nothing.

    Returns:
        Such pauses, and pauses in all.
    """
    pauses = [
        lower for upper, lower in pairwise(value.lines) if lower.baseline - upper.baseline > PAUSE * value.leading
    ]
    told = pauses[:-1] if to_foot else pauses
    found = sum(
        1 for line in told if any(abs(own.baseline - line.baseline) <= BESIDE * value.leading for own in label.lines)
    )
    return found, len(told)


def rows_pause(label: Column, value: Column) -> tuple[int, int]:
    """Count how many of the label column's pauses hold one of both columns: neither has a line there.

    Args:
        label: Lines of the label column.
        value: Lines of the value column.

    Returns:
        Pauses with one inside, and pauses in all.
    """
    middles = [(block[0].baseline + block[-1].baseline) / 2 for block in split_blocks(label)]
    pauses = [(upper + lower) / 2 for upper, lower in _find_pauses(label, value)]
    found = sum(
        1 for upper, lower in pairwise(middles) if any(upper < pause < lower + value.leading / 2 for pause in pauses)
    )
    return found, max(len(middles) - 1, 0)
