"""What a viewer shows of annotations: values of forms, typed text; and links over more than one line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from pipeline.models.page import Link, Page
from pipeline.stages.read import page as reading
from pipeline.stages.read.checks import find_issues
from pipeline.stages.read.page import open_pdf
from pipeline.stages.read.tasks import read_with_care
from tests.stages.read.building import form, hidden_in, read_one, read_twice, text_of, write_pdf

OPEN = "BT /F 10 Tf 50 300 Td (Open) Tj ET"
TYPED = "BT /F 10 Tf 2 5 Td (Typed) Tj ET"


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    return tmp_path / "page.pdf"


def annotate(path: Path, kind: str = "FreeText", drawn: str = TYPED, **entries: Any) -> Path:
    """Write a page with one annotation whose appearance draws text."""

    def change(file: pikepdf.Pdf, page: Dictionary) -> None:
        look = form(file, drawn, **entries.pop("of_form", {}))
        annotation = Dictionary(Type=Name.Annot, Subtype=Name("/" + kind), Rect=Array([50, 480, 350, 500]))
        annotation.AP = Dictionary(N=look)
        for key, value in entries.items():
            annotation[f"/{key}"] = value
        page.Annots = Array([file.make_indirect(annotation)])

    return write_pdf(path, OPEN, change=change)


def assert_agrees(page: Page) -> None:
    assert page.second is not None
    assert page.second.agrees


@pytest.mark.parametrize(
    ("kind", "source"),
    [
        ("Widget", "form_field"), ("FreeText", "annotation"), ("Link", "annotation"),
        ("Stamp", "stamp"), ("Watermark", "stamp"),
    ],
)  # fmt: skip
def test_the_text_that_an_annotation_shows_is_read(pdf: Path, kind: str, source: str) -> None:
    page = read_twice(annotate(pdf, kind, F=4))
    assert text_of(page) == "OpenTyped"
    assert [glyph.source for glyph in page.glyphs] == [""] * 4 + [source] * 5
    assert (page.glyphs[4].x0, page.glyphs[4].baseline) == (52, 115)
    assert_agrees(page)


@pytest.mark.parametrize(("kind", "count"), [("Stamp", 1), ("FreeText", 0)])
def test_a_stamp_may_be_all_that_a_cell_says(pdf: Path, kind: str, count: int) -> None:
    """It is no text of a cell, but where it is in an empty one, it counts as a picture there does."""
    page = read_one(annotate(pdf, kind, F=4))
    found = [part for part in page.drawn if part.kind == "picture"]
    assert len(found) == count
    assert all(part.x0 == 52 and part.x1 > 70 and 100 < part.top < part.bottom < 120 for part in found)


@pytest.mark.parametrize("flags", [2, 32, 2 | 4])
def test_hidden_annotations_show_nothing(pdf: Path, flags: int) -> None:
    page = read_twice(annotate(pdf, F=flags))
    assert text_of(page) == "Open"
    assert_agrees(page)


def test_a_popup_is_no_part_of_the_page(pdf: Path) -> None:
    assert text_of(read_one(annotate(pdf, "Popup"))) == "Open"


def test_an_appearance_is_fitted_into_its_rectangle(pdf: Path) -> None:
    """Its box, turned by its matrix, is scaled to the annotation's rectangle."""
    page = read_one(annotate(pdf, of_form={"BBox": Array([0, 0, 150, 10]), "Matrix": Array([2, 0, 0, 2, 7, 9])}))
    assert text_of(page) == "OpenTyped"
    assert (page.glyphs[4].x0, page.glyphs[4].baseline, page.glyphs[4].size) == (54, 110, 20)


def test_the_state_of_a_button_chooses_its_appearance(pdf: Path) -> None:
    def change(file: pikepdf.Pdf, page: Dictionary) -> None:
        looks = Dictionary(On=form(file, TYPED.replace("Typed", "yes")), Off=form(file, TYPED.replace("Typed", "no")))
        page.Annots = Array(
            [
                Dictionary(
                    Subtype=Name.Widget,
                    FT=Name.Btn,
                    AS=Name.On,
                    Rect=Array([50, 480, 350, 500]),
                    AP=Dictionary(N=looks),
                )
            ]
        )

    assert text_of(read_one(write_pdf(pdf, OPEN, change=change))) == "Openyes"


