"""Where operators alone do not say what can be seen, the picture of the page does; colours of the file's own spaces."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from pipeline.stages.read.checks import find_issues
from tests.stages.read.building import form, hidden_in, read_one, read_twice, text_of, write_pdf
from tests.stages.read.test_hidden import BOX, OPEN, SECRET, Change, assert_hidden, assert_shown, picture, states

PICTURE = "q 100 0 0 30 40 490 cm /I Do Q"
WHOLE = "q 400 0 0 600 0 0 cm /I Do Q"


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    return tmp_path / "page.pdf"


def pictures(make: Callable[[pikepdf.Pdf], pikepdf.Stream]) -> Change:
    def change(pdf: pikepdf.Pdf, page: Dictionary) -> None:
        page.Resources.XObject = Dictionary(I=make(pdf))

    return change


def stencil(pdf: pikepdf.Pdf, sample: bytes = b"\x00") -> pikepdf.Stream:
    made = pdf.make_stream(sample)
    made.Type, made.Subtype, made.Width, made.Height = Name.XObject, Name.Image, 1, 1
    made.ImageMask, made.BitsPerComponent = True, 1
    return made


def grey(pdf: pikepdf.Pdf, sample: bytes, **entries: Any) -> pikepdf.Stream:
    made = picture(pdf, **entries)
    made.write(sample)
    return made


def soft_mask(luminosity: float) -> Change:
    def change(pdf: pikepdf.Pdf, page: Dictionary) -> None:
        group = Dictionary(S=Name.Transparency, CS=Name.DeviceGray)
        mask = form(pdf, f"{luminosity} g 0 0 400 600 re f", (0, 0, 400, 600), Group=group)
        page.Resources.ExtGState = Dictionary(G=Dictionary(SMask=Dictionary(S=Name.Luminosity, G=mask)))

    return change


def pattern(content: str, size: tuple[int, int]) -> Change:
    def change(pdf: pikepdf.Pdf, page: Dictionary) -> None:
        made = pdf.make_stream(content.encode())
        made.Type, made.PatternType, made.PaintType, made.TilingType = Name.Pattern, 1, 1, 1
        made.BBox, made.XStep, made.YStep = Array([0, 0, *size]), *size
        made.Resources = Dictionary(Font=page.Resources.Font)
        page.Resources.Pattern = Dictionary(P=made)

    return change


# --- over the text ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("drawn", "change"),
    [
        (f"0 g {PICTURE}", pictures(stencil)),
        (PICTURE, pictures(lambda pdf: picture(pdf, SMask=grey(pdf, b"\xff")))),
        ("q 100 0 0 30 40 490 cm BI /W 1 /H 1 /BPC 8 /CS /G ID \x80 EI Q", None),
        (f"q /G gs 0 g {BOX} Q", states(G=Dictionary(BM=Name.Multiply))),
        (f"/Pattern cs /P scn {BOX} 0 g", pattern("0 g 0 0 10 10 re f", (10, 10))),
        ("q 1 G 30 w 40 503 m 300 503 l S Q", None),
        ("40 490 100 14 re f 40 504 100 20 re f", None),
        (" ".join(f"40 {490 + 3 * step} 100 3 re f" for step in range(10)), None),
    ],
    ids=["stencil", "mask", "inline", "multiply", "pattern", "stroke", "halves", "strips"],
)
def test_what_covers_text_in_another_way(pdf: Path, drawn: str, change: Change | None) -> None:
    assert_hidden(write_pdf(pdf, f"{SECRET} {drawn}" + OPEN, change=change), "covered")


@pytest.mark.parametrize(
    ("drawn", "change"),
    [
        (f"0 g {PICTURE}", pictures(lambda pdf: stencil(pdf, b"\x80"))),
        (PICTURE, pictures(lambda pdf: picture(pdf, SMask=grey(pdf, b"\x00")))),
        (f"q /G gs 0.9 g {BOX} Q", states(G=Dictionary(BM=Name.Multiply))),
        (f"/Pattern cs /P scn {BOX} 0 g", pattern("0 g 0 0 1 1 re f", (10, 10))),
        (f"q /G gs 1 1 0 rg {BOX} Q 0 g", soft_mask(0.5)),
    ],
    ids=["stencil", "mask", "multiply", "pattern", "soft mask"],
)
def test_what_covers_no_text(pdf: Path, drawn: str, change: Change | None) -> None:
    assert_shown(write_pdf(pdf, f"{SECRET} {drawn}" + OPEN, change=change))


@pytest.mark.parametrize("kind", ["Square", "Circle"])
def test_an_annotation_that_viewers_draw_by_themselves_covers_text(pdf: Path, kind: str) -> None:
    def change(file: pikepdf.Pdf, page: Dictionary) -> None:
        box = Array([-40, 470, 240, 540])
        page.Annots.append(Dictionary(Type=Name.Annot, Subtype=Name("/" + kind), Rect=box, IC=Array([0]), C=Array([0])))

    assert_hidden(write_pdf(pdf, SECRET + OPEN, change=change), "covered")


# --- the clipping path -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "clip",
    [
        "0 450 m 400 450 l 400 600 l h W n",
        "0 400 400 200 re 40 490 100 30 re W* n",
        "0 400 20 200 re 300 400 20 200 re W n",
        "BT 7 Tr /F 10 Tf 250 100 Td (Aa) Tj ET 0 Tr",
    ],
    ids=["triangle", "hole", "two areas", "letters"],
)
def test_text_within_the_bounds_of_a_clipping_path_and_outside_it(pdf: Path, clip: str) -> None:
    page = read_twice(write_pdf(pdf, f"q {clip} {SECRET} Q" + OPEN))
    assert hidden_in(page)["clipped"] == 6
    assert text_of(page).strip() == "Open"
    assert page.second is not None
    assert page.second.agrees


@pytest.mark.parametrize("clip", ["0 450 m 400 450 l 0 600 l h W n", "0 400 200 200 re 300 400 20 200 re W n"])
def test_text_inside_a_clipping_path_of_any_form(pdf: Path, clip: str) -> None:
    assert_shown(write_pdf(pdf, f"q {clip} {SECRET} Q" + OPEN))


def test_letters_through_which_something_is_painted_are_seen(pdf: Path) -> None:
    letters = "BT 7 Tr /F 10 Tf 50 500 Td (Secret) Tj ET"
    assert_shown(write_pdf(pdf, f"q {letters} {BOX} Q" + OPEN))
    assert_hidden(write_pdf(pdf, f"q {letters} Q" + OPEN), "invisible")


# --- masks, fonts, colours -------------------------------------------------------------------------------------------


def test_text_behind_a_soft_mask(pdf: Path) -> None:
    assert_hidden(write_pdf(pdf, f"q /G gs {SECRET} Q" + OPEN, change=soft_mask(0)), "transparent")
    assert_shown(write_pdf(pdf, f"q /G gs {SECRET} Q" + OPEN, change=soft_mask(1)))


@pytest.mark.parametrize("drawn", ["q /G gs {} Q", "q 7 Tr {} Q", "q 9 9 m 50 9 l 9 50 l h W n {} Q"])
@pytest.mark.parametrize(("raised", "rule"), [(1, ""), (5, ""), (-5, ""), (20, "50 324 m 99 324 l S ")])
def test_hidden_text_over_what_is_seen(pdf: Path, drawn: str, raised: int, rule: str) -> None:
    """What is seen at its place, or at part of it, is the other text, or a rule."""
    over = drawn.format(f"BT /F 10 Tf 52 {300 + raised} Td (Se) Tj ET")
    page = read_twice(write_pdf(pdf, f"{OPEN} {rule}{over}", change=soft_mask(0)))
    assert text_of(page) == "Open"
    assert sum(hidden_in(page).values()) == 2


@pytest.mark.parametrize("painted", ["1 0 0 rg 0 0 400 600 re f", WHOLE])
@pytest.mark.parametrize("clip", ["0 0 m 400 0 l 400 600 l 0 320 l h", "0 300 m 400 300 l 9 0 l h 0 490 9 110 re"])
def test_what_is_painted_through_a_clipping_path_of_another_form_covers_no_more(
    pdf: Path, clip: str, painted: str
) -> None:
    change = pictures(lambda file: grey(file, b"\x40"))
    assert_shown(write_pdf(pdf, f"{SECRET} q {clip} W n {painted} Q 1 g" + OPEN, change=change))


@pytest.mark.parametrize("lead", [7, 8, 10])
@pytest.mark.parametrize(
    "drawn", ["q /G gs {} Q", "q 7 Tr {} 0 0 400 600 re f Q", "q 0 0 m 400 0 l 9 900 l h W n {} Q"]
)
def test_lines_near_each_other_of_which_one_is_in_doubt_are_read(pdf: Path, drawn: str, lead: int) -> None:
    doubted = drawn.format(f"BT /F 10 Tf 50 {300 - lead} Td (Below) Tj ET")
    page = read_twice(write_pdf(pdf, f"{OPEN} {doubted}", change=soft_mask(1)))
    assert text_of(page) == "OpenBelow"


@pytest.mark.parametrize(
    "drawn", ["q /G gs {} Q", "q 7 Tr {} 0 0 400 600 re f Q", "q 0 0 m 400 0 l 9 900 l h W n {} Q"]
)
@pytest.mark.parametrize("rule", ["", "40 298 m 200 298 l S"])
def test_letters_in_doubt_set_close_to_others_and_over_a_rule_are_read(pdf: Path, drawn: str, rule: str) -> None:
    """The letters' boxes overlap by half a point and more, as kerned ones do; the period touches the rule."""
    doubted = drawn.format("BT /F 10 Tf 35 300 Td (io.) Tj ET")
    page = read_twice(write_pdf(pdf, f"BT /F 10 Tf 45 300 Td (Seen) Tj ET {rule} {doubted}", change=soft_mask(1)))
    assert sorted(text_of(page)) == sorted("io.Seen")


