"""Runs the stages in their order; the only module that knows it. Reads any stage's artefact, writes the next one's.

```
read → segment → stitch → chapter → map → normalise → validate → emit
```

The stages are imported where they are run: some bring heavy libraries, and the command line should start at once.
"""

from __future__ import annotations

import ctypes
import hashlib
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal, cast

from pipeline import paths
from pipeline.errors import ExtractionError, InputError, StageError
from pipeline.issues import Status
from pipeline.run.sandbox import Limits, deadline, keep_stand, read_ahead, read_guarded, require_memory, start_stand
from pipeline.stages.emit.outputs import ASIDE, choose_folder, folder_aside, is_aside

if TYPE_CHECKING:
    from pipeline.lexicon import Lexicon
    from pipeline.models.chapter import Chapter, Chapters
    from pipeline.models.edition import EditionInfo, Layouts, MappedEdition, NormalisedEdition, ValidatedEdition
    from pipeline.models.page import Source
    from pipeline.models.report import Issue
    from pipeline.models.row import Document
    from pipeline.run.artefacts import ArtefactName, Stored
    from pipeline.run.cache import Cache, Summary

StageName = Literal["read", "segment", "stitch", "chapter", "map", "normalise", "validate", "emit"]
Progress = Callable[[StageName, int, int], None]
"""Called with the stage, the steps done and the steps in all (pages or chapters; 1 for stages in one step)."""

LANGUAGE_PROBABILITY: Final = 0.9
"""Least probability (langdetect's, 0 to 1) of a detected language: a page of one language gives 0.99 and more."""
UNTOLD_SHARE: Final = 0.5
"""Share of glyphs without a Unicode value from which on an edition is not worked out: its labels could not be known."""
PAGES_AT_HAND: Final = 100
"""Most pages of a file whose rows may be found in this process, and beside whose pages libraries may be loaded."""
_ROW_MODULES: Final = ("pipeline.stages.segment", "pipeline.stages.stitch")
"""The stages that find the rows."""
_LATER_MODULES: Final = (
    "pipeline.stages.chapter.chapters",
    "pipeline.stages.map",
    "pipeline.stages.normalise",
    "pipeline.stages.validate.edition",
    "pipeline.stages.emit.edition",
)
"""The stages after them."""
_LATER_LIBRARIES: Final = ("spacy.matcher", "babel", "langdetect")
"""What they load when they are run, beside spaCy itself."""
EXIT_GOOD: Final = 0
EXIT_ISSUES: Final = 1
"""Finished, and the report holds errors: no success."""


def no_progress(stage: StageName, done: int, total: int) -> None:
    """Report progress to no one."""


def no_announcement(edition: str) -> None:
    """Announce an edition to no one."""


@dataclass(frozen=True)
class Options:
    """What a run needs to know besides the file.

    Attributes:
        out: The folder of all editions' output.
        keep_stages: Folder in which every stage's artefact is kept; None to keep none.
        replace: True to replace good output even where the report holds errors; else such output is set aside.
        from_stage: The first stage to run; the artefact of the one before it is taken from `keep_stages`.
        password: User password of locked files.
        limits: What reading a file, and working it out, may take.
        jobs: How many processes read the pages of a file, and then work out its chapters; the result is the same for
            any number. With more than one the next file is read meanwhile, and while another process finds the rows
            of the first, libraries are loaded. A process of their own finds the rows of a long file in any case.
        cache: Folder in which runs keep what they have worked out; None to work everything out. Runs that keep stages,
            begin later than at read, or have a password, go without.
        progress: Told of every step.
        announce: Told of every edition, by its id, before its first step.
    """

    out: Path = paths.EXTRACTED
    keep_stages: Path | None = None
    replace: bool = False
    from_stage: StageName = "read"
    password: str | None = None
    limits: Limits = field(default_factory=Limits)
    jobs: int = 1
    cache: Path | None = None
    progress: Progress = no_progress
    announce: Callable[[str], None] = no_announcement


