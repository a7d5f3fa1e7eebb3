"""Content streams: what qpdf gives is what pdfminer's own parser gives; damaged ones are left to that."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pdfplumber
import pytest
from pdfminer.pdfdevice import PDFDevice
from pdfminer.pdfinterp import PDFContentParser, PDFPageInterpreter, PDFResourceManager
from pdfminer.pdftypes import PDFStream, resolve1
from pdfminer.psexceptions import PSEOF
from pdfminer.psparser import PSKeyword, keyword_name

from pipeline.paths import RAW
from pipeline.stages.read import content_stream, interpreter
from pipeline.stages.read.content_stream import Interpreter, parse_content
from pipeline.stages.read.page import read_page
from tests.stages.read.building import read_twice, text_of, write_pdf


def plain(item: Any) -> Any:
    """Give an object in a form that can be compared: with the types of numbers, and a picture's attributes."""
    if isinstance(item, list):
        return [plain(member) for member in item]
    if isinstance(item, dict):
        return {key: plain(value) for key, value in item.items()}
    if isinstance(item, PDFStream):
        return plain(item.attrs)
    return type(item).__name__, repr(item)


def read_by_pdfminer(data: bytes) -> Iterator[Any]:
    """Give the operands and operators that pdfminer finds."""
    parser = PDFContentParser([PDFStream({}, data)])
    while True:
        try:
            _, item = parser.nextobject()
        except PSEOF:
            return
        yield keyword_name(item) if isinstance(item, PSKeyword) else plain(item)


def read_by_qpdf(data: bytes) -> list[Any] | None:
    """Give the same as it is run here; None where it is left to pdfminer."""
    steps = parse_content(data)
    if steps is None:
        return None
    names = {"do_T_a": "T*", "do_f_a": "f*", "do_W_a": "W*", "do_B_a": "B*", "do__q": "'", "do__w": '"'}
    return [
        item
        for method, _, operands in steps
        for item in (*map(plain, operands), names.get(method, method.removeprefix("do_")))
    ]


@pytest.fixture(scope="module")
def contents() -> list[bytes]:
    """The content of each page of the reference edition."""
    with pdfplumber.open(RAW / "raccombat-lv.pdf") as pdf:
        return [
            b"\n".join(resolve1(part).get_data() for part in page.page_obj.contents)  # a list in any case
            for page in pdf.pages
        ]


def test_the_reference_edition(contents: list[bytes]) -> None:
    assert sum(map(len, contents)) > 500_000
    for page in contents:
        assert read_by_qpdf(page) == list(read_by_pdfminer(page))


@pytest.mark.parametrize(
    "data",
    [
        b"q 1 0 0 1 5. -.5 cm +3 4 m 12 0.5 l h f* Q",
        b"BT /F#31 12 Tf (a\\(b\\101\\\nc(d)\\n) Tj <41 42> Tj [(a) -12.5 <42>] TJ T* (x) ' 1 2 (y) \" ET",
        b"/P <</MCID 3 /Lang (lv) /A [1 [2] /B] /D <</E true>>>> BDC EMC % a remark\nW* n",
    ],
)
def test_every_kind_of_operand(data: bytes) -> None:
    assert read_by_qpdf(data) == list(read_by_pdfminer(data))


def test_an_inline_picture_has_its_size() -> None:
    steps = parse_content(b"q\nBI /W 2 /H 3 /BPC 8 /CS /G /IM true ID abcdef\nEI Q")
    assert steps is not None
    (picture,) = steps[1][2]
    assert [name for name, *_ in steps] == ["do_q", "do_EI", "do_Q"]
    assert (picture.attrs["Width"], picture.attrs["Height"], picture.attrs["ImageMask"]) == (2, 3, True)


def test_escapes_are_those_of_the_standard() -> None:
    """A backslash before any other sign says nothing, and a last digit that is missing is 0 (ISO 32000-1, 7.3.4)."""
    steps = parse_content(b"(a\\8b\\q) Tj <4> Tj")
    assert steps is not None
    assert [operands for *_, operands in steps] == [[b"a8bq"], [b"@"]]


@pytest.mark.parametrize(
    "data",
    [
        b"1 2 m (abc",
        b"[1 2 (a) 3 TJ",
        b"q Q ) n",
        b"1..2 0 m",
        b"--5 0 m",
        b"/A\xff gs",
        b"<4g> Tj",
        b"1 0 0 1 0 0 unknown",
    ],
)
def test_a_damaged_stream_is_left_to_pdfminer(data: bytes) -> None:
    assert read_by_qpdf(data) is None
    assert read_by_qpdf(b"q Q") == ["q", "Q"]  # the next one is not taken for damaged


