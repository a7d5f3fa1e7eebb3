"""Has a PDF read by worker processes, within a time and a memory limit: PDF → `Source`.

One task checks the file with qpdf, one opens it, and each page is a task of its own. Pages come back in order, whatever
the number of workers; one whose task fails is a page with a `failure`.
"""

from __future__ import annotations

import stat
import tempfile
import time
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from pipeline.errors import InputError, LimitError
from pipeline.files import is_plain_file
from pipeline.models.page import Page, SecondReading, Source
from pipeline.run.identity import edition_id, hash_file
from pipeline.run.options import Limits, Options
from pipeline.run.sidecar import check_hash, read_sidecar
from pipeline.run.tasks import read_and_prepare
from pipeline.run.workers import MEBIBYTE, PoolError, TaskError, WorkerPool, require_memory, take_promptly, take_result
from pipeline.stages import STAGES
from pipeline.stages.read.page import failed_page, require_file
from pipeline.stages.read.repair import QpdfFindings
from pipeline.stages.read.tasks import Opened, PdfFile, check_file, open_file
from pipeline.stages.segment.page_analysis import PageAnalysis
from pipeline.text.wording import count

if TYPE_CHECKING:
    from pipeline.models.artefact import Stored
    from pipeline.stages.read.recognise.seen import Request, SeenPage

KEPT_SHARE: Final = 0.5
"""Share of the memory limit that the pages of a file may fill: 5,000 plain pages take a tenth to a third of it."""
SCAN_SHARE: Final = 0.2
"""Share of a file's seconds that the recognition of a page may take: by default 60 of 300, and a page of A4 takes six
to eight of a core's time."""
SCAN_SECONDS: Final = 20.0
"""Seconds for each page that a file of many scans has for all, where that is more than its own limit."""
GLYPH_BYTES: Final = 21
"""Memory of a glyph of a page (`Glyphs`)."""
SHAPE_BYTES: Final = 170
"""Memory of a rule, fill, link or picture of a page: a tuple of four numbers."""


class EditionRead(NamedTuple):
    """The read stage's artefact, and the lines of its pages by their numbers, as workers divide them for segment."""

    stored: Stored[Source]
    analyses: dict[int, PageAnalysis]


class FileRead(NamedTuple):
    """A file's pages, and their lines by the pages' numbers."""

    source: Source
    analyses: dict[int, PageAnalysis]


def read_edition(source: Path, options: Options, pool: WorkerPool, *, sidecar: bool = True) -> EditionRead:
    """Run the read stage: read a file, recognise its scans, and gather what is known of the edition.

    Args:
        source: The PDF.
        options: How to run.
        pool: The worker pool.
        sidecar: False to leave the sidecar unread, and what later stages need unloaded.

    Raises:
        InputError: The file can't be used.
        LimitError: It takes more time or memory than it may.
        SidecarError: The sidecar does not describe it.
    """
    edition = edition_id(source)
    known = read_sidecar(source) if sidecar else None
    if known is not None and is_plain_file(source):
        # Before the file is opened: a damaged copy of a known file should be called that.
        check_hash(known, hash_file(source), source)

    language = None if known is None else known.language
    content, analyses = read_guarded(source, options, pool, load_later=sidecar, language=language)
    # What workers do not need is imported when they have their tasks.
    from pipeline.lexicon import list_languages
    from pipeline.stages.read.checks import gather_edition
    from pipeline.stages.read.recognise import recognise_scans

    try:
        with pool.discarded_on_error():
            recognised = recognise_scans(
                source,
                content,
                partial(recognise_pages, pool, options.limits, partial(options.progress, "read")),
                edition=edition,
                language=language,
                known_languages=list_languages(),
                password=options.password,
            )
    except PoolError as error:
        raise error.as_limit(source.name) from error
    if pool.last_file:
        pool.stop()
    declared = {} if known is None else known.declare()
    return EditionRead(gather_edition(edition, recognised.source, recognised.issues, **declared), analyses)


def recognise_pages(
    pool: WorkerPool, limits: Limits, progress: Callable[[int, int], None], requests: Mapping[int, Request]
) -> dict[int, SeenPage | str]:
    """Have scanned pages recognised by worker processes.

    Args:
        pool: The worker pool.
        limits: What a file may take: a page has a fifth of the seconds, all have them, or `SCAN_SECONDS` each.
        progress: Called with (pages done, pages in all).
        requests: What to read, by the page's number.

    Returns:
        What was seen of each page, or why nothing was; by the page's number.
    """
    from pipeline.stages.read.recognise.worker import recognise_page

    seconds = max(limits.seconds, SCAN_SECONDS * len(requests))
    end = time.monotonic() + seconds
    tasks = {
        number: pool.submit(limits.seconds * SCAN_SHARE, recognise_page, request)
        for number, request in requests.items()
    }
    found: dict[int, SeenPage | str] = {}
    for number, task in tasks.items():
        try:
            found[number] = take_result(task, end)
        except TaskError as error:
            found[number] = f"{error.reason}; give it more, or save the page with a lower resolution"
        except TimeoutError:
            task.cancel()
            found[number] = f"the scans of the file take more than {seconds:g} seconds (--time-limit)"
        progress(len(found), len(tasks))
    return found


