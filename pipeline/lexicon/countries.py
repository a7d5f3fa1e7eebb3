"""Country names of an edition's language; reads `countries.yaml` and `CldrWords`.

CLDR gives the names of all ISO 3166-1 territories in the language; the lexicon file adds what CLDR lacks (former and
everyday names, inflection).
"""

import re
from collections.abc import Iterator
from typing import Final

from pydantic import Field, field_validator

from pipeline.lexicon.cldr import CldrWords
from pipeline.lexicon.folding import drop_marks, fold_name, reject_twins
from pipeline.models.geometry import Frozen

_NOT_A_COUNTRY: Final = frozenset({"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"})
"""Two-letter CLDR codes that ISO 3166-1 does not assign to a country or territory (XK, Kosovo, is kept)."""

_CODE: Final = re.compile(r"[A-Z]{2}")
_ORDINAL: Final = re.compile(r"\s*(?:\d+|[IVXLC]+)\s*[.)]\s+")
"""A chapter number in front of the countries: `3. `, `IV) `."""
_JOINT: Final = re.compile(r"\s*[,;/&+]\s*|\s+-\s+|\s*[\u2013\u2014]\s*")
"""Signs between two countries of one heading."""
_CLOSE: Final = re.compile(r"\s*[:\uff1a]\s*")
_DASH_CLOSE: Final = re.compile(r"\s+-\s+|\s*[\u2013\u2014|]\s*")


class Countries(Frozen):
    """`countries.yaml`: names that CLDR lacks, endings of inflected names, words that join two countries."""

    names: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    inflections: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    conjunctions: tuple[str, ...] = ()

    @field_validator("names")
    @classmethod
    def _check(cls, names: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        """Reject keys that are no country code, and names that occur twice."""
        for code in names:
            if not _CODE.fullmatch(code) or code in _NOT_A_COUNTRY:
                raise ValueError(f"{code!r} is no ISO 3166-1 alpha-2 code")
        reject_twins("country name", ((code, form) for code, forms in names.items() for form in forms))
        return names


class CountryNames(Frozen):
    """The country names of one language, ready for looking up.

    Attributes:
        codes: ISO 3166-1 alpha-2 codes by folded name, CLDR's and the lexicon's.
        inflected: The same by folded inflected form.
        conjunctions: Folded words that join two countries.
        longest: Number of words of the longest name.
    """

    codes: dict[str, str]
    inflected: dict[str, str]
    conjunctions: tuple[str, ...]
    longest: int


def build_country_names(cldr: CldrWords, extra: Countries) -> CountryNames:
    """Build the country names of a language from CLDR and the lexicon.

    Args:
        cldr: CLDR's words of the language.
        extra: The language's `countries.yaml`.

    Returns:
        The names; only the lexicon's where CLDR does not know the language.
    """
    codes: dict[str, str] = {}
    for code, name in sorted(cldr.territories.items()):
        if _CODE.fullmatch(code) and code not in _NOT_A_COUNTRY:
            codes.setdefault(fold_name(name), code)
    conjunctions = {*cldr.and_words, *map(fold_name, extra.conjunctions)}
    for code, forms in extra.names.items():
        codes.update({fold_name(form): code for form in forms})
    codes = {drop_marks(name): code for name, code in codes.items()} | codes
    inflected: dict[str, str] = {}
    for name, code in codes.items():
        for form in _inflect(name, extra):
            inflected.setdefault(form, code)
    return CountryNames(
        codes=codes,
        inflected={form: code for form, code in inflected.items() if form not in codes},
        conjunctions=tuple(sorted(conjunctions - {""})),
        longest=max((len(name.split()) for name in codes), default=0),
    )


def _inflect(name: str, extra: Countries) -> Iterator[str]:
    """Return the inflected forms of a folded name: the longest ending of the lexicon that fits is replaced."""
    for ending in sorted(extra.inflections, key=len, reverse=True):
        if name.endswith(fold_name(ending)):
            for other in extra.inflections[ending]:
                yield name[: -len(ending)] + fold_name(other)
            return


def find_country(name: str, names: CountryNames) -> str | None:
    """Find the country that a name, in any case form, stands for.

    Args:
        name: The name as printed, without anything around it.
        names: The language's country names.

    Returns:
        The ISO 3166-1 alpha-2 code; None where no country has the name.
    """
    key = fold_name(name)
    code = names.codes.get(key)
    return names.inflected.get(key) if code is None else code


def named_countries(text: str, names: CountryNames) -> frozenset[str]:
    """Find the countries that a text names anywhere, in any case form.

    Args:
        text: The text.
        names: The language's country names.

    Returns:
        ISO 3166-1 alpha-2 codes.
    """
    words = re.findall(r"[\w.\u2019'-]+", text)
    spans = (" ".join(words[at : at + length]) for at in range(len(words)) for length in range(1, names.longest + 1))
    return frozenset(code for span in spans if (code := find_country(span, names)) is not None)


def country_prefix(heading: str, names: CountryNames) -> tuple[tuple[str, ...], str] | None:
    """Divide a heading into its countries and its title.

    A heading begins with one or more country names joined by commas, dashes or the word for "and", closed by a colon
    (or a dash where no colon follows the names). A chapter number may be in front.

    Args:
        heading: The heading on one line.
        names: The language's country names.

    Returns:
        The codes in the heading's order and the title; None where the heading does not begin so.
    """
    text = " ".join(heading.split())
    ordinal = _ORDINAL.match(text)
    position = ordinal.end() if ordinal else 0
    codes: list[str] = []
    while True:
        found = _country_at(text, position, names)
        if found is None:
            return None
        code, position = found
        if code not in codes:
            codes.append(code)
        close = _CLOSE.match(text, position)
        if close:
            return _result(codes, text[close.end() :])
        joint = _joint_at(text, position, names)
        if joint is not None and _country_at(text, joint, names) is not None:
            position = joint
            continue
        close = _DASH_CLOSE.match(text, position)
        return _result(codes, text[close.end() :]) if close else None


def _result(codes: list[str], title: str) -> tuple[tuple[str, ...], str] | None:
    """Return the codes and the title, or None where no title is left."""
    title = title.strip()
    return (tuple(codes), title) if title else None


def _country_at(text: str, start: int, names: CountryNames) -> tuple[str, int] | None:
    """Find the longest country name that begins at `start` and ends at a word's end: its code and where it ends."""
    for match in reversed(list(re.finditer(r"(?<=\w)(?!\w)|(?<=[.)\u2019'])(?!\w)", text[start:]))):
        end = start + match.end()
        candidate = text[start:end]
        if len(candidate.split()) <= names.longest:
            code = names.codes.get(fold_name(candidate))
            if code is not None:
                return code, end
    return None


def _joint_at(text: str, start: int, names: CountryNames) -> int | None:
    """Find where the next country begins after a sign or word that joins; None without one."""
    match = _JOINT.match(text, start)
    end = match.end() if match else start
    rest = text[end:]
    for word in names.conjunctions:
        pattern = re.match(rf"\s*{re.escape(word)}\s+", rest, re.IGNORECASE)
        if pattern:
            return end + pattern.end()
    return end if match else None
