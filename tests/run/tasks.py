"""What the tests have worker processes do."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import time

from pipeline.errors import InputError
from pipeline.models.page import Page
from pipeline.run.tasks import read_and_prepare
from pipeline.stages.read.tasks import PdfFile
from pipeline.stages.segment.page_analysis import PageAnalysis


def square(number: int) -> tuple[int, int]:
    return number**2, os.getpid()


def hang() -> None:
    while True:
        time.sleep(0.1)


def hang_in_c() -> None:
    """Hang with the interpreter's lock held, as a C library does."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    ctypes.PyDLL(None).sleep(600)


def crash() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def abort() -> None:
    os.abort()


def read_but_crash_on_page_2(file: PdfFile, number: int) -> tuple[Page, tuple[str, ...], PageAnalysis | None]:
    """Read a page; the second reading of page 2 brings the worker down, and of page 3 any."""
    if (number == 2 and file.second_reading) or number == 3:
        crash()
    return read_and_prepare(file, number)


def read_but_hang(file: PdfFile, number: int) -> tuple[Page, tuple[str, ...], PageAnalysis | None]:
    """Read a page; the second reading does not end."""
    if file.second_reading:
        hang()
    return read_and_prepare(file, number)


def leave() -> None:
    os._exit(7)


def fill_memory() -> None:
    held = []
    while True:
        held.append(bytearray(10_000_000))


def fail() -> None:
    raise ValueError("of no use")


def refuse() -> None:
    raise InputError("no such file", edition="some", page=3)


def read_memory_limit() -> int:
    return resource.getrlimit(resource.RLIMIT_AS)[0]
