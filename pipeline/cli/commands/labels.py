"""Print draft entries for the labels that an extracted edition prints and the lexicon lacks.

Examples:
    pipeline labels raccombat-lv
    pipeline labels raccombat-lv --write    add them to schemas/lv/labels.yaml, marked as drafts
"""

import argparse

from pipeline import paths
from pipeline.authoring.label_drafts import list_label_drafts, render_drafts, write_drafts
from pipeline.cli.editions import find_edition_folder
from pipeline.cli.options import add_shared
from pipeline.cli.terminal import print_json
from pipeline.lexicon import load_lexicon
from pipeline.stages.emit.edition import load_edition
from pipeline.text.wording import count


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument(
        "edition",
        metavar="EDITION",
        help="an edition: its id in the output folder (its last run, be it one with errors that was set aside), or its"
        " folder",
    )
    add_shared(parser, "--extracted")
    parser.add_argument("--slips", action="store_true", help="labels too that were mapped in spite of a typo")
    parser.add_argument("--write", action="store_true", help="add the entries to the lexicon, marked `status: draft`")
    parser.add_argument("--json", action="store_true", help="print the drafts as JSON")


def run(args: argparse.Namespace) -> int:
    """Print the drafts, or add them to the lexicon."""
    edition = load_edition(find_edition_folder(args.edition, args.extracted, latest=True))
    language = edition.edition.language or ""
    drafts = list_label_drafts(edition, load_lexicon(language), slips=args.slips)
    place = (language, "labels.yaml")
    found, own = paths.find_schema(*place), paths.own_schemas().joinpath(*place)
    path = paths.own_schema(*place) if args.write and drafts else found
    if args.json:
        print_json([draft._asdict() for draft in drafts])
    elif drafts:
        where = f"for {path}" if path == own else f"for a copy of {path} at {own} (--write makes it)"
        print(f"# {where}: put each entry under its field, and set its status to verified when you have read it")
        print(render_drafts(drafts), end="")
    else:
        print(f"# {path} has every label of {edition.edition.id}")
    if args.write and drafts:
        added = count(write_drafts(drafts, path), "entry", "entries")
        if not args.json:
            print(f"# {added} added to {path}; read, set the status to verified, and run the edition again")
    return 0
