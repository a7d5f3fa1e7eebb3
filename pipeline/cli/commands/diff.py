"""Compare two extracted editions: 0 where they agree, 1 where they differ.

Examples:
    pipeline diff raccombat-lv raccombat-en              two languages: dates, links, choices, counts
    pipeline diff old/raccombat-lv extracted/raccombat-lv   one language: texts, moves and rewrites
"""

import argparse
from typing import Final

from pipeline.cli.editions import find_edition_folder
from pipeline.cli.options import add_shared
from pipeline.cli.terminal import for_terminal, print_json
from pipeline.quality.edition_diff import EditionDiff, EditionDifference, diff_editions
from pipeline.stages.emit.edition import load_edition
from pipeline.text.wording import count, say

SAME, DIFFERENT = 0, 1
SHOWN_CHARACTERS: Final = 160
"""So much of a value is shown in a line; `--json` gives all of it."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("first", metavar="A", help="an edition: its id in the output folder, or its folder")
    parser.add_argument("second", metavar="B", help="the other edition")
    parser.add_argument(
        "--neutral", action="store_true", help="compare only what no translation changes, even in one language"
    )
    add_shared(parser, "--extracted", "--quiet")
    parser.add_argument("--json", action="store_true", help="print the differences as JSON")


def run(args: argparse.Namespace) -> int:
    """Compare the editions; 1 where they differ."""
    first, second = (load_edition(find_edition_folder(name, args.extracted)) for name in (args.first, args.second))
    found = diff_editions(first, second, "neutral" if args.neutral else None)
    if args.json:
        differences = [difference._asdict() for difference in found.differences]
        print_json({"first": args.first, "second": args.second, **found._asdict(), "differences": differences})
    elif not args.quiet:
        _print(found, args)
    return DIFFERENT if found.differences else SAME


def _print(found: EditionDiff, args: argparse.Namespace) -> None:
    groups: dict[tuple[object, ...], list[EditionDifference]] = {}
    for difference in found.differences:
        groups.setdefault(_find_group(difference), []).append(difference)
    for first, *others in groups.values():
        if others and first.kind == "label":
            practices = [difference.practice for difference in (first, *others)]
            change = f"{_show(first.first)} | {_show(first.second)}"
            print(for_terminal(f"{first.field}: label, {len(practices)} times ({', '.join(practices)}): {change}"))
        else:
            fields = [difference.field for difference in (first, *others) if difference.field]
            print(for_terminal(_describe(first, " and ".join(fields), args)))
    print(
        f"{args.first} and {args.second}: {count(found.practices, 'practice')} in both,"
        f" {count(found.leaves, 'text or value', 'texts and values')} compared"
        f"{' (only what no translation changes)' if found.mode == 'neutral' else ''},"
        f" {count(len(found.differences), 'difference')}"
    )


def _find_group(difference: EditionDifference) -> tuple[object, ...]:
    """What differences have in common that are one: a label that practices print anew, what is in a shared cell."""
    change = (difference.kind, difference.leaf, repr(difference.first), repr(difference.second), difference.note)
    if difference.kind == "label":
        return (*change, difference.field)
    return (*change, difference.practice, frozenset({difference.field, *difference.shared_with}))


def _describe(difference: EditionDifference, fields: str, args: argparse.Namespace) -> str:
    """A difference on one line, with what either side has below, across languages."""
    place = ".".join(part for part in (difference.practice, fields, difference.leaf) if part)
    pages = [_describe_pages(pages) for pages in (difference.first_pages, difference.second_pages)]
    if difference.field and any(pages):
        place += f", {' | '.join(dict.fromkeys(filter(None, pages)))}"
    kind = difference.kind.replace("_", " ").replace("in first", f"in {args.first}")
    kind = kind.replace("in second", f"in {args.second}")
    said = f"{place}: {kind}{f' ({difference.note})' if difference.note else ''}"
    if difference.kind in {"edited", "rewritten", "reordered", "re-wrapped", "moved"}:
        return said
    sides = [difference.first, difference.second]
    if "only" in difference.kind:
        return f"{said}: {_show(sides[0] if sides[1] is None else sides[1])}"
    said = f"{place if kind == 'value' else said}: {' | '.join(map(_show, sides))}"
    texts = (difference.first_text, difference.second_text)
    if texts == (None, None):
        return said
    return "".join(
        (said, *(f"\n  {page or 'nowhere'}: {_show(text)}" for page, text in zip(pages, texts, strict=True)))
    )


def _describe_pages(pages: tuple[int, ...]) -> str:
    return f"p. {'-'.join(map(str, sorted({min(pages), max(pages)})))}" if pages else ""


def _show(value: object) -> str:
    text = say(value)
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]}…"
