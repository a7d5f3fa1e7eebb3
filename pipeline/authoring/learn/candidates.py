"""Which words of a translation may belong to which list of a lexicon; reads mapped fields.

The known language's phrases are looked up in the known texts; where each should be in its translation gives
candidates (`anchoring`), which count less the more they are elsewhere.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from pydantic import JsonValue

from pipeline.authoring.learn.anchoring import fold_words, list_phrases, list_tokens, locate
from pipeline.lexicon import Lexicon
from pipeline.lexicon.load import VALUE_MODELS
from pipeline.lexicon.matching import PhraseMatch, choose_longest, finder_of, read_text
from pipeline.lexicon.patterns import parse_pattern
from pipeline.lexicon.values import IGNORE, STATEMENT_VERDICTS, ChoiceWords, Phrase
from pipeline.models.practice import FIELDS
from pipeline.models.record import MappedField, Record

if TYPE_CHECKING:
    from spacy.tokens import Doc

MOST_CANDIDATES: Final = 10
"""Candidates of each list of words that are tried: beyond them the place says nothing any more."""

MOST_WORDS_OF_NOTHING: Final = 16
"""A text that only says that there is nothing to say is a phrase of its own up to this many words and
punctuation marks."""

ANSWERS: Final = ("yes", "no", "partly")
"""Lists of words that count at a text's beginning only."""

DOUBT: Final = 1.0
"""Evidence against every candidate: one that is in its place in one text only is not sure."""

NEIGHBOUR_SCORE: Final = 0.7
"""What it counts to be next to a language's name."""

MIN_SCORE: Final = 0.08
"""A candidate below this is far from its place."""

ELSEWHERE_WEIGHT: Final = 1.5
"""How strongly it counts against a phrase that it is in texts that do not mean it."""

RUN_FACTOR: Final = 0.7
"""Words before or behind a gap of a known phrase say less than the whole phrase."""

EDGE_FACTOR: Final = 0.6
"""What is left of the score of a phrase that begins or ends with a word found in every second text."""

COMMON_SHARE: Final = 0.12
"""A word found in this share of all texts is common."""

YEAR_WORD_SHARE: Final = 0.8
"""A word found with a year in this share of its places is a year word."""

Category = tuple[str, ...]
"""Where a list of words is: the lexicon file's name, then the keys inside it."""

_FUNCTION_WORDS: Final = frozenset({"dates", "languages", "places"})
"""Files in which prepositions and conjunctions count."""

_BETWEEN_DATES: Final = re.compile(r"(?:19|20)\d\d(?:[^\W\d_]{0,3}\.)? (?=[^\W\d_])([^\d\n.;:()]{1,15}?) \d")
"""A year, a few words, and a number again."""

_SEPARATOR: Final = "\x1f"
"""Between the keys of a category, where it is written as one word."""


class AlignedField(NamedTuple):
    """A field of both editions.

    Attributes:
        practice: Practice id.
        field: Its name.
        known_text: The known edition's text.
        known_available: Whether it says anything.
        known_parts: Its normalised parts.
        new: The new edition's field.
        record: The new edition's record that holds it.
    """

    practice: str
    field: str
    known_text: str
    known_available: bool
    known_parts: dict[str, JsonValue]
    new: MappedField
    record: Record


class PhraseCandidate(NamedTuple):
    """A phrase that may belong to a list: how likely, and in how many texts its place was right."""

    category: Category
    text: str
    score: float
    support: int


