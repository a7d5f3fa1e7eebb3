"""Give an edition another id: its source, sidecar, goldens, corrections, keys and output.

Examples:
    pipeline rename practices-2-lv raccombat-lv
"""

import argparse
from collections.abc import Iterable
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Final

from pipeline import paths
from pipeline.cli.editions import read_edition_id, remove_output, require_edition
from pipeline.cli.options import add_cache, add_shared, show_progress
from pipeline.cli.terminal import quote
from pipeline.errors import InputError, OutputError
from pipeline.files import CHECK, as_output_error, require_writable, write_whole
from pipeline.publish.collection import KEYS_FILE, load_assignment, rename_edition
from pipeline.quality.accuracy.baseline import load_baseline
from pipeline.quality.accuracy.editions import rename_goldens
from pipeline.quality.accuracy.golden import load_goldens
from pipeline.run.identity import sidecar_path
from pipeline.run.runner import run_editions
from pipeline.stages.emit.edition import copy_output
from pipeline.stages.emit.outputs import folder_aside, holds_good_output, is_aside

ADVICE: Final = f"{CHECK}, and rename again"


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
    new = read_edition_id(args.new)
    target = state.source.with_name(f"{new}.pdf")
    corrections = paths.own_schema("corrections", f"{args.old}.yaml")
    files = {
        state.source: target,
        sidecar_path(state.source): sidecar_path(target),
        corrections: corrections.with_name(f"{new}.yaml"),
    }
    copies = {one: other for one, other in files.items() if one.exists()}
    # Killed at any step, it is completed by a second one: the source is copied first, and goes last.
    again = target.exists() and all(
        one.read_bytes() == other.read_bytes() for one, other in copies.items() if other.exists()
    )
    if not again:
        _require_free(args, new, files.values())
    _require_renamable(args, copies)
    outcome = None
    with ExitStack() as undo:
        undo.callback(_take_back, args.extracted, new, () if again else copies.values())
        for one, other in copies.items():
            with as_output_error(one, ADVICE, done="copied", edition=args.old):
                write_whole(other, [one.read_bytes()], ADVICE, edition=args.old)
        if holds_good_output(args.extracted / args.old):
            copy_output(args.extracted, args.old, new)
        if state.last_run is not None:
            with show_progress(args, out=args.extracted) as options:
                outcome = next(run_editions([target], options))
            if outcome.error is not None:
                raise outcome.error
        undo.callback(rename_goldens, args.goldens, new, args.old)
        rename_goldens(args.goldens, args.old, new)
        undo.callback(rename_edition, new, args.old)
        rename_edition(args.old, new)
        undo.pop_all()
    remove_output(args.extracted, args.old)
    with as_output_error(advice="rename again", done="removed", edition=args.old):
        for one in reversed(copies):
            one.unlink()
    print(f"{args.old} is {new} now: {target}")
    if outcome is None or outcome.folder is None:
        return 0
    print(f"{outcome.folder}: {outcome.status}; link the editions anew: pipeline link")
    if is_aside(outcome.folder):
        print(f"{args.extracted / new}: the good output of {args.old}, under the new id")
    return outcome.exit_code


def _require_free(args: argparse.Namespace, new: str, files: Iterable[Path]) -> None:
    """Refuse an id under which something is there already."""
    folders = [args.extracted / new, folder_aside(args.extracted, new), args.goldens / new]
    for place in (*files, *folders):
        if place.exists():
            raise InputError(
                f"{place} exists already; choose another id, or: pipeline remove {quote(new)}", edition=args.old
            )


def _require_renamable(args: argparse.Namespace, copies: Iterable[Path]) -> None:
    """Find what could not be renamed before anything is written: what can't be read, and folders that are closed."""
    load_goldens(args.goldens, args.old)
    load_baseline(args.goldens)
    if (keys := paths.find_schema(KEYS_FILE)).is_file():
        load_assignment(keys)
    written = [*(one.parent for one in copies), args.extracted]
    if (args.goldens / args.old).exists():
        written.append(args.goldens)
    if (paths.own_schemas() / KEYS_FILE).exists():
        written.append(paths.own_schemas())
    require_writable(written, ADVICE, edition=args.old)


def _take_back(out: Path, edition: str, files: Iterable[Path]) -> None:
    """Remove what was written under the new id, as far as the system lets: why it was not all, is raised already."""
    with suppress(OSError, OutputError):
        remove_output(out, edition)
    for file in files:
        with suppress(OSError):
            file.unlink()
