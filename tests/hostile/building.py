"""Makes hostile and broken PDFs: each maker takes a sound booklet and gives the bytes of a file meant to do harm."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import pikepdf
from pikepdf import Array, Dictionary, Name

from pipeline.errors import ExtractionError, InputError

VICTIM: Final = 2
"""The page that is tampered with, where only one is."""
MEBIBYTE: Final = 1024 * 1024


@dataclass(frozen=True)
class Hostile:
    """A way to make a hostile file, and how reading it should end.

    Attributes:
        make: From the bytes of a sound booklet to those of the hostile file.
        error: The error of the run; None where it finishes.
        code: An issue that the report must have; None where none is needed.
        page: The page of that issue.
        words: What the error's or the issue's message must say.
        rest: The practices that must come out all the same.
        seconds: Time limit of the run, of which a page may take a tenth. Where pages never end, little is waited for; a
            sound page takes 0.04 seconds.
    """

    make: Callable[[bytes], bytes]
    error: type[ExtractionError] | None = None
    code: str | None = None
    page: int | None = None
    words: str = ""
    rest: tuple[str, ...] = ()
    seconds: float = 40


@contextmanager
def editing(data: bytes) -> Iterator[tuple[pikepdf.Pdf, pikepdf.Page, io.BytesIO]]:
    """Open a booklet for tampering: the file, its victim, and where the result is when the block is left."""
    written = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        yield pdf, pdf.pages[VICTIM - 1], written
        pdf.save(written, static_id=True, object_stream_mode=pikepdf.ObjectStreamMode.disable)


def flate_bomb(mebibytes: int) -> bytes:
    """Give a few kilobytes that inflate to as many mebibytes of spaces."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(b" " * (16 * MEBIBYTE)) + packer.flush(zlib.Z_FULL_FLUSH)
    return b"\x78\x9c" + block * (mebibytes // 16)


def draw(content: bytes) -> Callable[[bytes], bytes]:
    """Have the victim draw other content, before its own."""

    def make(data: bytes) -> bytes:
        with editing(data) as (pdf, page, written):
            page.contents_add(pdf.make_stream(content), prepend=True)
        return written.getvalue()

    return make


def replace_content(data: bytes, packed: bytes, **entries: pikepdf.Object) -> bytes:
    """Have the victim draw one stream of bytes that are packed already."""
    with editing(data) as (pdf, page, written):
        stream = pdf.make_stream(b"")
        stream.write(packed, filter=Name.FlateDecode)
        for key, value in entries.items():
            stream[f"/{key}"] = value
        page.Contents = stream
    return written.getvalue()


def bomb(data: bytes) -> bytes:
    return replace_content(data, flate_bomb(1024))


def bomb_in_a_bomb(data: bytes) -> bytes:
    with editing(data) as (pdf, page, written):
        stream = pdf.make_stream(b"")
        stream.write(zlib.compress(flate_bomb(1024), 9), filter=Array([Name.FlateDecode, Name.FlateDecode]))
        page.Contents = stream
    return written.getvalue()


def bomb_of_a_predictor(data: bytes) -> bytes:
    parameters = Dictionary(Predictor=15, Columns=2_000_000_000, Colors=4)
    return replace_content(data, zlib.compress(b"\x01" * 4096), DecodeParms=parameters)


def form_that_draws_itself(data: bytes) -> bytes:
    with editing(data) as (pdf, page, written):
        form = pdf.make_stream(b"q /Self Do /Self Do Q", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 9, 9])
        form.Resources = Dictionary(XObject=Dictionary(Self=form))
        page.Resources.XObject = Dictionary(Self=form)
        page.contents_add(pdf.make_stream(b"q /Self Do Q"), prepend=True)
    return written.getvalue()


def forms_in_forms(data: bytes) -> bytes:
    """Twenty forms, each of which draws the next one twenty times over."""
    with editing(data) as (pdf, page, written):
        form = pdf.make_stream(b"0 0 1 1 re f", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 9, 9])
        for _ in range(20):
            form = pdf.make_stream(
                b"/Next Do " * 20,
                Type=Name.XObject,
                Subtype=Name.Form,
                BBox=[0, 0, 9, 9],
                Resources=Dictionary(XObject=Dictionary(Next=form)),
            )
        page.Resources.XObject = Dictionary(Next=form)
        page.contents_add(pdf.make_stream(b"q /Next Do Q"), prepend=True)
    return written.getvalue()


def set_box(*values: str, name: str = "MediaBox") -> Callable[[bytes], bytes]:
    """Give the victim another box, of tokens as they stand in the file."""

    def make(data: bytes) -> bytes:
        with editing(data) as (_, page, written):
            page.obj[f"/{name}"] = Array([pikepdf.Object.parse(value.encode()) for value in values])
        return written.getvalue()

    return make


