"""Separates specks and remains of rules from letters by their ink.

The engine makes words of dust, of stains and of the ends of lines. What is small and stands alone is painted over
before it looks; of its words, those count whose ink is of a letter's size.
"""

from __future__ import annotations

import statistics
from bisect import bisect
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from pipeline.stages.read.recognise.drawing import POINTS_PER_INCH
from pipeline.stages.read.recognise.hocr import SeenLine, SeenWord

if TYPE_CHECKING:
    from pipeline.stages.read.recognise.drawing import Pixels

INK_CONTRAST: Final = 50
"""Least difference (of 255) of ink, averaged over 3 × 3 pixels, from the paper around it: print has 150 and more, noise
of a standard deviation of 20 has 40."""
SPECK_POINTS: Final = 2.6
"""Greatest height and width of a speck: small letters of 6 pt type are 2.8 pt high; a stop has 1, a bullet 3."""
ALONE_POINTS: Final = (10.0, 4.0)
"""Distance, across and down, to the nearest letter at which a speck stands alone: a stop behind a closing quotation
mark is 5 pt from the last letter, a list's mark up to 9 from the first; an accent is within 2 pt of its own."""
PAPER_POINTS: Final = 10.0
"""Width of what counts as a stroke on the paper, not as paper."""
WORD_HEIGHT_SHARE: Final = 0.4
"""Least height of the ink of a word with letters, as a share of the page's usual height of words: small letters have
0.6, specks and rests of lines less."""
LONE_LETTERS: Final = 3
"""Most letters of a word that stands alone on its line and is doubted for that."""
LONE_CONFIDENCE: Final = 0.5
"""Least confidence (0 to 1) of such a word: stains that were read as letters have less."""
LEAST_CONFIDENCE: Final = 0.1
"""Least confidence of a short word, or one that stands alone: the engine gives 0 to what it saw in noise, and so little
to a long word that a speck is in."""
SURE_CONFIDENCE: Final = 0.9
"""Confidence from which on a word's ink is also sought close to its box: the engine's box of a digit may be half its
width off."""
BOX_SLACK: Final = 0.25
"""How close, as a share of the usual height of words."""

HYPHEN_SHAPE: Final = 2.0
"""Least width of a hyphen or dash as a multiple of its height: the shortest in use have 2.5. One that is no wider than
`DOT_SHARE` is a flat speck."""
MIDDLE_DOT: Final = "\u00b7"
"""The one sign that is a dot at such a height; lines in which the engine reads it are left as they are."""
MIDDLE_SHARES: Final = (0.1, 0.45)
"""How high above the base line, as shares of the type's size, a speck begins at least and ends at most: stops begin at
0.05 at most, small letters end at 0.47."""
SIGN_GAP: Final = 0.25
"""Least gap between a word and a sign that is none of its own, as a share of the word's height: quotation marks,
brackets and stops are within 0.1, the colon of a bold heading within 0.2."""
DOT_SHARE: Final = 0.2
"""Greatest height and width, as a share of the type's size, of a single blot that is no sign between words or behind
them: a hyphen has 0.25, an asterisk 0.3, specks up to 0.17."""
BULLET: Final = "\u2022"
BULLET_SHARES: Final = (0.18, 0.45)
"""Least and greatest width and height of a list's disc or square, as shares of the size of its type: usual ones have
0.26, specks up to 0.17."""
BULLET_FILL: Final = 0.75
"""Least share of its box that it fills: a disc has 0.79, an asterisk 0.67, letters less."""
DASHES: Final = "-–—"
DASH_SHARES: Final = (0.34, 0.65)
"""Width from which on a dash is the next one of these, as a share of the size of its type: hyphens have 0.22 to 0.26,
en dashes 0.42 to 0.5, em dashes 0.8 and more."""
STOPS: Final = frozenset(".,'`´‘’„“”\"")
"""Signs that are printed at a word, and never are by themselves: there a speck was read as one."""


