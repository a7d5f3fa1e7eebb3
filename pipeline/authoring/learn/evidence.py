"""What survives translation, and how alike two cells are by it.

URLs, numbers, names and abbreviations stay as they are, a long text stays long, a list stays a list and a question a
question. Of a translation nothing else can be compared without knowing the language.
"""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import cache
from typing import Final, NamedTuple
from urllib.parse import unquote, urlsplit

URL_WEIGHT: Final = 5.0
"""Two cells with the same links are translations of one another, whatever else they hold."""

TOKEN_WEIGHT: Final = 3.0
"""Numbers and names in common; a few of them may be so by chance."""

KIND_WEIGHT: Final = 1.0
"""Values of the same kind: an address of a page and its translation's may have nothing else in common."""

LENGTH_WEIGHT: Final = 1.2
"""Lengths that agree: true of many pairs of cells, but seldom of short and long ones."""

SHAPE_WEIGHT: Final = 0.5
"""Paragraphs, list items and quotations that agree."""

LABEL_WEIGHT: Final = 0.9
"""Labels that agree in length, question marks, brackets and slashes."""

LENGTH_SPREAD: Final = 0.45
"""Standard deviation of the logarithm of a translation's length against its original's, after the usual ratio."""

SPREADS: Final = 1.5
"""How many of these deviations off a length speaks neither for a pair nor against it."""

OTHER_URLS: Final = 0.3
"""What addresses that are all others count against a pair, as a share of what they count for it where they agree: a
translation may name its own language's pages."""

ONE_SIDED: Final = 0.2
"""The same of addresses, or numbers and names, that one of two cells has alone."""

OTHER_KIND: Final = 0.5
"""The same of kinds of values that differ."""

FEW_TOKENS, FEW_LOST = 3, 6
"""Weight of numbers and names (by rarity: 4.6 for one that is in one of a hundred cells) from which their agreement, or
their absence from the other cell, counts by two thirds of the most."""

CHANCE_TOKENS: Final = 0.15
"""Share of the numbers and names of two cells that are the same by chance."""

LABEL_LENGTH, LABEL_MARKS = 0.6, 0.4
"""What the length of labels counts in their agreement, and what their punctuation counts."""

SHORT_CHARACTERS: Final = 12
"""So many characters are added to both lengths: of "Yes" and "Jā" the ratio says nothing."""

MIN_NAME_LETTERS: Final = 3
"""Shorter words are the same in two languages by chance."""

_NUMBER: Final = re.compile(r"\d+")
_WORD: Final = re.compile(r"[^\W\d_]+(?:\d+)?|[^\W\d_]*\d+[^\W\d_]+")
_QUOTES: Final = re.compile('[\u201e\u201c\u201d\u00ab\u00bb"\u201f]')
_URL: Final = re.compile(r"https?://\S+|www\.\S+")
_KINDS: Final = {
    "address": re.compile(r"(?:(?:https?://|www\.)\S+\s*)+"),
    "date": re.compile(r"(?=.*\b(?:19|20)\d\d\b).{4,60}"),
    "money": re.compile(r".*?(?:[€$£]\s?\d|\d\s?(?:[€$£%]|[A-Z]{3}\b)).*", re.DOTALL),
}
"""What is an address and nothing else, short with a year, or holds an amount with a sign or code."""
_ITEM: Final = re.compile(r"^(?:- |\(?\d{1,2}[.)] )", re.MULTILINE)


class Signature(NamedTuple):
    """What of a cell can be compared with its translation.

    Attributes:
        urls: Targets of links and printed URLs, without scheme and case.
        tokens: Numbers and words, folded.
        length: Characters of the text.
        kinds: What the value is in any language: an address, a date, money.
        shape: Counts of paragraphs, list items and quotation marks.
        label: Length of the label in characters, and its counts of question marks, opening brackets and slashes.
    """

    urls: frozenset[str]
    tokens: frozenset[str]
    kinds: frozenset[str]
    length: int
    shape: tuple[int, int, int]
    label: tuple[int, int, int, int]


