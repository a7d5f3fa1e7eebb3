"""The command line: finds the command, runs it, and turns errors into one line and an exit code.

Every module of `pipeline.cli.commands` is a command: its docstring is the command's help, `add_options(parser)` adds
its options, `run(args)` runs it and returns the exit code. Only the module of the command that is run is imported, so
that no command pays for another's libraries; what `pipeline --help` says of each is read from its source.
"""

from __future__ import annotations

import argparse
import ast
import codecs
import io
import json
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from shutil import get_terminal_size
from textwrap import fill
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final, NoReturn

from pipeline import paths
from pipeline.cli.terminal import report_failure, report_line
from pipeline.errors import ExitCode, ExtractionError, as_internal
from pipeline.run.collector import collect_rarely
from pipeline.run.signals import end_as_interrupted

if TYPE_CHECKING:
    from _typeshed import SupportsWrite

FOLDER: Final = Path(__file__).parent / "commands"
EXIT_CODES: Final = "exit codes:\n" + "".join(f"  {code:<5d}{code.meaning}\n" for code in ExitCode)


class _Parser(argparse.ArgumentParser):
    """A parser that reports errors in the form of all others."""

    def error(self, message: str) -> NoReturn:
        """Print one line and exit."""
        command = self.prog.partition(" ")[2]
        hint = f"pipeline {command} --help" if command else "pipeline --help"
        self.exit(ExitCode.UNUSABLE, f"pipeline: error: {message}; see {hint}\n")

    def _print_message(self, message: str, file: SupportsWrite[str] | None = None) -> None:
        """Print help; that it can't be printed is an error, which argparse would pass over."""
        if file is sys.stdout:
            file.write(message)
        else:
            super()._print_message(message, file)


def list_commands() -> tuple[str, ...]:
    """List the names of all commands."""
    return tuple(sorted(module.name for module in iter_modules([str(FOLDER)])))


def load_command(name: str) -> ModuleType:
    """Import the module of a command."""
    return import_module(f"pipeline.cli.commands.{name}")


def _add_command(subparsers: Any, name: str) -> None:  # noqa: ANN401 - argparse has no public type for it
    """Add a command's parser in the form that all have: summary, options, examples, exit codes."""
    command = load_command(name)
    about, _, examples = (command.__doc__ or "").partition("\n\nExamples:\n")
    width = get_terminal_size().columns - 2
    lines = "\n".join(f"  {line.strip()}" for line in examples.strip().splitlines())
    parser = subparsers.add_parser(
        name,
        description="\n\n".join(fill(part, width) for part in about.split("\n\n")),
        epilog=f"examples:\n{lines}\n\n{EXIT_CODES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
        # A command's own `--out` takes the place of the hidden one (`pipeline.cli.options`).
        conflict_handler="resolve",
    )
    command.add_options(parser)
    parser.add_argument(
        "--schemas",
        metavar="DIR",
        help=f"your own folder of words, read before the package's and written to (default: {paths.SCHEMAS_VARIABLE},"
        " else ./schemas, else the checkout's or one in your data folder)",
    )
    parser.add_argument("--debug", action="store_true", help="print the traceback of an error of the program itself")


def build_parser(only: str | None = None) -> argparse.ArgumentParser:
    """Build the parser.

    Args:
        only: The command to build it for; None for the names and summaries of all of them, without options.
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
    if only is not None:
        _add_command(subparsers, only)
        return parser
    for name in list_commands():
        source = (FOLDER / f"{name}.py").read_text(encoding="utf-8")
        subparsers.add_parser(name, help=(ast.get_docstring(ast.parse(source)) or "").partition("\n\n")[0])
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        arguments: The words after the program's name; the process's own where None.

    Returns:
        The exit code (`EXIT_CODES`).
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        if arguments is None:  # the process is the command's own
            _prepare_streams()
            end_as_interrupted()
            collect_rarely()
        try:
            code = _run_command(words)
        except SystemExit as done:  # argparse has printed help, or what is wrong
            code = done.code if isinstance(done.code, int) else ExitCode.UNUSABLE
        sys.stdout.flush()
    except ExtractionError as error:
        report_failure(error, debug="--debug" in words)
        return error.exit_code
    except MemoryError:
        report_line("error", "out of memory; give the process more, or run fewer files at once")
        return ExitCode.LIMIT
    except KeyboardInterrupt:
        report_line("error", "interrupted; the last good output is untouched")
        return ExitCode.INTERRUPTED
    except Exception as error:  # noqa: BLE001 - whatever it is, one line for the user
        if isinstance(error, PermissionError) and error.filename is not None:
            reason = f"{error.filename} can't be used ({error.strerror})"
            report_line("error", f"{reason}; check its and its folders' permissions")
            return ExitCode.UNUSABLE
        if isinstance(error, OSError) and _is_output_lost():
            if not isinstance(error, BrokenPipeError):  # the reader of our output has gone (`pipeline rows … | head`)
                report_line("error", f"the standard output can't be written ({error.strerror}); give it room")
            return ExitCode.OUTPUT
        report_failure(as_internal(error), debug="--debug" in words)
        return ExitCode.INTERNAL
    return code


def _run_command(words: list[str]) -> int:
    # An option before the command (there are none but --help and --version) or a word that is no command: argparse
    # says what there is.
    known = bool(words) and words[0] in list_commands()
    parser = build_parser(words[0] if known else None)
    args = parser.parse_args(words if known else words[:1])
    if args.version:
        from pipeline.stages.emit.outputs import program_version

        print(program_version() or "not installed: run from a checkout")
        return ExitCode.GOOD
    if args.command is None:
        parser.print_help()
        return ExitCode.UNUSABLE
    with paths.use_schemas(None if args.schemas is None else Path(args.schemas)):
        code: int = load_command(args.command).run(args)
    return code


def _prepare_streams() -> None:
    r"""Have three standard streams that can be written to, whatever the process was started with.

    A closed one is opened on nothing, for the workers too, as the next file would take its number. What a terminal's
    encoding lacks is written as `\uXXXX`, which JSON understands.
    """
    for handle in range(3):
        try:
            os.fstat(handle)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)
    codecs.register_error("json_escapes", _escape)
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - it stays open
        stream = getattr(sys, name)
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="json_escapes")


def _escape(error: UnicodeError) -> tuple[str, int]:
    r"""What can't be encoded as `\uXXXX`, characters beyond the first plane as two of them."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return json.dumps(error.object[error.start : error.end])[1:-1], error.end


def _is_output_lost() -> bool:
    """Return whether the standard output can't be written; then have Python not complain again when it ends."""
    try:
        sys.stdout.write("\n")
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return True
    return False
