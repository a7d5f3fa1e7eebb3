"""Hostile and broken files: each ends as documented, names what it failed of, and takes nothing else with it."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import pikepdf
import pytest

import pipeline.run.reading
import pipeline.stages.read.recognise
import pipeline.stages.stitch
from pipeline.cli.main import main
from pipeline.errors import InputError, LimitError
from pipeline.models.page import Page, Source
from pipeline.run import reading
from pipeline.run.options import Limits, Options
from pipeline.run.runner import run_edition, run_editions
from pipeline.run.workers import LEAST_MEGABYTES, deadline
from pipeline.stages.emit.edition import load_edition
from tests.hostile.building import ALL, HOSTILE, Hostile, cut, forms_in_forms, uncompressed, wrong_xref
from tests.hostile.reading import read_guarded
from tests.reading import read_source

MEGABYTES = 400
"""Small enough that a file that fills the memory is stopped soon."""
ERROR_LINE = re.compile(r"pipeline: error: [^\n]+\n")
REPOSITORY = Path(__file__).parents[2]


def run_command(*words: str, timeout: float = 400, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pipeline", *words],
        capture_output=True,
        text=True,
        timeout=timeout,
        cwd=REPOSITORY,
        **options,
    )


def assert_whole(out: Path) -> None:
    """Every file of every edition is as the schema says, and nothing half-written is left."""
    for folder in out.iterdir() if out.exists() else ():
        assert not folder.name.startswith("."), folder
        edition = load_edition(folder)
        assert {f"{practice.id}.json" for practice in edition.practices} | {
            "index.json",
            "report.json",
            "issues.jsonl",
        } == {path.name for path in folder.iterdir()}
        for line in (folder / "issues.jsonl").read_text().splitlines():
            json.loads(line)


LONG = ("bomb_in_a_bomb", "endless_map")
"""They take ten seconds each; `bomb` and `endless_widths` are of the same kinds."""


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.check] if name in LONG else []) for name in HOSTILE]
)
def test_hostile_file_ends_as_documented(
    name: str, short_booklet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The same result whether or not a recognition engine is installed; it has tests of its own.
    monkeypatch.setattr(pipeline.stages.read.recognise, "scanned_pages", lambda source: ())
    case: Hostile = HOSTILE[name]
    path, out = tmp_path / f"{name}.pdf", tmp_path / "out"
    path.write_bytes(case.make(short_booklet.read_bytes()))
    (outcome,) = run_editions([path], Options(out=out, limits=Limits(seconds=case.seconds, megabytes=MEGABYTES)))
    assert_whole(out)
    if case.error is not None:
        assert isinstance(outcome.error, case.error)
        assert name in str(outcome.error)
        assert re.search(case.words, str(outcome.error))
        assert outcome.exit_code == case.error.exit_code
        assert not out.exists() or list(out.iterdir()) == []
        return
    assert outcome.folder is not None, outcome.error
    edition = load_edition(outcome.folder)
    report = edition.report
    found = [issue for issue in report.issues if issue.code == case.code and issue.page == case.page]
    if case.code is not None:
        assert found, [(issue.code, issue.page) for issue in report.issues]
        assert any(re.search(case.words, issue.message) for issue in found), found
        assert (outcome.exit_code == 1) == (found[0].severity == "error") or report.status == "errors"
    practices = [practice.id for practice in edition.practices]
    assert [practice for practice in practices if practice in case.rest] == list(case.rest)
    # What is missing is reported: a run that is called good has every practice.
    assert report.status == "errors" or practices == list(ALL)


@pytest.mark.check
def test_the_other_editions_are_done(short_booklet: Path, tmp_path: Path) -> None:
    hostile = tmp_path / "endless.pdf"
    hostile.write_bytes(HOSTILE["catalog_of_itself"].make(b""))
    out = tmp_path / "out"
    done = run_command("run", str(hostile), str(short_booklet), "--out", str(out), "--json")
    assert done.returncode == 2
    assert ERROR_LINE.fullmatch(done.stderr)
    assert "endless" in done.stderr
    first, second = json.loads(done.stdout)["editions"]
    assert (first["status"], second["status"]) == ("failed", "good")
    assert [path.name for path in out.iterdir()] == ["short"]
    assert_whole(out)


@pytest.mark.check
def test_a_file_of_forty_damages(short_booklet: Path, tmp_path: Path) -> None:
    """A folder of 40 damaged files and a sound one: the sound one comes out, every other is reported by name."""
    sound = short_booklet.read_bytes()
    plain = uncompressed(sound)
    folder, out = tmp_path / "raw", tmp_path / "out"
    folder.mkdir()
    for number in range(40):
        damaged = bytearray(plain)
        if number % 2:
            del damaged[len(plain) * (number + 1) // 42 :]
        else:
            start = len(plain) * (number + 1) // 42
            damaged[start : start + 400] = bytes(400)
        (folder / f"damaged-{number:02}.pdf").write_bytes(damaged)
    shutil.copy(short_booklet, folder / "sound.pdf")
    files = [str(path) for path in sorted(folder.iterdir())]
    done = run_command("run", *files, "--out", str(out), "--json")
    assert done.returncode in (1, 2)
    summaries = {summary["edition"]: summary for summary in json.loads(done.stdout)["editions"]}
    assert len(summaries) == 41
    assert summaries["sound"]["status"] == "good"
    assert re.fullmatch(f"({ERROR_LINE.pattern})*", done.stderr)
    fields = [practice.fields for practice in load_edition(out / "sound").practices]
    for name, summary in summaries.items():
        if summary["status"] == "failed":
            assert re.search(rf"pipeline: error: {name}\b", done.stderr)
            assert not (out / name).exists()
        elif name != "sound":
            edition = load_edition(out / name)
            reported = edition.report.repairs or edition.report.counts.errors
            assert reported or [practice.fields for practice in edition.practices] == fields, name
    assert_whole(out)


def test_the_same_bytes_by_any_number_of_processes(short_booklet: Path) -> None:
    alone = read_source(short_booklet)
    twice = read_guarded(short_booklet, jobs=1)
    assert [page.model_copy(update={"second": None}) for page in twice.pages] == list(alone.pages)
    assert all(page.second is not None and page.second.agrees for page in twice.pages)
    once = read_guarded(short_booklet, jobs=1, second_reading=False)
    assert once.pages == alone.pages
    for jobs in (2, 3, 9):
        assert read_guarded(short_booklet, jobs=jobs).model_dump_json() == twice.model_dump_json()


def without_numbers(source: Source) -> list[Page]:
    """Give a file's pages without the numbers of its structure's elements, which change as a file is rewritten."""
    pages = []
    for page in source.pages:
        assert page.tags is not None
        elements = tuple(element._replace(key=0) for element in page.tags.elements)
        pages.append(page.model_copy(update={"tags": page.tags._replace(elements=elements)}))
    return pages


def test_progress_is_told_page_by_page(short_booklet: Path) -> None:
    steps: list[tuple[str, int, int]] = []
    read_guarded(short_booklet, jobs=2, progress=lambda *step: steps.append(step))
    assert steps == [("read", done, 4) for done in range(5)]


def test_a_file_whose_pages_all_take_too_long(short_booklet: Path, tmp_path: Path) -> None:
    """Each page may take a tenth of the time; eleven such pages are more than the whole."""
    path = tmp_path / "slow.pdf"
    with pikepdf.open(short_booklet) as pdf:
        pdf.save(path)
    path.write_bytes(forms_in_forms(path.read_bytes()))
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        for _ in range(11):
            pdf.pages.append(pdf.pages[1])
        del pdf.pages[0]
        del pdf.pages[1:3]
        pdf.save(path)
    with pytest.raises(LimitError, match="--time-limit") as caught:
        read_guarded(path, limits=Limits(seconds=5))
    assert caught.value.page is not None
    assert caught.value.exit_code == 4


def test_pages_that_fill_the_memory_are_refused(short_booklet: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "KEPT_SHARE", 1e-6)
    with pytest.raises(LimitError, match=r"--memory-limit") as caught:
        read_guarded(short_booklet)
    assert caught.value.page == 1


def test_a_file_larger_than_the_memory_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "sparse.pdf"
    with path.open("wb") as handle:
        handle.truncate(2**40)
    with pytest.raises(LimitError, match="1048576 MiB"):
        read_guarded(path)


def test_a_pipe_is_no_file_to_wait_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.pdf")
    with pytest.raises(InputError, match="no plain file"):
        read_guarded(tmp_path / "pipe.pdf")


def test_what_comes_after_reading_has_a_deadline(
    short_booklet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never_end(*arguments: object) -> None:
        while True:
            pass

    options = Options(out=tmp_path / "out", keep_stages=tmp_path / "kept")
    run_edition(short_booklet, options)
    monkeypatch.setattr(pipeline.stages.stitch, "stitch_edition", never_end)
    before = signal.getsignal(signal.SIGALRM)
    # The pages are read already, for which a second would not suffice.
    late = replace(options, out=tmp_path / "late", from_stage="stitch", limits=Limits(seconds=1))
    with pytest.raises(LimitError, match="stages after reading take more than 1 seconds") as caught:
        run_edition(short_booklet, late)
    assert caught.value.edition == "short"
    assert list((tmp_path / "late").iterdir()) == []
    assert signal.getsignal(signal.SIGALRM) == before
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_memory_that_ends_after_reading_is_an_error_of_that_edition() -> None:
    with pytest.raises(LimitError, match="more memory") as caught, deadline(Limits(), "some"):
        raise MemoryError
    assert caught.value.edition == "some"


def descendants(pid: int) -> set[int]:
    """Give the ids of all processes that descend from one."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        parents[int(entry.parent.name)] = int(fields[1])
    found: set[int] = set()
    while new := {child for child, parent in parents.items() if parent in {pid, *found} and child not in found}:
        found |= new
    return found


