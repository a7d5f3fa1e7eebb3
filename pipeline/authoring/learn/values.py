"""Value words of a new language, by the known meaning of aligned values; reads mapped fields, writes no artefact.

A candidate (`candidates`) becomes a draft where with it the new texts mean what the known ones mean: the normalise
stage itself is the judge. What no candidate explains is listed as undecided.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pydantic import ValidationError

from pipeline.authoring.learn.candidates import ANSWERS, Candidate, Category, Cell, Collector, holds
from pipeline.lexicon import Corrections, Lexicon
from pipeline.lexicon.load import VALUE_MODELS
from pipeline.lexicon.values import CHOICE_CODES, STATEMENT_VERDICTS
from pipeline.models.practice import FIELDS, PARTS
from pipeline.stages.normalise.record import normalise_record

if TYPE_CHECKING:
    from pydantic import JsonValue

SURE_SCORE: Final = 0.45
"""Drafts below this are marked weak: they rest on one place inside one text."""

MOST_PARTNERS: Final = 4
"""Sub-labels of a kind, and answers of a kind, that are tried together."""

ORDER_COST: Final = 0.05
"""The right codes in another order."""

MIN_GAIN: Final = 0.01
"""Less is no more than another order of the same codes: nothing to draft a word for."""

WRONG_COST: Final = 1.3
"""A wrong value is worse than none."""

SPURIOUS_COST: Final = 1.2
"""A value where the known edition has none is worse than none where it has one."""

_SUBLABELS: Final = frozenset({"cost_labels", "mandatory_labels"})
"""Lists of sub-labels behind which an answer is."""

_TEXT_PARTS: Final = frozenset({"places", "cost", "eligibility"})
"""Parts that hold the text's own words: of a translation only whether they are there, and how long, can be compared."""


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


_Move = tuple[Candidate, ...]
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
    """Chooses among the candidates field by field."""

    def __init__(self, cells: Sequence[Cell], known: Lexicon, base: Lexicon) -> None:
        self._cells = list(cells)
        self._base = _trim_cldr(base, [cell.new.text for cell in cells])
        self._drafts: dict[Category, list[LearnedWord]] = defaultdict(list)
        self._counter = 0
        self._collector = Collector(self._cells, known, self._base)
        self._candidates = self._collector.collect()
        self._outcomes: dict[tuple[str, str], dict[str, JsonValue]] = {}

    def learn(self) -> WordsLearned:
        """Choose the words field by field: answers first, for most fields' words build upon them."""
        for found in self._collector.list_year_words():
            self._draft(LearnedWord(found.category, found.text, found.score, f"{found.support} times with a year"))
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
        return WordsLearned(words, tuple(self._list_undecided()))

    def _choose(self, categories: Iterable[Category], fields: Iterable[str]) -> None:
        """Draft the candidates that bring the fields nearest to their known meaning, one after the other."""
        wanted = set(fields)
        cells = [cell for cell in self._cells if cell.field in wanted]
        moves = self._list_moves(list(categories))
        # A move's gain is computed again only where the fields that hold it have changed.
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
                touched = [cell for cell in cells if all(holds(cell.new.text, candidate.text) for candidate in move)]
                state = tuple(errors[_key(cell)] for cell in touched)
                if move not in gains or gains[move][0] != state:
                    gains[move] = (state, *self._gain(move, touched, errors))
                _, gain, corrected = gains[move]
                score = min(candidate.score for candidate in move)
                if gain >= MIN_GAIN and (best is None or (gain * score, score) > best[:2]):
                    best = (gain * score, score, move, corrected)
            if best is None:
                break
            _, _, chosen, corrected = best
            moves = [move for move in moves if not set(chosen) & set(move)]
            for candidate in chosen:
                self._draft(
                    LearnedWord(
                        candidate.category,
                        candidate.text,
                        round(candidate.score, 2),
                        f"in its place in {candidate.support} {'text' if candidate.support == 1 else 'texts'}; "
                        f"gives {', '.join(corrected)}",
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
        """Say how much nearer a move brings the fields that hold it, and which it makes right."""
        if not any(errors[_key(cell)] for cell in touched):
            return 0.0, []
        lexicon = self._lexicon(move)
        if lexicon is None:
            return 0.0, []
        gain = 0.0
        corrected = []
        for cell in touched:
            before, after = errors[_key(cell)], self._error(cell, lexicon)
            gain += before - after
            if after < before:
                corrected.append(f"{cell.practice} {cell.field}")
        return gain, corrected

    def _lacking_codes(self, cells: Sequence[Cell], errors: Mapping[tuple[str, str], float]) -> set[str | None]:
        """The codes that some field should have and has not; None for lists of words without a code."""
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
        """The lexicon with all drafts; None where an extra candidate contradicts one of them."""
        self._counter += 1
        trees: dict[str, Any] = {}
        drafts = [(word.category, word.text) for words in self._drafts.values() for word in words]
        drafts.extend((candidate.category, candidate.text) for candidate in extra)
        for category, text in drafts:
            put_phrase(trees, category, text)
        update: dict[str, Any] = {"digest": f"{self._base.digest} learning {self._counter}"}
        for file, tree in trees.items():
            attribute, model = VALUE_MODELS[file]
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

    def _list_undecided(self) -> list[str]:
        """List the values that stay wrong or unknown with all drafts."""
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


def _trim_cldr(lexicon: Lexicon, texts: Sequence[str]) -> Lexicon:
    """Leave out CLDR's names that are in none of the texts: they are compiled for every candidate that is tried."""
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


def _code_of(category: Category) -> str | None:
    """The code that a list of words means; None where it means none."""
    if category[0] == "choices":
        return {"standalone": "scope", "part_of_other": "scope"}.get(category[2], category[2])
    if category[:2] in {("languages", "names"), ("languages", "adverbs")}:
        return category[2].split()[0]
    return None


def _codes_in(value: JsonValue) -> set[str | None]:
    """The codes that a part holds; a scope is one of two or both of them."""
    if isinstance(value, str):
        return {value, "scope"}
    return {item for item in value if isinstance(item, str)} if isinstance(value, list) else set()


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
