"""Pages on which tables are next to each other, or two pages: their parts are read one after the other."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby, pairwise
from operator import itemgetter
from statistics import median
from typing import Final, NamedTuple, TypeAlias

from pipeline.models.layout import PageLayout
from pipeline.models.page import pack_ids
from pipeline.stages.segment.blocks import find_frames
from pipeline.stages.segment.columns import FULL_LINES, LEAST_SHOWN, MOST_CANDIDATES, SAME_START
from pipeline.stages.segment.lines import group_lines
from pipeline.stages.segment.page_analysis import PageBody, Piece
from pipeline.stages.segment.region import SAME_COLUMN, TypeScale
from pipeline.text.lines import LEAST, MEASURED_LINES, SMALLER_TYPE

PADDING: Final = 8.0
"""Largest distance, in points, of the columns inside a value from where the value's other lines begin."""
Types: TypeAlias = tuple[tuple[float, bool], tuple[float, bool]]
"""Size and boldness of a label and of its value."""


class PiecePair(NamedTuple):
    """Two pieces next to each other: a label and its value, or others."""

    page: int
    label: Piece
    value: Piece

    @property
    def types(self) -> Types:
        """Size and boldness of both."""
        return self.label.type, self.value.type


def divide_pages(pages: Sequence[PageBody], scale: TypeScale) -> list[PageBody]:
    """Divide the pages on which two tables or more are next to each other.

    Labels begin at several x, each with a value before the next: labels of one type, values of another, or the same
    texts at both x, as columns of one table have not.

    Args:
        pages: The pages.
        scale: What all pages show.

    Returns:
        The pages and the parts of those that are divided, in reading order.
    """
    bodies = [part for body in pages for part in _part_box(body, scale)]
    pairs = [
        PiecePair(number, *two)
        for number, body in enumerate(bodies)
        for pieces in body.pieces
        for two in pairwise(pieces)
        if any(map(str.isalpha, two[0].text))
    ]
    found = [_find_gutters(bodies, pairs, right=right) for right in (False, True)]
    starts, gutters = max(found, key=lambda columns: sum(map(len, columns[1].values())))
    parts = list(enumerate(bodies))
    for x, own in sorted(gutters.items(), reverse=True):
        inside = {pair.page for pair in own}
        ends = (pair.value.x1 for column in starts.values() for pair in column if pair.page in inside)
        edge = max(end for end in ends if end < x)
        parts = [(n, part) for n, body in parts for part in (_cut(body, edge, x) if n in inside else [body])]
    return [body for _, body in parts]


def _find_gutters(
    bodies: Sequence[PageBody], pairs: Sequence[PiecePair], *, right: bool
) -> tuple[dict[float, list[PiecePair]], dict[float, list[PiecePair]]]:
    """Find columns of labels that begin, or `right` end, at one x, and those of them left of which pages are cut."""
    edges: dict[float, list[PiecePair]] = defaultdict(list)
    for at, pair in sorted(((p.label.x1 if right else p.label.x0, p) for p in pairs), key=itemgetter(0)):
        edges[next((x for x in reversed(edges) if at - x <= SAME_START), at)].append(pair)
    starts = {min(pair.label.x0 for pair in own): own for own in edges.values() if len(own) >= LEAST}
    if right:
        # Texts of one width that begin at one x end at one, too.
        ragged = (x for x, own in starts.items() if 2 * sum(p.label.x0 <= x + SAME_START for p in own) < len(own))
        starts = {x: starts[x] for x in sorted(ragged, key=lambda x: -len(starts[x]))[:MOST_CANDIDATES]}
    shown = sorted(starts)
    for place, first in enumerate(shown):
        alike = {x: starts[x] for x in shown[place + 1 :] if _are_alike(starts[first], starts[x])}
        # Columns inside a value have the labels of the table to their left, or begin where its values do, in bold.
        before = [[p for p in starts[y] if p.value.x0 < min(alike, default=0.0) - PADDING] for y in shown[:place]]
        inner = any(_share_pages(other, own) for other in before for own in alike.values()) or any(
            sum(abs(pair.value.x0 - y) <= PADDING for pair in starts[first]) >= LEAST
            and _find_types(starts[y]) == _find_types(own)
            and len({*_find_types(own)}) > 1
            for y in shown[place + 1 :]
            if y not in alike
            for own in alike.values()
        )
        if alike and not inner and not _has_header(bodies, alike.values()):
            return starts, alike
    return starts, {}


