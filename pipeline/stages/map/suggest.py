"""The likely field of an unknown label: its wording, its place among the rows, fields still lacking, its value's words.

A suggestion is for a person to confirm; no value is ever mapped by one.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from rapidfuzz.distance import Indel, Prefix

from pipeline.lexicon.label_index import KnownLabel, LabelIndex, bare_words, fold_label
from pipeline.models.practice import DESCRIPTIVE_FIELDS, FIELDS
from pipeline.models.record import Record

WORDING_WEIGHT: Final = 0.55
"""Share of the wording in the score. Tuned on the reworded labels of the tests: labels with no word in common are found
by their place, moved rows by their wording."""

ORDER_WEIGHT: Final = 0.35
"""Share of the place among the rows."""

LACK_WEIGHT: Final = 1 - WORDING_WEIGHT - ORDER_WEIGHT
"""Share of how few fields the practice lacks: the only one lacking is likely wherever the row is."""

VALUE_WEIGHT: Final = 0.45
"""What the value's own words count besides all that: more than the place, for rows are moved, but a list of
languages stays one."""

MIN_SCORE: Final = 0.3
"""Score (0 to 1) below which nothing is suggested: of the reworded labels of the tests none that is right has less, new
rows of no field have 0.22."""

AGAINST: Final = "against"
"""Begins the evidence that speaks against a suggestion."""

WORDING_NOISE: Final = 0.15
"""Any two labels have so much likeness of letters: it says nothing."""

LEAST_BY_CONCEPT: Final = 0.26
"""Share of a label by the language's words without which, or a likeness of letters, nothing is suggested: where the
words are known, place and value alone would name new rows too. By these three figures 46 of 2238 labels that nobody had
read lose their right field, and 44 of 83 new rows a wrong one."""

LEAST_BY_LETTERS: Final = 0.5
"""Likeness to a known label's letters that says as much."""

LEAST_KNOWN: Final = 0.5
"""More of a label's words than this share must be the field's: what is left over speaks against it as much as what is
shared speaks for it ("country of origin of the participants")."""

LEAST_FORM: Final = 0.6
"""Likeness from which on a word counts as one of the field's labels."""

OTHER_TABLE_LIKENESS: Final = 0.45
"""Likeness from which on a row among those of one table is suggested for a field of the other: it was moved."""

FOLLOW_UP_FACTOR: Final = 0.85
"""What is left of the score of a follow-up question ("how often?") that has no question before it."""

EARLY_FACTOR: Final = 0.65
"""What is left of it before the question: of the tests' moved rows all that are right keep at least `MIN_SCORE`."""

FOLLOW_UPS: Final = frozenset(FIELDS[FIELDS.index("impact_assessment") + 1 : FIELDS.index("indicators") + 1])
"""Fields that go into the answer of `impact_assessment`."""

STEM_SHARE: Final = 0.6
"""Two words with so much of the shorter one's beginning in common are taken for forms of one word."""

MIN_STEM_LETTERS: Final = 4
"""Shorter beginnings are common by chance."""

STEM_LIKENESS: Final = 0.3
"""What a common stem counts by itself; the rest grows with the share of the longer word that it makes up."""

COMPOUND_LIKENESS: Final = 0.7
"""A word within a compound says somewhat less than a form of the same word."""

BOTH_WAYS, ONE_WAY = 0.7, 0.3
"""What counts, of the words that two labels have in common (0 to 1), the share in both, and that in the one of which it
is larger: a shortened label has all its words in the known one, which says a little less than full agreement."""

WORDS_SHARE, LETTERS_SHARE = 0.8, 0.2
"""What words and letters count in the likeness of two labels (0 to 1)."""

LEAST_SPELLING: Final = 0.75
"""Likeness of their letters (0 to 1) from which two words of five letters and more are one word spelt in two ways."""

SPELLING_LIKENESS: Final = 0.8
"""What that likeness counts, as against that of a word with itself."""

BETWEEN, ALL_BETWEEN = 0.55, 0.45
"""What a place counts (0 to 1) for a field that is lacking between the fields of its neighbours, and what it counts
more where as many rows as fields are between them: together 1."""

BEYOND: Final = 0.4
"""What it counts at most for a field that is not between them."""

NEAR_ONE: Final = 0.5
"""What it counts at most where the neighbours are out of order themselves."""

ORDER_DECAY_ROWS: Final = 3.0
"""Over so many places out of the usual order the order's share falls to about a third."""


class Suggestion(NamedTuple):
    """The likely field of an unknown label: how likely (0 to 1), and what speaks for it and against it."""

    field: str
    score: float
    evidence: tuple[str, ...]


