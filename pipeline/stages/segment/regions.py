"""Lines and blocks with their states → the regions of tables on each page."""

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from pipeline.models.layout import TableEvidence
from pipeline.stages.segment.columns import SAME_START, ColumnCandidate
from pipeline.stages.segment.division import PAUSE
from pipeline.stages.segment.edges import COLUMN_BREAK, SAME_EDGE, SEPARATOR_SHARE, Edge, covered_share, find_separators
from pipeline.stages.segment.page_analysis import Block, PageAnalysis, Piece, Strip, measure_gap
from pipeline.stages.segment.region import SAME_COLUMN, Region, TypeScale
from pipeline.stages.segment.states import OUTSIDE, StatePath
from pipeline.stages.segment.wider import ROW_GAP
from pipeline.text.lines import is_bold
from pipeline.text.markers import BULLET_GAP, is_key
from pipeline.text.weights import WEIGHTS as W

MARKED = 0.4
"""Least share of lines with label and value that have a lone colon or a leader, for one to mark each row."""
BLOCK_GAP = 4.0
"""Largest vertical gap, in points, between the ruled cells of neighbouring rows."""
FILL_GAP = 1.5
"""Largest white space, as a multiple of the leading, between the coloured cells of neighbouring rows."""


def make_regions(path: StatePath) -> None:
    """Make regions of the runs of lines of one state.

    Args:
        path: The states, whose pages take the regions, and the wider tables that edges show.
    """
    analyses, tokens, states, candidates, scale = path.analyses, path.tokens, path.states, path.candidates, path.scale
    runs: list[list[int]] = []
    for place, (token, state) in enumerate(zip(tokens, states, strict=True)):
        analysis, item = analyses[token.page], token.item
        if isinstance(item, Block) and item.boundary is None:
            inside = {n for n, pieces in enumerate(analysis.pieces) if any(map(item.holds, pieces))}
            analysis.other.append((item.columns, inside - analysis.margin))
        elif state != OUTSIDE:
            last = tokens[place - 1]
            goes_on = runs and runs[-1][-1] == place - 1 and states[place - 1] == state and token.page == last.page
            if goes_on and token.frame == last.frame and _are_near(analysis, last.item, item, scale):
                runs[-1].append(place)
            else:
                runs.append([place])
    _measure_extents([(candidates[states[n] - 1], tokens[n].item) for run in runs for n in run])
    drawn = any(own.ruled for own in candidates)
    for run in runs:
        first, own = run[0], candidates[states[run[0]] - 1]
        items = [tokens[n].item for n in run]
        if own.boundary is None and (
            (drawn and _is_single_spaced(items, own, scale)) or not _shows_columns(items, own)
        ):
            continue
        # A table may begin with the rest of a row only where it begins its page, and the page before ends with one.
        rests = first > 0 and tokens[first - 1].page != tokens[first].page and states[first - 1] != OUTSIDE
        _make_region(analyses[tokens[first].page], own, items, scale, rests=rests)


def _are_near(analysis: PageAnalysis, upper: Strip | Block, lower: Strip | Block, scale: TypeScale) -> bool:
    """Return whether two lines or blocks are one table: blocks of neighbouring rows touch, or nearly so."""
    if isinstance(upper, Block) and isinstance(lower, Block):
        gap = lower.top - upper.bottom
        if gap > (BLOCK_GAP if upper.ruled else FILL_GAP * scale.leading):
            return False
        if gap > SAME_EDGE and lower.colours and upper.colours != lower.colours:
            return False
    return measure_gap(analysis, upper, lower) <= ROW_GAP * scale.leading


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


def _measure_extents(items: Sequence[tuple[ColumnCandidate, Strip | Block]]) -> None:
    """Measure how far the text of columns reaches that white space shows: over all their tables."""
    for own, item in items:
        if own.boundary is None and isinstance(item, Strip):
            labels = [p.x1 for p in own.sides(item)[0] if p.x1 < own.start and p.text != ":"]
            own.reach = max([own.reach, *labels])
            own.extent = min(own.extent[0], item.x0), max(own.extent[1], item.x1)


