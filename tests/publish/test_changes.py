"""Changes of the data between two folders or two git revisions: what a consumer must know, and nothing else."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from pipeline.cli.main import main
from tests.publish.building import write_edition

IDS = {"at-1": "at-1", "at-2": "at-2", "ro-1": "ro-1"}


def change(content: dict[str, Any]) -> None:
    """Change a year, a text, a link and a row of no field of one practice."""
    if content["id"] != "at-2":
        return
    content["fields"]["period"]["start"] = "1999"
    content["fields"]["objective"]["text"] += " A `new` | sentence\nwith <b>signs</b>."
    content["fields"]["sustainability"] = None
    content["extra"] = {"remarks": content["fields"]["description"]}


@pytest.fixture
def states(tmp_path: Path) -> tuple[Path, Path]:
    old, new = tmp_path / "old", tmp_path / "new"
    write_edition(old, "one", IDS)
    write_edition(new, "one", {"at-2": "at-2", "at-1": "at-1", "be-1": "be-1"}, change, rights="CC-BY-4.0")
    write_edition(old, "gone", {"at-1": "at-1"})
    write_edition(new, "added", {"at-1": "at-1"})
    return old, new


def list_changes(capsys: pytest.CaptureFixture[str], *arguments: object) -> dict[str, Any]:
    assert main(["changes", *map(str, arguments), "--json"]) == 0
    listed: dict[str, Any] = json.loads(capsys.readouterr().out)
    return listed


def test_everything_that_a_consumer_must_know_is_listed(
    states: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    listed = list_changes(capsys, *states)
    assert (listed["editions_added"], listed["editions_gone"]) == (["added"], ["gone"])
    assert listed["editions_changed"] == {"one": {"rights": {"old": None, "new": "CC-BY-4.0"}}}
    found = {(row["practice"], row["change"], row["field"], row["part"]) for row in listed["changes"]}
    assert found == {
        ("ro-1", "practice gone", None, None),
        ("be-1", "practice added", None, None),
        ("at-2", "value", "period", "start"),
        ("at-2", "edited", "objective", None),
        ("at-2", "gone", "sustainability", None),
        ("at-2", "added", "extra.remarks", None),
    }
    assert listed["by_field"] == {"sustainability": 1, "objective": 1, "period": 1, "extra.remarks": 1}
    year = next(row for row in listed["changes"] if row["field"] == "period")
    assert (year["edition"], year["old"], year["new"]) == ("one", "2014", "1999")


def test_two_equal_states_have_no_changes(states: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    listed = list_changes(capsys, states[0], states[0])
    assert not any(listed.values())
    assert main(["changes", str(states[0]), str(states[0])]) == 0
    assert "Nothing has changed." in capsys.readouterr().out


def test_markdown_and_json_are_written(states: tuple[Path, Path], tmp_path: Path) -> None:
    assert main(["changes", *map(str, states), "--out", str(tmp_path / "listed")]) == 0
    text = (tmp_path / "listed" / "changes.md").read_text(encoding="utf-8")
    assert "- **at-2.period.start** value: `2014` became `1999`" in text
    assert "- `one`, its rights: nothing became `CC-BY-4.0`" in text
    assert "- objective: 1 change\n" in text
    line = next(line for line in text.splitlines() if "at-2.objective" in line)
    assert line.count("`") == 4, "nothing ends the code that a text stands in"
    assert json.loads((tmp_path / "listed" / "changes.json").read_text())["editions_added"] == ["added"]


def test_git_revisions_are_states(
    states: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    repository = tmp_path / "repository"
    repository.mkdir()
    identity = ["-c", "user.name=a", "-c", "user.email=a@data.test", "-c", "commit.gpgsign=false"]

    def git(*arguments: str) -> None:
        subprocess.run(["git", *identity, *arguments], cwd=repository, check=True, capture_output=True)

    git("init")
    for state in states:
        if (repository / "extracted").exists():
            (repository / "extracted").rename(tmp_path / "aside")
        state.rename(repository / "extracted")
        git("add", "--all")
        git("commit", "-m", "state")
    monkeypatch.chdir(repository)
    listed = list_changes(capsys, "HEAD~1", "HEAD")
    assert listed["by_field"] == {"sustainability": 1, "objective": 1, "period": 1, "extra.remarks": 1}
    assert list_changes(capsys, "HEAD~1", "extracted") == listed
    assert not any(list_changes(capsys, "HEAD", "extracted").values())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["no-such-thing", "old"], "neither a folder nor a git revision"),
        (["--", "--output=x", "old"], "neither a folder nor a git revision"),
        ([".", "old"], "no extracted edition"),
    ],
)
def test_what_is_no_state_is_refused(
    arguments: list[str],
    said: str,
    states: tuple[Path, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["changes", *arguments]) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "x").exists()