def sign_cell(label: str, text: str, urls: Iterable[str]) -> Signature:
    """Read off a row what of it survives translation.

    Args:
        label: The label on one line.
        text: The value's text.
        urls: Targets of the value's links.

    Returns:
        The signature.
    """
    printed = _URL.findall(text)
    bare = _URL.sub(" ", text)
    return Signature(
        urls=frozenset(_fold_url(url) for url in (*urls, *printed)),
        tokens=frozenset(_NUMBER.findall(bare)) | frozenset(_words(bare)),
        kinds=frozenset(kind for kind, form in _KINDS.items() if form.fullmatch(text)),
        length=len(text),
        shape=(text.count("\n") + 1, len(_ITEM.findall(text)), len(_QUOTES.findall(text)) // 2),
        label=(len(label), label.count("?"), label.count("("), label.count("/")),
    )


def _fold_url(url: str) -> str:
    """Fold what never distinguishes two targets."""
    parts = urlsplit(url if "//" in url else f"//{url}")
    path = unquote(parts.path).rstrip("/.,;)")
    return f"{parts.netloc.removeprefix('www.')}{path}?{unquote(parts.query)}".casefold().rstrip("?")


def _words(text: str) -> set[str]:
    """The words that may be names: folded to letters without marks."""
    words = set()
    for word in _WORD.findall(text):
        decomposed = unicodedata.normalize("NFKD", word)
        folded = "".join(character for character in decomposed if not unicodedata.combining(character)).casefold()
        if len(folded) >= MIN_NAME_LETTERS or (word.isupper() and len(word) > 1) or any(map(str.isdigit, word)):
            words.add(folded)
    return words


class Comparer:
    """Compares cells of two editions by what survives translation; what is rare in both weighs most."""

    def __init__(self, known: Iterable[Signature], new: Iterable[Signature]) -> None:
        """Weigh tokens by how rare they are, and measure how long translations are.

        Args:
            known: The known edition's cells.
            new: The new edition's cells.
        """
        sides = (list(known), list(new))
        counts = [Counter(token for cell in side for token in cell.tokens) for side in sides]
        sizes = [max(1, len(side)) for side in sides]
        shared = counts[0].keys() & counts[1].keys()
        self._weights = {
            token: min(math.log(1 + size / count[token]) for size, count in zip(sizes, counts, strict=True))
            for token in shared
        }
        lengths = [sum(cell.length for cell in side) / size for side, size in zip(sides, sizes, strict=True)]
        self._ratio = math.log(max(1.0, lengths[1]) / max(1.0, lengths[0]))
        labels = [sum(cell.label[0] for cell in side) / size for side, size in zip(sides, sizes, strict=True)]
        self._label_ratio = math.log(max(1.0, labels[1]) / max(1.0, labels[0]))
        self._weigh = cache(self._sum_weights)

    def compare(self, known: Signature, new: Signature) -> float:
        """Say how likely two cells are translations of one another.

        Args:
            known: The known cell.
            new: The new one.

        Returns:
            A sum of what speaks for it (above 0) and against it (below 0).
        """
        return self.compare_values(known, new) + self._compare_labels(known, new)

    def compare_values(self, known: Signature, new: Signature) -> float:
        """Compare the values alone; as `compare`."""
        score = 0.0
        if known.urls or new.urls:
            shared = len(known.urls & new.urls) / max(1, min(len(known.urls), len(new.urls)))
            score += URL_WEIGHT * shared if shared else -OTHER_URLS * URL_WEIGHT * bool(known.urls and new.urls)
            score -= ONE_SIDED * URL_WEIGHT * (bool(known.urls) != bool(new.urls))
        if known.kinds or new.kinds:
            score += KIND_WEIGHT * (1.0 if known.kinds & new.kinds else -OTHER_KIND)
        ours, theirs = self._weigh(known.tokens), self._weigh(new.tokens)
        if ours and theirs:
            alike = 2 * self._weigh(known.tokens & new.tokens) / (ours + theirs)
            certain = 1 - math.exp(-min(ours, theirs) / FEW_TOKENS)
            score += TOKEN_WEIGHT * certain * (alike - CHANCE_TOKENS)
        elif ours or theirs:
            score -= ONE_SIDED * TOKEN_WEIGHT * (1 - math.exp(-max(ours, theirs) / FEW_LOST))
        score += LENGTH_WEIGHT * self._fit(_log_ratio(new.length, known.length) - self._ratio)
        alike = (
            sum(min(a, b) / max(a, b, 1) if a or b else 1.0 for a, b in zip(known.shape, new.shape, strict=True)) / 3
        )
        return score + SHAPE_WEIGHT * (2 * alike - 1)

    def _compare_labels(self, known: Signature, new: Signature) -> float:
        length = self._fit(_log_ratio(new.label[0], known.label[0]) - self._label_ratio)
        marks = sum(a == b for a, b in zip(known.label[1:], new.label[1:], strict=True)) / 3
        return LABEL_WEIGHT * (LABEL_LENGTH * length + LABEL_MARKS * (2 * marks - 1))

    def _sum_weights(self, tokens: frozenset[str]) -> float:
        # Sorted, for a sum of floats depends on its order, and a set's order on the process.
        return sum(self._weights[token] for token in sorted(tokens) if token in self._weights)

    @staticmethod
    def _fit(deviation: float) -> float:
        """1 for the usual length, 0 where it is `SPREADS` off, at least -1."""
        return max(-1.0, 1 - (deviation / (SPREADS * LENGTH_SPREAD)) ** 2)


def _log_ratio(new: int, known: int) -> float:
    return math.log((new + SHORT_CHARACTERS) / (known + SHORT_CHARACTERS))
