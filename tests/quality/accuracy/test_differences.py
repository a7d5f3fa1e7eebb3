"""Differences of an edition and its goldens: each damage once, at its place; what one side lacks as a whole is one."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from pipeline.models.edition import ValidatedEdition
from pipeline.models.practice import Link
from pipeline.quality.accuracy.compare import LeafDifference, group_differences
from pipeline.quality.accuracy.golden import Golden
from pipeline.quality.accuracy.score import compare_edition
from tests.quality.review.building import change_field, make_golden, make_validated


@pytest.fixture(scope="module")
def edition() -> ValidatedEdition:
    return make_validated()


def compare(edition: ValidatedEdition, goldens: Sequence[Golden]) -> tuple[LeafDifference, ...]:
    return group_differences(compare_edition(edition, {golden.id: golden for golden in goldens}))


def places(found: Sequence[LeafDifference]) -> list[tuple[str, str, str]]:
    return [(item.practice, item.field, item.part) for item in found]


def test_goldens_that_agree_give_no_difference(edition: ValidatedEdition) -> None:
    assert compare(edition, [make_golden(practice) for practice in edition.practices]) == ()


def test_each_damage_is_one_difference_where_it_is(edition: ValidatedEdition) -> None:
    first, second = (make_golden(practice) for practice in edition.practices)
    first = change_field(first, "period", start="2014", edtf="2014/..")
    first = change_field(first, "locations", text="Here\nand there", label="Plače")
    second = second.model_copy(update={"title": "another practice"})
    found = compare(edition, [first, second])
    assert [(*place, item.describe()) for place, item in zip(places(found), found, strict=True)] == [
        ("bg-1", "locations", "label", "changed (diacritics)"),
        ("bg-1", "locations", "text", "changed (paragraph)"),
        ("bg-1", "period", "start", "changed (value)"),
        ("bg-1", "period", "edtf", "changed (value)"),
        ("be-1", "practice", "title", "changed (text)"),
    ]
    assert (found[2].shown.expected, found[2].shown.got) == ("2014", "2016-05")


def test_a_field_that_one_side_lacks_is_one_difference_shown_by_its_text(edition: ValidatedEdition) -> None:
    first, second = (make_golden(practice) for practice in edition.practices)
    (found,) = compare(edition, [change_field(first, "period"), second])
    assert places([found]) == [("bg-1", "period", "")]
    assert found.describe() == f"the whole field is spurious ({len(found.leaves)} leaves)"
    assert (found.shown.expected, found.shown.got) == (None, "since 2016-05")
    assert {"period.label", "period.text", "period.start"} <= set(found.leaves)


def test_a_practice_that_is_not_there_is_one_difference_shown_by_its_heading(edition: ValidatedEdition) -> None:
    kept, lost = edition.practices
    goldens = [make_golden(kept), make_golden(lost)]
    (found,) = compare(edition.model_copy(update={"practices": (kept,)}), goldens)
    assert places([found]) == [("be-1", "practice", "")]
    assert found.describe().startswith("the whole practice is missing (")
    assert (found.shown.expected, found.shown.got) == (lost.heading, None)


def test_links_and_their_texts_are_one_difference(edition: ValidatedEdition) -> None:
    first, second = (make_golden(practice) for practice in edition.practices)
    linked = change_field(first, "locations", links=(Link(url="https://a.example/", text="a"),))
    (found,) = compare(edition, [linked, second])
    assert places([found]) == [("bg-1", "locations", "links")]
    assert found.leaves == ("locations.links", "locations.link_texts")
