"""`pipeline add`: takes in a new edition: checks the file, writes its sidecar, runs it and says what is left to do."""

from __future__ import annotations

import argparse
import re
import shutil
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pipeline import paths
from pipeline.cli.commands._common import (
    add_out,
    add_password,
    add_quiet,
    add_raw,
    find_password,
    show_progress,
    tell_of_words,
)
from pipeline.cli.main import Subparsers, add_command, report_error
from pipeline.errors import InputError, OutputError, SidecarError
from pipeline.stages.emit.outputs import list_extracted

if TYPE_CHECKING:
    from pipeline.models.row import Document
    from pipeline.run.options import Outcome

MOST_TITLE_CHARACTERS: Final = 200
"""A first page's largest text that is longer than this is no title."""


def add_parser(subparsers: Subparsers) -> None:
    """Add the command's parser."""
    parser = add_command(
        subparsers,
        "add",
        "Take in a new edition: check it, write its sidecar, run it, and say which steps are left.",
        """
        pipeline add ~/Downloads/Good_practices_EN.pdf
        pipeline add raw/raccombat-en.pdf --publisher "RACCOMBAT project" --origin "the project's site"
        """,
    )
    parser.add_argument("pdf", type=Path, metavar="FILE.pdf", help="the new edition")
    parser.add_argument("--id", metavar="EDITION", help="edition id (default: the file's name and its language)")
    parser.add_argument("--language", metavar="CODE", help="BCP 47 code (default: as detected)")
    parser.add_argument("--title", help="the booklet's title (default: the largest text of the first page)")
    parser.add_argument("--publisher", help="who published it")
    parser.add_argument("--origin", help="where the file comes from")
    parser.add_argument("--rights", help="what is known of its rights: an SPDX licence id or a sentence")
    add_raw(parser)
    add_out(parser)
    parser.add_argument("--force", action="store_true", help="write over a sidecar or another file of this id")
    add_password(parser)
    add_quiet(parser)


def run(args: argparse.Namespace) -> int:
    """Take the edition in; 1 where something is left that keeps it from being good."""
    from pipeline.lexicon import list_languages
    from pipeline.run.options import Options
    from pipeline.run.runner import run_editions, stitch_file
    from pipeline.run.sidecar import sidecar_path
    from pipeline.stages.chapter import settle_language

    password = find_password(args)
    tell_of_words()
    with show_progress(quiet=args.quiet) as display:
        stored = stitch_file(args.pdf, Options(password=password, progress=display.advance))
        declared = stored.edition.model_copy(update={"declared_language": args.language})
        info = settle_language(declared, stored.content)
        for issue in info.issues:
            if issue.code == "language_disagrees":
                report_error(issue.message.replace("the sidecar says", "--language says"))
                return 2
        language = info.language or ""
        edition = _propose_id(args, language)
        target = args.raw / f"{edition}.pdf"
        _take_in(args.pdf, target, force=args.force)
        written = _write_sidecar(target, args, language, stored.edition.sha256, stored.content)
        print(f"edition {edition}: {len(stored.edition.pages)} pages, language {language}, in {target}")
        print(f"sidecar {sidecar_path(target)}: {'written' if written else 'kept as it is'}")
        if language not in list_languages():
            _print_steps(_steps_for_new_language(target, language, args.out))
            return 1
        options = Options(out=args.out, password=password, progress=display.advance)
        outcome = next(run_editions([target], options))
    if outcome.error is not None:
        raise outcome.error
    _print_steps(_steps_left(outcome, args.out))
    return outcome.exit_code


def _propose_id(args: argparse.Namespace, language: str) -> str:
    """Give the edition's id: as asked for, or the file's name in small letters and hyphens, with its language."""
    from pipeline.run.sidecar import edition_id

    if args.id:
        return edition_id(Path(f"{args.id}.pdf"))
    folded = unicodedata.normalize("NFC", args.pdf.stem).casefold()
    stem = re.sub(r"[\W_]+", "-", folded).strip("-")
    primary = language.split("-", maxsplit=1)[0]
    if primary not in stem.split("-"):
        stem = f"{stem}-{primary}"
    return edition_id(Path(f"{stem}.pdf"))


def _take_in(source: Path, target: Path, *, force: bool) -> None:
    """Copy the file into the folder of sources, if it does not stand there already."""
    try:
        if target.exists() and (source.samefile(target) or source.read_bytes() == target.read_bytes()):
            return
        if target.exists() and not force:
            raise InputError(
                f"{target} exists already and is another file; give --id, or --force to replace it", edition=source.name
            )
        target.parent.mkdir(parents=True, exist_ok=True)
        half = target.with_name(f".{target.name}.half")
        shutil.copyfile(source, half)
        half.replace(target)
    except OSError as error:
        raise OutputError(f"{target} can't be written ({error.strerror}); check the folder's permissions") from error