def test_a_glyph_of_a_type_3_font_that_paints_nothing(pdf: Path) -> None:
    def change(file: pikepdf.Pdf, page: Dictionary) -> None:
        glyphs = Dictionary(
            a=file.make_stream(b"500 0 d0"), b=file.make_stream(b"500 0 0 0 500 700 d1 0 0 400 700 re f")
        )
        page.Resources.Font.T = Dictionary(
            Type=Name.Font,
            Subtype=Name.Type3,
            FontBBox=Array([0, 0, 1000, 1000]),
            FontMatrix=Array([0.001, 0, 0, 0.001, 0, 0]),
            CharProcs=glyphs,
            Encoding=Dictionary(Type=Name.Encoding, Differences=Array([97, Name.a, Name.b])),
            FirstChar=97,
            LastChar=98,
            Widths=Array([500, 500]),
            Resources=Dictionary(),
        )

    page = read_twice(write_pdf(pdf, "BT /T 10 Tf 50 500 Td (aabba) Tj ET" + OPEN, change=change))
    assert text_of(page) == "bbOpen"
    assert hidden_in(page) == {"invisible": 3}


@pytest.mark.parametrize(
    ("drawn", "shown"),
    [
        ("1 G 1 Tr", False),
        ("1 g 0 G 1 Tr", True),
        ("1 g 1 G 2 Tr", False),
        ("1 g 0 G 2 Tr", True),
        ("0 Tz", None),
        ("2 Tz", None),
        ("4.5 Tz", None),
        ("5.5 Tz", True),
    ],
)
def test_the_colour_of_strokes_and_the_width_of_letters(pdf: Path, drawn: str, shown: bool | None) -> None:
    path = write_pdf(pdf, f"q {drawn} {SECRET} Q" + OPEN)
    if shown:
        assert_shown(path)
    else:
        page = read_twice(path)
        assert hidden_in(page) == {"invisible" if shown is None else "background_colour": 6}
        assert "Secret" not in page.model_dump_json()


