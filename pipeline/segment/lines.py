"""Glyphs → lines: which glyphs stand on one base line, and where words end.

Geometry only. A space between words is a space glyph or a gap that is wide for this line; letter-spaced text and text
without space glyphs are measured by their own gaps.
"""

from __future__ import annotations

import statistics
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

from pipeline.fonts import is_bold
from pipeline.models.geometry import Box
from pipeline.models.layout import LinkSpan, TextLine, Word
from pipeline.models.page import Fill, Glyph, Link, Page, Picture

SAME_LINE = 0.45
"""Largest distance of base lines on one line, as a share of the larger font size: raised figures stay, the next line
of the tightest setting (1.0) does not."""
RAISED = 0.62
"""The same for a glyph clearly smaller than the line's: raised figures of footnotes stand up to half a size higher, and
those of the next line at least 0.5 below this one even in the tightest setting (1.1)."""
SMALLER = 0.82
"""Ratio of font sizes from which a glyph is clearly smaller than its line's."""
WORD_GAP = 0.3
"""Least gap between words, as a share of the font size, in a line that also has space glyphs."""
WORD_GAP_UNSPACED = 0.12
"""The same in a line without any space glyph: the narrowest justified spaces that Typst sets measure 0.17."""
NO_GAP = 0.05
"""Gap, as a share of the font size, up to which a space glyph parts nothing: Chromium draws a soft hyphen inside a line
as a space under the next letter."""
LETTER_SPACED = 0.09
"""Median gap between neighbouring glyphs, as a share of the font size, from which text counts as letter-spaced."""
SOFT_HYPHEN = "\u00ad"
DRAWN_HYPHEN = 0.15
"""Least width of a hyphen that is drawn, as a share of the font size: those of text fonts measure 0.25 and more."""
BULLET_SIZE = (0.15, 0.75)
"""Least and greatest width and height of a bullet that is drawn as a shape, as shares of the font size."""
BULLET_REACH = 2.0
"""Farthest that such a bullet stands before its line, as a share of the font size."""
ONE_LINE = 1.8
"""Greatest height of a link annotation over one line, as a multiple of the font size."""
LETTER_REACH = 0.5
"""Farthest that the middle of such an annotation is from its letters' middle, as a share of the font size."""
LETTER_MIDDLE = 0.25
"""Height of a small letter's middle above the base line, as a share of the font size: the line whose letters a link
annotation holds is its own, not the one whose accents or descenders it touches."""


COLUMN_GAP = 0.9
"""Least gap between runs of text in different columns, as a share of the font size."""


class GlyphLine:
    """Glyphs on one base line, left to right.

    Attributes:
        ids: Glyph ids, left to right, white space included.
        baseline: Base line of the largest glyphs, points from the page's top.
        x0: Left edge of the first visible glyph, points.
        x1: Right edge of the last visible glyph, points.
        top: Upper edge, points.
        bottom: Lower edge, points.
        size: Largest font size, points.
    """

    __slots__ = ("baseline", "bottom", "ids", "size", "top", "x0", "x1")

    def __init__(self, glyphs: Sequence[Glyph], ids: Iterable[int]) -> None:
        """Take the page's glyphs and the ids of the line's, in any order: its ink, not its spaces."""
        self.ids = _order(glyphs, ids)
        # Column by column: a line is made for each of 100,000 glyphs several times over.
        _, x0, top, x1, bottom, sizes, _, baselines, *_ = zip(*[glyphs[index] for index in self.ids], strict=True)
        self.size: float = max(sizes)
        self.baseline: float = baselines[0]
        if min(baselines) != max(baselines):
            large = 0.9 * self.size
            self.baseline = statistics.median(
                [baseline for baseline, size in zip(baselines, sizes, strict=True) if size >= large]
            )
        self.x0: float = x0[0]
        self.x1: float = max(x1)
        self.top: float = min(top)
        self.bottom: float = max(bottom)

    @property
    def middle(self) -> float:
        """Half height of the line, points from the page's top."""
        return (self.top + self.bottom) / 2


def _order(glyphs: Sequence[Glyph], ids: Iterable[int]) -> list[int]:
    """Put glyph ids from left to right."""
    return [index for _, index in sorted([(glyphs[index].x0, index) for index in ids])]


