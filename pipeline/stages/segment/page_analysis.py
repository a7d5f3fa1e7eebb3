"""A page of the model: its lines in pieces, divided where columns can be, and the blocks that edges show on it."""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Final, NamedTuple, NewType

from pipeline.models.page import Fill, Page, Picture, pack_ids
from pipeline.stages.segment.edges import Colour, Edge, Edges, find_visible_edges
from pipeline.stages.segment.lines import (
    COLUMN_GAP,
    NO_GAP,
    WIDE_GAP,
    GlyphLine,
    divide_by_baseline,
    group_lines,
)
from pipeline.stages.segment.region import SAME_COLUMN
from pipeline.stages.segment.stamps import find_stamps
from pipeline.stages.segment.tags import find_place
from pipeline.text.lines import is_bold

ORNAMENT: Final = re.compile(r"[.·…‥․]{4,}|_{4,}|[\u2500-\u257f]+")
"""Leader dots, lines to write on, and rules set as characters: in stead of white space or a rule, no text."""
WIDE_SPACE: Final = 0.45
"""White space wider than between words, as a share of the font size, where columns nearly touch."""


class Piece:
    """A stretch of a line without wide white space or a vertical edge inside.

    Attributes:
        page: Its page.
        ids: Glyph ids, left to right.
        x0: Left edge, points.
        x1: Right edge, points.
        top: Upper edge, points.
        bottom: Lower edge, points.
        middle: Half height, points.
        baseline: Base line, points from the page's top.
        size: Font size, points.
        bold: Whether most of its glyphs are bold.
        text: Its visible characters.
        places: Where the tags say that its first and its last glyph are.
    """

    __slots__ = ("baseline", "bold", "bottom", "ids", "middle", "page", "places", "size", "text", "top", "x0", "x1")

    def __init__(self, page: Page, ids: Sequence[int], line: GlyphLine | None = None) -> None:
        """Take the ids; `line` is the line that they make, where it is known."""
        glyphs = page.glyphs
        inked = glyphs.keep_ink(ids)
        groups = glyphs.group_by_setting(inked)
        line = line or GlyphLine(glyphs, groups)
        self.ids = list(ids)
        self.x0, self.x1 = line.x0, line.x1
        self.top, self.bottom, self.middle = line.top, line.bottom, line.middle
        self.baseline, self.size = line.baseline, line.size
        texts = glyphs.texts
        self.text = "".join([texts[index] for index in inked])
        bold = [len(own) for number, own in groups.items() if is_bold(page.fonts[glyphs.settings[number].font])]
        self.bold = 2 * sum(bold) > len(inked)
        self.places = find_place(page.tags, inked[0]), find_place(page.tags, inked[-1])
        self.page = page

    @property
    def gaps(self) -> list[tuple[float, float]]:
        """Where white space wider than between words begins and ends, points."""
        glyphs, gap = self.page.glyphs, WIDE_SPACE * self.size
        inked = pairwise(index for index in self.ids if glyphs.ink[index])
        ends = ((glyphs.rights[a], glyphs.lefts[b]) for a, b in inked)
        return [(end, start) for end, start in ends if start - end > gap]

    @property
    def starts(self) -> list[float]:
        """X of the words that begin behind such white space, points."""
        return [start for _, start in self.gaps]

    @property
    def bold_end(self) -> int:
        """How many of its glyphs stand before the first that is not bold."""
        glyphs, fonts = self.page.glyphs, self.page.fonts
        plain = (
            place
            for place, index in enumerate(self.ids)
            if glyphs.ink[index] and not is_bold(fonts[glyphs.settings[glyphs.setting_ids[index]].font])
        )
        return next(plain, len(self.ids))

    @property
    def type(self) -> tuple[float, bool]:
        """Its size, points, and whether it is bold."""
        return round(self.size, 1), self.bold

    def cut(self, x: float) -> tuple[Piece, Piece]:
        """Divide it before the glyph that begins at an x."""
        lefts, ink = self.page.glyphs.lefts, self.page.glyphs.ink
        at = next(place for place, index in enumerate(self.ids) if ink[index] and lefts[index] >= x)
        return Piece(self.page, self.ids[:at]), Piece(self.page, self.ids[at:])


