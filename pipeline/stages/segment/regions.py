"""Lines and blocks with their states → the regions of tables on each page."""

import math
from array import array
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import median
from typing import Final, NamedTuple

from pipeline.models.layout import TableEvidence
from pipeline.stages.segment.columns import SAME_START, ColumnCandidate
from pipeline.stages.segment.division import PAUSE
from pipeline.stages.segment.edges import (
    COLUMN_BREAK,
    SAME_EDGE,
    Edges,
    find_separators,
    run_along,
)
from pipeline.stages.segment.lines import group_lines
from pipeline.stages.segment.page_analysis import Block, PageBody, PageTokens, Piece, Strip, measure_gap
from pipeline.stages.segment.region import SAME_COLUMN, Region, RegionColumn, TypeScale
from pipeline.stages.segment.states import OUTSIDE, StatePath
from pipeline.stages.segment.wider import ROW_GAP
from pipeline.text.lines import is_bold
from pipeline.text.markers import BULLET_GAP, is_key
from pipeline.text.weights import WEIGHTS as W

MARKED: Final = 0.4
"""Least share of lines with label and value that have a lone colon or a leader, for one to mark each row."""
BLOCK_GAP: Final = 4.0
"""Largest vertical gap, in points, between the ruled cells of neighbouring rows."""
FILL_GAP: Final = 1.5
"""Largest white space, as a multiple of the leading, between the coloured cells of neighbouring rows."""


def make_regions(path: StatePath) -> list[list[Region]]:
    """Make regions of the runs of lines of one state.

    Args:
        path: The states.

    Returns:
        The regions of each page.
    """
    tokens, states, candidates, scale = path.tokens, path.states, path.candidates, path.scale
    runs: list[list[int]] = []
    for place, (token, state) in enumerate(zip(tokens, states, strict=True)):
        if state == OUTSIDE:
            continue
        body, last = path.pages[token.page].body, tokens[place - 1]
        goes_on = runs and runs[-1][-1] == place - 1 and states[place - 1] == state and token.page == last.page
        if goes_on and token.frame is last.frame and _are_near(body, last.item, token.item, scale):
            runs[-1].append(place)
        else:
            runs.append([place])
    extents = _measure_extents([(candidates[states[n] - 1], tokens[n].item) for run in runs for n in run])
    drawn = any(own.ruled for own in candidates)
    found: list[list[Region]] = [[] for _ in path.pages]
    for run in runs:
        first, own = run[0], candidates[states[run[0]] - 1]
        items = [tokens[n].item for n in run]
        if own.boundary is None and (
            (drawn and _is_single_spaced(items, own, scale)) or not _shows_columns(items, own)
        ):
            continue
        # A table may begin with the rest of a row only where it begins its page, and the page before ends with one.
        rests = first > 0 and tokens[first - 1].page != tokens[first].page and states[first - 1] != OUTSIDE
        page = tokens[first].page
        found[page] += _make_region(path.pages[page], own, items, scale, extents[own], rests=rests)
    return found


def _are_near(body: PageBody, upper: Strip | Block, lower: Strip | Block, scale: TypeScale) -> bool:
    """Return whether two lines or blocks are one table: blocks of neighbouring rows touch, or nearly so."""
    if isinstance(upper, Block) and isinstance(lower, Block):
        gap = lower.top - upper.bottom
        if gap > (BLOCK_GAP if upper.ruled else FILL_GAP * scale.leading):
            return False
        if gap > SAME_EDGE and lower.colours and upper.colours != lower.colours:
            return False
    return measure_gap(body, upper, lower) <= ROW_GAP * scale.leading


def _shows_columns(items: Sequence[Strip | Block], own: ColumnCandidate) -> bool:
    """Return whether a value begins where those of its columns do, and whether its labels are more than numbers."""
    strips = [item for item in items if isinstance(item, Strip)]
    if len(strips) < len(items) or any(own.is_crossed(strip) for strip in strips):
        return True
    sides = [own.sides(strip) for strip in strips]
    labels = ["".join(p.text for p in left if p.text != ":") for left, _ in sides if left]
    if labels and all(is_key(text) and not text.isalpha() for text in labels):
        return False
    values = [right[0].x0 for left, right in sides if left and right]
    indents = [x0 - own.start for x0 in values]
    return not values or any(-W["same_start"] <= indent <= BULLET_GAP * strips[0].size for indent in indents)


