"""Cluster: the same outcomes and the same bytes as one after the other, by workers in other processes."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import logging
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pipeline import paths
from pipeline.cli.main import main
from pipeline.errors import InputError
from pipeline.run import cluster
from pipeline.run.cluster import run_on_cluster, run_task
from pipeline.run.identity import digest_package
from pipeline.run.options import Options, Outcome
from pipeline.run.runner import run_editions

if TYPE_CHECKING:
    from distributed import LocalCluster

pytestmark = [
    pytest.mark.check,
    pytest.mark.serial,
    pytest.mark.skipif(find_spec("distributed") is None, reason="pip install 'raccombat-pipeline[cluster]'"),
]

WORKERS = 2
EDITIONS = 5
BROKEN = 1
"""Which of the files is no PDF."""


@pytest.fixture(scope="module")
def local_cluster() -> Iterator[LocalCluster]:
    """Give a cluster of workers in processes of their own."""
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=WORKERS, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
    ) as running:
        yield running


@pytest.fixture
def editions(short_booklet: Path, tmp_path: Path) -> list[Path]:
    """Give copies of a booklet, and among them a file that is no PDF."""
    listed = [Path(shutil.copy(short_booklet, tmp_path / f"edition-{number}.pdf")) for number in range(EDITIONS)]
    listed[BROKEN].write_bytes(b"no PDF")
    return listed


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_cluster_gives_the_same_outcomes_and_bytes(
    local_cluster: LocalCluster, editions: list[Path], tmp_path: Path
) -> None:
    announced: list[str] = []
    here = list(run_editions(editions, Options(out=tmp_path / "here")))
    there = list(
        run_on_cluster(
            editions, Options(out=tmp_path / "there", announce=announced.append), local_cluster.scheduler_address
        )
    )
    assert contents(tmp_path / "there") == contents(tmp_path / "here")
    assert [outcome.source for outcome in there] == editions
    assert announced == [source.stem for source in editions]
    for one, other in zip(here, there, strict=True):
        assert (one.edition, one.summary, one.exit_code, str(one.error)) == (
            other.edition,
            other.summary,
            other.exit_code,
            str(other.error),
        )
    assert [outcome.error is not None for outcome in there] == [number == BROKEN for number in range(EDITIONS)]


def test_a_cluster_sets_errors_aside_too(
    local_cluster: LocalCluster, short_booklet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder is named as the caller names it: relative, while the workers are given an absolute path."""
    source = Path(shutil.copy(short_booklet, tmp_path / "short.pdf"))
    monkeypatch.chdir(tmp_path)
    options = Options(out=Path("out"))
    (first,) = run_on_cluster([source], options, local_cluster.scheduler_address)
    assert (first.status, first.folder, first.set_aside) == ("good", Path("out") / "short", False)
    before = contents(tmp_path / "out")
    # The declared language is not that of the text, which is an error.
    digest = hashlib.sha256(source.read_bytes()).hexdigest()
    source.with_suffix(".yaml").write_text(
        f"title: t\npublisher: p\nlanguage: en\norigin: o\nsha256: {digest}\n", encoding="utf-8"
    )
    (second,) = run_on_cluster([source], options, local_cluster.scheduler_address)
    assert (second.status, second.folder, second.set_aside) == ("errors", Path("out") / ".errors" / "short", True)
    assert second.validated is not None
    assert {name: content for name, content in contents(tmp_path / "out").items() if name in before} == before
    (third,) = run_on_cluster([source], replace(options, replace=True), local_cluster.scheduler_address)
    assert (third.folder, third.set_aside) == (Path("out") / "short", False)


def test_workers_read_the_words_of_the_folder_that_was_chosen(
    local_cluster: LocalCluster, short_booklet: Path, tmp_path: Path
) -> None:
    """In a folder of the user's own the first label is misspelt, so that the edition's is unknown."""
    own = tmp_path / "words"
    shutil.copytree(paths.SCHEMAS / "lv", own / "lv")
    labels = own / "lv" / "labels.yaml"
    labels.write_text('locations: [{text: "Xyz", status: verified}]\n', encoding="utf-8")
    with paths.use_schemas(own):
        options = Options(out=tmp_path / "out")
        (outcome,) = run_on_cluster([short_booklet], options, local_cluster.scheduler_address)
    assert outcome.status == "errors"
    assert outcome.validated is not None
    assert "unknown_label" in {issue.code for issue in outcome.validated.report.issues}


def test_workers_are_other_processes(local_cluster: LocalCluster) -> None:
    from distributed import Client

    with Client(local_cluster.scheduler_address) as client:
        processes = set(client.run(os.getpid).values())
    assert len(processes) == WORKERS
    assert os.getpid() not in processes


def test_a_lost_worker_costs_only_its_tasks(local_cluster: LocalCluster, editions: list[Path], tmp_path: Path) -> None:
    from distributed import Client

    with Client(local_cluster.scheduler_address) as client:
        before = set(client.run(os.getpid).values())
    ended: list[Outcome] = []
    for outcome in run_on_cluster(editions, Options(out=tmp_path / "there"), local_cluster.scheduler_address):
        if not ended:
            os.kill(min(before), signal.SIGKILL)
        ended.append(outcome)
    assert [outcome.edition for outcome in ended] == [source.stem for source in editions]
    assert [outcome.error is None for outcome in ended] == [number != BROKEN for number in range(EDITIONS)]
    list(run_editions(editions, Options(out=tmp_path / "here")))
    finished = {
        name: content
        for name, content in contents(tmp_path / "there").items()
        if not name.startswith(".")  # a killed run's lock file; the lock itself ends with its process
    }
    assert finished == contents(tmp_path / "here")


