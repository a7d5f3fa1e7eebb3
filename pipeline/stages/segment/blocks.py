"""What edges show on a page: tables of cells, wide tables and frames."""

import math
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from pipeline.stages.segment.edges import LEAST_EDGE, SAME_EDGE, Edge, Edges, run_along
from pipeline.stages.segment.page_analysis import WIDE_SPACE, Band, Block, Nested, PageAnalysis, PageBody, Piece
from pipeline.text.lines import LEAST
from pipeline.text.markers import are_numbers

MAIN_SHARE: Final = 0.6
"""Least height along which a boundary of columns runs, as a share of the longest one's: shorter ones are cells' own."""
REMARKS: Final = 0.2
"""Largest share of a column's cells with text in a column of remarks: one value may be missing in a short table."""

NUMBERING_SHARE: Final = 0.5
"""Greatest width of a numbering column, as a share of the labels': those of rounds or rooms are about as wide."""


LeftOut = list[tuple[str, list[int]]]
"""Ids of glyphs that are in no cell, with the name of what they are."""


class Frame(NamedTuple):
    """Edges that touch each other, and their extent (points)."""

    x0: float
    top: float
    x1: float
    bottom: float
    vertical: list[Edge]
    horizontal: list[Edge]


def find_frames(edges: Edges) -> list[Frame]:
    """Group a page's edges by what they touch.

    Returns:
        The frames, smallest first, behind tables with frames in their cells: those are the cells' text.
    """
    vertical, horizontal = edges.vertical, sorted(edges.horizontal, key=lambda edge: edge.at)
    heights = [edge.at for edge in horizontal]
    parent = list(range(len(vertical) + len(horizontal)))

    def root(number: int) -> int:
        while parent[number] != number:
            parent[number] = parent[parent[number]]
            number = parent[number]
        return number

    for place, side in enumerate(vertical):
        for across in range(bisect_left(heights, side.start - SAME_EDGE), bisect_right(heights, side.end + SAME_EDGE)):
            if horizontal[across].start - SAME_EDGE <= side.at <= horizontal[across].end + SAME_EDGE:
                parent[root(place)] = root(len(vertical) + across)
    # The sides of a row that fills its page: as long as each other, and open at both ends.
    touched = {root(number) for number in range(len(vertical), len(parent))}
    alone = [number for number in range(len(vertical)) if root(number) not in touched]
    for upper, lower in pairwise(sorted(alone, key=lambda number: (vertical[number].start, vertical[number].end))):
        first, second = vertical[upper], vertical[lower]
        if abs(first.start - second.start) <= SAME_EDGE and abs(first.end - second.end) <= SAME_EDGE:
            parent[root(upper)] = root(lower)
    groups: dict[int, tuple[list[Edge], list[Edge]]] = defaultdict(lambda: ([], []))
    for number, edge in enumerate([*vertical, *horizontal]):
        groups[root(number)][0 if number < len(vertical) else 1].append(edge)
    frames = []
    for upright, level in groups.values():
        xs = [edge.at for edge in upright] + [x for edge in level for x in (edge.start, edge.end)]
        ys = [edge.at for edge in level] + [y for edge in upright for y in (edge.start, edge.end)]
        frames.append(Frame(min(xs), min(ys), max(xs), max(ys), upright, level))
    frames.sort(key=lambda frame: (frame.x1 - frame.x0) * (frame.bottom - frame.top))
    cells = [frame for frame in frames if min(len(frame.vertical), len(frame.horizontal)) > 2]
    outer = [one for one in cells if any(_is_inside(other, one) for other in frames)]
    return [*reversed(outer), *(frame for frame in frames if frame not in outer)]


