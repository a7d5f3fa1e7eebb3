"""`python -m tests.factory`: writes a case's PDF, and its truth as JSON beside it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tests.factory.matrix import CASES, Case
from tests.factory.rendering import RendererMissingError, UnreadableLayoutError

DONE = 0
WRONG_USE = 2
NOT_TYPESET = 3


def write_case(case: Case, pdf: Path) -> bool:
    """Write a case; False, with a line on standard error, where it can't be typeset here."""
    try:
        edition = case.typeset()
    except (RendererMissingError, UnreadableLayoutError) as error:
        print(f"{case.name}: {error}", file=sys.stderr)
        return False
    pdf.parent.mkdir(parents=True, exist_ok=True)
    pdf.write_bytes(edition.pdf_bytes)
    pdf.with_suffix(".json").write_text(edition.truth.to_json(), encoding="utf-8")
    return True


def main(arguments: list[str] | None = None) -> int:
    """Run the command.

    Args:
        arguments: Command line; None for the process's own.

    Returns:
        Exit code: 0 done, 2 wrong use, 3 something could not be typeset.
    """
    parser = argparse.ArgumentParser(prog="python -m tests.factory", description=__doc__)
    parser.add_argument("name", nargs="?", help="name of a case")
    parser.add_argument("out", nargs="?", type=Path, help="PDF to write; the truth goes beside it")
    parser.add_argument("--list", action="store_true", help="list the cases")
    parser.add_argument("--all", type=Path, metavar="FOLDER", help="write every case into a folder")
    given = parser.parse_args(arguments)
    if given.list:
        print("\n".join(case.name for case in CASES))
        return DONE
    if given.all:
        written = [write_case(case, given.all / f"{case.name}.pdf") for case in CASES]
        return DONE if all(written) else NOT_TYPESET
    named = {case.name: case for case in CASES}
    if given.name not in named or given.out is None:
        print("name a case (see --list) and a PDF to write", file=sys.stderr)
        return WRONG_USE
    return DONE if write_case(named[given.name], given.out) else NOT_TYPESET


if __name__ == "__main__":
    sys.exit(main())
