"""Builds rows, chapters and documents of small synthetic lines, wrapped as a page would wrap them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.lexicon import Lexicon, load_lexicon
from pipeline.lexicon.wordings import Wordings
from pipeline.models.chapter import Chapter
from pipeline.models.geometry import Box, unite_boxes
from pipeline.models.layout import TextLine, Word
from pipeline.models.row import Column, Document, Fragment, GlyphCount, Row, TextBlock
from pipeline.text.cells import compose_row

LETTER = 5.0
LEADING = 12.0
SIZE = 10.0
LABEL_LEFT, LABEL_RIGHT = 50.0, 220.0
VALUE_LEFT, VALUE_RIGHT = 230.0, 530.0


def lexicon() -> Lexicon:
    """The Latvian lexicon with the known edition's labels only: other translators' wordings are new to it."""
    whole = load_lexicon("lv")
    known = {
        field: tuple(label for label in labels if label.status == "verified") for field, labels in whole.labels.items()
    }
    return whole.model_copy(update={"labels": known, "wordings": Wordings(), "digest": f"{whole.digest} known labels"})


def make_line(
    text: str,
    page: int = 1,
    top: float = 100.0,
    left: float = VALUE_LEFT,
    size: float = SIZE,
    bold: bool = False,
    confidence: float | None = None,
    links: tuple[tuple[int, int, str], ...] = (),
) -> TextLine:
    words: list[Word] = []
    x = left
    for word in text.split():
        words.append(Word(word, x, x + LETTER * len(word)))
        x += LETTER * (len(word) + 0.5)
    return TextLine(
        text=text,
        words=tuple(words),
        box=Box(page=page, x0=left, top=top, x1=words[-1].x1, bottom=top + size),
        baseline=top + 0.8 * size,
        size=size,
        bold=bold,
        glyphs=tuple(range(len(text))),
        links=links,
        confidence=confidence,
    )


def wrap(text: str, left: float, right: float) -> list[str]:
    """Break each paragraph into lines as wide as the column allows."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split():
            longer = f"{line} {word}".strip()
            width = LETTER * (sum(len(part) for part in longer.split()) + 0.5 * (len(longer.split()) - 1))
            if line and width > right - left:
                lines.append(line)
                line = word
            else:
                line = longer
        lines.append(line)
    return [line for line in lines if line]


@dataclass
class Cellful:
    """The part of a row on one page: label and value text."""

    label: str
    value: str
    page: int = 1
    room: float = 0.0
    """Empty height below the text, points."""


def make_fragment(cell: Cellful, top: float, confidence: float | None = None) -> Fragment:
    def lines(text: str, left: float, right: float) -> tuple[TextLine, ...]:
        return tuple(
            make_line(line, cell.page, top + LEADING * number, left, confidence=confidence)
            for number, line in enumerate(wrap(text, left, right))
        )

    label, value = lines(cell.label, LABEL_LEFT, LABEL_RIGHT), lines(cell.value, VALUE_LEFT, VALUE_RIGHT)
    bottom = top + LEADING * max(len(label), len(value), 1) + cell.room
    return Fragment(
        label_lines=label,
        value_lines=value,
        label_box=Box(page=cell.page, x0=LABEL_LEFT, top=top, x1=LABEL_RIGHT, bottom=bottom),
        value_box=Box(page=cell.page, x0=VALUE_LEFT, top=top, x1=VALUE_RIGHT, bottom=bottom),
        label_column=Column(LABEL_LEFT, LABEL_RIGHT, LEADING),
        value_column=Column(VALUE_LEFT, VALUE_RIGHT, LEADING),
        evidence="grid",
        confidence=1.0,
    )


def make_row(
    *cells: Cellful, table: int = 0, top: float = 100.0, sure: float = 0.5, confidence: float | None = None
) -> Row:
    fragments = tuple(
        make_fragment(cell, top if number == 0 else 40.0, confidence) for number, cell in enumerate(cells)
    )
    return compose_row(table, fragments, (sure,) * (len(cells) - 1))


def rows_of(*pairs: tuple[str, str], table: int = 0, page: int = 1, confidence: float | None = None) -> list[Row]:
    """Rows on one page, one under the other."""
    rows: list[Row] = []
    top = 100.0
    for label, value in pairs:
        row = make_row(Cellful(label, value, page), table=table, top=top, confidence=confidence)
        rows.append(row)
        top = row.fragments[0].label_box.bottom
    return rows


def make_chapter(rows: Sequence[Row], identifier: str = "lv-1") -> Chapter:
    block = make_block(["Latvija: Prakse"])
    return Chapter(
        id=identifier,
        heading="Latvija: Prakse",
        heading_block=block,
        countries=("LV",),
        title="Prakse",
        rows=tuple(rows),
    )


def make_block(
    lines: Sequence[str],
    page: int = 1,
    top: float = 40.0,
    size: float = 14.0,
    bold: bool = True,
    kind: str = "text",
    gap: float = 2.0,
) -> TextBlock:
    made = [make_line(text, page, top + (size + gap) * number, 100.0, size, bold) for number, text in enumerate(lines)]
    return TextBlock.model_validate(
        {
            "kind": kind,
            "lines": tuple(made),
            "text": " ".join(lines),
            "boxes": unite_boxes(line.box for line in made),
            "size": size,
            "bold": bold,
        }
    )


def make_document(*content: Row | TextBlock) -> Document:
    return Document(content=content, furniture=(), residue=(), counts=(GlyphCount(page=1, glyphs=0),))
