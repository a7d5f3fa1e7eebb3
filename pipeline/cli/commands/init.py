"""Set up an empty working folder: raw/, schemas/, extracted/, and an example of a sidecar.

Examples:
    pipeline init
    pipeline init booklets
"""

import argparse
from pathlib import Path
from typing import Final

from pipeline import paths
from pipeline.files import as_output_error, write_whole

EXAMPLE: Final = "example-en.yaml"
SIDECAR: Final = """\
# What is known of raw/example-en.pdf; the edition's id is the file's name. `pipeline add` writes one like it.
title: The booklet's title
publisher: Who published it        # or null
language: en                       # BCP 47
sha256: "0000000000000000000000000000000000000000000000000000000000000000"  # of the PDF
origin: Where the file comes from
rights: null                       # an SPDX licence id, or a sentence
note: ""
acknowledged: []                   # warnings that are in order: code, page, digest, reason
"""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("folder", nargs="?", type=Path, default=Path(), metavar="DIR", help="where (default: here)")


def run(args: argparse.Namespace) -> int:
    """Make what is missing; nothing is written over."""
    example = args.folder / paths.RAW / EXAMPLE
    with as_output_error(advice="choose another folder", done="made"):
        for folder in (paths.RAW, Path("schemas"), paths.EXTRACTED):
            (args.folder / folder).mkdir(parents=True, exist_ok=True)
    if not example.exists():
        write_whole(example, [SIDECAR.encode()], "choose another folder")
    print(f"{args.folder.resolve()}: {paths.RAW}/ for PDFs and sidecars (see {example}), schemas/ for your own words")
    print("next, in this folder: pipeline add FILE.pdf")
    return 0
