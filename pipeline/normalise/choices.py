"""Normalises choices among the contract's codes, and judgements (yes, no, partly); reads and writes no artefact."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

from pipeline.contract import FIELDS
from pipeline.lexicon import Lexicon
from pipeline.lexicon.matching import (
    CLAUSE_SIGNS,
    Found,
    PhraseFinder,
    choose_longest,
    drop_foreign,
    is_negated,
    read_text,
    split_tokens,
)
from pipeline.lexicon.values import CHOICE_CODES, IGNORE, STATEMENT_VERDICTS

if TYPE_CHECKING:
    from spacy.tokens import Doc

LIST_ITEMS: Final = 3
"""So many items make a bare enumeration: an answer that names things without a sentence."""

_ITEM_MARK: Final = re.compile(r"(?:- |\(?[0-9a-z]{1,3}[.)] )")
_EMPTY: Final = re.compile(r"[\W_]*")
MOST_TOKENS: Final = 200
"""Tokens after which it is known how many words a text has, for a comparison with the longest phrase's."""


class _ChoiceFinders(NamedTuple):
    """Compiled words of one lexicon."""

    choices: dict[str, PhraseFinder]
    answers: PhraseFinder
    statements: dict[str, PhraseFinder]
    unavailable: PhraseFinder
    negations: PhraseFinder


@lru_cache(maxsize=8)
def _load_finders(lexicon: Lexicon) -> _ChoiceFinders:
    """Compile a lexicon's choices and judgements, once."""
    language, grammar, judgements = lexicon.language, lexicon.grammar, lexicon.judgements
    return _ChoiceFinders(
        choices={field: PhraseFinder(codes, language, grammar) for field, codes in lexicon.choices.entries.items()},
        answers=PhraseFinder(
            {"yes": judgements.yes, "no": judgements.no, "partly": judgements.partly}, language, grammar
        ),
        statements={
            field: PhraseFinder(verdicts, language, grammar) for field, verdicts in judgements.statements.items()
        },
        unavailable=PhraseFinder({"unavailable": judgements.unavailable}, language, grammar),
        negations=PhraseFinder({"not": grammar.negations}, language, grammar),
    )


def is_unavailable(text: str, lexicon: Lexicon) -> bool:
    """Tell whether a text only says that there is nothing to say.

    Args:
        text: The value's text.
        lexicon: The words of its language.

    Returns:
        True where the whole text is one such phrase, or holds no letter and no number.
    """
    if not any(sign.isalnum() for sign in text):
        return True
    finder = _load_finders(lexicon).unavailable
    # Most values are far longer than any such phrase, and need not be searched for it.
    if sum(_EMPTY.fullmatch(token) is None for token in islice(split_tokens(text), MOST_TOKENS)) > finder.longest:
        return False
    doc = read_text(text, lexicon.language)
    return any(
        _EMPTY.fullmatch(doc[: item.start].text) and _EMPTY.fullmatch(doc[item.end :].text)
        for item in finder.find_all(doc)
    )


def find_codes(field: str, text: str, lexicon: Lexicon) -> list[str]:
    """Find the contract's codes of a field that a text states.

    Args:
        field: A field with a choice.
        text: The value's text.
        lexicon: The words of its language.

    Returns:
        The codes in the contract's order.
    """
    finders = _load_finders(lexicon)
    finder = finders.choices.get(field)
    if finder is None:
        return []
    doc = read_text(text, lexicon.language)
    negations = finders.negations.find_all(doc)
    stated = {
        item.label
        for item in finder.find(doc)
        if not is_negated(doc, item.start, negations) and not _denied_behind(doc, item, negations)
    }
    return [code for code in CHOICE_CODES[field] if code in stated]


def find_verdict(field: str, text: str, shared_with: tuple[str, ...], lexicon: Lexicon) -> str | None:
    """Find how a text answers a field's question.

    An answer at the text's beginning counts first; in a merged row it answers the first of the row's questions only.
    Then statements count, wherever they stand, the first one first.

    Args:
        field: A field that answers a question.
        text: The value's text.
        shared_with: Other fields that the same cell answers.
        lexicon: The words of its language.

    Returns:
        `yes`, `no` or `partly`; None where the text does not say.
    """
    finders = _load_finders(lexicon)
    doc = read_text(text, lexicon.language)
    questions = [other for other in (field, *shared_with) if other in STATEMENT_VERDICTS]
    if min(questions, key=FIELDS.index) == field:
        answer = find_answer(doc, lexicon)
        if answer is not None:
            return answer
    finder = finders.statements.get(field)
    if finder is not None:
        negations = finders.negations.find_all(doc)
        for item in drop_foreign(doc, choose_longest(finder.find_all(doc)), lexicon.language):
            if item.label != IGNORE and not is_negated(doc, item.start, negations):
                return {"true": "yes", "false": "no"}.get(item.label, item.label)
    return None


def find_answer(doc: Doc, lexicon: Lexicon) -> str | None:
    """Find the answer that a text begins with.

    Args:
        doc: The text.
        lexicon: The words of its language.

    Returns:
        `yes`, `no` or `partly`; None where it begins otherwise.
    """
    first = next((token.i for token in doc if token.text == "(" or token.text[0].isalnum()), None)
    found = [item for item in _load_finders(lexicon).answers.find_all(doc) if item.start == first]
    return found[0].label if found else None


def is_enumeration(text: str) -> bool:
    """Tell whether a text is a bare list: items with markers, or paragraphs that end with a comma or semicolon.

    Args:
        text: The value's text.

    Returns:
        True for a list of at least `LIST_ITEMS` items, none of them a question.
    """
    paragraphs = text.split("\n")
    if len(paragraphs) < LIST_ITEMS or "?" in text:
        return False
    marked = all(_ITEM_MARK.match(paragraph) for paragraph in paragraphs)
    return marked or all(paragraph.endswith((";", ",")) for paragraph in paragraphs[:-1])


def _denied_behind(doc: Doc, item: Found, negations: list[Found]) -> bool:
    """Tell whether a negation follows directly and closes the clause's statement (`X is not available`)."""
    if item.end >= len(doc) or doc[item.end].text in CLAUSE_SIGNS:
        return False
    return any(negation.start == item.end for negation in negations)
