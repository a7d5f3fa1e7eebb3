"""Issues and the report: what was found, what was not, and how to mend it."""

from __future__ import annotations

from typing import Literal

from pipeline.models.geometry import Box, Frozen

Severity = Literal["error", "warning", "note"]


class Issue(Frozen):
    """One thing that a maintainer should know; in `issues.jsonl`, keys that are null here are absent.

    Attributes:
        code: Stable name of the kind of issue, `snake_case`.
        severity: `error` where the run is no success; `warning`; `note`.
        message: What is the matter and what to do next, one line.
        edition: Edition id; None where it is not known yet.
        practice: Practice id; None where it concerns none, or more than one.
        page: 1-based page; None where it concerns none, or more than one.
        box: Where on the page; None where that is not known.
        label: The label as printed; None where it concerns no row.
        field: The field, or the likely field; None where there is none.
        score: 0 to 1, with a suggestion: how likely it is; None without one.
        evidence: What speaks for the suggestion or the finding. Empty without one.
        text: Beginning of the text concerned; None where it concerns no text.
    """

    code: str
    severity: Severity
    message: str
    edition: str | None = None
    practice: str | None = None
    page: int | None = None
    box: Box | None = None
    label: str | None = None
    field: str | None = None
    score: float | None = None
    evidence: tuple[str, ...] = ()
    text: str | None = None
