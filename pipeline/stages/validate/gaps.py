"""Pages and rows that seem to be lost: what page numbers, empty pages and the other practices' rows say of a gap."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from pipeline.models.chapter import Chapter
from pipeline.models.edition import PageAccount, PageInfo
from pipeline.models.practice import Place, Practice
from pipeline.models.report import Issue
from pipeline.models.row import TextBlock
from pipeline.text.lines import HYPHENS, ends_sentence
from pipeline.text.markers import value_of
from pipeline.text.wording import count

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


class _Numbering(NamedTuple):
    """Printed page numbers that go on: the last page that has one, and by how much it is more than the page's own."""

    page: int
    lead: int


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
    known: _Numbering | None = None
    numbered = [page for page in range(1, pages + 1) if printed[page]]
    first = min((practice.pages[0] for practice in practices), default=pages)
    last = max((practice.pages[1] for practice in practices), default=0)
    for page, following in pairwise(numbered):
        leads = {number - page for number in printed[page]} & {number - following for number in printed[following]}
        if not leads and following == numbered[-1] and len(printed[following]) == 1:
            leads, page = {min(printed[following]) - following}, following  # noqa: PLW2901 - the last page has no next
        if not leads:
            continue
        if known is None or known.lead in leads:
            known = _Numbering(following, min(leads) if known is None else known.lead)
            continue
        lead = min(leads)
        two_on_a_sheet = page + lead - 1 in printed[page]
        near = first < page <= last + 1 and page - known.page <= 2
        if near and 0 < lead - known.lead <= MOST_SKIPPED and not two_on_a_sheet:
            yield Issue.of("page_number_skipped", page=page, number=page + lead, before=known.page + known.lead)
        known = _Numbering(following, lead)


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
        rows, others = orders[place], [*orders[:place], *orders[place + 1 :]]
        cut = _find_cuts(chapter)
        known = {*practice.fields.present, *(row.field for row in practice.unmapped)}
        for gap in _list_gaps(practice, rows, pages):
            if gap.is_last and any(gap.page == other.pages[0] for other in practices[place + 1 :]):
                continue  # the next practice begins below it
            found = _find_lost(others, rows[: gap.position][::-1], rows[gap.position :])
            lost = [name for name in found if name not in known]
            above = rows[gap.position - 1] if gap.position else None
            missing = len(lost) >= (LAST_ROWS if gap.is_last else LOST_ROWS)
            if missing or (above is not None and gap.page in cut):
                why = "its text breaks off amid a sentence"
                if missing:
                    why = f"the other practices have {count(len(lost), 'field')} there: {', '.join(lost)}"
                yield Issue.of("rows_lost", practice=practice.id, page=gap.page, field=above, why=why)


class _Gap(NamedTuple):
    """A page's end in a practice, where rows may be lost.

    Attributes:
        position: Number of the practice's rows before it.
        page: The page.
        is_last: True where the practice ends there.
    """

    position: int
    page: int
    is_last: bool


def _list_gaps(practice: Practice, rows: Sequence[str], pages: Sequence[PageInfo]) -> Iterator[_Gap]:
    """List the pages' ends between a practice's rows, before the first and, at a page's lower end, behind the last."""
    present = practice.fields.present
    page = labelled = practice.pages[0]
    for position, name in enumerate(rows):
        first = min(box.page for box in _boxes(practice, name))
        # A value without its label on the next page may be the rest of another: behind a page that is lost.
        if first > labelled:
            yield _Gap(position, min(page, first - 1), is_last=False)
        page, labelled = _find_end(practice, name).page, present[name].label_boxes[-1].page
    if rows and _find_end(practice, rows[-1]).bottom >= PAGE_END * pages[page - 1].height:
        yield _Gap(len(rows), page, is_last=True)


def _find_end(practice: Practice, name: str) -> Place:
    """The box in which a row ends."""
    return max(_boxes(practice, name), key=lambda box: (box.page, box.bottom))


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
    return [name for name, times in found.items() if times >= AGREEING * total]


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
