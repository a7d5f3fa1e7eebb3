"""Two columns of lines → rows: the division of least cost, over the lines of both columns from top to bottom.

Rows do not overlap in height, so that a division is a choice of heights between lines, and the best one up to each
height is that of one before it and one more row: the cost grows with the number of lines, as rows are bounded.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate
from math import inf
from operator import itemgetter
from typing import NamedTuple

from pipeline.stages.segment.partition import (
    BESIDE,
    CLEAR_DIFFERENCE,
    COST_BESIDE_PLACE,
    COST_FULL_LINE_CUT,
    COST_LABEL_PAUSE_KEPT,
    COST_NO_LABEL,
    COST_NO_LABEL_IN_MIDDLE,
    COST_NO_PAUSE,
    COST_NO_REST,
    COST_NO_VALUE,
    COST_OFF_MIDDLE,
    COST_OFF_TOP,
    COST_SENTENCE_CUT,
    COST_VALUE_PAUSE_KEPT,
    COST_WIDE_CUT,
    COST_WIDE_PAUSE_KEPT,
    GAIN_LABEL_PAUSE,
    GAIN_LABEL_SHORT,
    GAIN_VALUE_PAUSE,
    GAIN_VALUE_SHORT,
    IMPOSSIBLE,
    OFF_TOP,
    PAUSE,
    ROUNDING,
    WIDE_PAUSE,
    Column,
    Division,
)
from pipeline.text.weights import WEIGHTS as W

__all__ = ["BESIDE", "CLEAR_DIFFERENCE", "RowStyle", "divide_rows"]

MOST_CUTS = 120
"""Most heights at which a row could end and does not."""
APART = 0.4
"""Least base line distance of the last line of a row and the first of the next, as a share of the leading."""
GAIN_COLON = 1.6
"""A row that ends with its label's colon: as much as an empty value costs."""
COST_NO_COLON = 1.0
"""A label that ends without the colon that nearly all labels have."""
COST_WIDE_LABEL_KEPT = 2.5
"""A label's line that is wider than its column below one that is not: a label of several lines is broken there."""
ROUNDING_ERROR = 1e-6
"""Difference, in points, that is none."""
COST_UNMARKED_HEADING = 0.4
"""A label without mark and value in such a table: the heading of a group."""
COST_NO_EDGE = 1.5
"""A row that no edge parts from the next where edges part rows, less the white space beyond `apart`, in leadings."""
COST_UNMARKED = 4.0
"""A row that begins without the mark (a colon) that the rows of its table have, or a mark inside a row."""


class RowStyle(NamedTuple):
    """How rows are set: a hypothesis.

    Attributes:
        middle: True where labels stand at the middle of their values, False where at the top.
        padded: True where white space parts the rows.
        offset: Distance of a label's first base line below its value's, points; None where rows do not share one.
        row_gap: Least base line distance of two rows, points; None where nothing shows it.
        colons: True where nearly all labels end with a colon.
        separated: True where edges part the rows.
        apart: True where white space parts values only where a row begins.
    """

    middle: bool
    padded: bool
    offset: float | None = None
    row_gap: float | None = None
    colons: bool = False
    separated: bool = False
    apart: bool = False


def divide_rows(
    label: Column,
    value: Column,
    style: RowStyle,
    *,
    rests: tuple[bool, bool] = (True, True),
    foot: bool = False,
    pictures: Sequence[tuple[float, float]] = (),
    marks: Sequence[float] = (),
    apart: float | None = None,
) -> Division:
    """Divide two columns into rows.

    Args:
        label: Lines of the label column.
        value: Lines of the value column.
        style: How rows are set.
        rests: Whether the columns may begin, and end, with a part of a row that stands on another page with its label.
        foot: True where a row may begin at the page's foot whose label stands on the next page.
        pictures: Upper and lower edges, points, of the pictures between value lines, which belong to values too.
        marks: Base lines of the colons between label and value, points, where each row has one.
        apart: Least white space, points, of two rows that no edge parts, where edges part the rows; else None.

    Returns:
        The division that costs least.
    """
    rows = _Rows(label, value, style, rests, foot, pictures, marks, apart)
    cuts = rows.cuts
    best = [0.0] + [inf] * (len(cuts) - 1)
    back = [0] * len(cuts)
    for end in range(1, len(cuts)):
        for start in range(max(0, end - MOST_CUTS), end):
            if best[start] >= IMPOSSIBLE:
                continue
            cost = best[start] + rows.cost(start, end)
            if cost < best[end]:
                best[end], back[end] = cost, start
    found: list[tuple[range, range]] = []
    end = len(cuts) - 1
    if end > 0 and best[end] >= IMPOSSIBLE:
        return Division([(range(len(label.lines)), range(len(value.lines)))], IMPOSSIBLE)
    while end > 0:
        (i, p), (j, q) = cuts[back[end]], cuts[end]
        found.append((range(i, j), range(p, q)))
        end = back[end]
    return Division(found[::-1], best[-1])


