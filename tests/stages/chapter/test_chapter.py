from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from pipeline.issues import KINDS
from pipeline.models.chapter import Chapters
from pipeline.models.layout import TextLine, Word
from pipeline.models.practice import ANALYTICAL_FIELDS, DESCRIPTIVE_FIELDS
from pipeline.models.row import Document, Row, TextBlock
from pipeline.stages.chapter.chapters import divide_chapters
from tests.stages.map.building import lexicon, make_block, make_document, rows_of

USUAL = {name: labels[0].text for name, labels in lexicon().labels.items()}


def descriptive(table: int = 0, page: int = 1) -> list[Row]:
    return rows_of(*((USUAL[name], f"Teksts {name}.") for name in DESCRIPTIVE_FIELDS[:5]), table=table, page=page)


def analytical(table: int = 1, page: int = 1) -> list[Row]:
    return rows_of(*((USUAL[name], f"Teksts {name}.") for name in ANALYTICAL_FIELDS[:3]), table=table, page=page)


def divide(*content: Row | TextBlock | Sequence[Row]) -> Chapters:
    flat: list[Row | TextBlock] = []
    for item in content:
        flat += [item] if isinstance(item, (Row, TextBlock)) else list(item)
    document = make_document(*flat)
    chapters = divide_chapters(document, "edition", lexicon())
    assert count_glyphs(chapters) == glyphs_of(document), "glyphs were lost or counted twice"
    return chapters


def of_row(row: Row) -> int:
    return sum(len(line.glyphs) for part in row.fragments for line in (*part.label_lines, *part.value_lines))


def of_block(block: TextBlock) -> int:
    return sum(len(line.glyphs) for line in block.lines)


def glyphs_of(document: Document) -> int:
    return sum(of_row(item) if isinstance(item, Row) else of_block(item) for item in document.content)


def count_glyphs(chapters: Chapters) -> int:
    return (
        sum(of_block(chapter.heading_block) + sum(map(of_row, chapter.rows)) for chapter in chapters.chapters)
        + sum(map(of_block, (*chapters.front_matter, *chapters.furniture)))
        + sum(residue.glyphs for residue in chapters.residue)
    )


def codes(chapters: Chapters) -> list[str]:
    return [issue.code for issue in chapters.issues]


@pytest.mark.parametrize(
    ("lines", "heading", "identifier", "title"),
    [
        (["Lietuva: Centrs „InLT”"], "Lietuva: Centrs „InLT”", "lt-1", "Centrs „InLT”"),
        (
            ["Bulgārija, Vācija, Rumānija: Talk with Me –", "Brīvprātīgie valodu mentori bēgļiem"],
            "Bulgārija, Vācija, Rumānija: Talk with Me – Brīvprātīgie valodu mentori bēgļiem",
            "bg-de-ro-1",
            "Talk with Me – Brīvprātīgie valodu mentori bēgļiem",
        ),
        (
            ["Bulgārija, Vācija,", "Rumānija: Talk with Me"],
            "Bulgārija, Vācija, Rumānija: Talk with Me",
            "bg-de-ro-1",
            "Talk with Me",
        ),
        (
            ["Rumānija: REACT_RO: Izglītojoši", "materiāli rumāņu valodas", "apguvei un integrācijai", "Rumānijā"],
            "Rumānija: REACT_RO: Izglītojoši materiāli rumāņu valodas apguvei un integrācijai Rumānijā",
            "ro-1",
            "REACT_RO: Izglītojoši materiāli rumāņu valodas apguvei un integrācijai Rumānijā",
        ),
        (
            ["Beļģija: Tilts starp zemēm —", "Francija: kaimiņi"],
            "Beļģija: Tilts starp zemēm — Francija: kaimiņi",
            "be-1",
            "Tilts starp zemēm — Francija: kaimiņi",
        ),
        (["KIPRA: MIC — MIHUB"], "KIPRA: MIC — MIHUB", "cy-1", "MIC — MIHUB"),
        (["Griekija - Valodas kursi"], "Griekija - Valodas kursi", "gr-1", "Valodas kursi"),
        (["BULGARIJA: MAIZE UN VĀRDI"], "BULGARIJA: MAIZE UN VĀRDI", "bg-1", "MAIZE UN VĀRDI"),
        (["3. Latvija / Igaunija: Kopā"], "3. Latvija / Igaunija: Kopā", "lv-ee-1", "Kopā"),
        (["Latvija: sieviešu-", "līderu skola"], "Latvija: sieviešu-līderu skola", "lv-1", "sieviešu-līderu skola"),
    ],
)
def test_a_heading_is_put_on_one_line_and_divided(lines: list[str], heading: str, identifier: str, title: str) -> None:
    (chapter,) = divide(make_block(lines), descriptive(), analytical()).chapters
    assert (chapter.heading, chapter.id, chapter.title) == (heading, identifier, title)
    assert len(chapter.heading_block.lines) == len(lines)
    assert len(chapter.rows) == 8


