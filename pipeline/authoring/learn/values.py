"""Value words of a new language, by the known meaning of aligned values; reads mapped fields, writes no artefact.

The known language's phrases are looked up in the known texts; where each should stand in its translation gives
candidates (`anchoring`). A candidate becomes a draft where with it the new texts mean what the known ones mean: the
normalise stage itself is the judge. What no candidate mends is told as undecided.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pydantic import BaseModel, ValidationError

from pipeline.authoring.learn.anchoring import (
    MIN_SURVIVOR_LETTERS,
    Token,
    fold_words,
    list_phrases,
    list_tokens,
    locate,
)
from pipeline.contract import FIELDS, PARTS
from pipeline.lexicon import Corrections, Lexicon
from pipeline.lexicon.matching import Found, PhraseFinder, choose_longest, read_text
from pipeline.lexicon.patterns import parse_pattern
from pipeline.lexicon.values import (
    CHOICE_CODES,
    IGNORE,
    STATEMENT_VERDICTS,
    AccessWords,
    ChoiceWords,
    DateWords,
    Grammar,
    JudgementWords,
    LanguageWords,
    MoneyWords,
    Phrase,
    PlaceWords,
)
from pipeline.models.record import MappedField, Record
from pipeline.stages.normalise.record import normalise_record

if TYPE_CHECKING:
    from pydantic import JsonValue
    from spacy.tokens import Doc

MOST_CANDIDATES: Final = 10
"""Candidates of each list of words that are tried: beyond them the place says nothing any more."""

MOST_WORDS_OF_NOTHING: Final = 16
"""A text that only says that there is nothing to say is a phrase of its own up to this many words and signs."""

ANSWERS: Final = ("yes", "no", "partly")
"""Lists of words that count at a text's beginning only."""

DOUBT: Final = 1.0
"""Evidence against every candidate: one that stands in its place in one text only is not sure."""

NEIGHBOUR_SCORE: Final = 0.7
"""What it counts to stand directly beside a language's name."""

MIN_SCORE: Final = 0.08
"""A candidate below this stands nowhere near its place."""

SURE_SCORE: Final = 0.45
"""Drafts below this are told apart: they rest on one place inside one text."""

ELSEWHERE_WEIGHT: Final = 1.5
"""How strongly it counts against a phrase that it stands in texts that do not mean it."""

RUN_FACTOR: Final = 0.7
"""Words before or behind a gap of a known phrase say less than the whole phrase."""

STEM_LETTERS: Final = 4
"""Words that begin with so many letters in common may be forms of one word."""

STEM_SHARE: Final = 0.6
"""Forms of one word have so much of the longer one in common."""

STEM_SCORE: Final = 0.4
"""On average a stem's words must stand so well in their place: those of a longer phrase do not."""

SPREAD_WEIGHT: Final = 2.0
"""How strongly it counts against a phrase that it stands in texts of its own field that mean something else."""

MOST_PARTNERS: Final = 4
"""Sub-labels of a kind, and answers of a kind, that are tried together."""

ORDER_COST: Final = 0.05
"""The right codes in another order."""

MIN_GAIN: Final = 0.01
"""Less is no more than another order of the same codes: nothing to draft a word for."""

WRONG_COST: Final = 1.3
"""A wrong value is worse than none."""

EDGE_FACTOR: Final = 0.6
"""What is left of the score of a phrase that begins or ends with a word found in every second text."""

COMMON_SHARE: Final = 0.12
"""A word found in this share of all texts is common."""

SPURIOUS_COST: Final = 1.2
"""A value where the known edition has none is worse than none where it has one."""

YEAR_WORD_SHARE: Final = 0.8
"""A word that stands with a year in this share of its places is a year word."""

Category = tuple[str, ...]
"""Where a list of words stands: the lexicon file's name, then the keys inside it."""

_MODELS: Final[dict[str, tuple[str, type[BaseModel]]]] = {
    "accessibility": ("access", AccessWords),
    "choices": ("choices", ChoiceWords),
    "dates": ("dates", DateWords),
    "grammar": ("grammar", Grammar),
    "judgements": ("judgements", JudgementWords),
    "languages": ("languages", LanguageWords),
    "money": ("money", MoneyWords),
    "places": ("places", PlaceWords),
}
"""By lexicon file: the lexicon's attribute, and the model of the file."""

