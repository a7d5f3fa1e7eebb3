"""Take in a new edition: check it, write its sidecar, run it, and say which steps are left.

Examples:
    pipeline add ~/Downloads/Good_practices_EN.pdf
    pipeline add raw/raccombat-en.pdf --publisher "RACCOMBAT project" --origin "the project's site"
"""

import argparse
import re
import unicodedata
from contextlib import suppress
from pathlib import Path

import yaml

from pipeline import paths
from pipeline.authoring.arrival import find_title, recommend_editions
from pipeline.authoring.learn import find_countries
from pipeline.cli.editions import report_word_folders
from pipeline.cli.options import add_shared, read_language, repeat_options, show_progress
from pipeline.cli.terminal import quote, report_line
from pipeline.errors import InputError, LimitError, SidecarError
from pipeline.files import write_whole
from pipeline.lexicon import list_languages, load_lexicon
from pipeline.lexicon.front_matter import CountWords
from pipeline.models.edition import ValidatedEdition
from pipeline.quality.accuracy.editions import list_set_aside
from pipeline.run.editions import find_sources
from pipeline.run.identity import edition_id, hash_file, read_edition_id, sidecar_path
from pipeline.run.options import Options, Outcome
from pipeline.run.runner import run_editions, stitch_file
from pipeline.run.sidecar import check_hash, read_sidecar
from pipeline.run.workers import WorkerPool, call_worker
from pipeline.stages.chapter.language import settle_language
from pipeline.stages.read.information import read_title
from pipeline.text.wording import count


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("pdf", type=Path, metavar="FILE.pdf", help="the new edition")
    parser.add_argument("--id", metavar="EDITION", help="edition id (default: the file's name and its language)")
    parser.add_argument("--language", type=read_language, metavar="CODE", help="BCP 47 code (default: as detected)")
    parser.add_argument(
        "--title", help="the booklet's title (default: the document's own, else the largest text of the front matter)"
    )
    parser.add_argument("--publisher", help="who published it")
    parser.add_argument("--origin", help="where the file comes from")
    parser.add_argument("--rights", help="what is known of its rights: an SPDX licence id or a sentence")
    add_shared(parser, "--raw", "--out", "--password", "--quiet")
    parser.add_argument("--force", action="store_true", help="write over a sidecar or another file of this id")


def run(args: argparse.Namespace) -> int:
    """Take the edition in; 1 where something is left that keeps it from being good."""
    report_word_folders()
    with show_progress(args, out=args.out) as options:
        stored = stitch_file(args.pdf, options)
        declared = stored.edition.model_copy(update={"declared_language": args.language})
        info = settle_language(declared, stored.content)
        for issue in info.issues:
            if issue.code == "language_disagrees":
                raise InputError(issue.message.replace("the sidecar says", "--language says"))
        language = info.language or ""
        edition = _propose_id(args, language)
        target = args.raw / f"{edition}.pdf"
        _refuse_twins(args, target, stored.edition.sha256)
        _take_in(args.pdf, target, force=args.force)
        words = load_lexicon(language).counts if language in list_languages() else CountWords()
        title = find_title(_read_declared_title(args.pdf, options), stored.content, words)
        written = _write_sidecar(target, args, language, stored.edition.sha256, title)
        print(f"edition {edition}: {count(len(stored.edition.pages), 'page')}, language {language}, in {target}")
        print(f"sidecar {sidecar_path(target)}: {'written' if written else 'kept as it is'}")
        goldens = paths.GOLDENS / edition
        for kept in [] if goldens.exists() else list_set_aside(paths.GOLDENS, edition)[-1:]:
            print(f"goldens of an edition {edition} are kept in {kept}; take them back: mv {quote(kept)} {goldens}")
        if language not in list_languages():
            found = find_countries(stored.content, edition, language)
            like = recommend_editions(args.out, edition, language, found) or ("EDITION",)
            _print_steps(_steps_for_new_language(args, target, language, like))
            return 1
        outcome = next(run_editions([target], options))
    if outcome.error is not None:
        raise outcome.error
    if outcome.validated is not None:
        _print_steps(_steps_left(args, outcome, outcome.validated))
    return outcome.exit_code


def _read_declared_title(pdf: Path, options: Options) -> str:
    """Have a worker read the title in the document's information; empty where it gives none."""
    with WorkerPool(1, options.limits.megabytes) as pool, suppress(LimitError):
        return call_worker(pool, pdf.name, options.limits.page_seconds, read_title, pdf.absolute(), options.password)
    return ""


def _propose_id(args: argparse.Namespace, language: str) -> str:
    """The edition's id: as asked for, or the file's name in small letters and hyphens, with its language."""
    if args.id is not None:
        return read_edition_id(args.id)
    if args.pdf.resolve().parent == args.raw.resolve():
        return edition_id(args.pdf)
    folded = unicodedata.normalize("NFC", args.pdf.stem).casefold()
    stem = re.sub(r"[\W_]+", "-", folded).strip("-")
    primary = language.split("-", maxsplit=1)[0]
    if primary not in stem.split("-"):
        stem = f"{stem}-{primary}"
    return edition_id(Path(f"{stem}.pdf"))


def _refuse_twins(args: argparse.Namespace, target: Path, sha256: str) -> None:
    """Refuse a file whose bytes are there already under another name, unless it is to be taken in all the same."""
    for edition, path in find_sources(args.raw).items():
        if path == target or path.stat().st_size != args.pdf.stat().st_size or hash_file(path) != sha256:
            continue
        said = f"{path} is a file with the same bytes"
        if not args.force:
            raise InputError(
                f"{said}; run that: pipeline run {quote(path)}, give it another id: pipeline rename"
                f" {quote(edition)} {quote(target.stem)}, or give --force to have it twice",
                edition=args.pdf.name,
            )
        report_line("warning", f"{said}; {target} is taken in all the same")


