"""`pipeline list`, `rename` and `remove`: editions that come and go."""

from __future__ import annotations

import itertools
import json
import os
import shutil
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipeline import paths
from pipeline.authoring.inventory import renaming
from pipeline.cli.main import main
from pipeline.errors import OutputError
from pipeline.quality.accuracy.baseline import load_baseline
from pipeline.stages.emit.edition import load_edition
from pipeline.stages.emit.outputs import latest_folder, list_extracted


@pytest.fixture(scope="module")
def made(short_booklet: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with one edition taken in, with goldens, corrections and keys."""
    here = tmp_path_factory.mktemp("editions")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(here)
        patch.setattr(paths, "SCHEMAS", Path(shutil.copytree(paths.SCHEMAS, here / "schemas")))
        (here / "schemas" / "corrections" / "short-lv.yaml").write_text("corrections: []\n")
        assert main(["add", str(short_booklet), "--id", "short-lv"]) == 0
        assert main(["link"]) == 0
        assert main(["accept", "--edition", "short-lv", "--all", "--reason", "made for a test"]) == 0
        main(["accuracy", "--quiet", "--update"])
    return here


@pytest.fixture
def here(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(paths, "SCHEMAS", tmp_path / "schemas")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path


def listed(capsys: pytest.CaptureFixture[str]) -> dict[str, dict[str, Any]]:
    capsys.readouterr()
    assert main(["list", "--json"]) == 0
    return {row["edition"]: row for row in json.loads(capsys.readouterr().out)}


def test_the_list_says_what_is_there(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(here / "extracted" / "short-lv", here / "extracted" / "orphan-lv")
    shutil.copyfile(here / "raw" / "short-lv.pdf", here / "raw" / "fresh.pdf")
    rows = listed(capsys)
    assert rows["short-lv"]["language"] == "lv"
    assert rows["short-lv"]["status"] == "good"
    assert rows["short-lv"]["last_run"]
    assert (rows["orphan-lv"]["source"], rows["fresh"]["status"], rows["fresh"]["last_run"]) == (None, "not run", None)
    assert main(["list"]) == 0
    assert "no source" in capsys.readouterr().out


def test_a_renamed_edition_is_renamed_everywhere(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    verified = load_baseline(here / paths.GOLDENS)
    assert verified is not None
    assert main(["rename", "short-lv", "long-lv", "--quiet"]) == 0
    assert list(listed(capsys)) == ["long-lv"]
    assert not [path for path in here.rglob("*short-lv*") if "cache" not in path.parts and path.suffix != ".lock"]
    index = json.loads((here / "extracted" / "long-lv" / "index.json").read_text())
    assert index["edition"]["id"] == "long-lv"
    assert "short-lv" not in (here / "schemas" / "collection.yaml").read_text()
    baseline = load_baseline(here / paths.GOLDENS)
    assert baseline is not None
    assert set(baseline.editions) == {"long-lv"}
    assert main(["accuracy", "--quiet"]) == 0
    assert main(["link", "--quiet"]) == 0
    assert yaml.safe_load((here / "schemas" / "collection.yaml").read_text())["editions"][-1] == "long-lv"


def drop_labels(here: Path) -> None:
    """Take all labels but one field's out of the lexicon, so that a run of the edition has errors."""
    (here / "schemas" / "lv" / "wordings.yaml").unlink()
    path = here / "schemas" / "lv" / "labels.yaml"
    labels = yaml.safe_load(path.read_text())
    path.write_text(yaml.safe_dump({field: labels[field] * (field == "locations") for field in labels}))


def test_a_renamed_edition_keeps_its_good_output_next_to_a_run_with_errors(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = load_edition(here / "extracted" / "short-lv")
    drop_labels(here)
    assert main(["run", "--quiet"]) == 1
    assert main(["rename", "short-lv", "long-lv", "--quiet"]) == 1
    assert "good output" in capsys.readouterr().out
    kept = load_edition(here / "extracted" / "long-lv")
    assert [practice.fields for practice in kept.practices] == [practice.fields for practice in good.practices]
    edition = kept.edition
    assert (edition.id, edition.source, kept.report.status) == ("long-lv", "long-lv.pdf", "good")
    assert {kept.report.edition, *(practice.edition for practice in kept.practices)} == {edition}
    assert {issue.edition for issue in kept.report.issues} <= {"long-lv"}
    assert load_edition(here / "extracted" / ".errors" / "long-lv").report.status != "good"
    assert list_extracted(here / "extracted") == ("long-lv",)
    assert not (here / "extracted" / ".errors" / "short-lv").exists()


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("schemas/lv/labels.yaml", "[]"),
        ("schemas/collection.yaml", "[]"),
        ("tests/golden/baseline.json", "[]"),
        ("tests/golden/short-lv/*.json", "{}"),
        ("extracted/short-lv/index.json", "{}"),
    ],
)
def test_what_cannot_be_renamed_in_whole_is_not_renamed_in_part(here: Path, file: str, content: str) -> None:
    (broken, *_) = sorted(here.glob(file))
    broken.write_text(content)
    folders = [here / name for name in ("raw", "schemas", "tests", "extracted")]
    before = {path: path.read_bytes() for folder in folders for path in folder.rglob("*") if path.is_file()}
    assert main(["rename", "short-lv", "long-lv", "--quiet", "--no-cache"]) == 2
    after = {path: path.read_bytes() for folder in folders for path in folder.rglob("*") if path.is_file()}
    assert after == before
    assert not (here / "extracted" / "long-lv").exists()


