"""Fonts that say too little: CMaps that stand in the file, widths that are missing, signs that stand for nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace

import pikepdf
import pytest
from pdfminer.pdftypes import PDFStream
from pikepdf import Array, Dictionary, Name

from pipeline.stages.read.checks import find_issues
from pipeline.stages.read.fonts import FileCMap, _find_em, standard_width, substitute
from tests.stages.read.building import hidden_in, read_one, read_twice, text_of, write_pdf

Change = Callable[[pikepdf.Pdf, Dictionary], None]


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    return tmp_path / "page.pdf"


CMAP = "begincmap 1 begincodespacerange {spaces} endcodespacerange {parts} endcmap"


def cmap(spaces: str, parts: str, **entries: object) -> PDFStream:
    return PDFStream(dict(entries), CMAP.format(spaces=spaces, parts=parts).encode())


@pytest.mark.parametrize(
    ("spaces", "parts", "code", "cids"),
    [
        ("<0000> <ffff>", "1 begincidrange <0000> <ffff> 0 endcidrange", b"\x00\x05\x01\x00", (5, 256)),
        ("<00> <ff>", "1 begincidrange <41> <5a> 10 endcidrange", b"AZ", (10, 35)),
        ("<00> <ff>", "2 begincidchar <41> 7 <42> 9 endcidchar", b"BA", (9, 7)),
        (
            "<00> <80> <8140> <fefe>",
            "2 begincidrange <20> <7e> 1 <8140> <817e> 500 endcidrange",
            b"\x21\x81\x41\x22",
            (2, 501, 3),
        ),
        ("<00> <ff>", "1 begincidrange <41> <42> 1 endcidrange", b"A\x01B", (1, 0, 2)),
        ("<00000000> <ffffffff>", "1 begincidrange <00000000> <ffffffff> 0 endcidrange", b"\0\0\0\x07", (7,)),
        ("<00> <ff>", "1 begincidrange <41> /x 1 <42> endcidrange", b"A", (0,)),
        ("", "", b"\x00\x07", (0,)),
    ],
)
def test_a_cmap_of_the_file_gives_ids(spaces: str, parts: str, code: bytes, cids: tuple[int, ...]) -> None:
    assert FileCMap(cmap(spaces, parts)).decode(code) == cids


def test_a_cmap_uses_another() -> None:
    inner = cmap("<00> <ff>", "1 begincidrange <41> <5a> 10 endcidrange")
    outer = cmap("<00> <ff>", "1 begincidchar <41> 99 endcidchar", UseCMap=inner)
    assert FileCMap(outer).decode(b"AB") == (99, 11)
    named = cmap("<0000> <ffff>", "/Identity-H usecmap")
    assert FileCMap(named).decode(b"\x00\x07") == (7,)


@pytest.mark.parametrize(("uses", "cid"), [(8, 7), (9, 0)])
def test_cmaps_that_use_each_other_are_followed_so_far(uses: int, cid: int) -> None:
    last = cmap("<00> <ff>", "1 begincidchar <41> 7 endcidchar")
    for _ in range(uses):
        last = cmap("<00> <ff>", "", UseCMap=last)
    assert FileCMap(last).decode(b"A") == (cid,)


@pytest.mark.parametrize(("high", "em"), [(3900, 1), (4100, 4.1)])
def test_the_size_of_a_type_3_fonts_type_is_that_of_its_glyphs_where_they_are_huge(high: float, em: float) -> None:
    font = SimpleNamespace(bbox=(0, -100, 900, high - 100), vscale=0.001, widths={65: 900}, hscale=0.001)
    assert _find_em(font) == pytest.approx(em)


def test_a_character_that_the_standard_fonts_lack_is_as_wide_as_a_digit() -> None:
    assert standard_width("\u4e2d") == standard_width("0")


def test_cmaps_that_use_themselves_end() -> None:
    loop = cmap("<00> <ff>", "1 begincidchar <41> 5 endcidchar")
    loop.attrs["UseCMap"] = loop
    assert FileCMap(loop).decode(b"AB") == (5, 0)


@pytest.mark.parametrize("first", [0, 7])
def test_text_in_a_font_with_a_cmap_of_the_file(pdf: Path, first: int) -> None:
    """The map to Unicode is one of codes, whatever the ids of their characters."""

    def change(file: pikepdf.Pdf, page: Dictionary) -> None:
        inside = Dictionary(
            Type=Name.Font,
            Subtype=Name.CIDFontType2,
            BaseFont=Name.Own,
            DW=500,
            CIDSystemInfo=Dictionary(Registry="Adobe", Ordering="Identity", Supplement=0),
        )
        parts = f"1 begincidrange <0000> <ffff> {first} endcidrange"
        encoding = file.make_stream(CMAP.format(spaces="<0000> <ffff>", parts=parts).encode(), CMapName=Name.My)
        names = (
            "1 begincodespacerange <0000> <ffff> endcodespacerange 2 beginbfchar <0001> <0048> <0002> <0069> endbfchar"
        )
        page.Resources.Font.Y = Dictionary(
            Type=Name.Font,
            Subtype=Name.Type0,
            BaseFont=Name.Own,
            Encoding=encoding,
            DescendantFonts=Array([inside]),
            ToUnicode=file.make_stream(f"begincmap {names} endcmap".encode()),
        )

    page = read_twice(write_pdf(pdf, "BT /Y 10 Tf 50 500 Td <00010002> Tj ET", change=change))
    assert text_of(page) == "Hi"
    assert (page.glyphs[1].x0 - page.glyphs[0].x0) == 5
    assert page.second is not None
    assert (page.second.second, page.second.agrees) == (2, True)


# --- widths ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("subtype", ["Type1", "TrueType"])
def test_a_font_without_widths_has_those_of_a_standard_font(pdf: Path, subtype: str) -> None:
    def change(file: pikepdf.Pdf, page: Dictionary) -> None:
        page.Resources.Font.Y = Dictionary(
            Type=Name.Font, Subtype=Name("/" + subtype), BaseFont=Name.Tahoma, Encoding=Name.WinAnsiEncoding
        )

    content = "BT /Y 10 Tf 50 500 Td (Will all letters) Tj ET BT /F 10 Tf 50 400 Td (Will all letters) Tj ET"
    page = read_twice(write_pdf(pdf, content, change=change))
    assert text_of(page) == "Will all letters" * 2
    assert [glyph.x0 for glyph in page.glyphs][:16] == [glyph.x0 for glyph in page.glyphs][16:]
    assert page.second is not None
    assert page.second.agrees


def test_the_widths_that_a_font_gives_count_also_for_a_standard_font(pdf: Path) -> None:
    def change(file: pikepdf.Pdf, page: Dictionary) -> None:
        page.Resources.Font.F.FirstChar, page.Resources.Font.F.LastChar = 65, 65
        page.Resources.Font.F.Widths = Array([1000])

    page = read_one(write_pdf(pdf, "BT /F 10 Tf 50 500 Td (AB) Tj ET", change=change))
    assert [glyph.x1 - glyph.x0 for glyph in page.glyphs] == [10, pytest.approx(6.67)]


@pytest.mark.parametrize(
    ("name", "flags", "found"),
    [
        ("Arial", 32, "Helvetica"),
        ("ABCDEF+Arial-BoldMT", 32, "Helvetica-Bold"),
        ("TimesNewRomanPS-ItalicMT", 0, "Times-Italic"),
        ("Unknown", 2, "Times-Roman"),
        ("Unknown", 2 | 64, "Times-Italic"),
        ("DejaVuSansSerifless", 2, "Helvetica"),
        ("Unknown", 1, "Courier"),
        ("DejaVuSansMono-BoldOblique", 0, "Courier-BoldOblique"),
        ("Unknown", 1 << 18, "Helvetica-Bold"),
    ],
)
def test_the_font_that_stands_for_another(name: str, flags: int, found: str) -> None:
    assert substitute(name, flags) == found


# --- signs -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["0000", "0003", "0085", "F066", "E000", "FFFF", "D800", "DB80DC00"])
def test_a_code_that_stands_for_nothing_is_a_sign_without_text(pdf: Path, code: str) -> None:
    path = write_pdf(
        pdf,
        "BT /X 10 Tf 50 500 Td (abbbb) Tj ET",
        names={97: "space", 98: "b"},
        to_unicode=f"<61> <{code}>\n<62> <0062>",
    )
    page = read_twice(path)
    if code == "0085":  # a line's end: white space
        assert text_of(page) == "\x85bbbb"
        return
    assert text_of(page).lstrip("\ufffd") == "bbbb"
    assert text_of(page).startswith("\ufffd")
    issue = next(iter(find_issues((), (), [page])))
    assert (issue.code, issue.severity, issue.page) == ("glyphs_without_text", "error", 1)


@pytest.mark.parametrize("code", ["200B", "2060", "FEFF", "200E", "200D"])
def test_a_character_without_width_is_no_glyph(pdf: Path, code: str) -> None:
    path = write_pdf(
        pdf, "BT /X 10 Tf 50 500 Td (bab) Tj ET", names={97: "space", 98: "b"}, to_unicode=f"<61> <{code}>\n<62> <0062>"
    )
    assert text_of(read_one(path)) == "bb"


def test_the_bullets_of_symbol_fonts_stay(pdf: Path) -> None:
    path = write_pdf(pdf, "BT /X 10 Tf 50 500 Td (a) Tj ET", names={97: "a"}, to_unicode="<61> <F0B7>")
    assert text_of(read_one(path)) == "\uf0b7"


def test_ticked_boxes_of_wingdings_are_boxes(pdf: Path) -> None:
    def change(file: pikepdf.Pdf, page: Dictionary) -> None:
        page.Resources.Font.X.BaseFont = Name("/ABCDEF+Wingdings-Regular")
        page.Resources.Font.X.FontDescriptor.FontName = Name("/ABCDEF+Wingdings-Regular")

    path = write_pdf(
        pdf,
        "BT /X 10 Tf 50 500 Td (ab) Tj ET",
        names={97: "a", 98: "b"},
        to_unicode="<61> <F0FE>\n<62> <F0A8>",
        change=change,
    )
    assert text_of(read_one(path)) == "\u2611\u25fb"


@pytest.mark.parametrize(
    ("name", "entries", "shown", "text"),
    [
        (Name.ZapfDingbats, {}, "(48ln)", "\u2714\u2718\u25cf\u25a0"),
        (Name.Symbol, {}, "(abD\\267W)", "\u03b1\u03b2\u2206\u2022\u03a9"),
        (Name.Symbol, {"Encoding": Name.WinAnsiEncoding}, "(abD)", "\u03b1\u03b2\u2206"),
        (Name.Symbol, {"Encoding": Dictionary(Differences=Array([97, Name.gamma]))}, "(ab)", "\u03b3\u03b2"),
    ],
)
def test_fonts_with_an_encoding_of_their_own(
    pdf: Path, name: Name, entries: dict[str, pikepdf.Object], shown: str, text: str
) -> None:
    def change(file: pikepdf.Pdf, page: Dictionary) -> None:
        page.Resources.Font.Z = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=name, **entries)

    page = read_twice(write_pdf(pdf, f"BT /Z 10 Tf 50 500 Td {shown} Tj ET", change=change))
    assert text_of(page) == text
    assert page.second is not None
    assert page.second.agrees


def test_a_font_program_that_has_the_standard_encoding(pdf: Path) -> None:
    def change(file: pikepdf.Pdf, page: Dictionary) -> None:
        font = page.Resources.Font.X
        program = b"%!PS-AdobeFont-1.0: Own\n/Encoding StandardEncoding def\ncurrentfile eexec\n"
        font.FontDescriptor.FontFile = file.make_stream(program, Length1=len(program), Length2=0, Length3=0)
        del font.Encoding

    path = write_pdf(pdf, "BT /X 10 Tf 50 500 Td (Own) Tj ET", names={97: "a"}, change=change)
    assert text_of(read_one(path)) == "Own"


# --- names of glyphs -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "text"),
    [
        ({97: "g1", 98: "g98", 99: "C063"}, "\ufffdbc"),
        ({97: "cid_5", 98: "g65", 99: "b"}, "\ufffd\ufffdb"),
        ({97: "a.alt", 98: "uni0041", 99: ".notdef"}, "aAc"),
    ],
)
def test_a_code_is_no_letter_where_its_glyph_has_a_name_that_says_nothing(
    pdf: Path, names: dict[int, str], text: str
) -> None:
    assert text_of(read_one(write_pdf(pdf, "BT /X 10 Tf 50 500 Td (abc) Tj ET", names=names))) == text


STEM = "600 0 0 0 500 700 d1 200 0 100 700 re f"


def type_3(names: Sequence[str], glyph: str = STEM, up: int = 1, box: Sequence[int] = (0, 0, 700, 700)) -> Change:
    """Give a page `/T`, whose glyphs have names at the codes from `a` on; `up` is -1 for a matrix that turns them."""

    def change(file: pikepdf.Pdf, page: Dictionary) -> None:
        glyphs = Dictionary({f"/{name}": file.make_stream(glyph.encode()) for name in names})
        page.Resources.Font["/T"] = Dictionary(
            Type=Name.Font, Subtype=Name.Type3, FontBBox=Array(list(box)), FirstChar=97, LastChar=96 + len(names),
            FontMatrix=Array([0.001, 0, 0, 0.001 * up, 0, 0]), Widths=Array([600] * len(names)), CharProcs=glyphs,
            Encoding=Dictionary(Differences=Array([97, *(Name(f"/{name}") for name in names)])),
            Resources=Dictionary(),
        )  # fmt: skip

    return change


@pytest.mark.parametrize(
    ("names", "text", "agrees"),
    [
        (["a", "b", "c"], "abc", True),
        (["T", "o", "n"], "Ton", True),  # the second reader has the codes
        (["g1", "g2", "g3"], "\ufffd\ufffd\ufffd", False),
    ],
)
def test_the_names_of_a_type_3_font_say_what_its_glyphs_are(
    pdf: Path, names: list[str], text: str, agrees: bool
) -> None:
    page = read_twice(write_pdf(pdf, "BT /T 10 Tf 50 500 Td (abc) Tj ET", change=type_3(names)))
    assert text_of(page) == text
    assert page.second is not None
    assert page.second.agrees is agrees


@pytest.mark.parametrize(
    ("glyph", "hidden"),
    [
        ("600 0 d0 1 g 0 0 500 500 re f", 3),
        ("600 0 d0 0 g 0 0 500 500 re f", 0),
        ("600 0 0 0 500 500 d1 1 g 0 0 500 500 re f", 0),
    ],
)
def test_glyphs_of_a_type_3_font_that_paint_themselves_white(pdf: Path, glyph: str, hidden: int) -> None:
    path = write_pdf(pdf, "BT /T 10 Tf 50 500 Td (abc) Tj ET", change=type_3(["a", "b", "c"], glyph))
    assert hidden_in(read_twice(path)) == ({"background_colour": hidden} if hidden else {})


def test_a_type_3_font_of_empty_glyphs_shows_nothing_over_other_text(pdf: Path) -> None:
    content = "BT /F 10 Tf 50 500 Td (open) Tj /T 10 Tf 0 1 Td (abc) Tj ET"
    page = read_twice(write_pdf(pdf, content, change=type_3(["T", "o", "n"], "600 0 d0")))
    assert (text_of(page), hidden_in(page)) == ("open", {"invisible": 3})


@pytest.mark.parametrize(
    ("up", "box", "matrix", "turned"),
    [
        (1, (0, 0, 700, 700), "1 0 0 1", 0),
        (-1, (0, 0, 700, 700), "1 0 0 -1", 0),
        (-1, (0, 0, 700, 700), "1 0 0 1", 180),
        (-1, (0, -700, 700, 0), "1 0 0 1", 0),
    ],
)
def test_a_type_3_font_whose_matrix_turns_its_glyphs(
    pdf: Path, up: int, box: tuple[int, ...], matrix: str, turned: int
) -> None:
    change = type_3(["a", "b", "c"], STEM, up, box)
    page = read_one(write_pdf(pdf, f"BT /T 10 Tf {matrix} 50 500 Tm (abc) Tj ET", change=change))
    assert page.turned == turned
    if not turned:
        assert page.glyphs[0].top < page.glyphs[0].bottom <= 100.001


# --- negative sizes, accents -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("drawn", ["-1 0 0 -1 50 500 Tm", "-2 0 0 -2 50 500 Tm"])
def test_text_of_a_negative_size_under_a_turned_matrix_is_upright(pdf: Path, drawn: str) -> None:
    plain = drawn.replace("-", "")
    turned = read_one(write_pdf(pdf, f"BT /F -10 Tf {drawn} (Some words) Tj ET"))
    upright = read_one(write_pdf(pdf, f"BT /F 10 Tf {plain} (Some words) Tj ET"))
    assert turned.turned == 0
    assert [(glyph.text, glyph.x0, glyph.upright) for glyph in turned.glyphs] == [
        (glyph.text, glyph.x0, glyph.upright) for glyph in upright.glyphs
    ]


@pytest.mark.parametrize(("matrix", "turned"), [("-1 0 0 1", 0), ("1 0 0 1", 180)])
def test_text_that_a_negative_width_mirrors(pdf: Path, matrix: str, turned: int) -> None:
    page = read_one(write_pdf(pdf, f"BT /F 10 Tf -100 Tz {matrix} 150 500 Tm (Some words) Tj ET"))
    assert page.turned == turned
    assert text_of(page) == "Some words"


def test_a_negative_size_alone_turns_text_by_half(pdf: Path) -> None:
    page = read_one(write_pdf(pdf, "BT /F -10 Tf 150 500 Td (Some words) Tj ET"))
    assert page.turned == 180


ACCENTS = {97: "e", 98: "acute", 99: "macron", 100: "dotlessi", 101: "S", 102: "caron", 103: "x"}


@pytest.mark.parametrize(
    ("content", "text", "copies"),
    [
        ("50 500 Td (b) Tj -1 0 Td (a) Tj", "\u00e9", [2]),
        ("50 500 Td (a) Tj 1 0 Td (b) Tj", "\u00e9", [2]),
        ("50 500 Td (c) Tj -1 0 Td (d) Tj", "\u012b", [2]),
        ("50 502.5 Td (f) Tj -1 -2.5 Td (e) Tj", "\u0160", [2]),
        ("50 500 Td (a) Tj 40 0 Td (gggg) Tj -39 0 Td (b) Tj", "\u00e9xxxx", [2, 1, 1, 1, 1]),  # drawn late
        ("50 502.5 Td (f) Tj 40 0 Td (gggg) Tj -41 -2.5 Td (e) Tj", "xxxx\u0160", [1, 1, 1, 1, 2]),
        ("50 500 Td (ba) Tj", "\u00b4e", [1, 1]),  # one beside the other
        ("50 500 Td (b) Tj 0 -30 Td (a) Tj", "\u00b4e", [1, 1]),  # in another line
        ("50 500 Td (b) Tj 0 0 Td (g) Tj", "\u00b4x", [1, 1]),  # no such letter
    ],
)
def test_an_accent_over_its_letter_is_one_with_it(pdf: Path, content: str, text: str, copies: list[int]) -> None:
    page = read_twice(write_pdf(pdf, f"BT /X 10 Tf {content} ET", names=ACCENTS))
    assert text_of(page) == text
    assert [glyph.copies for glyph in page.glyphs] == copies
    assert page.second is not None
    assert page.second.agrees


@pytest.mark.parametrize(("x", "text", "copies"), [(50, "\u010d", [2]), (50.5, "\u010d", [2]), (56, "c\u010d", [1, 1])])
def test_a_letter_set_over_the_same_one_without_its_accent_counts(
    pdf: Path, x: float, text: str, copies: list[int]
) -> None:
    content = f"BT /F 10 Tf 50 500 Td (c) Tj ET BT /X 10 Tf {x} 500 Td (a) Tj ET"
    page = read_one(write_pdf(pdf, content, names={97: "ccaron"}))
    assert text_of(page) == text
    assert [glyph.copies for glyph in page.glyphs] == copies


# --- boxes and colours -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("media", [(400, 600, 0, 0), (0, 600, 400, 0), (400, 0, 0, 600)])
@pytest.mark.parametrize("turn", [0, 90, 270])
def test_the_corners_of_a_media_box_may_be_any_two(pdf: Path, media: tuple[int, ...], turn: int) -> None:
    content = "BT /F 10 Tf 50 500 Td (Hi) Tj ET 10 10 90 0.5 re f"
    link = ("https://a.example/", (50, 500, 60, 510))
    swapped = read_one(write_pdf(pdf, content, media=media, rotate=turn, links=[link]))
    assert swapped == read_one(write_pdf(pdf, content, rotate=turn, links=[link]))
    assert swapped.concealed == ()


def test_a_colour_space_that_is_broken_inside_a_form_costs_no_text(pdf: Path) -> None:
    def change(file: pikepdf.Pdf, page: Dictionary) -> None:
        shape = file.make_stream(b"/C cs 0 sc BT /F 10 Tf 0 5 Td (Inside) Tj ET")
        shape.Type, shape.Subtype, shape.BBox = Name.XObject, Name.Form, Array([0, 0, 200, 20])
        profile = file.make_stream(b"no profile")  # without its number of components
        shape.Resources = Dictionary(Font=page.Resources.Font, ColorSpace=Dictionary(C=Array([Name.ICCBased, profile])))
        page.Resources.XObject = Dictionary(X=shape)

    page = read_twice(
        write_pdf(pdf, "q 1 0 0 1 50 500 cm /X Do Q BT /F 10 Tf 50 400 Td (Outside) Tj ET", change=change)
    )
    assert text_of(page) == "InsideOutside"
    assert page.failure is None
