"""Furniture: running lines and page numbers at the upper or lower edge of pages.

Each page's outermost line is weighed, and the next one where it is furniture: what speaks for it and against it is
added up in signs, of which two are enough.
"""

import math
import re
from bisect import bisect_left, bisect_right, insort
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Final, Literal, NamedTuple, TypeVar

from pipeline.stages.segment.blocks import find_blocks
from pipeline.stages.segment.edges import run_along
from pipeline.stages.segment.lines import GlyphLine, read_line
from pipeline.stages.segment.page_analysis import BelievedAnalysis, PageAnalysis, PageBody
from pipeline.stages.segment.region import TypeScale
from pipeline.stages.segment.tags import find_artifacts
from pipeline.text.lines import LARGER_TYPE, LEAST, NEARLY_ALL, SAME_HEIGHT, SMALLER_TYPE

MARGIN_SHARE: Final = 0.17
"""Share of the page's height, at either edge, in which furniture can be."""
NUMBER_SHARE: Final = 0.3
"""The same for a page number by itself: below wide margins, nothing else shows where the text ends."""
OUTLIER_SHARE: Final = 0.12
"""The same for a line that recurs nowhere."""
CLEAR: Final = 2.0
"""Least base line distance of a running line from the body, as a multiple of its font size."""
CLEAR_LABEL: Final = 3.0
"""The same where it may be a row's label, which may be by itself at a page's bottom."""
MANY: Final = 0.3
"""Share of the pages on which a running line recurs that is set as the tables' columns."""
LEAST_STARTS: Final = 4
"""Least number of texts that begin at one x for it to be a column's edge, or that read the same to be labels."""
STARTS_SHARE: Final = 0.1
"""Least number of texts at a column's edge, as a share of those at the most frequent x."""
BOX_SHARE: Final = 0.5
"""Greatest height of a box, as a share of the page's: a border around the text is higher."""
LONGEST_NUMBERED: Final = 60
"""Most characters of a running line whose numbers may differ: longer lines that differ are text."""
NUMBER: Final = re.compile(r"\d+")
Kind = Literal["number", "larger", "smaller", "body"]
V = TypeVar("V", float, str)


class OutermostLine(NamedTuple):
    """A line with nothing but furniture beyond it.

    Attributes:
        page: Its page.
        number: Its number there.
        height: Distance of its base line from the edge, points, so that pages of different height compare.
        share: The same as a share of the page's height.
        size: Font size, points.
        read: Its text.
        text: The same with numbers masked, where they may differ.
        kind: Whether it is a page number by itself, or how it is set.
        columns: Whether it is in the columns of the tables.
        starts_row: Whether it begins where rows do.
        clear: Whether it is clear of the body.
        apart: Whether it is that, near the edge and outside the columns.
        body: Distance from the edge of the outermost line that is not apart, points.
    """

    page: int
    number: int
    height: float
    share: float
    size: float
    read: str
    text: str
    kind: Kind
    columns: bool
    starts_row: bool
    clear: bool
    apart: bool
    body: float


class _PageEdge:
    """What is outermost at one edge of all pages."""

    def __init__(
        self, outer: Sequence[OutermostLine], taken: Sequence[OutermostLine], follow: Iterable[tuple[str, str]]
    ) -> None:
        self.follow = _group(follow)
        self.texts = _group((one.text, one.height) for one in (*outer, *taken))
        self.shifts: defaultdict[str, list[list[int]]] = defaultdict(list)
        for one in (*outer, *taken):
            numbers = NUMBER.findall(one.read) if one.text != one.read else ()
            self.shifts[one.text].append([int(number) - one.page for number in numbers])
        self.places = _group((str(round(one.size)), one.height) for one in taken)
        self.peers = _group((str(round(one.size)), one.height) for one in outer if one.apart and not one.starts_row)
        self.heights, self.bodies = sorted(one.height for one in outer), sorted(one.body for one in outer)

    def count(self, one: OutermostLine) -> int:
        """Count the pages on which a line reads the same at one height."""
        return _count_near(self.texts[one.text], one.height)

    def counts_pages(self, one: OutermostLine) -> bool:
        """Return whether one of its numbers grows by one from page to page, as no value does."""
        return any(len(set(shifts)) == 1 for shifts in zip(*self.shifts[one.text], strict=False))

    def has_place(self, one: OutermostLine) -> bool:
        """Return whether it is where furniture in its type is on other pages."""
        return _count_near(self.places[str(round(one.size))], one.height) > 0

    def is_beyond(self, one: OutermostLine) -> bool:
        """Return whether it is beyond the text of all other pages, but for lines like it at its height."""
        if len(self.heights) < 2:
            return False
        if one.kind == "smaller":
            return one.height + one.size < self.bodies[one.body == self.bodies[0]]
        alike = _count_near(self.peers[str(round(one.size))], one.height)
        return bisect_left(self.heights, one.height + one.size) == max(1, alike)