@dataclass(frozen=True)
class Outcome:
    """How the run of one edition ended.

    Attributes:
        source: The file.
        edition: Its edition id; None where the name can't be one.
        summary: How the report counts; None where the run failed.
        folder: Where the output stands (aside, where it would have replaced good output); None where the run failed.
        error: What it failed of.
        exit_code: 0 good, 1 finished with errors in the report, else the error's.
    """

    source: Path
    edition: str | None
    summary: Summary | None
    folder: Path | None
    error: ExtractionError | None
    exit_code: int

    @property
    def status(self) -> Status | Literal["failed"]:
        """In a word: the report's status, or `failed`."""
        return "failed" if self.summary is None else self.summary.status

    @property
    def set_aside(self) -> bool:
        """True where the output has errors and stands aside, so that the last good output is as it was."""
        return self.folder is not None and is_aside(self.folder)

    @property
    def validated(self) -> ValidatedEdition | None:
        """The practices and the report, read back from the folder; None where the run failed."""
        from pipeline.stages.emit.edition import load_edition

        return None if self.folder is None else load_edition(self.folder)


def run_editions(sources: Iterable[Path], options: Options) -> Iterator[Outcome]:
    """Run editions one after the other; one that fails does not keep the others from running.

    Args:
        sources: The files.
        options: How to run.

    Yields:
        The outcome of each edition, in the order of the files.

    Raises:
        InputError: Two files have the same edition id, and would be written to the same folder.
    """
    listed = list_sources(sources)
    with keep_stand():
        for number, source in enumerate(listed):
            following = listed[number + 1 : number + 2]
            yield run_source(source, _reading_ahead(following[0], options) if following else options)


def _reading_ahead(following: Path, options: Options) -> Options:
    """Give options by which the next file is read while this one is worked out, where more than one core may be used.

    A long file's pages take memory of their own: the next waits for it.
    """
    if options.jobs == 1 or options.from_stage != "read":
        return options
    pages = 0  # recognition of scans tells its own number, too

    def progress(stage: StageName, done: int, total: int) -> None:
        nonlocal pages
        if stage == "read":
            pages = max(pages, total)
        elif stage == "segment" and done == 0 and pages <= PAGES_AT_HAND and not _reads_nothing(following, options):
            read_ahead(following, password=options.password, jobs=options.jobs, limits=options.limits)
        options.progress(stage, done, total)

    return replace(options, progress=progress)


def list_sources(sources: Iterable[Path]) -> list[Path]:
    """List the files of a run.

    Args:
        sources: The files.

    Raises:
        InputError: Two files have the same edition id, and would be written to the same folder.
    """
    listed = list(sources)
    stems: dict[str, Path] = {}
    for source in listed:
        other = stems.setdefault(source.stem, source)
        if other is not source:
            raise InputError(f"{other} and {source} have the same edition id; rename one of them", edition=source.stem)
    return listed


def run_source(source: Path, options: Options) -> Outcome:
    """Run one edition, and say how that ended; an edition that can't be run is an outcome too.

    Args:
        source: The PDF.
        options: How to run.
    """
    from pipeline.run.cache import Summary, open_cache
    from pipeline.run.identity import edition_id
    from pipeline.stages.emit.swap import lock_folder

    edition: str | None = None
    try:
        edition = edition_id(source)
        options.announce(edition)
        with lock_folder(options.out, edition):
            cached = options.cache is not None and _may_cache(options)
            cache = open_cache(options.cache, source, edition) if options.cache is not None and cached else None
            done = None if cache is None else _find_done(cache, edition, options)
            if done is None:
                validated, folder = _run_locked(source, edition, options, cache)
                report = validated.report
                done = Summary(report.status, report.counts.model_dump(mode="json")), folder
            summary, folder = done
    except ExtractionError as error:
        error.edition = error.edition or source.name
        return Outcome(source, edition, None, None, error, error.exit_code)
    code = EXIT_GOOD if summary.status == "good" else EXIT_ISSUES
    return Outcome(source, edition, summary, folder, None, code)