def remove_specks(pixels: Pixels, dpi: float) -> Pixels:
    """Paint over specks that are away from all letters.

    Args:
        pixels: A page without its lines, height × width, grey.
        dpi: Resolution, pixels per inch.
    """
    import cv2
    import numpy as np

    point = dpi / POINTS_PER_INCH
    ink, paper = _find_ink(pixels, point)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    large = np.zeros(count, dtype=np.uint8)
    # Averaging has made everything wider and higher by a pixel on each side.
    large[1:] = np.maximum(stats[1:, 2], stats[1:, 3]) - 2 > SPECK_POINTS * point
    across, down = (round(alone * point) * 2 + 1 for alone in ALONE_POINTS)
    near = cv2.dilate(large[labels], cv2.getStructuringElement(cv2.MORPH_RECT, (across, down)))
    alone = cv2.dilate(np.where(near > 0, np.uint8(0), ink), cv2.getStructuringElement(cv2.MORPH_RECT, (5, 5))) > 0
    cleaned = pixels.copy()
    cleaned[alone] = paper[alone]
    return cleaned


def clean_lines(lines: Iterable[SeenLine], pixels: Pixels, dpi: float) -> Pixels:
    """Paint over specks within lines of text: a dot between base line and small letters' height is no sign of any.

    Stops are on the base line, accents and quotation marks above small letters; colons are two dots.

    Args:
        lines: What the engine read.
        pixels: The page that it read, height × width, grey.
        dpi: Resolution, pixels per inch.

    Returns:
        The page without these specks.
    """
    import cv2
    import numpy as np

    point = dpi / POINTS_PER_INCH
    ink, paper = _find_ink(pixels, point)
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    boxes = stats[1:, :4].astype(np.int64)
    # Averaging has made everything wider and higher by a pixel on each side.
    lefts, tops, widths, heights = np.add(boxes, (0, 1, -2, -2)).T
    rights, bottoms = lefts + widths + 2, tops + heights
    small = np.maximum(widths, heights) <= SPECK_POINTS * point
    cleaned = pixels.copy()
    for line in lines:
        if any(MIDDLE_DOT in word.text for word in line.words):
            continue
        x0, x1 = line.words[0].x0 - line.size / 2, line.words[-1].x1 + line.size / 2
        low, high = (line.baseline - share * line.size for share in MIDDLE_SHARES)
        within = (lefts >= x0) & (rights <= x1) & (bottoms > line.baseline - line.size) & (tops < line.baseline)
        no_hyphen = (widths < HYPHEN_SHAPE * heights) | (widths <= DOT_SHARE * line.size)
        for place in np.flatnonzero(within & small & no_hyphen & (bottoms <= low) & (tops >= high)):
            column = within & (lefts < rights[place]) & (rights > lefts[place])
            if column.sum() == 1:
                rows, columns = slice(tops[place] - 3, bottoms[place] + 3), slice(lefts[place] - 2, rights[place] + 2)
                cleaned[rows, columns] = paper[rows, columns]
    return cleaned


def drop_specks(lines: Iterable[SeenLine], pixels: Pixels, dpi: float) -> tuple[SeenLine, ...]:
    """Leave out words that are no text.

    Args:
        lines: What the engine read.
        pixels: The page that it read, height × width, grey.
        dpi: Resolution, pixels per inch.

    Returns:
        The lines with the words whose ink is of a letter's size and whose confidence is not that of a stain, without
        signs that are away from their words.
    """
    import cv2

    lines = tuple(lines)
    words = [word for line in lines for word in line.words if _has_letters(word)]
    if not words:
        return ()
    usual = statistics.median(word.y1 - word.y0 for word in words)
    ink, _ = _find_ink(pixels, dpi / POINTS_PER_INCH)

    def is_text(word: SeenWord, line: SeenLine) -> bool:
        lone, short = len(line.words) == 1, len(word.text) <= LONE_LETTERS
        if word.text in STOPS or ((lone or short) and word.confidence < LEAST_CONFIDENCE):
            return False
        if lone and short and word.confidence < LONE_CONFIDENCE:
            return False
        slack = BOX_SLACK * usual if word.confidence >= SURE_CONFIDENCE else 0
        part = ink[int(word.y0) : int(word.y1) + 1, max(0, int(word.x0 - slack)) : int(word.x1 + slack) + 1]
        count, _, stats, _ = cv2.connectedComponentsWithStats(part, connectivity=8)
        tallest = int(stats[1:, 3].max()) if count > 1 else 0
        if _has_letters(word):
            return tallest > WORD_HEIGHT_SHARE * usual + 2
        small = count == 2 and int(stats[1, 2:4].max()) - 2 <= DOT_SHARE * line.size
        # In front of a line it may be a list's mark.
        return tallest > 0 and not (small and word is not line.words[0] and word.text != MIDDLE_DOT)

    kept = (
        line.model_copy(update={"words": tuple(_trim(word, ink) for word in line.words if is_text(word, line))})
        for line in (_set_marks(line, ink) for line in lines)
    )
    return tuple(line for line in kept if line.words)


