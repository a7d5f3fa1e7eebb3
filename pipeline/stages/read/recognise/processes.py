"""Has scanned pages recognised, each by a process of its own: `Request` per page → `SeenPage`, or why there is none.

A few run at once; each within limits of its own, and all within the time of the file.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import IO, Final, NamedTuple

from pydantic import ValidationError

from pipeline.stages.read.recognise.seen import Request, SeenPage

POLL_SECONDS: Final = 0.1
"""How often the processes are looked at."""
MOST_AT_ONCE: Final = 4
"""Most pages at once: each takes up to 1 GiB."""


class _Running(NamedTuple):
    """A page's process, when it is stopped, and the files that it writes its findings and its complaint into."""

    process: subprocess.Popen[bytes]
    end: float
    found: IO[bytes]
    complaint: IO[bytes]


def recognise_pages(
    requests: Mapping[int, Request], seconds: float, progress: Callable[[int, int], None]
) -> tuple[dict[int, SeenPage], dict[int, str]]:
    """Have pages recognised.

    Args:
        requests: What to read, by the page's number.
        seconds: Wall-clock seconds for all of them. A single one has what its request says.
        progress: Called with (pages done, pages in all).

    Returns:
        What was seen of each page, and of the others why nothing was; both by the page's number.
    """
    end = time.monotonic() + seconds
    waiting = deque(requests.items())
    running: dict[int, _Running] = {}
    seen: dict[int, SeenPage] = {}
    failures: dict[int, str] = {}
    most = min(MOST_AT_ONCE, len(os.sched_getaffinity(0)))
    with ExitStack() as files:
        try:
            while waiting or running:
                while waiting and len(running) < most:
                    number, request = waiting.popleft()
                    if time.monotonic() > end:
                        failures[number] = f"the scans of the file take more than {seconds:g} seconds; {MORE_TIME}"
                    else:
                        running[number] = _start(request, files)
                for number, one in list(running.items()):
                    if one.process.poll() is None and time.monotonic() <= one.end:
                        continue
                    result = _finish(one, requests[number])
                    if isinstance(result, SeenPage):
                        seen[number] = result
                    else:
                        failures[number] = result
                    del running[number]
                    progress(len(seen) + len(failures), len(requests))
                if running:
                    time.sleep(POLL_SECONDS)
        finally:
            for one in running.values():
                _stop(one.process)
    return seen, failures


MORE_TIME: Final = "give them more by --time-limit, or save them with a lower resolution"


def _start(request: Request, files: ExitStack) -> _Running:
    """Start a page's process."""
    package = Path(__file__).resolve().parents[4]
    bootstrap = (
        f"import sys; sys.path.insert(0, {str(package)!r});"
        " from pipeline.stages.read.recognise.worker import main; sys.exit(main())"
    )
    asked, found, complaint = (files.enter_context(tempfile.TemporaryFile()) for _ in range(3))  # noqa: SIM115 - it is the context
    asked.write(request.model_dump_json().encode())
    asked.seek(0)
    process = subprocess.Popen(  # noqa: S603 - this interpreter
        [sys.executable, "-c", bootstrap],
        stdin=asked,
        stdout=found,
        stderr=complaint,
        start_new_session=True,
        # Threads of numerical libraries reserve memory that the page may need.
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_THREAD_LIMIT": "1"},
    )
    return _Running(process, time.monotonic() + request.seconds, found, complaint)


def _finish(one: _Running, request: Request) -> SeenPage | str:
    """Give what a process has found, or why it has found nothing."""
    code = one.process.poll()
    if code is None:
        _stop(one.process)
        return f"recognising it takes more than {request.seconds:g} seconds; {MORE_TIME}"
    one.found.seek(0)
    one.complaint.seek(0)
    lines = [line for line in one.complaint.read().decode(errors="replace").splitlines() if line.strip()]
    if code == 0:
        with suppress(ValidationError):
            return SeenPage.model_validate_json(one.found.read())
    if code == 1 and lines:
        return lines[-1]
    ended = f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
    return f"the process that was to recognise it ended with {ended}; it may take more than its {request.megabytes} MiB"


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Stop a page's process and the engine that it started."""
    with suppress(ProcessLookupError):  # it may have ended by itself in the meantime
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
