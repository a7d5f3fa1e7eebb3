"""The test factory itself: what it says was typeset must be what the pages show.

Reads PDFs of the factory with PyMuPDF, which neither the renderers nor the pipeline use.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any, get_args

import pikepdf
import pymupdf
import pytest
from hypothesis import HealthCheck, given, settings

from tests.factory.__main__ import DONE, WRONG_USE, main
from tests.factory.content import (
    ContentChapter,
    ContentRow,
    ContentTable,
    EditionContent,
    Run,
    ValueParagraph,
    load_content,
    parse_paragraph,
)
from tests.factory.layout import Layout
from tests.factory.matrix import CASES, case_named
from tests.factory.mutations import FAKE_BOLD_POINTS
from tests.factory.rendering import (
    Mark,
    PageWords,
    Rendered,
    RendererMissingError,
    UnreadableLayoutError,
    check_columns,
    hidden_ends,
    printed_letters,
    rows_of,
    shown_column,
    soften,
    unseen_split,
)
from tests.factory.strategies import contents, layouts
from tests.factory.truth import TypesetEdition
from tests.factory.typesetting import Renderer, typeset
from tests.factory.typst_renderer import render as render_typst
from tests.fixtures.booklets import BUNDLED_FONT
from tests.programs import require

READER: Any = pymupdf
SAME_PLACE_POINTS = 0.2
MOST_DIFFERENT = 0.002
"""Share of the samples that may differ: a line whose place is rounded to another pixel, never a word elsewhere."""
LEAST_CASES = 60
DRAWN_EXAMPLES = 12


def open_pdf(edition: TypesetEdition) -> Any:
    """Open an edition with a reader of its own."""
    return READER.open(stream=edition.pdf_bytes, filetype="pdf")


def pictures_of(edition: TypesetEdition) -> list[bytes]:
    """Give each page as seen, as pixels."""
    with open_pdf(edition) as document:
        return [bytes(page.get_pixmap(dpi=50).samples) for page in document]


def plain_layout(**changes: Any) -> Layout:
    """Give a layout in a font that comes with Typst; its ligatures are several characters in one glyph."""
    return Layout.model_validate({"font": BUNDLED_FONT, "ligatures": False, **changes})


def small_content(*rows: ContentRow, **changes: object) -> EditionContent:
    """Give a content of one table."""
    chapter = ContentChapter(heading="Bulgaria: A practice", tables=(ContentTable(rows=rows),))
    source = load_content("practices_en")
    return source.model_copy(
        update={"chapters": (chapter,), "front_title": "", "front_paragraphs": (), **changes},
    )


def row(label: str, *value: str) -> ContentRow:
    """Give a row from the notation of the text files."""
    return ContentRow(label=(label,), value=tuple(parse_paragraph(text) for text in value))


def test_notation_of_paragraphs() -> None:
    assert parse_paragraph("• an item").text == "- an item"
    assert parse_paragraph("(2) an item").text == "(2) an item"
    assert parse_paragraph("2018. gads") == ValueParagraph(runs=(Run(text="2018. gads"),))
    linked = parse_paragraph("see [this page](https://a.example/x) and <https://b.example/>")
    assert [(run.text, run.url, run.printed_url) for run in linked.runs] == [
        ("see ", None, False),
        ("this page", "https://a.example/x", False),
        (" and ", None, False),
        ("https://b.example/", None, True),
    ]


def test_soft_hyphens_only_in_long_plain_words() -> None:
    assert soften("organizēt").replace("\u00ad", "|") == "orga|ni|zēt"
    assert "\u00ad" not in soften("Kluža-Napoka 2016-2018 www.garaadrese.lv īss")


def test_truth_of_a_small_edition() -> None:
    content = small_content(
        row("Location", "Sofia"),
        row("Sources", "- [a page](https://a.example/x)", "- <https://b.example/y>"),
        ContentRow(label=("Name", "Partners"), value=(parse_paragraph("One office"),), note="A note."),
        ContentRow(label=("Budget",)),
    )
    truth = typeset("typst", content, plain_layout(page_number="total", header=True, header_row=True)).truth
    assert [(found.label, found.value, found.pages) for found in truth.rows] == [
        ("Location", "Sofia", (1,)),
        ("Sources", "- a page\n- https://b.example/y", (1,)),
        ("Name Partners", "One office*", (1,)),
        ("Budget", "", (1,)),
    ]
    assert [(link.url, link.text) for link in truth.rows[1].links] == [
        ("https://a.example/x", "a page"),
        ("https://b.example/y", "https://b.example/y"),
    ]
    assert truth.chapters[0].tables[0].notes == ("* A note.",)
    assert truth.chapters[0].tables[0].header == ("Item", "Description")
    assert [found.text for found in truth.furniture] == ["Collection of good practices", "1/1"]


def test_every_matrix_name_is_unique_and_renderers_differ_in_kind() -> None:
    assert len({case.name for case in CASES}) == len(CASES) >= LEAST_CASES
    assert {case.renderer for case in CASES} == set(get_args(Renderer))


@pytest.mark.parametrize(
    "axis",
    [name for name, field in Layout.model_fields.items() if get_args(field.annotation) or field.annotation is bool],
)
def test_matrix_covers_every_value_of_every_axis(axis: str) -> None:
    annotation = Layout.model_fields[axis].annotation
    values = {True, False} if annotation is bool else set(get_args(annotation))
    printed = {getattr(case.layout, axis) for case in CASES}
    if values == {int, type(None)}:
        values, printed = {True, False}, {value is not None for value in printed}
    assert printed == values


def test_matrix_spans_the_ranges() -> None:
    assert {min(case.layout.label_ratio for case in CASES), max(case.layout.label_ratio for case in CASES)} == {
        0.18,
        0.45,
    }
    assert {min(case.layout.padding for case in CASES), max(case.layout.padding for case in CASES)} == {0.0, 12.0}


@pytest.mark.parametrize(
    ("name", "row_index", "pages"),
    [
        ("typst_label_broken", 3, (1, 2)),
        ("typst_label_and_value_broken", 1, (1, 2)),
        ("typst_label_over_three_pages", 1, (1, 2, 3)),
        ("typst_row_fits_exactly", 3, (1,)),
        ("typst_tail_only", 8, (1, 2)),
        ("typst_table_at_foot_no_rules", 8, (2,)),
    ],
)
def test_rows_are_broken_where_the_case_says(name: str, row_index: int, pages: tuple[int, ...]) -> None:
    truth = case_named(name).fixture.load().truth
    assert truth.rows[row_index].pages == pages
    if name == "typst_row_fits_exactly":
        assert truth.rows[row_index + 1].pages[0] == pages[-1] + 1
    if name == "typst_tail_only":
        assert truth.pages == pages[-1]


def test_a_value_runs_over_three_pages_and_more() -> None:
    assert max(len(found.pages) for found in case_named("typst_long_value_a5").fixture.load().truth.rows) > 3


@pytest.mark.parametrize("name", ["typst_features_superscript", "chromium_superscript_hanging", "libreoffice_features"])
def test_letters_of_each_row_stand_on_its_pages(name: str) -> None:
    edition = case_named(name).fixture.load()
    with open_pdf(edition) as document:
        text = [printed_letters(page.get_text()) for page in document]
    for found in edition.truth.rows:
        shown = "".join(text[page - 1] for page in found.pages)
        for word in f"{found.label} {found.value}".split():
            assert all(printed_letters(part) in shown for part in word.replace("/", "-").split("-")), (
                found.label,
                word,
            )
    assert {link.url for found in edition.truth.rows for link in found.links} >= {
        link["uri"] for page in open_pdf(edition) for link in page.get_links() if "uri" in link
    }


def test_unseen_end_of_a_paragraph_is_found_and_mended() -> None:
    layout = plain_layout()
    first = "The office gives advice on work and housing in three towns"
    contents_by_length = [
        small_content(row("Location", "Sofia"), row("Idea", f"{first}{' a' * count}.", "At last it ends."))
        for count in range(30)
    ]
    unseen = [content for content in contents_by_length if hidden_ends(content, layout, render_typst(content, layout))]
    assert unseen, "none of the lengths fills its line"
    truth = typeset("typst", unseen[0], layout).truth
    mended = truth.rows[1].value
    assert unseen[0].filler in mended
    assert mended.endswith("\nAt last it ends.")


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({"rules": "none"}, False),
        ({"rules": "none", "fills": "label"}, False),
        ({"rules": "none", "fills": "table"}, True),
        ({"rules": "none", "header_row": True}, True),
        ({"rules": "horizontal"}, True),
    ],
)
def test_an_edge_that_nothing_draws_is_only_where_text_reaches(changes: dict[str, Any], shown: bool) -> None:
    # The first sentence fills its line by no edge that is drawn; the room behind it is measured to the longest line.
    content = small_content(
        row("Location", "Sofia and all the other towns of the north, the south and east"),
        row("Idea", "The office gives advice on work and housing in three towns."),
    )
    title = "Bulgaria: A practice whose heading is set wider than what its table says"
    chapter = content.chapters[0].model_copy(update={"heading": title})
    content = content.model_copy(update={"chapters": (chapter,)})
    layout = plain_layout(heading_style="left", **changes)
    rendered = render_typst(content, layout)
    words = PageWords(rendered.pdf_bytes)
    heading = next(word for word in words.pages[-1] if word[4] == "says")
    longest = max(word[2] for word in words.pages[-1] if word[1] > heading[3] and word[2] <= layout.value_column[1])
    assert longest < heading[2] <= layout.value_column[1]
    left, right = shown_column(words, layout, rendered.marks)
    assert left == layout.value_column[0]
    assert right == (layout.value_column[1] if shown else pytest.approx(longest))
    assert longest < layout.value_column[1] - 20


def test_a_row_on_another_page_than_marked_is_refused() -> None:
    content = small_content(row("Location", "Sofia"), row("Idea", "To give advice."))
    layout = plain_layout()
    rendered = render_typst(content, layout)
    check_columns(content, layout, rendered)
    two_pages = pikepdf.open(io.BytesIO(rendered.pdf_bytes))
    two_pages.add_blank_page(page_size=layout.page_size)
    written = io.BytesIO()
    two_pages.save(written)
    wrong = {name: Mark(2, mark.y) if name.startswith("0.0.1.") else mark for name, mark in rendered.marks.items()}
    with pytest.raises(UnreadableLayoutError, match=r"row 0\.0\.1: 'Idea' is not on pages"):
        check_columns(content, layout, Rendered(written.getvalue(), wrong))


def test_a_word_wider_than_its_column_is_refused() -> None:
    content = small_content(row("Incomprehensibilitiesandmore", "Sofia"), row("Idea", "To give advice."))
    with pytest.raises(UnreadableLayoutError, match="wider than its column"):
        typeset("typst", content, plain_layout(label_ratio=0.18))


def test_labels_without_values_are_refused_where_nothing_shows_how_far_lines_stand_apart() -> None:
    bare = plain_layout(rules="none", fills="none", vertical="middle", break_rows=False)
    empty = small_content(row("Location"), row("Place"), row("Idea", "To give advice."))
    with pytest.raises(UnreadableLayoutError, match="no text has two lines"):
        typeset("typst", empty, bare)
    typeset("typst", empty, bare.model_copy(update={"rules": "horizontal"}))
    typeset("typst", small_content(row("Location"), row("Idea", "To give advice."), row("Place")), bare)
    typeset("typst", empty, bare.model_copy(update={"padding": 9.0}))
    long = "The office gives advice on work and on housing in three towns, and in all the villages around them. " * 2
    typeset("typst", small_content(row("Location"), row("Place"), row("Idea", long.strip())), bare)


def test_a_label_without_value_alone_on_its_page_is_refused_where_it_is_set_as_text_is() -> None:
    long = "The office gives advice on work and on housing in three towns, and in all the villages around them. " * 4
    bare = plain_layout(rules="none", fills="none", label_bold=False, break_rows=False, table_at_foot=True, paper="a5")
    content = small_content(row("Place"), *(row(f"Idea {number}", long.strip()) for number in range(3)))
    with pytest.raises(UnreadableLayoutError, match=r"row 0\.0\.0 stands alone on its page"):
        typeset("typst", content, bare)
    typeset("typst", content, bare.model_copy(update={"label_bold": True}))
    again = small_content(*content.chapters[0].tables[0].rows, row("Place", "Sofia"))
    typeset("typst", again, bare)


def test_a_row_broken_between_paragraphs_in_both_columns_is_refused() -> None:
    content = small_content(
        ContentRow(label=("Name", "Partners"), value=(parse_paragraph("One."), parse_paragraph("Two.")))
    )
    row_id, broken = next(rows_of(content))
    marks = {
        f"{row_id}.{column}.{index}.{edge}": Mark(index + 1, 100.0)
        for column in "lv"
        for index in range(2)
        for edge in "se"
    }
    assert unseen_split(row_id, broken, marks) == 1
    assert unseen_split(row_id, broken, {**marks, f"{row_id}.v.0.e": Mark(2, 100.0)}) is None


# --- mutations -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def plain() -> TypesetEdition:
    """The features' content without mutations."""
    return typeset("typst", load_content("features_lv"), plain_layout())


