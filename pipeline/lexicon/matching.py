"""Finds the lexicon's phrases in text, by spaCy.

The project's own tokenizer makes spaCy documents (words, numbers and signs apart, so that `2018.gada` and
`meklētāji/saņēmēji` come apart alike in every language); spaCy's `Matcher` finds the phrases, each compiled from the
notation of `pipeline.lexicon.patterns`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property, lru_cache, partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pipeline.lexicon.folding import drop_marks, fold_token
from pipeline.lexicon.patterns import GAP_WORDS, TOKEN, Alternative, Slot, parse_pattern, split_tokens
from pipeline.lexicon.spacy_import import import_spacy
from pipeline.lexicon.values import IGNORE, Grammar, Phrase
from pipeline.text.languages import is_foreign

if TYPE_CHECKING:
    from spacy.matcher import Matcher
    from spacy.tokens import Doc
    from spacy.vocab import Vocab

    from pipeline.lexicon.load import Lexicon

NEGATION_REACH: Final = 2
"""A negation at most so many words before a phrase turns it round (`nav pieejams tiešsaistē`)."""

LETTERS: Final = "letters"
"""The key, in a document's `user_data`, of its words, folded and without marks, with a space around each."""
NORMS: Final = "norms"
"""The key, likewise, of its words, folded: spaCy makes each anew from its number."""
SENTENCE_SIGNS: Final = frozenset(".!?;\n")
CLAUSE_SIGNS: Final = frozenset(".,;:!?)\u2026\n\u2013\u2014-/\u00b7")
APART_SIGNS: Final = frozenset(",:()\u2026\u2013\u2014\u00b7\u0387")
"""Signs that part clauses, besides those that end a sentence; the last two are the Greek semicolon."""
_QUOTED: Final = re.compile(
    '[\u201e\u201c"\u00ab\u201f\u2018\u201a]([^\u201e\u201c\u201d"\u00ab\u00bb]{3,}?)[\u201d\u201c"\u00bb]'
)


class PhraseMatch(NamedTuple):
    """A phrase found: its label, its first token and the one behind its last, and the tokens that are its own words.

    The words that only fill a gap of the phrase are not its own: another phrase may be among them.
    """

    label: str
    start: int
    end: int
    tokens: tuple[int, ...]


class PhraseFinder:
    """Finds labelled phrases in texts of one language."""

    def __init__(
        self,
        phrases: Mapping[str, Iterable[Phrase]],
        language: str,
        grammar: Grammar,
        names: Mapping[str, Iterable[str]] | None = None,
    ) -> None:
        """Compile the phrases.

        Args:
            phrases: By label, the phrases that mean it.
            language: BCP 47 code of the texts.
            grammar: The language's endings and negations.
            names: By label, names that are taken as they are (CLDR's, which are not in the lexicon's notation).
        """
        self._language = language
        barred = sorted({*SENTENCE_SIGNS, *(fold_token(phrase.text) for phrase in grammar.negations)})
        self._patterns = [
            _Pattern(label, parse_pattern(phrase.text), language, grammar.endings, barred)
            for label, entries in phrases.items()
            for phrase in entries
        ]
        self.longest = max((pattern.longest for pattern in self._patterns), default=0)
        """Most tokens that a phrase of the lexicon's notation takes."""
        self._names: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for label, forms in (names or {}).items():
            for form in forms:
                words = tuple(map(fold_token, split_tokens(form)))
                self._names.setdefault(words[0], []).append((words, label))

    def find_all(self, doc: Doc) -> list[PhraseMatch]:
        """Find every phrase, overlapping ones too.

        Args:
            doc: A text read by `read_text`.

        Returns:
            The phrases by their place in the text, of those that begin together the longest first.
        """
        letters = doc.user_data[LETTERS]
        found = {item for pattern in self._patterns if pattern.may_occur_in(letters) for item in pattern.find(doc)}
        if self._names:
            norms = doc.user_data[NORMS]
            for start, norm in enumerate(norms):
                for words, label in self._names.get(norm, ()):
                    end = start + len(words)
                    if norms[start:end] == words:
                        found.add(PhraseMatch(label, start, end, tuple(range(start, end))))
        return sorted(found, key=lambda item: (item.start, -item.end, item.label, item.tokens))

    def find(self, doc: Doc) -> list[PhraseMatch]:
        """Find the phrases that no longer one overlaps, outside foreign quotations.

        Args:
            doc: A text read by `read_text`.

        Returns:
            The phrases in the text's order, those labelled `ignore` left out.
        """
        chosen = choose_longest(self.find_all(doc))
        return [item for item in drop_foreign(doc, chosen, self._language) if item.label != IGNORE]


