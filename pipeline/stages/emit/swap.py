"""Swaps a folder's contents in whole, under a lock.

A folder `<out>/<name>` is written next to itself first, as `<out>/.<name>.new`, synced to disk, and exchanged with the
old one in one step (`renameat2` with `RENAME_EXCHANGE`, Linux 3.15). Where the system has no such call, the old folder
is set aside as `<out>/.<name>.old` and the next run brings it back should this one be killed between the two renames.
"""

import contextlib
import ctypes
import errno
import fcntl
import os
import shutil
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Final, TypeVar

from pipeline.errors import OutputError
from pipeline.files import as_output_error

Filled = TypeVar("Filled")

_AT_FDCWD: Final = -100
_RENAME_EXCHANGE: Final = 2
_NO_EXCHANGE: Final = frozenset({errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EPERM})
"""What `renameat2` answers where the kernel, the file system or a sandbox has no exchange."""


@contextmanager
def lock_folder(out: Path, name: str) -> Iterator[None]:
    """Hold the lock of an output folder, and repair what a killed run left there.

    The lock is the kernel's (`flock`): it ends with the process, however that ends.

    Args:
        out: The folder that holds the output folder; made where it is missing.
        name: Name of the output folder.

    Raises:
        OutputError: Another run holds the lock, or `out` can't be written.
    """
    path = out / f".{name}.lock"
    with _as_output_error(out, name):
        out.mkdir(parents=True, exist_ok=True)
        handle = _acquire(path)
    if handle is None:
        raise OutputError(
            f"another run is writing {out / name} (lock {path}); wait for it to end, or choose another --out",
            edition=name,
        )
    try:
        with _as_output_error(out, name):
            _recover(out, name)
        _require_own_folder(out / name)
        yield
    finally:
        with contextlib.suppress(OSError):  # the folder may have lost its permission meanwhile
            path.unlink(missing_ok=True)
        os.close(handle)


def swap_in(out: Path, name: str, files: Iterable[tuple[str, bytes]]) -> None:
    """Replace a folder by one that holds exactly these files; the caller holds its lock.

    Args:
        out: The folder that holds the output folder.
        name: Name of the output folder.
        files: Name and content of each file; one after the other is taken and written.

    Raises:
        OutputError: The files can't be written; the old folder is untouched.
    """

    def fill(folder: Path) -> None:
        for file, content in files:
            (folder / file).write_bytes(content)

    swap_in_filled(out, name, fill)


def swap_in_filled(out: Path, name: str, fill: Callable[[Path], Filled]) -> Filled:
    """Replace a folder by a new one; the caller holds its lock.

    Args:
        out: The folder that holds the output folder.
        name: Name of the output folder.
        fill: Writes the files into the empty folder that it is given.

    Returns:
        What `fill` gives.

    Raises:
        OutputError: The files can't be written; the old folder is untouched. What else `fill` raises is passed on.
    """
    new = out / f".{name}.new"
    try:
        with _as_output_error(out, name):
            new.mkdir()
            filled = fill(new)
            for path in (new, *new.rglob("*")):
                _sync(path)
            _exchange(out, name)
            _sync(out)
        return filled
    finally:
        # After the exchange it is the old folder; after a failure the half-written one. What can't be removed now,
        # the next run removes.
        with contextlib.suppress(OSError):
            _remove(new)


def swap_out(out: Path, name: str) -> None:
    """Remove a folder in whole, and the one that holds it where that is empty then.

    Args:
        out: The folder that holds it. Nothing happens where either is missing.
        name: Name of the folder.

    Raises:
        OutputError: It can't be removed, or a run is writing it.
    """
    if not out.is_dir():
        return
    with lock_folder(out, name), _as_output_error(out, name):
        if (out / name).exists():
            # A killed run leaves it whole, or under a name by which nothing looks for it; the next run removes that.
            gone = out / f".{name}.new"
            (out / name).rename(gone)
            _remove(gone)
    with contextlib.suppress(OSError):
        out.rmdir()


def _as_output_error(out: Path, name: str) -> AbstractContextManager[None]:
    advice = "the last good output is untouched; choose a folder with room that you may write to by --out"
    return as_output_error(out / name, advice, edition=name)


def _acquire(path: Path) -> int | None:
    """Open and lock the lock file; None where another process holds it."""
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            return None
        # The holder before us may have removed the file between our open and our lock: then we hold a lock on nothing.
        try:
            current = path.stat()
        except FileNotFoundError:
            os.close(handle)
            continue
        mine = os.fstat(handle)
        if (current.st_dev, current.st_ino) == (mine.st_dev, mine.st_ino):
            return handle
        os.close(handle)


def _recover(out: Path, name: str) -> None:
    """Bring back a folder that was set aside, and remove what a killed run wrote next to it."""
    current, new, old = out / name, out / f".{name}.new", out / f".{name}.old"
    if old.exists() and not current.exists():
        old.rename(current)
    for stray in (old, new):
        with as_output_error(stray, "remove it, or choose another --out", done="removed", edition=name):
            _remove(stray)


def _remove(path: Path) -> None:
    """Remove a folder, whatever its permission, or what is in its place: of a symbolic link the link alone."""
    if path.is_dir() and not path.is_symlink():
        path.chmod(stat.S_IRWXU)
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _require_own_folder(folder: Path) -> None:
    """Refuse to write over something other than a folder of the pipeline's own."""
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        kind = "a symbolic link" if folder.is_symlink() else "no folder"
        raise OutputError(
            f"{folder} is {kind} and is not written over; remove it, or choose another --out", edition=folder.name
        )


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _exchange(out: Path, name: str) -> None:
    """Put the new folder in the old one's place."""
    current, new, old = out / name, out / f".{name}.new", out / f".{name}.old"
    if not current.exists():
        new.rename(current)
        return
    if _exchange_in_one_step(new, current):
        return
    current.rename(old)
    new.rename(current)
    _remove(old)


def _exchange_in_one_step(one: Path, other: Path) -> bool:
    """Exchange two folders by one system call; False where there is none."""
    try:
        call = ctypes.CDLL(None, use_errno=True).renameat2
    except AttributeError:
        return False
    if call(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in _NO_EXCHANGE:
        return False
    raise OSError(number, os.strerror(number), str(other))
