"""Rows that the lexicon names as known but of no field, and what speaks against suggesting a field."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.lexicon import Lexicon
from pipeline.lexicon.labels import ExtraLabels, LabelEntry, Labels
from pipeline.models.practice import FIELDS
from pipeline.models.record import Record
from pipeline.paths import use_schemas
from pipeline.stages.map.mapping import map_chapter
from pipeline.stages.map.suggest import find_refuted
from pipeline.stages.map.value_signs import find_unfit_fields
from pipeline.stages.normalise.record import normalise_record
from tests.stages.map import building
from tests.stages.map.building import make_chapter, rows_of

CONTACT = "Kontaktpersona"


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    entry = ExtraLabels(meaning="Who answers questions", labels=(LabelEntry(text=CONTACT, status="verified"),))
    return building.lexicon().model_copy(update={"extra": {"contact_person": entry}, "digest": "with an extra row"})


ALL_FIELDS = [(labels[0].text, "Teksts.") for labels in building.lexicon().labels.values()]


def map_rows(lexicon: Lexicon, *rows: tuple[str, str]) -> Record:
    return map_chapter(make_chapter(rows_of(*rows)), "edition", lexicon)


def test_row_of_no_field_is_kept_under_its_name_without_an_issue(lexicon: Lexicon) -> None:
    record = map_rows(lexicon, ("Norises vietas", "Rīga"), (f"{CONTACT}:", "Anna, tālr. 123"))
    assert record.extra["contact_person"].text == "Anna, tālr. 123"
    assert record.extra["contact_person"].label == CONTACT
    assert record.unmapped == ()
    assert {issue.code for issue in record.issues} <= {"missing_row", "missing_table"}


def test_a_row_taken_by_a_drafted_entry_is_noted(lexicon: Lexicon) -> None:
    entry = ExtraLabels(meaning="not described yet", labels=(LabelEntry(text=CONTACT, status="draft"),))
    drafted = lexicon.model_copy(update={"extra": {"row_kontaktpersona": entry}, "digest": "with a drafted row"})
    record = map_rows(drafted, *ALL_FIELDS, (CONTACT, "Anna"), (CONTACT, "Jānis"))
    issues = [issue for issue in record.issues if issue.code == "draft_extra"]
    assert [(issue.severity, issue.label, issue.text) for issue in issues] == [
        ("note", CONTACT, "Anna"),
        ("note", CONTACT, "Jānis"),
    ]
    assert all("'row_kontaktpersona'" in issue.message for issue in issues), "the entry's name, not the second row's"
    assert "schemas/lv/labels.yaml" in issues[0].message
    assert not any(issue.code == "draft_extra" for issue in map_rows(lexicon, (CONTACT, "Anna")).issues)


@pytest.mark.parametrize("label", ["Kontaktpersonas", "Kontaktpersona un tālrunis", "Kontaktpersna"])
def test_only_an_exact_label_is_of_no_field(lexicon: Lexicon, label: str) -> None:
    record = map_rows(lexicon, (label, "Anna"))
    assert record.extra == {}
    assert [row.label for row in record.unmapped] == [label]


def test_second_row_of_one_name_is_kept_under_a_numbered_one(lexicon: Lexicon) -> None:
    record = map_rows(lexicon, (CONTACT, "Anna"), (CONTACT, "Jānis"))
    assert {name: row.text for name, row in record.extra.items()} == {
        "contact_person": "Anna",
        "contact_person_2": "Jānis",
    }
    assert record.unmapped == ()


def test_availability_is_told_of_rows_of_no_field_too(lexicon: Lexicon) -> None:
    from pipeline.lexicon.corrections import load_corrections

    record = map_rows(lexicon, (CONTACT, "n/a"))
    normalised = normalise_record(record, lexicon, load_corrections("edition"))
    assert normalised.available == {"contact_person": False}


def test_a_drafted_row_of_no_field_says_that_nobody_has_described_it(lexicon: Lexicon) -> None:
    entry = ExtraLabels(meaning="not described yet", labels=(LabelEntry(text=CONTACT, status="draft"),))
    drafted = lexicon.model_copy(update={"extra": {"row_contact": entry}, "digest": "with a drafted row"})
    record = map_rows(drafted, (CONTACT, "Anna, tālr. 123"))
    assert record.extra["row_contact"].label == CONTACT
    (issue,) = [issue for issue in record.issues if issue.code == "draft_extra"]
    assert (issue.label, issue.severity) == (CONTACT, "note")


def test_an_unknown_labels_advice_names_the_folder_of_words_in_use(lexicon: Lexicon, tmp_path: Path) -> None:
    """By its own name alone: reports are alike on every machine."""
    with use_schemas(tmp_path / "words"):
        record = map_rows(lexicon, ("Vēl nezināms", "Teksts."))
    (issue,) = [issue for issue in record.issues if issue.code == "unknown_label"]
    assert " words/lv/labels.yaml" in issue.message
    assert tmp_path.as_posix() not in issue.message


def test_name_of_a_field_is_no_name_of_an_extra_row() -> None:
    with pytest.raises(ValueError, match="are fields"):
        Labels.model_validate({"extra": {"period": {"meaning": "x", "labels": [{"text": "A", "status": "draft"}]}}})


def test_label_of_a_field_is_none_of_an_extra_row() -> None:
    entry = {"text": "Mērķis", "status": "draft"}
    with pytest.raises(ValueError, match="keep one"):
        Labels.model_validate({"objective": [entry], "extra": {"aim": {"meaning": "x", "labels": [entry]}}})


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("2018", {"period", "funding", "indicators"}),
        ("https://example.org/a info@example.org", {"sources"}),
        ("Rīga 2018", set(FIELDS)),
        ("", {"period", "funding", "indicators"}),
    ],
)
def test_fields_that_a_value_fits(text: str, fits: set[str]) -> None:
    assert set(FIELDS) - find_unfit_fields(text) == fits


def test_field_that_another_practice_has_beside_the_label_is_refuted(lexicon: Lexicon) -> None:
    """It stands where a row is lacking, so that one practice alone speaks for the field."""
    new, place = ("Foto autors", "J. K."), FIELDS.index("sustainability")
    lacking = map_rows(lexicon, *ALL_FIELDS[:place], new, *ALL_FIELDS[place + 1 :])
    (row,) = lacking.unmapped
    assert row.suggestion == "sustainability"
    full = map_rows(lexicon, *ALL_FIELDS, new)
    assert find_refuted([lacking]) == set()
    assert find_refuted([lacking, full]) == {("foto autors", "sustainability")}


def test_field_that_has_a_row_is_not_suggested(lexicon: Lexicon) -> None:
    record = map_rows(lexicon, *ALL_FIELDS, ("Mērķi", "Teksts."))
    assert [row.suggestion for row in record.unmapped] == [None]