def set_key(name: str, token: str) -> Callable[[bytes], bytes]:
    """Give the victim's dictionary another entry."""

    def make(data: bytes) -> bytes:
        with editing(data) as (_, page, written):
            page.obj[f"/{name}"] = pikepdf.Object.parse(token.encode())
        return written.getvalue()

    return make


def change_fonts(change: Callable[[pikepdf.Pdf, pikepdf.Object], None], pages: int = 0) -> Callable[[bytes], bytes]:
    """Tamper with the fonts of the victim, or of the first so many pages."""

    def make(data: bytes) -> bytes:
        with editing(data) as (pdf, page, written):
            seen: set[tuple[int, int]] = set()
            for one in list(pdf.pages)[:pages] if pages else [page]:
                for font in one.Resources.get("/Font", Dictionary()).values():
                    if font.objgen not in seen:
                        change(pdf, font)
                    seen.add(font.objgen)
        return written.getvalue()

    return make


def endless_widths(pdf: pikepdf.Pdf, font: pikepdf.Object) -> None:
    font.DescendantFonts[0].W = Array([0, 2_000_000_000, 500])


def endless_map(pdf: pikepdf.Pdf, font: pikepdf.Object) -> None:
    font.ToUnicode = pdf.make_stream(
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap 1 begincodespacerange <0000> <ffff>"
        b" endcodespacerange 1 beginbfrange <00000000> <ffffffff> <0041> endbfrange endcmap"
    )


def map_that_uses_itself(pdf: pikepdf.Pdf, font: pikepdf.Object) -> None:
    cmap = pdf.make_stream(b"begincmap /Loop usecmap endcmap", Type=Name.CMap, CMapName=Name.Loop)
    cmap.UseCMap = cmap
    font.ToUnicode = cmap
    font.Encoding = cmap


def without_map(pdf: pikepdf.Pdf, font: pikepdf.Object) -> None:
    if "/ToUnicode" in font:
        del font["/ToUnicode"]


def without_program(pdf: pikepdf.Pdf, font: pikepdf.Object) -> None:
    for one in font.get("/DescendantFonts", [font]):
        descriptor = one.get("/FontDescriptor", Dictionary())
        for key in ("/FontFile", "/FontFile2", "/FontFile3", "/CIDSet"):
            if key in descriptor:
                del descriptor[key]


def without_encoding(pdf: pikepdf.Pdf, font: pikepdf.Object) -> None:
    del font["/Encoding"]


def with_odd_encoding(pdf: pikepdf.Pdf, font: pikepdf.Object) -> None:
    font.Encoding = Name("/Identity-Q")


def font_of_itself(pdf: pikepdf.Pdf, font: pikepdf.Object) -> None:
    font.DescendantFonts = Array([font])


def without_fonts(data: bytes) -> bytes:
    with editing(data) as (_, page, written):
        page.Resources.Font = Dictionary()
    return written.getvalue()


def colour_space_of_itself(data: bytes) -> bytes:
    with editing(data) as (pdf, page, written):
        space = pdf.make_indirect(Array([Name.Indexed, Name.DeviceRGB, 1, pikepdf.String("aaa")]))
        space[1] = space
        page.Resources.ColorSpace = Dictionary(Odd=space)
        page.contents_add(pdf.make_stream(b"/Odd cs 1 sc 0 0 9 9 re f"), prepend=True)
    return written.getvalue()


def odd_links(data: bytes) -> bytes:
    with editing(data) as (pdf, page, written):
        loop = pdf.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9]))
        loop.A = Dictionary(S=Name.URI, URI=loop)
        page.Annots = Array(
            [
                loop,
                pdf.make_indirect(Dictionary(Subtype=Name.Link, Rect=[1, 2], A=Dictionary(URI=pikepdf.String("x")))),
                pdf.make_indirect(Dictionary(Subtype=Name.Link, Rect=Name.None_, A=7)),
                pikepdf.String("no annotation"),
            ]
        )
    return written.getvalue()


