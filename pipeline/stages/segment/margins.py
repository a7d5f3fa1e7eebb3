"""Furniture candidates: lines at a page's upper or lower edge that recur on other pages.

Works from the edge inwards: a line is a candidate only where nothing but candidates lies beyond it. Two lines are the
same when they stand at the same height and read the same with their numbers masked, so that `7`, `7/55` and `- 7 -`
recur as page numbers do. A line in a candidate's place and size is one too, even if it reads otherwise (furniture that
differs on odd and even pages).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

from pipeline.models.page import Page
from pipeline.stages.segment.lines import GlyphLine, read_line, split_runs

SAME_HEIGHT = 3.0
"""Largest difference in height, in points, of the same running line on two pages."""
DEEPEST = 4
"""Most lines that a running header or footer has."""
MARGIN_SHARE = 0.17
"""Share of the page's height, at either edge, in which furniture can stand."""
NUMBER_SHARE = 0.3
"""The same for a page number by itself: below wide margins, nothing else shows where the text ends."""
LONGEST_NUMBERED = 60
"""Most characters of a running line whose numbers may differ: longer lines that differ are text."""
LARGER_TYPE = 1.12
"""Ratio to the body's font size from which a line is set larger."""
SMALL_TYPE = 0.95
"""Ratio to the body's font size below which a line is set smaller."""
OUTLIER_SHARE = 0.08
"""Share of the page's height, at either edge, in which a line that recurs nowhere can be furniture."""
SMALL_SHARE = 0.12
"""The same for a line in smaller type, or for one in the place of another page's, outside the columns."""
LEAST_RECURRING = 3
"""Least number of pages on which a line set as the table's columns recurs for it to be a running line."""
RECURRING_SHARE = 0.3
"""The same as a share of the pages."""
SAME_TYPE = 0.3
"""Largest difference, in points, of font sizes that are one."""
OUTLIER_GAP = 2.0
"""Least base line distance of a running line from the body, as a multiple of its font size."""
BODY_OUTLIER_GAP = 3.0
"""The same for a line in body type that recurs nowhere: a row's label may stand by itself at a page's foot."""
LEAST_STARTS = 4
"""Least number of runs of text that begin at one x for it to be a column's edge."""
STARTS_SHARE = 0.1
"""The same as a share of the runs at the most frequent x."""
NUMBER = re.compile(r"\d+")


def find_margin_lines(
    pages: Sequence[Page], lines: Sequence[Sequence[GlyphLine]], bounded: Sequence[set[int]], body_size: float
) -> list[set[int]]:
    """Find furniture candidates.

    Args:
        pages: The pages.
        lines: For each page its lines, top to bottom.
        bounded: For each page the indices of the lines that stand in cells, which are none.
        body_size: Font size of most glyphs, points: a larger line is a heading, even if it recurs, but for a number.

    Returns:
        For each page the indices of its candidates in `lines`.
    """
    found: list[set[int]] = [set() for _ in pages]
    barred = [
        inside
        | {
            index
            for index, line in enumerate(own)
            if line.size > LARGER_TYPE * body_size and not _is_lone_number(_mask(page, line))
        }
        for page, inside, own in zip(pages, bounded, lines, strict=True)
    ]
    columns = _ColumnStarts(pages, lines)
    for from_top in (True, False):
        _peel(pages, lines, barred, found, from_top, columns)
    for from_top in (True, False):
        _take_titles(pages, lines, barred, found, (from_top, body_size))
        _take_outliers(pages, lines, barred, found, (from_top, body_size), columns)
    return found


def _take_titles(
    pages: Sequence[Page],
    lines: Sequence[Sequence[GlyphLine]],
    barred: Sequence[set[int]],
    found: list[set[int]],
    kind: tuple[bool, float],
) -> None:
    """Take lines that repeat a heading, in the body's type, at a page's edge: the running title of a chapter.

    On a page or two they recur nowhere, and may begin where rows do.
    """
    from_top, body_size = kind
    headings: dict[str, int] = {}
    for number, (page, own) in enumerate(zip(pages, lines, strict=True)):
        for line in own:
            if line.size > LARGER_TYPE * body_size:
                headings.setdefault(read_line(page, line), number)
    for number, (page, own) in enumerate(zip(pages, lines, strict=True)):
        left = [index for index in range(len(own)) if index not in found[number]]
        if not left:
            continue
        index = left[0] if from_top else left[-1]
        if (
            index not in barred[number]
            and _height(page, own[index], from_top) <= OUTLIER_SHARE * page.height
            and _clear_of_body(own, found[number], index, from_top)
            # A list of contents stands before its headings.
            and headings.get(read_line(page, own[index]), len(pages)) <= number
        ):
            found[number].add(index)


