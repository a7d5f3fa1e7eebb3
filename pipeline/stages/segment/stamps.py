"""Stamps and watermarks: letters over or behind the text that are no part of it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from pipeline.models.page import Glyph, Page
from pipeline.stages.segment.edges import Edges
from pipeline.stages.segment.lines import DROP_CAP, LETTERS

ASLANT: Final = 0.05
"""Least slope of a base line that is set aslant (3 degrees), as where pages are read (`read/turning.py`)."""
REACH: Final = 2.0
"""Farthest step from the middle of a letter aslant to the next one's, as a share of the height of the box around it."""


def find_stamps(page: Page, edges: Edges, upright: Sequence[int]) -> set[int]:
    """Find stamps and watermarks.

    They are what the file calls so, and words in much larger type than the text's that run over a vertical edge; if
    they are set aslant, also those that run over the text.

    Args:
        page: The page.
        edges: Its edges that can be seen.
        upright: Ids of the glyphs that are set upright.

    Returns:
        Ids of their glyphs.
    """
    glyphs = page.glyphs
    named = {number for number, setting in enumerate(glyphs.settings) if setting.source == "stamp"}
    found = {index for index, setting in enumerate(glyphs.setting_ids) if setting in named} if named else set[int]()
    sizes: Counter[float] = Counter()
    for number, count in Counter(glyphs.setting_ids).items():
        sizes[glyphs.settings[number].size] += count
    usual = max(sizes, key=lambda size: (sizes[size], -size), default=0.0)
    large = {number for number, setting in enumerate(glyphs.settings) if setting.size >= DROP_CAP * usual}
    if not large:
        return found
    for ids in _find_aslant(page, {number for number in large if not glyphs.settings[number].upright}):
        word = [glyphs[index] for index in ids]
        x0, x1 = min(glyph.x0 for glyph in word), max(glyph.x1 for glyph in word)
        top, bottom = min(glyph.top for glyph in word), max(glyph.bottom for glyph in word)
        over = any(x0 < edge.at < x1 and edge.start < bottom and top < edge.end for edge in edges.vertical)
        if over or any(_has_text(page, upright, glyph) for glyph in word):
            found.update(ids)
    for number, ids in glyphs.group_by_setting([n for n in upright if glyphs.setting_ids[n] in large]).items():
        if len(ids) <= LETTERS:
            continue
        x0, x1 = min(glyphs.lefts[index] for index in ids), max(glyphs.rights[index] for index in ids)
        middle = (glyphs.settings[number].top + glyphs.settings[number].bottom) / 2
        if any(x0 < edge.at < x1 and edge.start < middle < edge.end for edge in edges.vertical):
            found.update(ids)
    return found


def _find_aslant(page: Page, settings: set[int]) -> Iterator[list[int]]:
    """Find words whose letters, drawn one after the other, go both across and down or up."""
    glyphs = page.glyphs
    ids = [index for index, number in enumerate(glyphs.setting_ids) if number in settings and glyphs.ink[index]]
    places = [((glyph.x0 + glyph.x1) / 2, (glyph.top + glyph.bottom) / 2) for glyph in map(glyphs.__getitem__, ids)]
    word = ids[:1]
    for ((ax, ay), (bx, by)), index in zip(pairwise(places), ids[1:], strict=True):
        least, most = sorted((abs(bx - ax), abs(by - ay)))
        if not ASLANT * most < least or most > REACH * glyphs[index].size:
            if len(word) > LETTERS:
                yield word
            word = []
        word.append(index)
    if len(word) > LETTERS:
        yield word


def _has_text(page: Page, upright: Sequence[int], letter: Glyph) -> bool:
    """Return whether the middle of an upright glyph is in the box around a letter."""
    glyphs = page.glyphs
    level = {
        number
        for number, setting in enumerate(glyphs.settings)
        if letter.top < (setting.top + setting.bottom) / 2 < letter.bottom and setting.upright
    }
    return any(
        glyphs.setting_ids[index] in level and letter.x0 < (glyphs.lefts[index] + glyphs.rights[index]) / 2 < letter.x1
        for index in upright
    )
