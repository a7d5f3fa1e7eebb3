"""The runbook: every command in it is run, in its order, in a copy of the project."""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from pipeline import paths
from pipeline.cli.main import main
from pipeline.errors import ExitCode
from pipeline.run.runner import extract
from tests.editions.building import KNOWN, copy_schemas, mini_content, typeset_content, write_mini
from tests.factory.content import ContentRow, parse_paragraph

BLOCK = re.compile(r"^ *```sh(?: exit=(?P<exit>\d+))?\n(?P<body>.*?)^ *```$", re.MULTILINE | re.DOTALL)
YAML_BLOCK = re.compile(r"^ *```yaml\n( *extra:.*?)^ *```$", re.MULTILINE | re.DOTALL)
STEP = re.compile(r"^(\d+)\. \*\*", re.MULTILINE)
COPIED = ("pipeline", "schemas", "pyproject.toml", "README.md")


def runbook() -> str:
    assert paths.REPOSITORY is not None
    return (paths.REPOSITORY / "docs" / "new-edition.md").read_text(encoding="utf-8")


def commands() -> list[tuple[str, int]]:
    """Give the runbook's commands with the exit code each should have."""
    return [
        (line.strip(), int(block["exit"] or 0))
        for block in BLOCK.finditer(runbook())
        for line in block["body"].splitlines()
        if line.strip()
    ]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the project with the known edition and two new PDFs, and the program on the path."""
    assert paths.REPOSITORY is not None
    folder = tmp_path / "project"
    folder.mkdir()
    for name in COPIED:
        source = paths.REPOSITORY / name
        ignore = shutil.ignore_patterns("__pycache__")
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=ignore)
        else:
            shutil.copyfile(source, folder / name)
    shutil.rmtree(folder / "schemas" / "bg", ignore_errors=True)
    shutil.copytree(paths.REPOSITORY / "extracted" / KNOWN, folder / "extracted" / KNOWN)
    (folder / "new").mkdir()
    for language in ("en", "bg"):
        write_mini(f"mini_{language}", folder / "new").rename(folder / "new" / f"practices-{language}.pdf")
    program = folder / "bin" / "pipeline"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m pipeline "$@"\n')
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return folder


def test_the_runbook_is_numbered() -> None:
    numbers = [int(number) for number in STEP.findall(runbook())]
    assert numbers == [1, 2, 3, 4, 5, 1, 2, 3, 4, 5, 6]
    assert len(commands()) >= 12


def test_a_row_of_no_field_is_kept_under_the_name_that_the_runbook_gives_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The runbook's entry is added to the English labels; an edition with such a row, unknown before, is good then."""
    monkeypatch.setattr(paths, "SCHEMAS", copy_schemas(tmp_path))
    content = mini_content("mini_en")
    (first, *others), new = content.chapters, ContentRow(label=("Contact person",), value=(parse_paragraph("Anna"),))
    table = first.tables[0].model_copy(update={"rows": (*first.tables[0].rows, new)})
    first = first.model_copy(update={"tables": (table, *first.tables[1:])})
    pdf = typeset_content(content.model_copy(update={"chapters": (first, *others)}), tmp_path / "mini-en.pdf")
    assert extract(pdf).report.status == "errors"
    (entry,) = YAML_BLOCK.findall(runbook())
    with (paths.SCHEMAS / "en" / "labels.yaml").open("a", encoding="utf-8") as file:
        file.write(textwrap.dedent(entry))
    edition = extract(pdf)
    assert edition.report.status == "good"
    assert {name: row.text for name, row in edition.practices[0].extra.items()} == {"contact_person": "Anna"}
    assert main(["run", str(pdf), "--out", str(tmp_path / "out"), "--no-cache", "--quiet"]) == ExitCode.GOOD
    capsys.readouterr()
    assert main(["show", edition.practices[0].id, "--extracted", str(tmp_path / "out")]) == ExitCode.GOOD
    assert re.search(r"contact_person\s+│ Anna", capsys.readouterr().out)


@pytest.mark.check
def test_every_command_of_the_runbook_runs(project: Path) -> None:
    code = {path: path.read_bytes() for path in (project / "pipeline").rglob("*.py")}
    environment = {
        **os.environ,
        "PATH": f"{project / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(project),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    for command, expected in commands():
        done = subprocess.run(
            ["sh", "-c", command], cwd=project, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == expected, f"{command}\n{done.stdout}\n{done.stderr}"
        assert "Traceback" not in done.stderr, command
    assert {path: path.read_bytes() for path in (project / "pipeline").rglob("*.py")} == code
    assert (project / "schemas" / "bg" / "labels.yaml").is_file()
    assert (project / "extracted" / "practices-bg" / "index.json").is_file()
    collection = json.loads((project / "extracted" / "collection.json").read_text(encoding="utf-8"))
    linked = [item["key"] for item in collection["practices"] if len(item["editions"]) > 1]
    assert sorted(linked) == ["bg-1", "gr-1", "lt-1", "lv-1"]
    assert "draft" not in (project / "schemas" / "bg" / "labels.yaml").read_text(encoding="utf-8").replace(
        "Drafted", ""
    )
