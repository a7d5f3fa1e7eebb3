"""Normalises the languages in which information is given; reads and writes no artefact.

A language counts where something is told in it: in a list after a word like "Languages:", or beside words that say so
("in English"), not where it is only mentioned (a course of Romanian).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from pipeline.lexicon import Lexicon
from pipeline.lexicon.matching import (
    Found,
    PhraseFinder,
    choose_longest,
    drop_foreign,
    is_negated,
    read_text,
    sentence_end,
)
from pipeline.lexicon.values import Phrase

if TYPE_CHECKING:
    from spacy.tokens import Doc

UNKNOWN_ITEM_WORDS: Final = 2
"""An item of a list of languages of at most so many words that names no known language may name an unknown one."""

_LIST_SIGNS: Final = frozenset({",", ";", "/", "&", "+", "\u2013", "\u2014", "-", "\u2022"})


_SET_OFF: Final = frozenset({",", ";", ":", "(", "\u2013", "\u2014"})
"""Signs that set a list item's language off from what is said of it."""


class Languages(NamedTuple):
    """The languages found, by BCP 47 code in the text's order, and list items that may be languages unknown to us."""

    codes: list[str]
    unknown: list[str]


class _Run(NamedTuple):
    """Languages that are listed together: their codes, and their tokens."""

    codes: tuple[str, ...]
    start: int
    end: int


class _Context(NamedTuple):
    """What stands around the languages of a text, by token.

    Attributes:
        list_starts: Where lists begin: behind the markers.
        name_starts: First tokens of the languages.
        known: Tokens of languages, remarks and words that say that a language is used.
        joints: Tokens of words for "and".
        after_starts: First tokens of what stands behind a language that is used.
        before_ends: Where what stands before such a language ends.
        barriers: Tokens of both: they part lists of languages.
    """

    list_starts: tuple[int, ...]
    name_starts: frozenset[int]
    known: frozenset[int]
    joints: frozenset[int]
    after_starts: frozenset[int]
    before_ends: frozenset[int]
    barriers: frozenset[int]

    @classmethod
    def gather(cls, doc: Doc, names: Sequence[Found], words: _Words) -> _Context:
        """Find all of it in a text."""
        found = words.context.find_all(doc)
        markers = choose_longest([item for item in found if item.label == "marker" and item.end < len(doc)])
        beside = [item for item in found if item.label in {"after", "before"}]
        return cls(
            list_starts=tuple(item.end for item in markers),
            name_starts=frozenset(item.start for item in names),
            known=_tokens([*names, *beside, *(item for item in found if item.label == "remark")]),
            joints=_tokens(words.joints.find_all(doc)),
            after_starts=frozenset(item.start for item in beside if item.label == "after"),
            before_ends=frozenset(item.end for item in beside if item.label == "before"),
            barriers=_tokens(beside),
        )


def _tokens(found: Iterable[Found]) -> frozenset[int]:
    """Give all the tokens of phrases."""
    return frozenset(index for item in found for index in range(item.start, item.end))


class _Words:
    """The language words of a lexicon, compiled."""

    def __init__(self, lexicon: Lexicon) -> None:
        """Compile the lexicon's and CLDR's words; a form that the lexicon gives to a language is no other's."""
        words, language, grammar = lexicon.languages, lexicon.language, lexicon.grammar
        own = {phrase.text.lower() for phrases in words.names.values() for phrase in phrases}
        own.update(form.lower() for form in words.drop)
        names = {code: [name] for code, name in lexicon.cldr.languages.items() if name.lower() not in own}
        self.names = PhraseFinder(dict(words.names), language, grammar, names)
        self.adverbs = PhraseFinder(dict(words.adverbs), language, grammar)
        self.context = PhraseFinder(
            {
                "marker": words.list_markers,
                "before": words.before,
                "after": words.after,
                "remark": words.remarks,
            },
            language,
            grammar,
        )
        joints = {*lexicon.cldr.conjunctions, *(phrase.text.lower() for phrase in lexicon.places.conjunctions)}
        self.joints = PhraseFinder({"joint": [Phrase(text=word) for word in sorted(joints)]}, language, grammar)
        self.negations = PhraseFinder({"not": grammar.negations}, language, grammar)
        self.language = language


@lru_cache(maxsize=8)
def _load_words(lexicon: Lexicon) -> _Words:
    """Compile a lexicon's language words, once."""
    return _Words(lexicon)


