"""How an edition is printed: `Layout`, with one attribute per axis, freely combined.

Reads and writes nothing. Lengths are PDF points, ratios are fractions of one.
"""

from __future__ import annotations

from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field

PAPER_POINTS: Final = {"a4": (595.28, 841.89), "a5": (419.53, 595.28), "letter": (612.0, 792.0)}
"""Width and height, upright."""
LEAST_ROW_GAP_POINTS: Final = 11.0
"""White between rows where neither rule nor fill parts them; below it no reader could tell a row from a line."""
LEAST_COLUMN_GAP_POINTS: Final = 14.0
"""White between the columns where no vertical rule parts them."""

Rules = Literal["grid", "horizontal", "thick", "hairline", "dashed", "none"]
Fills = Literal["label", "zebra", "table", "none"]
PageNumber = Literal["none", "plain", "lpp", "total", "dashes"]


class Layout(BaseModel):
    """One way to print a content.

    Attributes:
        paper: Paper size.
        landscape: True for paper on its side.
        margin: White around the text area, points.
        rules: Rules of the tables; `hairline` are thin filled rectangles.
        fills: Fills: label column in one colour, every other row, a colour per table (label dark, value light), none.
        label_ratio: Share of the label column in the table's width.
        label_bold: Labels in bold.
        header_row: A row of column titles, repeated on each page.
        padding: Space between a cell's edge and its text, points.
        vertical: Vertical place of a cell's text.
        chapter_start: A chapter begins a page, or goes on in mid-page.
        alignment: Left-aligned or justified values.
        hyphenated: Words are broken at soft hyphens.
        font: Font family.
        font_size: Points.
        ligatures: Whether the font's ligatures are used.
        heading_style: How headings are set.
        header: A running header.
        footer: A running footer.
        page_number: Form of the page number.
        odd_even: Furniture differs on odd and even pages.
        first_page_bare: The first page has no furniture.
        break_rows: Rows may be broken over pages.
        paragraph_gap: White between paragraphs of a value, in ems; at 0 only the last line's room shows the end.
        item_style: List items with their marker in the text's line, hanging, or as the renderer's own lists (Chromium
            draws their bullets as discs that are no text).
        note_mark: Footnote marks: an asterisk or a superscript number.
        link_style: How annotated text looks.
        table_at_foot: The first table begins in the last lines of its page.
        cut_row: Index of a row of the first chapter, over its tables; the chapter moves down so that its page ends with
            this row.
        cut_lines: How many of that row's last lines stand on the next page; 0: the row fits exactly.
        drawing: Order and way of drawing the glyphs.
        concealed: Text that cannot be seen, on each page; white and covered text need a page without fills.
        rotate: `/Rotate` of the pages, whose content is drawn such that it is seen upright.
        sideways: Pages whose text runs upwards, without `/Rotate`.
        crop_offset: Offset of the crop box in a larger media box, points.
        owner_password: Encrypted with an owner password only.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    paper: Literal["a4", "a5", "letter"] = "a4"
    landscape: bool = False
    margin: float = Field(default=56.0, ge=30, le=90)
    rules: Rules = "grid"
    fills: Fills = "none"
    label_ratio: float = Field(default=0.3, ge=0.18, le=0.45)
    label_bold: bool = False
    header_row: bool = False
    padding: float = Field(default=4.0, ge=0, le=12)
    vertical: Literal["top", "middle"] = "top"
    chapter_start: Literal["page", "flow"] = "page"
    alignment: Literal["left", "justified"] = "left"
    hyphenated: bool = False
    font: str = "Liberation Sans"
    font_size: float = Field(default=10.0, ge=7, le=13)
    ligatures: bool = True
    heading_style: Literal["plain", "letter_spaced", "small_caps", "left"] = "plain"
    header: bool = False
    footer: bool = False
    page_number: PageNumber = "none"
    odd_even: bool = False
    first_page_bare: bool = False
    break_rows: bool = True
    paragraph_gap: float = Field(default=0.0, ge=0, le=1)
    item_style: Literal["inline", "hanging", "native"] = "inline"
    note_mark: Literal["asterisk", "superscript"] = "asterisk"
    link_style: Literal["plain", "coloured", "underlined"] = "coloured"
    table_at_foot: bool = False
    cut_row: int | None = None
    cut_lines: int = Field(default=0, ge=0)
    drawing: Literal["plain", "shuffled", "single_glyphs", "doubled"] = "plain"
    concealed: Literal["none", "invisible", "white", "covered"] = "none"
    rotate: Literal[0, 90, 180, 270] = 0
    sideways: bool = False
    crop_offset: float = Field(default=0.0, ge=0, le=200)
    owner_password: bool = False

    @property
    def page_size(self) -> tuple[float, float]:
        """Width and height of the page as read, points."""
        width, height = PAPER_POINTS[self.paper]
        if self.landscape:
            width, height = height, width
        return width, height

    @property
    def rows_parted(self) -> bool:
        """Whether rules or fills part the rows."""
        return self.rules != "none" or self.fills == "zebra"

    @property
    def row_gap(self) -> float:
        """White to add between rows, points, where neither rule nor fill parts them."""
        return 0.0 if self.rows_parted else max(0.0, LEAST_ROW_GAP_POINTS - 2 * self.padding)

    @property
    def column_gap(self) -> float:
        """White to add between the columns, points, where no vertical rule parts them."""
        vertical_rules = self.rules in ("grid", "thick", "hairline", "dashed")
        return 0.0 if vertical_rules else max(0.0, LEAST_COLUMN_GAP_POINTS - 2 * self.padding)

    @property
    def value_column(self) -> tuple[float, float]:
        """Left and right edge that the value's text can reach, points from the page's left."""
        width = self.page_size[0]
        table = width - 2 * self.margin
        left = self.margin + self.label_width + self.column_gap
        return left + self.padding, self.margin + table - self.padding

    @property
    def label_width(self) -> float:
        """Width of the label column with its padding, points."""
        return round((self.page_size[0] - 2 * self.margin - self.column_gap) * self.label_ratio, 2)

    @property
    def label_column(self) -> tuple[float, float]:
        """Left and right edge that the label's text can reach, points from the page's left."""
        return self.margin + self.padding, self.margin + self.label_width - self.padding
