"""How far a stored fixture and the same one typeset again agree.

By the program that typeset the stored one, both print the same letters at the same places, and the truth is the same.
Another version of the program may kern and break lines otherwise: there both must print the same letters, and the truth
must be the same but for the pages that few rows stand on. The bytes may differ in any case: programs write dates and
random keys into their files.
"""

from __future__ import annotations

from typing import Any, Final

import pymupdf

from tests.factory.rendering import printed_letters
from tests.factory.truth import EditionTruth

READER: Final[Any] = pymupdf
SAME_PLACE_POINTS: Final = 0.5
"""How far a letter may stand from its place by the same program: what rounding moves, not a kerning pair."""
MOST_MOVED_PAGES: Final = 1
"""How many pages earlier or later a row may stand by another version of a program."""
MOST_MOVED_ROWS: Final = 0.1
"""Share of the rows that may stand on other pages by another version."""


def compare(
    stored: tuple[bytes, EditionTruth | None], again: tuple[bytes, EditionTruth | None], *, same_program: bool
) -> list[str]:
    """Say how a stored fixture and the same one typeset again differ beyond the tolerance.

    Args:
        stored: PDF and truth in the store.
        again: PDF and truth now.
        same_program: Whether the same version of the renderer typeset both.

    Returns:
        One line per difference.
    """
    told: list[str] = []
    if stored[1] is not None and again[1] is not None:
        told += compare_truth(stored[1], again[1], same_program=same_program)
    before, after = letters_of(stored[0]), letters_of(again[0])
    if same_program:
        told += compare_places(before, after)
    elif sorted(letter for letter, *_ in before) != sorted(letter for letter, *_ in after):
        told.append(f"{len(before)} letters stored, {len(after)} others typeset again")
    return told


def compare_truth(stored: EditionTruth, again: EditionTruth, *, same_program: bool) -> list[str]:
    """Say how two truths differ beyond the tolerance."""
    if stored == again:
        return []
    if same_program:
        return ["the truth is another one"]
    told = [
        f"row {one.label!r}: the truth is another one"
        for one, other in zip(stored.rows, again.rows, strict=False)
        if one.model_copy(update={"pages": other.pages}) != other
    ]
    if len(stored.rows) != len(again.rows):
        told.append(f"{len(stored.rows)} rows stored, {len(again.rows)} typeset again")
    moved = [
        max(abs(one.pages[0] - other.pages[0]), abs(one.pages[-1] - other.pages[-1]))
        for one, other in zip(stored.rows, again.rows, strict=False)
    ]
    if max(moved) > MOST_MOVED_PAGES or sum(pages > 0 for pages in moved) > MOST_MOVED_ROWS * len(moved):
        told.append(f"{sum(pages > 0 for pages in moved)} of {len(moved)} rows stand on other pages")
    return told


Letter = tuple[str, int, float, float]
"""A letter or digit, its page and the place of its origin, points."""


def letters_of(pdf_bytes: bytes) -> list[Letter]:
    """Give the letters and digits of a PDF in drawing order, with their places as seen."""
    with READER.open(stream=pdf_bytes, filetype="pdf") as document:
        return [
            (letter, page.number + 1, *(READER.Point(char["origin"]) * page.rotation_matrix))
            for page in document
            for block in page.get_text("rawdict")["blocks"]
            for line in block.get("lines", ())
            for span in line["spans"]
            for char in span["chars"]
            for letter in printed_letters(char["c"])
        ]


def compare_places(before: list[Letter], after: list[Letter]) -> list[str]:
    """Say which letter first differs or stands elsewhere."""
    if len(before) != len(after):
        return [f"{len(before)} letters stored, {len(after)} typeset again"]
    for (letter, page, x, y), (other, other_page, other_x, other_y) in zip(before, after, strict=True):
        if (letter, page) != (other, other_page) or max(abs(x - other_x), abs(y - other_y)) > SAME_PLACE_POINTS:
            before_it, now = f"{letter!r} at {x:.1f}, {y:.1f}", f"{other!r} at {other_x:.1f}, {other_y:.1f}"
            return [f"{before_it} of page {page} in the store, {now} of page {other_page} now"]
    return []
