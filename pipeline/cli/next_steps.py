"""What is left for a person to do after an edition was taken in, as commands to copy and files to correct."""

import argparse
from pathlib import Path

from pipeline import paths
from pipeline.authoring.arrival import recommend_editions
from pipeline.cli.options import repeat_options
from pipeline.cli.terminal import quote
from pipeline.models.edition import ValidatedEdition
from pipeline.run.identity import sidecar_path
from pipeline.run.options import Outcome
from pipeline.text.wording import count


def list_steps_for_new_language(
    args: argparse.Namespace, target: Path, language: str, fit: tuple[str, ...]
) -> list[str]:
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


def list_steps_left(args: argparse.Namespace, outcome: Outcome, validated: ValidatedEdition) -> list[str]:
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


def print_steps(steps: list[str]) -> None:
    """Print the steps, numbered."""
    print("What is left:")
    for number, step in enumerate(steps, start=1):
        print(f"  {number}. {step}")