def find_blocks(
    page: PageAnalysis | PageBody, pieces: Sequence[Piece], known: Sequence[float]
) -> tuple[list[Block], LeftOut]:
    """Find the tables of cells and the frames of a page.

    Args:
        page: The page.
        pieces: Its pieces that can be in them.
        known: Boundaries between label and value on other pages, points.

    Returns:
        The blocks, in no order; a piece is inside at most one that has a boundary or is wide. And what is left out:
        remarks in a third column, notes in coloured bars.
    """
    blocks: list[Block] = []
    left_out: LeftOut = []
    taken: set[int] = set()
    frames = find_frames(page.edges)
    for found in frames:
        frame = found
        if not frame.horizontal and any(abs(frame.x1 - at) <= SAME_EDGE for at in known):
            # A row that fills its page, in a table without a rule at its right.
            beside = [p.x1 for p in pieces if p.x0 > frame.x1 - 1 and frame.top < p.middle < frame.bottom]
            frame = frame._replace(x1=max([frame.x1, *beside]) + SAME_EDGE)
        if frame.x1 - frame.x0 < LEAST_EDGE or frame.bottom - frame.top < LEAST_EDGE:
            continue
        inside = [
            piece
            for piece in pieces
            if id(piece) not in taken
            and frame.top - 1 <= piece.middle <= frame.bottom + 1
            and frame.x0 - SAME_EDGE <= (piece.x0 + piece.x1) / 2 <= frame.x1 + SAME_EDGE
        ]
        if not inside:
            continue
        own, out = _read_frame(page, frame, frames, inside, pieces, known)
        left_out += out
        for block in own:
            inner = {
                fill.colour
                for fill in page.edges.fills
                if fill.top >= block.top - 1 and fill.bottom <= block.bottom + 1
            }
            block.colours = frozenset(inner)
            if block.columns > 1:
                taken.update(id(piece) for piece in pieces if block.holds(piece))
        blocks += own
    return blocks, left_out


def _read_frame(
    page: PageAnalysis | PageBody,
    frame: Frame,
    frames: Sequence[Frame],
    inside: list[Piece],
    pieces: Sequence[Piece],
    known: Sequence[float],
) -> tuple[list[Block], LeftOut]:
    levels = _levels(frame, inside)
    bands = [_make_band(frame, top, bottom, inside) for top, bottom in pairwise(levels)]
    bands = [band for band in bands if band.pieces or band.at]
    closed = _is_closed(frame)
    counts: Counter[float] = Counter()
    for band in bands:
        for at in band.at:
            near = next((x for x in counts if abs(x - at) <= SAME_EDGE), at)
            counts[near] += 1
    if not counts:
        return _read_filled(page, frame, frames, pieces, bands[1:], closed=closed)
    shown = sorted(counts)
    height = sum(band.bottom - band.top for band in bands)

    def share(at: float) -> float:
        return sum(band.bottom - band.top for band in bands if _has(band.at, at)) / height

    shares = {at: share(at) for at in shown}
    main = [at for at in shown if shares[at] >= MAIN_SHARE * max(shares.values())]
    drawn = len(main) + 1
    main, numbering, remarks = _classify_columns(bands, main, frame.x0)
    wide = [band for band in bands if sum(map(bool, band.cells(main))) > 2]
    whole = 2 * len(wide) >= sum(bool(band.at) for band in bands)
    boundary = main[0]
    ruled = any(edge.kind == "rule" for edge in frame.vertical if abs(edge.at - boundary) <= SAME_EDGE)
    two_sided = any(all(band.cells([boundary])) for band in bands) or _has(known, boundary)
    if not (two_sided or (ruled and len(bands) > 1)) or (not ruled and _goes_on(inside, boundary)):
        return [], []
    blocks: list[Block] = []
    right = frame.x1 if remarks is None else remarks
    inner = [other for other in frames if _is_inside(other, (boundary, frame.top, right, frame.bottom))]
    spans = [] if whole else _find_spans(bands, boundary)
    for band in bands:
        last = blocks[-1] if blocks else None
        if last is not None and band in (value for _, value in spans):
            last.spans.append(band)
            last.bottom = band.bottom
            continue
        columns = drawn if whole else 2
        spanned = band in (label for label, _ in spans)
        if not band.at and not spanned and not _keeps_clear(band, boundary, bands):
            columns = 1
        nested = [] if columns != 2 else _read_nested([frame, *inner], band, boundary, right)
        if last is not None and last.columns == columns > 1:
            # Cells without a label go on with the table inside the value cell above them.
            goes_on = last.nested and nested and not any(p.x0 < boundary - 1 for p in band.pieces)
            last.levels += [] if goes_on else [band.top]
            last.nested += nested
            last.bottom = band.bottom
            continue
        sides = [edge.at for edge in frame.vertical if run_along([edge], band.top, band.bottom)]
        left = min([at for at in sides if at < boundary - SAME_EDGE], default=frame.x0)
        end = max([at for at in sides if at > boundary + SAME_EDGE], default=right)
        box = left, band.top, min(end, right), band.bottom
        parting = boundary if columns == 2 else None
        blocks.append(Block(*box, parting, columns, nested, ruled=ruled, framed=closed, numbering=numbering))
    beyond = math.inf if remarks is None else remarks
    out = [index for piece in inside if (piece.x0 + piece.x1) / 2 > beyond for index in piece.ids]
    return [block for block in blocks if block.columns > 1], [("remark", out)] if out else []


