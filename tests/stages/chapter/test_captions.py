"""Captions that recur above every table are furniture; what stands above a few is a remark, and stays residue."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from pipeline.models.row import Row, TextBlock
from tests.stages.chapter.test_chapter import analytical, codes, descriptive, divide
from tests.stages.map.building import make_block

COUNTRIES = ("Lietuva", "Latvija", "Igaunija", "Polija", "Kipra")
TWO = ("Apraksts", "Analīze")


def booklet(captions: tuple[str, str], practices: int = 4, captioned: int = 4) -> list[Row | TextBlock | Sequence[Row]]:
    """Practices of two tables, the first of them with a caption above each table."""
    content: list[Row | TextBlock | Sequence[Row]] = []
    for number in range(practices):
        content.append(make_block([f"{COUNTRIES[number]}: Prakse {number}"]))
        for table, rows in enumerate((descriptive(table=2 * number), analytical(table=2 * number + 1))):
            content += [make_block([captions[table]], size=10.0, bold=False)] if number < captioned else []
            content.append(rows)
    return content


@pytest.mark.parametrize("captions", [TWO, ("Tabula", "Tabula")])
def test_captions_above_every_table_are_furniture(captions: tuple[str, str]) -> None:
    chapters = divide(*booklet(captions))
    assert [chapter.heading for chapter in chapters.chapters] == [
        f"{name}: Prakse {number}" for number, name in enumerate(COUNTRIES[:4])
    ]
    assert chapters.residue == ()
    assert sorted(block.text for block in chapters.furniture) == sorted(captions * 4)
    assert {block.kind for block in chapters.furniture} == {"furniture"}
    assert codes(chapters) == []


@pytest.mark.parametrize("text", ["Analīze", "* Piezīme"])
def test_a_caption_below_the_tables_of_a_page_is_none_of_its_notes(text: str) -> None:
    content = booklet(TWO)
    place = next(number for number, item in enumerate(content) if isinstance(item, TextBlock) and item.text == TWO[1])
    content[place] = make_block([text], size=10.0, bold=False).model_copy(update={"kind": "footnote"})
    chapters = divide(*content)
    assert [piece.reason for piece in chapters.residue] == ["footnote"] * (text != TWO[1])
    assert len(chapters.furniture) == 8 - (text != TWO[1])


@pytest.mark.parametrize(("captioned", "practices"), [(1, 1), (2, 3), (3, 4)])
def test_one_practices_or_fewer_than_four_fifths_are_remarks(captioned: int, practices: int) -> None:
    """Three of four practices: six of eight tables, which is less than 0.8."""
    chapters = divide(*booklet(TWO, practices, captioned))
    assert {piece.reason for piece in chapters.residue} == {"free_text"}
    assert len(chapters.residue) == 2 * captioned
    assert chapters.furniture == ()


def test_captions_above_all_four_tables_of_two_practices_are_furniture() -> None:
    content = booklet(TWO, practices=2)
    for place in (1, 6):  # a remark above a caption, the same in both practices
        content.insert(place, make_block(["Šī prakse ir jauna."], size=10.0, bold=False))
    chapters = divide(*content)
    assert [chapter.heading for chapter in chapters.chapters] == ["Lietuva: Prakse 0", "Latvija: Prakse 1"]
    assert [block.text for block in chapters.furniture] == [*TWO, *TWO]
    assert [piece.text for piece in chapters.residue] == ["Šī prakse ir jauna."] * 2


def test_remarks_above_four_tables_that_differ_once_are_no_captions() -> None:
    content = booklet(TWO, practices=2)
    content[3] = make_block(["Citas valsts apraksts"], size=10.0, bold=False)
    assert divide(*content).furniture == ()


def test_the_same_remark_above_both_tables_of_two_practices_is_none() -> None:
    content: list[Row | TextBlock | Sequence[Row]] = []
    for number in range(2):
        content += [make_block([f"{COUNTRIES[number]}: Prakse {number}"])]
        content += [make_block(["Šī prakse ir jauna."], size=10.0, bold=False), descriptive(table=number)]
    chapters = divide(*content)
    assert chapters.furniture == ()
    assert [piece.text for piece in chapters.residue] == ["Šī prakse ir jauna."] * 2


def test_four_fifths_of_the_tables_are_enough() -> None:
    chapters = divide(*booklet(TWO, practices=5, captioned=4))
    assert chapters.residue == ()
    assert len(chapters.furniture) == 8


def test_three_alike_above_every_table_are_captions() -> None:
    chapters = divide(*booklet(TWO, practices=3))
    assert chapters.residue == ()
    assert len(chapters.furniture) == 6


def test_a_remark_above_a_caption_stays_residue() -> None:
    content = booklet(TWO)
    content.insert(1, make_block(["Šī prakse ir jauna."], size=10.0, bold=False))
    chapters = divide(*content)
    assert [piece.text for piece in chapters.residue] == ["Šī prakse ir jauna."]
