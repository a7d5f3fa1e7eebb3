"""Which label names which field, by all rows that were aligned; reads and writes no artefact."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Sequence
from functools import cache
from typing import Final, NamedTuple

from pipeline.contract import FIELDS
from pipeline.lexicon.label_index import fold_label
from pipeline.stages.map.labelling import begins_label, clean_label

DECIDED_SHARE: Final = 0.6
"""Share of a label's evidence that its field must have; below it the label stays undecided."""

DOUBT: Final = 0.35
"""Evidence for any other field that is granted to every label: a label seen once is less sure than one seen often."""

DIVIDED_WEIGHT: Final = 0.7
"""A label that had to be cut out of a merged cell says less than one that has a cell of its own."""

KNOWN_PIECE: Final = 4.0
"""What it counts in dividing a cell that a piece is a label by itself elsewhere."""

INNER_CUT_COST: Final = 0.8
"""A capital inside a line and a sentence may begin a label, but mostly it is a name or, in German, a noun."""

MOST_CUTS: Final = 60
"""Cells with more places to cut at are running text, not labels."""


class Vote(NamedTuple):
    """A label's text laid over the known rows of some fields.

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
        evidence: What speaks for it, in words.
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

    def add(self, field: str, weight: float, practice: str) -> None:
        self.weights[field] += weight
        if practice not in self.practices[field]:
            self.practices[field].append(practice)

    def best(self) -> tuple[str, float, float]:
        """Give the likeliest field, its share of the evidence, and its score."""
        field = max(sorted(self.weights, key=FIELDS.index), key=lambda name: self.weights[name])
        total = sum(self.weights.values())
        return field, self.weights[field] / total, self.weights[field] / (total + DOUBT)


def learn_labels(votes: Sequence[Vote]) -> LabelsLearned:
    """Find the field of every label.

    Args:
        votes: Every label cell that was laid over known rows.

    Returns:
        The labels; a cell that holds several is divided where labels may begin, by what its parts are elsewhere and by
        the known labels' lengths.
    """
    tallies: dict[str, _Tally] = {}

    def tally(text: str, field: str, weight: float, practice: str) -> None:
        label = clean_label(text)
        key = fold_label(label)
        if key:
            tallies.setdefault(key, _Tally(label)).add(field, weight, practice)

    for vote in votes:
        if len(vote.fields) == 1:
            tally(vote.text, vote.fields[0], vote.weight, vote.practice)
    undecided: list[str] = []
    divided: list[tuple[Vote, tuple[str, ...]]] = []
    for vote in votes:
        if len(vote.fields) < 2:
            continue
        pieces = _divide(vote, tallies)
        if pieces is None:
            undecided.append(
                f"{vote.practice}: the label {clean_label(vote.text)!r} stands where {', '.join(vote.fields)} stood, "
                "and could not be divided among them"
            )
        else:
            divided.append((vote, pieces))
    for vote, pieces in divided:
        for piece, field in zip(pieces, vote.fields, strict=True):
            tally(piece, field, DIVIDED_WEIGHT * vote.weight, vote.practice)
    labels: list[LearnedLabel] = []
    for counted in tallies.values():
        field, share, score = counted.best()
        if share < DECIDED_SHARE:
            ranked = sorted(counted.weights.items(), key=lambda item: -item[1])
            names = ", ".join(f"{name} ({', '.join(counted.practices[name])})" for name, _ in ranked)
            undecided.append(f"the label {counted.text!r} was found in the places of {names}")
            continue
        labels.append(
            LearnedLabel(field, counted.text, round(score, 2), f"in its place in {', '.join(counted.practices[field])}")
        )
    labels.sort(key=lambda label: (FIELDS.index(label.field), -label.score, label.text))
    return LabelsLearned(tuple(labels), tuple(undecided))


def _divide(vote: Vote, tallies: dict[str, _Tally]) -> tuple[str, ...] | None:
    """Divide a label cell into one piece per field; None where it has too few places to cut at, or far too many."""
    text = vote.text
    cuts = [0]
    inner: set[int] = set()
    for number, sign in enumerate(text):
        if number == 0 or sign.isspace() or not text[number - 1].isspace():
            continue
        if begins_label(text, number, vote.line_starts):
            cuts.append(number)
        elif not sign.islower() and sign.isalpha():
            cuts.append(number)
            inner.add(number)
    cuts.append(len(text))
    if len(cuts) - 1 < len(vote.fields) or len(cuts) > MOST_CUTS:
        return None
    ratio = math.log(max(1, len(text)) / max(1, sum(map(len, vote.known_labels))))

    @cache
    def fit(first: int, last: int, number: int) -> float:
        piece, known, field = text[cuts[first] : cuts[last]].strip(), vote.known_labels[number], vote.fields[number]
        score = -abs(math.log(max(1, len(piece)) / max(1, len(known))) - ratio)
        score -= INNER_CUT_COST * (cuts[first] in inner)
        score += 0.5 * sum(piece.count(mark) == known.count(mark) for mark in "?(/")
        counted = tallies.get(fold_label(clean_label(piece)))
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
