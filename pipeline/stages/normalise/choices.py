"""Normalises choices among the contract's codes, and judgements (yes, no, partly)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache
from itertools import islice, pairwise, takewhile
from typing import TYPE_CHECKING, Final

from pipeline.lexicon import Lexicon
from pipeline.lexicon.countries import named_countries
from pipeline.lexicon.matching import (
    CLAUSE_SIGNS,
    PhraseFinder,
    PhraseMatch,
    choose_longest,
    drop_foreign,
    find_apart,
    find_negations,
    is_negated,
    read_text,
    sentence_end,
    span_tokens,
)
from pipeline.lexicon.patterns import split_tokens
from pipeline.lexicon.values import CHOICE_CODES, IGNORE, STATEMENT_VERDICTS, TELLING, Grammar, Phrase
from pipeline.models.practice import FIELDS
from pipeline.stages.normalise.boxes import MARKS
from pipeline.stages.normalise.items import count_words, split_items
from pipeline.stages.normalise.languages import find_language_tokens

if TYPE_CHECKING:
    from spacy.tokens import Doc

_OPPOSITES: Final = {"standalone": "part_of_other", "part_of_other": "standalone"}
"""Of two codes there is no third: what is not the one is the other."""

UNANSWERED: Final = "both"
"""What `find_answer` gives where two answers are next to one another and neither is marked."""

UNDECIDED: Final = "undecided"
"""What `find_verdict` gives where a text says that the answer is not known yet."""

LIST_ITEMS: Final = 3
"""So many items make a bare enumeration: an answer that names things without a sentence."""

LONGEST_ITEM: Final = 8
"""Most words of an item of a bare list (`good words from one client to another`): longer ones are clauses of prose."""

SHORT_ITEM: Final = 4
"""The same of a list that is one sentence among others."""

PAIRED_ITEM: Final = 2
"""The same of two with a comma between them: more words behind it may be a clause (`persons, given asylum`)."""

LEAST_LETTERS: Final = 5
"""Letters of the longest word of an item that names something: what joins items may be shorter (`but`, `also`)."""

_ITEM_MARK: Final = re.compile(r"(?:- |\(?[0-9a-z]{1,3}[.)] )")
_ITEM_ENDS: Final = (";", ",", "\u00b7", "\u0387")
"""Signs at the end of a list's items; the last two are the Greek semicolon."""

_CHOICE_SIGNS: Final = frozenset({"/", ",", "|", "\\"})
"""What is between answers to choose among, besides a word for "or"."""

_PROSE_SIGNS: Final = frozenset({":", "\u2013", "\u2014"})
"""Signs that set the parts of a sentence off from one another."""

_CHOICE_ENDS: Final = CLAUSE_SIGNS | {"(", "_"}

_VERB: Final = 1
"""Words between a statement's noun and what denies it (`legal matters are not ...`)."""

_EMPTY: Final = re.compile(r"[\W_]*")


@lru_cache(maxsize=256)
def _load_finder(lexicon: Lexicon, kind: str, field: str = "") -> PhraseFinder | None:
    """Compile `answers`, what is `unavailable` or `undecided`, a field's `choices`, `telling` words or `statements`."""
    words = lexicon.judgements
    lists: Mapping[str, tuple[Phrase, ...]] | None
    if kind == "answers":
        lists = {"yes": words.yes, "no": words.no, "partly": words.partly}
    elif kind in {"unavailable", "undecided"}:
        lists = {kind: getattr(words, kind)}
    elif kind == "statements":
        lists = words.statements.get(field)
    else:
        codes = lexicon.choices.entries.get(field)
        telling = kind == TELLING
        lists = codes and {code: phrases for code, phrases in codes.items() if (code == TELLING) == telling}
    return None if lists is None else _compile_lists(tuple(lists.items()), lexicon.language, lexicon.grammar)


@lru_cache(maxsize=256)
def _compile_lists(lists: tuple[tuple[str, tuple[Phrase, ...]], ...], language: str, grammar: Grammar) -> PhraseFinder:
    """Compile lists, once for all lexicons that have them alike."""
    return PhraseFinder(dict(lists), language, grammar)


