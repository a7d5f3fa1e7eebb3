"""Candidates of columns: what edges and white space propose, each measured once from the lines that show it."""

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from statistics import median
from typing import Final

from pipeline.stages.segment.answers import are_answers
from pipeline.stages.segment.division import ROUNDING
from pipeline.stages.segment.edges import Edge, run_along
from pipeline.stages.segment.labels import NO_LABELS, Labels
from pipeline.stages.segment.lines import COLUMN_GAP
from pipeline.stages.segment.page_analysis import Block, PageBody, PageTokens, Piece, Strip
from pipeline.stages.segment.region import SAME_COLUMN, TypeScale
from pipeline.stages.segment.sides import are_uneven
from pipeline.stages.segment.tags import weigh_tags
from pipeline.text.lines import NEARLY_ALL
from pipeline.text.markers import are_labels, is_key, is_number
from pipeline.text.weights import WEIGHTS as W

SAME_START: Final = 1.6
"""Largest difference, in points, of the starts of lines of one column."""
MOST_CANDIDATES: Final = 24
"""Most candidates of a document; those with the most lines are kept."""
LEAST_SHOWN: Final = 2
"""Least number of labels that show columns."""
LEAST_BETWEEN: Final = 2
"""Least number of labels between lines of values that show columns."""
BETWEEN: Final = 1.35
"""Largest base line distance, in leadings, of the two lines of a value between which its label is."""
INDENT: Final = 5.0
"""Deepest indent of a value's line, as a share of the font size."""
FULL_LINES: Final = 0.8
"""Least width of half of the lines of running text, as a share of its widest line: ragged ones measure 0.9 and more."""


