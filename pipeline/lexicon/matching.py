"""Finds the lexicon's phrases in text, by spaCy; reads and writes no artefact.

The project's own tokenizer makes spaCy documents (words, numbers and signs apart, so that `2018.gada` and
`meklētāji/saņēmēji` come apart alike in every language); spaCy's `Matcher` finds the phrases, each compiled from the
notation of `pipeline.lexicon.patterns`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, lru_cache, partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pipeline.lexicon.patterns import GAP_WORDS, TOKEN, Alternative, Slot, parse_pattern
from pipeline.lexicon.spacy_import import import_spacy
from pipeline.lexicon.text import fold_token
from pipeline.lexicon.values import IGNORE, Grammar, Phrase
from pipeline.text.languages import is_foreign

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from pipeline.lexicon.load import Lexicon

NEGATION_REACH: Final = 2
"""A negation at most so many words before a phrase turns it round (`nav pieejams tiešsaistē`)."""

SENTENCE_SIGNS: Final = frozenset(".!?;\n")
CLAUSE_SIGNS: Final = frozenset(".,;:!?)\u2026\n\u2013\u2014-/")
_QUOTED: Final = re.compile(
    '[\u201e\u201c"\u00ab\u201f\u2018\u201a]([^\u201e\u201c\u201d"\u00ab\u00bb]{3,}?)[\u201d\u201c"\u00bb]'
)


class Found(NamedTuple):
    """A phrase found: its label, its first token and the one behind its last, and the tokens that are its own words.

    The words that only fill a gap of the phrase are not its own: another phrase may stand among them.
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
        tokenizer = load_tokenizer(language)
        from spacy.matcher import Matcher, PhraseMatcher

        self._matcher = Matcher(tokenizer.vocab)
        self._names = PhraseMatcher(tokenizer.vocab, attr="NORM")
        for label, forms in (names or {}).items():
            self._names.add(label, [tokenizer(form) for form in forms])
        self._closed: set[str] = set()
        self._context: dict[str, int] = {}
        self._gaps: dict[str, frozenset[int]] = {}
        self._language = language
        self.longest = 0
        """Most tokens that a phrase of the lexicon's notation takes."""
        barred = sorted({*SENTENCE_SIGNS, *(fold_token(phrase.text) for phrase in grammar.negations)})
        for label, entries in phrases.items():
            for number, phrase in enumerate(entries):
                slots = parse_pattern(phrase.text)
                closed = slots[-1].kind == "end"
                key = f"{label}\t{number}"
                kinds = [slot.kind for slot in slots]
                if "context" in kinds:
                    self._context[key] = kinds.index("context")
                if closed:
                    self._closed.add(key)
                compiled = [slot for slot in slots if slot.kind in {"word", "gap"}]
                length = sum(GAP_WORDS if slot.kind == "gap" else 1 for slot in compiled)
                self.longest = max(self.longest, length)
                self._gaps[key] = frozenset(place for place, slot in enumerate(compiled) if slot.kind == "gap")
                pattern = [_compile_slot(slot, grammar.endings, barred) for slot in compiled]
                if closed and compiled[-1].kind == "gap":
                    pattern[-1]["NORM"] = {"NOT_IN": sorted({*barred, *CLAUSE_SIGNS})}
                self._matcher.add(key, [pattern])

    def find_all(self, doc: Doc) -> list[Found]:
        """Find every phrase, overlapping ones too.

        Args:
            doc: A text read by `read_text`.

        Returns:
            The phrases by their place in the text, of those that begin together the longest first.
        """
        found = set()
        # spaCy warns of a matcher without patterns; a language's folder may have no words of a kind.
        # Its stub does not know the fourth member, the slot of each token.
        matches: Iterable[Any] = self._matcher(doc, with_alignments=True) if len(self._matcher) else ()
        for key, start, end, slots in matches:
            name = doc.vocab.strings[key]
            if name in self._closed and not _closes(doc, end):
                continue
            context = self._context.get(name, len(doc) + len(slots))
            own = [place for place, slot in enumerate(slots) if slot < context]
            tokens = tuple(start + place for place in own if slots[place] not in self._gaps[name])
            found.add(Found(name.split("\t")[0], start, start + len(own), tokens))
        if len(self._names):
            for key, start, end in self._names(doc):
                found.add(Found(doc.vocab.strings[key], start, end, tuple(range(start, end))))
        return sorted(found, key=lambda item: (item.start, -item.end, item.label))

    def find(self, doc: Doc) -> list[Found]:
        """Find the phrases that no longer one overlaps, outside foreign quotations.

        Args:
            doc: A text read by `read_text`.

        Returns:
            The phrases in the text's order, those labelled `ignore` left out.
        """
        chosen = choose_longest(self.find_all(doc))
        return [item for item in drop_foreign(doc, chosen, self._language) if item.label != IGNORE]


