"""The options that several commands share, and what a run's options are made of them."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from pipeline import paths
from pipeline.cli.terminal import quote
from pipeline.errors import InputError
from pipeline.run.cache import default_folder
from pipeline.run.options import DEFAULT_MEGABYTES, DEFAULT_SECONDS, SECONDS_PER_PAGE, Limits, Options

TIME_VARIABLE: Final = "PIPELINE_TIME_LIMIT"
MEMORY_VARIABLE: Final = "PIPELINE_MEMORY_LIMIT"
MOST_JOBS: Final = 64
MOST: Final = 1e9
"""Largest number that a limit may be; far beyond any use, and still one that clocks can count with."""
PASSWORD_VARIABLE: Final = "PIPELINE_PDF_PASSWORD"  # noqa: S105 - the variable's name, not a password


def folder_option(default: Path, meaning: str) -> dict[str, Any]:
    """What argparse needs for an option that names a folder."""
    return {"type": Path, "default": default, "metavar": "DIR", "help": f"{meaning} (default: {default})"}


def read_language(text: str) -> str:
    """Read a language's code for argparse: it names a folder."""
    if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", text):
        raise argparse.ArgumentTypeError(f"{text!r} is no BCP 47 code, such as lv")
    return text


def read_field(text: str) -> str:
    """Read a field's name for argparse."""
    from pipeline.models.practice import FIELDS

    if text not in FIELDS:
        raise argparse.ArgumentTypeError(f"{text!r} is no field; choose one of {', '.join(FIELDS)}")
    return text


def _read_selected(text: str) -> str:
    """Read what `--field` selects: a field, `extra.` and a row's name, or `practice` for the practice as a whole."""
    return text if text == "practice" or text.startswith("extra.") else read_field(text)


def _read_limit(text: str) -> float:
    """Read a number above zero for argparse."""
    try:
        value = float(text)
    except ValueError:
        value = 0
    if not 0 < value < MOST:
        raise argparse.ArgumentTypeError(f"{text!r} is no number above 0")
    return value


def _read_jobs(text: str) -> int:
    """Read a number of processes for argparse."""
    jobs = int(text) if text.isdecimal() else 0
    if not 1 <= jobs <= MOST_JOBS:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1 to {MOST_JOBS}")
    return jobs


