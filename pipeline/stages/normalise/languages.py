"""Normalises the languages in which information is given.

A language counts where information is given in it: in a list after a word like "Languages:", or next to words that say
so ("in English"), not where it is only mentioned (a course of Romanian).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from pipeline.lexicon import Lexicon
from pipeline.lexicon.matching import (
    CLAUSE_SIGNS,
    NEGATION_REACH,
    PhraseMatch,
    choose_longest,
    drop_foreign,
    find_apart,
    find_negations,
    finder_of,
    read_text,
    sentence_end,
    span_tokens,
)
from pipeline.stages.normalise.items import count_words, split_items

if TYPE_CHECKING:
    from spacy.tokens import Doc

UNKNOWN_ITEM_WORDS: Final = 2
"""An item of a list of languages of at most so many words that names no known language may name an unknown one."""

ALIKE_LETTERS: Final = 1
"""So many last letters are alike in names of languages that are written small: one is in Romanian, more elsewhere."""

_CODE_LETTERS: Final = 2
"""Letters of the codes that lists name languages by (`LV, RU, EN`)."""

_CODES: Final = re.compile(r"(?:\(|^)[A-Z]{2}(?:(?: ?[,/;] ?| )[A-Z]{2})+(?:\)|\.?$)", re.MULTILINE)

_LIST_SIGNS: Final = frozenset({",", ";", "/", "&", "+", "\u2013", "\u2014", "-", "\u2022"})


_SET_OFF: Final = frozenset({",", ";", ":", "(", "\u2013", "\u2014"})
"""Signs that set a list item's language off from what is said of it."""

_HALF_STOPS: Final = frozenset({";", "\u00b7", "\u2013", "\u2014"})
"""Signs between two clauses of a sentence that are about different languages; the second is the Greek semicolon."""


class Languages(NamedTuple):
    """The languages of a text.

    Attributes:
        codes: Those in which information is given, by BCP 47 code in the text's order.
        unknown: List items that may be languages unknown to us.
        unexplained: Languages that are named, and nothing says that they are used, left out or only mentioned.
    """

    codes: list[str]
    unknown: list[str]
    unexplained: list[str]


class _Run(NamedTuple):
    """Languages that are listed together: their codes, and their tokens."""

    codes: tuple[str, ...]
    start: int
    end: int


class _Context(NamedTuple):
    """What is around the languages of a text, by token.

    Attributes:
        list_starts: Where lists begin: behind the markers.
        name_starts: First tokens of the languages.
        known: Tokens of languages, remarks and words that say that a language is used.
        joints: Tokens of words for "and", and of words for "language" next to a name.
        nouns: Tokens of those words.
        whole_lines: First tokens of languages that are all that is in their line.
        exception_ends: Where what is before a language that is left out ends.
        denial_starts: Where what denies the language before it begins.
        mentions: Tokens of what shows that a language is only mentioned.
        after_starts: First tokens of what is behind a language that is used.
        before_ends: Where what is before such a language ends.
        barriers: Tokens of both: they part lists of languages.
    """

    list_starts: tuple[int, ...]
    name_starts: frozenset[int]
    known: frozenset[int]
    joints: frozenset[int]
    nouns: frozenset[int]
    whole_lines: frozenset[int]
    exception_ends: frozenset[int]
    denial_starts: frozenset[int]
    mentions: frozenset[int]
    after_starts: frozenset[int]
    before_ends: frozenset[int]
    barriers: frozenset[int]

    @classmethod
    def gather(cls, doc: Doc, names: Sequence[PhraseMatch], words: _Words) -> _Context:
        """Find all of it in a text."""
        found = words.context.find_all(doc)
        markers = choose_longest([item for item in found if item.label == "marker" and item.end < len(doc)])
        beside = [item for item in found if item.label in {"after", "before"}]
        barriers = span_tokens(beside)
        nouns = span_tokens(item for item in found if item.label == "noun") - barriers
        return cls(
            list_starts=tuple(item.end for item in markers),
            name_starts=frozenset(item.start for item in names),
            known=span_tokens([*names, *beside, *(item for item in found if item.label in {"remark", "exception"})])
            | nouns,
            joints=span_tokens(words.joints.find_all(doc)) | nouns,
            nouns=nouns,
            whole_lines=frozenset(item.start for item in names if _is_line(doc, item, nouns)),
            exception_ends=frozenset(item.end for item in found if item.label == "exception"),
            denial_starts=frozenset(item.start for item in found if item.label == "denial"),
            mentions=span_tokens(item for item in found if item.label == "mention"),
            after_starts=frozenset(item.start for item in beside if item.label == "after"),
            before_ends=frozenset(item.end for item in beside if item.label == "before"),
            barriers=barriers,
        )


