"""Reads untrusted PDFs in child processes that can be stopped: PDF → `Source`, as the read stage gives it.

```
this process ── stand ── reader: opens the file ─┬─ checker: qpdf's view of the file (pipeline/stages/read/repair.py)
                                                 └─ workers: a page at a time
```

The stand is a new interpreter, so that nothing of this process (threads, loaded libraries, passwords) is in it. It
loads the libraries that read PDFs, sees nothing of any file, and forks a reader for each: the files of a run have one
stand (`keep_stand`), and another thread may have it read the next one meanwhile (`read_ahead`). The reader opens the
file once and forks the workers, each of which has the open file at once. A page that takes too long, needs too much
memory or brings its worker down is a page with a `failure`; the next page gets a new worker.
Pages come back in order whatever the number of workers, as plain numbers and strings: what a child sends is never a
class or a call.
"""

from __future__ import annotations

import contextlib
import gc
import hashlib
import io
import itertools
import json
import os
import pickle
import resource
import select
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, NoReturn, TypeVar

from pipeline.errors import InputError, LimitError

if TYPE_CHECKING:
    from types import FrameType

    from pdfplumber.page import Page as PlumberPage
    from pdfplumber.pdf import PDF

    from pipeline.models.page import Page, Source
    from pipeline.stages.read.repair import Verdict

DEFAULT_SECONDS: Final = 300.0
"""Seconds for reading a file, and again for all that is made of it: sixty times what the booklet's 55 pages take."""
DEFAULT_MEGABYTES: Final = 1024
"""Address space of each reading process, in MiB: nine times what the booklet takes (112 MiB at its peak)."""
PAGE_SHARE: Final = 0.1
"""Share of a file's seconds that one page, or the check of the file, may take."""
LEAST_MEGABYTES: Final = 512
"""Address space that a run needs, in MiB: spaCy and its like fail in ways of their own below 400 (`ulimit -v`)."""
KEPT_SHARE: Final = 0.1
"""Share of the memory limit that the pages may fill in the form in which they are sent, 21 bytes a glyph: the lines,
rows and values made of them take some three times as much, and the stages need room beside them."""
STOP_SECONDS: Final = 0.05
"""Seconds after which a stand is looked for again that is to be stopped."""
PAGES_PER_JOB: Final = 4
"""Pages that one more process is started for: to start one takes as long as to read one page."""
MAX_PAGE_OBJECTS: Final = 100_000
"""Most glyphs, rules, fills, links and pictures of a page: the fullest page of the booklet has 4,300, a page of a
newspaper some 30,000. What comes after reading takes time that grows faster than their number."""
UNTOLD_SHARE: Final = 0.1
"""Share of a page's glyphs without a Unicode value from which on the page's text counts as not read."""
OUTSIDE_SHARE: Final = 0.5
"""Share of a page's glyphs outside its visible part beyond which the page's boxes are taken to be wrong: printers'
marks and slug lines are a few words."""
MEBIBYTE: Final = 1024 * 1024
EXIT_MEMORY: Final = 4
GRACE_SECONDS: Final = 5.0
"""How much later than the reader's own limits this process stops it: for a reader that can't stop itself."""
_HEAD: Final = struct.Struct("<cQ")
"""A frame begins with its kind, one letter, and the length of what follows."""
_NUMBER: Final = struct.Struct("<q")

_BEGIN: Final = b"b"
"""Orders to a stand: begin a reader, end it."""
_END: Final = b"e"
_READING_LIBRARIES: Final = (
    "pdfplumber",
    "pikepdf",
    "pipeline.stages.read.content_stream",
    "pipeline.models.page",
    "pipeline.stages.read.page",
    "pipeline.stages.read.repair",
)
COLLECT_AFTER: Final = 50_000
"""New objects after which Python looks for cycles in a reading process; 700 by itself."""

OPENED: Final = b"o"
PAGE: Final = b"p"
REFUSED: Final = b"r"
OVER: Final = b"l"
BROKEN: Final = b"b"
VERDICT: Final = b"v"

_Tuple = TypeVar("_Tuple", bound=NamedTuple)


@dataclass(frozen=True)
class Limits:
    """What reading a file may take.

    Attributes:
        seconds: Wall-clock seconds for reading the file; the stages after it have as many again. A page may take a
            tenth of them.
        megabytes: Address space of each reading process, in MiB.
    """

    seconds: float = DEFAULT_SECONDS
    megabytes: int = DEFAULT_MEGABYTES

    @property
    def page_seconds(self) -> float:
        """Wall-clock seconds that one page may take."""
        return self.seconds * PAGE_SHARE


