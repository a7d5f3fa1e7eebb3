"""The files of a run are read by one stand; it is replaced when it is lost, and ends with the run."""

from __future__ import annotations

import os
import shutil
import signal
import threading
import time
from pathlib import Path
from typing import Any

import pytest

import pipeline.run.runner
from pipeline.errors import InputError, LimitError
from pipeline.run import sandbox
from pipeline.run.runner import Options, run_edition, run_editions
from pipeline.run.sandbox import Limits, keep_stand, read_ahead, read_guarded, start_stand
from tests.hostile.building import forms_in_forms

MOST_SECONDS = 20.0
"""Longest that a process that was ended may still be there."""


def stand() -> int:
    """Give the process id of the stand that is kept."""
    assert sandbox._HERE.kept.stand is not None
    return sandbox._HERE.kept.stand.process.pid


def assert_gone(pid: int) -> None:
    end = time.monotonic() + MOST_SECONDS
    while time.monotonic() < end:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    pytest.fail(f"the process {pid} is still there")


def test_files_share_a_stand(short_booklet: Path) -> None:
    alone = read_guarded(short_booklet)
    assert sandbox._HERE.kept.stand is None
    with keep_stand():
        start_stand()
        first = stand()
        assert read_guarded(short_booklet) == alone
        with keep_stand():
            assert read_guarded(short_booklet, jobs=2) == alone
        assert stand() == first
    assert sandbox._HERE.kept.stand is None
    assert_gone(first)


