"""The model of `labels.yaml`: the labels of fields and of rows of no field, and what a `status` says of an entry.

Words are in the files only; what a file may hold, and that nothing is in it twice, is checked when it is loaded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final, Literal

from pydantic import Field, field_validator, model_validator

from pipeline.lexicon.folding import fold_name, reject_twins
from pipeline.models.geometry import Frozen
from pipeline.models.practice import FIELDS, ExtraName

Status = Literal["verified", "draft"]
"""Whether a person has read the entry, or the program proposed it."""


ALTERNATIVES: Final = re.compile(r"\{([^{}]*)\}")
"""`{a|b}`: either wording; `{|a}`: one that may be lacking."""


class LabelEntry(Frozen):
    """A label as an edition prints it, without marker and trailing colon.

    Attributes:
        text: The label. In a file it may hold alternatives (`ALTERNATIVES`) and stands for all their combinations.
        status: Whether a person has read it.
        pattern: The entry's text with its alternatives, at the first of its wordings; else empty.
        entry: The same at its other wordings.
    """

    text: str = Field(min_length=1)
    status: Status
    pattern: str = ""
    entry: str = ""

    def place(self, name: str) -> str:
        """Where it is, for messages: the name of what it is a label of, and its entry where that has alternatives."""
        whole = self.pattern or self.entry
        return f"{name} (in {whole!r})" if whole else name


class ExtraLabels(Frozen):
    """A row that editions print and no field answers to: what it is, in English, and its labels."""

    meaning: str = Field(min_length=1)
    labels: tuple[LabelEntry, ...] = Field(min_length=1)


class Labels(Frozen):
    """`labels.yaml`: the labels of each field, the usual one first; under `extra` those of rows of no field."""

    entries: dict[str, tuple[LabelEntry, ...]]
    extra: dict[ExtraName, ExtraLabels] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _wrap(cls, data: object) -> object:
        """Take the file's mapping as the entries."""
        if not isinstance(data, dict) or "entries" in data:
            return data
        return {"entries": {name: labels for name, labels in data.items() if name != "extra"}} | (
            {"extra": data["extra"] or {}} if "extra" in data else {}
        )

    @field_validator("entries")
    @classmethod
    def _expand(cls, entries: dict[str, tuple[LabelEntry, ...]]) -> dict[str, tuple[LabelEntry, ...]]:
        """Put in an entry's place the wordings that hold all its alternatives."""
        every = [label.text for labels in entries.values() for label in labels]
        if odd := [text for text in every if set("{}") & set(ALTERNATIVES.sub("", text))]:
            raise ValueError(f"{odd[0]!r} has a brace without its other one, or one inside another; write {{a|b}}")
        return {field: tuple(_list_wordings(labels)) for field, labels in entries.items()}

    @model_validator(mode="after")
    def _check(self) -> Labels:
        """Reject unknown fields, and labels that occur twice after folding."""
        unknown = sorted(set(self.entries) - set(FIELDS))
        if unknown:
            raise ValueError(f"unknown fields {unknown}; use the contract's names")
        if taken := sorted(set(self.extra) & set(FIELDS)):
            raise ValueError(f"{taken} under extra are fields; put their labels there")
        if not any(self.entries.values()):
            raise ValueError("no field has a label; restore the file")
        every = self.entries | {name: entry.labels for name, entry in self.extra.items()}
        reject_twins("label", ((label.place(name), label.text) for name, labels in every.items() for label in labels))
        return self


def _list_wordings(labels: tuple[LabelEntry, ...]) -> Iterator[LabelEntry]:
    """Return each entry's first wording, and those that differ from it by one alternative; each of these once."""
    entries: list[tuple[LabelEntry, list[list[str]]]] = []
    for label in labels:
        forms = [
            piece.split("|") if number % 2 else [piece] for number, piece in enumerate(ALTERNATIVES.split(label.text))
        ]
        text = _join(form[0] for form in forms)
        pattern = "" if len(forms) == 1 else label.text
        entries.append((LabelEntry(text=text, status=label.status, pattern=pattern), forms))
    seen = {fold_name(entry.text) for entry, _ in entries}
    for entry, forms in entries:
        yield entry
        first = [form[0] for form in forms]
        for at, other in ((at, other) for at, form in enumerate(forms) for other in form[1:]):
            text = _join([*first[:at], other, *first[at + 1 :]])
            if fold_name(text) not in seen:
                seen.add(fold_name(text))
                yield LabelEntry(text=text, status=entry.status, entry=entry.pattern)


def _join(pieces: Iterable[str]) -> str:
    """Join a wording's pieces; an alternative that is lacking leaves no space behind."""
    return " ".join("".join(pieces).split())
