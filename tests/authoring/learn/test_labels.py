"""Which label names which field: merged cells are divided by other practices' cells, contradictions left undecided."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from pipeline.authoring.learn.alignment import NewRow, Pair
from pipeline.authoring.learn.known import KnownRow
from pipeline.authoring.learn.labels import LabelsLearned, Vote, learn_labels
from pipeline.authoring.learn.learning import Match, _collect_votes
from pipeline.lexicon.label_index import fold_label


def vote(text: str, *fields: str, practice: str = "aa-1", weight: float = 0.95) -> Vote:
    return Vote(text, {0}, fields, tuple("x" * 12 for _ in fields), weight, practice)


def learn(*votes: Vote, printed: dict[str, tuple[str, ...]] | None = None) -> LabelsLearned:
    return learn_labels(
        votes, {name: [fold_label(label) for label in labels] for name, labels in (printed or {}).items()}
    )


def fields_of(learned: LabelsLearned) -> dict[str, str]:
    return {label.text: label.field for label in learned.labels}


MERGED = vote("Aaaa Bbbb cccc Dddd", "assessment_frequency", "assessor")


def test_a_merged_cell_is_divided_where_another_practices_merged_cell_shows_its_neighbour() -> None:
    """The cells have a label in common, and one field: the label is that field's."""
    first = vote("Dddd Eeee ffff Gggg", "assessor", "assessment_methods", practice="bb-1")
    assert fields_of(learn(MERGED, first)) == {
        "Aaaa Bbbb cccc": "assessment_frequency",
        "Dddd": "assessor",
        "Eeee ffff Gggg": "assessment_methods",
    }
    second = vote("Bbbb cccc Dddd Eeee", "assessor", "assessment_methods", practice="bb-1")
    assert fields_of(learn(MERGED, second)) == {
        "Aaaa": "assessment_frequency",
        "Bbbb cccc Dddd": "assessor",
        "Eeee": "assessment_methods",
    }


def test_what_speaks_for_and_against_a_label_is_said() -> None:
    learned = learn(
        *(vote("Aims", "objective", practice=f"aa-{number}") for number in (1, 2)),
        vote("Aims", "sources", practice="bb-1"),
    )
    (label,) = learned.labels
    assert label.field == "objective"
    assert label.evidence == "in its place in aa-1, aa-2; against: in that of sources in bb-1"


def test_a_label_next_to_a_surer_one_of_its_field_is_undecided() -> None:
    """A new row stands where `sources` stood, in a practice whose sources could not be laid over anything."""
    sure = [vote("Sources", "sources", practice=f"aa-{number}") for number in (1, 2)]
    new = vote("Keywords", "sources", practice="bb-1")
    both = learn(*sure, new, printed={"aa-1": ("Sources",), "bb-1": ("Keywords", "Sources")})
    assert fields_of(both) == {"Sources": "sources"}
    (undecided,) = both.undecided
    assert undecided.startswith("the label 'Keywords' was found in the place of sources, but the row 'Sources' names")
    # In a practice of its own it may be another wording.
    other = learn(*sure, new, printed={"aa-1": ("Sources",), "bb-1": ("Keywords",)})
    assert fields_of(other) == {"Sources": "sources", "Keywords": "sources"}


def test_a_label_of_one_practice_needs_more_than_its_place() -> None:
    lone = vote("Keywords", "sources", weight=0.9)
    assert fields_of(learn(lone)) == {}
    assert "nothing but the place speaks for it" in learn(lone).undecided[0]
    assert fields_of(learn(lone, vote("Keywords", "sources", practice="bb-1", weight=0.9))) == {"Keywords": "sources"}


def match(rows: list[NewRow], known: list[KnownRow], *pairs: Pair) -> Match:
    return Match(cast("Any", None), cast("Any", SimpleNamespace(id="aa-1")), rows, known, pairs)


def test_a_row_of_one_table_is_no_field_of_the_other() -> None:
    rows = [NewRow("Keywords", "one", (), "Keywords", table=4), NewRow("Partners", "two", (), "Partners", table=5)]
    known = [KnownRow(fields=(name,), labels=(name,), text="", urls=()) for name in ("participation", "sustainability")]
    votes, dropped = _collect_votes(match(rows, known, Pair((0,), (0,), 3.0), Pair((1,), (1,), 3.0)))
    assert [vote.fields for vote in votes] == [("sustainability",)]
    (told,) = dropped
    assert told == (
        "Keywords",
        "aa-1, page 0: the row 'Keywords' is where participation should be, and is in the other table",
    )


@pytest.mark.parametrize(
    ("text", "field", "taken"), [("2018", "locations", False), ("2018", "period", True), ("–", "locations", True)]
)
def test_a_figure_in_a_fields_place_is_no_vote_for_it(text: str, field: str, taken: bool) -> None:
    known = [KnownRow(fields=(field,), labels=(field,), text="", urls=())]
    votes, dropped = _collect_votes(match([NewRow("Year", text, (), "Year")], known, Pair((0,), (0,), 3.0)))
    assert [vote.fields for vote in votes] == ([(field,)] if taken else [])
    assert [label for label, _ in dropped] == ([] if taken else ["Year"])


def collect(rows: list[NewRow], fields: list[str], *pairs: Pair, text: str = "") -> tuple[list[Any], list[str]]:
    """Collect the votes of one practice, and why the other rows are dropped."""
    known = [KnownRow(fields=(name,), labels=(name,), text=text, urls=()) for name in fields]
    votes, dropped = _collect_votes(match(rows, known, *pairs))
    return votes, [why for _, why in dropped]


@pytest.mark.parametrize(
    ("beside", "text", "sure"), [("", "Local", False), ("2018", "Local", False), ("", "Ghent", True)]
)
def test_one_practice_does_not_decide_between_two_rows(beside: str, text: str, sure: bool) -> None:
    """The row beside is aligned with nothing, or with a field that it can't be; a name in common decides."""
    rows = [
        NewRow("Country of the body", text, (), "Country of the body"),
        NewRow("Reach", beside or "Region", (), "Reach"),
    ]
    pairs = [Pair((0,), (0,), 3.0)] + ([Pair((1,), (1,), 3.0)] if beside else [])
    votes, _ = collect(rows, ["implementation_level", "implementers"], *pairs, text="Ghent")
    assert fields_of(learn_labels(votes, {})) == ({"Country of the body": "implementation_level"} if sure else {})


@pytest.mark.parametrize(("pairs", "taken"), [(1, False), (2, True)])
def test_a_cell_that_may_hold_the_label_of_a_missing_row_is_no_vote(pairs: int, taken: bool) -> None:
    label = "Name of the body\nPartners"
    rows = [NewRow("Name of the body Partners", "One", (), label), NewRow("Idea", "Two", (), "Idea")]
    aligned = [Pair((0,), (0,), 3.0), Pair((1,), (1,), 3.0)][:pairs]
    votes, dropped = collect(rows, ["implementers", "partners"], *aligned)
    assert (label in [vote.text for vote in votes]) == taken
    assert [why.rpartition(", and ")[2] for why in dropped] == ([] if taken else ["may hold the label of partners too"])
