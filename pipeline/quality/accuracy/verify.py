"""Shows a person what is printed on the page: a source PDF and boxes → PNG files; goldens are changed by `accept`."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from pydantic import JsonValue

from pipeline.files import write_whole
from pipeline.models.geometry import Frozen
from pipeline.models.practice import Place, Practice
from pipeline.quality.accuracy.accept import find_places
from pipeline.quality.accuracy.golden import Golden
from pipeline.quality.accuracy.leaves import WHOLE, Leaf, golden_values
from pipeline.render.images import draw_framed
from pipeline.run.options import Options
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
        practice: The practice as extracted: it knows where its values are. None where it was not found.
        leaves: The leaves to ask about.

    Returns:
        A question per field. A field that the golden says is not there is asked about with all pages of the practice;
        the practice's heading with its first page.
    """
    by_field: dict[str, list[str]] = {}
    for leaf in leaves:
        by_field.setdefault(leaf.field, []).append(leaf.path)
    questions = []
    for field, paths in by_field.items():
        known = golden.fields.get(field)
        found = None if known is None else practice
        label, value = (find_places(found, field, part) if found else () for part in ("label", "text"))
        first, last = golden.pages
        pages = (first,) if field == WHOLE else tuple(range(first, last + 1)) if known is None else known.pages
        shown = () if value else pages
        questions.append(Question(field=field, leaves=tuple(paths), pages=shown, label=label, value=value))
    return tuple(questions)


def describe_values(golden: Golden, question: Question) -> list[tuple[str, JsonValue]]:
    """The golden's values that a question asks about, by part."""
    values = golden_values(golden)
    return [(leaf.part, values[leaf]) for leaf in values if leaf.path in question.leaves]


def draw_question(pdf: Path, question: Question, folder: Path, stem: str, options: Options) -> tuple[Path, ...]:
    """Draw what a question is about.

    Args:
        pdf: The source file.
        question: The question.
        folder: Where to write the pictures.
        stem: Beginning of their names.
        options: The password of a locked file, and what drawing a page may take.

    Returns:
        A PNG file per page: the label's and the value's boxes framed, with some space around; or whole pages.

    Raises:
        InputError: The file can't be drawn.
        LimitError: It takes more time or memory than it may.
        OutputError: A picture can't be written.
    """
    frames = [(box, LABEL_COLOUR) for box in question.label] + [(box, VALUE_COLOUR) for box in question.value]
    limits, written = options.limits, []
    with WorkerPool(1, limits.megabytes) as pool:
        for number in sorted({*question.pages, *(box.page for box, _ in frames)}):
            own = [frame for frame in frames if frame[0].page == number]
            picture = call_worker(pool, pdf.name, limits.page_seconds, draw_framed, pdf, options.password, number, own)
            path = folder / f"{stem}-p{number}.png"
            write_whole(path, [picture], "choose another folder by --pictures")
            written.append(path)
    return tuple(written)
