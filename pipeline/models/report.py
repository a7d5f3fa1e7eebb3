"""Issues and the report: what was found, what was not, and how to mend it."""

from __future__ import annotations

from typing import Literal

from pipeline.models.geometry import Box, Frozen

Severity = Literal["error", "warning", "note"]


class Issue(Frozen):
    """One thing that a maintainer should know.

    Attributes:
        code: Stable name of the kind of issue, `snake_case`.
        severity: `error` where the run is no success; `warning`; `note`.
        message: What is the matter and what to do next, one line.
        edition: Edition id.
        practice: Practice id, where known.
        page: 1-based page, where known.
        box: Where on the page, where known.
        label: The label as printed, where it concerns a row.
        field: The field, or the likely field.
        score: 0 to 1, with a suggestion: how likely it is.
        evidence: What speaks for the suggestion or the finding.
        text: Beginning of the text concerned.
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
