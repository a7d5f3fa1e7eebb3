"""Where a run's output goes: into the edition's folder, or aside where that would cost good output; imports no library.

A run whose report holds errors is no success. Its output is worth looking at all the same, so it is written whole, as
`<out>/.errors/<edition>`, where `<out>/<edition>` holds good output, and in place where there is nothing good to lose.
`<out>/.errors` is laid out like `<out>`, and no pattern such as `*/index.json` finds anything in it.

`swap.py` knows how a folder is written; the locks are the callers' matter.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from pipeline.errors import InputError
from pipeline.files import is_plain_file
from pipeline.issues import Status

REPORT_FILE: Final = "report.json"
INDEX_FILE: Final = "index.json"
COLLECTION_FILE: Final = "collection.json"
ASIDE: Final = ".errors"
"""No edition id begins with a dot."""


def program_version() -> str | None:
    """The program's version; None where it runs without being installed."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("raccombat-pipeline")
    except PackageNotFoundError:
        return None


def folder_aside(out: Path, edition: str) -> Path:
    """The folder of output that was set aside.

    Args:
        out: The folder of all editions' output.
        edition: Edition id.
    """
    return out / ASIDE / edition


def is_aside(folder: Path) -> bool:
    """Return whether an output folder is one that was set aside."""
    return folder.parent.name == ASIDE


def holds_good_output(folder: Path) -> bool:
    """Return whether a folder holds an edition whose report says `good`; False where the report can't be read."""
    return read_object(folder / REPORT_FILE).get("status") == "good"


def read_object(path: Path) -> dict[str, Any]:
    """Read the JSON object in a file; an empty one where the file can't be read, or holds something else."""
    try:
        content = json.loads(path.read_bytes()) if is_plain_file(path) else None  # a pipe would be waited for
    except (OSError, ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def choose_folder(out: Path, edition: str, status: Status, *, replace: bool) -> Path:
    """Choose where the output of a run goes.

    Args:
        out: The folder of all editions' output.
        edition: Edition id.
        status: What the run's report says.
        replace: True to replace good output by output that is not.

    Returns:
        The edition's folder, or the one aside.
    """
    folder = out / edition
    if status == "good" or replace or not holds_good_output(folder):
        return folder
    return folder_aside(out, edition)


def latest_folder(out: Path, edition: str) -> Path:
    """The folder of an edition's last run: the one aside where there is one, for a later good run removes it.

    Args:
        out: The folder of all editions' output.
        edition: Edition id.
    """
    aside = folder_aside(out, edition)
    return aside if (aside / INDEX_FILE).is_file() else out / edition


def list_extracted(out: Path) -> tuple[str, ...]:
    """List the ids of the editions in an output folder, in alphabetical order.

    A folder with a report and no index is one too, and a closed one that the collection names: whoever
    reads it says so, and nothing is published without it in silence.

    Args:
        out: The folder of all editions' output. What was set aside in it is left out.
    """
    return tuple(sorted(path.name for path in out.glob("*") if _holds_edition(path)))


def list_closed(out: Path) -> list[Path]:
    """List folders that can't be looked into and that the collection does not name, such as a disk's `lost+found`."""
    return sorted(path for path in out.glob("[!.]*") if _list_names(path) is None and not _holds_edition(path))


def require_extracted(out: Path, chosen: Sequence[str] = ()) -> tuple[str, ...]:
    """List the ids of the chosen editions in an output folder, by default of all.

    Args:
        out: The folder of all editions' output.
        chosen: Edition ids; none for all.

    Raises:
        InputError: One of them is not there, or there is none at all.
    """
    there = list_extracted(out)
    missing = sorted(set(chosen) - set(there))
    if missing or not there:
        known = f"there are: {', '.join(there)}; run it first: pipeline run" if there else "run: pipeline run"
        named = f" {', '.join(missing)}" if missing else ""
        raise InputError(f"there is no extracted edition{named} in {out}/; {known}")
    return tuple(chosen) or there


def _holds_edition(folder: Path) -> bool:
    # Halves of runs begin with a dot, and `Path.glob`, other than a shell, finds them.
    if folder.name.startswith("."):
        return False
    names = _list_names(folder)
    if names is not None:
        return not {INDEX_FILE, REPORT_FILE}.isdisjoint(names)
    known = read_object(folder.parent / COLLECTION_FILE).get("editions")
    return isinstance(known, list) and folder.name in known


def _list_names(folder: Path) -> list[str] | None:
    """List the names in a folder, none where it is a file; None where it can't be looked into."""
    try:
        return [path.name for path in folder.iterdir()]
    except NotADirectoryError:
        return []
    except OSError:
        return None
