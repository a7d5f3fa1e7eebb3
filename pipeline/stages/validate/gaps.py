"""Pages and rows that seem to be lost: what page numbers, empty pages and the other practices' rows say of a gap."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final

from pipeline.models.chapter import Chapter
from pipeline.models.edition import PageAccount, PageInfo
from pipeline.models.practice import Place, Practice
from pipeline.models.report import Issue
from pipeline.models.row import TextBlock
from pipeline.text.lines import HYPHENS, ends_sentence
from pipeline.text.markers import value_of

LOST_ROWS: Final = 3
"""Least number of fields, one after the other, that other practices have and one lacks at a page's end, from which on
a page of it seems to be lost: rows are left out here and there."""
LAST_ROWS: Final = 2
"""The same at the practice's end: its last page may hold few rows."""
AGREEING: Final = 0.8
"""Least share of the other practices that have them."""
PAGE_END: Final = 0.6
"""Least share of the page's height at which a practice ends whose last page may be lost."""
FULL_LINE: Final = 0.9
"""Least share of the cell's width that a line takes which goes on: the next word did not fit."""
MOST_SKIPPED: Final = 20
"""Most page numbers that a skip leaves out: more are another numbering."""
_NUMBER: Final = re.compile(
    r"(?<![\w.,/:-])(?:(\d{1,4}(?=/\d{1,3}(?![\w/:-]))|\d{1,4}(?![\w/:-]))|([ivxl]+|[IVXL]+)(?![\w/:-]))"
)
"""A page's number, by itself or before the number of all pages (`2/6`); in a date, a time or a range is none."""


def report_skipped_numbers(
    furniture: Iterable[TextBlock], pages: int, practices: Sequence[Practice]
) -> Iterator[Issue]:
    """Report where the printed page numbers leave some out, from the first practice on.

    Two pages that are numbered one after the other show how they are numbered; a skip is where such a numbering goes on
    further than the pages do.

    Args:
        furniture: The running lines.
        pages: Number of pages.
        practices: The practices in document order.
    """
    printed: dict[int, set[int]] = defaultdict(set)
    for block in furniture:
        for line in block.lines:
            printed[line.box.page] |= {value_of(match[0]) for match in _NUMBER.finditer(line.text)}
    known: tuple[int, int] | None = None  # the last page of a numbering, and its lead over the pages
    numbered = [page for page in range(1, pages + 1) if printed[page]]
    first = min((practice.pages[0] for practice in practices), default=pages)
    last = max((practice.pages[1] for practice in practices), default=0)
    for page, following in pairwise(numbered):
        shared = {number - page for number in printed[page]} & {number - following for number in printed[following]}
        if not shared and following == numbered[-1] and len(printed[following]) == 1:
            shared, page = {min(printed[following]) - following}, following  # noqa: PLW2901 - the last page has no next
        if not shared:
            continue
        if known is not None and known[1] not in shared:
            ahead = min(shared)
            skipped = ahead - known[1]
            sheet = page + ahead - 1 in printed[page]  # two pages on a sheet
            if first < page <= last + 1 and 0 < skipped <= MOST_SKIPPED and page - known[0] <= 2 and not sheet:
                yield Issue.of("page_number_skipped", page=page, number=page + ahead, before=known[0] + known[1])
            known = following, ahead
        else:
            known = following, known[1] if known is not None else min(shared)


def report_blank_pages(
    pages: Sequence[PageInfo], accounts: Sequence[PageAccount], practices: Sequence[Practice]
) -> Iterator[Issue]:
    """Report pages with nothing to be seen on them but running lines, between pages with rows.

    Between two practices a page may be empty because practices begin on a page of the same side.

    Args:
        pages: The pages.
        accounts: Where the glyphs of each page ended.
        practices: The practices in document order.
    """
    begins = [practice.pages[0] for practice in practices]
    one_side = len({page % 2 for page in begins[1:]}) == 1
    used = {box.page for practice in practices for name in practice.fields.present for box in _boxes(practice, name)}
    for page, account in zip(pages, accounts, strict=True):
        number = page.number
        concealed = account.residue.get("concealed", 0)
        if account.seen - account.furniture - account.blank - concealed or page.drawn or page.failure is not None:
            continue
        inside = any(practice.pages[0] < number < practice.pages[1] for practice in practices)
        between = (concealed > 0 or not one_side) and number - 1 in used and number + 1 in begins
        if inside or between:
            yield Issue.of("page_empty", page=number)


