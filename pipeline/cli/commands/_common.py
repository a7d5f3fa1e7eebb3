"""What several commands share: their options, the password and the progress bar; no artefact."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pipeline import paths
from pipeline.cli.main import report_line
from pipeline.errors import InputError
from pipeline.issues import KINDS
from pipeline.run.options import DEFAULT_MEGABYTES, DEFAULT_SECONDS, SECONDS_PER_PAGE, Limits
from pipeline.stages.emit.outputs import (
    ASIDE,
    folder_aside,
    holds_good_output,
    is_aside,
    latest_folder,
    list_extracted,
)

if TYPE_CHECKING:
    from rich.console import Console

    from pipeline.run.editions import EditionState
    from pipeline.run.options import Progress

TIME_VARIABLE: Final = "PIPELINE_TIME_LIMIT"
MEMORY_VARIABLE: Final = "PIPELINE_MEMORY_LIMIT"
MOST_JOBS: Final = 64
MOST: Final = 1e9
"""Largest number that a limit may be; far beyond any use, and still one that clocks can count with."""
PASSWORD_VARIABLE: Final = "PIPELINE_PDF_PASSWORD"  # noqa: S105 - the variable's name, not a password


FOLDERS: Final[dict[str, tuple[Path, str]]] = {
    "--out": (paths.EXTRACTED, "folder of all editions' output"),
    "--extracted": (paths.EXTRACTED, "folder of all editions' output"),
    "--raw": (paths.RAW, "folder of the sources"),
    "--goldens": (paths.GOLDENS, "folder of all editions' goldens, with the baseline"),
}
"""Options that name a folder in several commands: its default, and what it holds. A command that writes something else
into its `--out` calls the editions' output `--extracted`."""


def add_folders(parser: argparse.ArgumentParser, *names: str) -> None:
    """Add options of `FOLDERS`."""
    for name in names:
        add_folder(parser, name, *FOLDERS[name])


def add_folder(parser: argparse.ArgumentParser, name: str, default: Path, meaning: str) -> None:
    """Add an option that names a folder.

    Args:
        parser: The command's parser.
        name: The option's name.
        default: The folder where the option is not given.
        meaning: What the folder is for.
    """
    parser.add_argument(name, type=Path, default=default, metavar="DIR", help=f"{meaning} (default: {default})")


def add_editions(parser: argparse.ArgumentParser, what: str = "edition ids") -> None:
    """Add any number of editions, by default all."""
    parser.add_argument("edition", nargs="*", metavar="EDITION", help=f"{what} (default: all)")


def add_selection(parser: argparse.ArgumentParser) -> None:
    """Add `--edition`, `--practice` and `--field`, which narrow down what a command goes through."""
    parser.add_argument("--edition", metavar="ID", help="only this edition")
    parser.add_argument("--practice", metavar="ID", help="only this practice")
    parser.add_argument("--field", type=_read_selected, metavar="NAME", help="only this field")


def read_field(text: str) -> str:
    """Read a field's name for argparse."""
    from pipeline.models.practice import FIELDS

    if text not in FIELDS:
        raise argparse.ArgumentTypeError(f"{text!r} is no field; choose one of {', '.join(FIELDS)}")
    return text


def _read_selected(text: str) -> str:
    """Read what `--field` selects: a field, or `practice` for what concerns the practice as a whole."""
    return text if text == "practice" else read_field(text)


def today() -> str:
    """Give the day, UTC, ISO 8601."""
    from datetime import UTC, datetime

    return datetime.now(UTC).date().isoformat()


def add_language(parser: argparse.ArgumentParser, default: str) -> None:
    """Add `--language`; `default` says what it is where it is not given."""
    parser.add_argument("--language", type=_language, metavar="CODE", help=f"BCP 47 code (default: {default})")


def _language(text: str) -> str:
    """Read a language's code for argparse: it names a folder."""
    if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", text):
        raise argparse.ArgumentTypeError(f"{text!r} is no BCP 47 code, such as lv")
    return text


def read_edition_id(text: str) -> str:
    """Give an edition id that a person has typed.

    Raises:
        InputError: It can't be one: it names no file of the folder of sources.
    """
    from pipeline.run.identity import edition_id

    if "/" in text or not text:
        raise InputError(f"{text!r} is no edition id; give letters, digits and hyphens")
    return edition_id(Path(f"{text}.pdf"))


def add_password(parser: argparse.ArgumentParser) -> None:
    """Add `--password`."""
    parser.add_argument(
        "--password",
        metavar="TEXT",
        help=f"user password of locked files; better set {PASSWORD_VARIABLE}, which other users of the machine can't"
        " see, or give - to be asked for it",
    )


def add_quiet(parser: argparse.ArgumentParser) -> None:
    """Add `--quiet`."""
    parser.add_argument("--quiet", "-q", action="store_true", help="no progress, no summary; errors are still reported")