def letter_places(page: Any) -> list[tuple[str, Any]]:
    """Give the letters of a page and their origins as seen: the origin stands on the page, a box is worked out."""
    return [
        (char["c"], READER.Point(char["origin"]) * page.rotation_matrix)
        for block in page.get_text("rawdict")["blocks"]
        for line in block.get("lines", ())
        for span in line["spans"]
        for char in span["chars"]
        if char["c"].strip()
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {"rotate": 90},
        {"rotate": 180},
        {"rotate": 270},
        {"crop_offset": 40.0},
        {"crop_offset": 40.0, "rotate": 90},
        {"crop_offset": 25.0, "rotate": 270},
    ],
)
def test_turned_and_cropped_pages_are_seen_as_the_plain_ones(plain: TypesetEdition, changes: dict[str, Any]) -> None:
    turned = typeset("typst", load_content("features_lv"), plain_layout(**changes))
    with open_pdf(plain) as one, open_pdf(turned) as other:
        for before, after in zip(one, other, strict=True):
            assert after.rotation == changes.get("rotate", 0)
            assert tuple(after.rect) == pytest.approx(tuple(before.rect), abs=SAME_PLACE_POINTS)
            # A slug outside the crop box is not seen, so what is seen must agree letter by letter.
            seen = [(text, place) for text, place in letter_places(after) if place in after.rect]
            expected = letter_places(before)
            assert [text for text, _ in seen] == [text for text, _ in expected]
            for (_, origin), (_, place) in zip(seen, expected, strict=True):
                assert tuple(origin) == pytest.approx(tuple(place), abs=SAME_PLACE_POINTS)
            links = [tuple(link["from"]) for link in after.get_links()]
            for link, was in zip(links, before.get_links(), strict=True):
                assert link == pytest.approx(tuple(was["from"]), abs=SAME_PLACE_POINTS)


