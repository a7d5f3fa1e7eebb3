"""What has changed between two states of the extracted data, for those who use it: reads two folders of editions."""

from __future__ import annotations

import io
import json
import subprocess
import tarfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple

from pipeline.errors import InputError
from pipeline.models.practice import Edition, Practice
from pipeline.quality.edition_diff import Difference, diff_editions
from pipeline.stages.emit.edition import open_edition
from pipeline.stages.emit.outputs import list_extracted

QUOTED_CHARACTERS: Final = 80
"""So much of a text stands in the Markdown; the JSON has all of it."""
_WORDS: Final = {
    "practice_only_in_first": "practice gone",
    "practice_only_in_second": "practice added",
    "practice_renumbered": "practice renumbered",
    "only_in_first": "gone",
    "only_in_second": "added",
}
"""What a difference is called where the first state is the older one."""


class State(NamedTuple):
    """An edition in one state of the data."""

    edition: Edition
    practices: Sequence[Practice]
    schema_version: str


class Changes(NamedTuple):
    """What has changed.

    Attributes:
        added: Ids of editions that are new.
        gone: Ids of editions that are gone.
        about: By edition, what is said of it otherwise: by key, the old and the new value.
        differences: By edition, how its practices differ.
    """

    added: tuple[str, ...]
    gone: tuple[str, ...]
    about: dict[str, dict[str, tuple[Any, Any]]]
    differences: dict[str, tuple[Difference, ...]]


def find_changes(old: Path, new: Path) -> Changes:
    """Find what has changed.

    Args:
        old: The folder of all editions in the older state.
        new: The folder in the newer state.

    Raises:
        InputError: A folder holds no edition, or what the schema does not allow.
    """
    before, after = list_extracted(old), list_extracted(new)
    for folder, editions in ((old, before), (new, after)):
        if not editions:
            raise InputError(f"there is no extracted edition in {folder}; name the folder of all editions")
    about: dict[str, dict[str, tuple[Any, Any]]] = {}
    differences: dict[str, tuple[Difference, ...]] = {}
    for name in before:
        if name not in after:
            continue
        first, second = _open(old / name), _open(new / name)
        was, now = ({**state.edition.model_dump(), "schema_version": state.schema_version} for state in (first, second))
        about[name] = {key: (was[key], now[key]) for key in now if was[key] != now[key]}
        differences[name] = diff_editions(first, second, "text").differences
    return Changes(
        added=tuple(name for name in after if name not in before),
        gone=tuple(name for name in before if name not in after),
        about={name: found for name, found in about.items() if found},
        differences={name: found for name, found in differences.items() if found},
    )


def _open(folder: Path) -> State:
    index, practices = open_edition(folder)
    return State(index.edition, tuple(practices), index.schema_version)


@contextmanager
def open_state(name: str, extracted: Path) -> Iterator[Path]:
    """Give the folder of a state of the data.

    Args:
        name: A folder of editions, or a git revision of the repository in the current folder.
        extracted: Where editions stand in the repository.

    Yields:
        The folder; that of a revision is gone afterwards.

    Raises:
        InputError: It is neither, or the revision has no such folder.
    """
    if Path(name).is_dir():
        yield Path(name)
        return
    commit = _git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    if commit is None:
        raise InputError(f"{name} is neither a folder nor a git revision here; give one of them")
    packed = _git("archive", "--format=tar", commit.decode().strip(), "--", str(extracted))
    if packed is None:
        raise InputError(f"there is no {extracted}/ in the revision {name}; choose another, or name it by --extracted")
    with TemporaryDirectory() as folder:
        with tarfile.open(fileobj=io.BytesIO(packed)) as files:
            files.extractall(folder, filter="data")
        yield Path(folder) / extracted


def _git(*arguments: str) -> bytes | None:
    """Run git; None where it fails or is not there."""
    try:
        return subprocess.run(["git", *arguments], capture_output=True, check=True).stdout  # noqa: S603, S607
    except (OSError, subprocess.CalledProcessError):
        return None


def list_changes(changes: Changes) -> dict[str, Any]:
    """Give the changes as plain JSON values, with counts by field."""
    rows = [
        {
            "edition": name,
            "practice": found.practice,
            "change": _WORDS.get(found.kind, found.kind),
            "field": found.field,
            "part": found.leaf,
            "old": found.first,
            "new": found.second,
            "note": found.note,
        }
        for name, differences in changes.differences.items()
        for found in differences
    ]
    return {
        "editions_added": list(changes.added),
        "editions_gone": list(changes.gone),
        "editions_changed": {
            name: {key: {"old": old, "new": new} for key, (old, new) in found.items()}
            for name, found in changes.about.items()
        },
        "by_field": dict(sorted(Counter(row["field"] for row in rows if row["field"] is not None).items())),
        "changes": rows,
    }


def write_markdown(changes: Changes, old: str, new: str) -> str:
    """Write the changes for readers.

    Args:
        changes: What has changed.
        old: What the older state is called.
        new: What the newer one is called.
    """
    listed = list_changes(changes)
    summary = [f"- edition added: {_quote(name)}" for name in changes.added]
    summary += [f"- edition gone: {_quote(name)}" for name in changes.gone]
    summary += [f"- {field}: {count} changes" for field, count in listed["by_field"].items()]
    if not any((changes.added, changes.gone, changes.about, changes.differences)):
        summary.append("Nothing has changed.")
    lines = [f"# Changes from {_quote(old)} to {_quote(new)}", *([""] if summary else []), *summary]
    for name in dict.fromkeys((*changes.about, *changes.differences)):
        lines += ["", f"## {name}", ""]
        for key, (before, after) in changes.about.get(name, {}).items():
            lines.append(f"- the edition's {key}: {_quote(before)} became {_quote(after)}")
        for row in listed["changes"]:
            if row["edition"] == name:
                place = ".".join(filter(None, (row["practice"], row["field"], row["part"])))
                lines.append(f"- **{place}** {row['change']}: {_quote(row['old'])} became {_quote(row['new'])}")
    return "\n".join([*lines, ""])


def _quote(value: object) -> str:
    """Give a value as code of Markdown, shortened, whatever stands in it."""
    if value is None:
        return "nothing"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    text = " ".join(text.split())
    short = text if len(text) <= QUOTED_CHARACTERS else f"{text[:QUOTED_CHARACTERS]}…"
    return f"`{short.replace('`', 'ˋ') or ' '}`"