class _Pattern:
    """A phrase of the lexicon, compiled when a text holds its letters: most phrases are in none of a booklet's."""

    def __init__(
        self, label: str, slots: Sequence[Slot], language: str, endings: Sequence[str], barred: Sequence[str]
    ) -> None:
        self._label, self._language, self._endings, self._barred = label, language, endings, barred
        kinds = [slot.kind for slot in slots]
        self._closed = kinds[-1] == "end"
        self._context = kinds.index("context") if "context" in kinds else len(slots)
        self._slots = [slot for slot in slots if slot.kind in {"word", "gap"}]
        self.longest = sum(GAP_WORDS if slot.kind == "gap" else 1 for slot in self._slots)
        words = (slot for slot in self._slots if slot.kind == "word" and not slot.optional)
        self._stems = [[_bound_stem(form) for form in slot.alternatives] for slot in words]

    def may_occur_in(self, letters: str) -> bool:
        """Return whether a text has the letters of each word that must be there."""
        for stems in self._stems:
            for stem in stems:
                if stem in letters:
                    break
            else:
                return False
        return True

    @cached_property
    def _matcher(self) -> Matcher:
        from spacy.matcher import Matcher

        compiled = [_compile_slot(slot, self._endings, self._barred) for slot in self._slots]
        if self._closed and self._slots[-1].kind == "gap":
            compiled[-1]["NORM"] = {"NOT_IN": sorted({*self._barred, *CLAUSE_SIGNS})}
        matcher = Matcher(load_vocab(self._language))
        matcher.add(self._label, [compiled])
        return matcher

    def find(self, doc: Doc) -> Iterator[PhraseMatch]:
        """Find it, overlapping itself too."""
        # The matcher's stub does not know the fourth member, the slot of each token.
        matches: Iterable[Any] = self._matcher(doc, with_alignments=True)
        for _, start, end, slots in matches:
            if not self._closed or _closes(doc, end):
                own = [place for place, slot in enumerate(slots) if slot < self._context]
                tokens = tuple(start + place for place in own if self._slots[slots[place]].kind != "gap")
                yield PhraseMatch(self._label, start, start + len(own), tokens)


def finder_of(lexicon: Lexicon) -> Callable[..., PhraseFinder]:
    """Return `PhraseFinder` for the language and the grammar of a lexicon."""
    return partial(PhraseFinder, language=lexicon.language, grammar=lexicon.grammar)


def choose_longest(found: Sequence[PhraseMatch]) -> list[PhraseMatch]:
    """Choose among overlapping phrases: the one of most words, of equal ones the closest together, then the first.

    Of two that are equal in all of it, the one to ignore counts.

    Args:
        found: Phrases in any order.

    Returns:
        Phrases that have no word in common, in the text's order.
    """
    taken: set[int] = set()
    chosen = []
    for item in sorted(
        found, key=lambda item: (-len(item.tokens), item.end - item.start, item.start, item.label != IGNORE, item.label)
    ):
        if taken.isdisjoint(item.tokens):
            taken.update(item.tokens)
            chosen.append(item)
    return sorted(chosen, key=lambda item: item.start)


def span_tokens(found: Iterable[PhraseMatch], *labels: str) -> frozenset[int]:
    """Return all the tokens that phrases span, those in their gaps too; with labels, of phrases with these only."""
    return frozenset(
        index for item in found if not labels or item.label in labels for index in range(item.start, item.end)
    )