class Strip:
    """The pieces on one base line, left to right: what the model gives a state.

    `above` and `below` are the distances of its base line from its neighbours', points; 0 where it has none; `before`
    and `after` are the lines above and below it, `follows` the first line of the next page where it is its page's last,
    `leads` the last line of the page before where it is its page's first,
    `pictures` the left edges of pictures at its height, `area` the upper edge of the coloured area behind it, and
    `edges` the horizontal edges right above it, and those right below it; `tight` is true where its label and value are
    parted by less than a gutter.
    """

    __slots__ = (
        *("above", "after", "area", "baseline", "before", "below", "bottom", "edges", "follows", "leads", "pictures"),
        *("pieces", "size", "tight", "top", "x0", "x1"),
    )

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self.pieces = sorted(pieces, key=lambda piece: piece.x0)
        self.above = self.below = 0.0
        self.before: Strip | None = None
        self.after: Strip | None = None
        self.follows: Strip | None = None
        self.leads: Strip | None = None
        self.pictures: list[float] = []
        self.area: float | None = None
        self.tight = False
        self.edges: tuple[list[Edge], list[Edge]] = ([], [])
        largest = max(self.pieces, key=lambda piece: piece.size)
        self.size, self.baseline = largest.size, largest.baseline
        self.x0, self.x1 = self.pieces[0].x0, max(piece.x1 for piece in self.pieces)
        self.top, self.bottom = min(p.top for p in self.pieces), max(p.bottom for p in self.pieces)

    @property
    def middle(self) -> float:
        """Half height, points."""
        return (self.top + self.bottom) / 2

    @property
    def ids(self) -> list[int]:
        """Ids of all its glyphs."""
        return [index for piece in self.pieces for index in piece.ids]


class Nested(NamedTuple):
    """A row of cells inside a value cell: its height and the boundaries of its cells (points)."""

    top: float
    bottom: float
    at: tuple[float, ...]


class Band(NamedTuple):
    """What is between two edges across a frame: its extent, its inner boundaries and the pieces inside."""

    top: float
    bottom: float
    at: tuple[float, ...]
    pieces: list[Piece]

    def cells(self, boundaries: Sequence[float]) -> list[list[Piece]]:
        """The pieces between boundaries, left to right."""
        cells: list[list[Piece]] = [[] for _ in range(len(boundaries) + 1)]
        for piece in self.pieces:
            cells[bisect_right(boundaries, (piece.x0 + piece.x1) / 2)].append(piece)
        return cells


@dataclass(eq=False)
class Block:
    """A table that edges show on a page, or a frame.

    Attributes:
        x0: Left edge, points.
        top: Upper edge, points.
        x1: Right edge, points.
        bottom: Lower edge, points.
        boundary: x of the boundary of label and value; None for a frame or a wide table.
        columns: Number of columns.
        nested: Rows of cells inside value cells.
        spans: Values that span both columns, below their labels.
        levels: Heights inside at which edges part rows, points.
        ruled: Whether a rule draws the boundary.
        colours: Colours of the areas inside.
        framed: Whether its four sides are drawn.
        numbering: x behind a numbering column; None without one.
    """

    x0: float
    top: float
    x1: float
    bottom: float
    boundary: float | None = None
    columns: int = 1
    nested: list[Nested] = field(default_factory=list)
    spans: list[Band] = field(default_factory=list)
    levels: list[float] = field(default_factory=list)
    ruled: bool = False
    colours: frozenset[Colour] = frozenset()
    framed: bool = False
    numbering: float | None = None

    @property
    def middle(self) -> float:
        """Half height, points."""
        return (self.top + self.bottom) / 2

    def holds(self, piece: Piece) -> bool:
        """Return whether a piece is inside."""
        inside = self.top - 1 <= piece.middle <= self.bottom + 1
        return inside and self.x0 - SAME_COLUMN <= (piece.x0 + piece.x1) / 2 <= self.x1 + SAME_COLUMN


