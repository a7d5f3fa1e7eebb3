"""Show the page for each accepted value of the goldens, and mark those verified that you confirm.

Needs a terminal, and refuses to run under CI.

Examples:
    pipeline verify
    pipeline verify --practice bg-1 --field period
"""

import argparse
import hashlib
import sys
from pathlib import Path

from pipeline import paths
from pipeline.cli.options import DRAWING, add_shared, folder_option, make_options
from pipeline.cli.terminal import ask_whether
from pipeline.errors import InputError
from pipeline.quality.accuracy.accept import accepted_leaves, give_status, refuse_ci, today, write_golden
from pipeline.quality.accuracy.evaluate import list_editions
from pipeline.quality.accuracy.forms import show
from pipeline.quality.accuracy.golden import Golden, load_goldens
from pipeline.quality.accuracy.verify import ask_about, describe_values, draw_question
from pipeline.stages.emit.edition import load_edition


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    add_shared(parser, "--edition", "--practice", "--field", "--raw", "--extracted", "--goldens", *DRAWING)
    parser.add_argument("--pictures", **folder_option(paths.ACCURACY / "verify", "where to write the pictures"))


def run(args: argparse.Namespace) -> int:
    """Ask about every accepted leaf; 1 where some are left."""
    refuse_ci("verify")
    if not sys.stdin.isatty():
        raise InputError(
            "there is no terminal to ask at; only a person who looks at the page can verify: run it in one"
        )
    options = make_options(args)
    verified, left = 0, 0
    names = list_editions(args.extracted, args.goldens, args.edition)
    known = [golden for name in names for golden in load_goldens(args.goldens, name)]
    if args.practice is not None and args.practice not in known:
        raise InputError(f"there is no golden {args.practice!r}; there are: {', '.join(known) or 'none'}")
    for name in names:
        goldens = load_goldens(args.goldens, name)
        if not goldens:
            continue
        practices = {practice.id: practice for practice in load_edition(args.extracted / name).practices}
        for golden in goldens.values():
            leaves = accepted_leaves(golden, None if args.field is None else (args.field,))
            if not leaves or args.practice not in {None, golden.id}:
                continue
            source = _find_source(args.raw, golden)
            for question in ask_about(golden, practices.get(golden.id), leaves):
                stem = f"{golden.id}-{question.field}"
                pictures = draw_question(source, question, args.pictures / name, stem, options)
                print(f"{name} {golden.id} {question.field}")
                for part, value in describe_values(golden, question):
                    print(f"  {part}: {show(value)}")
                for picture in pictures:
                    print(f"  see {picture}")
                confirmed = ask_whether("  Does the page say so?")
                if confirmed is None:
                    print(f"stopped; {verified} verified")
                    return 1
                if confirmed:
                    golden = give_status(golden, question.leaves, "verified", reason=None, date=today())  # noqa: PLW2901
                    write_golden(args.goldens, golden)
                    verified += len(question.leaves)
                else:
                    left += len(question.leaves)
    print(f"{verified} verified, {left} left" + ("; now run: pipeline accuracy --update" if verified else ""))
    return 1 if left else 0


def _find_source(raw: Path, golden: Golden) -> Path:
    """The file that a golden was made from.

    Raises:
        InputError: It is not there, or another file is.
    """
    path = raw / golden.source.file
    try:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise InputError(f"{path} can't be read ({error.strerror}); put the source there, or give --raw") from error
    if digest != golden.source.sha256:
        raise InputError(
            f"the golden {golden.id} is stale: {path} is not the file that it was made from; run: pipeline accept",
            edition=golden.edition,
        )
    return path
