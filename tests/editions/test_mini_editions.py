"""Mini-editions in other languages: extracted exactly, by lexicons that are data alone."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipeline import paths
from pipeline.authoring.learn import Learned, learn_language
from pipeline.authoring.learn.drafting import render_folder, write_folder
from pipeline.lexicon import load_lexicon
from pipeline.lexicon.label_index import fold_label
from pipeline.models.edition import ValidatedEdition
from pipeline.models.practice import FIELDS
from pipeline.quality.edition_diff import diff_editions
from pipeline.run.options import Options
from pipeline.run.runner import extract, stitch_file
from pipeline.stages.emit.edition import load_edition
from tests.editions.building import FOLDER, KNOWN, copy_schemas, list_differences, mini_expected, write_mini

MOST_CORRECTIONS = 10
WANTED_LABELS = 0.95


def known_folder() -> Path:
    assert paths.REPOSITORY is not None
    return paths.REPOSITORY / "extracted" / KNOWN


@pytest.fixture(scope="module")
def minis(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("minis")
    return {name: write_mini(name, folder) for name in ("mini_en", "mini_bg", "mini_el")}


def learn(pdf: Path, language: str) -> Learned:
    stored = stitch_file(pdf, Options())
    return learn_language(stored.content, pdf.stem, language, load_edition(known_folder()), load_lexicon("lv"))


@pytest.fixture(scope="module")
def english(minis: dict[str, Path]) -> ValidatedEdition:
    return extract(minis["mini_en"])


@pytest.fixture(scope="module")
def bulgarian(minis: dict[str, Path]) -> Learned:
    return learn(minis["mini_bg"], "bg")


def share_of_labels(learned: Learned, name: str) -> float:
    """Give the share of an edition's labels that were learnt for the right field, with nothing learnt beside them."""
    right = {
        (fold_label(field["label"]), key)
        for practice in mini_expected(name)
        for key, field in practice["fields"].items()
        if field is not None and not field["inline"]
    }
    got = {(fold_label(label.text), label.field) for label in learned.labels}
    return len(right & got) / len(right | got)


def test_the_english_mini_edition_is_extracted_exactly(english: ValidatedEdition) -> None:
    assert list(list_differences(english, mini_expected("mini_en"))) == []
    assert english.report.status == "good"
    assert english.report.counts.residue == 0
    assert english.report.counts.drafts == english.report.counts.fields
    assert english.report.counts.labels_over_page_breaks > 0
    assert english.report.counts.inline_fields == 1


def test_the_english_lexicon_is_complete_and_a_draft() -> None:
    """No English edition has been read yet: its words were written from translations."""
    lexicon = load_lexicon("en")
    assert set(lexicon.labels) == set(FIELDS)
    assert {label.status for labels in lexicon.labels.values() for label in labels} == {"draft"}
    assert lexicon.missing_files == ()


def test_the_english_mini_edition_agrees_with_the_latvian_edition(english: ValidatedEdition) -> None:
    found = diff_editions(load_edition(known_folder()), english)
    assert found.mode == "neutral"
    assert found.practices == 4
    assert found.leaves > 400
    assert {difference.kind for difference in found.differences} == {"practice_only_in_first"}


def test_learning_finds_the_bulgarian_labels(bulgarian: Learned) -> None:
    assert share_of_labels(bulgarian, "mini_bg") >= WANTED_LABELS
    assert len({label.field for label in bulgarian.labels}) == len(FIELDS)


@pytest.mark.check  # another Greek edition is learnt in test_held_out.py
def test_learning_finds_the_greek_labels(minis: dict[str, Path]) -> None:
    learned = learn(minis["mini_el"], "el")
    assert share_of_labels(learned, "mini_el") >= WANTED_LABELS
    words = {(word.category, word.text) for word in learned.words}
    assert (("judgements", "yes"), "ναι") in words
    assert (("judgements", "no"), "όχι") in words
    assert (("accessibility", "free"), "δωρεάν") in words


def test_every_bulgarian_entry_is_a_draft_with_its_evidence(bulgarian: Learned) -> None:
    files = render_folder(bulgarian)
    assert "labels.yaml" in files
    for name, text in files.items():
        entries = [line for line in text.splitlines() if "{" in line]
        assert entries, name
        assert all("status: draft} # " in line for line in entries), name


def test_what_learning_could_not_decide_is_told(bulgarian: Learned) -> None:
    """The social networks stand in a sentence that the Latvian edition puts into another paragraph."""
    assert any(line.startswith("lv-1") and "outreach.channels" in line for line in bulgarian.undecided)
    assert not any(" None" in line or " True" in line or " False" in line for line in bulgarian.undecided)


def test_the_bulgarian_drafts_and_ten_corrections_extract_the_mini_edition_exactly(
    minis: dict[str, Path], bulgarian: Learned, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    schemas = copy_schemas(tmp_path)
    monkeypatch.setattr(paths, "SCHEMAS", schemas)
    shutil.rmtree(schemas / "bg", ignore_errors=True)
    write_folder(render_folder(bulgarian), schemas / "bg", replace=False)
    corrections = yaml.safe_load((FOLDER / "corrections_bg.yaml").read_text(encoding="utf-8"))
    assert len(corrections) <= MOST_CORRECTIONS
    assert any(list_differences(extract(minis["mini_bg"]), mini_expected("mini_bg"))), "nothing is left to correct"
    for correction in corrections:
        correct(schemas / "bg" / f"{correction['file']}.yaml", correction)
    edition = extract(minis["mini_bg"])
    assert list(list_differences(edition, mini_expected("mini_bg"))) == []
    assert edition.report.status == "good"
    assert edition.report.counts.drafts == edition.report.counts.fields


def correct(path: Path, correction: dict[str, Any]) -> None:
    """Take out at most one entry of a list and put in at most one."""
    content = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    entries = content
    for key in correction["list"][:-1]:
        entries = entries.setdefault(key, {})
    entries = entries.setdefault(correction["list"][-1], [])
    if "remove" in correction:
        found = [entry for entry in entries if entry["text"] == correction["remove"]]
        assert len(found) == 1, f"{correction['remove']!r} is not among the drafts"
        entries.remove(found[0])
    if "add" in correction:
        entries.append({"text": correction["add"], "status": "verified"})
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
