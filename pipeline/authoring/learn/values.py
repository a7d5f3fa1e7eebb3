"""Value words of a new language, by the known meaning of aligned values; reads mapped fields.

A candidate (`candidates`) becomes a draft where with it the new texts mean what the known ones mean: the normalise
stage itself is the judge. What no candidate explains is listed as undecided.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from pydantic import JsonValue, ValidationError

from pipeline.authoring.learn.candidates import ANSWERS, AlignedField, Category, Collector, PhraseCandidate, holds
from pipeline.lexicon import Corrections, Lexicon
from pipeline.lexicon.load import VALUE_MODELS
from pipeline.lexicon.values import CHOICE_CODES, STATEMENT_VERDICTS
from pipeline.models.practice import FIELDS, PARTS
from pipeline.quality.edition_diff import PLAIN_TEXT_PARTS
from pipeline.stages.normalise.record import normalise_record
from pipeline.text.wording import count, say

SURE_SCORE: Final = 0.45
"""Drafts below this are marked weak: they rest on one place inside one text."""

ORDER_COST: Final = 0.05
"""The right codes in another order."""

MIN_GAIN: Final = 0.01
"""Less is no more than another order of the same codes: nothing to draft a word for."""

WRONG_COST: Final = 1.3
"""A wrong value is worse than none."""

SPURIOUS_COST: Final = 1.2
"""A value where the known edition has none is worse than none where it has one."""


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


def learn_words(cells: Sequence[AlignedField], known: Lexicon, base: Lexicon) -> WordsLearned:
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

    def __init__(self, cells: Sequence[AlignedField], known: Lexicon, base: Lexicon) -> None:
        self._cells = list(cells)
        self._base = _trim_cldr(base, [cell.new.text for cell in cells])
        self._drafts: dict[Category, list[LearnedWord]] = defaultdict(list)
        self._counter = 0
        self._collector = Collector(self._cells, known, self._base)
        self._candidates = self._collector.collect()

    def learn(self) -> WordsLearned:
        """Choose the words field by field: answers first, for most fields' words build upon them."""
        for found in self._collector.list_year_words():
            evidence = f"{found.support} times with a year"
            self._drafts[found.category].append(LearnedWord(found.category, found.text, found.score, evidence))
        answers: list[Category] = [("judgements", answer) for answer in ANSWERS]
        self._choose([("judgements", "unavailable")], FIELDS)
        self._choose(answers, STATEMENT_VERDICTS)
        for field in STATEMENT_VERDICTS:
            self._choose(self._list_lists("judgements", "statements", field), (field,))
        for field, codes in CHOICE_CODES.items():
            self._choose([("choices", field, code) for code in codes], (field,))
        self._choose(self._list_lists("dates"), ("period",))
        self._choose([*self._list_lists("accessibility"), *answers], ("accessibility",))
        self._choose(self._list_lists("languages"), ("outreach", "teaching_methods"))
        self._choose(self._list_lists("money"), ("funding",))
        self._choose(self._list_lists("places"), ("locations",))
        words = tuple(word for category in sorted(self._drafts) for word in self._drafts[category])
        return WordsLearned(words, tuple(self._list_undecided()))

    def _list_lists(self, *path: str) -> list[Category]:
        """The lists of words that there are candidates for, of a file or a part of it."""
        return [category for category in self._candidates if category[: len(path)] == path]

    def _choose(self, categories: Iterable[Category], fields: Iterable[str]) -> None:
        """Draft the candidates that bring the fields nearest to their known meaning, one after the other."""
        wanted = set(fields)
        cells = [cell for cell in self._cells if cell.field in wanted]
        candidates = [candidate for category in categories for candidate in self._candidates.get(category, ())]
        # A candidate's gain is computed again only where the fields that hold it have changed.
        gains: dict[PhraseCandidate, tuple[tuple[float, ...], float, list[str]]] = {}
        while candidates:
            lexicon = self._lexicon()
            errors = {_key(cell): self._error(cell, lexicon) for cell in cells}
            if not any(errors.values()):
                break
            for candidate in candidates:
                touched = [cell for cell in cells if holds(cell.new.text, candidate.text)]
                state = tuple(errors[_key(cell)] for cell in touched)
                if candidate not in gains or gains[candidate][0] != state:
                    gains[candidate] = (state, *self._gain(candidate, touched, errors))
            useful = [candidate for candidate in candidates if gains[candidate][1] >= MIN_GAIN]
            if not useful:
                break
            chosen = max(useful, key=lambda candidate: (gains[candidate][1] * candidate.score, candidate.score))
            candidates.remove(chosen)
            evidence = f"in its place in {count(chosen.support, 'text')}; gives {', '.join(gains[chosen][2])}"
            word = LearnedWord(chosen.category, chosen.text, round(chosen.score, 2), evidence)
            self._drafts[word.category].append(word)

    def _gain(
        self, candidate: PhraseCandidate, touched: Sequence[AlignedField], errors: Mapping[tuple[str, str], float]
    ) -> tuple[float, list[str]]:
        """By how much a candidate brings the fields that hold it nearer to their meaning, and which of them."""
        if not any(errors[_key(cell)] for cell in touched):
            return 0.0, []
        lexicon = self._lexicon(candidate)
        if lexicon is None:
            return 0.0, []
        gains = [(errors[_key(cell)] - self._error(cell, lexicon), cell) for cell in touched]
        return sum(gain for gain, _ in gains), [f"{cell.practice} {cell.field}" for gain, cell in gains if gain > 0]

    def _lexicon(self, extra: PhraseCandidate | None = None) -> Any:  # noqa: ANN401 - None only with an extra candidate
        """The lexicon with all drafts; None where an extra candidate contradicts one of them."""
        self._counter += 1
        trees: dict[str, Any] = {}
        drafts: list[LearnedWord | PhraseCandidate] = [word for words in self._drafts.values() for word in words]
        for word in (*drafts, extra) if extra else drafts:
            list_at(trees, word.category).append(word.text)
        update: dict[str, Any] = {"digest": f"{self._base.digest} learning {self._counter}"}
        for file, tree in trees.items():
            attribute, model = VALUE_MODELS[file]
            try:
                update[attribute] = model.model_validate(tree)
            except ValidationError:
                return None
        return self._base.model_copy(update=update)

    def _error(self, cell: AlignedField, lexicon: Lexicon) -> float:
        """Say how far a field's new meaning is from the known one; 0 where it is the same."""
        return sum(_differ(*leaf) for leaf in self._compare(cell, lexicon))

    def _compare(self, cell: AlignedField, lexicon: Lexicon) -> list[tuple[str, JsonValue, JsonValue]]:
        """A field's leaves with what they mean now and what they mean in the known edition."""
        record = cell.record.model_copy(update={"fields": {cell.field: cell.new}})
        result = normalise_record(record, lexicon, Corrections())
        got = {"available": result.available[cell.field], **result.parts.get(cell.field, {})}
        want = {"available": cell.known_available, **cell.known_parts}
        return [(part, got[part], want.get(part)) for part in ("available", *PARTS.get(cell.field, ()))]

    def _list_undecided(self) -> list[str]:
        """List the values that stay wrong or unknown with all drafts."""
        lexicon = self._lexicon()
        lines = []
        for cell in self._cells:
            for part, got, want in self._compare(cell, lexicon):
                if _differ(part, got, want):
                    page = f", page {cell.new.value_boxes[0].page}" if cell.new.value_boxes else ""
                    lines.append(
                        f"{cell.practice}{page}: {cell.field}.{part} is {say(got)}, in the known edition {say(want)}; "
                        f"the text begins {say(cell.new.text[:60])}"
                    )
        return lines


