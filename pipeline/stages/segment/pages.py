"""`Source` → `PageLayout`s by the table model."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from statistics import median

from pipeline.models.layout import PageLayout, TableEvidence
from pipeline.models.page import Source
from pipeline.stages.segment.agreement import believe_tags
from pipeline.stages.segment.blocks import TOUCH, find_blocks
from pipeline.stages.segment.columns import SAME_START, Candidate, find_candidates, part_tight_columns
from pipeline.stages.segment.division import RowStyle
from pipeline.stages.segment.edges import (
    COLUMN_BREAK,
    SAME_EDGE,
    SEPARATOR_SHARE,
    Edge,
    covered_share,
    find_separators,
)
from pipeline.stages.segment.layout import lay_out
from pipeline.stages.segment.leaf import Block, Leaf, Piece, Strip, make_strips, measure_gap, take_leaf
from pipeline.stages.segment.lines import GlyphLine
from pipeline.stages.segment.margins import find_margin_lines
from pipeline.stages.segment.numbering import is_number
from pipeline.stages.segment.region import SAME_COLUMN, Kind, Region, TypeScale
from pipeline.stages.segment.row_style import choose_row_style, measure_reach, tell_kinds
from pipeline.stages.segment.running import find_recurring
from pipeline.stages.segment.scale import measure_leadings, measure_scale
from pipeline.stages.segment.states import NO_FRAME, OUTSIDE, Step, Token, decide_states
from pipeline.stages.segment.tags import find_artifacts
from pipeline.stages.segment.trace import NEAR_TIE, Trace, keep_near_ties, list_decisions
from pipeline.stages.segment.wider import ROW_GAP, find_wider_tables, list_pairs
from pipeline.text.fonts import is_bold
from pipeline.text.weights import WEIGHTS as W

MARKED = 0.4
"""Least share of lines with label and value that have a lone colon or a leader, for one to mark each row."""
BLOCK_GAP = 4.0
"""Largest vertical gap, in points, between the ruled cells of neighbouring rows."""
FILL_GAP = 1.5
"""Largest white space, as a multiple of the leading, between the coloured cells of neighbouring rows."""


def segment_pages(
    source: Source, trace: Trace | None = None, prepared: dict[int, Leaf] | None = None
) -> tuple[PageLayout, ...]:
    """Find the tables, margin lines and free lines of every page.

    Args:
        source: The pages as read.
        trace: Takes the decisions of the model, where they are to be shown.
        prepared: Pages whose lines are divided already, by their numbers; those used are removed.

    Returns:
        One layout per page, in order.
    """
    ready = {} if prepared is None else prepared
    leaves = [take_leaf(page, ready) for page in source.pages]
    scale = measure_scale(leaves)
    body_size = scale.size
    believe_tags(leaves, scale.leading)
    bounded = []
    for leaf in leaves:
        leaf.blocks = find_blocks(leaf, [p for pieces in leaf.pieces for p in pieces], ())
        bounded.append(
            {
                number
                for number, pieces in enumerate(leaf.pieces)
                if any(block.columns > 1 and block.holds(piece) for piece in pieces for block in leaf.blocks)
            }
        )
        leaf.aside.clear()
    recurring = find_recurring(leaves, bounded, body_size)
    left = [
        [number for number in range(len(leaf.lines)) if number not in running]
        for leaf, running in zip(leaves, recurring, strict=True)
    ]
    margins = find_margin_lines(
        source.pages,
        [[leaf.lines[number] for number in numbers] for leaf, numbers in zip(leaves, left, strict=True)],
        [{place for place, n in enumerate(numbers) if n in own} for numbers, own in zip(left, bounded, strict=True)],
        body_size,
    )
    artifacts = find_artifacts(leaves, bounded)
    for leaf, margin, running, numbers, tagged in zip(leaves, margins, recurring, left, artifacts, strict=True):
        leaf.margin = running | {numbers[place] for place in margin} | tagged
    scale = measure_scale(leaves)
    known = [block.boundary for leaf in leaves for block in leaf.blocks if block.boundary is not None]
    strips: list[list[Strip]] = []
    for leaf in leaves:
        body = [p for number, pieces in enumerate(leaf.pieces) if number not in leaf.margin for p in pieces]
        leaf.blocks = find_blocks(leaf, body, known)
        strips.append(_loose_strips(leaf, body))
    part_tight_columns(strips)
    _leave_out_wide(leaves, strips, scale)
    candidates = find_candidates(leaves, strips, scale)
    tokens = [token for page, leaf in enumerate(leaves) for token in _list_tokens(page, leaf, strips[page])]
    _link_pages(leaves, tokens)
    steps: list[Step] = []
    states = decide_states(leaves, tokens, candidates, scale, steps)
    within = NEAR_TIE if trace is None else math.inf
    decisions = list(list_decisions(leaves, tokens, states, candidates, steps, scale, within))
    if trace is not None:
        trace.take(leaves, candidates, (decision for _, decision in decisions))
    _make_regions(leaves, tokens, states, candidates, scale)
    keep_near_ties(leaves, decisions, candidates)
    measure_reach(leaves, scale)
    row_styles: dict[Kind, tuple[TypeScale, RowStyle]] = {}
    for kind, regions in tell_kinds(leaves).items():
        own = measure_leadings(regions, scale)
        row_styles[kind] = (own, choose_row_style(regions, own))
    return tuple(lay_out(leaf, row_styles) for leaf in leaves)


def _loose_strips(leaf: Leaf, body: Sequence[Piece]) -> list[Strip]:
    """The lines outside blocks; pieces beside closed frames are put aside."""
    tables = [block for block in leaf.blocks if block.columns > 1]
    closed = [block for block in tables if block.framed]
    out = {index for ids in leaf.aside.values() for index in ids}
    loose: list[Piece] = []
    apart: list[Piece] = []
    for piece in body:
        if any(block.holds(piece) for block in tables) or (out and out.issuperset(piece.ids)):
            continue
        beside = any(block.top <= piece.middle <= block.bottom for block in closed)
        if beside:
            apart.append(piece)
        else:
            loose.append(piece)
    numbers = len(apart) > 1 and all(piece.text.isdecimal() for piece in apart)
    if apart:
        name = "line_numbers" if numbers else "margin_note"
        leaf.aside.setdefault(name, []).extend(index for piece in apart for index in piece.ids)
    strips = make_strips(loose)
    for upper, lower in pairwise(strips):
        pictures = lower.top - upper.bottom - measure_gap(leaf, upper, lower)
        upper.below = lower.above = lower.above - pictures
    for strip in strips:
        strip.pictures = [p.x0 for p in leaf.page.pictures if p.top <= strip.middle <= p.bottom and p.x0 > strip.x0]
        areas = [f.top for f in leaf.edges.fills if f.top <= strip.middle <= f.bottom and f.x0 <= strip.x0 <= f.x1]
        strip.area = max(areas, default=None)
        middles = [-math.inf if strip.before is None else strip.before.middle, strip.middle]
        middles.append(math.inf if strip.after is None else strip.after.middle)
        level = leaf.edges.horizontal
        places = [bisect_left(level, at, key=lambda edge: edge.at) for at in middles]
        strip.edges = list(level[places[0] : places[1]]), list(level[places[1] : places[2]])
    return strips


def _leave_out_wide(leaves: Sequence[Leaf], strips: list[list[Strip]], scale: TypeScale) -> None:
    """Leave out tables of three or more columns that white space shows, but for lines that tags put into rows.

    A colon by itself is no column.
    """
    loose = [[strip for strip in own if not _is_tagged(strip)] for own in strips]
    pages = []
    for leaf, own in zip(leaves, loose, strict=True):
        kept = [Strip([p for p in strip.pieces if p.text != ":"] or strip.pieces).ids for strip in own]
        glyphs = leaf.page.glyphs
        pages.append((leaf.page, [GlyphLine(glyphs, glyphs.group_by_setting(ids)) for ids in kept]))
    pairs = cache(lambda: list_pairs(pages))
    for place, (leaf, (page, lines)) in enumerate(zip(leaves, pages, strict=True)):
        out: set[int] = set()
        for columns, inside in find_wider_tables(page, lines, pairs, scale):
            out.update(id(loose[place][number]) for number in inside)
            ids = {index for number in inside for index in loose[place][number].ids}
            numbers = {n for n, line in enumerate(leaf.lines) if not ids.isdisjoint(line.ids)}
            leaf.other.append((columns, numbers))
        strips[place] = [strip for strip in strips[place] if id(strip) not in out]


def _is_tagged(strip: Strip) -> bool:
    return any(place.row > 0 for piece in strip.pieces for place in piece.places)


def _list_tokens(page: int, leaf: Leaf, strips: Sequence[Strip]) -> list[Token]:
    frames = leaf.frames

    def frame_of(item: Strip | Block) -> int:
        middle = (item.top + item.bottom) / 2
        own = [n for n, block in enumerate(frames) if block.top <= middle <= block.bottom]
        return max(own, key=lambda n: frames[n].top, default=NO_FRAME)

    items: list[Strip | Block] = [*strips, *(block for block in leaf.blocks if block.columns > 1)]
    return [Token(page, item, frame_of(item)) for item in sorted(items, key=lambda item: (item.top, item.x0))]


def _link_pages(leaves: Sequence[Leaf], tokens: Sequence[Token]) -> None:
    """Give each page's last line the first one of the next page."""
    for last, first in pairwise(tokens):
        if last.page == first.page or not isinstance(last.item, Strip):
            continue
        item = first.item
        if isinstance(item, Block):
            lines = make_strips(p for pieces in leaves[first.page].pieces for p in pieces if item.holds(p))
            last.item.follows = lines[0] if lines else None
        else:
            last.item.follows = item


