"""Writes files whole or not at all; knows nothing of the package."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path


def write_whole(path: Path, parts: Iterable[bytes]) -> None:
    """Write a file, whole or not at all: a reader sees the old content or the new one, never a part.

    Args:
        path: Where to; missing folders are made.
        parts: The content, one part after the other.

    Raises:
        OSError: It can't be written; what stood there is untouched.
    """
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
    """Give the process's umask, which can only be read by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
