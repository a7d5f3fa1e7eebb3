"""Links and the text that carries them."""

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final, TypeAlias

from pipeline.models.page import Link, Page
from pipeline.text.lines import WORD_GAP, is_level

FARTHEST: Final = 6.0
"""Farthest, in font sizes, that a link without text is from the word that it is given: an icon behind a line's end."""

_Lines: TypeAlias = Mapping[tuple[float, float], Sequence[tuple[float, float]]]
"""Left and right edges of the letters of each base line and size, left to right."""


def settle_links(page: Page) -> Page:
    """Widen links over no letter's middle (icons, white space, slivers) to the word next to them on their line.

    Args:
        page: The page, turned upright.
    """
    lines = _list_lines(page)
    links = tuple(link if _holds(link, lines) else _widen(link, lines, page) for link in page.links)
    return page if links == page.links else page.model_copy(update={"links": links})


def find_bare_links(page: Page) -> Iterator[Link]:
    """Find the links that no text carries, on a page with text.

    Args:
        page: The page.
    """
    lines = _list_lines(page)
    return (link for link in page.links if lines and not _holds(link, lines))


def _list_lines(page: Page) -> _Lines:
    lines: dict[tuple[float, float], list[tuple[float, float]]] = defaultdict(list)
    glyphs = page.glyphs
    for index in glyphs.keep_ink(range(len(glyphs))) if page.links else ():
        setting = glyphs.settings[glyphs.setting_ids[index]]
        lines[setting.baseline, setting.size].append((glyphs.lefts[index], glyphs.rights[index]))
    return {place: sorted(letters) for place, letters in lines.items()}


def _beside(link: Link, lines: _Lines) -> Iterator[tuple[float, Sequence[tuple[float, float]]]]:
    """List the lines that a link is on, each with its font size."""
    for (baseline, size), letters in lines.items():
        if is_level(link, baseline, size):
            yield size, letters


def _holds(link: Link, lines: _Lines) -> bool:
    """Return whether the middle of a letter is in a link."""
    for _, letters in _beside(link, lines):
        at = bisect_left(letters, 2 * link.x0, key=sum)
        if at < len(letters) and sum(letters[at]) <= 2 * link.x1:
            return True
    return False


def _widen(link: Link, lines: _Lines, page: Page) -> Link:
    best, found = math.inf, link
    for size, letters in _beside(link, lines):
        near = min(letters, key=lambda edges: max(edges[0] - link.x1, link.x0 - edges[1]))
        away = max(near[0] - link.x1, link.x0 - near[1])
        between = sorted((*near, link.x0, link.x1))[1:3]
        parted = any(
            rule.x0 == rule.x1
            and between[0] < rule.x0 < between[1]
            and rule.top < link.bottom
            and rule.bottom > link.top
            for rule in page.rules
        )
        if away <= FARTHEST * size and away < best and not parted:
            breaks = [n for n, (one, two) in enumerate(pairwise(letters), 1) if two[0] - one[1] > WORD_GAP * size]
            place, ends = letters.index(near), [0, *breaks, len(letters)]
            start, end = next((a, b) for a, b in pairwise(ends) if a <= place < b)
            best, found = away, link._replace(x0=letters[start][0], x1=letters[end - 1][1])
    return found