def add_limits(parser: argparse.ArgumentParser, *, reads: bool = True) -> None:
    """Add `--time-limit` and `--memory-limit`; and `--no-second-reading` and `--jobs`, which say how a file is read.

    Args:
        parser: The command's parser.
        reads: False for a command that draws pages only.
    """
    parser.add_argument(
        "--time-limit",
        type=_limit,
        metavar="SECONDS",
        help=f"for reading a file, and again for all that follows; a page may take a tenth (default: {TIME_VARIABLE} or"
        f" {DEFAULT_SECONDS:g}, for a long file {SECONDS_PER_PAGE:g} a page)",
    )
    parser.add_argument(
        "--memory-limit",
        type=_limit,
        metavar="MIB",
        help=f"for each process that opens the file (default: {MEMORY_VARIABLE} or {DEFAULT_MEGABYTES})",
    )
    if not reads:
        return
    parser.add_argument(
        "--no-second-reading",
        action="store_true",
        help="don't have each page read by a second, independent reader (pdfium), which finds out what the first lacks",
    )
    parser.add_argument(
        "--jobs",
        type=_number_of_jobs,
        default=count_cores(),
        metavar="N",
        help="how many processes read the pages of a file; the result is the same for any number (default: the cores"
        " that may be used)",
    )


def count_cores() -> int:
    """Give the number of cores that this process may use; of all cores where the system does not say."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(cores, MOST_JOBS)


def find_limits(args: argparse.Namespace) -> Limits:
    """Give the limits of the options, or of the environment, or the defaults, in this order.

    Raises:
        InputError: A variable of the environment holds no positive number.
    """
    seconds = _find_limit(args.time_limit, TIME_VARIABLE)
    megabytes = _find_limit(args.memory_limit, MEMORY_VARIABLE)
    return Limits(
        seconds=DEFAULT_SECONDS if seconds is None else seconds,
        megabytes=DEFAULT_MEGABYTES if megabytes is None else max(1, int(megabytes)),
        page_allowance=SECONDS_PER_PAGE if seconds is None else 0.0,
        second_reading=not getattr(args, "no_second_reading", False),
    )


def _find_limit(given: float | None, variable: str) -> float | None:
    """Give the option's value, or the variable's; None where there is neither."""
    if given is not None:
        return given
    text = os.environ.get(variable)
    if text is None:
        return None
    try:
        return _positive_number(text)
    except ValueError as error:
        raise InputError(f"{variable} is {text!r}, which is no positive number; correct it or unset it") from error


def _limit(text: str) -> float:
    """Read a limit for argparse, which shows the error's text."""
    try:
        return _positive_number(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no number above 0") from error


def _number_of_jobs(text: str) -> int:
    """Read a number of processes for argparse, which shows the error's text."""
    jobs = int(text) if text.isdecimal() else 0
    if not 1 <= jobs <= MOST_JOBS:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1 to {MOST_JOBS}")
    return jobs


def _positive_number(text: str) -> float:
    """Read a number above zero.

    Raises:
        ValueError: It is none.
    """
    value = float(text)
    if not 0 < value < MOST:
        raise ValueError(text)
    return value


def add_cache(parser: argparse.ArgumentParser) -> None:
    """Add `--cache` and `--no-cache`."""
    which = parser.add_mutually_exclusive_group()
    which.add_argument(
        "--cache",
        type=Path,
        metavar="DIR",
        help="folder in which runs keep what they have computed, so that what has not changed is not computed again"
        " (default: raccombat-pipeline in the user's cache folder)",
    )
    which.add_argument("--no-cache", action="store_true", help="compute everything, and keep nothing")


def find_cache(args: argparse.Namespace) -> Path | None:
    """Give the folder of kept results; None where none is wanted."""
    from pipeline.run.cache import default_folder

    if args.no_cache:
        return None
    return default_folder() if args.cache is None else Path(args.cache)


def open_console(width: int | None = None) -> Console:
    """Open the standard output for tables.

    Args:
        width: In characters; the terminal's by default.
    """
    from rich.console import Console

    class PlainConsole(Console):
        def on_broken_pipe(self) -> None:
            """Pass the error on: rich would end the process with a code of its own."""
            raise  # noqa: PLE0704 - rich calls it where the error is handled

    return PlainConsole(width=width)


def for_terminal(text: str) -> str:
    """Give a text that comes from a file without what a terminal would obey: control characters are shown as U+FFFD."""
    return "".join(letter if letter.isprintable() or letter in "\n " else "\ufffd" for letter in text)


def find_password(args: argparse.Namespace) -> str | None:
    """Give the password of the option, the terminal or the environment, in this order."""
    if args.password == "-":  # noqa: S105 - asks for the password
        from getpass import getpass

        return getpass("Password: ")
    if args.password is not None:
        return str(args.password)
    return os.environ.get(PASSWORD_VARIABLE)


@dataclass(frozen=True)
class Display:
    """A progress display: what the runner is to call with each step, and with each edition."""

    advance: Progress
    announce: Callable[[str], None]


@contextmanager
def show_progress(*, quiet: bool) -> Iterator[Display]:
    """Show a progress bar on stderr, where that is a terminal.

    Args:
        quiet: True to show none.

    Yields:
        What the runner is to call.
    """
    from pipeline.run.options import no_announcement, no_progress

    if quiet or not sys.stderr.isatty():
        yield Display(no_progress, no_announcement)
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    with Progress(
        TextColumn("{task.fields[edition]}"),
        TextColumn("{task.description:<10}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    ) as bar:
        task = bar.add_task("", total=None, edition="")

        def advance(stage: str, done: int, total: int) -> None:
            bar.update(task, description=stage, completed=done, total=total, refresh=done == total)

        def announce(edition: str) -> None:
            bar.reset(task, total=None, description="", edition=escape(edition))

        yield Display(advance, announce)


def find_edition_folder(edition: str, out: Path) -> Path:
    """Find the folder of an extracted edition.

    Args:
        edition: An edition id, or a folder.
        out: The folder of all editions' output.

    Returns:
        The folder of that id in the output folder where there is one, else what was named.

    Raises:
        InputError: There is neither.
    """
    inside, named = out / edition, Path(edition)
    if inside.is_dir():
        return inside
    if not named.is_dir():
        known = list_extracted(out)
        there = f"there are: {', '.join(known)}" if known else "run: pipeline run"
        raise InputError(f"there is no extracted edition {edition!r} in {out}/; {there}")
    return named


def find_latest_folder(edition: str, out: Path) -> Path:
    """Find the folder of an edition's last run, be it one with errors that was set aside.

    Args:
        edition: An edition id, or a folder.
        out: The folder of all editions' output.

    Returns:
        As `find_edition_folder`, but for an id whose last run was set aside the folder aside.

    Raises:
        InputError: There is none.
    """
    folder = find_edition_folder(edition, out)
    return latest_folder(out, edition) if folder == out / edition else folder


def require_edition(edition: str, raw: Path, out: Path) -> EditionState:
    """Give what is there of an edition.

    Args:
        edition: Edition id.
        raw: The folder of the sources.
        out: The folder of all editions' output.

    Raises:
        InputError: There is neither a source nor output of it.
    """
    from pipeline.run.editions import list_states

    states = {state.edition: state for state in list_states(raw, out)}
    if edition not in states:
        there = f"there are: {', '.join(states)}" if states else "take one in: pipeline add FILE.pdf"
        raise InputError(f"there is no edition {edition!r} in {raw}/ or {out}/; {there}")
    return states[edition]


def remove_output(out: Path, edition: str) -> None:
    """Remove an edition's output, and what was set aside of it.

    Raises:
        OutputError: It can't be removed, or a run is writing it.
    """
    from pipeline.stages.emit.swap import swap_out

    swap_out(out, edition)
    swap_out(out / ASIDE, edition)


def report_word_folders() -> None:
    """Say on stderr where words are read from, where that is not the package's own folder alone."""
    own, *others = paths.schema_folders()
    if others:
        known = "" if own.is_dir() else " (there is no such folder yet)"
        report_line("note", f"words are read from {own}{known}, then from {others[0]}")


def describe_errors(edition: str, issues: Iterable[Mapping[str, Any]], where: Path) -> str:
    """Give the first error of a run that is no success, and where the others stand, on one line.

    Args:
        edition: Edition id.
        issues: The report's issues, as they stand in its file.
        where: The file that holds them all.
    """
    listed = list(issues)
    errors = [issue for issue in listed if issue["severity"] == "error"]
    # Without an error it is a warning that keeps the edition from good.
    errors = errors or [issue for issue in listed if issue["severity"] == "warning" and _is_open(issue)]
    if not errors:
        return f"{edition}: the report is not good; see {where}"
    first = errors[0]
    place = [edition, first["practice"], first["page"] and f"page {first['page']}"]
    place.append(first["label"] and f"label {first['label']!r}")
    said = f"{', '.join(str(part) for part in place if part)}: {first['message']}"
    return said if len(errors) == 1 else f"{said} (and {len(errors) - 1} more, in {where})"


def _is_open(issue: Mapping[str, Any]) -> bool:
    kind = KINDS.get(issue["code"])
    return kind is not None and kind.spoils_good and issue.get("acknowledged") is None


def describe_kept(folder: Path, again: str) -> str:
    """Describe the good output that stayed because a run with errors was set aside; nothing where none was.

    Args:
        folder: The folder that the run has written.
        again: The command that takes its output over.
    """
    if not is_aside(folder):
        return ""
    return (
        f"; {folder.parent.parent / folder.name} stays as it was, the new output is in {folder}; correct the cause and"
        f" run again, or take it over: {again}"
    )


def report_set_aside(folder: Path, hint: str) -> None:
    """Say on stderr that what is shown is not the last run, where that had errors and was set aside.

    Args:
        folder: The edition's folder that is shown.
        hint: How to see the other one; `{}` stands for its folder.
    """
    aside = folder_aside(folder.parent, folder.name)
    if not is_aside(folder) and latest_folder(folder.parent, folder.name) == aside:
        report_line("note", f"the last run of {folder.name} had errors; {hint.format(aside)}")


def warn_of_faults(extracted: Path, editions: Iterable[str]) -> None:
    """Say on stderr which editions are published though their reports do not say that they are good."""
    for edition in editions:
        if not holds_good_output(extracted / edition):
            report_line("warning", f"{edition}: its report does not say that it is good; read it: pipeline validate")
