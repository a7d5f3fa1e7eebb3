"""Bench: what a command took is told whole, what is missing is skipped, and the table goes where it belongs."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

import bench.measuring
from bench import jobs
from bench.__main__ import MARKS, _put
from bench.corpus import make_long
from bench.measuring import Measure, MissingError, job, measure, measure_in_turn, measure_several
from pipeline.stages import STAGE_NAMES

MEGABYTE = 1_000_000


def python(script: str) -> list[str]:
    return [sys.executable, "-c", script]


def test_children_s_time_and_memory_count() -> None:
    work = f"sum(range(5_000_000)); held = bytearray({200 * MEGABYTE})"
    child = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {work!r}], check=True)"
    # From a small process, as the bench is: a child's memory begins with that of the process it is forked from.
    script = (
        "import sys, json; from bench.measuring import measure\n"
        f"found = [measure([sys.executable, '-c', work]) for work in ('pass', {child!r})]\n"
        "print(json.dumps([[taken.cpu, taken.megabytes] for taken in found]))"
    )
    done = subprocess.run(python(script), capture_output=True, text=True, check=True)
    (idle_cpu, idle_megabytes), (busy_cpu, busy_megabytes) = json.loads(done.stdout)
    assert busy_cpu > idle_cpu
    assert busy_megabytes >= 200 > idle_megabytes


def test_the_measuring_process_stays_small() -> None:
    """Its own memory is counted as that of what it starts: it imports nothing large and typesets nothing."""
    script = (
        "import sys, bench.__main__; print([n for n in ('pydantic', 'typst', 'pikepdf', 'spacy') if n in sys.modules])"
    )
    done = subprocess.run(python(script), capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_what_a_job_prints_is_taken_up() -> None:
    assert measure(python("print('noise'); print('{\"tables\": 3}')")).result == {"tables": 3}
    assert measure_several(python("pass"), 2).result == {}


def test_commands_are_run_in_turn_and_the_middle_of_each_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    runs = [(3.0, 1.0, 40.0), (9.0, 8.0, 10.0), (1.0, 5.0, 20.0), (7.0, 9.0, 30.0), (2.0, 2.0, 30.0), (8.0, 7.0, 20.0)]
    run = iter(runs)
    commands: list[str] = []

    def take(command: Sequence[str]) -> Measure:
        commands.extend(command)
        cpu, wall, megabytes = next(run)
        return Measure(cpu, wall, megabytes, {"cpu": cpu})

    monkeypatch.setattr(bench.measuring, "measure", take)
    taken = measure_in_turn({"a": ["one"], "b": ["two"]}, 3)
    assert commands == ["one", "two"] * 3
    assert taken == {"a": Measure(2.0, 2.0, 40.0, {"cpu": 2.0}), "b": Measure(8.0, 8.0, 30.0, {"cpu": 8.0})}


def test_missing_libraries_and_failures_are_told_apart() -> None:
    with pytest.raises(MissingError, match="no such library"):
        measure(python(f"import sys; print('no such library', file=sys.stderr); sys.exit({jobs.EXIT_MISSING})"))
    with pytest.raises(RuntimeError, match="exit code 2"):
        measure(python("import sys; sys.exit(2)"))
    assert measure(python("import sys; sys.exit(1)")).result == {}, "a run whose report holds errors is a run"


def test_a_job_without_its_library(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setitem(sys.modules, "camelot", None)
    assert jobs.main(["camelot", "any.pdf"]) == jobs.EXIT_MISSING
    assert "camelot" in capsys.readouterr().err


def test_the_jobs_on_a_booklet(short_booklet: Path) -> None:
    done = subprocess.run(job("floor", [str(short_booklet)]), capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["touched"] > 1000
    done = subprocess.run(job("stages", [str(short_booklet)]), capture_output=True, text=True, check=True)
    assert tuple(json.loads(done.stdout)["stages"]) == STAGE_NAMES


def test_a_long_file_has_the_pages_several_times(short_booklet: Path, tmp_path: Path) -> None:
    import pikepdf

    long = make_long(short_booklet, tmp_path / "new" / "long.pdf", 3)
    with pikepdf.open(short_booklet) as one, pikepdf.open(long) as many:
        assert len(many.pages) == 3 * len(one.pages)


def test_the_table_is_put_between_the_marks(tmp_path: Path) -> None:
    document = tmp_path / "document.md"
    document.write_text(f"before\n{MARKS[0]}\nold\n{MARKS[1]}\nafter\n")
    _put(document, "| new |\n")
    assert document.read_text() == f"before\n{MARKS[0]}\n| new |\n{MARKS[1]}\nafter\n"
    document.write_text("no marks\n")
    with pytest.raises(SystemExit):
        _put(document, "| new |\n")
    assert document.read_text() == "no marks\n"
