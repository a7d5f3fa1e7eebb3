from __future__ import annotations

import pytest

from pipeline.issues import KINDS
from pipeline.lexicon import LabelEntry, load_lexicon
from pipeline.models.practice import ANALYTICAL_FIELDS, DESCRIPTIVE_FIELDS, FIELDS
from pipeline.models.record import Record
from pipeline.models.row import Row
from pipeline.stages.map.mapping import map_chapter
from tests.stages.map import building
from tests.stages.map.building import Cellful, lexicon, make_chapter, make_row, rows_of

USUAL = {name: labels[0].text for name, labels in lexicon().labels.items()}


def map_rows(*rows: Row) -> Record:
    return map_chapter(make_chapter(rows), "edition", lexicon())


def codes(record: Record) -> list[str]:
    return [issue.code for issue in record.issues if issue.code not in ("missing_row", "missing_table")]


def texts_of(record: Record) -> set[str]:
    return {field.text for field in record.fields.values()} | {row.text for row in record.unmapped}


def test_every_usual_label_is_mapped_without_an_issue() -> None:
    record = map_rows(*rows_of(*((label, f"Teksts {name}.") for name, label in USUAL.items())))
    assert tuple(record.fields) == FIELDS
    assert all(field.match == "exact" and field.score == 1.0 for field in record.fields.values())
    assert record.issues == ()
    assert record.fields["funding"].text == "Teksts funding."


def test_fields_stand_in_the_contracts_order_whatever_the_pages_order() -> None:
    record = map_rows(*rows_of(("Dalība:", "Brīva."), ("Vada/organizē", "Mēs."), ("Norises vietas", "Kauņa")))
    assert list(record.fields) == ["locations", "organised_by", "participation"]
    assert codes(record) == []


def test_a_merged_cell_gives_every_field_its_own_label_and_the_whole_text() -> None:
    record = map_rows(*rows_of(("Sadarbības partneri/atbalstītāji\nĪstenotājas iestādes nosaukums/-i:", "Sofia\nANO")))
    implementers, partners = record.fields["implementers"], record.fields["partners"]
    assert (implementers.label, partners.label) == (
        "Īstenotājas iestādes nosaukums/-i",
        "Sadarbības partneri/atbalstītāji",
    )
    assert implementers.text == partners.text == "Sofia\nANO"
    assert (implementers.shared_with, partners.shared_with) == (("partners",), ("implementers",))


def test_fields_of_a_merged_cell_are_listed_in_the_contracts_order() -> None:
    record = map_rows(*rows_of(("Ietekmes novērtējuma metodes\nKurš to veic?\nCik bieži?", "Aptaujas.")))
    assert record.fields["assessor"].shared_with == ("assessment_frequency", "assessment_methods")


def test_labels_of_a_merged_cell_stand_on_their_own_lines() -> None:
    (row,) = rows_of(("Cik bieži?\nKurš to veic?", "Mēs."))
    record = map_rows(row)
    lines = row.fragments[0].label_lines
    assert record.fields["assessment_frequency"].label_boxes == (lines[0].box,)
    assert record.fields["assessor"].label_boxes == (lines[1].box,)
    assert record.fields["assessor"].value_boxes == row.value.boxes


def test_labels_run_together_have_boxes_around_their_own_words() -> None:
    (row,) = rows_of(("Cik bieži? Kurš to veic?", "Mēs."))
    record = map_rows(row)
    (first,), (second,) = (record.fields[name].label_boxes for name in ("assessment_frequency", "assessor"))
    assert first.x1 < second.x0
    assert second.x1 == row.label.boxes[0].x1


def test_a_label_over_a_page_break_stands_on_both_pages() -> None:
    record = map_rows(
        make_row(Cellful("Kā var izmērīt šīs prakses", "Teksts", 33), Cellful("ietekmi?", "tālāk.", 34), sure=1.0)
    )
    field = record.fields["impact_measurement"]
    assert field.label == "Kā var izmērīt šīs prakses ietekmi?"
    assert [box.page for box in field.label_boxes] == [33, 34]
    assert [box.page for box in field.value_boxes] == [33, 34]


