"""`pipeline export`: the extracted data as tables, in the forms that its users' tools read."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final

from pipeline import paths
from pipeline.cli.commands._common import add_quiet
from pipeline.cli.main import Subparsers, add_command, report_line
from pipeline.stages.emit.outputs import holds_good_output

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
    parser.add_argument("edition", nargs="*", metavar="EDITION", help="edition ids (default: all)")
    parser.add_argument("--format", action="append", choices=FORMATS, help="a form; may be repeated (default: all)")
    parser.add_argument(
        "--out", type=Path, default=EXPORT, metavar="DIR", help=f"folder to write, in whole (default: {EXPORT})"
    )
    parser.add_argument(
        "--extracted",
        type=Path,
        default=paths.EXTRACTED,
        metavar="DIR",
        help=f"folder of all editions' output (default: {paths.EXTRACTED})",
    )
    add_quiet(parser)


def run(args: argparse.Namespace) -> int:
    """Write the export."""
    from pipeline.publish.export import export_editions

    editions = export_editions(args.extracted, args.edition, args.out, args.format or FORMATS)
    for edition in editions:
        if not holds_good_output(args.extracted / edition.id):
            report_line("warning", f"{edition.id}: its report does not say that it is good; read it: pipeline validate")
    if not args.quiet:
        print(f"{args.out}: {', '.join(edition.id for edition in editions)}")
    return 0
