"""Rows whose labels are in free words: what they are mapped to, and what is reported."""

from __future__ import annotations

from pipeline.lexicon import load_lexicon
from pipeline.models.record import Record
from pipeline.stages.map.mapping import map_chapter
from tests.stages.map.building import make_chapter, rows_of


def map_rows(*rows: tuple[str, str], language: str = "lv") -> Record:
    return map_chapter(make_chapter(rows_of(*rows)), "edition", load_lexicon(language))


def codes(record: Record) -> list[str]:
    return [issue.code for issue in record.issues if issue.code not in ("missing_row", "missing_table")]


def test_a_label_in_free_words_is_mapped_with_a_note() -> None:
    record = map_rows(("Projekta mērķi un iemesli", "Mazināt aizspriedumus."))
    assert record.fields["objective"].label == "Projekta mērķi un iemesli"
    assert record.fields["objective"].match == "draft"
    assert codes(record) == ["worded_label"]
    assert record.issues[0].field == "objective"


def test_sentences_of_one_cell_name_a_field_each() -> None:
    record = map_rows(("Kas no malas izvērtē ietekmi? Cik bieži?", "Augstskola reizi gadā."))
    assert set(record.fields) == {"assessment_frequency"}
    record = map_rows(("Kas izvērtē ietekmi? Cik bieži to vērtē?", "Augstskola reizi gadā."))
    assert {name: field.label for name, field in record.fields.items()} == {
        "assessment_frequency": "Cik bieži to vērtē?",
        "assessor": "Kas izvērtē ietekmi?",
    }


def test_a_field_that_has_a_row_is_not_named_by_words_again() -> None:
    record = map_rows(("Projekta nodomi un mērķi", "Otrs."), ("Mērķis (pamatojums?)", "Pirmais."))
    assert record.fields["objective"].text == "Pirmais."
    assert [row.label for row in record.unmapped] == ["Projekta nodomi un mērķi"]
    assert [row.suggestion for row in record.unmapped] != ["objective"]


def test_two_labels_in_free_words_for_one_field_name_it_neither() -> None:
    record = map_rows(("Projekta nodomi un mērķi", "Pirmais."), ("Iniciatīvas uzdevumi un nolūki", "Otrs."))
    assert "objective" not in record.fields
    assert len(record.unmapped) == 2


def test_words_name_no_field_that_the_value_does_not_fit() -> None:
    assert "objective" not in map_rows(("Projekta nodomi un mērķi", "25")).fields


def test_rows_are_not_joined_because_their_labels_together_read_as_one() -> None:
    record = map_rows(("Saziņa", "Ar vēstulēm."), ("Kā par to uzzina ļaudis un sabiedrība?", "No draugiem."))
    assert len(record.chapter.rows) == 2
    assert record.fields["outreach"].text == "No draugiem."
    assert [row.label for row in record.unmapped] == ["Saziņa"]


def test_a_general_word_names_a_field_whose_kind_the_value_is_of() -> None:
    assert map_rows(("Līmenis", "Reģionāls")).fields["implementation_level"].label == "Līmenis"
    assert "implementation_level" not in map_rows(("Līmenis", "A2")).fields
    record = map_rows(("Līmenis", "Vietējs"), ("Īstenošanas līmenis", "Reģionāls"))
    assert record.fields["implementation_level"].text == "Reģionāls"
    assert [row.label for row in record.unmapped] == ["Līmenis"]


def test_a_general_label_names_the_field_between_those_before_and_behind() -> None:
    before, behind = ("Hoe vaak?", "Elk jaar."), ("Is de doelgroep bij de evaluatie betrokken?", "Nee")
    general = ("Door wie wordt die gedaan?", "De universiteit.")
    assert map_rows(before, general, behind, language="nl").fields["assessor"].text == "De universiteit."
    assert "assessor" not in map_rows(general, before, behind, language="nl").fields
    assert "assessor" not in map_rows(before, behind, general, language="nl").fields


def test_free_words_beside_a_known_label_of_one_cell_are_a_label() -> None:
    record = map_rows(("Projekta nodomi un mērķi Cik bieži?", "Mazināt aizspriedumus."))
    assert record.fields["objective"].label == "Projekta nodomi un mērķi"
    assert record.fields["assessment_frequency"].label == "Cik bieži?"


def test_two_questions_in_free_words_are_two_fields() -> None:
    form = (("Level at which it is implemented", "Local"), ("Main idea, initial situation (why?)", "Nobody had asked."))
    record = map_rows(("Is the impact to be assessed? How frequently?", "Yes, every spring."), *form, language="en")
    assert record.fields["impact_assessment"].shared_with == ("assessment_frequency",)
    record = map_rows(("Is it based on indicators? If yes, name a few?", "Yes: hours."), *form, language="en")
    assert record.fields["indicators"].label == "Is it based on indicators? If yes, name a few?"
