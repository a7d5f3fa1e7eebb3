"""Gathers what the site's pages show: `Practice` → its card and its rows; the contract → the dictionary."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import groupby
from operator import itemgetter
from types import MappingProxyType
from typing import Any, Final, NamedTuple
from urllib.parse import quote

from pipeline.contract import CODES
from pipeline.models.practice import (
    ANALYTICAL_FIELDS,
    DESCRIPTIVE_FIELDS,
    FieldValue,
    Link,
    Place,
    Practice,
    Unmapped,
    boxes_of,
)
from pipeline.publish.collection import KeyedPractice
from pipeline.publish.dictionary import describe_field
from pipeline.publish.tables import practice_rows
from pipeline.quality.edition_diff import PLAIN_TEXT_PARTS

EXCERPT_CHARACTERS: Final = 220
"""Length of the excerpt of a practice's objective or idea on its card: three to four lines."""
_EXCERPTS: Final = ("objective", "main_idea", "description")
_SAFE: Final = re.compile(r"(https?://|mailto:)[^\s\x00-\x1f\x7f]+", re.IGNORECASE)
_UNSEEN_PARTS: Final = PLAIN_TEXT_PARTS | {"edtf"}
"""Parts that repeat the text, or what other parts say."""
_MAP: Final = """
.. .. .. .. SE FI ..
.. .. .. .. .. EE ..
.. .. .. DK .. LV ..
IE .. NL DE PL LT ..
.. .. BE LU CZ SK ..
.. FR .. AT HU RO ..
.. .. .. SI HR BG ..
PT ES IT .. .. GR ..
.. .. .. MT .. .. CY
"""
"""The member states of the European Union as tiles, each about where it lies: the style sheet has as many columns."""

_CODES: Final = frozenset(code for codes in CODES.values() for code in codes)

Segment = tuple[str, str | None]
"""A piece of a line, and the address that it links to."""


Block = tuple[str, list[list[list[Segment]]]]
"""Lines of one kind (`p`: paragraphs, `li`: list items, `tr`: rows of a table), each as cells of segments."""


class RowEntry(NamedTuple):
    """A row of a practice as its page shows it.

    Attributes:
        name: The field's name, or what else the row is called in addresses.
        title: Its name in the dictionary, or the label of a row of no field.
        meaning: What it means.
        value: The row.
        parts: Its normalised parts: the items of each in words, by its title.
        same_as: The field, shown before, whose cell is the same; None where the row is its own.
    """

    name: str
    title: str
    meaning: str
    value: FieldValue | Unmapped
    parts: Mapping[str, list[str]] = MappingProxyType({})
    same_as: str | None = None

    @property
    def pages(self) -> list[int]:
        """The pages of the value."""
        return sorted({box.page for box in self.value.value_boxes})

    @property
    def printed(self) -> tuple[list[Block], list[Segment]]:
        """Its text, and the links that are found in no text, or that no browser should follow."""
        waiting = [link for link in self.value.links if is_safe(link.url)]
        blocks = list(split_text(self.value.text, waiting))
        rest: list[Segment] = [(link.text or link.url, link.url) for link in waiting]
        rest += [(f"{link.text} {link.url}".strip(), None) for link in self.value.links if not is_safe(link.url)]
        return blocks, rest


class PracticeCard(NamedTuple):
    """A practice in one edition, as the front page shows and filters it.

    Attributes:
        key: Its key over all editions.
        edition: The edition's id.
        language: BCP 47 code of the edition; empty where it is not known.
        title: The title in this edition.
        countries: ISO 3166-1 alpha-2 codes.
        href: Address of its page below the site.
        excerpt: The beginning of what it aims at.
        level: The code of its level.
        groups: The codes of its target groups.
        free: Whether taking part is free; None where it does not say.
        years: First and last year; the last is None where it still runs. None where it does not say when.
        texts: What is searched in, by field.
    """

    key: str
    edition: str
    language: str
    title: str
    countries: tuple[str, ...]
    href: str
    excerpt: str
    level: str | None
    groups: Sequence[str]
    free: bool | None
    years: tuple[int, int | None] | None
    texts: Mapping[str, str]

    def runs_in(self, year: int) -> bool:
        """Return whether the practice runs in a year, as far as its period says."""
        return self.years is not None and self.years[0] <= year and (self.years[1] is None or year <= self.years[1])


def is_safe(url: str) -> bool:
    """Return whether a link may be followed: http, https or mailto, and nothing in it that a browser would take out."""
    return _SAFE.fullmatch(url) is not None


def page_of(linked: KeyedPractice, edition: str) -> str:
    """The file name of a practice's page: the key for the edition that names it, so that it is a permalink."""
    return f"{linked.key}.html" if linked.editions[0].edition == edition else f"{linked.key}.{edition}.html"


def make_card(practice: Practice, linked: KeyedPractice, tables: Mapping[str, Iterable[RowEntry]]) -> PracticeCard:
    """Gather a practice's card from its rows."""
    fields = practice.fields
    own = [entry for entries in tables.values() for entry in entries if entry.same_as is None]
    texts = {entry.name: entry.value.text for entry in own if getattr(entry.value, "available", True)}
    excerpt = next((texts[name] for name in _EXCERPTS if name in texts), "")
    return PracticeCard(
        key=linked.key,
        edition=practice.edition.id,
        language=practice.edition.language or "",
        title=practice.title or practice.heading,
        countries=practice.countries,
        href=f"practices/{quote(page_of(linked, practice.edition.id))}",
        excerpt=_shorten(" ".join(line.removeprefix("- ") for line in excerpt.split("\n"))),
        level=fields.implementation_level.level if fields.implementation_level else None,
        groups=(fields.target_groups.groups if fields.target_groups else None) or (),
        free=fields.accessibility.free if fields.accessibility else None,
        years=find_years(fields.period.edtf if fields.period else None),
        texts=texts,
    )


