"""Runner: stages in their order, any of them from the one before; one edition's failure is its own."""

from __future__ import annotations

import hashlib
import shutil
import unicodedata
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import yaml

import pipeline.run.runner
import pipeline.stages.segment.pages
from pipeline.errors import ExtractionError, InputError, InternalError, OutputError, SidecarError, StageError
from pipeline.models.geometry import Frozen
from pipeline.models.page import Glyphs, Page
from pipeline.run import reading
from pipeline.run.artefacts import artefact_path, read_artefact
from pipeline.run.options import Options
from pipeline.run.runner import emit_stage, extract, read_stage, run_edition, run_editions, run_stage
from pipeline.stages import STAGE_NAMES as STAGES
from pipeline.stages import STAGES as STAGE_TABLE
from pipeline.stages import Stage, stage_before, stages_after
from pipeline.stages.chapter.language import settle_language
from pipeline.stages.emit.edition import load_edition, render_edition
from pipeline.stages.emit.swap import lock_folder
from tests.synthetic import make_edition


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
    assert [stages_after(stage)[0].name for stage in STAGES[:-1]] == list(STAGES[1:])
    assert [before.name for stage in STAGES[1:] if (before := stage_before(stage))] == list(STAGES[:-1])
    assert stage_before("read") is None


@pytest.mark.parametrize("stage", STAGE_TABLE, ids=lambda stage: stage.name)
def test_the_table_names_what_there_is(stage: Stage) -> None:
    assert callable(stage.load_function())
    assert stage.load_function().__module__.split(".")[:3] == ["pipeline", "stages", stage.name]
    if stage.name == "emit":
        assert stage.artefact is None
    else:
        assert issubclass(stage.load_artefact(), Frozen)


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


def test_extract_gives_the_same_and_writes_only_where_declared(
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


def test_progress_reports_every_stage_up_to_its_end(booklet: Path, tmp_path: Path) -> None:
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
    third = Path(shutil.copy(booklet, tmp_path / "third.pdf"))
    one, two, good = run_editions([booklet, other, third], Options(out=tmp_path / "out"))
    for outcome in (one, two):
        assert outcome.exit_code == 2
        assert str(booklet) in str(outcome.error)
        assert str(other) in str(outcome.error)
    assert good.status == "good"
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["third"]


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
    declared = {key: getattr(edition, key) for key in ("title", "publisher", "origin", "rights")}
    assert declared == {key: sidecar[key] for key in declared}
    booklet.with_suffix(".yaml").unlink()
    edition = extract(booklet).edition
    assert {getattr(edition, key) for key in declared} == {None}


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


def test_a_text_too_short_to_detect_its_language_takes_the_sidecar_s(booklet: Path) -> None:
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
    read = reading.read_guarded

    def fail_last_page(path: Path, *arguments: Any, **options: Any) -> reading.FileRead:
        source, analyses = read(path, *arguments, **options)
        last: Page = source.pages[-1].model_copy(
            update={
                "glyphs": Glyphs(),
                "rules": (),
                "fills": (),
                "links": (),
                "failure": "its content stream is damaged",
            }
        )
        failed = source.model_copy(update={"pages": (*source.pages[:-1], last), "repairs": ("a new cross-reference",)})
        return reading.FileRead(failed, analyses)

    monkeypatch.setattr(reading, "read_guarded", fail_last_page)
    report = extract(booklet).report
    assert report.status == "errors"
    found = {issue.code: issue for issue in report.issues}
    assert found["page_unreadable"].page == 4
    assert "damaged" in found["page_unreadable"].message
    assert found["repaired"].severity == "warning"
    assert report.repairs == ("a new cross-reference",)


def test_kept_artefacts_name_their_edition(booklet: Path, tmp_path: Path) -> None:
    run_edition(booklet, Options(out=tmp_path / "out", keep_stages=tmp_path / "stages"))
    for stage in STAGES[:-1]:
        stored = read_artefact(artefact_path(tmp_path / "stages", "short", stage), stage)
        assert (stored.stage, stored.edition.id, stored.edition.file) == (stage, "short", "short.pdf")


def test_several_processes_give_the_same_as_one(booklet: Path, tmp_path: Path) -> None:
    with pikepdf.open(booklet) as one, pikepdf.new() as long:
        for _ in range(3):
            long.pages.extend(one.pages)
        long.save(tmp_path / "long.pdf")
    files = []
    for jobs in (1, 2, 3):
        run_edition(tmp_path / "long.pdf", Options(out=tmp_path / f"out-{jobs}", jobs=jobs))
        files.append(contents(tmp_path / f"out-{jobs}" / "long"))
    assert len(files[0]) > 10
    assert all(other == files[0] for other in files)


def test_an_error_of_the_program_stops_no_other_file(
    booklet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever happens in one file, the others are done; the bad one has one line, a code of its own, a traceback."""
    segment = pipeline.stages.segment.pages.segment_edition

    def fail_on_one(stored: Any, **prepared: Any) -> Any:
        if stored.edition.id == "short":
            raise KeyError("nobody thought of this")
        return segment(stored, **prepared)

    monkeypatch.setattr(pipeline.stages.segment.pages, "segment_edition", fail_on_one)
    other = Path(shutil.copy(booklet, tmp_path / "other.pdf"))
    bad, good = run_editions([booklet, other], Options(out=tmp_path / "out"))
    assert (bad.exit_code, good.exit_code) == (70, 0)
    assert isinstance(bad.error, InternalError)
    assert "error of the program itself" in str(bad.error)
    assert "--debug" in str(bad.error)
    assert "fail_on_one" in bad.error.traceback
    assert "\n" not in str(bad.error)
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["other"]


def test_names_that_differ_by_normal_form_only_are_one_edition(tmp_path: Path) -> None:
    names = [unicodedata.normalize(form, "b\u0101rta.pdf") for form in ("NFC", "NFD")]
    assert names[0] != names[1]
    for outcome in run_editions([tmp_path / name for name in names], Options(out=tmp_path)):
        assert "same edition id" in str(outcome.error)
        assert r"/b\u0101rta.pdf" in str(outcome.error)
        assert r"/ba\u0304rta.pdf" in str(outcome.error)
