"""Draft a language's lexicon from an edition in it, aligned with an extracted edition in a known language.

Examples:
    pipeline learn raw/raccombat-en.pdf --like raccombat-lv
    pipeline learn raw/raccombat-en.pdf --like raccombat-lv --dry-run --json
"""

import argparse
from pathlib import Path

from pipeline import paths
from pipeline.authoring.learn import Learned, learn_language
from pipeline.authoring.learn.drafting import render_folder, write_folder
from pipeline.cli.editions import find_edition_folder
from pipeline.cli.options import add_shared, read_language, repeat_options, show_progress
from pipeline.cli.terminal import print_json, quote
from pipeline.errors import InputError
from pipeline.lexicon import load_lexicon
from pipeline.run.runner import stitch_file
from pipeline.run.sidecar import read_sidecar
from pipeline.stages.chapter.language import settle_language
from pipeline.stages.emit.edition import load_edition
from pipeline.text.wording import count


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("pdf", type=Path, metavar="PDF", help="the new edition")
    parser.add_argument(
        "--like", required=True, metavar="EDITION", help="the known edition: its id in the output folder, or its folder"
    )
    add_shared(parser, "--extracted", "--password", "--quiet")
    parser.add_argument(
        "--language", type=read_language, metavar="CODE", help="BCP 47 code (default: the sidecar's, or as detected)"
    )
    parser.add_argument("--force", action="store_true", help="write over a folder that has labels already")
    parser.add_argument("--dry-run", action="store_true", help="write nothing, only say what was learnt")
    parser.add_argument("--json", action="store_true", help="print what was learnt as JSON")


def run(args: argparse.Namespace) -> int:
    """Learn the language and write its folder."""
    known = load_edition(find_edition_folder(args.like, args.extracted))
    known_lexicon = load_lexicon(known.edition.language or "")
    with show_progress(args) as options:
        stored = stitch_file(args.pdf, options)
    sidecar = read_sidecar(args.pdf)
    declared = args.language or (None if sidecar is None else sidecar.language)
    info = settle_language(stored.edition.model_copy(update={"declared_language": declared}), stored.content)
    language = info.language or ""
    learned = learn_language(stored.content, info.id, language, known, known_lexicon)
    folder = paths.own_schemas() / language
    if not args.dry_run:
        present = paths.find_schema(language, "labels.yaml")
        if present.exists() and not args.force:
            raise InputError(f"{present} exists already; correct it, or give --force to write another in {folder}")
        write_folder(render_folder(learned), folder, replace=args.force)
    if args.json:
        print_json(_summarise(learned))
    elif not args.quiet:
        _print(learned, args, folder)
    return 0


def _summarise(learned: Learned) -> dict[str, object]:
    """What was learnt as plain JSON values."""
    return {
        **learned._asdict(),
        "chapters": [{"new": new, "known": known} for new, known in learned.chapters],
        "labels": [label._asdict() for label in learned.labels],
        "countries": [draft._asdict() for draft in learned.countries],
        "words": [{**word._asdict(), "category": list(word.category)} for word in learned.words],
    }


def _print(learned: Learned, args: argparse.Namespace, folder: Path) -> None:
    """Print what was learnt and what was not."""
    print(
        f"{learned.edition}: {count(len(learned.chapters), 'practice')} aligned with {learned.like}; drafted:"
        f" {count(len(learned.labels), 'label')}, {count(len(learned.countries), 'name')} of countries and"
        f" {count(len(learned.words), 'value word')}"
    )
    if learned.undecided:
        print("Not decided:")
        for line in learned.undecided:
            print(f"  - {line}")
    if not args.dry_run:
        print("Next:")
        print(f"  1. read {folder}/*.yaml: correct each entry, and set its status to verified")
        run_it = f"pipeline run {quote(args.pdf)}{repeat_options(args, args.extracted, '--out')}"
        print(f"  2. {run_it}, and read its report's issues")
        both = f"{quote(learned.like)} {quote(learned.edition)}"
        print(f"  3. pipeline diff {both}{repeat_options(args, args.extracted)}")
