"""Pictures of the table model's decisions, and their evidence in `pipeline rows --json`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image

from pipeline.cli.main import main
from pipeline.models.geometry import Box
from pipeline.models.row import Document
from pipeline.render.overlay import EDGE, NOTES, OverlayMark, describe, draw_marks, list_marks
from pipeline.stages.segment.edges import Edge, Edges
from pipeline.stages.segment.trace import Decision, Evidence, Trace

BOX = Box(page=1, x0=50, top=100, x1=200, bottom=110)
NOTHING = Document(content=(), furniture=(), residue=(), counts=(), surplus=(), issues=())


def test_a_decision_names_both_states_the_margin_and_what_decided() -> None:
    said = describe(Decision(BOX, 2, 0, 0.7, (Evidence("both", 1.0), Evidence("label_off", -1.5))))
    assert said == "2 over outside by 0.7 ?: both +1.0 label_off -1.5"
    assert "?" not in describe(Decision(BOX, 2, 0, 5.0, ()))
    assert "its neighbours alone" in describe(Decision(BOX, 0, 2, 5.0, ()))


def test_a_page_s_marks_are_its_edges_columns_lines_and_break() -> None:
    other = Box(page=2, x0=50, top=100, x1=200, bottom=110)
    trace = Trace(
        splits=[118, 298],
        edges=[Edges((), (Edge(90, 50, 200, "rule"),), ()), Edges((), (), ())],
        decisions=[Decision(BOX, 1, 0, 3.0, ()), Decision(other, 0, 1, 3.0, ())],
        breaks={2: 0.85},
    )
    first, second = (list_marks(number, NOTHING, trace) for number in (1, 2))
    assert [mark.name for mark in first if mark.name] == ["1", "2"]
    assert any(mark[:4] == (50, 90, 200, 90) and mark.colour == EDGE for mark in first)
    assert any(mark[:4] == (118, 100, 118, 110) for mark in first)
    assert not any(mark.colour == EDGE for mark in second)
    assert [mark.note for mark in first if mark.note] == ["1 over outside by 3.0: its neighbours alone"]
    assert next(mark.note for mark in second if mark.note) == "page break: the row goes on (0.85)"


def test_marks_stand_where_the_boxes_count(short_booklet: Path, tmp_path: Path) -> None:
    path = tmp_path / "page.png"
    path.write_bytes(draw_marks(short_booklet, None, 1, [OverlayMark(100, 200, 300, 200, EDGE, 3, "a note")]))
    with Image.open(path) as image:
        scale = (image.width - NOTES) / 595.28
        assert image.getpixel((round(200 * scale), round(200 * scale))) == EDGE
        assert image.getpixel((round(200 * scale), round(220 * scale))) != EDGE
        beside = image.crop((image.width - NOTES, 0, image.width, image.height))
        assert len(beside.getcolors(1 << 20) or ()) > 1, "the note is written"


def test_the_command_draws_each_page_and_says_the_evidence(
    short_booklet: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "overlay"
    assert main(["rows", str(short_booklet), "--json", "--overlay", str(folder)]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert [path.name for path in sorted(folder.iterdir())] == [
        f"page-{number:03}.png" for number in range(1, printed["pages"] + 1)
    ]
    assert printed["rows"]
    for row in printed["rows"]:
        assert {one["page"] for one in row["decisions"]} == set(row["pages"])
        assert all(one["state"] > 0 for one in row["decisions"])


def test_a_folder_that_can_t_be_written_is_one_line(
    short_booklet: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("no folder")
    assert main(["rows", str(short_booklet), "--overlay", str(tmp_path / "file")]) > 0
    said = capsys.readouterr().err
    assert "--overlay" in said
    assert "Traceback" not in said
