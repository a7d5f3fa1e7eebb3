"""Turns a booklet of two-column tables (PDF) into validated JSON in which every value knows its page and place.

    from pipeline import extract, load_edition

    edition = extract("raw/raccombat-lv.pdf")
    for practice in edition.practices:
        print(practice.id, practice.title)

`extract` runs a PDF; `load_edition` reads what a run has written. Both give a `ValidatedEdition`: its `practices` in
document order and its `report`.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.errors import ExtractionError
    from pipeline.models.edition import Report, ValidatedEdition
    from pipeline.models.practice import Practice
    from pipeline.run.runner import extract
    from pipeline.stages.emit.edition import load_edition

__all__ = ["ExtractionError", "Practice", "Report", "ValidatedEdition", "extract", "load_edition"]

_HOMES = {
    "ExtractionError": "pipeline.errors",
    "Practice": "pipeline.models.practice",
    "Report": "pipeline.models.edition",
    "ValidatedEdition": "pipeline.models.edition",
    "extract": "pipeline.run.runner",
    "load_edition": "pipeline.stages.emit.edition",
}
"""Where the public names live: they are imported when asked for, so that the command line starts at once."""


def __getattr__(name: str) -> object:
    """Import a public name when it is first asked for."""
    from importlib import import_module

    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value
