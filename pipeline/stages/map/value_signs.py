"""What a value's own words say of the field that it answers: reads the lexicon's value words.

A row under an unknown label still says "2016 to 2018", names languages, or is an address on the web. This is evidence
for a suggestion only; what the words mean exactly is the normalise stage's matter.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from pipeline.lexicon import Lexicon
from pipeline.lexicon.matching import PhraseFinder, choose_longest, finder_of, read_text
from pipeline.lexicon.values import IGNORE, STATEMENT_VERDICTS, TELLING, Phrase
from pipeline.models.practice import FIELDS

if TYPE_CHECKING:
    from spacy.tokens import Doc

TELLING_SHARE: Final = 0.5
"""Where so much of a text are words of one field, the text is that field's: the score is full."""

FULL_SCORE: Final = 1.0
"""The score of such a text."""

MOST_NAMES: Final = 12
"""Words of the longest bare list of names that is taken for one of places."""

NAMES_SCORE: Final = 0.6
"""Names alone may be those of institutions too."""

SUBLABELS: Final = 2
"""So many of the accessibility cell's sub-labels, each with its colon, make an accessibility cell."""

ADDRESS_SHARE: Final = 0.4
"""Where so many of a text's characters are addresses on the web, it is a list of sources."""

MONEY_SCORE: Final = 0.9
"""A currency or a percentage is money's wherever it is, but other fields mention money too."""

FIGURE_FIELDS: Final = frozenset({"period", "funding", "indicators"})
"""Fields whose whole value may be a figure; a value without any letter fits no other."""

KIND_FIELDS: Final = frozenset({"period", "implementation_level", "participation"})
"""Fields whose values have words of their kind, however long they are: 70 of 71 rows of unseen booklets."""

SHORT_FIELDS: Final = frozenset(
    {"implementers", "partners", "organised_by", "target_groups", "teaching_methods", "host_community"}
    | {"assessment_frequency", "assessor", "involvement_method", "assessment_methods"}
)
"""Fields that one or two words answer without being of a kind: names, groups, methods."""

SHORT_WORDS: Final = 2
"""So many words without the end of a sentence are no description, aim or outlook: of 250 such rows none is shorter."""

SENTENCE_ENDS: Final = ".!?;\u2026"
_ADDRESS_ONLY: Final = re.compile(r"(?:https?://|www\.|[\w.+-]+@)\S+")
_ADDRESS: Final = re.compile(r"(?:https?://|www\.)\S+")
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_SUBLABEL: Final = "accessibility:label"
_ANSWER: Final = "answer"


def read_signs(text: str, lexicon: Lexicon) -> dict[str, float]:
    """Say which fields a value's words speak for.

    Args:
        text: The value's text.
        lexicon: The words of its language; with few value words there are few signs.

    Returns:
        By field, how strongly (0 to 1); fields for which nothing speaks are left out.
    """
    doc = read_text(text, lexicon.language)
    words = {token.i for token in doc if token.text[0].isalnum()}
    if not words:
        return {}
    scores: dict[str, float] = {}
    addresses = sum(len(match.group()) for match in _ADDRESS.finditer(text))
    if addresses:
        scores["sources"] = min(1.0, addresses / len(text) / ADDRESS_SHARE)
    if _is_list_of_names(doc, lexicon):
        scores["locations"] = NAMES_SCORE
    # A word may speak for several fields, but not where a longer phrase says that it means none.
    everything = _load_finder(lexicon).find_all(doc)
    ignored = {index for item in choose_longest(everything) if item.label == IGNORE for index in item.tokens}
    found = [item for item in everything if ignored.isdisjoint(item.tokens)]
    tokens_of: dict[str, set[int]] = {}
    for item in found:
        tokens_of.setdefault(item.label, set()).update(item.tokens)
    if "period" in tokens_of or any(_YEAR.fullmatch(token.text) for token in doc):
        tokens_of.setdefault("period", set()).update(token.i for token in doc if token.text.isdecimal())
    for label, tokens in tokens_of.items():
        if label not in {IGNORE, _SUBLABEL, _ANSWER}:
            scores[label] = min(1.0, len(tokens) / len(words) / TELLING_SHARE)
    if "funding" in tokens_of:
        scores["funding"] = max(scores["funding"], MONEY_SCORE)
    sublabels = sum(item.label == _SUBLABEL and item.end < len(doc) and doc[item.end].text == ":" for item in found)
    if sublabels:
        scores["accessibility"] = max(scores.get("accessibility", 0.0), min(1.0, sublabels / SUBLABELS))
    if any(item.label == _ANSWER and item.start == min(words) for item in found):
        scores.update(dict.fromkeys(STATEMENT_VERDICTS, 1.0))
    return scores


def find_unfit_fields(text: str, signs: Mapping[str, float] | None = None) -> frozenset[str]:
    """Return the fields whose kind a value does not fit: one without a letter is a figure, and an address is a source.

    Args:
        text: The value's text.
        signs: What its words say by `read_signs`, where the language's words are known: a field of a kind then needs
            its words, and so does a field of prose where there are one or two words only.
    """
    words = text.split()
    if not any(character.isalpha() for character in text):
        return frozenset(FIELDS) - FIGURE_FIELDS
    if words and all(_ADDRESS_ONLY.fullmatch(word) for word in words):
        return frozenset(FIELDS) - {"sources"}
    short = len(words) <= SHORT_WORDS and text.rstrip()[-1] not in SENTENCE_ENDS
    asked = KIND_FIELDS.union(set(FIELDS) - SHORT_FIELDS if short else ())
    return frozenset() if signs is None else asked.difference(signs)


def _is_list_of_names(doc: Doc, lexicon: Lexicon) -> bool:
    """Return whether a text holds nothing but words with capital letters, and words for "and"."""
    joints = set(lexicon.cldr.conjunctions)
    words = [token.text for token in doc if token.text[0].isalnum()]
    named = [word for word in words if word.lower() not in joints]
    return 0 < len(named) <= MOST_NAMES and all(word[0].isupper() for word in named)


@lru_cache(maxsize=8)
def _load_finder(lexicon: Lexicon) -> PhraseFinder:
    """Compile a lexicon's value words by the field that they speak for, once."""
    dates, money, access = lexicon.dates, lexicon.money, lexicon.access
    phrases: Counter[tuple[str, Phrase]] = Counter()

    def add(label: str, *lists: tuple[Phrase, ...]) -> None:
        phrases.update((label, phrase) for entries in lists for phrase in entries)

    for field, codes in lexicon.choices.entries.items():
        for code, entries in codes.items():
            add(IGNORE if code == IGNORE else field, () if code == TELLING else entries)
    add("period", dates.start_words, dates.end_words, dates.ongoing, dates.ended, dates.year_words)
    add("period", *dates.months.values())
    add("funding", money.percent, *money.currencies.values())
    add("outreach", lexicon.languages.list_markers, *lexicon.languages.names.values())
    add("accessibility", access.free, access.paid, access.mandatory, access.optional)
    add(_SUBLABEL, access.cost_labels, access.mandatory_labels, access.eligibility_labels)
    add(_ANSWER, lexicon.judgements.yes, lexicon.judgements.no, lexicon.judgements.partly)
    by_label: dict[str, list[Phrase]] = {}
    for label, phrase in phrases:
        by_label.setdefault(label, []).append(phrase)
    names = {
        "period": sorted({form for forms in lexicon.cldr.months.values() for form in forms if " " not in form}),
        "outreach": sorted(lexicon.cldr.languages.values()),
        "funding": ["%", *sorted(lexicon.cldr.currencies)],
    }
    return finder_of(lexicon)(by_label, names=names)
