"""Outputs: a run with errors never costs good output, and what it made can be looked at and taken over."""

from __future__ import annotations

import errno
import random
import shutil
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipeline.cli.main import main
from pipeline.errors import OutputError
from pipeline.models.edition import ValidatedEdition
from pipeline.stages.emit.edition import emit_edition, load_edition
from pipeline.stages.emit.outputs import (
    COLLECTION_FILE,
    choose_folder,
    folder_aside,
    holds_good_output,
    is_aside,
    latest_folder,
    list_extracted,
)
from pipeline.stages.emit.swap import lock_folder, swap_in, swap_out
from pipeline.stages.validate.edition import build_edition
from tests.synthetic import make_edition


@pytest.fixture
def good() -> ValidatedEdition:
    return build_edition(*make_edition())


@pytest.fixture
def wrong() -> ValidatedEdition:
    return build_edition(*make_edition({"period": {"start": "soon"}}))


def emit(validated: ValidatedEdition, out: Path, *, replace: bool = False) -> Path:
    with lock_folder(out, "tiny"):
        return emit_edition(validated, out, replace=replace)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_editions_are_what_they_are_taken_for(good: ValidatedEdition, wrong: ValidatedEdition) -> None:
    assert (good.report.status, wrong.report.status) == ("good", "errors")


def test_errors_are_set_aside_where_good_output_stands(
    good: ValidatedEdition, wrong: ValidatedEdition, tmp_path: Path
) -> None:
    assert emit(good, tmp_path) == tmp_path / "tiny"
    before = contents(tmp_path)
    folder = emit(wrong, tmp_path)
    assert folder == folder_aside(tmp_path, "tiny") == tmp_path / ".errors" / "tiny"
    assert is_aside(folder)
    assert load_edition(folder) == wrong
    assert {name: content for name, content in contents(tmp_path).items() if name in before} == before
    assert set(contents(tmp_path)) == {*before, *(f".errors/{name}" for name in before)}


def test_errors_stand_in_place_where_there_is_nothing_good_to_lose(
    wrong: ValidatedEdition, good: ValidatedEdition, tmp_path: Path
) -> None:
    assert emit(wrong, tmp_path) == tmp_path / "tiny"
    assert emit(wrong, tmp_path) == tmp_path / "tiny"
    assert emit(good, tmp_path) == tmp_path / "tiny"
    assert load_edition(tmp_path / "tiny") == good
    assert [path.name for path in tmp_path.iterdir()] == ["tiny"]


def test_a_good_run_removes_what_stood_aside(good: ValidatedEdition, wrong: ValidatedEdition, tmp_path: Path) -> None:
    emit(good, tmp_path)
    emit(wrong, tmp_path)
    with lock_folder(tmp_path / ".errors", "other"):
        swap_in(tmp_path / ".errors", "other", {"index.json": b"{}"}.items())
    emit(good, tmp_path)
    assert sorted(path.name for path in (tmp_path / ".errors").iterdir()) == ["other"]
    (tmp_path / ".errors" / "other").rename(tmp_path / ".errors" / "tiny")
    emit(good, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["tiny"]


def test_good_output_is_replaced_by_errors_where_asked_for(
    good: ValidatedEdition, wrong: ValidatedEdition, tmp_path: Path
) -> None:
    emit(good, tmp_path)
    emit(wrong, tmp_path)
    assert emit(wrong, tmp_path, replace=True) == tmp_path / "tiny"
    assert load_edition(tmp_path / "tiny") == wrong
    assert [path.name for path in tmp_path.iterdir()] == ["tiny"]


@pytest.mark.parametrize("report", [b"", b"[]", b"not JSON", b'{"status": "errors"}', b"\xff"])
def test_what_does_not_say_that_it_is_good_is_not(tmp_path: Path, report: bytes) -> None:
    (tmp_path / "tiny").mkdir()
    assert not holds_good_output(tmp_path / "tiny")
    (tmp_path / "tiny" / "report.json").write_bytes(report)
    assert not holds_good_output(tmp_path / "tiny")
    assert choose_folder(tmp_path, "tiny", "errors", replace=False) == tmp_path / "tiny"


def test_editions_are_listed_without_what_stands_aside(
    good: ValidatedEdition, wrong: ValidatedEdition, tmp_path: Path
) -> None:
    emit(good, tmp_path)
    emit(wrong, tmp_path)
    # A half of a run that is being written, which `Path.glob` finds.
    (tmp_path / ".other.new").mkdir()
    (tmp_path / ".other.new" / "index.json").write_text("{}")
    assert list_extracted(tmp_path) == ("tiny",)
    assert list_extracted(tmp_path / "absent") == ()
    assert [path.parent.name for path in tmp_path.glob("[!.]*/index.json")] == ["tiny"]
    assert sorted(path.parent.name for path in tmp_path.glob("*/index.json")) == [".other.new", "tiny"]
    # What stands aside is laid out like the rest.
    assert list_extracted(tmp_path / ".errors") == ("tiny",)


def test_the_latest_run_is_the_one_aside(good: ValidatedEdition, wrong: ValidatedEdition, tmp_path: Path) -> None:
    emit(good, tmp_path)
    assert latest_folder(tmp_path, "tiny") == tmp_path / "tiny"
    emit(wrong, tmp_path)
    assert latest_folder(tmp_path, "tiny") == folder_aside(tmp_path, "tiny")
    emit(good, tmp_path)
    assert latest_folder(tmp_path, "tiny") == tmp_path / "tiny"


def test_errors_that_can_t_be_written_leave_all_as_it_was(
    good: ValidatedEdition, wrong: ValidatedEdition, tmp_path: Path
) -> None:
    emit(good, tmp_path)
    (tmp_path / ".errors").write_text("a file in the way")
    before = contents(tmp_path)
    with pytest.raises(OutputError, match="the last good output is untouched"):
        emit(wrong, tmp_path)
    assert contents(tmp_path) == before


def test_removing_what_is_not_there_changes_nothing(tmp_path: Path) -> None:
    swap_out(tmp_path / "absent", "tiny")
    (tmp_path / "held").mkdir()
    (tmp_path / "held" / "other").mkdir()
    swap_out(tmp_path / "held", "tiny")
    assert [path.name for path in tmp_path.rglob("*")] == ["held", "other"]


def test_a_removal_cut_short_is_ended_by_the_next(tmp_path: Path) -> None:
    (tmp_path / ".errors" / ".tiny.new").mkdir(parents=True)
    (tmp_path / ".errors" / ".tiny.new" / "a.json").write_text("half removed")
    swap_out(tmp_path / ".errors", "tiny")
    assert list(tmp_path.iterdir()) == []


def test_a_killed_run_with_errors_leaves_both_folders_whole(tmp_path: Path) -> None:
    """The process is killed again and again at odd moments, while it writes aside and removes in turn."""
    script = """
        import sys
        from pathlib import Path
        from pipeline.stages.emit.swap import lock_folder, swap_in, swap_out
        out = Path(sys.argv[1])
        print("ready", flush=True)
        number = 0
        while True:
            number += 1
            with lock_folder(out, "tiny"):
                files = {f"{name}.json": str(number).encode() for name in range(8)}
                if number % 3:
                    with lock_folder(out / ".errors", "tiny"):
                        swap_in(out / ".errors", "tiny", files.items())
                else:
                    swap_out(out / ".errors", "tiny")
    """
    swap_in_good = {f"{name}.json": b"good" for name in range(8)}
    with lock_folder(tmp_path, "tiny"):
        swap_in(tmp_path, "tiny", swap_in_good.items())
    wait = random.Random(7)
    for _ in range(12):
        with subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(script), str(tmp_path)], stdout=subprocess.PIPE
        ) as running:
            assert running.stdout is not None
            running.stdout.readline()
            try:
                running.wait(wait.uniform(0.01, 0.1))
            except subprocess.TimeoutExpired:
                running.send_signal(signal.SIGKILL)
        assert contents(tmp_path / "tiny") == swap_in_good
        aside = contents(tmp_path / ".errors" / "tiny")
        assert len(set(aside.values())) <= 1
        assert len(aside) in {0, 8}


