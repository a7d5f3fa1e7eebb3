"""`PageLayout`, the artefact of the segment stage: cells and free lines of one page."""

from __future__ import annotations

from typing import Literal, NamedTuple

from pipeline.models.geometry import Box, Frozen

TableEvidence = Literal["grid", "rules", "fills", "gutter"]
"""What shows the table: rules in both directions, rules in one, fills, or white space alone."""


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


class TextLine(Frozen):
    """One line of text inside one cell or one free block.

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
    """

    text: str
    words: tuple[Word, ...]
    box: Box
    baseline: float
    size: float
    bold: bool
    glyphs: tuple[int, ...]
    links: tuple[LinkSpan, ...] = ()
    confidence: float | None = None
    drawn_bullet: bool = False


class Cell(Frozen):
    """A cell, or the part of it that stands on one page: its box (rules or column edges) and its lines."""

    box: Box
    lines: tuple[TextLine, ...]


class RowCells(Frozen):
    """A label cell and the value cell beside it, as they stand on one page."""

    label: Cell
    value: Cell


class Table(Frozen):
    """A two-column table, or the part of it that stands on one page.

    Attributes:
        box: Extent of the table on the page.
        boundary: x of the boundary between label and value column, points.
        evidence: What shows the table.
        confidence: 0 to 1: how sure the finding is.
        colour: Fill of the label column in RGB, a hint for telling tables apart; None without fill.
        closed_top: False where rules part the rows but none closes the table's top here; None without such rules, and
            below a header row that was taken out, whose edge tells nothing.
        closed_bottom: The same of the table's bottom: False says that the last row goes on.
        rows: The rows from top to bottom.
    """

    box: Box
    boundary: float
    evidence: TableEvidence
    confidence: float
    colour: tuple[float, float, float] | None
    closed_top: bool | None = None
    closed_bottom: bool | None = None
    rows: tuple[RowCells, ...]


class LeftOut(Frozen):
    """Lines that are no two-column table: where they stand and why they are left out."""

    reason: Literal["other_table", "concealed", "rotated", "picture_text"]
    lines: tuple[TextLine, ...]
    columns: int | None = None


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
