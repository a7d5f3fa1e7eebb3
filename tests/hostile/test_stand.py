"""The files of a run are read by one stand; it is replaced when it is lost, and ends with the run."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from pipeline import sandbox
from pipeline.errors import InputError, LimitError
from pipeline.runner import Options, run_editions
from pipeline.sandbox import Limits, keep_stand, read_guarded, start_stand

MOST_SECONDS = 20.0
"""Longest that a process that was ended may still be there."""


def stand() -> int:
    """Give the process id of the stand that is kept."""
    assert sandbox._Kept.stand is not None
    return sandbox._Kept.stand.process.pid


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
    assert sandbox._Kept.stand is None
    with keep_stand():
        start_stand()
        first = stand()
        assert read_guarded(short_booklet) == alone
        with keep_stand():
            assert read_guarded(short_booklet, jobs=2) == alone
        assert stand() == first
    assert sandbox._Kept.stand is None
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
        while sandbox._Kept.stand.process.poll() is None:
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
