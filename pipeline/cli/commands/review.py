"""`pipeline review`: the review page of an extracted edition."""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pipeline import paths
from pipeline.cli.commands._common import (
    add_editions,
    add_folder,
    add_folders,
    add_limits,
    add_password,
    add_quiet,
    find_edition_folder,
    find_limits,
    find_password,
    report_aside,
    show_progress,
)
from pipeline.cli.main import Subparsers, add_command, report_error, report_failure
from pipeline.errors import ExtractionError, InputError
from pipeline.stages.emit.outputs import list_extracted

if TYPE_CHECKING:
    from collections.abc import Iterator

REVIEW: Final = Path("build") / "review"
MAX_PAGE_BYTES: Final = 15_000_000
"""What a review page should hold at most: more is slow to open."""


def add_parser(subparsers: Subparsers) -> None:
    """Add the command's parser."""
    parser = add_command(
        subparsers,
        "review",
        "Write the review page of extracted editions: the pages beside the values, in one HTML file.",
        """
        pipeline review                              all editions in extracted/, into build/review/
        pipeline review raccombat-lv --out pages     one edition, into pages/raccombat-lv.html
        pipeline review extracted/.errors/raccombat-lv    a run with errors that was set aside
        pipeline review x --extracted build --source elsewhere/x.pdf
        """,
    )
    add_editions(parser, "editions: ids, or folders")
    add_folder(parser, "--out", REVIEW, "folder for the pages")
    add_folders(parser, "--extracted", "--goldens")
    parser.add_argument(
        "--source",
        type=Path,
        metavar="PDF",
        help=f"the edition's PDF, or the folder that holds it (default: {paths.RAW})",
    )
    add_password(parser)
    add_limits(parser, reads=False)
    add_quiet(parser)


def run(args: argparse.Namespace) -> int:
    """Write the pages."""
    from pipeline.quality.review.page import write_review

    source: Path = args.source or paths.RAW
    password, limits = find_password(args), find_limits(args)
    folders = tuple(_find_editions(args.extracted, args.edition))
    if source.is_file() and len(folders) > 1:
        raise InputError(f"{source} is one edition's PDF; name that edition, or give a folder as --source")
    code = 0
    for folder in folders:
        report_aside(folder, "see it by: pipeline review {}")
        try:
            with show_progress(quiet=args.quiet) as display:
                display.announce(folder.name)
                written = write_review(
                    folder,
                    source,
                    args.goldens,
                    args.out,
                    password=password,
                    limits=limits,
                    progress=partial(display.advance, "draw"),
                )
        except ExtractionError as error:
            # One edition without its source, say, is no reason to go without the others' pages.
            report_failure(error, debug=args.debug)
            code = max(code, int(error.exit_code))
            continue
        size = written.stat().st_size
        if size > MAX_PAGE_BYTES:
            report_error(f"{written} holds {size / 1e6:.0f} MB and may be slow to open")
        elif not args.quiet:
            print(f"{written}: {size / 1e6:.1f} MB; open it in a browser")
    return code


def _find_editions(extracted: Path, wanted: list[str]) -> Iterator[Path]:
    known = list_extracted(extracted)
    if not known and not wanted:
        raise InputError(f"there is no extracted edition in {extracted}/; run: pipeline run")
    for name in wanted or known:
        yield find_edition_folder(name, extracted)
