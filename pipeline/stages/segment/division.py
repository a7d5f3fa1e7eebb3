"""Two columns of lines → rows: the division of least cost, over the lines of both columns from top to bottom.

A row is where label and value begin together (or where a label is at the middle of its value), where both columns
pause, and where neither column's line was full. Rows do not overlap in height, so that a division is a choice of
heights between lines, and the best one up to each height is that of one before it and one more row: the cost grows with
the number of lines, as rows are bounded.
"""

from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate
from math import inf
from operator import itemgetter
from typing import Final, NamedTuple

from pipeline.stages.segment.lines import GlyphLine
from pipeline.stages.segment.scale import SAME_LEADING
from pipeline.text.lines import SMALLER_TYPE
from pipeline.text.weights import WEIGHTS as W

WEAK: Final = 0.3
"""What evidence costs that may be chance, in leadings by which a label is off its value's place; set by hand."""
CLEAR: Final = 1.5
"""The same of evidence that is mostly right."""
STRONG: Final = 2.5
"""The same of evidence that is right but for slips of the typesetter."""

PAUSE: Final = 1.2
"""Base line distance, as a multiple of the leading, from which two lines are set apart."""
LEVEL: Final = 0.25
"""Farthest that base lines are apart, as a share of the leading, that are next to each other."""
ROUNDING: Final = 0.7
"""Most, in points, that rounding takes from a base line distance."""
MOST_CUTS: Final = 120
"""Most heights at which a row could end and does not."""


class RowStyle(NamedTuple):
    """How a kind of table sets its rows: a hypothesis.

    Attributes:
        middle: True where labels are at the middle of their values, False where at the top.
        row_gap: Least base line distance of two rows, points; None where no white space parts them.
        offset: Distance of a label's first base line below its value's, points.
        separated: True where edges part the rows.
        colons: True where labels end with a colon.
    """

    middle: bool
    row_gap: float | None = None
    offset: float = 0.0
    separated: bool = False
    colons: bool = False

    @property
    def spaced(self) -> bool:
        """Whether rows pause: both columns, wherever no edge parts them."""
        return self.separated or self.row_gap is not None


class ColumnLines(NamedTuple):
    """Lines of one column.

    Attributes:
        lines: Top to bottom.
        full: For each line, whether the next line's first word would not have fitted behind it.
        leading: Usual base line distance, points.
        capital: For each line, whether it begins with a capital letter.
        anew: For each line, whether by its letters it may begin anew behind a full line: in the label column with a
            capital letter, or behind a colon, in the value column behind a line that ends a sentence, or a URL.
        ends: For each line, whether a label ends with it.
        rows: For each line, the number of the row that tags put it in; 0 where they say nothing.
    """

    lines: Sequence[GlyphLine]
    full: Sequence[bool]
    leading: float
    capital: Sequence[bool]
    anew: Sequence[bool]
    ends: Sequence[bool]
    rows: Sequence[int]

    def compare_rows(self, number: int) -> int:
        """Return 1 where tags put a line and the one above it into one row, -1 where into two, else 0."""
        upper, lower = self.rows[number - 1 : number + 1] if 0 < number < len(self.rows) else (0, 0)
        return (1 if upper == lower else -1) if upper and lower else 0


class ColumnPair(NamedTuple):
    """What is to be divided into rows: two columns of lines.

    Attributes:
        label: Lines of the label column.
        value: Lines of the value column.
        rests: Whether the columns may begin with the rest of a row that is on another page with its label.
        late: Whether they may end with a value whose label is on the next page.
        ahead: Whether they may end with a label whose value is.
        pictures: Upper and lower edges, points, of the pictures between value lines, which belong to values too.
        marks: Base lines of the colons between label and value, points, where each row has one.
        padding: White space, points, that two rows which no edge parts have between them where edges part the rows.
        size: Font size of most of the document's text, points; lines of smaller type are nearer to each other.
    """

    label: ColumnLines
    value: ColumnLines
    rests: bool = True
    late: bool = False
    ahead: bool = False
    pictures: Sequence[tuple[float, float]] = ()
    marks: Sequence[float] = ()
    padding: float = 0.0
    size: float = 0.0


class Division(NamedTuple):
    """Two columns divided into rows.

    Attributes:
        rows: For each row the indices of its label lines and of its value lines; the first row may have no label: it
            goes on from the page before.
        cost: How badly the lines fit, in base line distances of misalignment: the least of all divisions.
    """

    rows: list[tuple[range, range]]
    cost: float