class _Words:
    """The language words of a lexicon, compiled."""

    def __init__(self, lexicon: Lexicon) -> None:
        """Compile the lexicon's and CLDR's words; a form that the lexicon gives to a language is no other's."""
        words, find = lexicon.languages, finder_of(lexicon)
        own = {phrase.text.lower() for phrases in words.names.values() for phrase in phrases}
        own.update(form.lower() for form in words.drop)
        names = {code: [name] for code, name in lexicon.cldr.languages.items() if name.lower() not in own}
        self.names = find(dict(words.names), names=names)
        self.adverbs = find(dict(words.adverbs))
        self.context = find(
            {
                "marker": words.list_markers,
                "before": words.before,
                "after": words.after,
                "remark": words.remarks,
                "noun": words.nouns,
                "exception": words.exceptions,
                "denial": words.denials,
                "mention": (*words.mention_before, *words.mention_after),
            }
        )
        self.joints = find({"joint": lexicon.places.conjunctions}, names={"joint": lexicon.cldr.conjunctions})
        either = set(lexicon.cldr.conjunctions) - set(lexicon.cldr.and_words)
        self.alternatives = find({}, names={"or": sorted(either)})
        self.codes = {code.upper(): code for code in lexicon.cldr.languages if len(code) == _CODE_LETTERS}


_load_words = lru_cache(maxsize=8)(_Words)


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
    names = drop_foreign(doc, choose_longest([*words.names.find_all(doc), *adverbs]), lexicon.language)
    coded = [PhraseMatch(words.codes[t.text], t.i, t.i + 1, (t.i,)) for t in doc if t.text in words.codes]
    context = _Context.gather(doc, choose_longest([*names, *coded]), words)
    unknown: list[str] = []
    listed: set[int] = set()
    for start in context.list_starts:
        if start not in listed:
            end = _list_end(doc, start, context)
            listed.update(range(start, end))
            unknown.extend(_unknown_items(doc, start, end, context))
    # Codes (`LV, RU`) are languages in a list only, or where they fill a bracket or a line.
    filled = {index for match in _CODES.finditer(text) for index in range(*match.span())}
    coded = [item for item in coded if item.start in listed or doc[item.start].idx in filled]
    names = choose_longest([*names, *coded])
    negations = find_negations(doc, lexicon.language, lexicon.grammar)
    denied = {item.end for item in negations}
    left_out = {item.start for item in names if _is_denied_before(doc, item, denied, context)} | context.exception_ends
    either = span_tokens(words.alternatives.find_all(doc))
    for before, item in pairwise(names):
        # "Not in English or in French" denies both.
        between = {*range(before.end, item.start)}
        if before.start in left_out and between & either and between <= either | context.barriers | context.nouns:
            left_out.add(item.start)
    # "Russian - no" denies that one alone.
    left_out |= {i.start for i in names if i.end in context.denial_starts and doc[i.end].text in _SET_OFF | {"-"}}
    # "In Slovak and Serbian; English is not used" denies that one alone, too.
    left_out |= {
        item.start
        for item in names
        if item.start not in listed
        and _begins_clause(doc, item.start, context)
        and _is_denied_behind(doc, _Run((), item.start, item.end), context)
    }
    by_itself = {item.start for item in adverbs}
    plain = [item for item in names if not _is_remark(doc, item, context)]
    apart = find_apart(doc, lexicon.language, lexicon.grammar, (item.start for item in plain))
    used: list[_Run] = []
    open_runs: list[tuple[_Run, str]] = []
    for run in _join_runs(doc, plain, by_itself | left_out | apart.keys(), context):
        if run.start in left_out or _is_denied_behind(doc, run, context):
            continue
        if run.start in apart:
            open_runs.append((run, apart[run.start]))
        elif run.start in by_itself | listed or _is_used_next_to(doc, run, context) or _is_item(doc, run, context):
            used.append(run)
        elif not _is_mentioned(run, context):
            open_runs.append((run, doc[run.start : run.end].text))
    unknown += [word for run in used for word in _next_item(doc, run, context)]
    codes = list(dict.fromkeys(code for run in used for code in run.codes))
    # A noun's adjective ("its Dutch section") that names a language which is used anyway leaves nothing open.
    unexplained = [
        words
        for run, words in open_runs
        if len(run.codes) > 1 or run.codes[0] not in codes or not _is_adjective(doc, run.end, context)
    ]
    return Languages(codes, list(dict.fromkeys(unknown)), list(dict.fromkeys(unexplained)))


