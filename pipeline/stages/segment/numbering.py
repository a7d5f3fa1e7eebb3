"""Numbering columns (`1.`, `1.1.`, `a)`): their numbers are part of the labels they stand before."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.models.page import Page
from pipeline.stages.segment.lines import GlyphLine, split_runs

NUMBERED_SHARE = 0.8
"""Least share of a column's texts that are numbers for it to be a numbering column."""
BULLET_GAP = 2.5
"""Widest gap behind a list item's bullet, as a multiple of the font size: office tabs are 0.5 to 0.75 cm."""
NUMBERING = re.compile(r"^\(?(\d{1,3}(\.\d{1,3})*|[ivxIVX]{1,5}|[A-Za-z])[.)]?$")
"""A cell of a numbering column (`1.`, `1.1.`, `a)`): part of the label."""


def is_number(text: str) -> bool:
    """Return whether a text is a number of a numbering column.

    Args:
        text: The text, without white space around it.

    Returns:
        True where it is.
    """
    return NUMBERING.match(text) is not None


def are_numbers(texts: Sequence[str]) -> bool:
    """Return whether the texts of a column make it a numbering column.

    Args:
        texts: The texts of its cells.

    Returns:
        True where nearly all are numbers; False without any text.
    """
    return bool(texts) and sum(1 for text in texts if is_number(text)) >= NUMBERED_SHARE * len(texts)


def text_before(page: Page, line: GlyphLine, at: float) -> str:
    """Give the text of a line left of a boundary.

    Args:
        page: The page.
        line: A line on it.
        at: x of the boundary, points.

    Returns:
        The text, without white space around it.
    """
    texts, lefts, rights = page.glyphs.texts, page.glyphs.lefts, page.glyphs.rights
    return "".join([texts[index] for index in line.ids if (lefts[index] + rights[index]) / 2 < at]).strip()


def split_column_runs(page: Page, line: GlyphLine) -> list[tuple[float, float]]:
    """Divide a line at wide gaps, but keep a number of a numbering column, and a bullet, with what stands behind it.

    Args:
        page: The page.
        line: A line on it.

    Returns:
        Left and right edge of each run of text, points, left to right.
    """
    runs = split_runs(page, line)
    if len(runs) > 2 and is_number(text_before(page, line, runs[1][0])):
        runs[:2] = [(runs[0][0], runs[1][1])]
    if len(runs) > 2:
        for place in range(len(runs) - 2, -1, -1):
            near = runs[place + 1][0] - runs[place][1] <= BULLET_GAP * line.size
            if near and _is_bullet(page, line, *runs[place]):
                runs[place : place + 2] = [(runs[place][0], runs[place + 1][1])]
    return runs


def _is_bullet(page: Page, line: GlyphLine, x0: float, x1: float) -> bool:
    """Return whether a run of text is one sign that is no letter and no figure."""
    texts, lefts = page.glyphs.texts, page.glyphs.lefts
    text = "".join([texts[index] for index in line.ids if x0 - 0.1 <= lefts[index] < x1]).strip()
    return len(text) == 1 and not text.isalnum()