def test_the_chapters_rows_are_those_finally_joined() -> None:
    record = map_rows(
        make_row(Cellful("Kā var izmērīt šīs prakses", "Teksts", 33)), make_row(Cellful("ietekmi?", "tālāk.", 34))
    )
    assert len(record.chapter.rows) == 1
    assert codes(record) == ["row_joined"]


def test_a_slip_is_mapped_with_a_warning() -> None:
    record = map_rows(*rows_of(("Norises veitas", "Kauņa")))
    field = record.fields["locations"]
    assert (field.match, field.label) == ("slip", "Norises veitas")
    assert 0.8 < field.score < 1
    (issue,) = [issue for issue in record.issues if issue.code == "label_slip"]
    assert (issue.severity, issue.field, issue.label, issue.page) == ("warning", "locations", "Norises veitas", 1)
    assert issue.evidence == ("the lexicon has 'Norises vietas'",)


def test_a_recognised_label_is_mapped_in_spite_of_errors_and_reported() -> None:
    record = map_rows(*rows_of(("Ictckmcs novērtējuma mctodcs", "Aptaujas."), confidence=0.7))
    field = record.fields["assessment_methods"]
    assert (field.match, field.confidence) == ("slip", 0.7)
    assert codes(record) == ["recognised_label"]


def test_a_draft_entry_maps_and_says_so() -> None:
    words = lexicon()
    labels = {**words.labels, "funding": (*words.labels["funding"], LabelEntry(text="Nauda", status="draft"))}
    record = map_chapter(
        make_chapter(rows_of(("Nauda", "Nav."))), "edition", words.model_copy(update={"labels": labels})
    )
    assert record.fields["funding"].match == "draft"
    assert codes(record) == ["draft_label"]


def test_a_reworded_label_is_suggested_but_never_mapped() -> None:
    record = map_rows(
        *rows_of(("Pieejamība:", "Visiem."), ("Finansējums", "40 000 EUR"), ("Avoti un atsauces", "www.a.lv"))
    )
    assert "funding" not in record.fields
    unmapped = next(row for row in record.unmapped if row.label == "Finansējums")
    assert (unmapped.suggestion, unmapped.text) == ("funding", "40 000 EUR")
    issue = next(issue for issue in record.issues if issue.code == "unknown_label" and issue.label == "Finansējums")
    assert (issue.severity, issue.practice, issue.field, issue.text) == ("error", "lv-1", "funding", "40 000 EUR")
    assert issue.score == unmapped.score
    assert "schemas/lv/labels.yaml; if it means none" in issue.message


def test_an_unknown_part_of_a_merged_cell_is_kept_beside_the_known_ones() -> None:
    record = map_rows(*rows_of(("Cik bieži?\nKas veic novērtējumu?\nIetekmes novērtējuma metodes", "Mēs, ar aptauju.")))
    assert set(record.fields) == {"assessment_frequency", "assessment_methods"}
    (unmapped,) = record.unmapped
    assert (unmapped.label, unmapped.suggestion) == ("Kas veic novērtējumu?", "assessor")
    assert unmapped.text == "Mēs, ar aptauju."


@pytest.mark.parametrize(
    ("known", "reworded", "field"),
    [
        ("Īstenotājas iestādes nosaukums/-i", "Sadarbības partneri", "partners"),
        ("Īstenotājas iestādes nosaukums/-i", "Projekta partneri un atbalstītāji", "partners"),
        ("Ietekmes novērtējuma metodes", "Galvenie rādītāji", "indicators"),
        ("Kurš to veic?", "Mērķgrupas iesaistīšana novērtēšanā", "target_group_involved"),
    ],
)
def test_a_reworded_label_below_a_known_one_is_told_apart(known: str, reworded: str, field: str) -> None:
    record = map_rows(*rows_of((USUAL["locations"], "Rīga"), (f"{known}\n{reworded}", "Mēs.")))
    assert {value.label for value in record.fields.values()} == {USUAL["locations"], known}
    assert [(row.label, row.suggestion, row.text) for row in record.unmapped] == [(reworded, field, "Mēs.")]


