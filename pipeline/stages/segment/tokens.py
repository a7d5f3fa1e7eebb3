"""What the model gives states to: on each page the tables that edges show, and the lines outside of them."""

import math
from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise

from pipeline.stages.segment.blocks import LeftOut, find_blocks
from pipeline.stages.segment.page_analysis import (
    Block,
    PageBody,
    PageTokens,
    Piece,
    Strip,
    WideTable,
    make_strips,
    measure_gap,
)
from pipeline.stages.segment.parts import leave_out_notes
from pipeline.stages.segment.region import TypeScale
from pipeline.stages.segment.tight import part_tight_columns
from pipeline.stages.segment.wider import take_out_wider_tables


def find_tokens(bodies: Sequence[PageBody], scale: TypeScale) -> list[PageTokens]:
    """Find the tables that edges show, by the boundaries that they have on all pages, and the lines outside.

    Args:
        bodies: The pages.
        scale: What all pages show.
    """
    known = [at for body in bodies for at in body.boundaries]
    found = [_find_outside(body, known, scale) for body in bodies]
    lines = [strips for _, strips, _ in found]
    part_tight_columns(lines)
    pages: list[PageTokens] = []
    for body, (blocks, _, left_out), (strips, wide) in zip(
        bodies, found, take_out_wider_tables(bodies, lines, scale), strict=True
    ):
        tables = (block for block in blocks if block.columns > 1)
        items: list[Strip | Block] = [*strips, *tables]
        items.sort(key=lambda item: (item.top, item.x0))
        for item in items:
            if isinstance(item, Block) and item.boundary is None:
                own = zip(body.lines, body.pieces, strict=True)
                wide.append(WideTable(item.columns, [line for line, pieces in own if any(map(item.holds, pieces))]))
        pages.append(PageTokens(body, blocks, strips, items, wide, left_out))
    _link_pages(pages)
    return pages


def _find_outside(body: PageBody, known: Sequence[float], scale: TypeScale) -> tuple[list[Block], list[Strip], LeftOut]:
    """Find the blocks of a page, and the lines outside; pieces next to closed frames are left out."""
    pieces, notes = leave_out_notes(body.pieces, scale)
    blocks, others = find_blocks(body, pieces, known)
    tables = [block for block in blocks if block.columns > 1]
    closed = [block for block in tables if block.framed]
    out = {index for _, ids in others for index in ids}
    loose: list[Piece] = []
    apart: list[Piece] = []
    for piece in pieces:
        if any(block.holds(piece) for block in tables) or out.issuperset(piece.ids):
            continue
        beside = any(block.top <= piece.middle <= block.bottom for block in closed)
        (apart if beside else loose).append(piece)
    numbers = len(apart) > 1 and all(piece.text.isdecimal() for piece in apart)
    for name, own in (("margin_note", notes), ("line_numbers" if numbers else "margin_note", apart)):
        others.append((name, [index for piece in own for index in piece.ids]))
    return blocks, _make_page_strips(body, loose), others


def _make_page_strips(body: PageBody, pieces: Sequence[Piece]) -> list[Strip]:
    """Make lines of pieces, each with what is around it on its page."""
    strips, level = make_strips(pieces), body.edges.horizontal
    for upper, lower in pairwise(strips):
        pictures = lower.top - upper.bottom - measure_gap(body, upper, lower)
        upper.below = lower.above = lower.above - pictures
    for strip in strips:
        strip.pictures = [p.x0 for p in body.page.pictures if p.top <= strip.middle <= p.bottom and p.x0 > strip.x0]
        areas = [f.top for f in body.edges.fills if f.top <= strip.middle <= f.bottom and f.x0 <= strip.x0 <= f.x1]
        strip.area = max(areas, default=None)
        middles = [-math.inf if strip.before is None else strip.before.middle, strip.middle]
        middles.append(math.inf if strip.after is None else strip.after.middle)
        places = [bisect_left(level, at, key=lambda edge: edge.at) for at in middles]
        strip.edges = list(level[places[0] : places[1]]), list(level[places[1] : places[2]])
    return strips


def _link_pages(pages: Sequence[PageTokens]) -> None:
    """Give each page's last line the first one of the next, also where that is in a table that edges show."""
    for upper, lower in pairwise(page for page in pages if page.items):
        last, first = upper.items[-1], lower.items[0]
        if isinstance(last, Block):
            continue
        if isinstance(first, Block):
            inside = [p for pieces in lower.body.pieces for p in pieces if first.holds(p)]
            last.follows = next(iter(make_strips(inside)), None)
        else:
            last.follows, first.leads = first, last