def _make_regions(
    leaves: Sequence[Leaf],
    tokens: Sequence[Token],
    states: Sequence[int],
    candidates: Sequence[Candidate],
    scale: TypeScale,
) -> None:
    """Make parts of the runs of lines of one state."""
    runs: list[tuple[int, int, list[Strip | Block]]] = []
    last: Token | None = None
    # A table may begin with the rest of a row only where it begins its page, and the page before ends with one.
    inner = {
        id(t.item) for t, before, s in zip(tokens[1:], tokens, states, strict=False) if t.page == before.page or not s
    }
    inner |= {id(token.item) for token in tokens[:1]}
    for token, state in zip(tokens, states, strict=True):
        item = token.item
        if isinstance(item, Block) and item.boundary is None:
            leaf = leaves[token.page]
            inside = {
                number
                for number, pieces in enumerate(leaf.pieces)
                if number not in leaf.margin and any(item.holds(piece) for piece in pieces)
            }
            leaf.other.append((item.columns, inside))
            last = None
            continue
        if state == OUTSIDE:
            last = None
            continue
        near = (
            last is not None
            and runs[-1][:2] == (token.page, state)
            and measure_gap(leaves[token.page], last.item, item) <= ROW_GAP * scale.leading
            and token.frame == last.frame
            and not _are_apart(last.item, item, scale)
        )
        if near:
            runs[-1][2].append(item)
        else:
            runs.append((token.page, state, [item]))
        last = token
    drawn = any(own.ruled for own in candidates)
    _measure_extents(runs, candidates)
    for page, state, items in runs:
        own = candidates[state - 1]
        if own.boundary is None and (
            (drawn and _is_single_spaced(items, own, scale)) or not _shows_columns(items, own)
        ):
            continue
        _make_region(leaves[page], own, items, scale, rests=id(items[0]) not in inner)