def test_sideways_pages_run_upwards(plain: TypesetEdition) -> None:
    sideways = typeset("typst", load_content("features_lv"), plain_layout(sideways=True))
    with open_pdf(sideways) as document:
        directions = {
            line["dir"]
            for page in document
            for block in page.get_text("dict")["blocks"]
            for line in block.get("lines", [])
        }
        assert {page.rotation for page in document} == {0}
    assert directions == {(0.0, -1.0)}


@pytest.mark.parametrize(
    "renderer",
    [
        "typst",
        pytest.param("chromium", marks=pytest.mark.check),
        pytest.param("libreoffice", marks=pytest.mark.check),
    ],
)
@pytest.mark.parametrize("drawing", ["shuffled", "single_glyphs"])
def test_redrawn_glyphs_are_seen_as_the_plain_ones(renderer: Renderer, drawing: Any) -> None:
    content = load_content("features_lv")
    plain = plain_layout() if renderer == "typst" else Layout()
    try:
        before = typeset(renderer, content, plain)
    except RendererMissingError as missing:
        require(str(missing))
    after = typeset(renderer, content, plain.model_copy(update={"drawing": drawing}))
    for one, other in zip(pictures_of(before), pictures_of(after), strict=True):
        different = sum(abs(a - b) > 64 for a, b in zip(one, other, strict=True))
        assert different < len(one) * MOST_DIFFERENT
    with pikepdf.open(io.BytesIO(after.pdf_bytes)) as pdf:
        shown = [step.operands[0] for page in pdf.pages for step in pikepdf.parse_content_stream(page, "Tj TJ")]
    assert all(len(bytes(glyph)) <= 2 for glyph in shown)