def _count_cores() -> int:
    """Count the cores that this process may use; all cores where the system does not say."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(cores, MOST_JOBS)


OPTIONS: Final[dict[str, dict[str, Any]]] = {
    "edition": {"nargs": "*", "metavar": "EDITION", "help": "edition ids (default: all)"},
    "--extracted": folder_option(paths.EXTRACTED, "folder of all editions' output"),
    "--out": folder_option(paths.EXTRACTED, "folder of all editions' output"),
    "--raw": folder_option(paths.RAW, "folder of the sources"),
    "--goldens": folder_option(paths.GOLDENS, "folder of all editions' goldens, with the baseline"),
    "--edition": {"metavar": "ID", "help": "only this edition"},
    "--practice": {"metavar": "ID", "help": "only this practice"},
    "--field": {"type": _read_selected, "metavar": "NAME", "help": "only this field"},
    "--password": {
        "metavar": "TEXT",
        "help": f"user password of locked files; better set {PASSWORD_VARIABLE}, which other users of the machine can't"
        " see, or give - to be asked for it",
    },
    "--time-limit": {
        "type": _read_limit,
        "metavar": "SECONDS",
        "help": f"for reading a file, and again for all that follows; a page may take a tenth (default: {TIME_VARIABLE}"
        f" or {DEFAULT_SECONDS:g}, for a long file {SECONDS_PER_PAGE:g} a page)",
    },
    "--memory-limit": {
        "type": _read_limit,
        "metavar": "MIB",
        "help": f"for each process that opens the file (default: {MEMORY_VARIABLE} or {DEFAULT_MEGABYTES})",
    },
    "--no-second-reading": {
        "action": "store_true",
        "help": "don't have each page read by a second, independent reader (pdfium), which finds out what the"
        " first lacks",
    },
    "--jobs": {
        "type": _read_jobs,
        "default": _count_cores(),
        "metavar": "N",
        "help": "how many processes read the pages of a file; the result is the same for any number (default: the"
        " cores that may be used)",
    },
    "--cache": {
        "type": Path,
        "metavar": "DIR",
        "help": "folder in which runs keep what they have computed, so that what has not changed is not computed again"
        " (default: raccombat-pipeline in the user's cache folder)",
    },
    "--no-cache": {"action": "store_true", "help": "compute everything, and keep nothing"},
    "--quiet": {"action": "store_true", "help": "no progress, no summary; errors are still reported"},
}
"""What several commands ask for. `--out` is where a command writes, `--extracted` what it reads of the editions."""
DRAWING: Final = ("--password", "--time-limit", "--memory-limit")
"""Options of a command that draws pages."""
READING: Final = (*DRAWING, "--no-second-reading", "--jobs")
"""Options of a command that reads pages."""


def add_shared(parser: argparse.ArgumentParser, *names: str) -> None:
    """Add options of `OPTIONS`."""
    for name in names:
        parser.add_argument(name, *(["-q"] if name == "--quiet" else []), **OPTIONS[name])
        if name == "--extracted":  # what it was called in 1.0
            parser.add_argument("--out", dest="extracted", type=Path, default=argparse.SUPPRESS, help=argparse.SUPPRESS)


def add_cache(parser: argparse.ArgumentParser) -> None:
    """Add `--cache` and `--no-cache`, of which one is given at most."""
    which = parser.add_mutually_exclusive_group()
    for name in ("--cache", "--no-cache"):
        which.add_argument(name, **OPTIONS[name])


def make_options(args: argparse.Namespace, **more: Any) -> Options:
    """Make the run's options of the command's.

    Args:
        args: The command's options; what it has none for is as by default.
        **more: Further options of the run.

    Raises:
        InputError: A variable of the environment holds no positive number.
    """
    given = vars(args)
    seconds = _find_limit(given.get("time_limit"), TIME_VARIABLE)
    megabytes = _find_limit(given.get("memory_limit"), MEMORY_VARIABLE)
    limits = Limits(
        seconds=seconds or DEFAULT_SECONDS,
        megabytes=max(1, int(megabytes or DEFAULT_MEGABYTES)),
        page_allowance=0.0 if seconds else SECONDS_PER_PAGE,
    )
    cache = None if given.get("no_cache", True) else args.cache or default_folder()
    return Options(
        password=_find_password(args),
        second_reading=not given.get("no_second_reading", False),
        limits=limits,
        jobs=given.get("jobs", 1),
        cache=cache,
        **more,
    )


@contextmanager
def show_progress(args: argparse.Namespace, **more: Any) -> Iterator[Options]:
    """Show progress on stderr, where that is a terminal and the command is not quiet.

    Args:
        args: The command's options.
        **more: Further options of the run.

    Yields:
        What `make_options` makes of them, reporting progress.
    """
    options = make_options(args, **more)
    if args.quiet or not sys.stderr.isatty():
        yield options
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.fields[edition]}"), TextColumn("{task.description:<10}"), BarColumn())
    console = Console(stderr=True)
    with Progress(*columns, MofNCompleteColumn(), TimeElapsedColumn(), console=console, transient=True) as bar:
        task = bar.add_task("", total=None, edition="")

        def advance(stage: str, done: int, total: int) -> None:
            bar.update(task, description=stage, completed=done, total=total, refresh=done == total)

        def announce(edition: str) -> None:
            bar.reset(task, total=None, description="", edition=escape(edition))

        yield replace(options, progress=advance, announce=announce)


def _find_limit(given: float | None, variable: str) -> float | None:
    """Return the option's value, or the environment variable's; None where there is neither."""
    text = os.environ.get(variable)
    if given is not None or text is None:
        return given
    try:
        return _read_limit(text)
    except argparse.ArgumentTypeError as error:
        raise InputError(f"{variable} is {text!r}, which is no positive number; correct it or unset it") from error


def _find_password(args: argparse.Namespace) -> str | None:
    """Return the password of the option, the terminal or the environment, in this order."""
    if args.password == "-":  # noqa: S105 - asks for the password
        import warnings
        from getpass import GetPassWarning, getpass

        try:
            with warnings.catch_warnings(action="error", category=GetPassWarning):
                return getpass("Password: ")
        except GetPassWarning as error:  # there is no terminal: a line of the standard input, if any
            line = sys.stdin.readline() if sys.stdin is not None else ""
            if line:
                return line.rstrip("\n")
            reason = "the password can't be asked for: there is no terminal, and the standard input is empty"
            raise InputError(f"{reason}; set {PASSWORD_VARIABLE}") from error
    return os.environ.get(PASSWORD_VARIABLE) if args.password is None else args.password


def repeat_options(args: argparse.Namespace, folder: Path, option: str = "--extracted") -> str:
    """What a command that is proposed needs of the options of this one: where output and words are, if not as usual."""
    words = f" --schemas {quote(args.schemas)}" if args.schemas else ""
    return words if folder == paths.EXTRACTED else f" {option} {quote(folder)}{words}"