def divide_rows(own: ColumnPair, style: RowStyle) -> Division:
    """Divide two columns into rows.

    Args:
        own: The columns.
        style: How rows are set.

    Returns:
        The division that costs least.
    """
    rows = _Rows(own, style)
    cuts = rows.cuts
    best = [0.0] + [inf] * (len(cuts) - 1)
    back = [0] * len(cuts)
    for end in range(1, len(cuts)):
        for start in range(max(0, end - MOST_CUTS), end):
            if best[start] < inf and (cost := best[start] + rows.cost(start, end)) <= best[end]:
                best[end], back[end] = cost, start
    found: list[tuple[range, range]] = []
    end = len(cuts) - 1
    if best[-1] == inf:
        return Division([(range(len(rows.labels)), range(len(rows.values)))], STRONG * len(rows.labels))
    while end > 0:
        (i, p, _), (j, q, _) = cuts[back[end]], cuts[end]
        found.append((range(i, j), range(p, q)))
        end = back[end]
    return Division(found[::-1], best[-1])


class _Rows:
    """The costs of rows between any two of the heights at which rows can end."""

    def __init__(self, own: ColumnPair, style: RowStyle) -> None:
        self.own, self.style, self.marks = own, style, sorted(own.marks)
        label, value = self.label, self.value = own.label, own.value
        self.labels, self.values = label.lines, value.lines
        self.leading = max(label.leading, value.leading, 1.0)
        self.pause = PAUSE * self.leading if style.row_gap is None else style.row_gap - ROUNDING
        start = min((line.x0 for line in self.values), default=inf)
        wide, above = ([line.x0 - near < start < line.x1 for line in self.labels] for near in (0.0, ROUNDING))
        self.value_at = [line.baseline for line in self.values]
        level = any(map(self._is_level, self.labels))
        self.wide = [own or (not level and 2 * sum(above) > len(above)) for own in wide]
        self.cuts = self._list_cuts()
        self.kept = [
            list(accumulate((self._kept_cost(column, number) for number in range(1, len(column.lines))), initial=0.0))
            for column in (label, value)
        ]

    def _list_cuts(self) -> list[tuple[int, int, float]]:
        """List the heights at which rows can end: how many lines of both columns are above, and what it costs."""
        columns = enumerate((self.labels, self.values))
        lines = sorted([(line.baseline, n, line) for n, own in columns for line in own], key=itemgetter(0, 1))
        cuts = [(0, 0, 0.0)]
        j = q = 0
        above, reached, tighter = -inf, -inf, 0.0
        for baseline, column, line in lines:
            distance = baseline - above
            if j + q and distance >= LEVEL * self.leading:
                cost = self._cut_cost(j, q, distance + tighter, line.top - reached)
                cuts += [(j, q, cost)] if cost < inf else []
            j, q = j + (column == 0), q + (column == 1)
            above, reached = baseline, max(reached, line.bottom)
            tighter = self.leading - (self.value if column else self.label).leading
        return [*cuts, (j, q, 0.0)] if lines else cuts

    def _pauses(self, column: ColumnLines, number: int) -> bool:
        """Return whether a line is farther from the one above than lines of one text are, or nearer."""
        line, style = column.lines[number], self.style
        distance = line.baseline - column.lines[number - 1].baseline
        whole = line.size > SMALLER_TYPE * self.own.size and line.x1 > line.x0  # soft hyphens only have no width
        # Where white space parts rows, nearer ones are exceptions, which rounding makes, too.
        least = column.leading - ROUNDING if style.row_gap is None else column.leading / SAME_LEADING
        near = whole and distance < least and not (style.separated or style.middle)
        return distance + self.leading - column.leading > self.pause or near

    def _kept_cost(self, column: ColumnLines, number: int) -> float:
        """What it costs that a line is in one row with the one above it."""
        if column.compare_rows(number) < 0:
            return W["tags_row"]
        if column is self.label and self._begins_at_wide(number):
            return STRONG
        if self._pauses(column, number):
            return CLEAR if column is self.label else WEAK
        return 1 if column is self.label and not column.full[number - 1] and not self.style.spaced else 0.0

    def _cut_cost(self, j: int, q: int, distance: float, white: float) -> float:
        """What it costs that a row ends above a label's and a value's line; infinite where none can."""
        label, value, style = self.label, self.value, self.style
        tags = label.compare_rows(j), value.compare_rows(q)
        cost = W["tags_row"] * sum(max(0, own) for own in tags)
        inside = 0 < j < len(self.labels)
        given = -1 in tags or self._begins_at_wide(j)
        given = given or (inside and _any_near(self.marks, self.labels[j].baseline, LEVEL * self.leading))
        both = inside and 0 < q < len(self.values) and label.anew[j] and value.capital[q]
        both = both and not (label.full[j - 1] and value.full[q - 1])
        for column, number, anew in (
            (label, j, both or (inside and style.colons and label.ends[j - 1])),
            (value, q, both or (q < len(self.values) and value.anew[q])),
        ):
            if 0 < number < len(column.lines):
                if self._pauses(column, number):
                    cost -= 1 if style.spaced else WEAK
                elif given or not (style.spaced or column.full[number - 1]):
                    cost -= WEAK
                elif style.spaced or not anew:
                    return inf
        if (
            inside
            and label.lines[j].size < SMALLER_TYPE * label.lines[j - 1].size
            and not self._is_level(label.lines[j])
        ):
            return inf  # an explanation of the label
        if style.colons and inside:
            cost += -CLEAR if label.ends[j - 1] else 1
        if style.separated:
            if white + ROUNDING < self.own.padding or distance < self.pause:
                return inf
            cost += max(0.0, CLEAR - (distance - self.leading - self.own.padding) / self.leading)
        elif style.row_gap is not None and -1 not in tags:
            if distance < self.pause:
                cost += STRONG
            elif distance > style.row_gap + ROUNDING:
                cost += WEAK
        return cost

    def cost(self, start: int, end: int) -> float:
        """The cost of a row between two cuts, and of the cut at its end."""
        (i, p, _), (j, q, cost) = self.cuts[start], self.cuts[end]
        if i == j:
            late = self.own.late and self.style.spaced and j == len(self.labels) and q == len(self.values)
            if (i or p) and not late:
                return inf
            cost += 1 if self.own.rests or late else STRONG
        elif p == q:
            cost += WEAK if self.own.ahead and j == len(self.labels) else CLEAR
        elif self.style.middle:
            cost += STRONG * self._off_middle(i, j, p, q) / self.leading
        else:
            cost += self._off_top(i, j, p)
        if j > i:
            cost += self.kept[0][j - 1] - self.kept[0][i]
        if q > p:
            cost += self.kept[1][q - 1] - self.kept[1][p]
        if j > i and q > p and 0 != self.label.rows[i] != self.value.rows[p] != 0:
            cost += W["tags_row"]
        if self.marks:
            inside = bisect_left(self.marks, self._upper(j, q) - 1) - bisect_left(self.marks, self._upper(i, p) - 1)
            if p == q:
                cost += STRONG * inside
            elif inside or start or not self.own.rests:
                cost += STRONG * abs(inside - 1)
        return cost

    def _off_top(self, i: int, j: int, p: int) -> float:
        """What it costs that a label and its value do not begin together, or that value not below a wide label."""
        lower = self.values[p].baseline - self.labels[j - 1].baseline
        if self.wide[j - 1] and lower > 0:
            return max(0.0, lower / self.leading - PAUSE)
        below = (self.labels[i].baseline - self.values[p].baseline - self.style.offset) / self.leading
        return STRONG if below > LEVEL else abs(below)

    def _off_middle(self, i: int, j: int, p: int, q: int) -> float:
        """Measure how far a label is off the middle of its value, with the pictures at its ends or without them."""
        values = self.values
        own = (self.labels[i].top + self.labels[j - 1].bottom) / 2
        above = values[p - 1].bottom if p else -inf
        below = values[q].top if q < len(values) else inf
        tops, bottoms = [values[p].top], [values[q - 1].bottom]
        for top, bottom in self.own.pictures:
            if above <= top and bottom <= values[p].top:
                tops.append(min(tops[-1], top))
            elif values[q - 1].bottom <= top and bottom <= below:
                bottoms.append(max(bottoms[-1], bottom))
        return min(abs(own - (top + bottom) / 2) for top in tops for bottom in bottoms)

    def _begins_at_wide(self, j: int) -> bool:
        """Return whether a label begins at a line since it, or the label above, is wider than its column."""
        if not 0 < j < len(self.wide) or not (self.wide[j - 1] or self.wide[j]):
            return False
        upper, lower = self.labels[j - 1].baseline, self.labels[j].baseline
        below = (upper + lower) / 2 + LEVEL * self.leading
        return not self.wide[j - 1] or _any_near(self.value_at, below, (lower - upper) / 2)

    def _is_level(self, label: GlyphLine) -> bool:
        return _any_near(self.value_at, label.baseline, LEVEL * self.leading)

    def _upper(self, j: int, q: int) -> float:
        label = self.labels[j].baseline if j < len(self.labels) else inf
        return min(label, self.value_at[q] if q < len(self.value_at) else inf)


def _any_near(sorted_values: Sequence[float], at: float, reach: float) -> bool:
    place = bisect_left(sorted_values, at - reach)
    return place < len(sorted_values) and sorted_values[place] <= at + reach