class UnknownRow(NamedTuple):
    """A row whose label is unknown.

    Attributes:
        label: The label as printed.
        place: Its place among the practice's rows.
        signs: By field, how strongly its value's words speak for it (0 to 1); empty where not known.
        unfit: The fields that it can't name.
    """

    label: str
    place: int
    signs: Mapping[str, float] = {}
    unfit: frozenset[str] = frozenset()


class Wording:
    """Compares wordings with the lexicon's labels; rare words weigh more than those that many labels share."""

    def __init__(self, index: LabelIndex) -> None:
        """Weigh the words of the lexicon's labels."""
        self._known = index.known
        self._concepts = index.wordings
        fields_with: Counter[str] = Counter()
        by_field: dict[str, set[str]] = {}
        for known in index.known:
            by_field.setdefault(known.field, set()).update(known.words)
        self._words = by_field
        for words in by_field.values():
            fields_with.update(words)
        count = max(1, len(by_field))
        self._weights = {word: math.log(1 + count / number) for word, number in fields_with.items()}
        self._unknown_weight = math.log(1 + count)
        # The practices of a booklet have the same labels; each is compared as a whole, in parts, and for suggestions.
        self.compare = lru_cache(maxsize=4096)(self._compare)

    def _compare(self, label: str) -> dict[str, tuple[float, KnownLabel]]:
        """Compare a label with every field's labels.

        Args:
            label: The label as printed.

        Returns:
            By field, the similarity (0 to 1) of its most similar label, and that label.
        """
        words = bare_words(label)
        nearest: dict[str, tuple[float, KnownLabel]] = {}
        for known in self._known:
            score = self._similarity(words, known.words)
            if known.field not in nearest or score > nearest[known.field][0]:
                nearest[known.field] = (score, known)
        by_concept = self._concepts.compare(label)
        return {
            field: (max(score if score >= WORDING_NOISE else 0.0, by_concept.get(field, 0.0)), known)
            for field, (score, known) in nearest.items()
        }

    def find_unfit(self, label: str, compared: Mapping[str, tuple[float, KnownLabel]]) -> frozenset[str]:
        """Return the fields that a label's words rule out: new rows are where a field is missing, too.

        Args:
            label: The label as printed.
            compared: What `compare` says of it.

        Returns:
            Where the language's words are known, all fields for a label with a word that names rows of no field only,
            else those whose words it has too few of; none where they are not known.
        """
        if not self._concepts.has_words:
            return frozenset()
        if self._concepts.is_unrelated(label):
            return frozenset(FIELDS)
        shares = self._concepts.compare(label)
        words = self._concepts.list_fields_by_word(label)
        return frozenset(
            name
            for name in FIELDS
            if (
                shares.get(name, 0.0) < LEAST_BY_CONCEPT
                and (name not in compared or compared[name][0] < LEAST_BY_LETTERS)
            )
            or sum(self._know(word, fields, name) for word, fields in words) <= LEAST_KNOWN * len(words)
        )

    def list_hinted(self, label: str) -> frozenset[str]:
        """Return the fields that any word of a label hints at, whatever its other words say."""
        hinted, unknown = self._concepts.list_hinted(label)
        return hinted.union(name for name in FIELDS for word in unknown if self._know(word, frozenset(), name))

    def _know(self, word: str, fields: frozenset[str], name: str) -> float:
        """Say how surely a word is one of a field's: 1 for the language's words, less for a form of its labels'."""
        likeness = max((_likeness(word, other) for other in self._words.get(name, ())), default=0.0)
        return 1.0 if name in fields else likeness if likeness >= LEAST_FORM else 0.0

    def _similarity(self, printed: tuple[str, ...], known: tuple[str, ...]) -> float:
        """Compare two labels' words: how much of each the other has, by weight, and how their letters agree."""
        if not printed or not known:
            return 0.0
        forward, backward = self._covered(printed, known), self._covered(known, printed)
        both = 0.0 if forward + backward == 0 else 2 * forward * backward / (forward + backward)
        shared = BOTH_WAYS * both + ONE_WAY * max(forward, backward)
        letters = Indel.normalized_similarity(" ".join(printed), " ".join(known))
        return WORDS_SHARE * shared + LETTERS_SHARE * letters

    def _covered(self, words: tuple[str, ...], others: tuple[str, ...]) -> float:
        """Return the share, by weight, of words that the others have in some form."""
        total = covered = 0.0
        for word in words:
            likeness, other = max((_likeness(word, candidate), candidate) for candidate in others)
            weight = self._weights.get(word)
            if weight is None:
                # A form of a known word says as much as the word itself.
                weight = self._weights.get(other, self._unknown_weight) if likeness else self._unknown_weight
            total += weight
            covered += weight * likeness
        return covered / total