@dataclass(frozen=True)
class Opened:
    """What is known of a file once it is open.

    Attributes:
        pages: Number of pages.
        sha256: Hash of the file's bytes, lower-case hexadecimal.
        repairs: What had to be repaired to read the file, in words.
        lost: What of the file is lost though no page failed, in words.
        damaged: Page number and damage of each page that can be read in part only.
    """

    pages: int
    sha256: str
    repairs: tuple[str, ...]
    lost: tuple[str, ...]
    damaged: tuple[tuple[int, str], ...]


# --- this process --------------------------------------------------------------------------------------------------


def read_guarded(
    path: Path,
    *,
    password: str | None = None,
    jobs: int = 1,
    limits: Limits | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Source:
    """Read a PDF in child processes, within a time and a memory limit.

    Args:
        path: The file.
        password: User password, where the file needs one.
        jobs: Number of processes that read pages; the result is the same for any.
        limits: What the reading may take; the defaults where None.
        progress: Called with (pages done, pages in all) when the file is open, and after each page; of a file read
            ahead, at the beginning and at the end.

    Returns:
        The file's name, hash and pages. A page that could not be read has a `failure`; what else is amiss stands in
        `issues`.

    Raises:
        InputError: The file is missing, empty, no PDF, locked, or without pages.
        LimitError: Opening the file, or reading it whole, takes more than the limits allow.
    """
    limits = limits or Limits()
    kept = _HERE.kept
    reading = kept.ahead
    if reading is not None:
        wanted = reading.is_of(path, password, limits)
        if wanted:
            reading.wait()
        else:
            reading.stop()
        kept.ahead = None
        if wanted:
            source = reading.give()
            if progress is not None:
                progress(0, len(source.pages))
                progress(len(source.pages), len(source.pages))
            return source
    return _read_file(path, password, jobs, limits, progress)


def read_ahead(path: Path, *, password: str | None = None, jobs: int = 1, limits: Limits | None = None) -> None:
    """Begin to read a file while this process works at the one before; `read_guarded` waits for it and gives it.

    Nothing is begun but within `keep_stand`. What goes wrong is told by `read_guarded`; a file that it is not asked
    for, or that has changed by then, is left.

    Args:
        path: The file.
        password: As for `read_guarded`.
        jobs: As for `read_guarded`.
        limits: As for `read_guarded`.
    """
    kept = _HERE.kept
    if not kept.keeps or kept.ahead is not None:
        return
    kept.ahead = _Ahead(kept, path, password, limits or Limits())
    try:
        kept.ahead.begin(jobs)
    except RuntimeError:  # no more threads can be started: it is read in its turn
        kept.ahead = None


def _read_file(
    path: Path, password: str | None, jobs: int, limits: Limits, progress: Callable[[int, int], None] | None
) -> Source:
    """Read a file by the stand's readers."""
    from pipeline.models.page import Source

    require_memory()
    _require_plain_file(path, limits)
    try:
        opened, pages = _read(path, password, jobs, limits, progress, rewrite=False)
    except _OpeningError as first:
        if not first.repairable:
            raise first.error from first
        try:
            opened, pages = _read(path, password, jobs, limits, progress, rewrite=True)
        except _OpeningError:
            raise first.error from first
    return Source(
        file=path.name,
        sha256=opened.sha256,
        pages=pages,
        repairs=opened.repairs,
        issues=tuple(_find_issues(opened, pages)),
    )


def require_memory() -> None:
    """Refuse to begin what is sure to fail half-way for want of memory.

    Raises:
        LimitError: The system allows this process less address space than any run takes.
    """
    allowed, _ = resource.getrlimit(resource.RLIMIT_AS)
    if allowed != resource.RLIM_INFINITY and allowed < LEAST_MEGABYTES * MEBIBYTE:
        raise LimitError(
            f"the process may use {allowed // MEBIBYTE} MiB of memory, and a run takes {LEAST_MEGABYTES}; allow it more"
            " (ulimit -v)"
        )


@contextlib.contextmanager
def deadline(limits: Limits, edition: str) -> Iterator[None]:
    """Stop what runs in the main thread of this process when the time is over.

    For the stages after reading, which are pure: nothing is left half done. Elsewhere than in the main thread there is
    no signal to stop by, and no limit.

    Args:
        limits: The limits, of which the seconds are used.
        edition: Edition id, for the error.

    Raises:
        LimitError: The time is over, or the memory is used up.
    """

    def stop(number: int, frame: FrameType | None) -> NoReturn:  # noqa: ARG001 - the signature of a signal handler
        raise LimitError(
            f"the file was read, and what stands in it takes more than {limits.seconds:g} seconds to work out;"
            " give it more by --time-limit, or get a plainer copy",
            edition=edition,
        )

    require_memory()
    timed = threading.current_thread() is threading.main_thread()
    if timed:
        before = signal.signal(signal.SIGALRM, stop)
        signal.setitimer(signal.ITIMER_REAL, limits.seconds)
    try:
        yield
    except MemoryError as error:
        raise LimitError(
            "the file was read, and what stands in it takes more memory to work out than there is; give the process"
            " more, or get a plainer copy",
            edition=edition,
        ) from error
    finally:
        if timed:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)


