"""`pipeline export`: the extracted data as tables, in the forms that its users' tools read."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final

from pipeline.cli.commands._common import add_editions, add_folder, add_folders, add_quiet, warn_of_faults
from pipeline.cli.main import Subparsers, add_command

EXPORT: Final = Path("build") / "export"
FORMATS: Final = ("csv", "parquet", "sqlite", "ndjson", "jsonld")


def add_parser(subparsers: Subparsers) -> None:
    """Add the command's parser."""
    parser = add_command(
        subparsers,
        "export",
        "Write extracted editions as tables (CSV, Parquet, SQLite), NDJSON and JSON-LD, with a data package.",
        """
        pipeline export
        pipeline export raccombat-lv --format csv --format sqlite --out data
        """,
    )
    add_editions(parser)
    parser.add_argument("--format", action="append", choices=FORMATS, help="a form; may be repeated (default: all)")
    add_folder(parser, "--out", EXPORT, "folder to write, in whole")
    add_folders(parser, "--extracted")
    add_quiet(parser)


def run(args: argparse.Namespace) -> int:
    """Write the export."""
    from pipeline.publish.export import export_editions

    editions = export_editions(args.extracted, args.edition, args.out, args.format or FORMATS)
    warn_of_faults(args.extracted, [edition.id for edition in editions])
    if not args.quiet:
        print(f"{args.out}: {', '.join(edition.id for edition in editions)}")
    return 0
