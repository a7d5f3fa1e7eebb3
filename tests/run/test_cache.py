"""Cache: nothing is computed twice, and nothing stale is ever returned."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline import paths
from pipeline.cli.main import main
from pipeline.errors import ExitCode
from pipeline.run import cache as cache_module
from pipeline.run.cache import default_folder, digest_code, is_repeatable, open_cache
from pipeline.run.options import Options, Outcome
from pipeline.run.runner import read_stage, run_edition, run_source, stitch_file
from tests.lexicons import forget_labels

AFTER_STITCH: tuple[str, ...] = ("chapter", "map", "normalise", "validate", "emit")
ALL: tuple[str, ...] = ("read", "segment", "stitch", *AFTER_STITCH)
HEAVY = ("babel", "langdetect", "pdfminer", "pdfplumber", "pikepdf", "pydantic", "rapidfuzz", "spacy", "yaml")


class Run:
    """Runs a booklet again and again, and records which stages each run took."""

    def __init__(self, source: Path, folder: Path) -> None:
        self.source = source
        self.options = Options(out=folder / "out", cache=folder / "cache", progress=self._note)
        self.seen: dict[str, None] = {}

    def _note(self, stage: str, done: int, total: int) -> None:
        self.seen.setdefault(stage)

    def stages(self, **changes: object) -> tuple[str, ...]:
        self.again(**changes)
        return tuple(self.seen)

    def again(self, **changes: object) -> Outcome:
        self.seen.clear()
        outcome = run_source(self.source, replace(self.options, **changes))  # type: ignore[arg-type]
        assert outcome.error is None, outcome.error
        return outcome

    def output(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in (self.options.out / "short").iterdir()}


@pytest.fixture
def fresh(short_booklet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A booklet that has never been run, and lexicons of its own."""
    monkeypatch.setattr(paths, "SCHEMAS", Path(shutil.copytree(paths.SCHEMAS, tmp_path / "schemas")))
    return Run(Path(shutil.copy(short_booklet, tmp_path / "short.pdf")), tmp_path)


