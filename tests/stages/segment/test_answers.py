"""Answers next to questions that are wider than labels are: rows without edges. Text with notes or amounts is none."""

from __future__ import annotations

from tests.stages.segment.building import Drawing
from tests.stages.segment.test_frames import read_rows


def read(drawing: Drawing) -> list[tuple[str, str]]:
    return [(label.replace("\n", " "), value.replace("\n", " ")) for label, value in read_rows(drawing)]


QUESTIONS = (
    (("Is it agreed who meets a new one on the", "first day and shows the house to this one?"), "Yes, the office"),
    (("In how many languages is the guide?",), "Three"),
    (("May they learn the language of the land in", "the hours of work, and be paid for it?"), "In part"),
    (("How often are there talks in which one can", "tell what is not liked?"), "Twice a year"),
    (("Who answered?",), "Anna Berg"),
)


def draw_questions(
    rows: tuple[tuple[tuple[str, ...], str], ...] = QUESTIONS, *, pause: float = 8, answer: str = ""
) -> Drawing:
    """Draw answers next to questions, without rules."""
    drawing = Drawing()
    at = 100.0
    for question, value in rows:
        drawing.write(answer or value, 290, at)
        at = drawing.write_cell(50, at, *question) + pause
    return drawing


def test_questions_of_some_lines_have_their_answers_next_to_them() -> None:
    assert read(draw_questions()) == [(" ".join(question), value) for question, value in QUESTIONS]


def test_next_to_what_is_not_set_apart_or_long_or_has_an_amount_is_no_answer() -> None:
    assert read(draw_questions(pause=0)) == []
    assert read(draw_questions(answer="CHF 4.50")) == []
    assert read(draw_questions(tuple((question * 4, value) for question, value in QUESTIONS))) == []
