"""Hyphens at lines' ends: which of them only the line break put there."""

import itertools
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from pipeline.models.layout import PageLayout, RowCells, TextLine
from pipeline.stages.stitch.tables import list_blocks
from pipeline.text.lines import LEAST, SOFT_HYPHEN, room_behind
from pipeline.text.paragraph_style import list_conjunctions
from pipeline.text.urls import URL_START

URL_CHARACTERS: Final = re.compile(r"[._=?&%~\d]")
"""Characters that distinguish a piece of a URL from words with a slash between them."""
LEAST_HYPHENATED: Final = 2
"""Least characters before the hyphen that hyphenation leaves at a line's end: no typesetter parts one letter from its
word (TeX, Typst, LibreOffice and the browsers keep two), so `e-` has a hyphen of its own."""
SIGNS: Final = "-‐\ufffd"
"""Hyphens that hyphenation may put there; a non-breaking one is the word's own. Some programs (Typst 0.13) give the
glyph that they put there no Unicode value."""
INNER_HYPHEN: Final = re.compile("(?<=.)[-‐](?=.)", re.DOTALL)
"""A hyphen inside a word."""
COMPOUND: Final = re.compile(rf"(?<=[^\W\d_])[{SIGNS}](?=[^\W\d_])")
"""A hyphen between letters."""
LONGEST_ENDING: Final = 2
"""Most letters by which the forms of a word may differ at its end for it to be one."""
LEAST_BEYOND: Final = 2
"""Least letters behind the hyphen that the forms share: they show that the word is not two."""
SHORTEST_STEM: Final = 6
"""Least letters that they share in all: shorter beginnings are those of other words."""
HYPHENATED_SHARE: Final = 0.02
"""Least share of an edition's line ends that break a word by a hyphen for it to be hyphenated: the booklet, which is
not, breaks 3 of some 2,000 lines at printed hyphens; hyphenated settings break 5 to 20 of 100."""


def undo_hyphenation(layouts: Sequence[PageLayout]) -> list[PageLayout]:
    """Mark the hyphens that only the line break put there as soft hyphens (U+00AD).

    A hyphen at a line's end is soft where the file calls it so (U+00AD), or the joined word occurs elsewhere, perhaps
    with another ending. In an edition that breaks words often by the same sign, or prints none inside a line before a
    small letter, it is soft too where the hyphenated word occurs nowhere and neither part begins with a capital. An
    edition that has U+2010 at lines' ends and only hyphen-minus inside words breaks words by it, and URLs.

    Args:
        layouts: The pages.

    Returns:
        The pages with such hyphens marked in their tables and free lines.
    """
    rows = (row for layout in layouts for table in layout.tables for row in table.rows)
    cells = [own.lines for row in rows for own in (row.label, row.value)]
    words = _Words([*cells, *(block for layout in layouts for block in list_blocks(layout.free_lines))])
    result: list[PageLayout] = []
    for layout, following in zip(layouts, (*layouts[1:], None), strict=False):
        last = layout.tables[-1].rows[-1] if layout.tables else None
        below = following.tables[0].rows[0] if following is not None and following.tables else None
        tables = tuple(
            table.model_copy(
                update={"rows": tuple(_mark_row(words, row, below if row is last else None) for row in table.rows)}
            )
            for table in layout.tables
        )
        free = tuple(line for block in list_blocks(layout.free_lines) for line in _mark(words, block, ()))
        result.append(layout.model_copy(update={"tables": tables, "free_lines": free}))
    return result