@cache  # never dropped: what is compiled with one vocabulary can't read another's texts
def load_vocab(language: str) -> Vocab:  # noqa: ARG001 - each language has a vocabulary of its own
    """Begin the vocabulary that a language's documents share, once.

    Of a new word only the folded forms are kept, not whether it is like an address.

    Args:
        language: BCP 47 code.
    """
    import_spacy()
    from spacy.attrs import LOWER  # type: ignore[import-not-found]  # it has no stub
    from spacy.vocab import Vocab

    return Vocab(lex_attr_getters={LOWER: str.lower})


@lru_cache(maxsize=16)  # a value is read for each thing that is looked for in it
def read_text(text: str, language: str) -> Doc:
    """Divide a text into tokens.

    Args:
        text: Text with single spaces and line feeds; these are tokens.
        language: BCP 47 code of the text.

    Returns:
        The spaCy document; `token.idx` are offsets into the text.
    """
    vocab = load_vocab(language)
    from spacy.tokens import Doc

    matches = list(TOKEN.finditer(text))
    spaces = [
        match.end() < len(text) and text[match.end()] != "\n" and text[match.end()].isspace() for match in matches
    ]
    doc = Doc(vocab, words=[match.group() for match in matches], spaces=spaces)
    norms = [fold_token(match.group()) for match in matches]
    for token, norm in zip(doc, norms, strict=True):
        token.norm_ = norm
    doc.user_data[NORMS] = tuple(norms)
    doc.user_data[LETTERS] = drop_marks(f" {' '.join(norms)} ")
    return doc


@lru_cache(maxsize=16)
def _compile_negations(language: str, grammar: Grammar) -> PhraseFinder:
    """Compile a language's words of negation, once."""
    return PhraseFinder({"not": grammar.negations, IGNORE: grammar.affirmed}, language, grammar)


def find_negations(doc: Doc, language: str, grammar: Grammar) -> list[PhraseMatch]:
    """Find the words of negation that deny something.

    Args:
        doc: A text read by `read_text`.
        language: BCP 47 code of the text.
        grammar: The language's negations, and the phrases in which they deny nothing.

    Returns:
        The negations, in the text's order.
    """
    return [
        item for item in choose_longest(_compile_negations(language, grammar).find_all(doc)) if item.label != IGNORE
    ]


def is_negated(doc: Doc, start: int, negations: Iterable[PhraseMatch]) -> bool:
    """Return whether a negation is shortly before a phrase, in the same clause.

    Args:
        doc: The text.
        start: The phrase's first token.
        negations: The text's negations.

    Returns:
        True where one does.
    """
    ends = {item.end for item in negations if start - NEGATION_REACH <= item.end <= start}
    for position in range(start, max(start - NEGATION_REACH, 0) - 1, -1):
        if position in ends:
            return True
        if position == 0 or CLAUSE_SIGNS & set(doc[position - 1].text):
            return False
    return False


@lru_cache(maxsize=16)
def _compile_apart(language: str, grammar: Grammar) -> PhraseFinder:
    """Compile a language's words that set apart what they are next to, once."""
    return PhraseFinder({"before": grammar.apart_before, "behind": grammar.apart_behind}, language, grammar)


def find_apart(doc: Doc, language: str, grammar: Grammar, starts: Iterable[int]) -> dict[int, str]:
    """Find what is named only to say that it does not hold here or now ("formerly posters", "refugees: elsewhere").

    Args:
        doc: A text read by `read_text`.
        language: BCP 47 code of the text.
        grammar: The language's words that set apart.
        starts: First tokens of what is named.

    Returns:
        By the first token of each that is set apart, its clause. A word before it may as well close its clause, or be
        in brackets behind it ("newspapers formerly", "newspapers (formerly)").
    """
    apart: dict[int, str] = {}
    named = sorted(starts)
    for item in choose_longest(_compile_apart(language, grammar).find_all(doc)) if named else ():
        first = next((i + 1 for i in range(item.start - 1, -1, -1) if _parts_clauses(doc, i)), 0)
        end = next((i for i in range(item.end, len(doc)) if _parts_clauses(doc, i)), len(doc))
        inside = [start for start in named if first <= start < end]
        behind = [start for start in inside if start >= item.end] if item.label == "before" else []
        before = [start for start in inside if start < item.start]
        if not inside and first > 0 and doc[first - 1].text == "(":
            before = [start for start in named if start < first][-1:]
        apart.update(dict.fromkeys(behind or before, doc[first:end].text))
    return apart