def _shorten(text: str) -> str:
    if len(text) <= EXCERPT_CHARACTERS:
        return text
    return text[:EXCERPT_CHARACTERS].rpartition(" ")[0].rstrip(" ,;:") + " …"


def find_years(edtf: str | None) -> tuple[int, int | None] | None:
    """The first and the last year of an interval; a side that is not known is as the other, an open end None."""
    if edtf is None:
        return None
    start, end = (int(side[:4]) if side[:1].isdigit() else None for side in edtf.split("/"))
    if edtf.endswith("/.."):
        return None if start is None else (start, None)
    known = [year for year in (start, end) if year is not None]
    return (known[0], known[-1]) if known else None


def list_entries(practice: Practice) -> dict[str, list[RowEntry]]:
    """Gather a practice's rows by table, each in the order of the page."""
    values = practice.fields.present
    parts = _list_parts(practice)
    tables: dict[str, list[RowEntry]] = {}
    for title, names in (("The practice", DESCRIPTIVE_FIELDS), ("Assessment and transfer", ANALYTICAL_FIELDS)):
        shown = tables[title] = list[RowEntry]()
        for name in sorted((name for name in names if name in values), key=lambda name: _place(values[name])):
            value, about = values[name], describe_field(name)
            meaning = about["description"].removesuffix(" Null where the edition has no such row.")
            before = (entry for entry in shown if entry.name in value.shared_with and entry.value.text == value.text)
            same = next((entry.name for entry in before), None)
            shown.append(RowEntry(name, about["title"], meaning, value, parts.get(name, {}), same))
    tables["Other rows"] = [
        *(
            RowEntry(f"extra-{name}", name.replace("_", " ").capitalize(), "A row that is of no field.", value)
            for name, value in practice.extra.items()
        ),
        *(
            RowEntry(f"row-{place}", row.label, "A row that no field answers to.", row)
            for place, row in enumerate(practice.unmapped, start=1)
        ),
    ]
    return {title: entries for title, entries in tables.items() if entries}


def find_extent(practice: Practice) -> tuple[float, float]:
    """The left and the right edge, in points, of all that a practice's fields hold: all crops are as wide."""
    boxes = [box for value in practice.fields.present.values() for box in boxes_of(value)]
    return min((box.x0 for box in boxes), default=0.0), max((box.x1 for box in boxes), default=0.0)


def _place(value: FieldValue) -> tuple[int, float]:
    """Where a row begins; one without a place comes last."""
    places: Iterable[Place] = value.label_boxes or value.value_boxes
    return min(((box.page, box.top) for box in places), default=(2**31, 0.0))


def split_text(text: str, waiting: list[Link]) -> Iterator[Block]:
    """Split a value's text into blocks.

    Args:
        text: The text, as the contract has it.
        waiting: Links to place; those that are found in the text are taken out.
    """
    for kind, lines in groupby(text.split("\n"), key=_kind_of):
        cells = [line.removeprefix("- ").split("\t") for line in lines]
        yield kind, [[list(_place_links(cell, waiting)) for cell in row] for row in cells]


def _kind_of(line: str) -> str:
    return "tr" if "\t" in line else "li" if line.startswith("- ") else "p"


def _place_links(line: str, waiting: list[Link]) -> Iterator[Segment]:
    at = 0
    for link in list(waiting):
        found = line.find(link.text, at) if link.text else -1
        if found >= 0:
            yield line[at:found], None
            yield link.text, link.url
            at = found + len(link.text)
            waiting.remove(link)
    yield line[at:], None


def _list_parts(practice: Practice) -> dict[str, dict[str, list[str]]]:
    """The normalised parts of a practice's fields in words."""
    rows = practice_rows(practice, "", 1)["parts"]
    parts: dict[str, dict[str, list[str]]] = {}
    for (name, part), items in groupby(rows, key=itemgetter(2, 3)):
        if part not in _UNSEEN_PARTS:
            words = [_say(str(part), str(value), unit) for *_, value, _number, unit in items]
            parts.setdefault(str(name), {})[str(part).replace("_", " ").capitalize()] = words
    return parts


def _say(part: str, value: str, unit: object) -> str:
    if part == "languages":
        return name_language(value)
    if unit is not None:
        return f"{value} %" if unit == "percent" else f"{value} {unit}"
    return {"true": "yes", "false": "no"}.get(value, say_code(value) if value in _CODES else value)


@cache
def _english() -> Any:  # noqa: ANN401 - Babel has no types
    from babel import Locale

    return Locale("en")


def say_code(code: str) -> str:
    """A code as the words of a title."""
    return code.replace("_", " ").capitalize().replace("Eu ", "EU ")


def name_language(code: str) -> str:
    """A language's name in English; the code where CLDR has none."""
    return str(_english().languages.get(code.replace("-", "_"), code))


def name_country(code: str) -> str:
    """A country's name in English; the code where CLDR has none."""
    return str(_english().territories.get(code, code))


def draw_map(found: Iterable[str]) -> list[str | None]:
    """The cells of the map, line by line: codes of countries; None is an empty one.

    Countries outside the European Union follow below it.

    Args:
        found: Codes of the countries that practices are from.
    """
    cells = _MAP.split()
    others = sorted(set(found) - set(cells))
    return [None if code == ".." else code for code in (*cells, *others)]
