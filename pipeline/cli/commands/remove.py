"""Take an edition away: its source, sidecar, corrections and output; its goldens are kept aside.

Examples:
    pipeline remove practices-lv
    pipeline remove practices-lv --yes        without asking
"""

import argparse

from pipeline import paths
from pipeline.cli.editions import remove_output, require_edition
from pipeline.cli.options import add_shared
from pipeline.cli.terminal import YES, ask
from pipeline.errors import InputError
from pipeline.files import CHECK, as_output_error, require_writable
from pipeline.lexicon.corrections import COLLECTION
from pipeline.quality.accuracy.accept import today
from pipeline.quality.accuracy.editions import set_goldens_aside
from pipeline.run.identity import sidecar_path
from pipeline.stages.emit.outputs import folder_aside


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("edition", metavar="EDITION", help="the edition's id")
    parser.add_argument("--yes", action="store_true", help="don't ask")
    add_shared(parser, "--raw", "--extracted", "--goldens")


def run(args: argparse.Namespace) -> int:
    """Remove the edition; 1 where the person says no."""
    state, edition = require_edition(args.edition, args.raw, args.extracted), args.edition
    source = state.source or args.raw / f"{edition}.pdf"  # whose sidecar may be left alone
    files = [paths.own_schemas() / "corrections" / f"{edition}.yaml", sidecar_path(source), source]
    files = [path for path in files if path.exists() and path.name != COLLECTION]
    folders = [path for path in (args.extracted / edition, folder_aside(args.extracted, edition)) if path.exists()]
    print(f"to be removed: {', '.join(map(str, [*files, *folders]))}")
    answer = "yes" if args.yes else ask("Remove them? [y/N] ")
    if answer is None:
        raise InputError("there is nobody to ask; give --yes")
    if answer.lower() not in YES:
        print("nothing was removed")
        return 1
    advice, golden = f"{CHECK}, and remove again", args.goldens / edition
    require_writable([path.parent for path in [*files, *folders, golden] if path.exists()], advice, edition=edition)
    remove_output(args.extracted, edition)
    with as_output_error(advice=advice, done="removed", edition=edition):
        for path in files:
            path.unlink()
    kept = set_goldens_aside(args.goldens, edition, date=today())
    print(f"{edition} is removed{f'; its goldens are kept in {kept}' if kept else ''}; link the others: pipeline link")
    return 0
