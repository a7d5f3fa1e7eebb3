"""`pipeline init`, and whose folder words are read from and written to."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipeline import paths
from pipeline.cli.main import main
from pipeline.lexicon import list_languages, load_lexicon
from pipeline.run.sidecar import read_sidecar
from tests.lexicons import forget_labels


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give an empty folder to work in, with a package that is installed and may not be written to."""
    package = Path(shutil.copytree(paths.SCHEMAS, tmp_path / "package" / "schemas"))
    monkeypatch.setattr(paths, "SCHEMAS", package)
    monkeypatch.setattr(paths, "REPOSITORY", None)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv(paths.SCHEMAS_VARIABLE, raising=False)
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    return work


def state(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_an_empty_working_folder_is_set_up_and_never_written_over(installed: Path) -> None:
    assert main(["init", "booklets"]) == 0
    made = installed / "booklets"
    assert sorted(path.name for path in made.iterdir()) == ["extracted", "raw", "schemas"]
    assert read_sidecar(made / "raw" / "example-en.pdf") is not None
    (made / "raw" / "example-en.yaml").write_text("mine")
    assert main(["init", "booklets"]) == 0
    assert (made / "raw" / "example-en.yaml").read_text() == "mine"


def test_the_own_folder_is_the_named_one_then_here_then_the_data_folder(
    installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert paths.own_schemas() == installed.parent / "data" / "raccombat-pipeline" / "schemas"
    (installed / "schemas").mkdir()
    assert paths.own_schemas().resolve() == installed / "schemas"
    monkeypatch.setenv(paths.SCHEMAS_VARIABLE, "elsewhere")
    assert paths.own_schemas() == Path("elsewhere")


def test_own_words_go_before_those_of_the_package_file_by_file(installed: Path) -> None:
    known = load_lexicon("en")
    own = installed / "schemas" / "en"
    own.mkdir(parents=True)
    (own / "places.yaml").write_text("no_places: [nowhere]\n")
    changed = load_lexicon("en")
    assert (changed.labels, changed.dates) == (known.labels, known.dates)
    assert (changed.places, changed.digest) != (known.places, known.digest)
    (installed / "schemas" / "xx").mkdir()
    shutil.copyfile(paths.SCHEMAS / "en" / "labels.yaml", installed / "schemas" / "xx" / "labels.yaml")
    assert {"en", "lv", "xx"} <= set(list_languages())


@pytest.mark.parametrize("option", [[], ["--schemas", "mine"]])
def test_drafts_go_to_the_own_folder_and_the_package_stays(
    installed: Path, short_booklet: Path, option: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    forget_labels(paths.SCHEMAS / "lv" / "labels.yaml", "organised_by")
    package = state(paths.SCHEMAS)
    assert main(["init"]) == 0
    assert main(["add", str(short_booklet), "--id", "short-lv", *option]) == 1
    assert main(["labels", "short-lv", "--write", *option]) == 0
    own = installed / (option[1] if option else "schemas")
    assert (own / "lv" / "labels.yaml").is_file()
    capsys.readouterr()
    assert main(["run", "raw/short-lv.pdf", *option]) == 0
    assert f"words are read from {own if option else 'schemas'}, then from {paths.SCHEMAS}" in capsys.readouterr().err
    assert main(["link", *option]) == 0
    assert (own / "collection.yaml").is_file()
    assert state(paths.SCHEMAS) == package


def test_a_lexicon_is_copied_to_be_corrected(installed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = installed / "schemas" / "de"
    own.mkdir(parents=True)
    (own / "labels.yaml").write_text("period: [{text: Zeitraum}]\n")
    assert main(["lexicon", "copy", "de"]) == 0
    shown = capsys.readouterr().out
    assert "schemas/de/labels.yaml: yours already" in shown
    assert "schemas/de/countries.yaml: copied" in shown
    assert (own / "labels.yaml").read_text() == "period: [{text: Zeitraum}]\n"
    assert {path.name for path in own.iterdir()} == {path.name for path in (paths.SCHEMAS / "de").iterdir()}
    assert main(["lexicon", "copy", "xx"]) == 2
    assert "pipeline learn" in capsys.readouterr().err
