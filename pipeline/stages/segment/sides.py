"""On which side of their values labels are: left, unless most that tells labels from values says right."""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from pipeline.stages.segment.division import PAUSE
from pipeline.stages.segment.lines import make_text_line, read_line
from pipeline.stages.segment.page_analysis import PageAnalysis
from pipeline.stages.segment.region import SAME_COLUMN, Region, TypeScale
from pipeline.text.lines import LEAST, NEARLY_ALL

LEAST_EVIDENCE = 3
"""Of five ways in which labels differ from values, how many more must say right: bold answers to questions have two."""
LEAST_UNEVEN = 2
"""The same where the texts at the left are uneven."""
LONG = 6
"""Least height of a long value, as a multiple of one line's: questions are shorter."""
LEAST_RECURRING = 6
"""Least number of lines of labels that are in several tables: answers, grades and roles are of fewer kinds."""


def place_labels(analyses: Sequence[PageAnalysis], scale: TypeScale) -> None:
    """Find the tables whose labels are at the right, in the narrower column: for all with one boundary together.

    Args:
        analyses: The pages, whose tables take what is found.
        scale: What all pages show.
    """
    alike: dict[float, list[tuple[PageAnalysis, Region]]] = {}
    for analysis, region in ((page, region) for page in analyses for region in page.regions):
        at = next((at for at in alike if abs(at - region.boundary) <= SAME_COLUMN), region.boundary)
        alike.setdefault(at, []).append((analysis, region))
    for group in alike.values():
        if any(2 * region.boundary <= region.x0 + region.x1 for _, region in group):
            continue
        left, right = (_measure_labels(group, scale, left=side) for side in (True, False))
        more = sum((b > 2 * a) - (a > 2 * b) for a, b in zip(left, right, strict=True))
        lines = [
            (n.baseline, read_line(analysis.page, n)) for analysis, own in group for n in own.value_lines(analysis.page)
        ]
        if (more >= LEAST_EVIDENCE and _recur(group)) or (more >= LEAST_UNEVEN and are_uneven(lines)):
            for _, region in group:
                region.labels_right = True
                region.label_ids, region.value_ids = region.value_ids, region.label_ids


def _recur(group: Sequence[tuple[PageAnalysis, Region]]) -> bool:
    """Return whether most right-hand lines are in several tables, and hardly any twice in one, as answers do."""
    texts: Counter[str] = Counter()
    lines = 0
    for analysis, region in group:
        own = [make_text_line(analysis.page, line).text for line in region.value_lines(analysis.page)]
        lines += len(own)
        texts.update({text for text in own if any(map(str.isalpha, text))})
    again = [count for count in texts.values() if count > 1]
    return len(again) >= LEAST_RECURRING and sum(again) > lines / 2 and texts.total() > NEARLY_ALL * lines


def are_uneven(lines: Sequence[tuple[float, str]]) -> bool:
    """Return whether right-hand lines, by base lines, are in words, and next to values of one line and of many."""
    steps = sorted(low - up for (up, _), (low, _) in pairwise(lines) if low > up)
    words = {text for _, text in lines if text[:1].isalpha()}
    varied = len(steps) >= LEAST and steps[LEAST - 1] <= 2 * steps[0] and steps[-1] >= LONG * steps[0]
    return varied and len(words) > NEARLY_ALL * len(lines)


def _measure_labels(group: Sequence[tuple[PageAnalysis, Region]], scale: TypeScale, *, left: bool) -> tuple[float, ...]:
    """Measure in one column what labels differ from values by; of labels, each is more than twice as much.

    Labels are of few letters, and of few lines each; most are bold, or on coloured areas of their own; and the same
    ones are in several tables, but only once in each.
    """
    letters, longest, run = 0, 1, 1
    bold: list[bool] = []
    filled: list[bool] = []
    texts: Counter[str] = Counter()
    for analysis, region in group:
        x0, x1 = region.column(of_labels=left)
        lines = [
            make_text_line(analysis.page, n)
            for n in (region.label_lines if left else region.value_lines)(analysis.page)
        ]
        for upper, lower in pairwise(lines):
            run = run + 1 if lower.baseline - upper.baseline <= PAUSE * scale.leading else 1
            longest = max(longest, run)
        areas = [fill for fill in analysis.edges.fills if fill.x0 >= x0 - SAME_COLUMN and fill.x1 <= x1 + SAME_COLUMN]
        letters += sum(len(line.text) for line in lines)
        bold += [line.bold for line in lines]
        filled += [any(a.top <= (n.box.top + n.box.bottom) / 2 <= a.bottom for a in areas) for n in lines]
        own = Counter(line.text for line in lines)
        texts.update(text for text, count in own.items() if count == 1)
    again = sum(count for count in texts.values() if count > 1)
    shares = [round(count / max(len(bold), 1)) for count in (sum(bold), sum(filled), again)]
    return 1 / max(letters, 1), 1 / longest, *shares
