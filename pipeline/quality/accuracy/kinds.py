"""Names what kind of change it is when a text or a list is not as expected."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Final, Literal, NamedTuple

from pydantic import JsonValue

ChangeKind = Literal[
    "paragraph", "white_space", "hyphen", "diacritics", "order", "truncation", "bleed", "text", "value"
]
"""`text` is any other change of a text, `value` of anything that is no text."""

BLEED_WORDS: Final = 3
"""Least number of words in a row, alien to the expected text and found in another row, that are called a bleed where
the change is more than an addition at an end: two words in a row recur between rows by chance ("ir pieejama")."""

_HYPHENS: Final = re.compile(r"\s*[\u002d\u00ad\u2010-\u2015\u2212]\s*")


class Change(NamedTuple):
    """What kind of change it is, and from which row the alien text comes, for a bleed."""

    kind: ChangeKind
    neighbour: str | None = None


def normalise_text(text: str) -> str:
    """A text as the metric `text` compares it: NFC, one space for a run of white space, paragraphs kept."""
    paragraphs = (" ".join(part.split()) for part in unicodedata.normalize("NFC", text).split("\n"))
    return "\n".join(part for part in paragraphs if part)


def name_text_change(expected: str, got: str, neighbours: Mapping[str, str]) -> Change:
    """Name the kind of a text's change.

    Args:
        expected: The text as it should be.
        got: The text as it is; not the same after `normalise_text`.
        neighbours: Other texts of the same practice by their names, the nearest first: where alien text may come from.

    Returns:
        The first kind that explains the whole change, from the slightest to the gravest.
    """
    expected, got = normalise_text(expected), normalise_text(got)
    for kind, fold in _SLIGHT.items():
        if fold(expected) == fold(got):
            return Change(kind)
    flat_expected, flat_got = " ".join(expected.split()), " ".join(got.split())
    if flat_got and flat_got in flat_expected:
        return Change("truncation")
    source = _find_bleed(flat_expected, flat_got, neighbours)
    return Change("text") if source is None else Change("bleed", source)


def name_list_change(expected: Sequence[JsonValue], got: Sequence[JsonValue], *, texts: bool) -> Change:
    """Name the kind of a list's change.

    Args:
        expected: The items as they should be.
        got: The items as they are.
        texts: True where the items are texts or targets, whose own change has a kind.

    Returns:
        `order` where only the order differs; the kind of the first changed item where the lists are equally long and
        their items are texts; else `value`.
    """
    if _count(expected) == _count(got):
        return Change("order")
    if texts and len(expected) == len(got):
        for old, new in zip(expected, got, strict=True):
            if isinstance(old, str) and isinstance(new, str) and normalise_text(old) != normalise_text(new):
                return name_text_change(old, new, {})
    return Change("value")


def _count(items: Sequence[JsonValue]) -> Counter[str]:
    return Counter(repr(item) for item in items)


def _glue(text: str) -> str:
    return "".join(text.split())


def _strip_marks(text: str) -> str:
    """Take the diacritics off: `ā` and `a` are the same then."""
    return "".join(
        character for character in unicodedata.normalize("NFD", text) if not unicodedata.combining(character)
    )


_SLIGHT: Final[dict[ChangeKind, Callable[[str], object]]] = {
    "paragraph": str.split,
    "white_space": _glue,
    "hyphen": lambda text: _glue(_HYPHENS.sub("", text)),
    "diacritics": _strip_marks,
    "order": lambda text: Counter(text.split()),
}
"""What two texts have in common that differ by a kind of change alone, from the slightest to the gravest."""


def _find_bleed(expected: str, got: str, neighbours: Mapping[str, str]) -> str | None:
    """Find the row that alien text of a value comes from."""
    others = {name: " ".join(normalise_text(text).split()) for name, text in neighbours.items()}
    if not expected or f" {got} ".startswith(f" {expected} ") or f" {got} ".endswith(f" {expected} "):
        addition = got.removeprefix(expected) if got.startswith(expected) else got.removesuffix(expected)
        return next((name for name, text in others.items() if _is_end_of(addition.strip(), text)), None)
    old, new = expected.split(), got.split()
    for action, _, _, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        alien = " ".join(new[start:end])
        if action in {"insert", "replace"} and end - start >= BLEED_WORDS and alien not in expected:
            source = next((name for name, text in others.items() if f" {alien} " in f" {text} "), None)
            if source is not None:
                return source
    return None


def _is_end_of(addition: str, text: str) -> bool:
    """Say whether an addition is the whole, the beginning or the end of a text, in whole words."""
    return bool(addition) and (f"{text} ".startswith(f"{addition} ") or f" {text}".endswith(f" {addition}"))
