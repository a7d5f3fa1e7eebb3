"""Write a static site of extracted editions, which opens in a browser without a network.

Examples:
    pipeline site
    pipeline site raccombat-lv --since v1.0 --out public    its feed lists what has changed since v1.0
    pipeline site --with-pages    shows values on their pages even where no licence is known to allow it
"""

import argparse
import os
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from pipeline import paths
from pipeline.cli.editions import warn_of_faults
from pipeline.cli.options import READING, add_shared, folder_option, make_options
from pipeline.errors import InputError
from pipeline.publish.changes import open_state
from pipeline.publish.site.build import Pictures, build_site

SITE: Final = Path("build") / "site"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    add_shared(parser, "edition", "--extracted")
    parser.add_argument("--out", **folder_option(SITE, "folder to write, in whole"))
    parser.add_argument(
        "--since",
        metavar="OLD",
        help="an earlier state for the feed of changes: a folder of editions, or a git revision",
    )
    parser.add_argument(
        "--with-pages",
        action="store_true",
        help="show pictures of the pages whatever their rights (default: only under an open licence in the sidecar)",
    )
    parser.add_argument("--source", **folder_option(paths.RAW, "folder of the PDFs, for pictures"))
    add_shared(parser, *READING, "--quiet")


def _find_date() -> datetime | None:
    """Read the date of publication in the form of reproducible-builds.org: seconds since 1970, UTC."""
    seconds = os.environ.get("SOURCE_DATE_EPOCH")
    try:
        return datetime.fromtimestamp(int(seconds), UTC) if seconds else None
    except (ValueError, OverflowError, OSError) as error:
        raise InputError(f"SOURCE_DATE_EPOCH is {seconds!r}, not seconds since 1970; correct or unset it") from error


def run(args: argparse.Namespace) -> int:
    """Write the site."""
    pictures = Pictures(args.source, args.with_pages, make_options(args))
    published = _find_date()
    with nullcontext() if args.since is None else open_state(args.since, args.extracted) as since:
        editions = build_site(args.extracted, args.edition, args.out, pictures, since=since, published=published)
    warn_of_faults(args.extracted, [edition.id for edition in editions])
    if not args.quiet:
        held = sum(path.stat().st_size for path in args.out.rglob("*") if path.is_file())
        print(f"{args.out / 'index.html'}: {held / 1e6:.1f} MB; open it in a browser")
    return 0
