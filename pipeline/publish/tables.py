"""The data as tables: their columns with types, meanings and keys, and the rows that a practice gives them.

Every export is made from these rows, and the schemas of all of them from these columns. What a column means is said by
the dictionary wherever it is a key of the JSON.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from pipeline.contract import CODES, FIELDS, PARTS
from pipeline.models.practice import Edition, FieldValue, Practice, Unmapped
from pipeline.publish.dictionary import describe_field, describe_parts, load_definitions

Type = Literal["string", "integer", "number", "boolean", "strings", "integers"]
Cell: TypeAlias = "str | int | float | bool | list[str] | list[int] | None"
Row: TypeAlias = tuple[Cell, ...]
Rows: TypeAlias = dict[str, list[Row]]
"""Rows by table."""

UNKNOWN: Final = "unknown"
"""What an export says of rights that nothing is known of."""


@dataclass(frozen=True)
class Column:
    """A column: name, type, what it means (`Model.key` where the dictionary says it), and whether it may be null."""

    name: str
    type: Type
    about: str
    nullable: bool = False

    @property
    def meaning(self) -> str:
        """What the column means, in a sentence."""
        model, _, key = self.about.partition(".")
        definition = load_definitions().get(model)
        return str(definition["properties"][key]["description"]) if definition else self.about

    @property
    def title(self) -> str:
        """The column's name in words."""
        return self.name.replace("_", " ").capitalize()


@dataclass(frozen=True)
class Table:
    """A table.

    Attributes:
        name: Its name.
        about: What a row is.
        columns: The columns in order.
        key: The columns that name a row.
        references: By table, the columns that name one of its rows; where one of them is null, none is named.
    """

    name: str
    about: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    references: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


_EDITION: Final = Column("edition", "string", "Edition.id")
_PRACTICE: Final = Column("practice", "string", "Practice.id")
_PLACE: Final = ("edition", "practice")
_OWNER: Final = (
    _EDITION,
    _PRACTICE,
    Column("number", "integer", "Counts the rows of a practice, from 1."),
    Column(
        "field", "string", "The field that it belongs to. Null where it belongs to a row of no field.", nullable=True
    ),
    Column(
        "extra", "integer", "The row of `extra` that it belongs to. Null where it belongs to a field.", nullable=True
    ),
)
_OWNERS: Final = {"practices": _PLACE, "values": (*_PLACE, "field"), "extra": (*_PLACE, "extra")}


def _printed(*, nullable: bool) -> tuple[Column, ...]:
    """Give the columns of a value as printed; of rows that are not known at all, some are null."""
    return (
        Column("label", "string", "FieldValue.label"),
        Column("text", "string", "FieldValue.text"),
        Column("available", "boolean", "FieldValue.available", nullable),
        Column("shared_with", "strings", "FieldValue.shared_with", nullable),
        Column("inline", "boolean", "FieldValue.inline", nullable),
        Column("pages", "integers", "Pages that the value stands on. Empty where no place is known."),
        Column("source", "string", "FieldValue.source", nullable=True),
        Column(
            "confidence", "number", "The engine's lowest confidence, 0 to 1. Null for what was not recognised.", True
        ),
    )


TABLES: Final = {
    table.name: table
    for table in (
        Table(
            "editions",
            "One row an edition: a published PDF of the collection.",
            (
                _EDITION,
                *(
                    Column(key, "string", f"Edition.{key}", key == "language")
                    for key in ("language", "source", "sha256")
                ),
                Column("pages", "integer", "Edition.pages"),
                *(Column(key, "string", f"Edition.{key}", nullable=True) for key in ("title", "publisher", "origin")),
                Column("rights", "string", f"What is known of the source's rights; `{UNKNOWN}` where nothing is."),
            ),
            ("edition",),
        ),
        Table(
            "codes",
            "One row a code, field or part, with its meaning.",
            (
                Column(
                    "list", "string", "The list that the code belongs to; `field` and `part` list the names of both."
                ),
                Column("code", "string", "The code; of a part, the field and the part."),
                Column("title", "string", "A title in English."),
                Column("meaning", "string", "What it means."),
            ),
            ("list", "code"),
        ),
        Table(
            "practices",
            "One row a practice and edition.",
            (
                _EDITION,
                _PRACTICE,
                Column("key", "string", "The practice's key: the same in all editions."),
                Column("position", "integer", "Its place in the edition, from 1."),
                Column("schema_version", "string", "Practice.schema_version"),
                Column("heading", "string", "Practice.heading"),
                Column("title", "string", "Practice.title"),
                Column("countries", "strings", "Practice.countries"),
                Column("first_page", "integer", "First page, 1-based."),
                Column("last_page", "integer", "Last page, 1-based."),
            ),
            _PLACE,
            {"editions": ("edition",)},
        ),
        Table(
            "values",
            "One row a practice and field: what the edition prints.",
            (_EDITION, _PRACTICE, Column("field", "string", "The field's name."), *_printed(nullable=False)),
            (*_PLACE, "field"),
            {"practices": _PLACE},
        ),
        Table(
            "extra",
            "One row for each printed row that is of no field.",
            (
                _EDITION,
                _PRACTICE,
                Column("extra", "integer", "Counts the rows of a practice, from 1."),
                Column(
                    "kind", "string", "`extra`: the lexicon knows the label as of no field; `unmapped`: it does not."
                ),
                Column(
                    "name", "string", "The lexicon's English name. Null where the label is not known.", nullable=True
                ),
                *_printed(nullable=True),
                Column("likely_field", "string", "Unmapped.field", nullable=True),
                Column("score", "number", "Unmapped.score", nullable=True),
            ),
            (*_PLACE, "extra"),
            {"practices": _PLACE},
        ),
        Table(
            "parts",
            "One row for each normalised value; a part that the text does not state has none.",
            (
                _EDITION,
                _PRACTICE,
                Column("field", "string", "The field's name."),
                Column("part", "string", "The part's name."),
                Column("position", "integer", "Place in a list, from 1."),
                Column("value", "string", "The value as text; `true` or `false`; a number in JSON's form."),
                Column("number", "number", "The value as a number. Null where it is none.", nullable=True),
                Column(
                    "unit", "string", "Of a number: an ISO 4217 currency, or `percent`. Null where it has none.", True
                ),
            ),
            (*_PLACE, "field", "part", "position"),
            {"values": (*_PLACE, "field")},
        ),
        Table(
            "links",
            "One row a link in a value.",
            (*_OWNER, Column("url", "string", "Link.url"), Column("text", "string", "Link.text")),
            (*_PLACE, "number"),
            _OWNERS,
        ),
        Table(
            "boxes",
            "One row for each rectangle that a label or a value stands in, one a page.",
            (
                *_OWNER,
                Column("role", "string", "`label` or `value`."),
                Column("page", "integer", "Place.page"),
                *(Column(key, "number", f"Place.{key}") for key in ("x0", "top", "x1", "bottom")),
            ),
            (*_PLACE, "number"),
            _OWNERS,
        ),
    )
}
"""Every table by name; each refers to earlier ones only."""


