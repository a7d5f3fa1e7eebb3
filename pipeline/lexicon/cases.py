"""`cases.yaml`: wordings of a language and what is right about each; read to try a lexicon, never to normalise a value.

By field, a list of mappings: `text`, the contract's parts that are judged (amounts as there, or in short as
`[value, currency]`), and where they are judged `available` and `issue` (whether something of the text must be reported,
or must not).
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, Final

from pydantic import model_validator

from pipeline import paths
from pipeline.models.data_file import read_data_file
from pipeline.models.geometry import Frozen
from pipeline.models.practice import FIELDS, PARTS

_ANY_FIELD: Final = {"text", "available", "issue"}
_PLAIN: Final = {"true": True, "false": False}
"""The loader leaves truth values as words, which `yes` and `no` must stay."""


class Cases(Frozen):
    """The cases of a language, by field."""

    entries: dict[str, tuple[dict[str, Any], ...]]

    @model_validator(mode="before")
    @classmethod
    def _wrap(cls, data: object) -> object:
        """Take the file's mapping as the entries."""
        return {"entries": _make_plain(data)}

    @model_validator(mode="after")
    def _check(self) -> Cases:
        """Reject unknown fields and parts, cases that judge nothing, and a text that is given twice."""
        unknown = sorted(set(self.entries) - set(FIELDS))
        if unknown:
            raise ValueError(f"unknown fields {unknown}; use the contract's names")
        for field, cases in self.entries.items():
            texts = [case.get("text") for case in cases]
            for case, text in zip(cases, texts, strict=True):
                wrong = sorted(set(case) - {*_ANY_FIELD, *PARTS.get(field, ())})
                if wrong or not isinstance(text, str) or len(case) < 2 or texts.count(text) > 1:
                    raise ValueError(
                        f"{field}: the case {case} has a text of its own, and at least one of the keys "
                        f"{sorted({*_ANY_FIELD, *PARTS.get(field, ())} - {'text'})} and no other"
                    )
        return self


def _make_plain(value: object) -> object:
    """Turn truth values and dates, which YAML reads in its own way, into what JSON holds."""
    if isinstance(value, dict):
        return {key: _make_plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_make_plain(inner) for inner in value]
    if isinstance(value, date):
        return value.isoformat()
    return _PLAIN.get(value, value) if isinstance(value, str) else value


def load_cases(language: str, schemas: Path | None = None) -> Cases:
    """Load the cases of a language; none where its folder has no such file.

    Args:
        language: BCP 47 code, the name of the language's folder.
        schemas: Folder of the lexicons; the project's own by default.

    Raises:
        LexiconError: The file does not hold what it must.
    """
    path = paths.list_words(language, schemas).get(paths.CASES_FILE)
    return read_data_file(path, Cases) if path else Cases.model_validate({})
