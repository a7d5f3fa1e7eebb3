"""Keeps what a run has worked out, so that a run over the same things need not work it out again.

Reads and writes the artefacts of stitch and chapter, and a record of the output files, in one folder per edition:

| file | holds | holds good while these are the same |
|---|---|---|
| `stitch-<key>.json.z` | the stitch stage's artefact | the PDF, its sidecar, code, Python, libraries |
| `chapter-<key>.json.z` | the chapter stage's artefact | these, and the lexicon files that chapter is given |
| `record.json` | how the run ended; hashes of the output | these, all of the lexicon, and the corrections |

Nothing here needs a library: a run that finds everything done loads none. A cache that can't be read or written is as
good as an empty one: the run works everything out, with the same result.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
import tempfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from pipeline import paths
from pipeline.issues import Status
from pipeline.run.identity import sidecar_path

if TYPE_CHECKING:
    from pipeline.run.artefacts import Stored

FORMAT: Final = 1
"""Raised when the form of the record changes."""
COMPRESSION: Final = 1
"""zlib's fastest level: it brings 2.4 MB to 0.75 MB in 20 ms; the best level saves a tenth more and takes ten times as
long."""
RECORD: Final = "record.json"
CHAPTER_FILES: Final = ("labels.yaml", "countries.yaml", "counts.yaml")
"""The lexicon files whose words the chapter stage is given (the runner hands it no others)."""

KeptStage = Literal["stitch", "chapter"]


@dataclass(frozen=True)
class Summary:
    """How the run of an edition ended, in plain values.

    Attributes:
        status: The report's.
        counts: The report's counts by name.
    """

    status: Status
    counts: Mapping[str, int]


@dataclass
class Cache:
    """What is kept of one edition.

    Attributes:
        folder: The edition's folder in the cache.
        edition: Edition id.
        sha256: Hash of the PDF.
        source_key: Stands for the PDF, its sidecar, the code, Python and the libraries.
    """

    folder: Path
    edition: str
    sha256: str
    source_key: str
    _record: dict[str, Any] = field(default_factory=dict)

    def find_done(self, output: Path) -> Summary | None:
        """Tell whether the output folder holds exactly what a run would write.

        Args:
            output: The edition's output folder.

        Returns:
            How the run ended that wrote it; None where something has changed.
        """
        record = self._load_record()
        language = record.get("language")
        if not isinstance(language, str) or record.get("done") != self._output_key(language):
            return None
        if record.get("files") != digest_folder(output):
            return None
        return Summary(record["status"], record["counts"])

    def find_stage(self) -> Stored[Any] | None:
        """Give the latest kept artefact that still holds good; None where there is none."""
        return next(filter(None, map(self._load_stage, self._stage_paths())), None)

    def keeps_stage(self) -> bool:
        """Tell whether an artefact is kept that still holds good, as far as its name tells."""
        return any(path.exists() for _, path in self._stage_paths())

    def keep_stage(self, stored: Stored[Any]) -> None:
        """Keep an artefact, where it is one that is kept and says the same each time."""
        if not self._may_keep(stored):
            return
        if stored.stage == "stitch":
            self._write_stage("stitch", self.source_key, stored)
        elif stored.stage == "chapter" and stored.edition.language is not None:
            self._record = {"format": FORMAT, "language": stored.edition.language}
            self._write_stage("chapter", self._chapter_key(stored.edition.language), stored)
            self._write(RECORD, [_render(self._record)])

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
        self._record = {
            "format": FORMAT,
            "language": language,
            "done": self._output_key(language),
            "files": files,
            "status": report.status,
            "counts": report.counts.model_dump(mode="json"),
        }
        self._write(RECORD, [_render(self._record)])

    def _may_keep(self, stored: Stored[Any]) -> bool:
        """Tell whether it would be the same again, and is of the file that the key stands for: it may have changed."""
        return is_repeatable(stored) and stored.edition.sha256 == self.sha256

    def _chapter_key(self, language: str) -> str:
        folder = paths.SCHEMAS / language
        return _digest([self.source_key, language, *_digest_files(folder / name for name in CHAPTER_FILES)])

    def _output_key(self, language: str) -> str:
        words = sorted((paths.SCHEMAS / language).glob("*.yaml"))
        corrections = paths.SCHEMAS / "corrections" / f"{self.edition}.yaml"
        names = [path.name for path in words]
        return _digest([self.source_key, language, *names, *_digest_files([*words, corrections])])

    def _load_record(self) -> dict[str, Any]:
        if not self._record:
            with contextlib.suppress(OSError, ValueError):
                record = json.loads((self.folder / RECORD).read_bytes())
                if isinstance(record, dict) and record.get("format") == FORMAT:
                    self._record = record
        return self._record

    def _stage_paths(self) -> Iterator[tuple[KeptStage, Path]]:
        """Give the artefacts that would hold good, the later first."""
        language = self._load_record().get("language")
        if isinstance(language, str):
            yield "chapter", self.folder / _stage_file("chapter", self._chapter_key(language))
        yield "stitch", self.folder / _stage_file("stitch", self.source_key)

    def _load_stage(self, kept: tuple[KeptStage, Path]) -> Stored[Any] | None:
        stage, path = kept
        try:
            data = zlib.decompress(path.read_bytes())
        except (OSError, zlib.error):
            return None
        from pydantic import ValidationError

        from pipeline.run.artefacts import MODELS

        try:
            return MODELS[stage].model_validate_json(data)
        except ValidationError:
            return None

    def _write_stage(self, stage: KeptStage, key: str, stored: Stored[Any]) -> None:
        from pipeline.run.artefacts import render_artefact

        name = _stage_file(stage, key)
        if self._write(name, _compress(render_artefact(stored))):
            with contextlib.suppress(OSError):
                for old in self.folder.glob(f"{stage}-*.json.z"):
                    if old.name != name:
                        old.unlink(missing_ok=True)

    def _write(self, name: str, parts: Iterable[bytes]) -> bool:
        """Write a file whole or not at all; False where it can't be written."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            handle, half = tempfile.mkstemp(dir=self.folder, prefix=".")
            try:
                with os.fdopen(handle, "wb") as opened:
                    opened.writelines(parts)
                Path(half).replace(self.folder / name)
            except BaseException:
                Path(half).unlink(missing_ok=True)
                raise
        except OSError:
            return False
        return True