@lru_cache(maxsize=8)
def weigh_words(index: LabelIndex) -> Wording:
    """Weigh the words of the lexicon's labels, once."""
    return Wording(index)


@lru_cache(maxsize=65536)
def _likeness(one: str, other: str) -> float:
    """Compare two words: 1 where they are the same, less where they are forms of one word or spelt alike, else 0."""
    if one == other:
        return 1.0
    shared = Prefix.similarity(one, other)
    shorter, longer = sorted((len(one), len(other)))
    if shared >= MIN_STEM_LETTERS and shared >= STEM_SHARE * shorter:
        return STEM_LIKENESS + (1 - STEM_LIKENESS) * shared / longer
    if shorter > MIN_STEM_LETTERS:
        if one in other or other in one:
            return COMPOUND_LIKENESS
        alike = float(Indel.normalized_similarity(one, other))
        return alike * SPELLING_LIKENESS if alike >= LEAST_SPELLING else 0.0
    return 0.0


def suggest_fields(
    rows: Sequence[UnknownRow], mapped: Sequence[tuple[int, str]], wording: Wording, answered: Sequence[str] = ()
) -> tuple[Suggestion | None, ...]:
    """Suggest the likely field of each row with an unknown label, the surest first, each field once.

    Args:
        rows: The rows.
        mapped: Place and field of the rows whose labels are known.
        wording: The comparison with the lexicon's labels.
        answered: Fields that the practice has without a row of their own.

    Returns:
        A suggestion per row, None where nothing speaks for a field.
    """
    present = {name for _, name in mapped} | set(answered)
    compared = [wording.compare(row.label) for row in rows]
    anchors = list(mapped)
    suggestions: list[Suggestion | None] = [None] * len(rows)
    open_rows = set(range(len(rows)))
    barred = [
        wording.find_unfit(row.label, likeness) | _of_other_table(row.place, likeness, mapped) | row.unfit
        for row, likeness in zip(rows, compared, strict=True)
    ]
    while open_rows:
        # A field that has a row, or is suggested for another one, is not free any more.
        taken = {name for _, name in anchors} - present
        best: tuple[float, int, str] | None = None
        scores: dict[int, dict[str, float]] = {number: {} for number in open_rows}
        others = sorted(rows[number].place for number in open_rows)
        for number in sorted(open_rows):
            row = rows[number]
            order = _order_scores(row.place, others, anchors)
            for name in FIELDS:
                if name in taken or name in present or name in barred[number]:
                    continue
                score = _score(compared[number], order, name, len(FIELDS) - len(present | taken))
                if name in FOLLOW_UPS:
                    score *= _follow_up_share(row.place, anchors)
                score = min(1.0, score + VALUE_WEIGHT * row.signs.get(name, 0.0))
                scores[number][name] = score
                if best is None or score > best[0]:
                    best = (score, number, name)
        if best is None:
            break
        score, number, name = best
        open_rows.discard(number)
        if score >= MIN_SCORE:
            row, likeness = rows[number], compared[number]
            speaking_for = _list_evidence(name, likeness, row.signs, row.place, mapped)
            speaking_against = _list_counter_evidence(name, likeness, row.signs, scores[number])
            suggestions[number] = Suggestion(name, round(score, 2), (*speaking_for, *speaking_against))
            anchors.append((row.place, name))
    return tuple(suggestions)


def find_refuted(records: Iterable[Record]) -> set[tuple[str, str]]:
    """Return suggested labels and fields that other practices speak against: they have both the label and the field.

    Args:
        records: The practices of an edition.

    Returns:
        Folded label and field.
    """
    listed = list(records)
    suggested: dict[str, set[str]] = {}
    present: dict[str, set[str]] = {}
    for record in listed:
        for row in record.unmapped:
            label = fold_label(row.label)
            present.setdefault(label, set()).update(name for name, value in record.fields.items() if not value.inline)
            if row.suggestion is not None:
                suggested.setdefault(label, set()).add(row.suggestion)
    return {(label, name) for label, names in suggested.items() if label for name in names & present[label]}


def _follow_up_share(place: int, anchors: Sequence[tuple[int, str]]) -> float:
    """Return what is left of a follow-up question's score: all behind its question, least before it."""
    questions = [at for at, name in anchors if name == "impact_assessment"]
    if any(at < place for at in questions):
        return 1.0
    return EARLY_FACTOR if questions else FOLLOW_UP_FACTOR


def _neighbours(place: int, mapped: Sequence[tuple[int, str]]) -> tuple[str | None, str | None]:
    """Return the fields of the nearest known rows before and after a place."""
    before = max((row for row in mapped if row[0] < place), default=(0, None))
    return before[1], min((row for row in mapped if row[0] > place), default=(0, None))[1]