def test_an_annotation_of_a_layer_that_is_off(pdf: Path) -> None:
    def change(file: pikepdf.Pdf, page: Dictionary) -> None:
        layer = file.make_indirect(Dictionary(Type=Name.OCG, Name="Draft"))
        file.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary(OFF=Array([layer])))
        page.Annots = Array(
            [
                Dictionary(
                    Subtype=Name.FreeText, Rect=Array([50, 480, 350, 500]), AP=Dictionary(N=form(file, TYPED)), OC=layer
                )
            ]
        )

    page = read_twice(write_pdf(pdf, OPEN, change=change))
    assert text_of(page) == "Open"
    assert hidden_in(page) == {"layer_off": 5}
    assert_agrees(page)


@pytest.mark.parametrize(("kind", "hidden"), [("Highlight", {}), ("Square", {"covered": 4})])
def test_what_an_annotation_covers(pdf: Path, kind: str, hidden: dict[str, int]) -> None:
    """Viewers lay a highlight over its text; any other area covers it."""

    def change(file: pikepdf.Pdf, page: Dictionary) -> None:
        look = form(file, "1 1 0 rg 0 0 300 20 re f")
        page.Annots = Array(
            [Dictionary(Subtype=Name("/" + kind), Rect=Array([40, 290, 340, 310]), AP=Dictionary(N=look))]
        )

    page = read_one(write_pdf(pdf, OPEN, change=change))
    assert hidden_in(page) == hidden


@pytest.mark.parametrize(
    "broken",
    [
        Dictionary(Subtype=Name.Widget, Rect=Array([1, 2]), AP=Dictionary(N=Name.X)),
        Dictionary(Subtype=Name.FreeText, Rect=Array([1, 2, 3, Name.X]), AP=7),
        Dictionary(Subtype=Name.FreeText, Rect=Array([0, 0, 9, 9]), AP=Dictionary(N=Dictionary())),
        Dictionary(Subtype=Name.Link, Rect=Name.X, A=Dictionary(URI=pikepdf.String("https://a.example/"))),
        pikepdf.String("no annotation"),
    ],
)
def test_a_broken_annotation_costs_nothing_else(pdf: Path, broken: pikepdf.Object) -> None:
    def change(file: pikepdf.Pdf, page: Dictionary) -> None:
        good = Dictionary(Subtype=Name.FreeText, Rect=Array([50, 480, 350, 500]), AP=Dictionary(N=form(file, TYPED)))
        page.Annots = Array([broken, good])

    assert text_of(read_one(write_pdf(pdf, OPEN, change=change))) == "OpenTyped"


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_an_annotation_stands_on_a_turned_page_where_its_text_would(pdf: Path, turn: int) -> None:
    def change(file: pikepdf.Pdf, page: Dictionary) -> None:
        page.Rotate = turn
        page.Resources.XObject = Dictionary(X=form(file, TYPED))
        look = Dictionary(Subtype=Name.FreeText, Rect=Array([50, 480, 350, 500]), AP=Dictionary(N=form(file, TYPED)))
        page.Annots = Array([look])

    page = read_one(write_pdf(pdf, "q 1 0 0 1 50 480 cm /X Do Q", change=change))
    assert [glyph.copies for glyph in page.glyphs] == [2] * 5  # at the same place: one glyph drawn twice


# --- values without an appearance --------------------------------------------------------------------------------


def fill(path: Path, *, parent: bool = False, **entries: Any) -> Page:
    """Write and read a page with one text field that has a value and no appearance."""

    def change(file: pikepdf.Pdf, page: Dictionary) -> None:
        values = Dictionary(FT=Name.Tx, V=pikepdf.String("R\u012bga"), DA=pikepdf.String("/Helv 10 Tf 0 g"))
        field = Dictionary(Subtype=Name.Widget, Rect=Array([50, 480, 150, 500]))
        for key, value in entries.items():
            (field if key in ("F", "OC", "Rect") else values)[f"/{key}"] = value
        if parent:
            field.Parent = file.make_indirect(values)
        else:
            for key, value in values.items():
                field[key] = value
        page.Annots = Array([file.make_indirect(field)])
        file.Root.AcroForm = Dictionary(Fields=page.Annots, NeedAppearances=True)

    return read_twice(write_pdf(path, OPEN, change=change))


@pytest.mark.parametrize("parent", [False, True])
def test_a_value_without_an_appearance_is_set_into_its_field(pdf: Path, parent: bool) -> None:
    page = fill(pdf, parent=parent)
    assert text_of(page) == "OpenR\u012bga"
    assert [glyph.source for glyph in page.glyphs][4:] == ["form_field"] * 4
    first, *_, last = list(page.glyphs)[4:]
    assert (first.x0, first.top, first.baseline, first.bottom, first.size) == (52, 105, 113, 115, 10)
    assert last.x1 < 100
    assert_agrees(page)