def report_lost_rows(
    chapters: Sequence[Chapter], practices: Sequence[Practice], pages: Sequence[PageInfo]
) -> Iterator[Issue]:
    """Report where rows seem to be lost between two pages: the other practices have some there, or a text is cut off.

    Args:
        chapters: The chapters.
        practices: The same as practices.
        pages: The edition's pages in order.
    """
    orders = [_order(practice) for practice in practices]
    for place, (chapter, practice) in enumerate(zip(chapters, practices, strict=True)):
        rows = orders[place]
        cut = _find_cuts(chapter)
        known = {*practice.fields.present, *(row.field for row in practice.unmapped)}
        ends = {name: max(_boxes(practice, name), key=lambda box: (box.page, box.bottom)) for name in rows}
        shared = {other.pages[0] for other in practices[place + 1 :]}
        for above, below in pairwise([None, *rows, None]):
            before = practice.pages[0] if above is None else ends[above].page
            if below is not None:
                # A value without its label on the next page may be the rest of another: behind a page that is lost.
                labelled = before if above is None else practice.fields.present[above].label_boxes[-1].page
                first = min(box.page for box in _boxes(practice, below))
                at_end, before = first > labelled, min(before, first - 1)
            else:
                at_end = rows != [] and before not in shared and _ends_low(ends[rows[-1]], pages)
            if not at_end:
                continue
            split = 0 if above is None else rows.index(above) + 1
            others = [order for other, order in enumerate(orders) if other != place]
            found = _find_lost(others, rows[:split][::-1], rows[split:])
            lost = [name for name in found if name not in known]
            if len(lost) >= (LAST_ROWS if below is None else LOST_ROWS) or (above is not None and before in cut):
                names = ", ".join(lost) or "none"
                yield Issue.of(
                    "rows_lost", practice=practice.id, page=before, field=above, count=len(lost), names=names
                )


def _ends_low(box: Place, pages: Sequence[PageInfo]) -> bool:
    return box.bottom >= PAGE_END * pages[box.page - 1].height


def _find_lost(others: Sequence[Sequence[str]], before: Sequence[str], behind: Sequence[str]) -> list[str]:
    """Return the fields that nearly all other practices have in a gap.

    Args:
        others: The other practices' fields in order.
        before: The fields before the gap, the nearest first.
        behind: Those behind it, likewise.
    """
    found: Counter[str] = Counter()
    total = 0
    for order in others:
        above, below = (next((name for name in side if name in order), None) for side in (before, behind))
        if (above is None) == (not before) and (below is None) == (not behind):
            start = 0 if above is None else order.index(above) + 1
            end = len(order) if below is None else order.index(below)
            total += start <= end
            found.update(order[start:end])
    return [name for name, count in found.items() if count >= AGREEING * total]


def _order(practice: Practice) -> list[str]:
    """Return a practice's fields with rows of their own, in the order in which they are printed."""
    present = {name: value for name, value in practice.fields.present.items() if not value.inline and value.label_boxes}
    return sorted(present, key=lambda name: (present[name].label_boxes[0].page, present[name].label_boxes[0].top))


def _boxes(practice: Practice, name: str) -> list[Place]:
    value = practice.fields.present[name]
    return [*value.label_boxes, *value.value_boxes]


def _find_cuts(chapter: Chapter) -> set[int]:
    """Return the pages whose last row ends amid a sentence: its last line is full, and a comma or nothing ends it."""
    ends = {}
    for row in chapter.rows:
        for part in row.fragments:
            if part.value_lines:
                ends[part.value_box.page] = row, part
    cut = set()
    for page, (row, part) in ends.items():
        line = part.value_lines[-1]
        width = part.value_column.right - min(each.box.x0 for each in part.value_lines)
        full = line.box.x1 >= part.value_column.right - (1 - FULL_LINE) * width
        text = line.text.rstrip()
        going_on = text.endswith((",", *HYPHENS)) or (text[-1:].islower() and not ends_sentence(text))
        if row.pages[-1] == page and full and going_on and len(part.value_lines) > 1:
            cut.add(page)
    return cut
