from __future__ import annotations

import pytest

from pipeline.lexicon import LabelEntry
from pipeline.lexicon.label_index import LabelIndex
from pipeline.stages.map.labelling import clean_label, read_label
from tests.stages.map.building import lexicon

ASSESSMENT = (
    "impact_assessment",
    "assessment_frequency",
    "assessor",
    "target_group_involved",
    "involvement_method",
    "assessment_methods",
    "indicators",
)
PRINTED = (
    "Vai paredzēts ietekmes novērtējums?",
    "Cik bieži?",
    "Kurš to veic?",
    "Vai mērķa grupa ir iesaistīta novērtēšanas/ietekmes novērtējuma veikšanā?",
    "Ja jā, tad kādā veidā?",
    "Ietekmes novērtējuma metodes",
    "Vai iniciatīva balstās uz rādītājiem? Ja jā, miniet dažus rādītājus",
)


@pytest.fixture(scope="module")
def index() -> LabelIndex:
    return LabelIndex(lexicon().labels)


@pytest.mark.parametrize(
    ("printed", "label"),
    [
        (
            "- Kuri uzņēmējvalsts kopienas\npārstāvji ir iesaistīti?",
            "Kuri uzņēmējvalsts kopienas pārstāvji ir iesaistīti?",
        ),
        ("Dalība:", "Dalība"),
        ("• Dalība :", "Dalība"),
        ("1. Dalība", "1. Dalība"),
        ("(kāpēc?) Ideja.", "(kāpēc?) Ideja."),
    ],
)
def test_marker_and_trailing_colon_are_no_part_of_a_label(printed: str, label: str) -> None:
    assert clean_label(printed) == label


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(PRINTED),
        " ".join(PRINTED),
        "\n".join(f"- {label}" for label in PRINTED),
        # p. 16 of the reference edition: markers before some labels, two labels in one item
        "- " + "\n- ".join(PRINTED[:4]) + f" {PRINTED[4]}\n- {PRINTED[5]}\n{PRINTED[6]}",
    ],
)
def test_a_cell_with_seven_labels_is_divided_however_they_are_set(text: str, index: LabelIndex) -> None:
    reading = read_label(text, index)
    assert reading.complete
    assert reading.fields == ASSESSMENT
    assert tuple(part.label for part in reading.parts) == PRINTED


def test_labels_of_one_cell_may_stand_in_any_order_and_case(index: LabelIndex) -> None:
    reading = read_label("KURŠ TO VEIC?; CIK BIEŽI?", index)
    assert reading.fields == ("assessor", "assessment_frequency")
    assert [part.label for part in reading.parts] == ["KURŠ TO VEIC?", "CIK BIEŽI?"]


def test_what_stands_between_two_labels_belongs_to_neither(index: LabelIndex) -> None:
    reading = read_label("Īstenotājas iestādes nosaukums/-i: / Sadarbības partneri/atbalstītāji:", index)
    assert [part.label for part in reading.parts] == [
        "Īstenotājas iestādes nosaukums/-i",
        "Sadarbības partneri/atbalstītāji",
    ]


def test_a_question_mark_that_the_lexicon_lacks_stays_as_printed(index: LabelIndex) -> None:
    reading = read_label(f"{PRINTED[5]}? {PRINTED[6]}", index)
    assert reading.parts[0].label == "Ietekmes novērtējuma metodes?"
    assert reading.slips == 0


def test_slips_in_one_of_several_labels_are_counted_there(index: LabelIndex) -> None:
    reading = read_label("Cik biezi? Kurš to veic?", index)
    assert [(part.found.known.field, part.found.slips) for part in reading.parts] == [
        ("assessment_frequency", 1),
        ("assessor", 0),
    ]


def test_the_exact_division_goes_before_one_with_slips(index: LabelIndex) -> None:
    assert read_label("Cik bieži? Kurš to veic?", index).slips == 0


def test_half_a_label_is_none(index: LabelIndex) -> None:
    assert not read_label("Ietekmes novērtējuma metodes Vai iniciatīva balstās uz", index).complete


def test_a_known_label_beside_an_unknown_one_is_found_and_the_rest_kept(index: LabelIndex) -> None:
    text = "Cik bieži?\nKas sagatavo pārskatus?\nKurš to veic?"
    reading = read_label(text, index)
    assert reading.fields == ("assessment_frequency", "assessor")
    assert [text[start:end] for start, end in reading.rest] == ["Kas sagatavo pārskatus?"]


def test_a_label_is_never_taken_from_the_middle_of_a_sentence(index: LabelIndex) -> None:
    reading = read_label("Brīvprātīga Dalība projektā", index)
    assert not reading.parts


def test_no_text_is_no_label(index: LabelIndex) -> None:
    assert not read_label("", index).complete


def test_a_bracket_behind_an_unknown_label_is_no_label_of_its_own() -> None:
    """A lexicon's entry may leave out all before the bracket."""
    entries = {"period": "(Start - end)", "sources": "(1) Sources"}
    own = LabelIndex({field: (LabelEntry(text=text, status="draft"),) for field, text in entries.items()})
    assert read_label("Time of work (Start - end)", own).parts == ()
    assert read_label("Time of work (1) Sources", own).fields == ("sources",)


def test_a_label_does_not_begin_with_a_small_letter_behind_a_word() -> None:
    own = LabelIndex(
        {
            "assessment_frequency": (LabelEntry(text="How often?", status="draft"),),
            "impact_assessment": (LabelEntry(text="Is there an assessment?", status="draft"),),
        }
    )
    assert not read_label("How often is there an assessment?", own).complete
    assert read_label("How often? is there an assessment?", own).complete
    assert read_label("how often is there an assessment?", own).complete