def leave_out_notes(lines: Sequence[Sequence[Piece]], scale: TypeScale) -> tuple[list[Piece], list[Piece]]:
    """Tell a page's text from smaller text left or right of all other: notes and line numbers in its margin.

    The other text has labels and values by itself: labels may be smaller than values.
    """
    body = [piece for line in lines for piece in line]
    usual = [own for line in lines if (own := [p for p in line if p.size >= SMALLER_TYPE * scale.size])]
    if sum(len(line) > 1 for line in usual) < LEAST_SHOWN:
        return body, []
    left, right = min(line[0].x0 for line in usual), max(line[-1].x1 for line in usual)
    beside = {piece for piece in body if piece.x1 < left or piece.x0 > right}
    return [piece for piece in body if piece not in beside], [piece for piece in body if piece in beside]


def _part_box(page: PageBody, scale: TypeScale) -> list[PageBody]:
    """Divide a page where edges of one extent, as of a frame, a fill or rows, bound a table next to running text."""
    level, frames = page.edges.horizontal, find_frames(page.edges)
    body, _ = leave_out_notes(page.pieces, scale)
    extents = Counter((round(edge.start), round(edge.end)) for edge in level)
    for (x0, x1), _ in extents.most_common(MOST_CANDIDATES):
        own = [edge for edge in level if abs(edge.start - x0) <= SAME_COLUMN and abs(edge.end - x1) <= SAME_COLUMN]
        # Rows between rules may begin above the first and end below the last.
        step = max((lower.at - upper.at for upper, lower in pairwise(own[1:])), default=0.0)
        top, bottom = own[0].at - step, own[-1].at + step
        near = [p for p in body if top < p.middle < bottom]
        inside = [p for p in near if x0 - SAME_COLUMN <= p.x0 and p.x1 <= x1 + SAME_COLUMN]
        beside = [p for p in near if p.x1 < x0 or p.x0 > x1]
        across = [(p.x0, p.x1) for p in near if own[0].at < p.middle < own[-1].at]
        across += [(edge.start, edge.end) for edge in level if top - SAME_COLUMN < edge.at < bottom + SAME_COLUMN]
        across += [(frame.x0, frame.x1) for frame in frames if own[0] in frame.horizontal]
        rows = Counter(round(b.x0) for a, b in pairwise(inside) if abs(a.baseline - b.baseline) < 1 and a.x1 < b.x0)
        # The words of a stretched line are one line's.
        rest = [list(line) for _, line in groupby(beside, key=lambda p: round(p.baseline))]
        widths = [line[-1].x1 - line[0].x0 for line in rest]
        if (
            LEAST <= max(rows.values(), default=0) <= len(rest)
            and len({p.x0 > x1 for p in beside}) == 1
            and median(widths) >= FULL_LINES * max(widths)
            and not any(a < x1 and x0 < b and (a < x0 - SAME_COLUMN or b > x1 + SAME_COLUMN) for a, b in across)
        ):
            left, right = sorted((beside, inside), key=lambda side: side[0].x0)
            return _cut(page, max(p.x1 for p in left), min(p.x0 for p in right), top, bottom)
    return [page]


def _find_types(column: Sequence[PiecePair]) -> Types:
    """Return the usual types of a column's labels and values."""
    return Counter(pair.types for pair in column).most_common(1)[0][0]


def _share_pages(one: Sequence[PiecePair], other: Sequence[PiecePair]) -> bool:
    """Return whether a column has several labels on another one's pages."""
    pages = {pair.page for pair in other}
    return sum(pair.page in pages for pair in one) >= LEAST


def _has_header(pages: Sequence[PageBody], columns: Iterable[Sequence[PiecePair]]) -> bool:
    """Return whether a line of the pages has labels only, all in one type: it heads the columns of one table."""
    pairs = [pair for own in columns for pair in own]
    types = Counter(pair.types[0] for pair in pairs)
    label = types.most_common(1)[0][0]
    return any(
        len(pieces) > 2 and all(piece.type == label for piece in pieces)
        for number in {pair.page for pair in pairs if pair.types[0] != pair.types[1]}
        for pieces in pages[number].pieces
    )


