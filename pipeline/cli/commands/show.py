"""Show one practice of an extracted edition in the terminal.

Examples:
    pipeline show bg-1
    pipeline show bg-1 --edition raccombat-lv --field period
    pipeline show bg-1 --edition extracted/.errors/raccombat-lv    of a run with errors that was set aside
    pipeline show bg-1 --json | jq .fields.period
"""

import argparse
import json
from pathlib import Path

from rich.table import Table
from rich.text import Text

from pipeline.cli.editions import find_edition_folders, report_set_aside
from pipeline.cli.options import add_shared, read_field
from pipeline.cli.terminal import describe_places, for_terminal, open_console, print_json
from pipeline.errors import InputError
from pipeline.models.practice import FIELDS, PARTS, FieldValue, Practice
from pipeline.stages.emit.edition import load_edition, render_json


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("id", metavar="ID", help="practice id, such as bg-1")
    parser.add_argument(
        "--edition", metavar="ID", help="the edition, where several have such a practice: its id, or its folder"
    )
    parser.add_argument("--field", type=read_field, metavar="NAME", help="only this field")
    parser.add_argument("--boxes", action="store_true", help="say where on its pages each value is, in points")
    add_shared(parser, "--extracted")
    parser.add_argument("--json", action="store_true", help="print the practice's JSON")


def run(args: argparse.Namespace) -> int:
    """Print the practice."""
    practice = _find_practice(args.extracted, args.id, args.edition)
    if args.json:
        if args.field is not None:
            value = getattr(practice.fields, args.field)
            print_json(None if value is None else value.model_dump(mode="json"))
        else:
            print(render_json(practice).decode(), end="")
    else:
        _print_practice(practice, args.field, boxes=args.boxes)
    return 0


def _find_practice(extracted: Path, practice_id: str, edition: str | None) -> Practice:
    """Find a practice in an edition, by its id or its folder, or in the one edition that has it."""
    folders = find_edition_folders([edition] if edition else [], extracted)
    for folder in folders:
        report_set_aside(folder, "see it by --edition {}")
    practices = [practice for folder in folders for practice in load_edition(folder).practices]
    found = [practice for practice in practices if practice.id == practice_id]
    if not found:
        known = dict.fromkeys(practice.id for practice in practices)
        raise InputError(f"there is no practice {practice_id!r}; there are: {', '.join(known)}")
    if len(found) > 1:
        names = ", ".join(practice.edition.id for practice in found)
        raise InputError(f"several editions have a practice {practice_id!r}; choose one by --edition: {names}")
    return found[0]


def _print_practice(practice: Practice, only: str | None, *, boxes: bool) -> None:
    console = open_console()
    console.print(Text(for_terminal(practice.heading), style="bold"))
    console.print(
        Text(
            f"{practice.id} · {', '.join(practice.countries)} · {practice.edition.source}, pages"
            f" {practice.pages[0]}-{practice.pages[1]}",
            style="dim",
        )
    )
    table = Table("Field", "Value", show_lines=True, expand=True)
    table.columns[1].ratio = 1
    # A long word goes on in the next line; cut off, it would say something else.
    table.columns[0].overflow = table.columns[1].overflow = "fold"
    values: dict[str, FieldValue | None] = {name: getattr(practice.fields, name) for name in FIELDS}
    values = {**values, **practice.extra} if only is None else {only: values[only]}
    # A narrow terminal breaks texts, never a field's name.
    table.columns[0].width = max(console.width // 4, *map(len, values))
    for name, value in values.items():
        if value is None:
            table.add_row(Text(name, style="dim"), Text("no such row", style="dim"))
            continue
        left = Text.assemble((name, "bold"), f"\n{for_terminal(value.label)}")
        plain = value.model_dump(mode="json")
        notes = [f"{part}: {json.dumps(plain[part], ensure_ascii=False)}" for part in PARTS.get(name, ())]
        notes += [f"shared with {', '.join(value.shared_with)}"] if value.shared_with else []
        notes += ["inside another row"] if value.inline else []
        notes += [] if value.available else ["not available"]
        notes += [f"link {link.url}" for link in value.links]
        pages = f"page {', '.join(str(box.page) for box in value.value_boxes)}"
        notes += [describe_places(value.value_boxes) if boxes else pages]
        table.add_row(left, Text.assemble(for_terminal(value.text), (for_terminal("\n" + "\n".join(notes)), "cyan")))
    for row in practice.unmapped if only is None else ():
        likely = f"no field; likely {row.field}" if row.field else "no field"
        table.add_row(Text.assemble((likely, "bold red"), f"\n{for_terminal(row.label)}"), Text(for_terminal(row.text)))
    console.print(table)
