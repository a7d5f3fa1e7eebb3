"""`pipeline add`: checks, names, writes the sidecar, runs, and lists the steps that are left."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
import yaml

from pipeline import paths
from pipeline.cli.main import main
from tests.lexicons import forget_labels


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def steps(text: str) -> list[int]:
    return [int(number) for number in re.findall(r"^  (\d+)\. ", text, flags=re.MULTILINE)]


def test_a_new_edition_is_copied_described_and_run(
    short_booklet: Path, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = here / "Labās Prakses (2).pdf"
    source.write_bytes(short_booklet.read_bytes())
    assert main(["add", str(source), "--publisher", "A house"]) == 0
    shown = capsys.readouterr().out
    assert (here / "raw" / "labās-prakses-2-lv.pdf").read_bytes() == source.read_bytes()
    sidecar = yaml.safe_load((here / "raw" / "labās-prakses-2-lv.yaml").read_text(encoding="utf-8"))
    assert sidecar["language"] == "lv"
    assert sidecar["publisher"] == "A house"
    assert len(sidecar["sha256"]) == 64
    assert (here / "extracted" / "labās-prakses-2-lv" / "index.json").is_file()
    assert steps(shown) == list(range(1, len(steps(shown)) + 1))
    assert steps(shown)


def test_the_steps_name_output_that_was_set_aside(
    short_booklet: Path, here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paths, "SCHEMAS", Path(shutil.copytree(paths.SCHEMAS, here / "schemas")))
    words = ["add", str(short_booklet), "--id", "short-lv", "--raw", "sources", "--out", "results"]
    assert main(words) == 0
    capsys.readouterr()
    forget_labels(here / "schemas" / "lv" / "labels.yaml", "organised_by")
    assert main(words) == 1
    shown = capsys.readouterr().out
    for step in (
        "check sources/short-lv.yaml: ",
        "draft: pipeline labels short-lv --write --extracted results",
        "read results/.errors/short-lv/report.json (",
        "run it again: pipeline run sources/short-lv.pdf --out results",
        "results/short-lv stays as it was, the new output is in results/.errors/short-lv; take it over with its",
        "errors: pipeline run --replace sources/short-lv.pdf --out results",
    ):
        assert step in shown
    assert main(["labels", "short-lv", "--write", "--out", "results"]) == 0
    assert main(["run", "sources/short-lv.pdf", "--out", "results", "--quiet"]) == 0
    assert [path.name for path in (here / "results").iterdir()] == ["short-lv"]


def test_the_declared_title_is_read_by_a_worker(
    short_booklet: Path, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that nobody has checked is not opened in the process that runs the command."""
    with pikepdf.open(short_booklet) as pdf:
        pdf.docinfo["/Title"] = "Practices that work"
        pdf.save(here / "titled.pdf")

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the file is opened here")

    monkeypatch.setattr(pypdfium2, "PdfDocument", refuse)
    assert main(["add", str(here / "titled.pdf"), "--id", "titled-lv"]) == 0
    assert (
        yaml.safe_load((here / "raw" / "titled-lv.yaml").read_text(encoding="utf-8"))["title"] == "Practices that work"
    )


def test_a_sidecar_is_kept_unless_forced(short_booklet: Path, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["add", str(short_booklet), "--id", "short-lv"]
    assert main([*words, "--title", "First"]) == 0
    assert main([*words, "--title", "Second"]) == 0
    assert "kept as it is" in capsys.readouterr().out
    path = here / "raw" / "short-lv.yaml"
    assert yaml.safe_load(path.read_text(encoding="utf-8"))["title"] == "First"
    assert main([*words, "--title", "Third", "--force"]) == 0
    assert yaml.safe_load(path.read_text(encoding="utf-8"))["title"] == "Third"


def test_another_file_of_the_same_id_is_not_written_over(
    short_booklet: Path, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "raw").mkdir()
    (here / "raw" / "short-lv.pdf").write_bytes(b"another")
    assert main(["add", str(short_booklet), "--id", "short-lv"]) == 2
    assert "exists already" in capsys.readouterr().err
    assert (here / "raw" / "short-lv.pdf").read_bytes() == b"another"
    assert not (here / "raw" / "short-lv.yaml").exists()


def test_a_wrong_language_and_no_pdf_are_refused(
    short_booklet: Path, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["add", str(short_booklet), "--language", "el"]) == 2
    (here / "text.pdf").write_text("no PDF")
    assert main(["add", str(here / "text.pdf")]) == 2
    assert not (here / "raw").exists()
    assert capsys.readouterr().err.count("pipeline: error:") == 2


def test_the_same_bytes_are_not_taken_in_twice_unawares(
    short_booklet: Path, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "raw").mkdir()
    shutil.copyfile(short_booklet, here / "raw" / "known.pdf")
    assert main(["add", str(short_booklet), "--id", "again"]) == 2
    assert "raw/known.pdf is a file with the same bytes" in capsys.readouterr().err
    (here / "raw" / "known.pdf").rename(here / "raw" / "the known one.pdf")
    assert main(["add", str(short_booklet), "--id", "again", "--out", "my output"]) == 2
    said = capsys.readouterr().err
    assert "pipeline run 'raw/the known one.pdf'," in said
    assert "pipeline rename 'the known one' again" in said
    (here / "raw" / "the known one.pdf").rename(here / "raw" / "known.pdf")
    assert [path.name for path in (here / "raw").iterdir()] == ["known.pdf"]
    assert main(["add", str(short_booklet), "--id", "again", "--force"]) == 0
    assert "raw/known.pdf is a file with the same bytes" in capsys.readouterr().err
    # A file that stands among the sources already keeps its name.
    (here / "raw" / "again.pdf").unlink()
    assert main(["add", "raw/known.pdf"]) == 0
    assert sorted(path.name for path in (here / "raw").glob("*.pdf")) == ["known.pdf"]


def test_where_no_practice_was_found_the_steps_say_where_to_look(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = ["Gute Praktiken gegen Rassismus in vier Ländern", "Diese Sammlung vereint Praktiken aus mehreren Ländern."]
    with pikepdf.new() as made:
        page = made.add_blank_page()
        page.Resources = pikepdf.Dictionary(
            Font=pikepdf.Dictionary(
                F=pikepdf.Dictionary(
                    Type=pikepdf.Name.Font,
                    Subtype=pikepdf.Name.Type1,
                    BaseFont=pikepdf.Name.Helvetica,
                    Encoding=pikepdf.Name.WinAnsiEncoding,
                )
            )
        )
        shown = b" ".join(b"(%s) Tj 0 -20 Td" % line.encode("cp1252") for line in lines)
        page.Contents = made.make_stream(b"BT /F 12 Tf 72 700 Td " + shown + b" ET")
        made.save(here / "x.pdf")
    assert main(["add", "x.pdf", "--id", "leer-de", "--language", "de", "--schemas", "words"]) == 1
    said = capsys.readouterr().out
    assert "no practice was found; look at the rows: pipeline rows raw/leer-de.pdf" in said
    assert "words/de/countries.yaml (copied there by: pipeline lexicon copy de)" in said
    assert "pipeline run raw/leer-de.pdf --schemas words" in said
    assert "unknown countries" not in said
    assert "pipeline diff" not in said
    assert main(["validate", "leer-de"]) == 1
    assert "(0 rows found)" in capsys.readouterr().err
