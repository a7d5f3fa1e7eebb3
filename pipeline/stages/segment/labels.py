"""How the labels beside a gutter are set: where they begin or end, in which type, how far apart."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from pipeline.stages.segment.lines import COLUMN_GAP, GlyphLine
from pipeline.stages.segment.partition import PAUSE
from pipeline.stages.segment.sheet import SAME_COLUMN, Sheet, Style
from pipeline.stages.segment.sides import GUTTER_CLEAR, find_sides
from pipeline.text.fonts import is_bold

RECURRING = 0.3
"""Least number of labels that begin at an x, as a share of the most at any, for it to be one of the labels' edges."""
LEAST_ALIKE = 3
"""Least number of labels beside values that show whether their right edges, or their middles, stand at one x; and of
pauses that show how far rows are apart."""
ALIKE_LABELS = 0.8
"""Least share of such labels whose right edges, or middles, stand at one x for labels to be set so."""
BEFORE_GUTTER = 0.8
"""Distance, in points, before the x at which values begin of the x that tells label and value apart."""


BETWEEN_LINES = 0.8
"""Largest base line distance, as a multiple of the leading, of a label from the lines that it stands midway between:
lines of one text do not stand so near."""
MIDWAY = 0.5
"""Farthest, in points, that a label stands off the middle of the lines that it stands midway between."""


class LabelEdges(NamedTuple):
    """Where labels at a gutter begin, end and have their middle, points: one of these recurs, however they are set."""

    lefts: tuple[float, ...]
    rights: tuple[float, ...]
    middles: tuple[float, ...]

    def hold(self, left: float, right: float) -> bool:
        """Tell whether a text is set as the labels are."""
        return any(
            abs(at - edge) <= SAME_COLUMN
            for at, edges in ((left, self.lefts), (right, self.rights), ((left + right) / 2, self.middles))
            for edge in edges
        )


def find_label_edges(sheet: Sheet, lines: Sequence[GlyphLine], edge: float) -> LabelEdges | None:
    """Find the x at which labels begin: the usual one, and others that recur (a label beside a numbering column).

    Where labels are set to the right or centred, it is their right edges, or their middles, that recur.

    Args:
        sheet: The page.
        lines: Lines on it that are in no table yet.
        edge: x that tells label and value apart, points.

    Returns:
        The edges; None without labels.
    """
    extents: list[tuple[float, float, int]] = []
    for line in lines:
        left, right = find_sides(sheet.page, line, edge)
        if left is not None and (right is None or right - left >= 3 * GUTTER_CLEAR * line.size):
            extents.append((line.x0, left, 1 if right is None else 2))
    if not extents:
        return None
    counted: list[Counter[int]] = [Counter(), Counter(), Counter()]
    for left, right, weight in extents:
        for counter, at in zip(counted, (left, right, (left + right) / 2), strict=True):
            counter[round(at)] += weight
    most = max(counted[0].values())
    lefts = tuple(float(x) for x, count in counted[0].items() if count >= RECURRING * most)
    beside = [(left, right) for left, right, weight in extents if weight > 1]
    others: list[tuple[float, ...]] = []
    for counter, ats in (
        (counted[1], [right for _, right in beside]),
        (counted[2], [(left + right) / 2 for left, right in beside]),
    ):
        x, count = counter.most_common(1)[0]
        alike = sum(1 for at in ats if abs(at - x) <= SAME_COLUMN)
        kept = count > most and len(ats) >= LEAST_ALIKE and alike >= ALIKE_LABELS * len(ats)
        others.append((float(x),) if kept else ())
    return LabelEdges(lefts, others[0], others[1])


class LabelSetting(NamedTuple):
    """How the rows at one gutter are set.

    Attributes:
        types: Size (points) and boldness of the labels that stand beside a value, with their numbers.
        gaps: Base line distances, points, of such a row from the line above it, where it is set apart; and those of
            several pauses of which one stands beside a label without value or, where labels stand between the lines
            of their values, of any two.
        starts: The x, points, at which nearly all labels clearly beside a value begin; empty where they do not.
    """

    def begins_at(self, x0: float) -> bool:
        """Tell whether labels begin at an x, or anywhere."""
        return not self.starts or any(abs(x0 - start) <= SAME_COLUMN for start in self.starts)

    types: Counter[tuple[float, bool]]
    gaps: tuple[float, ...]
    starts: tuple[float, ...]

    def has_type(self, own: tuple[float, bool]) -> bool:
        """Tell whether most labels are set so."""
        return 2 * self.types[own] > self.types.total()