def _reads_nothing(source: Path, options: Options) -> bool:
    """Tell whether a run of a file would read nothing: its rows are kept, or it can't be run."""
    from pipeline.run.cache import open_cache
    from pipeline.run.identity import edition_id

    if options.cache is None or not _may_cache(options):
        return False
    try:
        edition = edition_id(source)
    except ExtractionError:
        return True
    cache = open_cache(options.cache, source, edition)
    return cache is not None and cache.keeps_stage()


def _find_done(cache: Cache, edition: str, options: Options) -> tuple[Summary, Path] | None:
    """Tell how a run would end whose output stands already where it would write it, and where; None where none does."""
    from pipeline.stages.emit.swap import swap_out

    for folder in (options.out / edition, folder_aside(options.out, edition)):
        summary = cache.find_done(folder) if folder.exists() else None
        if summary is None or folder != choose_folder(options.out, edition, summary.status, replace=options.replace):
            continue
        if not is_aside(folder):
            swap_out(options.out / ASIDE, edition)
        return summary, folder
    return None


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
    from pipeline.run.cache import open_cache
    from pipeline.run.identity import edition_id
    from pipeline.stages.emit.swap import lock_folder

    edition = edition_id(source)
    with lock_folder(options.out, edition):
        cached = options.cache is not None and _may_cache(options)
        cache = open_cache(options.cache, source, edition) if options.cache is not None and cached else None
        return _run_locked(source, edition, options, cache)[0]


@contextmanager
def _beside(load: Callable[[], None]) -> Iterator[Callable[[], None]]:
    """Have something loaded by another thread: what a signal's handler raises here can't leave a library half loaded.

    Args:
        load: Loads it, and raises nothing.

    Yields:
        What begins the loading. It has ended when the context is left.
    """
    thread = threading.Thread(target=load)

    def begin() -> None:
        with suppress(RuntimeError):  # no more threads can be started: the stages load what they need
            thread.start()

    try:
        yield begin
    finally:
        try:
            if thread.is_alive():
                thread.join()
        finally:  # the time may be over while this waits: once, as the alarm comes once
            if thread.is_alive():
                thread.join()


def _load_ahead(source: Path) -> None:
    """Load the stages that find the rows; and where the libraries are there already, an edition's words.

    What can't be loaded is told by the stage that needs it.

    Args:
        source: The PDF. How many pages it has is not known yet.
    """
    with suppress(Exception):
        from pipeline.run.sidecar import read_sidecar

        for name in _ROW_MODULES:
            import_module(name)
        known = read_sidecar(source)
        if known is not None and _are_libraries_loaded():
            _prepare_words(known.language)


def _are_libraries_loaded() -> bool:
    """Tell whether the libraries of the later stages are loaded: by an edition before this one, as a rule."""
    return all(name in sys.modules for name in _LATER_LIBRARIES)


def _load_libraries(language: str | None) -> None:
    """Load the later stages and their libraries. What can't be loaded is told by the stage that needs it.

    Args:
        language: The edition's language, where the sidecar says it: its words are made ready, too.
    """
    with suppress(Exception):
        for name in _LATER_MODULES:
            import_module(name)
        from pipeline.lexicon.spacy_import import import_spacy
        from pipeline.text.languages import load_profiles

        import_spacy()
        for name in _LATER_LIBRARIES:
            import_module(name)
        load_profiles()
        if language is not None:
            _prepare_words(language)


def _require_libraries(info: EditionInfo) -> None:
    """Load the libraries of the later stages now, where they have not been loaded meanwhile."""
    if not _are_libraries_loaded():
        with _beside(partial(_load_libraries, info.declared_language)) as begin:
            begin()


def _prepare_words(language: str) -> None:
    """Make a language's pipeline, and the words of values, ready."""
    from pipeline.lexicon import load_lexicon
    from pipeline.lexicon.matching import load_pipeline
    from pipeline.stages.normalise import compile_words

    load_pipeline(language)
    compile_words(load_lexicon(language))


def _return_memory() -> None:
    """Give the system back what a stage's input took, which is free once its output has taken its place.

    The C library keeps what lies before anything in use: the glyphs of a long file would count until the run ends.
    Another C library than glibc has no such call, and is left to itself.
    """
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def _may_cache(options: Options) -> bool:
    """Tell whether a run may take what an earlier one has kept.

    What was read with a password is not given to those without it.
    """
    return options.keep_stages is None and options.from_stage == "read" and options.password is None


