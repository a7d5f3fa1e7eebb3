"""`Record`, the artefact of the map and normalise stages: a practice's rows by field."""

from typing import Literal

from pydantic import Field, JsonValue

from pipeline.models.chapter import Chapter
from pipeline.models.geometry import Box, Frozen
from pipeline.models.page import TextSource
from pipeline.models.report import Issue
from pipeline.models.row import CellLink

Match = Literal["exact", "slip", "draft", "inline"]
"""How a label was mapped: as in the lexicon, but for an evident typo, by a draft entry, or inside another row."""


class MappedField(Frozen):
    """One field as the edition prints it.

    Attributes:
        field: Field name of the contract.
        label: The label as printed (for a merged row, the part that names this field).
        text: The value cell's text (for an inline field, its part of it).
        links: Links within `text`; offsets count from the start of `text`.
        label_boxes: Where the label is, one box per page.
        value_boxes: Where the value is, one box per page.
        shared_with: Other fields that the same cell answers, in the contract's order.
        inline: True where the label is inside another row's text.
        match: How the label was mapped.
        score: 0 to 1: similarity of the printed label and the lexicon's.
        confidence: Recognition confidence; None for a text layer.
        source: Where any of the value comes from, if not from the page's content.
    """

    field: str
    label: str
    text: str
    links: tuple[CellLink, ...]
    label_boxes: tuple[Box, ...]
    value_boxes: tuple[Box, ...]
    shared_with: tuple[str, ...] = ()
    inline: bool = False
    match: Match = "exact"
    score: float = 1.0
    confidence: float | None = None
    source: TextSource = ""


class UnmappedRow(Frozen):
    """A row whose label no field answers to: kept whole, with the likely field."""

    label: str
    text: str
    links: tuple[CellLink, ...]
    label_boxes: tuple[Box, ...]
    value_boxes: tuple[Box, ...]
    suggestion: str | None = None
    score: float | None = None
    evidence: tuple[str, ...] = ()


class Record(Frozen):
    """A chapter with its rows mapped to fields.

    Attributes:
        chapter: The chapter (its `rows` as finally joined or divided by the label lexicon).
        fields: By field name, in the contract's order; only the fields that the chapter has.
        unmapped: Rows that no field answers to.
        extra: By the lexicon's English name, rows whose label it names as known but of no field.
        issues: What mapping found to report.
    """

    chapter: Chapter
    fields: dict[str, MappedField]
    unmapped: tuple[UnmappedRow, ...]
    extra: dict[str, MappedField] = Field(default_factory=dict)
    issues: tuple[Issue, ...] = ()


class NormalisedRecord(Frozen):
    """A record with the normalised parts and the availability of every field.

    Attributes:
        record: The record.
        available: By field name: false where the text only says that there is nothing to say.
        parts: By field name, then by part name of the contract: a JSON value or None.
        issues: What normalising found to report.
    """

    record: Record
    available: dict[str, bool]
    parts: dict[str, dict[str, JsonValue]]
    issues: tuple[Issue, ...] = ()
