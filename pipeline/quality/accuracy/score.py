"""Counts what the comparer found: comparisons → `EditionAccuracy`.

Only leaves whose golden is `verified` count as accuracy. Leaves that are in neither the golden nor the output are
counted apart: that nothing was found where nothing is would make every share look better.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import get_args

from pydantic import Field, computed_field

from pipeline.models.edition import ValidatedEdition
from pipeline.models.geometry import Frozen
from pipeline.models.practice import FIELDS
from pipeline.quality.accuracy.compare import Comparison, Outcome, compare_practice, is_stale
from pipeline.quality.accuracy.golden import Golden, digest_goldens, load_goldens
from pipeline.quality.accuracy.leaves import WHOLE

_MILLE = 1000


class Ratio(Frozen):
    """A count out of a total."""

    good: int
    of: int

    def describe(self) -> str:
        """Both counts, and the percentage."""
        return f"{self.good} of {self.of} ({self.percent} %)" if self.of else "0 of 0"

    @property
    def percent(self) -> str:
        """The percentage, rounded to a tenth, but to 100 only where it is all, to 0 only where it is none; or empty."""
        if self.of == 0:
            return ""
        # Halves are rounded up, in whole numbers.
        mille = (2 * self.good * _MILLE + self.of) // (2 * self.of)
        if 0 < self.good < self.of:
            mille = min(max(mille, 1), _MILLE - 1)
        return f"{mille // 10}.{mille % 10}"


class Tally(Frozen):
    """What became of a group of leaves.

    Attributes:
        name: What the group is: a field, a practice or an edition.
        match: Leaves as expected.
        changed: Leaves with another value.
        missing: Leaves expected and not there, in whole or, of a list, in part.
        spurious: Leaves there and not expected, in whole or, of a list, in part.
        absent: Leaves neither expected nor there; part of no share.
        score: Mean score of all but the absent ones, 0 to 1; 1 where there are none.
    """

    name: str
    match: int
    changed: int
    missing: int
    spurious: int
    absent: int
    score: float

    @property
    def exact(self) -> Ratio:
        """The matches out of all leaves that are not absent."""
        return Ratio(good=self.match, of=self.match + self.changed + self.missing + self.spurious)


class Headline(Frozen):
    """The numbers that come first; all but the last three of verified leaves only.

    Attributes:
        leaves: Leaves exact.
        practices: Practices of which every leaf is as expected.
        labels: Labels mapped: read as printed and given to the right field.
        rows_joined: Rows over page breaks that were joined: text and pages as expected.
        labels_joined: Labels over page breaks that were joined.
        unmapped: Rows that no field answers to.
        residue: Glyphs in the residue.
        glyphs: Glyphs in all.
    """

    leaves: Ratio
    practices: Ratio
    labels: Ratio
    rows_joined: Ratio
    labels_joined: Ratio
    unmapped: int
    residue: int
    glyphs: int


class EditionAccuracy(Frozen):
    """How far an edition's output agrees with its goldens.

    Attributes:
        edition: Edition id.
        sha256: Hash of the edition's file.
        goldens: Digest of its goldens.
        headline: The numbers that come first.
        verified: All verified leaves.
        accepted: All accepted leaves: no accuracy, they show only whether something moved.
        fields: Verified leaves by field, in the contract's order, those of the practice as a whole first, rows of no
            field last.
        practices: Verified leaves by practice, in document order.
        comparisons: Every leaf; left out of the JSON, which names the differences.
        missing_goldens: Practices without a golden.
        unused_goldens: Goldens without a practice.
        stale_goldens: Goldens made from another file.
    """

    edition: str
    sha256: str
    goldens: str
    headline: Headline
    verified: Tally
    accepted: Tally
    fields: tuple[Tally, ...]
    practices: tuple[Tally, ...]
    comparisons: tuple[Comparison, ...] = Field(exclude=True)
    missing_goldens: tuple[str, ...]
    unused_goldens: tuple[str, ...]
    stale_goldens: tuple[str, ...]

    @computed_field  # type: ignore[prop-decorator]
    @cached_property
    def differences(self) -> tuple[Comparison, ...]:
        """Leaves that differ, of either status."""
        return tuple(found for found in self.comparisons if found.differs)


def compare_edition(edition: ValidatedEdition, goldens: Mapping[str, Golden]) -> tuple[Comparison, ...]:
    """Compare all practices that have a golden, in document order, then goldens without a practice.

    Args:
        edition: What was extracted.
        goldens: The goldens by practice id.
    """
    practices = {practice.id: practice for practice in edition.practices}
    order = [name for name in practices if name in goldens] + [name for name in goldens if name not in practices]
    return tuple(comparison for name in order for comparison in compare_practice(goldens[name], practices.get(name)))


def score_edition(edition: ValidatedEdition, folder: Path) -> EditionAccuracy:
    """Compare an edition with its goldens and count.

    Args:
        edition: What was extracted.
        folder: The folder of all goldens.

    Raises:
        InputError: A golden can't be read, or is none.
    """
    goldens = load_goldens(folder, edition.edition.id)
    comparisons = compare_edition(edition, goldens)
    practices = {practice.id: practice for practice in edition.practices}
    verified = [found for found in comparisons if found.status == "verified"]
    counts = edition.report.counts
    by_practice, by_field = defaultdict[str, list[Comparison]](list), defaultdict[str, list[Comparison]](list)
    for found in verified:
        by_practice[found.practice].append(found)
        by_field[found.field].append(found)
    whole = [all(not found.differs for found in group) for group in by_practice.values()]
    labels = [found for found in verified if found.part == "label" and found.expected is not None]
    return EditionAccuracy(
        edition=edition.edition.id,
        sha256=edition.edition.sha256,
        goldens=digest_goldens(folder, edition.edition.id),
        headline=Headline(
            leaves=tally("verified", verified).exact,
            practices=Ratio(good=sum(whole), of=len(whole)),
            labels=Ratio(good=sum(not found.differs for found in labels), of=len(labels)),
            **_count_joined(verified, goldens),
            unmapped=counts.unmapped,
            residue=counts.residue,
            glyphs=counts.glyphs,
        ),
        verified=tally("verified", verified),
        accepted=tally("accepted", [found for found in comparisons if found.status == "accepted"]),
        fields=tuple(
            tally(name, by_field[name]) for name in dict.fromkeys((WHOLE, *FIELDS, *by_field)) if name in by_field
        ),
        practices=tuple(tally(name, group) for name, group in by_practice.items()),
        comparisons=comparisons,
        missing_goldens=tuple(name for name in practices if name not in goldens),
        unused_goldens=tuple(name for name in goldens if name not in practices),
        stale_goldens=tuple(name for name, golden in goldens.items() if is_stale(golden, practices.get(name))),
    )


def tally(name: str, comparisons: Iterable[Comparison]) -> Tally:
    """Count outcomes.

    Args:
        name: What the group is.
        comparisons: The group.
    """
    group = list(comparisons)
    present = [found.score for found in group if found.outcome != "absent"]
    outcomes = Counter(found.outcome for found in group)
    counts = {outcome: outcomes[outcome] for outcome in get_args(Outcome)}
    return Tally(name=name, score=round(sum(present) / len(present), 6) if present else 1.0, **counts)


def _count_joined(verified: Sequence[Comparison], goldens: Mapping[str, Golden]) -> dict[str, Ratio]:
    """Count rows and labels over page breaks, and those that are right: `rows_joined` and `labels_joined`.

    The fields of a merged row are one row, right where all of them are; each has a label of its own.
    """
    differing: dict[tuple[str, str], set[str]] = defaultdict(set)
    for found in verified:
        differing[found.practice, found.field].update({found.part} if found.differs else ())
    rows: dict[tuple[str, frozenset[str]], bool] = {}
    labels: list[bool] = []
    for (practice, name), parts in differing.items():
        field = goldens[practice].fields.get(name)
        if field is not None and len(field.pages) > 1 and not field.inline:
            row = (practice, frozenset({name, *field.shared_with}))
            rows[row] = rows.get(row, True) and parts.isdisjoint({"label_pages", "text", "value_pages"})
        if field is not None and len(field.label_pages) > 1:
            labels.append(parts.isdisjoint({"label_pages", "label"}))
    return {
        "rows_joined": Ratio(good=sum(rows.values()), of=len(rows)),
        "labels_joined": Ratio(good=sum(labels), of=len(labels)),
    }