def find_language_tokens(doc: Doc, lexicon: Lexicon) -> frozenset[int]:
    """Find the tokens of a text that name languages, what a list of them follows, and what is said of its items.

    Args:
        doc: The text.
        lexicon: The words of its language.
    """
    words = _load_words(lexicon)
    beside = (item for item in words.context.find_all(doc) if item.label in {"marker", "remark"})
    return span_tokens([*words.names.find_all(doc), *words.adverbs.find_all(doc), *beside])


def _is_denied_before(doc: Doc, name: PhraseMatch, denied: AbstractSet[int], context: _Context) -> bool:
    """Return whether a negation is before it in the same clause, with `NEGATION_REACH` words between them at most.

    `denied` are the tokens behind negations. Words that say that a language is used, or "language", do not count; no
    other language may be between them.
    """
    words = 0
    for index in range(name.start, -1, -1):
        if index in denied:
            return True
        if index == 0 or index - 1 in context.name_starts or doc[index - 1].text in CLAUSE_SIGNS:
            return False
        words += index - 1 not in context.barriers and index - 1 not in context.nouns
        if words > NEGATION_REACH:
            return False
    return False


def _is_denied_behind(doc: Doc, run: _Run, context: _Context) -> bool:
    """Return whether what denies it follows in the same clause, `NEGATION_REACH` words on at most.

    Behind "and" it is the next language that is denied (`in English and not in German`).
    """
    words = 0
    for index in range(run.end, len(doc)):
        if index in context.denial_starts:
            return True
        if index in context.joints - context.nouns:
            return False
        words += index not in context.barriers and index not in context.nouns
        if words > NEGATION_REACH or doc[index].text in CLAUSE_SIGNS | {"("}:
            return False
    return False


def _begins_clause(doc: Doc, start: int, context: _Context) -> bool:
    """Return whether nothing but an article or a preposition is between a semicolon, or its like, and a language."""
    while start > 0 and (start - 1 in context.nouns or start - 1 in context.barriers):
        start -= 1
    return start > 0 and doc[start - 1].text in _HALF_STOPS


def _is_line(doc: Doc, name: PhraseMatch, nouns: frozenset[int]) -> bool:
    """Return whether a language, with a word for "language" behind it, is all that is in its line."""
    end = name.end
    while end in nouns:
        end += 1
    return (name.start == 0 or doc[name.start - 1].text == "\n") and (end == len(doc) or doc[end].text == "\n")


def _is_remark(doc: Doc, name: PhraseMatch, context: _Context) -> bool:
    """Return whether a language is in a bracket behind a language, among other words: a remark about that one."""
    opening = next((i for i in range(name.start - 1, -1, -1) if doc[i].text in "()\n"), None)
    if opening is None or doc[opening].text != "(" or opening == 0 or opening - 1 not in context.known:
        return False
    closing = next((token.i for token in doc[name.end :] if token.text == ")"), len(doc))
    inside = {token.i for token in doc[opening + 1 : closing] if token.text[0].isalpha()}
    return not inside <= context.known | context.joints


def _is_mentioned(run: _Run, context: _Context) -> bool:
    """Return whether words around languages show that they are only mentioned."""
    end = run.end
    while end in context.nouns:
        end += 1
    return end in context.mentions or not context.mentions.isdisjoint({run.start - 1, run.start - 2})


def _is_adjective(doc: Doc, end: int, context: _Context) -> bool:
    """Return whether a word that is none of a list's follows a language, which may be that noun's adjective."""
    return end < len(doc) and doc[end].text[0].isalpha() and end not in context.joints | context.known


def _list_end(doc: Doc, start: int, context: _Context) -> int:
    """Find where a list of languages ends: with its sentence, but not at a semicolon that another language follows."""
    for index in range(start, len(doc)):
        goes_on = context.whole_lines if doc[index].text == "\n" else context.name_starts
        follower = index + 1
        while follower < len(doc) and (doc[follower].text.isdigit() or doc[follower].text in ").-"):
            follower += 1
        # "..., Dutch; on request, also Somali"
        beside = (context.known | context.joints) - goes_on
        while follower in beside or (follower - 1 in beside and doc[follower : follower + 1].text == ","):
            follower += 1
        if sentence_end(doc, index) and not (doc[index].text in ";\n" and follower in goes_on):
            return index
    return len(doc)


