"""Hyphens at lines' ends: which of them only the line break put there."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from pipeline.models.layout import PageLayout, RowCells, Table, TextLine, Words
from pipeline.stages.stitch.blocks import is_same_block
from pipeline.text.lines import SOFT_HYPHEN
from pipeline.text.style import list_conjunctions
from pipeline.text.urls import URL_START

URL_CHARACTERS = re.compile(r"[._=?&%~\d]")
"""Characters that tell a piece of a URL from words with a slash between them."""
LEAST_HYPHENATED = 2
"""Least characters before the hyphen that hyphenation leaves at a line's end: no typesetter parts one letter from its
word (TeX, Typst, LibreOffice and the browsers keep two), so `e-` has a hyphen of its own."""
INNER_HYPHEN = re.compile("(?<=.)[-‐](?=.)", re.DOTALL)
"""A hyphen inside a word."""
COMPOUND = re.compile(r"(?<=[^\W\d_])[-‐](?=[^\W\d_])")
"""A hyphen between letters."""
LONGEST_ENDING = 2
"""Most letters by which the forms of a word may differ at its end for it to be one."""
LEAST_BEYOND = 2
"""Least letters behind the hyphen that the forms share: they show that the word is not two."""
SHORTEST_STEM = 6
"""Least letters that they share in all: shorter beginnings are those of other words."""
LEAST_BROKEN = 3
"""Least number of lines that end in a hyphen for them to be hyphenation's where the edition prints none before a small
letter inside a line. Of the words with a printed hyphen one in seven ends a line, as of all words; that three stand
there, and none inside, has a likelihood of 0.3 %."""
HYPHENATED_SHARE = 0.02
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
    lines = [line for layout in layouts for line in _all_lines(layout)]
    whole: Counter[str] = Counter()
    compounds: Counter[str] = Counter()
    ends: Counter[str] = Counter()
    inside: Counter[str] = Counter()
    small: set[str] = set()
    for line in lines:
        for index, word in enumerate(line.words):
            for sign in INNER_HYPHEN.findall(word.text):
                inside[sign] += 1
            if URL_START.search(word.text) is None:
                small.update(
                    hyphen.group() for hyphen in COMPOUND.finditer(word.text) if word.text[hyphen.end()].islower()
                )
            if index == len(line.words) - 1 and word.text[-1:] in "-‐":
                continue
            for part in word.text.split("/"):
                bare = part.strip(".,;:!?()[]„“”\"'’").casefold()
                (compounds if "-" in bare or "‐" in bare else whole)[bare.replace("‐", "-")] += 1
        if line.words and line.words[-1].text[-1] in "-‐" and line.words[-1].text[-2:-1].isalpha():
            ends[line.words[-1].text[-1]] += 1
    hyphenated = {sign for sign, count in ends.items() if count > HYPHENATED_SHARE * len(lines)}
    hyphenated |= {sign for sign, count in ends.items() if count >= LEAST_BROKEN and sign not in small}
    told_apart = inside["-"] > 0 and not inside["‐"]
    if told_apart:
        hyphenated.add("‐")

    words = sorted(whole)
    conjunctions = list_conjunctions(lines)

    def is_inflected(joined: str, head: int) -> bool:
        """Tell whether a word that is broken behind its first `head` letters occurs elsewhere with another ending."""
        stem = joined[: max(head + LEAST_BEYOND, len(joined) - LONGEST_ENDING)]
        if len(stem) < SHORTEST_STEM or not stem.isalpha():
            return False
        place = bisect_left(words, stem)
        while place < len(words) and words[place].startswith(stem):
            if len(words[place]) <= len(joined) + LONGEST_ENDING:
                return True
            place += 1
        return False

    def is_soft(upper: TextLine, lower: TextLine, in_url: bool) -> bool:
        last, first = upper.words[-1].text, lower.words[0].text
        if first in conjunctions:
            return False
        if len(last) < 2 or last[-1] not in "-‐" or not last[-2].isalpha() or not first[0].isalpha():
            return False
        if in_url or ("/" in last and URL_CHARACTERS.search(last)):
            return told_apart and last[-1] == "‐"
        head, tail = _halves(last, first)
        joined = (head + tail).casefold()
        if compounds[f"{head}-{tail}".casefold()]:
            return False
        if whole[joined] or (first[0].islower() and is_inflected(joined, len(head))):
            return True
        if len(head) < LEAST_HYPHENATED:
            return False
        return last[-1] in hyphenated and first[0].islower() and not (head.isupper() and len(head) > 1)

    def is_printed(upper: TextLine, lower: TextLine) -> bool:
        """Tell whether a hyphen that the file calls soft is the word's own (`Cluj-Napoca`, `2016-2018`)."""
        head, tail = _halves(upper.words[-1].text, lower.words[0].text)
        if compounds[f"{head}-{tail}".casefold()]:
            return True
        return not tail[:1].islower() and not whole[(head + tail).casefold()]

    def mark(cell_lines: tuple[TextLine, ...], following: TextLine | None) -> tuple[TextLine, ...]:
        marked = list(cell_lines)
        in_url = False
        for index, line in enumerate(marked):
            in_url = bool(line.words) and (
                URL_START.search(line.words[-1].text) is not None or (in_url and len(line.words) == 1)
            )
            lower = marked[index + 1] if index + 1 < len(marked) else following
            if lower is None or not line.words or not lower.words:
                continue
            if line.words[-1].text[-1] == SOFT_HYPHEN:
                hyphen = "-" if len(line.words[-1].text) > 1 and is_printed(line, lower) else SOFT_HYPHEN
            elif is_soft(line, lower, in_url):
                hyphen = SOFT_HYPHEN
            else:
                continue
            word = line.words[-1]
            ended = word._replace(text=word.text[:-1] + hyphen)
            marked[index] = replace(line, words=Words((*line.words[:-1], ended)), text=line.text[:-1] + hyphen)
        return tuple(marked)

    result: list[PageLayout] = []
    for number, layout in enumerate(layouts):
        following = layouts[number + 1] if number + 1 < len(layouts) else None
        tables: list[Table] = []
        for place, table in enumerate(layout.tables):
            rows: list[RowCells] = []
            for index, row in enumerate(table.rows):
                at_break = place == len(layout.tables) - 1 and index == len(table.rows) - 1
                after = _first_row(following) if at_break else None
                label = mark(row.label.lines, _first(after.label.lines) if after else None)
                value = mark(row.value.lines, _first(after.value.lines) if after else None)
                rows.append(RowCells(label=replace(row.label, lines=label), value=replace(row.value, lines=value)))
            tables.append(table.model_copy(update={"rows": tuple(rows)}))
        free: list[TextLine] = []
        for block in _blocks(layout.free_lines):
            free += mark(block, None)
        result.append(layout.model_copy(update={"tables": tuple(tables), "free_lines": tuple(free)}))
    return result


def _blocks(lines: Sequence[TextLine]) -> list[tuple[TextLine, ...]]:
    """Group free lines to headings and paragraphs."""
    blocks: list[list[TextLine]] = []
    for line in lines:
        if blocks and is_same_block(blocks[-1][-1], line):
            blocks[-1].append(line)
        else:
            blocks.append([line])
    return [tuple(block) for block in blocks]


def _halves(last: str, first: str) -> tuple[str, str]:
    """Give the parts of a word before and behind the hyphen that ends a line, without what else stands beside them."""
    return last[:-1].rsplit("/", 1)[-1].lstrip("(„“\"'["), first.split("/", 1)[0].rstrip(".,;:!?)”“\"'’]")


def _first_row(layout: PageLayout | None) -> RowCells | None:
    if layout is None or not layout.tables or not layout.tables[0].rows:
        return None
    return layout.tables[0].rows[0]


def _first(lines: Sequence[TextLine]) -> TextLine | None:
    return lines[0] if lines else None


def _all_lines(layout: PageLayout) -> list[TextLine]:
    return [
        line for table in layout.tables for row in table.rows for line in (*row.label.lines, *row.value.lines)
    ] + list(layout.free_lines)