class _OpeningError(Exception):
    """The reader could not open the file; a copy rewritten by qpdf may be worth a try."""

    def __init__(self, error: InputError, *, repairable: bool) -> None:
        super().__init__(str(error))
        self.error = error
        self.repairable = repairable


class _PlainUnpickler(pickle.Unpickler):
    """Reads numbers, strings, bytes, tuples, lists and dictionaries; refuses every class and function."""

    def find_class(self, module_name: str, global_name: str, /) -> NoReturn:
        """Refuse."""
        raise pickle.UnpicklingError(f"a reader sent {module_name}.{global_name}")


def _require_plain_file(path: Path, limits: Limits) -> None:
    """Refuse what could keep the run waiting for ever: a pipe, a device; and what could never be held."""
    if not path.exists():
        raise InputError(f"no such file: {path}; check the path", edition=path.name)
    if path.is_dir():
        raise InputError(f"{path} is a folder; name a PDF file in it", edition=path.name)
    if not path.is_file():
        raise InputError(f"{path} is no plain file; save the PDF to one and name that", edition=path.name)
    size = path.stat().st_size
    if size >= limits.megabytes * MEBIBYTE:
        raise LimitError(
            f"the file has {size // MEBIBYTE} MiB, more than reading may take in memory ({limits.megabytes} MiB); raise"
            " --memory-limit",
            edition=path.name,
        )


def _read(
    path: Path,
    password: str | None,
    jobs: int,
    limits: Limits,
    progress: Callable[[int, int], None] | None,
    *,
    rewrite: bool,
) -> tuple[Opened, tuple[Page, ...]]:
    """Run a reader on a file.

    Raises:
        _OpeningError: The reader could not open the file.
        LimitError: The pages together take too long, or too much memory.
    """
    name = path.name
    request = {
        "path": str(path.absolute()),
        "password": password,
        "jobs": jobs,
        "seconds": limits.seconds,
        "megabytes": limits.megabytes,
        "rewrite": rewrite,
    }
    opened: Opened | None = None
    pages: dict[int, Page] = {}
    missing: list[tuple[int, str]] = []
    kept = 0
    with _reader(request, name) as frames:
        for kind, frame in frames:
            content = _decode(frame)
            if kind == OPENED:
                opened = Opened(*content)
                if progress is not None:
                    progress(0, opened.pages)
            elif kind == PAGE:
                kept += len(frame)
                if kept > limits.megabytes * MEBIBYTE * KEPT_SHARE:
                    raise LimitError(
                        f"the pages hold more than can be kept in {limits.megabytes} MiB; raise --memory-limit, or"
                        " divide the file",
                        edition=name,
                        page=content[0][0],
                    )
                page = _decode_page(content[0])
                pages[page.number] = page
                missing += [(page.number, text) for text in content[1]]
                if progress is not None and opened is not None:
                    progress(len(pages), opened.pages)
            elif kind == REFUSED:
                message, repairable = content
                raise _OpeningError(InputError(message, edition=name), repairable=repairable)
            elif kind == OVER:
                message, page_number = content
                raise LimitError(message, edition=name, page=page_number)
            elif opened is None:  # the reader gave up while it opened the file
                message = f"the PDF can't be opened ({content}); fetch it again or repair it (for example with qpdf)"
                raise _OpeningError(InputError(message, edition=name), repairable=True)
            else:
                raise InputError(f"the reader broke off ({content}); fetch the file again", edition=name)
    if opened is None or len(pages) != opened.pages:
        raise _OpeningError(
            LimitError(
                "the reading process could not start or was ended from outside; free memory, and run again",
                edition=name,
            ),
            repairable=False,
        )
    damaged = tuple(sorted((*opened.damaged, *missing)))
    return replace(opened, damaged=damaged), tuple(pages[number] for number in sorted(pages))


