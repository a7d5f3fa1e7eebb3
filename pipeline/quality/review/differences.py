"""Where an edition differs from its goldens, for the review page; reads `ValidatedEdition` and the goldens.

The comparing is done by `pipeline.quality.accuracy`; this module brings its comparisons into the page's terms: what is
missing or spurious as a whole is told once, not leaf by leaf.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pydantic import JsonValue

from pipeline.models.edition import ValidatedEdition
from pipeline.models.geometry import Frozen

if TYPE_CHECKING:
    from pipeline.quality.accuracy.compare import Comparison

TEXT_PART: Final = "text"
"""The leaf that stands for a field that is missing or spurious as a whole."""


class Difference(Frozen):
    """A leaf, or all of a field or practice, that differs from its golden.

    Attributes:
        practice: Practice id.
        field: Field name; None for what belongs to the practice itself (heading, countries, title, pages).
        part: The leaf; "" for the whole.
        kind: How it differs, in words.
        golden: What the golden has; None where it has nothing.
        extracted: What was extracted; None where that is nothing.
        detail: What else is known, one sentence or nothing.
    """

    practice: str
    field: str | None
    part: str
    kind: str
    golden: JsonValue
    extracted: JsonValue
    detail: str = ""


def find_differences(edition: ValidatedEdition, goldens: Path) -> tuple[Difference, ...] | None:
    """Compare an edition with its goldens.

    Args:
        edition: The edition.
        goldens: The folder of all goldens, with one folder per edition.

    Returns:
        The differences in document order; None where the edition has no goldens.

    Raises:
        InputError: A golden can't be read, or is none.
    """
    from pipeline.quality.accuracy.compare import compare_practice
    from pipeline.quality.accuracy.golden import golden_files, load_golden

    known = {golden.id: golden for golden in map(load_golden, golden_files(goldens, edition.edition.id))}
    if not known:
        return None
    found: list[Difference] = []
    for practice in edition.practices:
        golden = known.pop(practice.id, None)
        if golden is None:
            found.append(_whole(practice.id, None, "no golden", None, practice.heading))
        else:
            found += summarise_comparisons([item for item in compare_practice(golden, practice) if item.differs])
    found += [_whole(golden.id, None, "missing practice", golden.heading, None) for golden in known.values()]
    return tuple(found)


def summarise_comparisons(comparisons: Sequence[Comparison]) -> tuple[Difference, ...]:
    """Bring comparisons of one practice into the page's terms.

    Args:
        comparisons: Leaves that differ, in the contract's order.

    Returns:
        A difference for each; a single one for a field that only one side has.
    """
    found: list[Difference] = []
    for (practice, field), group in groupby(comparisons, key=lambda item: (item.practice, item.field)):
        leaves = list(group)
        # Every row has a label, so that a label on one side only tells that only this side has the row.
        label = next(
            (leaf for leaf in leaves if leaf.part == "label" and leaf.outcome in {"missing", "spurious"}), None
        )
        if label is not None:
            text = next((leaf for leaf in leaves if leaf.part == TEXT_PART), label)
            found.append(_whole(practice, field, f"{label.outcome} field", text.expected, text.got))
            continue
        found += [
            Difference(
                practice=practice,
                field=None if field == "practice" else field,
                part=leaf.part,
                kind=leaf.describe(),
                golden=leaf.expected,
                extracted=leaf.got,
                detail=_detail(leaf),
            )
            for leaf in leaves
        ]
    return tuple(found)


def _whole(practice: str, field: str | None, kind: str, golden: JsonValue, extracted: JsonValue) -> Difference:
    return Difference(practice=practice, field=field, part="", kind=kind, golden=golden, extracted=extracted)


def _detail(leaf: Comparison) -> str:
    told = []
    if leaf.neighbour is not None:
        told.append(f"The text beyond the golden's stands in {leaf.neighbour}.")
    if leaf.judgement:
        told.append("A careful reader could judge otherwise here.")
    if leaf.status == "accepted":
        told.append("The golden was accepted from an earlier run, not verified on the page.")
    return " ".join(told)
