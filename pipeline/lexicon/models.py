"""The pydantic models of every lexicon file; reads nothing and writes nothing itself.

One model per file of `schemas/<language>/`. Words stand in the files only; what a file may hold, and that nothing
stands in it twice, is checked here when it is loaded.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from pipeline.contract import FIELDS
from pipeline.lexicon.text import fold_name
from pipeline.models.geometry import Frozen

Status = Literal["verified", "draft"]
"""Whether a person has read the entry, or the program proposed it."""


class LabelEntry(Frozen):
    """A label as an edition prints it, without marker and trailing colon."""

    text: str = Field(min_length=1)
    status: Status


class Labels(Frozen):
    """`labels.yaml`: the labels of each field, the usual one first."""

    entries: dict[str, tuple[LabelEntry, ...]]

    @model_validator(mode="before")
    @classmethod
    def _wrap(cls, data: object) -> object:
        """Take the file's mapping as the entries."""
        return data if isinstance(data, dict) and set(data) == {"entries"} else {"entries": data}

    @model_validator(mode="after")
    def _check(self) -> Labels:
        """Reject unknown fields, and labels that occur twice after folding."""
        unknown = sorted(set(self.entries) - set(FIELDS))
        if unknown:
            raise ValueError(f"unknown fields {unknown}; use the contract's names")
        seen: dict[str, str] = {}
        for field, labels in self.entries.items():
            for label in labels:
                key = fold_name(label.text)
                if key in seen:
                    raise ValueError(f"label {label.text!r} stands under {seen[key]} and {field}; keep one")
                seen[key] = field
        return self
