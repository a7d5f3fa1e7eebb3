"""Emit stage: `ValidatedEdition` → the output files of an edition.

| file | holds |
|---|---|
| `<practice id>.json` | one `Practice` |
| `index.json` | `Index`: the practices in document order |
| `report.json` | `Report`: the account of all glyphs, evidence, joins, issues |
| `issues.jsonl` | the report's issues, one per line |

Same input, same bytes: keys in the models' order, UTF-8, two spaces, a line feed at the end, no time of day.
"""

import contextlib
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError

from pipeline.contract import SCHEMA_VERSION
from pipeline.errors import InputError, OutputError, describe_invalid
from pipeline.models.edition import Index, IndexEntry, IndexFile, Report, ValidatedEdition
from pipeline.models.practice import Practice
from pipeline.stages.emit.outputs import ASIDE, INDEX_FILE, REPORT_FILE, choose_folder, is_aside, program_version
from pipeline.stages.emit.swap import lock_folder, swap_in, swap_out

_Model = TypeVar("_Model", bound=BaseModel)

ISSUES_FILE: Final = "issues.jsonl"
_SUFFIXES: Final = frozenset({".json", ".jsonl"})


def practice_file(practice_id: str) -> str:
    """The name of a practice's file; the id's pattern keeps it inside the output folder."""
    return f"{practice_id}.json"


def render_json(content: BaseModel | dict[str, Any]) -> bytes:
    """Write JSON in the one form that all generated files have.

    Args:
        content: A model, or plain JSON values.

    Returns:
        UTF-8, two spaces, a line feed at the end.
    """
    plain = content.model_dump(mode="json") if isinstance(content, BaseModel) else content
    return (json.dumps(plain, ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode()


def render_edition(validated: ValidatedEdition) -> dict[str, bytes]:
    """Render an edition's output files.

    Args:
        validated: The edition's practices and report.

    Returns:
        Contents by file name.
    """
    return dict(_render_files(validated))


def _render_files(validated: ValidatedEdition) -> Iterator[tuple[str, bytes]]:
    """Render an edition's output files, each when it is asked for; the index, which has their hashes, is the last."""
    entries: list[IndexEntry] = []
    for practice in validated.practices:
        name, content = practice_file(practice.id), render_json(practice)
        same = {key: getattr(practice, key) for key in IndexEntry.model_fields if key not in {"file", "sha256"}}
        entries.append(IndexEntry(file=name, sha256=hashlib.sha256(content).hexdigest(), **same))
        yield name, content
    issues = [
        json.dumps(issue.model_dump(mode="json", exclude_none=True), ensure_ascii=False).encode() + b"\n"
        for issue in validated.report.issues
    ]
    others = {REPORT_FILE: render_json(validated.report), ISSUES_FILE: b"".join(issues)}
    yield from others.items()
    index = Index(
        schema_version=SCHEMA_VERSION,
        version=program_version(),
        edition=validated.edition,
        counts=validated.report.counts,
        practices=tuple(entries),
        files=tuple(IndexFile(file=name, sha256=hashlib.sha256(others[name]).hexdigest()) for name in others),
    )
    yield INDEX_FILE, render_json(index)


def emit_edition(validated: ValidatedEdition, out: Path, *, replace: bool = False) -> Path:
    """Write an edition's output files, in whole or not at all; the caller holds the edition's lock.

    Args:
        validated: The edition's practices and report.
        out: The folder of all editions.
        replace: True to replace good output even where the report holds errors.

    Returns:
        The folder that was written: the edition's, or the one aside where errors would have replaced good output.
        Writing the edition's removes what was set aside, which is older.

    Raises:
        OutputError: The files can't be written, or the folder holds something else; it is untouched.
    """
    edition = validated.edition.id
    folder = choose_folder(out, edition, validated.report.status, replace=replace)
    if is_aside(folder):
        with lock_folder(folder.parent, edition):
            _write_folder(folder, validated)
    else:
        _write_folder(folder, validated)
        swap_out(out / ASIDE, edition)
    return folder


def _write_folder(folder: Path, validated: ValidatedEdition) -> None:
    """Replace an edition's folder, but none that holds what no run has written; the caller holds its lock."""
    held: list[Path] = []
    with contextlib.suppress(OSError):  # there is none, or it is closed
        held = sorted(folder.iterdir())
    for path in held:
        # Names with a dot are what desktops and editors leave (.DS_Store, .swp).
        if not path.name.startswith(".") and (path.is_dir() or path.suffix not in _SUFFIXES):
            raise OutputError(
                f"{folder} holds {path.name}, which no run has written and which would be lost; move it elsewhere",
                edition=folder.name,
            )
    swap_in(folder.parent, folder.name, _render_files(validated))


def copy_output(out: Path, old: str, new: str) -> None:
    """Write an edition's output under another id too.

    Args:
        out: The folder of all editions.
        old: The edition's id.
        new: The other id.

    Raises:
        InputError: The output can't be read.
        OutputError: It can't be written.
    """
    kept = load_edition(out / old)
    edition = kept.edition.model_copy(update={"id": new, "source": f"{new}.pdf"})
    issues = tuple(issue.model_copy(update={"edition": new}) for issue in kept.report.issues)
    validated = ValidatedEdition(
        edition=edition,
        practices=tuple(practice.model_copy(update={"edition": edition}) for practice in kept.practices),
        report=kept.report.model_copy(update={"edition": edition, "issues": issues}),
    )
    with lock_folder(out, new):
        _write_folder(out / new, validated)


def remove_output(out: Path, edition: str) -> None:
    """Remove an edition's output, and what was set aside of it.

    Raises:
        OutputError: It can't be removed, or a run is writing it.
    """
    swap_out(out, edition)
    swap_out(out / ASIDE, edition)


def load_edition(folder: Path | str) -> ValidatedEdition:
    """Read an edition's output files back.

    Args:
        folder: The edition's folder, such as `extracted/raccombat-lv`.

    Returns:
        The practices in document order, and the report.

    Raises:
        InputError: A file is missing, or does not hold what the schema says.
    """
    folder = Path(folder)
    index, practices = open_edition(folder)
    return ValidatedEdition(edition=index.edition, practices=tuple(practices), report=load_report(folder))


def open_edition(folder: Path) -> tuple[Index, Iterator[Practice]]:
    """Read an edition's output files without holding more than one practice.

    Args:
        folder: The edition's folder.

    Returns:
        The index, and the practices in document order, each read when it is asked for.

    Raises:
        InputError: A file is missing, or does not hold what the schema says; also while the practices are read.
    """
    index = _load(folder / INDEX_FILE, Index)
    return index, (_load(folder / practice_file(entry.id), Practice) for entry in index.practices)


def load_report(folder: Path) -> Report:
    """Read an edition's report.

    Args:
        folder: The edition's folder.

    Raises:
        InputError: It is missing, or does not hold what the schema says.
    """
    return _load(folder / REPORT_FILE, Report)


def _load(path: Path, model: type[_Model]) -> _Model:
    try:
        return model.model_validate_json(path.read_bytes(), strict=True)
    except OSError as error:
        raise InputError(f"{path} can't be read ({error.strerror}); run the pipeline to write it") from error
    except ValidationError as error:
        reason = f"does not hold what the schema says ({describe_invalid(error)})"
        raise InputError(f"{path} {reason}; run the pipeline again to write it") from error