def find_languages(text: str, lexicon: Lexicon) -> Languages:
    """Find the languages in which, by a text, information is given.

    Args:
        text: The value's text.
        lexicon: The words of its language.

    Returns:
        The codes without repetition, and the unknown items of lists of languages.
    """
    words = _load_words(lexicon)
    doc = read_text(text, lexicon.language)
    adverbs = words.adverbs.find_all(doc)
    names = drop_foreign(doc, choose_longest([*words.names.find_all(doc), *adverbs]), words.language)
    adverb_set = set(adverbs)
    context = _Context.gather(doc, names, words)
    negations = words.negations.find_all(doc)
    used = [
        _Run(tuple(item.label.split()), item.start, item.end)
        for item in names
        if item in adverb_set and not is_negated(doc, item.start, negations)
    ]
    unknown: list[str] = []
    listed: set[int] = set()
    for start in context.list_starts:
        if start not in listed:
            end = _list_end(doc, start, context)
            listed.update(range(start, end))
            unknown.extend(_unknown_items(doc, start, end, context))
    for run in _join_runs(doc, [item for item in names if item not in adverb_set], context):
        told = _stands_beside(doc, run, context)
        if run.start in listed or _is_item(doc, run) or (told and not is_negated(doc, run.start, negations)):
            used.append(run)
    codes = [code for run in sorted(used, key=lambda run: run.start) for code in run.codes]
    return Languages(list(dict.fromkeys(codes)), list(dict.fromkeys(unknown)))


def _list_end(doc: Doc, start: int, context: _Context) -> int:
    """Find where a list of languages ends: with its sentence, but not at a semicolon that another language follows."""
    for index in range(start, len(doc)):
        if sentence_end(doc, index) and not (doc[index].text == ";" and index + 1 in context.name_starts):
            return index
    return len(doc)


def _join_runs(doc: Doc, names: Sequence[Found], context: _Context) -> list[_Run]:
    """Join languages that are listed together: signs, words for "and", or remarks in brackets stand between them."""
    runs: list[tuple[list[str], int, int]] = []
    for item in names:
        if runs and _only_joints(doc, runs[-1][2], item.start, context):
            codes, start, _ = runs.pop()
            codes.extend(item.label.split())
            runs.append((codes, start, item.end))
        else:
            runs.append((item.label.split(), item.start, item.end))
    return [_Run(tuple(codes), start, end) for codes, start, end in runs]


def _only_joints(doc: Doc, start: int, end: int, context: _Context) -> bool:
    """Tell whether between two languages nothing stands but what joins them, or a remark in brackets."""
    depth = 0
    for index in range(start, end):
        text = doc[index].text
        if text == "(":
            depth += 1
        elif text == ")":
            depth -= 1
        elif depth == 0 and (index in context.barriers or not (text in _LIST_SIGNS or index in context.joints)):
            return False
    return start < end


def _stands_beside(doc: Doc, run: _Run, context: _Context) -> bool:
    """Tell whether the words directly before or behind a run say that something is told in its languages."""
    if run.end in context.after_starts or run.start in context.before_ends:
        return True
    # A remark in brackets may stand between the last language and the word that says so.
    if run.end < len(doc) and doc[run.end].text == "(":
        closing = next((token.i for token in doc[run.end :] if token.text == ")"), None)
        return closing is not None and closing + 1 in context.after_starts
    return False


def _is_item(doc: Doc, run: _Run) -> bool:
    """Tell whether a run of languages is a list item or a sentence of its own, or begins one and is set off by a sign.

    A single language needs a list item's mark in front: by itself it may be a heading or a topic.
    """
    first = run.start
    marked = False
    while first > 0 and doc[first - 1].text != "\n":
        first -= 1
        marked = True
    head = doc[first : run.start]
    marked = marked and not any(token.text[0].isalpha() and len(token.text) > 1 for token in head)
    starts = marked or run.start == 0 or sentence_end(doc, run.start - 1)
    closes = run.end == len(doc) or sentence_end(doc, run.end)
    set_off = closes or doc[run.end].text in _SET_OFF
    return (marked and set_off) or (starts and closes and len(run.codes) > 1)


def _unknown_items(doc: Doc, start: int, end: int, context: _Context) -> list[str]:
    """Give the short items of a list of languages that hold neither a language nor a known remark."""
    items: list[list[int]] = [[]]
    depth = 0
    for index in range(start, end):
        text = doc[index].text
        depth += (text == "(") - (text == ")")
        if depth == 0 and (text in {",", ";", "/"} or index in context.joints):
            items.append([])
        elif depth == 0 and text not in "()":
            items[-1].append(index)
    unknown = []
    for item in items:
        words = [index for index in item if doc[index].text[0].isalpha()]
        if 0 < len(words) <= UNKNOWN_ITEM_WORDS and context.known.isdisjoint(item):
            unknown.append(doc[item[0] : item[-1] + 1].text)
    return unknown