@pytest.mark.parametrize(
    ("lines", "reported"),
    [
        (["Beļģija: Tilts starp zemēm", "Francija: kaimiņi"], True),
        (["Beļģija: Tilts starp zemēm un", "kaimiņi no tālienes"], False),
        (["Bulgārija, Vācija,", "Rumānija: Talk with Me"], False),
    ],
)
def test_a_heading_that_swallows_another_is_reported(lines: list[str], reported: bool) -> None:
    chapters = divide(make_block(lines), descriptive(), analytical())
    assert codes(chapters) == ["heading_in_heading"] * reported
    if reported:
        (issue,) = chapters.issues
        assert issue.box == make_block(lines).lines[1].box
        assert "Francija: kaimiņi" in issue.message
        assert KINDS["heading_in_heading"].spoils_good


def test_ordinals_count_practices_with_the_same_countries() -> None:
    headings = ["Beļģija: Viens", "Bulgārija, Vācija: Divi", "Beļģija: Trīs", "Vācija: Četri"]
    content: list[TextBlock | list[Row]] = []
    for number, heading in enumerate(headings):
        content += [make_block([heading]), descriptive(number)]
    chapters = divide(*content)
    assert [chapter.id for chapter in chapters.chapters] == ["be-1", "bg-de-1", "be-2", "de-1"]
    assert chapters.issues == ()


def test_a_heading_divided_into_blocks_is_one() -> None:
    blocks = [make_block(["Latvija: Sociālā darbinieka"], top=40), make_block(["un mentora atbalsts"], top=57)]
    (chapter,) = divide(*blocks, descriptive()).chapters
    assert chapter.title == "Sociālā darbinieka un mentora atbalsts"


@pytest.mark.parametrize("joined", [True, False])
def test_a_heading_that_stitch_has_joined_over_a_page_break_is_one(joined: bool) -> None:
    upper, lower = make_block(["Latvija: Sociālā darbinieka"], top=780), make_block(["un mentora atbalsts"], page=2)
    both = upper.model_copy(update={"lines": (*upper.lines, *lower.lines), "boxes": (*upper.boxes, *lower.boxes)})
    (chapter,) = divide(*([both] if joined else [upper, lower]), descriptive(page=2)).chapters
    assert chapter.title == ("Sociālā darbinieka un mentora atbalsts" if joined else "Sociālā darbinieka")
    assert [box.page for box in chapter.heading_block.boxes] == ([1, 2] if joined else [1])


def test_a_country_set_apart_from_its_title_is_one_heading() -> None:
    blocks = [
        make_block(["Latvija:"], top=40, size=18),
        make_block(["Sociālā darbinieka", "atbalsts"], top=62, size=12, bold=False),
    ]
    (chapter,) = divide(*blocks, descriptive()).chapters
    assert chapter.heading == "Latvija: Sociālā darbinieka atbalsts"


def test_a_note_that_geometry_merged_with_the_heading_is_separated() -> None:
    merged = make_block(["Piezīme par iepriekšējo tabulu.", "Lietuva: Centrs"])
    chapters = divide(make_block(["Latvija: Prakse"]), descriptive(), merged, descriptive(2))
    assert [chapter.heading for chapter in chapters.chapters] == ["Latvija: Prakse", "Lietuva: Centrs"]
    assert [(piece.reason, piece.text) for piece in chapters.residue] == [
        ("free_text", "Piezīme par iepriekšējo tabulu.")
    ]