def _is_single_spaced(items: Sequence[Strip | Block], own: ColumnCandidate, scale: TypeScale) -> bool:
    """Return whether lines are of one label and one value each, none set apart, without edges: no value runs on.

    In a document with drawn tables, such are contact lines and signatures.
    """
    strips = [item for item in items if isinstance(item, Strip)]
    sides = [own.sides(strip) for strip in strips]
    return (
        len(strips) == len(items)
        and all(left and right for left, right in sides)
        and all(lower.baseline - upper.baseline <= PAUSE * scale.leading for upper, lower in pairwise(strips))
    )


class _Extent(NamedTuple):
    """How far text reaches in columns that white space shows: right edge of the widest label, and both edges of all."""

    label: float = 0.0
    x0: float = math.inf
    x1: float = -math.inf


def _measure_extents(items: Iterable[tuple[ColumnCandidate, Strip | Block]]) -> dict[ColumnCandidate, _Extent]:
    """Measure how far the text of columns reaches: over all their tables."""
    found: dict[ColumnCandidate, _Extent] = defaultdict(_Extent)
    for own, item in items:
        if own.boundary is None and isinstance(item, Strip):
            labels = [p.x1 for p in own.sides(item)[0] if p.x1 < own.start and p.text != ":"]
            label, x0, x1 = found[own]
            found[own] = _Extent(max([label, *labels]), min(x0, item.x0), max(x1, item.x1))
    return found


def _make_region(
    page: PageTokens,
    own: ColumnCandidate,
    items: Sequence[Strip | Block],
    scale: TypeScale,
    extent: _Extent,
    *,
    rests: bool,
) -> list[Region]:
    """Make a region of a run of lines and blocks; none of edges around nothing."""
    body, blocks = page.body, [item for item in items if isinstance(item, Block)]
    strips = [item for item in items if isinstance(item, Strip)]
    left = min([extent.x0, *(item.x0 for item in items)])
    right = max([extent.x1, *(item.x1 for item in items)])
    top, bottom = min(item.top for item in items), max(item.bottom for item in items)
    boundary, reach, edges = _find_boundary(body.edges, own, extent), 0.0, body.edges
    if strips:
        reach = 2 * scale.leading
        near = [edge for edge in edges.horizontal if top - reach <= edge.at <= bottom + reach]
        left, right = (
            max([e.start for e in near if e.start <= left + 2 and e.end >= left] or [left]),
            min([e.end for e in near if e.end >= right - 2] or [right]),
        )
        others = [block for block in page.blocks if block.ruled]
        kept = [e for e in edges.horizontal if not any(b.top - 2 <= e.at <= b.bottom + 2 for b in others)]
        edges = edges._replace(horizontal=tuple(kept))
    separators, kinds = find_separators(edges, left, boundary, right, top - reach, bottom + reach)
    ruled = any(block.ruled for block in blocks)
    if not strips and all(block.ruled for block in blocks):
        separators = [at for block in blocks for at in (block.top, *block.levels, block.bottom)]
    elif not strips and not ruled:
        separators = sorted([*separators, *(at for block in blocks for at in block.levels)])
    ceiling = max((line.bottom for line in body.lines if line.bottom <= top), default=0.0)
    floor = min((line.top for line in body.lines if line.top >= bottom), default=body.page.height)
    upper = [at for at in separators if ceiling - 1 <= at <= top + 2]
    lower = [at for at in separators if bottom - 2 <= at <= floor + 1]
    evidence: TableEvidence = "rules" if ruled or "rule" in kinds else "fills" if blocks or kinds else "gutter"
    if ruled and "rule" in kinds:
        evidence = "grid"
    top, bottom = max(upper, default=top), min(lower, default=bottom)
    closed: list[bool] | list[None] = [None, None]
    if "rule" in kinds:
        closed = [bool(upper), bool(lower)]
        if not strips:
            drawn = [edge for edge in body.edges.horizontal if edge.kind == "rule" or not ruled]
            levels = [[edge for edge in drawn if abs(edge.at - at) <= SAME_COLUMN] for at in (top, bottom)]
            closed = [run_along(level, left, right) for level in levels]
    leaders = _find_leaders(body, left, own.start)
    marked = own.colons + len(leaders) >= MARKED * own.labels.count
    labels, values = array("I"), array("I")
    marks: list[float] = []
    colons: list[int] = []
    for strip in strips:
        signs = [p for p in strip.pieces if marked and p.text == ":"]
        if signs or (marked and any(abs(strip.baseline - at) <= SAME_EDGE for at in leaders)):
            marks.append(strip.baseline)
        colons += [index for p in signs for index in p.ids]
        for ids, side in zip((labels, values), _divide_crossing(own, *own.sides(strip)), strict=True):
            ids.extend(index for p in side if p not in signs for index in p.ids)
    spanned = {p for block in blocks for span in block.spans for p in span.pieces}
    for p in (p for pieces in body.pieces for p in pieces if any(block.holds(p) for block in blocks)):
        in_label = (p.x0 + p.x1) / 2 < boundary and p not in spanned
        (labels if in_label else values).extend(p.ids)
    # Edges around nothing, as of a black bar, are no table; text without labels goes on only at a page's top.
    if not labels and (not values or ceiling):
        return []
    return [
        Region(
            body=body,
            evidence=evidence,
            left=RegionColumn(left, boundary, labels, group_lines(body.page, labels)),
            right=RegionColumn(boundary, right, values, group_lines(body.page, values)),
            top=top,
            bottom=bottom,
            text_left=extent.x0 if own.boundary is None else None,
            separators=[at for at in separators if top + 2 < at < bottom - 2],
            numbering=next((block.numbering for block in blocks if block.numbering is not None), None),
            closed_top=closed[0],
            closed_bottom=closed[1],
            rests=rests,
            marked=marked,
            marks=marks,
            colons=colons,
            cells=evidence == "grid" and not strips and own.parted,
            nested=[nested for block in blocks for nested in block.nested],
        )
    ]


