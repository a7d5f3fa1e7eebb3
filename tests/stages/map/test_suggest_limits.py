"""The numbers of the suggestions' rules, each by a case on either side of it."""

from __future__ import annotations

import pytest

from pipeline.lexicon.label_index import LabelIndex
from pipeline.models.practice import FIELDS
from pipeline.stages.map import suggest
from pipeline.stages.map.suggest import Suggestion, UnknownRow, Wording, suggest_fields
from tests.stages.map.building import lexicon

WORDING = Wording(LabelIndex(lexicon().labels))
USUAL = {name: labels[0].text for name, labels in lexicon().labels.items()}


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        # A common beginning of four letters makes forms of one word, one of three does not.
        ("abcdx", "abcdy", 0.3 + 0.7 * 4 / 5),
        ("abcx", "abcy", 0.0),
        # It has to be six tenths of the shorter word.
        ("abcdefxxxx", "abcdefyyyy", 0.3 + 0.7 * 6 / 10),
        ("abcdexxxxx", "abcdeyyyyy", 0.0),
        # A word of five letters within a compound; of four it is chance.
        ("abcde", "xyzabcde", 0.7),
        ("abcd", "xyzabcd", 0.0),
    ],
)
def test_which_words_are_forms_of_one_word(one: str, other: str, alike: float) -> None:
    assert suggest._likeness(one, other) == pytest.approx(alike)


def scores(place: int, mapped: list[tuple[int, str]], **said: float) -> Suggestion:
    """Suggest a field for a label of unknown words whose value speaks for fields."""
    (found,) = suggest_fields([UnknownRow("Qqq www", place, said)], mapped, WORDING)
    assert found is not None
    return found


def test_a_follow_up_question_counts_0_85_where_no_question_stands_before_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """All rows are known but one; it stands where the follow-up question does, with and without the question."""
    monkeypatch.setattr(suggest, "MIN_SCORE", 0.0)
    name = "assessor"
    rows = [field for field in FIELDS if field != name]
    place = FIELDS.index(name)
    mapped = [(number + (number >= place), field) for number, field in enumerate(rows)]
    after = scores(place, mapped)
    without = scores(place, [row for row in mapped if row[1] != "impact_assessment"], **{name: 0.0})
    assert after.field == without.field == name
    assert 0.73 < without.score / after.score < 0.78  # less its own place, which the question also gave


@pytest.mark.parametrize("likeness", [0.14, 0.16])
def test_a_likeness_below_0_15_is_noise(likeness: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Wording, "_similarity", lambda self, printed, known: likeness)
    compared = WORDING.compare(f"Qqq {likeness}")  # a label of its own, as each is compared once
    assert {score for score, _ in compared.values()} == {likeness if likeness > 0.15 else 0.0}


@pytest.mark.parametrize(("score", "given"), [(0.31, True), (0.29, False)])
def test_a_suggestion_scores_three_tenths_at_least(score: float, given: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suggest, "_score", lambda *rest: score)
    (found,) = suggest_fields([UnknownRow("Qqq", 0)], [], WORDING)
    assert (found is not None) == given
