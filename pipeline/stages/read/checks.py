"""Issues of a file that was read, and what is known of the edition: `Source` → `Stored[Source]`."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from pipeline.errors import InputError
from pipeline.models.artefact import Stored, make_stored
from pipeline.models.edition import EditionInfo, PageInfo
from pipeline.models.geometry import Box
from pipeline.models.page import Concealed, Concealment, Link, Page, ReaderDifference, Source
from pipeline.models.report import Issue
from pipeline.stages.read.drawn import UNMAPPED, enclose
from pipeline.stages.read.links import find_bare_links
from pipeline.stages.read.repair import UNSEEN
from pipeline.text.wording import count

UNMAPPED_SHARE: Final = 0.5
"""Share of glyphs without a Unicode value from which on an edition is refused: its labels could not be known."""
UNMAPPED_PAGE_SHARE: Final = 0.1
"""Share of a page's glyphs without a Unicode value from which on the page's text counts as not read."""
OUTSIDE_SHARE: Final = 0.5
"""Share of a page's glyphs outside its visible part beyond which the page's boxes are taken to be wrong: printers'
marks and slug lines are a few words."""
CONCEALED_SHARE: Final = 0.5
"""Share of a page's glyphs that can't be seen beyond which what the page says is taken to be lost."""
LEAST_CONCEALED: Final = 60
"""Least number of them: a stamp or a running line that is hidden costs nothing of what a page says."""
DISAGREE_SHARE: Final = 0.005
"""Share of a page's letters that only one reader has from which on the page's text counts as not read: two words of
a page of 2,600 letters. On sound files the readers do not differ by one."""
_MISSING_PAGES: Final = re.compile(r"should have|only \d+ could be found|Pages tree|can't be followed|XFA")
"""What says that pages are missing, or text, which no reader can see."""
REASONS: Final[dict[Concealment, str]] = {
    "invisible": "it is drawn invisibly",
    "background_colour": "it has the colour of what is behind it",
    "outside_page": "it is off the page",
    "covered": "something opaque is painted over it",
    "clipped": "it is outside the clipping path",
    "transparent": "its opacity is 0",
    "layer_off": "its layer is switched off",
}


def find_issues(lost: Iterable[str], damaged: Iterable[tuple[int, str]], pages: Sequence[Page]) -> Iterator[Issue]:
    """Return the issues of a file and its pages, apart from pages that failed.

    Damage is an error only where a second reader sees other text, or where none has looked: a page whose every letter
    two readers see has lost nothing that a reader of the page would miss. That both see nothing proves nothing, and
    what is cut off neither can see.

    Args:
        lost: What of the file is lost though no page failed, in words.
        damaged: Page number and damage of each page that can be read in part only.
        pages: The pages.
    """
    agreed = {page.number for page in pages if page.second is not None and page.second.agrees and page.second.first > 0}
    for what in lost:
        sound = len(agreed) == len(pages) and not _MISSING_PAGES.search(what)
        yield Issue.of("file_damaged", severity="note" if sound else "error", damage=what)
    for number, damage in damaged:
        sound = number in agreed and damage not in UNSEEN
        yield Issue.of("page_damaged", severity="note" if sound else "error", damage=damage, page=number)
    read = [page for page in pages if page.failure is None]
    if read and all(page.second is None for page in read):
        yield Issue.of("second_reading_left_out")
    for page in pages:
        yield from _find_page_issues(page)


def _find_page_issues(page: Page) -> Iterator[Issue]:
    glyphs = page.glyphs
    hidden = sum(part.glyphs for part in page.concealed)
    outside = sum(part.glyphs for part in page.concealed if part.reason == "outside_page")
    inked = sum(glyphs.ink)
    if outside > OUTSIDE_SHARE * (inked + hidden):
        yield Issue.of("text_outside_page", outside=outside, glyphs=inked + hidden, page=page.number)
    elif hidden > CONCEALED_SHARE * (inked + hidden) and hidden >= LEAST_CONCEALED:
        yield Issue.of("page_concealed", hidden=hidden, glyphs=inked + hidden, page=page.number)
    unmapped = sum(UNMAPPED in text for text in glyphs.texts)
    if unmapped:
        yield Issue.of(
            "glyphs_without_text",
            severity="error" if unmapped >= UNMAPPED_PAGE_SHARE * inked else "warning",
            unmapped=unmapped,
            glyphs=inked,
            page=page.number,
        )
    for part in page.concealed:
        why, box = REASONS[part.reason], _enclose(page, part)
        yield Issue.of("text_concealed", count=part.glyphs, why=why, page=page.number, box=box)
    for link in find_bare_links(page):
        yield Issue.of("link_without_text", page=page.number, box=_enclose(page, link))
    second = page.second
    if second is None or second.agrees:
        return
    if second.failure is not None:
        yield Issue.of("second_reading_failed", failure=second.failure, page=page.number)
        return
    differing, most = second.lacking + second.added, max(second.first, second.second, 1)
    sides = (second.lacking, "second", second.lacking_words), (second.added, "first", second.added_words)
    parts = [
        f"{count(letters, 'letter')} only the {who} reader has: {', '.join(repr(word.text) for word in words)}"
        for letters, who, words in sides
        if letters
    ]
    yield Issue.of(
        "reader_disagrees",
        severity="error" if differing >= DISAGREE_SHARE * most else "warning",
        first=second.first,
        second=second.second,
        differences="; ".join(parts),
        page=page.number,
        box=_enclose(page, *second.lacking_words, *second.added_words),
        text=" ".join(word.text for word in (*second.lacking_words, *second.added_words)),
    )


def _enclose(page: Page, *parts: Concealed | ReaderDifference | Link) -> Box | None:
    if not parts:
        return None
    x0, top, x1, bottom = enclose(part[1:5] for part in parts)
    return Box(page=page.number, x0=x0, top=top, x1=x1, bottom=bottom)


def gather_edition(edition: str, source: Source, recognition: Iterable[Issue] = (), **declared: Any) -> Stored[Source]:
    """Gather what is known of an edition whose file was read.

    Args:
        edition: Edition id.
        source: The file and its pages.
        recognition: What is to be said of recognised pages.
        declared: What the sidecar says, by the names of `EditionInfo`.

    Raises:
        InputError: No page has text, or its text can't be extracted.
    """
    _require_text(source, edition)
    issues = [
        Issue.of("page_unreadable", failure=page.failure, page=page.number, edition=edition)
        for page in source.pages
        if page.failure is not None
    ]
    issues += [Issue.of("repaired", repair=repair, edition=edition) for repair in source.repairs]
    issues += [issue.model_copy(update={"edition": edition}) for issue in source.issues]
    issues += recognition
    info = EditionInfo(
        id=edition,
        file=source.file,
        sha256=source.sha256,
        pages=tuple(_describe_page(page) for page in source.pages),
        repairs=source.repairs,
        issues=tuple(issues),
        **declared,
    )
    return make_stored("read", info, source)


def _require_text(source: Source, edition: str) -> None:
    inked = sum(sum(page.glyphs.ink) for page in source.pages)
    unmapped = sum(UNMAPPED in text for page in source.pages for text in page.glyphs.texts)
    if inked and unmapped >= UNMAPPED_SHARE * inked:
        raise InputError(
            "text cannot be extracted: the fonts have no ToUnicode map; get another copy, or run OCR on the pages"
            " (pip install 'raccombat-pipeline[ocr]')",
            edition=edition,
        )
    if inked:
        return
    failures = [page.failure for page in source.pages if page.failure is not None]
    failures += [issue.message.partition("; ")[0] for issue in source.issues if issue.severity == "error"]
    raise InputError(
        f"no page has text ({failures[0]}); " + ("raise that limit" if "-limit" in failures[0] else "get a sound copy")
        if failures
        else "no page has text, not even in a picture; give the PDF itself, or scan it again",
        edition=edition,
    )


def _describe_page(page: Page) -> PageInfo:
    glyphs = page.glyphs
    copies = [(number, count - 1) for number, count in enumerate(glyphs.values("copies")) if count > 1]
    return PageInfo(
        number=page.number,
        width=page.width,
        height=page.height,
        glyphs=sum(glyphs.values("copies")) + sum(part.glyphs for part in page.concealed),
        copies=tuple(copies),
        white=tuple(number for number, inked in enumerate(glyphs.ink) if not inked),
        recognised=page.recognised,
        failure=page.failure,
        concealed=page.concealed,
        drawn=page.drawn,
        letters=None
        if page.second is None or page.second.failure is not None
        else (page.second.first, page.second.second),
    )