class _Rows:
    """The costs of rows between any two of the heights at which rows can end."""

    def __init__(
        self,
        label: Column,
        value: Column,
        style: RowStyle,
        rests: tuple[bool, bool],
        foot: bool,
        pictures: Sequence[tuple[float, float]],
        marks: Sequence[float],
        apart: float | None,
    ) -> None:
        self.label, self.value, self.style = label, value, style
        self.labels, self.values = label.lines, value.lines
        self.rests, self.foot, self.pictures = rests, foot, pictures
        self.leading = max(label.leading, value.leading, 1.0)
        self.marks = sorted(marks)
        self.apart = apart
        start = min((line.x0 for line in self.values), default=inf)
        self._wide = [line.x0 < start < line.x1 for line in self.labels]
        self._wide_begins = sorted(line.baseline for n, line in enumerate(self.labels) if self._begins_at_wide(n))
        self.cuts = self._list_cuts()
        self._label_pauses = self._sum_pauses(label, of_labels=True)
        self._value_pauses = self._sum_pauses(value, of_labels=False)
        label_at = sorted(line.baseline for line in self.labels)
        value_at = sorted(line.baseline for line in self.values)
        offset, reach = style.offset or 0.0, OFF_TOP * self.leading
        self._value_beside = [_any_near(value_at, line.baseline - offset, reach) for line in self.labels]
        self._label_beside = [_any_near(label_at, line.baseline + offset, reach) for line in self.values]
        self._cut_costs = [self._cut_cost(j, q) for j, q in self.cuts]

    def _list_cuts(self) -> list[tuple[int, int]]:
        columns = enumerate((self.labels, self.values))
        lines = sorted([(line.baseline, n, line) for n, own in columns for line in own], key=itemgetter(0, 1))
        label_cuts, value_cuts = self._column_cuts(self.label), self._column_cuts(self.value)
        least = APART * self.leading if self.apart is None else PAUSE * self.leading
        cuts = [(0, 0)]
        j = q = 0
        reached = -inf
        for number, (baseline, column, line) in enumerate(lines):
            if number and baseline - lines[number - 1][0] >= least - ROUNDING_ERROR:
                clear = self.apart is None or line.top - reached > self.apart
                cuts += [(j, q)] if clear and j in label_cuts and q in value_cuts else []
            j, q = j + (column == 0), q + (column == 1)
            reached = max(reached, line.bottom)
        if lines:
            cuts.append((j, q))
        return cuts

    def _column_cuts(self, column: Column) -> set[int]:
        cuts = {0, len(column.lines)}
        for number in range(1, len(column.lines)):
            apart = column.lines[number].baseline - column.lines[number - 1].baseline > PAUSE * self.leading
            if (
                apart
                or not (self.style.padded or (column.full[number - 1] and not column.anew[number]))
                or (self.marks and self._marked(column.lines[number].baseline))
                or _are_in_two_rows(column, number)
                or _any_near(self._wide_begins, column.lines[number].baseline, BESIDE * self.leading)
            ):
                cuts.add(number)
        return cuts

    def _marked(self, baseline: float) -> bool:
        return _any_near(self.marks, baseline, 0.3 * self.leading)

    def _sum_pauses(self, column: Column, *, of_labels: bool) -> list[float]:
        costs = [0.0]
        for upper, lower in zip(column.lines, column.lines[1:], strict=False):
            distance = lower.baseline - upper.baseline
            cost = 0.0
            if _are_in_two_rows(column, len(costs)):
                cost = W["tags_row"]
            elif of_labels and self._begins_at_wide(len(costs)):
                cost = COST_WIDE_LABEL_KEPT
            elif of_labels:
                cost = COST_LABEL_PAUSE_KEPT if distance > PAUSE * self.leading else 0.0
            elif self.style.padded and self.style.row_gap is not None and distance > WIDE_PAUSE * self.style.row_gap:
                cost = COST_WIDE_PAUSE_KEPT
            elif distance > PAUSE * self.leading:
                cost = COST_VALUE_PAUSE_KEPT
            costs.append(cost)
        return list(accumulate(costs))

    def cost(self, start: int, end: int) -> float:
        """The cost of a row between two cuts, and of the cut at its end."""
        (i, p), (j, q) = self.cuts[start], self.cuts[end]
        cost = self._row_cost(i, j, p, q)
        if cost >= IMPOSSIBLE:
            return cost
        cost += self._cut_costs[end]
        if self.marks:
            inside = bisect_right(self.marks, self._lower(i, j, p, q) + 1) - bisect_left(
                self.marks, self._upper(i, p) - 1
            )
            rest = start == 0 and self.rests[0]
            if not inside and q == p:
                cost += COST_UNMARKED_HEADING
            else:
                cost += COST_UNMARKED * abs(inside - 1) if inside or not rest else 0.0
        distance = self._upper(j, q) - self._lower(i, j, p, q)
        if self.apart is not None:
            cost += max(0.0, COST_NO_EDGE - (distance - self.leading - self.apart) / self.leading)
        style = self.style
        if style.padded and style.row_gap is not None and not self._is_tagged(j, q):
            if distance < style.row_gap - ROUNDING:
                cost += COST_NO_PAUSE
            elif style.middle and style.row_gap + ROUNDING < distance < inf:
                cost += COST_WIDE_CUT
        return cost

    def _row_cost(self, i: int, j: int, p: int, q: int) -> float:
        cost = 0.0
        style = self.style
        if j == i:
            if i not in (0, len(self.labels)):
                return IMPOSSIBLE
            if i == len(self.labels) and len(self.labels) > 0 and not (style.middle or self.foot):
                return IMPOSSIBLE
            if i == 0 and p > 0:
                return IMPOSSIBLE
            cost += COST_NO_LABEL_IN_MIDDLE if style.middle else COST_NO_LABEL
            cost += COST_NO_REST if not self.rests[0 if i == 0 else 1] else 0.0
        elif q == p:
            cost += COST_NO_VALUE
        elif style.middle:
            off = self._off_middle(i, j, p, q)
            cost += COST_OFF_MIDDLE * off / self.leading
            cost += COST_BESIDE_PLACE if off > OFF_TOP * self.leading else 0.0
        else:
            off = abs(self.labels[i].baseline - self.values[p].baseline - (style.offset or 0.0))
            # The value of a label that is wider than its column begins on the line below it.
            lower = self.values[p].baseline - self.labels[j - 1].baseline
            below = self._wide[j - 1] and lower > 0
            off = max(0.0, lower - PAUSE * self.leading) if below else off
            cost += off / self.leading
            if not below and self._begins_apart(i, p):
                cost += COST_OFF_TOP
            elif off > self.leading:
                cost += COST_BESIDE_PLACE
        if j > i and q > p and self.label.rows and self.value.rows:
            known = {self.label.rows[i], self.value.rows[p]} - {0}
            cost += W["tags_row"] * (len(known) - 1) if known else 0.0
        if j > i:
            cost += self._label_pauses[j - 1] - self._label_pauses[i]
        if q > p:
            cost += self._value_pauses[q - 1] - self._value_pauses[p]
        return cost

    def _off_middle(self, i: int, j: int, p: int, q: int) -> float:
        """Measure how far a label is off the middle of its value, with the pictures at its ends or without them."""
        values = self.values
        own = (self.labels[i].top + self.labels[j - 1].bottom) / 2
        above = values[p - 1].bottom if p else -inf
        below = values[q].top if q < len(values) else inf
        tops, bottoms = [values[p].top], [values[q - 1].bottom]
        for top, bottom in self.pictures:
            if above <= top and bottom <= values[p].top:
                tops.append(min(tops[-1], top))
            elif values[q - 1].bottom <= top and bottom <= below:
                bottoms.append(max(bottoms[-1], bottom))
        return min(abs(own - (top + bottom) / 2) for top in tops for bottom in bottoms)

    def _begins_apart(self, i: int, p: int) -> bool:
        """Return whether a label and a value that should begin together show that they do not.

        The value begins above the label, or one of them stands beside a line of the other column that is not the row's
        first. A value that begins a little lower, beside nothing, may be a list with white space above it.
        """
        if self.style.offset is None:
            return False
        below = self.labels[i].baseline - self.values[p].baseline - self.style.offset
        if abs(below) <= OFF_TOP * self.leading:
            return False
        return below > 0 or self._value_beside[i] or self._label_beside[p]

    def _cut_cost(self, j: int, q: int) -> float:
        padded = self.style.padded
        cost = self._label_end_cost(j) + W["tags_row"] * (
            _are_in_one_row(self.label, j) + _are_in_one_row(self.value, q)
        )
        marked = 0 < j < len(self.labels) and bool(self.marks) and self._marked(self.labels[j].baseline)
        marked = marked or self._is_tagged(j, q) or self._begins_at_wide(j)
        if 0 < j < len(self.labels):
            if self.labels[j].baseline - self.labels[j - 1].baseline > PAUSE * self.leading:
                cost -= GAIN_LABEL_PAUSE
            elif marked:
                pass
            elif padded:
                cost += COST_NO_PAUSE
            elif not self.label.full[j - 1]:
                cost -= GAIN_LABEL_SHORT
            elif not (self.style.colons and self.label.ends[j - 1]) and not self._begins_both(j, q):
                cost += COST_FULL_LINE_CUT
        if 0 < q < len(self.values):
            if self.values[q].baseline - self.values[q - 1].baseline > PAUSE * self.leading:
                cost -= GAIN_VALUE_PAUSE
            elif marked:
                pass
            elif padded:
                cost += COST_NO_PAUSE
            elif self.value.full[q - 1]:
                cost += COST_SENTENCE_CUT if self.value.anew[q] else COST_FULL_LINE_CUT
            else:
                cost -= GAIN_VALUE_SHORT
        return cost

    def _begins_at_wide(self, j: int) -> bool:
        """Return whether a label begins at a line since it, or the label above, is wider than its column."""
        if not 0 < j < len(self._wide) or self._wide[j - 1 : j + 1] == [False, False]:
            return False
        return not self._wide[j - 1] or any(
            abs(line.baseline - self.labels[j].baseline) <= BESIDE * self.leading for line in self.values
        )

    def _is_tagged(self, j: int, q: int) -> bool:
        """Return whether tags begin a row at a cut."""
        return _are_in_two_rows(self.label, j) or _are_in_two_rows(self.value, q)

    def _label_end_cost(self, j: int) -> float:
        """What it costs that a row ends before a label's line, where nearly all labels end with a colon."""
        if not self.style.colons or not 0 < j < len(self.labels):
            return 0.0
        if self.label.ends[j - 1]:
            return -GAIN_COLON
        return 0.0 if self._value_beside[j] and not self.label.full[j - 1] else COST_NO_COLON

    def _begins_both(self, j: int, q: int) -> bool:
        """Return whether both columns begin anew by their letters, the value behind a line with room left."""
        values = self.values
        return 0 < q < len(values) and not self.value.full[q - 1] and self.label.anew[j] and self.value.capital[q]

    def _upper(self, j: int, q: int) -> float:
        label = self.labels[j].baseline if j < len(self.labels) else inf
        return min(label, self.values[q].baseline if q < len(self.values) else inf)

    def _lower(self, i: int, j: int, p: int, q: int) -> float:
        label = self.labels[j - 1].baseline if j > i else -inf
        return max(label, self.values[q - 1].baseline if q > p else -inf)


def _are_in_two_rows(column: Column, number: int) -> bool:
    """Return whether tags put a line and the one above it into two rows."""
    rows = column.rows[number - 1 : number + 1]
    return len(rows) == 2 and 0 not in rows and rows[0] != rows[1]


def _are_in_one_row(column: Column, number: int) -> bool:
    """Return whether tags put a line and the one above it into one row."""
    rows = column.rows[number - 1 : number + 1]
    return number > 0 and len(rows) == 2 and rows[0] == rows[1] != 0


def _any_near(sorted_values: Sequence[float], at: float, reach: float) -> bool:
    place = bisect_left(sorted_values, at - reach)
    return place < len(sorted_values) and sorted_values[place] <= at + reach
