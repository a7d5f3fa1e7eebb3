"""Answers next to questions: what tells these from running text with something next to it, without edges."""

from collections.abc import Sequence
from typing import Final

from pipeline.stages.segment.page_analysis import Piece, Strip
from pipeline.stages.segment.region import SAME_COLUMN, TypeScale
from pipeline.text.lines import LEAST, NEARLY_ALL
from pipeline.text.weights import WEIGHTS as W

LONGEST_QUESTION: Final = 4
"""Most lines of a question with its answer next to it: paragraphs with a note next to them are longer."""


def are_answers(values: Sequence[tuple[Strip, Piece]], scale: TypeScale) -> bool:
    """Return whether values are words next to the first lines of questions, some longer than one line, all set apart.

    Notes next to running text are at longer paragraphs, and amounts next to what they are for.

    Args:
        values: Lines with text on both sides, each with its value.
        scale: The type of the document's text.
    """
    near = W["near_gap"] * scale.leading
    apart = [strip for strip, _ in values if not strip.above or strip.above > near]
    words = [value for _, value in values if not any(map(str.isdecimal, value.text))]
    lengths = [_count_lines(strip, value, near) for strip, value in values]
    enough = len(apart) >= NEARLY_ALL * len(values) and sum(length > 1 for length in lengths) >= LEAST
    return enough and 2 * len(words) > len(values) and max(lengths) <= LONGEST_QUESTION


def _count_lines(strip: Strip, value: Piece, near: float) -> int:
    """Count the lines of a question, whose first one is given, down to white space wider than `near`, points."""
    count, last = 1, strip
    while last.after is not None and last.below <= near:
        last = last.after
        if abs(last.x0 - strip.x0) > SAME_COLUMN or last.x1 >= value.x0:
            break
        count += 1
    return count
