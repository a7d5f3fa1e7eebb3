"""What several commands share: their options and what these say, progress, what is looked up and what is printed."""

from __future__ import annotations

import argparse
import json
import os
import re
import shlex
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pipeline import paths
from pipeline.cli.main import report_line
from pipeline.errors import ExtractionError, InputError
from pipeline.issues import KINDS
from pipeline.run.cache import default_folder
from pipeline.run.editions import EditionState, list_renamed, list_states
from pipeline.run.identity import edition_id
from pipeline.run.options import DEFAULT_MEGABYTES, DEFAULT_SECONDS, SECONDS_PER_PAGE, Limits, Options
from pipeline.stages.emit.outputs import (
    ASIDE,
    REPORT_FILE,
    folder_aside,
    holds_good_output,
    is_aside,
    latest_folder,
    list_closed,
    require_extracted,
)
from pipeline.stages.emit.swap import swap_out

if TYPE_CHECKING:
    from rich.console import Console

    from pipeline.models.practice import Place
    from pipeline.models.report import Issue

TIME_VARIABLE: Final = "PIPELINE_TIME_LIMIT"
MEMORY_VARIABLE: Final = "PIPELINE_MEMORY_LIMIT"
MOST_JOBS: Final = 64
MOST: Final = 1e9
"""Largest number that a limit may be; far beyond any use, and still one that clocks can count with."""
PASSWORD_VARIABLE: Final = "PIPELINE_PDF_PASSWORD"  # noqa: S105 - the variable's name, not a password

YES: Final = frozenset({"y", "yes"})
"""Answers of a person, in small letters, that say yes."""


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
        second_reading=not given.get("no_second_reading", False),
    )
    cache = None if given.get("no_cache", True) else args.cache or default_folder()
    return Options(password=_find_password(args), limits=limits, jobs=given.get("jobs", 1), cache=cache, **more)


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
    """Show control characters, which a terminal would obey, as U+FFFD."""
    return "".join(letter if letter.isprintable() or letter in "\n " else "\ufffd" for letter in text)


def print_json(content: object) -> None:
    """Print plain values as JSON."""
    print(json.dumps(content, ensure_ascii=False, indent=2))


def ask(question: str) -> str | None:
    """Ask a person, and return the answer; None where the input has ended."""
    try:
        return input(question).strip()
    except EOFError:
        return None


def ask_whether(question: str) -> bool | None:
    """Ask a person whether something is so; None where they want to stop, or the input has ended."""
    answer = ask(f"{question} [y]es, [n]o, [q]uit: ")
    if answer is None or answer.lower() in {"q", "quit"}:
        return None
    return answer.lower() in YES


def today() -> str:
    """Return the day, UTC, ISO 8601."""
    return datetime.now(UTC).date().isoformat()


def read_edition_id(text: str) -> str:
    """Read an edition id that a person has typed.

    Raises:
        InputError: It can't be one: it names no file of the folder of sources.
    """
    if "/" in text or not text:
        raise InputError(f"{text!r} is no edition id; give letters, digits and hyphens")
    return edition_id(Path(f"{text}.pdf"))


def find_edition_folder(edition: str, extracted: Path, *, latest: bool = False) -> Path:
    """Find the folder of an extracted edition.

    Args:
        edition: An edition id, or a folder.
        extracted: The folder of all editions' output.
        latest: True to find, of an id whose last run had errors and was set aside, the folder aside.

    Returns:
        The folder of that id in the output folder where there is one, else what was named.

    Raises:
        InputError: There is neither.
    """
    if (extracted / edition).is_dir():
        return latest_folder(extracted, edition) if latest else extracted / edition
    if not Path(edition).is_dir():
        require_extracted(extracted, [repr(edition)])
    return Path(edition)


def require_edition(edition: str, raw: Path, out: Path) -> EditionState:
    """Look up what is there of an edition.

    Args:
        edition: Edition id.
        raw: The folder of the sources.
        out: The folder of all editions' output.

    Raises:
        InputError: There is neither a source nor output of it.
    """
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
    swap_out(out, edition)
    swap_out(out / ASIDE, edition)


