"""Emit: the same models give the same bytes, and what is written reads back as it was."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from pipeline.errors import InputError, OutputError
from pipeline.models.edition import ValidatedEdition
from pipeline.stages.emit.edition import emit_edition, load_edition, render_edition
from pipeline.stages.emit.outputs import program_version
from pipeline.stages.emit.swap import lock_folder
from pipeline.stages.validate.edition import build_edition
from tests.synthetic import make_edition


@pytest.fixture
def validated() -> ValidatedEdition:
    return build_edition(*make_edition({"period": {"start": "soon"}}))


def test_files_of_an_edition(validated: ValidatedEdition) -> None:
    assert list(render_edition(validated)) == ["bg-1.json", "be-1.json", "report.json", "issues.jsonl", "index.json"]


def test_same_models_same_bytes(validated: ValidatedEdition) -> None:
    again = build_edition(*make_edition({"period": {"start": "soon"}}))
    assert render_edition(validated) == render_edition(again)


def test_form_of_the_files(validated: ValidatedEdition) -> None:
    for name, content in render_edition(validated).items():
        text = content.decode("utf-8")
        assert text.endswith("\n")
        assert "\\u" not in text
        if name.endswith(".json"):
            assert text == json.dumps(json.loads(text), ensure_ascii=False, indent=2) + "\n"


def test_index_lists_practices_in_document_order(validated: ValidatedEdition) -> None:
    index = json.loads(render_edition(validated)["index.json"])
    assert list(index) == ["schema_version", "version", "edition", "counts", "practices", "files"]
    assert [entry["id"] for entry in index["practices"]] == ["bg-1", "be-1"]
    assert list(index["practices"][0]) == ["id", "file", "sha256", "heading", "countries", "title", "pages"]
    assert [entry["file"] for entry in index["practices"]] == ["bg-1.json", "be-1.json"]


def test_issues_stand_one_per_line_too(validated: ValidatedEdition) -> None:
    files = render_edition(validated)
    lines = [json.loads(line) for line in files["issues.jsonl"].decode().splitlines()]
    report = json.loads(files["report.json"])
    assert [line["code"] for line in lines] == [issue["code"] for issue in report["issues"]] == ["part_refused"] * 2
    assert report["status"] == "errors"


def test_what_is_written_reads_back(validated: ValidatedEdition, tmp_path: Path) -> None:
    with lock_folder(tmp_path, "tiny"):
        folder = emit_edition(validated, tmp_path)
    assert folder == tmp_path / "tiny"
    assert load_edition(folder) == validated
    assert sorted(path.name for path in tmp_path.iterdir()) == ["tiny"]


@pytest.mark.parametrize("name", ["notes.txt", "README", "drafts/"])
def test_a_folder_that_holds_what_no_run_has_written_is_left_as_it_is(
    validated: ValidatedEdition, tmp_path: Path, name: str
) -> None:
    folder = tmp_path / "tiny"
    folder.mkdir()
    (folder / name).mkdir() if name.endswith("/") else (folder / name).write_text("mine")
    before = sorted(folder.iterdir())
    with lock_folder(tmp_path, "tiny"), pytest.raises(OutputError, match=f"holds {name.strip('/')}, which no run"):
        emit_edition(validated, tmp_path)
    assert sorted(folder.iterdir()) == before


def test_a_folder_with_an_older_practice_and_a_desktop_s_mark_is_replaced(
    validated: ValidatedEdition, tmp_path: Path
) -> None:
    folder = tmp_path / "tiny"
    folder.mkdir()
    for name in ("xx-9.json", ".DS_Store"):
        (folder / name).write_text("{}")
    with lock_folder(tmp_path, "tiny"):
        emit_edition(validated, tmp_path)
    assert not {"xx-9.json", ".DS_Store"} & {path.name for path in folder.iterdir()}


def test_a_folder_without_an_edition_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"index\.json can't be read"):
        load_edition(tmp_path)


def test_a_changed_file_is_refused(validated: ValidatedEdition, tmp_path: Path) -> None:
    with lock_folder(tmp_path, "tiny"):
        folder = emit_edition(validated, tmp_path)
    path = folder / "bg-1.json"
    path.write_text(path.read_text().replace('"schema_version": "1.2.0"', '"schema_version": "0.9.0"'))
    with pytest.raises(InputError, match=r"bg-1\.json does not hold what the schema says \(schema_version"):
        load_edition(folder)


@pytest.mark.parametrize("hostile", ["../../etc/passwd", "/etc/passwd", "bg-1/../../x"])
def test_an_index_can_not_lead_out_of_the_folder(validated: ValidatedEdition, tmp_path: Path, hostile: str) -> None:
    with lock_folder(tmp_path, "tiny"):
        folder = emit_edition(validated, tmp_path)
    index = json.loads((folder / "index.json").read_text())
    index["practices"][0]["id"] = hostile
    (folder / "index.json").write_text(json.dumps(index))
    with pytest.raises(InputError, match=r"practices\.0\.id"):
        load_edition(folder)


def test_the_index_has_the_hash_of_every_other_file(validated: ValidatedEdition) -> None:
    files = render_edition(validated)
    index = json.loads(files.pop("index.json"))
    told = {entry["file"]: entry["sha256"] for entry in (*index["practices"], *index["files"])}
    assert told == {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    assert index["counts"] == json.loads(files["report.json"])["counts"]
    assert index["version"] == program_version() is not None
