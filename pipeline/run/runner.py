"""Runs the stages in their order (`pipeline.stages.STAGES`), from a PDF or a kept artefact to the output files.

The stages and what they need are imported where they are run: some bring heavy libraries, and the command line should
start at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from pipeline.errors import ExtractionError, InputError, LimitError, OutputError, StageError, as_internal
from pipeline.run.identity import edition_id, hash_file, list_sources
from pipeline.run.options import Options, Outcome, Progress, Summary, no_progress
from pipeline.run.workers import WorkerPool, deadline
from pipeline.stages import find_stage, stage_before, stages_after

if TYPE_CHECKING:
    from pipeline.models.artefact import Stored
    from pipeline.models.edition import Report, ValidatedEdition
    from pipeline.models.page import Source
    from pipeline.models.row import Document
    from pipeline.run.cache import Cache
    from pipeline.run.reading import EditionRead
    from pipeline.stages.segment.page_analysis import PageAnalysis
    from pipeline.stages.segment.trace import Trace


def run_editions(sources: Iterable[Path], options: Options) -> Iterator[Outcome]:
    """Run editions one after the other; one that fails does not keep the others from running.

    Args:
        sources: The files.
        options: How to run.

    Yields:
        The outcome of each edition, in the order of the files.
    """
    with WorkerPool(options.jobs, options.limits.megabytes) as pool:
        listed = list_sources(sources)
        for number, (source, refused) in enumerate(listed, start=1):
            pool.last_file = number == len(listed)
            yield run_source(source, options, pool) if refused is None else Outcome(source, None, error=refused)


def run_source(source: Path, options: Options, pool: WorkerPool | None = None) -> Outcome:
    """Run one edition, and say how that ended; an edition that can't be run is an outcome too.

    This is the task of a run, in this process as on a cluster.

    Args:
        source: The PDF.
        options: How to run.
        pool: The worker pool; None for one of its own.
    """
    edition: str | None = None
    error: ExtractionError
    try:
        edition = edition_id(source)
        options.announce(edition)
        summary, folder = _run_under_lock(source, edition, options, pool)
        return Outcome(source, edition, summary, folder)
    except ExtractionError as known:
        error = known
    except OSError as refused:
        error = OutputError(
            f"the system refuses {refused.filename or 'a file'} ({refused.strerror or refused}); the last good output"
            " is untouched: check the permissions and the room of the folders"
        )
    except MemoryError:
        error = LimitError("there is not enough memory; give the process more, or run fewer files at once")
    except Exception as unforeseen:  # noqa: BLE001 - whatever happens in one file, the others of the run are done
        error = as_internal(unforeseen)
    error.edition = error.edition or source.name
    return Outcome(source, edition, error=error)


def _run_under_lock(source: Path, edition: str, options: Options, pool: WorkerPool | None) -> tuple[Summary, Path]:
    """Run one edition, or find that its output is there already; say how the report counts, and where the output is."""
    from pipeline.stages.emit.swap import lock_folder

    with lock_folder(options.out, edition):
        cache = None
        if options.cache is not None and options.may_cache:
            from pipeline.run.cache import open_cache

            cache = open_cache(options.cache, source, edition)
        done = None if cache is None else cache.find_output(options)
        if done is not None:
            return done
        report, folder = _run_stages(source, edition, options, cache, pool)
        return Summary(report.status, report.counts.model_dump(mode="json")), folder


def run_edition(source: Path, options: Options) -> ValidatedEdition:
    """Run one edition from its PDF (or from a kept artefact) to its output files.

    Args:
        source: The PDF. Where the run begins at a later stage it need not exist; if it does, it must be the file that
            the artefact was made from.
        options: How to run.

    Returns:
        The practices and the report. Where that holds errors, the last good output is untouched, unless
        `options.replace` says otherwise.

    Raises:
        ExtractionError: The edition can't be run; its last good output is untouched.
    """
    from pipeline.stages.emit.edition import load_edition

    return load_edition(_run_under_lock(source, edition_id(source), options, None)[1])


def _run_stages(
    source: Path, edition: str, options: Options, cache: Cache | None, pool: WorkerPool | None
) -> tuple[Report, Path]:
    """Run the stages, and say where the output is; the caller holds the output folder's lock."""
    stored = None if cache is None else cache.find_stage()
    analyses: dict[int, PageAnalysis] = {}
    if stored is None and options.from_stage == "read":
        stored, analyses = _read(source, options, pool)
        _keep(stored, options)
    elif stored is None:
        stored = _read_kept(source, edition, options)
    stored = _run_up_to("validate", stored, options, analyses, cache)
    folder = emit_stage(stored, options)
    if cache is not None:
        cache.keep_done(stored, folder)
    return stored.content.report, folder


def _read_kept(source: Path, edition: str, options: Options) -> Stored[Any]:
    """Read the artefact that the first stage to be run takes.

    Raises:
        InputError: No folder of artefacts is named.
        StageError: There is none, or it was made from another file.
    """
    from pipeline.run.artefacts import artefact_path, read_artefact

    if options.keep_stages is None:
        raise InputError(
            "--from-stage needs the folder of the kept artefacts; give it by --keep-stages", edition=edition
        )
    before = _require_before(options.from_stage)
    stored = read_artefact(artefact_path(options.keep_stages, edition, before), before)
    if source.is_file() and hash_file(source) != stored.edition.sha256:
        raise StageError("the kept artefacts were made from another file; run from 'read'", edition=edition)
    return stored


