"""Give an edition another id: its source, sidecar, goldens, corrections, keys and output.

Examples:
    pipeline rename practices-2-lv raccombat-lv
"""

from __future__ import annotations

import argparse

from pipeline import paths
from pipeline.cli.commands._common import (
    add_cache,
    add_shared,
    read_edition_id,
    remove_output,
    require_edition,
    show_progress,
)
from pipeline.errors import InputError
from pipeline.files import CHECK, as_output_error
from pipeline.publish.collection import rename_edition
from pipeline.quality.accuracy.editions import rename_goldens
from pipeline.run.identity import sidecar_path
from pipeline.run.runner import run_editions
from pipeline.stages.emit.outputs import folder_aside


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("old", metavar="OLD", help="the edition's id")
    parser.add_argument("new", metavar="NEW", help="its new id")
    add_shared(parser, "--raw", "--extracted", "--goldens", "--password", "--quiet")
    add_cache(parser)


def run(args: argparse.Namespace) -> int:
    """Rename the edition, and run it under its new id, as every output file names the id."""
    state = require_edition(args.old, args.raw, args.extracted)
    if state.source is None:
        raise InputError(
            f"there is no {args.raw / args.old}.pdf to run under another id; bring it back, or: pipeline remove"
            f" {args.old}",
            edition=args.old,
        )
    new, source = read_edition_id(args.new), state.source
    target = source.with_name(f"{new}.pdf")
    corrections = paths.own_schema("corrections", f"{args.old}.yaml")
    moves = [
        (sidecar_path(source), sidecar_path(target)),
        (corrections, corrections.with_name(f"{new}.yaml")),
        (source, target),
    ]
    taken = [
        *(place for _, place in moves),
        args.extracted / new,
        folder_aside(args.extracted, new),
        args.goldens / new,
    ]
    for place in taken:
        if place.exists():
            raise InputError(f"{place} exists already; choose another id, or: pipeline remove {new}", edition=args.old)
    with as_output_error(advice=f"{CHECK}, and rename again", done="renamed", edition=args.old):
        for one, other in moves:
            if one.exists():
                one.rename(other)
    rename_goldens(args.goldens, args.old, new)
    rename_edition(args.old, new)
    print(f"{args.old} is {new} now: {target}")
    if state.last_run is None:
        return 0
    with show_progress(args, out=args.extracted) as options:
        outcome = next(run_editions([target], options))
    if outcome.error is not None:
        raise outcome.error
    remove_output(args.extracted, args.old)
    print(f"{outcome.folder}: {outcome.status}; link the editions anew: pipeline link")
    return outcome.exit_code
