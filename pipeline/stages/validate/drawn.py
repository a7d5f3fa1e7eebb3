"""Text that is drawn, as outlines or in a picture, or can't be seen, where a practice's rows are."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from pipeline.models.chapter import Chapter
from pipeline.models.edition import PageInfo
from pipeline.models.geometry import Box
from pipeline.models.page import Concealed, Drawn
from pipeline.models.report import Issue
from pipeline.models.row import Fragment

_Parts = Sequence[tuple[str, Fragment, bool]]
RECURRING: Final = 3
"""Pages on which a thing is at the same place from which on it is a running one: a logo, an ornament."""
LEAST_LINES: Final = 3
"""Least number of drawn lines on a page without rows that is no title page: a title is drawn in one or two."""
SAME_EDGE: Final = 3.0
"""Largest distance, in points, of a line's left edge from that of a column's lines that is the column's; what reaches
less into a cell is not in it."""
INSIDE: Final = 0.7
"""Least share of a picture's width and height that is inside an empty cell: a page's background is behind many."""
OVERLAP: Final = 0.25
"""Least overlap of two words, as a share of the font size: words of one text are parted by white space."""
CELL_SHARE: Final = 0.2
"""Least share of an empty cell's height that a picture in it takes: a tick box or a bullet is no value."""


def report_drawn(pages: Sequence[PageInfo], chapters: Sequence[Chapter]) -> Iterator[Issue]:
    """Report lines of drawn letters among a practice's rows, and pictures in a row's place or in an empty cell.

    Args:
        pages: The pages, with what is drawn on them.
        chapters: The chapters.
    """
    places = Counter(_place(part) for page in pages for part in page.drawn)
    rows = _list_rows(chapters)
    for page in pages:
        owned: dict[str, list[Drawn]] = defaultdict(list)
        for drawn in page.drawn:
            if places[_place(drawn)] < RECURRING and (owner := _find_owner(drawn, rows.get(page.number, ()))):
                owned[owner].append(drawn)
        before = [number for number in rows if number < page.number]
        if page.number not in rows and before and page.number < max(rows):
            lines = [drawn for drawn in page.drawn if drawn.kind == "letters"]
            if len(lines) >= LEAST_LINES:
                owned[rows[max(before)][-1][0]] = lines
        for practice, found in owned.items():
            lines = [drawn for drawn in found if drawn.kind == "letters"]
            yield Issue.of(
                "text_drawn",
                practice=practice,
                box=_unite(page.number, lines or found),
                lines=len(lines),
                pictures=len(found) - len(lines),
            )


def report_concealed(pages: Sequence[PageInfo], chapters: Sequence[Chapter]) -> Iterator[Issue]:
    """Report text that can't be seen where a label is expected, and none can be seen, or that is all of a value.

    Args:
        pages: The pages, with what is concealed on them.
        chapters: The chapters.
    """
    rows = _list_rows(chapters)
    for page in pages:
        for part in page.concealed:
            if found := _find_loss(part, rows.get(page.number, ())):
                practice, place = found
                box = _unite(page.number, [part])
                yield Issue.of("row_concealed", practice=practice, box=box, count=part.glyphs, place=place)


def report_overlapping(chapters: Sequence[Chapter]) -> Iterator[Issue]:
    """Report texts that are set over one another in a label or a value: words that begin before the last one ends.

    Args:
        chapters: The chapters.
    """
    for chapter in chapters:
        parts = [part for row in chapter.rows for part in row.fragments]
        for line in [line for part in parts for line in (*part.label_lines, *part.value_lines)]:
            if any(two.x0 < one.x1 - OVERLAP * line.size for one, two in pairwise(line.words)):
                yield Issue.of("texts_overlap", practice=chapter.id, box=line.box, text=line.text)


def _find_loss(part: Concealed, found: _Parts) -> tuple[str, str] | None:
    """Return the practice that lacks concealed text, and in which place; None where nothing seems to be lost by it."""

    def is_over(box: Box) -> bool:
        return (
            min(part.x1, box.x1) - max(part.x0, box.x0) > SAME_EDGE
            and min(part.bottom, box.bottom) - max(part.top, box.top) > SAME_EDGE
        )

    for practice, row, _ in found:
        seen = any(line.box.top < part.bottom and line.box.bottom > part.top for line in row.label_lines)
        if is_over(row.label_box) and not seen:
            return practice, "where a label is expected"
    over = [
        (practice, row, empty) for practice, row, empty in found if is_over(row.value_box) or is_over(row.label_box)
    ]
    if over:
        lost = (practice for practice, row, empty in over if empty and is_over(row.value_box))
        return next(((practice, "all of a value") for practice in lost), None)
    # A row of which nothing is left, between the others or below them.
    labelled = any(part.x0 < row.label_box.x1 and part.x1 > row.label_box.x0 for _, row, _ in found)
    if not labelled or not _keeps_edge(part.x0, found):
        return None
    return _find_practice(part.top, found), "where a label is expected"


def _list_rows(chapters: Sequence[Chapter]) -> dict[int, list[tuple[str, Fragment, bool]]]:
    """List the parts of rows of each page, with their practice, and whether their row's value is empty."""
    rows: dict[int, list[tuple[str, Fragment, bool]]] = defaultdict(list)
    for chapter in chapters:
        for row in chapter.rows:
            for part in row.fragments:
                rows[part.value_box.page].append((chapter.id, part, not row.value.text.strip()))
    return rows


def _unite(page: int, parts: Sequence[Drawn | Concealed]) -> Box:
    lefts, tops, rights, bottoms = zip(*(part[1:5] for part in parts), strict=True)
    return Box(page=page, x0=min(lefts), top=min(tops), x1=max(rights), bottom=max(bottoms))


def _place(drawn: Drawn) -> tuple[object, ...]:
    return drawn.kind, *(round(edge) for edge in drawn[1:])


def _find_owner(drawn: Drawn, found: _Parts) -> str | None:
    """Return the practice among whose rows something is drawn; None where it is among no rows."""
    x, y = (drawn.x0 + drawn.x1) / 2, (drawn.top + drawn.bottom) / 2
    for practice, part, empty in found:
        cell = part.value_box
        across = min(drawn.x1, cell.x1) - max(drawn.x0, cell.x0) >= INSIDE * (drawn.x1 - drawn.x0)
        down = min(drawn.bottom, cell.bottom) - max(drawn.top, cell.top) >= INSIDE * (drawn.bottom - drawn.top)
        if (
            drawn.kind != "drawing"
            and across
            and down
            and empty
            and drawn.bottom - drawn.top >= CELL_SHARE * (cell.bottom - cell.top)
        ):
            return practice
    if drawn.kind != "letters":
        return None
    boxes = [box for _, part, _ in found for box in (part.label_box, part.value_box)]
    if not boxes or not min(box.x0 for box in boxes) <= x <= max(box.x1 for box in boxes):
        return None
    within = min(box.top for box in boxes) <= y <= max(box.bottom for box in boxes)
    if not within and not _keeps_edge(drawn.x0, found):
        return None
    return _find_practice(y, found)


def _keeps_edge(x: float, found: _Parts) -> bool:
    """Return whether something begins where a line of a row does (points from the left)."""
    edges = (line.box.x0 for _, part, _ in found for line in (*part.label_lines, *part.value_lines))
    return any(abs(x - edge) <= SAME_EDGE for edge in edges)


def _find_practice(y: float, found: _Parts) -> str:
    """The practice of the last row that begins above a place, points from the top; of the first where none does."""
    above = [practice for practice, part, _ in found if part.label_box.top <= y]
    return above[-1] if above else found[0][0]