def _divide_crossing(
    leaf: Leaf, own: Candidate, left: list[Piece], right: list[Piece]
) -> tuple[list[Piece], list[Piece]]:
    """Divide a piece with a label wider than its column: where its type changes, or behind its colon."""
    crossing = [p for p in (*left, *right) if p.x0 < own.split - 1 and p.x1 > own.split + 1]
    if not crossing:
        return left, right
    piece = crossing[0]
    glyphs, fonts = leaf.page.glyphs, leaf.page.fonts
    inked = [index for index in piece.ids if glyphs.ink[index]]
    bold = [is_bold(fonts[glyphs.settings[glyphs.setting_ids[index]].font]) for index in inked]
    colons = [n + 1 for n, index in enumerate(inked[:-1]) if glyphs.texts[index] == ":"]
    changes = [n for n in range(1, len(inked)) if bold[n - 1] and not bold[n]]
    meets = [n for n, index in enumerate(inked) if abs(glyphs.lefts[index] - own.start) <= SAME_START]
    if meets and any(abs(x - own.start) <= SAME_START for x in piece.starts):
        changes = meets
    at = next((n for n in (*changes[:1], *colons[-1:]) if glyphs.lefts[inked[n]] > own.split - 2), None)
    if at is None:
        return left, right
    place = piece.ids.index(inked[at])
    label, value = Piece(leaf.page, piece.ids[:place]), Piece(leaf.page, piece.ids[place:])
    others = [p for p in (*left, *right) if p is not piece]
    return [*(p for p in others if p.x0 < piece.x0), label], [value, *(p for p in others if p.x0 > piece.x0)]


