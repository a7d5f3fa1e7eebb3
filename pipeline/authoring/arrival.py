"""A new edition's title, and which known edition to hold it against."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import Final

from pipeline.lexicon.front_matter import CountWords
from pipeline.models.row import Document, Row, TextBlock
from pipeline.stages.emit.outputs import INDEX_FILE, holds_good_output, list_extracted

MOST_TITLE_CHARACTERS: Final = 200
"""A longer text is no title."""
_FILE_NAME: Final = re.compile(r"\.\w{2,5}$|^microsoft word\b|_", re.IGNORECASE)
"""What programs write as a document's title by themselves: the name of the file that it was made from."""


def find_title(declared: str, document: Document, words: CountWords) -> str | None:
    """Find a booklet's title: in the document's information, else what is set largest in its front matter.

    A title has two words at least, is no sentence with a full stop, and does not begin as the headings of a front
    matter do ("Introduction"). In print, one whose size no other page uses goes first: a size that comes again is that
    of the headings.

    Args:
        declared: The title in the document's information; empty for none.
        document: The file's rows and text blocks.
        words: The language's words of a front matter.

    Returns:
        The title; None where nothing can be one.
    """

    def may_be_title(text: str) -> bool:
        sound = len(text.split()) > 1 and len(text) <= MOST_TITLE_CHARACTERS and not text.endswith(".")
        return sound and not words.heads_part(text)

    if may_be_title(declared) and not _FILE_NAME.search(declared):
        return declared
    content = document.content
    headings = {id(block) for block, row in pairwise(content) if isinstance(row, Row)}
    pages: dict[float, set[int]] = defaultdict(set)
    for block in content:
        if isinstance(block, TextBlock):
            pages[block.size].update(box.page for box in block.boxes)
    front = []
    for part in content:
        if isinstance(part, Row):
            break
        if part.kind == "text" and part.boxes and id(part) not in headings and may_be_title(_line(part)):
            front.append(part)
    largest = max(front, key=lambda block: (len(pages[block.size]) == 1, block.size), default=None)
    return None if largest is None else _line(largest)


def _line(block: TextBlock) -> str:
    return " ".join(block.text.split())


def recommend_editions(out: Path, edition: str, language: str, countries: Iterable[Iterable[str]]) -> tuple[str, ...]:
    """The extracted edition that a new one is best held against, or those that are equally fit.

    Args:
        out: The folder of all editions' output.
        edition: The new edition's id.
        language: Its language, BCP 47.
        countries: The countries of each of its practices, ISO 3166-1 alpha-2.

    Returns:
        Of those with a practice of the same countries a good one; of these one in the same language, else one that no
        drafts have mapped, for drafts of two languages err alike; then the one with most practices of the same
        countries, and with most practices. Empty where there is no other.
    """
    wanted = Counter(tuple(sorted(own)) for own in countries)
    ranked = []
    for name in list_extracted(out):
        if name == edition:
            continue
        try:
            index = json.loads((out / name / INDEX_FILE).read_bytes())
            known = Counter(tuple(sorted(practice["countries"])) for practice in index["practices"])
            alike = index["edition"]["language"] == language
            read = not (index.get("counts") or {}).get("drafts")
        except (OSError, ValueError, LookupError, TypeError):
            continue
        shared = (wanted & known).total()
        ranked.append(((shared > 0, holds_good_output(out / name), alike, read, shared, known.total()), name))
    return tuple(name for fit, name in ranked if fit == max(ranked)[0])
