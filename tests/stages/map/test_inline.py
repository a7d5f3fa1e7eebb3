from __future__ import annotations

import pytest

from pipeline.lexicon.label_index import LabelIndex
from pipeline.models.row import CellText, Paragraph
from pipeline.stages.map.inline import find_inline_labels
from tests.stages.map.building import lexicon


@pytest.fixture(scope="module")
def index() -> LabelIndex:
    return LabelIndex(lexicon().labels)


def cell(text: str) -> CellText:
    return CellText(
        paragraphs=tuple(Paragraph(text=part, item=part.startswith("- "), boxes=()) for part in text.split("\n")),
        boxes=(),
    )


def found(
    text: str, index: LabelIndex, lacking: tuple[str, ...] = ("participation", "assessor")
) -> list[tuple[str, str]]:
    return [
        (label.known.field, text[label.start : label.end]) for label in find_inline_labels([cell(text)], lacking, index)
    ]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Kopienas iesaiste ir netieša.\nDalība: pakalpojuma sniegšanas ietvaros.", "pakalpojuma sniegšanas ietvaros."),
        ("Dalība: brīvprātīga\nCits teksts.", "brīvprātīga"),
        ("Iesaiste ir netieša. Dalība: brīvprātīga. Arī citi.", "brīvprātīga. Arī citi."),
        ("- Dalība: brīvprātīga", "brīvprātīga"),
        ("Dalība :\nBrīvprātīga visiem.\nCits.", "Brīvprātīga visiem."),
        ("Dalība:\n- brīvprātīga\n- apmaksāta\nCits.", "- brīvprātīga\n- apmaksāta"),
    ],
)
def test_a_label_with_a_colon_at_the_start_of_a_paragraph_or_sentence(text: str, value: str, index: LabelIndex) -> None:
    assert found(text, index) == [("participation", value)]


@pytest.mark.parametrize(
    "text",
    [
        "Dalība pasākumos ir brīvprātīga.",
        "Visa dalība: brīvprātīga.",
        "Tā kā dalība ir brīvprātīga",
        "Šeit Dalība: brīvprātīga",
        "Līdzdalība: brīvprātīga",
    ],
)
def test_label_words_without_place_or_colon_are_text(text: str, index: LabelIndex) -> None:
    assert found(text, index) == []


def test_a_field_with_a_row_of_its_own_is_not_looked_for(index: LabelIndex) -> None:
    assert found("Dalība: brīvprātīga", index, ("assessor",)) == []


def test_what_belongs_to_a_label_ends_at_the_next_one(index: LabelIndex) -> None:
    assert found("Dalība: brīva. Kurš to veic?: mēs.", index) == [("participation", "brīva."), ("assessor", "mēs.")]