class _Pages:
    """All pages, with what they show of furniture."""

    def __init__(self, analyses: Sequence[PageAnalysis], bounded: Sequence[set[int]], size: float) -> None:
        self.analyses, self.bounded, self.size = analyses, bounded, size
        self.artifacts = find_artifacts(analyses, bounded)
        self.found: list[set[int]] = [set() for _ in analyses]
        starts, rows, headings, shared = Counter[int](), Counter[int](), dict[str, int](), Counter[str]()
        self.labels: Counter[str] = Counter()
        for page, analysis in enumerate(analyses):
            outer = set()
            for number, (line, pieces) in enumerate(zip(analysis.lines, analysis.pieces, strict=True)):
                starts.update(round(piece.x0) for piece in pieces)
                rows.update(round(piece.x0) for piece in pieces[: len(pieces) > 1])
                kind, read, text = self._read(page, number)
                within = MARGIN_SHARE < line.baseline / analysis.page.height < 1 - MARGIN_SHARE
                if within or len(pieces) > 1:
                    self.labels.update(_mask(piece.text) for piece in pieces[:1])
                if not within:
                    outer.add(text)
                if kind == "larger":
                    headings.setdefault(read, page)
            shared.update(outer)
        least = max(LEAST_STARTS, STARTS_SHARE * max(starts.values(), default=0))
        self.columns = {x for x, count in starts.items() if count >= least}
        self.left = min(self.columns, default=0)
        self.rows = {x for x, count in rows.items() if count >= LEAST_STARTS} or {self.left}
        self.headings = headings
        self.shared = {text for text, count in shared.items() if count >= max(2, NEARLY_ALL * len(analyses))}

    def take(self, step: int, taken: list[OutermostLine], *, outliers: bool) -> bool:
        """Take each page's outermost line where it is furniture, from the top (step 1) or the bottom (-1)."""
        outer = [one for page in range(len(self.analyses)) for one in self._find_outer(page, step)]
        seen = _PageEdge(outer, taken, [(one.text, self._read_follower(one, step)) for one in outer])
        found = [one for one in outer if self._is_furniture(one, seen, step, outliers=outliers)]
        for one in found:
            self.found[one.page].add(one.number)
        taken += found
        return bool(found)

    def _is_furniture(self, one: OutermostLine, seen: _PageEdge, step: int, *, outliers: bool) -> bool:
        """Add up the signs that a line is furniture."""
        if one.number in self.artifacts[one.page]:
            return True
        limit = NUMBER_SHARE if one.kind == "number" else MARGIN_SHARE
        if one.share > limit or one.number in self.bounded[one.page] or self._is_tagged_row(one):
            return False
        signs = 2 * (seen.count(one) >= self._least(one, seen, step))
        if one.kind != "larger":
            repeats = self.headings.get(one.read, len(self.analyses)) <= one.page
            signs += one.clear + (one.kind == "number") + 2 * repeats + (seen.has_place(one) and not one.columns)
            signs += outliers and one.apart and seen.is_beyond(one)
        return signs > 1

    def _is_tagged_row(self, one: OutermostLine) -> bool:
        """Return whether the file's tags, as far as they are believed, put a line into a table's row."""
        pieces = self.analyses[one.page].pieces[one.number]
        return any(place.row > 0 for piece in pieces for place in piece.places)

    def _least(self, one: OutermostLine, seen: _PageEdge, step: int) -> float:
        """Return the least number of pages on which such a line recurs where it is furniture."""
        if one.kind == "larger":
            number = range(len(self.analyses[one.page].lines))
            near = [n for n in (one.number - step, one.number + step) if n in number]
            shared = [self._read(one.page, n)[2] in self.shared for n in near]
            # On two pages, chapters may share their heading, and tables that begin alike have the same one.
            begins = step > 0 and len(set(seen.follow[one.text])) == 1
            if begins or (one.number - step in self.found[one.page] and not shared[0]):
                return math.inf
            return max(LEAST - any(shared), NEARLY_ALL * len(self.analyses))
        if self.labels[one.text] >= min(LEAST_STARTS, seen.count(one) + 1):
            return math.inf
        return max(LEAST, MANY * len(self.analyses)) if one.columns and not seen.counts_pages(one) else 2

    def _find_outer(self, page: int, step: int) -> list[OutermostLine]:
        """Find the outermost line that is not furniture by now, if there is any."""
        analysis = self.analyses[page]
        left = [n for n in range(len(analysis.lines))[::step] if n not in self.found[page]][:2]
        if not left:
            return []
        number, line = left[0], analysis.lines[left[0]]
        heights = [analysis.lines[n].baseline for n in left]
        heights = [at if step > 0 else analysis.page.height - at for at in heights]
        share, gap = heights[0] / analysis.page.height, (heights[-1] - heights[0]) / line.size or math.inf
        if gap > CLEAR and len(left) > 1 and _share_box(analysis, [analysis.lines[n] for n in left]):
            gap = 0.0
        kind, read, text = self._read(page, number)
        starts = [round(piece.x0) for piece in analysis.pieces[number]]
        # One text at the left edge shows no columns.
        columns = bool(starts) and (len(starts) > 1 or starts[0] > self.left + 1) and kind != "number"
        columns = columns and all(_is_near(x, self.columns) for x in starts)
        label = kind == "body" and _is_near(round(line.x0), {self.left})
        apart = gap > (CLEAR_LABEL if label else CLEAR) and share <= OUTLIER_SHARE and not columns
        apart = apart and number not in self.bounded[page] and kind != "larger"
        apart = apart and (len(starts) > 1 or not self.labels[text])
        return [
            OutermostLine(
                page=page,
                number=number,
                height=heights[0],
                share=share,
                size=line.size,
                read=read,
                text=text,
                kind=kind,
                columns=columns,
                starts_row=_is_near(round(line.x0), self.rows),
                clear=gap > CLEAR,
                apart=apart,
                body=heights[-1] if apart else heights[0],
            )
        ]

    def _read(self, page: int, number: int) -> tuple[Kind, str, str]:
        line = self.analyses[page].lines[number]
        read = read_line(self.analyses[page].page, line)
        text = _mask(read)
        if "#" in text and not text.strip(" -–—./|#"):
            return "number", read, text
        if line.size > LARGER_TYPE * self.size:
            return "larger", read, read
        return "smaller" if line.size < SMALLER_TYPE * self.size else "body", read, text

    def _read_follower(self, one: OutermostLine, step: int) -> str:
        """Read how the first line begins behind those that nearly all pages share."""
        analysis = self.analyses[one.page]
        for n in range(one.number, len(analysis.lines) if step > 0 else -1, step):
            shared = n in self.found[one.page] or self._read(one.page, n)[2] in self.shared
            if not shared or n in self.bounded[one.page]:
                return analysis.pieces[n][0].text if analysis.pieces[n] else ""
        return ""