def spaces(**entries: pikepdf.Object) -> Change:
    def change(pdf: pikepdf.Pdf, page: Dictionary) -> None:
        page.Resources.ColorSpace = Dictionary(**entries)

    return change


def separation(name: str = "Black", kind: int = 2, **entries: Any) -> Array:
    function = Dictionary(FunctionType=kind, Domain=Array([0, 1]), N=1, **entries)
    return Array([Name.Separation, Name("/" + name), Name.DeviceCMYK, function])


INK = separation(C0=Array([0, 0, 0, 0]), C1=Array([0, 0, 0, 1]))
OTHER = separation("Spot", 4)
PALETTE = Array([Name.Indexed, Name.DeviceRGB, 1, pikepdf.String(b"\xff\xff\xff\x00\x00\x80")])


@pytest.mark.parametrize(
    ("space", "colour", "shown"),
    [
        (INK, "/S cs 1 scn", True),
        (INK, "/S cs 0 scn", False),
        (INK, "1 g /S cs", True),  # full ink is what the space begins with
        (OTHER, "/S cs 0 scn", False),
        (separation("None", C0=Array([0, 0, 0, 0]), C1=Array([0, 0, 0, 1])), "/S cs 1 scn", False),
        (PALETTE, "/S cs 1 scn", True),
        (PALETTE, "/S cs 0 scn", False),
        (PALETTE, "1 g /DeviceRGB cs", True),
    ],
)
def test_text_in_a_colour_of_the_files_own_spaces(pdf: Path, space: Array, colour: str, shown: bool) -> None:
    path = write_pdf(pdf, f"q {colour} {SECRET} Q" + OPEN, change=spaces(S=space))
    assert_shown(path) if shown else assert_hidden(path, "background_colour")


