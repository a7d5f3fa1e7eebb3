"""Takes values of the output over into goldens, as `accepted`, and makes accepted leaves `verified`; writes goldens."""

import os
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from pipeline.errors import InputError
from pipeline.files import write_whole
from pipeline.models.practice import Place, Practice
from pipeline.quality.accuracy.golden import (
    MIN_REASON_CHARACTERS,
    Golden,
    GoldenSource,
    LeafStatus,
    Status,
    golden_path,
    render_golden,
)
from pipeline.quality.accuracy.leaves import WHOLE, Leaf, as_golden_field, find_value, list_fields, list_leaves

CI_VARIABLES: Final = ("CI", "GITHUB_ACTIONS")
"""Environment variables by which continuous integration says that no person looks on."""
_LINK_PARTS: Final = ("links", "link_texts")
"""Two leaves of one list: they are taken over together."""


def refuse_ci(command: str) -> None:
    """Refuse to run where no person can look.

    Args:
        command: The command's name.

    Raises:
        InputError: A variable is set that continuous integration sets.
    """
    for variable in CI_VARIABLES:
        if os.environ.get(variable, "").lower() not in {"", "0", "false"}:
            raise InputError(
                f"pipeline {command} changes what counts as right, and does not run under CI ({variable} is set);"
                " run it by hand"
            )


def check_reason(text: str) -> str:
    """A reason without the white space around it.

    Raises:
        InputError: There is hardly anything in it.
    """
    reason = " ".join(text.split())
    if len(reason) < MIN_REASON_CHARACTERS:
        raise InputError(f"a reason has at least {MIN_REASON_CHARACTERS} characters; say why in a few words")
    return reason


def find_places(practice: Practice, field: str, part: str | None = None) -> tuple[Place, ...]:
    """The boxes of a field's label or value in the output.

    Args:
        practice: The practice as extracted.
        field: The field.
        part: The part; the label's has the label's boxes, all others the value's. None for both.
    """
    value = None if field == WHOLE else find_value(practice, field)
    label, text = (value.label_boxes, value.value_boxes) if value else ((), ())
    if part is None:
        return (*label, *text)
    return label if part.startswith("label") else text


def take_over(golden: Golden, practice: Practice, paths: Iterable[str], *, reason: str, date: str) -> Golden:
    """Take values of the output over into a golden, as accepted.

    Args:
        golden: The golden.
        practice: The practice as extracted.
        paths: The leaves to take over (`Difference.leaves`).
        reason: Why.
        date: Today, ISO 8601.

    Returns:
        The golden with these leaves' values, each `accepted`.
    """
    wanted = set(paths)
    fields = dict(golden.fields)
    whole: dict[str, object] = {}
    leaves = list_leaves((*fields, *list_fields(practice)))
    for leaf in (leaf for leaf in leaves if leaf.path in wanted):
        if leaf.field == WHOLE:
            whole[leaf.part] = getattr(practice, leaf.part)
            continue
        old, new = fields.get(leaf.field), as_golden_field(practice, leaf.field)
        if old is None or new is None:
            fields[leaf.field] = new
            wanted |= {other.path for other in leaves if other.field == leaf.field}
        else:
            key = "links" if leaf.part in _LINK_PARTS else leaf.part
            fields[leaf.field] = old.model_copy(update={key: getattr(new, key)})
            if key == "links":
                wanted |= {f"{leaf.field}.{part}" for part in _LINK_PARTS}
    changed = golden.model_copy(update={**whole, "fields": fields})
    return give_status(changed, wanted, "accepted", reason=reason, date=date)


def give_status(golden: Golden, paths: Iterable[str], status: Status, *, reason: str | None, date: str) -> Golden:
    """Set the status of leaves.

    Args:
        golden: The golden.
        paths: The leaves.
        status: Their new status.
        reason: Why, for accepted ones.
        date: Today, ISO 8601.

    Returns:
        The golden; where all leaves have one status now, it is the file's.
    """
    wanted = set(paths)
    kept = {entry.leaf: entry for entry in golden.leaves if entry.leaf not in wanted}
    given = {path: LeafStatus(leaf=path, status=status, date=date, reason=reason) for path in wanted}
    # A status as the file's needs no line of its own, unless there is a reason to keep.
    entries = {**kept, **{path: entry for path, entry in given.items() if status != golden.status or reason}}
    leaves = [leaf.path for leaf in list_leaves(golden.fields)]
    changed = golden.model_copy(update={"leaves": tuple(entries[path] for path in leaves if path in entries)})
    statuses = {changed.status_of(path) for path in leaves}
    if statuses == {"verified"}:
        date = date if golden.status != "verified" else golden.date
        return changed.model_copy(update={"status": "verified", "leaves": (), "date": date, "reason": None})
    return changed


def create_golden(practice: Practice, *, reason: str, date: str) -> Golden:
    """Make a golden of a practice that has none: all of it accepted.

    Args:
        practice: The practice as extracted.
        reason: Why.
        date: Today, ISO 8601.
    """
    return Golden(
        id=practice.id,
        edition=practice.edition.id,
        source=GoldenSource(file=practice.edition.source, sha256=practice.edition.sha256),
        status="accepted",
        date=date,
        reason=reason,
        heading=practice.heading,
        countries=practice.countries,
        title=practice.title,
        pages=practice.pages,
        fields=list_fields(practice),
    )


def renew_source(golden: Golden, practice: Practice, *, reason: str, date: str) -> Golden:
    """Make a stale golden one of the file that there is now: all of it accepted until somebody looks at this file.

    Args:
        golden: The golden.
        practice: The practice as extracted.
        reason: Why.
        date: Today, ISO 8601.
    """
    source = GoldenSource(file=practice.edition.source, sha256=practice.edition.sha256)
    return golden.model_copy(
        update={"source": source, "status": "accepted", "date": date, "reason": reason, "leaves": ()}
    )


def accepted_leaves(golden: Golden, fields: Sequence[str] | None = None) -> tuple[Leaf, ...]:
    """The leaves that nobody has verified.

    Args:
        golden: The golden.
        fields: Only of these fields; None for all.
    """
    return tuple(
        leaf
        for leaf in list_leaves(golden.fields)
        if golden.status_of(leaf.path) == "accepted" and (fields is None or leaf.field in fields)
    )


def write_golden(folder: Path, golden: Golden) -> Path:
    """Write a golden's file.

    Args:
        folder: Folder of all goldens.
        golden: The golden.

    Returns:
        The file.

    Raises:
        OutputError: It can't be written; the old one is untouched.
    """
    path = golden_path(folder, golden.edition, golden.id)
    write_whole(path, [render_golden(Golden.model_validate(golden.model_dump()))])
    return path


def today() -> str:
    """Return the day (UTC, ISO 8601) on which a leaf is accepted or verified, or a baseline written."""
    return datetime.now(UTC).date().isoformat()