def running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


def wait_until(condition: Any, seconds: float = 60) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False


@pytest.mark.check
@pytest.mark.serial
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="finds processes by /proc")
def test_a_killed_run_leaves_no_process(short_booklet: Path, tmp_path: Path) -> None:
    path = tmp_path / "slow.pdf"
    path.write_bytes(forms_in_forms(short_booklet.read_bytes()))
    run = subprocess.Popen(
        [sys.executable, "-m", "pipeline", "run", str(path), "--out", str(tmp_path / "out"), "--time-limit", "600"],
        cwd=REPOSITORY,
    )
    assert wait_until(lambda: len(descendants(run.pid)) >= 2)  # the reader, and its checker or a worker
    children = descendants(run.pid)
    run.kill()
    run.wait()
    assert wait_until(lambda: not any(running(child) for child in children))


@pytest.fixture(scope="module")
def sound(short_booklet: Path) -> Source:
    """What is read of the booklet as it is."""
    return read_guarded(short_booklet)


def test_a_repaired_file_reads_as_the_sound_one(sound: Source, short_booklet: Path, tmp_path: Path) -> None:
    assert sound.repairs == ()
    for number, make in enumerate((wrong_xref, cut(0.99))):
        path = tmp_path / f"{number}.pdf"
        path.write_bytes(make(short_booklet.read_bytes()))
        repaired = read_guarded(path)
        assert repaired.repairs
        assert without_numbers(repaired) == without_numbers(sound)


