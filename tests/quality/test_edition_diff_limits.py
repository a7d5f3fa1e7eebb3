"""The numbers of the edition diff's rules, each by a case on either side of it."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline import paths
from pipeline.models.edition import ValidatedEdition
from pipeline.models.practice import Practice
from pipeline.quality import edition_diff
from pipeline.quality.edition_diff import diff_editions
from pipeline.stages.emit.edition import load_edition

LETTERS = "abcdefghijklmnopqrst"


def spoil(text: str, letters: int) -> str:
    """Change the first letters of a text into ones that it does not have."""
    return "#" * letters + text[letters:]


@pytest.fixture(scope="module")
def alone() -> ValidatedEdition:
    """One practice of the known edition."""
    assert paths.REPOSITORY is not None
    known = load_edition(paths.REPOSITORY / "extracted" / "raccombat-lv")
    return known.model_copy(update={"practices": known.practices[:1]})


def with_practice(edition: ValidatedEdition, **changes: Any) -> ValidatedEdition:
    content = {**edition.practices[0].model_dump(), **changes}
    return edition.model_copy(update={"practices": (Practice.model_validate(content),)})


@pytest.mark.parametrize(("spoilt", "same"), [(39, True), (41, False)])
def test_headings_that_are_six_tenths_alike_are_one_practice_s(
    alone: ValidatedEdition, spoilt: int, same: bool
) -> None:
    heading = LETTERS * 5
    first = with_practice(alone, heading=heading)
    second = with_practice(alone, heading=spoil(heading, spoilt), id="bg-9")
    kinds = [difference.kind for difference in diff_editions(first, second, "text").differences]
    assert ("practice_renumbered" in kinds) == same
    assert ("practice_only_in_first" in kinds) != same


@pytest.mark.parametrize(("spoilt", "moved"), [(9, True), (11, False)])
def test_a_text_that_is_nine_tenths_alike_has_moved(spoilt: int, moved: bool) -> None:
    text = LETTERS * 5
    assert (edition_diff._find_moved(text, {"objective": spoil(text, spoilt)}, "main_idea", {}) is not None) == moved


@pytest.mark.parametrize(("length", "moved"), [(25, True), (24, False)])
def test_a_text_of_fewer_than_25_characters_does_not_move_by_likeness(length: int, moved: bool) -> None:
    text = (LETTERS * 2)[:length]
    assert (edition_diff._find_moved(text, {"objective": text}, "main_idea", {}) is not None) == moved


@pytest.mark.parametrize(("spoilt", "kind"), [(49, "edited"), (51, "rewritten")])
def test_a_text_of_which_less_than_half_is_left_is_rewritten(spoilt: int, kind: str) -> None:
    words = [f"word{number}" for number in range(100)]
    found, _ = edition_diff._name_change(" ".join(words), " ".join([*"#" * spoilt, *words[spoilt:]]))
    assert found == kind


@pytest.mark.parametrize(("unlike", "same"), [(0.5, True), (0.51, False)])
def test_practices_of_two_languages_that_differ_in_more_than_half_are_two(
    alone: ValidatedEdition, unlike: float, same: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(edition_diff, "_unlikeness", lambda one, other: unlike)
    kinds = [
        difference.kind for difference in diff_editions(alone, with_practice(alone, id="bg-9"), "neutral").differences
    ]
    assert ("practice_renumbered" in kinds) == same
