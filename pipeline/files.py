"""Writes files whole or not at all, and turns the operating system's refusals into one line."""

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from pipeline.errors import OutputError

CHECK: Final = "check the folder's permissions"


def is_plain_file(path: Path) -> bool:
    """Return whether a path is a file that could be read; False too where its folder may not be entered."""
    with suppress(OSError):
        return path.is_file()
    return False


def name_cause(error: Exception) -> str:
    """What went wrong in the operating system's words, where they are its own."""
    return getattr(error, "strerror", None) or str(error)


@contextmanager
def as_output_error(
    path: Path | None = None, advice: str = CHECK, *, done: str = "written", edition: str | None = None
) -> Iterator[None]:
    """Turn an error of the operating system into one line that says what to do.

    Args:
        path: What was to be written; None for the file that the system names.
        advice: What to do next.
        done: What could not be done, as a participle.
        edition: The edition concerned, where known.

    Raises:
        OutputError: The operating system refused.
    """
    try:
        yield
    except OSError as error:
        message = f"{path or error.filename} can't be {done} ({name_cause(error)}); {advice}"
        raise OutputError(message, edition=edition) from error


def require_writable(folders: Iterable[Path], advice: str = CHECK, *, edition: str | None = None) -> None:
    """Find out before anything is changed that all of it can be: folders that are not there are none.

    Raises:
        OutputError: One can't be written to.
    """
    for folder in folders:
        if folder.exists() and not os.access(folder, os.W_OK):
            raise OutputError(f"{folder} can't be written to; {advice}", edition=edition)


def write_whole(path: Path, parts: Iterable[bytes], advice: str = CHECK, *, edition: str | None = None) -> None:
    """Write a file, whole or not at all: a reader sees the old content or the new one, never a part.

    Args:
        path: Where to; missing folders are made.
        parts: The content, one part after the other.
        advice: What to do where it can't be written.
        edition: The edition concerned, where known.

    Raises:
        OutputError: It can't be written; what was there is untouched.
    """
    with as_output_error(path, advice, edition=edition):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, half = tempfile.mkstemp(dir=path.parent, prefix=".")
        try:
            with os.fdopen(handle, "wb") as opened:
                opened.writelines(parts)
            Path(half).chmod(0o666 & ~_read_umask())
            Path(half).replace(path)
        except BaseException:
            Path(half).unlink(missing_ok=True)
            raise


def _read_umask() -> int:
    """The process's umask, which can only be read by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
