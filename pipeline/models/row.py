"""`Document`, the artefact of the stitch stage: rows and text blocks of an edition in reading order."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Literal, NamedTuple, Self

from pipeline.models.geometry import Box, Closed, Frozen, unite_boxes
from pipeline.models.layout import TableEvidence, TagAgreement, TextLine
from pipeline.models.page import TextSource
from pipeline.models.report import Issue


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph(Closed):
    """A paragraph or list item.

    Attributes:
        text: Its text; a list item's with its marker, `- ` for any bullet.
        item: Whether it is a list item.
        boxes: Its lines' boxes.
        cell: Whether it begins a new cell of the same row, in a cell that holds cells of its own.
    """

    text: str
    item: bool
    boxes: tuple[Box, ...]
    cell: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CellLink(Closed):
    """A link in a cell: the target, the text that carries it, and where that text is in `CellText.text`."""

    url: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CellText(Closed):
    """The whole text of a cell, over all its pages.

    Attributes:
        paragraphs: Paragraphs and list items in order.
        boxes: One box per page that the text touches.
        links: Link annotations and printed URLs in reading order, one per target.
        confidence: Lowest recognition confidence; None for a text layer.
        source: Where any of the text comes from, if not from the page's content.
    """

    paragraphs: tuple[Paragraph, ...]
    boxes: tuple[Box, ...]
    links: tuple[CellLink, ...] = ()
    confidence: float | None = None
    source: TextSource = ""

    @property
    def text(self) -> str:
        """Paragraphs and list items, separated by line feeds; cells inside the cell that are in a row, by tabs."""
        joined = "".join(("\t" if part.cell else "\n") + part.text for part in self.paragraphs)
        return joined[1:]

    @property
    def one_line(self) -> str:
        """The text on one line: what a label is compared by."""
        return " ".join(paragraph.text for paragraph in self.paragraphs)


class ParagraphStyle(Frozen):
    """How an edition's values are set, as its own lines show it.

    Attributes:
        size: Usual font size, points; None where nothing shows it.
        paragraph_gap: Base line distance beyond the leading, as a share of the font size, from which lines of the usual
            size are of different paragraphs; None where the lines show no gap of paragraphs.
        set_apart: True where white space parts the paragraphs: then a line at the usual distance that begins with a
            small letter goes on, however short the one above it is.
        space: Word space of lines that end early and so are not stretched, as a share of the font size; None where no
            line does.
        whole_urls: True where no URL is broken right behind its `http://` or `www.`.
        whole_numbers: True where no line ends between a number and a word that begins small, its unit.
        conjunctions: Words before which a hyphen that ends a word keeps its space, as inside lines.
        tagged: True where the file's tags divide cells into paragraphs as white space does.
    """

    size: float | None = None
    paragraph_gap: float | None = None
    set_apart: bool = False
    space: float | None = None
    whole_urls: bool = True
    whole_numbers: bool = True
    tagged: bool = False
    conjunctions: tuple[str, ...] = ()


class Column(NamedTuple):
    """Where the lines of a column can be (points), and how they are set.

    Attributes:
        left: Left edge of its text, points.
        right: Right edge that its text can reach, points.
        leading: Usual base line distance, points; labels may be set smaller than values.
        justified: True where its full lines are stretched to the right edge.
        setting: How the edition sets its paragraphs.
    """

    left: float
    right: float
    leading: float
    justified: bool = False
    setting: ParagraphStyle = ParagraphStyle()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fragment(Closed):
    """The part of a row that is on one page.

    Attributes:
        label_lines: Lines of the label cell.
        value_lines: Lines of the value cell.
        label_box: The label cell's box (rules or column edges).
        value_box: The value cell's box.
        label_column: How the label column is set.
        value_column: How the value column is set.
        evidence: What shows the table on this page.
        confidence: 0 to 1: how sure the table's finding is.
    """

    label_lines: tuple[TextLine, ...]
    value_lines: tuple[TextLine, ...]
    label_box: Box
    value_box: Box
    label_column: Column
    value_column: Column
    evidence: TableEvidence
    confidence: float


class Row(Frozen):
    """A label cell and its value cell, whole.

    Attributes:
        table: 0-based number of the table in the edition, counted over page breaks.
        label: The label's text.
        value: The value's text.
        fragments: The row's parts, one or more per page, in reading order.
        break_confidence: For each join of two fragments over a page break, how sure geometry is (0 to 1).
    """

    table: int
    label: CellText
    value: CellText
    fragments: tuple[Fragment, ...]
    break_confidence: tuple[float, ...] = ()

    @property
    def pages(self) -> tuple[int, ...]:
        """Pages that the row touches, ascending."""
        return tuple(sorted({box.page for part in self.fragments for box in (part.label_box, part.value_box)}))


class TextBlock(Frozen):
    """Consecutive lines outside the tables, as one block.

    Attributes:
        kind: `text` for anything that may be a heading or running text, else what geometry shows it to be.
        lines: The lines in reading order.
        text: The lines joined, paragraphs separated by line feeds.
        boxes: One box per page.
        size: Font size of most glyphs, points.
        bold: True where most glyphs are bold.
    """

    kind: Literal["text", "furniture", "footnote"]
    lines: tuple[TextLine, ...]
    text: str
    boxes: tuple[Box, ...]
    size: float
    bold: bool


class Residue(Frozen):
    """Text that no row, heading, front matter or furniture holds.

    Attributes:
        reason: Name of the kind of residue.
        text: The text.
        box: Where it is.
        glyphs: Number of its glyphs.
    """

    reason: str
    text: str
    box: Box
    glyphs: int

    @classmethod
    def of(cls, reason: str, lines: Iterable[TextLine]) -> Iterator[Self]:
        """Make residue of lines, one piece for each page; the box is around all of the page's lines."""
        for _, group in groupby(sorted(lines, key=_page_of), key=_page_of):
            own = list(group)
            text, (box,) = " ".join(line.text for line in own), unite_boxes(line.box for line in own)
            yield cls(reason=reason, text=text, box=box, glyphs=sum(len(line.glyphs) for line in own))


def _page_of(line: TextLine) -> int:
    return line.box.page


class GlyphCount(Frozen):
    """How many glyphs the read stage saw on a page (every copy counted)."""

    page: int
    glyphs: int


class Document(Frozen):
    """An edition's rows and text blocks in reading order.

    Attributes:
        content: Rows and blocks as a reader meets them; a row is where it begins.
        furniture: Running headers and footers, page numbers.
        residue: What geometry could not place.
        counts: Glyphs per page, for the account.
        surplus: `(page, glyph id, surplus copies)` of glyphs drawn more than once.
        issues: What geometry found to report (weak evidence, tables left out).
        tags: How far the file's structure tags agree with its pages; None without tags of tables.
    """

    content: tuple[Row | TextBlock, ...]
    furniture: tuple[TextBlock, ...]
    residue: tuple[Residue, ...]
    counts: tuple[GlyphCount, ...]
    surplus: tuple[tuple[int, int, int], ...] = ()
    issues: tuple[Issue, ...] = ()
    tags: TagAgreement | None = None