def _take_in(source: Path, target: Path, *, force: bool) -> None:
    """Copy the file into the folder of sources, if it is not there already."""
    content = source.read_bytes()
    if target.exists() and content == target.read_bytes():
        return
    if target.exists() and not force:
        raise InputError(
            f"{target} exists already and is another file; give --id, or --force to replace it", edition=source.name
        )
    write_whole(target, [content])


def _write_sidecar(target: Path, args: argparse.Namespace, language: str, sha256: str, title: str | None) -> bool:
    """Write the sidecar; False where there is one that fits the file."""
    path = sidecar_path(target)
    if path.exists() and not args.force:
        known = read_sidecar(target)
        if known is None:
            raise SidecarError(
                f"{path} can't be read; correct it, or give --force to overwrite it", edition=target.name
            )
        check_hash(known, sha256, target)
        return False
    content = {
        "title": args.title or title or target.stem,
        "publisher": args.publisher,
        "language": language,
        "sha256": sha256,
        "origin": args.origin or f"{args.pdf.name}; say where the file comes from",
        "rights": args.rights,
        "note": "",
    }
    write_whole(path, [yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=120).encode()])
    return True


def _steps_for_new_language(args: argparse.Namespace, target: Path, language: str, fit: tuple[str, ...]) -> list[str]:
    """The steps for a language without a lexicon, by the first of the known editions that are fit."""
    like, others = fit[0], _name_others(fit)
    where, extracted, file = repeat_options(args, args.out, "--out"), repeat_options(args, args.out), quote(target)
    return [
        f"check {target.with_suffix('.yaml')}: title, publisher, origin and rights",
        f"there is no lexicon for {language!r} yet; draft it: pipeline learn {file} --like {quote(like)}{extracted}"
        + others,
        f"read {paths.own_schemas() / language}/*.yaml: correct the drafts, and set their status to verified",
        f"run it: pipeline run {file}{where}",
        f"check it against the known edition: pipeline diff {quote(like)} {quote(target.stem)}{extracted}",
        "for more, see docs/new-edition.md",
    ]


def _steps_left(args: argparse.Namespace, outcome: Outcome, validated: ValidatedEdition) -> list[str]:
    """The steps that are left after a run."""
    edition, language = validated.edition.id, validated.edition.language or ""
    where, extracted = repeat_options(args, args.out, "--out"), repeat_options(args, args.out)
    source = quote(outcome.source)
    steps = [f"check {outcome.source.with_suffix('.yaml')}: title, publisher, origin and rights"]
    if corrections := _list_corrections(outcome, validated, extracted):
        steps += [*corrections, f"run it again: pipeline run {source}{where}"]
    if outcome.set_aside:
        steps.append(
            f"{args.out / edition} stays as it was, the new output is in {outcome.folder}; take it over with its"
            f" errors: pipeline run --replace {source}{where}"
        )
    fit = recommend_editions(args.out, edition, language, [practice.countries for practice in validated.practices])
    if fit and validated.practices:
        step = f"check it against another edition: pipeline diff {quote(fit[0])} {quote(edition)}{extracted}"
        steps.append(f"{step}{_name_others(fit)}")
    return steps


def _list_corrections(outcome: Outcome, validated: ValidatedEdition, extracted: str) -> list[str]:
    """What is to be corrected, or read, before the edition is run again."""
    edition, language = quote(validated.edition.id), validated.edition.language or ""
    counts, codes = validated.report.counts, {issue.code for issue in validated.report.issues}
    names = _place_words(language, "countries.yaml")
    steps = []
    if counts.unmapped:
        rows = count(counts.unmapped, "row has a label", "rows have labels")
        steps.append(f"{rows} that the lexicon lacks; draft: pipeline labels {edition} --write{extracted}")
    if counts.slips:
        labels = count(counts.slips, "label has a typo", "labels have typos")
        steps.append(f"{labels}; look: pipeline labels {edition} --slips{extracted}")
    if counts.drafts:
        labels, file = count(counts.drafts, "label was", "labels were"), _place_words(language, "labels.yaml")
        steps.append(f"{labels} mapped by drafts; read these in {file}, and set their status to verified")
    if "no_practice" in codes:
        steps.append(
            f"no practice was found; look at the rows: pipeline rows {quote(outcome.source)}; where there are some, no"
            f" heading before them begins with a known country (add its name to {names}), else the layout is not known"
            " yet: report it"
        )
    if "unknown_country" in codes:
        steps.append(f"headings begin with unknown countries; add their names to {names}")
    if counts.errors or counts.warnings:
        said = f"{count(counts.errors, 'error')}, {count(counts.warnings, 'warning')}"
        steps.append(f"read {outcome.folder}/report.json ({said}): each says what to do")
    if validated.report.status == "incomplete":
        sidecar = sidecar_path(outcome.source)
        steps.append(f"text without a place keeps it from good; where that is in order, acknowledge it in {sidecar}")
    return steps


def _name_others(fit: tuple[str, ...]) -> str:
    return f" (as fit: {', '.join(fit[1:])})" if fit[1:] else ""


def _place_words(language: str, name: str) -> str:
    """Name a file of words as one that a person may write to, and how to get it where only the package has it."""
    found, own = paths.find_schema(language, name), paths.own_schemas() / language / name
    return str(own) if found == own else f"{own} (copied there by: pipeline lexicon copy {language})"


def _print_steps(steps: list[str]) -> None:
    print("What is left:")
    for number, step in enumerate(steps, start=1):
        print(f"  {number}. {step}")
