from __future__ import annotations

import pytest

from pipeline.lexicon.label_index import LabelIndex, bare_words, fold_label, strip_numbering
from tests.stages.map.building import lexicon


@pytest.fixture(scope="module")
def index() -> LabelIndex:
    return LabelIndex(lexicon().labels)


@pytest.mark.parametrize(
    ("printed", "folded"),
    [
        ("- Cik bieži?", "cik bieži"),
        ("•  Dalība :", "dalība"),
        ("Vada / organizē", "vada/organizē"),
        ("VADA/ORGANIZĒ", "vada/organizē"),
        ("Mērķis (pamatojums?)", "mērķis (pamatojums?)"),
        ("nosaukums/\u2011i", "nosaukums/-i"),
        ("Dalī\u00adba", "dalība"),
        ("  ", ""),
        ("—", ""),
    ],
)
def test_what_never_tells_labels_apart_is_folded(printed: str, folded: str) -> None:
    assert fold_label(printed) == folded


@pytest.mark.parametrize("number", ["1. ", "1.1. ", "1.1 ", "(a) ", "iv) ", "12 "])
def test_printed_numbers_in_front_are_no_part_of_the_wording(number: str, index: LabelIndex) -> None:
    assert strip_numbering(fold_label(number + "Cik bieži?")) == "cik bieži"
    found = index.find_exact(number + "Cik bieži?")
    assert found is not None
    assert found.known.field == "assessment_frequency"


def test_bare_words_divide_at_punctuation_and_lose_diacritics() -> None:
    assert bare_words("Sadarbības partneri/atbalstītāji") == ("sadarbibas", "partneri", "atbalstitaji")


def test_capitals_may_lack_their_diacritics(index: LabelIndex) -> None:
    found = index.find_exact("PIEEJAMIBA")
    assert found is not None
    assert (found.known.field, found.slips) == ("accessibility", 0)


@pytest.mark.parametrize(
    ("printed", "field"),
    [
        ("Daliba", "participation"),
        ("Dalībba:", "participation"),
        ("Dlaība", "participation"),
        ("Norises veitas", "locations"),
        ("Norisesvietas", "locations"),
        ("Īstenošanaslīmenis", "implementation_level"),
        ("Īsteno šanas līmenis", "implementation_level"),
        ("Galvena ideja, sakotneja situacija (kapec?)", "main_idea"),
        ("Galvenā ideja sākotnējā situācija kāpēc", "main_idea"),
        ("Prakses apraksts (kas)", "description"),
        ("Ilgtspējas iespējs", "sustainability"),
        ("Vai paredzēts ietekmes novērtējms?", "impact_assessment"),
        ("Kurš to viec?", "assessor"),
        ("Budžets, finansejuma avost", "funding"),
    ],
)
def test_evident_slips_are_found(printed: str, field: str, index: LabelIndex) -> None:
    assert index.find_exact(printed) is None
    found = index.find_slip(printed)
    assert found is not None
    assert found.known.field == field
    assert found.slips >= 1
    assert 0.8 < found.score < 1


@pytest.mark.parametrize(
    "printed",
    [
        "Kas to veic?",
        "Cik dārgi?",
        "Prakses apraksts (kur?)",
        "Vai mērķa grupa nav iesaistīta novērtēšanas/ietekmes novērtējuma veikšanā?",
        "Ietekmes novērtējums",
        "Ja nē, tad kādā veidā?",
        "Finansējuma avots",
        "",
        "—",
    ],
)
def test_another_wording_is_no_slip(printed: str, index: LabelIndex) -> None:
    assert index.find(printed) is None


def test_recognised_text_may_have_more_errors(index: LabelIndex) -> None:
    printed = "Ietckmcs novčrtčjuma mctodcs"
    assert index.find(printed) is None
    found = index.find(printed, recognised=True)
    assert found is not None
    assert found.known.field == "assessment_methods"


def test_a_label_between_two_fields_is_evident_for_neither() -> None:
    from pipeline.lexicon.labels import LabelEntry

    near = LabelIndex(
        {
            "assessor": (LabelEntry(text="Vērtētājs A", status="verified"),),
            "partners": (LabelEntry(text="Vērtētājs B", status="verified"),),
        }
    )
    assert near.find_slip("Vertētājs C") is None
