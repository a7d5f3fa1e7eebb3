"""Which sides of coloured areas a reader sees: an edge is one only where the colour changes across it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import chain, pairwise

from pipeline.models.page import Fill, Page
from pipeline.stages.segment.edges import Edge, Edges, merge_edges

Colour = tuple[float, float, float]

PAPER: Colour = (1.0, 1.0, 1.0)
ACROSS = 0.6
"""Distance, in points, from an edge at which the colours on both sides are compared: half of a hairline's width."""
SAME_TINT = 0.015
"""Largest difference of an RGB channel (0 to 1) that no reader sees."""
BUCKET = 24.0
"""Height, in points, of the stretches by which areas are looked up: about two lines of text."""
MOST_FILLS = 4000
"""Most areas of a page whose visibility is compared; a page with more is a drawing."""


class Tints:
    """The colours of a page, by place."""

    def __init__(self, fills: Sequence[Fill]) -> None:
        self.fills = fills
        self._buckets: dict[int, list[int]] = defaultdict(list)
        for number, fill in enumerate(fills):
            for bucket in range(int(fill.top // BUCKET), int(fill.bottom // BUCKET) + 1):
                self._buckets[bucket].append(number)

    def at(self, x: float, y: float) -> Colour:
        """The colour that shows at a place: that of the last area drawn there."""
        for number in reversed(self._buckets.get(int(y // BUCKET), ())):
            fill = self.fills[number]
            if fill.x0 <= x <= fill.x1 and fill.top <= y <= fill.bottom:
                return fill.colour
        return PAPER

    def near(self, top: float, bottom: float) -> list[Fill]:
        """The areas in a stretch of the page."""
        buckets = range(int(top // BUCKET), int(bottom // BUCKET) + 1)
        return [self.fills[number] for number in sorted({n for b in buckets for n in self._buckets.get(b, ())})]


def differ(one: Colour, other: Colour) -> bool:
    """Return whether a reader sees two colours as two."""
    return max(abs(a - b) for a, b in zip(one, other, strict=True)) > SAME_TINT


def find_visible_edges(page: Page) -> Edges:
    """Find the edges on a page that can be seen.

    Args:
        page: The page.

    Returns:
        Its edges, merged; of fills only sides across which the colour changes, and only fills that show such a side.
    """
    tints = Tints(_leave_out_bars(page) if len(page.fills) <= MOST_FILLS else ())
    vertical: list[Edge] = []
    horizontal: list[Edge] = []
    for rule in page.rules:
        if rule.x1 - rule.x0 >= rule.bottom - rule.top:
            horizontal.append(Edge((rule.top + rule.bottom) / 2, rule.x0, rule.x1, "rule"))
        else:
            vertical.append(Edge((rule.x0 + rule.x1) / 2, rule.top, rule.bottom, "rule"))
    shown: list[Fill] = []
    for fill in tints.fills:
        near = tints.near(fill.top - ACROSS, fill.bottom + ACROSS)
        upright = [_visible_side(tints, x, fill.top, fill.bottom, near, upright=True) for x in (fill.x0, fill.x1)]
        level = [_visible_side(tints, y, fill.x0, fill.x1, near, upright=False) for y in (fill.top, fill.bottom)]
        vertical += chain(*upright)
        horizontal += chain(*level)
        if any(upright + level) and differ(fill.colour, PAPER):
            shown.append(fill)
    return Edges(merge_edges(vertical), merge_edges(horizontal), tuple(shown))


def _leave_out_bars(page: Page) -> Sequence[Fill]:
    """Return a page's areas but for those that hold nothing and are painted over text, and so are no cells."""
    covered = [part for part in page.concealed if part.reason == "covered"]
    return [
        fill
        for fill in page.fills
        if not any(
            min(fill.x1, part.x1) - max(fill.x0, part.x0) > 1
            and min(fill.bottom, part.bottom) - max(fill.top, part.top) > 1
            for part in covered
        )
        or any(
            fill.x0 <= (glyph.x0 + glyph.x1) / 2 <= fill.x1
            and fill.top <= (glyph.top + glyph.bottom) / 2 <= fill.bottom
            for glyph in page.glyphs
        )
    ]


def _visible_side(
    tints: Tints, at: float, start: float, end: float, near: Sequence[Fill], *, upright: bool
) -> list[Edge]:
    """Return the stretches of a side across which the colour changes."""
    breaks = {start, end}
    for fill in near:
        along = (fill.top, fill.bottom) if upright else (fill.x0, fill.x1)
        across = (fill.x0, fill.x1) if upright else (fill.top, fill.bottom)
        if across[0] - 2 * ACROSS <= at <= across[1] + 2 * ACROSS:
            breaks.update(place for place in along if start < place < end)
    found: list[Edge] = []
    for low, high in pairwise(sorted(breaks)):
        middle = (low + high) / 2
        if upright:
            one, other = tints.at(at - ACROSS, middle), tints.at(at + ACROSS, middle)
        else:
            one, other = tints.at(middle, at - ACROSS), tints.at(middle, at + ACROSS)
        if differ(one, other):
            if found and found[-1].end == low:
                found[-1] = found[-1]._replace(end=high)
            else:
                found.append(Edge(at, low, high, "fill"))
    return found
