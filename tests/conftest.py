"""Fixtures for all tests: a small typeset booklet, a cache of its own, and how tests run side by side."""

from __future__ import annotations

import fcntl
import gc
import os
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pebble.common import CONSTS

from pipeline.quality.accuracy.accept import CI_VARIABLES
from pipeline.run import reading
from tests.browser import open_browser
from tests.fixtures.booklets import BOOKLETS
from tests.kept_readings import KeptReadings
from tests.processes import cpu_seconds

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

# A shell that starts a job in the background lets it ignore SIGINT (so does nohup), and processes inherit that; the
# tests of interrupted runs need the usual handler here and in what they start.
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


LONGEST = (
    "layouts/test_matrix.py",
    "hostile/test_hostile.py",
    "hostile/test_output_safety.py",
    "editions/test_mini_editions.py",
    "editions/test_drift.py",
    "factory/test_factory.py",
    "run/test_cache.py",
    "cli/test_cli.py",
    "editions/test_drafts.py",
    "cli/test_add.py",
    "golden/test_extracted.py",
    "run/test_runner.py",
)
"""Modules of `make test` that take five seconds and more, the longest first."""


CPU_SECONDS = pytest.StashKey[float]()
"""CPU time of the process and its children, up to the last report."""


CONSTS.sleep_unit = 0.01
"""Seconds between two looks of a worker pool at its workers, 0.1 as a rule: a pool waits for the next one as it ends,
and the tests start hundreds."""
CONSTS.term_timeout = 0.5
"""Seconds that a worker has to end by a request before it is killed, 3 as a rule."""


@contextmanager
def _locked(path: Path, kind: int) -> Iterator[None]:
    with path.open("a") as handle:
        fcntl.flock(handle, kind)
        try:
            yield
        finally:
            # Processes that a test has forked hold the file open too: only this ends their lock as well.
            fcntl.flock(handle, fcntl.LOCK_UN)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Let no other worker run a test while one that is marked `serial` runs.

    All others share a lock, a serial one takes it alone; the gate keeps newcomers out while it waits.
    """
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return (yield)
    folder = Path(item.config._tmp_path_factory.getbasetemp()).parent  # type: ignore[attr-defined]
    gate, running = folder / "gate.lock", folder / "running.lock"
    if item.get_closest_marker("serial"):
        with _locked(gate, fcntl.LOCK_EX), _locked(running, fcntl.LOCK_EX):
            return (yield)
    with _locked(gate, fcntl.LOCK_SH):
        pass
    with _locked(running, fcntl.LOCK_SH):
        return (yield)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with the modules that take longest, so that all workers end together: each runs whole modules."""
    ranks = {config.rootpath / "tests" / module: rank for rank, module in enumerate(LONGEST)}
    for module in ranks:
        assert module.is_file(), f"LONGEST names {module}, which is not there"
    items.sort(key=lambda item: ranks.get(item.path, len(ranks)))


def pytest_collection_finish() -> None:
    """Let no later search for cycles go through what was imported and collected: it stays to the end."""
    gc.collect()
    gc.freeze()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--suite-times", action="store_true", help="sum up the CPU seconds of each suite (CONTRIBUTING.md)"
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Note the CPU time since the report before: unlike a clock's, it is the same on a busy machine."""
    report = yield
    if not item.config.getoption("--suite-times"):
        return report
    now = cpu_seconds()
    report.cpu_seconds = now - item.config.stash.get(CPU_SECONDS, 0.0)
    item.config.stash[CPU_SECONDS] = now
    return report


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Print the CPU time that each suite took, with the processes that it started."""
    if not config.getoption("--suite-times"):
        return
    seconds: Counter[str] = Counter()
    for report in (report for group in terminalreporter.stats.values() for report in group):
        if isinstance(report, pytest.TestReport):
            suite = report.nodeid.partition("::")[0].split("/")[1:-1][:2]
            seconds["/".join(suite) or "tests"] += report.cpu_seconds
    terminalreporter.section("seconds of each suite")
    for suite, taken in seconds.most_common():
        terminalreporter.write_line(f"{taken:8.1f}  {suite}")


@pytest.fixture(scope="session", autouse=True)
def no_ci() -> Iterator[None]:
    """Run each test as on a desk: some commands refuse to work under CI, and tests of that say that they are there."""
    with pytest.MonkeyPatch.context() as patch:
        for variable in (*CI_VARIABLES, "GITHUB_STEP_SUMMARY"):
            patch.delenv(variable, raising=False)
        yield


@pytest.fixture(scope="session", autouse=True)
def kept_readings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Have each file read once, however many tests run it."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "read_edition", KeptReadings(folder / "readings").read_edition)
        yield


@pytest.fixture(scope="session")
def caches(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Names of folders for caches that are not there yet: to make a folder for each test took 0.6 ms a test."""
    folder = tmp_path_factory.mktemp("caches")
    return (folder / str(number) for number in count())


@pytest.fixture(autouse=True)
def own_cache(caches: Iterator[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the results of runs that a test starts from those of other tests and of the user."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(next(caches)))


@pytest.fixture(scope="session")
def driver() -> Iterator[Chrome]:
    """Give a browser."""
    yield from open_browser()


@pytest.fixture(scope="session")
def short_booklet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a PDF of four short practices on four pages, without a sidecar."""
    path = tmp_path_factory.mktemp("booklet") / "short.pdf"
    path.write_bytes(BOOKLETS["short"].load_pdf())
    return path
