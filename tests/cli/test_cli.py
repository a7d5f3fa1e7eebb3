"""Command line: what it prints, where, and with which exit code; errors are one line, never a traceback."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from pipeline import paths
from pipeline.cli.editions import describe_errors
from pipeline.cli.main import EXIT_CODES, build_parser, list_commands, main
from pipeline.models.edition import Report
from pipeline.models.page import Glyphs
from pipeline.models.practice import FIELDS, Practice
from pipeline.models.report import Issue
from pipeline.run import reading
from pipeline.stages.emit.edition import load_edition, render_edition
from pipeline.stages.emit.swap import lock_folder
from tests.lexicons import forget_labels

ERROR_LINE = re.compile(r"pipeline: error: [^\n]+\n")


@pytest.fixture(scope="module")
def extracted(short_booklet: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run of the short booklet."""
    out = tmp_path_factory.mktemp("extracted")
    assert main(["run", str(short_booklet), "--out", str(out), "--quiet"]) == 0
    return out


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_every_command_has_help_with_examples_and_exit_codes(capsys: pytest.CaptureFixture[str]) -> None:
    assert {"run", "rows", "stage", "schema", "show", "validate"} <= set(list_commands())
    for command in list_commands():
        assert main([command, "--help"]) == 0
        text = capsys.readouterr().out
        assert "examples:" in text, command
        assert f"pipeline {command}" in text.partition("examples:")[2], command
        assert EXIT_CODES in text, command


def test_readme_names_every_command_and_exit_code() -> None:
    assert paths.REPOSITORY is not None
    readme = (paths.REPOSITORY / "README.md").read_text()
    for command in list_commands():
        assert f"pipeline {command}" in readme, command
    for code in re.findall(r"^  (\d+) ", EXIT_CODES, flags=re.MULTILINE):
        assert f"| {code} |" in readme, code


def test_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    text = capsys.readouterr().out
    assert all(re.search(rf"^    {command}\b", text, flags=re.MULTILINE) for command in list_commands())


def test_only_the_wanted_command_is_built() -> None:
    assert "'run'" not in str(vars(build_parser("schema")))
    assert main(["--version"]) == 0


@pytest.mark.parametrize(
    ("words", "printed"),
    [
        (["run", "--jobs", "0"], "argument --jobs: '0' is no whole number from 1 to 64; see pipeline run --help"),
        (["run", "--jobs", "many"], "argument --jobs: 'many' is no whole number from 1 to 64; see pipeline run --help"),
        (
            ["run", "--time-limit", "soon"],
            "argument --time-limit: 'soon' is no number above 0; see pipeline run --help",
        ),
    ],
)
def test_a_wrong_number_is_named_in_words(words: list[str], printed: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 2
    assert capsys.readouterr().err == f"pipeline: error: {printed}\n"


@pytest.mark.parametrize(
    "command", [["labels", "nope"], ["diff", "short", "nope"], ["learn", "x.pdf", "--like", "nope"]]
)
def test_an_unknown_edition_is_reported_with_those_there_are(
    extracted: Path, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*command, "--out", str(extracted)]) == 2
    known = "there are: short; run it first: pipeline run"
    printed = f"pipeline: error: there is no extracted edition 'nope' in {extracted}/; {known}\n"
    assert capsys.readouterr().err == printed
    assert main([*command, "--out", "absent"]) == 2
    printed = capsys.readouterr().err
    assert ERROR_LINE.fullmatch(printed)
    assert printed.endswith("run: pipeline run\n")