class _ColumnStarts:
    """The x at which the runs of text of many lines begin: lines that begin there are a table's, even by themselves."""

    def __init__(self, pages: Sequence[Page], lines: Sequence[Sequence[GlyphLine]]) -> None:
        self.pages = pages
        self.lines = lines
        self.starts: Counter[int] | None = None
        self.usual: set[int] = set()
        self.rows: set[int] = set()
        self.left = 0
        self.texts: Counter[str] | None = None

    def at_left(self, line: GlyphLine) -> bool:
        """Return whether a line begins where the leftmost column does."""
        self._measure()
        return abs(round(line.x0) - self.left) <= 1

    def begin_rows(self, line: GlyphLine) -> bool:
        """Return whether a line begins where rows do: lines with text in several columns, or else all text."""
        self._measure()
        return any(abs(round(line.x0) - x) <= 1 for x in self.rows) if self.rows else self.at_left(line)

    def _measure(self) -> None:
        if self.starts is None:
            pairs = zip(self.pages, self.lines, strict=True)
            runs = [[round(x0) for x0, _ in split_runs(page, line)] for page, own in pairs for line in own]
            rows = Counter(own[0] for own in runs if len(own) > 1)
            self.rows = {x for x, count in rows.items() if count >= LEAST_STARTS}
            self.starts = Counter(x for own in runs for x in own)
            most = max(self.starts.values(), default=0)
            self.usual = {x for x, count in self.starts.items() if count >= max(LEAST_STARTS, STARTS_SHARE * most)}
            self.left = min(self.usual, default=0)

    def are_labels(self, masked: str) -> bool:
        """Return whether a text begins many lines in the middle of pages, as a label does; numbers are masked."""
        if self.texts is None:
            self.texts = Counter(
                _mask_text(_first_run(page, line))
                for page, own in zip(self.pages, self.lines, strict=True)
                for line in own
                if MARGIN_SHARE * page.height < line.baseline < (1 - MARGIN_SHARE) * page.height
            )
        return self.texts[masked] >= LEAST_STARTS

    def hold(self, number: int, line: GlyphLine) -> bool:
        """Return whether a line of a page is set in columns: all its runs begin where those of many lines do.

        A line with one run at the left edge of the text may be a running line, too.
        """
        self._measure()
        runs = [round(x0) for x0, _ in split_runs(self.pages[number], line)]
        if len(runs) == 1 and runs[0] <= self.left + 1:
            return False
        return all(any(x + shift in self.usual for shift in (-1, 0, 1)) for x in runs)


def _take_outliers(
    pages: Sequence[Page],
    lines: Sequence[Sequence[GlyphLine]],
    barred: Sequence[set[int]],
    found: list[set[int]],
    kind: tuple[bool, float],
    columns: _ColumnStarts,
) -> None:
    """Take lines that recur nowhere, but stand beyond where the text of all other pages begins or ends.

    So stands a running line of a short edition whose other pages have none (a first page without, odd and even pages).
    """
    from_top, body_size = kind
    outer: dict[int, int] = {}
    for number, own in enumerate(lines):
        left = [index for index in range(len(own)) if index not in found[number]]
        if left:
            outer[number] = left[0] if from_top else left[-1]
    apart = {
        number
        for number, index in outer.items()
        if index not in barred[number]
        and _height(pages[number], lines[number][index], from_top) <= SMALL_SHARE * pages[number].height
        and _clear_of_body(
            lines[number],
            found[number],
            index,
            from_top,
            least=OUTLIER_GAP
            if from_top
            or lines[number][index].size < SMALL_TYPE * body_size
            or not columns.at_left(lines[number][index])
            else BODY_OUTLIER_GAP,
        )
        and not columns.hold(number, lines[number][index])
    }
    alone = {
        number
        for number in apart
        if lines[number][outer[number]].size < SMALL_TYPE * body_size
        or _height(pages[number], lines[number][outer[number]], from_top) <= OUTLIER_SHARE * pages[number].height
    }

    def recurs(number: int, other: int) -> bool:
        """Return whether two pages' lines stand at one height in one type, and neither where rows begin."""
        one, two = lines[number][outer[number]], lines[other][outer[other]]
        heights = [_height(pages[page], line, from_top) for page, line in ((number, one), (other, two))]
        return (
            abs(heights[0] - heights[1]) <= SAME_HEIGHT
            and abs(one.size - two.size) < SAME_TYPE
            and not columns.begin_rows(one)
            and not columns.begin_rows(two)
        )

    bodies = {number: _body_edges(pages[number], lines[number], found[number], from_top) for number in outer}
    for number in apart:
        if number not in alone and not any(recurs(number, other) for other in apart - {number}):
            continue
        line = lines[number][outer[number]]
        height = _height(pages[number], line, from_top)
        small = line.size < SMALL_TYPE * body_size
        # Small lines at one height on several pages are running lines that differ; one in body type must be alone,
        # or recur outside the columns.
        others = [
            edges[1]
            if len(edges) > 1 and ((small and other in alone) or (other in apart and recurs(number, other)))
            else edges[0]
            for other, edges in bodies.items()
            if other != number and edges
        ]
        if others and height < min(others) - line.size:
            found[number].add(outer[number])