@pytest.mark.parametrize(
    ("space", "colour", "rgb"),
    [(INK, "0.25 scn", (0.75, 0.75, 0.75)), (PALETTE, "1 scn", (0.0, 0.0, 128 / 255)), (INK, "", (0.0, 0.0, 0.0))],
)
def test_the_colour_of_an_area(pdf: Path, space: Array, colour: str, rgb: tuple[float, float, float]) -> None:
    page = read_one(write_pdf(pdf, f"/S cs {colour} 10 10 90 90 re f", change=spaces(S=space)))
    assert page.fills[0].colour == pytest.approx(rgb)


def test_an_area_of_an_unknown_colour_covers_text(pdf: Path) -> None:
    assert_hidden(write_pdf(pdf, f"{SECRET} /S cs 1 scn {BOX} 0 g" + OPEN, change=spaces(S=OTHER)), "covered")


def test_an_area_in_no_ink_covers_nothing(pdf: Path) -> None:
    nothing = separation("None", C0=Array([0, 0, 0, 0]), C1=Array([0, 0, 0, 1]))
    assert_shown(write_pdf(pdf, f"{SECRET} /S cs 1 scn {BOX} 0 g" + OPEN, change=spaces(S=nothing)))


@pytest.mark.parametrize("space", [Array([Name.Indexed, Name.DeviceRGB]), separation(C0=Array([0]), C1=Array([1, 1]))])
def test_a_broken_space_costs_no_text(pdf: Path, space: Array) -> None:
    page = read_twice(write_pdf(pdf, f"q /S cs 1 scn {SECRET} Q" + OPEN, change=spaces(S=space)))
    assert (page.failure, "Open" in text_of(page)) == (None, True)