def _join_runs(doc: Doc, names: Sequence[PhraseMatch], apart: AbstractSet[int], context: _Context) -> list[_Run]:
    """Join languages that are listed together: signs, words for "and", or remarks in brackets are between them.

    What begins at the tokens `apart` (words that say by themselves that a language is used, languages left out) joins
    nothing before it.
    """
    runs: list[_Run] = []
    for item in names:
        codes = tuple(item.label.split())
        # "In Portuguese; English letters are translated."
        topic = _begins_clause(doc, item.start, context) and _is_adjective(doc, item.end, context)
        if not runs or item.start in apart or topic or not _only_joints(doc, runs[-1].end, item.start, context):
            runs.append(_Run(codes, item.start, item.end))
        else:
            runs[-1] = _Run(runs[-1].codes + codes, runs[-1].start, item.end)
    return runs


def _only_joints(doc: Doc, start: int, end: int, context: _Context) -> bool:
    """Return whether there is nothing between two languages but what joins or numbers them, or a remark in brackets."""
    depth = 0
    for index in range(start, end):
        text = doc[index].text
        if text == "(":
            depth += 1
        elif text == ")" and depth:
            depth -= 1
        elif depth == 0 and (index in context.barriers or not _is_joint(doc, index, end, context)):
            return False
    return start < end


def _is_joint(doc: Doc, index: int, end: int, context: _Context) -> bool:
    """Return whether a token joins or numbers items of a list; the next item begins at `end`."""
    text = doc[index].text
    if text == "\n":
        return end in context.whole_lines
    if text in {")", "."}:
        return doc[index - 1].text.isdigit()
    return text in _LIST_SIGNS or text.isdigit() or index in context.joints


def _is_used_next_to(doc: Doc, run: _Run, context: _Context) -> bool:
    """Return whether the words directly before or behind a run say that information is given in its languages."""
    if run.end in context.after_starts:
        return True
    if run.start in context.before_ends:
        return run.end not in context.mentions
    # A remark in brackets may be between the last language and the word that says so.
    if run.end < len(doc) and doc[run.end].text == "(":
        closing = next((token.i for token in doc[run.end :] if token.text == ")"), None)
        return closing is not None and closing + 1 in context.after_starts
    return False


def _is_item(doc: Doc, run: _Run, context: _Context) -> bool:
    """Return whether a run of languages is a list item, a sentence or a bracket of its own, or begins an item.

    A single language needs a list item's mark in front: by itself it may be a heading or a topic.
    """
    first, end = run.start, run.end
    while end in context.nouns:
        end += 1
    marked = False
    while first > 0 and doc[first - 1].text != "\n":
        first -= 1
        marked = True
    head = doc[first : run.start]
    marked = marked and not any(token.text[0].isalpha() and len(token.text) > 1 for token in head)
    starts = marked or run.start == 0 or sentence_end(doc, run.start - 1)
    closes = end == len(doc) or sentence_end(doc, end)
    set_off = closes or doc[end].text in _SET_OFF
    bracket = run.start > 1 and doc[run.start - 1].text == "(" and end < len(doc) and doc[end].text == ")"
    whole = (starts and closes) or (bracket and run.start - 2 not in context.mentions)
    return (marked and set_off) or (whole and len(run.codes) > 1)


def _next_item(doc: Doc, run: _Run, context: _Context) -> list[str]:
    """Return a last word behind languages and "and" or a comma that is written as they are: it may be one, too."""
    if run.end not in context.joints and doc[run.end : run.end + 1].text != ",":
        return []
    last, word, behind = doc[run.end - 1].text, doc[run.end + 1 : run.end + 2].text, run.end + 2
    closes = behind >= len(doc) or behind in context.after_starts or doc[behind].text in CLAUSE_SIGNS
    alike = word[:1].isupper() if last[0].isupper() else word.endswith(last[-ALIKE_LETTERS:])
    return [word] if closes and alike and word.isalpha() and run.end + 1 not in context.known else []


def _unknown_items(doc: Doc, start: int, end: int, context: _Context) -> list[str]:
    """Return the short items of a list of languages that hold neither a language nor a known remark."""
    items = split_items(doc, start, end, context.joints)
    short = (item for item in items if count_words(doc, item) <= UNKNOWN_ITEM_WORDS)
    return [doc[item[0] : item[-1] + 1].text for item in short if context.known.isdisjoint(item)]
