"""Artefacts: each is written whole, reads back as it was, and says what is wrong with it."""

from __future__ import annotations

import json
import zlib
from pathlib import Path
from typing import Any

import pytest

import pipeline.run.artefacts
from pipeline.errors import OutputError, StageError
from pipeline.models.artefact import FORMAT, Stored
from pipeline.models.chapter import Chapters
from pipeline.models.edition import Layouts, MappedEdition, NormalisedEdition, ValidatedEdition
from pipeline.models.layout import PageLayout
from pipeline.models.page import Fill, Glyph, Link, Page, Picture, Rule, Source
from pipeline.models.row import Document
from pipeline.run.artefacts import (
    artefact_path,
    read_artefact,
    render_artefact,
    write_artefact,
)
from pipeline.stages import STAGE_NAMES
from pipeline.stages.validate.edition import build_edition
from tests.synthetic import make_edition

INFO, NORMALISED = make_edition()
RECORDS = tuple(normalised.record for normalised in NORMALISED.records)
PAGE = Page(
    number=1,
    width=595.5,
    height=842.0,
    fonts=("Some",),
    glyphs=(
        Glyph(text="ķ", x0=1, top=2, x1=3, bottom=4, size=9, font=0, baseline=3.5),
        Glyph(
            text="x",
            x0=1,
            top=2,
            x1=3,
            bottom=4,
            size=9,
            font=0,
            baseline=3.5,
            concealed="covered",
            copies=2,
            confidence=0.5,
        ),
    ),
    rules=(Rule(0, 0, 9, 0),),
    fills=(Fill(0, 0, 9, 9, (0.1, 0.2, 0.3)),),
    links=(Link("https://example.org/", 0, 0, 9, 9),),
    pictures=(Picture(0, 0, 9, 9),),
)
STORED: dict[str, Stored[Any]] = {
    "read": Stored[Source](stage="read", edition=INFO, content=Source(file="a.pdf", sha256="0" * 64, pages=(PAGE,))),
    "segment": Stored[Layouts](
        stage="segment",
        edition=INFO,
        content=Layouts(
            pages=(PageLayout(number=1, width=1, height=1, glyph_count=0, tables=(), free_lines=(), left_out=()),)
        ),
    ),
    "stitch": Stored[Document](
        stage="stitch",
        edition=INFO,
        content=Document(
            content=tuple(part for record in RECORDS for part in (record.chapter.heading_block, *record.chapter.rows)),
            furniture=NORMALISED.rest.furniture,
            residue=(),
            counts=NORMALISED.rest.counts,
            surplus=((1, 2, 3),),
        ),
    ),
    "chapter": Stored[Chapters](stage="chapter", edition=INFO, content=NORMALISED.rest),
    "map": Stored[MappedEdition](
        stage="map", edition=INFO, content=MappedEdition(rest=NORMALISED.rest, records=RECORDS)
    ),
    "normalise": Stored[NormalisedEdition](stage="normalise", edition=INFO, content=NORMALISED),
    "validate": Stored[ValidatedEdition](stage="validate", edition=INFO, content=build_edition(INFO, NORMALISED)),
}


def test_every_stage_is_tried() -> None:
    assert tuple(STORED) == STAGE_NAMES[:-1]


@pytest.mark.parametrize("stage", STAGE_NAMES[:-1])
def test_an_artefact_reads_back_as_it_was(tmp_path: Path, stage: Any) -> None:
    path = artefact_path(tmp_path, "tiny", stage)
    write_artefact(STORED[stage], path)
    assert read_artefact(path, stage) == STORED[stage]
    first = path.read_bytes()
    write_artefact(read_artefact(path, stage), path)
    assert path.read_bytes() == first
    assert [found.name for found in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("stage", STAGE_NAMES[:-1])
def test_an_artefact_rendered_in_parts_is_the_same(stage: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    stored = STORED[stage]
    name, items = next(
        (name, value)
        for name in type(stored.content).model_fields
        if isinstance(value := getattr(stored.content, name), tuple) and value
    )
    monkeypatch.setattr(pipeline.run.artefacts, "ITEMS_AT_ONCE", 3)
    for count in (0, 1, 3, 4, 6, 10):
        changed = stored.model_copy(update={"content": stored.content.model_copy(update={name: items[:1] * count})})
        assert b"".join(render_artefact(changed)) == changed.model_dump_json().encode()
    assert max(map(len, render_artefact(changed))) < len(changed.model_dump_json()) / 2


def test_artefacts_are_listed_in_the_stages_order(tmp_path: Path) -> None:
    names = [artefact_path(tmp_path, "tiny", stage).name for stage in STAGE_NAMES[:-1]]
    assert names == sorted(names)
    assert names[0] == "1-read.json"


def test_another_stage_s_artefact_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "some.json"
    write_artefact(STORED["map"], path)
    with pytest.raises(StageError, match="is no artefact of the stage 'chapter'"):
        read_artefact(path, "chapter")


def test_a_mislabelled_artefact_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "some.json"
    write_artefact(STORED["chapter"], path)
    path.write_text(json.dumps({**json.loads(path.read_text()), "stage": "stitch"}))
    with pytest.raises(StageError, match="artefact of the stage 'stitch', not of 'chapter'"):
        read_artefact(path, "chapter")


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"{}", b"\xff\xfe"])
def test_a_damaged_artefact_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "some.json"
    path.write_bytes(content)
    with pytest.raises(StageError, match="keep-stages"):
        read_artefact(path, "stitch")


def test_a_missing_artefact_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StageError, match="No such file"):
        read_artefact(tmp_path / "some.json", "stitch")


def test_an_artefact_that_can_not_be_written_is_an_output_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutputError, match="can't be written"):
        write_artefact(STORED["chapter"], tmp_path / "file" / "some.json")


@pytest.mark.parametrize("name", ["../evil", ".hidden", "a/b", "/abs", "a\\b", ""])
def test_an_artefact_can_not_name_a_folder_outside(tmp_path: Path, name: str) -> None:
    path = tmp_path / "some.json"
    write_artefact(STORED["validate"], path)
    content = json.loads(path.read_text())
    content["content"]["edition"]["id"] = name
    path.write_text(json.dumps(content))
    with pytest.raises(StageError, match=r"content\.edition\.id"):
        read_artefact(path, "validate")


@pytest.mark.parametrize("packed", [False, True])
def test_an_artefact_of_another_version_is_refused_in_one_line(tmp_path: Path, packed: bool) -> None:
    """Version 1.0.0 wrote no number of a format; another number is that of another version."""
    path = tmp_path / ("some.json.z" if packed else "some.json")
    for head in ('{"stage":', '{"format":1,"stage":', '{"format":99,"stage":'):
        write_artefact(STORED["map"], path)
        data = zlib.decompress(path.read_bytes()) if packed else path.read_bytes()
        changed = data.replace(f'{{"format":{FORMAT},"stage":'.encode(), head.encode())
        assert changed != data
        path.write_bytes(zlib.compress(changed) if packed else changed)
        with pytest.raises(StageError, match="written by another version") as caught:
            read_artefact(path, "map")
        assert "\n" not in str(caught.value)
