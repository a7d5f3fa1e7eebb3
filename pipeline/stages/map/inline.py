"""Labels inside another row's text: finds them for the fields that a practice has no row for.

A label counts only at the start of a paragraph or sentence and with a colon behind it: a value may begin with any
label's words without naming the field.
"""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from pipeline.lexicon.label_index import KnownLabel, LabelIndex
from pipeline.models.row import CellText

_BEFORE = r"(?:(?<=\n)|\A|(?<=[.!?\u2026]\s)|(?<=[.!?\u2026][\"\u201d\u00bb)]\s))"
_MARKER = r"(?:- |\(?\d{1,3}[.)] )?"
_LABEL = re.compile(f"{_BEFORE}{_MARKER}(?=(?P<label>[^\\s:\uff1a][^:\uff1a]*)[:\uff1a])")
"""What may be a label: all from the start of a paragraph or sentence to the next colon."""


class InlineLabel(NamedTuple):
    """A label found inside a value.

    Attributes:
        known: The lexicon's label.
        host: Index of the text that holds it.
        label_start: Offset of the label's first character.
        label_end: Offset after its last character, the colon left out.
        start: Offset of the first character of what belongs to it.
        end: Offset after the last one.
    """

    known: KnownLabel
    host: int
    label_start: int
    label_end: int
    start: int
    end: int


def find_inline_labels(texts: Sequence[CellText], lacking: Iterable[str], index: LabelIndex) -> tuple[InlineLabel, ...]:
    """Find the labels of fields without a row of their own inside other rows' texts.

    Args:
        texts: The values of the practice's rows in reading order.
        lacking: Fields that the practice has no row for.
        index: The lexicon's labels.

    Returns:
        The labels in reading order, every occurrence; what belongs to one ends at the next one or at its paragraph's
        end (where nothing follows on its line, at the end of the next paragraph or of the list below).
    """
    wanted = set(lacking)
    found: list[InlineLabel] = []
    for host, cell in enumerate(texts):
        text = cell.text
        labels: dict[int, tuple[KnownLabel, int, int, int]] = {}
        for match in _LABEL.finditer(text):
            label = match["label"].rstrip()
            exact = None if label[0].islower() else index.find_exact(label)
            if exact is not None and exact.known.field in wanted:
                start = match.start("label")
                labels[start] = (exact.known, start, start + len(label), match.end("label") + 1)
        ordered = [labels[start] for start in sorted(labels)]
        for position, (known, start, end, after) in enumerate(ordered):
            limit = ordered[position + 1][1] if position + 1 < len(ordered) else len(text)
            first, last = _extent(cell, after, limit)
            found.append(InlineLabel(known, host, start, end, first, last))
    return tuple(found)


def _extent(cell: CellText, after: int, limit: int) -> tuple[int, int]:
    """Find what belongs to a label that ends at `after`: to its paragraph's end, or the paragraph or list below it."""
    text = cell.text
    spans: list[tuple[int, int, bool]] = []
    start = 0
    for paragraph in cell.paragraphs:
        spans.append((start, start + len(paragraph.text), paragraph.item))
        start += len(paragraph.text) + 1
    position = next(number for number, (_, end, _) in enumerate(spans) if after <= end)
    first, last = after, min(limit, spans[position][1])
    if not text[first:last].strip() and last < limit and position + 1 < len(spans):
        first, last, item = spans[position + 1]
        for start, end, following in spans[position + 2 :]:
            if not (item and following) or start >= limit:
                break
            last = end
        last = min(limit, last)
    part = text[first:last]
    return first + len(part) - len(part.lstrip()), last - (len(part) - len(part.rstrip()))