def _was_read_whole(stored: Stored[Any]) -> bool:
    """Tell whether reading found no error: one that ran out of time or memory may end otherwise the next time."""
    return not any(issue.severity == "error" for issue in stored.edition.issues)


def _begin(source: Path, edition: str, options: Options) -> Stored[Any]:
    """Read the file, or the artefact that a later stage begins with."""
    if options.from_stage == "read":
        start_stand()  # it has libraries of its own to load, while this process does so too
        with _beside(partial(_load_ahead, source)) as begin:
            if options.jobs > 1:
                require_memory()
                begin()
            return _keep(read_stage(source, options), options)
    if options.keep_stages is None:
        raise InputError(
            "--from-stage needs the folder of the kept artefacts; give it by --keep-stages", edition=edition
        )
    from pipeline.run.artefacts import artefact_path, read_artefact

    before = stage_before(options.from_stage)
    stored = read_artefact(artefact_path(options.keep_stages, edition, before), before)
    _require_same_file(stored.edition, source)
    return stored


def _run_locked(source: Path, edition: str, options: Options, cache: Cache | None) -> tuple[ValidatedEdition, Path]:
    """Run one edition, and say where its output stands; the caller holds the output folder's lock."""
    stored = None if cache is None else cache.find_stage()
    if stored is None:
        stored = _begin(source, edition, options)
    elif _is_long(stored.edition):
        _pack_rows(stored.content)
    with deadline(options.limits, edition):
        while stored.stage != "validate":
            if stored.stage == "read" and _are_rows_found_apart(stored.edition, options):
                stored = _find_rows_apart(stored, options)
            elif stored.stage == "chapter" and options.keep_stages is None:
                info, rest, chapters = _take_apart(stored)
                del stored  # each chapter is let go when its practice is built
                stored = _work_out_chapters(info, rest, chapters, options)
            else:
                stored = _keep(run_stage(stage_after(stored.stage), stored, options), options)
            _return_memory()
            if cache is not None and _was_read_whole(stored):
                cache.keep_stage(stored)
    folder = emit_stage(stored, options)
    if cache is not None and _was_read_whole(stored):
        cache.keep_done(stored, folder)
    return cast("ValidatedEdition", stored.content), folder


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
            output stands there, that stays, and `.errors/<edition>/` is written.
        replace: True to replace good output even where the report holds errors.
        password: User password, where the file needs one.
        progress: Told of every step: stage, steps done, steps in all.

    Returns:
        The practices in document order, and the report. `report.status` says whether the run is a success.

    Raises:
        ExtractionError: The file can't be used, or the output can't be written.
    """
    source = Path(source)
    if out is not None:
        return run_edition(source, Options(out=Path(out), replace=replace, password=password, progress=progress))
    options = Options(password=password, progress=progress)
    stored: Stored[Any] = read_stage(source, options)
    with deadline(options.limits, stored.edition.id):
        while stored.stage != "validate":
            stored = run_stage(stage_after(stored.stage), stored, options)
    return cast("ValidatedEdition", stored.content)


def stitch_file(source: Path, options: Options) -> Stored[Document]:
    """Run a file up to its rows, which takes no lexicon and no sidecar.

    Args:
        source: The PDF.
        options: How to run; of it only the password and the progress are used.

    Returns:
        The rows and text blocks in reading order.

    Raises:
        InputError: The file can't be used.
    """
    stored = read_stage(source, options, sidecar=False)
    with deadline(options.limits, stored.edition.id):
        return run_stage("stitch", run_stage("segment", stored, options), options)


def read_stage(source: Path, options: Options, *, sidecar: bool = True) -> Stored[Source]:
    """Run read, and gather what is known of the edition.

    Args:
        source: The PDF.
        options: How to run.
        sidecar: False to leave the sidecar unread.

    Raises:
        InputError: The file can't be used.
        SidecarError: The sidecar does not describe it.
    """
    from pipeline.lexicon import list_languages
    from pipeline.models.edition import EditionInfo, PageInfo
    from pipeline.models.layout import GlyphIds
    from pipeline.models.page import Source
    from pipeline.models.report import Issue
    from pipeline.run.artefacts import Stored
    from pipeline.run.identity import edition_id
    from pipeline.run.sidecar import check_hash, read_sidecar
    from pipeline.stages.read.recognise import recognise_scans

    edition = edition_id(source)
    known = read_sidecar(source) if sidecar else None
    if known is not None and source.is_file():
        # Before the file is opened: a damaged copy of a known file should be called that.
        check_hash(known, _hash_file(source), source)
    content = read_guarded(
        source,
        password=options.password,
        jobs=options.jobs,
        limits=options.limits,
        progress=lambda done, total: options.progress("read", done, total),
    )
    recognised = recognise_scans(
        source,
        content,
        edition=edition,
        language=None if known is None else known.language,
        known_languages=list_languages(),
        password=options.password,
        progress=lambda done, total: options.progress("read", done, total),
    )
    content = recognised.source
    told = sum(sum(page.glyphs.ink) for page in content.pages)
    untold = sum("\ufffd" in text for page in content.pages for text in page.glyphs.texts)
    if told and untold >= UNTOLD_SHARE * told:
        raise InputError(
            "the text can't be told, because its fonts have no Unicode maps; get another copy, or recognise the pages:"
            " pip install 'raccombat-pipeline[ocr]'",
            edition=edition,
        )
    if not told:
        failures = [page.failure for page in content.pages if page.failure is not None]
        failures += [issue.message.partition("; ")[0] for issue in content.issues if issue.severity == "error"]
        failure = next(iter(failures), None)
        raise InputError(
            f"no page has text ({failure}); get a sound copy"
            if failure is not None
            else "no page has text, not even in a picture; give the PDF itself, or scan it again",
            edition=edition,
        )
    issues: list[Issue] = [
        Issue(
            code="page_unreadable",
            severity="error",
            message=f"the page could not be read ({page.failure}); what stands on it is missing: get a sound copy",
            edition=edition,
            page=page.number,
        )
        for page in content.pages
        if page.failure is not None
    ]
    issues += [
        Issue(
            code="repaired",
            severity="warning",
            message=f"the file had to be repaired ({repair}); compare the pages with another reader's",
            edition=edition,
        )
        for repair in content.repairs
    ]
    issues += [issue.model_copy(update={"edition": edition}) for issue in content.issues]
    issues += recognised.issues
    info = EditionInfo(
        id=edition,
        file=content.file,
        sha256=content.sha256,
        pages=tuple(
            PageInfo(
                number=page.number,
                width=page.width,
                height=page.height,
                glyphs=sum(page.glyphs.values("copies")),
                copies=tuple(
                    (number, copies - 1) for number, copies in enumerate(page.glyphs.values("copies")) if copies > 1
                ),
                white=GlyphIds(number for number, inked in enumerate(page.glyphs.ink) if not inked),
                recognised=page.recognised,
                failure=page.failure,
            )
            for page in content.pages
        ),
        declared_language=None if known is None else known.language,
        repairs=content.repairs,
        issues=tuple(issues),
        acknowledged=() if known is None else known.acknowledged,
        **({} if known is None else known.model_dump(include={"title", "publisher", "origin", "rights"})),
    )
    return Stored[Source](stage="read", edition=info, content=content)


def run_stage(stage: StageName, stored: Stored[Any], options: Options) -> Stored[Any]:
    """Run one stage on the artefact of the stage before it.

    Args:
        stage: Any stage but read and emit, which have functions of their own.
        stored: The artefact of the stage before.
        options: How to run.

    Returns:
        The stage's artefact.

    Raises:
        StageError: The artefact is that of another stage.
        ExtractionError: The stage can't run.
    """
    before = stage_before(stage)
    if stored.stage != before:
        raise StageError(f"the stage {stage!r} takes the artefact of {before!r}, not that of {stored.stage!r}")
    if stage not in ("segment", "stitch", "chapter"):  # beside these, a long file's rows are in memory
        _require_libraries(stored.edition)
    return _STAGES[stage](stored, options)


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
    from pipeline.stages.emit.edition import emit_edition

    folder = emit_edition(stored.content, options.out, replace=options.replace)
    options.progress("emit", 1, 1)
    return folder


def stage_before(stage: StageName) -> ArtefactName:
    """Give the stage whose artefact a stage takes."""
    from pipeline.run.artefacts import ARTEFACT_NAMES

    names: tuple[str, ...] = (*ARTEFACT_NAMES, "emit")
    if stage == names[0]:
        raise StageError("the stage 'read' takes a PDF, not an artefact")
    return cast("ArtefactName", names[names.index(stage) - 1])


def stage_after(stage: ArtefactName) -> StageName:
    """Give the stage that takes a stage's artefact."""
    from pipeline.run.artefacts import ARTEFACT_NAMES

    names: tuple[str, ...] = (*ARTEFACT_NAMES, "emit")
    return cast("StageName", names[names.index(stage) + 1])