def _parts_clauses(doc: Doc, index: int) -> bool:
    """Return whether a token parts clauses; a hyphen between two words does not."""
    return doc[index].text in APART_SIGNS or sentence_end(doc, index)


def sentence_end(doc: Doc, index: int) -> bool:
    """Return whether a token ends a sentence: a line feed, a sign of its own, or a full stop before a capital letter.

    Args:
        doc: The text.
        index: The token.

    Returns:
        True where it does.
    """
    text = doc[index].text
    if text in {"\n", "!", "?", ";"}:
        return True
    if text != ".":
        return False
    follower = doc[index + 1].text if index + 1 < len(doc) else "\n"
    return follower == "\n" or follower[0].isupper() or not (follower[0].isalnum() or follower in ",)-:/\u2013\u2014")


def drop_foreign(doc: Doc, found: Iterable[PhraseMatch], language: str) -> list[PhraseMatch]:
    """Leave out phrases inside quotation marks that hold text in another language (a foreign title).

    Args:
        doc: The text.
        found: Phrases in any order.
        language: BCP 47 code of the text.

    Returns:
        The other phrases, in the same order.
    """
    passages = [(match.start(1), match.end(1), match.group(1)) for match in _QUOTED.finditer(doc.text)]
    starts = [start for start, _, _ in passages]
    kept = []
    for item in found:
        last = doc[item.end - 1]
        number = bisect_right(starts, doc[item.start].idx) - 1
        inside = number >= 0 and last.idx + len(last.text) <= passages[number][1]
        if not (inside and is_foreign(passages[number][2], language)):
            kept.append(item)
    return kept


def _closes(doc: Doc, end: int) -> bool:
    """Return whether a clause ends before the token."""
    return end >= len(doc) or doc[end].text in CLAUSE_SIGNS


def _compile_slot(slot: Slot, endings: Sequence[str], barred: Sequence[str]) -> dict[str, Any]:
    """Compile a slot into a token description of spaCy's Matcher."""
    if slot.kind == "gap":
        return {"NORM": {"NOT_IN": list(barred)}, "OP": f"{{0,{GAP_WORDS}}}"}
    forms: set[str] = set()
    expressions: list[str] = []
    for form in slot.alternatives:
        _collect_forms(form, endings, forms, expressions)
    if expressions:
        expressions.extend(sorted(re.escape(form) for form in forms))
        token: dict[str, Any] = {"NORM": {"REGEX": f"^(?:{'|'.join(expressions)})$"}}
    elif len(forms) == 1:
        token = {"NORM": forms.pop()}
    else:
        token = {"NORM": {"IN": sorted(forms)}}
    if slot.optional:
        token["OP"] = "?"
    return token


def _bound_stem(form: Alternative) -> str:
    """Return an alternative's letters, folded and without marks, with a space where a word begins or ends there."""
    before, behind = ("" if form.kind in {"suffix", "infix"} else " "), (" " if form.kind in {"form", "suffix"} else "")
    return f"{before}{drop_marks(fold_token(form.stem))}{behind}"


def _collect_forms(form: Alternative, endings: Sequence[str], forms: set[str], expressions: list[str]) -> None:
    """Add an alternative's forms, or its expression where the forms can't be listed."""
    stem = re.escape(fold_token(form.stem))
    if form.kind == "form":
        forms.add(fold_token(form.stem))
    elif form.kind == "endings":
        forms.update(fold_token(form.stem + ending) for ending in ("", *endings))
    elif form.kind == "prefix":
        expressions.append(rf"{stem}\w*")
    elif form.kind == "suffix":
        expressions.append(rf"\w*{stem}")
    else:
        expressions.append(rf"\w*{stem}\w*")
