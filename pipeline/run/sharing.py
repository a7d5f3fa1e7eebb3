"""Works items out by several processes at once, in order, or one by another process; reads and writes no artefact.

```
this process: items 0, 2, 4 …   ── fork ──   helper: items 1, 3, 5 … ── pickled results ──► this process
```

A helper is a copy of this process as it stands: it knows what this process knows, gives back its results, and ends. A
share whose helper gives none, whatever became of it, is worked out here: so what goes wrong with an item goes wrong in
this process, as it would without helpers.
"""

from __future__ import annotations

import gc
import os
import pickle
import resource
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Final, NamedTuple, TypeVar

from pipeline.errors import LimitError

Item = TypeVar("Item")
Result = TypeVar("Result")

ITEMS_PER_PROCESS: Final = 4
"""Items that one more process is started for: to start one, and to take its results, takes as long as two chapters."""
MOST_AT_ONCE: Final = 1 << 20
"""Bytes taken from a helper at once."""
ENDS: Final = (LimitError, MemoryError, TimeoutError)
"""Errors that are no item's: time or memory is over, and nothing more is waited for."""


class _Helper(NamedTuple):
    """A forked process, and where its results are read from."""

    pid: int
    results: int


def work_out(work: Callable[[Item], Result], items: list[Item], *, processes: int, seconds: float) -> Iterator[Result]:
    """Work items out, by several processes where that is worth it.

    Args:
        work: What is to be done with each item; its results can be pickled.
        items: The items. The list is emptied: an item is let go as soon as its result is there.
        processes: Most processes, this one included. Other threads than the main one have no helpers.
        seconds: CPU seconds that a helper may take; one whose parent was killed should not go on for ever.

    Yields:
        The results, in the order of the items.

    Raises:
        Exception: What the first item raises, in the order of the items, that raises anything.
    """
    processes = min(processes, len(items) // ITEMS_PER_PROCESS)
    if processes < 2 or threading.current_thread() is not threading.main_thread():
        items.reverse()
        while items:
            yield work(items.pop())
        return
    shares = [items[number::processes] for number in range(processes)]
    items.clear()
    helpers: list[_Helper | None] = [None]  # the first share is this process's own
    results: list[list[Result]] = []
    errors: dict[int, Exception] = {}
    try:
        for share in shares[1:]:
            _start(work, share, seconds, helpers)
        for number, share in enumerate(shares):
            found, error = _finish(work, share, helpers, number)
            results.append(found)
            if error is not None:
                errors[number + processes * len(found)] = error
    finally:
        for helper in helpers:
            if helper is not None:
                _stop(helper)
    if errors:
        raise errors[min(errors)]
    for number in range(sum(map(len, results))):
        yield results[number % processes][number // processes]


def work_apart(
    work: Callable[[Item], Result], item: Item, *, seconds: float, meanwhile: Callable[[], object] | None = None
) -> Result:
    """Work an item out by a helper: what that takes beside the result is given back to the system when it ends.

    Args:
        work: What is to be done with the item; its result can be pickled.
        item: The item.
        seconds: CPU seconds that the helper may take.
        meanwhile: What this process does when the helper is there (in another thread than the main one: before the
            item); the helper knows nothing of it.

    Raises:
        Exception: What the work raises, or what is done meanwhile.
    """
    meanwhile = meanwhile or (lambda: None)
    if threading.current_thread() is not threading.main_thread():
        meanwhile()
        return work(item)
    helpers: list[_Helper | None] = []
    try:
        _start(work, [item], seconds, helpers)
        meanwhile()
        results, error = _finish(work, [item], helpers, 0)
    finally:
        for helper in helpers:
            if helper is not None:
                _stop(helper)
    if error is not None:
        raise error
    return results[0]


def _start(work: Callable[[Item], Result], share: list[Item], seconds: float, helpers: list[_Helper | None]) -> None:
    """Add a helper to the helpers; None where the system allows no more processes or open files."""
    if threading.active_count() > 1:
        from pipeline.models.geometry import build_models

        build_models()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    try:
        # A signal's handler may raise: not before the helper is known here, and never in the helper.
        signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
        helpers.append(_fork(work, share, seconds, before))
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _fork(work: Callable[[Item], Result], share: list[Item], seconds: float, signals: Iterable[int]) -> _Helper | None:
    """Fork a helper, which blocks the signals given; None where the system allows none."""
    try:
        results, out = os.pipe()
    except OSError:
        return None
    parent = os.getpid()
    try:
        pid = os.fork()
    except OSError:
        os.close(results)
        os.close(out)
        return None
    if pid == 0:
        _help(work, share, seconds, out, parent, signals)
    os.close(out)
    return _Helper(pid, results)


def _help(
    work: Callable[[Item], Result],
    share: list[Item],
    seconds: float,
    out: int,
    parent: int,
    signals: Iterable[int],
) -> None:
    """Be a helper: give the results, or end without any."""
    code = 1
    try:
        for number in signal.valid_signals():
            if callable(signal.getsignal(number)):
                signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, signals)
        # Nothing else of this process's is kept open: its locks and its children end with it.
        os.closerange(3, out)
        os.closerange(out + 1, resource.getrlimit(resource.RLIMIT_NOFILE)[0])
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 1, resource.getrlimit(resource.RLIMIT_CPU)[1]))
        gc.freeze()  # to look through what is shared would copy it
        found = []
        for item in share:
            if os.getppid() != parent:  # nobody waits for the results any more
                os._exit(code)
            found.append(work(item))
        data = memoryview(pickle.dumps(found, protocol=5))
        while data:
            data = data[os.write(out, data) :]
        code = 0
    finally:
        # Not by way of the interpreter's end: a forked process would run what its parent has still to do, and say what
        # its parent will say.
        os._exit(code)


def _finish(
    work: Callable[[Item], Result], share: list[Item], helpers: list[_Helper | None], number: int
) -> tuple[list[Result], Exception | None]:
    """Empty a share: give its helper's results, or else work it out up to its first error, which is given too."""
    helper = helpers[number]
    if helper is not None:
        data = bytearray()
        while part := os.read(helper.results, MOST_AT_ONCE):
            data += part
        helpers[number] = None
        os.close(helper.results)
        # What it wrote has ended, so it ends. Where the system has reaped it, how it ended is not known.
        with suppress(ChildProcessError, EOFError, pickle.UnpicklingError):
            _, status = os.waitpid(helper.pid, 0)
            if os.waitstatus_to_exitcode(status) == 0:
                results: list[Result] = pickle.loads(data)  # noqa: S301 - a copy of this process wrote it
                share.clear()
                return results, None
    share.reverse()
    found: list[Result] = []
    try:
        while share:
            found.append(work(share.pop()))
    except ENDS:
        raise
    except Exception as error:  # noqa: BLE001 - an item of another share may come before this one
        return found, error
    return found, None


def _stop(helper: _Helper) -> None:
    """Stop a helper whose results are no longer wanted."""
    os.close(helper.results)
    with suppress(ProcessLookupError, ChildProcessError):
        os.kill(helper.pid, signal.SIGKILL)
        os.waitpid(helper.pid, 0)