class _Stand:
    """The process that forks readers, one at a time."""

    def __init__(self, name: str) -> None:
        """Start it; it loads its libraries while this process does something else."""
        # The stand finds the package where this process found it, whatever the current folder and the environment.
        bootstrap = f"import sys; sys.path[:] = {sys.path!r}; from pipeline.run.sandbox import stand; stand()"
        self.channel, other = socket.socketpair()
        try:
            self.process = subprocess.Popen(  # noqa: S603 - this interpreter, and nothing of the file in its command line
                [sys.executable, "-I", "-c", bootstrap],
                stdin=other.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        except OSError as error:
            self.channel.close()
            raise LimitError(
                f"no process can be started to read the file ({error.strerror}); free memory, or allow more processes",
                edition=name,
            ) from error
        finally:
            other.close()
        self.channel.settimeout(GRACE_SECONDS)

    def begin(self, *handles: int) -> None:
        """Have a reader forked that takes its request from the first handle, and sends frames to the second."""
        with contextlib.suppress(OSError):  # a stand that has ended shows by frames that don't come
            socket.send_fds(self.channel, [_BEGIN], handles)

    def end(self) -> bool:
        """End the reader and all its workers; False where the stand has ended itself."""
        try:
            self.channel.sendall(_END)
            return self.channel.recv(len(_END)) == _END
        except OSError:
            return False

    def stop(self) -> None:
        """Have it end, with the reader and all its workers; another thread that waits for frames finds their end."""
        with contextlib.suppress(OSError):
            self.channel.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """End the stand."""
        self.channel.close()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class _Kept:
    """What a thread keeps from file to file, where it does: the stand, idle or at work, and a file read ahead."""

    def __init__(self) -> None:
        self.keeps = False
        self.stand: _Stand | None = None
        self.busy: _Stand | None = None
        self.ahead: _Ahead | None = None


class _Here(threading.local):
    """What this thread keeps; a thread that reads ahead shares what the one that it reads for keeps."""

    def __init__(self) -> None:
        self.kept = _Kept()


_HERE: Final = _Here()


class _Ahead:
    """A file that is read by another thread."""

    def __init__(self, kept: _Kept, path: Path, password: str | None, limits: Limits) -> None:
        self._kept = kept
        self._wanted = path, password, limits, _describe_file(path)
        self._read: Source | None = None
        self._error: Exception | None = None
        self._thread: threading.Thread | None = None

    def begin(self, jobs: int) -> None:
        """Start the thread.

        Raises:
            RuntimeError: The system allows none.
        """
        path, password, limits, _ = self._wanted
        self._thread = threading.Thread(target=self._run, args=(path, password, jobs, limits), daemon=True)
        self._thread.start()

    def _run(self, path: Path, password: str | None, jobs: int, limits: Limits) -> None:
        # Signals are the main thread's, which holds them back at times: taken here, they would interrupt it even then.
        signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
        _HERE.kept = self._kept
        try:
            self._read = _read_file(path, password, jobs, limits, None)
        except Exception as error:  # noqa: BLE001 - told where the file is asked for
            self._error = error

    def is_of(self, path: Path, password: str | None, limits: Limits) -> bool:
        """Tell whether it is this file, as it is now, that is read."""
        return self._wanted == (path, password, limits, _describe_file(path))

    def wait(self) -> None:
        """Wait for the end of reading."""
        if self._thread is not None:
            self._thread.join()

    def give(self) -> Source:
        """Give the file that was read, or raise what went wrong."""
        if self._error is not None:
            raise self._error
        assert self._read is not None, "read, or raised"  # noqa: S101 - for the type checker
        return self._read

    def stop(self) -> None:
        """Stop reading."""
        while self._thread is not None and self._thread.is_alive():
            busy = self._kept.busy  # it may be about to start a stand, or another for a second attempt
            if busy is not None:
                busy.stop()
            self._thread.join(STOP_SECONDS)


def _describe_file(path: Path) -> tuple[int, ...] | None:
    """Give what changes with a file's content, whatever is done to its times; None where it can't be told."""
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


@contextlib.contextmanager
def keep_stand() -> Iterator[None]:
    """Read all files within by one stand, which is started for the first of them."""
    kept = _HERE.kept
    if kept.keeps:
        yield
        return
    kept.keeps = True
    try:
        yield
    finally:
        kept.keeps = False
        reading, kept.ahead = kept.ahead, None
        if reading is not None:
            reading.stop()
        if kept.stand is not None:
            kept.stand.close()
            kept.stand = None


def start_stand() -> None:
    """Start the stand, where one is to be kept and none is there: a file will be read soon.

    Raises:
        LimitError: No process can be started.
    """
    kept = _HERE.kept
    if kept.keeps and kept.stand is None and kept.ahead is None:
        kept.stand = _Stand("")


@contextlib.contextmanager
def _reader(request: dict[str, Any], name: str) -> Iterator[Iterator[tuple[bytes, bytes]]]:
    """Start a reader, and end it and all its workers whatever happens.

    Yields:
        The frames that it sends.
    """
    kept = _HERE.kept
    stand, kept.stand = kept.stand, None
    if stand is not None and stand.process.poll() is not None:
        stand.close()
        stand = None
    stand = kept.busy = stand or _Stand(name)
    ended = False
    try:
        (request_end, requests), (results, result_end) = os.pipe(), os.pipe()
        stand.begin(request_end, result_end)
        os.close(request_end)
        os.close(result_end)
        try:
            # The pipe stays open: its end tells the reader that this process has ended.
            with contextlib.suppress(BrokenPipeError):
                _write(requests, json.dumps(request).encode() + b"\n")
            yield _receive(results, request["seconds"] + GRACE_SECONDS, name)
        finally:
            ended = stand.end()
            os.close(requests)
            os.close(results)
    finally:
        kept.busy = None
        if ended and kept.keeps:
            kept.stand = stand
        else:
            stand.close()


def _receive(handle: int, seconds: float, name: str) -> Iterator[tuple[bytes, bytes]]:
    """Give the frames from a pipe until it ends: the kind and the content of each.

    Raises:
        LimitError: They don't end in time.
    """
    end = time.monotonic() + seconds
    try:
        while (frame := _receive_frame(handle, end)) is not None:
            yield frame
    except TimeoutError as error:
        raise LimitError("reading the file takes too long; give it more by --time-limit", edition=name) from error


def _receive_frame(handle: int, end: float) -> tuple[bytes, bytes] | None:
    """Give the next frame from a pipe; None where the pipe has ended.

    Raises:
        TimeoutError: It does not come in time (monotonic clock).
    """
    head = _receive_exactly(handle, _HEAD.size, end)
    if head is None:
        return None
    kind, size = _HEAD.unpack(head)
    content = _receive_exactly(handle, size, end)
    return None if content is None else (kind, content)


def _receive_exactly(handle: int, size: int, end: float) -> bytes | None:
    parts = bytearray()
    while len(parts) < size:
        if not select.select([handle], [], [], max(0.0, end - time.monotonic()))[0]:
            raise TimeoutError
        part = os.read(handle, min(size - len(parts), MEBIBYTE))
        if not part:
            return None
        parts += part
    return bytes(parts)


def _decode(frame: bytes) -> Any:  # noqa: ANN401 - whatever the kind of frame has
    return _PlainUnpickler(io.BytesIO(frame)).load()


def _find_issues(opened: Opened, pages: Sequence[Page]) -> Iterator[Any]:
    """Give what is amiss with a file and its pages, beside the pages that failed."""
    from pipeline.models.report import Issue

    for lost in opened.lost:
        yield Issue(code="file_damaged", severity="error", message=f"{lost}; get a sound copy")
    for number, damage in opened.damaged:
        yield Issue(
            code="page_damaged",
            severity="error",
            message=f"part of the page may be missing ({damage}); get a sound copy",
            page=number,
        )
    for page in pages:
        glyphs = page.glyphs
        told = sum(glyphs.ink)
        beyond = {number for number, setting in enumerate(glyphs.settings) if setting.concealed == "outside_page"}
        outside = (
            sum(itertools.compress((number in beyond for number in glyphs.setting_ids), glyphs.ink)) if beyond else 0
        )
        if outside > OUTSIDE_SHARE * told:
            yield Issue(
                code="text_outside_page",
                severity="error",
                message=f"{outside} of {told} glyphs stand outside the visible part of the page; look at the"
                " page's boxes, or get a sound copy",
                page=page.number,
            )
        untold = sum("\ufffd" in text for text in glyphs.texts)
        if untold:
            share = untold / told
            yield Issue(
                code="glyphs_without_text",
                severity="error" if share >= UNTOLD_SHARE else "warning",
                message=f"{untold} of {told} glyphs have no Unicode value, because a font's ToUnicode map is"
                " missing or damaged; get another copy, or recognise the page (pip install 'raccombat-pipeline[ocr]')",
                page=page.number,
            )


def _columns(rows: Iterable[Sequence[Any]]) -> tuple[tuple[Any, ...], ...]:
    return tuple(zip(*rows, strict=True))


def _rows(kind: type[_Tuple], columns: Sequence[Sequence[Any]]) -> tuple[_Tuple, ...]:
    return tuple(map(kind._make, zip(*columns, strict=True)))


def _encode_page(page: Page) -> tuple[Any, ...]:
    """Give a page as plain tuples, column by column: a quarter of the time that objects take."""
    return (
        page.number,
        page.width,
        page.height,
        page.fonts,
        page.glyphs.to_columns(),
        _columns(page.rules),
        _columns(page.fills),
        _columns(page.links),
        _columns(page.pictures),
        page.turned,
        page.recognised,
        page.failure,
    )


def _decode_page(content: Sequence[Any]) -> Page:
    """Give the page of `_encode_page`; it was validated when it was made, and is not validated again."""
    from pipeline.models.page import Fill, Glyphs, Link, Page, Picture, Rule

    number, width, height, fonts, glyphs, rules, fills, links, pictures, turned, recognised, failure = content
    return Page.model_construct(
        number=number,
        width=width,
        height=height,
        fonts=fonts,
        glyphs=Glyphs.from_columns(glyphs),
        rules=_rows(Rule, rules),
        fills=_rows(Fill, fills),
        links=_rows(Link, links),
        pictures=_rows(Picture, pictures),
        turned=turned,
        recognised=recognised,
        failure=failure,
    )


# --- the reader -----------------------------------------------------------------------------------------------------


def stand() -> None:
    """Be a stand: fork a reader for each order that comes from stdin, which is a socket, and end with it."""
    signal.pthread_sigmask(signal.SIG_SETMASK, ())  # one that is started by a thread that reads ahead has its mask
    channel = socket.socket(fileno=os.dup(0))
    _load_libraries()
    reader = 0
    while True:
        order, handles, _, _ = socket.recv_fds(channel, len(_BEGIN), 2)
        if order == _BEGIN and len(handles) == 2:
            reader = os.fork()
            if reader == 0:
                channel.close()
                os.setpgid(0, 0)
                os.dup2(handles[0], 0)
                os.close(handles[0])
                _serve(handles[1])
            with contextlib.suppress(OSError):  # the reader does so too, and may have ended
                os.setpgid(reader, reader)
        elif reader:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(reader, signal.SIGKILL)
            os.waitpid(reader, 0)
            reader = 0
        for handle in handles:
            os.close(handle)
        if not order:  # the process that asked has ended
            os._exit(0)
        if order == _END:
            channel.sendall(_END)


def _load_libraries() -> None:
    """Load what reading takes, once for all readers."""
    gc.set_threshold(COLLECT_AFTER)
    for name in _READING_LIBRARIES:
        import_module(name)
    # What is loaded stays: no search for cycles need go through it, here or in the readers.
    gc.freeze()


def _serve(out: int) -> None:
    """Be a reader: take a request from stdin, send frames, and end.

    Whatever goes wrong is sent as a frame: the process that waits for it makes an error of it.
    """
    with _reporting(out):
        request = json.loads(sys.stdin.buffer.readline())
        _limit_self(request["seconds"], request["megabytes"])
        _Reader(request, out).run()


@contextlib.contextmanager
def _reporting(out: int) -> Iterator[None]:
    """Run the last thing that a process does: send what stopped it, where something did, and end."""
    code = 1
    try:
        yield
        code = 0
    finally:
        try:
            error = sys.exception()
            if error is not None:
                code = EXIT_MEMORY if isinstance(error, MemoryError) else 1
                _send(out, BROKEN, describe_error(error))
        finally:
            # Not by way of the interpreter's end: a forked process would run what its parent has still to do.
            os._exit(code)


def describe_error(error: BaseException) -> str:
    """Give an exception in a few words, on one line."""
    if isinstance(error, MemoryError):
        return "it needs more memory than the limit allows"
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}"[:200] if text else type(error).__name__


