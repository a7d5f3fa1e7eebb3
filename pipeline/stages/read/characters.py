"""The text of glyphs: what a font's map gives for them → the characters that a reader sees."""

import itertools
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final

from pipeline.models.page import Glyph
from pipeline.stages.read.drawn import NO_INK, UNMAPPED, Ink
from pipeline.stages.read.symbol_fonts import BULLETS, find_table

SOFT_HYPHEN: Final = "\u00ad"
LIGATURES: Final = ("\ufb00", "\ufb06")
"""First and last of Unicode's Latin ligatures: the only characters read as their compatibility form."""
WITHOUT_WIDTH: Final = re.compile(
    r"[\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2060-\u2064\u206a-\u206f\u3164"
    r"\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
"""Characters that nobody sees, but for the soft hyphen and those that turn the text (Unicode's
`Default_Ignorable_Code_Point`, and anchors of annotations): marks, joiners, fillers, variation selectors, tags."""
INVISIBLE: Final = re.compile(rf"(?:\s|[\u00ad\u2800]|{WITHOUT_WIDTH.pattern})+")
"""A text of which nothing is seen: white space too, and the Braille pattern without dots."""
HYPHEN_HEIGHT: Final = 0.25
"""Largest height of what a hyphen draws, in ems: those of usual fonts are 0.07 to 0.12, a comma's 0.25."""
MARK_FLOOR: Final = 0.25
"""Least height above the base line, in ems, of a mark that is set over letters: half of that of a small letter."""
SPACE_WIDTH: Final = 0.05
"""Least width of a space, in ems: a hair space is a sixteenth or more."""
MARKS_ABOVE: Final = 230
"""Unicode's combining class of the marks over letters (Unicode Standard, 4.3: `Above`)."""
SIMPLE_SCRIPTS: Final = re.compile("[\u0000-\u058f\u1e00-\u1fff]+")
"""Texts of scripts whose letters do not change their forms by joiners: Latin, Greek, Cyrillic, Armenian."""
PLACEHOLDER: Final = "(cid:"
"""What pdfminer gives, with a number, for a glyph without a Unicode value."""
SPACING_ACCENTS: Final = dict(
    zip(
        "`\u00b4^\u02c6~\u02dc\u00af\u02c9\u02d8\u02d9\u00a8\u02da\u02dd\u02c7\u00b8\u02db",
        "\u0300\u0301\u0302\u0302\u0303\u0303\u0304\u0304\u0306\u0307\u0308\u030a\u030b\u030c\u0327\u0328",
        strict=True,
    )
)
"""Accents that stand for themselves, and the marks that compose with a letter."""
TURNING: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Controls that turn the direction of the text behind them (Unicode Standard Annex 9, 2.1 to 2.4): no text in it."""
DOTLESS: Final = {"\u0131": "i", "\u0237": "j"}
"""Letters that are set under an accent for those with a dot."""
BOXES: Final = frozenset("\u25a1\u25a2\u25fb\u2610\u274f\u2750\u2751\u2752")
"""Boxes that are ticked by a character set over them."""
TICKS: Final = dict(zip("\u2713\u2714\u2715\u2716\u2717\u2718", "\u2611\u2611\u2612\u2612\u2612\u2612", strict=True))
"""Characters that tick boxes, and the ticked box."""
NEIGHBOURS: Final = (1, -1, 2, -2)
"""Where, in the order of drawing, the letter of an accent is looked for first; a blank may be between."""
PLACE: Final = 8.0
"""Side of the squares, in points, by which it is found elsewhere: about that of type. Only time depends on it."""
LARGEST_LETTER: Final = 80.0
"""Width of a letter, in points, beyond which it is not: that of an `M` in type of 96 pt."""
RAISED_SIZE: Final = 0.8
"""Largest size of a raised digit (a footnote's mark, a power), as a share of that of the digit before it."""
RAISED: Final = (0.2, 0.9)
"""How far its lower edge is above that of the digit, as shares of the same size; on one base line it is 0.1 at most."""
SUPERSCRIPTS: Final = str.maketrans("0123456789", "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079")
ACCENT_RAISE: Final = 0.6
"""Largest distance of the base lines of an accent and its letter, as a share of the size: of a capital, TeX raises the
accent by the difference of the letters' heights, 0.25."""


@lru_cache(maxsize=65_536)
def read_text(text: str, font: str) -> str:
    """Return the characters of a glyph.

    Args:
        text: What pdfminer gives for it.
        font: The font's name.

    Returns:
        Its characters; U+FFFD where they are not known; nothing for a character without a glyph.
    """
    if text.startswith(PLACEHOLDER) and len(text) > len(PLACEHOLDER):
        return UNMAPPED
    if len(text) == 1:
        if LIGATURES[0] <= text <= LIGATURES[1]:
            return unicodedata.normalize("NFKC", text)
    elif SOFT_HYPHEN in text:
        # A typesetter names a glyph once, by a place where a soft hyphen went with it: elsewhere there is none.
        text = text.replace(SOFT_HYPHEN, "")
    plain = WITHOUT_WIDTH.sub("", text)
    if SIMPLE_SCRIPTS.fullmatch(plain) or not plain:  # in others they are a part of the character
        text = plain
    text = TURNING.sub("", text) or UNMAPPED * bool(text)
    table = find_table(font)[1]
    if table:
        text = "".join(table.get(character, character) for character in text)
    return "".join(character if _says_something(character) else UNMAPPED for character in text)


def settle_text(said: str, named: str, ink: Ink | None, width: float) -> str:
    """Settle what a glyph stands for where its map and its outline contradict each other.

    Args:
        said: What pdfminer gives for it.
        named: The character that a simple font's encoding names; nothing without one.
        ink: What it draws; None where that is not known.
        width: Its width, ems.

    Returns:
        Its text: white space for a glyph that draws nothing and has a width, what the encoding names or U+FFFD for
        one that draws something which its map calls invisible, else what the map says.
    """
    unseen = INVISIBLE.fullmatch(said) is not None
    if ink == NO_INK:
        unknown = said.startswith(PLACEHOLDER) or not any(
            character != UNMAPPED and _says_something(character) for character in said
        )
        return " " * (width >= SPACE_WIDTH) if (unseen or unknown) and not said.isspace() else said
    if not unseen:
        above = len(said) == 1 and unicodedata.combining(said) == MARKS_ABOVE and width >= SPACE_WIDTH
        return named or UNMAPPED if above and ink is not None and ink.low < MARK_FLOOR else said
    hyphen = SOFT_HYPHEN in said and not (ink is not None and ink.high - ink.low > HYPHEN_HEIGHT)
    if hyphen or (ink is None and INVISIBLE.fullmatch(named or " ")):
        return said
    return UNMAPPED if INVISIBLE.fullmatch(named or " ") else named


def _says_something(character: str) -> bool:
    """Return whether a character stands for a letter or a mark: not a control, private or unassigned code."""
    category = unicodedata.category(character)
    if category in ("Cs", "Co", "Cn"):
        return character in BULLETS
    return category != "Cc" or character in "\t\n\v\f\r\x85"


def compose(glyphs: Sequence[Glyph], alike: Callable[[int, int], bool]) -> tuple[dict[int, str], set[int]]:
    """Find letters with an accent of its own over or under them, as TeX's older fonts set them, and boxes with a tick.

    Args:
        glyphs: A page's glyphs in the order in which they are drawn.
        alike: Tells of two glyphs' indices whether they run in the same direction and can both be seen.

    Returns:
        The composed text of letters, by index; and the indices of the accents that went into them.
    """
    composed: dict[int, str] = {}
    accents: set[int] = set()
    texts = {glyph.text for glyph in glyphs}
    if SPACING_ACCENTS.keys().isdisjoint(texts) and (TICKS.keys().isdisjoint(texts) or BOXES.isdisjoint(texts)):
        return composed, accents
    letters: dict[tuple[int, int], list[int]] = defaultdict(list)
    for index, glyph in enumerate(glyphs):
        if glyph.text.isalpha() or glyph.text in BOXES:
            for column in range(int(glyph.x0 // PLACE), int(min(glyph.x1, glyph.x0 + LARGEST_LETTER) // PLACE) + 1):
                letters[column, int(glyph.baseline // PLACE)].append(index)
    for index, accent in enumerate(glyphs):
        if accent.text not in SPACING_ACCENTS and accent.text not in TICKS:
            continue
        near = [index + step for step in NEIGHBOURS if 0 <= index + step < len(glyphs)]
        reach, column = ACCENT_RAISE * accent.size, int((accent.x0 + accent.x1) / 2 // PLACE)
        lines = range(int((accent.baseline - reach) // PLACE), int((accent.baseline + reach) // PLACE) + 1)
        for place in itertools.chain(near, *(letters.get((column, line), ()) for line in lines)):
            letter = glyphs[place]
            together = _join(accent.text, letter.text)
            if together and place not in composed and alike(index, place) and _over(accent, letter):
                composed[place] = together
                accents.add(index)
                break
    return composed, accents


def raise_digits(glyphs: list[Glyph], start: int) -> None:
    """Make digits superscripts that are set small and high right behind another one: they are no part of its number.

    Args:
        glyphs: A page's glyphs so far.
        start: The first one of a string that is not the page's first.
    """
    last, first = glyphs[start - 1 : start + 1]
    if not (last.text.isdigit() and first.text.isdigit()) or first.size > RAISED_SIZE * last.size:
        return
    low, high = (share * last.size for share in RAISED)
    if low <= last.bottom - first.bottom <= high and abs(first.x0 - last.x1) <= low:
        for index, glyph in enumerate(glyphs[start:], start):
            if not glyph.text.isdigit():
                break
            glyphs[index] = glyph._replace(text=glyph.text.translate(SUPERSCRIPTS))


@lru_cache(maxsize=4096)
def get_base(text: str) -> str:
    """Return a letter without its accents; any other text as it is."""
    return unicodedata.normalize("NFD", text)[0] if len(text) == 1 and text.isalpha() else text


def _join(accent: str, letter: str) -> str:
    """Return what a letter and an accent over it are, or a box and a tick; nothing where they are not one."""
    if accent in TICKS:
        return TICKS[accent] if letter in BOXES else ""
    together = unicodedata.normalize("NFC", DOTLESS.get(letter, letter) + SPACING_ACCENTS[accent])
    return together if len(together) == 1 and letter.isalpha() else ""


def _over(accent: Glyph, letter: Glyph) -> bool:
    """Return whether an accent is at a letter's place."""
    middle = (accent.x0 + accent.x1) / 2
    return (
        letter.x0 <= middle <= letter.x1
        and abs(accent.baseline - letter.baseline) <= ACCENT_RAISE * letter.size
        and min(accent.x1, letter.x1) - max(accent.x0, letter.x0)
        >= min(accent.x1 - accent.x0, letter.x1 - letter.x0) / 2
    )
