"""Keeps what a run has computed, so that a run over the same things need not compute it again.

Reads and writes the artefact of stitch, and a record of the output files, in one folder per edition:

| file | holds | holds good while these are the same |
|---|---|---|
| `stitch-<key>.json.z` | the stitch stage's artefact | the PDF, its sidecar, code, Python, libraries |
| `record.json` | how the run ended; hashes of the output | these, the lexicon, and the corrections |

What the stages before stitch make takes nine tenths of a run's time, and no word of a language is in it.

Nothing here needs a library: a run that finds everything done loads none. A cache that can't be read or written is as
good as an empty one: the run computes everything, with the same result.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pipeline import paths
from pipeline.errors import InputError, OutputError, StageError
from pipeline.files import is_plain_file, write_whole
from pipeline.run.identity import digest_package, hash_file, sidecar_path
from pipeline.run.options import Options, Summary
from pipeline.stages.emit.outputs import ASIDE, choose_folder, folder_aside, is_aside, read_object

if TYPE_CHECKING:
    from pipeline.models.artefact import Stored

RECORD: Final = "record.json"
KEPT_STAGE: Final = "stitch"
"""The last stage that takes no lexicon."""


@dataclass(frozen=True)
class Cache:
    """What is kept of one edition.

    Attributes:
        folder: The edition's folder in the cache.
        edition: Edition id.
        sha256: Hash of the PDF.
        source_key: Hash of the PDF, its sidecar, the code, Python and the libraries.
    """

    folder: Path
    edition: str
    sha256: str
    source_key: str

    def find_output(self, options: Options) -> tuple[Summary, Path] | None:
        """Return how the run ended whose output is still current, and its folder; None where it would have to run."""
        from pipeline.stages.emit.swap import swap_out

        record = read_object(self.folder / RECORD)
        if record.pop("digest", None) != _digest([_render(record)]) or record["done"] != self._output_key(
            record["language"]
        ):
            return None
        done = Summary(record["status"], record["counts"])
        for folder in (options.out / self.edition, folder_aside(options.out, self.edition)):
            chosen = choose_folder(options.out, self.edition, done.status, replace=options.replace)
            if folder == chosen and record["files"] == digest_folder(folder):
                if not is_aside(folder):
                    swap_out(options.out / ASIDE, self.edition)
                return done, folder
        return None

    def find_stage(self) -> Stored[Any] | None:
        """Return the kept artefact; None where there is none that can be read."""
        if not is_plain_file(self._stage_path):
            return None
        from pipeline.run.artefacts import read_artefact

        with contextlib.suppress(StageError):
            return read_artefact(self._stage_path, KEPT_STAGE)
        return None

    def keep_stage(self, stored: Stored[Any]) -> None:
        """Keep an artefact, where it is the one that is kept and is repeatable."""
        if stored.stage != KEPT_STAGE or not self._may_keep(stored):
            return
        from pipeline.run.artefacts import write_artefact

        with contextlib.suppress(OutputError, OSError):
            write_artefact(stored, self._stage_path)
            for old in self.folder.glob("*.json.z"):
                if old != self._stage_path:
                    old.unlink(missing_ok=True)

    def keep_done(self, stored: Stored[Any], output: Path) -> None:
        """Keep how a run ended, after its output is written.

        Args:
            stored: The artefact of validate.
            output: The edition's output folder.
        """
        files, language = digest_folder(output), stored.edition.language
        if files is None or language is None or not self._may_keep(stored):
            return
        report = stored.content.report
        record = {
            "language": language,
            "done": self._output_key(language),
            "files": files,
            "status": report.status,
            "counts": report.counts.model_dump(mode="json"),
        }
        with contextlib.suppress(OutputError):
            whole = record | {"digest": _digest([_render(record)])}  # what is damaged is found out
            write_whole(self.folder / RECORD, [_render(whole).encode(), b"\n"])

    def _may_keep(self, stored: Stored[Any]) -> bool:
        """Return whether a run would give the same again, and the artefact is of the file that was hashed."""
        return is_repeatable(stored) and stored.edition.sha256 == self.sha256

    def _output_key(self, language: str) -> str:
        words = {name: path for name, path in paths.list_words(language).items() if name != paths.CASES_FILE}
        corrections = (paths.find_schema("corrections", name) for name in (f"{self.edition}.yaml", "collection.yaml"))
        files = [*(words[name] for name in sorted(words)), *corrections]
        return _digest([self.source_key, language, *sorted(words), *_digest_files(files)])

    @property
    def _stage_path(self) -> Path:
        return self.folder / f"{KEPT_STAGE}-{self.source_key}.json.z"


def default_folder() -> Path | None:
    """The user's cache folder for the package (XDG Base Directory Specification); None where there is no home."""
    base = Path(os.environ.get("XDG_CACHE_HOME", ""))
    if not base.is_absolute():  # the specification says to ignore a relative path
        try:
            base = Path.home() / ".cache"
        except RuntimeError:
            return None
    return base / "raccombat-pipeline"


def open_cache(folder: Path, source: Path, edition: str) -> Cache | None:
    """Open the cache of an edition.

    Args:
        folder: The folder of all editions' caches.
        source: The PDF.
        edition: Its edition id.

    Returns:
        The cache; None where the PDF can't be read, or is no plain file (reading says so better).
    """
    if not is_plain_file(source):
        return None
    hashed = list(_digest_files([source, sidecar_path(source)]))
    if hashed[0] == _ABSENT:
        return None
    return Cache(folder / edition, edition, hashed[0], _digest([source.name, *hashed, digest_code()]))


def is_repeatable(stored: Stored[Any]) -> bool:
    """Return whether reading the file again would give the same: not where it had an error or a page was recognised.

    A page may have failed for want of time or memory; recognition depends on programs whose versions are not known
    here.
    """
    edition = stored.edition
    failed = any(issue.severity == "error" for issue in edition.issues)
    return not failed and not any(page.failure is not None or page.recognised for page in edition.pages)


def digest_folder(folder: Path) -> dict[str, str] | None:
    """Return the SHA-256 of each file of an output folder; None where it can't be read or holds a folder."""
    try:
        entries = sorted(folder.iterdir(), key=lambda path: path.name)
        return {entry.name: hash_file(entry) for entry in entries} if all(map(Path.is_file, entries)) else None
    except (OSError, InputError):
        return None


@lru_cache(maxsize=1)
def digest_code() -> str:
    """Return a hash of all that turns a PDF into output but words: the package, Python, the installed libraries."""
    installed = sorted(
        {
            name
            for place in sys.path
            if place and Path(place).is_dir()
            for name in os.listdir(place)  # noqa: PTH208 - names are all that is needed, and there are hundreds
            if name.endswith((".dist-info", ".egg-info"))
        }
    )
    return _digest([sys.version, *installed, digest_package()])


_ABSENT: Final = "-"


def _digest_files(files: Iterable[Path]) -> Iterable[str]:
    """Return the SHA-256 of each file, `-` for one that can't be read or is none (a pipe would be waited for)."""
    for path in files:
        try:
            yield hash_file(path) if is_plain_file(path) else _ABSENT
        except InputError:
            yield _ABSENT


def _digest(parts: Iterable[str]) -> str:
    return hashlib.sha256("\0".join(parts).encode(errors="surrogateescape")).hexdigest()


def _render(record: dict[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False, indent=2)