class Collector:
    """Collects the candidates of every list of words."""

    def __init__(self, cells: Sequence[AlignedField], known: Lexicon, base: Lexicon) -> None:
        """Keep the fields of both editions, and the words of both languages (CLDR's only, of the new one)."""
        self._cells = cells
        self._known = known
        self._base = base
        self._texts = list(dict.fromkeys(cell.new.text for cell in cells))
        self._found_in: dict[str, set[int]] = defaultdict(set)
        for number, text in enumerate(self._texts):
            for phrase, _ in list_phrases(text):
                self._found_in[phrase].add(number)
        self._scores: dict[Category, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        self._support: Counter[tuple[Category, str]] = Counter()
        self._joints = frozenset(base.cldr.conjunctions)
        self._printed_names = frozenset(
            code
            for code, name in base.cldr.languages.items()
            if any(holds(text, " ".join(_fold_tokens(name))) for text in self._texts)
        )

    def collect(self) -> dict[Category, list[PhraseCandidate]]:
        """Collect the candidates of every list, the likeliest first."""
        numbers = {text: number for number, text in enumerate(self._texts)}
        meant = self._list_answers(numbers)
        lists = _list_phrases_by_category(self._known)
        finder = finder_of(self._known)(
            {_join(category): phrases for category, (phrases, _) in lists.items()},
            names={_join(category): names for category, (_, names) in lists.items() if names},
        )
        for known_text, new_text in dict.fromkeys((cell.known_text, cell.new.text) for cell in self._cells):
            doc = read_text(known_text, self._known.language)
            by_label: dict[str, list[PhraseMatch]] = defaultdict(list)
            for item in finder.find_all(doc):
                by_label[item.label].append(item)
            for label, items in by_label.items():
                category = tuple(label.split(_SEPARATOR))
                answers = category[1] in ANSWERS
                chosen = [item for item in choose_longest(items) if not answers or _may_answer(doc, item.start)]
                if chosen:
                    meant[category].add(numbers[new_text])
                for text, score in self._locate_all(category, chosen, doc, new_text).items():
                    if score >= MIN_SCORE:
                        self._add(category, text, score)
        self._add_neighbours()
        self._add_until_words()
        for category in (("languages", "before"), ("languages", "after")):
            # A language's name next to other names is none of the words that say that it is used.
            adjacent = self._scores[category]
            for path, found in self._scores.items():
                if path[:2] == ("languages", "names"):
                    for text, score in found.items():
                        if adjacent.get(text, 0.0) <= score:
                            adjacent.pop(text, None)
        return {category: self._rank(category, meant[category]) for category in self._scores}

    def _list_answers(self, numbers: Mapping[str, int]) -> defaultdict[Category, set[int]]:
        """The texts of each answer, by what the known edition means: it may say yes in other words."""
        meant: defaultdict[Category, set[int]] = defaultdict(set)
        for cell in self._cells:
            for verdict in cell.known_parts.values() if cell.field in STATEMENT_VERDICTS else ():
                answer = "yes" if verdict is True else "no" if verdict is False else verdict
                if isinstance(answer, str):
                    meant["judgements", answer].add(numbers[cell.new.text])
        return meant

    def _add(self, category: Category, text: str, score: float) -> None:
        self._scores[category][text] += score
        self._support[category, text] += 1

    def _locate_all(
        self, category: Category, items: Sequence[PhraseMatch], doc: Doc, new_text: str
    ) -> dict[str, float]:
        """What may be the translation of any of a list's phrases in a known text, and how well it fits."""
        best: dict[str, float] = {}
        for item in items:
            for number, (first, end) in enumerate(_own_runs(item)):
                last = doc[end - 1]
                span = (doc[first].idx, last.idx + len(last.text))
                factor = RUN_FACTOR if number else 1.0
                for candidate in locate(doc.text, span, new_text):
                    if self._fits(category, candidate.text, new_text):
                        best[candidate.text] = max(best.get(candidate.text, 0.0), factor * candidate.score)
            if category[1] == "unavailable" and len(list_tokens(new_text)) <= MOST_WORDS_OF_NOTHING:
                # Signs may be a part of it ("n/a").
                best[fold_words(list_tokens(new_text))] = 1.0
        return best

    def _rank(self, category: Category, meant: set[int]) -> list[PhraseCandidate]:
        """A list's candidates, the likeliest first; a phrase can only correct a field in whose texts it is."""
        fields = _fields_of(category)
        own = list(dict.fromkeys(cell.new.text for cell in self._cells if cell.field in fields))
        ranked = [
            PhraseCandidate(category, text, self._weigh(category, text, score, meant), self._support[category, text])
            for text, score in self._scores[category].items()
            if _is_phrase(text) and any(holds(other, text) for other in own)
        ]
        return sorted((item for item in ranked if item.score > 0), key=lambda item: (-item.score, item.text))[
            :MOST_CANDIDATES
        ]

    def _fits(self, category: Category, text: str, new_text: str) -> bool:
        """Return whether words can belong to a list at all, by where its words must be."""
        if category[1] in ANSWERS:
            return _begins_answer(new_text, text)
        if category[1] == "unavailable":
            # It must be the whole text, which is added as it is.
            return False
        if category[:2] in {("languages", "before"), ("languages", "after")}:
            return self._joints.isdisjoint(text.split())
        if category[:2] == ("languages", "list_markers"):
            return text.endswith(" :")
        if category[:2] == ("languages", "names"):
            # Where CLDR's own name is printed, the edition uses no other.
            return self._printed_names.isdisjoint(category[2].split())
        return True

    def _weigh(self, category: Category, text: str, total: float, meant: set[int]) -> float:
        """Turn a sum of scores into one of 0 to 1: less where the phrase is in other texts too."""
        bare = text.removesuffix(" :")
        places = self._found_in.get(bare, set())
        if category[1] in ANSWERS:
            places = {number for number in places if _begins_answer(self._texts[number], bare)}
        elsewhere = len(places - meant)
        score = total / (DOUBT + total) * math.exp(-ELSEWHERE_WEIGHT * elsewhere / max(1, len(places)))
        if category[1] == "unavailable":
            return score
        if category[1] in ANSWERS and 2 * elsewhere > len(places):
            return 0.0
        words = bare.split()
        telling = category[0] in _FUNCTION_WORDS or category[1] in ANSWERS
        for edge in {words[0], words[-1]}:
            if not telling and self._is_common(edge):
                score *= EDGE_FACTOR if len(words) > 1 else 0.0
        return score

    def _is_common(self, word: str) -> bool:
        """Return whether a word is in so many texts that it means nothing by itself."""
        return len(self._found_in.get(word, ())) > COMMON_SHARE * len(self._texts)

    def _add_neighbours(self) -> None:
        """Add what is next to names of languages: every language says it in its own place."""
        names = finder_of(self._base)({}, names={"name": sorted(self._base.cldr.languages.values())})
        for cell in self._cells:
            if not cell.known_parts.get("languages"):
                continue
            tokens = list_tokens(cell.new.text)
            doc = read_text(cell.new.text, self._base.language)
            found = choose_longest(names.find_all(doc))
            starts, ends = {item.start for item in found}, {item.end for item in found}
            named = {index for item in found for index in range(item.start, item.end)}
            for item in found:
                for category, first, last in (
                    (("languages", "before"), item.start - 1, item.start),
                    (("languages", "before"), item.start - 2, item.start),
                    (("languages", "after"), item.end, item.end + 1),
                    (("languages", "after"), item.end, item.end + 2),
                ):
                    window = range(first, last)
                    # What is between two names joins them.
                    joins = first in ends if category[1] == "before" else last in starts
                    if first < 0 or last > len(tokens) or joins or not named.isdisjoint(window):
                        continue
                    words = {tokens[index].text.lower() for index in window}
                    if all(tokens[index].is_word for index in window) and self._joints.isdisjoint(words):
                        self._add(category, fold_words(tokens[first:last]), NEIGHBOUR_SCORE)

    def _add_until_words(self) -> None:
        """Add what is between two dates of a closed period, where the known edition may have only a dash."""
        for cell in self._cells:
            if cell.field == "period" and cell.known_parts.get("start") and cell.known_parts.get("end"):
                for match in _BETWEEN_DATES.finditer(cell.new.text):
                    self._add(("dates", "until_words"), fold_words(list_tokens(match.group(1))), NEIGHBOUR_SCORE)

    def list_year_words(self) -> Iterator[PhraseCandidate]:
        """The words that occur hardly anywhere but with a year."""
        adjacent: Counter[str] = Counter()
        anywhere: Counter[str] = Counter()
        for text in self._texts:
            tokens = list_tokens(text)
            for number, token in enumerate(tokens):
                if not token.text.isalpha():
                    continue
                anywhere[token.text.lower()] += 1
                before = [other.text for other in tokens[max(0, number - 2) : number]]
                if before[-1:] == ["."] and token.text[0].islower():
                    # "2018. gada": the full stop makes an ordinal.
                    before = before[:-1]
                following = [other.text for other in tokens[number + 1 : number + 2]]
                adjacent[token.text.lower()] += any(
                    len(word) == len("2018") and word.isdecimal() for word in (*before[-1:], *following)
                )
        months = {form.lower() for forms in self._base.cldr.months.values() for form in forms}
        for word, count in sorted(adjacent.items()):
            if count >= 2 and count >= YEAR_WORD_SHARE * anywhere[word] and word not in months:
                share = count / anywhere[word]
                score = round(count / (count + 1) * share, 2)
                yield PhraseCandidate(("dates", "year_words"), word, score, count)


def _list_phrases_by_category(lexicon: Lexicon) -> dict[Category, tuple[tuple[Phrase, ...], tuple[str, ...]]]:
    """All lists of words of a lexicon: its own phrases, and CLDR's names."""
    lists: dict[Category, tuple[tuple[Phrase, ...], tuple[str, ...]]] = {}

    def walk(path: Category, value: object) -> None:
        if isinstance(value, dict):
            for key, inner in value.items():
                if key != IGNORE:
                    walk((*path, str(key)), inner)
        elif isinstance(value, tuple) and value and isinstance(value[0], Phrase):
            lists[path] = (value, ())

    for file, (attribute, model) in VALUE_MODELS.items():
        content = getattr(lexicon, attribute)
        if isinstance(content, ChoiceWords):
            walk((file,), content.entries)
            continue
        for name in model.model_fields:
            walk((file, name), getattr(content, name))
    for code, name in lexicon.cldr.languages.items():
        path = ("languages", "names", code)
        lists[path] = (lists.get(path, ((), ()))[0], (name,))
    for number, forms in lexicon.cldr.months.items():
        path = ("dates", "months", str(number))
        lists[path] = (lists.get(path, ((), ()))[0], tuple(form for form in forms if " " not in form))
    return lists


def _join(category: Category) -> str:
    return _SEPARATOR.join(category)


def _fields_of(category: Category) -> frozenset[str]:
    """The fields that a list of words is evidence of."""
    file, *path = category
    if file == "choices":
        return frozenset({path[0]})
    if file == "judgements" and path[0] == "statements":
        return frozenset({path[1]})
    if file == "judgements" and path[0] in ANSWERS:
        return frozenset({*STATEMENT_VERDICTS, "accessibility"})
    by_file = {
        "accessibility": ("accessibility",),
        "dates": ("period",),
        "languages": ("outreach", "teaching_methods"),
        "money": ("funding", "accessibility"),
        "places": ("locations",),
    }
    return frozenset(by_file.get(file, FIELDS))


def _own_runs(item: PhraseMatch) -> list[tuple[int, int]]:
    """What of a phrase to look for in the translation: the whole of it, and its words before and behind a gap."""
    runs = [(item.start, item.end)]
    if len(item.tokens) < item.end - item.start:
        gaps = [number for number, (one, other) in enumerate(pairwise(item.tokens), start=1) if other != one + 1]
        for first, end in pairwise((0, *gaps, len(item.tokens))):
            runs.append((item.tokens[first], item.tokens[end - 1] + 1))
    return runs


def _may_answer(doc: Doc, start: int) -> bool:
    """Return whether an answer may begin at a token: at the text's beginning, or behind a colon."""
    before = [token.text for token in doc[:start] if token.text[0].isalnum() or token.text == ":"]
    return not before or before[-1] == ":"


def _begins_answer(text: str, phrase: str) -> bool:
    """Return whether a text, or what is behind a colon in it, begins with a phrase."""
    words = phrase.split()
    tokens = [token.text.lower() for token in list_tokens(text)]
    starts = [0, *(number + 1 for number, word in enumerate(tokens) if word == ":")]
    return any(tokens[start : start + len(words)] == words for start in starts)


def _is_phrase(text: str) -> bool:
    """Return whether a text can be in a lexicon: words, no numbers."""
    if not any(character.isalpha() for character in text) or any(character.isdecimal() for character in text):
        return False
    try:
        parse_pattern(text)
    except ValueError:
        return False
    return True


def holds(text: str, phrase: str) -> bool:
    """Return whether a text holds a phrase's words one after the other."""
    return f" {phrase} " in _space_tokens(text)


@lru_cache(maxsize=4096)
def _space_tokens(text: str) -> str:
    """Write a text's tokens in small letters, each between two spaces."""
    return f" {' '.join(_fold_tokens(text))} "


@lru_cache(maxsize=4096)
def _fold_tokens(text: str) -> tuple[str, ...]:
    """A text's tokens in small letters."""
    return tuple(token.text.lower() for token in list_tokens(text))
