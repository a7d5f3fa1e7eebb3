"""Runs a command in a process of its own, and says what it took; reads and writes nothing else."""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import median_low
from typing import Any, Final

from bench.jobs import EXIT_MISSING

KIBIBYTE: Final = 1024
PR_SET_CHILD_SUBREAPER: Final = 36
GOOD: Final = (0, 1)
"""Exit codes of a finished run: an edition's report may hold errors."""


class MissingError(Exception):
    """What should be measured is not installed."""


@dataclass(frozen=True)
class Measure:
    """What a command took.

    Attributes:
        cpu: CPU seconds of the process and all that it started.
        wall: Seconds by the clock.
        megabytes: Peak memory of the largest of these processes, MB.
        result: What the command printed, where that is JSON.
    """

    cpu: float
    wall: float
    megabytes: float
    result: dict[str, Any] = field(default_factory=dict)


def measure(command: Sequence[str]) -> Measure:
    """Run a command once.

    Args:
        command: Words of the command.

    Raises:
        MissingError: The command says that its library is not installed.
        RuntimeError: The command failed.
    """
    _adopt_orphans()
    others = _list_children()
    begun = time.perf_counter()
    # This interpreter, on files that the user names.
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # noqa: S603
    assert process.stdout is not None, "asked for by PIPE"  # noqa: S101 - for the type checker
    assert process.stderr is not None, "asked for by PIPE"  # noqa: S101 - for the type checker
    printed, complaints = process.stdout.read(), process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - begun
    cpu, peak = usage.ru_utime + usage.ru_stime, usage.ru_maxrss
    for orphan in _wait_for_orphans(others):
        cpu += orphan.ru_utime + orphan.ru_stime
        peak = max(peak, orphan.ru_maxrss)
    if process.returncode == EXIT_MISSING:
        raise MissingError(complaints.decode().strip())
    if process.returncode not in GOOD:
        raise RuntimeError(f"{' '.join(command[:6])} …: exit code {process.returncode}: {complaints.decode().strip()}")
    lines = printed.decode().strip().splitlines()
    result = json.loads(lines[-1]) if lines and lines[-1].startswith("{") else {}
    return Measure(cpu, wall, peak * KIBIBYTE / 1e6, result)


def _adopt_orphans() -> None:
    """Have processes whose parent ends become this one's children: a fork server ends after the run that started it."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _wait_for_orphans(others: AbstractSet[int]) -> Iterator[resource.struct_rusage]:
    while new := _list_children() - others:
        yield os.wait4(new.pop(), 0)[2]


def _list_children() -> set[int]:
    """Give the ids of this process's children."""
    found = set()
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if int(entry.read_text().rpartition(")")[2].split()[1]) == os.getpid():
                found.add(int(entry.parent.name))
    return found


def measure_in_turn(commands: Mapping[str, Sequence[str]], times: int) -> dict[str, Measure]:
    """Run commands one after the other, several times over, so that a machine's slow spells meet them all.

    Args:
        commands: The commands by name.
        times: How often each is run.

    Returns:
        By name: the middle CPU time, the middle wall time, the most memory. The least times are those of lucky moments,
        which need not be the same for two commands.
    """
    taken: dict[str, list[Measure]] = {name: [] for name in commands}
    for _ in range(times):
        for name, command in commands.items():
            taken[name].append(measure(command))
    return {
        name: replace(
            sorted(own, key=lambda one: one.cpu)[(len(own) - 1) // 2],
            wall=median_low(one.wall for one in own),
            megabytes=max(one.megabytes for one in own),
        )
        for name, own in taken.items()
    }


def measure_several(command: Sequence[str], times: int) -> Measure:
    """Run a command several times: the middle CPU time, the middle wall time, the most memory."""
    return measure_in_turn({"": command}, times)[""]


def job(name: str, pdfs: Sequence[str]) -> list[str]:
    """Give the command of a job."""
    return [sys.executable, "-m", "bench.jobs", name, *pdfs]


def pipeline(*words: str) -> list[str]:
    """Give the command of the pipeline's command line, from this checkout."""
    return [sys.executable, "-m", "pipeline", *words]
