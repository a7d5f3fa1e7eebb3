"""Reworded labels: the right field comes first for at least 95 of 100, alone or several at once, moved or not."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import pytest
import yaml

from pipeline.lexicon.label_index import LabelIndex
from pipeline.models.practice import FIELDS
from pipeline.stages.map.mapping import map_chapter
from pipeline.stages.map.suggest import UnknownRow, Wording, suggest_fields
from tests.stages.map.building import lexicon, make_chapter, rows_of

REWORDED: dict[str, list[str]] = yaml.safe_load((Path(__file__).parent / "rewordings.yaml").read_text(encoding="utf-8"))
WANTED = 0.95
OFTEN_LACKING = FIELDS[FIELDS.index("assessment_frequency") : FIELDS.index("indicators") + 1]


def first_suggestions(reworded: dict[str, str], order: Sequence[str]) -> list[bool]:
    """Map a practice with some labels reworded: for each of them, whether the right field was suggested first."""
    usual = {name: labels[0].text for name, labels in lexicon().labels.items()}
    rows = rows_of(*((reworded.get(name, usual[name]), f"Teksts {number}.") for number, name in enumerate(order)))
    record = map_chapter(make_chapter(rows), "edition", lexicon())
    suggested = {row.label: row.suggestion for row in record.unmapped}
    assert set(reworded.values()) == set(suggested), "a reworded label was mapped, or a known one was not"
    return [suggested[label] == name for name, label in reworded.items()]


def share(results: list[bool]) -> float:
    return sum(results) / len(results)


def draw(rng: random.Random, names: Sequence[str], count: int) -> dict[str, str]:
    return {name: rng.choice(REWORDED[name]) for name in sorted(rng.sample(list(names), count))}


def move_rows(rng: random.Random, names: Sequence[str], count: int) -> list[str]:
    order = list(names)
    for _ in range(count):
        order.insert(rng.randrange(len(order)), order.pop(rng.randrange(len(order))))
    return order


def test_the_rewordings_cover_every_field_and_none_is_in_the_lexicon() -> None:
    index = LabelIndex(lexicon().labels)
    labels = [label for labels in REWORDED.values() for label in labels]
    assert set(REWORDED) == set(FIELDS)
    assert len(labels) >= 40
    assert [label for label in labels if index.find(label) is not None] == []


def test_one_reworded_label_in_a_whole_practice() -> None:
    results = [first_suggestions({name: label}, FIELDS)[0] for name, labels in REWORDED.items() for label in labels]
    assert share(results) >= WANTED


def test_one_reworded_label_where_other_rows_are_lacking() -> None:
    rng = random.Random(3)
    results = []
    for name, labels in REWORDED.items():
        for label in labels:
            present = [
                other for other in FIELDS if other == name or (other not in OFTEN_LACKING and rng.random() > 0.1)
            ]
            if name not in OFTEN_LACKING:
                results += first_suggestions({name: label}, present)
    assert share(results) >= WANTED


@pytest.mark.parametrize("names", [FIELDS, tuple(name for name in FIELDS if name not in OFTEN_LACKING)])
def test_five_reworded_labels_at_once(names: tuple[str, ...]) -> None:
    rng = random.Random(5)
    results = [right for _ in range(30) for right in first_suggestions(draw(rng, names, 5), names)]
    assert share(results) >= WANTED


@pytest.mark.parametrize("variant", [0, 1, 2])
def test_every_label_reworded(variant: int) -> None:
    assert share(first_suggestions({name: labels[variant] for name, labels in REWORDED.items()}, FIELDS)) >= WANTED


def test_reworded_labels_among_moved_rows() -> None:
    """All but "Who does it?", which is no assessor's before all rows of its table."""
    rng = random.Random(7)
    names = [name for name in FIELDS if name != "assessor"]
    results = [right for _ in range(30) for right in first_suggestions(draw(rng, names, 5), move_rows(rng, names, 4))]
    assert share(results) >= WANTED


def test_a_new_row_in_a_whole_practice_gets_no_suggestion() -> None:
    wording = Wording(LabelIndex(lexicon().labels))
    mapped = [(number if number < 9 else number + 1, name) for number, name in enumerate(FIELDS)]
    assert suggest_fields([UnknownRow("Kontaktpersonas tālrunis", 9)], mapped, wording) == (None,)


def test_the_score_tells_a_likely_field_from_a_possible_one() -> None:
    wording = Wording(LabelIndex(lexicon().labels))
    mapped = [(number, name) for number, name in enumerate(FIELDS) if name != "funding"]
    place = FIELDS.index("funding")
    near, far = (
        suggest_fields([UnknownRow(label, place)], mapped, wording)[0] for label in ("Budžets un avots", "Kas maksā?")
    )
    assert near is not None
    assert far is not None
    assert near.field == far.field == "funding"
    assert near.score > far.score + 0.2


def test_the_evidence_names_wording_place_and_what_is_lacking() -> None:
    wording = Wording(LabelIndex(lexicon().labels))
    mapped = [(number, name) for number, name in enumerate(FIELDS) if name != "funding"]
    suggestion = suggest_fields([UnknownRow("Finansējums", FIELDS.index("funding"))], mapped, wording)[0]
    assert suggestion is not None
    assert suggestion.evidence[0].endswith("like 'Budžets, finansējuma avots'")
    assert suggestion.evidence[1:] == (
        "comes after accessibility and before sources",
        "the practice has no row for funding yet",
    )


def test_no_field_is_suggested_twice() -> None:
    wording = Wording(LabelIndex(lexicon().labels))
    suggested = suggest_fields([UnknownRow("Budžets", 0), UnknownRow("Finansējuma avots", 1)], [], wording)
    fields = [suggestion.field for suggestion in suggested if suggestion is not None]
    assert len(fields) == len(set(fields))


def test_a_field_without_any_label_in_the_lexicon_is_found_by_its_place() -> None:
    labels = {name: entries for name, entries in lexicon().labels.items() if name != "assessor"}
    present = [name for name in FIELDS if name not in {"assessor", "locations"}]
    place = present.index("assessment_frequency") + 1
    mapped = [(number if number < place else number + 1, name) for number, name in enumerate(present)]
    suggestion = suggest_fields([UnknownRow("Vietas izvērtētājs", place)], mapped, Wording(LabelIndex(labels)))[0]
    assert suggestion is not None
    assert suggestion.field == "assessor"


@pytest.mark.parametrize(
    ("lacking", "label", "after"),
    [
        (("partners",), "Pieredzes stāsts", "indicators"),
        (("partners", "sources"), "Pieredzes stāsts", "indicators"),
        (("assessor",), "Kas ir atbildīgs par praksi?", "description"),
    ],
)
def test_a_field_of_the_other_table_is_not_suggested_because_it_is_left_over(
    lacking: tuple[str, ...], label: str, after: str
) -> None:
    usual = {name: labels[0].text for name, labels in lexicon().labels.items()}
    rows = [(usual[name], f"Teksts {name}.") for name in FIELDS if name not in lacking]
    rows.insert(rows.index((usual[after], f"Teksts {after}.")) + 1, (label, "Tā stāsta kāds dalībnieks."))
    (row,) = map_chapter(make_chapter(rows_of(*rows)), "edition", lexicon()).unmapped
    assert (row.label, row.suggestion) == (label, None)