@dataclass(frozen=True, eq=False)
class PageAnalysis:
    """What a page, or a part of one, shows by itself: its edges, and its lines, divided where columns can be.

    Attributes:
        page: The page as read; its tags are those that are believed, once they are compared with it.
        edges: Its edges that can be seen.
        stamps: Ids of glyphs of stamps and watermarks.
        ids: Ids of the glyphs that it accounts for: all of its page's, or those of a part.
        upright: Those of them that are set upright and can be seen, but for stamps.
        lines: Their lines, top to bottom.
    """

    page: Page
    edges: Edges
    stamps: set[int]
    ids: Sequence[int]
    upright: Sequence[int]
    lines: Sequence[GlyphLine]

    @cached_property
    def pieces(self) -> list[list[Piece]]:
        """The pieces of each line, left to right; none of a line of ornaments."""
        return [self._split(line) for line in self.lines]

    @cached_property
    def ornaments(self) -> set[int]:
        """Ids of glyphs that stand for white space or a rule."""
        glyphs, found = self.page.glyphs, set[int]()
        for line in self.lines:
            if ORNAMENT.search("".join([glyphs.texts[index] for index in line.ids])) is not None:
                inked = [index for index in line.ids if glyphs.ink[index] and len(glyphs.texts[index]) == 1]
                text = "".join([glyphs.texts[index] for index in inked])
                found.update(inked[place] for match in ORNAMENT.finditer(text) for place in range(*match.span()))
        return found

    def take_part(self, ids: Sequence[int], box: tuple[float, float, float, float]) -> PageAnalysis:
        """Make a part of the page: of glyphs, and of the edges in a box (left, top, right, bottom; points)."""
        x0, top, x1, bottom = box
        vertical, horizontal, fills = self.edges
        edges = Edges(
            tuple(_clip(vertical, (x0 - 1, x1 + 1), (top, bottom))),
            tuple(_clip(horizontal, (top, bottom), (x0, x1))),
            tuple(
                fill
                for fill in fills
                if x0 <= (fill.x0 + fill.x1) / 2 <= x1 and fill.top < bottom and top < fill.bottom
            ),
        )
        own = pack_ids(sorted(ids))
        return PageAnalysis(self.page, edges, self.stamps, own, own, group_lines(self.page, ids))

    def _split(self, line: GlyphLine) -> list[Piece]:
        glyphs = self.page.glyphs
        texts, ink, lefts, rights = glyphs.texts, glyphs.ink, glyphs.lefts, glyphs.rights
        bars = iter(sorted(edge.at for edge in self.edges.vertical if _runs_beside(edge, line)))
        bar = next(bars, math.inf)
        out = self.ornaments
        gap, least = COLUMN_GAP * line.size, WIDE_GAP * line.size
        groups: list[list[int]] = []
        own: list[int] = []
        end = -math.inf
        waiting: list[int] = []
        apart, tags, cell = True, self.page.tags, 0
        for index in line.ids:
            if not ink[index]:
                waiting.append(index)
                continue
            if index in out:
                apart = True
                continue
            x0, x1 = lefts[index], rights[index]
            while bar < end - 1:
                bar = next(bars, math.inf)
            if x0 - end > least and not apart:
                behind = len(own) == 1 and texts[own[0]] == ":"
                apart = x0 - end > gap or behind or texts[index] == ":"
            if tags is not None:
                last, cell = cell, find_place(tags, index).cell
                apart = apart or cell != last
            if bar <= (x0 + x1) / 2 and not apart:
                # Text that runs over an edge without a gap, as spaced as its letters before, or with one space, is of
                # one cell, too narrow for it.
                spacing = lefts[own[-1]] - rights[own[-2]] if own[-2:] == [own[-1] - 1, own[-1]] else 0.0
                close = min(max(spacing, 0.0) + NO_GAP * line.size, least)
                drawn, reach = (waiting[-1], least) if waiting else (own[-1], close)
                apart = x0 - rights[drawn] > reach or drawn != index - 1 or len(waiting) > 1
            if waiting:
                own += waiting
                waiting = []
            if apart:
                own = []
                groups.append(own)
                apart = False
            own.append(index)
            if x1 > end:
                end = x1
        whole = line if len(groups) == 1 and (not out or out.isdisjoint(line.ids)) else None
        return [Piece(self.page, ids, whole) for ids in groups]


BelievedAnalysis = NewType("BelievedAnalysis", PageAnalysis)
"""An analysis whose tags are compared with all pages: what is left of them is believed."""


@dataclass(frozen=True, eq=False)
class PageBody:
    """A page, or a part of one, without its furniture.

    Attributes:
        analysis: What it shows by itself.
        furniture: Its lines that are furniture, top to bottom.
        lines: The others.
        pieces: Their pieces.
        boundaries: Boundaries of label and value that its edges show, points.
        end: Right edge of a part, points, where another one is right of it, else 0; None of a whole page.
    """

    analysis: PageAnalysis
    furniture: Sequence[GlyphLine]
    lines: Sequence[GlyphLine]
    pieces: Sequence[Sequence[Piece]]
    boundaries: Sequence[float] = ()
    end: float | None = None

    @classmethod
    def of(
        cls, analysis: PageAnalysis, furniture: set[int], boundaries: Sequence[float] = (), end: float | None = None
    ) -> PageBody:
        """Take the lines with some numbers for furniture."""
        margin = [line for number, line in enumerate(analysis.lines) if number in furniture]
        body = [number for number in range(len(analysis.lines)) if number not in furniture]
        lines, pieces = [analysis.lines[n] for n in body], [analysis.pieces[n] for n in body]
        return cls(analysis, margin, lines, pieces, boundaries, end)

    @property
    def page(self) -> Page:
        """The page as read."""
        return self.analysis.page

    @property
    def edges(self) -> Edges:
        """Its edges that can be seen."""
        return self.analysis.edges


