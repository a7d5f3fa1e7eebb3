"""Words that readings of one page have otherwise: the majority counts, else the surest, which is doubted."""

from __future__ import annotations

import pytest

from pipeline.stages.read.recognise.hocr import SeenLine, SeenWord
from pipeline.stages.read.recognise.votes import curve_marks, find_disputed, settle_words

Printed = tuple[str, float, float, float]
"""A word, its left and right edge, and its confidence."""


def line(*words: Printed, baseline: float = 100) -> SeenLine:
    return SeenLine(
        words=tuple(
            SeenWord(text=text, x0=x0, y0=baseline - 30, x1=x1, y1=baseline, confidence=sure)
            for text, x0, x1, sure in words
        ),
        baseline=baseline,
        size=40,
    )


def read(reading: tuple[SeenLine, ...]) -> list[tuple[str, float]]:
    return [(word.text, word.confidence) for line in reading for word in line.words]


FIRST = (line(("visa", 0, 80, 0.9), ("(paš)ymācība", 100, 300, 0.7)), line(("visa", 0, 80, 0.4), baseline=160))
RIGHT = (line(("visa", 2, 80, 0.8), ("(paš)mācība", 101, 298, 0.6)), line(("visa", 0, 80, 0.8), baseline=160))


def test_lines_are_disputed_where_a_word_reads_otherwise() -> None:
    assert find_disputed(FIRST, RIGHT) == FIRST[:1]
    assert find_disputed(FIRST, FIRST) == ()
    assert find_disputed(FIRST, ()) == ()


@pytest.mark.parametrize(
    ("x0", "x1", "disputed"),
    [
        (100, 155, False),  # it covers little of the word, and stands for a part of it
        (100, 165, True),
        (78, 200, False),  # it reaches out by more than half of the type's size
        (82, 200, True),
        (100, 218, True),
        (100, 222, False),
    ],
)
def test_a_word_of_another_reading_is_at_the_place_of_the_first_ones(x0: float, x1: float, *, disputed: bool) -> None:
    first = (line(("visa", 100, 200, 0.9)),)
    assert find_disputed(first, (line(("viss", x0, x1, 0.9)),)) == first * disputed


def test_what_two_readings_have_counts_with_the_confidence_of_the_surer_one() -> None:
    assert read(settle_words(FIRST, (RIGHT, RIGHT[:1]))) == [("visa", 0.9), ("(paš)mācība", 0.6), ("visa", 0.8)]


@pytest.mark.parametrize(("sure", "text"), [(0.9, "(paš)māčība"), (0.3, "(paš)ymācība")])
def test_where_all_differ_the_surest_stays_and_is_doubted(sure: float, text: str) -> None:
    third = (line(("(paš)māčība", 100, 300, sure)),)
    settled = read(settle_words(FIRST, (RIGHT, third)))
    assert settled == [("visa", 0.9), (text, 0.5), ("visa", 0.8)]


def test_words_whose_boxes_overlap_are_not_taken_twice() -> None:
    first = (line(("the", 0, 270, 0.5), ("same", 200, 260, 0.9)),)
    other = (line(("the", 0, 185, 0.9), ("same", 200, 262, 0.9)),)
    assert [text for text, _ in read(settle_words(first, (other,)))] == ["the", "same"]


def test_a_word_that_others_divide_is_divided_and_one_that_they_join_stays() -> None:
    first = (line(("abun", 0, 100, 0.5), ("to", 120, 160, 0.9), ("mer", 165, 220, 0.9)),)
    other = (line(("ab", 0, 45, 0.9), ("un", 58, 100, 0.8), ("tomer", 120, 220, 0.9)),)
    assert [text for text, _ in read(settle_words(first, (other, other)))] == ["ab", "un", "to", "mer"]


@pytest.mark.parametrize(
    ("printed", "seen", "expected"),
    [
        ("„Viens”, „divi”; „trīs”.", 'viņa "We Play" (kā "te").', "viņa “We Play” (kā “te”)."),
        ("„Eins“, „zwei“ und „drei“", 'das "Vier",', "das “Vier“,"),
        ('"one", "two" and “three”', 'the "four"', 'the "four"'),
        ('“one” “two” “three” "four"', 'the "five"', 'the "five"'),  # nine curved, eight straight
        ("no marks", '5" wide, "four"', '5" wide, "four"'),
    ],
)
def test_straight_marks_are_curved_where_the_files_others_are(printed: str, seen: str, expected: str) -> None:
    pages = {
        number: (line(*((word, 100.0 * place, 100.0 * place + 90, 0.9) for place, word in enumerate(text.split()))),)
        for number, text in enumerate((3 * f"{printed} ", seen))
    }
    assert " ".join(text for text, _ in read(tuple(curve_marks(pages)[1]))) == expected