def _find_all(doc: Doc, lexicon: Lexicon, kind: str, field: str = "") -> list[PhraseMatch]:
    """Find the phrases of a kind (see `_load_finder`)."""
    finder = _load_finder(lexicon, kind, field)
    return [] if finder is None else finder.find_all(doc)


def is_unavailable(text: str, lexicon: Lexicon) -> bool:
    """Return whether a text only says that there is nothing to say.

    Args:
        text: The value's text.
        lexicon: The words of its language.

    Returns:
        True where the whole text is one such phrase, or holds no letter and no number.
    """
    if not any(sign.isalnum() for sign in text):
        return True
    finder = _load_finder(lexicon, "unavailable")
    if finder is None:
        return False
    # Most values are far longer than any such phrase, and need not be searched for it.
    words = (token for token in split_tokens(text) if _EMPTY.fullmatch(token) is None)
    if next(islice(words, finder.longest, None), None) is not None:
        return False
    doc = read_text(text, lexicon.language)
    return any(
        _EMPTY.fullmatch(doc[: item.start].text) and _EMPTY.fullmatch(doc[item.end :].text)
        for item in find_unavailable(doc, lexicon)
    )


def find_unavailable(doc: Doc, lexicon: Lexicon) -> list[PhraseMatch]:
    """Find the phrases of a text that say that there is nothing to say.

    Args:
        doc: The text.
        lexicon: The words of its language.
    """
    return _find_all(doc, lexicon, "unavailable")


def find_codes(field: str, text: str, lexicon: Lexicon) -> list[str]:
    """Find the contract's codes of a field that a text states.

    Args:
        field: A field with a choice.
        text: The value's text.
        lexicon: The words of its language.

    Returns:
        The codes in the contract's order.
    """
    finder = _load_finder(lexicon, "choices", field)
    if finder is None:
        return []
    doc = read_text(text, lexicon.language)
    stated, denied, apart = _read_codes(doc, finder.find(doc), lexicon)
    codes = stated or {_OPPOSITES[code] for code in denied if code in _OPPOSITES and not apart}
    return [code for code in CHOICE_CODES[field] if code in codes]


def _read_codes(doc: Doc, found: Sequence[PhraseMatch], lexicon: Lexicon) -> tuple[set[str], set[str], list[str]]:
    """Return the codes that phrases state, those that they deny, and the clauses that set others apart."""
    negations = find_negations(doc, lexicon.language, lexicon.grammar)
    denied = [item for item in found if is_negated(doc, item.start, negations) or _denied_behind(doc, item, negations)]
    starts = {item.start for item in found} - {item.start for item in denied}
    apart = find_apart(doc, lexicon.language, lexicon.grammar, starts)
    stated = {item.label for item in found if item.start in starts - apart.keys()}
    return stated, {item.label for item in denied}, list(apart.values())


def find_unmeant(field: str, text: str, lexicon: Lexicon) -> list[str]:
    """Find what in a text names one of a field's codes and states none.

    Args:
        field: A field with a choice.
        text: The value's text.
        lexicon: The words of its language.

    Returns:
        The clauses that say that a code does not hold here or now, and the telling words that no phrase reads.
    """
    finder = _load_finder(lexicon, "choices", field)
    if finder is None:
        return []
    doc = read_text(text, lexicon.language)
    _, _, apart = _read_codes(doc, finder.find(doc), lexicon)
    read = span_tokens(choose_longest(finder.find_all(doc)))
    telling = _find_all(doc, lexicon, TELLING, field)
    unread = (doc[item.start : item.end].text for item in telling if read.isdisjoint(item.tokens))
    return list(dict.fromkeys([*apart, *unread]))