def break_permission(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the folder be one that only others may read; the superuser, as whom tests may run, may read all."""
    listed, read = Path.iterdir, Path.read_bytes

    def list_others(path: Path) -> Iterator[Path]:
        if path == out / "other":
            raise PermissionError(errno.EACCES, "Permission denied")
        return listed(path)

    def read_others(path: Path) -> bytes:
        if path.parent == out / "other":
            raise PermissionError(errno.EACCES, "Permission denied")
        return read(path)

    monkeypatch.setattr(Path, "iterdir", list_others)
    monkeypatch.setattr(Path, "read_bytes", read_others)


def break_index(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (out / "other" / "index.json").unlink()


def break_link(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (out / "other").rename(out.parent / "moved")
    (out / "other").symlink_to(out.parent / "nowhere")


@pytest.mark.parametrize("damage", [break_permission, break_index, break_link])
@pytest.mark.parametrize("command", ["export", "site"])
def test_nothing_is_published_without_an_edition_that_cannot_be_read(
    good: ValidatedEdition,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    damage: Callable[[Path, pytest.MonkeyPatch], None],
    command: str,
) -> None:
    out, written = tmp_path / "extracted", tmp_path / "written"
    emit(good, out)
    shutil.copytree(out / "tiny", out / "other")
    (out / "notes").mkdir()
    (out / COLLECTION_FILE).write_text('{"editions": ["other", "tiny"]}')
    damage(out, monkeypatch)
    assert list_extracted(out) == ("other", "tiny")
    assert main([command, "--extracted", str(out), "--out", str(written), "--quiet"]) == 2
    complaint = capsys.readouterr().err
    assert complaint.count("\n") == 1
    assert f"{out / 'other' / 'index.json'} can't be read" in complaint
    assert not written.exists()


@pytest.mark.parametrize("command", ["export", "site", "link", "list", "validate"])
def test_a_folder_of_others_that_is_closed_stops_nothing(
    good: ValidatedEdition,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    command: str,
) -> None:
    out = tmp_path / "extracted"
    emit(good, out)
    (out / "other").mkdir()
    break_permission(out, monkeypatch)
    monkeypatch.setenv("PIPELINE_SCHEMAS", str(tmp_path / "schemas"))
    written = ["--out", str(tmp_path / "written"), "--quiet"] if command in {"export", "site"} else []
    assert main([command, "--extracted", str(out), *written]) == 0
    said = capsys.readouterr().err
    assert said == "" if command in {"list", "validate"} else f"{out / 'other'} can't be looked into" in said