def _runs_along(edges: Sequence[Edge], at: float, x0: float, x1: float) -> bool:
    """Return whether an edge runs along a table's end."""
    level = [edge for edge in edges if abs(edge.at - at) <= SAME_COLUMN]
    return covered_share(level, x0, x1) >= SEPARATOR_SHARE


def _find_breaks(edges: Sequence[Edge], left: float, right: float) -> list[float]:
    """Give the middles of the gaps between edges at one height that lie between labels and values (points)."""
    ordered = sorted(edges, key=lambda edge: (edge.at, edge.start))
    middles = [
        (one.end + other.start) / 2
        for one, other in pairwise(ordered)
        if abs(one.at - other.at) <= SAME_EDGE and 0 < other.start - one.end <= COLUMN_BREAK
    ]
    return [middle for middle in middles if left - 1 <= middle <= right + 1]


def _shows_columns(items: Sequence[Strip | Block], own: Candidate) -> bool:
    """Return whether a value begins where those of its columns do, and whether its labels are more than numbers."""
    strips = [item for item in items if isinstance(item, Strip)]
    if len(strips) < len(items) or any(own.is_crossed(strip) for strip in strips):
        return True
    sides = [own.sides(strip) for strip in strips]
    labels = ["".join(p.text for p in left if p.text != ":") for left, _ in sides if left]
    if labels and all((not text.isalpha() and is_number(text)) or not any(map(str.isalnum, text)) for text in labels):
        return False
    values = [right[0].x0 for left, right in sides if left and right]
    return not values or any(abs(x0 - own.start) <= W["same_start"] for x0 in values)


def _is_single_spaced(items: Sequence[Strip | Block], own: Candidate, scale: TypeScale) -> bool:
    """Return whether lines are of one label and one value each, none set apart, without edges: no value runs on.

    In a document with drawn tables, such are contact lines and signatures.
    """
    strips = [item for item in items if isinstance(item, Strip)]
    sides = [own.sides(strip) for strip in strips]
    return (
        len(strips) == len(items)
        and all(left and right for left, right in sides)
        and all(lower.baseline - upper.baseline <= 1.2 * scale.leading for upper, lower in pairwise(strips))
    )


def _unite(one: Sequence[float], other: Sequence[float]) -> list[float]:
    """Unite heights; of two that are one, the first list's is kept."""
    return sorted([*one, *(at for at in other if all(abs(at - known) > SAME_COLUMN for known in one))])


def _measure_extents(runs: Sequence[tuple[int, int, list[Strip | Block]]], candidates: Sequence[Candidate]) -> None:
    """Measure how far the text of columns reaches that white space shows: over all their tables."""
    for _, state, items in runs:
        own = candidates[state - 1]
        if own.boundary is not None:
            continue
        for strip in items:
            if isinstance(strip, Strip):
                labels = [p.x1 for p in own.sides(strip)[0] if p.x1 < own.start and p.text != ":"]
                own.reach = max([own.reach, *labels])
                own.extent = min(own.extent[0], strip.x0), max(own.extent[1], strip.x1)


def _are_apart(upper: Strip | Block, lower: Strip | Block, scale: TypeScale) -> bool:
    """Return whether two tables that edges show stand apart: those of neighbouring rows touch, or nearly so."""
    if not (isinstance(upper, Block) and isinstance(lower, Block)):
        return False
    gap = lower.top - upper.bottom
    if gap > TOUCH and upper.colours and lower.colours and upper.colours != lower.colours:
        return True
    return gap > (BLOCK_GAP if upper.ruled or lower.ruled else FILL_GAP * scale.leading)