@dataclass(frozen=True, eq=False, kw_only=True)
class ColumnCandidate:
    """Columns that lines may be in.

    Attributes:
        start: x at which values begin, points.
        end: x at which nearly all of them end, points, where they are set to the right; else None.
        boundary: x between label and value where edges show it, points; else None.
        labels: The labels of lines with label and value.
        between: Number of labels that are between two lines of their values.
        below: Whether all values are below their labels.
        lines: Their lines, where labels and values begin at one x; else none.
        heads: Which of these are labels'.
        ruled: Whether rules draw the boundary: then text without rules is in no such columns.
        parted: Whether edges part rows inside any of their tables.
        drawn: Whether the document has tables whose columns rules show.
        coloured: Whether lines with label and value are on different coloured areas, or between rules of their own.
        colons: Number of lines with a colon that is by itself.
        gaps: Distances of base lines, points, of lines with label and value from the line above; the least first.
        uneven: Whether what is before the boundary differs in height as values do, from labels behind it.
        apart: Whether texts, or their types, tell labels from values, as in no running text.
        running: Whether both sides are running text, in one type.
    """

    start: float
    end: float | None = None
    boundary: float | None = None
    labels: Labels = NO_LABELS
    between: int = 0
    below: bool = False
    lines: frozenset[Strip] = frozenset()
    heads: frozenset[Strip] = frozenset()
    ruled: bool = False
    parted: bool = False
    drawn: bool = False
    coloured: bool = False
    colons: int = 0
    gaps: Sequence[float] = ()
    uneven: bool = False
    apart: bool = False
    running: bool = False

    @cached_property
    def split(self) -> float:
        """X from which pieces are values', points."""
        return self.boundary if self.boundary is not None else self.start - SAME_COLUMN

    @property
    def left(self) -> float:
        """X at which the leftmost labels begin, points."""
        return self.start if self.labels.left is None else self.labels.left

    def sides(self, strip: Strip) -> tuple[list[Piece], list[Piece]]:
        """The pieces of a line before the boundary and behind it."""
        at = self.split
        if self.lines:
            return (strip.pieces, []) if strip in self.heads else ([], strip.pieces)
        first, before = strip.pieces[0], [p for p in strip.pieces if p.x0 < at]
        # However wide, what begins with the labels next to white space is one.
        wide = self.boundary is None and self.labels.is_aligned(first.x0, first.x0)
        left = [p for p in before if p.x1 <= at + 1 or self.below or (p.x0 + p.x1) / 2 < at or (wide and p is first)]
        return left, [p for p in strip.pieces if p not in left]

    def is_crossed(self, strip: Strip) -> bool:
        """Return whether text of a line runs over the boundary."""
        below = self.below and strip.pieces[0].type in self.labels.types
        return not below and any(p.x0 < self.split - 1 and p.x1 > self.split + 1 for p in strip.pieces)

    def runs_in(self, strip: Strip) -> bool:
        """Return whether a bold label wider than its column has its value behind it, in plain type on the same line."""
        first = strip.pieces[0]
        if self.boundary is not None or first.x1 <= self.split + 1 or not self.labels.bold:
            return False
        end = first.bold_end
        changes = 0 < end < len(first.ids) or (end > 0 and any(not p.bold for p in strip.pieces[1:]))
        wide = changes and first.page.glyphs.rights[first.ids[end - 1]] > self.start - COLUMN_GAP * first.size
        return wide and self.labels.is_aligned(first.x0, first.x0)

    def meets(self, strip: Strip) -> bool:
        """Return whether white space alone shows the columns, and a label that runs over theirs reaches its value."""
        if self.boundary is not None or not self.is_crossed(strip):
            return False
        meeting = next((p for p in strip.pieces if any(abs(x - self.start) <= SAME_START for x in p.starts)), None)
        return meeting is not None and self.labels.is_aligned(meeting.x0, meeting.x0)

    def ends_above_text(self, strip: Strip, scale: TypeScale) -> bool:
        """Return whether edges show the columns, and text that runs over them is right below a line."""
        near = self.boundary is not None and strip.below <= W["near_gap"] * scale.leading
        return near and strip.after is not None and self.is_crossed(strip.after)

    def is_bounded(self, edges: Sequence[Edge], right: float) -> bool:
        """Return whether edges run along a label and its value, but not between them."""
        return run_along(edges, self.left, self.split) and run_along(edges, self.start, right)

    def is_pitch(self, item: Strip | Block) -> bool:
        """Return whether a line is as far below another as rows of these columns are."""
        above = item.above if isinstance(item, Strip) else 0.0
        return sum(abs(gap - above) <= SAME_START for gap in self.gaps) > 1

    def widest_gap(self, strip: Strip) -> float:
        """The widest distance of rows, points: but for that below a line where no other is wider than usual."""
        gaps, others = self.gaps, self.gaps[:-1]
        if (
            len(others) > 1
            and not self.between
            and gaps[-1] == strip.below
            and others[-1] - median(others) <= SAME_START
        ):
            gaps = others
        return gaps[-1] if len(gaps) > 1 else math.inf

    def is_alone_at_foot(self, strip: Strip, scale: TypeScale) -> bool:
        """Return whether a plain line unlike other labels ends its page below no row, and the next page begins one."""
        first, above = strip.follows, strip.before
        if first is None or strip.pieces[0].bold or strip.pieces[0].text in self.labels.texts or self.is_pitch(strip):
            return False
        if above is not None and not self.is_crossed(above):
            return False
        middle = first.after is not None and find_midway_start(first.after, scale) is not None
        return bool(self.sides(first)[0]) or middle


@dataclass
class _Gutter:
    """Columns that white space may show: where their values begin, and what shows it.

    Attributes:
        start: x at which they begin, points.
        lines: Lines with label and value, each with the place of its value.
        midway: Labels between two lines of their values.
    """

    start: float
    lines: Sequence[tuple[Strip, int]] = ()
    midway: list[Piece] = field(default_factory=list)


