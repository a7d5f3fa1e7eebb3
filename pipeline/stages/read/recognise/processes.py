"""Has scanned pages recognised, each by a process of its own: `Request` per page → `SeenPage`, or why there is none.

A few run at once; each within limits of its own, and all within the time of the file.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from pipeline.stages.read.recognise.seen import Request, SeenPage

MOST_AT_ONCE: Final = 4
"""Most pages at once: each takes up to 1 GiB."""
MORE_TIME: Final = "give them more by --time-limit, or save them with a lower resolution"


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
    running: set[subprocess.Popen[bytes]] = set()

    def recognise(request: Request) -> SeenPage | str:
        if time.monotonic() > end:
            return f"the scans of the file take more than {seconds:g} seconds; {MORE_TIME}"
        with _start() as process:
            running.add(process)
            try:
                found, complaint = process.communicate(request.model_dump_json().encode(), request.seconds)
            except subprocess.TimeoutExpired:
                return f"recognising it takes more than {request.seconds:g} seconds; {MORE_TIME}"
            finally:
                _stop(process)
                running.discard(process)
        return _read_result(process.returncode, found, complaint, request)

    with ThreadPoolExecutor(min(MOST_AT_ONCE, len(os.sched_getaffinity(0)))) as pool:
        tasks = {number: pool.submit(recognise, request) for number, request in requests.items()}
        try:
            for done, task in enumerate(as_completed(tasks.values()), start=1):
                task.result()
                progress(done, len(tasks))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for process in list(running):
                _stop(process)
            raise
    found = {number: task.result() for number, task in tasks.items()}
    seen = {number: page for number, page in found.items() if isinstance(page, SeenPage)}
    return seen, {number: reason for number, reason in found.items() if isinstance(reason, str)}


def _start() -> subprocess.Popen[bytes]:
    """Start a page's process."""
    path = [str(Path(__file__).resolve().parents[4]), *filter(None, [os.environ.get("PYTHONPATH")])]
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "pipeline.stages.read.recognise.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        # Threads of numerical libraries reserve memory that the page may need.
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path), "OPENBLAS_NUM_THREADS": "1", "OMP_THREAD_LIMIT": "1"},
    )


def _read_result(code: int, found: bytes, complaint: bytes, request: Request) -> SeenPage | str:
    """Return what a process has found, or why it has found nothing."""
    lines = [line for line in complaint.decode(errors="replace").splitlines() if line.strip()]
    if code == 0:
        with suppress(ValidationError):
            return SeenPage.model_validate_json(found)
    if code == 1 and lines:
        return lines[-1]
    ended = f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
    return f"the process that was to recognise it ended with {ended}; it may take more than its {request.megabytes} MiB"


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Stop a page's process and the engine that it started, where they are still running."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
