"""The notation in which lexicon files write words and phrases.

A phrase is words separated by spaces. Letter case never counts.

==========  =========================================================================================
notation    meaning
==========  =========================================================================================
``word``    this form
``stem~``   the stem with one of the language's endings (`grammar.yaml`), or with none
``stem*``   the stem with anything behind it; ``*stem`` with anything before it
``a|b~``    one of several
``[word]``  this word or nothing
``...``     up to `GAP_WORDS` words of the same sentence, none of them a negation
``>``       what follows must be there, but is no part of the phrase
``$``       (last) the end of the clause: a sign or the end of the text
==========  =========================================================================================

Signs stand for themselves and are words of their own, with or without spaces around them.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, Literal, NamedTuple

GAP_WORDS: Final = 8
"""Most words that `...` stands for: words farther apart than this no longer show that they belong together."""

TOKEN: Final = re.compile(r"\n|\d+|[^\W\d_]+(?:['\u2019][^\W\d_]+)*|[^\s]")
"""A word, a number, a sign or a line feed; letters and digits that touch are apart (`2018.gada`, `34MB`)."""

_FORM: Final = r"(?:\*?[^\W\d_]+(?:['\u2019][^\W\d_]+)*[~*]?|\d+|[^\s\w|$>\[\]])"
_PATTERN_TOKEN: Final = re.compile(rf"\.\.\.|[$>]|\[{_FORM}(?:\|{_FORM})*\]|{_FORM}(?:\|{_FORM})*|[^\s\w]")


class Alternative(NamedTuple):
    """One form of a slot: the letters, and what may be before and behind them."""

    stem: str
    kind: Literal["form", "endings", "prefix", "suffix", "infix"]


class Slot(NamedTuple):
    """One place of a phrase: a word in one of several forms, a gap, where context begins, or the end of the clause."""

    kind: Literal["word", "gap", "context", "end"]
    alternatives: tuple[Alternative, ...] = ()
    optional: bool = False


def split_tokens(text: str) -> Iterator[str]:
    """Split text into words, numbers, signs and line feeds.

    Args:
        text: Any text.

    Returns:
        The tokens in order, without white space other than line feeds.
    """
    return (match.group() for match in TOKEN.finditer(text))


@lru_cache(maxsize=65536)
def parse_pattern(phrase: str) -> tuple[Slot, ...]:
    """Parse a phrase of a lexicon file.

    Args:
        phrase: The phrase in the notation of this module.

    Returns:
        Its slots in order.

    Raises:
        ValueError: The phrase is empty or not in the notation.
    """
    pieces = _PATTERN_TOKEN.findall(phrase)
    if not pieces or "".join(pieces) != "".join(phrase.split()):
        raise ValueError(f"phrase {phrase!r} is empty or not in the notation of pipeline/lexicon/patterns.py")
    slots = tuple(_parse_slot(piece) for piece in pieces)
    words = [slot for slot in slots if slot.kind == "word" and not slot.optional]
    if not words:
        raise ValueError(f"phrase {phrase!r} has no word that must be there")
    inside = {"gap", "context"}
    if slots[0].kind in inside or slots[-1].kind in inside or any(slot.kind == "end" for slot in slots[:-1]):
        raise ValueError(f"phrase {phrase!r}: '...' and '>' belong between words, '$' at the end")
    if sum(slot.kind == "context" for slot in slots) > 1:
        raise ValueError(f"phrase {phrase!r}: '>' may be given once")
    return slots


def _parse_slot(piece: str) -> Slot:
    """Parse one piece of a phrase."""
    if piece == "...":
        return Slot(kind="gap")
    if piece == ">":
        return Slot(kind="context")
    if piece == "$":
        return Slot(kind="end")
    optional = len(piece) > 2 and piece[0] == "[" and piece[-1] == "]"
    body = piece[1:-1] if optional else piece
    forms = body.split("|") if len(body) > 1 else [body]
    return Slot(kind="word", alternatives=tuple(_parse_form(form) for form in forms), optional=optional)


def _parse_form(form: str) -> Alternative:
    """Parse one form of a slot."""
    if len(form) > 1 and form.endswith("~"):
        return Alternative(stem=form[:-1].lower(), kind="endings")
    before, behind = len(form) > 1 and form[0] == "*", len(form) > 1 and form[-1] == "*"
    stem = form[before : len(form) - behind].lower()
    if not stem:
        raise ValueError(f"form {form!r} has no letters")
    if before and behind:
        return Alternative(stem=stem, kind="infix")
    return Alternative(stem=stem, kind="suffix" if before else "prefix" if behind else "form")