def measure_labels(runs: Sequence[tuple[Sheet, Sequence[GlyphLine]]], at: float, style: Style) -> LabelSetting:
    """Measure how the rows at one gutter are set.

    Args:
        runs: Stretches of lines at the gutter, each with its page.
        at: x at which values begin, points.
        style: What all pages show.

    Returns:
        The type of the labels and their distances.
    """
    edge = at - BEFORE_GUTTER
    types: Counter[tuple[float, bool]] = Counter()
    gaps: set[float] = set()
    distances: Counter[float] = Counter()
    across: Counter[float] = Counter()
    between = 0
    lefts = Counter(
        round(line.x0)
        for sheet, run in runs
        for line in run
        for left, right in (find_sides(sheet.page, line, edge),)
        if left is not None and right is not None and right - left >= COLUMN_GAP * line.size
    )
    usual = [x for x, count in lefts.items() if count >= RECURRING * max(lefts.values())]
    alike = sum(lefts[x] for x in usual) >= ALIKE_LABELS * lefts.total() and len(usual) < lefts.total()
    for sheet, run in runs:
        upper: GlyphLine | None = None
        for line in run:
            left, right = find_sides(sheet.page, line, edge)
            if left is not None and right is not None:
                types[measure_label_type(sheet, line, edge)] += 1
                if upper is not None and line.baseline - upper.baseline > PAUSE * style.leading:
                    gaps.add(round(line.baseline - upper.baseline, 1))
                upper = line
            elif upper is not None:
                # What stands above the first row may be a heading: its distance is none between rows.
                upper = line
        sides = [find_sides(sheet.page, line, edge) for line in run]
        for (upper, line), (above, below) in zip(itertools.pairwise(run), itertools.pairwise(sides), strict=True):
            distance = round(line.baseline - upper.baseline, 1)
            if distance > PAUSE * style.leading:
                distances[distance] += 1
                # A pause above or below a label without value is one between rows.
                across[distance] += above[1] is None or below[1] is None
        for line, start, midway in find_labels_between(run, style):
            if abs(start - at) <= SAME_COLUMN:
                between += midway
                types[measure_label_type(sheet, line, edge)] += 1
    gaps |= {
        distance
        for distance, count in distances.items()
        if (between and count > 1) or (across[distance] and count >= LEAST_ALIKE)
    }
    return LabelSetting(types, tuple(sorted(gaps)), tuple(map(float, usual)) if alike else ())


def find_labels_between(lines: Sequence[GlyphLine], style: Style) -> list[tuple[GlyphLine, float, bool]]:
    """Find labels whose first line stands between two lines of a value: at the middle of an even number, midway.

    Notes in the margin of running text stand anywhere.

    Args:
        lines: Lines of a page, top to bottom.
        style: What all pages show.

    Returns:
        Such first lines, each with the x, points, at which the lines around it begin, and whether it stands midway.
    """
    found: list[tuple[GlyphLine, float, bool]] = []
    for number in range(1, len(lines) - 1):
        above, line, below = lines[number - 1 : number + 2]
        at = above.x0
        if line.x1 >= at - BEFORE_GUTTER or abs(below.x0 - at) > SAME_COLUMN:
            continue
        if below.baseline - above.baseline > 2 * BETWEEN_LINES * style.leading:
            continue
        upper = next((other for other in reversed(lines[:number]) if other.x0 < at - BEFORE_GUTTER), None)
        if upper is None or line.baseline - upper.baseline > PAUSE * style.leading:
            off = abs(line.baseline - (above.baseline + below.baseline) / 2)
            found.append((line, at, off <= MIDWAY))
    return found


def measure_label_type(sheet: Sheet, line: GlyphLine, edge: float) -> tuple[float, bool]:
    """Measure the type of a line's letters left of the gutter.

    Args:
        sheet: The page.
        line: A line on it.
        edge: x that tells label and value apart, points.

    Returns:
        Their size, points, and whether they are bold.
    """
    glyphs = sheet.page.glyphs
    own = [index for index in line.ids if glyphs.ink[index] and (glyphs.lefts[index] + glyphs.rights[index]) / 2 < edge]
    settings = [(glyphs.settings[number], len(ids)) for number, ids in glyphs.group_by_setting(own).items()]
    bold = sum(count for setting, count in settings if is_bold(sheet.page.fonts[setting.font]))
    return round(max((setting.size for setting, _ in settings), default=line.size), 1), 2 * bold > len(own)
