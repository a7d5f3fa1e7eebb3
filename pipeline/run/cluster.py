"""Runs editions on a Dask cluster, one edition a task; reads PDFs and writes output files as the runner does.

The workers read the files and write the output themselves, so they must see the same folders (one machine, or a shared
file system) and have the same package. What comes back is how each edition ended.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final, NamedTuple

from pipeline import paths
from pipeline.errors import ExtractionError, InputError, LimitError
from pipeline.run.cache import Summary
from pipeline.run.runner import (
    EXIT_GOOD,
    EXIT_ISSUES,
    Options,
    Outcome,
    list_sources,
    no_announcement,
    no_progress,
    run_source,
)

CONNECT_SECONDS: Final = 30.0
"""How long to wait for the scheduler to answer."""


class Answer(NamedTuple):
    """How an edition ended, in values that any worker can send.

    Attributes:
        edition: Edition id; None where the file's name can't be one.
        summary: How the report counts; None where the run failed.
        folder: Where the output stands; None where the run failed.
        error: What it failed of: message, the edition as the error names it, page, exit code.
    """

    edition: str | None
    summary: Summary | None
    folder: str | None
    error: tuple[str, str | None, int | None, int] | None


def run_on_cluster(sources: Iterable[Path], options: Options, scheduler: str) -> Iterator[Outcome]:
    """Run editions on a cluster; a worker that is lost costs only the editions that it was at, and these are run again.

    Args:
        sources: The files, as this process and the workers see them.
        options: How to run. Progress is not told; an edition is announced when its turn comes to be reported.
        scheduler: Address of the Dask scheduler, such as `tcp://10.0.0.1:8786`.

    Yields:
        The outcome of each edition, in the order of the files.

    Raises:
        InputError: The extra is not installed, no scheduler answers, or two files have the same edition id.
    """
    try:
        from distributed import Client
        from distributed.scheduler import KilledWorker
    except ImportError as error:
        raise InputError(
            "running on a cluster needs Dask; install it: pip install 'raccombat-pipeline[cluster]'"
        ) from error
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
    with client:
        package = digest_package()
        futures = [
            # Not pure: the same file run again later is another task, and is not answered by what an earlier one gave.
            client.submit(run_task, str(source.absolute()), sent, package, pure=False)
            for source in listed
        ]
        for source, future in zip(listed, futures, strict=True):
            try:
                answer = future.result()
            except KilledWorker as error:
                lost = LimitError(
                    f"every worker that tried it was lost ({error.last_worker.address} was the last); run it by itself,"
                    " or give the workers more memory",
                    edition=source.name,
                )
                answer = Answer(None, None, None, (lost.message, lost.edition, None, lost.exit_code))
            options.announce(answer.edition or source.name)
            yield _as_outcome(source, answer, options)


def run_task(source: str, options: Options, package: str) -> Answer:
    """Run an edition on a worker.

    Args:
        source: The file's absolute path.
        options: How to run.
        package: Hash of the package where the run was started (`digest_package`).

    Returns:
        How it ended; an error where the worker has another version of the package.
    """
    if digest_package() != package:
        other = InputError("a worker has another version of the package; install the same one on all machines")
        return Answer(None, None, None, (other.message, None, None, other.exit_code))
    outcome = run_source(Path(source), options)
    error = outcome.error
    return Answer(
        outcome.edition,
        outcome.summary,
        None if outcome.folder is None else str(outcome.folder),
        None if error is None else (error.message, error.edition, error.page, error.exit_code),
    )


def digest_package() -> str:
    """Give a hash of the package's modules: machines with the same one write the same bytes."""
    digest = hashlib.sha256()
    for module in sorted(paths.PACKAGE.rglob("*.py")):
        digest.update(f"{module.relative_to(paths.PACKAGE)}\0".encode() + module.read_bytes())
    return digest.hexdigest()


def _as_outcome(source: Path, answer: Answer, options: Options) -> Outcome:
    """Give what running the edition here would have given."""
    if answer.error is not None:
        message, edition, page, exit_code = answer.error
        error = ExtractionError(message, edition=edition or source.name, page=page)
        error.exit_code = exit_code
        return Outcome(source, answer.edition, None, None, error, exit_code)
    if answer.summary is None or answer.edition is None or answer.folder is None:
        raise InputError("a worker's answer says neither how the edition ended nor what it failed of; run it again")
    code = EXIT_GOOD if answer.summary.status == "good" else EXIT_ISSUES
    # The workers were given an absolute path, and the caller's may be a relative one.
    folder = options.out / Path(answer.folder).relative_to(options.out.absolute())
    return Outcome(source, answer.edition, answer.summary, folder, None, code)
