"""Country names of an edition's language; reads `countries.yaml` and `CldrWords`.

CLDR gives the names of all ISO 3166-1 territories in the language; the lexicon file adds what CLDR lacks (former and
everyday names, inflection, the words of official names).
"""

import re
from collections.abc import Iterator
from itertools import islice, takewhile
from typing import Final

from pydantic import Field, field_validator

from pipeline.lexicon.cldr import CldrWords
from pipeline.lexicon.folding import drop_marks, fold_name, reject_twins
from pipeline.models.geometry import Frozen

_NOT_A_COUNTRY: Final = frozenset({"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"})
"""Two-letter CLDR codes that ISO 3166-1 does not assign to a country or territory (XK, Kosovo, is kept)."""

_CODE: Final = re.compile(r"[A-Z]{2}")
_ORDINAL: Final = re.compile(r"\s*(?:(?:[^\W\d]+\.?\s+){0,3}(?:\d+|[IVXLC]+)\s*(?:[.):]|\s[\u2013\u2014-])\s+|\d+\s+)")
"""A chapter number in front of the countries: `3. `, `IV) `, `Good practice no. 3: `, `3 `."""
_JOINT: Final = re.compile(r"\s*[,;/&+]\s*|\s+-\s+|\s*[\u2013\u2014]\s*")
"""Signs between two countries of one heading."""
_CLOSE: Final = re.compile(r"\s*[:\uff1a]\s*")
_DASH_CLOSE: Final = re.compile(r"\s+-\s+|\s*[\u2013\u2014|]\s*")
_WORD: Final = re.compile(r"\S+")
_WORD_END: Final = re.compile(r"(?<=\w)(?!\w)|(?<=[.)\u2019'])(?!\w)")
_BRACKET: Final = re.compile(r"\s*\([^()]*\)")
"""What is said of a country behind its name: `Belgium (Flanders): ...`."""
_REGION: Final = re.compile(r"\s*,\s+(?=[^\W\d_])\w[\w'\u2019.-]*(?: \w[\w'\u2019.-]*){0,2}(?=\s*[:\uff1a])")
"""A region of the country behind a comma, of one to three words: `Belgium, Flanders: ...`."""
_BEHIND: Final = re.compile(
    r"(?P<title>.*\S)\s*(?:\((?P<bracket>[^()]+)\)|(?:\s-\s|\s?[\u2013\u2014|])\s*(?P<end>[^\u2013\u2014|]+))"
)
"""A heading with its countries behind the title: `Open door (Ireland)`, `Open door \u2013 Ireland`."""


class Countries(Frozen):
    """`countries.yaml`: what CLDR lacks.

    Attributes:
        names: Names by country.
        forms: How a name can stand in a longer one (`Republic of {}`, `the {}`), in any case form.
        inflections: By the end of a name, what takes its place in the other cases.
        conjunctions: Words that join two countries.
        introductions: Words that may be before a heading's countries, closed by a colon.
    """

    names: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    forms: tuple[str, ...] = ()
    inflections: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    conjunctions: tuple[str, ...] = ()
    introductions: tuple[str, ...] = ()

    @field_validator("forms")
    @classmethod
    def _check_forms(cls, forms: tuple[str, ...]) -> tuple[str, ...]:
        """Reject forms without one place for the name."""
        for form in forms:
            if form.count("{}") != 1:
                raise ValueError(f"{form!r} has no place, or more than one, for the country's name: write it as {{}}")
        return forms

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
        introductions: Words that may be before a heading's countries.
        longest: Number of words of the longest name.
    """

    codes: dict[str, str]
    inflected: dict[str, str]
    conjunctions: tuple[str, ...]
    introductions: tuple[str, ...] = ()
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
    plain = {**inflected, **codes}.items()
    longer = {fold_name(form.format(name)): code for form in extra.forms for name, code in plain}
    codes = longer | {drop_marks(name): code for name, code in longer.items()} | codes
    return CountryNames(
        codes=codes,
        inflected={form: code for form, code in inflected.items() if form not in codes},
        conjunctions=tuple(sorted(conjunctions - {""})),
        introductions=tuple(sorted(map(fold_name, extra.introductions))),
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
    (or a dash where no colon follows the names). A chapter number or a word for "countries" may be in front, a bracket
    behind each name, and a region behind the last.

    Args:
        heading: The heading on one line.
        names: The language's country names.

    Returns:
        The codes in the heading's order and the title; None where the heading does not begin so.
    """
    text = " ".join(heading.split())
    position = 0
    if _country_at(text, position, names) is None:
        ordinal = _ORDINAL.match(text)
        position = _introduction_end(text, ordinal.end() if ordinal else 0, names)
    codes: list[str] = []
    while True:
        found = _country_at(text, position, names)
        if found is None:
            return None
        code, position = found
        if code not in codes:
            codes.append(code)
        remark = _BRACKET.match(text, position)
        position = remark.end() if remark else position
        region = _REGION.match(text, position)
        if region and _country_at(text, _joint_at(text, position, names) or position, names) is None:
            position = region.end()
        close = _CLOSE.match(text, position)
        if close:
            return _result(codes, text[close.end() :])
        joint = _joint_at(text, position, names)
        if joint is not None and _country_at(text, joint, names) is not None:
            position = joint
            continue
        close = _DASH_CLOSE.match(text, position)
        return _result(codes, text[close.end() :]) if close else None


def country_suffix(heading: str, names: CountryNames) -> tuple[tuple[str, ...], str] | None:
    """Divide a heading that ends with its countries, in a bracket or behind a dash, and nothing else.

    Args:
        heading: The heading on one line.
        names: The language's country names.

    Returns:
        The codes in the heading's order and the title without its number; None where the heading does not end so.
    """
    found = _BEHIND.fullmatch(" ".join(heading.split()))
    if found is None:
        return None
    divided = country_prefix(f"{found['bracket'] or found['end']}: {found['title']}", names)
    if divided is None or divided[1] != found["title"]:
        return None
    ordinal = _ORDINAL.match(divided[1])
    return divided[0], divided[1][ordinal.end() :] if ordinal else divided[1]


def _introduction_end(text: str, start: int, names: CountryNames) -> int:
    """Find where a word for "countries" with its colon ends; where it is not there, `start`."""
    for word in names.introductions:
        found = re.compile(rf"{re.escape(word)}\s*[:\uff1a]\s*", re.IGNORECASE).match(text, start)
        if found:
            return found.end()
    return start


def _result(codes: list[str], title: str) -> tuple[tuple[str, ...], str] | None:
    """Return the codes and the title, or None where no title is left."""
    title = title.strip()
    return (tuple(codes), title) if title else None


def _country_at(text: str, start: int, names: CountryNames) -> tuple[str, int] | None:
    """Find the longest country name that begins at `start` and ends at a word's end: its code and where it ends."""
    rest = text[start:]
    words = [word.start() for word in islice(_WORD.finditer(rest), names.longest + 1)]
    last = words[names.longest] if len(words) > names.longest else len(rest)
    ends = takewhile(lambda end: end <= last, (match.end() for match in _WORD_END.finditer(rest)))
    for end in reversed(list(ends)):
        code = names.codes.get(fold_name(rest[:end]))
        if code is not None:
            return code, start + end
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