def _segment(stored: Stored[Source], options: Options) -> Stored[Layouts]:
    from pipeline.models.edition import Layouts
    from pipeline.run.artefacts import Stored
    from pipeline.stages.segment import segment_pages

    options.progress("segment", 0, 1)
    content = Layouts(pages=segment_pages(stored.content))
    options.progress("segment", 1, 1)
    return Stored[Layouts](stage="segment", edition=stored.edition, content=content)


def _stitch(stored: Stored[Layouts], options: Options) -> Stored[Document]:
    from pipeline.models.row import Document
    from pipeline.run.artefacts import Stored
    from pipeline.stages.stitch import stitch_document

    options.progress("stitch", 0, 1)
    content = stitch_document(stored.content.pages)
    options.progress("stitch", 1, 1)
    return Stored[Document](stage="stitch", edition=stored.edition, content=content)


def _chapter(stored: Stored[Document], options: Options) -> Stored[Chapters]:
    from pipeline.lexicon import load_lexicon
    from pipeline.models.chapter import Chapters
    from pipeline.run.artefacts import Stored
    from pipeline.stages.chapter.chapters import divide_chapters

    options.progress("chapter", 0, 1)
    info = settle_language(stored.edition, stored.content)
    content = divide_chapters(stored.content, info.id, _heading_words(load_lexicon(_language(info))))
    options.progress("chapter", 1, 1)
    return Stored[Chapters](stage="chapter", edition=info, content=content)


