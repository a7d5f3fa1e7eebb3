"""What a worker process does with a file: checks it, opens it, reads a page; PDF → `Page`.

Each function takes and gives plain values and models. A worker keeps the last file that it has opened: its pages come
one after the other.
"""

from __future__ import annotations

import hashlib
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from pipeline.errors import InputError
from pipeline.models.page import Page, SecondReading
from pipeline.stages.read.annotations import find_appearances, list_annotations
from pipeline.stages.read.canvas import Canvas
from pipeline.stages.read.layers import Layers
from pipeline.stages.read.page import failed_page, open_pdf, page_matrix, read_bytes, read_page
from pipeline.stages.read.repair import QpdfFindings, check_pdf, missing_objects
from pipeline.stages.read.second import SecondReader
from pipeline.stages.read.turning import turn

if TYPE_CHECKING:
    from pdfplumber.page import Page as PlumberPage
    from pdfplumber.pdf import PDF

MAX_PAGE_OBJECTS: Final = 100_000
"""Most glyphs, rules, fills, links and pictures of a page: the fullest page of the booklet has 4,300, a page of a
newspaper some 30,000. What comes after reading takes time that grows faster than their number."""


class PdfFile(NamedTuple):
    """A file to be read.

    Attributes:
        path: The file.
        password: User password, where the file needs one.
        copy: What is opened in its stead: the copy that qpdf made of a damaged file.
        sha256: Hash of the file's bytes, lower-case hexadecimal; None before it is known.
        second_reading: Have each page read a second time, by pdfium.
    """

    path: Path
    password: str | None = None
    copy: Path | None = None
    sha256: str | None = None
    second_reading: bool = True


class Opened(NamedTuple):
    """What is known of a file once it is open: its number of pages, and the hash of its bytes."""

    pages: int
    sha256: str


def check_file(file: PdfFile, copy: Path, rewrite: bool) -> QpdfFindings:
    """Have qpdf look a file over, and rewrite a damaged one.

    Args:
        file: The file.
        copy: Where the rewritten file is written to, where it is damaged.
        rewrite: Rewrite it even where qpdf finds its structure sound.

    Returns:
        What qpdf finds; its `copy` is empty, and None where none was written.
    """
    verdict = check_pdf(read_bytes(file.path), file.password, rewrite=rewrite)
    if verdict.copy is not None:
        copy.write_bytes(verdict.copy)
        verdict = verdict._replace(copy=b"")
    return verdict


def open_file(file: PdfFile) -> Opened:
    """Open a file.

    Raises:
        InputError: It is missing, empty, no PDF, damaged, locked, or without pages.
    """
    data = read_bytes(file.path)
    sha256 = hashlib.sha256(data).hexdigest()
    if file.sha256 is not None and file.sha256 != sha256:
        raise InputError("the file changes while it is read; run it again", edition=file.path.name)
    shown = data if file.copy is None else file.copy.read_bytes()
    pdf = open_pdf(file.path, file.password, data=shown)
    kept.clear()
    second = SecondReader(shown, file.password) if file.second_reading else None
    kept[file._replace(sha256=sha256)] = pdf, second
    return Opened(len(pdf.pages), sha256)


kept: Final[dict[PdfFile, tuple[PDF, SecondReader | None]]] = {}
"""The file that this process has opened last, for both readers."""


def read_page_of(file: PdfFile, number: int) -> tuple[Page, tuple[str, ...]]:
    """Read a page of a file.

    Args:
        file: The file, with its hash.
        number: 1-based number of the page.

    Returns:
        The page, and what of it is missing, in words. One that fails in a way in which the libraries are known to
        fail has a `failure`.

    Raises:
        InputError: The file can't be opened, or has changed.
    """
    if file not in kept:
        open_file(file)
    pdf, second = kept[file]
    drawn = pdf.pages[number - 1]
    page, missing = read_with_care(drawn, second)
    drawn.close()
    return page, missing


def read_with_care(drawn: PlumberPage, second: SecondReader | None) -> tuple[Page, tuple[str, ...]]:
    """Read a page by both readers.

    Args:
        drawn: The page.
        second: The same file, open for the second reading; None to leave that out.

    Returns:
        The page, and what of it is missing, in words. One that fails in a way in which the libraries are known to
        fail has a `failure`.
    """
    draw = (lambda *_: None) if second is None else partial(second.draw, drawn.page_number)
    page, missing, canvas = read_page(drawn, draw)
    if page.failure is not None or canvas is None:
        return page, ()
    size = sum(map(len, (page.glyphs, page.rules, page.fills, page.links, page.pictures)))
    if size > MAX_PAGE_OBJECTS:
        return failed_page(page.number, f"it has {size} objects, more than {MAX_PAGE_OBJECTS}"), ()
    if second is not None:
        shown = find_appearances(list(list_annotations(drawn.page_obj)), Layers(drawn.pdf.doc.catalog))
        found = second.read(canvas, page_matrix(drawn.page_obj), annotated=next(shown, None) is not None)
        page = page.model_copy(update={"second": _turn_words(found, page, canvas)})
    return page, (*missing_objects(drawn), *missing)


def _turn_words(found: SecondReading, page: Page, canvas: Canvas) -> SecondReading:
    """Return the places of words on the page as it is read: the readers compare it as it is displayed."""
    lacking, added = (
        tuple(turn(word, page.turned, canvas.width, canvas.height) for word in words)
        for words in (found.lacking_words, found.added_words)
    )
    return found._replace(lacking_words=lacking, added_words=added)
