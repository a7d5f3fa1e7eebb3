"""The goldens: reads and writes `tests/golden/<edition>/<practice id>.json`.

A golden is a practice in the contract's shape with three differences: instead of boxes each field says on which pages
its label and its value are, rows of no field are among the fields as `extra.name`, and the file says how far it can be
trusted. `verified` leaves were read from the page and count as accuracy; `accepted` ones were taken over from the
output, and show only whether something moved.
"""

import hashlib
import json
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

from pydantic import ConfigDict, JsonValue, StringConstraints, TypeAdapter, ValidationError, model_validator

from pipeline.errors import InputError, describe_invalid
from pipeline.models.geometry import Frozen
from pipeline.models.practice import (
    FIELD_MODELS,
    FIELDS,
    PARTS,
    CountryCode,
    EditionId,
    FieldName,
    Link,
    PageNumber,
    PracticeId,
    Sha256,
)
from pipeline.stages.emit.edition import render_json

Status = Literal["verified", "accepted"]
Date = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$")]
"""ISO 8601, a day."""
LeafPath = Annotated[str, StringConstraints(pattern=r"^(extra\.[a-z][a-z0-9_]*|[a-z_]+)\.[a-z_]+$")]
"""`field.part`, or `practice.part` for what concerns the practice as a whole."""
EXTRA: Final = "extra."
"""What the names of rows of no field begin with among a golden's fields."""
MIN_REASON_CHARACTERS: Final = 3
Reason = Annotated[str, StringConstraints(min_length=MIN_REASON_CHARACTERS)]


class GoldenSource(Frozen):
    """The file that a golden was made from."""

    file: str
    sha256: Sha256


class LeafStatus(Frozen):
    """A leaf whose status is another than its file's."""

    leaf: LeafPath
    status: Status
    date: Date
    reason: Reason | None = None


class Judgement(Frozen):
    """A leaf that a careful reader could judge otherwise, and why."""

    leaf: LeafPath
    why: str


class GoldenField(Frozen):
    """A field: the contract's keys, with pages in place of boxes; its normalised parts are among the other keys."""

    model_config = ConfigDict(extra="allow")

    label: str
    text: str
    available: bool
    shared_with: tuple[FieldName, ...]
    inline: bool
    links: tuple[Link, ...]
    label_pages: tuple[PageNumber, ...]
    """Pages that the label touches, 1-based."""
    value_pages: tuple[PageNumber, ...]
    """Pages that the value touches, 1-based."""

    @property
    def parts(self) -> dict[str, JsonValue]:
        """The field's normalised parts."""
        return self.model_extra or {}

    @property
    def pages(self) -> tuple[int, ...]:
        """Pages that the row touches, 1-based, in order."""
        return tuple(sorted({*self.label_pages, *self.value_pages}))


class Golden(Frozen):
    """What is known to be right about one practice.

    Attributes:
        id: Practice id.
        edition: Edition id.
        source: The file that it was made from.
        status: How far every leaf can be trusted that `leaves` does not name.
        date: When the status was given.
        reason: Why, where it was accepted.
        leaves: Leaves with a status of their own.
        judgement: Leaves that a careful reader could judge otherwise.
        heading: As in the contract.
        countries: As in the contract.
        title: As in the contract.
        pages: As in the contract.
        fields: All fields of the contract, then the rows of no field as `extra.name`; None where the practice has no
            such row.
    """

    id: PracticeId
    edition: EditionId
    source: GoldenSource
    status: Status
    date: Date
    reason: Reason | None = None
    leaves: tuple[LeafStatus, ...] = ()
    judgement: tuple[Judgement, ...] = ()
    heading: str
    countries: tuple[CountryCode, ...]
    title: str
    pages: tuple[PageNumber, PageNumber]
    fields: dict[str, GoldenField | None]

    @model_validator(mode="after")
    def _check_parts(self) -> Self:
        """Check every part against the type that the contract gives it, and every named leaf's existence."""
        wrong = {name for name in self.fields if not name.startswith(EXTRA)} ^ set(FIELDS)
        if wrong:
            raise ValueError(f"not the contract's fields: {', '.join(sorted(wrong))}")
        for name, field in self.fields.items():
            expected = PARTS.get(name, ())
            if field is None:
                continue
            if tuple(field.parts) != expected:
                raise ValueError(f"{name}: the parts are {list(field.parts)}, the contract says {list(expected)}")
            for part, value in field.parts.items():
                kind: Any = FIELD_MODELS[name].model_fields[part].annotation
                TypeAdapter(kind).validate_json(json.dumps(value), strict=True)
        from pipeline.quality.accuracy.leaves import list_leaves

        known = {leaf.path for leaf in list_leaves(self.fields)}
        for named in (self.leaves, self.judgement):
            paths = [entry.leaf for entry in named]
            if len(set(paths)) < len(paths) or not known.issuperset(paths):
                wrong = {path for path in paths if path not in known or paths.count(path) > 1}
                raise ValueError(f"named twice, or no leaf of the contract: {', '.join(sorted(wrong))}")
        return self

    def status_of(self, path: str) -> Status:
        """A leaf's status."""
        return next((entry.status for entry in self.leaves if entry.leaf == path), self.status)


