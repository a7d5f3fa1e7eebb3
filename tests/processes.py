"""What a test and all processes that it has started take: CPU time and memory, as Linux counts them in `/proc`."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

MEMORY: Final = re.compile(r"^Pss:\s*(\d+) kB$", re.MULTILINE)
"""A process's memory; what it shares with others (the fork server's modules) is divided among them."""
SAMPLE_SECONDS: Final = 0.1
"""How often memory is looked at; recognising a page takes seconds."""


def cpu_seconds() -> float:
    """CPU time of this process, of its children and of theirs: the fork server of the workers lives on."""
    ticks = 0
    for child in _list_children("self"):
        with suppress(OSError):  # it has ended meanwhile
            ticks += sum(map(int, Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()[11:15]))
    return sum(os.times()[:4]) + ticks / os.sysconf("SC_CLK_TCK")


@contextmanager
def peak_megabytes() -> Iterator[list[float]]:
    """Measure memory while the block runs.

    Yields:
        A list that holds one number in the end: the most that a child of a child (a worker) and the processes that it
        has started took together, MiB.
    """
    found, ended = [0.0], threading.Event()

    def watch() -> None:
        while not ended.wait(SAMPLE_SECONDS):
            workers = [worker for child in _list_children("self") for worker in _list_children(child)]
            found[0] = max([found[0], *map(_sum_memory, workers)])

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield found
    finally:
        ended.set()
        watcher.join()


def _list_children(process: str) -> list[str]:
    with suppress(OSError):
        return [
            child
            for task in Path(f"/proc/{process}/task").iterdir()
            for child in (task / "children").read_text().split()
        ]
    return []


def _sum_memory(process: str) -> float:
    """The memory of a process and of all below it, MiB."""
    with suppress(OSError):
        own = MEMORY.search(Path(f"/proc/{process}/smaps_rollup").read_text())
        return (0 if own is None else int(own[1]) / 1024) + sum(map(_sum_memory, _list_children(process)))
    return 0.0
