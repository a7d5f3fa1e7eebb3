"""What is amiss with a file that was read, and what is known of the edition: `Source` → `Stored[Source]`."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from pipeline.errors import InputError
from pipeline.models.artefact import Stored, make_stored
from pipeline.models.edition import EditionInfo, PageInfo
from pipeline.models.layout import GlyphIds
from pipeline.models.page import Page, Source
from pipeline.models.report import Issue

UNMAPPED: Final = "\ufffd"
"""The text of a glyph without a Unicode value."""
UNMAPPED_SHARE: Final = 0.5
"""Share of glyphs without a Unicode value from which on an edition is refused: its labels could not be known."""
UNMAPPED_PAGE_SHARE: Final = 0.1
"""Share of a page's glyphs without a Unicode value from which on the page's text counts as not read."""
OUTSIDE_SHARE: Final = 0.5
"""Share of a page's glyphs outside its visible part beyond which the page's boxes are taken to be wrong: printers'
marks and slug lines are a few words."""


def find_issues(lost: Iterable[str], damaged: Iterable[tuple[int, str]], pages: Sequence[Page]) -> Iterator[Issue]:
    """Give what is amiss with a file and its pages, besides the pages that failed.

    Args:
        lost: What of the file is lost though no page failed, in words.
        damaged: Page number and damage of each page that can be read in part only.
        pages: The pages.
    """
    for what in lost:
        yield Issue(code="file_damaged", severity="error", message=f"{what}; get a sound copy")
    for number, damage in damaged:
        yield Issue(
            code="page_damaged",
            severity="error",
            message=f"part of the page may be missing ({damage}); get a sound copy",
            page=number,
        )
    for page in pages:
        yield from _find_page_issues(page)


def _find_page_issues(page: Page) -> Iterator[Issue]:
    glyphs = page.glyphs
    inked = sum(glyphs.ink)
    beyond = {number for number, setting in enumerate(glyphs.settings) if setting.concealed == "outside_page"}
    outside = sum(itertools.compress((number in beyond for number in glyphs.setting_ids), glyphs.ink)) if beyond else 0
    if outside > OUTSIDE_SHARE * inked:
        yield Issue(
            code="text_outside_page",
            severity="error",
            message=f"{outside} of {inked} glyphs stand outside the visible part of the page; look at the"
            " page's boxes, or get a sound copy",
            page=page.number,
        )
    unmapped = sum(UNMAPPED in text for text in glyphs.texts)
    if unmapped:
        yield Issue(
            code="glyphs_without_text",
            severity="error" if unmapped >= UNMAPPED_PAGE_SHARE * inked else "warning",
            message=f"{unmapped} of {inked} glyphs have no Unicode value, because a font's ToUnicode map is"
            " missing or damaged; get another copy, or recognise the page (pip install 'raccombat-pipeline[ocr]')",
            page=page.number,
        )


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
        Issue(
            code="page_unreadable",
            severity="error",
            message=f"the page could not be read ({page.failure}); what stands on it is missing: get a sound copy",
            edition=edition,
            page=page.number,
        )
        for page in source.pages
        if page.failure is not None
    ]
    issues += [
        Issue(
            code="repaired",
            severity="warning",
            message=f"the file had to be repaired ({repair}); compare the pages with another reader's",
            edition=edition,
        )
        for repair in source.repairs
    ]
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
        f"no page has text ({failures[0]}); get a sound copy"
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
        glyphs=sum(glyphs.values("copies")),
        copies=tuple(copies),
        white=GlyphIds(number for number, inked in enumerate(glyphs.ink) if not inked),
        recognised=page.recognised,
        failure=page.failure,
    )
