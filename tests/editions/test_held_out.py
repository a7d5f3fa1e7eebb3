"""Editions in four languages that were translated from the Latvian one before anything was run on them.

Three to six practices each, in the translators' own words, with shortened prose. Nothing but `learn` makes their
lexicons. The Greek one was written when `learn` had been mended by the others.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest

from pipeline import paths
from pipeline.authoring.learn import Learned, learn_language
from pipeline.authoring.learn.drafting import render_folder, write_folder
from pipeline.lexicon import load_lexicon
from pipeline.lexicon.label_index import fold_label
from pipeline.models.edition import ValidatedEdition
from pipeline.publish.collection import load_assignment
from pipeline.publish.linking import link, read_known
from pipeline.quality.edition_diff import EditionDifference, diff_editions
from pipeline.run.options import Options
from pipeline.run.runner import extract, stitch_file
from pipeline.stages.emit.edition import load_edition, render_edition
from tests.editions.building import FOLDER, HELD_OUT, KNOWN, copy_schemas, held_out_content
from tests.factory.content import ContentRow, EditionContent

WANTED_LABELS: Final = 0.95
SHORTENED: Final = {("be-1", "description"), ("be-2", "teaching_methods")}
"""Fields whose lists the translators left out or shortened: the only true differences."""


class HeldOut(NamedTuple):
    """An edition: what it prints, its rows' fields, what was learnt, and what was extracted with the drafts."""

    content: EditionContent
    fields: dict[str, list[list[str]]]
    learned: Learned
    edition: ValidatedEdition

    def rows(self) -> Iterator[tuple[str, ContentRow, list[str]]]:
        """Give every row with its practice in the known edition and its fields."""
        for chapter, (practice, fields) in zip(self.content.chapters, self.fields.items(), strict=True):
            rows = [row for table in chapter.tables for row in table.rows]
            for row, names in zip(rows, fields, strict=True):
                yield practice, row, names


def known_edition() -> ValidatedEdition:
    assert paths.REPOSITORY is not None
    return load_edition(paths.REPOSITORY / "extracted" / KNOWN)


@pytest.fixture(
    scope="module",
    params=[pytest.param(one, marks=pytest.mark.check if one != "el" else []) for one in HELD_OUT],
)
def held_out(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> HeldOut:
    language: str = request.param
    folder: Path = tmp_path_factory.mktemp(language)
    content = held_out_content(language)
    fields: dict[str, Any] = json.loads((FOLDER / "held_out" / f"{language}.fields.json").read_text(encoding="utf-8"))
    pdf = folder / f"edition-{language}.pdf"
    pdf.write_bytes(HELD_OUT[language].load_pdf())
    stored = stitch_file(pdf, Options())
    learned = learn_language(stored.content, pdf.stem, language, known_edition(), load_lexicon("lv"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(paths, "SCHEMAS", copy_schemas(folder))
        write_folder(render_folder(learned), paths.SCHEMAS / language, replace=True)
        return HeldOut(content, fields, learned, extract(pdf))


def test_the_labels_are_learnt(held_out: HeldOut) -> None:
    right = {
        (fold_label(label), field)
        for _, row, fields in held_out.rows()
        for label, field in zip(row.label, fields, strict=True)
    }
    got = {(fold_label(label.text), label.field) for label in held_out.learned.labels}
    assert len(right & got) / len(right | got) >= WANTED_LABELS


def test_the_drafts_alone_map_every_row(held_out: HeldOut) -> None:
    practices = dict(zip(held_out.fields, held_out.edition.practices, strict=True))
    for practice, row, fields in held_out.rows():
        for name in fields:
            value = getattr(practices[practice].fields, name)
            assert value is not None, (practice, name)
            # Where a paragraph ends over a page break is other tests' matter.
            wanted = "".join("".join(paragraph.text for paragraph in row.value).split())
            assert "".join(value.text.split()) == wanted, (practice, name)
    assert [row.label for practice in held_out.edition.practices for row in practice.unmapped] == []


def test_the_drafts_alone_give_the_known_meaning(held_out: HeldOut) -> None:
    """No correction is needed; what is told beside the shortened lists is that practices are numbered anew."""
    found = diff_editions(known_edition(), held_out.edition)
    assert found.practices == len(held_out.fields)

    def tells(difference: EditionDifference) -> bool:
        shortened = (difference.practice, difference.field) in SHORTENED and difference.leaf == "items"
        return not shortened and difference.kind not in {"practice_only_in_first", "practice_renumbered"}

    assert [difference for difference in found.differences if tells(difference)] == []
    assert [line for line in held_out.learned.undecided if "was aligned with" not in line] == []


def test_its_practices_are_linked_with_the_known_ones(held_out: HeldOut, tmp_path: Path) -> None:
    edition = held_out.edition.edition.id
    for validated in (known_edition(), held_out.edition):
        (tmp_path / validated.edition.id).mkdir()
        for name, content in render_edition(validated).items():
            (tmp_path / validated.edition.id / name).write_bytes(content)
    known = {name: read_known(tmp_path, name) for name in (KNOWN, edition)}
    _, collection = link(load_assignment(), known)
    linked = {place.id: practice.key for practice in collection.practices for place in practice.editions[1:]}
    assert linked == dict(zip((practice.id for practice in held_out.edition.practices), held_out.fields, strict=True))
    assert len(collection.practices) == len(known_edition().practices)
