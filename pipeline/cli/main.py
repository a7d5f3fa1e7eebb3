"""The command line: finds the command, runs it, and turns errors into one line and an exit code; no artefact.

Every module of `pipeline.cli.commands` is a command: its name (with `-` for `_`), its `add_parser` and its `run`.
Only the module of the command that is run is imported, so that no command pays for another's libraries.
"""

from __future__ import annotations

import argparse
import atexit
import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Final, NoReturn, Protocol, TypeAlias, cast

from pipeline.errors import ExtractionError

EXIT_USAGE: Final = 2
EXIT_OUTPUT: Final = 3
EXIT_MEMORY: Final = 4
EXIT_INTERRUPTED: Final = 130
"""128 and the number of SIGINT, as shells report it."""

EXIT_CODES: Final = """\
exit codes:
  0    good
  1    finished, and something is not as it should be (a report holds errors, a check failed)
  2    the input or the command can't be used
  3    the output can't be written; the last good output is untouched
  4    the time or the memory limit is reached
  130  interrupted
"""

Subparsers: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001 - argparse names its type so


class Command(Protocol):
    """What a module of `pipeline.cli.commands` offers."""

    def add_parser(self, subparsers: Subparsers) -> None:
        """Add the command's parser, under the command's name."""

    def run(self, args: argparse.Namespace) -> int:
        """Run the command and give the exit code.

        Raises:
            ExtractionError: One line for the user; its `exit_code` is the command's.
        """


class _Parser(argparse.ArgumentParser):
    """A parser that reports errors in the form of all others."""

    def error(self, message: str) -> NoReturn:
        """Print one line and exit."""
        command = self.prog.partition(" ")[2]
        hint = f"pipeline {command} --help" if command else "pipeline --help"
        self.exit(EXIT_USAGE, f"pipeline: error: {message}; see {hint}\n")


def list_commands() -> tuple[str, ...]:
    """Give the names of all commands."""
    folder = Path(__file__).parent / "commands"
    return tuple(
        sorted(module.name.replace("_", "-") for module in iter_modules([str(folder)]) if module.name[0] != "_")
    )


def load_command(name: str) -> Command:
    """Import the module of a command."""
    return cast("Command", import_module(f"pipeline.cli.commands.{name.replace('-', '_')}"))


def add_command(subparsers: Subparsers, name: str, summary: str, examples: str) -> argparse.ArgumentParser:
    """Add a command's parser in the form that all have.

    Args:
        subparsers: What argparse gave.
        name: The command's name.
        summary: What it does, one sentence.
        examples: Command lines, one per line.

    Returns:
        The parser, for its arguments.
    """
    lines = "\n".join(f"  {line.strip()}" for line in examples.strip().splitlines())
    return subparsers.add_parser(
        name,
        help=summary,
        description=summary,
        epilog=f"examples:\n{lines}\n\n{EXIT_CODES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )


def build_parser(only: str | None = None) -> argparse.ArgumentParser:
    """Build the parser.

    Args:
        only: The command to build it for; None for all of them.
    """
    parser: argparse.ArgumentParser = _Parser(
        prog="pipeline",
        description="Turns a booklet of two-column tables (PDF) into validated JSON.",
        epilog=f"pipeline COMMAND --help says more, with examples.\n\n{EXIT_CODES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="store_true", help="print the version and exit")
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND")
    for name in list_commands() if only is None else (only,):
        load_command(name).add_parser(subparsers)
    return parser


def report_error(message: str) -> None:
    """Print an error as one line on stderr."""
    report_line("error", message)


def report_line(severity: str, message: str) -> None:
    """Print what a person should know as one line on stderr.

    Args:
        severity: `error`, `warning` or `note`.
        message: What is the matter, and what to do.
    """
    # What comes from a file's name or text could hold line feeds or terminal control sequences.
    line = "".join(character if character.isprintable() else " " for character in message)
    print(f"pipeline: {severity}: {' '.join(line.split())}", file=sys.stderr)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        arguments: The words after the program's name; the process's own where None.

    Returns:
        The exit code (`EXIT_CODES`).
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    # An option before the command (there are none but --help and --version) or a word that is no command: all parsers
    # are built, and argparse says what there is.
    only = words[0] if words and words[0] in list_commands() else None
    try:
        parser = build_parser(only)
        args = parser.parse_args(words)
        if args.version:
            from pipeline.stages.emit.outputs import program_version

            print(program_version() or "not installed: run from a checkout")
            return 0
        if args.command is None:
            parser.print_help()
            return EXIT_USAGE
        if arguments is None:
            # The process is the command's own. Python ends it by a search for cycles in all that is loaded: 0.4 s
            # beside spaCy, for memory that goes anyway.
            atexit.register(gc.freeze)
        code = load_command(args.command).run(args)
        sys.stdout.flush()
    except SystemExit as done:
        return done.code if isinstance(done.code, int) else EXIT_USAGE
    except ExtractionError as error:
        report_error(str(error))
        return error.exit_code
    except MemoryError:
        report_error("out of memory; give the process more, or run fewer files at once")
        return EXIT_MEMORY
    except KeyboardInterrupt:
        report_error("interrupted; the last good output is untouched")
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        # The reader of our output has gone (`pipeline rows … | head`). Python would complain again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_OUTPUT
    return code
