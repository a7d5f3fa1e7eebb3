"""What nobody sees: counted with its place and its reason, and no letter of it goes any further."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from pdfminer.pdftypes import PDFObjRef
from pdfminer.psparser import LIT
from pikepdf import Array, Dictionary, Name

from pipeline.issues import KINDS
from pipeline.stages.read.checks import find_issues
from pipeline.stages.read.layers import Layers
from tests.reading import read_source
from tests.stages.read.building import form, hidden_in, read_one, read_twice, text_of, write_pdf

SECRET = "BT /F 10 Tf 50 500 Td (Secret) Tj ET"
OPEN = " BT /F 10 Tf 50 300 Td (Open) Tj ET"
Change = Callable[[pikepdf.Pdf, Dictionary], None]


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    return tmp_path / "page.pdf"


def states(**entries: Dictionary) -> Change:
    """Give the page dictionaries of graphics state parameters."""

    def change(pdf: pikepdf.Pdf, page: Dictionary) -> None:
        page.Resources.ExtGState = Dictionary(**entries)

    return change


def picture(pdf: pikepdf.Pdf, **entries: pikepdf.Object) -> pikepdf.Stream:
    made = pdf.make_stream(b"\x80")
    made.Type, made.Subtype, made.Width, made.Height = Name.XObject, Name.Image, 1, 1
    made.ColorSpace, made.BitsPerComponent = Name.DeviceGray, 8
    for key, value in entries.items():
        made[f"/{key}"] = value
    return made


def layers(
    content: str,
    *,
    on: bool = False,
    base: str | None = None,
    member: Callable[[pikepdf.Object], Dictionary] | None = None,
) -> Change:
    """Give the file a layer `/L`, or a membership made of it, that `content` belongs to."""

    def change(pdf: pikepdf.Pdf, page: Dictionary) -> None:
        layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name="Draft"))
        config = Dictionary(OFF=Array([] if on else [layer]), ON=Array([layer] if on else []))
        if base is not None:
            config.BaseState = Name("/" + base)
            config.OFF = Array([])
        pdf.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=config)
        page.Resources.Properties = Dictionary(L=layer if member is None else member(layer))
        page.Resources.XObject = Dictionary(
            X=form(pdf, "BT /F 10 Tf 0 5 Td (Secret) Tj ET", OC=layer), I=picture(pdf, OC=layer)
        )

    return change


def assert_hidden(path: Path, reason: str, count: int = 6) -> None:
    page = read_twice(path)
    assert hidden_in(page) == {reason: count}
    assert text_of(page).strip() == "Open"
    assert "Secret" not in page.model_dump_json()
    assert page.second is not None
    assert (page.second.first, page.second.second, page.second.agrees) == (4, 4, True)
    issues = list(find_issues((), (), [page]))
    assert [issue.code for issue in issues] == ["text_concealed"]
    assert f"{count} glyphs" in issues[0].message
    assert issues[0].box is not None
    assert issues[0].box.page == 1
    assert issues[0].severity == "note"
    assert not any("Secret" in issue.model_dump_json() for issue in issues)


def assert_shown(path: Path) -> None:
    page = read_twice(path)
    assert hidden_in(page) == {}
    assert text_of(page).replace(" ", "") == "SecretOpen"
    assert page.second is not None
    assert page.second.agrees


# --- layers ----------------------------------------------------------------------------------------------------------


def test_layers_over_one_another_of_which_one_is_off(pdf: Path) -> None:
    """Editions in several languages: what is hidden is no copy of what shows at its place."""
    other = SECRET.replace("Secret", "Sample")
    page = read_twice(write_pdf(pdf, other + "/OC /L BDC " + SECRET + " EMC", change=layers(SECRET)))
    assert (text_of(page), hidden_in(page)) == ("Sample", {"layer_off": 6})
    assert page.second is not None
    assert (page.second.first, page.second.second, page.second.agrees) == (6, 6, True)


@pytest.mark.parametrize("content", ["/OC /L BDC " + SECRET + " EMC", "/OC /L BDC /P BMC " + SECRET + " EMC EMC"])
def test_a_layer_that_is_switched_off(pdf: Path, content: str) -> None:
    assert_hidden(write_pdf(pdf, content + OPEN, change=layers(content)), "layer_off")


def test_a_form_of_a_layer_that_is_switched_off(pdf: Path) -> None:
    content = "q 1 0 0 1 50 500 cm /X Do Q" + OPEN
    assert_hidden(write_pdf(pdf, content, change=layers(content)), "layer_off")


@pytest.mark.parametrize(("base", "on", "shown"), [("OFF", False, False), ("OFF", True, True), ("ON", False, True)])
def test_the_base_state_of_layers(pdf: Path, base: str, on: bool, shown: bool) -> None:
    content = "/OC /L BDC " + SECRET + " EMC" + OPEN
    path = write_pdf(pdf, content, change=layers(content, on=on, base=base))
    assert_shown(path) if shown else assert_hidden(path, "layer_off")


@pytest.mark.parametrize(("policy", "shown"), [("AnyOn", False), ("AllOn", False), ("AnyOff", True), ("AllOff", True)])
def test_a_membership_says_when_it_is_shown(pdf: Path, policy: str, shown: bool) -> None:
    content = "/OC /L BDC " + SECRET + " EMC" + OPEN
    change = layers(content, member=lambda layer: Dictionary(Type=Name.OCMD, OCGs=layer, P=Name("/" + policy)))
    path = write_pdf(pdf, content, change=change)
    assert_shown(path) if shown else assert_hidden(path, "layer_off")


@pytest.mark.parametrize(("expression", "shown"), [("Not", True), ("And", False), ("Or", False)])
def test_a_visibility_expression(pdf: Path, expression: str, shown: bool) -> None:
    content = "/OC /L BDC " + SECRET + " EMC" + OPEN
    change = layers(content, member=lambda layer: Dictionary(Type=Name.OCMD, VE=Array([Name("/" + expression), layer])))
    path = write_pdf(pdf, content, change=change)
    assert_shown(path) if shown else assert_hidden(path, "layer_off")


@pytest.mark.parametrize(
    ("operator", "last", "shown"), [("Or", True, True), ("Or", False, False), ("And", False, False)]
)
def test_a_visibility_expression_of_many_layers(operator: str, last: bool, shown: bool) -> None:
    """All of a hundred layers are as the operator does not ask for, but for the last."""
    groups = [{"Type": LIT("OCG")} for _ in range(100)]
    off = groups[:-1] * (operator == "Or") + groups[-1:] * (not last)
    layers = Layers({"OCProperties": {"D": {"OFF": off}}})
    assert layers.shows({"Type": LIT("OCMD"), "VE": [LIT(operator), *groups]}) is shown


def test_what_several_parts_of_a_visibility_expression_share_is_looked_at_once() -> None:
    class File:
        """Gives objects by their number: each is twice in the next one."""

        def __init__(self) -> None:
            self.looked_at = 0

        def getobj(self, number: int) -> object:
            self.looked_at += 1
            inner = PDFObjRef(self, number - 1)
            return [LIT("And"), inner, inner] if number else {"Type": LIT("OCG")}

    file = File()
    assert Layers({}).shows({"Type": LIT("OCMD"), "VE": PDFObjRef(file, 12)})
    assert file.looked_at < 100


def test_what_a_hidden_layer_draws_is_no_edge(pdf: Path) -> None:
    content = "/OC /L BDC 10 100 200 0.5 re f 10 10 50 50 re f q 90 0 0 90 200 200 cm /I Do Q EMC" + OPEN
    page = read_one(write_pdf(pdf, content, change=layers(content)))
    assert (page.rules, page.fills, page.pictures) == ((), (), ())


# --- the clipping path -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "clip",
    [
        "q 40 400 100 30 re W n",
        "q 40 400 100 30 re W* n",
        "q 0 0 0 0 re W n",
        "q 40 490 100 30 re W n 40 400 100 30 re W n",
        "q 40 400 m 140 400 l 90 450 l h W n",
    ],
)
def test_text_outside_the_clipping_path(pdf: Path, clip: str) -> None:
    assert_hidden(write_pdf(pdf, f"{clip} {SECRET} Q" + OPEN), "clipped")


@pytest.mark.parametrize(
    "clip", ["q 40 490 100 30 re W n", "q W n", "q 0 0 400 600 re 40 400 100 30 re W* n", "q 40 400 100 30 re W n Q q"]
)
def test_text_inside_the_clipping_path(pdf: Path, clip: str) -> None:
    assert_shown(write_pdf(pdf, f"{clip} {SECRET} Q" + OPEN))


def test_a_clipping_path_is_in_force_behind_its_painting(pdf: Path) -> None:
    """The path that clips is painted whole; what comes after it is cut."""
    content = "q 10 10 100 100 re W f 50 50 300 300 re f Q" + OPEN
    page = read_one(write_pdf(pdf, content))
    assert [fill[:4] for fill in page.fills] == [(10, 490, 110, 590), (50, 490, 110, 550)]


def test_text_outside_a_forms_box(pdf: Path) -> None:
    def change(file: pikepdf.Pdf, page: Dictionary) -> None:
        page.Resources.XObject = Dictionary(X=form(file, "BT /F 10 Tf 0 50 Td (Secret) Tj ET"))

    assert_hidden(write_pdf(pdf, "q 1 0 0 1 50 450 cm /X Do Q" + OPEN, change=change), "clipped")


# --- opacity ---------------------------------------------------------------------------------------------------------


def test_transparent_text(pdf: Path) -> None:
    content = f"q /G gs {SECRET} Q" + OPEN
    assert_hidden(write_pdf(pdf, content, change=states(G=Dictionary(ca=0))), "transparent")


def test_a_transparent_group(pdf: Path) -> None:
    """Inside a group opacity begins anew, and the group is painted as a whole."""

    def change(file: pikepdf.Pdf, page: Dictionary) -> None:
        group = form(file, "/One gs BT /F 10 Tf 0 5 Td (Secret) Tj ET", Group=Dictionary(S=Name.Transparency))
        group.Resources.ExtGState = Dictionary(One=Dictionary(ca=1))
        page.Resources.XObject = Dictionary(X=group)
        page.Resources.ExtGState = Dictionary(G=Dictionary(ca=0))

    assert_hidden(write_pdf(pdf, "q /G gs 1 0 0 1 50 500 cm /X Do Q" + OPEN, change=change), "transparent")


@pytest.mark.parametrize("opacity", [0.2, 0.5, 1])
def test_text_that_shines_through_can_be_seen(pdf: Path, opacity: float) -> None:
    assert_shown(write_pdf(pdf, f"q /G gs {SECRET} Q" + OPEN, change=states(G=Dictionary(ca=opacity))))


def test_a_transparent_area_is_no_fill(pdf: Path) -> None:
    page = read_one(write_pdf(pdf, "/G gs 10 10 90 90 re f 10 200 90 0.5 re f", change=states(G=Dictionary(ca=0))))
    assert (page.fills, page.rules) == ((), ())


def test_a_half_transparent_area_shows_its_mixed_colour(pdf: Path) -> None:
    page = read_one(write_pdf(pdf, "/G gs 0 g 10 10 90 90 re f", change=states(G=Dictionary(ca=0.25))))
    assert page.fills[0].colour == (0.75, 0.75, 0.75)


# --- covered ---------------------------------------------------------------------------------------------------------

BOX = "40 490 100 30 re f"


@pytest.mark.parametrize("colour", ["0 g", "1 g", "0.5 g", "1 0 0 rg", "0 0 1 0 k"])
def test_text_under_an_area_of_any_colour(pdf: Path, colour: str) -> None:
    assert_hidden(write_pdf(pdf, f"{SECRET} {colour} {BOX} 0 g" + OPEN), "covered")


def test_text_under_an_area_of_another_form(pdf: Path) -> None:
    assert_hidden(write_pdf(pdf, f"{SECRET} 0 g 40 490 m 160 490 l 160 520 l 40 520 l f" + OPEN), "covered")


def test_text_under_a_picture(pdf: Path) -> None:
    def change(file: pikepdf.Pdf, page: Dictionary) -> None:
        page.Resources.XObject = Dictionary(I=picture(file))

    assert_hidden(write_pdf(pdf, f"{SECRET} q 100 0 0 30 40 490 cm /I Do Q" + OPEN, change=change), "covered")


@pytest.mark.parametrize(
    "drawn",
    [
        "40 503 100 1 re f",  # struck through
        "0 G 2 w 40 503 m 140 503 l S",
        "40 490 100 30 re S",
        "40 490 100 30 re 20 470 200 80 re f*",  # a frame: the inner area is outside by the even-odd rule
        "20 470 200 80 re 40 490 m 40 520 l 140 520 l 140 490 l h f",  # the same by direction
        "q 40 400 100 30 re W n 40 490 100 30 re f Q",  # clipped away
        "40 400 100 30 re f",
    ],
)
def test_what_does_not_cover_text(pdf: Path, drawn: str) -> None:
    assert_shown(write_pdf(pdf, f"{SECRET} {drawn}" + OPEN))


@pytest.mark.parametrize(("wide", "hidden"), [(7.5, {}), (8.5, {"covered": 6})])
def test_a_stroke_as_wide_as_type_is_high_covers_it(pdf: Path, wide: float, hidden: dict[str, int]) -> None:
    """Without the picture of the page: by the stroke alone."""
    text = "BT /F 6 Tf 50 500 Td (Secret) Tj ET"
    assert hidden_in(read_one(write_pdf(pdf, f"{text} 0 G {wide} w 40 502 m 140 502 l S"))) == hidden


@pytest.mark.parametrize(("wide", "hidden"), [(0.9, {}), (1.1, {"covered": 6})])
def test_strokes_wider_than_the_rules_of_tables_may_cover_letters_together(
    pdf: Path, wide: float, hidden: dict[str, int]
) -> None:
    """Over the whole text lie strokes half a point apart; thin ones are not looked at."""
    strokes = " ".join(f"40 {490 + step / 2} m 140 {490 + step / 2} l S" for step in range(60))
    assert hidden_in(read_twice(write_pdf(pdf, f"{SECRET} 0 G {wide} w {strokes}"))) == hidden


def test_what_is_painted_first_covers_nothing(pdf: Path) -> None:
    assert_shown(write_pdf(pdf, f"0.8 g {BOX} 0 g {SECRET}" + OPEN))


@pytest.mark.parametrize("state", [{"BM": Name.Multiply}, {"ca": 0.5}])
def test_highlights_conceal_nothing(pdf: Path, state: dict[str, pikepdf.Object]) -> None:
    content = f"{SECRET} q /G gs 1 1 0 rg {BOX} Q 0 g" + OPEN
    assert_shown(write_pdf(pdf, content, change=states(G=Dictionary(**state))))


def test_black_text_on_a_black_tint_can_be_seen(pdf: Path) -> None:
    content = f"q /G gs 0 g {BOX} Q 0 g {SECRET}" + OPEN
    assert_shown(write_pdf(pdf, content, change=states(G=Dictionary(ca=0.1))))


@pytest.mark.parametrize("key", ["SMask", "Mask"])
def test_a_picture_with_a_mask_conceals_nothing(pdf: Path, key: str) -> None:
    def change(file: pikepdf.Pdf, page: Dictionary) -> None:
        page.Resources.XObject = Dictionary(I=picture(file, **{key: picture(file)}))

    assert_shown(write_pdf(pdf, f"{SECRET} q 100 0 0 30 40 490 cm /I Do Q" + OPEN, change=change))


def test_what_is_set_over_a_covered_text_is_read(pdf: Path) -> None:
    """A correction: the same letters, and others, over a white area."""
    content = f"{SECRET} 1 g {BOX} 0 g BT /F 10 Tf 50 500 Td (Secure) Tj ET" + OPEN
    page = read_twice(write_pdf(pdf, content))
    assert text_of(page) == "SecureOpen"
    assert hidden_in(page) == {"covered": 6}
    assert page.second is not None
    assert (page.second.first, page.second.agrees) == (10, True)


# --- scans -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("order", ["{text} {scan}", "{scan} {text}"])
@pytest.mark.parametrize("mode", [0, 3])
def test_the_text_layer_of_a_scan_is_not_concealed(pdf: Path, mode: int, order: str) -> None:
    def change(file: pikepdf.Pdf, page: Dictionary) -> None:
        page.Resources.XObject = Dictionary(I=picture(file))

    content = order.format(text=f"{mode} Tr {SECRET}", scan="q 400 0 0 600 0 0 cm /I Do Q")
    page = read_one(write_pdf(pdf, content, change=change))
    assert page.concealed == ()
    assert text_of(page) == "Secret"
    assert {glyph.concealed for glyph in page.glyphs} == {"text_layer" if mode == 3 else ""}


@pytest.mark.parametrize("down", [0, 9])
@pytest.mark.parametrize("mode", [0, 3])
def test_what_is_blacked_out_in_a_scan_is_not_read_from_its_text_layer(pdf: Path, mode: int, down: int) -> None:
    """Where the layer is set aside, nothing says which of its words are where."""
    rows = [b"\xff\x00" * 100 if row % 10 < 3 and not 95 <= row < 105 else b"\x00" * 200 for row in range(300)]

    def change(file: pikepdf.Pdf, page: Dictionary) -> None:
        page.Resources.XObject = Dictionary(I=picture(file, Width=200, Height=300))
        page.Resources.XObject.I.write(b"".join(rows))

    heights = [593 - 20 * row - down * (row > 16) for row in range(1, 29)]
    lines = " ".join(f"BT /F 10 Tf 50 {height} Td (Words of a line) Tj ET" for height in heights)
    page = read_twice(write_pdf(pdf, f"{mode} Tr {lines} q 400 0 0 600 0 0 cm /I Do Q", change=change))
    assert hidden_in(page) == ({} if down else {"invisible" if mode else "covered": 12})


def test_a_small_picture_makes_no_scan(pdf: Path) -> None:
    def change(file: pikepdf.Pdf, page: Dictionary) -> None:
        page.Resources.XObject = Dictionary(I=picture(file))

    page = read_one(write_pdf(pdf, f"3 Tr {SECRET} q 100 0 0 30 40 490 cm /I Do Q", change=change))
    assert hidden_in(page) == {"invisible": 6}


# --- whole pages -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["3 Tr", "sheet", "seen", "scan", "line"])
def test_a_page_of_which_most_can_t_be_seen_spoils_good(pdf: Path, way: str) -> None:
    lines = [f"BT /F 10 Tf 50 {500 - 14 * number} Td (Hidden words of a line) Tj ET" for number in range(6)]
    if way == "line":
        lines = lines[:1]
    hidden = f"q {'' if way in ('sheet', 'seen') else '3 Tr'} {' '.join(lines)} Q"
    after = {"sheet": "1 g 0 100 400 500 re f 0 g ", "scan": "q 400 0 0 600 0 0 cm /I Do Q "}.get(way, "")
    shown = "" if way == "scan" else OPEN
    content = after + hidden if way == "scan" else hidden + after + shown

    def add_picture(pdf: pikepdf.Pdf, page: Dictionary) -> None:
        page.Resources.XObject = Dictionary(I=picture(pdf))

    page = read_source(write_pdf(pdf, content, change=add_picture)).pages[0]
    found = [issue for issue in find_issues((), (), [page]) if issue.code == "page_concealed"]
    assert [(issue.page, issue.severity) for issue in found] == [(1, "warning")] * (way in ("3 Tr", "sheet"))
    assert KINDS["page_concealed"].spoils_good
