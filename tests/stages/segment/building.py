"""Draws pages by hand: glyphs of a fixed width, rules, fills, links; no PDF."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipeline.models.page import Concealed, Fill, Glyph, Link, Page, Picture, Rule, Source

ADVANCE = 0.5
"""Width of a glyph, as a share of the font size."""
SIZE = 10.0
LEADING = 12.0
PLAIN, BOLD = 0, 1


@dataclass
class Drawing:
    """A page being drawn."""

    number: int = 1
    width: float = 500.0
    height: float = 700.0
    glyphs: list[Glyph] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    fills: list[Fill] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    concealed: list[Concealed] = field(default_factory=list)

    def write(
        self,
        text: str,
        x0: float,
        baseline: float,
        *,
        size: float = SIZE,
        font: int = PLAIN,
        spacing: float = 0.0,
        spaces: bool = True,
        upright: bool = True,
    ) -> list[int]:
        """Write a line.

        Args:
            text: The text.
            x0: Its left edge, points.
            baseline: Its base line, points from the top.
            size: Font size, points.
            font: Index of the font.
            spacing: White space behind each glyph, points.
            spaces: False where spaces are left out as glyphs.
            upright: False where it stands across the reading direction.

        Returns:
            The ids of its glyphs.
        """
        ids: list[int] = []
        at = x0
        for character in text:
            if character != " " or spaces:
                ids.append(len(self.glyphs))
                self.glyphs.append(
                    Glyph(
                        character,
                        round(at, 3),
                        baseline - 0.8 * size,
                        round(at + ADVANCE * size, 3),
                        baseline + 0.2 * size,
                        size,
                        font,
                        baseline,
                        upright=upright,
                    )
                )
            at += ADVANCE * size + spacing
        return ids

    def write_cell(self, x0: float, baseline: float, *texts: str, font: int = PLAIN) -> float:
        """Write lines at the usual leading; gives the base line that the next one would have."""
        for number, text in enumerate(texts):
            self.write(text, x0, baseline + LEADING * number, font=font)
        return baseline + LEADING * len(texts)

    def rule(self, x0: float, top: float, x1: float, bottom: float) -> None:
        self.rules.append(Rule(x0, top, x1, bottom))

    def fill(self, x0: float, top: float, x1: float, bottom: float, grey: float = 0.9) -> None:
        self.fills.append(Fill(x0, top, x1, bottom, (grey, grey, grey)))

    def black_out(self, x0: float, top: float, x1: float, bottom: float) -> None:
        """Paint a black bar over glyphs, which are not seen any more."""
        glyphs = [g for g in self.glyphs if x0 <= (g.x0 + g.x1) / 2 <= x1 and top <= (g.top + g.bottom) / 2 <= bottom]
        self.glyphs = [glyph for glyph in self.glyphs if glyph not in glyphs]
        self.concealed.append(Concealed("covered", x0, top, x1, bottom, len(glyphs)))
        self.fill(x0, top, x1, bottom, grey=0.0)

    def finish(self) -> Page:
        """Give the page."""
        return Page(
            number=self.number,
            width=self.width,
            height=self.height,
            fonts=("Sans", "Sans-Bold"),
            glyphs=tuple(self.glyphs),
            rules=tuple(self.rules),
            fills=tuple(self.fills),
            links=tuple(self.links),
            pictures=tuple(self.pictures),
            concealed=tuple(self.concealed),
        )


def make_source(*drawings: Drawing) -> Source:
    """Make a source of pages."""
    return Source(file="drawn.pdf", sha256="0" * 64, pages=tuple(drawing.finish() for drawing in drawings))


LEFT, BOUNDARY, RIGHT = 50.0, 150.0, 450.0
PADDING = 4.0
ROWS = (
    (("Name",), ("Open workshop",)),
    (("Place and", "country"), ("A town on the northern shore of a long lake that no road", "leads to, in a country")),
    (("Period",), ("Since 2016",)),
    (("People",), ("Volunteers of all ages who like to mend what is broken", "and their neighbours")),
)


def draw_table(
    drawing: Drawing,
    top: float,
    *,
    rows: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = ROWS,
    grid: bool = False,
    lines: bool = False,
    label_fill: bool = False,
    zebra: bool = False,
    padding: float = PADDING,
) -> float:
    """Draw a two-column table.

    Args:
        drawing: The page.
        top: Upper edge, points.
        rows: Lines of label and value of each row.
        grid: Rules in both directions.
        lines: Rules between rows.
        label_fill: Colour behind the labels.
        zebra: Colour behind every other row.
        padding: White space around the text of cells, points.

    Returns:
        The lower edge.
    """
    start = top
    for number, (label, value) in enumerate(rows):
        bottom = top + 2 * padding + LEADING * max(len(label), len(value))
        if zebra and number % 2 == 0:
            drawing.fill(LEFT, top, BOUNDARY, bottom)
            drawing.fill(BOUNDARY, top, RIGHT, bottom)
        if label_fill:
            drawing.fill(LEFT, top, BOUNDARY, bottom)
        if grid or lines:
            drawing.rule(LEFT, top, RIGHT, top)
        drawing.write_cell(LEFT + PADDING, top + padding + 9, *label)
        drawing.write_cell(BOUNDARY + PADDING, top + padding + 9, *value)
        top = bottom
    if grid or lines:
        drawing.rule(LEFT, top, RIGHT, top)
    if grid:
        for x in (LEFT, BOUNDARY, RIGHT):
            drawing.rule(x, start, x, top)
    return top
