"""Labels and values in the words of several translators, written before the lexicons: how many are read right.

`translations/<language>.yaml` is not altered for the lexicon's sake. A wording that comes out wrong may stay so, the
share may not fall below the floor.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from pipeline.authoring.lexicon_check import try_case
from pipeline.lexicon import country_prefix, list_languages, load_lexicon
from pipeline.lexicon.cases import Cases
from pipeline.lexicon.label_index import index_labels
from pipeline.models.practice import FIELDS
from pipeline.stages.map.labelling import read_label

FOLDER: Final = Path(__file__).with_name("translations")
LANGUAGES: Final = ("bg", "de", "el", "en", "nl", "ro")
LEAST_LABELS: Final = 0.98
"""Share of labels read right. All were when the floor was set (552 of 552 in six languages)."""

LEAST_VALUES: Final = 0.95
"""Share of value phrases and headings read right. All were when the floor was set (301 of 301 in five languages)."""


def read_translations(language: str) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((FOLDER / f"{language}.yaml").read_text(encoding="utf-8"))
    return content


def list_labels(language: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    content = read_translations(language)
    for field, labels in content["labels"].items():
        yield from ((label, (field,)) for label in labels)
    for row in content["merged"]:
        yield row["text"], tuple(row["fields"])
        yield row["text"].upper(), tuple(row["fields"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_translations_cover_every_field_with_wordings_of_their_own(language: str) -> None:
    labels = read_translations(language)["labels"]
    assert tuple(labels) == FIELDS
    assert sum(len(set(wordings)) for wordings in labels.values()) >= 85


@pytest.mark.parametrize("language", LANGUAGES)
def test_labels_of_other_translators_are_known(language: str) -> None:
    index = index_labels(load_lexicon(language))
    cases = list(list_labels(language))
    wrong = [
        (label, reading.fields)
        for label, fields in cases
        if not (reading := read_label(label, index)).complete or reading.fields != fields
    ]
    assert 1 - len(wrong) / len(cases) >= LEAST_LABELS, wrong


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "en"])
def test_values_of_other_translators_are_read(language: str) -> None:
    lexicon, content = load_lexicon(language), read_translations(language)
    wrong: list[object] = []
    count = 0
    for field, cases in content["values"].items():
        for case in cases:
            found = try_case(field, case, lexicon)
            count += 1
            wrong.extend([] if found is None else [found])
    for heading in content["headings"]:
        found_countries = country_prefix(heading["text"], lexicon.country_names)
        count += 1
        if found_countries is None or list(found_countries[0]) != heading["countries"]:
            wrong.append((heading, found_countries))
    assert 1 - len(wrong) / count >= LEAST_VALUES, wrong


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {"en"}))
def test_labels_of_further_translators_are_known(language: str) -> None:
    index = index_labels(load_lexicon(language))
    labels = [(label, field) for field, wordings in read_translations("again")[language].items() for label in wordings]
    found = [read_label(label, index).fields for label, _ in labels]
    assert found == [(field,) for _, field in labels]


NEW_LABELS: Final = {
    "bg": ("Година на издаване", "Ключови думи", "Лице за контакт", "Брой участници", "Награди"),
    "de": ("Erscheinungsjahr", "Schlagwörter", "Ansprechpartner", "Anzahl der Teilnehmenden", "Auszeichnungen"),
    "el": ("Έτος δημοσίευσης", "Λέξεις-κλειδιά", "Υπεύθυνος επικοινωνίας", "Αριθμός συμμετεχόντων", "Βραβεία"),
    "en": ("Year of publication", "Keywords", "Contact person", "Number of participants", "Awards"),
    "nl": ("Jaar van uitgave", "Trefwoorden", "Contactpersoon", "Aantal deelnemers", "Prijzen"),
    "ro": ("Anul publicării", "Cuvinte-cheie", "Persoană de contact", "Numărul participanților", "Premii"),
}
"""Rows that belong to no field."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_labels_of_no_field_stay_unknown(language: str) -> None:
    index = index_labels(load_lexicon(language))
    assert [found for label in NEW_LABELS[language] if (found := index.find(label)) is not None] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_wording_can_be_read_as_another_field(language: str) -> None:
    index = index_labels(load_lexicon(language))
    found = [(known, index.find_exact(known.text)) for known in index.known]
    assert [pair for pair in found if pair[1] is None or pair[1].known.field != pair[0].field] == []


@pytest.mark.parametrize("language", list_languages())
@pytest.mark.parametrize("translator", ["wordy", "terse"])
def test_whole_translations_are_read(translator: str, language: str) -> None:
    """One wording for each field and the usual values, by translators who had not seen a lexicon."""
    lexicon, content = load_lexicon(language), read_translations(translator)[language]
    index = index_labels(lexicon)
    labels = {field: read_label(label, index) for field, label in content["labels"].items()}
    assert tuple(labels) == FIELDS
    assert [field for field, reading in labels.items() if not reading.complete or reading.fields != (field,)] == []
    cases = Cases.model_validate(content["values"]).entries
    wrong = [try_case(field, case, lexicon) for field, entries in cases.items() for case in entries]
    assert [case for case in wrong if case is not None] == []


VALUE_FLOORS: Final = (
    ("values", 0.98),
    ("values_held_out", 0.88),
    ("kinds", 1.0),
    ("kinds_held_out", 0.94),
    ("values_again", 0.98),
)
"""As measured: 634 of 640, 97 of 110, 309 of 309, 227 of 239, 289 of 294 (263 when it was written). No lexicon was
widened by the held-out halves, but for values that were read wrong without an issue."""


@pytest.mark.parametrize(("name", "least"), VALUE_FLOORS)
def test_values_of_each_kind_in_other_words_are_read(name: str, least: float) -> None:
    content = read_translations(name)
    tried = [
        try_case(field, case, load_lexicon(language))
        for language, fields in content.items()
        for field, cases in Cases.model_validate(fields).entries.items()
        for case in cases
    ]
    assert sum(found is None for found in tried) / len(tried) >= least, [found for found in tried if found is not None]


def test_values_in_further_words_are_never_wrong_without_an_issue() -> None:
    """A field, what its value says, and a wording in each language; 253 of 294 right at first, 15 wrong in silence."""
    missed = []
    tried = 0
    for field, entries in read_translations("values_table").items():
        for entry, language in product(entries, list_languages()):
            stated = {part: said for part, said in entry.items() if part not in list_languages()}
            (case,) = Cases.model_validate({field: [{"text": entry[language], **stated}]}).entries[field]
            tried += 1
            if try_case(field, case, load_lexicon(language)) is not None:
                missed.append((field, {"text": case["text"], "issue": True}, load_lexicon(language)))
    assert [trouble for case in missed if (trouble := try_case(*case)) is not None] == []
    assert 1 - len(missed) / tried >= 0.96


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("bg", "Правната информация обикновено не достига до тях."),
        ("de", "Rechtsberatung gehört nicht dazu."),
        ("el", "Νομικές συμβουλές συνήθως δεν υπάρχουν."),
        ("en", "Legal advice is not part of it."),
        ("nl", "Juridische hulp hoort niet bij het project."),
    ],
)
def test_a_statement_that_is_denied_behind_is_none(language: str, text: str) -> None:
    assert try_case("legal_information", {"text": text, "provided": True}, load_lexicon(language)) is not None
