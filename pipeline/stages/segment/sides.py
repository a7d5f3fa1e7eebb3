"""On which side of their values labels are: left, unless most that tells labels from values says right."""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final

from pipeline.stages.segment.division import PAUSE
from pipeline.stages.segment.lines import make_text_line, read_line
from pipeline.stages.segment.page_analysis import PageBody
from pipeline.stages.segment.region import SAME_COLUMN, Region, RegionColumn, TypeScale
from pipeline.text.lines import LEAST, NEARLY_ALL

LEAST_EVIDENCE: Final = 3
"""Of five ways in which labels differ from values, how many more must say right: bold answers to questions have two."""
LEAST_UNEVEN: Final = 2
"""The same where the texts at the left are uneven."""
LONG: Final = 6
"""Least height of a long value, as a multiple of one line's: questions are shorter."""
LEAST_RECURRING: Final = 6
"""Least number of lines of labels that are in several tables: answers, grades and roles are of fewer kinds."""


def find_right_labels(regions: Iterable[Region], scale: TypeScale) -> set[Region]:
    """Find the tables whose labels are at the right, in the narrower column: for all with one boundary together.

    Args:
        regions: The tables' regions.
        scale: What all pages show.
    """
    alike: dict[float, list[Region]] = {}
    for region in regions:
        at = next((at for at in alike if abs(at - region.boundary) <= SAME_COLUMN), region.boundary)
        alike.setdefault(at, []).append(region)
    found: set[Region] = set()
    for group in alike.values():
        if any(2 * own.boundary <= own.left.x0 + own.right.x1 for own in group):
            continue
        left = _measure_labels([(own.body, own.left) for own in group], scale)
        right = _measure_labels([(own.body, own.right) for own in group], scale)
        more = sum((b > 2 * a) - (a > 2 * b) for a, b in zip(left, right, strict=True))
        lines = [(line.baseline, read_line(own.page, line)) for own in group for line in own.right.lines]
        if (more >= LEAST_EVIDENCE and _recur(group)) or (more >= LEAST_UNEVEN and are_uneven(lines)):
            found.update(group)
    return found


def _recur(group: Sequence[Region]) -> bool:
    """Return whether most right-hand lines are in several tables, and hardly any twice in one, as answers do."""
    texts: Counter[str] = Counter()
    for region in group:
        own = {make_text_line(region.page, line).text for line in region.right.lines}
        texts.update(text for text in own if any(map(str.isalpha, text)))
    lines = sum(len(region.right.lines) for region in group)
    again = [count for count in texts.values() if count > 1]
    return len(again) >= LEAST_RECURRING and sum(again) > lines / 2 and texts.total() > NEARLY_ALL * lines


def are_uneven(lines: Sequence[tuple[float, str]]) -> bool:
    """Return whether right-hand lines, by base lines, are in words, and next to values of one line and of many."""
    steps = sorted(low - up for (up, _), (low, _) in pairwise(lines) if low > up)
    words = {text for _, text in lines if text[:1].isalpha()}
    varied = len(steps) >= LEAST and steps[LEAST - 1] <= 2 * steps[0] and steps[-1] >= LONG * steps[0]
    return varied and len(words) > NEARLY_ALL * len(lines)


def _measure_labels(columns: Sequence[tuple[PageBody, RegionColumn]], scale: TypeScale) -> tuple[float, ...]:
    """Measure in one column what labels differ from values by; of labels, each is more than twice as much.

    Labels are of few letters, and of few lines each; most are bold, or on coloured areas of their own; and the same
    ones are in several tables, but only once in each.
    """
    letters, longest, run = 0, 1, 1
    bold: list[bool] = []
    filled: list[bool] = []
    texts: Counter[str] = Counter()
    for body, column in columns:
        lines = [make_text_line(body.page, line) for line in column.lines]
        for upper, lower in pairwise(lines):
            run = run + 1 if lower.baseline - upper.baseline <= PAUSE * scale.leading else 1
            longest = max(longest, run)
        areas = [
            fill
            for fill in body.edges.fills
            if fill.x0 >= column.x0 - SAME_COLUMN and fill.x1 <= column.x1 + SAME_COLUMN
        ]
        letters += sum(len(line.text) for line in lines)
        bold += [line.bold for line in lines]
        filled += [any(a.top <= (n.box.top + n.box.bottom) / 2 <= a.bottom for a in areas) for n in lines]
        own = Counter(line.text for line in lines)
        texts.update(text for text, count in own.items() if count == 1)
    again = sum(count for count in texts.values() if count > 1)
    shares = [round(count / max(len(bold), 1)) for count in (sum(bold), sum(filled), again)]
    return 1 / max(letters, 1), 1 / longest, *shares
