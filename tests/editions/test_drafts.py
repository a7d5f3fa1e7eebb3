"""Editions of the drafted languages, extracted by the lexicons as they are, before any correction.

Two kinds: the editions that were translated for other tests, compared with the known one; and editions typeset from the
labels and values of `tests/lexicon/translations`, a chapter for each translator.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pytest

from pipeline.lexicon import load_lexicon
from pipeline.models.practice import FIELDS, PARTS
from pipeline.quality.edition_diff import diff_editions
from pipeline.run.runner import extract
from tests.editions.building import BUNDLED_FONT, HELD_OUT, MINI, SMALL, mini_expected, typeset_content
from tests.editions.test_held_out import SHORTENED, known_edition
from tests.factory.content import ContentChapter, ContentRow, ContentTable, EditionContent, parse_paragraph
from tests.factory.layout import Layout
from tests.lexicon.test_translations import read_translations

LEAST_RIGHT: Final = 0.98
"""Share of the parts compared that the drafts read as the known edition's lexicon does."""

LAYOUTS: Final = {
    "bg": Layout(font=BUNDLED_FONT, fills="label", rules="grid", paragraph_gap=0.6, label_ratio=0.3),
    "de": SMALL,
    "el": Layout(font=BUNDLED_FONT, rules="horizontal", paragraph_gap=0.6, footer=True),
    "nl": Layout(font=BUNDLED_FONT, fills="table", rules="hairline", paper="letter", paragraph_gap=0.5),
    "ro": Layout(font=BUNDLED_FONT, landscape=True, label_ratio=0.24, paragraph_gap=0.6, rules="thick"),
}
TRANSLATORS: Final = 3
PROSE: Final = "Erasmus+ – 2 × 3"
"""Stands in the rows whose value no part is read from."""


@pytest.mark.parametrize("language", HELD_OUT)
def test_the_drafts_read_a_held_out_edition_as_the_known_one(language: str, tmp_path: Path) -> None:
    pdf = tmp_path / f"edition-{language}.pdf"
    pdf.write_bytes(HELD_OUT[language].load_pdf())
    edition = extract(pdf)
    assert edition.report.status == "good"
    assert [row.label for practice in edition.practices for row in practice.unmapped] == []
    found = diff_editions(known_edition(), edition)
    wrong = [
        difference
        for difference in found.differences
        if difference.kind == "value"
        and not (difference.leaf == "items" and (difference.practice, difference.field) in SHORTENED)
    ]
    assert 1 - len(wrong) / found.leaves >= LEAST_RIGHT, wrong


@pytest.mark.parametrize("language", ["bg", "el"])
def test_the_drafts_read_a_mini_edition(language: str, tmp_path: Path) -> None:
    pdf = tmp_path / f"mini-{language}.pdf"
    pdf.write_bytes(MINI[f"mini_{language}"].load_pdf())
    edition = extract(pdf)
    assert edition.report.status == "good"
    wrong: list[object] = []
    count = 0
    for practice, wanted in zip(edition.practices, mini_expected(f"mini_{language}"), strict=True):
        assert practice.unmapped == ()
        for name, field in wanted["fields"].items():
            got = getattr(practice.fields, name)
            assert (got is None) == (field is None), (practice.id, name)
            if field is not None:
                leaves = {"available": field["available"], **field.get("parts", {})}
                count += len(leaves)
                dumped = got.model_dump(mode="json")
                wrong.extend((practice.id, name, leaf) for leaf, want in leaves.items() if dumped[leaf] != want)
    assert 1 - len(wrong) / count >= LEAST_RIGHT, wrong


def translated_chapter(language: str, number: int) -> tuple[ContentChapter, dict[str, Any]]:
    """Give a chapter in one translator's labels, with a value for each field, and what is right about each value."""
    translations = read_translations(language)
    rows: list[ContentRow] = []
    expected: dict[str, Any] = {}
    for field in FIELDS:
        labels = translations["labels"][field]
        cases = translations["values"].get(field, [{"text": PROSE, "available": True}])
        # The second place lies in a country that the chapter's heading does not name.
        case = cases[0 if field == "locations" else number % len(cases)]
        value = tuple(parse_paragraph(paragraph) for paragraph in case["text"].split("\n"))
        rows.append(ContentRow(label=(labels[number % len(labels)],), value=value))
        expected[field] = {part: want for part, want in case.items() if part in {*PARTS.get(field, ()), "available"}}
    heading = translations["headings"][number]["text"]
    # A descriptive and an analytical table.
    tables = (ContentTable(rows=tuple(rows[:17])), ContentTable(rows=tuple(rows[17:])))
    return ContentChapter(heading=heading, tables=tables), expected


@pytest.mark.parametrize("language", LAYOUTS)
def test_an_edition_by_other_translators_is_read_by_the_drafts(language: str, tmp_path: Path) -> None:
    chapters, expected = zip(*(translated_chapter(language, number) for number in range(TRANSLATORS)), strict=True)
    content = EditionContent(
        language=language,
        filler="x",
        column_titles=("", ""),
        running_title="RACCOMBAT",
        imprint="RACCOMBAT 2018",
        chapters=chapters,
    )
    edition = extract(typeset_content(content, tmp_path / f"translated-{language}.pdf", LAYOUTS[language]))
    assert edition.edition.language == language
    assert edition.report.status == "good"
    headings = read_translations(language)["headings"]
    assert [list(practice.countries) for practice in edition.practices] == [row["countries"] for row in headings]
    assert edition.report.counts.drafts == edition.report.counts.fields
    wrong: list[object] = []
    count = 0
    for practice, fields in zip(edition.practices, expected, strict=True):
        assert practice.unmapped == ()
        for name, parts in fields.items():
            got = getattr(practice.fields, name)
            assert got is not None, (practice.id, name)
            dumped = got.model_dump(mode="json")
            count += len(parts)
            wrong.extend(
                (practice.id, name, part, dumped[part], want) for part, want in parts.items() if dumped[part] != want
            )
    assert 1 - len(wrong) / count >= LEAST_RIGHT, wrong


@pytest.mark.parametrize("language", LAYOUTS)
def test_a_drafted_lexicon_is_complete_and_says_that_it_is_a_draft(language: str) -> None:
    lexicon = load_lexicon(language)
    assert tuple(lexicon.labels) == FIELDS
    assert lexicon.missing_files == ()
    assert {label.status for labels in lexicon.labels.values() for label in labels} == {"draft"}
    assert {phrase.status for phrase in (*lexicon.judgements.yes, *lexicon.dates.ongoing)} == {"draft"}