class _Words:
    """The words of an edition, and the signs by which it breaks them.

    Attributes:
        whole: How often words without hyphens occur.
        compounds: How often words with hyphens do, all written as `-`.
        hyphenated: The signs by which hyphenation breaks words.
        apart: True where U+2010 ends lines, and only hyphen-minus is inside words.
    """

    def __init__(self, cells: Sequence[Sequence[TextLine]]) -> None:
        self.whole: Counter[str] = Counter()
        self.compounds: Counter[str] = Counter()
        ends: dict[str, set[str]] = {sign: set() for sign in SIGNS}
        small: Counter[str] = Counter()
        inside: set[str] = set()
        lines = [line for cell in cells for line in cell]
        for line in lines:
            texts = [word.text for word in line.words]
            for text in (text for text in texts if any(sign in text for sign in SIGNS)):
                inside.update(INNER_HYPHEN.findall(text))
                if URL_START.search(text) is None:
                    small.update(found[0] for found in COMPOUND.finditer(text) if text[found.end()].islower())
            if texts and texts[-1][-1:] in SIGNS:
                texts.pop()
            for part in (part for text in texts for part in text.split("/")):
                bare = part.strip(".,;:!?()[]„“”\"'’").casefold().replace("‐", "-")
                (self.compounds if "-" in bare else self.whole)[bare] += 1
        passed: set[str] = set()
        for cell in cells:
            right = max((line.box.x1 for line in cell), default=0.0)
            for upper, lower in itertools.pairwise(line for line in cell if line.words):
                last, first = upper.words[-1].text, lower.words[0]
                head, tail = _halves(last, first.text)
                if last[-1] in SIGNS and head.isalpha() and tail[:1].islower():
                    ends[last[-1]].add((head + tail).casefold())
                elif tail.isalpha() and tail.islower() and len(tail) >= SHORTEST_STEM:
                    passed |= {tail} if room_behind(upper, lower, right, (first.x1 - first.x0) / 2) >= 0 else set()
        self.apart = inside == {"-"}
        self.hyphenated = {
            sign
            for sign, joined in ends.items()
            if (sign == "‐" and self.apart)
            or (
                (len(joined) > HYPHENATED_SHARE * len(lines) or (len(joined) >= LEAST and sign not in small))
                # Hyphenation passes over few words that it could break; printed hyphens are mostly inside lines.
                and (len(joined) > max(len(passed), small[sign] / 2) or any(self.whole[word] for word in joined))
            )
        }
        self._sorted = sorted(self.whole)
        self._conjunctions = list_conjunctions(lines)

    def is_soft(self, last: str, first: str, *, in_url: bool) -> bool:
        """Return whether only the line break put a hyphen between the last word of a line and the first of the next."""
        letters = len(last) > 1 and last[-1] in SIGNS and last[-2].isalpha() and first[0].isalpha()
        if first in self._conjunctions or not letters:
            return False
        if in_url or ("/" in last and URL_CHARACTERS.search(last)):
            return self.apart and last[-1] == "‐"
        head, tail = _halves(last, first)
        joined, small = (head + tail).casefold(), first[0].islower()
        if self.compounds[f"{head}-{tail}".casefold()]:
            return False
        if self.whole[joined] or (small and self._is_inflected(joined, len(head))):
            return True
        capitals = head.isupper() and len(head) > 1
        return len(head) >= LEAST_HYPHENATED and small and last[-1] in self.hyphenated and not capitals

    def is_printed(self, last: str, first: str) -> bool:
        """Return whether a hyphen that the file calls soft is the word's own (`Cluj-Napoca`, `2016-2018`)."""
        head, tail = _halves(last, first)
        known = self.compounds[f"{head}-{tail}".casefold()] > 0
        return known or not (tail[:1].islower() or self.whole[(head + tail).casefold()])

    def _is_inflected(self, joined: str, head: int) -> bool:
        """Return whether a word that is broken behind its first `head` letters occurs elsewhere with another ending."""
        stem = joined[: max(head + LEAST_BEYOND, len(joined) - LONGEST_ENDING)]
        if len(stem) < SHORTEST_STEM or not stem.isalpha():
            return False
        following = (self._sorted[n] for n in range(bisect_left(self._sorted, stem), len(self._sorted)))
        near = itertools.takewhile(lambda word: word.startswith(stem), following)
        return any(len(word) <= len(joined) + LONGEST_ENDING for word in near)


def _mark_row(words: _Words, row: RowCells, below: RowCells | None) -> RowCells:
    following = ((), ()) if below is None else (below.label.lines[:1], below.value.lines[:1])
    cells = [
        replace(own, lines=_mark(words, own.lines, next_))
        for own, next_ in zip((row.label, row.value), following, strict=True)
    ]
    return RowCells(label=cells[0], value=cells[1])


def _mark(words: _Words, lines: Sequence[TextLine], following: Sequence[TextLine]) -> tuple[TextLine, ...]:
    """Mark the soft hyphens of a cell or block, which goes on with a following line on the next page, or with none."""
    marked = list(lines)
    in_url = False
    for number, (line, lower) in enumerate(itertools.pairwise((*lines, *following))):
        in_url = bool(line.words) and (
            URL_START.search(line.words[-1].text) is not None or (in_url and len(line.words) == 1)
        )
        if not line.words or not lower.words:
            continue
        word, first = line.words[-1], lower.words[0].text
        hyphen = word.text[-1]
        if hyphen == SOFT_HYPHEN:
            hyphen = "-" if len(word.text) > 1 and words.is_printed(word.text, first) else SOFT_HYPHEN
        elif words.is_soft(word.text, first, in_url=in_url):
            hyphen = SOFT_HYPHEN
        if hyphen != line.text[-1]:
            ended = word._replace(text=word.text[:-1] + hyphen)
            marked[number] = replace(line, words=(*line.words[:-1], ended), text=line.text[:-1] + hyphen)
    return tuple(marked)


def _halves(last: str, first: str) -> tuple[str, str]:
    """Return the parts of a word before and behind the hyphen that ends a line, without other signs next to them."""
    return last[:-1].rsplit("/", 1)[-1].lstrip("(„“\"'["), first.split("/", 1)[0].rstrip(".,;:!?)”“\"'’]")
