"""Normalises the accessibility cell: its sub-labels, whether it is free, whether one must attend."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from pipeline.lexicon import Lexicon
from pipeline.lexicon.matching import (
    CLAUSE_SIGNS,
    PhraseMatch,
    choose_longest,
    find_negations,
    finder_of,
    read_text,
    sentence_end,
    span_tokens,
)
from pipeline.stages.normalise.boxes import read_boxes
from pipeline.stages.normalise.choices import find_answer
from pipeline.stages.normalise.money import find_amounts, find_shares

if TYPE_CHECKING:
    from spacy.tokens import Doc

_COLON: Final = re.compile(r"\s*[:?]\s*|\s+[\u2013\u2014-]\s+")
_LINE_END: Final = re.compile(r"[ \t]*\n")
_PARTING: Final = re.compile(r"(?:\n-|[;,/|\u2022\u2013\u2014]|\s\(?(?:[0-9]{1,2}|[a-z]|[ivx]{1,4})[.)])$")
"""What parts a sub-label's text from the next sub-label: a sign, or the next one's list mark."""
_WHOLE: Final = 100
"""The share, in percent, that limits nothing."""

_UNKNOWN_LABEL: Final = re.compile(r"^(\w[^\W\d]*(?:[ /][^\W\d]+){0,4}):(?= )", re.MULTILINE)
"""What a line begins with where it has a sub-label: at most five words and a colon."""

_ITEM: Final = re.compile(r"(?:- |\(?(?:[0-9]{1,2}|[a-z]|[ivx]{1,4})[.)] )")


class Access(NamedTuple):
    """The parts of the accessibility cell, as the contract names them, and what could not be determined."""

    free: bool | None
    mandatory: bool | None
    cost: str | None
    eligibility: str | None
    trouble: tuple[str, ...]


class _Section(NamedTuple):
    """A part of the cell: `cost`, `mandatory`, `eligibility`, or the rest; and its text."""

    name: str
    text: str


class _Words:
    """The accessibility words of a lexicon, compiled."""

    def __init__(self, lexicon: Lexicon) -> None:
        """Compile the words."""
        words, find = lexicon.access, finder_of(lexicon)
        labels = {
            "cost": words.cost_labels,
            "mandatory": words.mandatory_labels,
            "eligibility": words.eligibility_labels,
        }
        self.labels = find(labels)
        self.price = find({"free": words.free, "paid": words.paid})
        self.limit = find({"limit": words.limits})
        self.no_cost = find({"none": words.no_cost})
        self.duty = find({"mandatory": words.mandatory, "optional": words.optional})


_load_words = lru_cache(maxsize=8)(_Words)


def find_access(text: str, lexicon: Lexicon) -> Access:
    """Find the parts of an accessibility cell.

    Args:
        text: The value's text.
        lexicon: The words of its language.

    Returns:
        The parts; what the text does not say, or says both ways, is None.
    """
    words = _load_words(lexicon)
    sections = _split_sections(text, words, lexicon)
    names = ("cost", "mandatory", "eligibility", "rest")
    cost, duty, eligibility, rest = (_section(sections, name) for name in names)
    free, price_trouble = _judge_price(cost, rest or "", words, lexicon)
    mandatory, duty_trouble = _judge_duty(duty, rest or "", words, lexicon)
    unknown = _UNKNOWN_LABEL.search(rest or "") if rest and (cost or duty or eligibility) else None
    label_trouble = f"the sub-label {unknown[1]!r} is not known" if unknown else None
    troubles = filter(None, (price_trouble, duty_trouble, label_trouble))
    return Access(free, mandatory, cost, eligibility, tuple(troubles))


def _section(sections: list[_Section], name: str) -> str | None:
    """Return the text of a named section; None where there is none or it is empty."""
    return "\n".join(section.text for section in sections if section.name == name and section.text) or None


def _split_sections(text: str, words: _Words, lexicon: Lexicon) -> list[_Section]:
    """Divide the cell by its sub-labels.

    What follows a sub-label runs to the next one, or to the paragraph's end and over the list items behind it.
    """
    doc = read_text(text, lexicon.language)
    heads: list[tuple[int, int, str]] = []
    for item in choose_longest(words.labels.find_all(doc)):
        before = "\n" if item.start == 0 else doc[item.start - 1].text
        last = doc[item.end - 1]
        end = last.idx + len(last.text)
        # Where lines were joined nothing but the capital parts a sub-label from what is before it.
        joined = before[-1].islower() and doc[item.start].text[0].isupper() and text[end : end + 1] == ":"
        begins = before in CLAUSE_SIGNS or before in {"\u2022", "|"} or joined
        colon = _COLON.match(text, end) or (_ends_line(text, end, item.label, lexicon) if before == "\n" else None)
        if begins and colon:
            heads.append((doc[item.start].idx, colon.end(), item.label))
    sections: list[_Section] = []
    position = 0
    for index, (start, end, name) in enumerate(heads):
        sections.append(_Section("rest", text[position:start].strip()))
        limit = heads[index + 1][0] if index + 1 < len(heads) else len(text)
        body = text[end:limit]
        kept = _own_paragraphs(body)
        sections.append(_Section(name, _trim(body[:kept], before_label=index + 1 < len(heads))))
        position = end + kept
    sections.append(_Section("rest", text[position:].strip()))
    return [section for section in sections if section.text or section.name != "rest"]


def _ends_line(text: str, end: int, name: str, lexicon: Lexicon) -> re.Match[str] | None:
    """Match the line end behind a sub-label that fills its line and so needs no colon.

    "Attendance is compulsory" may be a statement: it is a sub-label only where an answer is in the next line.
    """
    found = _LINE_END.match(text, end)
    if found is None or name != "mandatory":
        return found
    answer = text[found.end() :].split("\n", 1)[0]
    return found if find_answer(read_text(answer, lexicon.language), lexicon) else None


def _trim(body: str, *, before_label: bool) -> str:
    """Leave out what only parts a sub-label's text from the next sub-label."""
    text = body.strip()
    return _PARTING.sub("", text).strip() if before_label else text