_FUNCTION_WORDS: Final = frozenset({"dates", "languages", "places"})
"""Files in which prepositions and conjunctions count."""

_SUBLABELS: Final = frozenset({"cost_labels", "mandatory_labels"})
"""Lists of sub-labels behind which an answer stands."""

_BETWEEN_DATES: Final = re.compile(r"(?:19|20)\d\d(?:[^\W\d_]{0,3}\.)? (?=[^\W\d_])([^\d\n.;:()]{1,15}?) \d")
"""A year, a few words, and a number again."""

_SEPARATOR: Final = "\x1f"
"""Between the keys of a category, where it is written as one word."""

_TEXT_PARTS: Final = frozenset({"places", "cost", "eligibility"})
"""Parts that hold the text's own words: of a translation only whether they are there, and how long, can be compared."""


class Cell(NamedTuple):
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


class LearnedWord(NamedTuple):
    """A drafted phrase: the list it belongs to, its score (0 to 1), and what speaks for it."""

    category: Category
    text: str
    score: float
    evidence: str


class WordsLearned(NamedTuple):
    """The drafted words by file and list; and the values that stay wrong or unknown with them, in words."""

    words: tuple[LearnedWord, ...]
    undecided: tuple[str, ...]


class _Candidate(NamedTuple):
    """A phrase that may belong to a list: how likely, and in how many texts its place was right."""

    category: Category
    text: str
    score: float
    support: int


_Move = tuple[_Candidate, ...]
"""Candidates that are drafted together."""


def learn_words(cells: Sequence[Cell], known: Lexicon, base: Lexicon) -> WordsLearned:
    """Draft the value words of a language.

    Args:
        cells: The fields of both editions.
        known: The known edition's lexicon.
        base: The new language's lexicon so far: CLDR's words, country names, labels.

    Returns:
        The words, and what stays undecided.
    """
    return _Learner(cells, known, base).learn()