def load_stages() -> None:
    """Load the stages after reading; what can't be loaded is reported by the stage that needs it."""
    with suppress(Exception):
        for stage in STAGES:
            stage.load_function()
        import_module("pipeline.stages.read.recognise")


def load_words(language: str | None) -> None:
    """Load the libraries of words, and the lexicon; what can't be loaded is reported by the stage that needs it.

    Args:
        language: The edition's language, where the sidecar says it.
    """
    with suppress(Exception):
        from pipeline.lexicon import load_lexicon
        from pipeline.lexicon.spacy_import import import_spacy
        from pipeline.text.languages import load_profiles

        import_spacy()
        load_profiles()
        if language is not None:
            load_lexicon(language)


def read_guarded(
    path: Path,
    options: Options,
    pool: WorkerPool,
    *,
    load_later: bool = False,
    language: str | None = None,
) -> FileRead:
    """Read a PDF by worker processes.

    Args:
        path: The file.
        options: The password of a locked file, whether to read pages twice, what reading may take, and the progress:
            it is called when the file is open, and after each page.
        pool: The worker pool.
        load_later: Have this process load what the stages after reading need, while the workers are busy.
        language: The edition's language, whose words are loaded then.

    Returns:
        The file's name, hash and pages, and their lines. A page that could not be read has a `failure`; what else is
        amiss is in `issues`.

    Raises:
        InputError: The file is missing, empty, no PDF, locked, or without pages.
        LimitError: Opening the file, or reading it whole, takes more than the limits allow.
    """
    limits = options.limits
    require_memory()
    require_plain_file(path, limits)
    try:
        with (
            pool.discarded_on_error(),
            tempfile.TemporaryDirectory(prefix="pipeline-copy-", ignore_cleanup_errors=True) as folder,
        ):
            reading = _Reading(
                PdfFile(path.absolute(), options.password, second_reading=options.second_reading),
                pool,
                limits,
                Path(folder, "copy.pdf"),
                partial(options.progress, "read"),
            )
            if load_later:
                load_stages()  # the fork server starts, for which the first task waits
            opened = reading.open(reading.begin_check())
            tasks = reading.begin_pages(opened)
            if load_later:
                load_words(language)  # 0.4 s: the pages are read
            return reading.take_pages(opened, tasks)
    except PoolError as error:
        raise error.as_limit(path.name) from error
    except OSError as error:
        raise InputError(
            f"can't be read ({error.strerror or error}); check the file's permissions, and that the folder of temporary"
            " files has room",
            edition=path.name,
        ) from error


def require_plain_file(path: Path, limits: Limits) -> None:
    """Refuse what could keep the run waiting for ever: a pipe, a device; and what could never be held."""
    found = require_file(path)
    if not stat.S_ISREG(found.st_mode):
        raise InputError(f"{path} is no plain file; save the PDF to one and name that", edition=path.name)
    size = found.st_size
    if size >= limits.megabytes * MEBIBYTE:
        raise LimitError(
            f"the file has {size // MEBIBYTE} MiB, more than reading may take in memory ({limits.megabytes} MiB); raise"
            " --memory-limit",
            edition=path.name,
        )


class _Checked(NamedTuple):
    """A file that is open: as workers are to read it, what qpdf finds, its number of pages."""

    file: PdfFile
    verdict: QpdfFindings
    pages: int


PageTask = Future[tuple[Page, tuple[str, ...], PageAnalysis | None]]
"""Gives a page with what of it is missing, and its lines."""


