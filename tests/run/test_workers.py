"""The worker pool: what hangs, crashes or needs too much memory costs its task, and workers end with their process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import deque
from pathlib import Path

import pikepdf
import pytest

from pipeline.errors import InputError, LimitError
from pipeline.models.page import Glyphs, Page
from pipeline.paths import RAW
from pipeline.run import reading
from pipeline.run.options import Limits, Options
from pipeline.run.workers import PoolError, TaskError, WorkerPool, call_worker, take_result
from pipeline.stages.segment.pages import segment_pages
from tests.run import tasks
from tests.stages.read.building import write_pdf

MEGABYTES = 400


def take(pool: WorkerPool, seconds: float, function: object, *args: object) -> object:
    return take_result(pool.submit(seconds, function, *args), time.monotonic() + 60)  # type: ignore[arg-type,var-annotated]


def test_tasks_are_done_in_other_processes_and_given_back_in_order() -> None:
    with WorkerPool(2, MEGABYTES) as pool:
        futures = [pool.submit(30, tasks.square, number) for number in range(20)]
        found = [take_result(future, time.monotonic() + 60) for future in futures]
    assert [square for square, _ in found] == [number**2 for number in range(20)]
    assert os.getpid() not in {pid for _, pid in found}


@pytest.mark.parametrize(
    ("task", "said"),
    [
        (tasks.hang, "more than 1 seconds"),
        (tasks.hang_in_c, "more than 1 seconds"),
        (tasks.crash, "signal SIGSEGV"),
        (tasks.leave, "exit code 7"),
        (tasks.fill_memory, "more memory than the limit allows"),
        (tasks.fail, "ValueError: of no use"),
    ],
)
def test_a_bad_task_costs_itself_only(task: object, said: str) -> None:
    with WorkerPool(1, MEGABYTES) as pool:
        before, bad, after = (
            pool.submit(30, tasks.square, 2),
            pool.submit(1 if said.startswith("more than") else 30, task),
            pool.submit(30, tasks.square, 3),
        )  # type: ignore[arg-type,var-annotated]
        assert take_result(before, time.monotonic() + 60)[0] == 4
        with pytest.raises(TaskError, match=said):
            take_result(bad, time.monotonic() + 60)
        assert take_result(after, time.monotonic() + 60)[0] == 9


def test_an_error_of_the_pipeline_s_own_comes_back_as_it_is() -> None:
    with WorkerPool(1, MEGABYTES) as pool, pytest.raises(InputError, match="no such file") as caught:
        take(pool, 30, tasks.refuse)
    assert (caught.value.edition, caught.value.page) == ("some", 3)


def test_a_worker_can_open_no_more_memory_than_it_is_given() -> None:
    with WorkerPool(1, MEGABYTES) as pool:
        assert take(pool, 30, tasks.read_memory_limit) == MEGABYTES * 1024 * 1024


def test_an_error_ends_what_the_workers_are_at() -> None:
    with WorkerPool(1, MEGABYTES) as pool:
        _, worker = take(pool, 30, tasks.square, 1)  # type: ignore[misc]
        pool.submit(300, tasks.hang)
        with pytest.raises(InputError), pool.discarded_on_error():
            raise InputError("the file is given up")
        assert not Path(f"/proc/{worker}").exists()
        assert take(pool, 30, tasks.square, 2)[0] == 4  # type: ignore[index]


def test_a_pool_that_is_stopped_takes_no_task_and_its_processes_end_with_the_context() -> None:
    with WorkerPool(1, MEGABYTES) as pool:
        _, worker = call_worker(pool, "some.pdf", 10, tasks.square, 3)
        pool.stop()
        with pytest.raises(PoolError):
            pool.submit(10, tasks.square, 3)
    with pytest.raises(ProcessLookupError):
        os.kill(worker, 0)


def test_workers_that_are_ended_from_outside_are_an_error_that_says_so() -> None:
    with WorkerPool(1, MEGABYTES) as pool:
        _, worker = take(pool, 30, tasks.square, 1)  # type: ignore[misc]
        future = pool.submit(60, tasks.hang)
        time.sleep(1)
        os.kill(worker, signal.SIGKILL)
        with pytest.raises(TaskError, match="signal SIGKILL"):
            take_result(future, time.monotonic() + 60)
        with pytest.raises(LimitError, match="more by --time-limit"):
            call_worker(pool, "some.pdf", 1, tasks.hang)


def test_a_library_that_aborts_is_said_to_lack_memory() -> None:
    """So qpdf and pdfium end where they get none."""
    with WorkerPool(1, MEGABYTES) as pool, pytest.raises(LimitError, match=r"SIGABRT.*memory.*--memory-limit"):
        call_worker(pool, "some.pdf", 10, tasks.abort)


def test_where_no_process_can_be_started_the_pool_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: int) -> None:
        raise OSError(11, "Resource temporarily unavailable")

    monkeypatch.setattr("pipeline.run.workers.start_fork_server", refuse)
    with WorkerPool(1, MEGABYTES) as pool:
        pool.prepare()
        with pytest.raises(PoolError, match="unavailable"):
            pool.submit(1, tasks.square, 1)


SCRIPT = """
import sys
sys.path.insert(0, {repository!r})
from pathlib import Path
from pipeline import extract
print(len(extract({pdf!r}).practices), flush=True)
"""


def test_a_plain_script_needs_no_guard_for_its_main_module(short_booklet: Path, tmp_path: Path) -> None:
    """What starts processes by Python's own means runs the script again in each, where it is not written for that."""
    script = tmp_path / "script.py"
    script.write_text(SCRIPT.format(repository=str(Path(__file__).parents[2]), pdf=str(short_booklet)))
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("4\n", "")


