"""Numbering columns (`1.`, `1.1.`, `a)`): their numbers are part of the labels they are before."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.text.habits import NEARLY_ALL

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
    return bool(texts) and sum(1 for text in texts if is_number(text)) >= NEARLY_ALL * len(texts)