def _find_boundary(edges: Edges, own: ColumnCandidate, extent: _Extent) -> float:
    """Return the x between labels and values: where the rules of the columns leave a gap, or midway."""
    if own.boundary is not None:
        return own.boundary
    middles = [
        (one.end + other.start) / 2
        for one, other in pairwise(sorted(edges.horizontal, key=lambda edge: (edge.at, edge.start)))
        if abs(one.at - other.at) <= SAME_EDGE and 0 < other.start - one.end <= COLUMN_BREAK
    ]
    breaks = [middle for middle in middles if extent.label - 1 <= middle <= own.start + 1]
    return median(breaks) if len(breaks) > 1 else (extent.label + own.start) / 2


def _find_leaders(body: PageBody, left: float, right: float) -> set[float]:
    """Find the base lines, points, of leader dots and the like between two x."""
    glyphs = body.page.glyphs
    return {
        glyphs.settings[glyphs.setting_ids[index]].baseline
        for index in body.analysis.ornaments
        if left < glyphs.lefts[index] and glyphs.rights[index] < right
    }


def _divide_crossing(own: ColumnCandidate, left: list[Piece], right: list[Piece]) -> tuple[list[Piece], list[Piece]]:
    """Divide a piece with a label wider than its column: where its type changes, or behind its colon."""
    crossing = [p for p in (*left, *right) if p.x0 < own.split - 1 and p.x1 > own.split + 1]
    if not crossing:
        return left, right
    piece = crossing[0]
    glyphs, fonts = piece.page.glyphs, piece.page.fonts
    inked = [index for index in piece.ids if glyphs.ink[index]]
    bold = [is_bold(fonts[glyphs.settings[glyphs.setting_ids[index]].font]) for index in inked]
    colons = [n + 1 for n, index in enumerate(inked[:-1]) if glyphs.texts[index] == ":"]
    changes = [n for n in range(1, len(inked)) if bold[n - 1] and not bold[n]]
    meets = [n for n in range(1, len(inked)) if abs(glyphs.lefts[inked[n]] - own.start) <= SAME_START]
    if any(abs(x - own.start) <= SAME_START for x in piece.starts):
        changes = meets
    ends = [*changes[:1], *colons[-1:]]
    if not ends:
        others = [p for p in (*left, *right) if p is not piece]
        return ([piece], others) if all(bold) and others and not any(p.bold for p in others) else (left, right)
    place = piece.ids.index(inked[ends[0]])
    label, value = Piece(piece.page, piece.ids[:place]), Piece(piece.page, piece.ids[place:])
    others = [p for p in (*left, *right) if p is not piece]
    return [*(p for p in others if p.x0 < piece.x0), label], [value, *(p for p in others if p.x0 > piece.x0)]
