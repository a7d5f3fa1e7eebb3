"""Kinds of damage and oddity: nothing is lost in silence; what two readers see agrees, or an issue says so."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from pipeline.errors import InputError
from pipeline.models.page import Page, Source
from pipeline.models.report import Issue
from pipeline.stages.read.checks import find_issues, gather_edition
from pipeline.stages.read.page import failed_page
from pipeline.stages.read.repair import QpdfFindings, _quote
from pipeline.stages.read.tasks import PdfFile, check_file, open_file, read_page_of
from tests.stages.read.building import form, read_twice, text_of, write_pdf

PAGES: Final = 3
TEXT: Final = "BT /F 10 Tf 50 500 Td (Before) Tj ET"
AFTER: Final = " BT /F 10 Tf 50 300 Td (After) Tj ET"


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    return tmp_path / "page.pdf"


def read_whole(path: Path, *, rewrite: bool = False) -> tuple[list[Page], list[Issue], QpdfFindings]:
    """Read a file as a run does: looked over by qpdf, the copy read where there is one."""
    copy = path.with_suffix(".copy")
    verdict = check_file(PdfFile(path), copy, rewrite)
    file = PdfFile(path, copy=copy if verdict.copy is not None else None)
    opened = open_file(file)
    file = file._replace(sha256=opened.sha256)
    read = [read_page_of(file, number) for number in range(1, opened.pages + 1)]
    missing = [(page.number, what) for page, parts in read for what in parts]
    pages = [page for page, _ in read]
    return pages, list(find_issues(verdict.lost, (*verdict.damaged, *missing), pages)), verdict


def three_pages(
    change: Callable[[pikepdf.Pdf, Dictionary], object] = lambda pdf, tree: None, *, packed: bool = True
) -> bytes:
    """Give a file of three pages; `packed` into an object stream, with a cross-reference stream."""
    target = io.BytesIO()
    with pikepdf.new() as pdf:
        font = Dictionary(F=Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
        for number in range(1, PAGES + 1):
            page = Dictionary(Type=Name.Page, MediaBox=Array([0, 0, 400, 600]), Resources=Dictionary(Font=font))
            page.Contents = pdf.make_stream(f"BT /F 10 Tf 50 500 Td (Page{number}) Tj ET".encode())
            pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))
        change(pdf, pdf.Root.Pages)
        mode = pikepdf.ObjectStreamMode
        pdf.save(
            target, static_id=True, compress_streams=False,
            object_stream_mode=mode.generate if packed else mode.disable,
        )  # fmt: skip
    return target.getvalue()


def test_so_many_findings_are_quoted_and_so_much_of_each() -> None:
    assert _quote(["a" * 200, "b", "b", "c", "d"]) == ("a" * 160 + "; b; c; and 1 finding more",)


def assert_all_read(path: Path) -> tuple[list[Issue], QpdfFindings]:
    pages, issues, verdict = read_whole(path)
    assert [text_of(page) for page in pages] == ["Page1", "Page2", "Page3"]
    assert all(page.second is not None and page.second.agrees for page in pages)
    assert not [issue for issue in issues if issue.severity == "error"]
    return issues, verdict


def cut_content(data: bytes, keep: Callable[[bytes], bytes]) -> bytes:
    """Give a file whose second page has compressed content, of which `keep` gives what is left, at its true length."""

    def change(pdf: pikepdf.Pdf, tree: Dictionary) -> None:
        stream = pdf.make_stream(b"")
        stream.write(keep(zlib.compress(data)), filter=Name.FlateDecode)
        tree.Kids[1].Contents = stream

    return three_pages(change, packed=False)


LONG: Final = b"BT /F 10 Tf 50 500 Td (Page2) Tj ET" + b"".join(
    b" BT /F 10 Tf 50 %d Td (Line %d of %d) Tj ET" % (480 - number, number, number * number) for number in range(90)
)


@pytest.mark.parametrize("change", [300, 7, -9])
def test_content_of_a_wrong_length_is_repaired(pdf: Path, change: int) -> None:
    drawn = (
        b"BT /F 10 Tf 50 500 Td 12 TL (Page2) Tj" + b"".join(b" (Line %d) '" % number for number in range(9)) + b" ET"
    )

    def content(file: pikepdf.Pdf, tree: Dictionary) -> None:
        tree.Kids[1].Contents = file.make_stream(drawn)

    data, length = three_pages(content, packed=False), b"/Length %d"
    assert data.count(length % len(drawn)) == 1
    pdf.write_bytes(data.replace(length % len(drawn), length % (len(drawn) + change)))
    pages, issues, _ = read_whole(pdf)
    assert text_of(pages[1]) == "Page2" + "".join(f"Line {number}" for number in range(9))
    assert not [issue for issue in issues if issue.severity == "error"]


@pytest.mark.parametrize("share", [0.4, 0.9])
def test_content_that_is_cut_short_is_an_error_though_readers_agree(pdf: Path, share: float) -> None:
    pdf.write_bytes(cut_content(LONG, lambda data: data[: int(share * len(data))]))
    _, issues, _ = read_whole(pdf)
    (issue,) = [issue for issue in issues if "cut short" in issue.message]
    assert (issue.code, issue.severity, issue.page) == ("page_damaged", "error", 2)


def flush_only(data: bytes) -> bytes:
    writer = zlib.compressobj()
    return writer.compress(zlib.decompress(data)) + writer.flush(zlib.Z_SYNC_FLUSH)


@pytest.mark.parametrize(
    "keep",
    [lambda data: data[:-4], lambda data: data[:-2], flush_only, lambda data: flush_only(data) + b"\r\n"],
    ids=["0", "2", "flush", "flush and line end"],
)
def test_content_without_its_checksum_is_whole(pdf: Path, keep: Callable[[bytes], bytes]) -> None:
    pdf.write_bytes(cut_content(b"BT /F 10 Tf 50 500 Td (Page2) Tj ET", keep))
    assert_all_read(pdf)


# --- the file's structure --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("widths", ["1 1 1", "1 3 1", "0 2 1", "2 2 1", "1 2 0", "1 9 1", "9 9 9"])
def test_a_cross_reference_stream_of_wrong_widths_is_rebuilt(pdf: Path, widths: str) -> None:
    sound = three_pages()
    damaged = re.sub(rb"/W \[ \d \d \d \]", b"/W [ %s ]" % widths.encode(), sound)
    assert damaged != sound
    pdf.write_bytes(damaged)
    _, verdict = assert_all_read(pdf)
    assert verdict.repairs


@pytest.mark.parametrize("change", [lambda size: 1, lambda size: size - 40, lambda size: size + 40])
def test_an_object_stream_of_a_wrong_length_is_repaired(pdf: Path, change: Callable[[int], int]) -> None:
    sound = three_pages()
    found = re.search(rb"/Type /ObjStm /Length (\d+)", sound)
    assert found is not None
    digits = b"%0*d" % (len(found[1]), change(int(found[1])))
    pdf.write_bytes(sound[: found.start(1)] + digits + sound[found.end(1) :])
    _, verdict = assert_all_read(pdf)
    assert verdict.repairs


def test_an_object_stream_of_fewer_objects_than_the_pages_is_an_error(pdf: Path) -> None:
    sound = three_pages()
    found = re.search(rb"/N (\d+)", sound)
    assert found is not None
    pdf.write_bytes(sound[: found.start(1)] + b"%d" % (int(found[1]) - 1) + sound[found.end(1) :])
    pages, issues, _ = read_whole(pdf)
    assert len(pages) == PAGES - 1
    assert "file_damaged" in {issue.code for issue in issues if issue.severity == "error"}


@pytest.mark.parametrize(
    "change",
    [
        lambda pdf, tree: tree.Kids.append(tree),
        lambda pdf, tree: tree.Kids.append(pdf.make_indirect(Dictionary(Type=Name.Pages, Kids=Array([tree]), Count=3))),
        lambda pdf, tree: tree.__setitem__("/Parent", tree.Kids[0]),
    ],
    ids=["itself", "a node that holds it", "a page as its parent"],
)
def test_a_page_tree_in_a_circle(pdf: Path, change: Callable[[pikepdf.Pdf, Dictionary], object]) -> None:
    pdf.write_bytes(three_pages(change, packed=False))
    assert_all_read(pdf)


@pytest.mark.parametrize("key", ["/CropBox", "/MediaBox"])
@pytest.mark.parametrize("box", ["[null 0 1 1]", "[0 0 1]", "(box)"])
def test_a_box_of_no_numbers_is_passed_over(pdf: Path, key: str, box: str) -> None:
    """pdfminer does not open such a file; rewritten without the box it does."""
    write_pdf(pdf, TEXT, change=lambda _, page: page.__setitem__(key, pikepdf.Object.parse(box.encode())))
    (page,), _, verdict = read_whole(pdf, rewrite=True)
    assert text_of(page) == "Before"
    assert any("Box" in repair for repair in verdict.repairs)


# --- contents --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "parts",
    [
        ("BT /F 10 Tf 50 500 Td [(Be) -50", " (fo)", "(re)] TJ ET"),
        ("BT /F 10 Tf 50 500 Td <4265", "666f7265> Tj ET"),
        ("BT /F 10 Tf", "50 500 Td", "(Before)", "Tj", "ET"),
        ("", "q BT /F 10 Tf 50 500 Td (Before) Tj", "ET Q", ""),
    ],
    ids=["array", "hexadecimal string", "no white space", "empty parts"],
)
def test_contents_that_part_an_operation(pdf: Path, parts: tuple[str, ...]) -> None:
    def change(file: pikepdf.Pdf, page: Dictionary) -> None:
        page.Contents = Array([file.make_stream(part.encode()) for part in parts])

    (page,), issues, _ = read_whole(write_pdf(pdf, "", change=change))
    assert (text_of(page), issues) == ("Before", [])


def test_a_string_that_contents_part_is_reported(pdf: Path) -> None:
    """Viewers differ on what stands between the parts; what is read of the line's end is no letter."""

    def change(file: pikepdf.Pdf, page: Dictionary) -> None:
        page.Contents = Array([file.make_stream(part) for part in (b"BT /F 10 Tf 50 500 Td (Be", b"fore) Tj ET")])

    (page,), issues, _ = read_whole(write_pdf(pdf, "", change=change))
    assert text_of(page) == "Be\ufffdfore"
    assert "glyphs_without_text" in {issue.code for issue in issues}