def find_candidates(pages: Sequence[PageTokens], scale: TypeScale) -> list[ColumnCandidate]:
    """Propose columns: those that edges show, and those whose values begin at one x next to labels.

    Args:
        pages: The pages.
        scale: The type of the document's text.

    Returns:
        The candidates; those that edges show first.
    """
    edged = _find_drawn(pages)
    starts: dict[int, list[tuple[Strip, int]]] = defaultdict(list)
    # Values that are set to the right begin anywhere: rules around each row show that they are one column's.
    bounded = {strip for page in pages for strip in page.strips if _is_bounded(strip)}
    lefts: dict[int, float] = defaultdict(lambda: math.inf)
    for strip in bounded:
        lefts[round(strip.x1)] = min(lefts[round(strip.x1)], strip.pieces[1].x0)
    for strip in (strip for page in pages for strip in page.strips):
        for place, piece in enumerate(strip.pieces):
            before = [p for p in strip.pieces[:place] if p.text != ":"]
            if not before or piece.text == ":" or len(before) > 2:
                continue
            if strip.tight or piece.x0 - before[-1].x1 >= COLUMN_GAP * strip.size or weigh_tags(before, [piece]) > 0:
                starts[round(lefts[round(strip.x1)] if strip in bounded else piece.x0)].append((strip, place))
    between = _find_between(pages, scale)
    found: list[_Gutter] = []
    for x in sorted(starts, key=lambda x: (-len(_near(starts, x)), x)):
        if len(edged) + len(found) >= MOST_CANDIDATES:
            break
        lines = _near(starts, x)
        midway = next((labels for at, labels in between.items() if abs(at - x) <= SAME_START), [])
        if len(lines) + len(midway) < LEAST_SHOWN:
            continue
        near = _find_near(found, x)
        if near is not None and len(lines) >= W["same_share"] * len(near.lines):
            near.start = min(near.start, *(strip.pieces[place].x0 for strip, place in lines))
        elif near is None and are_labels([_read_label(strip, place) for strip, place in lines]):
            found.append(_Gutter(_find_start(lines), lines))
    for at, midway in sorted(between.items(), key=lambda entry: -len(entry[1])):
        known = _find_near(found, at)
        if known is None:
            if len(midway) < LEAST_BETWEEN or len(edged) + len(found) >= MOST_CANDIDATES:
                continue
            known = _Gutter(at)
            found.append(known)
        known.midway += midway
    drawn = any(own.ruled for own in edged)
    return [*edged, *(_measure_gutter(own, scale, drawn=drawn) for own in found)]


def _find_near(found: Sequence[_Gutter], x: float) -> _Gutter | None:
    """Find the columns whose values begin near an x."""
    return next((one for one in found if abs(one.start - x) <= W["same_start"]), None)


def _find_start(lines: Sequence[tuple[Strip, int]]) -> float:
    """Return the x at which most values of lines begin, points, or the first of them, where they end at one x."""
    exact = Counter(round(strip.pieces[place].x0, 1) for strip, place in lines)
    return min(exact) if _find_end(lines) is not None else min(exact, key=lambda value: (-exact[value], value))


def _find_end(lines: Sequence[tuple[Strip, int]]) -> float | None:
    """Return the x at which nearly all values of lines end, points; None where they begin at one x."""
    values = [strip.pieces[place] for strip, place in lines]
    end, count = Counter(round(piece.x1) for piece in values).most_common(1)[0]
    starts = [round(piece.x0, 1) for piece in values]
    return end if count >= NEARLY_ALL * len(values) and max(starts) - min(starts) > SAME_START else None


def _read_label(strip: Strip, place: int) -> str:
    """Read the label of a line, given its value's place: its last piece, behind a number, or a key and words below."""
    *before, last = [p for p in strip.pieces[:place] if p.text != ":"]
    text, lower = last.text, strip.after
    if before and is_number(before[0].text):
        return before[0].text + text
    if is_key(text) and lower is not None and abs(lower.x0 - last.x0) <= SAME_START:
        below = lower.pieces[0]
        text += "" if is_key(below.text) or below.x1 > strip.pieces[place].x0 else below.text
    return text


def _find_drawn(pages: Sequence[PageTokens]) -> list[ColumnCandidate]:
    """Propose the columns that edges show."""
    alike: dict[float, list[tuple[PageBody, Block]]] = {}
    for body, block in [(page.body, block) for page in pages for block in page.blocks]:
        if block.boundary is not None:
            at = next((x for x in alike if abs(x - block.boundary) <= SAME_COLUMN), block.boundary)
            alike.setdefault(at, []).append((body, block))
    return [_measure_drawn(at, blocks) for at, blocks in alike.items()]


def _measure_drawn(boundary: float, blocks: Sequence[tuple[PageBody, Block]]) -> ColumnCandidate:
    labels: list[list[Piece]] = []
    starts: list[float] = []
    for body, block in blocks:
        values: Counter[float] = Counter()
        for pieces in body.pieces:
            inside = [p for p in pieces if block.holds(p)]
            left = [p for p in inside if (p.x0 + p.x1) / 2 < (block.boundary or 0)]
            values.update(round(p.x0, 1) for p in [p for p in inside if p not in left][:1])
            labels += [left] if left else []
        starts += [max(values, key=lambda x: (values[x], -x))] if values else []
    return ColumnCandidate(
        start=min(starts, default=boundary),
        boundary=boundary,
        labels=Labels(labels),
        ruled=any(block.ruled for _, block in blocks),
        parted=any(_parts_rows(*one) for one in blocks),
    )


