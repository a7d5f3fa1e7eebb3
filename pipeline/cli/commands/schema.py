"""Print the JSON Schema of a practice file, or of another published file.

Examples:
    pipeline schema
    pipeline schema index
    pipeline schema --write    write schemas/*.schema.json and docs/*.md
    pipeline schema --check    1 where one of them is not what the models and lexicons give
"""

import argparse
import sys

from pipeline import paths
from pipeline.cli.terminal import report_line
from pipeline.errors import InputError
from pipeline.files import write_whole
from pipeline.publish.dictionary import build_schema, render_dictionary
from pipeline.stages.emit.edition import render_json


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument(
        "name",
        nargs="?",
        default="practice",
        choices=("practice", "index", "report", "collection"),
        help="of which file",
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--write", action="store_true", help="write all of them, and the tables in docs/")
    what.add_argument("--check", action="store_true", help="compare the published files with them")


def run(args: argparse.Namespace) -> int:
    """Print a schema, or write or check all."""
    if not args.write and not args.check:
        sys.stdout.write(render_json(build_schema(args.name)).decode())
        return 0
    if paths.REPOSITORY is None:
        raise InputError(
            "there is no checkout here to write to or to compare with; print one: pipeline schema practice"
        )
    code = 0
    for name, content in render_dictionary().items():
        path = paths.REPOSITORY / name
        if args.write:
            write_whole(path, [content])
        elif not path.is_file() or path.read_bytes() != content:
            report_line("error", f"{path} is not what the models give; run: pipeline schema --write")
            code = 1
    return code
