"""What has changed between two states of the extracted data, for those who use it: reads two folders of editions."""

import io
import subprocess
import tarfile
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from pipeline.errors import InputError
from pipeline.files import write_whole
from pipeline.quality.edition_diff import diff_editions
from pipeline.stages.emit.edition import load_edition
from pipeline.stages.emit.outputs import list_extracted
from pipeline.text.wording import count, plain

QUOTED_CHARACTERS: Final = 80
"""Longest quotation in the Markdown; the JSON has all of a text."""
_WORDS: Final = {
    "practice_only_in_first": "practice gone",
    "practice_only_in_second": "practice added",
    "practice_renumbered": "practice renumbered",
    "only_in_first": "gone",
    "only_in_second": "added",
}
"""What a difference is called where the first state is the older one."""


def find_changes(old: Path, new: Path) -> dict[str, Any]:
    """Find what has changed.

    Args:
        old: The folder of all editions in the older state.
        new: The folder in the newer state.

    Returns:
        Plain JSON values: `editions_added` and `editions_gone`, lists of ids; `editions_changed`, by edition and key
        the `old` and the `new` value of what is said of it; `changes`, a row for each difference of a practice
        (`edition`, `practice`, `change`, `field`, `part`, `old`, `new`, `note`); `by_field`, how many rows each has.

    Raises:
        InputError: A folder holds no edition, or what the schema does not allow.
    """
    before, after = list_extracted(old), list_extracted(new)
    for folder, editions in ((old, before), (new, after)):
        if not editions:
            raise InputError(f"there is no extracted edition in {folder}; name the folder of all editions")
    about: dict[str, dict[str, Any]] = {}
    rows: list[dict[str, Any]] = []
    for name in sorted({*before} & {*after}):
        first, second = load_edition(old / name), load_edition(new / name)
        was, now = (
            {**state.edition.model_dump(), "schema_version": state.report.schema_version} for state in (first, second)
        )
        about[name] = {key: {"old": was[key], "new": now[key]} for key in now if was[key] != now[key]}
        rows += [
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
            for found in diff_editions(first, second, "text").differences
        ]
    return {
        "editions_added": sorted({*after} - {*before}),
        "editions_gone": sorted({*before} - {*after}),
        "editions_changed": {name: found for name, found in about.items() if found},
        "by_field": dict(sorted(Counter(row["field"] for row in rows if row["field"] is not None).items())),
        "changes": rows,
    }


@contextmanager
def open_state(name: str, extracted: Path) -> Iterator[Path]:
    """The folder of a state of the data.

    Args:
        name: A folder of editions, or a git revision of the repository in the current folder.
        extracted: The folder of all editions in the repository.

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
        # Python 3.11 before 3.11.4 has no filter for `extractall`; of files alone, none is written elsewhere.
        with tarfile.open(fileobj=io.BytesIO(packed)) as files:
            for member in files:
                if member.isfile() and (content := files.extractfile(member)):
                    write_whole(Path(folder) / member.name, [content.read()])
        yield Path(folder) / extracted


def _git(*arguments: str) -> bytes | None:
    """Run git; None where it fails or is not there."""
    try:
        return subprocess.run(["git", *arguments], capture_output=True, check=True).stdout  # noqa: S603, S607
    except (OSError, subprocess.CalledProcessError):
        return None


def write_markdown(changes: Mapping[str, Any], old: str, new: str) -> str:
    """Write changes for readers.

    Args:
        changes: What `find_changes` has found.
        old: What the older state is called.
        new: What the newer one is called.
    """
    lines = [f"# Changes from {_quote(old)} to {_quote(new)}", ""]
    lines += [f"- edition added: {_quote(name)}" for name in changes["editions_added"]]
    lines += [f"- edition gone: {_quote(name)}" for name in changes["editions_gone"]]
    for name, found in changes["editions_changed"].items():
        lines += [f"- {_quote(name)}, its {key}: {say_became(values)}" for key, values in found.items()]
    lines += [f"- {field}: {count(number, 'change')}" for field, number in changes["by_field"].items()]
    if not any(changes.values()):
        lines.append("Nothing has changed.")
    for name, rows in groupby(changes["changes"], key=itemgetter("edition")):
        lines += ["", f"## {name}", ""]
        for row in rows:
            place = ".".join(filter(None, (row["practice"], row["field"], row["part"])))
            lines.append(f"- **{place}** {row['change']}: {say_became(row)}")
    return "\n".join([*lines, ""])


def say_became(values: Mapping[str, Any]) -> str:
    """Say what the `old` value was and what the `new` one is, each as code of Markdown, shortened."""
    return f"{_quote(values['old'])} became {_quote(values['new'])}"


def _quote(value: object) -> str:
    """Any value as code of Markdown, shortened."""
    if value is None:
        return "nothing"
    text = " ".join(plain(value).split())
    short = text if len(text) <= QUOTED_CHARACTERS else f"{text[:QUOTED_CHARACTERS]}…"
    return f"`{short.replace('`', 'ˋ') or ' '}`"