def test_a_page_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    with pdfplumber.open(RAW / "raccombat-lv.pdf") as pdf:
        ours = [read_page(page).page for page in pdf.pages[:3]]
    monkeypatch.setattr(interpreter.PageInterpreter, "execute", PDFPageInterpreter.execute)
    with pdfplumber.open(RAW / "raccombat-lv.pdf") as pdf:
        theirs = [read_page(page).page for page in pdf.pages[:3]]
    assert ours == theirs
    assert all(page.glyphs for page in ours)


@pytest.mark.parametrize("end", ["EIEI", "E EI", "EEI", "EI", "E IEI", "E I EI", "EI EI", "E\nEI", "EI \x80\x90 EI"])
@pytest.mark.parametrize("before", ["", "1 2 unknown\n"])
def test_text_behind_an_inline_picture_is_read(tmp_path: Path, before: str, end: str) -> None:
    """pdfminer misses an end whose first letter is also the last of what only begins like one; pdfium, `EIEI`.

    What qpdf refuses (an unknown operator) is read piece by piece.
    """
    picture = f"BI /W 2 /H 2 /BPC 8 /CS /G ID abcd{end}\n"
    page = read_twice(write_pdf(tmp_path / "page.pdf", f"{before}{picture}BT /F 12 Tf 50 450 Td (behind) Tj ET"))
    assert text_of(page) == "behind"


@pytest.mark.parametrize(
    "behind", ["Q BT /F 12 Tf 50 450 Td (\xc4behind) Tj ET", "\nBT /\xc4 gs /F 12 Tf 50 450 Td (behind) Tj ET"]
)
def test_what_is_no_plain_text_soon_behind_an_inline_picture_is_read(tmp_path: Path, behind: str) -> None:
    picture = "BI /W 2 /H 2 /BPC 8 /CS /G ID abcd\nEI "
    again = picture.replace("abcd", "efgh") + "BT /F 12 Tf 50 400 Td (last) Tj ET"
    page = read_twice(write_pdf(tmp_path / "page.pdf", f"1 2 unknown\n{picture}{behind} {again}"))
    assert "behind" in text_of(page)
    assert "last" in text_of(page)


@pytest.mark.parametrize(
    ("damaged", "read"),
    [
        ("/Artifact <</Type/Laq EMC", "behindlast"),
        ("/Artifact <</A <</B [1 EMC", "behindlast"),
        ("/P <</MCID [0 /A <</Type/Layout>> BDC EMC", "behindlast"),
        ("BT /F 12 Tf 50 480 Td [(cut) 5 (short) TJ ET", "cutshortbehindlast"),
        ("/P <</Null null /Yes true>> BDC EMC", "behindlast"),
    ],
)
@pytest.mark.parametrize("unknown", ["", "1 2 unknown\n"])
def test_an_operand_that_nothing_closes_takes_no_text_with_it(
    tmp_path: Path, unknown: str, damaged: str, read: str
) -> None:
    """Most readers take all that follows an open dictionary for its members, up to the end of the page."""
    behind = "/Artifact <</Type/Layout>> BDC BT /F 12 Tf 50 450 Td (behind) Tj 0 -50 Td (last) Tj ET EMC"
    page = read_twice(write_pdf(tmp_path / "page.pdf", f"{unknown}{damaged}\n{behind}"))
    assert text_of(page).replace(" ", "").replace("\n", "") == read


@pytest.mark.parametrize(("size", "divided"), [(content_stream.LARGEST, 1), (content_stream.LARGEST + 1, 0)])
def test_the_largest_streams_are_read_piece_by_piece(size: int, divided: int, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bytes] = []
    monkeypatch.setattr(content_stream, "parse_content", lambda data: asked.append(data) or [])
    resources = PDFResourceManager()
    runner = Interpreter(resources, PDFDevice(resources))
    content = PDFStream({}, b" " * size)
    content.set_objid(7, 0)
    runner.execute([content])
    assert len(asked) == divided


def test_a_form_that_draws_itself_ends() -> None:
    """Content streams that an outer interpreter is at are left out, as pdfminer leaves them out."""
    resources = PDFResourceManager()
    form = PDFStream({}, b"1 0 0 1 5 5 cm")
    form.set_objid(7, 0)
    runner = Interpreter(resources, PDFDevice(resources))
    runner.init_resources({})
    runner.init_state((1, 0, 0, 1, 0, 0))
    runner.parent_stream_ids = {7}
    runner.execute([form])
    assert runner.ctm == (1, 0, 0, 1, 0, 0)
    runner.parent_stream_ids = set()
    runner.execute([form])
    assert runner.ctm == (1, 0, 0, 1, 5, 5)
    assert runner.stream_ids == {7}
