"""Has a PDF read by worker processes, within a time and a memory limit: PDF → `Source`.

One task checks the file with qpdf, one opens it, and each page is a task of its own. Pages come back in order, whatever
the number of workers; one whose task fails is a page with a `failure`.
"""

from __future__ import annotations

import stat
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
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


def read_edition(
    source: Path,
    options: Options,
    pool: WorkerPool,
    *,
    sidecar: bool = True,
    analyses: dict[int, PageAnalysis] | None = None,
) -> Stored[Source]:
    """Run the read stage: read a file, recognise its scans, and gather what is known of the edition.

    Args:
        source: The PDF.
        options: How to run.
        pool: The worker pool.
        sidecar: False to leave the sidecar unread, and what later stages need unloaded (`load_stages`).
        analyses: Takes the lines of the pages by their numbers, as workers divide them for the segment stage.

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
    meanwhile = load_stages(language) if sidecar else None
    content = read_guarded(source, options, pool, meanwhile=meanwhile, analyses=analyses)
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
    declared = {} if known is None else known.declare()
    return gather_edition(edition, recognised.source, recognised.issues, **declared)


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


def load_stages(language: str | None) -> Iterator[None]:
    """Load the stages after reading and their libraries in two steps, while workers have something to do.

    What can't be loaded is reported by the stage that needs it. The first step takes 0.3 s of the booklet's wall time,
    as long as the fork server starts and the file is checked; the second 0.4 s.

    Args:
        language: The edition's language, where the sidecar says it.

    Yields:
        After the first step.
    """
    with suppress(Exception):
        for stage in STAGES:
            stage.load_function()
        import_module("pipeline.stages.read.recognise")
    yield
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
    meanwhile: Iterator[None] | None = None,
    analyses: dict[int, PageAnalysis] | None = None,
) -> Source:
    """Read a PDF by worker processes.

    Args:
        path: The file.
        options: The password of a locked file, what reading it may take, and the progress: it is called when the file
            is open, and after each page.
        pool: The worker pool.
        meanwhile: What this process does while workers check the file, and while they read its pages, in two steps.
        analyses: Takes the lines of the pages by their numbers.

    Returns:
        The file's name, hash and pages. A page that could not be read has a `failure`; what else is amiss is in
        `issues`.

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
                PdfFile(path.absolute(), options.password, second_reading=limits.second_reading),
                pool,
                limits,
                Path(folder, "copy.pdf"),
                meanwhile or iter(()),
            )
            return reading.read(partial(options.progress, "read"), {} if analyses is None else analyses)
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


@dataclass
class _Reading:
    """The reading of one file.

    Attributes:
        file: The file.
        pool: The worker pool.
        limits: What the reading may take.
        copy: Where qpdf's copy of a damaged file is written to.
        meanwhile: What this process does while the workers are busy, step by step.
    """

    file: PdfFile
    pool: WorkerPool
    limits: Limits
    copy: Path
    meanwhile: Iterator[None]

    def read(self, progress: Callable[[int, int], None], analyses: dict[int, PageAnalysis]) -> Source:
        """Read the file.

        Raises:
            InputError: It can't be opened.
            LimitError: It takes more than the limits allow.
        """
        begun = time.monotonic()
        opened = self._open()
        limits = self.limits.scale(opened.pages)
        progress(0, opened.pages)
        missing: list[tuple[int, str]] = []
        pages: list[Page] = []
        kept = 0
        for page, lacks, analysis in self._read_pages(opened, begun + limits.seconds, limits):
            shapes = len(page.rules) + len(page.fills) + len(page.links) + len(page.pictures)
            kept += GLYPH_BYTES * len(page.glyphs) + SHAPE_BYTES * shapes
            if kept > limits.megabytes * MEBIBYTE * KEPT_SHARE:
                raise LimitError(
                    f"the pages hold more than can be kept in half of {limits.megabytes} MiB; raise --memory-limit, or"
                    " divide the file",
                    edition=self.file.path.name,
                    page=page.number,
                )
            pages.append(page)
            if analysis is not None:
                analyses[page.number] = analysis
            missing += [(page.number, text) for text in lacks]
            progress(len(pages), opened.pages)
        from pipeline.stages.read.checks import find_issues

        damaged = sorted((*opened.verdict.damaged, *missing))
        return Source(
            file=self.file.path.name,
            sha256=opened.file.sha256 or "",
            pages=tuple(pages),
            repairs=opened.verdict.repairs,
            issues=tuple(find_issues(_find_lost(opened.verdict, opened.pages), damaged, pages)),
        )

    def _open(self) -> _Checked:
        """Have the file checked, and opened: as it is, or else a copy rewritten by qpdf.

        Raises:
            InputError: It can't be opened.
        """
        verdict = self._check(rewrite=False)
        try:
            return self._open_checked(verdict)
        except InputError as error:
            if verdict.locked or self.file.path.stat().st_size == 0:
                raise
            with suppress(InputError):
                verdict = self._check(rewrite=True)
                if verdict.copy is not None:
                    return self._open_checked(verdict)
            raise error from None

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

    def _check(self, *, rewrite: bool) -> QpdfFindings:
        """Have qpdf look the file over; that may fail, and the file be readable."""
        seconds = self.limits.page_seconds
        try:
            checked = self.pool.submit(seconds, check_file, self.file, self.copy, rewrite)
            next(self.meanwhile, None)
            return take_promptly(checked, seconds)
        except TaskError as error:
            return QpdfFindings(
                lost=(
                    f"the file could not be checked within {seconds:g} seconds"
                    if error.timed_out
                    else f"the file could not be checked ({error.reason})",
                )
            )

    def _read_pages(
        self, opened: _Checked, end: float, limits: Limits
    ) -> Iterator[tuple[Page, tuple[str, ...], PageAnalysis | None]]:
        """Have the pages read; give each with what of it is missing, and its lines, in order.

        Raises:
            LimitError: The time for all of them is over.
        """
        tasks = deque(
            (number, self.pool.submit(limits.page_seconds, read_and_prepare, opened.file, number))
            for number in range(1, opened.pages + 1)
        )
        next(self.meanwhile, None)
        while tasks:
            number, task = tasks.popleft()
            try:
                try:
                    yield take_result(task, end)
                except TaskError as error:
                    yield self._read_again(opened.file, number, limits, error, end)
            except TimeoutError as error:
                raise LimitError(
                    f"reading the file takes more than {limits.seconds:g} seconds; give it more by --time-limit, or get"
                    " a plainer copy",
                    edition=self.file.path.name,
                    page=number,
                ) from error

    def _read_again(
        self, file: PdfFile, number: int, limits: Limits, error: TaskError, end: float
    ) -> tuple[Page, tuple[str, ...], PageAnalysis | None]:
        """Read a page once only, where its worker crashed or hung: the second reader may be what brought it down."""
        if (error.crashed or error.timed_out) and file.second_reading:
            try:
                once = file._replace(second_reading=False)
                task = self.pool.submit(limits.page_seconds, read_and_prepare, once, number)
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