def test_two_reworded_labels_of_one_cell_are_told_apart() -> None:
    record = map_rows(*rows_of((USUAL["locations"], "Rīga"), ("Īstenotāji\nSadarbības partneri", "Mēs.")))
    assert [(row.label, row.suggestion) for row in record.unmapped] == [
        ("Īstenotāji", "implementers"),
        ("Sadarbības partneri", "partners"),
    ]


@pytest.mark.parametrize(
    ("language", "label"),
    [
        ("de", "Sprache dieser Beschreibung:"),
        ("de", "Leitung und Art der Teilnahme"),
        ("de", "Wer kennt den Zeitraum"),
        ("de", "Die Sprache der hier vorliegenden Beschreibung"),
        ("de", "Leitung und verschiedene Arten der Teilnahme"),
        ("nl", "WIE SCHREEF DEZE HEEL ERG KORTE BESCHRIJVING"),
        ("en", "Language of the Description"),
        ("en", "Staff and Locations"),
    ],
)
def test_a_label_that_ends_in_a_known_one_is_not_that_one(language: str, label: str) -> None:
    """A new row in title case, or with a German noun at its end, that the column's width may have wrapped."""
    record = map_chapter(make_chapter(rows_of((label, "Etwas."))), "edition", load_lexicon(language))
    assert record.fields == {}
    assert [row.label for row in record.unmapped] == [label.rstrip(":")]


def map_in(language: str, *pairs: tuple[str, str]) -> Record:
    return map_chapter(make_chapter(rows_of(*pairs)), "edition", load_lexicon(language))


def test_reworded_labels_on_lines_of_their_own_are_told_apart_where_both_fields_are_lacking() -> None:
    """The first fills its line, so that nothing else shows that the second is no part of it."""
    cell = ("Organisations behind the practice Others who help or pay", "We.")
    assert [row.label for row in map_in("en", cell).unmapped] == [
        "Organisations behind the practice",
        "Others who help or pay",
    ]
    assert [row.label for row in map_in("en", ("Partners", "They."), cell).unmapped] == [cell[0]]


def test_a_known_label_on_its_own_lines_is_mapped_behind_an_unknown_one_that_nothing_ends() -> None:
    record = map_in("en", ("Organisations behind the practice Cooperation partners/supporters", "We."))
    assert [row.label for row in record.unmapped] == ["Organisations behind the practice"]
    assert list(record.fields) == ["partners"]


def test_the_halves_of_a_label_that_the_column_wraps_before_a_noun_are_no_labels() -> None:
    label = "Steht etwas zum rechtlichen Schutz vor Rassismus und Diskriminierung darin?"
    record = map_in("de", (label, "Ja."))
    assert [row.label for row in record.unmapped] == [label]


@pytest.mark.parametrize(
    ("language", "label"), [("en", "Who does it?"), ("de", "Wer macht das?"), ("lv", "Kas to dara?")]
)
def test_a_follow_up_question_is_none_among_the_descriptive_rows(language: str, label: str) -> None:
    usual = {name: labels[0].text for name, labels in load_lexicon(language).labels.items()}
    rest = [(usual[name], f"Text {name}.") for name in ("partners", "period", "impact_assessment")]
    early = map_in(language, (label, "We."), *rest)
    assert ([row.label for row in early.unmapped], "assessor" in early.fields) == ([label], False)
    assert map_in(language, *rest, (label, "We.")).fields["assessor"].label == label


