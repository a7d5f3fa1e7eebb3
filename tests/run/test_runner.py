"""Runner: stages in their order, any of them from the one before; one edition's failure is its own."""

from __future__ import annotations

import gc
import hashlib
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pikepdf
import pytest
import yaml

import pipeline.run.runner
import pipeline.stages.segment
from pipeline.errors import ExtractionError, InputError, OutputError, SidecarError, StageError
from pipeline.models.layout import TextLine
from pipeline.models.page import Glyphs, Page, Source
from pipeline.run.artefacts import ARTEFACT_NAMES, artefact_path, read_artefact
from pipeline.run.runner import (
    Options,
    StageName,
    emit_stage,
    extract,
    read_stage,
    run_edition,
    run_editions,
    run_stage,
    settle_language,
    stage_after,
    stage_before,
)
from pipeline.stages.emit.edition import load_edition, render_edition
from pipeline.stages.emit.swap import lock_folder
from tests.synthetic import make_edition

STAGES: tuple[StageName, ...] = (*ARTEFACT_NAMES, "emit")


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def write_sidecar(source: Path, **changes: str) -> None:
    content = {
        "title": "Short",
        "publisher": None,
        "language": "lv",
        "sha256": hashlib.sha256(source.read_bytes()).hexdigest(),
        "origin": "typeset by the tests",
    }
    source.with_suffix(".yaml").write_text(yaml.safe_dump({**content, **changes}))


@pytest.fixture
def booklet(short_booklet: Path, tmp_path: Path) -> Path:
    """A copy that a test may change."""
    return Path(shutil.copy(short_booklet, tmp_path / "short.pdf"))


def test_stages_follow_one_another() -> None:
    assert [stage_after(stage) for stage in ARTEFACT_NAMES] == list(STAGES[1:])
    assert [stage_before(stage) for stage in STAGES[1:]] == list(ARTEFACT_NAMES)
    with pytest.raises(StageError, match="takes a PDF"):
        stage_before("read")


def test_a_pdf_without_a_sidecar_runs(booklet: Path, tmp_path: Path) -> None:
    validated = run_edition(booklet, Options(out=tmp_path / "out"))
    assert validated.edition.id == "short"
    assert validated.edition.language == "lv"
    assert [practice.id for practice in validated.practices] == ["bg-1", "lt-1", "nl-1", "be-1"]
    assert load_edition(tmp_path / "out" / "short") == validated
    assert validated.report.counts.residue == 0


def test_same_input_same_bytes(booklet: Path, tmp_path: Path) -> None:
    for out in ("one", "two", "two"):
        run_edition(booklet, Options(out=tmp_path / out))
    assert contents(tmp_path / "one" / "short") == contents(tmp_path / "two" / "short")


def test_extract_gives_the_same_and_writes_only_where_told(
    booklet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.iterdir())
    validated = extract(str(booklet))
    assert sorted(tmp_path.iterdir()) == before
    assert extract(booklet, out=tmp_path / "out") == validated
    assert load_edition(tmp_path / "out" / "short") == validated


def test_any_stage_runs_from_the_artefact_of_the_one_before(booklet: Path, tmp_path: Path) -> None:
    kept = tmp_path / "stages"
    validated = run_edition(booklet, Options(out=tmp_path / "out", keep_stages=kept))
    files = contents(tmp_path / "out" / "short")
    booklet.unlink()
    for stage in STAGES[1:]:
        out = tmp_path / f"from-{stage}"
        assert run_edition(booklet, Options(out=out, keep_stages=kept, from_stage=stage)) == validated
        assert contents(out / "short") == files


def test_single_stages_make_the_whole(booklet: Path, tmp_path: Path) -> None:
    options = Options(out=tmp_path / "out")
    stored = read_stage(booklet, options)
    for stage in STAGES[1:-1]:
        stored = run_stage(stage, stored, options)
    with lock_folder(options.out, "short"):
        folder = emit_stage(stored, options)
    assert contents(folder) == render_edition(extract(booklet))


def test_a_stage_refuses_the_wrong_artefact(booklet: Path) -> None:
    stored = read_stage(booklet, Options())
    with pytest.raises(StageError, match="'stitch' takes the artefact of 'segment', not that of 'read'"):
        run_stage("stitch", stored, Options())


def test_kept_artefacts_of_another_file_are_refused(booklet: Path, tmp_path: Path) -> None:
    options = Options(out=tmp_path / "out", keep_stages=tmp_path / "stages")
    run_edition(booklet, options)
    booklet.write_bytes(booklet.read_bytes() + b"\n%")
    with pytest.raises(StageError, match="made from another file"):
        run_edition(booklet, Options(out=options.out, keep_stages=options.keep_stages, from_stage="map"))


