"""What is there of each edition: its source, its output and how its last run ended."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from pipeline.errors import ExtractionError, InputError
from pipeline.files import is_plain_file
from pipeline.run.identity import edition_id, hash_file, sidecar_path
from pipeline.stages.emit.outputs import INDEX_FILE, REPORT_FILE, is_aside, latest_folder, list_extracted, read_object


class EditionState(NamedTuple):
    """What is there of one edition.

    Attributes:
        edition: Edition id.
        language: BCP 47 code as the last run settled it, else as the sidecar says; None where neither says.
        status: The last run's report's; `not run` where there is no output, `unreadable` where its files say nothing.
        aside: True where the last run had errors and was set aside: the good output of an earlier one is kept.
        source: The file in the folder of sources; None where there is none: the output is an orphan.
        last_run: When the last run's report was written, UTC, ISO 8601 to the minute; None where there is none.
    """

    edition: str
    language: str | None
    status: str
    aside: bool
    source: Path | None
    last_run: str | None


def find_sources(raw: Path) -> dict[str, Path]:
    """Return the PDFs of a folder by their edition ids; a name that can't be one is left out."""
    found: dict[str, Path] = {}
    for path in sorted(raw.glob("*.pdf")):
        try:
            found[edition_id(path)] = path
        except ExtractionError:
            continue
    return found


def list_orphans(raw: Path, out: Path) -> tuple[str, ...]:
    """List the editions whose output is there without their source."""
    return tuple(edition for edition in list_extracted(out) if edition not in find_sources(raw))


def list_renamed(sources: Iterable[Path]) -> tuple[tuple[Path, Path], ...]:
    """List the sources that have got another name, each with the sidecar that names its bytes and has lost its file."""
    bare = [source for source in sources if is_plain_file(source) and not sidecar_path(source).exists()]
    sidecars = [path for folder in {source.parent for source in bare} for path in sorted(folder.glob("*.yaml"))]
    lone = [path for path in sidecars if not is_plain_file(path.with_suffix(".pdf"))]
    if not lone:
        return ()
    # A run that finds everything done loads no library.
    from pipeline.run.sidecar import read_sidecar

    by_hash: dict[tuple[Path, str], Path] = {}
    for path in lone:
        with suppress(ExtractionError):
            known = read_sidecar(path.with_suffix(".pdf"))
            by_hash |= {} if known is None else {(path.parent, known.sha256): path}
    found = ((source, by_hash.get((source.parent, hash_file(source)))) for source in bare)
    return tuple((source, path) for source, path in found if path is not None)


def list_states(raw: Path, out: Path) -> tuple[EditionState, ...]:
    """List what is there of every edition, in alphabetical order.

    Args:
        raw: The folder of the sources.
        out: The folder of all editions' output.
    """
    sources = find_sources(raw)
    return tuple(
        _read_state(edition, sources.get(edition), latest_folder(out, edition))
        for edition in sorted({*sources, *list_extracted(out)})
    )


def require_edition(edition: str, raw: Path, out: Path) -> EditionState:
    """Look up what is there of an edition.

    Args:
        edition: Edition id.
        raw: The folder of the sources.
        out: The folder of all editions' output.

    Raises:
        InputError: There is neither a source nor output of it.
    """
    states = {state.edition: state for state in list_states(raw, out)}
    if edition not in states:
        there = f"there are: {', '.join(states)}" if states else "take one in: pipeline add FILE.pdf"
        raise InputError(f"there is no edition {edition!r} in {raw}/ or {out}/; {there}")
    return states[edition]


def _read_state(edition: str, source: Path | None, folder: Path) -> EditionState:
    report, index = folder / REPORT_FILE, read_object(folder / INDEX_FILE)
    if not folder.is_dir():
        return EditionState(edition, _declared_language(source), "not run", aside=False, source=source, last_run=None)
    written = None
    if report.is_file():
        written = datetime.fromtimestamp(report.stat().st_mtime, UTC).strftime("%Y-%m-%dT%H:%MZ")
    about = index.get("edition")
    language = about.get("language") if isinstance(about, dict) else None
    status = str(read_object(report).get("status", "unreadable"))
    return EditionState(edition, language, status, aside=is_aside(folder), source=source, last_run=written)


def _declared_language(source: Path | None) -> str | None:
    from pipeline.run.sidecar import read_sidecar

    try:
        sidecar = None if source is None else read_sidecar(source)
    except ExtractionError:
        return None
    return None if sidecar is None else sidecar.language
