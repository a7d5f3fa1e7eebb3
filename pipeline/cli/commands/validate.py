"""`pipeline validate`: checks the output files against the published schema."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from pipeline import paths
from pipeline.cli.commands._common import add_folders, add_quiet, describe_errors, report_aside
from pipeline.cli.main import Subparsers, add_command, report_error
from pipeline.errors import InputError
from pipeline.stages.emit.outputs import REPORT_FILE, list_extracted


def add_parser(subparsers: Subparsers) -> None:
    """Add the command's parser."""
    parser = add_command(
        subparsers,
        "validate",
        "Check that extracted editions hold what the schema says, and that their reports are good.",
        """
        pipeline validate
        pipeline validate extracted/raccombat-lv
        """,
    )
    parser.add_argument("edition", nargs="*", type=Path, metavar="FOLDER", help="editions' folders (default: all)")
    add_folders(parser, "--out")
    add_quiet(parser)
    parser.add_argument("--json", action="store_true", help="print the verdicts as JSON")


def run(args: argparse.Namespace) -> int:
    """Check the editions; 1 where one is not good."""
    from pipeline.stages.emit.edition import load_edition, render_edition

    folders: list[Path] = args.edition or [args.out / name for name in list_extracted(args.out)]
    if not folders:
        raise InputError(f"there is no extracted edition in {args.out}/; run: pipeline run")
    verdicts: dict[str, str] = {}
    for folder in folders:
        report_aside(folder, "check it by: pipeline validate {}")
        try:
            edition = load_edition(folder)
        except InputError as error:
            verdicts[str(folder)] = str(error)
            continue
        expected = render_edition(edition)
        present = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
        if expected != present:
            names = sorted(name for name in expected.keys() | present.keys() if expected.get(name) != present.get(name))
            verdicts[str(folder)] = f"not as the pipeline writes it: {', '.join(names)}; run the pipeline again"
        elif edition.report.status != "good":
            verdicts[str(folder)] = describe_errors(
                edition.edition.id, edition.report.model_dump(mode="json")["issues"], folder / REPORT_FILE
            )
        else:
            verdicts[str(folder)] = "good"
    if args.json:
        print(json.dumps(verdicts, ensure_ascii=False, indent=2))
    for folder_name, verdict in verdicts.items():
        if verdict != "good":
            report_error(f"{folder_name}: {verdict}")
        elif not args.quiet and not args.json:
            print(f"{folder_name}: good ({paths.PRACTICE_SCHEMA.name})")
    return 0 if set(verdicts.values()) == {"good"} else 1