def default_folder() -> Path:
    """Give the user's cache folder for this package (XDG Base Directory Specification)."""
    base = os.environ.get("XDG_CACHE_HOME", "")
    # The specification says to ignore a relative path.
    return (Path(base) if Path(base).is_absolute() else Path.home() / ".cache") / "raccombat-pipeline"


def open_cache(folder: Path, source: Path, edition: str) -> Cache | None:
    """Open the cache of an edition.

    Args:
        folder: The folder of all editions' caches.
        source: The PDF.
        edition: Its edition id.

    Returns:
        The cache; None where the PDF can't be read, or is no plain file (reading says so better).
    """
    if not source.is_file():
        return None
    hashed = list(_digest_files([source, sidecar_path(source)]))
    if hashed[0] == _ABSENT:
        return None
    return Cache(folder / edition, edition, hashed[0], _digest([source.name, *hashed, digest_code()]))


def is_repeatable(stored: Stored[Any]) -> bool:
    """Tell whether reading the file again would give the same: not where a page failed or was recognised.

    A page may have failed for want of time or memory; recognition depends on programs whose versions are not known
    here.
    """
    return not any(page.failure is not None or page.recognised for page in stored.edition.pages)


def digest_folder(folder: Path) -> dict[str, str] | None:
    """Give the SHA-256 of each file of an output folder; None where it can't be read or holds a folder."""
    try:
        return {
            entry.name: hashlib.sha256(entry.read_bytes()).hexdigest()
            for entry in sorted(folder.iterdir(), key=lambda path: path.name)
        }
    except OSError:
        return None


@lru_cache(maxsize=1)
def digest_code() -> str:
    """Give a hash of all that turns a PDF into output but words: the package, Python, what is installed beside it."""
    modules = sorted(paths.PACKAGE.rglob("*.py"))
    installed = sorted(
        {
            name
            for place in sys.path
            if place and Path(place).is_dir()
            for name in os.listdir(place)  # noqa: PTH208 - names are all that is needed, and there are hundreds
            if name.endswith((".dist-info", ".egg-info"))
        }
    )
    names = [str(module.relative_to(paths.PACKAGE)) for module in modules]
    return _digest([str(FORMAT), sys.version, *installed, *names, *_digest_files(modules)])


def _stage_file(stage: KeptStage, key: str) -> str:
    return f"{stage}-{key}.json.z"


_ABSENT: Final = "-"


def _digest_files(files: Iterable[Path]) -> Iterable[str]:
    """Give the SHA-256 of each file, `-` for one that can't be read."""
    for path in files:
        try:
            with path.open("rb") as handle:
                yield hashlib.file_digest(handle, "sha256").hexdigest()
        except OSError:
            yield _ABSENT


def _digest(parts: Iterable[str]) -> str:
    return hashlib.sha256("\0".join(parts).encode(errors="surrogateescape")).hexdigest()


def _compress(parts: Iterable[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj(COMPRESSION)
    yield from map(packer.compress, parts)
    yield packer.flush()


def _render(record: Mapping[str, Any]) -> bytes:
    return (json.dumps(record, ensure_ascii=False, indent=2) + "\n").encode()