def test_the_command_runs_on_a_cluster(
    local_cluster: LocalCluster, editions: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["run", *map(str, editions), "--out", str(tmp_path / "out"), "--json", "--quiet"]
    code = main([*words, "--scheduler", local_cluster.scheduler_address])
    summary = json.loads(capsys.readouterr().out)
    assert main(words) == code
    assert json.loads(capsys.readouterr().out) == summary
    assert [edition["error"] is None for edition in summary["editions"]] == [n != BROKEN for n in range(EDITIONS)]


def test_an_unknown_scheduler_is_one_clear_line(
    short_booklet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 0.5)
    with pytest.raises(InputError, match=r"no scheduler answers at tcp://127\.0\.0\.1:9 "):
        list(run_on_cluster([short_booklet], Options(out=tmp_path), "tcp://127.0.0.1:9"))


def test_without_the_extra_the_line_says_what_to_install(
    short_booklet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(InputError, match=r"raccombat-pipeline\[cluster\]"):
        list(run_on_cluster([short_booklet], Options(out=tmp_path), "tcp://127.0.0.1:9"))


def test_two_files_of_one_id_are_refused_and_the_others_done(
    local_cluster: LocalCluster, short_booklet: Path, tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    twin = Path(shutil.copy(short_booklet, tmp_path / "other" / short_booklet.name))
    third = Path(shutil.copy(short_booklet, tmp_path / "third.pdf"))
    files = [short_booklet, twin, third]
    ended = list(run_on_cluster(files, Options(out=tmp_path / "out"), local_cluster.scheduler_address))
    assert [outcome.source for outcome in ended] == files
    assert ["same edition id" in str(outcome.error) for outcome in ended] == [True, True, False]
    assert ended[2].status == "good"


def test_a_worker_of_another_version_runs_nothing(short_booklet: Path, tmp_path: Path) -> None:
    answer = run_task(short_booklet, Options(out=tmp_path / "out"), "another", paths.own_schemas())
    assert answer.error is not None
    assert "another version" in str(answer.error)
    assert not (tmp_path / "out").exists()
    assert run_task(short_booklet, Options(out=tmp_path / "out"), digest_package(), paths.own_schemas()).error is None


def test_a_cluster_without_workers_is_said_soon(
    short_booklet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from distributed import LocalCluster

    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 1)
    with (
        LocalCluster(n_workers=0, processes=True, dashboard_address=None, silence_logs=50) as empty,
        pytest.raises(InputError, match="has no workers; start some with `dask worker"),
    ):
        list(run_on_cluster([short_booklet], Options(out=tmp_path), empty.scheduler_address))


def test_connecting_and_waiting_for_workers_have_one_deadline(
    short_booklet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A scheduler that answers late, and has no workers: both are waited for within ten seconds."""
    now, waited = 0.0, []

    class LateClient(contextlib.nullcontext["LateClient"]):
        def __init__(self, address: str, timeout: float) -> None:
            nonlocal now
            super().__init__(self)
            now += timeout - 0.1

        def wait_for_workers(self, number: int, timeout: float) -> None:
            waited.append(timeout)
            raise TimeoutError

    monkeypatch.setattr("distributed.Client", LateClient)
    monkeypatch.setattr(cluster.time, "monotonic", lambda: now)
    with pytest.raises(InputError, match="has no workers"):
        list(run_on_cluster([short_booklet], Options(out=tmp_path), "tcp://127.0.0.1:9"))
    assert now + sum(waited) < 10


def test_a_scheduler_that_dies_is_an_error_of_each_file(
    editions: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from distributed import Client

    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 2)
    monkeypatch.setattr(cluster, "POLL_SECONDS", 0.5)
    said, logger = io.StringIO(), logging.getLogger("distributed")  # the library's own words on it
    logger.addHandler(handler := logging.StreamHandler(said))
    command = [
        sys.executable,
        "-m",
        "distributed.cli.dask_scheduler",
        "--port",
        "0",
        "--no-dashboard",
        "--scheduler-file",
    ]
    found = tmp_path / "scheduler.json"
    scheduler = subprocess.Popen([*command, str(found)], stderr=subprocess.DEVNULL)
    worker = subprocess.Popen(
        [sys.executable, "-m", "distributed.cli.dask_worker", "--scheduler-file", str(found), "--nthreads", "1"],
        stderr=subprocess.DEVNULL,
    )
    try:
        while not found.exists():
            time.sleep(0.1)
        address = json.loads(found.read_text())["address"]
        with Client(address) as client:
            client.wait_for_workers(1, timeout=120)
        outcomes = []
        for outcome in run_on_cluster(editions, Options(out=tmp_path / "out"), address):
            scheduler.kill()
            outcomes.append(outcome)
        assert len(outcomes) == EDITIONS
        assert "scheduler" in str(outcomes[-1].error)
        assert outcomes[-1].exit_code == 4
        assert said.getvalue() == ""
    finally:
        logger.removeHandler(handler)
        for process in (scheduler, worker):
            process.kill()
            process.wait()
