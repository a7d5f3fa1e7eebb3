"""The worker pool: processes that open untrusted files, each task within a time and a memory limit.

```
this process ── pebble's pool ─┬─ worker: one task at a time        fork server: forks the workers, and has loaded
                               └─ worker                            nothing but the libraries that read PDFs
```

A worker that hangs is killed, one that crashes or needs too much memory ends; its task fails, and a new worker takes
the next one. Workers end with the process that started them, however that ends. They keep trouble in bounds and are no
boundary against hostile code: a worker has the rights of the user who runs it (docs/robustness.md).
"""

from __future__ import annotations

import errno
import multiprocessing
import os
import resource
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import context, forkserver
from pathlib import Path
from types import FrameType, ModuleType
from typing import TYPE_CHECKING, Any, Final, NoReturn, Self, TypeVar

from pipeline.errors import ExitCode, ExtractionError, LimitError, describe_error
from pipeline.run.options import Limits

if TYPE_CHECKING:
    from concurrent.futures import Future

    from pebble import ProcessPool

Result = TypeVar("Result")

MEBIBYTE: Final = 1024 * 1024
LEAST_MEGABYTES: Final = 512
"""Address space that a run needs, in MiB: spaCy and its like fail in ways of their own below 400 (`ulimit -v`)."""
GRACE_SECONDS: Final = 5.0
"""CPU seconds beyond its limit after which the system ends a worker that no one watches any more."""
FREE_FILES: Final = 12
"""Files that a pool must be able to open, and one more for each worker. With fewer a run ends half-way, and the fork
server with a traceback (tried with `ulimit -n` from 12 on: 18 suffice for one worker, 19 for two, 6 being open)."""
LONGEST_SOCKET_FOLDER: Final = 70
"""Longest path of the temporary folder, in bytes: a socket's path has 107, of which 31 are the names below it."""


@dataclass(eq=False)
class TaskError(Exception):
    """A task gave no result: it took too long or too much memory, brought its worker down, or raised something.

    Attributes:
        reason: Why, in words.
        timed_out: True where it took too long.
        crashed: True where it brought its worker down.
    """

    reason: str
    timed_out: bool = False
    crashed: bool = False


class PoolError(Exception):
    """No worker can be started, or all of them were ended from outside."""

    def as_limit(self, name: str) -> LimitError:
        """The error of the file that a task was about, with what to do."""
        return LimitError(
            f"the worker processes could not start or were ended from outside ({self}); free memory, allow more"
            " processes and open files (ulimit), and run again",
            edition=name,
        )


class WorkerPool:
    """Worker processes that run tasks, begun in the order in which they are submitted.

    The workers are started with the first task, and ended when the context is left.

    Attributes:
        last_file: True where no file follows the one that is read.
    """

    def __init__(self, jobs: int, megabytes: int) -> None:
        """Start no worker yet.

        Args:
            jobs: Number of workers.
            megabytes: Address space of each, in MiB.
        """
        self._jobs = jobs
        self._megabytes = megabytes
        self._pool: ProcessPool | None = None
        self.last_file = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def prepare(self) -> None:
        """Have the fork server started, which loads its libraries while this process goes on."""
        if self._pool is None:
            with suppress(OSError):  # reported when the first task is submitted
                start_fork_server(self._jobs)

    def submit(self, seconds: float, function: Callable[..., Result], *args: object) -> Future[Result]:
        """Have a function called by a worker.

        Args:
            seconds: Wall-clock seconds that it may take from when a worker begins with it.
            function: A function of a module.
            args: What it is called with; they and the result can be pickled.

        Raises:
            PoolError: No worker can be started.
        """
        from pebble import ProcessPool

        try:
            if self._pool is None:
                start_fork_server(self._jobs)
                self._pool = ProcessPool(
                    max_workers=self._jobs, initializer=_prepare_worker, initargs=(self._megabytes,), context=_Context()
                )
            found: Future[Result] = self._pool.schedule(_run_task, (seconds, function, args), timeout=seconds)
        except (RuntimeError, OSError) as error:
            raise PoolError(describe_error(error)) from error
        return found

    def stop(self) -> None:
        """Take no more tasks, and let the context be left at once: pebble looks every 0.1 s whether it is to end."""
        if self._pool is not None:
            self._pool.stop()  # type: ignore[no-untyped-call]

    @contextmanager
    def discarded_on_error(self) -> Iterator[None]:
        """End the workers, and what they are at or have still to do, where an error is raised within."""
        try:
            yield
        except BaseException:
            self._close()
            raise

    def _close(self) -> None:
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.stop()  # type: ignore[no-untyped-call]
            pool.join()


def take_result(future: Future[Result], end: float) -> Result:
    """Wait for a task.

    Args:
        future: The task.
        end: When to wait no longer (monotonic clock).

    Raises:
        TimeoutError: That time has come.
        TaskError: The task gives no result.
        PoolError: The workers are lost.
        ExtractionError: The task raised it.
    """
    from pebble import ProcessExpired

    try:
        return future.result(max(0.0, end - time.monotonic()))
    except ExtractionError:
        raise
    except ProcessExpired as error:
        if error.exitcode == ExitCode.LIMIT:
            raise TaskError(describe_error(MemoryError())) from error
        raise TaskError(f"its reader ended by {_describe_status(error.exitcode)}", crashed=True) from error
    except TimeoutError as error:
        if not future.done():
            raise
        said = f"it takes more than {error.args[1]:g} seconds to read (--time-limit)"
        raise TaskError(said, timed_out=True) from error
    except Exception as error:
        if type(error).__name__ == "BrokenProcessPool":
            raise PoolError(describe_error(error)) from error
        raise TaskError(describe_error(error)) from error


