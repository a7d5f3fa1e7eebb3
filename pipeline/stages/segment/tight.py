"""Labels that end less than a gutter before their values: lines that show them are parted there."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from pipeline.stages.segment.lines import COLUMN_GAP
from pipeline.stages.segment.page_analysis import Strip
from pipeline.text.lines import LEAST
from pipeline.text.markers import are_labels

LEAST_TIGHT_GAP: Final = 0.65
"""Least white space there, as a share of the font size, where spaces are as wide: more than a typewriter's glyph."""


def part_tight_columns(strips: Sequence[Sequence[Strip]]) -> None:
    """Part lines where labels of several widths end at one x, less than a gutter before the x where values begin.

    White space wider than between words parts them, or a rule there.
    """
    single: list[tuple[Strip, float, float]] = []
    several = 0
    for strip in (strip for page in strips for strip in page):
        first, *rest = strip.pieces
        gaps = first.gaps
        # Pieces that overlap, as of text set vertically, have no white space between them.
        if rest and 0 <= rest[0].x0 - first.x1 < COLUMN_GAP * strip.size and ":" not in (first.text, rest[0].text):
            gaps = [(first.x1, rest[0].x0)]
        single += [(strip, *gaps[0])] if len(gaps) == 1 else []
        several += len(gaps) > 1
    # Text that is stretched, or of one glyph width, has several in most of its lines.
    least = LEAST_TIGHT_GAP if several >= len(single) else 0.0
    ends: dict[tuple[int, int], list[tuple[Strip, float]]] = defaultdict(list)
    for strip, end, start in single:
        if start - end >= least * strip.size or end == strip.pieces[0].x1:
            ends[round(end), round(start)].append((strip, start))
    for end, start in sorted(ends, key=lambda place: -len(ends[place])):
        near = [(end + i, start + j) for i in (-1, 0, 1) for j in (-1, 0, 1)]
        own = [(strip, x) for place in near for strip, x in ends.get(place, ()) if not strip.tight]
        halves = [s.pieces[:2] if s.pieces[1:] and s.pieces[1].x0 == x else s.pieces[0].cut(x) for s, x in own]
        labels = [label for label, _ in halves]
        widths = {round(label.x0) for label in labels}
        if len(widths) >= LEAST and are_labels([label.text for label in labels]):
            for (strip, _), (label, value) in zip(own, halves, strict=True):
                strip.pieces = [label, value, *(p for p in strip.pieces if p.x0 > value.x0)]
                strip.tight = True
