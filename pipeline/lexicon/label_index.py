"""How a printed label is found in a label lexicon: exactly, or but for an evident typo.

Both the chapter stage (is this the first row of a descriptive table?) and the map stage compare labels, so what makes
two labels the same is decided here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from pipeline.lexicon.folding import fold_letters
from pipeline.lexicon.labels import ALTERNATIVES, LabelEntry
from pipeline.lexicon.wordings import WordingReader, Wordings

if TYPE_CHECKING:
    from pipeline.lexicon.load import Lexicon

_DASHES = re.compile("[\u00ad\u2010-\u2015\u2212]")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
_QUOTES = re.compile("[\u201c-\u201f\u00ab\u00bb\u2039\u203a\"\u2018-\u201b'`\u00b4\u02bc]")
_TIGHT = re.compile(r"\s*([/\-])\s*")
_SIGNS = re.compile(r"[\W_]+")
_NUMBERING = re.compile(r"^\(?(?:\d{1,3}(?:\.\d{1,3})*|[ivxlc]{1,5}|[a-z])[.)](?:\d{1,3}\.?)*\s+|^\d{1,3}\s+")
_LEADING = re.compile(r"^[^\w(]+")
_TRAILING = re.compile(r"[^\w)]+$")

SHORT_WORD_LETTERS = 3
"""A word up to this long has too few letters for a wrong one to be evident: only diacritics and swaps pass."""

MIDDLE_WORD_LETTERS = 7
"""A word up to this long may have one wrong letter, a longer one two; with more it may as well be another word."""

LETTERS_PER_SLIP = 9
"""One difference in so many letters of the whole label (but always one) is a typo; more is another wording."""

RECOGNISED_LETTERS_PER_SLIP = 4
"""The same for text from character recognition, which takes more letters for others."""


@lru_cache(maxsize=65536)
def fold_label(text: str) -> str:
    """Fold what never distinguishes two labels: marker, trailing colon, letter case, kind of dash, white space.

    Args:
        text: A label, or part of one, as printed.

    Returns:
        The folded form; diacritics and punctuation within the label stay. Empty where the text has no letters.
    """
    folded = fold_letters(_INVISIBLE.sub("", unicodedata.normalize("NFKC", text)))
    folded = _QUOTES.sub("'", _DASHES.sub("-", folded))
    folded = _LEADING.sub("", " ".join(folded.split()))
    return _TIGHT.sub(r"\1", _TRAILING.sub("", folded))


def strip_numbering(folded: str) -> str:
    """Take the printed number (`1.`, `1.1.`, `(a)`) off the front of a folded label.

    Args:
        folded: A label after `fold_label`.

    Returns:
        The label without its number; unchanged where nothing else would be left.
    """
    return _LEADING.sub("", _NUMBERING.sub("", folded)) or folded


def bare_words(text: str) -> tuple[str, ...]:
    """Split a label into its words without case, diacritics and punctuation.

    Args:
        text: A label as printed.

    Returns:
        The words; what punctuation divides (`and/or`) is two words.
    """
    decomposed = unicodedata.normalize("NFKD", _INVISIBLE.sub("", text).casefold())
    letters = "".join(character for character in decomposed if not unicodedata.combining(character))
    return tuple(re.findall(r"[^\W_]+", letters))


class KnownLabel(NamedTuple):
    """A label of the lexicon, made comparable.

    Attributes:
        field: The field it names.
        text: As it is in the lexicon.
        draft: True where no person has read the entry yet.
        folded: After `fold_label`.
        words: After `bare_words`.
    """

    field: str
    text: str
    draft: bool
    folded: str
    words: tuple[str, ...]


class LabelMatch(NamedTuple):
    """A printed label found in the lexicon: the entry, the typos between them, and their similarity (0 to 1).

    `worded` is True where there is no such entry, and the label's words name the field.
    """

    known: KnownLabel
    slips: int
    score: float
    worded: bool = False


class LabelIndex:
    """The labels of a lexicon, ready to be looked up."""

    def __init__(
        self, labels: Mapping[str, Sequence[LabelEntry]], wordings: Wordings | None = None, endings: Iterable[str] = ()
    ) -> None:
        """Index the labels of each field, and the words by which labels in free words are read."""
        self.wordings = WordingReader(wordings or Wordings(), endings)
        self.known: tuple[KnownLabel, ...] = tuple(
            KnownLabel(field, entry.text, entry.status == "draft", fold_label(entry.text), bare_words(entry.text))
            for field, entries in labels.items()
            for entry in entries
        )
        patterns = (entry.pattern for entries in labels.values() for entry in entries)
        self._patterns = [
            (*_read_alternatives(text), known) for text, known in zip(patterns, self.known, strict=True) if text
        ]
        # Of several labels that are alike so the first counts.
        self._exact = {known.folded: known for known in reversed(self.known)}
        self._bare = {"".join(known.words): known for known in reversed(self.known)}
        self._combined = lru_cache(maxsize=4096)(self._find_combined)
        self._compact = ["".join(known.words) for known in self.known]
        self.most_words = max((len(known.text.split()) for known in self.known), default=0)

    def find_exact(self, text: str) -> LabelMatch | None:
        """Find a label that is printed as in the lexicon.

        Capitals may lack their diacritics, as they do where a heading is set in capitals.

        Args:
            text: The label, or part of one, as printed.

        Returns:
            What was found, or None.
        """
        folded = fold_label(text)
        if not folded:
            return None
        bare = strip_numbering(folded)
        known = self._exact.get(folded) or self._exact.get(bare) or self._combined(bare)
        if known is None and text.isupper():
            known = self._bare.get("".join(bare_words(folded))) or self._bare.get("".join(bare_words(bare)))
        return None if known is None else LabelMatch(known, 0, 1.0)

    def _find_combined(self, folded: str) -> KnownLabel | None:
        """Find a label that combines an entry's alternatives; None where entries of several fields can be read so."""
        letters = _SIGNS.sub("", folded)
        found = {
            known.field: known
            for beginnings, pattern, known in self._patterns
            if letters.startswith(beginnings) and re.fullmatch(pattern, letters)
        }
        return next(iter(found.values())) if len(found) == 1 else None

    def find_worded(self, text: str, *, sure: bool = True) -> LabelMatch | None:
        """Find the one field that a label in free words names.

        Args:
            text: A whole label as printed.
            sure: False to find the field that a label of general words may name, too.

        Returns:
            What was found, or None: an unknown word, or several fields.
        """
        bare = strip_numbering(fold_label(text))
        fields = tuple(self.wordings.find_fields(bare, sure=sure))
        if len(fields) != 1:
            return None
        return LabelMatch(KnownLabel(fields[0], bare, self.wordings.draft, bare, bare_words(bare)), 0, 1.0, worded=True)

    def find_slip(self, text: str, *, recognised: bool = False) -> LabelMatch | None:
        """Find a label that differs from the lexicon's by evident typos only.

        An evident typo is a wrong, missing or additional letter, two letters swapped, a diacritic, a space or a
        punctuation mark; never a word. Where two fields come about equally near, nothing is evident.

        Args:
            text: The label, or part of one, as printed.
            recognised: True where the text comes from character recognition: more typos pass.

        Returns:
            What was found (also where the label is exact), or None.
        """
        exact = self.find_exact(text)
        if exact is not None:
            return exact
        words = bare_words(strip_numbering(fold_label(text)))
        compact = "".join(words)
        if not compact:
            return None
        nearest: dict[str, LabelMatch] = {}
        # A label may be longer than what is printed by the typos that its own length allows.
        most = _slips_allowed(2 * len(compact), recognised=recognised)
        near = process.extract(compact, self._compact, scorer=OSA.distance, score_cutoff=most, limit=None)
        for target, _, number in sorted(near, key=lambda item: item[2]):
            known = self.known[number]
            slips = _count_slips(words, known.words, recognised=recognised)
            if slips is None:
                continue
            found = LabelMatch(known, max(1, slips), round(1 - max(0.5, slips) / max(len(compact), len(target)), 3))
            other = nearest.get(known.field)
            if other is None or found.slips < other.slips:
                nearest[known.field] = found
        ranked = sorted(nearest.values(), key=lambda found: found.slips)
        if not ranked or (len(ranked) > 1 and ranked[1].slips < 2 * ranked[0].slips + 1):
            return None
        return ranked[0]

    def find(self, text: str, *, recognised: bool = False) -> LabelMatch | None:
        """Find a label exactly or, failing that, by evident typos (see `find_exact`, `find_slip`)."""
        return self.find_exact(text) or self.find_slip(text, recognised=recognised)


