"""The numbers of the chapter stage's rules, each by a case on either side of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from pipeline.models.layout import Word
from pipeline.models.practice import ANALYTICAL_FIELDS, DESCRIPTIVE_FIELDS
from pipeline.models.row import Row, TextBlock
from tests.stages.chapter.test_captions import COUNTRIES
from tests.stages.chapter.test_chapter import USUAL, analytical, codes, descriptive, divide
from tests.stages.chapter.test_lost_practices import LAST, spoiling, write_booklet
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


def captions_of(lines: int, practices: int = 4) -> list[str]:
    """What is left of the lines above each practice's table, of the same wording above all of them."""
    content: list[TextBlock | Sequence[Row]] = []
    for number in range(practices):
        content.append(make_block([f"{COUNTRIES[number]}: Prakse {number}"]))
        above = [f"Rinda {line}" for line in range(lines)]
        content += [make_block(above, size=10.0, bold=False), descriptive(table=number)]
    return sorted({piece.text for piece in divide(*content).residue})


@pytest.mark.parametrize(("lines", "left"), [(2, []), (3, ["Rinda 0"])])
def test_a_caption_has_at_most_two_lines(lines: int, left: list[str]) -> None:
    assert captions_of(lines) == left


def is_lost(page: int, lines: Sequence[str], x0: float = 50.0) -> bool:
    """Return whether lines behind all practices, on the page of this number behind the last, look like one's rows."""
    booklet = write_booklet()
    for text in lines:
        booklet.write(LAST + page, text, x0=x0)
    return "practice_without_rows" in spoiling(booklet.validate())


@pytest.mark.parametrize(
    ("lines", "lost"),
    [
        (["Norises vieta Rīga", "Norises vietas Cēsis"], False),  # one field
        (["Norises vieta Rīga", "Ilgtspējas iespējas labas"], True),  # two fields, each by two words
        (["Pieejamība ir laba", "Dalība ir brīva"], False),  # labels of one word
        (["Sadarbības partneri jeb draugi", "Kādā veidā tā darīt"], False),  # two words of a longer label
        (["Ietekmes novērtējuma metodes", "Valodas satura mācību"], True),  # three, its last one on the next line
    ],
)
def test_two_labels_of_two_words_or_the_first_three_show_a_lost_practice(lines: list[str], lost: bool) -> None:
    assert is_lost(2, lines) == lost


@pytest.mark.parametrize(("x0", "lost"), [(201.7, True), (202.3, False)])
def test_lines_of_a_column_begin_within_two_points(x0: float, lost: bool) -> None:
    """Values begin at 200 points."""
    assert is_lost(1, ["un tā turpinās uz nākamās", "lappuses bez rindām."], x0) == lost


@pytest.mark.parametrize(("keeping", "lost"), [(5, True), (4, False)])
def test_half_of_a_page_s_lines_keep_the_value_column(keeping: int, lost: bool) -> None:
    booklet = write_booklet()
    for number in range(9):
        booklet.write(LAST + 1, "un tā turpinās", x0=200 if number < keeping else 50)
    assert ("practice_without_rows" in spoiling(booklet.validate())) == lost
