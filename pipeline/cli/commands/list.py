"""List the editions: language, status, whether the source is there, and when each was last run.

Examples:
    pipeline list
    pipeline list --json | jq -r '.[] | select(.source == null) | .edition'
"""

import argparse

from pipeline.cli.editions import warn_of_renamed
from pipeline.cli.options import add_shared
from pipeline.cli.terminal import for_terminal, print_json
from pipeline.run.editions import list_states


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    add_shared(parser, "--raw", "--extracted")
    parser.add_argument("--json", action="store_true", help="print the list as JSON")


def run(args: argparse.Namespace) -> int:
    """Print the editions."""
    states = list_states(args.raw, args.extracted)
    warn_of_renamed(state.source for state in states if state.source is not None)
    if args.json:
        print_json([state._asdict() | {"source": state.source and str(state.source)} for state in states])
        return 0
    if not states:
        print(f"there is no edition in {args.raw}/ or {args.extracted}/; take one in: pipeline add FILE.pdf")
        return 0
    lines = [("edition", "language", "status", "source", "last run")]
    for state in states:
        status = f"{state.status}, set aside" if state.aside else state.status
        source = "no source" if state.source is None else str(state.source)
        lines.append((state.edition, state.language or "unknown", status, source, state.last_run or "never"))
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        print(for_terminal("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()))
    return 0
