"""The quick parser of content streams gives what pdfminer's own gives, on sound and on damaged streams."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pdfplumber
import pytest
from pdfminer.pdfdevice import PDFDevice
from pdfminer.pdfinterp import PDFContentParser, PDFPageInterpreter, PDFResourceManager
from pdfminer.pdftypes import PDFStream, resolve1
from pdfminer.psexceptions import PSEOF

from pipeline.paths import RAW
from pipeline.stages.read import interpreter
from pipeline.stages.read.content_stream import ContentParser, Interpreter
from pipeline.stages.read.page import read_page
from tests.stages.read.building import read_twice, text_of, write_pdf

MOST_OBJECTS = 200_000
"""Objects after which a comparison of two parsers ends."""


def stream(data: bytes) -> PDFStream:
    return PDFStream({}, data)


def plain(item: Any) -> Any:
    """Give an object in a form that can be compared: with the types of numbers, and a stream's contents."""
    if isinstance(item, list):
        return [plain(member) for member in item]
    if isinstance(item, dict):
        return {key: plain(value) for key, value in item.items()}
    if isinstance(item, PDFStream):
        return plain(item.attrs), item.get_rawdata()
    return type(item).__name__, repr(item)


def read_all(kind: type[Any], streams: Sequence[PDFStream]) -> Iterator[Any]:
    """Give all that a parser gives, with its places, and what it ends by."""
    try:
        parser = kind(streams)
        for _ in range(MOST_OBJECTS):
            place, item = parser.nextobject()
            yield place, plain(item)
    except PSEOF:
        yield "end"
    except Exception as error:  # noqa: BLE001 - whatever pdfminer's parser ends by
        yield type(error).__name__


def assert_same(*data: bytes) -> None:
    ours = list(read_all(ContentParser, [stream(part) for part in data]))
    theirs = list(read_all(PDFContentParser, [stream(part) for part in data]))
    assert ours == theirs, data


@pytest.fixture(scope="module")
def contents() -> list[list[bytes]]:
    """The content streams of each page of the reference edition."""
    with pdfplumber.open(RAW / "raccombat-lv.pdf") as pdf:
        return [
            [resolve1(part).get_data() for part in page.page_obj.contents]  # pdfminer gives a list in any case
            for page in pdf.pages
        ]


def test_the_reference_edition(contents: list[list[bytes]]) -> None:
    assert sum(len(part) for page in contents for part in page) > 500_000
    for page in contents:
        assert_same(*page)


def test_damaged_streams(contents: list[list[bytes]]) -> None:
    dice = random.Random(20)
    signs = [
        b"(",
        b")",
        b"<",
        b">",
        b"<<",
        b">>",
        b"[",
        b"]",
        b"\\",
        b"/",
        b"%",
        b"#",
        b"{",
        b"}",
        b"BI ",
        b"ID ",
        b"EI ",
    ]
    signs += [b"\r\n", b"\0", b"-", b".", b"+", b" ", b"true", b"\\777", b"\\8", b"'", b'"', b"\xff", b"\xc4\x81"]
    for _ in range(300):
        data = bytearray(b"".join(dice.choice(contents))[: dice.choice((500, 5_000, 9_000))])
        for _ in range(dice.randint(1, 30)):
            place = dice.randrange(len(data))
            what = dice.random()
            if what < 0.3:
                data[place] = dice.randrange(256)
            elif what < 0.8:
                data[place:place] = dice.choice(signs)
            else:
                del data[place : place + dice.randint(1, 40)]
        cut = dice.randrange(len(data) + 1)
        assert_same(bytes(data))
        assert_same(bytes(data[:cut]), bytes(data[cut:]))


def test_any_signs_in_a_row() -> None:
    """Streams of nothing but difficult signs, cut anywhere."""
    dice = random.Random(21)
    parts = [
        b"(",
        b")",
        b"<",
        b">",
        b"[",
        b"]",
        b"\\",
        b"/",
        b"%",
        b"#41",
        b"{",
        b"}",
        b" ",
        b"\n",
        b"\r",
        b"\0",
        b"12",
    ]
    parts += [
        b"-",
        b"+",
        b".",
        b"5.",
        b".5",
        b"a",
        b"true",
        b"BI",
        b"ID",
        b"EI",
        b"\\101",
        b"\\\r\n",
        b"\\q",
        b"4a",
        b"'",
    ]
    parts += [
        b"9" * 39,
        b"1" * 41,
        b"\xfe",
        b"null",
        b"<<",
        b">>",
        b"/W 1",
        b"/F /A85",
        b"~>",
        b" q ",
        b"\x0b",
        b"\x85",
    ]
    for _ in range(4_000):
        data = b"".join(dice.choice(parts) for _ in range(dice.randint(1, 25)))
        cut = dice.randrange(len(data) + 1)
        assert_same(data)
        assert_same(data[:cut], data[cut:])


@pytest.mark.parametrize("shift", range(12))
def test_a_token_over_the_end_of_the_buffer(shift: int) -> None:
    """pdfminer reads 4096 bytes at a time; every kind of token over that place."""
    for token in (
        b"12345 ",
        b"-12.5 ",
        b"(a\\(b\\101\\\r\nc)",
        b"<4142>",
        b"/Name ",
        b"true ",
        b"[1 (a) /B]",
        b"<</K 1>>",
    ):
        assert_same(b" " * (PDFContentParser.BUFSIZ - shift) + token * 3)


def test_most_tokens_are_taken_at_once(contents: list[list[bytes]], monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the parser would be right and of no use."""
    slow = 0
    own = PDFContentParser.nexttoken

    def count(self: PDFContentParser) -> Any:
        nonlocal slow
        slow += 1
        return own(self)

    monkeypatch.setattr(PDFContentParser, "nexttoken", count)
    parser = ContentParser([stream(part) for part in contents[10]])
    taken = 0
    with contextlib.suppress(PSEOF):
        while parser.nextobject():
            taken += 1
    assert taken > 1_000
    assert slow < taken / 20


def test_operators_are_pdfminers() -> None:
    """Every operator is carried out, with the operands that it takes; one without a method is passed over."""
    runner = Interpreter(None, None)
    assert runner._find_operator("T*") == ("do_T_a", 0)
    assert runner._find_operator("'") == ("do__q", 1)
    assert runner._find_operator("cm") == ("do_cm", 6)
    assert runner._find_operator("unknown") is None


def test_a_page_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    with pdfplumber.open(RAW / "raccombat-lv.pdf") as pdf:
        ours = [read_page(page).page for page in pdf.pages[:3]]
    monkeypatch.setattr(interpreter.PageInterpreter, "execute", PDFPageInterpreter.execute)
    with pdfplumber.open(RAW / "raccombat-lv.pdf") as pdf:
        theirs = [read_page(page).page for page in pdf.pages[:3]]
    assert ours == theirs
    assert all(page.glyphs for page in ours)


@pytest.mark.parametrize("end", ["EIEI", "E EI", "EEI", "EI"])
def test_text_behind_an_inline_picture_is_read(tmp_path: Path, end: str) -> None:
    """pdfminer misses an end whose first letter is also the last of what only begins like one; pdfium, `EIEI`."""
    picture = f"BI /W 2 /H 2 /BPC 8 /CS /G ID abcd{end}\n"
    page = read_twice(write_pdf(tmp_path / "page.pdf", f"{picture}BT /F 12 Tf 50 450 Td (behind) Tj ET"))
    assert text_of(page) == "behind"
    assert page.second is not None
    assert page.second.agrees == (end in ("EI", "E EI"))


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
