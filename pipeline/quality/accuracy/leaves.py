"""The leaves: the smallest things that are compared, each with its metric; reads `Golden` and `Practice`.

| metric | a leaf counts as | used for |
|---|---|---|
| `exact` | right or wrong | dates, single codes, yes and no, pages |
| `text` | right or wrong, after NFC, any white space but the line feed as one space | texts |
| `set` | F1 of the codes, whatever their order | codes without an order |
| `list` | F1 of the items in the longest common order, each exact | links, lists in the text's order |
| `texts` | the same, each item as `text` | names, link texts |
"""

from collections.abc import Iterable, Mapping
from typing import Final, Literal, NamedTuple

from pydantic import JsonValue

from pipeline.models.practice import FIELDS, PARTS, FieldValue, Practice
from pipeline.quality.accuracy.golden import EXTRA, Golden, GoldenField

Metric = Literal["exact", "text", "set", "list", "texts"]

WHOLE: Final = "practice"
"""The name in place of a field in leaves that concern the practice as a whole."""


class Leaf(NamedTuple):
    """A leaf: a field (or `practice`) and a part of it."""

    field: str
    part: str

    @property
    def path(self) -> str:
        """The leaf in one word."""
        return f"{self.field}.{self.part}"


WHOLE_METRICS: Final[dict[str, Metric]] = {"heading": "text", "countries": "list", "title": "text", "pages": "exact"}

COMMON_METRICS: Final[dict[str, Metric]] = {
    "label": "text",
    "text": "text",
    "available": "exact",
    "shared_with": "set",
    "inline": "exact",
    "links": "list",
    "link_texts": "texts",
    "label_pages": "exact",
    "value_pages": "exact",
}
"""What every field has. Targets and texts of its links are leaves of their own."""

PART_METRICS: Final[dict[str, Metric]] = {
    "places": "texts",
    "groups": "set",
    "channels": "set",
    "languages": "list",
    "cost": "text",
    "eligibility": "text",
    "amounts": "list",
    "shares": "list",
    "modes": "set",
}
"""Those of the contract's normalised parts that are lists or texts; all others are exact."""


def metric_of(leaf: Leaf) -> Metric:
    """A leaf's metric."""
    return (WHOLE_METRICS | COMMON_METRICS | PART_METRICS).get(leaf.part, "exact")


LEAVES: Final[tuple[Leaf, ...]] = (
    *(Leaf(WHOLE, part) for part in WHOLE_METRICS),
    *(Leaf(field, part) for field in FIELDS for part in (*COMMON_METRICS, *PARTS.get(field, ()))),
)
"""All leaves of a practice's fields, in the contract's order."""


def list_leaves(fields: Iterable[str]) -> tuple[Leaf, ...]:
    """All leaves of a practice: those of the contract, then those of its rows of no field.

    Args:
        fields: Names of its fields and rows; those of the contract may be missing.
    """
    extra = dict.fromkeys(name for name in fields if name.startswith(EXTRA))
    return (*LEAVES, *(Leaf(name, part) for name in extra for part in COMMON_METRICS))


Values = dict[Leaf, JsonValue]
"""Values by leaf, plain JSON; None where there is none."""


def golden_values(golden: Golden) -> Values:
    """The values of a golden's leaves."""
    return _list_values(golden, golden.fields)


def practice_values(practice: Practice | None) -> Values:
    """The values of a practice's leaves; all None where there is no practice."""
    if practice is None:
        return dict.fromkeys(LEAVES)
    return _list_values(practice, list_fields(practice))


def list_fields(practice: Practice) -> dict[str, GoldenField | None]:
    """A practice's fields and rows of no field in the goldens' shape, by their names in goldens."""
    return {name: as_golden_field(practice, name) for name in (*FIELDS, *(f"{EXTRA}{row}" for row in practice.extra))}


def find_value(practice: Practice, name: str) -> FieldValue | None:
    """A practice's field, or row of no field, by its name in goldens; None where it has none."""
    if name.startswith(EXTRA):
        return practice.extra.get(name.removeprefix(EXTRA))
    value: FieldValue | None = getattr(practice.fields, name)
    return value


def _list_values(whole: Golden | Practice, fields: Mapping[str, GoldenField | None]) -> Values:
    plain = whole.model_dump(mode="json", include=set(WHOLE_METRICS))
    by_field = {WHOLE: plain, **{name: golden_field_values(name, field) for name, field in fields.items()}}
    return {leaf: by_field[leaf.field][leaf.part] for leaf in list_leaves(fields)}


def golden_field_values(name: str, field: GoldenField | None) -> dict[str, JsonValue]:
    """The values of one field's leaves, by part."""
    if field is None:
        return dict.fromkeys((*COMMON_METRICS, *PARTS.get(name, ())))
    links = {"links": [link.url for link in field.links], "link_texts": [link.text for link in field.links]}
    return {**field.model_dump(mode="json"), **links}


def as_golden_field(practice: Practice, name: str) -> GoldenField | None:
    """A practice's field in the goldens' shape.

    Args:
        practice: The practice.
        name: The field, or `extra.` and a row's name.

    Returns:
        The field with pages in place of boxes; None where the practice has none.
    """
    value = find_value(practice, name)
    if value is None:
        return None
    plain = value.model_dump(mode="json")
    plain |= {f"{cell}_pages": sorted({box["page"] for box in plain[f"{cell}_boxes"]}) for cell in ("label", "value")}
    return GoldenField.model_validate({key: plain[key] for key in (*GoldenField.model_fields, *PARTS.get(name, ()))})