STEPS = ("copy_output", "run_editions", "rename_goldens", "rename_edition", "remove_output", "write_whole", "unlink")


class Killed(BaseException):
    """The end of the process: nothing is taken back."""


class Lost(ExitStack):
    """What a killed process can't do any more."""

    def __exit__(self, *error: object) -> bool:
        return False if error[0] is Killed else bool(super().__exit__(*error))  # type: ignore[arg-type]


@pytest.mark.parametrize(("step", "done"), [*((step, 1) for step in STEPS), ("write_whole", 2)])
def test_a_rename_that_was_killed_is_completed_by_a_second_one(
    here: Path, step: str, done: int, capsys: pytest.CaptureFixture[str]
) -> None:
    place: Any = Path if step == "unlink" else renaming
    original, calls = getattr(place, step), itertools.count(1)

    def end(*args: Any, **options: Any) -> Any:
        made = original(*args, **options)
        made = iter(list(made)) if step == "run_editions" else made
        if (step != "unlink" or "raw" in args[0].parts) and next(calls) == done:
            raise Killed
        return made

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(renaming, "ExitStack", Lost)
        patch.setattr(place, step, end)
        with pytest.raises(Killed):
            main(["rename", "short-lv", "long-lv", "--quiet"])
    assert main(["rename", "short-lv", "long-lv", "--quiet"]) == 0
    assert list(listed(capsys)) == ["long-lv"]
    assert not [path for path in here.rglob("*short-lv*") if "cache" not in path.parts and path.suffix != ".lock"]
    assert {path.name for path in (here / "raw").iterdir()} == {"long-lv.pdf", "long-lv.yaml"}
    baseline = load_baseline(here / paths.GOLDENS)
    assert baseline is not None
    assert set(baseline.editions) == {"long-lv"}
    assert main(["accuracy", "--quiet"]) == 0