@pytest.fixture(scope="module")
def folder_of_first_run(short_booklet: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("first")
    shutil.copytree(paths.SCHEMAS, folder / "schemas")
    run = Run(Path(shutil.copy(short_booklet, folder / "short.pdf")), folder)
    assert run.stages() == ALL
    return folder


@pytest.fixture
def run(folder_of_first_run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A booklet that has been run once: a copy of its folder, for the cache knows files by their content alone."""
    shutil.copytree(folder_of_first_run, tmp_path, dirs_exist_ok=True)
    monkeypatch.setattr(paths, "SCHEMAS", tmp_path / "schemas")
    return Run(tmp_path / "short.pdf", tmp_path)


def touch(run: Run, name: str, folder: str = "lv") -> None:
    """Change a data file without changing what it says."""
    path = paths.SCHEMAS / folder / name
    path.write_text((path.read_text() if path.exists() else "") + "\n# changed\n")


def test_a_second_run_takes_no_stage_and_says_the_same(fresh: Run) -> None:
    first = fresh.again()
    before = fresh.output()
    assert tuple(fresh.seen) == ALL
    second = fresh.again()
    assert tuple(fresh.seen) == ()
    assert second == first
    assert second.exit_code == first.exit_code
    assert second.validated == first.validated
    assert fresh.output() == before


def test_a_cached_edition_is_the_same_as_one_computed_in_one_go(run: Run) -> None:
    touch(run, "money.yaml")
    assert run.stages() == AFTER_STITCH
    cached = run.output()
    assert run.stages(cache=None) == ALL
    assert run.output() == cached


@pytest.mark.parametrize("name", ["labels.yaml", "countries.yaml", "money.yaml"])
def test_changed_words_are_run_from_chapter_on(run: Run, name: str) -> None:
    touch(run, name)
    assert run.stages() == AFTER_STITCH
    assert run.stages() == ()


def drop_label(run: Run) -> None:
    """Take a field's labels out of the lexicon, so that the next run has an error."""
    forget_labels(paths.SCHEMAS / "lv" / "labels.yaml", "organised_by")


def test_output_that_was_set_aside_is_not_computed_again(run: Run) -> None:
    assert run.again().status == "good"
    drop_label(run)
    first = run.again()
    assert (first.status, first.set_aside, first.folder) == ("errors", True, run.options.out / ".errors" / "short")
    assert first.validated is not None
    second = run.again()
    assert tuple(run.seen) == ()
    assert second == first
    assert second.validated == first.validated


def test_what_was_set_aside_is_put_in_place_where_that_is_free_now(run: Run) -> None:
    drop_label(run)
    run.again()
    shutil.rmtree(run.options.out / "short")
    outcome = run.again()
    assert (outcome.status, outcome.set_aside, outcome.folder) == ("errors", False, run.options.out / "short")
    assert [path.name for path in run.options.out.iterdir()] == ["short"]


def test_what_was_set_aside_is_taken_over_in_place(run: Run) -> None:
    drop_label(run)
    run.again()
    assert run.again(replace=True).folder == run.options.out / "short"
    assert tuple(run.seen) == AFTER_STITCH
    # Now there is no good output left to keep.
    again = run.again()
    assert (tuple(run.seen), again.folder, again.set_aside) == ((), run.options.out / "short", False)


def test_good_output_that_stands_already_ends_what_was_set_aside(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Path(shutil.copytree(run.options.out / "short", run.options.out / "kept"))
    shutil.copytree(kept, run.options.out / ".errors" / "short")
    assert run.stages() == ()
    assert sorted(path.name for path in run.options.out.iterdir()) == ["kept", "short"]


def test_changed_corrections_are_run_from_chapter_on_and_those_of_others_not_at_all(run: Run) -> None:
    (paths.SCHEMAS / "corrections" / "other.yaml").write_text("corrections: []\n")
    assert run.stages() == ()
    for name in ("short.yaml", "collection.yaml"):
        (paths.SCHEMAS / "corrections" / name).write_text("corrections: []\n")
        assert run.stages() == AFTER_STITCH


def test_a_new_lexicon_file_counts(fresh: Run) -> None:
    (paths.SCHEMAS / "lv" / "money.yaml").rename(paths.SCHEMAS / "set-aside.yaml")
    fresh.again()
    (paths.SCHEMAS / "set-aside.yaml").rename(paths.SCHEMAS / "lv" / "money.yaml")
    assert fresh.stages() == AFTER_STITCH


def test_another_language_s_words_don_t_count(run: Run) -> None:
    touch(run, "money.yaml", folder="en")
    assert run.stages() == ()


def test_a_changed_file_is_read(run: Run) -> None:
    run.source.write_bytes(run.source.read_bytes() + b"\n% changed\n")
    assert run.stages() == ALL


def test_a_changed_sidecar_is_read(run: Run) -> None:
    run.source.with_suffix(".yaml").write_text(
        json.dumps(
            {
                "title": "Short",
                "publisher": None,
                "language": "en",
                "sha256": hashlib.sha256(run.source.read_bytes()).hexdigest(),
                "origin": "typeset by the tests",
            }
        )
    )
    outcome = run.again()
    assert "read" in run.seen
    assert outcome.exit_code == ExitCode.ISSUES, "the sidecar's language is another than the text's"


def test_changed_code_is_run(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache_module, "digest_code", lambda: "other")
    assert run.stages() == ALL


def test_the_code_s_hash_covers_every_module_and_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def digest() -> str:
        digest_code.cache_clear()
        try:
            return digest_code()
        finally:
            digest_code.cache_clear()

    package, libraries = tmp_path / "package", tmp_path / "libraries"
    (package / "deep").mkdir(parents=True)
    libraries.mkdir()
    module = package / "deep" / "module.py"
    module.write_text("A = 1\n")
    monkeypatch.setattr(paths, "PACKAGE", package)
    monkeypatch.setattr(sys, "path", [str(libraries)])
    seen = [digest()]
    module.write_text("A = 2\n")
    seen.append(digest())
    module.rename(package / "deep" / "renamed.py")
    seen.append(digest())
    (libraries / "spacy-3.8.1.dist-info").mkdir()
    seen.append(digest())
    (libraries / "spacy-3.8.1.dist-info").rename(libraries / "spacy-3.8.2.dist-info")
    seen.append(digest())
    assert len(set(seen)) == len(seen)
    assert digest() == seen[-1]


@pytest.mark.parametrize("harm", ["change", "remove", "add", "empty"])
def test_output_that_was_touched_is_written_anew(run: Run, harm: str) -> None:
    good, folder = run.output(), run.options.out / "short"
    if harm == "change":
        (folder / "index.json").write_text("{}")
    elif harm == "remove":
        (folder / "index.json").unlink()
    elif harm == "add":
        (folder / "more.json").write_text("{}")
    else:
        shutil.rmtree(folder)
    assert run.stages() == AFTER_STITCH
    assert run.output() == good


@pytest.mark.parametrize("content", [b"", b"no zlib", b"{", b"[]", b'{"format": 1}'])
def test_a_damaged_cache_is_as_good_as_none(run: Run, content: bytes) -> None:
    good = run.output()
    kept = sorted((run.options.cache or Path()).rglob("*.*"))
    assert len(kept) == 2, kept
    for path in kept:
        path.write_bytes(content)
    assert run.stages() == ALL
    assert run.output() == good
    assert run.stages() == ()


@pytest.mark.parametrize("kind", ["pipe", "device", "folder"])
def test_what_is_no_plain_file_is_no_record(kind: str, run: Run) -> None:
    """A pipe would be waited for, and a device would never end."""
    for path in sorted((run.options.cache or Path()).rglob("*.*")):
        path.unlink()
        if kind == "pipe":
            os.mkfifo(path)
        elif kind == "device":
            path.symlink_to("/dev/zero")
        else:
            path.mkdir()
    assert run.stages() == ALL


def test_a_cache_that_can_t_be_written_is_as_good_as_none(fresh: Run, tmp_path: Path) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where the folder should be")
    assert fresh.stages(cache=blocked) == ALL
    assert fresh.stages(cache=blocked) == ALL


def test_the_cache_keeps_one_run_of_an_edition(fresh: Run) -> None:
    for _ in range(3):
        touch(fresh, "labels.yaml")
        fresh.again()
    kept = [path.name.partition("-")[0] for path in sorted((fresh.options.cache or Path()).rglob("*.*"))]
    assert kept == ["record.json", "stitch"]


def test_runs_that_must_not_or_need_not_take_from_the_cache(run: Run, tmp_path: Path) -> None:
    assert run.stages(password="secret") == ALL
    assert run.stages(keep_stages=tmp_path / "stages") == ALL
    assert run.stages(keep_stages=tmp_path / "stages", from_stage="map") == AFTER_STITCH[1:]


def test_what_failed_or_was_recognised_is_not_kept(fresh: Run) -> None:
    stored = read_stage(fresh.source, fresh.options)
    assert is_repeatable(stored)
    for change in ({"failure": "it takes too long"}, {"recognised": True}):
        page = stored.edition.pages[0].model_copy(update=change)
        info = stored.edition.model_copy(update={"pages": (page, *stored.edition.pages[1:])})
        assert not is_repeatable(stored.model_copy(update={"edition": info}))


def test_what_was_read_of_a_file_that_has_changed_is_not_kept(fresh: Run) -> None:
    cache = fresh.options.cache
    assert cache is not None
    before = open_cache(cache, fresh.source, "short")
    fresh.source.write_bytes(fresh.source.read_bytes().replace(b"%PDF-1.7", b"%PDF-1.6"))
    stitched = stitch_file(fresh.source, fresh.options)
    after = open_cache(cache, fresh.source, "short")
    assert before is not None
    assert after is not None
    before.keep_stage(stitched)
    assert not (cache / "short").exists()
    after.keep_stage(stitched)
    assert len(list((cache / "short").iterdir())) == 1


def test_run_edition_takes_what_is_kept_too(fresh: Run) -> None:
    first = run_edition(fresh.source, fresh.options)
    fresh.seen.clear()
    assert run_edition(fresh.source, fresh.options) == first
    assert tuple(fresh.seen) == ()
    shutil.rmtree(fresh.options.out)
    assert run_edition(fresh.source, fresh.options) == first
    assert tuple(fresh.seen) == AFTER_STITCH


def test_the_user_s_cache_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert default_folder() == tmp_path / "raccombat-pipeline"
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for value in ("", "relative"):
        monkeypatch.setenv("XDG_CACHE_HOME", value)
        assert default_folder() == tmp_path / "home" / ".cache" / "raccombat-pipeline"

    def find_no_home() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", find_no_home)
    assert default_folder() is None


def run_command(source: Path, out: Path, *words: str) -> tuple[int, list[str]]:
    """Run the command in a process of its own: the exit code, and the heavy libraries that it loaded."""
    script = (
        "import sys; from pipeline.cli.main import main\n"
        f"code = main(['run', {str(source)!r}, '--out', {str(out)!r}, '--quiet', *{words!r}])\n"
        f"print(code, *(name for name in {HEAVY!r} if name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    code, *loaded = done.stdout.split()
    return int(code), loaded


def test_a_command_that_finds_everything_done_loads_no_library(short_booklet: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    code, loaded = run_command(short_booklet, out)
    assert {"langdetect", "pydantic", "spacy"} <= set(loaded)
    assert "pdfminer" not in loaded, "pages are read by other processes"
    assert run_command(short_booklet, out) == (code, [])


def test_the_command_takes_from_the_cache_that_it_is_given_or_from_none(short_booklet: Path, tmp_path: Path) -> None:
    index, other = tmp_path / "out" / "short" / "index.json", tmp_path / "other"

    def is_written_by(*words: str) -> bool:
        before = index.stat().st_ino if index.exists() else None
        assert main(["run", str(short_booklet), "--out", str(tmp_path / "out"), "--quiet", *words]) == ExitCode.GOOD
        return index.stat().st_ino != before

    assert is_written_by()
    assert not is_written_by()
    assert is_written_by("--no-cache")
    assert is_written_by("--cache", str(other))
    assert other.is_dir()
    assert not is_written_by("--cache", str(other))


def test_help_loads_no_library() -> None:
    script = (
        "import sys; from pipeline.cli.main import main\n"
        f"main(['--help'])\nprint([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
