"""How lexicon words and printed words are made comparable."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache

_DASHES = re.compile("[\u2010-\u2015\u2212]")
_APOSTROPHES = re.compile("[\u2018\u2019\u02bc\u00b4`]")
_COMMA_BELOW = (("\u015f", "\u0219"), ("\u0163", "\u021b"))
"""Romanian s and t with a cedilla, as fonts without the comma below have them (Unicode Standard, section 7.1)."""
_UNWRITTEN = re.compile("(?<=[\u0370-\u052f])[\u0300-\u036f]+")
"""Marks on Greek and Cyrillic letters: capitals go without the first, careless typesetting without the others."""
_MAY_BE_MARKED = re.compile("[^\u0000-\u02ff]")
"""Marks and the letters of these scripts, and all behind them: most texts have none, and are as they should be."""


def fold_letters(text: str) -> str:
    """Fold letter case, and letters that are one letter in two encodings.

    Args:
        text: Any text.

    Returns:
        The folded text, Unicode NFC.
    """
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())
    for cedilla, comma in _COMMA_BELOW:
        folded = folded.replace(cedilla, comma)
    return folded


def drop_marks(text: str) -> str:
    """Drop what Greek and Cyrillic words may lack in print: tonos, breve, dieresis.

    Args:
        text: A folded word or name.

    Returns:
        The text without these marks, Unicode NFC.
    """
    if _MAY_BE_MARKED.search(text) is None:
        return text
    return unicodedata.normalize("NFC", _UNWRITTEN.sub("", unicodedata.normalize("NFD", text)))


@lru_cache(maxsize=65536)
def fold_token(text: str) -> str:
    """Fold a word for comparing it with a lexicon's.

    A word of one letter keeps its marks: they are all that distinguishes the Greek "or" from the article.

    Args:
        text: A word or sign.

    Returns:
        The folded word.
    """
    folded = fold_letters(text)
    return folded if len(folded) == 1 or folded.isascii() else drop_marks(folded)


@lru_cache(maxsize=65536)
def fold_name(text: str) -> str:
    """Fold what doesn't distinguish two names: letter case, kind of dash and apostrophe, white space.

    Diacritics stay: they do distinguish words in many languages.

    Args:
        text: A name or phrase.

    Returns:
        The folded form, Unicode NFC.
    """
    folded = fold_letters(text)
    folded = _APOSTROPHES.sub("'", _DASHES.sub("-", folded))
    return " ".join(folded.split())


def reject_twins(what: str, forms: Iterable[tuple[object, str]], fold: Callable[[str], str] = fold_name) -> None:
    """Reject a form that a file gives twice, which would mean two things.

    Args:
        what: What the forms are, for the message.
        forms: Each with the key that it is given under.
        fold: Makes forms comparable.

    Raises:
        ValueError: Two forms are one when they are folded.
    """
    seen: dict[str, object] = {}
    for key, form in forms:
        if (folded := fold(form)) in seen:
            raise ValueError(f"{what} {form!r} is given under {seen[folded]} and {key}; keep one")
        seen[folded] = key