def _keep(stored: Stored[Any], options: Options) -> None:
    """Write an artefact where artefacts are kept."""
    from pipeline.run.artefacts import artefact_path, write_artefact

    if options.keep_stages is not None:
        write_artefact(stored, artefact_path(options.keep_stages, stored.edition.id, stored.stage))


def extract(
    source: Path | str,
    *,
    out: Path | str | None = None,
    replace: bool = False,
    password: str | None = None,
    progress: Progress = no_progress,
) -> ValidatedEdition:
    """Extract the practices of one PDF.

    Args:
        source: The PDF.
        out: Folder in which `<edition>/` is written; None to write nothing. Where the report holds errors and good
            output is there, that stays, and `.errors/<edition>/` is written.
        replace: True to replace good output even where the report holds errors.
        password: User password, where the file needs one.
        progress: Called with every step: stage, steps done, steps in all.

    Returns:
        The practices in document order, and the report. `report.status` says whether the run is a success.

    Raises:
        ExtractionError: The file can't be used, or the output can't be written.
    """
    source = Path(source)
    if out is not None:
        return run_edition(source, Options(out=Path(out), replace=replace, password=password, progress=progress))
    options = Options(password=password, progress=progress)
    stored, analyses = _read(source, options)
    return cast("ValidatedEdition", _run_up_to("validate", stored, options, analyses).content)


def stitch_file(source: Path, options: Options, trace: Trace | None = None) -> Stored[Document]:
    """Run a file up to its rows, which takes no lexicon and no sidecar.

    Args:
        source: The PDF.
        options: How to run; of it only the password, the limits, the jobs and the progress are used.
        trace: Takes the decisions of the table model and of the page breaks, where they are to be shown.

    Returns:
        The rows and text blocks in reading order.

    Raises:
        InputError: The file can't be used.
    """
    stored, analyses = _read(source, options, sidecar=False)
    if trace is None:
        return _run_up_to("stitch", stored, options, analyses)
    from pipeline.stages.segment.pages import segment_edition
    from pipeline.stages.stitch import stitch_edition

    with deadline(options.limits.scale(len(stored.edition.pages)), stored.edition.id):
        return stitch_edition(segment_edition(stored, trace, analyses), trace.breaks)


def _run_up_to(
    last: str, stored: Stored[Any], options: Options, analyses: dict[int, PageAnalysis], cache: Cache | None = None
) -> Stored[Any]:
    """Run the stages from the one after an artefact's to the last, and keep what is to be kept."""
    with deadline(options.limits.scale(len(stored.edition.pages)), stored.edition.id):
        while stored.stage != last:
            made = {"prepared": analyses} if stored.stage == "read" else {}
            stored = run_stage(stages_after(stored.stage)[0].name, stored, options, **made)
            _keep(stored, options)
            if cache is not None:
                cache.keep_stage(stored)
    return stored


def read_stage(source: Path, options: Options) -> Stored[Source]:
    """Run read, and gather what is known of the edition.

    Args:
        source: The PDF.
        options: How to run.

    Raises:
        InputError: The file can't be used.
        SidecarError: The sidecar does not describe it.
    """
    return _read(source, options).stored


def _read(source: Path, options: Options, pool: WorkerPool | None = None, *, sidecar: bool = True) -> EditionRead:
    """Read an edition (`read_edition`), by a pool of its own where there is none."""
    if pool is None:
        with WorkerPool(options.jobs, options.limits.megabytes) as own:
            return _read(source, options, own, sidecar=sidecar)
    pool.prepare()  # the fork server loads its libraries while this process loads its own
    from pipeline.run.reading import read_edition

    return read_edition(source, options, pool, sidecar=sidecar)


def run_stage(name: str, stored: Stored[Any], options: Options, **prepared: object) -> Stored[Any]:
    """Run one stage on the artefact of the stage before it.

    Args:
        name: Any stage but read and emit, which have functions of their own.
        stored: The artefact of the stage before.
        options: How to run.
        prepared: What else its function may use.

    Returns:
        The stage's artefact.

    Raises:
        StageError: The artefact is that of another stage.
        ExtractionError: The stage can't run.
    """
    before = _require_before(name)
    if stored.stage != before:
        raise StageError(f"the stage {name!r} takes the artefact of {before!r}, not that of {stored.stage!r}")
    options.progress(name, 0, 1)
    made: Stored[Any] = find_stage(name).load_function()(stored, **prepared)
    options.progress(name, 1, 1)
    return made


def _require_before(name: str) -> str:
    before = stage_before(name)
    if before is None:
        raise StageError(f"the stage {name!r} takes a PDF, not an artefact")
    return before.name


def emit_stage(stored: Stored[ValidatedEdition], options: Options) -> Path:
    """Run emit; the caller holds the output folder's lock.

    Args:
        stored: The artefact of validate.
        options: How to run; `out` and `replace` say where to.

    Returns:
        The folder that was written (`emit_edition` says which).

    Raises:
        OutputError: The output can't be written; the last good output is untouched.
    """
    folder: Path = find_stage("emit").load_function()(stored.content, options.out, replace=options.replace)
    options.progress("emit", 1, 1)
    return folder
