"""Further ways to hide text: through nested forms, masks, patterns, layers, tiny type and all that is painted later."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from pipeline.stages.read.page import open_pdf, read_page
from tests.stages.read.building import form, hidden_in, read_twice, text_of, write_pdf
from tests.stages.read.test_hidden import BOX, OPEN, SECRET, Change, assert_hidden, assert_shown, picture, states
from tests.stages.read.test_picture import PICTURE, grey, pattern, pictures, stencil

PAGE: Final = (0, 0, 400, 600)
WHITE_PAPER: Final = "1 g 0 0 400 600 re f 0 g"
Make = Callable[[pikepdf.Pdf], Dictionary]


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    return tmp_path / "page.pdf"


def nested(*contents: str, group: Dictionary | None = None, **looks: Dictionary | Make) -> Change:
    """Give the page a form `/X`; each form has the next one as its own `/X`, and all have `looks` as parameters."""

    def change(pdf: pikepdf.Pdf, page: Dictionary) -> None:
        made = Dictionary(**{name: look(pdf) if callable(look) else look for name, look in looks.items()})
        inner: pikepdf.Object | None = None
        for content in reversed(contents):
            outer = form(pdf, content, PAGE)
            outer.Resources.ExtGState = made
            if group is not None:
                outer.Group = group
            if inner is not None:
                outer.Resources.XObject = Dictionary(X=inner)
            inner = outer
        page.Resources.XObject = Dictionary(X=inner)
        page.Resources.ExtGState = made

    return change


def mask(content: str, box: tuple[int, int, int, int] = PAGE, kind: str = "Luminosity") -> Make:
    """Make graphics state parameters with a soft mask that `content` draws."""

    def make(pdf: pikepdf.Pdf) -> Dictionary:
        drawn = form(pdf, content, box, Group=Dictionary(S=Name.Transparency, CS=Name.DeviceGray))
        return Dictionary(SMask=Dictionary(S=Name("/" + kind), G=drawn))

    return make


def layered(on: tuple[bool, ...], *, intent: str | None = None, **entries: Any) -> Change:
    """Give the page a membership `/L` of layers that are on or off, and a form `/X` of it that draws a form."""

    def change(pdf: pikepdf.Pdf, page: Dictionary) -> None:
        groups = [pdf.make_indirect(Dictionary(Type=Name.OCG, Name=f"Layer {place}")) for place in range(len(on))]
        if intent is not None:
            for one in groups:
                one.Intent = Name("/" + intent)
        off = [one for one, shown in zip(groups, on, strict=True) if not shown]
        pdf.Root.OCProperties = Dictionary(OCGs=Array(groups), D=Dictionary(OFF=Array(off)))
        given = {key: make(groups) if callable(make) else make for key, make in entries.items()}
        member = pdf.make_indirect(Dictionary(Type=Name.OCMD, OCGs=Array(groups), **given))
        page.Resources.Properties = Dictionary(L=member)
        outer = form(pdf, "/X Do", PAGE, OC=member)
        outer.Resources.XObject = Dictionary(X=form(pdf, SECRET, PAGE))
        page.Resources.XObject = Dictionary(X=outer)

    return change


def white_shading(_: pikepdf.Pdf, page: Dictionary) -> None:
    """Give the page a shading `/S` and a pattern `/P` that are white all over."""
    function = Dictionary(FunctionType=2, Domain=Array([0, 1]), C0=Array([1]), C1=Array([1]), N=1)
    shading = Dictionary(ShadingType=2, ColorSpace=Name.DeviceGray, Coords=Array([0, 0, 400, 0]), Function=function)
    shading.Extend = Array([True, True])
    page.Resources.Shading = Dictionary(S=shading)
    page.Resources.Pattern = Dictionary(P=Dictionary(PatternType=2, Shading=shading))


def block_font(pdf: pikepdf.Pdf, page: Dictionary) -> None:
    """Give the page a Type 3 font `/T` whose `b` is a block."""
    page.Resources.Font["/T"] = Dictionary(
        Type=Name.Font, Subtype=Name.Type3, FontBBox=Array([0, 0, 1000, 1000]), FirstChar=98, LastChar=98,
        FontMatrix=Array([0.001, 0, 0, 0.001, 0, 0]), Widths=Array([1000]), Resources=Dictionary(),
        CharProcs=Dictionary(b=pdf.make_stream(b"1000 0 0 0 1000 1000 d1 0 0 1000 1000 re f")),
        Encoding=Dictionary(Differences=Array([98, Name("/b")])),
    )  # fmt: skip


def membership(policy: str) -> dict[str, Any]:
    return {"P": Name("/" + policy)}


def expression(groups: list[pikepdf.Object]) -> Array:
    return Array([Name.And, groups[0], Array([Name.Or, groups[1], Array([Name.Not, groups[0]])])])


GROUP: Final = Dictionary(S=Name.Transparency)
NOTHING: Final = Dictionary(ca=0, CA=0)
HIDDEN: Final[dict[str, tuple[str, str, Change | None]]] = {
    "a form inherits white": ("background_colour", "1 g /X Do 0 g", nested(SECRET)),
    "a form inherits a mode that paints nothing": ("invisible", "BT 3 Tr ET /X Do BT 0 Tr ET", nested(SECRET)),
    "opacity of the outer form": ("transparent", "/X Do", nested("/G gs /X Do", "/X Do", SECRET, G=NOTHING)),
    "groups within a transparent group": (
        "transparent",
        "/G gs /X Do /One gs",
        nested("/One gs /X Do", "/One gs " + SECRET, group=GROUP, G=NOTHING, One=Dictionary(ca=1, CA=1)),
    ),
    "clipped by the outer form": ("clipped", "/X Do", nested("q 0 0 9 9 re W n /X Do Q", SECRET)),
    "a mask within a form": ("transparent", "/X Do", nested("/M gs " + SECRET, M=mask("0 g 0 0 400 600 re f"))),
    "a mask over a form": ("transparent", "q /M gs /X Do Q", nested(SECRET, M=mask("0 g 0 0 400 600 re f"))),
    "outside a mask's box": ("transparent", "q /M gs /X Do Q", nested(SECRET, M=mask("1 g f", (0, 0, 30, 30)))),
    "an empty mask of opacity": (
        "transparent", "q /M gs /X Do Q", nested(SECRET, group=GROUP, M=mask("", kind="Alpha"))
    ),
    "screened on paper": (
        "background_colour", f"{WHITE_PAPER} q /G gs {SECRET} Q", states(G=Dictionary(BM=Name.Screen))
    ),
    "red lightened on paper": (
        "background_colour", f"{WHITE_PAPER} q /G gs 1 0 0 rg {SECRET} Q", states(G=Dictionary(BM=Name.Lighten))
    ),
    "multiplied by a black area": ("covered", f"{SECRET} q /G gs {BOX} Q", states(G=Dictionary(BM=Name.Multiply))),
    "one of two layers is off": ("layer_off", "/X Do", layered((True, False), **membership("AllOn"))),
    "one of two layers is on": ("layer_off", "/X Do", layered((True, False), **membership("AllOff"))),
    "both layers are on": ("layer_off", f"/OC /L BDC {SECRET} EMC", layered((True, True), **membership("AnyOff"))),
    "an expression within an expression": ("layer_off", "/X Do", layered((True, False), VE=expression)),
    "a stencil over it": ("covered", f"{SECRET} 1 0 0 rg {PICTURE} 0 g", pictures(stencil)),
    "a stencil in the content over it": (
        "covered",
        f"{SECRET} 1 0 0 rg q 100 0 0 30 40 490 cm BI /W 1 /H 1 /IM true /BPC 1 ID \x00 EI Q 0 g",
        None,
    ),
    "a turned picture over it": (
        "covered", f"{SECRET} q 0 30 -100 0 150 490 cm /I Do Q", pictures(lambda pdf: grey(pdf, b"\x80"))
    ),
    "a picture that its mask leaves whole": (
        "covered", f"{SECRET} {PICTURE}", pictures(lambda pdf: grey(pdf, b"\x80", SMask=grey(pdf, b"\xff")))
    ),
    "a shading over it": ("covered", f"{SECRET} q 40 490 100 30 re W n /S sh Q", white_shading),
    "white on a white picture": (
        "background_colour", f"{PICTURE} 1 g {SECRET} 0 g", pictures(lambda pdf: grey(pdf, b"\xff"))
    ),
    "grey on a grey picture": (
        "background_colour", f"{PICTURE} 0.5 g {SECRET} 0 g", pictures(lambda pdf: grey(pdf, b"\x80"))
    ),
    "white on a white shading": ("background_colour", f"/Pattern cs /P scn {BOX} 1 g {SECRET} 0 g", white_shading),
    "a pattern without ink": ("background_colour", f"/Pattern cs /P scn {SECRET} 0 g", pattern("", (10, 10))),
    "0.1 pt": ("invisible", "BT /F 0.1 Tf 50 500 Td (Secret) Tj ET", None),
    "0.1 pt by its matrix": ("invisible", "BT /F 10 Tf 0.01 0 0 0.01 50 500 Tm (Secret) Tj ET", None),
    "0.1 pt on its side": ("invisible", "BT /F 0.1 Tf 0 1 -1 0 50 500 Tm (Secret) Tj ET", None),
    "0.1 pt high": ("invisible", "BT /F 10 Tf 1 0 0 0.01 50 500 Tm (Secret) Tj ET", None),
    "many thin lines over it": (
        "covered", " ".join([SECRET, *(f"40 {495 + 0.9 * y} m 160 {495 + 0.9 * y} l" for y in range(20)), "S"]), None
    ),
    "small squares over it": (
        "covered", " ".join([SECRET, *(f"{x} {y} 4 4 re f" for y in range(492, 515, 3) for x in range(40, 99, 3))])
        , None
    ),
    "an area of curves over it": (
        "covered", f"{SECRET} 30 500 m 30 560 150 560 150 500 c 150 440 30 440 30 500 c f", None
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HIDDEN)
def test_what_nobody_sees_goes_no_further(pdf: Path, name: str) -> None:
    reason, content, change = HIDDEN[name]
    assert_hidden(write_pdf(pdf, content + OPEN, change=change), reason)


SHOWN: Final[dict[str, tuple[str, Change | None]]] = {
    "a form inherits red": ("1 0 0 rg /X Do 0 g", nested(SECRET)),
    "a form sets its own mode": ("BT 3 Tr ET /X Do BT 0 Tr ET", nested("BT 0 Tr ET " + SECRET)),
    "a layer of another intent": (f"/OC /L BDC {SECRET} EMC", layered((False,), intent="Design")),
    "an area in a layer that is off": (f"{SECRET} /OC /L BDC {BOX} EMC", layered((True, False), P=Name.AllOn)),
    "a mask that lets all through": ("q /M gs /X Do Q", nested(SECRET, M=mask("1 g 0 0 400 600 re f"))),
    "a mask that is taken away": (
        "q /M gs /N gs /X Do Q",
        nested(SECRET, M=mask("0 g 0 0 400 600 re f"), N=Dictionary(SMask=Name("/None"))),
    ),
    "2 pt": ("BT /F 2 Tf 50 500 Td (Secret) Tj ET", None),
    "white on a dark picture": (f"{PICTURE} 1 g {SECRET} 0 g", pictures(lambda pdf: grey(pdf, b"\x10"))),
    "black on a white picture": (f"{PICTURE} {SECRET}", pictures(lambda pdf: grey(pdf, b"\xff"))),
    "struck through": (f"{SECRET} 0.5 w 40 503 m 160 503 l S", None),
}


@pytest.mark.parametrize("name", SHOWN)
def test_what_looks_like_it_and_is_seen(pdf: Path, name: str) -> None:
    content, change = SHOWN[name]
    assert_shown(write_pdf(pdf, content + OPEN, change=change))


ROUND: Final = "98 503 m 98 514 89 523 78 523 c 67 523 58 514 58 503 c 58 492 67 483 78 483 c 89 483 98 492 98 503 c"


@pytest.mark.parametrize("colour", ["0 g", "1 g", "1 0 0 rg"])
@pytest.mark.parametrize(
    ("drawn", "left"),
    [
        (f"{ROUND} f", "Sed"),
        (f"{ROUND} h f*", "Sed"),
        ("45 495 m 105 495 l 115 512 l 55 512 l f", ""),
        ("55 495 m 115 495 l 105 512 l 45 512 l f", ""),
        ("45 495 m 105 495 l 115 512 l 55 512 l h 60 490 30 40 re f", ""),
        ("q 1 0.2 -0.2 1 0 0 cm 160 460 55 25 re f Q", "Sec"),
        ("20 480 m 150 480 l 150 488 l 76 490 l 76 520 l 20 520 l f", "tword"),
        ("0 480 m 160 480 l 160 530 l 0 530 l h 10 485 m 10 525 l 150 525 l 150 485 l f*", "Secretword"),
        ("20 w 40 503 m 100 508 l S", "d"),
        ("20 w 1 J 40 503 m 97 508 l S", ""),
        ("q 45 0 14 12 55 496 cm /I Do Q", "Sec"),
        ("4 w 50 497 m 60 512 l 70 497 l 80 512 l 90 497 l 100 512 l S", "Secretword"),
    ],
)
def test_letters_at_the_edge_of_what_is_no_rectangle(pdf: Path, colour: str, drawn: str, left: str) -> None:
    """A letter is covered where its middle is, whatever the colour of the edge that runs through it."""
    content = f"BT /F 10 Tf 50 500 Td (Secret word) Tj ET {colour} {colour.upper()} {drawn} 0 g"
    path = write_pdf(pdf, content + OPEN, change=pictures(lambda pdf: grey(pdf, b"\x80")))
    page = read_twice(path)
    assert text_of(page).replace(" ", "") == left + "Open"
    assert page.second is not None
    assert page.second.agrees


def test_letters_under_letters_that_are_blocks(pdf: Path) -> None:
    page = read_twice(write_pdf(pdf, f"{SECRET} BT /T 30 Tf 40 490 Td (bbbb) Tj ET" + OPEN, change=block_font))
    assert hidden_in(page) == {"covered": 6}
    assert text_of(page) == "bbbbOpen"


def test_a_highlight_with_an_appearance_of_its_own_covers_nothing(pdf: Path) -> None:
    def change(file: pikepdf.Pdf, page: Dictionary) -> None:
        drawn = form(file, "1 1 0 rg 0 0 100 30 re f", (0, 0, 100, 30))
        page.Annots.append(
            Dictionary(Type=Name.Annot, Subtype=Name.Highlight, Rect=Array([40, 490, 140, 520]), AP=Dictionary(N=drawn))
        )

    assert_shown(write_pdf(pdf, SECRET + OPEN, change=change))


def test_small_type_on_a_page_whose_unit_is_an_inch(pdf: Path) -> None:
    content = "BT /F 0.2 Tf 1 5 Td (Secret) Tj ET BT /F 0.2 Tf 1 3 Td (Open) Tj ET"
    path = write_pdf(pdf, content, media=(0, 0, 8, 11), change=lambda _, page: page.__setitem__("/UserUnit", 72))
    assert_shown(path)


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize("crop", [(-50, -50, 200, 550), (100, 50, 300, 590)])
def test_a_crop_box_that_reaches_off_the_page_or_lies_aside(pdf: Path, rotate: int, crop: tuple[int, ...]) -> None:
    """What is visible is where both boxes are, however the page is turned."""
    content = "BT /F 10 Tf 150 400 Td (Seen) Tj ET BT /F 10 Tf 320 20 Td (Off) Tj ET"
    page = read_twice(write_pdf(pdf, content, crop=crop, rotate=rotate))
    assert (text_of(page), hidden_in(page)) == ("Seen", {"outside_page": 3})
    width, height = min(crop[2], 400) - max(crop[0], 0), min(crop[3], 600) - max(crop[1], 0)
    upright = (width, height) if rotate in (0, 180) else (height, width)
    assert page.second is not None
    assert page.second.agrees
    if not page.turned:
        assert (page.width, page.height) == upright


@pytest.mark.parametrize(
    "drawn", ["0.9 g 40 490 100 30 re f 0 g {}", "{} 1 w 40 485 m 300 485 l S", "{} 40 50 300 9 re S", "/I Do {}"]
)
def test_no_picture_of_the_page_is_asked_for_where_nothing_can_hide(pdf: Path, drawn: str) -> None:
    """A fill behind text, rules and frames beside it, a picture elsewhere."""
    asked: list[float] = []

    def change(file: pikepdf.Pdf, page: Dictionary) -> None:
        page.Resources.XObject = Dictionary(I=picture(file))

    with open_pdf(write_pdf(pdf, drawn.format(SECRET), change=change)) as opened:
        page = read_page(opened.pages[0], lambda width, height: asked.append(width)).page
    assert (text_of(page), asked) == ("Secret", [])
