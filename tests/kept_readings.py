"""Has runs of a file that was read before, by this or another worker of the tests, go on from what was read then.

Hundreds of tests run the same few booklets, and what they look at comes after reading. Each file is read once by the
worker pool all the same, for each sidecar, password, limit and number of workers; a copy under another name is given
what was read with its own.
"""

from __future__ import annotations

import hashlib
import os
import pickle
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.errors import InputError
from pipeline.files import is_plain_file
from pipeline.run import reading
from pipeline.run.cache import is_repeatable
from pipeline.run.identity import edition_id, sidecar_path
from pipeline.run.options import Options
from pipeline.run.reading import EditionRead
from pipeline.run.workers import WorkerPool

READ_EDITION = reading.read_edition
READ_GUARDED = reading.read_guarded


@dataclass(frozen=True)
class KeptReadings:
    """What was read in this run of the tests: a file for each reading.

    Attributes:
        folder: Where they are; all workers of the tests have the same.
    """

    folder: Path

    def read_edition(self, source: Path, options: Options, pool: WorkerPool, *, sidecar: bool = True) -> EditionRead:
        """Take the place of `pipeline.run.reading.read_edition`.

        A test that has put something in the place of the reading has it done anew.
        """
        try:
            edition = edition_id(source)
            key = self._key(source, options, sidecar) if reading.read_guarded is READ_GUARDED else None
        except (InputError, OSError, MemoryError):
            key = None
        if key is None:
            return READ_EDITION(source, options, pool, sidecar=sidecar)
        kept = self.folder / key
        if not kept.exists():
            found = READ_EDITION(source, options, pool, sidecar=sidecar)
            if is_repeatable(found.stored):
                self._keep(kept, found)
            return found
        found = pickle.loads(kept.read_bytes())
        pages = len(found.stored.edition.pages)
        for done in range(pages + 1):
            options.progress("read", done, pages)
        return found if found.stored.edition.file == source.name else _rename(found, edition, source.name)

    def _key(self, source: Path, options: Options, sidecar: bool) -> str:
        """Give a digest of all that a reading depends on but the file's name, which only its errors hold.

        Raises:
            OSError: There is no file to read.
        """
        beside = sidecar_path(source)
        parts = [path.read_bytes() if is_plain_file(path) else b"" for path in (source, beside)]
        said: tuple[Any, ...] = (
            sidecar,
            beside.exists(),
            options.password,
            options.limits,
            options.jobs,
        )
        return hashlib.sha256(repr((said, [hashlib.sha256(part).digest() for part in parts])).encode()).hexdigest()

    def _keep(self, kept: Path, found: EditionRead) -> None:
        self.folder.mkdir(exist_ok=True)
        written = kept.with_name(f"{kept.name}.{os.getpid()}")
        written.write_bytes(pickle.dumps(found))
        written.replace(kept)


def _rename(found: EditionRead, edition: str, name: str) -> EditionRead:
    """Give what was read of a copy under another name."""
    known = found.stored.edition
    issues = tuple(issue.model_copy(update={"edition": edition}) for issue in known.issues)
    update = {
        "edition": known.model_copy(update={"id": edition, "file": name, "issues": issues}),
        "content": found.stored.content.model_copy(update={"file": name}),
    }
    return found._replace(stored=found.stored.model_copy(update=update))