def take_promptly(future: Future[Result], seconds: float) -> Result:
    """Wait for a task that a worker begins at once.

    Args:
        future: The task.
        seconds: Wall-clock seconds that it may take.

    Raises:
        TaskError: The task gives no result.
        PoolError: The workers are lost.
        ExtractionError: The task raised it.
    """
    try:
        return take_result(future, time.monotonic() + seconds + GRACE_SECONDS)
    except TimeoutError as error:
        raise PoolError("no worker answers") from error


def call_worker(pool: WorkerPool, name: str, seconds: float, function: Callable[..., Result], *args: object) -> Result:
    """Have a function called by a worker, and wait for it.

    Args:
        pool: The pool.
        name: What the task is about, for errors: a file's name.
        seconds: Wall-clock seconds that it may take.
        function: A function of a module.
        args: What it is called with.

    Raises:
        ExtractionError: The task raised it.
        LimitError: It takes too long or too much memory, or its worker ended.
    """
    try:
        return take_promptly(pool.submit(seconds, function, *args), seconds)
    except TaskError as error:
        raise LimitError(
            f"a worker process gave no result ({error.reason}); give it more by --time-limit or --memory-limit",
            edition=name,
        ) from error
    except PoolError as error:
        raise error.as_limit(name) from error


@contextmanager
def _short_temporary_folder() -> Iterator[None]:
    """Have the fork server's socket made in `/tmp` where `TMPDIR` is too long a path for one (unix(7): 107 bytes)."""
    usual = tempfile.gettempdir()
    if len(os.fsencode(usual)) > LONGEST_SOCKET_FOLDER:
        tempfile.tempdir = "/tmp"  # noqa: S108 - a folder that only this user can enter is made in it
    try:
        yield
    finally:
        tempfile.tempdir = usual


@contextmanager
def _same_modules() -> Iterator[None]:
    """Have Python processes that are started find modules where this one does, not in the current folder before.

    `python -c`, by which multiprocessing starts its own, looks there first, and a folder `pipeline` is a usual one.
    """
    places = os.pathsep.join(str(Path(place).absolute()) for place in sys.path)
    ours = {"PYTHONSAFEPATH": "1", "PYTHONPATH": places}
    usual = {name: os.environ.get(name) for name in ours}
    os.environ |= ours
    try:
        yield
    finally:
        for name, value in usual.items():
            os.environ.pop(name)
            if value is not None:
                os.environ[name] = value


def start_fork_server(jobs: int) -> None:
    """Start the process that forks workers, where there is none.

    Args:
        jobs: Number of workers that it is to fork.

    Raises:
        OSError: The system starts no process, or allows too few open files.
    """
    allowed, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if allowed != resource.RLIM_INFINITY and allowed - len(list(Path("/dev/fd").iterdir())) < FREE_FILES + jobs:
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))
    # Threads reserve address space that a page may need: 64 MiB each for memory of their own, and for numbers.
    os.environ |= {"MALLOC_ARENA_MAX": "1", "OPENBLAS_NUM_THREADS": "1"}
    forkserver.set_forkserver_preload(["pipeline.run.preload"])
    with _short_temporary_folder(), _same_modules():
        forkserver.ensure_running()


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


@contextmanager
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
            f"the file was read, and the stages after reading take more than {limits.seconds:g} seconds; raise"
            " --time-limit, or get a plainer copy",
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
            "the file was read, and the stages after reading take more memory than there is; give the process more, or"
            " get a plainer copy",
            edition=edition,
        ) from error
    finally:
        if timed:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)


_STARTING: Final = threading.Lock()


class _Process(context.ForkServerProcess):
    """A process that does not run this process's main module again: a script need not be written for that."""

    @staticmethod
    def _Popen(process_obj: Any) -> Any:  # noqa: ANN401, N802 - the standard library's signature
        with _STARTING:
            main = sys.modules["__main__"]
            sys.modules["__main__"] = ModuleType("__main__")
            try:
                return context.ForkServerProcess._Popen(process_obj)  # noqa: SLF001
            finally:
                sys.modules["__main__"] = main

    def start(self) -> None:
        """Start it, from a daemon too: a Dask worker is one, and what it starts ends with it (`_prepare_worker`)."""
        current = multiprocessing.current_process()
        if current.daemon:
            current.daemon = False
        super().start()


class _Context(context.ForkServerContext):
    """Starts processes by the fork server."""

    Process = _Process


def _prepare_worker(megabytes: int) -> None:
    """Set up a worker: its limits, no output, and its end where the process that started it ends."""
    _lower(resource.RLIMIT_AS, megabytes * MEBIBYTE)
    _lower(resource.RLIMIT_CORE, 0)
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (1, 2):  # C libraries write of a file's faults
        os.dup2(nothing, stream)
    os.close(nothing)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(ExitCode.INTERRUPTED)


def _run_task(seconds: float, function: Callable[..., Result], args: tuple[object, ...]) -> Result:
    """Run a task in a worker; one that is out of memory ends it, as what it holds may not come free."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    # The clock on the wall is watched by the pool; this ends a task that no one watches any more.
    _lower(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime + seconds + GRACE_SECONDS) + 1)
    try:
        return function(*args)
    except MemoryError:
        os._exit(ExitCode.LIMIT)


def _lower(kind: int, value: int) -> None:
    """Set a soft limit, within what the system allows."""
    _, hard = resource.getrlimit(kind)
    resource.setrlimit(kind, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))


def _describe_status(code: int) -> str:
    """Return how a process ended in words: by a signal, or with an exit code."""
    if code == -signal.SIGABRT:  # qpdf and pdfium end so where they get no memory, and say no more
        return "signal SIGABRT, as where its memory does not suffice (--memory-limit)"
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