INLINE: Final = " q 50 0 0 50 100 100 cm BI /W 4 /H 4 /CS /G /BPC 8 {} Q"


@pytest.mark.parametrize(
    "image",
    [
        "ID 0123456789abcdef EI",
        "ID 0123456789abcdef\r\nEI",
        "ID 0123456789abcdefEI",
        "ID 0123 EI 89abcdef EI",
        "ID 01234 EI Q 9abc EI",
        f"ID {'0123456789abcdef' * 10} EI",
        "/F /AHx ID 30313233343536373839616263646566> EI",
        "/F /A85 ID 0JP==1c70M EI 2E*TU~>\nEI",
    ],
)
def test_what_stands_behind_an_inline_picture_is_read(pdf: Path, image: str) -> None:
    (page,), issues, _ = read_whole(write_pdf(pdf, TEXT + INLINE.format(image) + AFTER))
    assert text_of(page) == "BeforeAfter"
    assert not [issue for issue in issues if issue.severity == "error"]


@pytest.mark.parametrize(
    ("image", "code"), [("ID 0123 EI", "reader_disagrees"), ("ID 0123456789abcdef", "page_damaged")]
)
def test_a_broken_end_of_an_inline_picture_is_reported(pdf: Path, image: str, code: str) -> None:
    """Too few samples, or no end: readers differ on where it ends, or see none of the rest."""
    (page,), issues, _ = read_whole(write_pdf(pdf, TEXT + INLINE.format(image) + AFTER))
    assert text_of(page).startswith("Before")
    assert code in {issue.code for issue in issues}


