"""What an edition prints: headings, tables of rows, front matter.

Reads `texts/<name>.json`; writes nothing. The texts are data in the shape of `EditionContent`, with a value's
paragraphs written in a small notation that `parse_paragraph` reads.
"""

from __future__ import annotations

import json
import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict

TEXTS: Final = Path(__file__).parent / "texts"
MARKER: Final = re.compile(r"(?P<marker>[-•–]|\d{1,2}\.|\(\d{1,2}\)) (?P<rest>.+)", re.DOTALL)
LINK: Final = re.compile(r"\[(?P<text>[^\]]+)\]\((?P<target>[^)]+)\)|<(?P<printed>https?://[^>]+)>")
BULLETS: Final = frozenset("-•–")


class Printed(BaseModel):
    """Base of all content: immutable and closed to unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Run(Printed):
    """A piece of a paragraph.

    Attributes:
        text: The text as printed.
        url: Target of the link annotation over the text; None without annotation.
        printed_url: True where the text itself is a URL.
    """

    text: str
    url: str | None = None
    printed_url: bool = False


class ValueParagraph(Printed):
    """A paragraph or list item of a value.

    Attributes:
        runs: Its text, piece by piece.
        marker: Bullet or number as printed; empty for a plain paragraph.
    """

    runs: tuple[Run, ...]
    marker: str = ""

    @property
    def body(self) -> str:
        """The paragraph's text without its marker, white space single."""
        return tidy("".join(run.text for run in self.runs))

    @property
    def text(self) -> str:
        """The paragraph in the contract's form: any bullet is `- `, a number stays as printed."""
        if not self.marker:
            return self.body
        return f"{'-' if self.marker in BULLETS else self.marker} {self.body}"


class ContentRow(Printed):
    """A row of a table.

    Attributes:
        label: The label's paragraphs (more than one for a merged row).
        value: The value's paragraphs and list items; empty for an empty cell.
        picture: True where a picture stands in the value cell, below its text.
        note: Text of a footnote to the first paragraph; None without footnote.
    """

    label: tuple[str, ...]
    value: tuple[ValueParagraph, ...] = ()
    picture: bool = False
    note: str | None = None


class ContentTable(Printed):
    """A two-column table."""

    rows: tuple[ContentRow, ...]


class ContentChapter(Printed):
    """A heading and its tables."""

    heading: str
    tables: tuple[ContentTable, ...]


class EditionContent(Printed):
    """All that an edition prints, but for its furniture.

    Attributes:
        language: BCP 47 tag.
        filler: A word that can be put into any sentence of that language; see `rendering.nudge`.
        column_titles: Texts of a header row.
        running_title: Text of the running header.
        imprint: Text of the running footer.
        front_title: Title of the front matter; empty where there is none.
        front_paragraphs: Paragraphs of the front matter.
        chapters: The chapters in order.
    """

    language: str
    filler: str
    column_titles: tuple[str, str]
    running_title: str
    imprint: str
    front_title: str = ""
    front_paragraphs: tuple[str, ...] = ()
    chapters: tuple[ContentChapter, ...]


def tidy(text: str) -> str:
    """Give text in the contract's form: NFC, no soft hyphens, single spaces.

    Args:
        text: Any text.

    Returns:
        The text on one line.
    """
    return " ".join(unicodedata.normalize("NFC", text.replace("\u00ad", "")).split())


def parse_paragraph(text: str) -> ValueParagraph:
    """Read a paragraph in the notation of the text files.

    `[text](target)` is annotated text, `<https://…>` a printed URL, `[https://…](target)` a printed URL with an
    annotation; a paragraph that begins with `- `, `• `, `– `, `1. ` or `(1) ` is a list item.

    Args:
        text: The paragraph.

    Returns:
        The paragraph with its runs.
    """
    found = MARKER.fullmatch(text)
    marker, rest = (found["marker"], found["rest"]) if found else ("", text)
    runs: list[Run] = []
    last = 0
    for link in LINK.finditer(rest):
        if link.start() > last:
            runs.append(Run(text=rest[last : link.start()]))
        if link["printed"]:
            runs.append(Run(text=link["printed"], printed_url=True))
        else:
            runs.append(
                Run(text=link["text"], url=link["target"], printed_url=link["text"].startswith(("http://", "https://")))
            )
        last = link.end()
    if last < len(rest):
        runs.append(Run(text=rest[last:]))
    return ValueParagraph(runs=tuple(runs), marker=marker)


@cache
def load_content(name: str) -> EditionContent:
    """Load a ready content.

    Args:
        name: Name of a file in `texts/` without its ending.

    Returns:
        The content.

    Raises:
        FileNotFoundError: There is no such text.
        pydantic.ValidationError: The file is not in the shape of `EditionContent`.
    """
    return read_content(TEXTS / f"{name}.json")


def read_content(path: Path) -> EditionContent:
    """Read a content from a file.

    Args:
        path: A file in the shape of those in `texts/`.

    Returns:
        The content.

    Raises:
        FileNotFoundError: There is no such file.
        pydantic.ValidationError: The file is not in the shape of `EditionContent`.
    """
    raw = json.loads(path.read_text(encoding="utf-8"))
    for chapter in raw["chapters"]:
        for table in chapter["tables"]:
            for row in table["rows"]:
                row["value"] = [parse_paragraph(paragraph) for paragraph in row.get("value", ())]
    return EditionContent.model_validate(raw)
