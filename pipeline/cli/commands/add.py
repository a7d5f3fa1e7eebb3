"""Take in a new edition: check it, write its sidecar, run it, and say which steps are left.

Examples:
    pipeline add ~/Downloads/Good_practices_EN.pdf
    pipeline add raw/raccombat-en.pdf --publisher "RACCOMBAT project" --origin "the project's site"
"""

import argparse
from pathlib import Path

from pipeline import paths
from pipeline.authoring.arrival import recommend_editions
from pipeline.authoring.inventory.adding import NewFile, add
from pipeline.authoring.learn import find_countries
from pipeline.cli.editions import report_word_folders
from pipeline.cli.next_steps import list_steps_for_new_language, list_steps_left, print_steps
from pipeline.cli.options import add_shared, read_language, show_progress
from pipeline.cli.terminal import quote, report_line
from pipeline.lexicon import list_languages
from pipeline.quality.accuracy.editions import list_set_aside
from pipeline.run.identity import sidecar_path
from pipeline.run.runner import run_editions
from pipeline.text.wording import count


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("pdf", type=Path, metavar="FILE.pdf", help="the new edition")
    parser.add_argument("--id", metavar="EDITION", help="edition id (default: the file's name and its language)")
    parser.add_argument("--language", type=read_language, metavar="CODE", help="BCP 47 code (default: as detected)")
    parser.add_argument(
        "--title", help="the booklet's title (default: the document's own, else the largest text of the front matter)"
    )
    parser.add_argument("--publisher", help="who published it")
    parser.add_argument("--origin", help="where the file comes from")
    parser.add_argument("--rights", help="what is known of its rights: an SPDX licence id or a sentence")
    add_shared(parser, "--raw", "--out", "--password", "--quiet")
    parser.add_argument("--force", action="store_true", help="write over a sidecar or another file of this id")


def run(args: argparse.Namespace) -> int:
    """Take the edition in; 1 where something is left that keeps it from being good."""
    report_word_folders()
    file = NewFile(args.pdf, args.id, args.language, args.title, args.publisher, args.origin, args.rights)
    with show_progress(args, out=args.out) as options:
        target, language, stored, described, twins = add(file, args.raw, options, force=args.force)
        for twin in twins:
            report_line("warning", f"{twin} is a file with the same bytes; {target} is taken in all the same")
        edition = target.stem
        print(f"edition {edition}: {count(len(stored.edition.pages), 'page')}, language {language}, in {target}")
        print(f"sidecar {sidecar_path(target)}: {'written' if described else 'kept as it is'}")
        goldens = paths.GOLDENS / edition
        for kept in [] if goldens.exists() else list_set_aside(paths.GOLDENS, edition)[-1:]:
            print(f"goldens of an edition {edition} are kept in {kept}; take them back: mv {quote(kept)} {goldens}")
        if language not in list_languages():
            found = find_countries(stored.content, edition, language)
            like = recommend_editions(args.out, edition, language, found) or ("EDITION",)
            print_steps(list_steps_for_new_language(args, target, language, like))
            return 1
        outcome = next(run_editions([target], options))
    if outcome.error is not None:
        raise outcome.error
    if outcome.validated is not None:
        print_steps(list_steps_left(args, outcome, outcome.validated))
    return outcome.exit_code