@pytest.mark.parametrize("matrix", [(0, 0, 0), (0, 0, 0, 0, 0, 0, 1)])
def test_a_form_with_a_matrix_of_no_six_numbers_stands_where_it_is_drawn(pdf: Path, matrix: tuple[int, ...]) -> None:
    def change(file: pikepdf.Pdf, page: Dictionary) -> None:
        made = form(file, "BT /F 10 Tf 50 5 Td (Form) Tj ET", Matrix=Array(list(matrix)))
        page.Resources.XObject = Dictionary(X=made)

    (page,), issues, _ = read_whole(write_pdf(pdf, TEXT + " /X Do" + AFTER, change=change))
    assert (text_of(page), issues) == ("BeforeFormAfter", [])


@pytest.mark.parametrize(("content", "severity"), [("/X Do", "error"), (TEXT + " /X Do" + AFTER, "note")])
def test_a_picture_that_the_resources_lack_is_reported(pdf: Path, content: str, severity: str) -> None:
    """An error where it may have been all that the page shows; else the readers agree on the text."""
    _, issues, _ = read_whole(write_pdf(pdf, content))
    assert [(issue.code, issue.severity) for issue in issues] == [("page_damaged", severity)]
    assert "picture X is not among" in issues[0].message


@pytest.mark.parametrize("box", ["[0 /A 3]", "[0 0 1]", "/None"])
def test_a_form_without_a_box_costs_no_other_text_and_is_reported(pdf: Path, box: str) -> None:
    def change(file: pikepdf.Pdf, page: Dictionary) -> None:
        made = form(file, "BT /F 10 Tf 50 5 Td (Form) Tj ET", BBox=pikepdf.Object.parse(box.encode()))
        page.Resources.XObject = Dictionary(X=made)

    (page,), issues, _ = read_whole(write_pdf(pdf, TEXT + " /X Do" + AFTER, change=change))
    assert text_of(page) == "BeforeAfter"
    assert {"page_damaged"} <= {issue.code for issue in issues} <= {"page_damaged", "reader_disagrees"}