def group_lines(page: Page, ids: Iterable[int]) -> list[GlyphLine]:
    """Group glyphs by base line.

    Args:
        page: The page.
        ids: Ids of the glyphs to group, in any order; white space that stands on no line of ink is left out.

    Returns:
        Lines from top to bottom.
    """
    glyphs = page.glyphs.rows
    inked: list[tuple[float, float, int, float, int]] = []
    blank: list[int] = []
    for index in ids:
        glyph = glyphs[index]
        text = glyph[0]
        if not text or text.isspace():
            blank.append(index)
        else:
            # Of glyphs at one place the one that is given first comes first.
            inked.append((glyph[7], glyph[1], len(inked), glyph[5], index))
    inked.sort()
    groups: list[list[int]] = []
    group: list[int] = []
    reference, largest = 0.0, 0.0
    for baseline, _, _, size, index in inked:
        smaller, larger = (size, largest) if size < largest else (largest, size)
        reach = RAISED if smaller < SMALLER * larger else SAME_LINE
        if group and baseline - reference <= reach * larger:
            group.append(index)
            if size > largest:
                reference, largest = baseline, size
        else:
            group = [index]
            groups.append(group)
            reference, largest = baseline, size
    lines = [GlyphLine(glyphs, group) for group in groups]
    if blank and lines:
        positions = [line.baseline for line in lines]
        nearest_line: dict[float, int] = {}  # the spaces of a line stand at one height
        spaces: dict[int, list[int]] = {}
        for index in blank:
            glyph = glyphs[index]
            height = glyph.baseline
            nearest = nearest_line.get(height)
            if nearest is None:
                distances = [abs(position - height) for position in positions]
                nearest = nearest_line[height] = distances.index(min(distances))
            if abs(positions[nearest] - height) <= SAME_LINE * max(lines[nearest].size, glyph.size):
                spaces.setdefault(nearest, []).append(index)
        for number, added in spaces.items():
            # Where a line stands is told by its ink; spaces only take their places in it.
            lines[number].ids = _order(glyphs, (*lines[number].ids, *added))
    return sorted(lines, key=lambda line: (line.baseline, line.x0))


def split_runs(page: Page, line: GlyphLine) -> list[tuple[float, float]]:
    """Divide a line at gaps as wide as those between columns.

    Args:
        page: The page.
        line: A line on it.

    Returns:
        Left and right edge of each run of text, points, left to right.
    """
    glyphs = page.glyphs.rows
    runs: list[tuple[float, float]] = []
    for index in line.ids:
        glyph = glyphs[index]
        if not glyph.text.strip():
            continue
        if runs and glyph.x0 - runs[-1][1] <= COLUMN_GAP * line.size:
            runs[-1] = (runs[-1][0], max(runs[-1][1], glyph.x1))
        else:
            runs.append((glyph.x0, glyph.x1))
    return runs


