"""Match the practices of all extracted editions, and give each one key: extracted/collection.json.

Examples:
    pipeline link
    pipeline link --check    1 where it would change anything
"""

import argparse
from pathlib import Path

from pipeline import paths
from pipeline.cli.editions import warn_of_closed
from pipeline.cli.options import add_shared
from pipeline.cli.terminal import report_line
from pipeline.files import write_whole
from pipeline.publish.collection import KEYS_FILE, load_assignment, render_assignment
from pipeline.publish.linking import SAME, find_near, link, read_known
from pipeline.stages.emit.edition import render_json
from pipeline.stages.emit.outputs import COLLECTION_FILE, require_extracted
from pipeline.text.wording import count


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument(
        "--keys", type=Path, metavar="FILE", help="the assigned keys (default: collection.yaml of the schemas)"
    )
    parser.add_argument("--check", action="store_true", help="write nothing")
    add_shared(parser, "--extracted", "--quiet")


def run(args: argparse.Namespace) -> int:
    """Link the editions; 1 where --check finds that something would change."""
    editions = {edition: read_known(args.extracted, edition) for edition in require_extracted(args.extracted)}
    warn_of_closed(args.extracted)
    keys = args.keys or paths.own_schema(KEYS_FILE)
    assignment, collection = link(load_assignment(keys), editions)
    wanted = {
        keys: render_assignment(keys, assignment).encode(),
        args.extracted / COLLECTION_FILE: render_json(collection),
    }
    stale = [path for path in wanted if not path.is_file() or path.read_bytes() != wanted[path]]
    for practice in collection.practices:
        for linked in practice.editions:
            if linked.score < SAME:
                place = f"{linked.edition}, {linked.id}: little shows that it is {practice.key} (score {linked.score})"
                report_line("warning", f"{place}; look at both, and correct its line in {keys}")
    for near, key, score in find_near(collection, editions):
        place = f"{near.edition}, {near.id}: it may be {key} (score {score}), too little for a link"
        report_line("warning", f"{place}; look at both, and if they are one, write it into the line of {key} in {keys}")
    if args.check:
        for path in stale:
            report_line("error", f"{path} is not what the extracted editions give; run: pipeline link")
        return 1 if stale else 0
    for path in stale:
        write_whole(path, [wanted[path]])
    if not args.quiet:
        places = [len(practice.editions) for practice in collection.practices if practice.editions]
        several = sum(place > 1 for place in places)
        counted = f"{count(len(places), 'practice')} in {count(len(editions), 'edition')}, {several} in several"
        print(f"{args.extracted / COLLECTION_FILE}: {counted}")
    return 0