def test_from_stage_needs_kept_artefacts(booklet: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="give it by --keep-stages"):
        run_edition(booklet, Options(out=tmp_path, from_stage="map"))


def test_progress_tells_every_stage_up_to_its_end(booklet: Path, tmp_path: Path) -> None:
    steps: list[tuple[str, int, int]] = []
    run_edition(booklet, Options(out=tmp_path, progress=lambda stage, done, total: steps.append((stage, done, total))))
    last = {stage: (done, total) for stage, done, total in steps}
    assert tuple(last) == STAGES
    assert all(done == total for done, total in last.values())
    assert [done for stage, done, _ in steps if stage == "read"] == [0, 1, 2, 3, 4]


def test_a_failed_edition_does_not_keep_others_from_running(booklet: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.4 and nothing more")
    outcomes = list(run_editions([broken, tmp_path / "absent.pdf", booklet], Options(out=tmp_path / "out")))
    assert [outcome.status for outcome in outcomes][:2] == ["failed", "failed"]
    assert [outcome.exit_code for outcome in outcomes][:2] == [2, 2]
    assert [str(outcome.error).split(":")[0] for outcome in outcomes[:2]] == ["broken.pdf", "absent.pdf"]
    assert outcomes[2].validated is not None
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["short"]


def test_two_files_of_one_name_would_be_one_folder(booklet: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = Path(shutil.copy(booklet, tmp_path / "other" / "short.pdf"))
    with pytest.raises(InputError, match="same edition id"):
        list(run_editions([booklet, other], Options(out=tmp_path / "out")))


def test_a_failed_run_leaves_the_last_good_output(booklet: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run_edition(booklet, Options(out=out))
    before = contents(out / "short")
    booklet.write_bytes(booklet.read_bytes()[:2000])
    with pytest.raises(ExtractionError):
        run_edition(booklet, Options(out=out))
    write_sidecar(booklet, sha256="0" * 64)
    with pytest.raises(SidecarError, match="describes another file"):
        run_edition(booklet, Options(out=out))
    assert contents(out / "short") == before
    assert [path.name for path in out.iterdir()] == ["short"]


def test_two_runs_at_once_do_not_mix(booklet: Path, tmp_path: Path) -> None:
    with lock_folder(tmp_path / "out", "short"), pytest.raises(OutputError, match="another run"):
        run_edition(booklet, Options(out=tmp_path / "out"))


def test_what_the_sidecar_says_of_the_source_stands_in_the_edition(booklet: Path) -> None:
    write_sidecar(booklet, rights="CC-BY-4.0")
    edition = extract(booklet).edition
    sidecar = yaml.safe_load(booklet.with_suffix(".yaml").read_text())
    told = {key: getattr(edition, key) for key in ("title", "publisher", "origin", "rights")}
    assert told == {key: sidecar[key] for key in told}
    booklet.with_suffix(".yaml").unlink()
    edition = extract(booklet).edition
    assert {getattr(edition, key) for key in told} == {None}


def test_the_sidecar_s_language_is_checked(booklet: Path) -> None:
    write_sidecar(booklet)
    assert "language" not in {issue.code.split("_")[0] for issue in extract(booklet).report.issues}
    options = Options()
    write_sidecar(booklet, language="de")
    stored = run_stage("stitch", run_stage("segment", read_stage(booklet, options), options), options)
    info = settle_language(stored.edition, stored.content)
    assert info.language == "de"
    (issue,) = [issue for issue in info.issues if issue.code == "language_disagrees"]
    assert issue.severity == "error"
    assert "'de'" in issue.message
    assert "'lv'" in issue.message


def test_a_text_too_short_to_tell_its_language_takes_the_sidecar_s(booklet: Path) -> None:
    options = Options()
    stored = run_stage("stitch", run_stage("segment", read_stage(booklet, options), options), options)
    empty = stored.content.model_copy(update={"content": ()})
    info, _ = make_edition()
    declared = settle_language(info.model_copy(update={"declared_language": "lv", "language": None}), empty)
    assert (declared.language, [issue.code for issue in declared.issues]) == ("lv", ["language_unconfirmed"])
    with pytest.raises(InputError, match=r"write a sidecar tiny\.yaml"):
        settle_language(info.model_copy(update={"language": None}), empty)


def test_a_page_that_could_not_be_read_is_an_error_in_the_report(
    booklet: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = pipeline.run.runner.read_guarded

    def fail_last_page(path: Path, **options: object) -> Source:
        source = read(path)
        last: Page = source.pages[-1].model_copy(
            update={
                "glyphs": Glyphs(),
                "rules": (),
                "fills": (),
                "links": (),
                "failure": "its content stream is damaged",
            }
        )
        return source.model_copy(update={"pages": (*source.pages[:-1], last), "repairs": ("a new cross-reference",)})

    monkeypatch.setattr(pipeline.run.runner, "read_guarded", fail_last_page)
    report = extract(booklet).report
    assert report.status == "errors"
    found = {issue.code: issue for issue in report.issues}
    assert found["page_unreadable"].page == 4
    assert "damaged" in found["page_unreadable"].message
    assert found["repaired"].severity == "warning"
    assert report.repairs == ("a new cross-reference",)


def test_kept_artefacts_name_their_edition(booklet: Path, tmp_path: Path) -> None:
    run_edition(booklet, Options(out=tmp_path / "out", keep_stages=tmp_path / "stages"))
    for stage in ARTEFACT_NAMES:
        stored = read_artefact(artefact_path(tmp_path / "stages", "short", stage), stage)
        assert (stored.stage, stored.edition.id, stored.edition.file) == (stage, "short", "short.pdf")


def count_lines() -> int:
    """Count the lines of text that are held."""
    gc.collect()
    return sum(type(one) is TextLine for one in gc.get_objects())


@pytest.mark.parametrize("long", [False, True])
def test_a_chapter_is_let_go_when_its_practice_is_built(
    long: bool, booklet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if long:
        monkeypatch.setattr(pipeline.run.runner, "PAGES_AT_HAND", 3)
    held: dict[StageName, list[int]] = {}
    before = count_lines()
    run_edition(
        booklet,
        Options(
            out=tmp_path / "out",
            progress=lambda stage, *_: held.setdefault(stage, []).append(count_lines() - before),
        ),
    )
    whole, left = held["chapter"][-1], held["normalise"]
    assert left == sorted(set(left), reverse=True)
    assert left[-1] < 10  # furniture
    assert whole < 10 if long else whole > 20  # a long file's rows are found elsewhere, and come back packed


def test_what_goes_wrong_with_a_long_file_is_told(
    booklet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline.run.runner, "PAGES_AT_HAND", 3)

    def fail(source: Source) -> None:
        raise StageError(f"{source.file} can't be segmented; mend it")

    monkeypatch.setattr("pipeline.stages.segment.segment_pages", fail)
    with pytest.raises(StageError, match=r"short\.pdf can't be segmented"):
        run_edition(booklet, Options(out=tmp_path / "out"))


AHEAD = """
import sys
from pathlib import Path
from pipeline.run.runner import {name}
{call}
looked_for = {{"pipeline.stages.stitch", "pipeline.stages.normalise", "langdetect", "spacy", "pipeline.stages.map"}}
print(*sorted(looked_for & set(sys.modules)))
"""


@pytest.mark.parametrize(
    ("call", "loaded"),
    [
        ("_load_ahead(Path(sys.argv[1]))", "pipeline.stages.stitch"),
        ("_load_libraries('lv')", "langdetect pipeline.stages.map pipeline.stages.normalise spacy"),
        ("_load_libraries(None)", "langdetect pipeline.stages.map pipeline.stages.normalise spacy"),
    ],
)
def test_libraries_are_loaded_when_the_pages_are_read(booklet: Path, call: str, loaded: str) -> None:
    write_sidecar(booklet)
    command = [sys.executable, "-c", AHEAD.format(name=call.partition("(")[0], call=call), str(booklet)]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.split() == loaded.split()


@pytest.mark.parametrize("sidecar", [True, False])
@pytest.mark.parametrize("loaded", [True, False])
def test_the_words_of_a_later_edition_are_made_ready_while_it_is_read(
    loaded: bool, sidecar: bool, booklet: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if sidecar:
        write_sidecar(booklet)
    languages: list[str] = []
    monkeypatch.setattr(pipeline.run.runner, "_are_libraries_loaded", lambda: loaded)
    monkeypatch.setattr(pipeline.run.runner, "_prepare_words", languages.append)
    pipeline.run.runner._load_ahead(booklet)
    assert languages == ["lv"] * (loaded and sidecar)


def test_what_can_not_be_loaded_is_told_by_the_stage_that_needs_it(
    booklet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_sidecar(booklet)
    monkeypatch.setattr(pipeline.run.runner, "_are_libraries_loaded", lambda: False)

    tried: list[str] = []

    def fail(language: str) -> None:
        tried.append(language)
        raise MemoryError

    monkeypatch.setattr(pipeline.run.runner, "_prepare_words", fail)
    assert run_edition(booklet, Options(out=tmp_path / "out", jobs=2)).report.status == "good"
    assert set(tried) == {"lv"}  # beside the search for rows, and once more by the stages


def test_where_no_thread_can_be_started_the_stages_load_what_they_need(
    booklet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", fail)
    monkeypatch.setattr(pipeline.run.runner, "_are_libraries_loaded", lambda: False)
    assert run_edition(booklet, Options(out=tmp_path / "out", jobs=2)).report.status == "good"


STRUCK = """
import os, signal, sys
from pathlib import Path
from pipeline.run.runner import Options, run_editions

class Strike:
    # The time is over, or memory, when a module is imported; once.
    def find_spec(self, name, path=None, target=None):
        if name == {name!r} and self in sys.meta_path:
            sys.meta_path.remove(self)
            {strike}

sys.meta_path.insert(0, Strike())
options = Options(out=Path(sys.argv[1]), jobs={jobs})
print(*(outcome.status for outcome in run_editions(map(Path, sys.argv[2:]), options)))
"""


@pytest.mark.parametrize(
    ("jobs", "name", "strike", "ends"),
    [
        # numpy is written in C: interrupted here, its generators can't be imported a second time.
        (1, "numpy.random._pickle", "os.kill(os.getpid(), signal.SIGALRM)", "failed good"),
        (2, "numpy.random._pickle", "os.kill(os.getpid(), signal.SIGALRM)", "failed good"),
        (2, "pipeline.run.sidecar", "raise MemoryError", "good good"),
        (1, "pipeline.stages.normalise", "raise MemoryError", "good good"),
        (2, "pipeline.stages.chapter.chapters", "raise MemoryError", "good good"),
    ],
)
def test_what_befalls_loading_is_over_with_the_edition(
    jobs: int, name: str, strike: str, ends: str, booklet: Path, tmp_path: Path
) -> None:
    other = shutil.copy(booklet, tmp_path / "other.pdf")
    script = STRUCK.format(name=name, strike=strike, jobs=jobs)
    command = [sys.executable, "-c", script, str(tmp_path / "out"), str(booklet), str(other)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ends.split()
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("pages", "jobs", "loaded", "kept", "apart"),
    [
        (100, 1, False, False, False),
        (100, 2, True, False, False),
        (100, 2, False, False, True),
        (100, 2, False, True, False),
        (3, 1, True, False, True),
        (3, 2, False, False, True),
        (3, 2, False, True, False),
    ],
)
def test_rows_are_found_apart_in_a_long_file_or_while_libraries_are_loaded(
    pages: int,
    jobs: int,
    loaded: bool,
    kept: bool,
    apart: bool,
    booklet: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    processes: list[str] = []
    monkeypatch.setattr(pipeline.run.runner, "PAGES_AT_HAND", pages)
    monkeypatch.setattr(pipeline.run.runner, "_are_libraries_loaded", lambda: loaded)
    monkeypatch.setattr(pipeline.run.runner, "_load_libraries", lambda language: processes.append("loaded"))
    segment = pipeline.stages.segment.segment_pages

    def segment_here(source: Source) -> object:
        processes.append("segmented")
        return segment(source)

    monkeypatch.setattr("pipeline.stages.segment.segment_pages", segment_here)
    options = Options(
        out=tmp_path / "out",
        jobs=jobs,
        keep_stages=tmp_path / "stages" if kept else None,
        progress=lambda stage, *_: processes.append(stage),
    )
    run_edition(booklet, options)
    # Before the rows are there: what is segmented apart is not told here.
    seen = [entry for entry in processes[: processes.index("stitch")] if entry in {"loaded", "segmented"}]
    assert seen == ([] if pages < 4 else ["loaded"]) if apart else ["segmented"]


def test_a_long_file_from_the_cache_is_the_same(booklet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline.run.runner, "PAGES_AT_HAND", 3)
    out, cache = tmp_path / "out", tmp_path / "cache"
    held: list[int] = []
    before = count_lines()
    options = Options(out=out, cache=cache, progress=lambda *_: held.append(count_lines() - before))
    run_edition(booklet, Options(out=out, cache=cache))
    first = contents(out / "short")
    for kept in ("chapter", "stitch"):
        shutil.rmtree(out)
        if kept == "stitch":
            for path in cache.glob("short/chapter-*"):
                path.unlink()
        run_edition(booklet, options)
        assert contents(out / "short") == first
    assert 0 < max(held) < 10  # furniture and headings


def test_several_processes_give_the_same_as_one(booklet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pikepdf.open(booklet) as one, pikepdf.new() as long:
        for _ in range(3):
            long.pages.extend(one.pages)
        long.save(tmp_path / "long.pdf")
    files = []
    for jobs, at_hand, loaded in ((1, 100, True), (1, 11, True), (2, 100, True), (2, 100, False), (3, 3, True)):
        monkeypatch.setattr(pipeline.run.runner, "PAGES_AT_HAND", at_hand)
        monkeypatch.setattr(pipeline.run.runner, "_are_libraries_loaded", lambda known=loaded: known)
        out = tmp_path / f"out-{jobs}-{at_hand}-{loaded}"
        run_edition(tmp_path / "long.pdf", Options(out=out, jobs=jobs))
        files.append(contents(out / "long"))
    assert len(files[0]) > 10
    assert all(other == files[0] for other in files)
