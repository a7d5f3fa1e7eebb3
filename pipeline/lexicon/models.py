"""The pydantic models of every lexicon file; reads nothing and writes nothing itself.

One model per file of `schemas/<language>/`. Words stand in the files only; what a file may hold, and that nothing
stands in it twice, is checked here when it is loaded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain, product
from math import prod
from typing import Final, Literal

from pydantic import Field, field_validator, model_validator

from pipeline.contract import FIELDS
from pipeline.lexicon.text import fold_name
from pipeline.models.geometry import Frozen

Status = Literal["verified", "draft"]
"""Whether a person has read the entry, or the program proposed it."""


MOST_VARIANTS: Final = 2000
"""An entry with more alternatives than this is no longer read by anybody."""

_ALTERNATIVES: Final = re.compile(r"\{([^{}]*)\}")


class LabelEntry(Frozen):
    """A label as an edition prints it, without marker and trailing colon.

    In a file, `{a|b}` stands for either wording (`{|a}` for one that may be lacking), an entry for all its variants.

    Attributes:
        text: The label.
        status: Whether a person has read it.
        combined: True for a variant of several alternatives other than the first, whose words other variants hold.
    """

    text: str = Field(min_length=1)
    status: Status
    combined: bool = False


class Labels(Frozen):
    """`labels.yaml`: the labels of each field, the usual one first."""

    entries: dict[str, tuple[LabelEntry, ...]]

    @model_validator(mode="before")
    @classmethod
    def _wrap(cls, data: object) -> object:
        """Take the file's mapping as the entries."""
        return data if isinstance(data, dict) and set(data) == {"entries"} else {"entries": data}

    @field_validator("entries")
    @classmethod
    def _expand(cls, entries: dict[str, tuple[LabelEntry, ...]]) -> dict[str, tuple[LabelEntry, ...]]:
        """Put in an entry's place all that it stands for, in the order of its alternatives."""
        return {field: tuple(_list_variants(labels)) for field, labels in entries.items()}

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


def _list_variants(labels: tuple[LabelEntry, ...]) -> Iterator[LabelEntry]:
    """Give each wording that a field's entries stand for; one that several entries with alternatives give, once."""
    seen: set[str] = set()
    for label in labels:
        fixed, alternatives = (_ALTERNATIVES.split(label.text)[first::2] for first in (0, 1))
        forms = [part.split("|") for part in alternatives]
        if prod(map(len, forms)) > MOST_VARIANTS:
            raise ValueError(f"label {label.text!r} stands for more than {MOST_VARIANTS} wordings; divide it")
        for choice in product(*forms):
            text = " ".join("".join(chain(*zip(fixed, (*choice, ""), strict=True))).split())
            key = fold_name(text)
            if not forms or key not in seen:
                changed = sum(one != form[0] for one, form in zip(choice, forms, strict=True))
                yield LabelEntry.model_construct(text=text, status=label.status, combined=changed > 1)
            seen.add(key)