def _are_alike(left: Sequence[PiecePair], right: Sequence[PiecePair]) -> bool:
    """Return whether two columns of labels are of two tables next to each other."""
    pages, x = {pair.page for pair in right}, min(pair.label.x0 for pair in right)
    all_left = [pair for pair in left if pair.page in pages]
    left = [pair for pair in all_left if pair.value.x1 < x]
    if len(left) < max(LEAST, len(all_left) / 2):
        return False
    types = {_find_types(own) for own in (left, right)}
    usual = all(2 * sum(pair.types in types for pair in own) > len(own) for own in (left, right))
    labels = {pair.label.text for pair in left} & {pair.label.text for pair in right}
    values = {pair.value.text for pair in left} & {pair.value.text for pair in right}
    alternate = len(types) == 1 and usual and len(set(next(iter(types)))) > 1
    if 2 * len({(p.page, p.label.text) for p in right}) < len(right):
        # Answers and grades recur on a page; so do the labels of cards, but at both x.
        return alternate and len(labels) >= LEAST
    # The rows of one table are level with each other.
    heights: dict[int, set[int]] = defaultdict(set)
    for pair in right:
        heights[pair.page].add(round(pair.label.baseline))
    ends = {page: (min(own), max(own)) for page, own in heights.items()}
    places = [(heights[pair.page], round(pair.label.baseline), *ends[pair.page]) for pair in left]
    level = [not own.isdisjoint((at - 1, at, at + 1)) for own, at, top, bottom in places if top <= at <= bottom]
    uneven = len(level) >= max(MEASURED_LINES, 4 * sum(level))
    return alternate or uneven or len(labels) >= max(LEAST, 2 * len(values))


def _cut(body: PageBody, end: float, start: float, low: float = 0.0, high: float = math.inf) -> list[PageBody]:
    """Divide a page between two heights where text ends at its left, and starts at its right: not lines over both."""
    page, lefts, edges = body.page, body.page.glyphs.lefts, body.edges.vertical
    lines = list(zip(body.lines, body.pieces, strict=True))
    crossing = [not low < a.middle < high or any(p.x0 < end - 1 and p.x1 > start + 1 for p in own) for a, own in lines]
    runs = [list(run) for _, run in groupby(range(len(lines)), key=crossing.__getitem__)]
    found: list[PageBody] = []
    top = 0.0
    for run in runs:
        bottom, sides = page.height, [(0.0, page.width)]
        if run[-1] + 1 < len(lines):
            bottom = (lines[run[-1]][0].bottom + lines[run[-1] + 1][0].top) / 2
        if not crossing[run[0]]:
            ends = [p.x1 for n in run for p in lines[n][1] if p.x0 < end] or [end]
            starts = [p.x0 for n in run for p in lines[n][1] if p.x0 >= end] or [start]
            between = [e.at for e in edges if max(ends) <= e.at <= min(starts) and top < e.end and e.start < bottom]
            between = between or [max(ends), min(starts)]
            middle = (min(between) + max(between)) / 2
            sides = [(0.0, middle), (middle, page.width)]
        for x0, x1 in sides:
            ids = [index for n in run for index in lines[n][0].ids if x0 <= lefts[index] < x1]
            if page.glyphs.keep_ink(ids):
                part = body.analysis.take_part(ids, (x0, top, x1, bottom))
                inside = [at for at in body.boundaries if x0 <= at <= x1]
                found.append(PageBody.of(part, set(), inside, x1 if x1 < page.width else body.end or 0.0))
        top = bottom
    return [_take_rest(body, found), *found[1:]]


def _take_rest(body: PageBody, parts: Sequence[PageBody]) -> PageBody:
    """Give the first part of a page what is in none: the page's furniture, and what can't be seen."""
    first, whole = parts[0], body.analysis
    taken = {index for part in parts[1:] for index in part.analysis.ids}
    upright = pack_ids([index for index in whole.upright if index not in taken])
    ids = [index for index in whole.ids if index not in taken]
    analysis = replace(first.analysis, ids=ids, upright=upright, lines=group_lines(body.page, upright))
    margin = {index for line in body.furniture for index in line.ids}
    furniture = {number for number, line in enumerate(analysis.lines) if line.ids[0] in margin}
    return PageBody.of(analysis, furniture, first.boundaries, first.end)


def order_parts(layouts: Sequence[PageLayout]) -> list[PageLayout]:
    """Put the parts of pages into reading order: page by page, or the same part of all pages first.

    A table that is open at its end goes on at one that is open at its beginning: the order in which more do is taken.

    Args:
        layouts: The pages and their parts, page by page.
    """
    ordered: list[PageLayout] = []
    sheets = [list(own) for _, own in groupby(layouts, key=lambda layout: layout.number)]
    for count, run in groupby(sheets, key=len):
        rows = list(run)
        by_page, by_part = (
            [part for sheet in rows for part in sheet],
            [sheet[n] for n in range(count) for sheet in rows],
        )
        ordered += by_part if _count_torn(by_part) < _count_torn(by_page) else by_page
    return ordered


def _count_torn(layouts: Sequence[PageLayout]) -> int:
    """Count the tables that are open at an end without another one that is open next to it."""
    ends = [(own.tables[0].closed_top is False, own.tables[-1].closed_bottom is False) for own in layouts if own.tables]
    return sum(upper[1] != lower[0] for upper, lower in pairwise(ends))