@pytest.mark.parametrize("strength", [3, 4, 6])
def test_an_owner_password_keeps_no_one_out(
    strength: Literal[3, 4, 6], sound: Source, short_booklet: Path, tmp_path: Path
) -> None:
    path = tmp_path / "short.pdf"
    with pikepdf.open(short_booklet) as pdf:
        pdf.save(
            path,
            encryption=pikepdf.Encryption(owner="owner", user="", R=strength, aes=strength > 3, metadata=strength > 3),
        )
    assert without_numbers(read_guarded(path)) == without_numbers(sound)


def test_a_password_is_asked_for_and_never_shown(
    short_booklet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    secret = "correct-horse"
    path, out, kept = tmp_path / "locked.pdf", tmp_path / "out", tmp_path / "kept"
    with pikepdf.open(short_booklet) as pdf:
        pdf.save(path, encryption=pikepdf.Encryption(owner="another", user=secret))
    monkeypatch.delenv("PIPELINE_PDF_PASSWORD", raising=False)
    for given, code in ((None, 2), ("wrong-" + secret, 2), (secret, 0)):
        if given is not None:
            monkeypatch.setenv("PIPELINE_PDF_PASSWORD", given)
        assert main(["run", str(path), "--out", str(out), "--keep-stages", str(kept)]) == code
        said = capfd.readouterr()
        assert secret not in said.out + said.err
        if code:
            assert ERROR_LINE.fullmatch(said.err)
            assert "PIPELINE_PDF_PASSWORD" in said.err
    written = [path for path in (*out.rglob("*"), *kept.rglob("*")) if path.is_file()]
    assert written
    assert not any(secret.encode() in path.read_bytes() for path in written)


def test_a_damaged_locked_file_is_repaired_behind_its_password(
    sound: Source, short_booklet: Path, tmp_path: Path
) -> None:
    path = tmp_path / "locked.pdf"
    with pikepdf.open(short_booklet) as pdf:
        pdf.save(path, encryption=pikepdf.Encryption(owner="another", user="u"))
    path.write_bytes(re.sub(rb"startxref\s+\d+", b"startxref\n7", path.read_bytes()))
    with pytest.raises(InputError, match="PIPELINE_PDF_PASSWORD"):
        read_guarded(path)
    repaired = read_guarded(path, password="u")
    assert repaired.repairs
    assert without_numbers(repaired) == without_numbers(sound)


@pytest.mark.check
@pytest.mark.parametrize("kibibytes", [150_000, 300_000, 450_000, 700_000])
def test_a_run_under_a_memory_limit_of_the_shell(kibibytes: int, short_booklet: Path, tmp_path: Path) -> None:
    """Below what a run takes it says so at once; above, it runs."""
    words = f"{sys.executable} -m pipeline run {short_booklet} --out {tmp_path / 'out'} --quiet"
    done = subprocess.run(
        ["sh", "-c", f"ulimit -v {kibibytes} && exec {words}"], capture_output=True, text=True, cwd=REPOSITORY
    )
    if kibibytes < LEAST_MEGABYTES * 1024:
        assert done.returncode == 4
        assert ERROR_LINE.fullmatch(done.stderr)
        assert "ulimit -v" in done.stderr
    else:
        assert done.returncode == 0, done.stderr
    assert_whole(tmp_path / "out")


@pytest.mark.parametrize("words", [["--time-limit", "0"], ["--time-limit", "soon"], ["--memory-limit", "nan"]])
def test_limits_must_be_positive_numbers(words: list[str]) -> None:
    done = run_command("run", "raw/raccombat-lv.pdf", *words)
    assert done.returncode == 2
    assert ERROR_LINE.fullmatch(done.stderr)


@pytest.mark.check
def test_limits_come_from_the_environment_too(short_booklet: Path, tmp_path: Path) -> None:
    path = tmp_path / "slow.pdf"
    path.write_bytes(forms_in_forms(short_booklet.read_bytes()))
    words = ("run", str(path), "--out", str(tmp_path / "out"), "--json")
    done = run_command(*words, env={**os.environ, "PIPELINE_TIME_LIMIT": "30"})
    assert done.returncode == 1
    report = load_edition(tmp_path / "out" / "slow").report
    assert [issue.page for issue in report.issues if issue.code == "page_unreadable"] == [2]
    assert any("more than 3 seconds" in issue.message for issue in report.issues)
    done = run_command(*words, env={**os.environ, "PIPELINE_TIME_LIMIT": "much"})
    assert done.returncode == 2
    assert "PIPELINE_TIME_LIMIT is 'much'" in done.stderr


def test_pages_whose_content_was_cut_off_are_no_success(tmp_path: Path) -> None:
    """qpdf drops the entry of a content that is not in the file: such a page must not pass for an empty one."""
    path = tmp_path / "cut.pdf"
    whole = (Path(__file__).parents[2] / "raw" / "raccombat-lv.pdf").read_bytes()
    path.write_bytes(whole[:100_000])
    source = read_guarded(path)
    damaged = {issue.page for issue in source.issues if issue.code == "page_damaged" and issue.severity == "error"}
    empty = {page.number for page in source.pages if not page.glyphs}
    assert empty
    assert empty <= damaged
