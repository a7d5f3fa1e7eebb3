"""List what has changed between two states of the extracted data, as Markdown or JSON.

Examples:
    pipeline changes HEAD~1 HEAD
    pipeline changes v1.0 extracted --out build/changes    changes.md and changes.json
"""

import argparse
from pathlib import Path

from pipeline.cli.options import add_shared
from pipeline.cli.terminal import for_terminal
from pipeline.files import write_whole
from pipeline.publish.changes import find_changes, open_state, write_markdown
from pipeline.stages.emit.edition import render_json


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    add_shared(parser, "--extracted")
    for name, what in (("old", "older"), ("new", "newer")):
        parser.add_argument(
            name, metavar=name.upper(), help=f"the {what} state: a folder of editions, or a git revision"
        )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument(
        "--out", type=Path, metavar="DIR", help="write changes.md and changes.json there, and print nothing"
    )


def run(args: argparse.Namespace) -> int:
    """Print or write the changes."""
    with open_state(args.old, args.extracted) as old, open_state(args.new, args.extracted) as new:
        changes = find_changes(old, new)
    listed, markdown = render_json(changes), write_markdown(changes, args.old, args.new)
    if args.out is None:
        print(listed.decode() if args.json else for_terminal(markdown), end="")
        return 0
    for name, content in (("changes.json", listed), ("changes.md", markdown.encode())):
        write_whole(args.out / name, [content], "choose another folder by --out")
    return 0