def test_a_long_value_of_several_lines_is_wrapped(pdf: Path) -> None:
    page = fill(pdf, Ff=1 << 12, V=pikepdf.String("some words that take\nmore than a line of the field"))
    lines: dict[float, str] = {}
    for glyph in list(page.glyphs)[4:]:
        lines[glyph.baseline] = lines.get(glyph.baseline, "") + glyph.text
        assert glyph.x1 <= 150
    assert lines == {110: "some words that take", 121.5: "more than a line of", 133: "the field"}


@pytest.mark.parametrize(
    "entries",
    [
        {"F": 2},
        {"Ff": 1 << 13},
        {"FT": Name.Btn},
        {"V": pikepdf.String(" ")},
        {"V": 7},
        {"V": Name.Off},
    ],
)
def test_values_that_no_viewer_shows(pdf: Path, entries: dict[str, Any]) -> None:
    assert text_of(fill(pdf, **entries)) == "Open"


@pytest.mark.parametrize(
    ("usual", "background", "shown"),
    [
        ("1 g", None, False),
        ("0 0 0 0 k", None, False),
        ("0 g 1 1 1 rg", None, False),
        ("1 g 0 g", None, True),
        ("1 . g", None, True),
        ("1 g", (0, 0, 0.5), True),
        ("0 0 0.5 rg", (0, 0, 0.5), False),
        ("0 g", (1,), True),
    ],
)
def test_the_colour_of_a_value(pdf: Path, usual: str, background: tuple[float, ...] | None, shown: bool) -> None:
    look = {} if background is None else {"MK": Dictionary(BG=Array(list(background)))}
    page = fill(pdf, DA=pikepdf.String(f"/Helv 10 Tf {usual}"), **look)
    assert text_of(page) == "Open" + "R\u012bga" * shown
    assert hidden_in(page) == ({} if shown else {"background_colour": 4})


@pytest.mark.parametrize(
    ("usual", "height", "size"),
    [
        ("/Helv 0 Tf", 20, 12),
        ("0 g", 20, 12),
        ("/Helv 7.5 Tf", 20, 7.5),
        ("/H . Tf", 20, 12),
        ("0 g", 17, 11.9),  # what a low field has space for
        ("0 g", 17.3, 12),
    ],
)
def test_the_size_of_a_value(pdf: Path, usual: str, height: float, size: float) -> None:
    page = fill(pdf, DA=pikepdf.String(usual), Rect=Array([50, 480, 150, 480 + height]))
    assert list(page.glyphs)[4].size == pytest.approx(size)


@pytest.mark.parametrize(
    ("entries", "shown"),
    [
        ({"FT": Name.Ch, "Ff": 1 << 17, "V": "q1", "Opt": [["q1", "Quokka"], ["w1", "Wombat"]]}, "Quokka"),
        ({"FT": Name.Ch, "V": ["w1", "own"], "Opt": [["q1", "Quokka"], ["w1", "Wombat"]]}, "Wombatown"),
        ({"FT": Name.Ch, "V": "q1", "Opt": ["q1", "w1"]}, "q1"),
        ({"FT": Name.Btn, "V": Name.Yes, "AS": Name.Yes, "MK": {"/CA": "4"}}, "\u2714"),
        ({"FT": Name.Btn, "V": Name.Yes, "MK": {"/CA": "8"}}, "\u2718"),
        ({"FT": Name.Btn, "V": Name.Yes, "AS": Name.Off}, ""),
        ({"FT": Name.Btn, "V": Name.Yes, "Ff": 1 << 16}, ""),
    ],
)
def test_what_viewers_show_of_a_choice(pdf: Path, entries: dict[str, Any], shown: str) -> None:
    values = {key: Dictionary(value) if isinstance(value, dict) else value for key, value in entries.items()}
    values = {key: Array(value) if isinstance(value, list) else value for key, value in values.items()}
    page = fill(pdf, **values)
    assert text_of(page) == "Open" + shown
    assert_agrees(page)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-be"])
def test_a_value_may_be_a_stream(pdf: Path, encoding: str) -> None:
    def change(file: pikepdf.Pdf, page: Dictionary) -> None:
        field = Dictionary(Subtype=Name.Widget, Rect=Array([50, 480, 150, 500]), FT=Name.Tx)
        field.V = file.make_stream(("\ufeff" * (encoding == "utf-16-be") + "R\u012bga").encode(encoding))
        page.Annots = Array([file.make_indirect(field)])

    assert text_of(read_one(write_pdf(pdf, OPEN, change=change))) == "OpenR\u012bga"