def test_a_file_that_fails_leaves_the_stand_to_the_next(short_booklet: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7\nnothing")
    with keep_stand():
        with pytest.raises(InputError):
            read_guarded(broken)
        first = stand()
        with pytest.raises((InputError, LimitError)):
            read_guarded(short_booklet, limits=Limits(seconds=1e-6))
        assert read_guarded(short_booklet).pages
        assert stand() == first


def test_a_lost_stand_is_replaced(short_booklet: Path) -> None:
    with keep_stand():
        start_stand()
        first = stand()
        os.kill(first, signal.SIGKILL)
        while sandbox._HERE.kept.stand.process.poll() is None:
            time.sleep(0.05)
        assert read_guarded(short_booklet).pages
        assert stand() != first


def test_the_stand_ends_with_the_run(short_booklet: Path, tmp_path: Path) -> None:
    run = run_editions([short_booklet, short_booklet.with_name("missing.pdf")], Options(out=tmp_path))
    assert next(run).summary is not None
    first = stand()
    assert next(run).summary is None
    assert list(run) == []
    assert_gone(first)


class Readings(list[tuple[str, bool]]):
    """Names of the files that are read, and whether ahead, by another thread."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        super().__init__()
        self._read = sandbox._read_file
        monkeypatch.setattr(sandbox, "_read_file", self.read)

    def read(self, path: Path, *rest: object) -> object:
        self.append((path.name, threading.current_thread() is not threading.main_thread()))
        return self._read(path, *rest)  # type: ignore[arg-type]


@pytest.fixture
def readings(monkeypatch: pytest.MonkeyPatch) -> Readings:
    return Readings(monkeypatch)


@pytest.fixture
def other(short_booklet: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(short_booklet, tmp_path / "other.pdf"))


@pytest.fixture
def slow(short_booklet: Path, tmp_path: Path) -> Path:
    """A file that takes longer than any test."""
    path = tmp_path / "slow.pdf"
    path.write_bytes(forms_in_forms(short_booklet.read_bytes()))
    return path


def test_a_file_read_ahead_is_the_same_and_read_once(short_booklet: Path, readings: Readings) -> None:
    alone = read_guarded(short_booklet)
    steps: list[tuple[int, int]] = []
    with keep_stand():
        read_ahead(short_booklet, jobs=2)
        start_stand()
        assert sandbox._HERE.kept.stand is None  # the one that reads is enough
        found = read_guarded(short_booklet, jobs=2, progress=lambda *step: steps.append(step))
        first = stand()
        assert found.model_dump_json() == alone.model_dump_json()
        assert read_guarded(short_booklet) == alone
        assert stand() == first
    assert steps == [(0, 4), (4, 4)]
    assert readings == [("short.pdf", False), ("short.pdf", True), ("short.pdf", False)]


def test_a_file_that_has_changed_is_read_anew(short_booklet: Path, other: Path, readings: Readings) -> None:
    before = other.stat()
    with keep_stand():
        read_ahead(other)
        # As long as it was, and its time set back, as `rsync --inplace --times` leaves it.
        other.write_bytes(short_booklet.read_bytes().replace(b"%PDF-1.7", b"%PDF-1.6"))
        os.utime(other, ns=(before.st_atime_ns, before.st_mtime_ns))
        found = read_guarded(other)
    assert (other.stat().st_size, other.stat().st_mtime_ns) == (before.st_size, before.st_mtime_ns)
    assert found.sha256 != read_guarded(short_booklet).sha256
    assert [ahead for name, ahead in readings if name == "other.pdf"] == [True, False]


@pytest.mark.parametrize("asked", [{"limits": Limits(seconds=250)}, {"password": "another"}])
def test_a_file_that_is_asked_for_otherwise_is_read_anew(
    asked: dict[str, Any], short_booklet: Path, readings: Readings
) -> None:
    with keep_stand():
        read_ahead(short_booklet)
        assert read_guarded(short_booklet, **asked).pages
    assert readings == [("short.pdf", True), ("short.pdf", False)]


def test_another_thread_s_reading_is_its_own(short_booklet: Path, other: Path) -> None:
    """The thread finds no stand of this one's, and stops nothing that it reads."""
    found: list[object] = []
    alone = read_guarded(short_booklet)
    with keep_stand():
        read_ahead(other)
        ahead = sandbox._HERE.kept.ahead
        thread = threading.Thread(target=lambda: found.append(read_guarded(short_booklet)))
        thread.start()
        assert read_guarded(other).pages == alone.pages
        thread.join()
    assert ahead is not None
    assert found == [alone]


def test_where_no_thread_can_be_started_a_file_is_read_in_its_turn(
    short_booklet: Path, readings: Readings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with keep_stand():
        with monkeypatch.context() as patch:
            patch.setattr(threading.Thread, "start", fail)
            read_ahead(short_booklet)
        assert read_guarded(short_booklet).pages
    assert readings == [("short.pdf", False)]


def test_signals_stay_with_the_main_thread(short_booklet: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked: list[set[int]] = []

    def look(*_: object) -> None:
        blocked.append({int(number) for number in signal.pthread_sigmask(signal.SIG_BLOCK, ())})
        raise InputError("looked")

    with keep_stand(), monkeypatch.context() as patch:
        patch.setattr(sandbox, "_read_file", look)
        read_ahead(short_booklet)
        with pytest.raises(InputError, match="looked"):
            read_guarded(short_booklet)
    assert blocked[0] >= {signal.SIGINT, signal.SIGALRM, signal.SIGTERM}


def test_a_file_that_is_not_asked_for_is_left(short_booklet: Path, slow: Path) -> None:
    alone = read_guarded(short_booklet)
    begun = time.monotonic()
    with keep_stand():
        read_ahead(slow, limits=Limits(seconds=3000))
        assert read_guarded(short_booklet) == alone
        read_ahead(slow, limits=Limits(seconds=3000))
        end = time.monotonic() + MOST_SECONDS
        while sandbox._HERE.kept.busy is None and time.monotonic() < end:
            time.sleep(0.01)
        assert sandbox._HERE.kept.busy is not None
        last = sandbox._HERE.kept.busy.process.pid
    assert_gone(last)
    assert sandbox._HERE.kept.ahead is None
    assert time.monotonic() - begun < 60  # each of its pages would take more


def test_what_goes_wrong_ahead_is_told_when_the_file_is_asked_for(short_booklet: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7\nnothing")
    with keep_stand():
        for path in (broken, tmp_path / "missing.pdf"):
            read_ahead(path)
            with pytest.raises(InputError, match=path.name):
                read_guarded(path)
            assert read_guarded(short_booklet).pages


def test_nothing_is_read_ahead_where_no_stand_is_kept(short_booklet: Path, readings: Readings) -> None:
    read_ahead(short_booklet)
    assert sandbox._HERE.kept.ahead is None
    assert readings == []


@pytest.mark.parametrize(("jobs", "pages"), [(1, 100), (2, 100), (2, 3)])
def test_the_next_file_of_a_run_is_read_while_one_is_worked_out(
    jobs: int, pages: int, short_booklet: Path, other: Path, readings: Readings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline.run.runner, "PAGES_AT_HAND", pages)
    broken = other.with_name("broken.pdf")
    broken.write_bytes(b"%PDF-1.7\nnothing")
    last = Path(shutil.copy(other, other.with_name("last.pdf")))
    out = other.parent / "out"
    outcomes = list(run_editions([short_booklet, other, broken, last], Options(out=out, jobs=jobs)))
    assert [outcome.status for outcome in outcomes] == ["good", "good", "failed", "good"]
    assert sandbox._HERE.kept.ahead is None
    ahead = jobs > 1 and pages > 4  # while a long file is worked out, nothing is read
    assert readings == [("short.pdf", False), ("other.pdf", ahead), ("broken.pdf", ahead), ("last.pdf", False)]
    run_edition(other, Options(out=out.with_name("alone")))
    for folder in (out / "other", out.with_name("alone") / "other"):
        assert len(list(folder.iterdir())) > 3
    for path in (out / "other").iterdir():
        assert path.read_bytes() == (out.with_name("alone") / "other" / path.name).read_bytes()


@pytest.mark.parametrize(("told", "asked"), [([(0, 4), (4, 4)], True), ([(0, 101), (101, 101), (3, 3)], False)])
def test_the_next_file_waits_for_a_long_one_with_scans(
    told: list[tuple[int, int]], asked: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[Path] = []
    monkeypatch.setattr(pipeline.run.runner, "read_ahead", lambda path, **_: read.append(path))
    following = Path("following.pdf")
    progress = pipeline.run.runner._reading_ahead(following, Options(jobs=2)).progress
    for done, total in told:
        progress("read", done, total)
    progress("segment", 0, 1)
    progress("segment", 1, 1)
    assert read == [following] * asked


@pytest.mark.parametrize(
    ("gone", "ahead"),
    [
        ("nothing", False),
        ("out/other", False),
        ("cache/other/chapter-*", False),
        ("cache/other/stitch-*", False),
        ("cache/other", True),
    ],
)
def test_a_file_whose_rows_are_kept_is_not_read_ahead(
    gone: str, ahead: bool, short_booklet: Path, other: Path, readings: Readings
) -> None:
    options = Options(out=other.parent / "out", cache=other.parent / "cache", jobs=2)
    assert [outcome.status for outcome in run_editions([other], options)] == ["good"]
    for path in other.parent.glob(gone):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    assert [outcome.status for outcome in run_editions([short_booklet, other], options)] == ["good", "good"]
    assert readings == [("other.pdf", False), ("short.pdf", False), *[("other.pdf", True)] * ahead]
