"""`pipeline schema`: the JSON Schema of a practice file, generated from the models."""

from __future__ import annotations

import argparse
import sys

from pipeline import paths
from pipeline.cli.main import Subparsers, add_command, report_error
from pipeline.errors import OutputError


def add_parser(subparsers: Subparsers) -> None:
    """Add the command's parser."""
    parser = add_command(
        subparsers,
        "schema",
        "Print the JSON Schema of a practice file.",
        """
        pipeline schema
        pipeline schema --write    write schemas/practice.schema.json
        pipeline schema --check    1 where that file is not what the models give
        """,
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--write", action="store_true", help="write it to the published file")
    what.add_argument("--check", action="store_true", help="compare the published file with it")


def run(args: argparse.Namespace) -> int:
    """Print, write or check the schema."""
    from pipeline.models.practice import practice_schema
    from pipeline.stages.emit.edition import render_json

    content = render_json(practice_schema())
    if args.write:
        try:
            paths.PRACTICE_SCHEMA.parent.mkdir(parents=True, exist_ok=True)
            paths.PRACTICE_SCHEMA.write_bytes(content)
        except OSError as error:
            raise OutputError(f"{paths.PRACTICE_SCHEMA} can't be written ({error.strerror})") from error
        return 0
    if args.check:
        if not paths.PRACTICE_SCHEMA.is_file() or paths.PRACTICE_SCHEMA.read_bytes() != content:
            report_error(f"{paths.PRACTICE_SCHEMA} is not what the models give; run: pipeline schema --write")
            return 1
        return 0
    sys.stdout.write(content.decode())
    return 0