def list_codes() -> Iterator[Row]:
    """Give the rows of `codes`: codes, fields and parts with their meanings."""
    for kind, codes in CODES.items():
        yield from ((kind, code, code.replace("_", " ").capitalize(), meaning) for code, meaning in codes.items())
    for name in FIELDS:
        about = describe_field(name)
        yield "field", name, about["title"], about["description"]
    for name in PARTS:
        for part, about in describe_parts(name).items():
            yield "part", f"{name}.{part}", about["title"], about["description"]


def edition_row(edition: Edition) -> Row:
    """Give an edition's row of `editions`."""
    about = (edition.title, edition.publisher, edition.origin, edition.rights or UNKNOWN)
    return (edition.id, edition.language, edition.source, edition.sha256, edition.pages, *about)


def practice_rows(practice: Practice, key: str, position: int) -> Rows:
    """Give the rows of a practice.

    Args:
        practice: The practice.
        key: Its key over all editions.
        position: Its place in the edition, from 1.

    Returns:
        The rows by table; of every table that has rows of practices.
    """
    place = (practice.edition.id, practice.id)
    about = (practice.schema_version, practice.heading, practice.title, list(practice.countries), *practice.pages)
    rows: Rows = {name: [] for name in TABLES if name not in ("editions", "codes")}
    rows["practices"].append((*place, key, position, *about))
    for name in FIELDS:
        value: FieldValue | None = getattr(practice.fields, name)
        if value is not None:
            rows["values"].append((*place, name, *_print(value)))
            rows["parts"] += [(*place, name, *part) for part in _list_parts(name, value)]
            _add_places(rows, place, (name, None), value)
    others: list[tuple[str, str | None, FieldValue | Unmapped]] = [
        *(("extra", name, value) for name, value in practice.extra.items()),
        *(("unmapped", None, row) for row in practice.unmapped),
    ]
    for number, (kind, label, row) in enumerate(others, start=1):
        likely = (row.field, row.score) if isinstance(row, Unmapped) else (None, None)
        rows["extra"].append((*place, number, kind, label, *_print(row), *likely))
        _add_places(rows, place, (None, number), row)
    return rows


def _print(row: FieldValue | Unmapped) -> Row:
    pages = sorted({box.page for box in row.value_boxes})
    if isinstance(row, Unmapped):
        return (row.label, row.text, None, None, None, pages, None, None)
    confidence = None if row.recognised is None else row.recognised.confidence
    return (row.label, row.text, row.available, list(row.shared_with), row.inline, pages, row.source, confidence)


def _list_parts(name: str, value: FieldValue) -> Iterator[Row]:
    """Give a field's parts, one row for each item of a list."""
    plain = value.model_dump(mode="json")
    for part, about in describe_parts(name).items():
        content = plain[part]
        for position, item in enumerate(content if isinstance(content, list) else [content], start=1):
            amount = item["value"] if isinstance(item, dict) else item
            number = amount if isinstance(amount, (int, float)) and not isinstance(amount, bool) else None
            unit = item["currency"] if isinstance(item, dict) else about.get("x-unit")
            if amount is not None:
                yield part, position, amount if isinstance(amount, str) else json.dumps(amount), number, unit


def _add_places(
    rows: Rows, place: tuple[str, str], owner: tuple[str | None, int | None], row: FieldValue | Unmapped
) -> None:
    """Add a row's links and boxes."""
    for link in row.links:
        rows["links"].append((*place, len(rows["links"]) + 1, *owner, link.url, link.text))
    for role, boxes in (("label", row.label_boxes), ("value", row.value_boxes)):
        for box in boxes:
            edges = (box.page, box.x0, box.top, box.x1, box.bottom)
            rows["boxes"].append((*place, len(rows["boxes"]) + 1, *owner, role, *edges))