def list_at(tree: Any, keys: Sequence[str], make_list: Callable[[], Any] = list) -> Any:  # noqa: ANN401 - YAML
    """The list below these keys of a YAML file's content, made where it is missing."""
    for key in keys[:-1]:
        tree = tree.setdefault(key, {})
    # Months are numbered, multipliers are numbers.
    return tree.setdefault(int(keys[-1]) if keys[-1].isdecimal() else keys[-1], make_list())


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


def _key(cell: AlignedField) -> tuple[str, str]:
    return cell.practice, cell.field


def _differ(part: str, got: JsonValue, want: JsonValue) -> float:
    """Say how far a part is from the known one, 0 to about 1."""
    if part in PLAIN_TEXT_PARTS and got is not None and want is not None:
        return 0.0
    if isinstance(got, list) and isinstance(want, list):
        ours, theirs = [repr(item) for item in got], [repr(item) for item in want]
        shared = sum((Counter(ours) & Counter(theirs)).values())
        alike = 2 * shared / max(1, len(ours) + len(theirs))
        return 1 - alike + (ORDER_COST if alike == 1 and ours != theirs else 0.0)
    if got == want:
        return 0.0
    if got is None or part == "available":
        return 1.0
    return SPURIOUS_COST if want is None else WRONG_COST
