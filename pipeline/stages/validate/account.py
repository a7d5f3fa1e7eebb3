"""The account of glyphs: where every glyph of every page ended (contract, "Nothing is lost")."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Final

from pipeline.models.chapter import Chapter, Chapters
from pipeline.models.edition import EditionInfo, PageAccount, PageInfo
from pipeline.models.layout import TextLine
from pipeline.models.report import Issue
from pipeline.models.row import Residue

PLACES: Final = ("label", "value", "heading", "front_matter", "furniture")
"""The places of the account (contract, "Nothing is lost"), apart from the residue's names."""


def account_glyphs(
    info: EditionInfo, rest: Chapters, chapters: Iterable[Chapter], hidden: Iterable[Residue] = ()
) -> tuple[tuple[PageAccount, ...], tuple[Issue, ...]]:
    """Count where every glyph of every page ended.

    Args:
        info: What is known of the edition.
        rest: What is outside the chapters.
        chapters: The chapters.
        hidden: Text that can't be seen.

    Returns:
        The account of each page, and an error for each page whose account does not add up to what read saw, and for
        glyphs that are in two places.
    """
    placed: dict[int, list[tuple[str, Sequence[int]]]] = {}
    for place, line in chain(chain.from_iterable(map(_lines_of, chapters)), _lines_outside(rest)):
        placed.setdefault(line.box.page, []).append((place, line.glyphs))
    residue: dict[int, Counter[str]] = {}
    for left in (*rest.residue, *hidden):
        residue.setdefault(left.box.page, Counter())[left.reason] += left.glyphs
    accounts: list[PageAccount] = []
    issues: list[Issue] = []
    for info_page in info.pages:
        number = info_page.number
        account, found = _account_page(info_page, placed.pop(number, []), residue.pop(number, Counter()))
        accounts.append(account)
        issues += found
    for number in sorted(placed.keys() | residue.keys()):
        issues.append(Issue.of("glyphs_nowhere", page=number))
    return tuple(accounts), tuple(issues)


def _account_page(
    page: PageInfo, placed: Sequence[tuple[str, Sequence[int]]], residue: Counter[str]
) -> tuple[PageAccount, list[Issue]]:
    """Count where the glyphs of one page ended.

    White space that is on no line is no text, so that what is left over may be as much as that; more is a loss.
    """
    copies = dict(page.copies)
    places: Counter[str] = Counter()
    times: Counter[int] = Counter()
    for place, ids in placed:
        places[place] += len(ids)
        if copies:
            places[place] += sum(copies.get(glyph, 0) for glyph in ids)
        times.update(ids)
    left_over = page.glyphs - places.total() - residue.total()
    white = sum(1 + copies.get(glyph, 0) for glyph in page.white if glyph not in times)
    account = PageAccount(
        page=page.number,
        seen=page.glyphs,
        **{place: places[place] for place in PLACES},
        residue=dict(sorted(residue.items())),
        blank=left_over,
        copies=sum(copies.values()),
        letters=None if page.letters is None else page.letters[0],
        letters_second=None if page.letters is None else page.letters[1],
        width=round(page.width, 3) or None,
        height=round(page.height, 3) or None,
    )
    issues = []
    twice = sum(count > 1 for count in times.values()) if times.total() > len(times) else 0
    if twice:
        issues.append(Issue.of("glyphs_twice", page=page.number, glyphs=twice))
    if not 0 <= left_over <= white:
        total = places.total() + residue.total()
        issues.append(Issue.of("glyphs_lost", page=page.number, glyphs=page.glyphs, white=white, placed=total))
    return account, issues


def _lines_of(chapter: Chapter) -> Iterator[tuple[str, TextLine]]:
    """Every line of a chapter with the name of its place."""
    yield from (("heading", line) for line in chapter.heading_block.lines)
    for row in chapter.rows:
        for fragment in row.fragments:
            yield from (("label", line) for line in fragment.label_lines)
            yield from (("value", line) for line in fragment.value_lines)


def _lines_outside(rest: Chapters) -> Iterator[tuple[str, TextLine]]:
    """Every line outside the chapters with the name of its place."""
    for block in rest.front_matter:
        yield from (("front_matter", line) for line in block.lines)
    for block in rest.furniture:
        yield from (("furniture", line) for line in block.lines)
