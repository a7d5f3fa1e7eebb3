"""Gives an edition another id: its source, sidecar, goldens, corrections, keys and output, all of them or none."""

from collections.abc import Iterable
from contextlib import ExitStack, suppress
from pathlib import Path
from shlex import quote
from typing import Final, NamedTuple

from pipeline import paths
from pipeline.authoring.inventory import Folders
from pipeline.errors import InputError, OutputError
from pipeline.files import CHECK, as_output_error, require_writable, write_whole
from pipeline.publish.collection import KEYS_FILE, load_assignment, rename_edition
from pipeline.quality.accuracy.baseline import load_baseline
from pipeline.quality.accuracy.editions import rename_goldens
from pipeline.quality.accuracy.golden import load_goldens
from pipeline.run.editions import require_edition
from pipeline.run.identity import read_edition_id, sidecar_path
from pipeline.run.options import Options, Outcome
from pipeline.run.runner import run_editions
from pipeline.stages.emit.edition import copy_output, remove_output
from pipeline.stages.emit.outputs import folder_aside, holds_good_output

ADVICE: Final = f"{CHECK}, and rename again"


class Renamed(NamedTuple):
    """An edition under its new id.

    Attributes:
        source: Its file.
        outcome: How its run under the new id ended; None where the edition was never run.
    """

    source: Path
    outcome: Outcome | None


def rename(old: str, wanted: str, folders: Folders, options: Options) -> Renamed:
    """Rename an edition, and run it under its new id, as every output file names the id.

    Killed at any step, it is completed by a second call: the source is copied first, and goes last.

    Args:
        old: The edition's id.
        wanted: Its new id, as a person has typed it.
        folders: Where its files are.
        options: How to run it.

    Raises:
        ExtractionError: It can't be renamed, or its run fails; everything is as it was.
    """
    state = require_edition(old, folders.raw, folders.extracted)
    if state.source is None:
        raise InputError(
            f"there is no {folders.raw / old}.pdf to run under another id; bring it back, or: pipeline remove"
            f" {quote(old)}",
            edition=old,
        )
    new = read_edition_id(wanted)
    target = state.source.with_name(f"{new}.pdf")
    corrections = paths.own_schema("corrections", f"{old}.yaml")
    files = {
        state.source: target,
        sidecar_path(state.source): sidecar_path(target),
        corrections: corrections.with_name(f"{new}.yaml"),
    }
    copies = {one: other for one, other in files.items() if one.exists()}
    again = target.exists() and all(
        one.read_bytes() == other.read_bytes() for one, other in copies.items() if other.exists()
    )
    if not again:
        _require_free(old, new, folders, files.values())
    _require_renamable(old, folders, copies)
    outcome = None
    with ExitStack() as undo:
        undo.callback(_take_back, folders.extracted, new, () if again else copies.values())
        for one, other in copies.items():
            with as_output_error(one, ADVICE, done="copied", edition=old):
                write_whole(other, [one.read_bytes()], ADVICE, edition=old)
        if holds_good_output(folders.extracted / old):
            copy_output(folders.extracted, old, new)
        if state.last_run is not None:
            outcome = next(run_editions([target], options))
            if outcome.error is not None:
                raise outcome.error
        undo.callback(rename_goldens, folders.goldens, new, old)
        rename_goldens(folders.goldens, old, new)
        undo.callback(rename_edition, new, old)
        rename_edition(old, new)
        undo.pop_all()
    remove_output(folders.extracted, old)
    with as_output_error(advice="rename again", done="removed", edition=old):
        for one in reversed(copies):
            one.unlink()
    return Renamed(target, outcome)


def _require_free(old: str, new: str, folders: Folders, files: Iterable[Path]) -> None:
    """Refuse an id under which something is there already."""
    output = [folders.extracted / new, folder_aside(folders.extracted, new), folders.goldens / new]
    for place in (*files, *output):
        if place.exists():
            raise InputError(
                f"{place} exists already; choose another id, or: pipeline remove {quote(new)}", edition=old
            )


def _require_renamable(old: str, folders: Folders, copies: Iterable[Path]) -> None:
    """Find what could not be renamed before anything is written: what can't be read, and folders that are closed."""
    load_goldens(folders.goldens, old)
    load_baseline(folders.goldens)
    if (keys := paths.find_schema(KEYS_FILE)).is_file():
        load_assignment(keys)
    written = [*(one.parent for one in copies), folders.extracted]
    if (folders.goldens / old).exists():
        written.append(folders.goldens)
    if (paths.own_schemas() / KEYS_FILE).exists():
        written.append(paths.own_schemas())
    require_writable(written, ADVICE, edition=old)


def _take_back(out: Path, edition: str, files: Iterable[Path]) -> None:
    """Remove what was written under the new id, as far as the system lets: why it was not all, is raised already."""
    with suppress(OSError, OutputError):
        remove_output(out, edition)
    for file in files:
        with suppress(OSError):
            file.unlink()
