"""Work shared by several processes gives what one process gives, whatever becomes of the others."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline import sharing
from pipeline.errors import StageError
from pipeline.sharing import work_out

NUMBERS = list(range(23))
HERE = os.getpid()


def share(work: Callable[[int], object], processes: int, items: list[int] | None = None) -> list[object]:
    return list(work_out(work, list(NUMBERS) if items is None else items, processes=processes, seconds=60.0))


def children() -> str:
    return Path(f"/proc/self/task/{os.getpid()}/children").read_text().strip()


def square(number: int) -> tuple[int, bool]:
    return number * number, os.getpid() == HERE


@pytest.mark.parametrize("processes", [1, 2, 3, 5, 50])
def test_results_come_in_the_order_of_the_items(processes: int) -> None:
    items = list(NUMBERS)
    found = share(square, processes, items)
    assert [one[0] for one in found] == [number * number for number in NUMBERS]  # type: ignore[index]
    assert any(not one[1] for one in found) == (processes > 1)  # type: ignore[index]
    assert items == []
    assert children() == ""


def test_few_items_are_not_worth_a_process() -> None:
    assert share(square, 2, [1, 2]) == [(1, True), (4, True)]
    assert share(square, 2, []) == []


@pytest.mark.parametrize("end", [lambda: os._exit(0), lambda: os.kill(os.getpid(), signal.SIGKILL), lambda: 1 / 0])
def test_the_share_of_a_helper_that_ends_early_is_worked_out_here(end: Callable[[], object]) -> None:
    def work(number: int) -> int:
        if os.getpid() != HERE and number > 4:
            end()
        return number + 1

    assert share(work, 2) == [number + 1 for number in NUMBERS]
    assert children() == ""


def test_what_goes_wrong_with_an_item_goes_wrong_here() -> None:
    def work(number: int) -> int:
        if number in {9, 17}:
            raise StageError(f"item {number} is wrong; mend it")
        return number

    for processes in (1, 2):
        with pytest.raises(StageError, match="item 9"):
            share(work, processes)
        assert children() == ""


def test_a_helper_does_not_outlive_an_interruption() -> None:
    def stop(_signal: int, _frame: object) -> None:
        raise TimeoutError("the time is over")

    def work(number: int) -> int:
        if os.getpid() != HERE:
            time.sleep(600)
        return number

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, 0.3)
    try:
        with pytest.raises(TimeoutError):
            share(work, 2)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert children() == ""


def test_where_no_process_can_be_started_one_does_all(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> int:
        raise BlockingIOError("no more processes")

    monkeypatch.setattr(sharing.os, "fork", refuse)
    assert share(square, 2) == [(number * number, True) for number in NUMBERS]


def test_other_threads_start_no_process() -> None:
    found: list[object] = []
    thread = threading.Thread(target=lambda: found.extend(share(square, 2)))
    thread.start()
    thread.join()
    assert found == [(number * number, True) for number in NUMBERS]


def test_a_helper_keeps_nothing_open() -> None:
    reading, writing = os.pipe()

    def work(number: int) -> bool:
        if os.getpid() == HERE:
            return True
        try:
            os.fstat(writing)
        except OSError:
            return True
        return False

    try:
        assert all(share(work, 2))
    finally:
        os.close(reading)
        os.close(writing)
