"""The data as tables: their columns with types, meanings and keys, and the rows that a practice gives them.

Every export is made from these rows, and the schemas of all of them from the columns that `tables.yaml` lists.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple, TypeAlias, cast

from pipeline.contract import CODES
from pipeline.models.practice import FIELDS, PARTS, Edition, FieldValue, Practice, Unmapped
from pipeline.publish.dictionary import describe_field, describe_parts, load_definitions

Type = Literal["string", "integer", "number", "boolean", "strings", "integers"]
Cell: TypeAlias = "str | int | float | bool | list[str] | list[int] | None"
Row: TypeAlias = tuple[Cell, ...]
Rows: TypeAlias = dict[str, list[Row]]
"""Rows by table."""

_OR_NULL: Final = " or null"
UNKNOWN: Final = "unknown"
"""What an export says of rights that nothing is known of."""


class Column(NamedTuple):
    """A column: its name, its type, whether it may be null, and what it means, in a sentence."""

    name: str
    type: Type
    nullable: bool
    meaning: str

    @property
    def title(self) -> str:
        """The column's name in words."""
        return self.name.replace("_", " ").capitalize()


class Table(NamedTuple):
    """A table.

    Attributes:
        name: Its name.
        about: What a row is.
        key: The columns that name a row.
        columns: The columns in order.
        references: By table, the columns that name one of its rows; where one of them is null, none is named.
    """

    name: str
    about: str
    key: Sequence[str]
    columns: Sequence[Column]
    references: Mapping[str, Sequence[str]] = MappingProxyType({})


def _load_tables() -> dict[str, Table]:
    import yaml

    listed = yaml.safe_load((files("pipeline.publish") / "tables.yaml").read_text(encoding="utf-8"))
    for name, content in listed.items():
        content["columns"] = [_make_column(*column) for column in content["columns"].items()]
        listed[name] = Table(name, **content)
    return dict(listed)


def _make_column(name: str, content: str | dict[str, str]) -> Column:
    given, about = next(iter(content.items())) if isinstance(content, dict) else ("", content)
    model, _, key = about.partition(".")
    definition = load_definitions().get(model)
    if definition is None:
        kind, nullable = given, False
    else:
        schema = definition["properties"][key]
        kinds = [_name_type(kind) for kind in schema.get("anyOf", [schema])]
        about, kind, nullable = schema["description"], given or kinds[0], "null" in kinds
    return Column(name, cast("Type", kind.removesuffix(_OR_NULL)), nullable or kind.endswith(_OR_NULL), about)


def _name_type(schema: Mapping[str, Any]) -> str:
    return f"{schema['items'].get('type', 'string')}s" if "items" in schema else schema.get("type", "string")


TABLES: Final = _load_tables()
"""Every table by name; each refers to earlier ones only."""


def list_codes() -> Iterator[Row]:
    """The rows of `codes`: codes, fields and parts with their meanings."""
    for kind, codes in CODES.items():
        yield from ((kind, code, code.replace("_", " ").capitalize(), meaning) for code, meaning in codes.items())
    for name in FIELDS:
        about = describe_field(name)
        yield "field", name, about["title"], about["description"]
    for name in PARTS:
        for part, about in describe_parts(name).items():
            yield "part", f"{name}.{part}", about["title"], about["description"]


def edition_row(edition: Edition) -> Row:
    """An edition's row of `editions`."""
    about = (edition.title, edition.publisher, edition.origin, edition.rights or UNKNOWN)
    return (edition.id, edition.language, edition.source, edition.sha256, edition.pages, *about)


def practice_rows(practice: Practice, key: str, position: int) -> Rows:
    """The rows of a practice.

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
    for name, value in practice.fields.present.items():
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
    """A field's parts, one row for each item of a list."""
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
