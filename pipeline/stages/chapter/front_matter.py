"""Practices lost in the front and back matter: pages outside the chapters that look like a page of one."""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from statistics import median
from typing import Final

from pipeline.lexicon.label_index import KnownLabel, bare_words, fold_label
from pipeline.models.chapter import Chapter
from pipeline.models.layout import TextLine
from pipeline.models.row import TextBlock

SAME_SIZE_RATIO: Final = 0.08
"""Font sizes of one heading's lines, and of two headings of one type, differ by less than this part (small capitals and
superscripts round)."""
PROMINENT_SIZE_RATIO: Final = 1.1
"""Text this many times as large as the tables' is set to be seen first, as a heading is."""
LEAST_LABELS: Final = 2
"""Least number of different fields whose labels begin lines of a page: prose may begin with one by chance. On none of
the front and back pages of the known booklets does a line begin with any."""
LEAST_WORDS: Final = 2
"""Least number of words of a label: one word may begin a sentence."""
MOST_WORDS: Final = 3
"""So many words identify a label, whose further ones may be on its next line."""
SAME_EDGE_POINTS: Final = 2.0
"""Lines of one column begin at most so far apart, on scans that are turned straight too."""
COLUMN_SHARE: Final = 0.5
"""Least share of a page's lines that keep the value column: running text begins at the margin, and has no gaps."""


def find_lost_pages(
    front: Sequence[TextBlock],
    chapters: Sequence[Chapter],
    labels: Sequence[KnownLabel],
    find_heading: Callable[[Sequence[TextLine]], object],
    table_size: float | None,
) -> Iterator[tuple[list[TextBlock], TextLine]]:
    """Find the pages of front and back matter that hold a practice whose rows were not found.

    Such a page has lines that begin with labels, or one heading as the chapters have them: a country in their type,
    which is larger or bolder than the tables'. A page with the headings of chapters that were found is a list of
    contents, and one with several other ones a list of partners. Where neither can be read, half of the lines keep the
    value column of the chapters. What is none of these is sound front or back matter.

    Args:
        front: The blocks of the front and back matter.
        chapters: The chapters that were found.
        labels: The lexicon's labels.
        find_heading: Gives the heading that lines begin with, a country and a title; None where they don't.
        table_size: Usual font size of the tables' text, points.

    Yields:
        Of each page its blocks, and the line to show.
    """
    pages: dict[int, list[TextBlock]] = {}
    for block in front:
        pages.setdefault(block.lines[0].box.page, []).append(block)
    for page, blocks in pages.items():
        labelled = _labelled_lines(blocks, labels)
        shown = _lone_heading(blocks, chapters, find_heading, table_size)
        if shown is None and len(labelled) >= LEAST_LABELS:
            shown = next(iter(labelled.values()))
        if shown is None and _keeps_column(page, blocks, chapters):
            shown = blocks[0].lines[0]
        if shown is not None:
            yield blocks, shown


def _labelled_lines(blocks: Sequence[TextBlock], labels: Sequence[KnownLabel]) -> dict[str, TextLine]:
    """For each field the first line that begins with a label of it."""
    known = {label.words[:MOST_WORDS]: label.field for label in labels if len(label.words) >= LEAST_WORDS}
    found: dict[str, TextLine] = {}
    for line in (line for block in blocks for line in block.lines):
        words = bare_words(line.text)
        for count in range(LEAST_WORDS, MOST_WORDS + 1):
            field = known.get(words[:count])
            if field is not None:
                found.setdefault(field, line)
    return found


def _keeps_column(page: int, blocks: Sequence[TextBlock], chapters: Sequence[Chapter]) -> bool:
    """Return whether a page's lines keep the value column of the nearest chapter.

    A line keeps it whose value is apart from what was its label, or that begins at the column's edge; on a page
    that does not follow the last row's, lines of the first kind are needed, for an imprint may be set at any edge.
    """
    last = max(chapters[-1].rows[-1].pages)
    chapter = chapters[-1] if page >= last else chapters[0]
    values = [line for row in chapter.rows for part in row.fragments for line in part.value_lines]
    if not values:
        return False
    edge = median(line.box.x0 for line in values)
    lines = [line for block in blocks for line in block.lines]
    begun = sum(abs(line.box.x0 - edge) <= SAME_EDGE_POINTS for line in lines)
    parted = sum(
        abs(right.x0 - edge) <= SAME_EDGE_POINTS and right.x0 - left.x1 >= line.size
        for line in lines
        for left, right in pairwise(line.words)
    )
    return (page == last + 1 or parted >= LEAST_LABELS) and begun + parted >= COLUMN_SHARE * len(lines)


def _lone_heading(
    blocks: Sequence[TextBlock],
    chapters: Sequence[Chapter],
    find_heading: Callable[[Sequence[TextLine]], object],
    table_size: float | None,
) -> TextLine | None:
    """The only line of a page that begins a heading of the chapters' type; None where it repeats a chapter's."""
    types = [(chapter.heading_block.size, chapter.heading_block.bold) for chapter in chapters]
    repeated = {fold_label(chapter.heading) for chapter in chapters}
    found: list[TextLine] = []
    for block in blocks:
        for position, line in enumerate(block.lines):
            if find_heading(block.lines[position:]) is None:
                continue
            text = fold_label(" ".join(below.text for below in block.lines[position:]))
            if any(text.startswith(heading) for heading in repeated):
                return None
            seen = line.bold or (table_size is not None and line.size >= PROMINENT_SIZE_RATIO * table_size)
            alike = any(line.bold == bold and abs(line.size - size) <= SAME_SIZE_RATIO * size for size, bold in types)
            if seen and alike and not (found and found[-1] is block.lines[position - 1]):
                found.append(line)
    return found[0] if len(found) == 1 else None
