"""`PageLayout`, the artefact of the segment stage: cells and free lines of one page."""

from dataclasses import dataclass
from typing import Annotated, Literal, NamedTuple

from pydantic import Field

from pipeline.models.geometry import Box, Closed, Frozen
from pipeline.models.page import TextSource

TableEvidence = Literal["grid", "rules", "fills", "gutter"]
"""What shows the table, the strongest first: rules in both directions, rules in one, fills, or white space alone."""


class Word(NamedTuple):
    """A run of glyphs without white space: its text and its horizontal extent (points)."""

    text: str
    x0: float
    x1: float


class LinkSpan(NamedTuple):
    """A link annotation over part of a line.

    Attributes:
        first: Number of the first word it covers.
        last: Number of the last word it covers.
        url: The target.
        start: Characters of the first word before it.
        end: Characters of the last word up to its end.
    """

    first: int
    last: int
    url: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TextLine(Closed):
    """One line of text inside one cell or one free block.

    A dataclass, as its box is: all lines of an edition are held until the account of its glyphs is made.

    Attributes:
        text: The line's text, words separated by single spaces.
        words: The words with their places, left to right.
        box: The line's box.
        baseline: Distance of the base line from the page's top, points.
        size: Font size of most glyphs, points.
        bold: True where most glyphs are drawn in a bold font.
        glyphs: Ids of the glyphs (indices into `Page.glyphs`), white space included.
        links: Link annotations over this line, left to right.
        confidence: Lowest recognition confidence of the line's glyphs; None for a text layer.
        drawn_bullet: True where a small shape before the line marks a list item.
        source: Where any of its glyphs come from, if not from the page's content.
        opens: What the line begins in a cell that holds cells of its own: a new `cell` of the same row, or a `row`.
        tag_row: Number of the row element that the file's tags put it in, where they agree with the pages; 0 in none.
        tag_block: The same of the innermost paragraph, list item or cell at its end.
    """

    text: str
    words: tuple[Word, ...]
    box: Box
    baseline: float
    size: float
    bold: bool
    glyphs: tuple[Annotated[int, Field(ge=0)], ...]
    links: tuple[LinkSpan, ...] = ()
    confidence: float | None = None
    drawn_bullet: bool = False
    source: TextSource = ""
    opens: Literal["", "cell", "row"] = ""
    tag_row: int = 0
    tag_block: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell(Closed):
    """A cell, or the part of it that is on one page: its box (rules or column edges) and its lines."""

    box: Box
    lines: tuple[TextLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RowCells(Closed):
    """A label cell and its value cell on one page."""

    label: Cell
    value: Cell


class Table(Frozen):
    """A two-column table, or the part of it that is on one page.

    Attributes:
        box: Extent of the table on the page.
        boundary: x of the boundary between label and value column, points.
        evidence: What shows the table.
        confidence: 0 to 1: how sure the finding is.
        colour: Fill of the label column in RGB, a hint for telling tables apart; None without fill.
        closed_top: False where rules part the rows but none closes the table's top here; None without such rules, and
            below a header row that was taken out, whose edge shows nothing.
        closed_bottom: The same of the table's bottom: False says that the last row goes on.
        rest: True where the first row is known to be the rest of one that the page before ended with.
        leadings: Usual base line distances of labels and of values in tables of its kind, points.
        rows: The rows from top to bottom, at least one.
    """

    box: Box
    boundary: float
    evidence: TableEvidence
    confidence: float
    colour: tuple[float, float, float] | None
    closed_top: bool | None = None
    closed_bottom: bool | None = None
    rest: bool = False
    leadings: tuple[float, float]
    rows: tuple[RowCells, ...]


class LeftOut(Frozen):
    """Lines that are no two-column table: where they are and why they are left out."""

    reason: Literal[
        "other_table",
        "concealed",
        "rotated",
        "picture_text",
        "line_numbers",
        "margin_note",
        "ornament",
        "remark",
        "stamp",
    ]
    lines: tuple[TextLine, ...]
    columns: int | None = None


class NearTie(Frozen):
    """Neighbouring lines that the table model could nearly as well have read otherwise.

    Attributes:
        box: Where they are.
        text: How the first of them begins.
        columns: x at which the values of the columns begin that they were read in, points; None outside all tables.
        second: The same of the state that came next.
        margin: By how much it was less likely for the first line, log-odds.
        evidence: Of what that is the sum: log-odds by the names of evidence.
    """

    box: Box
    text: str
    columns: float | None
    second: float | None
    margin: float
    evidence: tuple[tuple[str, float], ...]


class TagAgreement(Frozen):
    """How far a file's structure tags agree with the geometry of a page, or of a document.

    Attributes:
        lines: Number of lines with text of a tagged table's row.
        agreeing: Number of those whose tags agree with where the line is.
        believed: Whether enough of the document's lines agree for its tags to be evidence.
    """

    lines: int
    agreeing: int
    believed: bool


class PageLayout(Frozen):
    """What the geometry of one page shows.

    Attributes:
        number: 1-based page number.
        width: Page width in points.
        height: Page height in points.
        glyph_count: Number of glyphs that read saw on the page (every copy counted).
        glyph_copies: Id and surplus copies of glyphs drawn more than once.
        tables: Two-column tables from top to bottom.
        free_lines: Lines outside tables (headings, running text, notes), top to bottom.
        margin_lines: Furniture candidates: lines at the page's upper or lower edge that recur on other pages.
        left_out: Tables of other shapes and concealed text.
        near_ties: Lines that could nearly as well have been read otherwise.
        tags: How far the structure tags of its tables agree with the page; None without such.
    """

    number: int
    width: float
    height: float
    glyph_count: int
    glyph_copies: tuple[tuple[int, int], ...] = ()
    tables: tuple[Table, ...]
    free_lines: tuple[TextLine, ...]
    margin_lines: tuple[TextLine, ...] = ()
    left_out: tuple[LeftOut, ...]
    near_ties: tuple[NearTie, ...] = ()
    tags: TagAgreement | None = None
