"""The committed output is what the code writes from the sources in `raw/`."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from pipeline import paths
from pipeline.run.runner import extract
from pipeline.stages.emit.edition import load_edition, render_edition

pytestmark = pytest.mark.golden

assert paths.REPOSITORY is not None
SOURCES = sorted((paths.REPOSITORY / paths.RAW).glob("*.pdf"))
EXTRACTED = paths.REPOSITORY / paths.EXTRACTED


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_committed_output_is_what_the_code_writes(source: Path) -> None:
    expected = render_edition(extract(source))
    folder = EXTRACTED / source.stem
    assert folder.is_dir(), f"{folder.name}: no output is committed; run: make extract"
    present = {path.name: path.read_bytes() for path in folder.iterdir()}
    differing = sorted(name for name in expected.keys() | present.keys() if expected.get(name) != present.get(name))
    assert differing == [], "run: make extract, and look at the difference"


def test_every_output_has_its_source() -> None:
    folders = {path.name for path in EXTRACTED.iterdir() if path.is_dir() and not path.name.startswith(".")}
    assert folders == {source.stem for source in SOURCES}


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_committed_practices_satisfy_the_published_schema(source: Path) -> None:
    validator = jsonschema.Draft202012Validator(json.loads(paths.PRACTICE_SCHEMA.read_text()))
    edition = load_edition(EXTRACTED / source.stem)
    assert edition.practices
    for practice in edition.practices:
        validator.validate(json.loads((EXTRACTED / source.stem / f"{practice.id}.json").read_text()))


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_committed_report_is_good_and_leaves_nothing_over(source: Path) -> None:
    report = load_edition(EXTRACTED / source.stem).report
    assert report.status == "good"
    assert report.counts.residue == 0
    assert sum(page.blank for page in report.glyphs) == 0