@dataclass
class _Reading:
    """The reading of one file, whose methods are called in their order.

    Attributes:
        file: The file.
        pool: The worker pool.
        limits: What the reading may take; once the file is open, with what a long one has.
        copy: Where qpdf's copy of a damaged file is written to.
        progress: Called with (pages done, pages in all).
    """

    file: PdfFile
    pool: WorkerPool
    limits: Limits
    copy: Path
    progress: Callable[[int, int], None]
    begun: float = field(default_factory=time.monotonic)

    def begin_check(self, *, rewrite: bool = False) -> Future[QpdfFindings]:
        """Have qpdf look the file over."""
        return self.pool.submit(self.limits.page_seconds, check_file, self.file, self.copy, rewrite)

    def open(self, check: Future[QpdfFindings]) -> _Checked:
        """Have the file opened, when it is checked: as it is, or else a copy rewritten by qpdf.

        Raises:
            InputError: It can't be opened.
        """
        verdict = self._take_check(check)
        try:
            return self._open_checked(verdict)
        except InputError as error:
            if verdict.locked or self.file.path.stat().st_size == 0:
                raise
            with suppress(InputError):
                verdict = self._take_check(self.begin_check(rewrite=True))
                if verdict.copy is not None:
                    return self._open_checked(verdict)
            raise error from None

    def begin_pages(self, opened: _Checked) -> deque[PageTask]:
        """Have the pages read."""
        self.limits = self.limits.scale(opened.pages)
        self.progress(0, opened.pages)
        return deque(self._begin_page(opened.file, number) for number in range(1, opened.pages + 1))

    def take_pages(self, opened: _Checked, tasks: deque[PageTask]) -> FileRead:
        """Wait for the pages.

        Raises:
            LimitError: They take more than the limits allow.
        """
        missing: list[tuple[int, str]] = []
        pages: list[Page] = []
        analyses: dict[int, PageAnalysis] = {}
        kept = 0
        while tasks:
            page, lacks, analysis = self._take_page(opened.file, len(pages) + 1, tasks.popleft())
            shapes = len(page.rules) + len(page.fills) + len(page.links) + len(page.pictures)
            kept += GLYPH_BYTES * len(page.glyphs) + SHAPE_BYTES * shapes
            if kept > self.limits.megabytes * MEBIBYTE * KEPT_SHARE:
                raise LimitError(
                    f"the pages hold more than can be kept in half of {self.limits.megabytes} MiB; raise"
                    " --memory-limit, or divide the file",
                    edition=self.file.path.name,
                    page=page.number,
                )
            pages.append(page)
            if analysis is not None:
                analyses[page.number] = analysis
            missing += [(page.number, text) for text in lacks]
            self.progress(len(pages), opened.pages)
        from pipeline.stages.read.checks import find_issues

        damaged = sorted((*opened.verdict.damaged, *missing))
        source = Source(
            file=self.file.path.name,
            sha256=opened.file.sha256 or "",
            pages=tuple(pages),
            repairs=opened.verdict.repairs,
            issues=tuple(find_issues(_find_lost(opened.verdict, opened.pages), damaged, pages)),
        )
        return FileRead(source, analyses)

    def _open_checked(self, verdict: QpdfFindings) -> _Checked:
        """Have the file opened, or the copy that qpdf has made of it.

        Raises:
            InputError: It can't be opened.
        """
        file = self.file if verdict.copy is None else self.file._replace(copy=self.copy)
        seconds = self.limits.page_seconds
        try:
            opened: Opened = take_promptly(self.pool.submit(seconds, open_file, file), seconds)
        except TaskError as error:
            raise InputError(
                f"opening the PDF takes more than {seconds:g} seconds; give it more by --time-limit"
                if error.timed_out
                else f"the PDF can't be opened ({error.reason}); fetch it again or repair it (for example with qpdf)",
                edition=self.file.path.name,
            ) from error
        if verdict.copy is None and verdict.pages is not None and opened.pages < verdict.pages:
            raise InputError("the PDF's page tree is damaged; fetch it again", edition=self.file.path.name)
        return _Checked(file._replace(sha256=opened.sha256), verdict, opened.pages)

    def _take_check(self, check: Future[QpdfFindings]) -> QpdfFindings:
        """Wait for qpdf's findings; the check may fail, and the file be readable."""
        seconds = self.limits.page_seconds
        try:
            return take_promptly(check, seconds)
        except TaskError as error:
            return QpdfFindings(
                lost=(
                    f"the file could not be checked within {seconds:g} seconds"
                    if error.timed_out
                    else f"the file could not be checked ({error.reason})",
                )
            )

    def _begin_page(self, file: PdfFile, number: int) -> PageTask:
        return self.pool.submit(self.limits.page_seconds, read_and_prepare, file, number)

    def _take_page(
        self, file: PdfFile, number: int, task: PageTask
    ) -> tuple[Page, tuple[str, ...], PageAnalysis | None]:
        """Wait for a page, with what of it is missing, and its lines.

        Raises:
            LimitError: The time for all of them is over.
        """
        end = self.begun + self.limits.seconds
        try:
            try:
                return take_result(task, end)
            except TaskError as error:
                return self._read_again(file, number, error, end)
        except TimeoutError as error:
            raise LimitError(
                f"reading the file takes more than {self.limits.seconds:g} seconds; give it more by --time-limit, or"
                " get a plainer copy",
                edition=self.file.path.name,
                page=number,
            ) from error

    def _read_again(
        self, file: PdfFile, number: int, error: TaskError, end: float
    ) -> tuple[Page, tuple[str, ...], PageAnalysis | None]:
        """Read a page once only, where its worker crashed or hung: the second reader may be what brought it down."""
        if (error.crashed or error.timed_out) and file.second_reading:
            try:
                task = self._begin_page(file._replace(second_reading=False), number)
                page, lacks, _ = take_result(task, end)  # the pages after it are begun first
            except TaskError as again:
                error = again
            else:
                return page.model_copy(update={"second": SecondReading(0, 0, failure=error.reason)}), lacks, None
        return failed_page(number, error.reason), (), None


def _find_lost(verdict: QpdfFindings, pages: int) -> tuple[str, ...]:
    """Return what of a file is lost: what qpdf finds, and pages that only one of the two readers finds."""
    if verdict.pages is None or pages == verdict.pages:
        return verdict.lost
    if pages < verdict.pages:
        return (*verdict.lost, f"of {count(verdict.pages, 'page')} only {pages} could be found")
    return (*verdict.lost, f"{count(pages, 'page')} could be read, and its page tree leads to {verdict.pages}")