def _heading_words(lexicon: Lexicon) -> Lexicon:
    """Give a lexicon without the words of values: what the chapter stage can't see, it need not be run again for."""
    from pipeline.lexicon import Lexicon

    return Lexicon.model_construct(
        language=lexicon.language,
        labels=lexicon.labels,
        country_names=lexicon.country_names,
        counts=lexicon.counts,
        digest=f"{lexicon.digest} headings",
    )


def _map(stored: Stored[Chapters], options: Options) -> Stored[MappedEdition]:
    from pipeline.lexicon import load_lexicon
    from pipeline.models.edition import MappedEdition
    from pipeline.run.artefacts import Stored
    from pipeline.stages.map import map_chapter

    info, rest, chapters = _take_apart(stored)
    lexicon = load_lexicon(_language(info))
    records = []
    for chapter in chapters:
        records.append(map_chapter(chapter, info.id, lexicon))
        options.progress("map", len(records), len(chapters))
    content = MappedEdition(rest=rest, records=tuple(records))
    return Stored[MappedEdition](stage="map", edition=info, content=content)


def _normalise(stored: Stored[MappedEdition], options: Options) -> Stored[NormalisedEdition]:
    from pipeline.lexicon import load_lexicon
    from pipeline.lexicon.corrections import load_corrections
    from pipeline.models.edition import NormalisedEdition
    from pipeline.run.artefacts import Stored
    from pipeline.stages.normalise import normalise_record

    info, mapped = stored.edition, stored.content.records
    lexicon = load_lexicon(_language(info))
    corrections = load_corrections(info.id)
    records = []
    for record in mapped:
        records.append(normalise_record(record, lexicon, corrections))
        options.progress("normalise", len(records), len(mapped))
    content = NormalisedEdition(rest=stored.content.rest, records=tuple(records))
    return Stored[NormalisedEdition](stage="normalise", edition=info, content=content)