class _Learner:
    """Collects candidates, then chooses among them field by field."""

    def __init__(self, cells: Sequence[Cell], known: Lexicon, base: Lexicon) -> None:
        self._cells = list(cells)
        self._base = _trim_cldr(base, [cell.new.text for cell in cells])
        self._lists = _list_phrases_by_category(known)
        self._drafts: dict[Category, list[LearnedWord]] = defaultdict(list)
        self._counter = 0
        self._texts = list(dict.fromkeys(cell.new.text for cell in cells))
        self._found_in: dict[str, set[int]] = defaultdict(set)
        for number, text in enumerate(self._texts):
            for phrase, _ in list_phrases(text):
                self._found_in[phrase].add(number)
        self._joints = frozenset(base.cldr.conjunctions)
        self._printed_names = frozenset(
            code
            for code, name in self._base.cldr.languages.items()
            if any(_holds(text, " ".join(_fold_tokens(name))) for text in self._texts)
        )
        self._candidates = self._collect(known)
        self._outcomes: dict[tuple[str, str], dict[str, JsonValue]] = {}

    def learn(self) -> WordsLearned:
        """Choose the words field by field: answers first, for most fields' words build upon them."""
        self._add_year_words()
        self._choose([("judgements", "unavailable")], FIELDS)
        answers: list[Category] = [("judgements", answer) for answer in ("yes", "no", "partly")]
        self._choose(answers, tuple(STATEMENT_VERDICTS))
        for field in STATEMENT_VERDICTS:
            self._choose(
                [category for category in self._candidates if category[1:3] == ("statements", field)], (field,)
            )
        for field in CHOICE_CODES:
            self._choose([("choices", field, code) for code in CHOICE_CODES[field]], (field,))
        self._choose([category for category in self._candidates if category[0] == "dates"], ("period",))
        access = [category for category in self._candidates if category[0] == "accessibility"]
        self._choose([*access, *answers], ("accessibility",))
        spoken = [category for category in self._candidates if category[0] == "languages"]
        self._choose(spoken, ("outreach", "teaching_methods"))
        self._choose([category for category in self._candidates if category[0] == "money"], ("funding",))
        self._choose([category for category in self._candidates if category[0] == "places"], ("locations",))
        words = tuple(word for category in sorted(self._drafts) for word in self._drafts[category])
        return WordsLearned(words, tuple(self._tell_undecided()))

    # Candidates

    def _collect(self, known: Lexicon) -> dict[Category, list[_Candidate]]:
        """Collect the candidates of every list, the likeliest first."""
        scores: dict[Category, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        support: dict[Category, Counter[str]] = defaultdict(Counter)
        meant: dict[Category, set[int]] = defaultdict(set)
        finder = PhraseFinder(
            {_join(category): phrases for category, (phrases, _) in self._lists.items()},
            known.language,
            known.grammar,
            {_join(category): names for category, (_, names) in self._lists.items() if names},
        )
        numbers = {text: number for number, text in enumerate(self._texts)}
        for known_text, new_text in dict.fromkeys((cell.known_text, cell.new.text) for cell in self._cells):
            doc = read_text(known_text, known.language)
            by_label: dict[str, list[Found]] = defaultdict(list)
            for item in finder.find_all(doc):
                by_label[item.label].append(item)
            for label, items in by_label.items():
                category = tuple(label.split(_SEPARATOR))
                best: dict[str, float] = {}
                for item in choose_longest(items):
                    if category[1] in ANSWERS and not _may_answer(doc, item.start):
                        continue
                    for number, (first, end) in enumerate(_own_runs(item)):
                        last = doc[end - 1]
                        span = (doc[first].idx, last.idx + len(last.text))
                        factor = RUN_FACTOR if number else 1.0
                        for candidate in locate(known_text, span, new_text):
                            if self._fits(category, candidate.text, new_text):
                                best[candidate.text] = max(best.get(candidate.text, 0.0), factor * candidate.score)
                    survivor = fold_words(list_tokens(doc[item.start : item.end].text))
                    if len(survivor) >= MIN_SURVIVOR_LETTERS and _holds(new_text, survivor):
                        # A name that no translation changes.
                        best[survivor] = 1.0
                    if category[1] == "unavailable" and len(list_tokens(new_text)) <= MOST_WORDS_OF_NOTHING:
                        # Signs may be a part of it ("n/a").
                        best[fold_words(list_tokens(new_text))] = 1.0
                    meant[category].add(numbers[new_text])
                for text, score in best.items():
                    if score >= MIN_SCORE:
                        scores[category][text] += score
                        support[category][text] += 1
        self._add_neighbours(scores, support)
        self._add_until_words(scores, support)
        for category in (("languages", "before"), ("languages", "after")):
            # A language's name beside other names is none of the words that say that it is used.
            beside = scores[category]
            for path, found in scores.items():
                if path[:2] == ("languages", "names"):
                    for text, score in found.items():
                        if beside.get(text, 0.0) <= score:
                            beside.pop(text, None)
        for category in list(scores):
            self._add_stems(category, scores[category], support[category])
        collected: dict[Category, list[_Candidate]] = {}
        for category, found in scores.items():
            # A phrase can only mend a field in whose texts it stands.
            fields = _fields_of(category)
            own = {numbers[cell.new.text] for cell in self._cells if cell.field in fields}
            ranked = [
                _Candidate(category, text, self._weigh(category, text, score, meant[category]), support[category][text])
                for text, score in found.items()
                if _is_phrase(text) and any(_holds(self._texts[number], text) for number in own)
            ]
            ranked = sorted((item for item in ranked if item.score > 0), key=lambda item: (-item.score, item.text))
            collected[category] = ranked[:MOST_CANDIDATES]
        return collected

    def _add_stems(self, category: Category, scores: dict[str, float], support: Counter[str]) -> None:
        """Add stems of words that stand in their place in several forms."""
        if category[0] != "choices":
            return
        words = sorted(text for text in scores if text.isalpha())
        for one, other in pairwise(words):
            stem = one[: _shared_letters(one, other)]
            if len(stem) < max(STEM_LETTERS, STEM_SHARE * len(other)):
                continue
            forms = [word for word in words if word.startswith(stem)]
            total, texts = sum(scores[word] for word in forms), sum(support[word] for word in forms)
            if total >= STEM_SCORE * texts:
                scores[f"{stem}*"], support[f"{stem}*"] = total, texts

    def _fits(self, category: Category, text: str, new_text: str) -> bool:
        """Tell whether words can belong to a list at all, by where its words must stand."""
        if category[1] in ANSWERS:
            return _begins_answer(new_text, text)
        if category[1] == "unavailable":
            # It must be the whole text, which is added as it stands.
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
        """Turn a sum of scores into one of 0 to 1: less where the phrase stands in other texts too."""
        bare = text.removesuffix(" :")
        places = self._places(bare)
        if category[1] in ANSWERS:
            places = {number for number in places if _begins_answer(self._texts[number], bare)}
        elsewhere = len(places - meant)
        score = total / (DOUBT + total) * math.exp(-ELSEWHERE_WEIGHT * elsewhere / max(1, len(places)))
        if category[0] == "choices":
            own = places & self._texts_of(category[1])
            score *= math.exp(-SPREAD_WEIGHT * len(own - meant) / max(1, len(own)))
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

    def _places(self, phrase: str) -> set[int]:
        """Give the numbers of the texts that hold a phrase, or a word with a stem (`word*`)."""
        if not phrase.endswith("*"):
            return self._found_in.get(phrase, set())
        return {number for number, text in enumerate(self._texts) if _holds(text, phrase)}

    def _texts_of(self, field: str) -> set[int]:
        """Give the numbers of a field's texts."""
        return {self._texts.index(cell.new.text) for cell in self._cells if cell.field == field}

    def _is_common(self, word: str) -> bool:
        """Tell whether a word stands in so many texts that it means nothing by itself."""
        return len(self._found_in.get(word, ())) > COMMON_SHARE * len(self._texts)

    def _add_neighbours(self, scores: dict[Category, dict[str, float]], support: dict[Category, Counter[str]]) -> None:
        """Add what stands directly beside names of languages: every language says it in its own place."""
        names = PhraseFinder(
            {}, self._base.language, self._base.grammar, {"name": sorted(self._base.cldr.languages.values())}
        )
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
                    # What stands between two names joins them.
                    joins = first in ends if category[1] == "before" else last in starts
                    if first < 0 or last > len(tokens) or joins or not named.isdisjoint(window):
                        continue
                    words = {tokens[index].text.lower() for index in window}
                    if all(tokens[index].is_word for index in window) and self._joints.isdisjoint(words):
                        text = fold_words(tokens[first:last])
                        scores[category][text] += NEIGHBOUR_SCORE
                        support[category][text] += 1

    def _add_until_words(self, scores: dict[Category, dict[str, float]], support: dict[Category, Counter[str]]) -> None:
        """Add what stands between two dates of a closed period, where the known edition may have only a dash."""
        for cell in self._cells:
            if cell.field == "period" and cell.known_parts.get("start") and cell.known_parts.get("end"):
                for match in _BETWEEN_DATES.finditer(cell.new.text):
                    text = fold_words(list_tokens(match.group(1)))
                    scores["dates", "until_words"][text] += NEIGHBOUR_SCORE
                    support["dates", "until_words"][text] += 1

    def _add_year_words(self) -> None:
        """Draft words that hardly stand anywhere but with a year."""
        beside: Counter[str] = Counter()
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
                beside[token.text.lower()] += any(map(_is_year, (*before[-1:], *_following(tokens, number))))
        months = {form.lower() for forms in self._base.cldr.months.values() for form in forms}
        for word, count in sorted(beside.items()):
            if count >= 2 and count >= YEAR_WORD_SHARE * anywhere[word] and word not in months:
                share = count / anywhere[word]
                score = round(count / (count + 1) * share, 2)
                self._draft(LearnedWord(("dates", "year_words"), word, score, f"{count} times with a year"))

    # Choosing

    def _choose(self, categories: Iterable[Category], fields: Iterable[str]) -> None:
        """Draft the candidates that bring the fields nearest to their known meaning, one after the other."""
        wanted = set(fields)
        cells = [cell for cell in self._cells if cell.field in wanted]
        moves = self._list_moves(list(categories))
        # A move's gain is worked out anew only where the fields that hold it have changed.
        gains: dict[_Move, tuple[tuple[float, ...], float, list[str]]] = {}
        while moves:
            lexicon = self._lexicon()
            errors = {_key(cell): self._error(cell, lexicon) for cell in cells}
            if not any(errors.values()):
                break
            best: tuple[float, float, _Move, list[str]] | None = None
            lacking = self._lacking_codes(cells, errors)
            for move in moves:
                if any(_code_of(candidate.category) not in lacking for candidate in move):
                    continue
                touched = [cell for cell in cells if all(_holds(cell.new.text, candidate.text) for candidate in move)]
                state = tuple(errors[_key(cell)] for cell in touched)
                if move not in gains or gains[move][0] != state:
                    gains[move] = (state, *self._gain(move, touched, errors))
                _, gain, mended = gains[move]
                score = min(candidate.score for candidate in move)
                if gain >= MIN_GAIN and (best is None or (gain * score, score) > best[:2]):
                    best = (gain * score, score, move, mended)
            if best is None:
                break
            _, _, chosen, mended = best
            moves = [move for move in moves if not set(chosen) & set(move)]
            for candidate in chosen:
                self._draft(
                    LearnedWord(
                        candidate.category,
                        candidate.text,
                        round(candidate.score, 2),
                        f"in its place in {candidate.support} {'text' if candidate.support == 1 else 'texts'}; "
                        f"gives {', '.join(mended)}",
                    )
                )

    def _list_moves(self, categories: Sequence[Category]) -> list[_Move]:
        """List what may be drafted at once: a candidate, or a sub-label together with the answer behind it.

        Neither a sub-label nor its answer says anything alone, so that neither would ever be chosen.
        """
        moves: list[_Move] = [
            (candidate,) for category in categories for candidate in self._candidates.get(category, ())
        ]
        labels = [category for category in categories if category[0] == "accessibility" and category[1] in _SUBLABELS]
        answers = [category for category in categories if category[1] in ANSWERS]
        moves.extend(
            (label, answer)
            for one in labels
            for label in self._candidates.get(one, [])[:MOST_PARTNERS]
            for other in answers
            for answer in self._candidates.get(other, [])[:MOST_PARTNERS]
        )
        return moves

    def _gain(
        self, move: _Move, touched: Sequence[Cell], errors: Mapping[tuple[str, str], float]
    ) -> tuple[float, list[str]]:
        """Say how much nearer a move brings the fields that hold it, and which it mends."""
        if not any(errors[_key(cell)] for cell in touched):
            return 0.0, []
        lexicon = self._lexicon(move)
        if lexicon is None:
            return 0.0, []
        gain = 0.0
        mended = []
        for cell in touched:
            before, after = errors[_key(cell)], self._error(cell, lexicon)
            gain += before - after
            if after < before:
                mended.append(f"{cell.practice} {cell.field}")
        return gain, mended

    def _lacking_codes(self, cells: Sequence[Cell], errors: Mapping[tuple[str, str], float]) -> set[str | None]:
        """Give the codes that some field should have and has not; None stands for lists of words without a code."""
        lacking: set[str | None] = {None}
        for cell in cells:
            if errors[_key(cell)]:
                outcome = self._outcomes[_key(cell)]
                for part in PARTS.get(cell.field, ()):
                    want, got = cell.known_parts.get(part), outcome.get(part)
                    lacking |= _codes_in(want) - (_codes_in(got) if isinstance(want, list) else set())
        return lacking

    def _draft(self, word: LearnedWord) -> None:
        self._drafts[word.category].append(word)

    def _lexicon(self, extra: _Move = ()) -> Any:  # noqa: ANN401 - None only with extra candidates
        """Give the lexicon with all drafts; None where an extra candidate contradicts one of them."""
        self._counter += 1
        trees: dict[str, Any] = {}
        drafts = [(word.category, word.text) for words in self._drafts.values() for word in words]
        drafts.extend((candidate.category, candidate.text) for candidate in extra)
        for category, text in drafts:
            put_phrase(trees, category, text)
        update: dict[str, Any] = {"digest": f"{self._base.digest} learning {self._counter}"}
        for file, tree in trees.items():
            attribute, model = _MODELS[file]
            try:
                update[attribute] = model.model_validate(tree)
            except ValidationError:
                return None
        return self._base.model_copy(update=update)

    def _error(self, cell: Cell, lexicon: Lexicon) -> float:
        """Say how far a field's new meaning is from the known one; 0 where it is the same."""
        return sum(error for _, error in self._compare(cell, lexicon))

    def _compare(self, cell: Cell, lexicon: Lexicon) -> list[tuple[str, float]]:
        """Compare a field's leaves with the known ones."""
        record = cell.record.model_copy(update={"fields": {cell.field: cell.new}})
        result = normalise_record(record, lexicon, Corrections())
        errors = [("available", float(result.available[cell.field] != cell.known_available))]
        for part in PARTS.get(cell.field, ()):
            got, want = result.parts[cell.field][part], cell.known_parts.get(part)
            errors.append((part, _differ(part, got, want, cell)))
        self._outcomes[_key(cell)] = {"available": result.available[cell.field], **result.parts.get(cell.field, {})}
        return errors

    def _tell_undecided(self) -> list[str]:
        """Tell the values that stay wrong or unknown with all drafts."""
        lexicon = self._lexicon()
        lines = []
        for cell in self._cells:
            for part, error in self._compare(cell, lexicon):
                if error:
                    got = self._outcomes[_key(cell)][part]
                    want = cell.known_available if part == "available" else cell.known_parts.get(part)
                    page = cell.new.value_boxes[0].page if cell.new.value_boxes else None
                    lines.append(
                        f"{cell.practice}, page {page}: {cell.field}.{part} is {got!r}, in the known edition {want!r}; "
                        f"the text begins {cell.new.text[:60]!r}"
                    )
        return lines


def put_phrase(trees: dict[str, Any], category: Category, phrase: object) -> None:
    """Put a phrase into the content of its file.

    Args:
        trees: By file, its content; changed in place.
        category: File and keys.
        phrase: What to put at the end of the list.
    """
    tree = trees.setdefault(category[0], {})
    for key in category[1:-1]:
        tree = tree.setdefault(key, {})
    # Months are numbered, multipliers are numbers.
    last: str | int = int(category[-1]) if category[-1].isdecimal() else category[-1]
    tree.setdefault(last, []).append(phrase)


def _list_phrases_by_category(lexicon: Lexicon) -> dict[Category, tuple[tuple[Phrase, ...], tuple[str, ...]]]:
    """Give all lists of words of a lexicon: its own phrases, and CLDR's names."""
    lists: dict[Category, tuple[tuple[Phrase, ...], tuple[str, ...]]] = {}

    def walk(path: Category, value: object) -> None:
        if isinstance(value, dict):
            for key, inner in value.items():
                if key != IGNORE:
                    walk((*path, str(key)), inner)
        elif isinstance(value, tuple) and value and isinstance(value[0], Phrase):
            lists[path] = (value, ())

    for file, (attribute, model) in _MODELS.items():
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


def _trim_cldr(lexicon: Lexicon, texts: Sequence[str]) -> Lexicon:
    """Leave out CLDR's names that stand in none of the texts: they are compiled for every candidate that is tried."""
    whole = "\n".join(texts).casefold()
    cldr = lexicon.cldr
    currencies = {
        code: tuple(form for form in forms if form.casefold() in whole) for code, forms in cldr.currencies.items()
    }
    trimmed = cldr.model_copy(
        update={
            "languages": {code: name for code, name in cldr.languages.items() if name.casefold() in whole},
            "currencies": {code: forms for code, forms in currencies.items() if forms or code.casefold() in whole},
        }
    )
    return lexicon.model_copy(update={"cldr": trimmed, "digest": f"{lexicon.digest} trimmed"})


def _join(category: Category) -> str:
    return _SEPARATOR.join(category)


def _fields_of(category: Category) -> frozenset[str]:
    """Give the fields that a list of words tells something of."""
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


def _code_of(category: Category) -> str | None:
    """Give the code that a list of words stands for; None where it stands for none."""
    if category[0] == "choices":
        return {"standalone": "scope", "part_of_other": "scope"}.get(category[2], category[2])
    if category[:2] in {("languages", "names"), ("languages", "adverbs")}:
        return category[2].split()[0]
    return None


def _codes_in(value: JsonValue) -> set[str | None]:
    """Give the codes that a part holds; a scope is one of two or both of them."""
    if isinstance(value, str):
        return {value, "scope"}
    return {item for item in value if isinstance(item, str)} if isinstance(value, list) else set()


def _own_runs(item: Found) -> list[tuple[int, int]]:
    """Give what of a phrase to look for in the translation: the whole of it, and its words before and behind a gap."""
    runs = [(item.start, item.end)]
    if len(item.tokens) < item.end - item.start:
        first = last = item.tokens[0]
        for index in item.tokens[1:]:
            if index != last + 1:
                runs.append((first, last + 1))
                first = index
            last = index
        runs.append((first, last + 1))
    return runs


def _may_answer(doc: Doc, start: int) -> bool:
    """Tell whether an answer may begin at a token: at the text's beginning, or behind a colon."""
    before = [token.text for token in doc[:start] if token.text[0].isalnum() or token.text == ":"]
    return not before or before[-1] == ":"


def _begins_answer(text: str, phrase: str) -> bool:
    """Tell whether a text, or what stands behind a colon in it, begins with a phrase."""
    words = phrase.split()
    tokens = [token.text.lower() for token in list_tokens(text)]
    starts = [0, *(number + 1 for number, word in enumerate(tokens) if word == ":")]
    return any(tokens[start : start + len(words)] == words for start in starts)


def _shared_letters(one: str, other: str) -> int:
    """Count the letters that two words begin with alike."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _is_year(text: str) -> bool:
    return len(text) == 4 and text.isdecimal()


def _following(tokens: Sequence[Token], number: int) -> list[str]:
    return [token.text for token in tokens[number + 1 : number + 2]]


def _is_phrase(text: str) -> bool:
    """Tell whether a text can stand in a lexicon: words, no numbers."""
    if not any(sign.isalpha() for sign in text) or any(sign.isdecimal() for sign in text):
        return False
    try:
        parse_pattern(text)
    except ValueError:
        return False
    return True


def _holds(text: str, phrase: str) -> bool:
    """Tell whether a text holds a phrase's words one after the other; a single word may be a stem (`word*`)."""
    return f" {phrase[:-1]}" in _space_tokens(text) if phrase.endswith("*") else f" {phrase} " in _space_tokens(text)


@lru_cache(maxsize=4096)
def _space_tokens(text: str) -> str:
    """Write a text's tokens in small letters, each between two spaces."""
    return f" {' '.join(_fold_tokens(text))} "


@lru_cache(maxsize=4096)
def _fold_tokens(text: str) -> tuple[str, ...]:
    """Give a text's tokens in small letters."""
    return tuple(token.text.lower() for token in list_tokens(text))


def _key(cell: Cell) -> tuple[str, str]:
    return cell.practice, cell.field


def _differ(part: str, got: JsonValue, want: JsonValue, cell: Cell) -> float:
    """Say how far a part is from the known one, 0 to about 1."""
    if part in _TEXT_PARTS:
        return _differ_in_text(got, want, cell)
    if isinstance(got, list) and isinstance(want, list):
        ours, theirs = [repr(item) for item in got], [repr(item) for item in want]
        shared = sum((Counter(ours) & Counter(theirs)).values())
        alike = 2 * shared / max(1, len(ours) + len(theirs))
        return 1 - alike + (ORDER_COST if alike == 1 and ours != theirs else 0.0)
    if got == want:
        return 0.0
    if got is None:
        return 1.0
    return SPURIOUS_COST if want is None else WRONG_COST


def _differ_in_text(got: JsonValue, want: JsonValue, cell: Cell) -> float:
    """Compare words of the text itself: are they there, and about as many?"""
    if (got is None) != (want is None):
        return SPURIOUS_COST if want is None else 1.0
    if isinstance(got, list) and isinstance(want, list):
        return 0.0 if len(got) == len(want) else 0.5
    if isinstance(got, str) and isinstance(want, str):
        share = len(got) / max(1, len(cell.new.text)), len(want) / max(1, len(cell.known_text))
        return 0.5 if abs(share[0] - share[1]) > 0.2 else 0.0
    return 0.0