def _of_other_table(
    place: int, compared: Mapping[str, tuple[float, KnownLabel]], mapped: Sequence[tuple[int, str]]
) -> frozenset[str]:
    """Return the fields of the other table than a row's neighbours, but for those that its wording clearly names."""
    sides = {name in DESCRIPTIVE_FIELDS if name else None for name in _neighbours(place, mapped)}
    if None in sides or len(sides) > 1:
        return frozenset()
    others = (name for name in FIELDS if (name in DESCRIPTIVE_FIELDS) not in sides)
    return frozenset(name for name in others if name not in compared or compared[name][0] < OTHER_TABLE_LIKENESS)


def _score(compared: dict[str, tuple[float, KnownLabel]], order: dict[str, float], name: str, lacking: int) -> float:
    """Put wording, order and the number of lacking fields together."""
    wording = compared[name][0] if name in compared else 0.0
    return WORDING_WEIGHT * wording + ORDER_WEIGHT * order.get(name, 0.0) + LACK_WEIGHT / lacking


def _order_scores(place: int, places: Sequence[int], anchors: Sequence[tuple[int, str]]) -> dict[str, float]:
    """Score every field by how well a row's place agrees with the contract's order, 0 to 1.

    Between two rows of known fields are the fields between these two, in their order; the fewer of them are lacking,
    the more the place says.
    """
    before, after = _neighbours(place, anchors)
    first, last = FIELDS.index(before) if before else -1, FIELDS.index(after) if after else len(FIELDS)
    if first >= last:
        # The neighbours are out of order themselves: being near one of them is all that the place says.
        return {
            name: NEAR_ONE * math.exp(-min(abs(position - first), abs(position - last)) / ORDER_DECAY_ROWS)
            for position, name in enumerate(FIELDS)
        }
    taken = {name for _, name in anchors}
    lacking = [position for position in range(first + 1, last) if FIELDS[position] not in taken]
    low = max((at for at, _ in anchors if at < place), default=-1)
    high = min((at for at, _ in anchors if at > place), default=max([*places, place]) + 1)
    together = [other for other in places if low < other < high]
    rank = together.index(place)
    slack = len(lacking) - len(together)
    scores: dict[str, float] = {}
    for position, name in enumerate(FIELDS):
        if position in lacking:
            expected_low, expected_high = (rank, rank + slack) if slack >= 0 else (rank + slack, rank)
            at = lacking.index(position)
            outside = max(expected_low - at, at - expected_high, 0)
            scores[name] = (BETWEEN + ALL_BETWEEN / (1 + abs(slack))) * math.exp(-outside / ORDER_DECAY_ROWS)
        else:
            distance = max(first + 1 - position, position - last + 1, 1)
            scores[name] = BEYOND * math.exp(-distance / ORDER_DECAY_ROWS)
    return scores


def _list_evidence(
    name: str,
    compared: dict[str, tuple[float, KnownLabel]],
    scored: Mapping[str, float],
    place: int,
    mapped: Sequence[tuple[int, str]],
) -> tuple[str, ...]:
    """Say what speaks for a suggestion."""
    evidence: list[str] = []
    if name in compared and compared[name][0] > 0:
        similarity, known = compared[name]
        evidence.append(f"wording is {similarity:.2f} like {known.text!r}")
    if scored.get(name):
        evidence.append(f"the value's words speak for it by {scored[name]:.2f}")
    places = [
        f"{side} {other}" for side, other in zip(("after", "before"), _neighbours(place, mapped), strict=True) if other
    ]
    if places:
        evidence.append("comes " + " and ".join(places))
    evidence.append(f"the practice has no row for {name} yet")
    return tuple(evidence)


def _list_counter_evidence(
    name: str, compared: dict[str, tuple[float, KnownLabel]], scored: Mapping[str, float], scores: Mapping[str, float]
) -> Iterator[str]:
    """Say what speaks against a suggestion: its wording, its value, the next likely field."""
    if name not in compared or not compared[name][0]:
        yield f"{AGAINST}: its wording is like no label of {name}"
    stronger = max(((score, other) for other, score in scored.items() if score > scored.get(name, 0.0)), default=None)
    if stronger is not None:
        yield f"{AGAINST}: the value's words speak for {stronger[1]} by {stronger[0]:.2f}"
    rival = max(((score, other) for other, score in scores.items() if other != name), default=None)
    if rival is not None and rival[0] >= MIN_SCORE:
        yield f"{AGAINST}: {rival[1]} is next likely with {rival[0]:.2f}"