def test_shuffled_glyphs_are_out_of_reading_order() -> None:
    edition = typeset("typst", load_content("features_lv"), plain_layout(drawing="shuffled"))
    with open_pdf(edition) as document:
        drawn = "".join(char["c"] for char in chars_in_drawing_order(document[1]))
    label = "".join(edition.truth.rows[0].label.split())
    assert label not in drawn


def chars_in_drawing_order(page: Any) -> list[dict[str, Any]]:
    """Give a page's characters as they are drawn."""
    return [
        {"c": chr(char[0]), "origin": char[2]}
        for span in page.get_texttrace()
        for char in span["chars"]
        if char[0] > 32
    ]


def test_doubled_glyphs_stand_twice(plain: TypesetEdition) -> None:
    doubled = typeset("typst", load_content("features_lv"), plain_layout(drawing="doubled"))
    with open_pdf(plain) as one, open_pdf(doubled) as other:
        before, after = chars_in_drawing_order(one[1]), chars_in_drawing_order(other[1])
    assert len(after) == 2 * len(before)
    for first, second in zip(after[::2], after[1::2], strict=True):
        assert first["c"] == second["c"]
        assert second["origin"][0] - first["origin"][0] == pytest.approx(FAKE_BOLD_POINTS, abs=0.02)


@pytest.mark.parametrize("concealed", ["invisible", "white", "covered"])
def test_concealed_text_is_there_and_not_seen(plain: TypesetEdition, concealed: Any) -> None:
    edition = typeset("typst", load_content("features_lv"), plain_layout(concealed=concealed))
    assert pictures_of(edition) == pictures_of(plain)
    assert len(edition.truth.concealed) == 2 * edition.truth.pages
    with pikepdf.open(io.BytesIO(edition.pdf_bytes)) as pdf:
        for number, page in enumerate(pdf.pages, start=1):
            drawn = b" ".join(
                bytes(step.operands[0]) for step in pikepdf.parse_content_stream(page, "Tj") if step.operands
            )
            for told in edition.truth.concealed:
                assert (told.text.encode() in drawn) == (told.page == number)


