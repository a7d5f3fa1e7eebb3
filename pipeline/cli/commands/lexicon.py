"""Check a language's lexicon: labels, kinds of values with words, cases; or copy it into your own folder to correct it.

Examples:
    pipeline lexicon check lv
    pipeline lexicon check de --json
    pipeline lexicon copy de      into schemas/de/ of your own folder; nothing is written over
"""

import argparse

from pipeline import paths
from pipeline.authoring.lexicon_check import check_lexicon
from pipeline.cli.editions import report_word_folders
from pipeline.cli.terminal import print_json
from pipeline.errors import InputError
from pipeline.text.wording import count, say


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("action", choices=["check", "copy"], help="what to do")
    parser.add_argument("language", metavar="LANG", help="BCP 47 code of the language, the name of its folder")
    parser.add_argument("--json", action="store_true", help="print it as JSON")


def run(args: argparse.Namespace) -> int:
    """Print the table; 1 where a label or a kind of words is missing, or a case comes out wrong."""
    if args.action == "copy":
        return _copy(args.language, as_json=args.json)

    coverage = check_lexicon(args.language)
    if args.json:
        print_json([field._asdict() for field in coverage])
        return int(not all(field.good for field in coverage))
    report_word_folders()
    width = max(len(field.field) for field in coverage)
    print(f"{'field':{width}}  labels  drafts  words  cases  right")
    for field in coverage:
        words = "-" if field.words is None else field.words
        right = field.cases - len(field.wrong)
        print(f"{field.field:{width}}  {field.labels:6}  {field.drafts:6}  {words:>5}  {field.cases:5}  {right:5}")
    labelled = sum(field.labels > 0 for field in coverage)
    cases, wrong = sum(field.cases for field in coverage), [case for field in coverage for case in field.wrong]
    with_words = [field for field in coverage if field.words is not None]
    complete = sum(not field.lacks for field in with_words)
    print(
        f"\n{args.language}: {labelled} of {count(len(coverage), 'field')} with a label, {complete} of"
        f" {count(len(with_words), 'kind')} of values with their words, {cases - len(wrong)} of"
        f" {count(cases, 'case')} right"
    )
    for field in coverage:
        if not field.labels:
            print(f"{field.field}: no label; add it to labels.yaml")
        if field.lacks:
            print(f"{field.field}: no words for {', '.join(field.lacks)}; add them to the language's files")
    for case in wrong:
        found = "; ".join(
            f"{part} should be {say(wanted)}, is {say(got)}" for part, (wanted, got) in case.parts.items()
        )
        print(f"{case.field}: {say(case.text)}: {found}")
    return int(not all(field.good for field in coverage))


def _copy(language: str, *, as_json: bool) -> int:
    """Copy the language's files that the user's own folder lacks; 0 where it has them all then."""
    words = paths.list_words(language)
    if not words:
        raise InputError(f"there is no lexicon for {language!r}; draft it: pipeline learn PDF --like EDITION")
    places = {str(paths.own_schema(language, name)): found for name, found in words.items()}
    if as_json:
        print_json(list(places))
        return 0
    for own, found in places.items():
        print(f"{own}: {'yours already' if own == str(found) else 'copied'}")
    return 0