def _set_marks(line: SeenLine, ink: Pixels) -> SeenLine:
    """Read dashes by their length, and a disc in front of a line as a list's mark, whatever the engine reads in it."""
    words = [_set_dash(word, line, ink) for word in line.words]
    if len(words) > 1 and len(words[0].text) == 1 and not _has_letters(words[0]) and _is_disc(words[0], line, ink):
        words[0] = words[0].model_copy(update={"text": BULLET, "confidence": SURE_CONFIDENCE})
    return line.model_copy(update={"words": tuple(words)})


def _set_dash(word: SeenWord, line: SeenLine, ink: Pixels) -> SeenWord:
    if word.text not in DASHES:
        return word
    count, wide, _, _ = _measure(word, ink)
    place = bisect(DASH_SHARES, wide / line.size)
    return word.model_copy(update={"text": DASHES[place]}) if count == 1 else word


def _is_disc(word: SeenWord, line: SeenLine, ink: Pixels) -> bool:
    count, wide, high, area = _measure(word, ink)
    least, most = (share * line.size for share in BULLET_SHARES)
    if count != 1 or not least <= min(wide, high) <= max(wide, high) <= most or abs(wide - high) > 0.2 * (most + 2):
        return False
    return area >= BULLET_FILL * (wide + 2) * (high + 2)


def _measure(word: SeenWord, ink: Pixels) -> tuple[int, int, int, int]:
    """Return the number of blots in a word's box, and the last one's width, height and area."""
    import cv2

    part = ink[int(word.y0) : int(word.y1) + 1, int(word.x0) : int(word.x1) + 1]
    count, _, stats, _ = cv2.connectedComponentsWithStats(part, connectivity=8)
    wide, high, area = (int(value) for value in stats[-1, 2:])
    # Averaging has made everything wider and higher by a pixel on each side.
    return count - 1, wide - 2, high - 2, area


def _trim(word: SeenWord, ink: Pixels) -> SeenWord:
    """Leave out a sign at a word's start or end that is too far from it: a speck was read as one."""
    import numpy as np

    left, gap = int(word.x0), SIGN_GAP * (word.y1 - word.y0)
    inked = np.flatnonzero(ink[int(word.y0) : int(word.y1) + 1, left : int(word.x1) + 1].any(axis=0))
    ends = np.flatnonzero(np.diff(inked) > 1)
    if not len(ends) or len(word.text) < 2:
        return word
    first, last = ends[0], ends[-1]
    if not word.text[0].isalnum() and inked[first + 1] - inked[first] > gap:
        return word.model_copy(update={"text": word.text[1:], "x0": float(left + inked[first + 1])})
    if not word.text[-1].isalnum() and inked[last + 1] - inked[last] > gap:
        return word.model_copy(update={"text": word.text[:-1], "x1": float(left + inked[last])})
    return word


def _find_ink(pixels: Pixels, point: float) -> tuple[Pixels, Pixels]:
    """Return where a page has ink (1) or none (0), and its ground without strokes."""
    import cv2
    import numpy as np

    calm = cv2.blur(pixels, (3, 3))
    reach = round(PAPER_POINTS * point) // 2 * 2 + 1
    paper = cv2.morphologyEx(calm, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_RECT, (reach, reach)))
    ink = (cv2.subtract(paper, calm) >= INK_CONTRAST).astype(np.uint8)
    return ink, np.asarray(paper, dtype=np.uint8)


def _has_letters(word: SeenWord) -> bool:
    return any(character.isalnum() for character in word.text)
