"""Editions in all seven languages by a translator whom no lexicon knows, with rows of no field: what is right at once.

A label counts as right where the lexicon maps it, or the right field is suggested for it (`pipeline labels`); the
labels are `tests/lexicon/translations/nominal.yaml`, which the lexicons were not widened by.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from pipeline.authoring.label_drafts import list_label_drafts
from pipeline.lexicon import list_languages, load_lexicon
from pipeline.lexicon.label_index import fold_label
from pipeline.models.practice import FIELDS
from pipeline.run.runner import extract
from tests.editions.building import BUNDLED_FONT, typeset_content
from tests.editions.test_drafts import PROSE
from tests.factory.content import ContentChapter, ContentRow, ContentTable, EditionContent, parse_paragraph
from tests.factory.layout import Layout
from tests.lexicon.test_translations import NEW_LABELS, read_translations

pytestmark = pytest.mark.check

LEAST_RIGHT: Final = 0.95
HEADINGS: Final = {
    "bg": ("Германия", "Гърция", "Литва"),
    "de": ("Deutschland", "Griechenland", "Litauen"),
    "el": ("Γερμανία", "Ελλάδα", "Λιθουανία"),
    "en": ("Germany", "Greece", "Lithuania"),
    "lv": ("Vācija", "Grieķija", "Lietuva"),
    "nl": ("Duitsland", "Griekenland", "Litouwen"),
    "ro": ("Germania", "Grecia", "Lituania"),
}
NEW: Final = {**NEW_LABELS, "lv": ("Publicēšanas gads", "Atslēgas vārdi", "Kontaktinformācija")}
NEW_VALUES: Final = ("2018", "Erasmus+", "+371 67 123 456")
AFTER: Final = ("implementers", "teaching_methods", "target_group_involved")
"""The rows that the new ones follow."""


def make_chapter(language: str, number: int) -> ContentChapter:
    content, values = read_translations("nominal")[language], read_translations("wordy")[language]["values"]
    rows: list[ContentRow] = []
    for field in FIELDS:
        cases = values.get(field, [{"text": PROSE}])
        text = "Berlin" if field == "locations" else cases[number % len(cases)]["text"]
        value = tuple(parse_paragraph(paragraph) for paragraph in text.split("\n"))
        rows.append(ContentRow(label=(content[field],), value=value))
        if field in AFTER:
            place = AFTER.index(field)
            rows.append(ContentRow(label=(NEW[language][place],), value=(parse_paragraph(NEW_VALUES[place]),)))
    cut = next(at for at, row in enumerate(rows) if row.label == (content["impact_assessment"],))
    tables = (ContentTable(rows=tuple(rows[:cut])), ContentTable(rows=tuple(rows[cut:])))
    return ContentChapter(heading=f"{HEADINGS[language][number]}: Erasmus+ {number}", tables=tables)


@pytest.mark.parametrize("language", list_languages())
def test_labels_are_known_or_rightly_suggested_and_new_rows_get_no_field(language: str, tmp_path: Path) -> None:
    content = EditionContent(
        language=language,
        filler="x",
        column_titles=("", ""),
        running_title="RACCOMBAT",
        imprint="",
        chapters=tuple(make_chapter(language, number) for number in range(3)),
    )
    layout = Layout(font=BUNDLED_FONT, rules="horizontal", paragraph_gap=0.6, label_ratio=0.34)
    edition = extract(typeset_content(content, tmp_path / f"nominal-{language}.pdf", layout))
    assert len(edition.practices) == 3
    wanted = {fold_label(label): field for field, label in read_translations("nominal")[language].items()}
    mapped = {
        (fold_label(value.label), name) for practice in edition.practices for name, value in practice.fields if value
    }
    drafts = list_label_drafts(edition, load_lexicon(language))
    suggested = {(fold_label(draft.text), draft.field) for draft in drafts if draft.field}
    wrong = {pair for pair in mapped | suggested if wanted.get(pair[0]) != pair[1]}
    assert wrong == set(), "a label of another field, or a new row"
    assert len(mapped | suggested) / len(FIELDS) >= LEAST_RIGHT
