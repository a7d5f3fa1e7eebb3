"""Names of countries in headings that CLDR does not know; reads a `Document`.

A heading whose country is unknown is found by what follows it (a table) and by its form, and its country by the
chapters of the known edition that are between the same neighbours.
"""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from pipeline.lexicon import CountryNames, country_prefix
from pipeline.models.row import Document, Row, TextBlock

_HEADING: Final = re.compile(r"(?:\d+[.)]\s+)?(?P<name>[^\W\d_][^:\n]{1,40}?)\s*(?::|\s[\u2013\u2014-])\s+\S")


class CountryDraft(NamedTuple):
    """A country's name as a heading prints it, its ISO 3166-1 code, and why."""

    code: str
    name: str
    evidence: str


def learn_countries(
    document: Document, names: CountryNames, known: Sequence[tuple[str, tuple[str, ...]]]
) -> tuple[CountryDraft, ...]:
    """Find the countries of headings that begin with an unknown name.

    Args:
        document: The new edition.
        names: The names known so far.
        known: Practice id and country codes of the known edition's chapters, in order.

    Returns:
        Only names that can stand for one chapter of one country; none that is a guess.
    """
    drafts: dict[str, CountryDraft] = {}
    unknown: list[str] = []
    position = 0
    # Behind the last heading is the end of the known edition.
    for codes, name in (*_list_headings(document, names), ((), "")):
        if codes is None:
            unknown.append(name)
            continue
        found = next((at for at in range(position, len(known)) if set(known[at][1]) == set(codes)), None)
        between = known[position:found]
        for new, (practice, own) in zip(unknown, between, strict=False):
            if len(unknown) == len(between) and len(own) == 1:
                evidence = f"its heading is where that of {practice} is in the known edition"
                drafts.setdefault(new, CountryDraft(own[0], new, evidence))
        unknown = []
        position = position if found is None else found + 1
    return tuple(drafts.values())


def _list_headings(document: Document, names: CountryNames) -> list[tuple[tuple[str, ...] | None, str]]:
    """What may be headings, in order: their countries, or None and the name they begin with."""
    found: list[tuple[tuple[str, ...] | None, str]] = []
    gap: list[TextBlock] = []
    table: int | None = None
    for item in document.content:
        if isinstance(item, TextBlock):
            if item.kind == "text":
                gap.append(item)
            continue
        if isinstance(item, Row) and item.table != table:
            table = item.table
            found.extend(_read_gap(gap, names))
        gap = []
    return found


def _read_gap(gap: Sequence[TextBlock], names: CountryNames) -> list[tuple[tuple[str, ...] | None, str]]:
    """Read the blocks before a table: the last one of a heading's form."""
    for block in reversed(gap):
        text = " ".join(block.text.split())
        prefix = country_prefix(text, names)
        if prefix is not None:
            return [(prefix[0], "")]
        heading = _HEADING.match(text)
        if heading:
            return [(None, heading["name"].strip())]
    return []