def _limit_self(seconds: float, megabytes: int) -> None:
    """Set the system's limits for this process and those that it forks."""
    _lower(resource.RLIMIT_AS, megabytes * MEBIBYTE)
    # The clock on the wall is watched by others; this ends a process that no one watches any more.
    _lower(resource.RLIMIT_CPU, int(seconds + GRACE_SECONDS) + 1)
    _lower(resource.RLIMIT_CORE, 0)


def _lower(kind: int, value: int) -> None:
    _, hard = resource.getrlimit(kind)
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(kind, (value, value))


def _send(out: int, kind: bytes, content: object) -> None:
    _forward(out, kind, pickle.dumps(content, protocol=5))


def _forward(out: int, kind: bytes, frame: bytes) -> None:
    _write(out, _HEAD.pack(kind, len(frame)) + frame)


def _write(out: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(out, rest) :]


@dataclass
class _Worker:
    """A forked process that reads pages.

    Attributes:
        pid: Its process id.
        orders: Where page numbers are written to.
        results: Where frames are read from.
        page: The page that it reads.
        end: When that should be done (monotonic clock).
    """

    pid: int
    orders: int
    results: int
    page: int
    end: float


class _Reader:
    """Opens a file and has its pages read."""

    def __init__(self, request: dict[str, Any], out: int) -> None:
        """Take a request (`_read`) and the handle for frames."""
        self.path = Path(request["path"])
        self.password: str | None = request["password"]
        self.jobs = max(1, int(request["jobs"]))
        self.limits = Limits(request["seconds"], request["megabytes"])
        self.rewrite: bool = request["rewrite"]
        self.end = time.monotonic() + self.limits.seconds
        self.out = out
        self.workers: list[_Worker] = []

    def run(self) -> None:
        """Read the file."""
        from pipeline.stages.read.page import read_bytes
        from pipeline.stages.read.repair import Verdict

        verdict = Verdict()
        repairable = False
        try:
            data = read_bytes(self.path)
            repairable = True
            verdict = self._check(data)
            pdf = self._open(data, verdict)
        except InputError as error:
            _send(self.out, REFUSED, (error.message, repairable and not verdict.locked))
            return
        pages = len(pdf.pages)
        lost = verdict.lost
        if verdict.pages is not None and pages < verdict.pages:
            lost = (*lost, f"of {verdict.pages} pages only {pages} could be found")
        elif verdict.pages is not None and pages > verdict.pages:
            lost = (*lost, f"{pages} pages could be read, and its page tree leads to {verdict.pages}")
        opened = (pages, hashlib.sha256(data).hexdigest(), verdict.repairs, lost, verdict.damaged)
        _send(self.out, OPENED, opened)
        del data
        try:
            self._read_pages(pdf, pages)
        finally:
            for worker in tuple(self.workers):
                self._end(worker)

    def _open(self, data: bytes, verdict: Verdict) -> PDF:
        """Open the file, or the copy that qpdf made of a damaged one.

        Raises:
            InputError: It can't be opened.
        """
        from pipeline.stages.read.page import open_pdf

        if self.rewrite and verdict.copy is None:
            raise InputError("the PDF is damaged and can't be repaired; fetch it again")
        with _alarm(self.limits.page_seconds):
            pdf = open_pdf(self.path, self.password, data=data if verdict.copy is None else verdict.copy)
        if not self.rewrite and verdict.copy is None and verdict.pages is not None and len(pdf.pages) < verdict.pages:
            raise InputError("the PDF's page tree is damaged; fetch it again")
        return pdf

    def _check(self, data: bytes) -> Verdict:
        """Have the file checked by a process of its own, which may crash or be stopped."""
        from pipeline.stages.read.repair import Verdict, check_pdf

        end = time.monotonic() + self.limits.page_seconds
        results, out = os.pipe()
        pid = os.fork()
        if pid == 0:
            with _reporting(out):
                _send(out, VERDICT, check_pdf(data, self.password, rewrite=self.rewrite))
        os.close(out)
        try:
            frame = _receive_frame(results, end)
        except TimeoutError:
            os.kill(pid, signal.SIGKILL)
            return Verdict(lost=(f"the file could not be checked within {self.limits.page_seconds:g} seconds",))
        finally:
            os.close(results)
            _, status = os.waitpid(pid, 0)
        if frame is None:
            return Verdict(lost=(f"the file could not be checked (the check ended by {_describe_status(status)})",))
        kind, content = frame[0], _decode(frame[1])
        if kind == BROKEN:
            return Verdict(lost=(f"the file could not be checked ({content})",))
        return Verdict(*content)

    def _read_pages(self, pdf: PDF, pages: int) -> None:
        """Have the pages read; every page comes out, read or failed, unless the time for all of them is over."""
        waiting = deque(range(1, pages + 1))
        jobs = min(self.jobs, 1 + pages // PAGES_PER_JOB)
        while waiting or self.workers:
            while waiting and len(self.workers) < jobs:
                self._start(pdf, waiting.popleft())
            now = time.monotonic()
            if now > self.end:
                message = (
                    f"reading the file takes more than {self.limits.seconds:g} seconds; give it more by --time-limit,"
                    " or get a plainer copy"
                )
                _send(self.out, OVER, (message, min(worker.page for worker in self.workers)))
                return
            end = min(self.end, *(worker.end for worker in self.workers))
            handles = [worker.results for worker in self.workers]
            ready = select.select([sys.stdin, *handles], [], [], max(0.0, end - now))[0]
            if sys.stdin in ready:
                return  # the process that asked has ended
            for worker in tuple(self.workers):
                if worker.results in ready:
                    self._take(worker, waiting)
                elif time.monotonic() > worker.end:
                    self._end(worker)
                    self._fail(worker.page, f"it takes more than {self.limits.page_seconds:g} seconds to read")

    def _take(self, worker: _Worker, waiting: deque[int]) -> None:
        """Take what a worker sends, pass it on, and give the worker its next page."""
        try:
            frame = _receive_frame(worker.results, worker.end)
        except TimeoutError:
            frame = (BROKEN, pickle.dumps(f"it takes more than {self.limits.page_seconds:g} seconds to read"))
        if frame is not None and frame[0] == PAGE:
            _forward(self.out, *frame)
            if waiting:
                worker.page = waiting.popleft()
                worker.end = time.monotonic() + self.limits.page_seconds
                _write(worker.orders, _NUMBER.pack(worker.page))
            else:
                self._end(worker)
            return
        status = self._end(worker)
        self._fail(
            worker.page, f"its reader ended by {_describe_status(status)}" if frame is None else _decode(frame[1])
        )

    def _fail(self, number: int, reason: str) -> None:
        """Send a page that could not be read."""
        _send(self.out, PAGE, (_encode_page(_failed_page(number, reason)), ()))

    def _start(self, pdf: PDF, number: int) -> None:
        """Fork a worker, and have it read its first page."""
        order_end, orders = os.pipe()
        results, result_end = os.pipe()
        pid = os.fork()
        if pid == 0:
            with _reporting(result_end):
                for handle in (orders, results, self.out, *self._handles()):
                    os.close(handle)
                _work(pdf, order_end, result_end)
        os.close(order_end)
        os.close(result_end)
        self.workers.append(_Worker(pid, orders, results, number, time.monotonic() + self.limits.page_seconds))
        _write(orders, _NUMBER.pack(number))

    def _handles(self) -> Iterator[int]:
        for worker in self.workers:
            yield from (worker.orders, worker.results)

    def _end(self, worker: _Worker) -> int:
        """End a worker; its wait status, as it ended by itself where it did."""
        self.workers.remove(worker)
        os.close(worker.orders)  # one that waits for its next page ends by this
        found, status = os.waitpid(worker.pid, os.WNOHANG)
        if not found:
            os.kill(worker.pid, signal.SIGKILL)
            _, status = os.waitpid(worker.pid, 0)
        os.close(worker.results)
        return status


@contextlib.contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    """Stop what this process does after some seconds.

    Raises:
        InputError: The time is over.
    """

    def stop(number: int, frame: FrameType | None) -> NoReturn:  # noqa: ARG001 - the signature of a signal handler
        raise InputError(f"opening the PDF takes more than {seconds:g} seconds; give it more by --time-limit")

    signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _work(pdf: PDF, orders: int, out: int) -> None:
    """Be a worker: read the pages whose numbers come in, until none comes any more."""
    while (order := os.read(orders, _NUMBER.size)) != b"":
        number = _NUMBER.unpack(order)[0]
        drawn = pdf.pages[number - 1]
        page, missing = _read_page(drawn)
        drawn.close()
        size = len(page.glyphs) + len(page.rules) + len(page.fills) + len(page.links) + len(page.pictures)
        if size > MAX_PAGE_OBJECTS:
            page, missing = _failed_page(number, f"it has {size} objects, more than {MAX_PAGE_OBJECTS}"), ()
        _send(out, PAGE, (_encode_page(page), missing))


def _read_page(drawn: PlumberPage) -> tuple[Page, tuple[str, ...]]:
    """Read a page; where that fails, without its links, then without its colour spaces too.

    Returns:
        The page, and what of it is missing, in words.
    """
    from pdfminer.pdftypes import resolve1

    from pipeline.stages.read.repair import missing_objects

    missing = missing_objects(drawn)
    page = _attempt(drawn)
    if page.failure is not None and drawn.page_obj.annots:
        drawn.page_obj.annots = None
        missing = (*missing, f"its links can't be read: {page.failure}")
        page = _attempt(drawn)
    resources = resolve1(drawn.page_obj.resources)
    if page.failure is not None and isinstance(resources, dict) and "ColorSpace" in resources:
        drawn.page_obj.resources = {key: value for key, value in resources.items() if key != "ColorSpace"}
        missing = (*missing, f"its colours can't be read: {page.failure}")
        page = _attempt(drawn)
    return page, () if page.failure is not None else missing


def _attempt(drawn: PlumberPage) -> Page:
    """Read a page; one that fails in a way in which the libraries are known to fail is a page with a `failure`."""
    from pdfplumber.utils.exceptions import MalformedPDFException

    from pipeline.stages.read.page import read_page

    try:
        return read_page(drawn)
    except (MalformedPDFException, RecursionError, ValueError, TypeError, LookupError, AssertionError) as error:
        return _failed_page(drawn.page_number, describe_error(error))


def _failed_page(number: int, reason: str) -> Page:
    """Give a page of which nothing is known but why it could not be read."""
    from pipeline.models.page import Glyphs, Page

    nothing: tuple[Any, ...] = ()
    return Page(
        number=number,
        width=0.0,
        height=0.0,
        fonts=nothing,
        glyphs=Glyphs(),
        rules=nothing,
        fills=nothing,
        links=nothing,
        pictures=nothing,
        failure=reason,
    )


def _describe_status(status: int) -> str:
    """Give how a process ended in words: by a signal, or with an exit code."""
    code = os.waitstatus_to_exitcode(status)
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