def _validate(stored: Stored[NormalisedEdition], options: Options) -> Stored[ValidatedEdition]:
    from pipeline.models.edition import ValidatedEdition
    from pipeline.run.artefacts import Stored
    from pipeline.stages.validate.edition import validate_edition

    content = validate_edition(stored.edition, stored.content)
    options.progress("validate", 1, 1)
    return Stored[ValidatedEdition](stage="validate", edition=stored.edition, content=content)


def _are_rows_found_apart(info: EditionInfo, options: Options) -> bool:
    """Tell whether a process of its own finds an edition's rows: of a long file, or while libraries are loaded here."""
    if options.keep_stages is not None:
        return False
    return _is_long(info) or (options.jobs > 1 and not _are_libraries_loaded())


def _is_long(info: EditionInfo) -> bool:
    return len(info.pages) > PAGES_AT_HAND


def _find_rows_apart(stored: Stored[Any], options: Options) -> Stored[Any]:
    """Run segment and stitch in a process of their own: what they take of a long file, beside its rows, ends with it.

    The C library and Python give back little of it by themselves, as the rows lie between what is freed. While the rows
    of another file are found there, the libraries of the later stages are loaded here.
    """
    from pipeline.models.row import Document
    from pipeline.run.artefacts import Stored
    from pipeline.run.sharing import work_apart

    silent = replace(options, progress=no_progress)
    long = _is_long(stored.edition)

    def find_rows(stored: Stored[Any]) -> Document:
        """Find the rows; those of a long file are packed for the way back, and stay so."""
        document: Document = run_stage("stitch", run_stage("segment", stored, silent), silent).content
        if long:
            _pack_rows(document)
        return document

    def prepare() -> None:
        """Use the time; beside a long file's pages, libraries would lie in memory."""
        options.progress("segment", 0, 1)
        if not long:
            begin()

    with _beside(partial(_load_libraries, stored.edition.declared_language)) as begin:
        content = work_apart(find_rows, stored, seconds=options.limits.seconds, meanwhile=prepare)
    options.progress("segment", 1, 1)
    options.progress("stitch", 1, 1)
    return Stored[Document](stage="stitch", edition=stored.edition, content=content)


def _pack_rows(content: Document | Chapters) -> None:
    """Pack the fragments of all rows."""
    from pipeline.models.row import Document, Row

    items = content.content if isinstance(content, Document) else [row for own in content.chapters for row in own.rows]
    for item in items:
        if isinstance(item, Row):
            item.fragments.pack()


def _take_apart(stored: Stored[Any]) -> tuple[EditionInfo, Chapters, list[Chapter]]:
    """Give what the artefact of chapter knows of the edition, what stands outside the chapters, and the chapters."""
    content = stored.content
    return stored.edition, content.model_copy(update={"chapters": ()}), list(content.chapters)


def _work_out_chapters(
    info: EditionInfo, rest: Chapters, chapters: list[Chapter], options: Options
) -> Stored[ValidatedEdition]:
    """Run map, normalise and validate, chapter by chapter: the same as stage by stage, where no artefact is kept.

    Args:
        info: What is known of the edition.
        rest: What stands outside the chapters.
        chapters: The chapters, in document order. The list is emptied.
        options: How to run; `jobs` says by how many processes.
    """
    _require_libraries(info)
    from pipeline.lexicon import load_lexicon
    from pipeline.lexicon.corrections import load_corrections
    from pipeline.models.edition import ValidatedEdition
    from pipeline.run.artefacts import Stored
    from pipeline.run.sharing import work_out
    from pipeline.stages.map import map_chapter
    from pipeline.stages.normalise import normalise_record
    from pipeline.stages.validate.edition import CheckedChapter, gather_chapters, validate_chapter

    lexicon = load_lexicon(_language(info))
    corrections = load_corrections(info.id)

    def finish(chapter: Chapter) -> CheckedChapter:
        """Take a chapter through the stages."""
        return validate_chapter(info, normalise_record(map_chapter(chapter, info.id, lexicon), lexicon, corrections))

    count = len(chapters)
    checked: list[CheckedChapter] = []
    for done in work_out(finish, chapters, processes=options.jobs, seconds=options.limits.seconds):
        checked.append(done)
        options.progress("map", len(checked), count)
        options.progress("normalise", len(checked), count)
    content = gather_chapters(info, rest, checked)
    options.progress("validate", 1, 1)
    return Stored[ValidatedEdition](stage="validate", edition=info, content=content)