def _make_region(leaf: Leaf, own: Candidate, items: Sequence[Strip | Block], scale: TypeScale, *, rests: bool) -> None:
    blocks = [item for item in items if isinstance(item, Block)]
    strips = [item for item in items if isinstance(item, Strip)]
    pieces = [p for strip in strips for p in strip.pieces]
    inside = [
        p
        for number, line in enumerate(leaf.pieces)
        if number not in leaf.margin
        for p in line
        if any(block.holds(p) for block in blocks)
    ]
    if not inside and not pieces:
        return
    boundary = own.boundary
    if boundary is None:
        reach = own.reach or own.start
        boundary = (reach + own.start) / 2
        # Where the rules of the columns leave a gap, it shows how far the labels' column reaches.
        breaks = _find_breaks(leaf.edges.horizontal, reach, own.start)
        boundary = median(breaks) if len(breaks) > 1 else boundary
    x0 = min([own.extent[0]] + [block.x0 for block in blocks] + [p.x0 for p in pieces])
    x1 = max([own.extent[1]] + [block.x1 for block in blocks] + [p.x1 for p in pieces])
    top, bottom = min(item.top for item in items), max(item.bottom for item in items)
    reach = 2 * scale.leading if strips else 0.0
    near = [edge for edge in leaf.edges.horizontal if top - reach <= edge.at <= bottom + reach]
    if strips:
        x0 = max([e.start for e in near if e.start <= x0 + 2 and e.end >= x0] or [x0])
        x1 = min([e.end for e in near if e.start <= x1 + 2 and e.end >= x1 - 2] or [x1])
    edges = leaf.edges
    if strips:
        others = [block for block in leaf.blocks if block.ruled and block.columns > 1 and block not in blocks]
        drawn_in = [(block.top - 2, block.bottom + 2) for block in others]
        kept = [e for e in edges.horizontal if not any(upper <= e.at <= lower for upper, lower in drawn_in)]
        edges = edges._replace(horizontal=tuple(kept))
    separators, kinds = find_separators(edges, x0, boundary, x1, top - reach, bottom + reach)
    if blocks and not strips and all(block.ruled for block in blocks):
        separators = [at for block in blocks for at in (block.top, *block.levels, block.bottom)]
        separators = [at for n, at in enumerate(separators) if n == 0 or at - separators[n - 1] > SAME_COLUMN]
    else:
        separators = _unite(separators, [at for block in blocks for at in block.levels])
    body = leaf.body()
    ceiling = max((line.bottom for line in body if line.bottom <= top), default=0.0)
    floor = min((line.top for line in body if line.top >= bottom), default=leaf.page.height)
    upper = [at for at in separators if ceiling - 1 <= at <= top + 2]
    lower = [at for at in separators if bottom - 2 <= at <= floor + 1]
    ruled = any(block.ruled for block in blocks)
    evidence: TableEvidence
    if blocks:
        evidence = "grid" if ruled and "rule" in kinds else "rules" if ruled or "rule" in kinds else "fills"
    else:
        evidence = "rules" if "rule" in kinds else "fills" if kinds else "gutter"
    region = Region(boundary, (x0, max(upper, default=top), x1, min(lower, default=bottom)), evidence)
    region.separators = [at for at in separators if region.top + 2 < at < region.bottom - 2]
    if "rule" in kinds:
        if not strips:
            drawn = [edge for edge in leaf.edges.horizontal if edge.kind == "rule" or not ruled]
            closed = [_runs_along(drawn, at, x0, x1) for at in (region.top, region.bottom)]
            region.closed_top, region.closed_bottom = closed
        else:
            region.closed_top, region.closed_bottom = bool(upper), bool(lower)
    region.nested = [nested for block in blocks for nested in block.nested]
    region.cells = evidence == "grid" and not strips
    region.rests = rests
    region.at_gutter = own.boundary is None
    region.label_left = own.extent[0] if region.at_gutter else None
    region.numbering = next((block.numbering for block in blocks if block.numbering is not None), None)
    leaders = _find_leaders(leaf, x0, own.start)
    region.marked = marked = own.colons + len(leaders) >= MARKED * own.support
    for strip in strips:
        left, right = own.sides(strip)
        left, right = _divide_crossing(leaf, own, left, right)
        if marked:
            colons = [p for p in strip.pieces if p.text == ":" and p.x0 < own.start + 1]
            if colons or any(abs(strip.baseline - at) <= SAME_EDGE for at in leaders):
                region.marks.append(strip.baseline)
            leaf.ornaments.update(index for p in colons for index in p.ids)
            left, right = ([p for p in side if p not in colons] for side in (left, right))
        region.label_ids.extend(index for p in left for index in p.ids)
        region.value_ids.extend(index for p in right for index in p.ids)
    spanned = {id(p): p for block in blocks for span in block.spans for p in span.pieces}
    for p in inside:
        in_label = (p.x0 + p.x1) / 2 < boundary and id(p) not in spanned
        (region.label_ids if in_label else region.value_ids).extend(p.ids)
    leaf.regions.append(region)


def _find_leaders(leaf: Leaf, left: float, right: float) -> set[float]:
    """Find the base lines, points, of the dots that lead from labels to values, between two x."""
    glyphs = leaf.page.glyphs
    inside = [index for index in leaf.ornaments if left < glyphs.lefts[index] and glyphs.rights[index] < right]
    return {glyphs.settings[glyphs.setting_ids[index]].baseline for index in inside}
