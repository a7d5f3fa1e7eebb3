"""The README's snippets: each is run, and prints what is below it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline import paths
from pipeline.cli.main import main
from pipeline.publish.tables import TABLES

assert paths.REPOSITORY is not None
ROOT = paths.REPOSITORY
SECTION = (ROOT / "README.md").read_text(encoding="utf-8").split("\n## Using the data\n")[1].split("\n## ")[0]
SNIPPETS = re.findall(r"^```python\n(.*?)^```$", SECTION, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    (folder / "extracted").symlink_to(ROOT / "extracted")
    assert main(["export", "--extracted", str(ROOT / "extracted"), "--out", str(folder / "build" / "export")]) == 0
    return folder


def test_there_are_five() -> None:
    assert len(SNIPPETS) == 5


@pytest.mark.parametrize("snippet", SNIPPETS)
def test_a_snippet_prints_what_it_says(snippet: str, project: Path) -> None:
    said = [line.removeprefix("# ") for line in snippet.splitlines() if line.startswith("# ")]
    assert said
    done = subprocess.run([sys.executable, "-c", snippet], cwd=project, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == said


def test_the_page_on_publishing_names_every_table_and_file(project: Path) -> None:
    text = (ROOT / "docs" / "publishing.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([^`\n]+)`", text))
    written = {path.relative_to(project / "build" / "export") for path in (project / "build" / "export").rglob("*.*")}
    patterns = {re.sub(r"/\w+\.", "/<table>.", path.as_posix()) for path in written}
    assert patterns <= named
    assert set(TABLES) <= named