def test_slug_stands_outside_the_crop_box() -> None:
    edition = typeset("typst", load_content("features_lv"), plain_layout(crop_offset=40))
    assert [(told.page, told.text) for told in edition.truth.concealed] == [(1, "slug line 1"), (2, "slug line 2")]
    with open_pdf(edition) as document:
        for page in document:
            assert "slug" not in page.get_text(clip=page.rect)
            page.set_cropbox(page.mediabox)
            assert "slug" in page.get_text()


def test_hairlines_are_fills_at_the_strokes_places(plain: TypesetEdition) -> None:
    edition = typeset("typst", load_content("features_lv"), plain_layout(rules="hairline"))
    with open_pdf(edition) as document, open_pdf(plain) as before:
        drawn, lines = document[1].get_drawings(), before[1].get_drawings()
    assert {shape["type"] for shape in drawn} == {"f"}
    thin = [shape["rect"] for shape in drawn if min(shape["rect"].width, shape["rect"].height) < 0.5]
    strokes = [shape["rect"] for shape in lines if shape["type"] == "s"]
    assert len(thin) == len(strokes) > 10
    for fill, stroke in zip(thin, strokes, strict=True):
        middle, was = (fill.tl + fill.br) / 2, (stroke.tl + stroke.br) / 2
        assert tuple(middle) == pytest.approx(tuple(was), abs=1.0)


def test_owner_password_alone_lets_everybody_read() -> None:
    edition = typeset("typst", load_content("features_lv"), plain_layout(owner_password=True))
    with pikepdf.open(io.BytesIO(edition.pdf_bytes)) as pdf:
        assert pdf.is_encrypted
        assert not pdf.owner_password_matched
        assert pdf.user_password_matched


# --- command, strategies --------------------------------------------------------------------------------


def test_typesetting_twice_gives_the_same_bytes() -> None:
    content = small_content(row("Location", "Sofia"), row("Idea", "To give advice."))
    layout = plain_layout(drawing="shuffled", rules="hairline", crop_offset=10)
    assert typeset("typst", content, layout) == typeset("typst", content, layout)


def test_missing_font_says_what_to_install() -> None:
    with pytest.raises(RendererMissingError, match="fonts-liberation"):
        typeset("typst", small_content(row("Location", "Sofia")), plain_layout(font="No Such Font"))


@pytest.mark.check
def test_command_writes_pdf_and_truth(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "out.pdf"
    assert main(["typst_english", str(target)]) == DONE
    assert target.read_bytes().startswith(b"%PDF")
    assert '"heading": "Bulgaria' in target.with_suffix(".json").read_text(encoding="utf-8")
    assert main(["--list"]) == DONE
    assert capsys.readouterr().out.split() == [case.name for case in CASES]
    assert main(["no_such_case", str(target)]) == WRONG_USE


@pytest.mark.check
@settings(max_examples=DRAWN_EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(content=contents(), layout=layouts("typst"))
def test_drawn_editions_can_be_typeset(content: EditionContent, layout: Layout) -> None:
    try:
        edition = typeset("typst", content, layout)
    except UnreadableLayoutError:
        return
    rows = [found for _, found in rows_of(content)]
    assert len(edition.truth.rows) == len(rows)
    with open_pdf(edition) as document:
        assert len(document) == edition.truth.pages
        for told, found in zip(edition.truth.rows, rows, strict=True):
            assert told.value.count("\n") == max(0, len(found.value) - 1)
            assert set(told.pages) <= set(range(1, edition.truth.pages + 1))