# --- scans -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [f"{SECRET} {WHOLE}", f"{WHOLE} 3 Tr {SECRET}"])
def test_a_blank_picture_over_the_page_hides_its_text(pdf: Path, content: str) -> None:
    page = read_twice(write_pdf(pdf, content, change=pictures(lambda file: grey(file, b"\xff"))))
    assert text_of(page) == ""
    assert sum(hidden_in(page).values()) == 6
    assert "Secret" not in page.model_dump_json()


# --- what a viewer shows ---------------------------------------------------------------------------------------------


def test_text_in_a_tiling_pattern_is_read_and_reported(pdf: Path) -> None:
    content = "/Pattern cs /P scn 0 0 400 600 re f 0 g" + OPEN
    page = read_twice(write_pdf(pdf, content, change=pattern("BT /F 10 Tf 10 5 Td (More) Tj ET", (400, 600))))
    assert text_of(page) == "MoreOpen"
    assert [issue.code for issue in find_issues((), (), [page])] == ["reader_disagrees"]


def test_typed_text_without_an_appearance_is_read(pdf: Path) -> None:
    def change(file: pikepdf.Pdf, page: Dictionary) -> None:
        for flags, text in ((0, "Typed"), (2, "Secret")):
            box = Array([50, 500, 350, 520])
            page.Annots.append(
                Dictionary(Type=Name.Annot, Subtype=Name.FreeText, F=flags, Rect=box, Contents=pikepdf.String(text))
            )

    page = read_one(write_pdf(pdf, OPEN, change=change))
    assert text_of(page).replace(" ", "") == "OpenTyped"
    assert {glyph.source for glyph in page.glyphs} == {"", "annotation"}


@pytest.mark.parametrize("entry", [{"F": 2}, {"F": 32}, {"OC": None}])
def test_a_link_that_is_not_shown_is_none(pdf: Path, entry: dict[str, Any]) -> None:
    def change(file: pikepdf.Pdf, page: Dictionary) -> None:
        layer = file.make_indirect(Dictionary(Type=Name.OCG, Name="Draft"))
        file.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary(OFF=Array([layer])))
        link = page.Annots[0]
        for key, value in entry.items():
            link["/" + key] = layer if value is None else value

    assert read_one(write_pdf(pdf, OPEN, links=[("http://a.example/", (50, 300, 90, 310))], change=change)).links == ()


def test_hidden_text_that_only_the_second_reader_has_is_in_no_report(pdf: Path) -> None:
    """The first reader knows no encoding of the font, so that it has nothing to conceal."""

    def change(file: pikepdf.Pdf, page: Dictionary) -> None:
        pairs = " ".join(f"<{code:04x}> <{ord(sign):04x}>" for code, sign in enumerate("Secrtl", start=1))
        cmap = (
            f"begincmap 1 begincodespacerange <0000> <FFFF> endcodespacerange 6 beginbfchar {pairs} endbfchar endcmap"
        )
        descendant = Dictionary(
            Type=Name.Font,
            Subtype=Name.CIDFontType2,
            BaseFont=Name.Own,
            DW=600,
            CIDSystemInfo=Dictionary(Registry="Adobe", Ordering="Identity", Supplement=0),
            FontDescriptor=Dictionary(Type=Name.FontDescriptor, FontName=Name.Own, Flags=4, Ascent=800, Descent=-200),
        )
        page.Resources.Font.M = Dictionary(
            Type=Name.Font,
            Subtype=Name.Type0,
            BaseFont=Name.Own,
            Encoding=Name("/Unknown-H"),
            DescendantFonts=Array([file.make_indirect(descendant)]),
            ToUnicode=file.make_stream(cmap.encode()),
        )

    shown = "BT /M 10 Tf 50 500 Td <00010002000300040002000500060006> Tj ET"
    for cover, words in ((f"0 g {BOX}", ""), ("", "Secretll")):
        page = read_twice(write_pdf(pdf, f"{shown} {cover}" + OPEN, change=change))
        assert page.second is not None
        assert "".join(word.text for word in page.second.lacking_words) == words
        assert page.second.agrees is not bool(words)
