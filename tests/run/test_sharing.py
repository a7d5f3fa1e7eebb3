"""Work shared by several processes gives what one process gives, whatever becomes of the others."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.errors import StageError
from pipeline.models.geometry import Frozen
from pipeline.run import sharing
from pipeline.run.sharing import work_apart, work_out

NUMBERS = list(range(23))
HERE = os.getpid()
OTHERS: set[str] = set()
"""Processes that other tests have started in this one."""


def share(work: Callable[[int], object], processes: int, items: list[int] | None = None) -> list[object]:
    return list(work_out(work, list(NUMBERS) if items is None else items, processes=processes, seconds=60.0))


def list_children() -> set[str]:
    return set(Path(f"/proc/self/task/{os.getpid()}/children").read_text().split())


@pytest.fixture(autouse=True)
def know_others() -> None:
    OTHERS.clear()
    OTHERS.update(list_children())


def children() -> set[str]:
    """List the processes that a test has left."""
    return list_children() - OTHERS


def square(number: int) -> tuple[int, bool]:
    return number * number, os.getpid() == HERE


@pytest.mark.parametrize("processes", [1, 2, 3, 5, 50])
def test_results_come_in_the_order_of_the_items(processes: int) -> None:
    items = list(NUMBERS)
    found = share(square, processes, items)
    assert [one[0] for one in found] == [number * number for number in NUMBERS]  # type: ignore[index]
    assert any(not one[1] for one in found) == (processes > 1)  # type: ignore[index]
    assert items == []
    assert children() == set()


def test_few_items_are_not_worth_a_process() -> None:
    assert share(square, 2, [1, 2]) == [(1, True), (4, True)]
    assert share(square, 2, []) == []


def test_a_helper_has_no_model_to_build() -> None:
    """Another thread may be at that, and hold pydantic's lock, when the helper is forked."""

    class Late(Frozen):
        number: int

    assert not Late.__pydantic_complete__
    end = threading.Event()
    thread = threading.Thread(target=end.wait)
    thread.start()
    try:
        assert work_apart(lambda _: bool(Late.__pydantic_complete__), 3, seconds=60.0)
    finally:
        end.set()
        thread.join()


@pytest.mark.parametrize("main", [True, False])
def test_this_process_does_something_else_while_an_item_is_worked_out_apart(main: bool) -> None:
    known = [0]
    found: list[tuple[int, int]] = []

    def work(number: int) -> tuple[int, int]:
        return number, known[0]

    def apart() -> None:
        found.append(work_apart(work, 3, seconds=60.0, meanwhile=lambda: known.append(known.pop() + 1)))

    if main:
        apart()
    else:
        thread = threading.Thread(target=apart)
        thread.start()
        thread.join()
    assert known == [1]
    assert found == [(3, 0 if main else 1)]  # a helper knows what was known when it was forked


def test_what_goes_wrong_meanwhile_ends_the_helper() -> None:
    def work(number: int) -> int:
        time.sleep(60)
        return number

    def fail() -> None:
        raise StageError("the time is over; give it more")

    with pytest.raises(StageError, match="time is over"):
        work_apart(work, 3, seconds=60.0, meanwhile=fail)
    assert children() == set()


@pytest.mark.parametrize("end", [lambda: os._exit(0), lambda: os.kill(os.getpid(), signal.SIGKILL), lambda: 1 / 0])
def test_the_share_of_a_helper_that_ends_early_is_worked_out_here(end: Callable[[], object]) -> None:
    def work(number: int) -> int:
        if os.getpid() != HERE and number > 4:
            end()
        return number + 1

    assert share(work, 2) == [number + 1 for number in NUMBERS]
    assert children() == set()


@pytest.mark.parametrize("processes", [1, 2, 3, 5])
@pytest.mark.parametrize(("wrong", "first"), [({9, 17}, 9), ({9, 10}, 9), ({8, 9}, 8), ({1, 0}, 0), ({12, 22, 11}, 11)])
def test_what_goes_wrong_with_the_first_of_the_wrong_items_goes_wrong_here(
    processes: int, wrong: set[int], first: int
) -> None:
    def work(number: int) -> int:
        if number in wrong:
            raise StageError(f"item {number} is wrong; mend it")
        return number

    with pytest.raises(StageError, match=f"item {first} "):
        share(work, processes)
    assert children() == set()


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
    assert children() == set()


