"""Take an edition away: its source, sidecar, corrections and output; its goldens are kept aside.

Examples:
    pipeline remove practices-lv
    pipeline remove practices-lv --yes        without asking
"""

import argparse

from pipeline.authoring.inventory import Folders
from pipeline.authoring.inventory.removal import list_belongings, remove
from pipeline.cli.options import add_shared
from pipeline.cli.terminal import YES, ask
from pipeline.errors import InputError


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("edition", metavar="EDITION", help="the edition's id")
    parser.add_argument("--yes", action="store_true", help="don't ask")
    add_shared(parser, "--raw", "--extracted", "--goldens")


def run(args: argparse.Namespace) -> int:
    """Remove the edition; 1 where the person says no."""
    folders = Folders(args.raw, args.extracted, args.goldens)
    belongings = list_belongings(args.edition, folders)
    print(f"to be removed: {', '.join(map(str, [*belongings.files, *belongings.output]))}")
    answer = "yes" if args.yes else ask("Remove them? [y/N] ")
    if answer is None:
        raise InputError("there is nobody to ask; give --yes")
    if answer.lower() not in YES:
        print("nothing was removed")
        return 1
    kept = remove(args.edition, belongings, folders)
    goldens = f"; its goldens are kept in {kept}" if kept else ""
    print(f"{args.edition} is removed{goldens}; link the others: pipeline link")
    return 0