class WideTable(NamedTuple):
    """A table of three columns or more: how many, and the lines that it is on."""

    columns: int
    lines: Sequence[GlyphLine]


@dataclass(frozen=True, eq=False)
class PageTokens:
    """A page, or a part of one, as the model takes it.

    Attributes:
        body: The page.
        blocks: The tables and the frames that edges show.
        strips: The lines outside, top to bottom.
        items: These lines and the tables that edges show, in reading order.
        wide: Tables of three or more columns, which are none of label and value.
        left_out: Ids of glyphs that are in none of these, with the name of what they are.
    """

    body: PageBody
    blocks: Sequence[Block]
    strips: Sequence[Strip]
    items: Sequence[Strip | Block]
    wide: Sequence[WideTable]
    left_out: Sequence[tuple[str, Sequence[int]]]


def _clip(edges: Sequence[Edge], within: tuple[float, float], along: tuple[float, float]) -> Iterator[Edge]:
    """List the edges between two places, as far as they run between two others (points)."""
    for edge in edges:
        start, end = max(edge.start, along[0]), min(edge.end, along[1])
        if within[0] <= edge.at <= within[1] and start < end:
            yield edge._replace(start=start, end=end)


def analyse_page(page: Page) -> PageAnalysis:
    """Find the edges and the lines of a page."""
    edges = find_visible_edges(page)
    seen = [setting.upright and not setting.concealed for setting in page.glyphs.settings]
    upright: Sequence[int] = range(len(page.glyphs))
    if not all(seen):
        upright = [index for index, setting in enumerate(page.glyphs.setting_ids) if seen[setting]]
    stamps = find_stamps(page, edges, upright)
    own = pack_ids([index for index in upright if index not in stamps] if stamps else upright)
    return PageAnalysis(page, edges, stamps, range(len(page.glyphs)), own, group_lines(page, own))


def prepare_page(page: Page) -> PageAnalysis:
    """Divide the lines of a page, but for what the tags of other pages decide."""
    analysis = analyse_page(page)
    if page.tags is None:
        _ = analysis.pieces
    return analysis


def take_analysis(page: Page, prepared: dict[int, PageAnalysis]) -> PageAnalysis:
    """Take a page's lines from those that are prepared, where they are of this very page; else divide it.

    Args:
        page: The page.
        prepared: Pages by their numbers; those taken are removed.
    """
    analysis = prepared.pop(page.number, None)
    return analysis if analysis is not None and analysis.page is page else analyse_page(page)


def _runs_beside(edge: Edge, line: GlyphLine) -> bool:
    """Return whether a vertical edge runs along more than half of a line's height, and may part it."""
    return 2 * (min(edge.end, line.bottom) - max(edge.start, line.top)) > line.bottom - line.top


def make_strips(pieces: Iterable[Piece]) -> list[Strip]:
    """Group pieces by base line, top to bottom."""
    ordered = sorted(pieces, key=lambda one: one.baseline)
    strips = [Strip(ordered[part]) for part in divide_by_baseline([(own.baseline, own.size) for own in ordered])]
    for upper, lower in pairwise(strips):
        upper.after, lower.before = lower, upper
        upper.below = lower.above = lower.baseline - upper.baseline
    return strips


def measure_gap(body: PageBody, upper: Strip | Block, lower: Strip | Block) -> float:
    """Measure the white space between two lines, points: without the pictures there, which are in cells."""
    gap = lower.top - upper.bottom
    if gap <= 0:
        return gap
    shapes: list[Picture | Fill] = [
        *body.page.pictures,
        *(fill for fill in body.edges.fills if fill.x1 - fill.x0 < body.page.width / 2),
    ]
    inside = sorted((s.top, s.bottom) for s in shapes if s.top >= upper.bottom - 2 and s.bottom <= lower.top + 2)
    # A picture next to a line, as next to a label at its middle.
    beside = (
        p for p in body.page.pictures if p.x0 > upper.x0 and p.top < upper.bottom - 2 and p.bottom <= lower.top + 2
    )
    inside = sorted([*((p.top, p.bottom) for p in beside if p.bottom > upper.bottom), *inside])
    reached = upper.bottom
    for top, bottom in inside:
        gap -= max(0.0, bottom - max(top, reached))
        reached = max(reached, bottom)
    return gap
