"""What a reader must find in a typeset edition: `EditionTruth`, stored as `<name>.json` beside `<name>.pdf`."""

from __future__ import annotations

import json
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict


class Told(BaseModel):
    """Base of the truth: immutable and closed to unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class LinkTruth(Told):
    """A link of a value: its target and the text that carries it."""

    url: str
    text: str


class RowTruth(Told):
    """A row.

    Attributes:
        label: The label on one line.
        value: The value in the contract's text form (paragraphs and items separated by line feeds).
        pages: 1-based pages that the row touches, ascending.
        links: Links in reading order, one per target.
        label_paragraphs: The label's paragraphs (several for a merged row).
    """

    label: str
    value: str
    pages: tuple[int, ...]
    links: tuple[LinkTruth, ...] = ()
    label_paragraphs: tuple[str, ...] = ()


class TableTruth(Told):
    """A table: its rows, the titles of its header row (no row of the data), and the notes below it."""

    rows: tuple[RowTruth, ...]
    header: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class ChapterTruth(Told):
    """A chapter: heading and tables."""

    heading: str
    tables: tuple[TableTruth, ...]


class PageText(Told):
    """A text that stands on a page outside all rows."""

    page: int
    text: str


class EditionTruth(Told):
    """All that was typeset.

    Attributes:
        chapters: The chapters in order.
        furniture: Running headers, footers and page numbers, page by page.
        concealed: Texts that are drawn but can't be seen.
        front_matter: Paragraphs before the first heading, the title first.
        pages: Number of pages.
        language: BCP 47 tag of the text.
    """

    chapters: tuple[ChapterTruth, ...]
    furniture: tuple[PageText, ...] = ()
    concealed: tuple[PageText, ...] = ()
    front_matter: tuple[str, ...] = ()
    pages: int
    language: str

    @property
    def rows(self) -> tuple[RowTruth, ...]:
        """All rows in reading order."""
        return tuple(row for chapter in self.chapters for table in chapter.tables for row in table.rows)

    def to_json(self) -> str:
        """Give the truth as JSON, UTF-8, stable."""
        return json.dumps(self.model_dump(mode="json"), ensure_ascii=False, indent=1) + "\n"


@dataclass(frozen=True)
class TypesetEdition:
    """A PDF and what it prints."""

    pdf_bytes: bytes
    truth: EditionTruth