def _read_alternatives(pattern: str) -> tuple[tuple[str, ...], str]:
    """Read a label with alternatives: letters and digits only, for signs and spaces between them vary.

    Returns:
        How it can begin, which tells most texts from it before its expression is compiled, and the expression.
    """
    pieces = [
        [_SIGNS.sub("", fold_label(form)) for form in (piece.split("|") if number % 2 else [piece])]
        for number, piece in enumerate(ALTERNATIVES.split(pattern))
    ]
    beginnings = tuple(pieces[0][0] + form for form in pieces[1])
    return beginnings, "".join(f"(?:{'|'.join(forms)})" for forms in pieces)


@lru_cache(maxsize=8)
def index_labels(lexicon: Lexicon) -> LabelIndex:
    """Index a lexicon's labels, once."""
    return LabelIndex(lexicon.labels, lexicon.wordings, lexicon.grammar.endings)


def _count_slips(printed: tuple[str, ...], known: tuple[str, ...], *, recognised: bool) -> int | None:
    """Count the letters that differ between two labels' words; None where they are no evident typos."""
    joined, target = "".join(printed), "".join(known)
    allowed = _slips_allowed(max(len(joined), len(target)), recognised=recognised)
    if abs(len(joined) - len(target)) > allowed:
        return None
    total = OSA.distance(joined, target, score_cutoff=allowed)
    if total > allowed:
        return None
    if recognised or total == 0:
        return int(total)
    if len(printed) != len(known):
        # A space too many or too few, and at most one letter next to it that is no word: more is a word added or lost.
        longer, shorter = sorted((printed, known), key=len, reverse=True)
        lost = total and any(longer[:at] + longer[at + 1 :] == shorter for at in range(len(longer)))
        return int(total) if total <= 1 and not lost and abs(len(printed) - len(known)) <= 2 else None
    for one, other in zip(printed, known, strict=True):
        if OSA.distance(one, other) > _letters_allowed(one, other):
            return None
    return int(total)


def _slips_allowed(letters: int, *, recognised: bool) -> int:
    """Say how many typos a label of so many letters may have."""
    return max(1, letters // (RECOGNISED_LETTERS_PER_SLIP if recognised else LETTERS_PER_SLIP))


def _letters_allowed(one: str, other: str) -> int:
    """Say how many letters may differ between two words for the difference to be an evident typo."""
    length = max(len(one), len(other))
    if length <= SHORT_WORD_LETTERS:
        return 1 if sorted(one) == sorted(other) else 0
    return 1 if length <= MIDDLE_WORD_LETTERS else 2