def test_text_between_heading_and_table_is_no_part_of_the_heading() -> None:
    note = make_block(["Ievada teikums par praksi."], top=70, size=10, bold=False)
    chapters = divide(make_block(["Latvija: Prakse"]), note, descriptive())
    assert chapters.chapters[0].heading == "Latvija: Prakse"
    assert [piece.reason for piece in chapters.residue] == ["free_text"]


def test_what_stands_before_the_first_heading_is_front_matter() -> None:
    contents = make_block(["Latvija: Prakse 2", "Lietuva: Centrs 5"], size=10, bold=False)
    chapters = divide(make_block(["Ievads"]), contents, make_block(["Latvija: Prakse"], page=2), descriptive(page=2))
    assert [block.text for block in chapters.front_matter] == ["Ievads", "Latvija: Prakse 2 Lietuva: Centrs 5"]
    assert [chapter.heading for chapter in chapters.chapters] == ["Latvija: Prakse"]
    assert chapters.residue == ()


def test_a_note_between_two_tables_of_a_practice_leaves_it_whole() -> None:
    note = make_block(["Skatīt arī pielikumu."], size=10, bold=False)
    chapters = divide(make_block(["Latvija: Prakse"]), descriptive(), note, analytical())
    assert len(chapters.chapters[0].rows) == 8
    assert [piece.reason for piece in chapters.residue] == ["free_text"]


def test_footnotes_are_residue_by_name() -> None:
    footnote = make_block(["1 Skatīt vietni."], kind="footnote", size=8, bold=False)
    chapters = divide(make_block(["Latvija: Prakse"]), descriptive(), footnote, analytical())
    assert [piece.reason for piece in chapters.residue] == ["footnote"]


def test_text_after_the_last_table_frames_the_edition_only_on_a_later_page() -> None:
    chapters = divide(
        make_block(["Latvija: Prakse"]),
        descriptive(),
        make_block(["Piezīme zem tabulas."], size=10, bold=False),
        make_block(["Izdevējs."], page=2, size=10, bold=False),
    )
    assert [block.text for block in chapters.front_matter] == ["Izdevējs."]
    assert [piece.text for piece in chapters.residue] == ["Piezīme zem tabulas."]


@pytest.mark.parametrize("prominent", [True, False])
def test_rows_under_an_unknown_country_are_kept_apart_and_reported(prominent: bool) -> None:
    unknown = make_block(["Atlantīda: Zudusī prakse"], size=14 if prominent else 10, bold=prominent)
    chapters = divide(
        make_block(["Latvija: Prakse"]), descriptive(), analytical(), unknown, descriptive(2), analytical(3)
    )
    assert [len(chapter.rows) for chapter in chapters.chapters] == [8]
    reasons = [piece.reason for piece in chapters.residue]
    assert reasons == ["unknown_heading", *["row_without_heading"] * 8]
    assert codes(chapters)[0] == "unknown_country"
    issue = chapters.issues[0]
    assert (issue.severity, issue.text, issue.page) == ("error", "Atlantīda: Zudusī prakse", 1)
    assert issue.message.endswith("schemas/lv/countries.yaml")


def test_countries_behind_the_title_are_read_where_a_practice_begins() -> None:
    chapters = divide(
        make_block(["Durvis vaļā (Latvija)"]),
        descriptive(),
        make_block(["Piezīme (Malta)"]),
        analytical(1),
        make_block(["Piezīme zem tabulas."]),
        make_block(["Centrs – Lietuva un Igaunija"]),
        descriptive(2),
    )
    assert [(chapter.id, chapter.title) for chapter in chapters.chapters] == [
        ("lv-1", "Durvis vaļā"),
        ("lt-ee-1", "Centrs"),
    ]
    assert [piece.text for piece in chapters.residue] == ["Piezīme (Malta)", "Piezīme zem tabulas."]


def test_the_practice_after_one_with_an_unknown_country_is_found() -> None:
    chapters = divide(
        make_block(["Latvija: Prakse"]),
        descriptive(),
        make_block(["Atlantīda: Zudusī prakse"]),
        descriptive(2),
        make_block(["Lietuva: Centrs"]),
        descriptive(4),
    )
    assert [chapter.id for chapter in chapters.chapters] == ["lv-1", "lt-1"]