@pytest.mark.parametrize(
    ("entries", "shown"),
    [
        ({"V": "Fresh"}, "Fresh"),
        ({"V": "typed"}, "typed"),
        ({"V": "Typed!"}, "Typed"),  # the same letters: what is drawn stands
        ({"V": ""}, "Typed"),
        ({"V": "Fresh", "NeedAppearances": False}, "Typed"),
        ({"V": "7", "AA": Dictionary(F=Dictionary(S=Name.JavaScript))}, "Typed"),
        ({"V": "Fresh", "FT": Name.Ch}, "Typed"),  # a list that shows all that can be chosen
        ({"V": "Fresh", "FT": Name.Ch, "Ff": 1 << 17}, "Fresh"),
    ],
)
def test_a_stale_appearance_is_drawn_anew_where_the_file_asks_for_it(
    pdf: Path, entries: dict[str, Any], shown: str
) -> None:
    def change(file: pikepdf.Pdf, page: Dictionary) -> None:
        given = {"FT": Name.Tx, **entries}
        anew = given.pop("NeedAppearances", True)
        field = Dictionary(Subtype=Name.Widget, Rect=Array([50, 480, 350, 500]), AP=Dictionary(N=form(file, TYPED)))
        for key, value in given.items():
            field[f"/{key}"] = value
        page.Annots = Array([file.make_indirect(field)])
        file.Root.AcroForm = Dictionary(Fields=page.Annots, NeedAppearances=anew)

    page = read_twice(write_pdf(pdf, OPEN, change=change))
    assert text_of(page) == "Open" + shown
    assert sum(hidden_in(page).values()) == (0 if shown == "Typed" else 5)
    assert_agrees(page)


def test_letters_in_a_comb_are_as_wide_as_its_cells(pdf: Path) -> None:
    drawn = "BT /F 10 Tf 11 5 Td (A) Tj 30 0 Td (b) Tj 60 0 Td (c) Tj ET"
    page = read_twice(annotate(pdf, "Widget", drawn, FT=Name.Tx, Ff=1 << 24, MaxLen=10, V="Ab c"))
    first, second, third = list(page.glyphs)[4:]
    assert first.x1 == pytest.approx(second.x0, abs=2)
    assert third.x0 - second.x1 > 25  # a cell that is empty
    assert_agrees(page)


@pytest.mark.parametrize(
    ("entries", "hides"),
    [
        ({"Subtype": Name.FreeText, "C": Array([1, 1, 1]), "Contents": "Own"}, True),
        ({"Subtype": Name.FreeText, "C": Array([]), "Contents": "Own"}, False),
        ({"Subtype": Name.FreeText, "Contents": "Own"}, False),
        ({"Subtype": Name.FreeText, "C": Array([1]), "CA": 0.4, "Contents": "Own"}, False),
        ({"Subtype": Name.Widget, "FT": Name.Tx, "V": "Own", "MK": Dictionary(BG=Array([1]))}, True),
        ({"Subtype": Name.Widget, "FT": Name.Tx, "V": "Own", "MK": Dictionary(BG=Array([]))}, False),
        ({"Subtype": Name.Widget, "FT": Name.Tx, "V": "Own", "MK": Dictionary(BC=Array([1]))}, False),
    ],
)
def test_the_background_of_an_annotation_without_an_appearance_hides_what_is_printed(
    pdf: Path, entries: dict[str, Any], hides: bool
) -> None:
    def change(file: pikepdf.Pdf, page: Dictionary) -> None:
        page.Annots = Array([Dictionary(Rect=Array([40, 290, 140, 310]), **entries)])

    page = read_one(write_pdf(pdf, OPEN, change=change))
    assert hidden_in(page) == ({"covered": 4} if hides else {})
    assert text_of(page) == ("" if hides else "Open") + "Own"


