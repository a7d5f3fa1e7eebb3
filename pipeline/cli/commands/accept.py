"""Take differences between extracted editions and goldens over into the goldens, as accepted, with a reason.

Refuses to run under CI.

Examples:
    pipeline accept                                          asks about every difference
    pipeline accept --practice bg-1 --reason 'new lexicon'   all of this practice, without questions
    pipeline accept --field period --reason 'new lexicon'
    pipeline accept --all --reason 'first goldens'
"""

import argparse
import sys
from collections import Counter
from pathlib import Path

from pipeline.cli.options import add_shared
from pipeline.cli.terminal import ask, ask_whether, describe_places
from pipeline.errors import InputError
from pipeline.files import as_output_error
from pipeline.models.practice import Place, Practice
from pipeline.quality.accuracy.accept import (
    check_reason,
    create_golden,
    find_places,
    refuse_ci,
    renew_source,
    take_over,
    today,
    write_golden,
)
from pipeline.quality.accuracy.compare import LeafDifference, compare_practice, group_differences, is_stale
from pipeline.quality.accuracy.evaluate import list_editions
from pipeline.quality.accuracy.forms import show
from pipeline.quality.accuracy.golden import Golden, golden_path, load_goldens
from pipeline.stages.emit.edition import load_edition
from pipeline.stages.emit.outputs import folder_aside, latest_folder


class _Stopped(Exception):  # noqa: N818 - no error: the person has had enough
    """The person wants to go no further."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    add_shared(parser, "--edition", "--practice", "--field", "--extracted", "--goldens", "--quiet")
    parser.add_argument("--all", action="store_true", help="all differences, without questions; needs --reason")
    parser.add_argument("--reason", metavar="TEXT", help="why; with it, nothing is asked")


def run(args: argparse.Namespace) -> int:
    """Take over what is confirmed; 1 where differences are left."""
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
    counted: Counter[str] = Counter()
    try:
        for name in list_editions(args.extracted, args.goldens, args.edition):
            _accept_edition(args, name, counted)
    except _Stopped:
        print("stopped; what was confirmed is written")
        return 1
    if not args.quiet:
        print(f"{counted['taken']} taken over, {counted['left']} left")
        if counted["taken"]:
            print(
                "now run: pipeline verify, or pipeline accuracy --update --reason TEXT (--lower, not --update, where"
                " fewer leaves are verified than before)"
            )
    return 1 if counted["left"] else 0


def _accept_edition(args: argparse.Namespace, name: str, counted: Counter[str]) -> None:
    """Go through an edition, and count what was `taken` over and what is `left`."""
    edition = load_edition(args.extracted / name)
    _require_no_other(args.extracted, name)
    goldens = load_goldens(args.goldens, name)
    practices = {practice.id: practice for practice in edition.practices}
    if args.practice is not None and args.practice not in {*practices, *goldens}:
        raise InputError(f"there is no practice {args.practice!r}; there are: {', '.join(practices)}", edition=name)
    for practice in practices.values():
        if args.practice in {None, practice.id}:
            _accept_practice(args, practice, goldens.get(practice.id), counted)
    for unused in (golden for id_, golden in goldens.items() if id_ not in practices and args.practice in {None, id_}):
        if args.field is not None:
            counted["left"] += 1
        elif _ask(args, f"{name} {unused.id}: the golden has no practice. Remove the golden?", counted):
            with as_output_error(done="removed"):
                golden_path(args.goldens, name, unused.id).unlink()


def _accept_practice(
    args: argparse.Namespace, practice: Practice, golden: Golden | None, counted: Counter[str]
) -> None:
    place = f"{practice.edition.id} {practice.id}"
    if args.field is not None and (golden is None or is_stale(golden, practice)):
        print(f"{place}: the golden is missing or stale; a single field can't be taken over", file=sys.stderr)
        counted["left"] += 1
        return
    if golden is None:
        if reason := _ask(args, f"{place} has no golden. Take the whole practice over?", counted):
            write_golden(args.goldens, create_golden(practice, reason=reason, date=today()))
        return
    if is_stale(golden, practice):
        print(f"{place}: the golden is stale, it was made from another file")
        question = "  Make it a golden of the file there is now (all of it accepted, none verified)?"
        reason = _ask(args, question, counted)
        if reason is None:
            return
        golden = renew_source(golden, practice, reason=reason, date=today())
        write_golden(args.goldens, golden)
    for difference in group_differences(compare_practice(golden, practice)):
        if args.field not in {None, difference.field}:
            continue
        _show(difference, find_places(practice, difference.field, difference.part or None))
        if reason := _ask(args, "  Take it over?", counted):
            golden = take_over(golden, practice, difference.leaves, reason=reason, date=today())
            write_golden(args.goldens, golden)


def _show(difference: LeafDifference, places: tuple[Place, ...]) -> None:
    for found in difference.comparisons:
        print(f"{found.edition} {found.practice} {found.field}, {found.part}: {found.describe()}; was {found.status}")
        print(f"  old: {show(found.expected)}\n  new: {show(found.got)}")
    print(f"  where: {describe_places(places) or 'nowhere in the output'}")


def _ask(args: argparse.Namespace, question: str, counted: Counter[str]) -> str | None:
    """Ask, unless the options have answered; return the reason, None for no, and count the answer."""
    reason: str | None = args.reason
    if reason is None:
        wanted = ask_whether(question)
        if wanted is None:
            raise _Stopped
        reason = _ask_reason() if wanted else None
    elif not args.quiet:
        print(f"{question} yes: {reason}")
    counted["left" if reason is None else "taken"] += 1
    return reason


def _ask_reason() -> str:
    while (answer := ask("  Why? ")) is not None:
        try:
            return check_reason(answer)
        except InputError as error:
            print(f"  {error}")
    raise _Stopped


def _require_no_other(out: Path, name: str) -> None:
    """Refuse output that a later run with errors, set aside, would replace."""
    if latest_folder(out, name) != out / name:
        raise InputError(
            f"the last run had errors and was set aside ({folder_aside(out, name)}); correct the cause and run"
            " again, or take it over by pipeline run --replace, and then accept",
            edition=name,
        )