def find_unread_items(field: str, text: str, lexicon: Lexicon) -> list[str]:
    """Find the items of bare lists that say nothing which the field's words know, where others may.

    Args:
        field: A field with a choice of several codes.
        text: The value's text.
        lexicon: The words of its language.

    Returns:
        The items, but for those that only name countries or languages.
    """
    finder = _load_finder(lexicon, "choices", field)
    if finder is None:
        return []
    doc = read_text(text, lexicon.language)
    joints = {token.i for token in doc if token.lower_ in lexicon.cldr.conjunctions}
    denied = find_negations(doc, lexicon.language, lexicon.grammar)
    read = span_tokens([*finder.find(doc), *denied]) | find_language_tokens(doc, lexicon)
    ends = [token.i for token in doc if token.text == "\n" or _ends_sentence(doc, token.i)]
    parts = [(first + 1, last) for first, last in pairwise([-1, *ends, len(doc)]) if last > first + 1]
    unread: list[str] = []
    for start, end in parts:
        items = split_items(doc, start, end, joints)
        lengths = [count_words(doc, item) for item in items]
        sentence = len(parts) > 1 and any(_ends_sentence(doc, at) for at in (start - 1, end) if 0 <= at < len(doc))
        joined = not joints.isdisjoint(range(start, end))
        if not _is_bare_list(doc[start:end].text, lengths, joined=joined, sentence=sentence):
            continue
        for item in items:
            words = doc[item[0] : item[-1] + 1].text
            named = max(map(len, split_tokens(words))) >= LEAST_LETTERS
            if read.isdisjoint(item) and named and not named_countries(words, lexicon.country_names):
                unread.append(words)
    return unread


def _is_bare_list(text: str, lengths: Sequence[int], *, joined: bool, sentence: bool) -> bool:
    """Return whether a line or a sentence is a bare list.

    Args:
        text: The line, or the sentence.
        lengths: Words of each of its items.
        joined: Whether a word for "and" is between two of them.
        sentence: Whether it is one sentence among others: most of these are no lists.
    """
    if any(sign in _PROSE_SIGNS for sign in text):
        return False
    longest = max(lengths, default=0)
    if len(lengths) >= LIST_ITEMS:
        return longest <= (SHORT_ITEM if sentence else LONGEST_ITEM)
    # Of two, what is behind a comma may be a clause about what is before it.
    return not sentence and longest <= (PAIRED_ITEM if "," in text and not joined else LONGEST_ITEM)


def _ends_sentence(doc: Doc, index: int) -> bool:
    """Return whether a token ends a sentence, and no item of a list."""
    return doc[index].text in ".!?" and sentence_end(doc, index)


def find_verdict(field: str, text: str, shared_with: tuple[str, ...], lexicon: Lexicon) -> str | None:
    """Find how a text answers a field's question.

    An answer at the text's beginning counts first; in a merged row it answers the first of the row's questions only.
    Then statements count, wherever they are, the first one first.

    Args:
        field: A field that answers a question.
        text: The value's text.
        shared_with: Other fields that the same cell answers.
        lexicon: The words of its language.

    Returns:
        `yes`, `no` or `partly`; `UNANSWERED` where it leaves the choice open; `UNDECIDED` where it says that this is
        not decided; None where the text does not say.
    """
    doc = read_text(text, lexicon.language)
    undecided = _find_all(doc, lexicon, "undecided")
    if any(CLAUSE_SIGNS.isdisjoint(token.text for token in doc[: item.start]) for item in undecided):
        return UNDECIDED
    questions = [other for other in (field, *shared_with) if other in STATEMENT_VERDICTS]
    if min(questions, key=FIELDS.index) == field:
        answer = find_answer(doc, lexicon, questions=len(questions))
        closing = text.rpartition(":")[2].split()
        if answer is None and len(closing) == 1:  # "It is the core of what is offered: yes."
            answer = find_answer(read_text(closing[0], lexicon.language), lexicon)
        if answer is not None:
            return answer
    if undecided:
        return UNDECIDED
    negations = find_negations(doc, lexicon.language, lexicon.grammar)
    statements = choose_longest(_find_all(doc, lexicon, "statements", field))
    for item in drop_foreign(doc, statements, lexicon.language):
        verdict = {"true": "yes", "false": "no"}.get(item.label, item.label)
        denied = verdict == "yes" and _denied_behind(doc, item, negations, _VERB)
        if verdict != IGNORE and not denied and not is_negated(doc, item.start, negations):
            return verdict
    return None