def finder_of(lexicon: Lexicon) -> Callable[..., PhraseFinder]:
    """Give `PhraseFinder` for the language and the grammar of a lexicon."""
    return partial(PhraseFinder, language=lexicon.language, grammar=lexicon.grammar)


def choose_longest(found: Sequence[Found]) -> list[Found]:
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


def span_tokens(found: Iterable[Found], *labels: str) -> frozenset[int]:
    """Give all the tokens that phrases span, those in their gaps too; with labels, of phrases with these only."""
    return frozenset(
        index for item in found if not labels or item.label in labels for index in range(item.start, item.end)
    )


class Tokenizer:
    """The project's tokenizer.

    Attributes:
        vocab: The vocabulary that its documents share, and what is compiled for them.
    """

    def __init__(self) -> None:
        """Begin a vocabulary; of a new word only the folded forms are kept, not whether it is like an address."""
        import_spacy()
        from spacy.attrs import LOWER  # type: ignore[import-not-found]  # it has no stub
        from spacy.vocab import Vocab

        self.vocab = Vocab(lex_attr_getters={LOWER: str.lower})

    def __call__(self, text: str) -> Doc:
        """Divide a text; white space runs are one space, line feeds are tokens."""
        from spacy.tokens import Doc

        matches = list(TOKEN.finditer(text))
        spaces = [
            match.end() < len(text) and text[match.end()] != "\n" and text[match.end()].isspace() for match in matches
        ]
        doc = Doc(self.vocab, words=[match.group() for match in matches], spaces=spaces)
        for token in doc:
            token.norm_ = fold_token(token.text)
        return doc


@cache  # never dropped: what is compiled with one vocabulary can't read another's texts
def load_tokenizer(language: str) -> Tokenizer:  # noqa: ARG001 - each language has a vocabulary of its own
    """Load the tokenizer of a language, once.

    Args:
        language: BCP 47 code.
    """
    return Tokenizer()


@lru_cache(maxsize=16)  # a value is read for each thing that is looked for in it
def read_text(text: str, language: str) -> Doc:
    """Divide a text into tokens.

    Args:
        text: Text with single spaces and line feeds.
        language: BCP 47 code of the text.

    Returns:
        The spaCy document; `token.idx` are offsets into the text.
    """
    return load_tokenizer(language)(text)


@lru_cache(maxsize=16)
def _compile_negations(language: str, grammar: Grammar) -> PhraseFinder:
    """Compile a language's words of negation, once."""
    return PhraseFinder({"not": grammar.negations, IGNORE: grammar.affirmed}, language, grammar)


def find_negations(doc: Doc, language: str, grammar: Grammar) -> list[Found]:
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


def is_negated(doc: Doc, start: int, negations: Iterable[Found]) -> bool:
    """Return whether a negation stands shortly before a phrase, in the same clause.

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


def drop_foreign(doc: Doc, found: Iterable[Found], language: str) -> list[Found]:
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
