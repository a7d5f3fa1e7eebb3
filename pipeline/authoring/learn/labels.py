"""Which label names which field, by all rows that were aligned."""

import math
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from itertools import combinations
from typing import Final, NamedTuple

from pipeline.lexicon.label_index import fold_label
from pipeline.models.practice import FIELDS
from pipeline.stages.map.labelling import begins_label, clean_label

DECIDED_SHARE: Final = 0.6
"""Share of a label's evidence that its field must have; below it the label stays undecided."""

DOUBT: Final = 0.35
"""Evidence for any other field that is granted to every label: a label seen once is less sure than one seen often."""

LEAST_ALONE: Final = 0.91
"""How sure the rows of a label that only one practice has must correspond. Rows of no field in the place of a missing
one have up to 0.90, rows that do correspond at least 0.92 (two editions, one practice aligned at a time)."""

DIVIDED_WEIGHT: Final = 0.7
"""A label that had to be cut out of a merged cell says less than one that has a cell of its own."""

KNOWN_PIECE: Final = 4.0
"""What it counts in dividing a cell that a piece is a label by itself elsewhere."""

SHARED_PIECE: Final = 2.0
"""What it counts that a piece is in other merged cells, and its field is all that they have in common: less than a
cell of its own, more than lengths that agree."""

INNER_CUT_COST: Final = 0.8
"""A capital inside a line and a sentence may begin a label, but mostly it is a name or, in German, a noun."""

MOST_CUTS: Final = 60
"""Cells with more places to cut at are running text, not labels."""


class Vote(NamedTuple):
    """A label's text aligned with the known rows of some fields.

    Attributes:
        text: The label cell's text, paragraphs separated by line feeds.
        line_starts: Offsets at which its printed lines begin.
        fields: The fields of the known row, in the order of its labels.
        known_labels: The known labels of these fields.
        weight: 0 to 1: how sure the rows correspond.
        practice: Id of the practice.
    """

    text: str
    line_starts: Collection[int]
    fields: tuple[str, ...]
    known_labels: tuple[str, ...]
    weight: float
    practice: str


class LearnedLabel(NamedTuple):
    """A label and its field.

    Attributes:
        field: The field.
        text: The label without marker and trailing colon.
        score: 0 to 1.
        evidence: What speaks for it and against it, in words.
    """

    field: str
    text: str
    score: float
    evidence: str


class LabelsLearned(NamedTuple):
    """The labels by field in the contract's order, the surest first; and those that could not be decided, in words."""

    labels: tuple[LearnedLabel, ...]
    undecided: tuple[str, ...]


class _Tally:
    """The evidence of one label."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.weights: dict[str, float] = defaultdict(float)
        self.practices: dict[str, list[str]] = defaultdict(list)
        self.surest = 0.0

    def add(self, field: str, weight: float, practice: str, sure: float) -> None:
        self.weights[field] += weight
        self.surest = max(self.surest, sure)
        if practice not in self.practices[field]:
            self.practices[field].append(practice)

    def best(self) -> tuple[str, float, float]:
        """The likeliest field, its share of the evidence, and its score."""
        field = max(sorted(self.weights, key=FIELDS.index), key=lambda name: self.weights[name])
        total = sum(self.weights.values())
        return field, self.weights[field] / total, self.weights[field] / (total + DOUBT)

    def explain(self, field: str) -> str:
        """Say in which practices the label is in a field's place, and where in another one's."""
        places = {name: ", ".join(practices) for name, practices in self.practices.items()}
        against = [
            f"against: in that of {name} in {places[name]}" for name in FIELDS if name in places and name != field
        ]
        return "; ".join([f"in its place in {places[field]}", *against])


def learn_labels(votes: Sequence[Vote], printed: Mapping[str, Collection[str]]) -> LabelsLearned:
    """Find the field of every label.

    Args:
        votes: Every label cell that was aligned with known rows.
        printed: By practice, the folded labels of all its rows, those aligned with nothing too.

    Returns:
        The labels; a cell that holds several is divided where labels may begin, by what its parts are elsewhere and by
        the known labels' lengths. A label is left undecided where a practice prints it together with another label of
        the same field that more evidence speaks for.
    """
    tallies: dict[str, _Tally] = {}

    def tally(text: str, field: str, vote: Vote, share: float = 1.0) -> None:
        label = clean_label(text)
        key = fold_label(label)
        if key:
            tallies.setdefault(key, _Tally(label)).add(field, share * vote.weight, vote.practice, vote.weight)

    for vote in votes:
        if len(vote.fields) == 1:
            tally(vote.text, vote.fields[0], vote)
    shared = _find_shared_pieces(votes)
    divided = [(vote, _divide(vote, tallies, shared)) for vote in votes if len(vote.fields) > 1]
    undecided = [
        f"{vote.practice}: the label {clean_label(vote.text)!r} is where {', '.join(vote.fields)} was, "
        "and could not be divided among them"
        for vote, pieces in divided
        if not pieces
    ]
    labels_of = {practice: set(labels) for practice, labels in printed.items()}
    for vote, pieces in divided:
        for piece, field in zip(pieces, vote.fields, strict=False):
            tally(piece, field, vote, DIVIDED_WEIGHT)
            labels_of.setdefault(vote.practice, set()).add(fold_label(clean_label(piece)))
    labels: list[LearnedLabel] = []
    for counted in tallies.values():
        field, share, score = counted.best()
        if share < DECIDED_SHARE:
            ranked = sorted(counted.weights.items(), key=lambda item: -item[1])
            names = ", ".join(f"{name} ({', '.join(counted.practices[name])})" for name, _ in ranked)
            undecided.append(f"the label {counted.text!r} was found in the places of {names}")
            continue
        if counted.surest < LEAST_ALONE and len(counted.practices[field]) == 1:
            undecided.append(
                f"the label {counted.text!r} was found in the place of {field} in {counted.practices[field][0]}, and"
                " nothing but the place speaks for it; add it to its field, or under extra"
            )
            continue
        labels.append(LearnedLabel(field, counted.text, round(score, 2), counted.explain(field)))
    labels.sort(key=lambda label: (FIELDS.index(label.field), -label.score, label.text))
    contradicted = _find_contradicted(labels, labels_of)
    for label, (stronger, practices) in contradicted.items():
        undecided.append(
            f"the label {label.text!r} was found in the place of {label.field}, but the row "
            f"{stronger.text!r} names that field in {', '.join(practices)}; add it to its field, or under extra"
        )
    return LabelsLearned(tuple(label for label in labels if label not in contradicted), tuple(undecided))


def _find_contradicted(
    labels: Sequence[LearnedLabel], printed: Mapping[str, Collection[str]]
) -> dict[LearnedLabel, tuple[LearnedLabel, list[str]]]:
    """The labels that practices print together with a surer label of the same field, with it and the practices."""
    found: dict[LearnedLabel, tuple[LearnedLabel, list[str]]] = {}
    for number, label in enumerate(labels):
        for stronger in labels[:number]:
            if stronger.field != label.field or stronger in found:
                continue
            both = {fold_label(label.text), fold_label(stronger.text)}
            practices = [practice for practice, folded in printed.items() if both <= set(folded)]
            if practices:
                found[label] = (stronger, practices)
    return found


def holds_labels(text: str, line_starts: Collection[int]) -> bool:
    """Return whether another label may begin inside a label cell's text."""
    places = (at for at in range(1, len(text)) if text[at - 1].isspace() and not text[at].isspace())
    return any(begins_label(text, at, line_starts) for at in places)