@pytest.mark.parametrize("words", [["bogus"], ["run", "--frob"], ["stage"], ["stage", "weather", "a", "b"], ["show"]])
def test_wrong_usage_is_one_line_and_2(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 2
    assert ERROR_LINE.fullmatch(capsys.readouterr().err)


def test_no_command_shows_help_and_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "COMMAND" in capsys.readouterr().out


def write_locked(path: Path, source: Path) -> None:
    with pikepdf.open(source) as pdf:
        pdf.save(path, encryption=pikepdf.Encryption(user="open sesame", owner="owner"))


def write_without_pages(path: Path, source: Path) -> None:
    with pikepdf.new() as pdf:
        pdf.save(path)


def write_without_text(path: Path, source: Path) -> None:
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(path)


DAMAGES: dict[str, Callable[[Path, Path], object]] = {
    "missing": lambda path, source: None,
    "empty": lambda path, source: path.write_bytes(b""),
    "folder": lambda path, source: path.mkdir(),
    "text": lambda path, source: path.write_text("no PDF at all"),
    "truncated": lambda path, source: path.write_bytes(source.read_bytes()[:3000]),
    "locked": write_locked,
    "without_pages": write_without_pages,
    "without_text": write_without_text,
    "wrong_hash": lambda path, source: (
        shutil.copy(source, path),
        path.with_suffix(".yaml").write_text(f"title: t\npublisher: p\nlanguage: lv\norigin: o\nsha256: {'a' * 64}\n"),
    ),
    "bad_sidecar": lambda path, source: (
        shutil.copy(source, path),
        path.with_suffix(".yaml").write_text("title: only\n"),
    ),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_unusable_input_is_one_line_and_2(
    damage: str, short_booklet: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last good output of the edition stays as it is."""
    monkeypatch.delenv("PIPELINE_PDF_PASSWORD", raising=False)
    path, out = tmp_path / "some.pdf", tmp_path / "out"
    (out / "some").mkdir(parents=True)
    (out / "some" / "index.json").write_text("the last good one")
    DAMAGES[damage](path, short_booklet)
    for command in (["run", str(path), "--out", str(out)], ["rows", str(path)]):
        if command[0] == "rows" and damage in ("wrong_hash", "bad_sidecar"):
            continue
        assert main(command) == 2
        captured = capfd.readouterr()
        assert ERROR_LINE.fullmatch(captured.err), captured.err
        assert "some" in captured.err
        assert captured.out == ""
    assert contents(out / "some") == {"index.json": b"the last good one"}
    assert [found.name for found in out.iterdir()] == ["some"]


def test_a_locked_file_opens_with_its_password(
    short_booklet: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "locked.pdf"
    write_locked(path, short_booklet)
    monkeypatch.setenv("PIPELINE_PDF_PASSWORD", "wrong guess")
    assert main(["rows", str(path)]) == 2
    printed = capfd.readouterr().err
    assert "wrong guess" not in printed
    assert "another password" in printed
    monkeypatch.setenv("PIPELINE_PDF_PASSWORD", "open sesame")
    assert main(["rows", str(path), "--json"]) == 0
    by_variable = capfd.readouterr()
    monkeypatch.delenv("PIPELINE_PDF_PASSWORD")
    assert main(["rows", str(path), "--json", "--password", "open sesame"]) == 0
    assert capfd.readouterr().out == by_variable.out
    assert "sesame" not in by_variable.out + by_variable.err


def test_run_summarises_for_people(short_booklet: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["run", str(short_booklet), "--out", str(tmp_path)])
    captured = capsys.readouterr()
    assert captured.out.startswith("short: 4 practices, ")
    assert captured.err == ""
    assert ("good" in captured.out.split(":")[-1] and "NOT" not in captured.out) == (code == 0)


def test_run_summarises_for_programs(short_booklet: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    absent = str(tmp_path / "absent.pdf")
    assert main(["run", str(short_booklet), absent, "--out", str(tmp_path), "--json", "--quiet"]) == 2
    captured = capsys.readouterr()
    first, second = json.loads(captured.out)["editions"]
    assert (first["edition"], first["counts"]["practices"], first["error"]) == ("short", 4, None)
    assert first["folder"] == str(tmp_path / "short")
    assert (second["status"], second["exit_code"], second["counts"]) == ("failed", 2, None)
    assert ERROR_LINE.fullmatch(captured.err)


def test_quiet_run_says_nothing(short_booklet: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    main(["run", str(short_booklet), "--out", str(tmp_path), "--quiet"])
    assert tuple(capfd.readouterr()) == ("", "")


def test_errors_in_the_report_are_no_success(
    short_booklet: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = Path(shutil.copy(short_booklet, tmp_path / "short.pdf"))
    kept = str(tmp_path / "stages")
    main(["run", str(path), "--out", str(tmp_path / "out"), "--keep-stages", kept, "--quiet"])
    artefact = tmp_path / "stages" / "short" / "6-normalise.json"
    content = json.loads(artefact.read_text())
    content["edition"]["pages"][0]["glyphs"] += 1
    artefact.write_text(json.dumps(content))
    again = ["--keep-stages", kept, "--from-stage", "validate"]
    assert main(["run", str(path), "--out", str(tmp_path / "new"), *again]) == 1
    captured = capsys.readouterr()
    assert "NOT GOOD" in captured.out
    assert ERROR_LINE.fullmatch(captured.err)
    assert "--replace" not in captured.err
    assert main(["stage", "validate", str(artefact), str(tmp_path / "validated.json")]) == 1
    assert ERROR_LINE.fullmatch(capsys.readouterr().err)
    assert main(["validate", str(tmp_path / "new" / "short")]) == 1
    assert "1001 glyphs were read" in capsys.readouterr().err


def test_a_warning_that_keeps_an_edition_from_good_is_no_error(
    short_booklet: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = Path(shutil.copy(short_booklet, tmp_path / "short.pdf"))
    kept = ["--keep-stages", str(tmp_path / "stages")]
    main(["run", str(path), "--out", str(tmp_path / "out"), *kept, "--quiet"])
    artefact = tmp_path / "stages" / "short" / "6-normalise.json"
    content = json.loads(artefact.read_text())
    issue = Issue.of("text_layer_read", edition="short", page=2, reason="a picture")
    content["edition"]["issues"].append(issue.model_dump(mode="json"))
    artefact.write_text(json.dumps(content))
    assert main(["run", str(path), "--out", str(tmp_path / "new"), *kept, "--from-stage", "validate"]) == 1
    assert capsys.readouterr().err.startswith("pipeline: warning: not good: short, page 2: the page is a picture")


@pytest.fixture
def drifted(short_booklet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """Give a booklet and an output folder in which its good output stands; its next run finds labels unknown."""
    monkeypatch.setattr(paths, "SCHEMAS", Path(shutil.copytree(paths.SCHEMAS, tmp_path / "schemas")))
    path, out = Path(shutil.copy(short_booklet, tmp_path / "short.pdf")), tmp_path / "out"
    assert main(["run", str(path), "--out", str(out), "--quiet"]) == 0
    forget_labels(tmp_path / "schemas" / "lv" / "labels.yaml", "implementation_level", "organised_by")
    return path, out


def test_an_unknown_label_leaves_the_last_good_output(
    drifted: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    path, out = drifted
    before = contents(out / "short")
    for _ in range(2):
        assert main(["run", str(path), "--out", str(out)]) == 1
        captured = capsys.readouterr()
        assert ERROR_LINE.fullmatch(captured.err), captured.err
        assert "label '" in captured.err
        assert f"{out}/short stays as it was, the new output is in {out}/.errors/short; " in captured.err
        assert captured.err.endswith(f"take it over: pipeline run --replace {path} --out {out}\n")
        assert f"NOT GOOD, see {out}/.errors/short/report.json" in captured.out
        assert contents(out / "short") == before
        assert sorted(found.name for found in out.iterdir()) == [".errors", "short"]
    unmapped = json.loads((out / ".errors" / "short" / "bg-1.json").read_text())["unmapped"]
    assert [row["label"] for row in unmapped][:1] == ["Īstenošanas līmenis"]


def test_the_json_says_where_output_was_set_aside(
    drifted: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    path, out = drifted
    words = ["run", str(path), "--out", str(out), "--json", "--quiet"]
    assert main(words) == 1
    (printed,) = json.loads(capsys.readouterr().out)["editions"]
    expected = (str(out / ".errors" / "short"), True, "errors")
    assert (printed["folder"], printed["set_aside"], printed["status"]) == expected
    assert main([*words, "--replace"]) == 1
    (printed,) = json.loads(capsys.readouterr().out)["editions"]
    assert (printed["folder"], printed["set_aside"], printed["status"]) == (str(out / "short"), False, "errors")


def test_output_with_errors_is_taken_over_where_asked_for(
    drifted: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    path, out = drifted
    main(["run", str(path), "--out", str(out), "--quiet"])
    aside = contents(out / ".errors" / "short")
    capsys.readouterr()
    assert main(["run", "--replace", str(path), "--out", str(out)]) == 1
    assert "stays as it was" not in capsys.readouterr().err
    assert contents(out / "short") == aside
    assert [found.name for found in out.iterdir()] == ["short"]


def test_a_stage_s_output_is_set_aside_too(
    drifted: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, out = drifted
    before = contents(out / "short")
    main(["run", str(path), "--out", str(tmp_path / "new"), "--keep-stages", str(tmp_path / "stages"), "--quiet"])
    artefact = str(tmp_path / "stages" / "short" / "7-validate.json")
    assert main(["stage", "emit", artefact, str(out)]) == 1
    printed = capsys.readouterr().err.splitlines()[-1]
    assert "label '" in printed
    assert f"{out}/short stays as it was, the new output is in {out}/.errors/short; " in printed
    assert printed.endswith(f"pipeline stage emit --replace {artefact} {out}")
    assert contents(out / "short") == before
    assert contents(out / ".errors" / "short") == contents(tmp_path / "new" / "short")
    assert main(["stage", "emit", artefact, str(out), "--replace"]) == 1
    assert contents(out / "short") == contents(tmp_path / "new" / "short")


def test_what_was_set_aside_can_be_looked_at(drifted: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    path, out = drifted
    main(["run", str(path), "--out", str(out), "--quiet"])
    capsys.readouterr()
    # Labels that are missing are those of the last run, wherever that stands.
    assert main(["labels", "short", "--out", str(out), "--json"]) == 0
    captured = capsys.readouterr()
    assert {draft["text"] for draft in json.loads(captured.out)} == {
        "Īstenošanas līmenis",
        "Vada/organizē",
    }
    assert main(["labels", str(out / "short"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []
    assert main(["show", "bg-1", "--out", str(out), "--field", "implementation_level", "--json"]) == 0
    captured = capsys.readouterr()
    assert json.loads(captured.out) is not None
    note = f"pipeline: note: the last run of short had errors; see it by --edition {out}/.errors/short\n"
    assert captured.err == note
    aside = str(out / ".errors" / "short")
    assert main(["show", "bg-1", "--edition", aside, "--field", "implementation_level", "--json"]) == 0
    assert tuple(capsys.readouterr()) == ("null\n", "")
    assert main(["validate", "--out", str(out)]) == 0
    assert "the last run of short had errors" in capsys.readouterr().err
    assert main(["validate", aside]) == 1
    assert main(["diff", "short", aside, "--out", str(out), "--quiet"]) == 1


def test_a_good_run_ends_the_matter(drifted: tuple[Path, Path], tmp_path: Path) -> None:
    path, out = drifted
    main(["run", str(path), "--out", str(out), "--quiet"])
    before = contents(out / "short")
    assert (out / ".errors" / "short").is_dir()
    assert paths.REPOSITORY is not None
    shutil.copy(paths.REPOSITORY / "schemas" / "lv" / "labels.yaml", tmp_path / "schemas" / "lv" / "labels.yaml")
    assert main(["run", str(path), "--out", str(out), "--quiet"]) == 0
    assert contents(out / "short") == before
    assert [found.name for found in out.iterdir()] == ["short"]


def test_run_takes_every_pdf_of_raw(short_booklet: Path, elsewhere: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run"]) == 2
    assert "there is no PDF in raw/" in capsys.readouterr().err
    (elsewhere / "raw").mkdir()
    shutil.copy(short_booklet, elsewhere / "raw" / "a.pdf")
    shutil.copy(short_booklet, elsewhere / "raw" / "b.pdf")
    main(["run"])
    assert sorted(path.name for path in (elsewhere / "extracted").iterdir()) == ["a", "b"]


def test_output_that_can_not_be_written_is_3(
    short_booklet: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "out").write_text("a file in the way")
    assert main(["run", str(short_booklet), "--out", str(tmp_path / "out")]) == 3
    assert ERROR_LINE.fullmatch(capsys.readouterr().err)
    with lock_folder(tmp_path / "other", "short"):
        assert main(["run", str(short_booklet), "--out", str(tmp_path / "other")]) == 3
    assert "another run is writing" in capsys.readouterr().err


def test_rows_for_programs(short_booklet: Path, elsewhere: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rows", str(short_booklet), "--json"]) == 0
    content = json.loads(capsys.readouterr().out)
    assert (content["source"], content["pages"], content["residue"]) == ("short.pdf", 4, [])
    assert len(content["rows"]) == 29
    for row in content["rows"]:
        assert {box["page"] for box in (*row["label_boxes"], *row["value_boxes"])} == set(row["pages"])
    assert list(elsewhere.iterdir()) == []


def test_rows_with_errors_say_each_in_one_line(
    short_booklet: Path, elsewhere: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read = reading.read_guarded

    def fail_last_page(path: Path, *arguments: Any, **options: Any) -> reading.FileRead:
        source, analyses = read(path, *arguments, **options)
        last = source.pages[-1].model_copy(
            update={"glyphs": Glyphs(), "failure": "its content stream is " + 20 * "badly "}
        )
        failed = source.model_copy(update={"pages": (*source.pages[:-1], last), "repairs": ("a new\ncross-reference",)})
        return reading.FileRead(failed, analyses)

    monkeypatch.setattr(reading, "read_guarded", fail_last_page)
    assert main(["rows", str(short_booklet)]) == 1
    error, warning = capsys.readouterr().err.splitlines()
    assert re.fullmatch(r"pipeline: error: short\.pdf, page 4: the page could not be read .+; get a sound copy", error)
    assert warning.startswith("pipeline: warning: short.pdf: the file had to be repaired (a new cross-reference); ")


def test_rows_for_people(short_booklet: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rows", str(short_booklet)]) == 0
    assert "Table 1" in capsys.readouterr().out


def test_rows_of_another_language_need_no_lexicon(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A table of nonsense: no language has these words."""
    from tests.factory.content import ContentChapter, ContentRow, ContentTable, EditionContent, parse_paragraph
    from tests.factory.layout import Layout
    from tests.factory.typesetting import typeset

    rows = tuple(
        ContentRow(label=(f"Grumpf {number}",), value=(parse_paragraph(f"Snark boojum {number} frumious"),))
        for number in range(4)
    )
    content = EditionContent(
        language="en",
        filler="uffish",
        column_titles=("Tove", "Wabe"),
        running_title="Jabberwock",
        imprint="Tulgey",
        chapters=(ContentChapter(heading="Slithy: toves", tables=(ContentTable(rows=rows),)),),
    )
    path = tmp_path / "nonsense.pdf"
    path.write_bytes(typeset("typst", content, Layout(font="Libertinus Serif")).pdf_bytes)
    assert main(["rows", str(path), "--json"]) == 0
    found = [(row["label"], row["text"]) for row in json.loads(capsys.readouterr().out)["rows"]]
    assert found == [(f"Grumpf {number}", f"Snark boojum {number} frumious") for number in range(4)]


def test_stages_run_one_by_one(
    short_booklet: Path, extracted: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = str(short_booklet)
    for stage in ("read", "segment", "stitch", "chapter", "map", "normalise", "validate"):
        assert main(["stage", stage, source, str(tmp_path / f"{stage}.json")]) == 0, capsys.readouterr().err
        source = str(tmp_path / f"{stage}.json")
    assert main(["stage", "emit", source, str(tmp_path / "out")]) == 0
    assert contents(tmp_path / "out" / "short") == contents(extracted / "short")


def test_stage_names_a_wrong_artefact(short_booklet: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["stage", "map", str(short_booklet), str(tmp_path / "x.json")]) == 2
    assert "is no artefact of the stage 'chapter'" in capsys.readouterr().err


def test_schema(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == 0
    assert capsys.readouterr().out.encode() == paths.PRACTICE_SCHEMA.read_bytes()
    assert main(["schema", "report"]) == 0
    assert capsys.readouterr().out.encode() == (paths.SCHEMAS / "report.schema.json").read_bytes()


def test_show_a_practice(extracted: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    assert main(["show", "lt-1", "--out", str(extracted)]) == 0
    text = capsys.readouterr().out
    assert "lt-1 · LT · short.pdf, pages 2-2" in text
    assert "no such row" in text
    monkeypatch.setenv("COLUMNS", "60")
    assert main(["show", "lt-1", "--out", str(extracted)]) == 0
    narrow = capsys.readouterr().out
    assert "…" not in narrow
    assert not re.search("pt across", narrow)
    for width in ("60", "40"):
        monkeypatch.setenv("COLUMNS", width)
        assert main(["show", "lt-1", "--out", str(extracted), "--boxes"]) == 0
        text = capsys.readouterr().out
        assert all(re.search(rf"\b{name}\b", text) for name in FIELDS), width
    assert "across" in text
    assert main(["show", "lt-1", "--out", str(extracted), "--json"]) == 0
    assert capsys.readouterr().out.encode() == (extracted / "short" / "lt-1.json").read_bytes()
    assert main(["show", "lt-1", "--out", str(extracted), "--field", "locations", "--json"]) == 0
    practice = json.loads((extracted / "short" / "lt-1.json").read_text())
    assert json.loads(capsys.readouterr().out) == practice["fields"]["locations"]


def test_show_says_what_there_is(extracted: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "xx-1", "--out", str(extracted)]) == 2
    assert "there are: bg-1, lt-1, nl-1, be-1" in capsys.readouterr().err
    assert main(["show", "bg-1", "--out", str(tmp_path)]) == 2
    assert "run: pipeline run" in capsys.readouterr().err
    for name in ("one", "two"):
        shutil.copytree(extracted / "short", tmp_path / name)
    assert main(["show", "bg-1", "--out", str(tmp_path)]) == 2
    assert "choose one by --edition" in capsys.readouterr().err
    assert main(["show", "bg-1", "--out", str(tmp_path), "--edition", "two"]) == 0


def test_show_prints_no_terminal_controls(extracted: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Text that looks like the terminal library's markup is text."""
    shutil.copytree(extracted / "short", tmp_path / "short")
    path = tmp_path / "short" / "bg-1.json"
    practice = json.loads(path.read_text())
    practice["heading"] = "[bold]Heading[/bold] [link=https://example.org]here[/link]"
    path.write_text(json.dumps(practice))
    assert main(["show", "bg-1", "--out", str(tmp_path)]) == 0
    assert practice["heading"] in capsys.readouterr().out


def test_validate(extracted: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(extracted / "short", tmp_path / "short")
    good = json.loads((extracted / "short" / "report.json").read_text())["status"] == "good"
    assert main(["validate", "--out", str(tmp_path)]) == (0 if good else 1)
    capsys.readouterr()
    path = tmp_path / "short" / "bg-1.json"
    whole = path.read_bytes()
    path.write_bytes(whole.replace(b'"inline": false', b'"inline": "no"', 1))
    assert main(["validate", "--out", str(tmp_path)]) == 1
    assert "bg-1.json does not hold what the schema says" in capsys.readouterr().err
    path.write_bytes(whole.replace(b"\n", b"\r\n", 1))
    assert main(["validate", "--out", str(tmp_path)]) == 1
    assert "not as the pipeline writes it: bg-1.json" in capsys.readouterr().err
    assert main(["validate", "--out", str(tmp_path / "nothing")]) == 2


@pytest.mark.parametrize(
    ("edge", "there", "said"), [("page", 99, "page 99"), ("x1", 5000.0, "no rectangle inside its page")]
)
def test_validate_finds_what_does_not_belong_together(
    edge: str, there: float, said: str, extracted: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Files with hashes that agree, edited by somebody: a value off its page, or on one of another practice."""
    edition = load_edition(extracted / "short")
    practice = edition.practices[0].model_dump(mode="json")
    name, value = next((name, value) for name, value in practice["fields"].items() if value and value["value_boxes"])
    value["value_boxes"][-1][edge] = there
    edited = (Practice.model_validate(practice), *edition.practices[1:])
    (tmp_path / "short").mkdir()
    for file, data in render_edition(edition.model_copy(update={"practices": edited})).items():
        (tmp_path / "short" / file).write_bytes(data)
    assert main(["validate", "--extracted", str(tmp_path)]) == 1
    error = capsys.readouterr().err
    assert f"{practice['id']}: {name}: " in error
    assert said in error


EDITS: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "hash": (lambda practice: practice["edition"].update(sha256="0" * 64), "its edition is another"),
    "pages": (lambda practice: practice["edition"].update(pages=999), "its edition is another"),
    "language": (lambda practice: practice["edition"].update(language="fr"), "its edition is another"),
    "id": (lambda practice: practice["edition"].update(id="other"), "its edition is another"),
    "text that says more": (
        lambda practice: practice["fields"]["organised_by"].update(available=False),
        "available is false",
    ),
    "no text": (
        lambda practice: practice["fields"]["organised_by"].update(text="", links=[], available=True),
        "organised_by: available is true",
    ),
    "script": (
        lambda practice: practice["fields"]["organised_by"].update(links=[{"url": " JavaScript:alert(1)", "text": ""}]),
        "target is a script",
    ),
    "source": (lambda practice: practice["edition"].update(source="../x.pdf"), "does not hold what the schema says"),
}


@pytest.mark.parametrize("name", EDITS)
def test_validate_finds_what_somebody_has_edited(
    name: str, extracted: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Files with hashes that agree."""
    edit, said = EDITS[name]
    shutil.copytree(extracted / "short", tmp_path / "short")
    index = json.loads((tmp_path / "short" / "index.json").read_text())
    entry = index["practices"][-1]
    practice = json.loads((tmp_path / "short" / entry["file"]).read_text())
    edit(practice)
    data = (json.dumps(practice, ensure_ascii=False, indent=2) + "\n").encode()
    (tmp_path / "short" / entry["file"]).write_bytes(data)
    entry["sha256"] = hashlib.sha256(data).hexdigest()
    (tmp_path / "short" / "index.json").write_text(json.dumps(index, ensure_ascii=False, indent=2) + "\n")
    assert main(["validate", "--extracted", str(tmp_path)]) == 1
    assert said in capsys.readouterr().err


def test_validate_finds_practices_out_of_order(
    extracted: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edition = load_edition(extracted / "short")
    (tmp_path / "short").mkdir()
    for file, data in render_edition(edition.model_copy(update={"practices": edition.practices[::-1]})).items():
        (tmp_path / "short" / file).write_bytes(data)
    assert main(["validate", "--extracted", str(tmp_path)]) == 1
    assert "not in document order" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (lambda report: report["glyphs"].pop(), "is not the account of pages 1 to "),
        (lambda report: report["glyphs"][0].update(value=7_777), ", and places for "),
        (lambda report: report["counts"].update(notes=99), "counts says notes: 99"),
    ],
    ids=["page", "place", "count"],
)
def test_validate_adds_the_report_up(
    edit: Callable[[dict[str, Any]], object],
    said: str,
    extracted: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A report edited by somebody, in files with hashes that agree."""
    edition = load_edition(extracted / "short")
    report = edition.report.model_dump(mode="json")
    edit(report)
    (tmp_path / "short").mkdir()
    for file, data in render_edition(edition.model_copy(update={"report": Report.model_validate(report)})).items():
        (tmp_path / "short" / file).write_bytes(data)
    assert main(["validate", "--extracted", str(tmp_path)]) == 1
    assert said in capsys.readouterr().err


def test_progress_is_shown_on_a_terminal(short_booklet: Path, tmp_path: Path) -> None:
    """The bar goes to stderr, where that is a terminal; stdout stays what a program can read."""
    import pty

    controller, terminal = pty.openpty()
    command = [sys.executable, "-m", "pipeline", "run", str(short_booklet), "--out", str(tmp_path), "--json"]
    environment = {**os.environ, "PYTHONPATH": str(paths.PACKAGE.parent), "TERM": "xterm", "COLUMNS": "100"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=terminal, env=environment) as child:
        os.close(terminal)
        shown = b""
        while True:
            try:
                part = os.read(controller, 4096)
            except OSError:  # how Linux says that the other side has closed
                break
            if not part:
                break
            shown += part
        assert child.stdout is not None
        summary = json.loads(child.stdout.read())
    os.close(controller)
    assert summary["editions"][0]["edition"] == "short"
    assert b"short" in shown
    assert b"emit" in shown


def run_module(*words: str, **options: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pipeline", *words]
    environment = {**os.environ, "PYTHONPATH": str(paths.PACKAGE.parent)}
    return subprocess.run(command, capture_output=True, text=True, env=environment, **options)  # type: ignore[call-overload,no-any-return]


def test_module_runs_as_a_program(elsewhere: Path) -> None:
    done = run_module("run", "absent.pdf")
    assert (done.returncode, done.stdout) == (2, "")
    assert ERROR_LINE.fullmatch(done.stderr)


def test_a_reader_that_goes_away_is_no_traceback(short_booklet: Path) -> None:
    command = f"{sys.executable} -m pipeline rows {short_booklet} --json | head -c 1"
    environment = {**os.environ, "PYTHONPATH": str(paths.PACKAGE.parent)}
    done = subprocess.run(command, shell=True, capture_output=True, text=True, env=environment)
    assert (done.stdout, done.stderr) == ("{", "")


ENDED = """
import atexit, gc, sys
atexit.register(lambda: print(gc.get_freeze_count() > 0))  # what is registered first is called last
from pipeline.cli.main import main
sys.exit(main({arguments}))
"""


@pytest.mark.parametrize(("arguments", "frozen"), [("", True), ('["schema", "--check"]', False)])
def test_no_cycles_are_looked_for_when_the_command_ends_its_own_process(arguments: str, frozen: bool) -> None:
    command = [sys.executable, "-c", ENDED.format(arguments=arguments), "schema", "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == str(frozen)


def test_a_code_of_a_later_version_does_not_end_a_description_of_errors(tmp_path: Path) -> None:
    later = Issue(code="of_a_later_version", severity="warning", message="something; look")
    assert describe_errors("one", [later], tmp_path) == f"one: the report is not good; see {tmp_path / 'report.json'}"
    known = Issue.of("residue", edition="one", page=2, reason="free_text")
    assert describe_errors("one", [later, known], tmp_path) == f"not good: one, page 2: {known.message}"


@pytest.mark.parametrize(
    ("name", "ignored"), [("SIGTERM", False), ("SIGHUP", False), ("SIGINT", False), ("SIGHUP", True)]
)
def test_a_signal_that_asks_the_process_to_end_gives_one_line(name: str, ignored: bool) -> None:
    program = f"""
import os, signal
from pipeline.cli import main
if {ignored}:
    signal.signal(signal.{name}, signal.SIG_IGN)  # nohup
else:
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
main._run_command = lambda words: os.kill(os.getpid(), signal.{name}) or 0
raise SystemExit(main.main())
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    line = "pipeline: error: interrupted; the last good output is untouched\n"
    assert (done.returncode, done.stderr) == ((0, "") if ignored else (130, line))