def find_answer(doc: Doc, lexicon: Lexicon, questions: int = 1) -> str | None:
    """Find the answer that a text begins with.

    Args:
        doc: The text, without boxes.
        lexicon: The words of its language.
        questions: How many questions the text answers; of several each may have an answer of its own.

    Returns:
        `yes`, `no` or `partly`; `UNANSWERED` where several are there to choose among (`Yes / no`), and what follows
        chooses none; None where the text begins otherwise. A mark in front of them chooses the first.
    """
    # Of answers that begin together the longest comes first, and stays; "not planned" is no "planned".
    denied = {item.end for item in find_negations(doc, lexicon.language, lexicon.grammar)}
    found = (item for item in _find_all(doc, lexicon, "answers") if item.label == "no" or item.start not in denied)
    answers = {item.start: item for item in reversed([*found])}
    joints = {*_CHOICE_SIGNS, *MARKS, *lexicon.cldr.conjunctions}
    first = next((token.i for token in doc if token.text[0].isalnum() or token.i in answers), len(doc))
    marked = first < len(doc) and not MARKS.isdisjoint({doc[first].lower_, doc[max(first - 1, 0)].lower_})
    if marked and first not in answers:
        first += 1
    choices = _find_choices(doc, first, answers, joints)
    end = choices[-1].end if choices else first
    if len({item.label for item in choices}) > 1 and _ends_choices(doc, end):
        chosen = answers.get(end + 1)
        return choices[0].label if marked else UNANSWERED if chosen is None else chosen.label
    if choices and questions == 1 and not marked:
        # A bare "yes" and a bare "no" with any signs or a bracket between them are a form's choices too.
        signs = joints.union(token.lower_ for token in doc if not token.text[0].isalnum())
        bare = [item for item in _find_choices(doc, first, answers, signs) if item.end == item.start + 1]
        both = {"yes", "no"} <= {item.label for item in bare} and bare[0] == choices[0]
        # "Yes. No, if ..." is an answer and its exception.
        if both and _ends_choices(doc, bare[-1].end) and doc[bare[-1].end :].text[:1] != ",":
            return UNANSWERED
    return choices[0].label if choices else None


def _find_choices(
    doc: Doc, start: int, answers: Mapping[int, PhraseMatch], joints: AbstractSet[str]
) -> list[PhraseMatch]:
    """Find the answers from a token on that have nothing but `joints` between them."""
    choices: list[PhraseMatch] = []
    index = start
    while index in answers:
        choices.append(answers[index])
        index = choices[-1].end
        while index < len(doc) and doc[index].lower_ in joints:
            closing = [token.i for token in doc[index:] if token.text == ")"] if doc[index].text == "(" else []
            index = closing[0] + 1 if closing else index + 1
    return choices


def _ends_choices(doc: Doc, index: int) -> bool:
    """Return whether choices end before a token; a full stop within a sentence (`no. of pupils`) ends none."""
    return index >= len(doc) or (
        doc[index].text in _CHOICE_ENDS and (doc[index].text != "." or sentence_end(doc, index))
    )


def is_enumeration(text: str) -> bool:
    """Return whether a text is a bare list: items with markers, or paragraphs that end with a comma or semicolon.

    Args:
        text: The value's text.

    Returns:
        True for a list of at least `LIST_ITEMS` items, none of them a question.
    """
    paragraphs = text.split("\n")
    if len(paragraphs) < LIST_ITEMS or "?" in text:
        return False
    marked = all(_ITEM_MARK.match(paragraph) for paragraph in paragraphs)
    return marked or all(paragraph.endswith(_ITEM_ENDS) for paragraph in paragraphs[:-1])


def _denied_behind(doc: Doc, item: PhraseMatch, negations: list[PhraseMatch], words: int = 0) -> bool:
    """Return whether a negation follows after at most so many words of the clause (`X is not available`)."""
    behind = doc[item.end : item.end + words + 1]
    clause = set(takewhile(lambda place: doc[place].text not in CLAUSE_SIGNS, (token.i for token in behind)))
    return any(negation.start in clause for negation in negations)