def _parts_rows(body: PageBody, block: Block) -> bool:
    """Return whether edges part a table's rows: a single line above the first edge may be the columns' headings."""
    above = (any(block.holds(p) and p.middle < block.levels[0] for p in pieces) for pieces in body.pieces)
    return len(block.levels) > 1 or (bool(block.levels) and sum(above) > 1)


def _measure_gutter(own: _Gutter, scale: TypeScale, *, drawn: bool) -> ColumnCandidate:
    """Measure from their lines the columns that white space shows."""
    lines, midway = own.lines, own.midway
    labels = [[p for p in strip.pieces[:place] if p.text != ":"] for strip, place in lines]
    values = [(strip, strip.pieces[place]) for strip, place in lines]
    shown = Labels([*labels, *([piece] for piece in midway)])
    if not lines:
        return ColumnCandidate(start=own.start, labels=shown, between=len(midway))
    start = _find_start(lines)
    widths = [(label[-1].x1 - label[0].x0, strip.x1 - start) for label, (strip, _) in zip(labels, lines, strict=True)]
    distinct = sum(p.type != strip.pieces[0].type or weigh_tags(strip.pieces[:1], [p]) > 0 for strip, p in values)
    uneven = distinct > NEARLY_ALL * len(lines) and are_uneven([(strip.baseline, p.text) for strip, p in values])
    full = all(median(side) >= FULL_LINES * max(side) for side in zip(*widths, strict=True))
    return ColumnCandidate(
        start=own.start,
        end=_find_end(lines),
        labels=shown,
        between=len(midway),
        drawn=drawn,
        coloured=len({s.edges[0][-1].at if _is_bounded(s) else s.area for s, _ in lines} - {None}) > 1,
        colons=sum(len(label) < place for label, (_, place) in zip(labels, lines, strict=True)),
        gaps=sorted(strip.above for strip, _ in lines if strip.above),
        uneven=uneven,
        apart=uneven
        or distinct > max(LEAST_SHOWN, NEARLY_ALL * len(lines))
        or _recur([_read_label(*line) for line in lines], [p.text for _, p in values])
        or are_answers(values, scale),
        running=full and 2 * distinct < len(lines),
    )


def _find_between(pages: Sequence[PageTokens], scale: TypeScale) -> dict[float, list[Piece]]:
    """Find labels that are at the middle of values, between two of their lines: by where the values begin."""
    found: dict[float, list[Piece]] = {}
    for page in pages:
        for own in page.strips:
            x = find_midway_start(own, scale)
            if x is not None:
                place = next((one for one in found if abs(one - x) <= SAME_START), x)
                found.setdefault(place, []).append(own.pieces[0])
    return found


def find_midway_start(own: Strip, scale: TypeScale) -> float | None:
    """Return the x at which the two lines begin midway between which a label is; None where it is not."""
    upper, lower = own.before, own.after
    if upper is None or lower is None or not len(own.pieces) == len(upper.pieces) == len(lower.pieces) == 1:
        return None
    x = min(upper.x0, lower.x0)
    near = lower.baseline - upper.baseline <= BETWEEN * scale.leading
    midway = abs(own.middle - (upper.middle + lower.middle) / 2) <= ROUNDING
    clear = own.x1 < x - own.size and abs(upper.x0 - lower.x0) <= SAME_START
    return x if near and midway and clear else None


def _near(starts: dict[int, list[tuple[Strip, int]]], x: int) -> list[tuple[Strip, int]]:
    return [entry for shift in (-1, 0, 1) for entry in starts.get(x + shift, ())]


def _recur(labels: Sequence[str], values: Sequence[str]) -> bool:
    """Return whether labels recur, as in tables that follow one another, and values do not: no prose, index, hours."""
    recurring = [LEAST_SHOWN <= len(set(texts)) <= len(texts) / 2 for texts in (labels, values)]
    return recurring == [True, False] and 2 * sum(text[:1].isdecimal() for text in values) < len(values)


def _is_bounded(strip: Strip) -> bool:
    """Return whether edges run along a label and its value, right above them and right below."""
    return len(strip.pieces) == 2 and all(run_along(edges, strip.x0, strip.x1) for edges in strip.edges)