def golden_path(folder: Path, edition: str, practice: str) -> Path:
    """The path of a practice's golden.

    Args:
        folder: The folder of all goldens.
        edition: Edition id.
        practice: Practice id.
    """
    return folder / edition / f"{practice}.json"


def render_golden(golden: Golden) -> bytes:
    """Render a golden's file: the contract's order of keys; what is as by default is left out."""
    return render_json(golden.model_dump(mode="json", exclude_defaults=True))


def parse_golden(content: bytes, path: Path) -> Golden:
    """Read a golden's file.

    Args:
        content: The file's bytes.
        path: Its name, for messages; the golden must be that of the practice and edition it names.

    Raises:
        InputError: The content is not a golden, or that of another practice.
    """
    try:
        golden = Golden.model_validate_json(content, strict=True)
    except ValidationError as error:
        raise InputError(f"{path} is no golden ({describe_invalid(error)}); correct it by hand") from error
    if (golden.edition, f"{golden.id}.json") != (path.parent.name, path.name):
        raise InputError(f"{path} is the golden of {golden.edition}/{golden.id}; rename it, or correct its ids")
    return golden


def load_golden(path: Path) -> Golden:
    """Read a golden.

    Raises:
        InputError: It can't be read, or is no golden.
    """
    return parse_golden(read_file(path), path)


def read_file(path: Path) -> bytes:
    """A file's bytes.

    Raises:
        InputError: It can't be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} can't be read ({error.strerror}); check its name and its permissions") from error


def golden_files(folder: Path, edition: str) -> tuple[Path, ...]:
    """The goldens' files of an edition, sorted by name.

    Args:
        folder: The folder of all goldens.
        edition: Edition id.
    """
    return tuple(sorted((folder / edition).glob("*.json")))


def load_goldens(folder: Path, edition: str) -> dict[str, Golden]:
    """Read an edition's goldens, by practice id.

    Args:
        folder: The folder of all goldens.
        edition: Edition id.

    Raises:
        InputError: One can't be read, or is no golden.
    """
    goldens = [load_golden(path) for path in golden_files(folder, edition)]
    return {golden.id: golden for golden in goldens}


def digest_goldens(folder: Path, edition: str) -> str:
    """A digest of an edition's goldens: it changes with every change of any of them.

    Args:
        folder: The folder of all goldens.
        edition: Edition id.

    Returns:
        SHA-256 in hexadecimal digits.
    """
    digest = hashlib.sha256()
    for path in golden_files(folder, edition):
        content = read_file(path)
        digest.update(f"{path.name}\n{len(content)}\n".encode() + content)
    return digest.hexdigest()


def find_line(content: bytes, field: str, part: str) -> int:
    """Find the line of a golden's file of a leaf.

    Args:
        content: The file's bytes.
        field: The leaf's field, or `practice`.
        part: The leaf's part.

    Returns:
        1-based line number: that of the leaf's key, of its field where the field is null, else 1.
    """
    import yaml

    # JSON is YAML, and the YAML reader is the one at hand that keeps lines.
    node = yaml.compose(content.decode(), Loader=yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader)
    part = {"link_texts": "links"}.get(part, part)
    line = 1
    for key in (part,) if field == "practice" else ("fields", field, part):
        if not isinstance(node, yaml.MappingNode):
            break
        found = next((pair for pair in node.value if pair[0].value == key), None)
        if found is None:
            break
        line, node = found[0].start_mark.line + 1, found[1]
    return line
