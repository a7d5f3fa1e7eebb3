"""What lines of text show: type, what is usual, and at their ends signs, room for the next word, and sentences."""

import re
from functools import lru_cache
from typing import Final

from pipeline.models.layout import TextLine
from pipeline.models.page import Link

LEAST: Final = 3
"""Least number of times that something recurs where nothing else shows that it is meant: twice happens by chance."""
NEARLY_ALL: Final = 0.8
"""Least share of the places at which a habit shows, or of a stretch that an edge runs along: the rest are exceptions,
as first pages, empty cells, or an underline that covers its text only."""
MEASURED_LINES: Final = 8
"""Least number of lines or labels that show a habit by themselves: a column's edges, its leading, how labels begin."""
LEAST_LEADING: Final = 0.95
"""Least base line distance of two lines, as a multiple of the font size: less is a raised mark's."""
SPACE_WIDTH: Final = 0.26
"""Width of a word space, as a share of the font size (Helvetica, Liberation, DejaVu: 0.28 to 0.32; Typst: 0.25)."""
WORD_GAP: Final = 0.12
"""Least gap between two words without a space glyph, as a share of the font size: the narrowest justified spaces that
Typst sets measure 0.17. A hyphen that is drawn is wider, too: those of text fonts measure 0.25 and more."""
LETTER_MIDDLE: Final = 0.25
"""Height of a small letter's middle above the base line, as a share of the font size: the line whose letters a link
annotation holds is its own, not the one whose accents or descenders it touches."""
ONE_LINE: Final = 2.0
"""Greatest height of a link annotation over one line, as a multiple of the font size: two lines of the tightest setting
(1.1) have 2.1."""
SAME_SIZE: Final = 0.06
"""Largest difference, as a share, of font sizes that are one."""
LARGER_TYPE: Final = 1.12
"""Ratio to the body's font size from which a line is set larger: a heading."""
SMALLER_TYPE: Final = 0.93
"""The same below which a line is set smaller: a note."""
INDENT: Final = 0.3
"""Least distance of a line's end from its column's edge, as a share of the font size, that is meant, as an indent is: a
sign that hangs over the edge of justified text is nearer."""
SAME_HEIGHT: Final = 2
"""Largest difference in height, in points, of the same running line on two pages; set by hand."""
SOFT_HYPHEN: Final = "\u00ad"
HYPHENS: Final = "-‐\u2011"
"""Signs that end a line inside a word."""
FULL_STOPS: Final = ".!?…"
"""Signs that end a sentence."""
SENTENCE_END: Final = FULL_STOPS + ":;"
"""These, and signs that introduce what follows."""
CLOSING: Final = "\"'”“’»)]"
"""Quotes and brackets that may be behind a sentence's end."""
SENTENCE_ENDED: Final = re.compile(rf"[{SENTENCE_END}][{re.escape(CLOSING)}]*(?:\*{{1,3}}|[†‡]|\d{{1,2}})?$")
"""A sentence's end, with closing quotes and a note's mark behind it."""


def room_behind(upper: TextLine, lower: TextLine, right: float, width: float | None = None) -> float:
    """Measure the room that a line would have left behind the next one's first word, points; negative where none.

    Args:
        upper: The line.
        lower: The next one.
        right: x that the text can reach, points.
        width: Width of the words in place of the first one, points.
    """
    if width is None:
        word = lower.words[0]
        width = word.x1 - word.x0
    return right - upper.box.x1 - SPACE_WIDTH * upper.size - width * (upper.size / lower.size if lower.size else 1.0)


def would_fit(upper: TextLine, lower: TextLine, right: float) -> bool:
    """Return whether the first word of a line would have fitted behind the line before it.

    Args:
        upper: The line before it.
        lower: The line; one of soft hyphens only has no words.
        right: x that the text can reach, points.
    """
    return not lower.words or room_behind(upper, lower, right) >= 0


def is_level(link: Link, baseline: float, size: float) -> bool:
    """Return whether a link annotation is on a line: over its letters, if it is as high as several lines."""
    middle = baseline - LETTER_MIDDLE * size
    if link.bottom - link.top <= ONE_LINE * size:
        return abs(link.top + link.bottom - 2 * middle) <= size
    return link.top <= middle <= link.bottom


def ends_sentence(text: str, signs: str = SENTENCE_END) -> bool:
    """Return whether a text ends a sentence (with one of some signs), perhaps in quotes or brackets."""
    return text.rstrip(CLOSING).endswith(tuple(signs))


def is_same_size(one: float, other: float) -> bool:
    """Return whether two font sizes are one."""
    return abs(one - other) <= SAME_SIZE * max(one, other)


BOLD_NAMES: Final = ("bold", "black", "heavy", "demi")
"""Parts of font names that say bold (PostScript naming custom)."""


@lru_cache
def is_bold(font: str) -> bool:
    """Return whether a font is bold, by its name.

    Args:
        font: Font name, with or without subset prefix.

    Returns:
        True where the name says so.
    """
    name = font.lower()
    return any(part in name for part in BOLD_NAMES)