def _write_sidecar(target: Path, args: argparse.Namespace, language: str, sha256: str, document: Document) -> bool:
    """Write the sidecar; False where one that fits the file stands there."""
    import yaml

    from pipeline.run.sidecar import check_hash, read_sidecar, sidecar_path

    path = sidecar_path(target)
    if path.exists() and not args.force:
        known = read_sidecar(target)
        if known is None:
            raise SidecarError(f"{path} can't be read; mend it, or give --force to write it anew", edition=target.name)
        check_hash(known, sha256, target)
        return False
    content = {
        "title": args.title or _find_title(document) or target.stem,
        "publisher": args.publisher,
        "language": language,
        "sha256": sha256,
        "origin": args.origin or f"{args.pdf.name}; say where the file comes from",
        "rights": args.rights,
        "note": "",
    }
    try:
        text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=120)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise OutputError(f"{path} can't be written ({error.strerror}); check the folder's permissions") from error
    return True


def _find_title(document: Document) -> str | None:
    """Give the largest text on the page that has the first one, where it is short enough for a title."""
    from pipeline.models.row import TextBlock

    blocks = [part for part in document.content if isinstance(part, TextBlock) and part.kind == "text" and part.boxes]
    first = min((block.boxes[0].page for block in blocks), default=None)
    fitting = [block for block in blocks if block.boxes[0].page == first and len(block.text) <= MOST_TITLE_CHARACTERS]
    largest = max(fitting, key=lambda block: block.size, default=None)
    return None if largest is None else " ".join(largest.text.split())


def _steps_for_new_language(target: Path, language: str, out: Path) -> list[str]:
    """Give the steps for a language without a lexicon."""
    known = list_extracted(out)
    like = known[0] if known else "EDITION"
    where = "" if out == paths.EXTRACTED else f" --out {out}"
    return [
        f"check {target.with_suffix('.yaml')}: title, publisher, origin and rights",
        f"there is no lexicon for {language!r} yet; draft it: pipeline learn {target} --like {like}{where}",
        f"read schemas/{language}/*.yaml: correct the drafts, and set their status to verified",
        f"run it: pipeline run {target}{where}",
        f"check it against the known edition: pipeline diff {like} {target.stem}{where}",
        "docs/new-edition.md tells more",
    ]


def _steps_left(outcome: Outcome, out: Path) -> list[str]:
    """Give the steps that are left after a run."""
    assert outcome.validated is not None, "failed runs are told as errors"  # noqa: S101 - for the type checker
    report, edition = outcome.validated.report, outcome.edition or ""
    counts = report.counts
    codes = {issue.code for issue in report.issues}
    others = [name for name in list_extracted(out) if name != edition]
    where = "" if out == paths.EXTRACTED else f" --out {out}"
    steps = [f"check {outcome.source.with_suffix('.yaml')}: title, publisher, origin and rights"]
    if counts.unmapped:
        steps.append(
            f"{counts.unmapped} rows have labels that the lexicon lacks; draft them:"
            f" pipeline labels {edition} --write{where}"
        )
    if counts.slips:
        steps.append(f"{counts.slips} labels have slips; look at them: pipeline labels {edition} --slips{where}")
    if counts.drafts:
        steps.append(f"{counts.drafts} labels were mapped by drafts; read them, and set their status to verified")
    if "unknown_country" in codes or "no_practice" in codes:
        steps.append("headings begin with unknown countries; add their names to countries.yaml of the language")
    if counts.errors or counts.warnings:
        steps.append(
            f"read the {counts.errors} errors and {counts.warnings} warnings in {outcome.folder}/report.json: each says"
            " how to mend it"
        )
    if len(steps) > 1:
        steps.append(f"run it again: pipeline run {outcome.source}{where}")
    if outcome.set_aside:
        steps.append(
            f"{out / edition} stays as it was, the new output is in {outcome.folder}; take it over with its errors:"
            f" pipeline run --replace {outcome.source}{where}"
        )
    if others:
        steps.append(f"check it against another edition: pipeline diff {others[0]} {edition}{where}")
    return steps


def _print_steps(steps: list[str]) -> None:
    print("What is left:")
    for number, step in enumerate(steps, start=1):
        print(f"  {number}. {step}")