@pytest.mark.parametrize(
    ("label", "width"),
    [
        ("Gibt es Infos zum rechtlichen Schutz vor Rassismus und Diskriminierung?", 140.0),
        ("Gibt es Infos zum rechtlichen Beistand und Schutz vor Rassismus?", 140.0),
    ],
)
def test_a_german_question_is_not_cut_before_a_noun_on_its_next_line(
    label: str, width: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nouns have capitals there: an adjective or a verb at a line's end belongs to what follows."""
    monkeypatch.setattr(building, "LABEL_RIGHT", building.LABEL_LEFT + width)
    (row,) = rows_of((label, "Ja."))
    assert [line.text.split()[0] for line in row.fragments[0].label_lines][1] in {"Schutz", "Beistand"}
    record = map_in("de", (label, "Ja."))
    assert [each.label for each in (*record.fields.values(), *record.unmapped)] == [label]


def test_a_reworded_label_of_two_sentences_stays_one_where_its_field_has_such_a_label() -> None:
    label = "Does the initiative hinge on indicators? If so, give a few"
    assert [row.label for row in map_in("en", (label, "Yes.")).unmapped] == [label]


@pytest.mark.parametrize("label", ["Mērķis (pamatojums?) projektam\nun praksei", "Dalība Eiropas\nProjektos"])
def test_a_reworded_label_over_two_lines_stays_one(label: str) -> None:
    record = map_rows(*rows_of((label, "Teksts.")))
    assert record.fields == {}
    assert [row.label for row in record.unmapped] == [" ".join(label.split())]


def test_an_addition_to_a_known_label_does_not_make_two_of_it() -> None:
    record = map_rows(*rows_of(("Kurš to veic? (iestāde vai uzņēmums)", "Mēs.")))
    assert record.fields == {}
    (unmapped,) = record.unmapped
    assert (unmapped.label, unmapped.suggestion) == ("Kurš to veic? (iestāde vai uzņēmums)", "assessor")


def test_a_second_row_for_a_field_is_kept_as_unmapped() -> None:
    record = map_rows(*rows_of(("Dalība:", "Brīva."), ("Dalība", "Obligāta.")))
    assert record.fields["participation"].text == "Brīva."
    (unmapped,) = record.unmapped
    assert (unmapped.label, unmapped.text, unmapped.suggestion) == ("Dalība", "Obligāta.", "participation")
    assert codes(record) == ["duplicate_field"]


def test_of_two_rows_for_a_field_the_better_printed_one_is_taken() -> None:
    record = map_rows(*rows_of(("Dalibba", "Viens."), ("Dalība", "Otrs.")))
    assert record.fields["participation"].text == "Otrs."
    assert [row.text for row in record.unmapped] == ["Viens."]


def test_a_doubled_field_is_not_shared_with_the_cell_that_lost_it() -> None:
    record = map_rows(*rows_of(("Kurš to veic?", "Mēs."), ("Cik bieži?\nKurš to veic?", "Reizi gadā, mēs.")))
    assert record.fields["assessment_frequency"].shared_with == ()
    assert record.fields["assessor"].text == "Mēs."


def test_a_label_inside_a_text_gives_a_field_without_a_row() -> None:
    host = "Kopienu iesaiste ir netieša.\nDalība: pakalpojuma sniegšanas ietvaros."
    (row,) = rows_of((USUAL["host_community"], host))
    record = map_rows(row)
    field = record.fields["participation"]
    assert (field.label, field.text, field.inline, field.match) == (
        "Dalība",
        "pakalpojuma sniegšanas ietvaros.",
        True,
        "inline",
    )
    assert record.fields["host_community"].text == host
    assert field.shared_with == record.fields["host_community"].shared_with == ()
    line = row.fragments[0].value_lines[1]
    assert field.label_boxes[0].x0 == line.words[0].x0
    assert field.value_boxes[0].x0 == line.words[1].x0
    assert codes(record) == ["inline_label"]


@pytest.mark.parametrize("value", ["Dalība pasākumos ir brīvprātīga.", "Dalība: brīvprātīga."])
def test_a_value_that_begins_with_its_own_label_is_no_inline_field(value: str) -> None:
    record = map_rows(*rows_of(("Dalība", value)))
    assert record.fields["participation"].text == value
    assert not record.fields["participation"].inline
    assert record.issues[0].code.startswith("missing")


def test_a_label_inside_two_texts_is_taken_once_and_told() -> None:
    record = map_rows(*rows_of(("Vada/organizē", "Dalība: viens."), ("Cik bieži?", "Dalība: otrs.")))
    assert record.fields["participation"].text == "viens."
    assert codes(record) == ["inline_label", "inline_label_twice"]


def test_links_of_an_inline_field_count_from_its_own_text() -> None:
    text = "Iesaiste ir netieša.\nDalība: skatīt www.sif.gov.lv lapā."
    record = map_rows(*rows_of((USUAL["host_community"], text)))
    field = record.fields["participation"]
    (link,) = field.links
    assert field.text[link.start : link.end] == link.text == "www.sif.gov.lv"


def test_a_row_without_label_at_the_start_is_kept_and_told() -> None:
    record = map_rows(*rows_of(("", "Teksts bez virsraksta."), ("Dalība", "Brīva.")))
    assert [row.text for row in record.unmapped] == ["Teksts bez virsraksta."]
    assert codes(record) == ["empty_label"]


def test_a_missing_row_is_a_note_and_a_missing_table_one_warning() -> None:
    record = map_rows(
        *rows_of(*((USUAL[name], f"Teksts {name}.") for name in DESCRIPTIVE_FIELDS if name != "locations"))
    )
    assert [(issue.code, issue.severity, issue.field) for issue in record.issues] == [
        ("missing_row", "note", "locations"),
        ("missing_table", "warning", None),
    ]


def test_a_missing_row_names_the_unmapped_row_that_may_be_it() -> None:
    names = [name for name in ANALYTICAL_FIELDS if name != "sustainability"]
    pairs = [(USUAL[name], f"Teksts {name}.") for name in names]
    record = map_rows(*rows_of(*pairs[:-1], ("Ilgtspēja", "Laba."), pairs[-1]))
    (issue,) = [issue for issue in record.issues if issue.code == "missing_row"]
    assert issue.field == "sustainability"
    assert "'Ilgtspēja'" in issue.message


def test_drifted_rows_lose_no_text() -> None:
    pairs = [(f"Pavisam jauna rinda {number}", f"Teksts {number}.") for number in range(5)]
    known = [(label, f"Teksts {name}.") for name, label in USUAL.items()]
    record = map_rows(*rows_of(*known[20:], *pairs, *known[:20]))
    assert texts_of(record) == {text for _, text in (*pairs, *known)}
    assert tuple(record.fields) == FIELDS
    assert [row.label for row in record.unmapped] == [label for label, _ in pairs]


def test_the_same_chapter_gives_the_same_record() -> None:
    rows = rows_of(("Cik bieži? Kurš to veic?", "Mēs."), ("Nezināms", "A."), ("Dalibba", "B."))
    assert map_rows(*rows).model_dump_json() == map_rows(*rows).model_dump_json()


def test_a_bullet_of_another_font_is_no_part_of_the_label() -> None:
    (row,) = rows_of(("\uf0b7 Dalība:", "Brīva."))
    assert map_rows(row).fields["participation"].label == "Dalība"


@pytest.mark.parametrize(
    ("label", "rows"),
    [
        # The known label has two sentences as well; that of the second pair has one.
        ("Vai iniciatīvas pamatā ir rādītāji? Ja ir, miniet dažus", 1),
        ("Vai plānots ietekmes novērtējums? Cik reizes?", 2),
    ],
)
def test_a_reworded_label_of_two_sentences_stays_one_where_the_known_one_has_two(label: str, rows: int) -> None:
    record = map_rows(*rows_of((USUAL["locations"], "Rīga"), (label, "Jā.")))
    assert len(record.unmapped) == rows


def test_a_lexicon_without_labels_leaves_every_row_unmapped() -> None:
    bare = load_lexicon("ro").model_copy(update={"labels": {}})
    record = map_chapter(make_chapter(rows_of(("Organizații implicate. Cine plătește?", "Noi."))), "edition", bare)
    assert [row.label for row in record.unmapped] == ["Organizații implicate. Cine plătește?"]


@pytest.mark.parametrize(
    ("place", "reported"),
    [("Viļņa, Lietuva", False), ("Varšava, Polija", True), ("Polija un Lietuva", False), ("Varšava", False)],
)
def test_places_in_another_country_than_the_heading_s_are_reported(place: str, reported: bool) -> None:
    chapter = make_chapter(rows_of((USUAL["locations"], place))).model_copy(update={"countries": ("LT",)})
    record = map_chapter(chapter, "edition", lexicon())
    assert codes(record) == ["location_elsewhere"] * reported
    for issue in record.issues:
        if issue.code == "location_elsewhere":
            assert issue.field == "locations"
            assert "PL" in issue.message
            assert KINDS[issue.code].spoils_good
