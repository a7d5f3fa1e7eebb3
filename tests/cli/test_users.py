"""Every command as its users meet it: wrong words, an empty folder, no room, no permission, a reader that goes away.

Whatever it is, it ends with a documented exit code and one plain line.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline import paths
from pipeline.cli import main as command_line
from pipeline.cli.main import list_commands, main
from pipeline.errors import ExitCode

WORDS = {
    "accept": "--all --reason because",
    "accuracy": "",
    "add": "none.pdf",
    "changes": "a b",
    "diff": "a b",
    "export": "",
    "init": "sub",
    "labels": "a",
    "learn": "none.pdf --like a",
    "lexicon": "check de",
    "link": "",
    "list": "",
    "remove": "a",
    "rename": "a b",
    "review": "",
    "rows": "none.pdf",
    "run": "",
    "schema": "",
    "show": "bg-1",
    "site": "",
    "stage": "read a b",
    "validate": "",
    "verify": "",
}
"""What each command is given by somebody who tries it."""
LINE = re.compile(r"pipeline: error: [^\n]{15,}\n")


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, in an environment that says nothing."""
    monkeypatch.chdir(tmp_path)
    for variable in ("HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(variable, raising=False)
    return tmp_path


def test_every_command_is_tried() -> None:
    assert list(WORDS) == list(list_commands())


@pytest.mark.parametrize("command", WORDS)
def test_help_is_plain_letters_and_fits_a_narrow_terminal(
    command: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    assert main([command, "--help"]) == 0
    printed = capsys.readouterr().out
    assert printed.isascii()
    described = printed.partition("\n\n")[2].partition("examples:")[0]
    # An option with its word is one piece, and so is a word longer than the room for it.
    pieces = [line for line in described.splitlines() if " " in line.strip() and not line.startswith("  -")]
    assert [line for line in pieces if len(line) > 40] == []


@pytest.mark.parametrize("command", WORDS)
def test_wrong_words_are_one_line(command: str, empty: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command, *WORDS[command].split(), "--no-such-option"]) == ExitCode.UNUSABLE
    assert LINE.fullmatch(capsys.readouterr().err)


@pytest.mark.parametrize("command", WORDS)
def test_in_an_empty_folder(command: str, empty: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = main([command, *WORDS[command].split()])
    said = capsys.readouterr().err
    assert (code, said) == (0, "") or (code == ExitCode.UNUSABLE and LINE.fullmatch(said)), (code, said)
    assert (code == 0) == (command in {"init", "lexicon", "list", "schema"})


KNOWN = "raccombat-lv"
WRITERS = {
    "accuracy": f"--out extracted --goldens goldens --edition {KNOWN} --report file/none",
    "accept": "--out extracted --goldens file/none --all --reason because",
    "add": "raw/raccombat-lv.pdf --id other --raw file/none",
    "changes": "extracted extracted --out file/none",
    "export": "--out file/none --format ndjson",
    "init": "file/none",
    "link": "--schemas file/none",
    "rows": "raw/raccombat-lv.pdf --json --overlay file/none",
    "run": "raw/raccombat-lv.pdf --no-cache --out file/none",
    "site": "--out file/none",
    "stage": "read raw/raccombat-lv.pdf file/none",
}


@pytest.fixture
def standing(empty: Path, short_booklet: Path) -> Path:
    """A working folder with the known edition's output, a short source, and a file where a folder is wanted."""
    assert paths.REPOSITORY is not None
    (empty / "extracted").symlink_to(paths.REPOSITORY / "extracted")
    (empty / "goldens").symlink_to(paths.REPOSITORY / paths.GOLDENS)
    (empty / "raw").mkdir()
    (empty / "raw" / "raccombat-lv.pdf").write_bytes(short_booklet.read_bytes())
    (empty / "file").write_text("in the way")
    return empty


@pytest.mark.parametrize("command", WRITERS)
def test_output_that_can_not_be_written_is_one_line_that_names_it(
    command: str, standing: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([command, *WRITERS[command].split()]) == ExitCode.OUTPUT
    said = capsys.readouterr().err
    errors = [line for line in said.splitlines(keepends=True) if "error" in line]
    assert len(errors) == 1
    assert LINE.fullmatch(errors[0])
    assert "file/none" in errors[0]
    assert (standing / "file").read_text() == "in the way"


@pytest.mark.parametrize(
    "words",
    [
        ["add", "raw/raccombat-lv.pdf", "--id", "../other"],
        ["add", "raw/raccombat-lv.pdf", "--id", ""],
        ["add", "raw/raccombat-lv.pdf", "--language", "../lv"],
        ["learn", "raw/raccombat-lv.pdf", "--like", KNOWN, "--language", "../lv"],
        ["rename", KNOWN, "../other"],
        ["rename", KNOWN, "a/b"],
    ],
    ids=" ".join,
)
def test_a_name_that_leads_elsewhere_is_refused(
    words: list[str], standing: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sorted(standing.rglob("*"))
    assert main(words) == ExitCode.UNUSABLE
    assert LINE.fullmatch(capsys.readouterr().err)
    assert sorted(standing.rglob("*")) == before


@pytest.mark.parametrize(
    "words",
    [
        "list",
        "validate",
        "show bg-1",
        f"labels {KNOWN}",
        "lexicon check de",
        "changes extracted extracted",
        f"diff {KNOWN} {KNOWN}",
        "accuracy --goldens goldens --all --out extracted",
    ],
)
def test_no_command_prints_a_value_as_python_writes_it(
    words: str, standing: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words.split()) in {0, 1}
    printed = capsys.readouterr()
    assert printed.out
    assert not re.search(r"\b(None|True|False)\b|\b1 \w+s\b(?! of)", printed.out + printed.err)


def test_a_folder_without_permission_is_no_error_of_the_program(
    empty: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(name: str) -> None:
        raise PermissionError(13, "Permission denied", f"closed/{name}")

    monkeypatch.setattr(command_line, "load_command", refuse)
    assert main(["list"]) == ExitCode.UNUSABLE
    said = capsys.readouterr().err
    assert LINE.fullmatch(said)
    assert "closed/list can't be used (Permission denied)" in said


def test_help_that_can_not_be_printed_says_so() -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "pipeline", "list", "--help"], stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert done.returncode == ExitCode.OUTPUT
    assert b"can't be written" in done.stderr
    assert done.stderr.count(b"\n") == 1


@pytest.mark.parametrize("words", [["show", "bg-1"], ["schema"]], ids=" ".join)
def test_a_reader_that_goes_away_ends_every_command_alike(words: list[str]) -> None:
    assert paths.REPOSITORY is not None
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "pipeline", *words],
        cwd=paths.REPOSITORY,
        stdout=writing,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (ExitCode.OUTPUT, b"")