def take_out_furniture(analyses: Sequence[BelievedAnalysis], scale: TypeScale) -> list[PageBody]:
    """Find the furniture of all pages, outside of the cells that edges show.

    Args:
        analyses: The pages.
        scale: What all pages show.

    Returns:
        The pages without it.
    """
    drawn = [find_blocks(analysis, [p for own in analysis.pieces for p in own], ())[0] for analysis in analyses]
    bounded = []
    for analysis, blocks in zip(analyses, drawn, strict=True):
        cells = [block for block in blocks if block.columns > 1]
        bounded.append({n for n, own in enumerate(analysis.pieces) if any(c.holds(p) for c in cells for p in own)})
    pages = _Pages(analyses, bounded, scale.size)
    edges: list[tuple[int, list[OutermostLine]]] = [(1, []), (-1, [])]
    while sum([pages.take(step, taken, outliers=False) for step, taken in edges]):
        pass
    for step, taken in edges:
        pages.take(step, taken, outliers=True)
    return [
        PageBody.of(analysis, furniture, [block.boundary for block in blocks if block.boundary is not None])
        for analysis, furniture, blocks in zip(analyses, pages.found, drawn, strict=True)
    ]


def _share_box(analysis: PageAnalysis, lines: Sequence[GlyphLine]) -> bool:
    """Return whether edges are around lines at all sides, as around a label and its value, and not around the page."""
    x0, x1 = min(line.x0 for line in lines), max(line.x1 for line in lines)
    top, bottom = min(line.top for line in lines), max(line.bottom for line in lines)
    edges = analysis.edges
    sides = [e.at for e in edges.vertical if run_along([e], top, bottom)]
    level = [e.at for e in edges.horizontal if run_along([e], x0, x1)]
    around = [max(at for at in (-math.inf, *level) if at < bottom), min(at for at in (math.inf, *level) if at > top)]
    closed = any(at < x0 for at in sides) and any(at > x1 for at in sides)
    return closed and around[0] <= top and bottom <= around[1] <= around[0] + BOX_SHARE * analysis.page.height


def _group(pairs: Iterable[tuple[str, V]]) -> defaultdict[str, list[V]]:
    """Group values by their keys, in order."""
    found: defaultdict[str, list[V]] = defaultdict(list)
    for key, value in pairs:
        insort(found[key], value)
    return found


def _count_near(heights: Sequence[float], height: float) -> int:
    return bisect_right(heights, height + SAME_HEIGHT) - bisect_left(heights, height - SAME_HEIGHT)


def _is_near(x: int, others: set[int]) -> bool:
    return not others.isdisjoint((x - 1, x, x + 1))


def _mask(text: str) -> str:
    return NUMBER.sub("#", text) if len(text) <= LONGEST_NUMBERED else text
