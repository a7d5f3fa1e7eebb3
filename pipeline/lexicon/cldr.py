"""What CLDR knows of a language (through Babel): reads no file of the project."""

import re
from typing import Final, Literal

from pipeline.lexicon.folding import fold_name
from pipeline.models.geometry import Frozen

_LANGUAGE: Final = re.compile(r"[a-z]{2,3}")
_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_NO_CURRENCY: Final = frozenset({"XXX", "XTS"})
"""ISO 4217 codes for "no currency" and for testing."""
_PLURAL_SAMPLES: Final = (1, 2, 5, 11, 100)
"""Counts that between them call for every plural form of the languages CLDR describes by whole numbers."""

DateOrder = Literal["dmy", "mdy", "ymd"]


class CldrWords(Frozen):
    """CLDR's words of one language.

    Attributes:
        months: Forms of the months' names by number (in full and short, without a closing full stop).
        languages: Folded names of languages by BCP 47 code.
        territories: Names of territories by code, ISO 3166-1's and others.
        currencies: Names and signs by ISO 4217 code.
        conjunctions: Words for "and" and "or".
        and_words: Those of them for "and".
        date_order: Order of day, month and year in a date written in numbers.
        decimal: Sign between units and decimals.
    """

    months: dict[int, tuple[str, ...]]
    languages: dict[str, str]
    territories: dict[str, str]
    currencies: dict[str, tuple[str, ...]]
    conjunctions: tuple[str, ...]
    and_words: tuple[str, ...]
    date_order: DateOrder
    decimal: str


NO_CLDR: Final = CldrWords(
    months={}, languages={}, territories={}, currencies={}, conjunctions=(), and_words=(), date_order="dmy", decimal=","
)
"""For a language that CLDR does not know: ISO order of day and month is what most of the world prints."""


def read_cldr(language: str) -> CldrWords:
    """Read CLDR's words of a language.

    Args:
        language: BCP 47 code.

    Returns:
        The words; `NO_CLDR` where CLDR does not know the language.
    """
    from babel import Locale, UnknownLocaleError
    from babel.numbers import get_currency_name

    try:
        locale = Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return NO_CLDR
    months: dict[int, tuple[str, ...]] = {}
    for number in range(1, 13):
        forms = {
            str(locale.months[context][width][number]).rstrip(".")
            for context in ("format", "stand-alone")
            for width in ("wide", "abbreviated")
        }
        months[number] = tuple(sorted(form for form in forms if any(sign.isalpha() for sign in form)))
    counts = {locale.plural_form(count): count for count in _PLURAL_SAMPLES}.values()
    symbols, usual = locale.currency_symbols, Locale("en").currency_symbols
    taken = {sign: code for code, sign in symbols.items()}
    currencies: dict[str, tuple[str, ...]] = {}
    for code in sorted(locale.currencies):
        if _CURRENCY.fullmatch(code) and code not in _NO_CURRENCY:
            names = {get_currency_name(code, count, locale) for count in counts} | {locale.currencies[code]}
            sign = symbols.get(code, code)
            # Where CLDR writes a code in place of the sign (`EUR` in Romanian), people still print the sign.
            common = set() if taken.get(usual.get(code, ""), code) != code else {usual.get(code, code)}
            currencies[code] = tuple(sorted((names | {sign} | common) - {code}))
    joints = {
        style: fold_name(str(locale.list_patterns[style]["2"]).replace("{0}", " ").replace("{1}", " "))
        for style in ("standard", "or")
        if style in locale.list_patterns
    }
    order = "".join(dict.fromkeys(re.findall("[dMy]", locale.date_formats["short"].pattern))).lower()
    return CldrWords(
        months=months,
        languages={code: fold_name(name) for code, name in locale.languages.items() if _LANGUAGE.fullmatch(code)},
        territories=dict(locale.territories),
        currencies=currencies,
        conjunctions=tuple(sorted({*joints.values()} - {""})),
        and_words=tuple(word for style, word in joints.items() if style == "standard" and word),
        date_order="mdy" if order == "mdy" else "ymd" if order.startswith("y") else "dmy",
        decimal=str(locale.number_symbols["latn"]["decimal"]),
    )
