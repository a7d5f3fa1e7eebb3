"""Write the review page of extracted editions: the pages next to the values, in one HTML file.

Examples:
    pipeline review                              all editions in extracted/, into build/review/
    pipeline review raccombat-lv --out pages     one edition, into pages/raccombat-lv.html
    pipeline review extracted/.errors/raccombat-lv    a run with errors that was set aside
    pipeline review x --extracted build --source elsewhere/x.pdf
"""

import argparse
from pathlib import Path
from typing import Final

from pipeline import paths
from pipeline.cli.editions import find_edition_folders, report_set_aside
from pipeline.cli.options import DRAWING, add_shared, folder_option, show_progress
from pipeline.cli.terminal import report_failure, report_line
from pipeline.errors import ExtractionError, InputError
from pipeline.quality.review.page import write_review

REVIEW: Final = Path("build") / "review"
MAX_PAGE_BYTES: Final = 15_000_000
"""What a review page should hold at most: more is slow to open."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("edition", nargs="*", metavar="EDITION", help="editions: ids, or folders (default: all)")
    add_shared(parser, "--extracted", "--goldens")
    parser.add_argument("--out", **folder_option(REVIEW, "folder for the pages"))
    parser.add_argument(
        "--source",
        type=Path,
        metavar="PDF",
        help=f"the edition's PDF, or the folder that holds it (default: {paths.RAW})",
    )
    add_shared(parser, *DRAWING, "--quiet")


def run(args: argparse.Namespace) -> int:
    """Write the pages."""
    source: Path = args.source or paths.RAW
    folders = find_edition_folders(args.edition, args.extracted)
    if source.is_file() and len(folders) > 1:
        raise InputError(f"{source} is one edition's PDF; name that edition, or give a folder as --source")
    code = 0
    for folder in folders:
        report_set_aside(folder, "see it by: pipeline review {}")
        try:
            with show_progress(args, out=args.out) as options:
                options.announce(folder.name)
                written = write_review(folder, source, args.goldens, options, args.extracted)
        except ExtractionError as error:
            # One edition without its source, say, is no reason to go without the others' pages.
            report_failure(error, debug=args.debug)
            code = max(code, int(error.exit_code))
            continue
        size = written.stat().st_size
        if size > MAX_PAGE_BYTES:
            report_line("error", f"{written} holds {size / 1e6:.0f} MB and may be slow to open")
        elif not args.quiet:
            print(f"{written}: {size / 1e6:.1f} MB; open it in a browser")
    return code
