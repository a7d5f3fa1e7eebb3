"""Shows a person what stands on the page: a source PDF and boxes → PNG files; goldens are changed by `accept`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from pydantic import JsonValue

from pipeline.files import write_whole
from pipeline.models.geometry import Frozen
from pipeline.models.practice import Place, Practice
from pipeline.quality.accuracy.accept import find_places, is_absent
from pipeline.quality.accuracy.golden import Golden
from pipeline.quality.accuracy.leaves import WHOLE, Leaf, golden_values
from pipeline.render.images import draw_framed
from pipeline.run.options import Limits
from pipeline.run.workers import WorkerPool, call_worker

LABEL_COLOUR: Final = (31, 119, 180)
VALUE_COLOUR: Final = (214, 39, 40)


class Question(Frozen):
    """What a person is asked at once: the unverified leaves of one field.

    Attributes:
        field: The field, or `practice`.
        leaves: The leaves.
        pages: Pages to show whole, where there is no box to show.
        label: Boxes of the label.
        value: Boxes of the value.
    """

    field: str
    leaves: tuple[str, ...]
    pages: tuple[int, ...]
    label: tuple[Place, ...]
    value: tuple[Place, ...]


def ask_about(golden: Golden, practice: Practice | None, leaves: Sequence[Leaf]) -> tuple[Question, ...]:
    """Group leaves into questions, in the contract's order.

    Args:
        golden: The golden.
        practice: The practice as extracted: it knows where its values stand. None where it was not found.
        leaves: The leaves to ask about.

    Returns:
        A question per field. A field that the golden says is not there is asked about with all pages of the practice;
        the practice's heading with its first page.
    """
    by_field: dict[str, list[Leaf]] = {}
    for leaf in leaves:
        by_field.setdefault(leaf.field, []).append(leaf)
    questions = []
    for field, group in by_field.items():
        label = () if practice is None or is_absent(golden, field) else find_places(practice, field, "label")
        value = () if practice is None or is_absent(golden, field) else find_places(practice, field, "text")
        first, last = golden.pages
        pages = (first,) if field == WHOLE else tuple(range(first, last + 1))
        known = None if field == WHOLE else golden.fields[field]
        if known is not None:
            pages = known.pages
        questions.append(
            Question(
                field=field,
                leaves=tuple(leaf.path for leaf in group),
                pages=() if value else pages,
                label=label,
                value=value,
            )
        )
    return tuple(questions)


def describe_values(golden: Golden, question: Question) -> list[tuple[str, JsonValue]]:
    """Give the golden's values that a question asks about, by part."""
    values = golden_values(golden)
    return [(leaf.part, values[leaf]) for leaf in values if leaf.path in question.leaves]


def draw_question(
    pdf: Path, question: Question, folder: Path, stem: str, *, password: str | None = None, limits: Limits | None = None
) -> tuple[Path, ...]:
    """Draw what a question is about.

    Args:
        pdf: The source file.
        question: The question.
        folder: Where to write the pictures.
        stem: Beginning of their names.
        password: User password of a locked file.
        limits: What drawing a page may take; the defaults where None.

    Returns:
        A PNG file per page: the label's and the value's boxes framed, with some space around; or whole pages.

    Raises:
        InputError: The file can't be drawn.
        LimitError: It takes more time or memory than it may.
        OutputError: A picture can't be written.
    """
    frames = [(box, LABEL_COLOUR) for box in question.label] + [(box, VALUE_COLOUR) for box in question.value]
    limits = limits or Limits()
    written = []
    with WorkerPool(1, limits.megabytes) as pool:
        for number in sorted({*question.pages, *(box.page for box, _ in frames)}):
            own = [frame for frame in frames if frame[0].page == number]
            picture = call_worker(pool, pdf.name, limits.page_seconds, draw_framed, pdf, password, number, own)
            path = folder / f"{stem}-p{number}.png"
            write_whole(path, [picture], "choose another folder by --pictures")
            written.append(path)
    return tuple(written)
