"""`Source` → `PageLayout`s by the table model."""

import math

from pipeline.models.artefact import Stored
from pipeline.models.edition import Layouts
from pipeline.models.layout import PageLayout, Table
from pipeline.models.page import Source
from pipeline.stages.segment.agreement import believe_tags
from pipeline.stages.segment.columns import find_candidates
from pipeline.stages.segment.furniture import take_out_furniture
from pipeline.stages.segment.layout import lay_out, make_table
from pipeline.stages.segment.page_analysis import PageAnalysis, take_analysis
from pipeline.stages.segment.parts import divide_pages, order_parts
from pipeline.stages.segment.region import LabelledRegion
from pipeline.stages.segment.regions import make_regions
from pipeline.stages.segment.row_style import choose_row_style, group_by_kind, label_regions
from pipeline.stages.segment.scale import measure_leadings, measure_scale
from pipeline.stages.segment.states import StatePath
from pipeline.stages.segment.tokens import find_tokens
from pipeline.stages.segment.trace import NEAR_TIE, Trace, list_decisions, list_near_ties
from pipeline.stages.segment.values_below import find_ruled_values, find_values_below


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
    believed, agreements = believe_tags(analyses, scale.leading)
    bodies = divide_pages(take_out_furniture(believed, scale), scale)
    scale = measure_scale(bodies)
    pages = find_tokens(bodies, scale)
    candidates = find_candidates(pages, scale)
    candidates += find_values_below(pages, scale, drawn=any(own.boundary is not None for own in candidates))
    candidates += find_ruled_values(pages, candidates)
    path = StatePath(pages, candidates, scale)
    decisions = list(list_decisions(path, NEAR_TIE if trace is None else math.inf))
    if trace is not None:
        trace.splits += [own.split for own in candidates]
        trace.edges += [body.edges for body in bodies]
        trace.decisions += [decision for _, decision in decisions]
    ties = list_near_ties(path, decisions)
    regions = label_regions(bodies, make_regions(path), scale)
    tables: dict[LabelledRegion, Table] = {}
    for kind in group_by_kind([own for page in regions for own in page]):
        leadings = measure_leadings(kind, scale)
        style = choose_row_style(kind, leadings)
        tables.update((own, make_table(own, leadings, style)) for own in kind)
    # Of a page that is divided, the first part says how far its tags agree.
    layouts = [
        lay_out(page, [(region, tables[region]) for region in own], near, agreements.pop(page.body.page.number, None))
        for page, own, near in zip(pages, regions, ties, strict=True)
    ]
    return tuple(order_parts(layouts))
