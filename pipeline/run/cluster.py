"""Runs editions on a Dask cluster, one edition a task; reads PDFs and writes output files as the runner does.

The workers read files and words, and write the output themselves, so they must see the same folders (one machine, or a
shared file system) and have the same package. What comes back is how each edition ended.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pipeline import paths
from pipeline.errors import InputError, LimitError
from pipeline.run.identity import digest_package, list_sources
from pipeline.run.options import Options, Outcome, no_announcement, no_progress
from pipeline.run.runner import run_source

if TYPE_CHECKING:
    from distributed import Client, Future

CONNECT_SECONDS: Final = 8.0
"""How long to wait for the scheduler to answer, and to have a worker; with the program's start that is below 10."""
LEAST_SECONDS: Final = 1.0
"""How long to wait for a worker at least, however late the scheduler has answered."""
POLL_SECONDS: Final = 2.0
"""How often a scheduler that is waited for is looked at."""
SCHEDULER_LOST: Final = "the scheduler or all of its workers were lost; start them again, and run the file again"


def run_on_cluster(sources: Iterable[Path], options: Options, scheduler: str) -> Iterator[Outcome]:
    """Run editions on a cluster; a worker that is lost costs only the editions that it was at, and these are run again.

    Args:
        sources: The files, as this process and the workers see them.
        options: How to run. Progress is not reported; an edition is announced when its turn comes to be reported.
        scheduler: Address of the Dask scheduler, such as `tcp://10.0.0.1:8786`.

    Yields:
        The outcome of each edition, in the order of the files.

    Raises:
        InputError: The extra is not installed, no scheduler answers, or it has no workers.
    """
    try:
        from distributed import Client
        from distributed.utils import silence_logging_cmgr
    except ImportError as error:
        raise InputError(
            "running on a cluster needs Dask; install it: pip install 'raccombat-pipeline[cluster]'"
        ) from error
    end = time.monotonic() + CONNECT_SECONDS
    listed = list_sources(sources)
    sent = replace(
        options,
        out=options.out.absolute(),
        keep_stages=None if options.keep_stages is None else options.keep_stages.absolute(),
        progress=no_progress,
        announce=no_announcement,
    )
    try:
        client = Client(scheduler, timeout=CONNECT_SECONDS)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise InputError(
            f"no scheduler answers at {scheduler} ({error}); start one with `dask scheduler`, or name its address"
        ) from error
    # That a scheduler is lost, and with it each file, is said in one line a file, and not by its library once more.
    with silence_logging_cmgr(logging.CRITICAL, "distributed"), client:
        _require_workers(client, scheduler, max(end - time.monotonic(), LEAST_SECONDS))
        package, schemas = digest_package(), paths.own_schemas().absolute()
        futures = [
            # Not pure: the same file run again later is another task, and is not answered by what an earlier one gave.
            client.submit(run_task, source.absolute(), sent, package, schemas, pure=False) if refused is None else None
            for source, refused in listed
        ]
        for (source, refused), future in zip(listed, futures, strict=True):
            lost = Outcome(source, None, error=refused)
            outcome = lost if future is None else _take_outcome(client, source, future)
            options.announce(outcome.edition or source.name)
            yield replace(outcome, source=source, folder=_as_seen_here(outcome.folder, options))


def _require_workers(client: Client, scheduler: str, seconds: float) -> None:
    try:
        client.wait_for_workers(1, timeout=seconds)
    except TimeoutError as error:
        raise InputError(
            f"the scheduler at {scheduler} has no workers; start some with `dask worker {scheduler} --nthreads 1`"
        ) from error


def _take_outcome(client: Client, source: Path, future: Future[Outcome]) -> Outcome:
    """Wait for how an edition ended, as long as there is a cluster to run it."""
    from concurrent.futures import CancelledError

    from distributed.scheduler import KilledWorker

    lost = 0.0
    while True:
        try:
            found: Outcome = future.result(timeout=POLL_SECONDS)
        except KilledWorker as error:
            return _lose(
                source,
                f"every worker that tried it was lost ({error.last_worker.address} was the last); run it by itself, or"
                " give the workers more memory",
            )
        except CancelledError:
            return _lose(source, SCHEDULER_LOST)
        except TimeoutError:
            lost = lost + POLL_SECONDS if not _has_workers(client) else 0.0
            if lost >= CONNECT_SECONDS:
                return _lose(source, SCHEDULER_LOST)
        else:
            return found


def _has_workers(client: Client) -> bool:
    return client.status == "running" and bool(client.scheduler_info(n_workers=1)["workers"])


def _lose(source: Path, message: str) -> Outcome:
    return Outcome(source, None, error=LimitError(message, edition=source.name))


def run_task(source: Path, options: Options, package: str, schemas: Path) -> Outcome:
    """Run an edition on a worker, as a run without a cluster does.

    Args:
        source: The file's absolute path.
        options: How to run.
        package: Hash of the package where the run was started (`digest_package`).
        schemas: The user's own folder of words there.

    Returns:
        How it ended; an error where the worker has another version of the package.
    """
    if digest_package() != package:
        other = InputError("a worker has another version of the package; install the same one on all machines")
        return Outcome(source, None, error=other)
    with paths.use_schemas(schemas):
        return run_source(source, options)


def _as_seen_here(folder: Path | None, options: Options) -> Path | None:
    """Return a folder as the caller names it: the workers were given an absolute path."""
    return None if folder is None else options.out / folder.relative_to(options.out.absolute())
