"""What was read of a file is given to later runs of it as a reading would give it, and to no others."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.run import reading
from pipeline.run.options import Limits, Options
from pipeline.run.workers import WorkerPool
from tests import kept_readings
from tests.kept_readings import READ_EDITION, KeptReadings


class Unused(WorkerPool):
    """A pool that no task may be given to."""

    def __init__(self) -> None:
        super().__init__(1, 1)

    def submit(self, *task: object) -> None:  # type: ignore[override]
        raise AssertionError(task)


def test_a_later_run_has_the_same_without_reading(short_booklet: Path, tmp_path: Path) -> None:
    readings = KeptReadings(tmp_path / "readings")
    steps: list[tuple[str, int, int]] = []
    options = Options(progress=lambda *step: steps.append(step))
    with WorkerPool(1, Limits().megabytes) as pool:
        read = readings.read_edition(short_booklet, options, pool)
    told = [*steps]
    steps.clear()
    again = readings.read_edition(short_booklet, options, Unused())
    assert again.stored == read.stored
    assert steps == told
    assert again.analyses.keys() == read.analyses.keys()
    # Only so are the lines taken for those of the page (`take_analysis`).
    assert all(again.analyses[page.number].page is page for page in again.stored.content.pages)
    for changed in (
        replace(options, jobs=2),
        replace(options, limits=Limits(seconds=7)),
        replace(options, password=""),
    ):
        with pytest.raises(AssertionError):
            readings.read_edition(short_booklet, changed, Unused())


def test_a_copy_under_another_name_has_what_a_reading_of_it_gives(short_booklet: Path, tmp_path: Path) -> None:
    """The file is damaged at its end, so that there is an issue, which names the edition."""
    readings, options = KeptReadings(tmp_path / "readings"), Options()
    first, second = tmp_path / "first.pdf", tmp_path / "second.pdf"
    for path in (first, second):
        path.write_bytes(short_booklet.read_bytes()[:-20])
    with WorkerPool(1, Limits().megabytes) as pool:
        readings.read_edition(first, options, pool)
        read = READ_EDITION(second, options, pool)
    assert read.stored.edition.issues
    again = readings.read_edition(second, options, Unused())
    assert again.stored == read.stored
    assert all(again.analyses[page.number].page is page for page in again.stored.content.pages)


def test_where_a_test_puts_something_in_the_place_of_reading_that_is_done(
    short_booklet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    readings = KeptReadings(tmp_path / "readings")
    assert kept_readings.READ_GUARDED is reading.read_guarded
    with WorkerPool(1, Limits().megabytes) as pool:
        readings.read_edition(short_booklet, Options(), pool)
        monkeypatch.setattr(reading, "read_guarded", refuse)
        with pytest.raises(ZeroDivisionError):
            readings.read_edition(short_booklet, Options(), pool)