def _own_paragraphs(body: str) -> int:
    """Measure how much of the text behind a sub-label belongs to it: its paragraph, and list items behind that."""
    position = body.find("\n")
    while position >= 0:
        if not _ITEM.match(body, position + 1):
            return position
        position = body.find("\n", position + 1)
    return len(body)


def _judge_price(cost: str | None, rest: str, words: _Words, lexicon: Lexicon) -> tuple[bool | None, str | None]:
    """Return whether it is free, by the cost's own text or else by the rest; None where it is free only in part."""
    source = read_boxes(rest if cost is None else cost)
    doc = read_text(source, lexicon.language)
    if cost is not None and _is_whole(doc, words.no_cost.find_all(doc)):
        return True, None
    limits = words.limit.find(doc)
    found = [_turned_round(item, doc, span_tokens(limits), lexicon) for item in words.price.find(doc)]
    said = {item.label for item in found}
    amounts = find_amounts(source, lexicon)
    if amounts:
        said.add("paid" if any(amount.value > 0 for amount in amounts) else "free")
    if said == {"free"} and not _is_limited(doc, [*found, *limits], lexicon):
        return True, None
    if said == {"paid"}:
        return False, None
    if said:
        return None, "it is said to be free, but not all of it or not for all"
    if cost is not None and find_answer(doc, lexicon) == "yes":
        return False, None
    return None, None if cost is None else f"the cost {source!r} is neither known as free nor as paid"


def _turned_round(item: PhraseMatch, doc: Doc, limits: frozenset[int], lexicon: Lexicon) -> PhraseMatch:
    """Return a statement that it is free as its opposite where a negation, no limit's own, is directly before it."""
    negations = find_negations(doc, lexicon.language, lexicon.grammar)
    denied = any(negation.end == item.start and limits.isdisjoint(negation.tokens) for negation in negations)
    if item.label == "free" and denied and span_tokens(negations).isdisjoint(item.tokens):
        return item._replace(label="paid")
    return item


def _is_limited(doc: Doc, found: list[PhraseMatch], lexicon: Lexicon) -> bool:
    """Return whether a word of the same sentence, or a share (`50 %`) in the same clause, limits what is free."""
    ends = [-1, *(token.i for token in doc if sentence_end(doc, token.i)), len(doc)]
    for before, end in pairwise(ends):
        labels = {item.label for item in found if before < item.start < end}
        if {"free", "limit"} <= labels:
            return True
    free = (item for item in found if item.label == "free")
    return any(share != _WHOLE for item in free for share in find_shares(_clause(doc, item), lexicon))


def _clause(doc: Doc, item: PhraseMatch) -> str:
    """Return the text of the clause that a phrase is in."""
    signs = [token.i for token in doc if token.text in CLAUSE_SIGNS]
    start = max((index + 1 for index in signs if index < item.start), default=0)
    return doc[start : min((index for index in signs if index >= item.end), default=len(doc))].text


def _judge_duty(duty: str | None, rest: str, words: _Words, lexicon: Lexicon) -> tuple[bool | None, str | None]:
    """Return whether one must attend, by the answer behind the sub-label or else by a statement."""
    doc = read_text(read_boxes(rest if duty is None else duty), lexicon.language)
    if duty is not None:
        answer = find_answer(doc, lexicon)
        if answer in {"yes", "no"}:
            return answer == "yes", None
    said = {item.label for item in words.duty.find(doc)}
    if len(said) == 1:
        return said == {"mandatory"}, None
    if said:
        return None, "one must attend, and need not"
    return None, None if duty is None else f"the answer {duty!r} is neither yes nor no"


def _is_whole(doc: Doc, found: list[PhraseMatch]) -> bool:
    """Return whether a phrase is all that a text holds, but for signs."""
    words = {token.i for token in doc if token.text[0].isalnum()}
    return any(words and words <= set(range(item.start, item.end)) for item in found)
