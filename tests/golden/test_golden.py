"""The real editions against their goldens: the committed output, which `test_extracted.py` compares with the code's."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest

from pipeline import paths
from pipeline.models.edition import ValidatedEdition
from pipeline.quality.accuracy.baseline import EditionBaseline, find_regressions, load_baseline, measure
from pipeline.quality.accuracy.compare import Comparison, compare_practice
from pipeline.quality.accuracy.evaluate import evaluate
from pipeline.quality.accuracy.forms import show
from pipeline.quality.accuracy.golden import Golden, golden_path, load_golden, load_goldens, read_file, render_golden
from pipeline.stages.emit.edition import load_edition

pytestmark = pytest.mark.golden

assert paths.REPOSITORY is not None
ROOT = paths.REPOSITORY
GOLDENS = ROOT / paths.GOLDENS
EXTRACTED = ROOT / paths.EXTRACTED
SOURCES = {path.stem: path for path in sorted((ROOT / paths.RAW).glob("*.pdf"))}
FILES = sorted(GOLDENS.glob("*/*.json"))
IDS = [f"{path.parent.name}/{path.stem}" for path in FILES]


@cache
def committed(edition: str) -> ValidatedEdition:
    return load_edition(EXTRACTED / edition)


def tell(found: Comparison) -> str:
    return (
        f"practice {found.practice}, field {found.field}, part {found.part}: {found.describe()}\n"
        f"  expected: {show(found.expected)}\n  got:      {show(found.got)}"
    )


def require_equal(differences: Sequence[Comparison], baseline: EditionBaseline | None) -> None:
    """Fail of differences; those that the baseline knows are told as an expected failure."""
    new = find_regressions(differences, baseline)
    if new:
        pytest.fail("\n".join(map(tell, new)), pytrace=False)
    if differences:
        pytest.xfail("; ".join(f"{found.path}: {found.describe()}" for found in differences))


@pytest.mark.parametrize("path", FILES, ids=IDS)
def test_practice_is_as_its_golden(path: Path) -> None:
    golden = load_golden(path)
    practice = next((found for found in committed(golden.edition).practices if found.id == golden.id), None)
    baseline = load_baseline(GOLDENS)
    assert baseline is not None
    differences = [found for found in compare_practice(golden, practice) if found.differs]
    require_equal(differences, baseline.editions[golden.edition])


@pytest.mark.parametrize("edition", SOURCES)
def test_no_golden_is_missing_and_none_is_unused(edition: str) -> None:
    goldens = load_goldens(GOLDENS, edition)
    assert {practice.id for practice in committed(edition).practices} == set(goldens)


def test_every_folder_of_goldens_has_its_source() -> None:
    assert {path.parent.name for path in FILES} == set(SOURCES)


@pytest.mark.parametrize("path", FILES, ids=IDS)
def test_golden_is_of_the_source_and_in_the_form_of_all(path: Path) -> None:
    import hashlib

    golden = load_golden(path)
    assert golden.source.sha256 == hashlib.sha256(read_file(SOURCES[golden.edition])).hexdigest()
    assert render_golden(golden) == path.read_bytes()


def test_the_baseline_says_how_things_are() -> None:
    """It would hide a later regression if it knew of differences that are no more."""
    report = evaluate(EXTRACTED, GOLDENS)
    baseline = load_baseline(GOLDENS)
    assert baseline is not None
    now = {result.accuracy.edition: measure(result.accuracy) for result in report.editions}
    assert now == baseline.editions, "run: pipeline accuracy --update"
    assert report.exit_code == 0


def test_a_difference_is_told_with_place_values_and_kind() -> None:
    golden: Golden = load_golden(golden_path(GOLDENS, "raccombat-lv", "bg-1"))
    practice = next(found for found in load_edition(EXTRACTED / "raccombat-lv").practices if found.id == "bg-1")
    level = practice.fields.implementation_level
    assert level is not None
    fields = practice.fields.model_copy(
        update={"implementation_level": level.model_copy(update={"text": level.text.replace("ē", "e")})}
    )
    damaged = practice.model_copy(update={"fields": fields})
    with pytest.raises(pytest.fail.Exception) as caught:
        require_equal([found for found in compare_practice(golden, damaged) if found.differs], None)
    told = str(caught.value)
    assert told.startswith("practice bg-1, field implementation_level, part text: changed (diacritics)\n")
    assert f"expected: {level.text}" in told
    assert f"got:      {level.text.replace('ē', 'e')}" in told