@pytest.mark.parametrize("needed", [True, False])
@pytest.mark.parametrize("fields", [0, 1])
def test_a_form_that_only_xfa_draws_is_reported(pdf: Path, needed: bool, fields: int) -> None:
    """A static XFA form has fields of the usual kind, too; a dynamic one has a page that asks the reader to wait."""

    def change(file: pikepdf.Pdf, page: Dictionary) -> None:
        field = file.make_indirect(Dictionary(FT=Name.Tx, T="name"))
        file.Root.AcroForm = Dictionary(XFA=file.make_stream(b"<xdp/>"), Fields=Array([field] * fields))
        if needed:
            file.Root.NeedsRendering = True

    (page,), issues, _ = read_whole(write_pdf(pdf, TEXT, change=change))
    assert text_of(page) == "Before"
    wanted = [("file_damaged", "error")] if needed or not fields else []
    assert [(issue.code, issue.severity) for issue in issues] == wanted


# --- fonts -----------------------------------------------------------------------------------------------------------

NAMES: Final = {65: "g1", 66: "g2", 67: "g3"}


@pytest.mark.parametrize(
    ("lines", "text", "reported"),
    [
        ("<41> <0061>\n<42> <0061>\n<43> <0062>", "aab", False),
        ("<41> <0061>\n<42> <>\n<43> <0062>", "a\ufffdb", True),
        ("<41> <006600660069>\n<42> <D83DDE00>\n<43> <0062>", "ffi\U0001f600b", False),
    ],
    ids=["several codes for a letter", "a code for nothing", "a code for several letters"],
)
def test_maps_to_unicode(pdf: Path, lines: str, text: str, reported: bool) -> None:
    (page,), issues, _ = read_whole(write_pdf(pdf, "BT /X 10 Tf 50 500 Td (ABC) Tj ET", names=NAMES, to_unicode=lines))
    assert text_of(page) == text
    assert ("glyphs_without_text" in {issue.code for issue in issues}) is reported


def composite(encoding: str, ordering: str) -> Callable[[pikepdf.Pdf, Dictionary], None]:
    def change(pdf: pikepdf.Pdf, page: Dictionary) -> None:
        system = Dictionary(Registry="Adobe", Ordering=ordering, Supplement=0)
        descriptor = Dictionary(
            Type=Name.FontDescriptor, FontName=Name.Own, Flags=4, FontBBox=Array([0, -200, 1000, 900]), ItalicAngle=0,
            Ascent=800, Descent=-200, CapHeight=700, StemV=80,
        )  # fmt: skip
        inner = Dictionary(
            Type=Name.Font, Subtype=Name.CIDFontType0, BaseFont=Name.Own, CIDSystemInfo=system, DW=1000,
            FontDescriptor=pdf.make_indirect(descriptor),
        )  # fmt: skip
        outer = Dictionary(
            Type=Name.Font, Subtype=Name.Type0, BaseFont=Name.Own, Encoding=Name("/" + encoding),
            DescendantFonts=Array([pdf.make_indirect(inner)]),
        )  # fmt: skip
        if ordering == "Identity":
            outer.ToUnicode = pdf.make_stream(
                b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Own def"
                b" 1 begincodespacerange <0000> <FFFF> endcodespacerange"
                b" 1 beginbfrange <0041> <005A> <0061> endbfrange endcmap end end"
            )
        page.Resources.Font["/V"] = outer

    return change


@pytest.mark.parametrize("encoding", ["Identity-H", "Identity-V"])
def test_vertical_writing(pdf: Path, encoding: str) -> None:
    content = "BT /V 12 Tf 200 500 Td <004100420043> Tj ET" + AFTER
    page = read_twice(write_pdf(pdf, content, change=composite(encoding, "Identity")))
    assert text_of(page) == "abcAfter"
    assert page.second is not None
    assert page.second.agrees
    tops = {glyph.top for glyph in page.glyphs if glyph.text in "abc"}
    assert len(tops) == (3 if encoding.endswith("V") else 1)


