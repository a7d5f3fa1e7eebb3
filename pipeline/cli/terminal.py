"""What is printed in a terminal and asked there: lines on stderr, tables, JSON, questions to a person."""

from __future__ import annotations

import contextlib
import json
import shlex
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from pipeline.errors import ExtractionError, InternalError

if TYPE_CHECKING:
    from rich.console import Console

    from pipeline.models.practice import Place

YES: Final = frozenset({"y", "yes"})
"""Answers of a person, in small letters, that say yes."""


def report_failure(error: ExtractionError, *, debug: bool) -> None:
    """Print an error as one line on stderr; with `--debug`, of an error of the program itself the traceback too."""
    report_line("error", str(error))
    if debug and isinstance(error, InternalError):
        _print_to_stderr(error.traceback)


def report_line(severity: str, message: str) -> None:
    """Print what a person should know as one line on stderr.

    Args:
        severity: `error`, `warning` or `note`.
        message: What is the matter, and what to do.
    """
    # What comes from a file's name or text could hold line feeds or terminal control sequences.
    line = "".join(character if character.isprintable() else " " for character in message)
    _print_to_stderr(f"pipeline: {severity}: {' '.join(line.split())}")


def _print_to_stderr(text: str) -> None:
    with contextlib.suppress(OSError):  # nothing can be reported any more
        print(text, file=sys.stderr, flush=True)


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


def quote(word: object) -> str:
    """An edition id or a path as a shell takes it for one word of a command."""
    return shlex.quote(str(word))


def describe_places(places: Iterable[Place]) -> str:
    """Describe boxes in words."""
    return "; ".join(
        f"page {box.page}, {box.x0:g} to {box.x1:g} pt across, {box.top:g} to {box.bottom:g} pt down" for box in places
    )
