"""`Source` → `PageLayout`s by the table model."""

import math
from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise

from pipeline.models.artefact import Stored
from pipeline.models.edition import Layouts
from pipeline.models.layout import PageLayout
from pipeline.models.page import Source
from pipeline.stages.segment.agreement import believe_tags
from pipeline.stages.segment.blocks import find_blocks
from pipeline.stages.segment.columns import find_candidates
from pipeline.stages.segment.division import RowStyle
from pipeline.stages.segment.furniture import find_furniture
from pipeline.stages.segment.layout import lay_out
from pipeline.stages.segment.page_analysis import PageAnalysis, Piece, Strip, make_strips, measure_gap, take_analysis
from pipeline.stages.segment.parts import divide_pages, leave_out_notes, order_parts
from pipeline.stages.segment.region import Kind, TypeScale
from pipeline.stages.segment.regions import make_regions
from pipeline.stages.segment.row_style import choose_row_style, find_late_labels, group_by_kind, measure_reach
from pipeline.stages.segment.scale import measure_leadings, measure_scale
from pipeline.stages.segment.sides import place_labels
from pipeline.stages.segment.states import StatePath
from pipeline.stages.segment.tight import part_tight_columns
from pipeline.stages.segment.trace import NEAR_TIE, Trace, keep_near_ties, list_decisions
from pipeline.stages.segment.values_below import find_ruled_values, find_values_below
from pipeline.stages.segment.wider import leave_out_wider_tables


def segment_edition(
    stored: Stored[Source], trace: Trace | None = None, prepared: dict[int, PageAnalysis] | None = None
) -> Stored[Layouts]:
    """Find the cells of all pages; a trace takes how, and pages whose lines are divided already are used."""
    return stored.follow("segment", Layouts.model_construct(pages=segment_pages(stored.content, trace, prepared)))


def segment_pages(
    source: Source, trace: Trace | None = None, prepared: dict[int, PageAnalysis] | None = None
) -> tuple[PageLayout, ...]:
    """Find the tables, margin lines and free lines of every page.

    Args:
        source: The pages as read.
        trace: Takes the decisions of the model, where they are to be shown.
        prepared: Pages whose lines are divided already, by their numbers; those used are removed.

    Returns:
        One layout per page, in order, or several of a page that is divided.
    """
    ready = {} if prepared is None else prepared
    analyses = [take_analysis(page, ready) for page in source.pages]
    scale = measure_scale(analyses)
    believe_tags(analyses, scale.leading)
    _find_furniture(analyses, scale)
    analyses = divide_pages(analyses, scale)
    scale = measure_scale(analyses)
    strips = _find_strips(analyses, scale)
    part_tight_columns(strips)
    leave_out_wider_tables(analyses, strips, scale)
    candidates = find_candidates(analyses, strips, scale)
    candidates += find_values_below(strips, scale, drawn=any(own.boundary is not None for own in candidates))
    candidates += find_ruled_values(analyses, strips, candidates)
    path = StatePath(analyses, strips, candidates, scale)
    decisions = list(list_decisions(path, NEAR_TIE if trace is None else math.inf))
    if trace is not None:
        trace.splits += [own.split for own in candidates]
        trace.edges += [analysis.edges for analysis in analyses]
        trace.decisions += [decision for _, decision in decisions]
    make_regions(path)
    keep_near_ties(path, decisions)
    place_labels(analyses, scale)
    measure_reach(analyses, scale)
    find_late_labels(analyses)
    row_styles: dict[Kind, tuple[TypeScale, RowStyle]] = {}
    for kind, regions in group_by_kind(analyses).items():
        own = measure_leadings(regions, scale)
        row_styles[kind] = (own, choose_row_style(regions, own))
    return tuple(order_parts([lay_out(analysis, row_styles) for analysis in analyses]))


def _find_furniture(analyses: Sequence[PageAnalysis], scale: TypeScale) -> None:
    """Find the furniture, outside of the cells that edges show."""
    bounded = []
    for analysis in analyses:
        blocks = find_blocks(analysis, [p for pieces in analysis.pieces for p in pieces], ())
        cells = [block for block in blocks if block.columns > 1]
        bounded.append(
            {n for n, pieces in enumerate(analysis.pieces) if any(c.holds(p) for c in cells for p in pieces)}
        )
        analysis.blocks = blocks
        analysis.aside.clear()
    for analysis, furniture in zip(analyses, find_furniture(analyses, bounded, scale.size), strict=True):
        analysis.margin = furniture


def _find_strips(analyses: Sequence[PageAnalysis], scale: TypeScale) -> list[list[Strip]]:
    """Find the blocks of all pages, by the boundaries that their blocks with furniture have, and the other lines."""
    known = [block.boundary for analysis in analyses for block in analysis.blocks if block.boundary is not None]
    strips = []
    for analysis in analyses:
        lines = [pieces for number, pieces in enumerate(analysis.pieces) if number not in analysis.margin]
        body, notes = leave_out_notes(lines, scale)
        if notes:
            analysis.aside["margin_note"] = [index for p in notes for index in p.ids]
        analysis.blocks = find_blocks(analysis, body, known)
        strips.append(_loose_strips(analysis, body))
    return strips


def _loose_strips(analysis: PageAnalysis, body: Sequence[Piece]) -> list[Strip]:
    """The lines outside blocks; pieces next to closed frames are put aside."""
    tables = [block for block in analysis.blocks if block.columns > 1]
    closed = [block for block in tables if block.framed]
    out = {index for ids in analysis.aside.values() for index in ids}
    loose: list[Piece] = []
    apart: list[Piece] = []
    for piece in body:
        if any(block.holds(piece) for block in tables) or out.issuperset(piece.ids):
            continue
        beside = any(block.top <= piece.middle <= block.bottom for block in closed)
        (apart if beside else loose).append(piece)
    if apart:
        numbers = len(apart) > 1 and all(piece.text.isdecimal() for piece in apart)
        name = "line_numbers" if numbers else "margin_note"
        analysis.aside.setdefault(name, []).extend(index for piece in apart for index in piece.ids)
    strips = make_strips(loose)
    for upper, lower in pairwise(strips):
        pictures = lower.top - upper.bottom - measure_gap(analysis, upper, lower)
        upper.below = lower.above = lower.above - pictures
    for strip in strips:
        strip.pictures = [p.x0 for p in analysis.page.pictures if p.top <= strip.middle <= p.bottom and p.x0 > strip.x0]
        areas = [f.top for f in analysis.edges.fills if f.top <= strip.middle <= f.bottom and f.x0 <= strip.x0 <= f.x1]
        strip.area = max(areas, default=None)
        middles = [-math.inf if strip.before is None else strip.before.middle, strip.middle]
        middles.append(math.inf if strip.after is None else strip.after.middle)
        level = analysis.edges.horizontal
        places = [bisect_left(level, at, key=lambda edge: edge.at) for at in middles]
        strip.edges = list(level[places[0] : places[1]]), list(level[places[1] : places[2]])
    return strips
