"""Issues: what a maintainer should know, with its severity, place and what to do."""

from typing import Annotated, Any, Self

from pydantic import StringConstraints

from pipeline.issues import KINDS, Severity
from pipeline.models.geometry import Box, Frozen


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
        digest: What stands for a warning's text in the sidecar, 12 hexadecimal digits; None for errors and notes.
        acknowledged: Why a maintainer has acknowledged it; None where nobody has.
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
    digest: str | None = None
    acknowledged: str | None = None

    @classmethod
    def of(cls, code: str, *, severity: Severity | None = None, **values: Any) -> Self:
        """Make an issue of a registered kind: the kind gives its severity and its message, a box its page.

        Args:
            code: A code of `pipeline.issues`.
            severity: One of the kind's severities; None for the usual one.
            **values: The issue's other attributes, and the further values that the kind's templates name.

        Raises:
            KeyError: The registry has no such code, or a template names a value that is not given.
            ValueError: The kind is never of this severity.
        """
        kind = KINDS[code]
        severity = severity or kind.severities[0]
        if severity not in kind.severities:
            raise ValueError(f"an issue {code!r} is never of severity {severity!r}; add it to the registry")
        if (box := values.get("box")) is not None:
            values.setdefault("page", box.page)
        known = {name: value for name, value in values.items() if name in cls.model_fields}
        return cls(code=code, severity=severity, message=kind.render(values), **known)


class Acknowledgement(Frozen):
    """A warning that a maintainer has looked at and found in order; an entry of the sidecar's `acknowledged`.

    Attributes:
        code: The issue's code.
        page: The issue's page; None where it has none.
        digest: The issue's `digest`, so that another text on the same page is reported again.
        reason: Why it is in order.
    """

    code: str
    page: int | None = None
    digest: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{12}$")]
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
