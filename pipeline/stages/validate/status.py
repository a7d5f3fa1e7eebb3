"""What `good` means (contract, "Good"): the warnings that keep an edition from it, and the sidecar's word on them."""

import hashlib
from collections.abc import Iterator, Sequence
from typing import Final

from pipeline.issues import HARMLESS_RESIDUE, KINDS, Status
from pipeline.models.edition import EditionInfo, PageAccount
from pipeline.models.practice import Practice
from pipeline.models.report import Issue
from pipeline.models.row import Residue
from pipeline.text.wording import MOST_TEXT

DIGEST_DIGITS: Final = 12
"""Hexadecimal digits of SHA-256 that stand for a text: 48 bits, so that no two texts of an edition share them."""


BY_SECOND_READING: Final = frozenset({"reader_disagrees", "second_reading_failed", "text_drawn"})
"""Codes that a run without the second reading can't find: nobody has looked whether they still hold."""


def report_residue(residue: Sequence[Residue], practices: Sequence[Practice]) -> Iterator[Issue]:
    """Report text without a place: a warning from the first practice's page on, unless its reason is a harmless one.

    A page behind the last practice counts too, and a table that was left out anywhere: a practice that was not found
    may be there.

    Args:
        residue: The residue of the edition. Concealed text has no letters here.
        practices: The practices in document order.
    """
    first = min((practice.pages[0] for practice in practices), default=0)
    for left in residue:
        harmless = left.reason in HARMLESS_RESIDUE or (left.box.page < first and left.reason != "other_table")
        yield Issue.of(
            "residue",
            severity="note" if harmless else "warning",
            reason=left.reason,
            box=left.box,
            text=left.text[:MOST_TEXT],
            digest=None if harmless else digest_text(left.text),
        )


def report_empty_pages(accounts: Sequence[PageAccount], practices: Sequence[Practice]) -> Iterator[Issue]:
    """Report pages amid a practice that have text besides furniture and harmless residue, and no row.

    Args:
        accounts: Where the glyphs of each page ended.
        practices: The practices in document order.
    """
    for practice in practices:
        for account in accounts:
            if not practice.pages[0] < account.page < practice.pages[1] or account.label or account.value:
                continue
            harmless = sum(count for reason, count in account.residue.items() if reason in HARMLESS_RESIDUE)
            glyphs = account.seen - account.furniture - account.blank - harmless
            if glyphs > 0:
                yield Issue.of("page_without_rows", practice=practice.id, page=account.page, glyphs=glyphs)


def settle_status(info: EditionInfo, issues: Sequence[Issue]) -> tuple[tuple[Issue, ...], Status]:
    """Apply the sidecar's acknowledgements, and give the verdict.

    Args:
        info: What is known of the edition, with the acknowledgements.
        issues: All issues of the edition.

    Returns:
        The issues, each warning with its digest, those that are acknowledged with the reason, and one more for each
        acknowledgement that nothing answers to; and the status.
    """
    open_entries = {(entry.code, entry.page, entry.digest): entry.reason for entry in info.acknowledged}
    used = set()
    settled = []
    for issue in issues:
        if issue.severity == "warning":
            digest = issue.digest or digest_text(issue.text or issue.message)
            key = (issue.code, issue.page, digest)
            used.add(key)
            issue = issue.model_copy(update={"digest": digest, "acknowledged": open_entries.get(key)})  # noqa: PLW2901
        settled.append(issue)
    unseen = BY_SECOND_READING if any(issue.code == "second_reading_left_out" for issue in issues) else frozenset()
    settled += [
        Issue.of("stale_acknowledgement", edition=info.id, entry=code, page=page, stale=digest)
        for code, page, digest in open_entries
        if (code, page, digest) not in used and code not in unseen
    ]
    if any(issue.severity == "error" for issue in settled):
        return tuple(settled), "errors"
    spoilt = any(spoils_good(issue) for issue in settled)
    return tuple(settled), "incomplete" if spoilt else "good"


def spoils_good(issue: Issue) -> bool:
    """Return whether an issue keeps an edition from `good`."""
    if issue.severity == "error":
        return True
    return issue.severity == "warning" and KINDS[issue.code].spoils_good and issue.acknowledged is None


def digest_text(text: str) -> str:
    """The digest of a text in an acknowledgement: its letters decide, white space does not."""
    return hashlib.sha256("".join(text.split()).encode()).hexdigest()[:DIGEST_DIGITS]
