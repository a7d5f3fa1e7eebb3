"""Give an edition another id: its source, sidecar, goldens, corrections, keys and output.

Examples:
    pipeline rename practices-2-lv raccombat-lv
"""

import argparse

from pipeline.authoring.inventory import Folders
from pipeline.authoring.inventory.renaming import rename
from pipeline.cli.options import add_cache, add_shared, show_progress
from pipeline.stages.emit.outputs import is_aside


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("old", metavar="OLD", help="the edition's id")
    parser.add_argument("new", metavar="NEW", help="its new id")
    add_shared(parser, "--raw", "--extracted", "--goldens", "--password", "--quiet")
    add_cache(parser)


def run(args: argparse.Namespace) -> int:
    """Rename the edition."""
    with show_progress(args, out=args.extracted) as options:
        source, outcome = rename(args.old, args.new, Folders(args.raw, args.extracted, args.goldens), options)
    print(f"{args.old} is {source.stem} now: {source}")
    if outcome is None or outcome.folder is None:
        return 0
    print(f"{outcome.folder}: {outcome.status}; link the editions anew: pipeline link")
    if is_aside(outcome.folder):
        print(f"{args.extracted / source.stem}: the good output of {args.old}, under the new id")
    return outcome.exit_code