def warn_of_renamed(sources: Iterable[Path]) -> None:
    """Say on stderr which sources have got another name, by which they are editions of their own."""
    for source, sidecar in list_renamed(sources):
        was = sidecar.with_suffix(".pdf")
        report_line(
            "warning",
            f"{source} has no sidecar, and the bytes of {was}, which is gone and whose sidecar {sidecar} is there: it"
            f" is taken for another edition; give it its name again (mv {quote(source)} {quote(was)}), or another by:"
            " pipeline rename",
        )


def repeat_options(args: argparse.Namespace, folder: Path, option: str = "--extracted") -> str:
    """What a command that is proposed needs of the options of this one: where output and words are, if not as usual."""
    words = f" --schemas {quote(args.schemas)}" if args.schemas else ""
    return words if folder == paths.EXTRACTED else f" {option} {quote(folder)}{words}"


def quote(word: object) -> str:
    """An edition id or a path as a shell takes it for one word of a command."""
    return shlex.quote(str(word))


def describe_places(places: Iterable[Place]) -> str:
    """Describe boxes in words."""
    return "; ".join(
        f"page {box.page}, {box.x0:g} to {box.x1:g} pt across, {box.top:g} to {box.bottom:g} pt down" for box in places
    )


def report_word_folders() -> None:
    """Say on stderr where words are read from, where that is not the package's own folder alone."""
    own, *others = paths.schema_folders()
    if others:
        known = "" if own.is_dir() else " (there is no such folder yet)"
        report_line("note", f"words are read from {own}{known}, then from {others[0]}")


def describe_errors(edition: str, issues: Sequence[Issue], written: Path, again: str | None = None) -> str:
    """Describe on one line the first error of a run that is no success, where the others are, and what was kept.

    Args:
        edition: Edition id.
        issues: The report's issues.
        written: The folder with the report, or the artefact that holds it.
        again: The command that takes output over that was set aside; None where it was not written just now.
    """
    from pipeline.stages.validate.status import spoils_good

    where = written / REPORT_FILE if written.is_dir() else written
    errors = [issue for issue in issues if issue.severity == "error"]
    # Without an error it is a warning that keeps the edition from good; a later version's report may have other codes.
    errors = errors or [issue for issue in issues if issue.code in KINDS and spoils_good(issue)]
    if not errors:
        said = f"{edition}: the report is not good; see {where}"
    else:
        one = errors[0]
        place = {"edition": edition, "practice": one.practice, "label": one.label or None}
        more = f" (and {len(errors) - 1} more, in {where})" if errors[1:] else ""
        verdict = "" if one.severity == "error" else "not good: "
        said = f"{verdict}{ExtractionError(one.message, page=one.page, **place)}{more}"
    if again is not None and is_aside(written):
        good = written.parent.parent / written.name
        said += f"; {good} stays as it was, the new output is in {written}; correct the cause and run again, or take it"
        said += f" over: {again}"
    return said


def report_set_aside(folder: Path, hint: str) -> None:
    """Say on stderr that what is shown is not the last run, where that had errors and was set aside.

    Args:
        folder: The edition's folder that is shown.
        hint: How to see the other one; `{}` stands for its folder.
    """
    aside = folder_aside(folder.parent, folder.name)
    if not is_aside(folder) and latest_folder(folder.parent, folder.name) == aside:
        report_line("note", f"the last run of {folder.name} had errors; {hint.format(quote(aside))}")


def warn_of_closed(extracted: Path) -> None:
    """Say on stderr which folders were left out, as nothing shows that they are editions."""
    for closed in list_closed(extracted):
        report_line(
            "warning", f"{closed} can't be looked into and was left out; if it is an edition, open it to be read"
        )


def warn_of_faults(extracted: Path, editions: Iterable[str]) -> None:
    """Say on stderr which editions are published though their reports do not say that they are good."""
    warn_of_closed(extracted)
    for edition in editions:
        if not holds_good_output(extracted / edition):
            report_line("warning", f"{edition}: its report does not say that it is good; read it: pipeline validate")