def _find_spans(bands: Sequence[Band], boundary: float) -> list[tuple[Band, Band]]:
    """Find labels that span both columns, each with its value in the row below, by their types: those of the others."""
    labels: Counter[tuple[float, bool]] = Counter()
    values: Counter[tuple[float, bool]] = Counter()
    for band in bands:
        for piece in band.pieces if _has(band.at, boundary) else ():
            (labels if piece.x0 < boundary else values)[piece.type] += 1
    if not labels or not values or labels.most_common(1)[0][0] == values.most_common(1)[0][0]:
        return []

    def are(band: Band, types: Counter[tuple[float, bool]]) -> bool:
        usual = types.most_common(1)[0][0]
        return bool(band.pieces) and all(piece.type == usual for piece in band.pieces)

    return [(upper, lower) for upper, lower in pairwise(bands) if not upper.at and not lower.at and are(upper, labels)]


def _is_inside(frame: Frame, box: Frame | tuple[float, float, float, float]) -> bool:
    """Return whether a frame is inside a box (left, top, right, bottom; points): a table also where pages cut both."""
    x0, top, x1, bottom, *_ = box
    slack = SAME_EDGE if min(len(frame.vertical), len(frame.horizontal)) > 2 else 0.0
    return x0 < frame.x0 and top - slack < frame.top and frame.x1 < x1 and frame.bottom < bottom + slack


def _read_nested(frames: Sequence[Frame], band: Band, boundary: float, right: float) -> list[Nested]:
    """Read the cells inside a value cell, row by row; an empty list where there is but one cell."""
    inner = [frame for frame in frames[1:] if _is_inside(frame, (boundary, band.top, right, band.bottom))]
    left = min([frame.x0 for frame in inner], default=boundary)
    end = max([frame.x1 for frame in inner], default=right)
    own = [*frames[:1], *inner]
    inside = [edge for frame in own for edge in frame.vertical]
    across = [edge for frame in own for edge in frame.horizontal]
    levels = [band.top, *_find_crossing(across, band.top, band.bottom, (left, end)), band.bottom]
    rows = [Nested(*ends, tuple(_find_crossing(inside, boundary, right, ends))) for ends in pairwise(levels)]
    filled = [
        bisect_right(row.at, (p.x0 + p.x1) / 2)
        for row in rows
        for p in band.pieces
        if row.top <= p.middle < row.bottom and p.x0 > boundary - 1
    ]
    return rows if len(set(filled)) > 1 else []


def _levels(frame: Frame, inside: Sequence[Piece]) -> list[float]:
    """Return the heights at which edges run across a frame's whole width, and its own ends.

    A column without text at the left, whose cell goes on from a row above, need not be crossed.
    """
    levels = [frame.top]
    empty = [
        edge
        for edge in frame.vertical
        if frame.x0 + SAME_EDGE < edge.at < frame.x1 - SAME_EDGE
        and not any(piece.x0 < edge.at and edge.start < piece.middle < edge.end for piece in inside)
    ]
    edges = sorted(frame.horizontal, key=lambda edge: edge.at)
    heights = [edge.at for edge in edges]
    for edge in edges:
        if edge.at - levels[-1] <= SAME_EDGE:
            continue
        level = edges[bisect_left(heights, edge.at - SAME_EDGE / 2) : bisect_right(heights, edge.at + SAME_EDGE / 2)]
        lefts = [frame.x0] + [e.at for e in empty if e.start - SAME_EDGE <= edge.at <= e.end + SAME_EDGE]
        if any(run_along(level, left, frame.x1) for left in lefts):
            levels.append(edge.at)
    if frame.bottom - levels[-1] > SAME_EDGE:
        levels.append(frame.bottom)
    return levels if len(levels) > 2 else _value_levels(frame, inside) or levels