def test_a_string_of_which_a_cmap_knows_no_code_is_reported(pdf: Path) -> None:
    """pdfminer's map of this encoding has no full-width letters, and pdfium has none of it."""
    content = "BT /V 12 Tf 200 500 Td <65E5672C> Tj ET" + AFTER
    (page,), issues, _ = read_whole(write_pdf(pdf, content, change=composite("UniJIS-UCS2-HW-V", "Japan1")))
    assert "\ufffd" in text_of(page)
    assert "glyphs_without_text" in {issue.code for issue in issues}


def test_the_codes_of_a_type_3_font_are_read(pdf: Path) -> None:
    def change(file: pikepdf.Pdf, page: Dictionary) -> None:
        glyph: Any = file.make_stream(b"600 0 0 0 500 700 d1 0 0 500 700 re f")
        page.Resources.Font["/T"] = Dictionary(
            Type=Name.Font, Subtype=Name.Type3, FontBBox=Array([0, 0, 1000, 1000]), FirstChar=97, LastChar=99,
            FontMatrix=Array([0.001, 0, 0, 0.001, 0, 0]), Widths=Array([600] * 3), Resources=Dictionary(),
            CharProcs=Dictionary(a=glyph, b=glyph, c=glyph),
            Encoding=Dictionary(Differences=Array([97, Name.a, Name.b, Name.c])),
        )  # fmt: skip

    (page,), issues, _ = read_whole(write_pdf(pdf, "BT /T 10 Tf 50 500 Td (abc) Tj ET" + AFTER, change=change))
    assert (text_of(page), issues) == ("abcAfter", [])


@pytest.mark.parametrize("turn", ["1 0 0 1 50 500", "0 1 -1 0 50 500"])
@pytest.mark.parametrize("box", [(0, -20, 60, 80), (0, 0, 0, 0)])
def test_a_type_3_font_measured_in_pixels_has_the_size_of_its_glyphs(
    pdf: Path, turn: str, box: tuple[int, ...]
) -> None:
    """Glyphs that are scans of type are measured in pixels, and shown at a size of a tenth of a point or so."""

    def change(file: pikepdf.Pdf, page: Dictionary) -> None:
        glyph: Any = file.make_stream(b"60 0 0 0 50 70 d1 0 0 50 70 re f")
        page.Resources.Font["/T"] = Dictionary(
            Type=Name.Font, Subtype=Name.Type3, FontBBox=Array(list(box)), FirstChar=97, LastChar=99,
            FontMatrix=Array([1, 0, 0, 1, 0, 0]), Widths=Array([60] * 3), Resources=Dictionary(),
            CharProcs=Dictionary(a=glyph, b=glyph, c=glyph),
            Encoding=Dictionary(Differences=Array([97, Name.a, Name.b, Name.c])),
        )  # fmt: skip

    (page,), issues, _ = read_whole(write_pdf(pdf, f"BT /T 0.12 Tf {turn} Tm (abc) Tj ET" + AFTER, change=change))
    assert (text_of(page), issues) == ("abcAfter", [])
    assert 7 <= page.glyphs[0].size <= 13
    first, second = (glyph.x0 if glyph.upright else glyph.top for glyph in page.glyphs[:2])
    assert abs(second - first) == pytest.approx(7.2, abs=0.01)


# --- scans -----------------------------------------------------------------------------------------------------------


def test_few_letters_over_a_picture_of_the_page_are_read(pdf: Path) -> None:
    def change(file: pikepdf.Pdf, page: Dictionary) -> None:
        picture = file.make_stream(bytes(place * 37 % 256 for place in range(2400)))
        picture.Type, picture.Subtype, picture.Width, picture.Height = Name.XObject, Name.Image, 40, 60
        picture.ColorSpace, picture.BitsPerComponent = Name.DeviceGray, 8
        page.Resources.XObject = Dictionary(I=picture)

    (page,), issues, _ = read_whole(write_pdf(pdf, "q 400 0 0 600 0 0 cm /I Do Q " + TEXT, change=change))
    assert (text_of(page), issues) == ("Before", [])


@pytest.mark.parametrize(
    ("failure", "advice"),
    [("it takes more than 0.1 seconds to read (--time-limit)", "raise that limit"), ("broken", "get a sound copy")],
)
def test_no_text_names_the_limit_that_was_reached(failure: str, advice: str) -> None:
    with pytest.raises(InputError, match=advice) as caught:
        gather_edition("some", Source(file="some.pdf", sha256="0" * 64, pages=(failed_page(1, failure),)))
    assert failure in str(caught.value)