def _body_edges(page: Page, lines: Sequence[GlyphLine], found: set[int], from_top: bool) -> list[float]:
    """Give the distances of a page's two outermost lines that are no furniture from the page's edge."""
    left = [line for index, line in enumerate(lines) if index not in found]
    outermost = left[:2] if from_top else left[:-3:-1]
    return [_height(page, line, from_top) for line in outermost]


def _peel(
    pages: Sequence[Page],
    lines: Sequence[Sequence[GlyphLine]],
    barred: Sequence[set[int]],
    found: list[set[int]],
    from_top: bool,
    columns: _ColumnStarts,
) -> None:
    open_pages = set(range(len(pages)))
    slots: list[tuple[float, float]] = []
    for _ in range(DEEPEST):
        outer: dict[int, int] = {}
        for number in open_pages:
            left = [index for index in range(len(lines[number])) if index not in found[number]]
            outermost = (left[0] if from_top else left[-1]) if left else None
            if outermost is not None and outermost not in barred[number]:
                outer[number] = outermost
        masked = {number: _mask(pages[number], lines[number][index]) for number, index in outer.items()}
        keys = {
            number: text
            for number, text in masked.items()
            if _height(pages[number], lines[number][outer[number]], from_top)
            <= (NUMBER_SHARE if _is_lone_number(text) else MARGIN_SHARE) * pages[number].height
        }
        # A label that stands alone at the foot of two pages recurs in their middle, too.
        keys = {number: text for number, text in keys.items() if _is_lone_number(text) or not columns.are_labels(text)}
        counts: Counter[tuple[str, int]] = Counter()
        read: dict[str, set[str]] = {}
        for number, text in keys.items():
            read.setdefault(text, set()).add(read_line(pages[number], lines[number][outer[number]]))
            counts.update(
                {(text, slot) for slot in _slots(_height(pages[number], lines[number][outer[number]], from_top))}
            )
        taken: set[int] = set()
        for number, text in keys.items():
            height = _height(pages[number], lines[number][outer[number]], from_top)
            # A value's line may begin two pages by chance. A running line set where values begin recurs on many, or has
            # a number that goes on from page to page.
            least = 2
            if (
                len(read[text]) == 1
                and not _is_lone_number(text)
                and columns.hold(number, lines[number][outer[number]])
            ):
                least = max(LEAST_RECURRING, math.ceil(RECURRING_SHARE * len(pages)))
            if any(counts[(text, slot)] >= least for slot in _slots(height)):
                taken.add(number)
                slots.append((height, lines[number][outer[number]].size))
        for number in keys.keys() - taken:
            line = lines[number][outer[number]]
            height = _height(pages[number], line, from_top)
            lone_number = _is_lone_number(keys[number])
            same_place = any(
                abs(height - at) <= SAME_HEIGHT and abs(line.size - size) < SAME_TYPE for at, size in slots
            )
            if not (same_place or lone_number):
                continue
            clear = _clear_of_body(lines[number], found[number], outer[number], from_top)
            if clear and (lone_number or not columns.hold(number, line)):
                taken.add(number)
        if not taken:
            return
        for number in taken:
            found[number].add(outer[number])
        open_pages = taken


def _mask(page: Page, line: GlyphLine) -> str:
    return _mask_text(read_line(page, line))


def _mask_text(text: str) -> str:
    return NUMBER.sub("#", text) if len(text) <= LONGEST_NUMBERED else text


def _first_run(page: Page, line: GlyphLine) -> str:
    """Give the text of a line up to the first gap that parts columns, without white space."""
    end = split_runs(page, line)[0][1]
    texts, rights = page.glyphs.texts, page.glyphs.rights
    return "".join([texts[index] for index in line.ids if rights[index] <= end + 0.1]).replace(" ", "")


def _is_lone_number(masked: str) -> bool:
    """Return whether a line holds a page number only, perhaps between dashes or with the number of pages."""
    return "#" in masked and masked.strip(" -–—./|#") == ""


def _height(page: Page, line: GlyphLine, from_top: bool) -> float:
    """Distance from the edge the line belongs to, so that pages of different height compare."""
    return line.baseline if from_top else page.height - line.baseline


def _slots(height: float) -> tuple[int, int]:
    """The two coarse heights a line falls into, so that near heights always share one."""
    return int(height // (2 * SAME_HEIGHT)) * 2, int((height + SAME_HEIGHT) // (2 * SAME_HEIGHT)) * 2 + 1


def _clear_of_body(
    lines: Sequence[GlyphLine], found: set[int], index: int, from_top: bool, *, least: float = OUTLIER_GAP
) -> bool:
    """Return whether a line is parted from the body (or there is no body): by `least`, a multiple of its font size."""
    step = 1 if from_top else -1
    following = index + step
    while following in found:
        following += step
    if not 0 <= following < len(lines):
        return True
    line, body = lines[index], lines[following]
    return abs(body.baseline - line.baseline) > least * line.size