def _value_levels(frame: Frame, inside: Sequence[Piece]) -> list[float]:
    """Return the heights at which edges run across values only, each with a label of its own level with its top.

    Labels on a dark ground may have no edges between them.
    """
    for side in frame.vertical:
        across = _find_crossing(frame.horizontal, frame.top, frame.bottom, (side.at, frame.x1))
        rows = list(pairwise([frame.top, *across, frame.bottom]))
        tops: list[dict[int, float]] = [{}, {}]
        for piece in inside:
            row = next((n for n, (top, bottom) in enumerate(rows) if top < piece.middle < bottom), -1)
            tops[piece.x0 > side.at].setdefault(row, piece.baseline)
        level = [abs(tops[0].get(n, -math.inf) - tops[1].get(n, math.inf)) < 1 for n in range(len(rows))]
        if len(rows) >= LEAST and all(level[0 not in tops[0] :]):  # a page's first row may go on
            return [frame.top, *across, frame.bottom]
    return []


def _make_band(frame: Frame, top: float, bottom: float, inside: Sequence[Piece]) -> Band:
    own = [piece for piece in inside if top <= piece.middle < bottom]
    return Band(top, bottom, tuple(_find_crossing(frame.vertical, frame.x0, frame.x1, (top, bottom))), own)


def _find_crossing(edges: Iterable[Edge], low: float, high: float, stretch: tuple[float, float]) -> list[float]:
    """Find the places between two ends at which edges of one direction run along nearly all of a stretch (points)."""
    found = [low]
    inner = sorted(edge for edge in edges if low + SAME_EDGE < edge.at < high - SAME_EDGE)
    for edge in inner:
        level = [other for other in inner if abs(other.at - edge.at) <= SAME_EDGE / 2]
        if edge.at - found[-1] > SAME_EDGE and run_along(level, *stretch):
            found.append(edge.at)
    return found[1:]


def _has(at: Sequence[float], x: float) -> bool:
    return any(abs(other - x) <= SAME_EDGE for other in at)


def _is_closed(frame: Frame) -> bool:
    """Return whether rules draw all four sides of a frame."""
    rules = [edge for edge in frame.vertical if edge.kind == "rule"]
    return all(
        run_along([edge for edge in rules if abs(edge.at - x) <= SAME_EDGE], frame.top, frame.bottom)
        for x in (frame.x0, frame.x1)
    )


def _classify_columns(
    bands: Sequence[Band], main: Sequence[float], left: float
) -> tuple[list[float], float | None, float | None]:
    """Split boundaries between columns with text from others; x behind a numbering column; x before one of remarks.

    Args:
        bands: The rows.
        main: The boundaries, points.
        left: Left edge of the first column, points.
    """
    cells = [band.cells(main) for band in bands if band.at]
    filled = [sum(1 for row in cells if row[column]) for column in range(len(main) + 1)]
    kept = list(main)
    remarks = numbering = None
    # Remarks are in a column with cells of its own, most of them empty: cells inside one value do not make it.
    drawn = sum(_has(band.at, kept[-1]) for band in bands)
    if len(kept) > 1 and filled[-1] <= max(1, REMARKS * len(cells)) and filled[-1] < min(filled[1], drawn):
        remarks = kept.pop()
    while len(kept) > 1 and not filled[0]:
        left = kept.pop(0)
        filled.pop(0)
    merged: list[float] = []
    for place, at in enumerate(kept):
        if merged and not filled[place]:
            merged[-1] = (merged[-1] + at) / 2
        else:
            merged.append(at)
    kept = merged
    if len(kept) > 1:
        texts = [text for band in bands if (text := "".join(p.text for p in band.cells(kept)[0]))]
        # A header row's title is above the numbers.
        narrow = kept[0] - left <= NUMBERING_SHARE * (kept[1] - kept[0])
        if narrow and are_numbers(texts[1:] or texts):
            numbering = kept.pop(0)
    return kept, numbering, remarks


def _keeps_clear(band: Band, boundary: float, bands: Sequence[Band]) -> bool:
    """Return whether a row without a boundary of its own has label and value in the columns of the others."""
    values = [p.x0 for other in bands if _has(other.at, boundary) for p in other.pieces if p.x0 > boundary]
    starts = [piece.x0 for piece in band.pieces if piece.x0 > boundary - 1]
    return bool(starts) and bool(values) and abs(min(starts) - min(values)) <= SAME_EDGE