def damaged_content(data: bytes) -> bytes:
    with editing(data) as (_, page, _written):
        content = page_content(page)
    packed = bytearray(zlib.compress(content))
    for place in range(len(packed) // 2, len(packed) // 2 + 40):
        packed[place] ^= 0x5A
    return replace_content(data, bytes(packed))


def content_not_there(data: bytes) -> bytes:
    """Rename the victim's content object: the page names an object that is not in the file."""
    with editing(data) as (pdf, page, written):
        page.Contents = pdf.make_stream(page_content(page))
    plain = written.getvalue()
    with pikepdf.open(io.BytesIO(plain)) as pdf:
        number = pdf.pages[VICTIM - 1].Contents.objgen[0]
    return patch(plain, rb"(?<!\d)%d 0 obj" % number, b"9" * len(str(number)) + b" 0 obj")


def page_content(page: pikepdf.Page) -> bytes:
    contents = page.obj.Contents
    parts = list(contents) if isinstance(contents, Array) else [contents]
    return b"\n".join(part.read_bytes() for part in parts)


# --- files written by hand, because no library would write them ------------------------------------------------


def write_by_hand(objects: dict[int, bytes], *, root: int = 1, trailer: bytes = b"") -> bytes:
    """Write a PDF of these objects, with a sound cross-reference table."""
    out = bytearray(b"%PDF-1.7\n")
    offsets: dict[int, int] = {}
    for number, content in objects.items():
        offsets[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    size = max(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    for number in range(1, size):
        out += b"%010d 00000 n \n" % offsets[number] if number in offsets else b"0000000000 65535 f \n"
    out += b"trailer\n<< /Size %d /Root %d 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (size, root, trailer, start)
    return bytes(out)


CATALOG: Final = b"<< /Type /Catalog /Pages 2 0 R >>"
PAGE: Final = (
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Contents 4 0 R"
    b" /Resources << /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>"
)
TEXT: Final = b"<< /Length 46 >>\nstream\nBT /F 12 Tf 40 200 Td (some words of text) Tj ET \nendstream"


def by_hand(objects: dict[int, bytes], *, trailer: bytes = b"") -> Callable[[bytes], bytes]:
    """Write a file of these objects, and the usual ones where these don't replace them."""
    usual = {1: CATALOG, 2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", 3: PAGE, 4: TEXT}
    return lambda data: write_by_hand({**usual, **objects}, trailer=trailer)


def page_tree_of_itself(data: bytes) -> bytes:
    """A sound booklet's page tree gets itself as another branch."""
    with editing(data) as (pdf, _, written):
        kids = pdf.Root.Pages.Kids
        tree = pdf.Root.Pages.objgen[0]
        del kids
    plain = written.getvalue()
    return patch(plain, rb"/Kids \[", b"/Kids [ %d 0 R " % tree)


def page_of_another_generation(data: bytes) -> bytes:
    """The page tree names its last page by a generation that the file does not have."""
    return patch(uncompressed(data), rb"/Kids \[((?: \d+ 0 R)+) (\d+) 0 R \]", rb"/Kids [\1 \2 2 R ]")


def patch(data: bytes, pattern: bytes, new: bytes) -> bytes:
    """Replace the first match, and leave the cross-reference table as wrong as that makes it."""
    changed, count = re.subn(pattern, new, data, count=1)
    assert count == 1, pattern
    return changed


def uncompressed(data: bytes) -> bytes:
    """Give the booklet with every object in plain sight."""
    with editing(data) as (_, _page, written):
        pass
    return written.getvalue()


def wrong_xref(data: bytes) -> bytes:
    plain = uncompressed(data)
    return re.sub(rb"\n(\d{10}) (\d{5}) n", lambda match: b"\n%010d %s n" % (int(match[1]) + 7, match[2]), plain)


def loop_of_xrefs(data: bytes) -> bytes:
    plain = uncompressed(data)
    start = int(re.findall(rb"startxref\s+(\d+)", plain)[-1])
    return patch(plain, rb"trailer\s*<<", b"trailer << /Prev %d " % start)


def cut(share: float) -> Callable[[bytes], bytes]:
    return lambda data: uncompressed(data)[: int(len(uncompressed(data)) * share)]


RECTANGLES: Final = b"".join(b"%d %d 3 3 re f\n" % (i % 590, i // 590 * 2 % 840) for i in range(150_000))
CROWD: Final = b"BT /Odd 1 Tf " + b"".join(b"1 0 0 1 %d %d Tm (a) Tj\n" % (i % 590, i // 590) for i in range(120_000))
ALL: Final = ("bg-1", "lt-1", "nl-1", "be-1")
NOT_SECOND: Final = ("bg-1", "nl-1", "be-1")

HOSTILE: Final[dict[str, Hostile]] = {
    "bomb": Hostile(bomb, code="page_unreadable", page=VICTIM, words="memory", rest=NOT_SECOND),
    "bomb_in_a_bomb": Hostile(bomb_in_a_bomb, code="page_unreadable", page=VICTIM, rest=NOT_SECOND),
    "bomb_of_a_predictor": Hostile(bomb_of_a_predictor, code="page_unreadable", page=VICTIM, rest=NOT_SECOND),
    "form_that_draws_itself": Hostile(form_that_draws_itself),
    "forms_in_forms": Hostile(
        forms_in_forms, code="page_unreadable", page=VICTIM, words="seconds", rest=NOT_SECOND, seconds=15
    ),
    "many_rectangles": Hostile(
        draw(RECTANGLES),
        code="page_unreadable",
        page=VICTIM,
        words="objects|seconds|memory|signal",
        rest=NOT_SECOND,
        seconds=15,
    ),
    "many_glyphs": Hostile(draw(CROWD + b" ET"), code="page_unreadable", page=VICTIM, rest=NOT_SECOND, seconds=15),
    "giant_page": Hostile(set_box("0", "0", "1000000000", "1000000000")),
    "page_beyond_floats": Hostile(
        lambda data: patch(uncompressed(data), rb"/MediaBox \[[^]]*\]", b"/MediaBox [0 0 %s 9]" % (b"1" + b"0" * 400))
    ),
    "empty_page_box": Hostile(set_box("0", "0", "0", "0")),
    "short_page_box": Hostile(set_box("0", "0", "595"), code="repaired", words="MediaBox", rest=ALL),
    "page_box_of_names": Hostile(set_box("/A", "/B", "(c)", "<<>>"), code="repaired", words="MediaBox", rest=ALL),
    "crop_box_elsewhere": Hostile(set_box("9000", "9000", "9100", "9100", name="CropBox")),
    "odd_turn": Hostile(set_key("Rotate", "37")),
    "turn_by_a_name": Hostile(set_key("Rotate", "/Left")),
    "content_is_a_number": Hostile(set_key("Contents", "42"), code="page_damaged", page=VICTIM),
    "content_is_nested": Hostile(draw(b"[" * 200_000)),
    "dictionaries_are_nested": Hostile(draw(b"<</A " * 100_000)),
    "state_is_nested": Hostile(draw(b"q " * 300_000)),
    "unended_text": Hostile(draw(b"BT (never ended")),
    "unended_picture": Hostile(draw(b"BI /W 10 /H 10 ID aaaa")),
    "absurd_coordinates": Hostile(
        draw(b"q 1e30 0 0 1e30 0 0 cm 0 0 9 9 re f 99999999999999999999 0 m 1 1 l S BT /F 1e20 Tf (a) Tj ET Q")
    ),
    "collapsed_coordinates": Hostile(draw(b"q 0 0 0 0 0 0 cm 0 0 9 9 re f BT /F 9 Tf (a) Tj ET Q")),
    "coordinates_beyond_floats": Hostile(
        draw(b"q " + b"1e300 0 0 1e300 0 0 cm " * 3 + b"0 0 9 9 re f 0 0 m 9 9 l S Q")
    ),
    "endless_widths": Hostile(change_fonts(endless_widths), InputError, words="no page has text"),
    "endless_map": Hostile(change_fonts(endless_map), InputError, words="no page has text", seconds=10),
    "map_that_uses_itself": Hostile(change_fonts(map_that_uses_itself), InputError),
    "without_encodings": Hostile(change_fonts(without_encoding), InputError, words="encoding"),
    "odd_encodings": Hostile(change_fonts(with_odd_encoding), InputError, words="encoding"),
    "font_of_itself": Hostile(change_fonts(font_of_itself), InputError, words="no page has text"),
    "without_maps": Hostile(change_fonts(without_map, pages=4), InputError, words="Unicode"),
    "without_font_programs": Hostile(change_fonts(without_program, pages=4)),
    "without_fonts": Hostile(without_fonts),
    "colour_space_of_itself": Hostile(colour_space_of_itself),
    "odd_links": Hostile(odd_links),
    "damaged_content": Hostile(damaged_content, code="page_damaged", page=VICTIM),
    "content_not_there": Hostile(content_not_there, code="page_damaged", page=VICTIM),
    "page_tree_of_itself": Hostile(page_tree_of_itself),
    "page_of_another_generation": Hostile(
        page_of_another_generation, code="file_damaged", words="page tree|Pages tree", rest=ALL[:-1]
    ),
    "page_tree_without_leaves": Hostile(
        by_hand({2: b"<< /Type /Pages /Kids [2 0 R] /Count 9 >>"}), code="file_damaged"
    ),
    "more_pages_than_there_are": Hostile(
        lambda data: patch(uncompressed(data), rb"/Count 4", b"/Count 7"), code="file_damaged", words="7 pages"
    ),
    "object_of_itself": Hostile(by_hand({4: b"4 0 R"}), InputError),
    "length_of_itself": Hostile(by_hand({4: TEXT.replace(b"/Length 46", b"/Length 4 0 R")})),
    "catalog_of_itself": Hostile(by_hand({1: b"1 0 R"}), InputError),
    "broken_encryption": Hostile(by_hand({}, trailer=b"/Encrypt << /Filter /Odd /V 99 >>"), InputError),
    "wrong_xref": Hostile(wrong_xref, code="repaired", words="cross-reference", rest=ALL),
    "loop_of_xrefs": Hostile(loop_of_xrefs),
    "cut_at_half": Hostile(cut(0.5), ExtractionError),
    "cut_before_the_end": Hostile(cut(0.97), code="repaired", rest=ALL),
}
