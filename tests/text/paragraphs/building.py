"""Makes lines of text by hand, in a type whose every character is 5 points wide, for tests of what joins lines."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.models.geometry import Box
from pipeline.models.layout import LinkSpan, TextLine, Word
from pipeline.models.row import CellText, Column, Fragment, ParagraphStyle
from pipeline.text.cells import compose_cell
from pipeline.text.paragraph_style import measure_setting

CHARACTER = 5.0
"""Width of a character, points; a space is as wide, so that a column of 200 points holds 40 of them."""
SIZE = 10.0
LEADING = 12.0
LEFT = 100.0
COLUMN = 200.0
"""Width of the value column, points."""


def make_line(
    text: str,
    baseline: float,
    *,
    page: int = 1,
    x0: float = LEFT,
    size: float = SIZE,
    bullet: bool = False,
    links: Sequence[LinkSpan] = (),
    glyphs: Sequence[int] = (),
) -> TextLine:
    """Make a line; words are parted at spaces."""
    words: list[Word] = []
    width = CHARACTER * size / SIZE
    at = 0
    for word in text.split(" "):
        words.append(Word(word, x0 + width * at, x0 + width * (at + len(word))))
        at += len(word) + 1
    box = Box(page=page, x0=x0, top=baseline - 0.8 * size, x1=words[-1].x1, bottom=baseline + 0.2 * size)
    return TextLine(
        text=text,
        words=tuple(words),
        box=box,
        baseline=baseline,
        size=size,
        bold=False,
        glyphs=tuple(glyphs),
        links=tuple(links),
        drawn_bullet=bullet,
    )


def make_lines(
    *texts: str, page: int = 1, first: float = 100.0, indents: Sequence[float] = (), gaps: Sequence[float] = ()
) -> list[TextLine]:
    """Make lines at the usual leading; `indents` and `gaps` give what is added to a line's x0 and before it, points."""
    lines: list[TextLine] = []
    baseline = first
    for number, text in enumerate(texts):
        baseline += (LEADING if number else 0.0) + (gaps[number] if number < len(gaps) else 0.0)
        indent = indents[number] if number < len(indents) else 0.0
        lines.append(make_line(text, baseline, page=page, x0=LEFT + indent))
    return lines


def make_fragment(
    lines: Sequence[TextLine],
    *,
    labels: Sequence[TextLine] = (),
    width: float = COLUMN,
    justified: bool = False,
    setting: ParagraphStyle | None = None,
) -> Fragment:
    """Make the part of a row that stands on one page."""
    page = (*lines, *labels)[0].box.page
    left = min((line.box.x0 for line in lines), default=LEFT)
    return Fragment(
        label_lines=tuple(labels),
        value_lines=tuple(lines),
        label_box=Box(page=page, x0=0, top=80, x1=90, bottom=700),
        value_box=Box(page=page, x0=90, top=80, x1=310, bottom=700),
        label_column=Column(min((line.box.x0 for line in labels), default=0.0), 88.0, LEADING),
        value_column=Column(left, LEFT + width, LEADING, justified, setting or ParagraphStyle()),
        evidence="grid",
        confidence=1.0,
    )


def compose(
    *pages: Sequence[TextLine], width: float = COLUMN, justified: bool = False, setting: ParagraphStyle | None = None
) -> CellText:
    """Join the lines of a value cell, given page by page."""
    return compose_cell(
        [make_fragment(lines, width=width, justified=justified, setting=setting) for lines in pages], "value"
    )


def setting_of(*cells: Sequence[TextLine], width: float = COLUMN) -> ParagraphStyle:
    """Measure the setting of an edition of these value cells."""
    return measure_setting([(lines, LEFT + width) for lines in cells], LEADING)


def paragraphs_of(*texts: str, width: float = COLUMN) -> list[str]:
    """Join lines at the usual leading; the paragraphs' texts."""
    return [paragraph.text for paragraph in compose(make_lines(*texts), width=width).paragraphs]