def test_a_folder_of_the_packages_name_where_the_program_is_called_is_left_alone(
    short_booklet: Path, tmp_path: Path
) -> None:
    for name in ("pipeline", "pdfplumber", "multiprocessing"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("raise SystemExit('this is another program')")
    program = Path(sys.executable).with_name("pipeline")
    done = subprocess.run([program, "rows", short_booklet, "--json"], cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_limits_grow_with_a_long_file_unless_they_are_given() -> None:
    assert Limits().scale(55).seconds == Limits().seconds
    assert Limits().scale(5_000).seconds == 1250
    assert Limits(seconds=10, page_allowance=0).scale(5_000).seconds == 10


@pytest.fixture(scope="module")
def fullest_page() -> Page:
    """The page of the reference edition that has most glyphs."""
    with WorkerPool(1, 1024) as pool:
        pages = reading.read_guarded(RAW / "raccombat-lv.pdf", Options(), pool).source.pages
    return max(pages, key=lambda page: len(page.glyphs))


@pytest.mark.parametrize(("copies", "fits"), [(1, True), (3, False)])
def test_5000_plain_pages_are_read_under_the_defaults(
    fullest_page: Page, monkeypatch: pytest.MonkeyPatch, *, copies: int, fits: bool
) -> None:
    """Pages as full as the booklet's fullest one; 5,000 pages with three times its glyphs are too many."""
    with WorkerPool(1, 1024) as pool:
        full = fullest_page.model_copy(update={"glyphs": Glyphs([*fullest_page.glyphs] * copies)})
        many = [(full.model_copy(update={"number": number}), (), None) for number in range(1, 5_001)]
        monkeypatch.setattr(reading._Reading, "begin_pages", lambda self, opened: deque(many))
        monkeypatch.setattr(reading._Reading, "_take_page", lambda self, file, number, task: task)
        if fits:
            assert len(reading.read_guarded(RAW / "raccombat-lv.pdf", Options(), pool).source.pages) == 5_000
        else:
            with pytest.raises(LimitError, match="--memory-limit"):
                reading.read_guarded(RAW / "raccombat-lv.pdf", Options(), pool)


def test_a_crash_in_the_second_reading_costs_the_second_reading_of_that_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "pages.pdf"
    with pikepdf.open(write_pdf(tmp_path / "page.pdf", "BT /F 10 Tf 50 300 Td (Open) Tj ET")) as pdf:
        for _ in range(3):
            pdf.pages.append(pdf.pages[0])
        pdf.save(path)
    monkeypatch.setattr(reading, "read_and_prepare", tasks.read_but_crash_on_page_2)
    with WorkerPool(1, MEGABYTES) as pool:
        source, analyses = reading.read_guarded(path, Options(), pool)
    pages = source.pages
    assert sorted(analyses) == [1, 4]
    prepared = segment_pages(source, prepared=analyses)
    assert not analyses
    assert prepared == segment_pages(source)
    assert [len(page.glyphs) for page in pages] == [4, 4, 0, 4]
    assert [page.failure is None for page in pages] == [True, True, False, True]
    assert "SIGSEGV" in str(pages[2].failure)
    seconds = [page.second for page in pages if page.second is not None]
    assert [second.failure is None for second in seconds] == [True, False, True]
    assert "SIGSEGV" in str(seconds[1].failure)


def test_a_second_reading_that_does_not_end_costs_that_reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_pdf(tmp_path / "page.pdf", "BT /F 10 Tf 50 300 Td (Open) Tj ET")
    monkeypatch.setattr(reading, "read_and_prepare", tasks.read_but_hang)
    with WorkerPool(1, MEGABYTES) as pool:
        (page,) = reading.read_guarded(path, Options(limits=Limits(seconds=20)), pool).source.pages
    assert (len(page.glyphs), page.failure) == (4, None)
    assert page.second is not None
    assert "more than 2 seconds" in str(page.second.failure)
