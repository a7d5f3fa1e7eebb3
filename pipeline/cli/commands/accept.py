"""`pipeline accept`: takes differences between output and goldens over into the goldens, one by one."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.cli.commands._common import add_folders, add_quiet, add_selection, today
from pipeline.cli.main import Subparsers, add_command
from pipeline.errors import InputError
from pipeline.files import as_output_error
from pipeline.stages.emit.outputs import folder_aside, latest_folder

if TYPE_CHECKING:
    from pipeline.models.practice import Place
    from pipeline.quality.accuracy.compare import Difference


class _Stopped(Exception):  # noqa: N818 - no error: the person has had enough
    """The person wants to go no further."""


def add_parser(subparsers: Subparsers) -> None:
    """Add the command's parser."""
    parser = add_command(
        subparsers,
        "accept",
        "Take differences between extracted editions and goldens over into the goldens, as accepted, with a reason."
        " Refuses to run under CI.",
        """
        pipeline accept                                          asks about every difference
        pipeline accept --practice bg-1 --reason 'new lexicon'   all of this practice, without questions
        pipeline accept --field period --reason 'new lexicon'
        pipeline accept --all --reason 'first goldens'
        """,
    )
    add_selection(parser)
    parser.add_argument("--all", action="store_true", help="all differences, without questions; needs --reason")
    parser.add_argument("--reason", metavar="TEXT", help="why; with it, nothing is asked")
    add_folders(parser, "--out", "--goldens")
    add_quiet(parser)


def run(args: argparse.Namespace) -> int:
    """Take over what is confirmed; 1 where differences are left."""
    from pipeline.quality.accuracy.accept import check_reason, refuse_ci
    from pipeline.quality.accuracy.evaluate import list_editions

    refuse_ci("accept")
    chosen = args.all or args.practice or args.field
    if args.reason is not None and not chosen:
        raise InputError("--reason takes over without questions; say what: --practice ID, --field NAME or --all")
    if args.reason is None and args.all:
        raise InputError("--all takes over without questions; say why: --reason TEXT")
    if args.reason is not None:
        args.reason = check_reason(args.reason)
    if args.reason is None and not sys.stdin.isatty():
        raise InputError("there is no terminal to ask at; say what and why: --practice, --field or --all, and --reason")
    taken, left = 0, 0
    try:
        for name in list_editions(args.out, args.goldens, args.edition):
            done = _accept_edition(args, name)
            taken, left = taken + done[0], left + done[1]
    except _Stopped:
        print("stopped; what was confirmed is written")
        return 1
    if not args.quiet:
        print(f"{taken} taken over, {left} left")
        if taken:
            print("now run: pipeline accuracy --lower --reason TEXT (fewer leaves are verified), or pipeline verify")
    return 1 if left else 0


def _accept_edition(args: argparse.Namespace, name: str) -> tuple[int, int]:
    """Go through an edition; gives how many differences were taken over, and how many were not."""
    from pipeline.quality.accuracy.accept import create_golden, find_places, renew_source, take_over, write_golden
    from pipeline.quality.accuracy.compare import compare_practice, group_differences, is_stale
    from pipeline.quality.accuracy.golden import golden_path
    from pipeline.quality.accuracy.score import load_goldens
    from pipeline.stages.emit.edition import load_edition

    edition = load_edition(args.out / name)
    _require_no_other(args.out, name)
    goldens, _ = load_goldens(args.goldens, name)
    taken, left = 0, 0
    practices = {practice.id: practice for practice in edition.practices}
    if args.practice is not None and args.practice not in {*practices, *goldens}:
        raise InputError(f"there is no practice {args.practice!r}; there are: {', '.join(practices)}", edition=name)
    for practice in practices.values():
        if args.practice not in {None, practice.id}:
            continue
        golden = goldens.get(practice.id)
        if args.field is not None and (golden is None or is_stale(golden, practice)):
            print(
                f"{name} {practice.id}: the golden is missing or stale; a single field can't be taken over",
                file=sys.stderr,
            )
            left += 1
            continue
        if golden is None:
            reason = _ask(args, f"{name} {practice.id} has no golden. Take the whole practice over?")
            if reason is not None:
                write_golden(args.goldens, create_golden(practice, reason=reason, date=today()))
            taken, left = taken + (reason is not None), left + (reason is None)
            continue
        if is_stale(golden, practice):
            print(f"{name} {practice.id}: the golden is stale, it was made from another file")
            reason = _ask(args, "  Make it a golden of the file there is now (all of it accepted, none verified)?")
            if reason is None:
                left += 1
                continue
            golden = renew_source(golden, practice, reason=reason, date=today())
            write_golden(args.goldens, golden)
            taken += 1
        for difference in group_differences(compare_practice(golden, practice)):
            if args.field not in {None, difference.field}:
                continue
            _show(difference, find_places(practice, difference.field, difference.part or None))
            reason = _ask(args, "  Take it over?")
            if reason is None:
                left += 1
                continue
            golden = take_over(golden, practice, difference.leaves, reason=reason, date=today())
            write_golden(args.goldens, golden)
            taken += 1
    for unused in (golden for id_, golden in goldens.items() if id_ not in practices and args.practice in {None, id_}):
        if args.field is not None:
            left += 1
            continue
        reason = _ask(args, f"{name} {unused.id}: the golden has no practice. Remove the golden?")
        if reason is not None:
            with as_output_error(done="removed"):
                golden_path(args.goldens, name, unused.id).unlink()
        taken, left = taken + (reason is not None), left + (reason is None)
    return taken, left


def _show(difference: Difference, places: tuple[Place, ...]) -> None:
    from pipeline.quality.accuracy.forms import show

    for found in difference.comparisons:
        print(f"{found.edition} {found.practice} {found.field}, {found.part}: {found.describe()}; was {found.status}")
        print(f"  old: {show(found.expected)}\n  new: {show(found.got)}")
    print(f"  where: {describe_places(places)}")


def describe_places(places: tuple[Place, ...]) -> str:
    """Give boxes in words."""
    return (
        "; ".join(
            f"page {box.page}, {box.x0:g} to {box.x1:g} pt across, {box.top:g} to {box.bottom:g} pt down"
            for box in places
        )
        or "nowhere in the output"
    )


def _ask(args: argparse.Namespace, question: str) -> str | None:
    """Ask, unless the options have answered; gives the reason, or None for no."""
    from pipeline.quality.accuracy.accept import check_reason

    if args.reason is not None:
        if not args.quiet:
            print(f"{question} yes: {args.reason}")
        return str(args.reason)
    answer = _read(f"{question} [y]es, [n]o, [q]uit: ").lower()
    if answer in {"q", "quit"}:
        raise _Stopped
    if answer not in {"y", "yes"}:
        return None
    while True:
        try:
            return check_reason(_read("  Why? "))
        except InputError as error:
            print(f"  {error}")


def _read(prompt: str) -> str:
    try:
        return input(prompt).strip()
    except EOFError:
        raise _Stopped from None


def _require_no_other(out: Path, name: str) -> None:
    """Refuse output that a later run with errors, set aside, would replace."""
    if latest_folder(out, name) != out / name:
        raise InputError(
            f"the last run had errors and was set aside ({folder_aside(out, name)}); correct the cause and run"
            " again, or take it over by pipeline run --replace, and then accept",
            edition=name,
        )