def test_where_no_process_can_be_started_one_does_all(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> int:
        raise BlockingIOError("no more processes")

    monkeypatch.setattr(sharing.os, "fork", refuse)
    assert share(square, 2) == [(number * number, True) for number in NUMBERS]


def test_where_nothing_more_can_be_opened_one_does_all(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> tuple[int, int]:
        raise OSError("too many open files")

    monkeypatch.setattr(sharing.os, "pipe", refuse)
    assert share(square, 2) == [(number * number, True) for number in NUMBERS]


def test_helpers_end_where_starting_another_is_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    fork, started = os.fork, []

    def interrupt() -> int:
        if started:
            raise KeyboardInterrupt
        started.append(fork())
        return started[0]

    def work(_number: int) -> None:
        if os.getpid() != HERE:
            time.sleep(600)

    monkeypatch.setattr(sharing.os, "fork", interrupt)
    with pytest.raises(KeyboardInterrupt):
        share(work, 3)
    assert len(started) == 1
    assert children() == set()


def test_a_signal_as_a_helper_starts_interrupts_this_process_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    fork = os.fork

    def fork_and_signal() -> int:
        pid = fork()
        signal.raise_signal(signal.SIGUSR1)
        return pid

    def stop(_signal: int, _frame: object) -> None:
        if os.getpid() == HERE:
            raise KeyboardInterrupt
        (tmp_path / "elsewhere").touch()

    monkeypatch.setattr(sharing.os, "fork", fork_and_signal)
    before = signal.signal(signal.SIGUSR1, stop)
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    try:
        with pytest.raises(KeyboardInterrupt):
            share(square, 2)
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert children() == set()
    assert not (tmp_path / "elsewhere").exists()
    assert signal.pthread_sigmask(signal.SIG_BLOCK, ()) == mask


def test_a_helper_has_the_signals_of_this_process_and_none_of_its_handlers() -> None:
    def work(_number: int) -> tuple[set[int], bool]:
        return signal.pthread_sigmask(signal.SIG_BLOCK, ()), signal.getsignal(signal.SIGINT) == signal.SIG_DFL

    here = work(0)
    assert not here[1]
    assert share(work, 2)[:2] == [here, (here[0], True)]


def test_where_the_system_reaps_children_the_results_are_there() -> None:
    before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    try:
        assert [one[0] for one in share(square, 2)] == [number * number for number in NUMBERS]  # type: ignore[index]
    finally:
        signal.signal(signal.SIGCHLD, before)


ORPHANED = """
import os, signal, time
from pipeline.run.sharing import work_out

here = os.getpid()

def work(number):
    if os.getpid() == here:
        os.kill(here, signal.SIGKILL)
    if number > 1:
        os.write(1, b"went on")
    while os.getppid() == here:
        time.sleep(0.01)

list(work_out(work, list(range(16)), processes=2, seconds=60.0))
"""


def test_a_helper_goes_on_with_no_item_when_its_parent_is_gone() -> None:
    # What is written is read until the last process that could write is gone.
    done = subprocess.run([sys.executable, "-c", ORPHANED], stdout=subprocess.PIPE, check=False)
    assert done.returncode == -signal.SIGKILL
    assert done.stdout == b""


def test_other_threads_start_no_process() -> None:
    found: list[object] = []
    thread = threading.Thread(target=lambda: found.extend(share(square, 2)))
    thread.start()
    thread.join()
    assert found == [(number * number, True) for number in NUMBERS]


def test_an_item_is_worked_out_apart() -> None:
    assert work_apart(square, 3, seconds=60.0) == (9, False)
    assert children() == set()
    found: list[object] = []
    thread = threading.Thread(target=lambda: found.append(work_apart(square, 3, seconds=60.0)))
    thread.start()
    thread.join()
    assert found == [(9, True)]


@pytest.mark.parametrize("end", [lambda: os._exit(0), lambda: os.kill(os.getpid(), signal.SIGKILL), lambda: 1 / 0])
def test_an_item_whose_helper_ends_early_is_worked_out_here(end: Callable[[], object]) -> None:
    def work(number: int) -> tuple[int, bool]:
        if os.getpid() != HERE:
            end()
        return square(number)

    assert work_apart(work, 3, seconds=60.0) == (9, True)
    assert children() == set()


def test_what_goes_wrong_with_an_item_apart_goes_wrong_here() -> None:
    def work(number: int) -> int:
        if os.getpid() == HERE:
            raise StageError(f"item {number} is wrong; mend it")
        time.sleep(0.1)
        raise LookupError

    with pytest.raises(StageError, match="item 3 "):
        work_apart(work, 3, seconds=60.0)
    assert children() == set()


def test_a_helper_apart_ends_with_an_interruption() -> None:
    def work(number: int) -> int:
        time.sleep(60)
        return number

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.3)
        with pytest.raises(KeyboardInterrupt):
            work_apart(work, 3, seconds=60.0)
    finally:
        signal.signal(signal.SIGALRM, before)
    assert children() == set()


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