def _goes_on(pieces: Sequence[Piece], at: float) -> bool:
    """Return whether text goes on over an edge: behind a highlight, by no more than a word space."""
    left, right = ([p for p in pieces if (p.x0 < at) == side] for side in (True, False))
    return any(abs(p.baseline - q.baseline) < 1 and q.x0 - p.x1 < WIDE_SPACE * p.size for p in left for q in right)


def _read_filled(
    page: PageAnalysis | PageBody,
    frame: Frame,
    frames: Sequence[Frame],
    pieces: Sequence[Piece],
    rows: Sequence[Band],
    *,
    closed: bool,
) -> tuple[list[Block], LeftOut]:
    """Read a frame without inner edges: a coloured cell with another one on one side, or a frame around anything."""
    block = Block(frame.x0, frame.top, frame.x1, frame.bottom, framed=closed)
    if closed or any(edge.kind == "rule" for edge in frame.vertical):
        return ([block] if closed else []), []
    level = [p for p in pieces if frame.top <= p.middle <= frame.bottom]
    # A punctuation mark may hang out of the cell.
    right = [p for p in level if p.x0 >= frame.x1 - 1 and (len(p.text) > 1 or p.x0 - frame.x1 > p.size / 2)]
    left = [p for p in level if p.x1 < frame.x0]
    if left and any(_is_inside(frame, other) for other in frames):
        return [], []  # a highlight in a cell
    # Boxes next to each other, three and more, are no label and value.
    row = [o for o in frames if abs(o.top - frame.top) <= SAME_EDGE and abs(o.bottom - frame.bottom) <= SAME_EDGE]
    if len(row) > 2 and all(any(o.x0 <= p.x0 and p.x1 <= o.x1 for p in level) for o in row):
        block.x0, block.x1, block.columns = min(o.x0 for o in row), max(o.x1 for o in row), len(row)
        return [block], []
    # Text that crosses the colour's edge is in no cell, and a bar has text at both of its sides.
    crossed = any(p.x0 < x - 1 and p.x1 > x + 1 for p in level for x in (frame.x0, frame.x1))
    if bool(left) == bool(right) or crossed or _goes_on(level, frame.x1 if right else frame.x0 - 1):
        return [], []
    # A bar at the page's side, one that the rules between the other side's rows leave out, or a box by itself that the
    # other side's lines go on past, its own do not, is no cell, unless its lines are level with the other side's.
    beyond = [e for e in page.edges.horizontal if e.start > frame.x1 + SAME_EDGE or e.end < frame.x0 - SAME_EDGE]
    bleeds = (frame.x0 <= 0 or frame.x1 >= page.page.width) and 2 * (frame.bottom - frame.top) > page.page.height
    own = [p for p in level if frame.x0 <= p.x0 and p.x1 <= frame.x1]
    lines, beside = ({round(p.baseline) for p in side} for side in (own, left or right))
    starts, others = ({round(p.x0) for p in side} for side in (own, left or right))
    outside = {round(p.x0) for p in pieces if not frame.top <= p.middle <= frame.bottom}
    alike = [o for o in frames if abs(o.x0 - frame.x0) <= SAME_EDGE and abs(o.x1 - frame.x1) <= SAME_EDGE]
    apart = len(lines) > 1 and len(alike) == 1 and not others.isdisjoint(outside) and starts.isdisjoint(outside)
    aside = bleeds or apart or sum(frame.top < edge.at < frame.bottom for edge in beyond) > 1
    if aside and 2 * sum(round(p.baseline) in beside for p in own) < len(own):
        return [], [("margin_note", [index for piece in own for index in piece.ids])]
    block.boundary, block.columns = frame.x1 if right else frame.x0, 2
    block.x0, block.x1 = min([frame.x0, *(p.x0 for p in left)]), max([frame.x1, *(p.x1 for p in right)])
    # Edges along one side part rows where each has text of its own on the other; a page's first row may go on.
    if all(any(row.top < p.middle < row.bottom for p in left or right) for row in rows):
        block.levels = [row.top for row in rows]
    return [block], []
