"""Identifies a source file and the program: ids and hashes; imports no library.

It is a module of its own so that a run that finds everything done already need not load what reads sidecars.
"""

import hashlib
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from pipeline import paths
from pipeline.errors import InputError

MAX_ID_BYTES: Final = 200
"""A file name holds 255 bytes; the names of locks and half-written folders need some of them."""


def sidecar_path(source: Path) -> Path:
    """Return the path at which a source file's sidecar is."""
    return source.with_suffix(".yaml")


def edition_id(source: Path) -> str:
    """Return the edition id of a source file: its stem, in Unicode NFC.

    Raises:
        InputError: The stem could not name a folder inside the output folder.
    """
    stem = unicodedata.normalize("NFC", source.stem)
    hidden = stem.startswith(".")
    separated = any(character in "/\\" or unicodedata.category(character).startswith("C") for character in stem)
    if not stem.strip() or hidden or separated or len(stem.encode()) > MAX_ID_BYTES:
        raise InputError(
            "the file's name can't be an edition id; rename it to letters, digits and hyphens, without a leading dot",
            edition=source.name.encode("unicode_escape").decode(),
        )
    return stem


def read_edition_id(text: str) -> str:
    """Read an edition id that a person has typed.

    Raises:
        InputError: It can't be one: it names no file of the folder of sources.
    """
    if "/" in text or not text:
        raise InputError(f"{text!r} is no edition id; give letters, digits and hyphens")
    return edition_id(Path(f"{text}.pdf"))


def hash_file(path: Path) -> str:
    """Return the SHA-256 of a file, lower-case hexadecimal.

    Raises:
        InputError: It can't be read.
    """
    try:
        with path.open("rb") as handle:
            return hashlib.file_digest(handle, "sha256").hexdigest()
    except OSError as error:
        raise InputError(
            f"can't be read ({error.strerror}); check the file's permissions", edition=path.name
        ) from error


def digest_package() -> str:
    """Return a hash of the package's modules and weights: machines with the same one write the same bytes."""
    digest = hashlib.sha256()
    for module in paths.list_code():
        digest.update(f"{module.relative_to(paths.PACKAGE)}\0".encode() + module.read_bytes())
    return digest.hexdigest()


def list_sources(sources: Iterable[Path]) -> list[tuple[Path, InputError | None]]:
    """List the files of a run, each with an error where another has the same edition id: they are one folder's.

    Args:
        sources: The files.
    """
    listed = list(sources)
    alike: dict[str, list[Path]] = {}
    for source in listed:
        alike.setdefault(unicodedata.normalize("NFC", source.stem), []).append(source)
    return [(source, _refuse_twin(source, alike[unicodedata.normalize("NFC", source.stem)])) for source in listed]


def _refuse_twin(source: Path, alike: Sequence[Path]) -> InputError | None:
    other = next((path for path in alike if path is not source), None)
    if other is None:
        return None
    names = [str(source), str(other)]
    if names[0] != names[1] and len({unicodedata.normalize("NFC", name) for name in names}) == 1:
        names = [name.encode("unicode_escape").decode() for name in names]  # they look the same
    return InputError(f"{' and '.join(names)} have the same edition id; rename one of them", edition=source.name)
