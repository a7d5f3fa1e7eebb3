"""Compares a golden with a practice: `Golden` and `Practice` → a `Comparison` for every leaf."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from pydantic import JsonValue
from rapidfuzz.distance import LCSseq

from pipeline.models.geometry import Frozen
from pipeline.models.practice import FIELDS, Practice
from pipeline.quality.accuracy.golden import Golden, Status
from pipeline.quality.accuracy.kinds import Change, ChangeKind, name_list_change, name_text_change, normalise_text
from pipeline.quality.accuracy.leaves import LEAVES, WHOLE, Leaf, Metric, golden_values, metric_of, practice_values
from pipeline.text.wording import count

Outcome = Literal["match", "changed", "missing", "spurious", "absent"]
"""`missing`: expected, and not there; `spurious`: there, and not expected; `absent`: neither. A list is missing or
spurious too where some of its items are, and the others are as they should be."""


class Comparison(Frozen):
    """What became of one leaf.

    Attributes:
        edition: Edition id.
        practice: Practice id.
        field: The field, or `practice`.
        part: The part of it.
        metric: How it was compared.
        status: The golden's trust in it.
        judgement: True where a careful reader could judge otherwise.
        outcome: What became of it.
        kind: Of what kind the change is, where it changed.
        neighbour: Of a bleed: the leaf that the alien text comes from.
        score: 0 to 1 by the metric; 1 for a match or an absence in both.
        expected: The golden's value; None where there is none.
        got: The practice's value; None where there is none.
    """

    edition: str
    practice: str
    field: str
    part: str
    metric: Metric
    status: Status
    judgement: bool
    outcome: Outcome
    kind: ChangeKind | None
    neighbour: str | None
    score: float
    expected: JsonValue
    got: JsonValue

    @property
    def path(self) -> str:
        """Practice, field and part in one word."""
        return f"{self.practice}.{self.field}.{self.part}"

    @property
    def differs(self) -> bool:
        """True where it is neither a match nor an absence in both."""
        return self.outcome not in {"match", "absent"}

    def describe(self) -> str:
        """Outcome and kind in words."""
        if self.kind is None:
            return self.outcome
        source = f" from {self.neighbour}" if self.neighbour else ""
        return f"{self.outcome} ({self.kind.replace('_', ' ')}{source})"


class LeafDifference(Frozen):
    """What differs as one: a leaf, a field's links, or all of a field or practice that only one side has.

    Attributes:
        practice: Practice id.
        field: The field, or `practice`.
        part: The leaf; "" for the whole.
        comparisons: The leaves that differ, in the contract's order.
    """

    practice: str
    field: str
    part: str
    comparisons: tuple[Comparison, ...]

    @property
    def shown(self) -> Comparison:
        """The leaf that shows best what differs: of a whole field its text, of a whole practice its heading."""
        text = (leaf for leaf in self.comparisons if (leaf.field, leaf.part, self.part) == (self.field, "text", ""))
        return next(text, self.comparisons[0])

    @property
    def place(self) -> str:
        """Practice, field and part, as far as they are named."""
        whole = self.practice if self.field == WHOLE else f"{self.practice} {self.field}"
        return f"{whole}, {self.part}" if self.part else whole

    @property
    def leaves(self) -> tuple[str, ...]:
        """The leaves (`field.part`)."""
        return tuple(f"{leaf.field}.{leaf.part}" for leaf in self.comparisons)

    def describe(self) -> str:
        """Say in words how it differs."""
        if self.part:
            return self.shown.describe()
        whole = "practice" if self.field == WHOLE else "field"
        return f"the whole {whole} is {self.shown.outcome} ({count(len(self.comparisons), 'leaf', 'leaves')})"


def group_differences(comparisons: Iterable[Comparison]) -> tuple[LeafDifference, ...]:
    """What differs, once each, in the order of the comparisons.

    A field that only one side has is one difference, and so are a practice, and a field's links with their texts.

    Args:
        comparisons: Leaves of any practices of one edition.
    """
    differing = [leaf for leaf in comparisons if leaf.differs]
    # Every practice has a heading and every row a label: where only one side has these, only that side has the whole.
    wholes = {
        (leaf.practice, leaf.field)
        for leaf in differing
        if leaf.part == ("heading" if leaf.field == WHOLE else "label") and leaf.outcome in {"missing", "spurious"}
    }
    groups: dict[tuple[str, str, str], list[Comparison]] = {}
    for leaf in differing:
        key = (leaf.practice, leaf.field, "links" if leaf.part == "link_texts" else leaf.part)
        if (leaf.practice, WHOLE) in wholes:
            key = (leaf.practice, WHOLE, "")
        elif (leaf.practice, leaf.field) in wholes:
            key = (leaf.practice, leaf.field, "")
        groups.setdefault(key, []).append(leaf)
    return tuple(
        LeafDifference(practice=practice, field=field, part=part, comparisons=tuple(group))
        for (practice, field, part), group in groups.items()
    )


def compare_practice(golden: Golden, practice: Practice | None) -> tuple[Comparison, ...]:
    """Compare a golden with a practice, leaf by leaf.

    Args:
        golden: What is right.
        practice: What was extracted; None where the practice was not found.

    Returns:
        A comparison for each of the contract's leaves, in their order, then for those of the rows of no field. Leaves
        of a golden that was made from another file than the practice are `accepted` at most: nobody has looked for them
        at this file's pages.
    """
    stale = is_stale(golden, practice)
    judged = {entry.leaf for entry in golden.judgement}
    expected, got = golden_values(golden), practice_values(practice)
    comparisons = []
    for leaf in dict.fromkeys((*LEAVES, *expected, *got)):
        metric, right, found = metric_of(leaf), expected.get(leaf), got.get(leaf)
        outcome, change, score = _judge(metric, leaf, right, found, golden)
        comparisons.append(
            Comparison(
                edition=golden.edition,
                practice=golden.id,
                field=leaf.field,
                part=leaf.part,
                metric=metric,
                status="accepted" if stale else golden.status_of(leaf.path),
                judgement=leaf.path in judged,
                outcome=outcome,
                kind=change and change.kind,
                neighbour=change and change.neighbour,
                score=score,
                expected=right,
                got=found,
            )
        )
    return tuple(comparisons)


def is_stale(golden: Golden, practice: Practice | None) -> bool:
    """Say whether a golden was made from another file than the practice."""
    return practice is not None and golden.source.sha256 != practice.edition.sha256


def _judge(
    metric: Metric, leaf: Leaf, expected: JsonValue, got: JsonValue, golden: Golden
) -> tuple[Outcome, Change | None, float]:
    if expected is None or got is None:
        if expected == got:
            return "absent", None, 1.0
        return ("spurious" if expected is None else "missing"), None, 0.0
    score = score_leaf(metric, expected, got)
    if score == 1:
        return "match", None, 1.0
    if isinstance(expected, str) and isinstance(got, str) and metric == "text":
        return "changed", name_text_change(expected, got, _neighbours(golden, leaf)), score
    if isinstance(expected, list) and isinstance(got, list) and metric != "exact":
        common = _count_common(metric, expected, got)
        if common == len(got) < len(expected):
            return "missing", None, score
        if common == len(expected) < len(got):
            return "spurious", None, score
        texts = metric == "texts" or leaf.part == "links"
        return "changed", name_list_change(expected, got, texts=texts), score
    return "changed", Change("value"), score


def score_leaf(metric: Metric, expected: JsonValue, got: JsonValue) -> float:
    """Score a leaf by its metric.

    Args:
        metric: The metric.
        expected: The value as it should be; not None.
        got: The value as it is; not None.

    Returns:
        0 to 1; 1 only where nothing differs that the metric looks at.
    """
    if metric == "text" and isinstance(expected, str) and isinstance(got, str):
        return float(normalise_text(expected) == normalise_text(got))
    if isinstance(expected, list) and isinstance(got, list) and metric in {"set", "list", "texts"}:
        # F1, the harmonic mean of precision and recall; 1 for two empty lists.
        total = len(expected) + len(got)
        return 2 * _count_common(metric, expected, got) / total if total else 1.0
    return float(_same(expected, got))


def _same(one: JsonValue, other: JsonValue) -> bool:
    """Compare plain values; unlike `==`, 1 and true are two things."""
    return repr(one) == repr(other)


def _count_common(metric: Metric, expected: Sequence[JsonValue], got: Sequence[JsonValue]) -> int:
    """Count the items that both have; in one order where the metric looks at the order."""
    old, new = (
        [normalise_text(item) if metric == "texts" and isinstance(item, str) else repr(item) for item in items]
        for items in (expected, got)
    )
    return (Counter(old) & Counter(new)).total() if metric == "set" else LCSseq.similarity(old, new)


def _neighbours(golden: Golden, leaf: Leaf) -> Mapping[str, str]:
    """The texts that could have run into a leaf's: its row's other cell, then other rows, nearest first."""
    own = golden.fields.get(leaf.field)
    same_cell = {leaf.field, *(() if own is None else own.shared_with)}
    place = FIELDS.index(leaf.field) if leaf.field in FIELDS else 0
    found: dict[str, str] = {}
    if own is not None:
        other = "label" if leaf.part == "text" else "text"
        found[f"{leaf.field}.{other}"] = getattr(own, other)
    for name in sorted(FIELDS, key=lambda field: abs(FIELDS.index(field) - place)):
        field = golden.fields[name]
        if field is None:
            continue
        if name not in same_cell:
            found[f"{name}.text"] = field.text
        if name != leaf.field:
            found[f"{name}.label"] = field.label
    if leaf.field != WHOLE:
        found[f"{WHOLE}.heading"] = golden.heading
    return found
