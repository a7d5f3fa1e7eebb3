"""Differences: each damage is told at its practice and field, and what is missing as a whole is told once."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import InputError
from pipeline.models.edition import ValidatedEdition
from pipeline.quality.review.differences import Difference, find_differences
from tests.quality.review.building import change_field, make_golden, write_goldens


def test_goldens_that_agree_give_no_difference(edition: ValidatedEdition, tmp_path: Path) -> None:
    goldens = write_goldens(tmp_path, [make_golden(practice) for practice in edition.practices])
    assert find_differences(edition, goldens) == ()


def test_without_goldens_there_is_nothing_to_compare(edition: ValidatedEdition, tmp_path: Path) -> None:
    assert find_differences(edition, tmp_path) is None
    assert find_differences(edition, tmp_path / "none") is None


def test_each_damage_is_told_where_it_is(edition: ValidatedEdition, tmp_path: Path) -> None:
    first, second = (make_golden(practice) for practice in edition.practices)
    first = change_field(first, "period", start="2014", edtf="2014/..")
    first = change_field(first, "locations", text="Here\nand there", label="Plače")
    second = second.model_copy(update={"title": "another practice"})
    found = find_differences(edition, write_goldens(tmp_path, [first, second]))
    assert found is not None
    assert [(item.practice, item.field, item.part, item.kind) for item in found] == [
        ("bg-1", "locations", "label", "changed (diacritics)"),
        ("bg-1", "locations", "text", "changed (paragraph)"),
        ("bg-1", "period", "start", "changed (value)"),
        ("bg-1", "period", "edtf", "changed (value)"),
        ("be-1", None, "title", "changed (text)"),
    ]
    assert (found[2].golden, found[2].extracted) == ("2014", "2016-05")


def test_what_only_one_side_has_is_told_once(edition: ValidatedEdition, tmp_path: Path) -> None:
    first, second = (make_golden(practice) for practice in edition.practices)
    lacking = change_field(first, "period")
    more = change_field(second, "locations", text="Here and there").fields["locations"]
    second = second.model_copy(update={"fields": {**second.fields, "funding": more}})
    found = find_differences(edition, write_goldens(tmp_path, [lacking]))
    assert found == (
        Difference(
            practice="bg-1", field="period", part="", kind="spurious field", golden=None, extracted="since 2016-05"
        ),
        Difference(
            practice="be-1",
            field=None,
            part="",
            kind="no golden",
            golden=None,
            extracted="Somewhere 1: a practice",
        ),
    )


def test_a_missing_field_and_a_missing_practice(edition: ValidatedEdition, tmp_path: Path) -> None:
    kept, lost = edition.practices
    without = kept.model_copy(update={"fields": kept.fields.model_copy(update={"locations": None})})
    goldens = write_goldens(tmp_path, [make_golden(kept), make_golden(lost)])
    found = find_differences(edition.model_copy(update={"practices": (without,)}), goldens)
    assert found == (
        Difference(
            practice="bg-1", field="locations", part="", kind="missing field", golden="Here and there", extracted=None
        ),
        Difference(
            practice="be-1",
            field=None,
            part="",
            kind="missing practice",
            golden="Somewhere 1: a practice",
            extracted=None,
        ),
    )


def test_an_accepted_golden_says_that_nobody_verified_it(edition: ValidatedEdition, tmp_path: Path) -> None:
    goldens = [
        make_golden(practice, status="accepted", title="x", reason="taken over") for practice in edition.practices
    ]
    found = find_differences(edition, write_goldens(tmp_path, goldens))
    assert found is not None
    assert all("not verified" in item.detail for item in found)


def test_a_golden_that_is_none_is_refused(edition: ValidatedEdition, tmp_path: Path) -> None:
    folder = tmp_path / edition.edition.id
    folder.mkdir()
    (folder / "bg-1.json").write_text("{}")
    with pytest.raises(InputError, match="no golden"):
        find_differences(edition, tmp_path)
