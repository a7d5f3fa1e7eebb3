"""The editions that commands are about: how they are named and found, and what is said of their state."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import paths
from pipeline.cli.terminal import quote, report_line
from pipeline.errors import ExtractionError
from pipeline.issues import KINDS
from pipeline.run.editions import list_renamed
from pipeline.stages.emit.outputs import (
    REPORT_FILE,
    folder_aside,
    holds_good_output,
    is_aside,
    latest_folder,
    list_closed,
    require_extracted,
)

if TYPE_CHECKING:
    from pipeline.models.report import Issue


def find_edition_folder(edition: str, extracted: Path, *, latest: bool = False) -> Path:
    """Find the folder of an extracted edition.

    Args:
        edition: An edition id, or a folder.
        extracted: The folder of all editions' output.
        latest: True to find, of an id whose last run had errors and was set aside, the folder aside.

    Returns:
        The folder of that id in the output folder where there is one, else what was named.

    Raises:
        InputError: There is neither.
    """
    if (extracted / edition).is_dir():
        return latest_folder(extracted, edition) if latest else extracted / edition
    if not Path(edition).is_dir():
        require_extracted(extracted, [repr(edition)])
    return Path(edition)


def find_edition_folders(editions: Sequence[str], extracted: Path) -> list[Path]:
    """Find the folders of extracted editions.

    Args:
        editions: Edition ids, or folders; none for all editions.
        extracted: The folder of all editions' output.

    Raises:
        InputError: One of them is not there, or there is none at all.
    """
    return [find_edition_folder(edition, extracted) for edition in editions or require_extracted(extracted)]


def describe_errors(edition: str, issues: Sequence[Issue], written: Path, again: str | None = None) -> str:
    """Describe on one line the first error of a run that is no success, where the others are, and what was kept.

    Args:
        edition: Edition id.
        issues: The report's issues.
        written: The folder with the report, or the artefact that holds it.
        again: The command that takes output over that was set aside; None where it was not written just now.
    """
    from pipeline.stages.validate.status import spoils_good

    where = written / REPORT_FILE if written.is_dir() else written
    errors = [issue for issue in issues if issue.severity == "error"]
    # Without an error it is a warning that keeps the edition from good; a later version's report may have other codes.
    errors = errors or [issue for issue in issues if issue.code in KINDS and spoils_good(issue)]
    if not errors:
        said = f"{edition}: the report is not good; see {where}"
    else:
        one = errors[0]
        place = {"edition": edition, "practice": one.practice, "label": one.label or None}
        more = f" (and {len(errors) - 1} more, in {where})" if errors[1:] else ""
        verdict = "" if one.severity == "error" else "not good: "
        said = f"{verdict}{ExtractionError(one.message, page=one.page, **place)}{more}"
    if again is not None and is_aside(written):
        good = written.parent.parent / written.name
        said += f"; {good} stays as it was, the new output is in {written}; correct the cause and run again, or take it"
        said += f" over: {again}"
    return said


def report_set_aside(folder: Path, hint: str) -> None:
    """Say on stderr that what is shown is not the last run, where that had errors and was set aside.

    Args:
        folder: The edition's folder that is shown.
        hint: How to see the other one; `{}` stands for its folder.
    """
    aside = folder_aside(folder.parent, folder.name)
    if not is_aside(folder) and latest_folder(folder.parent, folder.name) == aside:
        report_line("note", f"the last run of {folder.name} had errors; {hint.format(quote(aside))}")


def report_word_folders() -> None:
    """Say on stderr where words are read from, where that is not the package's own folder alone."""
    own, *others = paths.schema_folders()
    if others:
        known = "" if own.is_dir() else " (there is no such folder yet)"
        report_line("note", f"words are read from {own}{known}, then from {others[0]}")


def warn_of_renamed(sources: Iterable[Path]) -> None:
    """Say on stderr which sources have got another name, by which they are editions of their own."""
    for source, sidecar in list_renamed(sources):
        was = sidecar.with_suffix(".pdf")
        report_line(
            "warning",
            f"{source} has no sidecar, and the bytes of {was}, which is gone and whose sidecar {sidecar} is there: it"
            f" is taken for another edition; give it its name again (mv {quote(source)} {quote(was)}), or another by:"
            " pipeline rename",
        )


def warn_of_closed(extracted: Path) -> None:
    """Say on stderr which folders were left out, as nothing shows that they are editions."""
    for closed in list_closed(extracted):
        report_line(
            "warning", f"{closed} can't be looked into and was left out; if it is an edition, open it to be read"
        )


def warn_of_faults(extracted: Path, editions: Iterable[str]) -> None:
    """Say on stderr which editions are published though their reports do not say that they are good."""
    warn_of_closed(extracted)
    for edition in editions:
        if not holds_good_output(extracted / edition):
            report_line("warning", f"{edition}: its report does not say that it is good; read it: pipeline validate")
