"""Rows of no field, each in the very place of a field that the practice lacks: none is mapped or suggested."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from pipeline.lexicon import list_languages, load_lexicon
from pipeline.models.practice import FIELDS
from pipeline.stages.map.mapping import map_chapter
from pipeline.stages.map.value_signs import KIND_FIELDS, find_unfit_fields, read_signs
from tests.stages.map.building import make_chapter, rows_of

NEW_ROWS: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "new_rows.yaml").read_text(encoding="utf-8"))
TRANSLATIONS = Path(__file__).parents[2] / "lexicon" / "translations"
PLACES = 3
"""Fields tried for each label; over all labels every field has its turn."""


@pytest.mark.parametrize("language", list_languages())
@pytest.mark.parametrize("kind", ["foreseen", "unforeseen"])
def test_a_new_row_in_the_place_of_a_missing_field_gets_no_field(language: str, kind: str) -> None:
    lexicon = load_lexicon(language)
    usual = {name: labels[0].text for name, labels in lexicon.labels.items()}
    labels, values = NEW_ROWS[language][kind], NEW_ROWS["values"]
    wrong = []
    for number, label in enumerate(labels):
        for lacking in (FIELDS[(PLACES * number + 11 * turn) % len(FIELDS)] for turn in range(PLACES)):
            rows = [(usual[name], f"Text {name}.") for name in FIELDS]
            rows[FIELDS.index(lacking)] = (label, values[number])
            record = map_chapter(make_chapter(rows_of(*rows)), "edition", lexicon)
            suggested = {row.label: row.suggestion for row in record.unmapped}
            wrong += [] if suggested == {label: None} else [(label, lacking, suggested)]
    assert wrong == []


@pytest.mark.parametrize(
    ("translator", "least"), [("register", 0.92), pytest.param("spoken", 0.83, marks=pytest.mark.check)]
)
def test_of_a_practice_in_words_nobody_had_read_most_labels_get_their_field_and_none_another(
    translator: str, least: float
) -> None:
    """All labels at once; as measured 194 and 176 of 210, about two thirds of them mapped and the rest suggested."""
    right, wrong = 0, []
    table = yaml.safe_load((TRANSLATIONS / "values_table.yaml").read_text(encoding="utf-8"))
    for language, labels in yaml.safe_load((TRANSLATIONS / f"{translator}.yaml").read_text(encoding="utf-8")).items():
        texts = {name: table[name][0][language] if name in KIND_FIELDS else f"Text {name}." for name in labels}
        rows = rows_of(*((label, texts[name]) for name, label in labels.items()))
        record = map_chapter(make_chapter(rows), "edition", load_lexicon(language))
        found = {value.text: name for name, value in record.fields.items()}
        found |= {row.text: row.suggestion for row in record.unmapped if row.suggestion is not None}
        right += sum(found.get(text) == name for name, text in texts.items())
        wrong += [(language, text, name) for text, name in found.items() if text != texts[name]]
    assert wrong == []
    assert right / (len(FIELDS) * len(list_languages())) >= least


@pytest.mark.parametrize(
    ("language", "text", "fits", "unfit"),
    [
        ("nl", "2 uur", "assessor", "period"),
        ("nl", "2018-2020", "period", "participation"),
        ("nl", "Databank", "partners", "objective"),
        ("de", "Englisch", "outreach", "description"),
        ("de", "Freiwillig", "participation", "sustainability"),
        ("de", "Es lief zwei Jahre lang weiter.", "sustainability", "implementation_level"),
        ("en", "Els", "assessor", "participation"),
        ("en", "No", "target_group_involved", "period"),
    ],
)
def test_a_value_fits_a_field_of_its_kind_only(language: str, text: str, fits: str, unfit: str) -> None:
    found = find_unfit_fields(text, read_signs(text, load_lexicon(language)))
    assert unfit in found
    assert fits not in found


@pytest.mark.parametrize(
    ("language", "label", "value", "lacking"),
    [
        ("nl", "Land van herkomst van de deelnemers", "Syrië, Irak", "locations"),
        ("nl", "Doel van dit formulier", "Databank", "objective"),
        ("nl", "Duur van één bijeenkomst", "2 uur", "period"),
        ("en", "People Who Can Confirm Participation", "Els", "participation"),
        ("en", "Who Wrote The Short Description", "Els", "description"),
        ("nl", "WIE SCHREEF DEZE KORTE BESCHRIJVING", "Els", "description"),
        ("de", "Sprache dieser Beschreibung", "Englisch", "description"),
    ],
)
def test_what_speaks_against_a_field_outweighs_a_word_in_common(
    language: str, label: str, value: str, lacking: str
) -> None:
    lexicon = load_lexicon(language)
    rows = [(lexicon.labels[name][0].text, f"Text {name}.") for name in FIELDS]
    rows[FIELDS.index(lacking)] = (label, value)
    record = map_chapter(make_chapter(rows_of(*rows)), "edition", lexicon)
    assert {row.label: row.suggestion for row in record.unmapped} == {label: None}