def split_words(glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
    """Split a line's glyphs into words.

    Args:
        glyphs: Glyphs of one line, left to right, white space included.

    Returns:
        The words, each with its glyphs; no white space.
    """
    inked: list[Glyph] = []
    gaps: list[float] = []
    spaces: list[bool] = []
    """Of each glyph but the first: the gap before it, as a share of the font size, and whether a space stands there."""
    after_space = False
    end = 0.0
    for glyph in glyphs:
        text = glyph[0]
        if not text or text.isspace():
            after_space = True
            continue
        if inked:
            gap = glyph[1] - end
            gaps.append(gap / glyph[5] if glyph[5] > 1.0 else gap)
            spaces.append(after_space)
        inked.append(glyph)
        after_space = False
        end = glyph[3]
    if not inked:
        return []
    spaced = any(after and gap > NO_GAP for gap, after in zip(gaps, spaces, strict=True))
    limit = WORD_GAP if spaced else WORD_GAP_UNSPACED
    inner = [gap for gap, after in zip(gaps, spaces, strict=True) if not after]
    # In a short line the gaps between its few words are as many as those between its letters.
    if len(inner) >= 4 and sorted(inner)[len(inner) // 4] > LETTER_SPACED:
        limit = statistics.median(inner) + (0.5 if spaced else 0.2)
    words = [[inked[0]]]
    for gap, after, glyph in zip(gaps, spaces, inked[1:], strict=True):
        if gap > limit or (after and gap > NO_GAP):
            words.append([glyph])
        else:
            words[-1].append(glyph)
    return words


def make_text_line(page: Page, line: GlyphLine) -> TextLine:
    """Make a text line of a group of glyphs.

    Args:
        page: The page.
        line: The glyphs on one base line.

    Returns:
        The line with its words, place, font and links.
    """
    rows = page.glyphs.rows
    glyphs = [rows[index] for index in line.ids]
    split = split_words(glyphs)
    spelled = [
        (text, word)
        for number, word in enumerate(split)
        for text in [_spell(word, at_end=number == len(split) - 1)]
        if text.strip(SOFT_HYPHEN)
    ]
    words = tuple(
        Word(
            sys.intern(_settle_soft_hyphens(text, number == len(spelled) - 1)),  # a document repeats its words
            word[0].x0,
            max([glyph.x1 for glyph in word]),
        )
        for number, (text, word) in enumerate(spelled)
    )
    _, _, _, _, _, sizes, fonts, _, _, _, _, confidences = zip(
        *([glyph for word in split for glyph in word] or glyphs), strict=True
    )
    counts = Counter(sizes)
    bold = sum(count for font, count in Counter(fonts).items() if is_bold(page.fonts[font]))
    known = [confidence for confidence in confidences if confidence is not None]
    return TextLine(
        text=" ".join(word.text for word in words),
        words=words,
        box=Box(page=page.number, x0=line.x0, top=line.top, x1=line.x1, bottom=line.bottom),
        baseline=line.baseline,
        size=max(counts, key=lambda size: (counts[size], size)),
        bold=2 * bold > len(sizes),
        glyphs=tuple(line.ids),
        links=_links_over(page.links, words, [word for _, word in spelled], line),
        confidence=min(known) if known else None,
        drawn_bullet=_has_drawn_bullet(page, line),
    )


def _spell(word: Sequence[Glyph], *, at_end: bool) -> str:
    """Give a word's text.

    A typesetter names each glyph once, so that a file may call every hyphen a soft one: one that is drawn inside a
    line is a printed hyphen. One that ends a line is left for the edition as a whole to tell.
    """
    text = "".join(glyph.text for glyph in word)
    if SOFT_HYPHEN in text:
        letters = [glyph.text for glyph in word]
        for place, glyph in enumerate(word):
            following = word[place + 1] if place + 1 < len(word) else None
            drawn = glyph.x1 - glyph.x0 > DRAWN_HYPHEN * glyph.size and (
                following is None or following.x0 >= glyph.x1 - NO_GAP * glyph.size
            )
            if glyph.text == SOFT_HYPHEN and drawn and (following is not None or len(word) == 1 or not at_end):
                letters[place] = "-"
        text = "".join(letters)
    return unicodedata.normalize("NFC", text)


def _settle_soft_hyphens(text: str, at_end: bool) -> str:
    """Keep a soft hyphen only where the line breaks at it (drawn as a hyphen or not); elsewhere it says nothing."""
    if SOFT_HYPHEN not in text:
        return text
    broken = at_end and text.rstrip("-‐").endswith(SOFT_HYPHEN)
    bare = text.rstrip("-‐" + SOFT_HYPHEN) if broken else text
    return bare.replace(SOFT_HYPHEN, "") + (SOFT_HYPHEN if broken else "")


def _has_drawn_bullet(page: Page, line: GlyphLine) -> bool:
    """Tell whether a small shape stands before a line at its middle height: a list item's bullet that is no glyph."""
    shapes: list[Picture | Fill] = [*page.pictures, *page.fills]
    for shape in shapes:
        if (
            shape.x1 <= line.x0 + 0.1
            and line.x0 - shape.x1 <= BULLET_REACH * line.size
            and line.top <= (shape.top + shape.bottom) / 2 <= line.bottom
        ):
            width, height = shape.x1 - shape.x0, shape.bottom - shape.top
            least, most = BULLET_SIZE[0] * line.size, BULLET_SIZE[1] * line.size
            if least <= width <= most and least <= height <= most:
                return True
    return False


def _links_over(
    links: Sequence[Link], words: Sequence[Word], glyphs: Sequence[Sequence[Glyph]], line: GlyphLine
) -> tuple[LinkSpan, ...]:
    """Find the link annotations over a line; `glyphs` are those of each word."""
    found: list[LinkSpan] = []
    for link in links:
        letters = line.baseline - LETTER_MIDDLE * line.size
        if link.bottom - link.top <= ONE_LINE * line.size:
            if abs((link.top + link.bottom) / 2 - letters) > LETTER_REACH * line.size:
                continue
        elif not link.top <= letters <= link.bottom:
            continue
        covered = [
            (number, place)
            for number, word in enumerate(words)
            if word.x0 <= link.x1 and link.x0 <= word.x1
            for place, glyph in enumerate(glyphs[number])
            if link.x0 <= (glyph.x0 + glyph.x1) / 2 <= link.x1
        ]
        if covered:
            (first, start), (last, end) = covered[0], covered[-1]
            before = sum(len(glyph.text) for glyph in glyphs[first][:start])
            upto = sum(len(glyph.text) for glyph in glyphs[last][: end + 1])
            found.append(LinkSpan(first, last, link.url, before, min(upto, len(words[last].text))))
    return tuple(sorted(found))