def _make_region(
    analysis: PageAnalysis, own: ColumnCandidate, items: Sequence[Strip | Block], scale: TypeScale, *, rests: bool
) -> None:
    blocks = [item for item in items if isinstance(item, Block)]
    strips = [item for item in items if isinstance(item, Strip)]
    left = min([own.extent[0], *(item.x0 for item in items)])
    right = max([own.extent[1], *(item.x1 for item in items)])
    top, bottom = min(item.top for item in items), max(item.bottom for item in items)
    boundary, reach, edges = _find_boundary(analysis, own), 0.0, analysis.edges
    if strips:
        reach = 2 * scale.leading
        near = [edge for edge in edges.horizontal if top - reach <= edge.at <= bottom + reach]
        left, right = (
            max([e.start for e in near if e.start <= left + 2 and e.end >= left] or [left]),
            min([e.end for e in near if e.end >= right - 2] or [right]),
        )
        others = [block for block in analysis.blocks if block.ruled]
        kept = [e for e in edges.horizontal if not any(b.top - 2 <= e.at <= b.bottom + 2 for b in others)]
        edges = edges._replace(horizontal=tuple(kept))
    separators, kinds = find_separators(edges, left, boundary, right, top - reach, bottom + reach)
    ruled = any(block.ruled for block in blocks)
    if not strips and all(block.ruled for block in blocks):
        separators = [at for block in blocks for at in (block.top, *block.levels, block.bottom)]
    body = analysis.body()
    ceiling = max((line.bottom for line in body if line.bottom <= top), default=0.0)
    floor = min((line.top for line in body if line.top >= bottom), default=analysis.page.height)
    upper = [at for at in separators if ceiling - 1 <= at <= top + 2]
    lower = [at for at in separators if bottom - 2 <= at <= floor + 1]
    evidence: TableEvidence = "rules" if ruled or "rule" in kinds else "fills" if blocks or kinds else "gutter"
    if ruled and "rule" in kinds:
        evidence = "grid"
    region = Region(boundary, (left, max(upper, default=top), right, min(lower, default=bottom)), evidence)
    region.separators = [at for at in separators if region.top + 2 < at < region.bottom - 2]
    if "rule" in kinds:
        region.closed_top, region.closed_bottom = bool(upper), bool(lower)
        if not strips:
            drawn = [edge for edge in analysis.edges.horizontal if edge.kind == "rule" or not ruled]
            region.closed_top, region.closed_bottom = (
                _runs_along(drawn, at, left, right) for at in (region.top, region.bottom)
            )
    region.nested = [nested for block in blocks for nested in block.nested]
    region.rests = rests
    region.cells = evidence == "grid" and not strips and own.parted
    region.at_gutter = own.boundary is None
    region.label_left = own.extent[0] if region.at_gutter else None
    region.numbering = next((block.numbering for block in blocks if block.numbering is not None), None)
    _place_strips(analysis, region, own, strips)
    spanned = {id(p) for block in blocks for span in block.spans for p in span.pieces}
    for number, pieces in enumerate(analysis.pieces):
        for p in pieces if number not in analysis.margin else ():
            if any(block.holds(p) for block in blocks):
                in_label = (p.x0 + p.x1) / 2 < boundary and id(p) not in spanned
                (region.label_ids if in_label else region.value_ids).extend(p.ids)
    # Edges around nothing, as of a black bar, are no table; text without labels goes on only at a page's top.
    if region.label_ids or (region.value_ids and not ceiling):
        analysis.regions.append(region)


def _find_boundary(analysis: PageAnalysis, own: ColumnCandidate) -> float:
    """Return the x between labels and values: where the rules of the columns leave a gap, or midway."""
    if own.boundary is not None:
        return own.boundary
    middles = [
        (one.end + other.start) / 2
        for one, other in pairwise(sorted(analysis.edges.horizontal, key=lambda edge: (edge.at, edge.start)))
        if abs(one.at - other.at) <= SAME_EDGE and 0 < other.start - one.end <= COLUMN_BREAK
    ]
    breaks = [middle for middle in middles if own.reach - 1 <= middle <= own.start + 1]
    return median(breaks) if len(breaks) > 1 else (own.reach + own.start) / 2


def _place_strips(analysis: PageAnalysis, region: Region, own: ColumnCandidate, strips: Sequence[Strip]) -> None:
    """Give a region the labels and values of its lines, and the base lines at which colons or leaders mark rows."""
    glyphs = analysis.page.glyphs
    leaders = {
        glyphs.settings[glyphs.setting_ids[index]].baseline
        for index in analysis.ornaments
        if region.x0 < glyphs.lefts[index] and glyphs.rights[index] < own.start
    }
    region.marked = own.colons + len(leaders) >= MARKED * own.support
    for strip in strips:
        left, right = _divide_crossing(analysis, own, *own.sides(strip))
        if region.marked:
            colons = [p for p in strip.pieces if p.text == ":"]
            if colons or any(abs(strip.baseline - at) <= SAME_EDGE for at in leaders):
                region.marks.append(strip.baseline)
            analysis.ornaments.update(index for p in colons for index in p.ids)
            left, right = ([p for p in side if p not in colons] for side in (left, right))
        region.label_ids.extend(index for p in left for index in p.ids)
        region.value_ids.extend(index for p in right for index in p.ids)


def _divide_crossing(
    analysis: PageAnalysis, own: ColumnCandidate, left: list[Piece], right: list[Piece]
) -> tuple[list[Piece], list[Piece]]:
    """Divide a piece with a label wider than its column: where its type changes, or behind its colon."""
    crossing = [p for p in (*left, *right) if p.x0 < own.split - 1 and p.x1 > own.split + 1]
    if not crossing:
        return left, right
    piece = crossing[0]
    glyphs, fonts = analysis.page.glyphs, analysis.page.fonts
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
    label, value = Piece(analysis.page, piece.ids[:place]), Piece(analysis.page, piece.ids[place:])
    others = [p for p in (*left, *right) if p is not piece]
    return [*(p for p in others if p.x0 < piece.x0), label], [value, *(p for p in others if p.x0 > piece.x0)]


def _runs_along(edges: Sequence[Edge], at: float, x0: float, x1: float) -> bool:
    """Return whether an edge runs along a table's end."""
    level = [edge for edge in edges if abs(edge.at - at) <= SAME_COLUMN]
    return covered_share(level, x0, x1) >= SEPARATOR_SHARE
