"""Write extracted editions as tables (CSV, Parquet, SQLite), NDJSON and JSON-LD, with a data package.

Examples:
    pipeline export
    pipeline export raccombat-lv --format csv --format sqlite --out data
"""

import argparse
from pathlib import Path
from typing import Final

from pipeline.cli.editions import warn_of_faults
from pipeline.cli.options import add_shared, folder_option
from pipeline.publish.export import FORMATS, export_editions

EXPORT: Final = Path("build") / "export"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    add_shared(parser, "edition", "--extracted")
    parser.add_argument("--format", action="append", choices=FORMATS, help="a form; may be repeated (default: all)")
    parser.add_argument("--out", **folder_option(EXPORT, "folder to write, in whole"))
    add_shared(parser, "--quiet")


def run(args: argparse.Namespace) -> int:
    """Write the export."""
    editions = export_editions(args.extracted, args.edition, args.out, args.format or FORMATS)
    warn_of_faults(args.extracted, [edition.id for edition in editions])
    if not args.quiet:
        print(f"{args.out}: {', '.join(edition.id for edition in editions)}")
    return 0
