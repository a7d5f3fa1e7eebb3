"""Give an edition another id: its source, sidecar, goldens, corrections, keys and output.

Examples:
    pipeline rename practices-2-lv raccombat-lv
"""

import argparse
import shutil
from contextlib import ExitStack

from pipeline import paths
from pipeline.cli.commands._common import (
    add_cache,
    add_shared,
    quote,
    read_edition_id,
    remove_output,
    require_edition,
    show_progress,
)
from pipeline.errors import InputError
from pipeline.files import CHECK, as_output_error
from pipeline.publish.collection import KEYS_FILE, load_assignment, rename_edition
from pipeline.quality.accuracy.baseline import load_baseline
from pipeline.quality.accuracy.editions import rename_goldens
from pipeline.quality.accuracy.golden import load_goldens
from pipeline.run.identity import sidecar_path
from pipeline.run.runner import run_editions
from pipeline.stages.emit.edition import copy_output
from pipeline.stages.emit.outputs import folder_aside, holds_good_output, is_aside


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("old", metavar="OLD", help="the edition's id")
    parser.add_argument("new", metavar="NEW", help="its new id")
    add_shared(parser, "--raw", "--extracted", "--goldens", "--password", "--quiet")
    add_cache(parser)


def run(args: argparse.Namespace) -> int:
    """Rename the edition, and run it under its new id, as every output file names the id; all of it or nothing."""
    state = require_edition(args.old, args.raw, args.extracted)
    if state.source is None:
        raise InputError(
            f"there is no {args.raw / args.old}.pdf to run under another id; bring it back, or: pipeline remove"
            f" {quote(args.old)}",
            edition=args.old,
        )
    new, source = read_edition_id(args.new), state.source
    target = source.with_name(f"{new}.pdf")
    corrections = paths.own_schema("corrections", f"{args.old}.yaml")
    copies = [
        (sidecar_path(source), sidecar_path(target)),
        (corrections, corrections.with_name(f"{new}.yaml")),
        (source, target),
    ]
    copies = [(one, other) for one, other in copies if one.exists()]
    folders = [args.extracted / new, folder_aside(args.extracted, new), args.goldens / new]
    for place in (sidecar_path(target), corrections.with_name(f"{new}.yaml"), target, *folders):
        if place.exists():
            raise InputError(
                f"{place} exists already; choose another id, or: pipeline remove {quote(new)}", edition=args.old
            )
    # What could not be renamed is found before anything is written.
    load_goldens(args.goldens, args.old)
    load_baseline(args.goldens)
    if (keys := paths.find_schema(KEYS_FILE)).is_file():
        load_assignment(keys)
    outcome = None
    with ExitStack() as undo:
        undo.callback(remove_output, args.extracted, new)
        with as_output_error(advice=f"{CHECK}, and rename again", done="copied", edition=args.old):
            for one, other in copies:
                undo.callback(other.unlink, missing_ok=True)
                shutil.copy2(one, other)
        if holds_good_output(args.extracted / args.old):
            copy_output(args.extracted, args.old, new)
        if state.last_run is not None:
            with show_progress(args, out=args.extracted) as options:
                outcome = next(run_editions([target], options))
            if outcome.error is not None:
                raise outcome.error
        undo.pop_all()
    rename_goldens(args.goldens, args.old, new)
    rename_edition(args.old, new)
    with as_output_error(advice="remove it by hand", done="removed", edition=args.old):
        for one, _ in copies:
            one.unlink()
    remove_output(args.extracted, args.old)
    print(f"{args.old} is {new} now: {target}")
    if outcome is None or outcome.folder is None:
        return 0
    print(f"{outcome.folder}: {outcome.status}; link the editions anew: pipeline link")
    if is_aside(outcome.folder):
        print(f"{args.extracted / new}: the good output of {args.old}, under the new id")
    return outcome.exit_code
