"""The numbers of the chapter stage's rules, each by a case on either side of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.models.layout import Word
from pipeline.models.practice import ANALYTICAL_FIELDS, DESCRIPTIVE_FIELDS
from pipeline.models.row import TextBlock
from tests.stages.chapter.test_chapter import USUAL, analytical, codes, descriptive, divide
from tests.stages.map.building import make_block, rows_of


@pytest.mark.parametrize(("lines", "taken"), [(8, 8), (9, 8)])
def test_a_heading_has_at_most_eight_lines(lines: int, taken: int) -> None:
    block = make_block(["Latvija: Prakse", *(f"turpinājums {number}" for number in range(1, lines))])
    (chapter,) = divide(block, descriptive()).chapters
    assert len(chapter.heading_block.lines) == taken


@pytest.mark.parametrize(("share", "whole"), [(0.93, True), (0.91, False)])
def test_the_lines_of_a_heading_differ_in_size_by_less_than_8_percent(share: float, whole: bool) -> None:
    first, second = make_block(["Latvija: Sociālais"]), make_block(["atbalsts"], top=56, size=14 * share)
    (chapter,) = divide(first, second, descriptive()).chapters
    assert chapter.title == ("Sociālais atbalsts" if whole else "Sociālais")


@pytest.mark.parametrize(("gap", "whole"), [(1.15, True), (1.25, False)])
def test_the_lines_of_a_heading_stand_at_most_1_2_sizes_apart(gap: float, whole: bool) -> None:
    (chapter,) = divide(make_block(["Latvija: Sociālais", "atbalsts"], gap=14 * gap), descriptive()).chapters
    assert chapter.title == ("Sociālais atbalsts" if whole else "Sociālais")


@pytest.mark.parametrize(("size", "bold", "seen"), [(11.2, False, True), (10.8, False, False), (9.0, True, True)])
def test_a_heading_is_bold_or_a_tenth_larger_than_the_tables_text(size: float, bold: bool, seen: bool) -> None:
    """A descriptive table after an analytical one begins another practice where such a text stands above it."""
    unknown = make_block(["Atlantīda: Zudusī prakse"], size=size, bold=bold)
    chapters = divide(make_block(["Latvija: Prakse"]), analytical(0), unknown, descriptive(1))
    assert ("unknown_country" in codes(chapters)) == seen
    assert len(chapters.chapters[0].rows) == (3 if seen else 8)


@pytest.mark.parametrize("first", [DESCRIPTIVE_FIELDS[0], ANALYTICAL_FIELDS[3]])
def test_only_a_descriptive_table_begins_another_practice(first: str) -> None:
    unknown = make_block(["Atlantīda: Zudusī prakse"])
    table = rows_of((USUAL[first], "Teksts."), (USUAL[ANALYTICAL_FIELDS[4]], "Teksts."), table=1)
    chapters = divide(make_block(["Latvija: Prakse"]), analytical(0), unknown, table)
    assert len(chapters.chapters[0].rows) == (3 if first == DESCRIPTIVE_FIELDS[0] else 5)


@pytest.mark.parametrize(("repeated", "new", "added"), [(1, 1, True), (2, 1, False)])
def test_a_table_that_repeats_more_than_half_of_the_fields_is_another_practice_s(
    repeated: int, new: int, added: bool
) -> None:
    names = [*DESCRIPTIVE_FIELDS[:repeated], *DESCRIPTIVE_FIELDS[5 : 5 + new]]
    table = rows_of(*((USUAL[name], "Teksts.") for name in names), table=1)
    (chapter,) = divide(make_block(["Latvija: Prakse"]), descriptive(), table).chapters
    assert len(chapter.rows) == (5 + len(names) if added else 5)


def spaced_heading(words: list[str], letters: str) -> TextBlock:
    """A heading of whole words 9 points apart, and letters 3 points apart."""
    made: list[Word] = []
    x = 100.0
    for text in [*words, *letters]:
        made.append(Word(text, x, x + 6 * len(text)))
        x += 6 * len(text) + (9 if text in words else 3)
    block = make_block(["L"])
    line = replace(block.lines[0], text=" ".join(word.text for word in made), words=tuple(made))
    return block.model_copy(update={"lines": (line,), "text": line.text})


@pytest.mark.parametrize(
    ("words", "letters", "title"),
    [
        (["Latvija:"], "Maize", "Maize"),
        (["Latvija:"], "Maiz", "M a i z"),
        (["Latvija:", "Par", "to", "ko"], "Maizes", "Par to ko Maizes"),
        (["Latvija:", "Par", "to", "ko", "dod"], "Maize", "Par to ko dod M a i z e"),
    ],
)
def test_a_line_is_letter_spaced_from_six_words_on_of_which_six_tenths_are_letters(
    words: list[str], letters: str, title: str
) -> None:
    (chapter,) = divide(spaced_heading(words, letters), descriptive()).chapters
    assert chapter.title == title
