"""Normalises a list of places."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from pipeline.lexicon import Lexicon
from pipeline.lexicon.matching import finder_of, read_text, span_tokens
from pipeline.stages.normalise.items import ITEM_SIGNS

if TYPE_CHECKING:
    from spacy.tokens import Doc

LONGEST_NAME: Final = 6
"""Most words of a place's name; more make a description."""

_BRACKET: Final = re.compile(r"\s*[(\[]([^()\[\]]*)[)\]]")
_MARK: Final = re.compile(r"(?:- |\(?[0-9]{1,2}[.)] )")
_EDGE: Final = " .;,:\u2013\u2014-"
_SIGNS: Final = re.compile(rf"\s*[{''.join(ITEM_SIGNS)}]\s*|\s+[\u2013\u2014&-]\s+")


class _Words:
    """The place words of a lexicon, compiled."""

    def __init__(self, lexicon: Lexicon) -> None:
        """Compile the words."""
        words, find = lexicon.places, finder_of(lexicon)
        self.joints = find({"joint": words.conjunctions}, names={"joint": lexicon.cldr.conjunctions})
        self.small = find({"small": (*words.particles, *words.kinds)})
        self.no_places = find({"none": words.no_places})
        self.introductions = find({"introduction": words.introductions})
        self.name_brackets = find({"name": words.name_brackets})


_load_words = lru_cache(maxsize=8)(_Words)


def find_places(text: str, lexicon: Lexicon) -> list[str] | None:
    """Find the places where a cell is a list of places.

    Args:
        text: The value's text.
        lexicon: The words of its language.

    Returns:
        The names as printed, in order, without remarks in brackets; None where the cell is no such list.
    """
    words = _load_words(lexicon)
    places: list[str] = []
    for piece in _SIGNS.split(_without_remarks(_without_introduction(text, words, lexicon), words, lexicon)):
        for name in _split_joints(_MARK.sub("", piece), words, lexicon):
            bare = name.strip(_EDGE)
            if not bare or _names_none(bare, words, lexicon):
                continue
            if not _is_name(bare, words, lexicon):
                return None
            places.append(bare)
    return places or None


def _without_introduction(text: str, words: _Words, lexicon: Lexicon) -> str:
    """Leave out what introduces the list, closed by a colon."""
    doc = read_text(text, lexicon.language)
    ends = [
        item.end
        for item in words.introductions.find_all(doc)
        if item.start == 0 and item.end < len(doc) and doc[item.end].text == ":"
    ]
    return text[doc[max(ends)].idx + 1 :] if ends else text


def _without_remarks(text: str, words: _Words, lexicon: Lexicon) -> str:
    """Leave out brackets, but for those that belong to a name."""

    def keep_name(bracket: re.Match[str]) -> str:
        inside = read_text(bracket[1], lexicon.language)
        named = any(item.end - item.start == len(inside) for item in words.name_brackets.find_all(inside))
        return bracket[0] if named else ""

    return _BRACKET.sub(keep_name, text)


def _split_joints(piece: str, words: _Words, lexicon: Lexicon) -> list[str]:
    """Divide a piece at the language's words for "and"."""
    doc = read_text(piece, lexicon.language)
    parts, position = [], 0
    for item in words.joints.find_all(doc):
        # Not the river of "Frankfurt (Oder)".
        if item.start >= position and doc[max(item.start - 1, 0)].text != "(":
            parts.append(doc[position : item.start].text)
            position = item.end
    return [*parts, doc[position:].text]


def _names_none(name: str, words: _Words, lexicon: Lexicon) -> bool:
    """Return whether all of a piece says where it is without naming a place (online, nationwide)."""
    doc = read_text(name, lexicon.language)
    return any(item.start == 0 and item.end == len(doc) for item in words.no_places.find_all(doc))


def _is_name(name: str, words: _Words, lexicon: Lexicon) -> bool:
    """Return whether a piece reads as the name of a place: capitals but for known small words, no sentence."""
    doc = read_text(name, lexicon.language)
    letters = [token for token in doc if token.text[0].isalpha()]
    if (
        not letters
        or len(letters) > LONGEST_NAME
        or any(token.text in ':!?\u201e\u201c\u201d"\u00ab\u00bb' for token in doc)
    ):
        return False
    small = span_tokens(words.small.find_all(doc))
    cased = [token for token in letters if token.text[0].islower() or token.text[0].isupper()]
    named = [token for token in cased if token.text[0].isupper()]
    if cased and not named:
        return False
    return all(token.text[0].isupper() or token.i in small or _is_inside_name(doc, token.i) for token in cased)


def _is_inside_name(doc: Doc, index: int) -> bool:
    """Return whether hyphens tie a word to those before and behind it (`Aix-en-Provence`)."""
    return [token.text for token in (*doc[max(index - 1, 0) : index], *doc[index + 1 : index + 2])] == ["-", "-"]
