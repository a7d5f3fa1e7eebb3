"""Divides a text that is a list into its items."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from spacy.tokens import Doc

ITEM_SIGNS: Final = frozenset({",", ";", "/", "\n", "\u00b7", "\u0387", "\u2022"})
"""What is between a list's items; the Greek semicolon (two signs look like it) and the bullet among them."""


def split_items(doc: Doc, start: int, end: int, joints: AbstractSet[int] = frozenset()) -> list[list[int]]:
    """Divide a part of a text at the signs between a list's items, and at words for "and".

    Args:
        doc: The text.
        start: The part's first token.
        end: The token behind its last.
        joints: Tokens of words for "and".

    Returns:
        The tokens of each item that has a word, without what is in brackets.
    """
    items: list[list[int]] = [[]]
    depth = 0
    for index in range(start, end):
        text = doc[index].text
        depth = max(0, depth + (text == "(") - (text == ")"))
        if depth == 0 and (text in ITEM_SIGNS or index in joints):
            items.append([])
        elif depth == 0 and text not in "()":
            items[-1].append(index)
    return [item for item in items if count_words(doc, item)]


def count_words(doc: Doc, item: list[int]) -> int:
    """Count the words of an item: signs and figures are none."""
    return sum(doc[index].text[0].isalpha() for index in item)