def test_a_second_descriptive_table_without_any_heading_is_not_added_to_the_practice() -> None:
    chapters = divide(make_block(["Latvija: Prakse"]), descriptive(), descriptive(1))
    assert len(chapters.chapters[0].rows) == 5
    assert codes(chapters) == ["row_without_heading"]
    assert {piece.reason for piece in chapters.residue} == {"row_without_heading"}


def test_a_table_before_every_heading_is_kept_as_residue() -> None:
    chapters = divide(
        rows_of(("Redaktors", "Anna"), ("Izdevējs", "SIF")), make_block(["Latvija: Prakse"]), descriptive(1)
    )
    assert [chapter.id for chapter in chapters.chapters] == ["lv-1"]
    assert [(issue.code, issue.severity) for issue in chapters.issues] == [("row_without_heading", "warning")]
    assert [piece.reason for piece in chapters.residue] == ["row_without_heading"] * 2


def test_an_unknown_table_after_a_practice_stays_with_it() -> None:
    chapters = divide(make_block(["Latvija: Prakse"]), descriptive(), rows_of(("Jauns", "A"), ("Cits", "B"), table=1))
    assert len(chapters.chapters[0].rows) == 7
    assert chapters.issues == ()


def test_a_heading_printed_again_above_the_second_table_is_the_same_practice() -> None:
    again = make_block(["Latvija: Prakse"], page=2)
    chapters = divide(make_block(["Latvija: Prakse"]), descriptive(), again, analytical(page=2))
    (chapter,) = chapters.chapters
    assert len(chapter.rows) == 8
    assert [box.page for box in chapter.heading_block.boxes] == [1, 2]
    assert codes(chapters) == ["repeated_heading"]


def test_two_practices_may_have_the_same_heading() -> None:
    chapters = divide(
        make_block(["Latvija: Prakse"]), descriptive(), make_block(["Latvija: Prakse"], page=2), descriptive(2, 2)
    )
    assert [chapter.id for chapter in chapters.chapters] == ["lv-1", "lv-2"]


def test_a_heading_in_the_tables_first_row_is_found() -> None:
    rows = rows_of(("Latvija: Sociālā darbinieka un sociālā mentora atbalsts", ""), (USUAL["locations"], "Rīga"))
    chapters = divide(rows)
    (chapter,) = chapters.chapters
    assert chapter.title == "Sociālā darbinieka un sociālā mentora atbalsts"
    assert [row.label.text for row in chapter.rows] == ["Norises vietas"]


def test_letters_spaced_out_are_put_together_by_their_gaps() -> None:
    words: list[Word] = []
    x = 100.0
    for word in ("Latvija:", "Maizes", "cepšana"):
        for letter in word:
            words.append(Word(letter, x, x + 6))
            x += 9
        x += 6
    block = make_block(["L"])
    line: TextLine = replace(block.lines[0], text=" ".join(word.text for word in words), words=tuple(words))
    spaced = block.model_copy(update={"lines": (line,), "text": line.text})
    (chapter,) = divide(spaced, descriptive()).chapters
    assert chapter.heading == "Latvija: Maizes cepšana"


def test_an_edition_without_headings_says_so() -> None:
    chapters = divide(make_block(["Ievads"]))
    assert chapters.chapters == ()
    assert codes(chapters) == ["no_practice"]


def test_the_front_matters_counts_are_checked() -> None:
    front = make_block(["Divpadsmit ES dalībvalstu 2 vērtīgas prakses iekļauj"], size=10, bold=False)
    chapters = divide(
        front, make_block(["Latvija: Prakse"]), descriptive(), make_block(["Lietuva: Centrs"]), descriptive(1)
    )
    (issue,) = chapters.issues
    assert (issue.code, issue.severity, issue.page) == ("count_disagrees", "warning", 1)
    assert issue.text == "Divpadsmit ES dalībvalstu"
    assert "states 12 countries, the headings name 2" in issue.message


def test_what_the_document_holds_besides_its_content_is_passed_on() -> None:
    document = make_document(make_block(["Latvija: Prakse"]), *descriptive())
    furniture = make_block(["Kājene"], kind="furniture")
    document = document.model_copy(update={"furniture": (furniture,), "surplus": ((1, 2, 3),)})
    chapters = divide_chapters(document, "edition", lexicon())
    assert (chapters.furniture, chapters.surplus, chapters.counts) == ((furniture,), ((1, 2, 3),), document.counts)