def test_annotations_beyond_what_is_read_are_reported(pdf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_ANNOTATIONS", 2)
    links = [("https://a.example/", (50.0, 298.0, 80.0, 309.0))] * 3
    with open_pdf(write_pdf(pdf, OPEN, links=links)) as file:
        page, missing = read_with_care(file.pages[0], None)
    assert len(page.links) == 2
    assert missing == ("of its 3 annotations only the first 2 are read",)


# --- links -----------------------------------------------------------------------------------------------------------


def quads(*boxes: tuple[float, float, float, float]) -> Array:
    return Array([value for x0, y0, x1, y1 in boxes for value in (x0, y1, x1, y1, x0, y0, x1, y0)])


def link(path: Path, points: Array | None, url: str = "https://a.example/") -> tuple[Link, ...]:
    def change(file: pikepdf.Pdf, page: Dictionary) -> None:
        annotation = Dictionary(Subtype=Name.Link, Rect=Array([50, 480, 350, 520]))
        annotation.A = Dictionary(S=Name.URI, URI=pikepdf.String(url.encode("utf-8")))
        if points is not None:
            annotation.QuadPoints = points
        page.Annots = Array([annotation])

    return read_one(write_pdf(path, OPEN, change=change)).links


def test_a_link_over_two_lines_is_where_its_quadrilaterals_are(pdf: Path) -> None:
    found = link(pdf, quads((200, 500, 350, 520), (50, 480, 120, 500)))
    assert [one[1:] for one in found] == [(200, 80, 350, 100), (50, 100, 120, 120)]
    assert {one.url for one in found} == {"https://a.example/"}


def test_quadrilaterals_may_be_a_little_larger_than_their_rectangle(pdf: Path) -> None:
    (found,) = link(pdf, quads((200, 500, 350.9, 520.9)))
    assert found[1:] == pytest.approx((200, 79.1, 350.9, 100))


@pytest.mark.parametrize(
    "points",
    [
        None,
        Array([]),
        Array([1, 2, 3]),
        Array([Name.X] * 8),
        quads((0, 0, 400, 600)),  # out of its rectangle: the standard has it passed over
        quads((200, 500, 351.1, 520)),
        quads((200, 500, 350, 520), (50, 480, 120, 900)),
    ],
)
def test_wrong_quadrilaterals_count_for_nothing(pdf: Path, points: Array | None) -> None:
    (found,) = link(pdf, points)
    assert found[1:] == (50, 80, 350, 120)


def test_characters_without_width_are_no_part_of_an_address(pdf: Path) -> None:
    (found, *_) = link(pdf, None, "\ufeffhttps://a.example/\u200blong\u2060path ")
    assert found.url == "https://a.example/longpath"


@pytest.mark.parametrize(
    ("kind", "flags", "text"),
    [
        ("Stamp", 1, "OpenStamped"),
        ("Stamp", 2, "Open"),
        ("Stamp", 4, "OpenStamped"),
        ("Own", 1, "Open"),
        ("Own", 4, "OpenStamped"),
    ],
)
def test_an_annotation_that_is_invisible_only_where_its_kind_is_not_known(
    tmp_path: Path, kind: str, flags: int, text: str
) -> None:
    def change(pdf: pikepdf.Pdf, page: Dictionary) -> None:
        shown = Dictionary(N=pdf.make_indirect(form(pdf, "BT /F 10 Tf 2 5 Td (Stamped) Tj ET", (0, 0, 100, 20))))
        rectangle = Array([50, 400, 150, 420])
        page.Annots.append(Dictionary(Type=Name.Annot, Subtype=Name("/" + kind), F=flags, Rect=rectangle, AP=shown))

    page = read_twice(write_pdf(tmp_path / "page.pdf", "BT /F 10 Tf 50 550 Td (Open) Tj ET", change=change))
    assert text_of(page) == text
    assert page.second is not None
    assert page.second.agrees


@pytest.mark.parametrize(
    ("box", "covered"),
    [
        ((50, 298, 110, 309), (50, 110)),  # over letters: as it is
        ((110, 298, 120, 309), (85, 105)),  # white space behind the line
        ((52, 298, 53, 309), (50, 73.3)),  # a sliver of a letter
        ((300, 298, 310, 309), None),  # far from all text
        ((50, 400, 60, 410), None),  # on no line
    ],
)
def test_a_link_without_text_has_the_word_next_to_it(
    pdf: Path, box: tuple[float, ...], covered: tuple[float, float] | None
) -> None:
    content = "BT /F 10 Tf 50 300 Td (Open) Tj 35 0 Td (door) Tj ET"
    page = read_one(write_pdf(pdf, content, links=[("https://a.example/", box)]))
    (found,) = page.links
    codes = [issue.code for issue in find_issues((), (), [page]) if issue.code.startswith("link")]
    assert codes == ["link_without_text"] * (covered is None)
    assert (found.x0, found.x1) == pytest.approx(covered or (box[0], box[2]), abs=3)


@pytest.mark.parametrize(
    ("url", "whole"),
    [("sub/page.html", "https://a.example/in/sub/page.html"), ("https://b.example/", "https://b.example/")],
)
def test_a_relative_address_is_relative_to_the_base_of_the_file(pdf: Path, url: str, whole: str) -> None:
    def change(file: pikepdf.Pdf, _: Dictionary) -> None:
        file.Root.URI = Dictionary(Base="https://a.example/in/")

    page = read_one(write_pdf(pdf, OPEN, links=[(url, (50, 298, 80, 309))], change=change))
    assert [link.url for link in page.links] == [whole]
