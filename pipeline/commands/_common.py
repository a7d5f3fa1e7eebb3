"""What several commands share: their options, the password and the progress bar; no artefact."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pipeline import paths

if TYPE_CHECKING:
    from pipeline.runner import Progress, StageName

PASSWORD_VARIABLE: Final = "PIPELINE_PDF_PASSWORD"  # noqa: S105 - the variable's name, not a password


def add_out(parser: argparse.ArgumentParser) -> None:
    """Add `--out`, the folder of all editions' output."""
    parser.add_argument(
        "--out",
        type=Path,
        default=paths.EXTRACTED,
        metavar="DIR",
        help=f"folder of all editions' output (default: {paths.EXTRACTED})",
    )


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
    parser.add_argument("--quiet", "-q", action="store_true", help="no progress and no summary; errors are still told")


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
    from pipeline.runner import no_announcement, no_progress

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

        def advance(stage: StageName, done: int, total: int) -> None:
            bar.update(task, description=stage, completed=done, total=total)

        def announce(edition: str) -> None:
            bar.reset(task, total=None, description="", edition=escape(edition))

        yield Display(advance, announce)