_STAGES: Final[Mapping[StageName, Callable[[Stored[Any], Options], Stored[Any]]]] = MappingProxyType(
    {
        "segment": _segment,
        "stitch": _stitch,
        "chapter": _chapter,
        "map": _map,
        "normalise": _normalise,
        "validate": _validate,
    }
)


def settle_language(info: EditionInfo, document: Document) -> EditionInfo:
    """Detect the edition's language, and check it against the sidecar's.

    Args:
        info: What is known of the edition.
        document: Its rows and text blocks.

    Returns:
        The same with `language` set: the sidecar's, which a person wrote, or else the detected one; and with an error
        where the two disagree.

    Raises:
        InputError: No language could be told, and no sidecar declares one.
    """
    from pipeline.models.report import Issue
    from pipeline.text.languages import detect_language

    found = detect_language(_running_text(document))
    detected = None if found is None or found[1] < LANGUAGE_PROBABILITY else found[0]
    declared = info.declared_language
    if detected is None and declared is None:
        raise InputError(
            f"the language can't be told from the text; write a sidecar {info.id}.yaml with its language",
            edition=info.id,
        )
    issues: tuple[Issue, ...] = ()
    if declared is not None and detected is None:
        issues = (
            Issue(
                code="language_unconfirmed",
                severity="warning",
                message=f"the sidecar says {declared!r}, and the text does not tell enough to check it; look at a page",
                edition=info.id,
            ),
        )
    elif declared is not None and detected is not None and _primary(declared) != _primary(detected):
        issues = (
            Issue(
                code="language_disagrees",
                severity="error",
                message=f"the sidecar says {declared!r}, the text looks like {detected!r}; mend the sidecar's language",
                edition=info.id,
            ),
        )
    return info.model_copy(update={"language": declared or detected, "issues": (*info.issues, *issues)})


def _running_text(document: Document) -> str:
    """Give the text of all values and blocks: what a language is told by."""
    from pipeline.models.row import Row

    return "\n".join(part.value.text if isinstance(part, Row) else part.text for part in document.content)


def _primary(language: str) -> str:
    """Give a BCP 47 code's primary subtag."""
    return language.split("-", maxsplit=1)[0].lower()


def _language(info: EditionInfo) -> str:
    if info.language is None:
        raise StageError("the artefact does not say the edition's language; run from 'chapter'", edition=info.id)
    return info.language


def _keep(stored: Stored[Any], options: Options) -> Stored[Any]:
    """Write an artefact where artefacts are kept."""
    from pipeline.run.artefacts import artefact_path, write_artefact

    if options.keep_stages is not None:
        write_artefact(stored, artefact_path(options.keep_stages, stored.edition.id, stored.stage))
    return stored


def _require_same_file(info: EditionInfo, source: Path) -> None:
    """Refuse artefacts that were made from another file than the one that stands there now."""
    if source.is_file() and _hash_file(source) != info.sha256:
        raise StageError("the kept artefacts were made from another file; run from 'read'", edition=info.id)


def _hash_file(path: Path) -> str:
    try:
        with path.open("rb") as handle:
            return hashlib.file_digest(handle, "sha256").hexdigest()
    except OSError as error:
        raise InputError(
            f"can't be read ({error.strerror}); check the file's permissions", edition=path.name
        ) from error