def _list_cuts(vote: Vote) -> tuple[list[int], frozenset[int]]:
    """Where labels may begin in a cell, and its end; and which of these places are inside a sentence."""
    text, cuts, inner = vote.text, [0], set()
    for number, character in enumerate(text):
        if number == 0 or character.isspace() or not text[number - 1].isspace():
            continue
        if begins_label(text, number, vote.line_starts):
            cuts.append(number)
        elif not character.islower() and character.isalpha():
            cuts.append(number)
            inner.add(number)
    return [*cuts, len(text)], frozenset(inner)


def _find_shared_pieces(votes: Sequence[Vote]) -> dict[str, str]:
    """The pieces that several merged cells hold, where a single field is all that these cells have in common.

    Of pieces within one another only the longest says something.
    """
    holders: dict[str, list[frozenset[str]]] = defaultdict(list)
    for vote in {fold_label(vote.text): vote for vote in votes if len(vote.fields) > 1}.values():
        cuts, _ = _list_cuts(vote)
        if len(cuts) <= MOST_CUTS:
            pieces = {fold_label(clean_label(vote.text[one:other])) for one, other in combinations(cuts, 2)}
            for piece in pieces:
                holders[piece].append(frozenset(vote.fields))
    common = {piece: frozenset.intersection(*cells) for piece, cells in holders.items() if len(cells) > 1}
    single = {piece: next(iter(fields)) for piece, fields in common.items() if len(fields) == 1}
    return {
        piece: field
        for piece, field in single.items()
        if not any(piece in other and piece != other and field == single[other] for other in single)
    }


def _divide(vote: Vote, tallies: dict[str, _Tally], shared: Mapping[str, str]) -> tuple[str, ...]:
    """Divide a label cell into one piece per field; into none where it has too few places to cut at, or too many."""
    text = vote.text
    cuts, inner = _list_cuts(vote)
    if len(cuts) - 1 < len(vote.fields) or len(cuts) > MOST_CUTS:
        return ()
    ratio = math.log(max(1, len(text)) / max(1, sum(map(len, vote.known_labels))))

    @cache
    def fit(first: int, last: int, number: int) -> float:
        piece, known, field = text[cuts[first] : cuts[last]].strip(), vote.known_labels[number], vote.fields[number]
        score = -abs(math.log(max(1, len(piece)) / max(1, len(known))) - ratio)
        score -= INNER_CUT_COST * (cuts[first] in inner)
        score += 0.5 * sum(piece.count(mark) == known.count(mark) for mark in "?(/")
        folded = fold_label(clean_label(piece))
        counted = tallies.get(folded)
        score += SHARED_PIECE * (shared.get(folded) == field)
        if counted is not None:
            best, share, _ = counted.best()
            score += KNOWN_PIECE * share if best == field else -KNOWN_PIECE * share
        return score

    @cache
    def best_from(first: int, number: int) -> tuple[float, tuple[int, ...]]:
        if number == len(vote.fields) - 1:
            return fit(first, len(cuts) - 1, number), (len(cuts) - 1,)
        options = [
            (fit(first, last, number) + rest[0], (last, *rest[1]))
            for last in range(first + 1, len(cuts) - (len(vote.fields) - 1 - number))
            for rest in [best_from(last, number + 1)]
        ]
        return max(options, key=lambda option: option[0])

    ends = best_from(0, 0)[1]
    starts = (0, *ends[:-1])
    return tuple(text[cuts[first] : cuts[last]].strip() for first, last in zip(starts, ends, strict=True))
