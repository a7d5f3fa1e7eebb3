"""Rows laid over rows: in order, moved, missing, merged; in a language made up letter by letter."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest

from pipeline import paths
from pipeline.authoring.learn.alignment import NewRow, align_editions
from pipeline.authoring.learn.known import KnownRow, list_known_rows
from pipeline.authoring.learn.labels import Vote, learn_labels
from pipeline.models.practice import Practice
from pipeline.stages.emit.edition import load_edition

SHIFT = 5


def encode(text: str) -> str:
    """Put a text into a made-up language: Georgian letters for all letters, longer or shorter words; numbers stay."""
    words = []
    for number, word in enumerate(text.split(" ")):
        letters = "".join(chr(0x10D0 + (ord(sign) * SHIFT) % 33) if sign.isalpha() else sign for sign in word)
        words.append(letters + ("\u10d0\u10d1" if number % 3 == 0 and word.isalpha() else ""))
    return " ".join(words)


@pytest.fixture(scope="module")
def practices() -> tuple[Practice, ...]:
    assert paths.REPOSITORY is not None
    return load_edition(paths.REPOSITORY / "extracted" / "raccombat-lv").practices


def translate(rows: Sequence[KnownRow]) -> list[NewRow]:
    return [NewRow(encode(row.label), encode(row.text), row.urls) for row in rows]


def pairs_of(
    practices: Sequence[Practice], new: Sequence[Sequence[NewRow]]
) -> list[dict[tuple[int, ...], tuple[int, ...]]]:
    known = [(practice.countries, list_known_rows(practice)) for practice in practices]
    chapters = [(practice.countries, rows) for practice, rows in zip(practices, new, strict=True)]
    return [{pair.new: pair.known for pair in chapter.pairs} for chapter in align_editions(chapters, known)]


def test_rows_that_share_a_cell_are_one_row(practices: tuple[Practice, ...]) -> None:
    rows = list_known_rows(next(practice for practice in practices if practice.id == "lt-1"))
    assert ("assessment_methods", "indicators") in {row.fields for row in rows}
    listed = [name for row in rows for name in row.fields]
    assert len(listed) == len(set(listed))


def test_a_whole_edition_is_laid_row_by_row_and_rows_merged_into_one_as_one(practices: tuple[Practice, ...]) -> None:
    new = []
    for practice in practices:
        rows = translate(list_known_rows(practice))
        if practice.id == "gr-1":
            first, second = rows[3], rows[4]
            merged = NewRow(f"{first.label} {second.label}", f"{first.text}\n{second.text}", first.urls + second.urls)
            rows[3:5] = [merged]
        new.append(rows)
    found = pairs_of(practices, new)
    assert [len(pairs) for pairs in found] == [len(rows) for rows in new]
    (laid,) = (pairs for practice, pairs in zip(practices, found, strict=True) if practice.id == "gr-1")
    assert laid[(3,)] == (3, 4)
    assert all(ours == (theirs[0] - (theirs[0] > 4),) for ours, theirs in laid.items())
    others = [pairs for pairs in found if pairs is not laid]
    assert all(ours == theirs for pairs in others for ours, theirs in pairs.items())


def test_missing_rows_and_moved_ones(practices: tuple[Practice, ...]) -> None:
    rng = random.Random(11)
    right = total = 0
    orders, new = [], []
    for practice in practices:
        rows = list_known_rows(practice)
        order = sorted(rng.sample(range(len(rows)), len(rows) - 3))
        order.insert(rng.randrange(len(order)), order.pop(rng.randrange(len(order))))
        orders.append(order)
        new.append([translate(rows)[number] for number in order])
    for pairs, order in zip(pairs_of(practices, new), orders, strict=True):
        total += len(order)
        right += sum(pairs.get((place,)) == (number,) for place, number in enumerate(order))
    assert right / total >= 0.95


def test_one_of_two_practices_of_a_country_is_recognised_by_its_rows(practices: tuple[Practice, ...]) -> None:
    known = [(practice.countries, list_known_rows(practice)) for practice in practices]
    number = [practice.id for practice in practices].index("be-2")
    (pair,) = align_editions([(("BE",), translate(known[number][1]))], known)
    assert pair.known == number


def test_a_row_of_no_field_is_one_to_align_with() -> None:
    """The known edition has it among its extra rows, in the order of the page."""
    assert paths.REPOSITORY is not None
    practice = load_edition(paths.REPOSITORY / "extracted" / "raccombat-lv").practices[0]
    sources = practice.fields.sources
    assert sources is not None
    box = sources.label_boxes[0]
    below = box.model_copy(update={"top": box.top + 1, "bottom": box.bottom + 1})
    extra = sources.model_copy(update={"label": "Form completed by", "text": "Anna", "label_boxes": (below,)})
    rows = list_known_rows(practice.model_copy(update={"extra": {"form_completed_by": extra}}))
    at = next(number for number, row in enumerate(rows) if row.fields == ("sources",))
    assert (rows[at + 1].fields, rows[at + 1].label, rows[at + 1].text) == ((), "Form completed by", "Anna")


ADDRESS, DATE, MONEY = "https://www.example.org/en/3", "14 May 2019", "45,000 EUR: 75 % of the fund."


@pytest.mark.parametrize(
    ("known", "new"),
    [
        (ADDRESS, "https://www.example.org/fr/3"),
        (DATE, "printemps 2018"),
        (MONEY, "43 000 €, les trois quarts du fonds"),
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_a_new_row_is_not_taken_for_its_neighbour_of_another_kind(known: str, new: str, first: bool) -> None:
    around = [KnownRow(fields=(name,), labels=(name,), text=f"About {name}.", urls=()) for name in ("one", "two")]
    rows = [around[0], KnownRow(fields=("sources",), labels=("Sources used",), text=known, urls=()), around[1]]
    beside = NewRow("Formulaire de", "Anne Dupont, assistante", ())
    right = NewRow("Sources citées", new, ())
    ours = [NewRow("un", "Sur un.", ()), *([beside, right] if first else [right, beside]), NewRow("deux", "Deux.", ())]
    (chapter,) = align_editions([(("LV",), ours)], [(("LV",), rows)])
    assert (2 if first else 1,) in {pair.new for pair in chapter.pairs if pair.known == (1,)}


def vote(text: str, *fields: str, practice: str = "bg-1") -> Vote:
    known = {"assessor": "Who does it?", "assessment_frequency": "How often?", "participation": "Participation"}
    return Vote(text, frozenset({0}), fields, tuple(known[field] for field in fields), 0.95, practice)


def test_a_merged_label_is_divided_by_what_its_parts_are_elsewhere() -> None:
    learned = learn_labels(
        [vote("Wie oft?", "assessment_frequency"), vote("Wie oft? Wer tut es?", "assessment_frequency", "assessor")],
        {},
    )
    assert {(label.field, label.text) for label in learned.labels} == {
        ("assessment_frequency", "Wie oft?"),
        ("assessor", "Wer tut es?"),
    }


def test_a_label_found_in_two_places_is_not_decided() -> None:
    learned = learn_labels([vote("Wie?", "assessment_frequency"), vote("Wie?", "assessor", practice="gr-1")], {})
    assert learned.labels == ()
    assert "assessment_frequency (bg-1)" in learned.undecided[0]


def test_a_label_that_can_not_be_divided_is_reported() -> None:
    learned = learn_labels([vote("wie oft", "assessment_frequency", "assessor")], {})
    assert learned.labels == ()
    assert "could not be divided" in learned.undecided[0]
