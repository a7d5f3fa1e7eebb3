"""Extracted folders, goldens and baseline → `AccuracyReport`, and a new baseline; writes no output folder."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from pipeline.errors import ExitCode, ExtractionError, InputError
from pipeline.models.geometry import Frozen
from pipeline.quality.accuracy.baseline import (
    FILE,
    Baseline,
    BaselineComparison,
    Lowering,
    judge,
    load_baseline,
    measure,
)
from pipeline.quality.accuracy.compare import LeafDifference, group_differences
from pipeline.quality.accuracy.score import EditionAccuracy, score_edition
from pipeline.stages.emit.edition import load_edition
from pipeline.stages.emit.outputs import is_aside, latest_folder, list_extracted

MOST_NAMED: Final = 3
"""So many of the things that are worse are named in a message; the report before it has them all."""


class EditionResult(Frozen):
    """An edition's accuracy, compared with the baseline.

    Attributes:
        accuracy: What was compared.
        verdict: What is better or worse than the baseline.
        aside: The folder that was compared, where it is that of a run with errors that was set aside.
    """

    accuracy: EditionAccuracy
    verdict: BaselineComparison
    aside: str | None = None

    @property
    def exit_code(self) -> int:
        """1 where something is worse, else 2 where the baseline is not one of these goldens, else 0."""
        if self.verdict.regressions or self.verdict.faults:
            return ExitCode.ISSUES
        return ExitCode.GOOD if self.verdict.goldens_changed is None else ExitCode.UNUSABLE


class AccuracyReport(Frozen):
    """The results of all editions looked at."""

    editions: tuple[EditionResult, ...]

    @property
    def exit_code(self) -> int:
        """1 where any edition got worse, else 2 where any can't be judged, else 0."""
        codes = {result.exit_code for result in self.editions}
        return ExitCode.ISSUES if ExitCode.ISSUES in codes else max(codes)


class LoweringError(ExtractionError):
    """The baseline would be lowered, and nobody said so."""

    exit_code = ExitCode.ISSUES


def list_editions(extracted: Path, goldens: Path, only: str | None = None) -> tuple[str, ...]:
    """The ids of the editions to compare: the extracted ones, and those with goldens.

    Args:
        extracted: Folder of all editions' output.
        goldens: Folder of all goldens.
        only: The one edition asked for.

    Raises:
        InputError: There is none.
    """
    names = set(list_extracted(extracted))
    names |= {path.parent.name for path in goldens.glob("*/*.json")}
    found = tuple(sorted(name for name in names if only in (None, name)))
    if not found:
        what = "no edition" if only is None else f"no edition {only!r}"
        there = f"there are: {', '.join(sorted(names))}" if names else "run: pipeline run"
        raise InputError(f"there is {what} in {extracted}/ or {goldens}/; {there}")
    return found


def evaluate(extracted: Path, goldens: Path, only: str | None = None) -> AccuracyReport:
    """Compare extracted editions with their goldens and the baseline.

    What is compared is an edition's last run: output with errors that was set aside shows what went wrong, and the good
    output that stayed would not.

    Args:
        extracted: Folder of all editions' output.
        goldens: Folder of all goldens, with the baseline.
        only: The one edition to look at; None for all.

    Raises:
        InputError: There is no edition, or a file can't be used.
    """
    baseline = load_baseline(goldens) or Baseline(editions={})
    names = list_editions(extracted, goldens, only)
    gone = sorted(set(baseline.editions) - set(names)) if only is None else []
    if gone:
        raise InputError(
            f"the baseline names {', '.join(gone)}, of which there is neither output nor golden; bring them back, or"
            f" take them out of {goldens / FILE}"
        )
    results = []
    for name in names:
        folder = latest_folder(extracted, name)
        accuracy = score_edition(load_edition(folder), goldens)
        verdict = judge(accuracy, baseline.editions.get(name))
        results.append(
            EditionResult(accuracy=accuracy, verdict=verdict, aside=str(folder) if is_aside(folder) else None)
        )
    return AccuracyReport(editions=tuple(results))


def renew_baseline(
    baseline: Baseline | None, results: Sequence[EditionResult], *, date: str, reason: str | None, lower: bool = True
) -> Baseline:
    """The baseline that fits the results.

    Args:
        baseline: The one there is; None for the first.
        results: The editions' results.
        date: Today, ISO 8601.
        reason: Why it may be lowered, or why goldens have changed; None where neither may be.
        lower: True where it may be lowered.

    Raises:
        InputError: What was compared was set aside.
        LoweringError: Something is worse than the baseline says, or the goldens have changed, and no reason is given.
    """
    aside = next((result for result in results if result.aside is not None), None)
    if aside is not None:
        raise InputError(
            f"{aside.aside} is what a run with errors left; no baseline is made of it: fix that and run again, or"
            " take it over by pipeline run --replace",
            edition=aside.accuracy.edition,
        )
    editions = {} if baseline is None else dict(baseline.editions)
    lowered = () if baseline is None else baseline.lowered
    for result in results:
        name = result.accuracy.edition
        worse = (*(found.path for found in result.verdict.regressions), *result.verdict.faults)
        # What has no baseline yet can't be lowered: the first one says how things are.
        if worse and name in editions:
            if reason is None or not lower:
                raise LoweringError(_describe_lowering(result), edition=name)
            lowered = (*lowered, Lowering(date=date, edition=name, reason=reason, what=worse))
        elif name in editions and result.verdict.goldens_changed is not None:
            if reason is None:
                raise LoweringError(
                    "the goldens have changed since the baseline was written; look at what changed (git diff), and say"
                    " why: --update --reason TEXT",
                    edition=name,
                )
            lowered = (*lowered, Lowering(date=date, edition=name, reason=reason, what=("the goldens",)))
        editions[name] = measure(result.accuracy)
    return Baseline(editions=dict(sorted(editions.items())), lowered=lowered)


def order_worst_first(result: EditionResult) -> list[tuple[LeafDifference, bool]]:
    """An edition's differences, regressions first, then by score; and of each whether it is one."""
    new = {leaf.path for leaf in result.verdict.regressions}
    judged = [
        (found, any(leaf.path in new for leaf in found.comparisons))
        for found in group_differences(result.accuracy.comparisons)
    ]
    return sorted(judged, key=lambda pair: (not pair[1], min(leaf.score for leaf in pair[0].comparisons)))


def _describe_lowering(result: EditionResult) -> str:
    """Say what is worse than the baseline says, which --update does not take over."""
    worse = [found.place for found, regression in order_worst_first(result) if regression]
    worse += result.verdict.faults
    more = f" (and {len(worse) - MOST_NAMED} more)" if len(worse) > MOST_NAMED else ""
    return (
        f"--update takes over only what is better, and this is worse than the baseline says:"
        f" {'; '.join(worse[:MOST_NAMED])}{more}; correct the cause, or take it over too and say why: pipeline accuracy"
        " --lower --reason TEXT"
    )
