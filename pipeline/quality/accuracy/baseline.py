"""The baseline: reads and writes `tests/golden/baseline.json`, which says what may not get worse.

It lists every leaf that differs from its golden, with its score, and carries a digest of the goldens. A leaf that it
does not list may not differ; one that it lists may not score less; the goldens may not change unnoticed. Better results
are taken over by `--update`; worse ones only by `--lower` with a reason, which the file keeps.
"""

import shlex
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from pipeline.errors import InputError, describe_invalid
from pipeline.models.geometry import Frozen
from pipeline.models.practice import Sha256
from pipeline.quality.accuracy.compare import Comparison, Outcome
from pipeline.quality.accuracy.golden import Date, Reason, read_file
from pipeline.quality.accuracy.kinds import ChangeKind
from pipeline.quality.accuracy.score import EditionAccuracy
from pipeline.text.wording import count

FILE: Final = "baseline.json"
SCORE_DIGITS: Final = 6
"""Digits after the point that scores are kept with."""


class KnownDifference(Frozen):
    """A leaf (`practice.field.part`) that is known to differ."""

    leaf: str
    outcome: Outcome
    kind: ChangeKind | None
    score: float


class EditionBaseline(Frozen):
    """What is known of an edition.

    Attributes:
        goldens: Digest of its goldens.
        verified: Number of verified leaves, those absent included.
        unmapped: Rows that no field answers to.
        residue: Glyphs in the residue.
        differing: Leaves that differ, in document order.
    """

    goldens: Sha256
    verified: int
    unmapped: int
    residue: int
    differing: tuple[KnownDifference, ...]


class Lowering(Frozen):
    """A time that the baseline was lowered, or fitted to changed goldens, knowingly."""

    date: Date
    edition: str
    reason: Reason
    what: tuple[str, ...]


class Baseline(Frozen):
    """What may not get worse, by edition, and every time that it did knowingly."""

    editions: dict[str, EditionBaseline]
    lowered: tuple[Lowering, ...] = ()


class BaselineComparison(Frozen):
    """What became better or worse than the baseline.

    Attributes:
        regressions: Leaves that differ and should not, or differ more than they did.
        known: Leaves that differ as the baseline says.
        improved: Leaves (`practice.field.part`) that differ no more, or less.
        faults: What else is worse, in words.
        goldens_changed: Why the baseline is not one of these goldens; None where it is.
    """

    regressions: tuple[Comparison, ...]
    known: tuple[Comparison, ...]
    improved: tuple[str, ...]
    faults: tuple[str, ...]
    goldens_changed: str | None

    @property
    def all_faults(self) -> tuple[str, ...]:
        """The faults, and why the baseline is not one of these goldens."""
        return self.faults if self.goldens_changed is None else (*self.faults, self.goldens_changed)


def load_baseline(folder: Path) -> Baseline | None:
    """Read the baseline.

    Args:
        folder: The folder of all goldens.

    Returns:
        The baseline; None where there is none yet.

    Raises:
        InputError: It can't be read, or is no baseline.
    """
    path = folder / FILE
    if not path.exists():
        return None
    try:
        return Baseline.model_validate_json(read_file(path), strict=True)
    except ValidationError as error:
        raise InputError(f"{path} is no baseline ({describe_invalid(error)}); bring back the committed one") from error


def count_verified(accuracy: EditionAccuracy) -> int:
    """Count an edition's verified leaves, those absent included."""
    return accuracy.verified.exact.of + accuracy.verified.absent


def measure(accuracy: EditionAccuracy) -> EditionBaseline:
    """What the baseline of an edition would be now."""
    return EditionBaseline(
        goldens=accuracy.goldens,
        verified=count_verified(accuracy),
        unmapped=accuracy.headline.unmapped,
        residue=accuracy.headline.residue,
        differing=tuple(
            KnownDifference(
                leaf=found.path, outcome=found.outcome, kind=found.kind, score=round(found.score, SCORE_DIGITS)
            )
            for found in accuracy.differences
        ),
    )


def find_regressions(differences: Iterable[Comparison], baseline: EditionBaseline | None) -> list[Comparison]:
    """Find the leaves that differ and should not, or differ more than they did.

    Args:
        differences: Leaves that differ.
        baseline: What is known of their edition; None for nothing.
    """
    known = {} if baseline is None else {entry.leaf: entry.score for entry in baseline.differing}
    # No score is more than 1: a leaf that should not differ is below whatever it has.
    return [found for found in differences if round(found.score, SCORE_DIGITS) < known.get(found.path, 2)]


def judge(accuracy: EditionAccuracy, baseline: EditionBaseline | None) -> BaselineComparison:
    """Compare an edition's accuracy with the baseline.

    Args:
        accuracy: What was found.
        baseline: What is known; None where the baseline does not name the edition: then every difference is new.
    """
    known = baseline or EditionBaseline(goldens=accuracy.goldens, verified=0, unmapped=0, residue=0, differing=())
    worse, faults = find_regressions(accuracy.differences, known), _list_faults(accuracy, known)
    differing = {found.path: round(found.score, SCORE_DIGITS) for found in accuracy.differences}
    return BaselineComparison(
        regressions=tuple(worse),
        known=tuple(found for found in accuracy.differences if found not in worse),
        improved=tuple(entry.leaf for entry in known.differing if differing.get(entry.leaf, 1.0) > entry.score),
        faults=tuple(faults),
        goldens_changed=_compare_digests(accuracy, baseline, "--lower" if worse or faults else "--update"),
    )


def _list_faults(accuracy: EditionAccuracy, known: EditionBaseline) -> list[str]:
    """Say what is wrong with the goldens, and what is worse than known that is no leaf."""
    missing = [f"{name} has no golden; write one by: pipeline accept" for name in accuracy.missing_goldens]
    if missing[1:] and not accuracy.comparisons:
        first = f"pipeline accept --edition {shlex.quote(accuracy.edition)} --all --reason TEXT"
        missing = [
            f"there is no golden of any of its {count(len(missing), 'practice')}; write the first ones by: {first}"
        ]
    faults = [
        *missing,
        *(f"the golden {name} has no practice; look why it was not found" for name in accuracy.unused_goldens),
        *(
            f"the golden {name} is stale: it was made from another file, and counts as accepted only; run: pipeline"
            " accept, then pipeline verify"
            for name in accuracy.stale_goldens
        ),
    ]
    verified = count_verified(accuracy)
    if verified < known.verified:
        faults.append(
            f"{count(verified, 'leaf is', 'leaves are')} verified, the baseline says {known.verified}; run: pipeline"
            " verify"
        )
    residue = accuracy.headline.residue
    if residue > known.residue:
        faults.append(
            f"{count(residue, 'glyph is', 'glyphs are')} left over as residue; see report.json of the edition"
        )
    unmapped = accuracy.headline.unmapped
    if unmapped > known.unmapped:
        faults.append(f"{count(unmapped, 'row has', 'rows have')} no field; see report.json of the edition")
    return faults


def _compare_digests(accuracy: EditionAccuracy, baseline: EditionBaseline | None, option: str) -> str | None:
    if baseline is None:
        return "the baseline does not name this edition; look at the result, then run: pipeline accuracy --update"
    if baseline.goldens != accuracy.goldens:
        return (
            "the goldens have changed since the baseline was written; look at what changed (git diff), then run:"
            f" pipeline accuracy {option} --reason TEXT"
        )
    return None