@pytest.mark.parametrize(
    ("command", "folder"),
    [
        *(("rename short-lv long-lv --quiet", folder) for folder in ("raw", "schemas", "extracted", "tests/golden")),
        *(("remove short-lv --yes", folder) for folder in ("raw", "extracted", "tests/golden")),
    ],
)
def test_nothing_is_changed_where_a_folder_is_read_only(
    here: Path, command: str, folder: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    places = [here / name for name in ("raw", "schemas", "tests", "extracted")]
    before = {path: path.read_bytes() for place in places for path in place.rglob("*") if path.is_file()}
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path).absolute() != here / folder)
    assert main(command.split()) == 3
    (line,) = capsys.readouterr().err.splitlines()
    assert f"can't be written to; check the folder's permissions, and {command.split(maxsplit=1)[0]} again" in line
    assert {path: path.read_bytes() for place in places for path in place.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("step", ["write_whole", "rename_goldens", "rename_edition"])
def test_a_rename_that_fails_half_way_is_taken_back(here: Path, step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    places = [here / name for name in ("raw", "schemas", "tests", "extracted")]
    before = {path: path.read_bytes() for place in places for path in place.rglob("*") if path.is_file()}
    original, calls = getattr(renaming, step), itertools.count(1)

    def fail(*args: Any, **options: Any) -> None:
        if next(calls) == 1:
            original(*args, **options)
            raise OutputError("the disk is full")
        original(*args, **options)

    monkeypatch.setattr(renaming, step, fail)
    assert main(["rename", "short-lv", "long-lv", "--quiet"]) == 3
    assert {path: path.read_bytes() for place in places for path in place.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("command", [["run", "--quiet"], ["list"]])
def test_a_source_under_another_name_is_reported(
    here: Path, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "raw" / "short-lv.pdf").rename(here / "raw" / "kit.pdf")
    main(command)
    said = capsys.readouterr().err
    assert "raw/kit.pdf has no sidecar, and the bytes of raw/short-lv.pdf" in said
    assert "mv raw/kit.pdf raw/short-lv.pdf" in said
    (here / "raw" / "kit.pdf").write_bytes((here / "raw" / "kit.pdf").read_bytes() + b"\n")
    main(["list"])
    assert "has no sidecar" not in capsys.readouterr().err, "other bytes are another edition's"


def test_a_correction_of_a_practice_that_is_not_there_is_reported(here: Path) -> None:
    entry = "{practice: ie-9, field: outreach, expected: one, read_as: two, reason: slip, status: verified}"
    (here / "schemas" / "corrections" / "short-lv.yaml").write_text(f"corrections:\n  - {entry}\n")
    main(["run", "--quiet"])
    issues = load_edition(latest_folder(here / "extracted", "short-lv")).report.issues
    (issue,) = [issue for issue in issues if issue.code == "correction_of_no_practice"]
    assert "'ie-9'" in issue.message
    assert "schemas/corrections/short-lv.yaml" in issue.message


def test_accepted_goldens_are_not_counted_as_none(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["accuracy"]) == 0
    printed = capsys.readouterr().out
    assert "no leaf is verified; accepted leaves unmoved: " in printed
    assert "0 of 0" not in printed


def test_no_edition_is_renamed_over_another(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "extracted" / ".errors" / "long-lv").mkdir(parents=True)
    assert main(["rename", "short-lv", "long-lv"]) == 2
    assert "exists already" in capsys.readouterr().err
    assert (here / "raw" / "short-lv.pdf").is_file()
    assert main(["rename", "absent", "long-lv"]) == 2
    assert "short-lv" in capsys.readouterr().err


def test_remove_asks_and_keeps_the_goldens(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("builtins.input", lambda _: "n")
    assert main(["remove", "short-lv"]) == 1
    assert list(listed(capsys)) == ["short-lv"]
    goldens = sorted(path.name for path in (here / paths.GOLDENS / "short-lv").iterdir())
    monkeypatch.setattr("builtins.input", lambda _: "y")
    assert main(["remove", "short-lv"]) == 0
    assert listed(capsys) == {}
    kept = here / paths.GOLDENS / ".removed" / "short-lv"
    assert sorted(path.name for path in kept.iterdir()) == goldens
    baseline = load_baseline(here / paths.GOLDENS)
    assert baseline is not None
    assert (baseline.editions, baseline.lowered[-1].edition) == ({}, "short-lv")
    assert not (here / "schemas" / "corrections" / "short-lv.yaml").exists()
    assert not list((here / "raw").iterdir())


def test_goldens_of_a_removed_edition_are_named_when_it_comes_again(
    here: Path, short_booklet: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["remove", "short-lv", "--yes"]) == 0
    assert main(["add", str(short_booklet), "--id", "short-lv"]) == 0
    (line,) = [line for line in capsys.readouterr().out.splitlines() if "take them back" in line]
    kept, back = line.partition(" mv ")[2].split()
    (here / kept).rename(here / back)
    assert main(["accuracy", "--quiet", "--update"]) == 0
    assert main(["accuracy", "--quiet"]) == 0


def test_remove_takes_the_sidecar_that_an_orphan_has_left(here: Path) -> None:
    (here / "raw" / "short-lv.pdf").unlink()
    assert [path.name for path in (here / "raw").iterdir()] == ["short-lv.yaml"]
    assert main(["remove", "short-lv", "--yes"]) == 0
    assert not list((here / "raw").iterdir())


def test_an_orphan_is_warned_of_and_keeps_review_from_no_other(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "raw" / "short-lv.pdf").rename(here / "raw" / "the-other.pdf")
    shutil.copytree(here / "extracted" / "short-lv", here / "extracted" / "one more")
    assert main(["run", "--quiet"]) == 0
    said = capsys.readouterr().err
    assert "pipeline remove short-lv" in said
    assert "pipeline remove 'one more'" in said
    shutil.rmtree(here / "extracted" / "one more")
    assert main(["review"]) == 2
    assert (here / "build" / "review" / "the-other.html").is_file()
    assert "short-lv" in capsys.readouterr().err
