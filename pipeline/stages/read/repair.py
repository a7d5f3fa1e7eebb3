"""Looks a PDF over with qpdf (pikepdf), and rewrites a damaged one: bytes → `QpdfFindings`.

pdfminer, which reads the pages, passes over much damage in silence: a stream that can't be inflated is an empty page
to it, and so is a content object that is not there. qpdf reports the first, and `missing_objects` finds the second.
Runs in child processes only (`pipeline/run/workers.py`): qpdf is C++, and a hostile file may bring it down.
"""

from __future__ import annotations

import io
import logging
import re
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from logging.handlers import BufferingHandler
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pipeline.stages.read.objects import read_dict
from pipeline.text.wording import count

if TYPE_CHECKING:
    import pikepdf
    from pdfplumber.page import Page as PlumberPage

QUOTED_PROBLEMS: Final = 3
"""How many of qpdf's findings are quoted; the first are the causes of the others."""
QUOTED_CHARACTERS: Final = 160
"""How much of a finding is quoted."""
MAX_TREE: Final = 20_000
"""How many objects of a page are looked at to find out whether a damaged one is among them: a limit of time."""
CUT_SHORT: Final = "its content is cut short"
TOO_DEEP: Final = "its forms are nested too deep to be followed"
UNSEEN: Final = (CUT_SHORT, TOO_DEEP)
"""Damage by which text is lost that no reader can see."""
_OBJECT: Final = re.compile(r"object (\d+) (\d+)")
_STREAM_NAME: Final = re.compile(r"^(?:WARNING: )?(?:stream <[^>]*>[:,]? ?)?")
_STRUCTURE: Final = re.compile("file is damaged|reconstruct|expected endstream")
"""What qpdf's findings on a file's structure have in common."""
_DROPPED: Final = re.compile("Pages tree")
"""What qpdf's warnings on branches that it leaves out of the page tree have in common."""
_PAGE_OBJECT: Final = re.compile(rb"\b(\d+)\s+\d+\s+obj\b(?:(?!endobj).){0,2000}?/Type\s*/Page(?![A-Za-z])", re.DOTALL)
QUARTER_TURNS: Final = (0, 90, 180, 270)


class QpdfFindings(NamedTuple):
    """What qpdf finds.

    Attributes:
        pages: Number of pages; None where it is not known.
        repairs: What of the file's structure had to be repaired, in words.
        lost: What is lost though it may be on no page, in words.
        damaged: Page number and damage of each page with a damaged part.
        copy: The file rewritten, where its structure is damaged; without a password.
        locked: The password is missing or wrong.
    """

    pages: int | None = None
    repairs: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    damaged: tuple[tuple[int, str], ...] = ()
    copy: bytes | None = None
    locked: bool = False


def check_pdf(data: bytes, password: str | None, *, rewrite: bool = False) -> QpdfFindings:
    """Look a PDF over.

    Args:
        data: The file.
        password: User or owner password, where the file needs one.
        rewrite: Rewrite the file even where qpdf finds its structure sound.

    Returns:
        What qpdf finds.
    """
    import pikepdf

    rebuilt: list[str] = []
    with _logged_warnings() as logged:
        try:
            pdf = pikepdf.open(io.BytesIO(data), password=password or "", suppress_warnings=True)
        except pikepdf.PasswordError:
            return QpdfFindings(locked=True)
        except pikepdf.PdfError as error:
            # What qpdf can't rebuild, a cross-reference stream of wrong widths, pdfium may.
            try:
                pdf = pikepdf.open(io.BytesIO(_rebuild(data, password)), suppress_warnings=True)
            except (pikepdf.PdfError, pikepdf.PasswordError):
                return QpdfFindings(lost=(f"the file is damaged beyond repair ({_tidy(str(error))})",))
            rebuilt = [f"{error}; rebuilt by pdfium"]
    with pdf:
        lost: list[str] = []
        pages: int | None = None
        try:
            declared = pdf.Root.Pages.get("/Count")
            pages = len(pdf.pages)
        except (pikepdf.PdfError, AttributeError, KeyError, TypeError, ValueError) as error:
            lost.append(f"the page tree can't be followed ({_tidy(str(error))})")
        else:
            if isinstance(declared, int) and declared > pages:
                lost.append(f"the file should have {count(declared, 'page')}, and {pages} could be found")
        said = "\n".join(record.getMessage() for record in logged).splitlines()
        structure = [*filter(str.strip, said), *rebuilt, *map(str, pdf.get_warnings())]
        lost += [_tidy(warning) for warning in structure if _DROPPED.search(warning)]
        if structure and pages is not None and not lost:
            written = len({match[1] for match in _PAGE_OBJECT.finditer(data)})  # in the page tree or not
            if written > pages:
                lost.append(f"the file holds {count(written, 'page')}, and its page tree {pages}")
        if _is_drawn_by_xfa(pdf.Root):
            lost.append("its form is drawn by XFA, which is not read; print it to a new PDF")
        try:
            problems = [problem for problem in pdf.check_pdf_syntax() if problem not in structure]
        except (pikepdf.PdfError, RuntimeError) as error:  # the second is what pikepdf makes of qpdf's internal errors
            problems = [str(error)]
        damaged, others = _place_problems(pdf, problems if pages else [])
        # Some damage of the file's structure shows only when streams are parsed: a length at a wrong place.
        structure += [problem for problem in problems if _STRUCTURE.search(problem)]
        if structure and pages:
            # Of a repaired file: a content that was cut off is an entry that qpdf has dropped.
            known = {number for number, _ in damaged}
            damaged += tuple(
                (number, "its content is not in the file")
                for number, page in enumerate(pdf.pages, start=1)
                if number not in known and page.obj.get("/Contents") is None
            )
        copy: bytes | None = None
        if rewrite:
            others = (*others, *_mend_pages(pdf))
        if structure or rewrite:
            rewritten = io.BytesIO()
            pdf.save(rewritten, encryption=False)
            copy = rewritten.getvalue()
        repairs = _quote(list(dict.fromkeys([*structure, *others])))
        if rewrite and not repairs:
            repairs = ("written anew by qpdf, because it could not be opened",)
    return QpdfFindings(pages, repairs, tuple(lost), damaged, copy)


def _is_drawn_by_xfa(catalog: pikepdf.Object) -> bool:
    """Return whether a file's pages only ask the reader to wait: its viewer draws others (ISO 32000-2, K.1)."""
    import pikepdf

    form = catalog.get("/AcroForm")
    if not isinstance(form, pikepdf.Dictionary) or "/XFA" not in form:
        return False
    return bool(catalog.get("/NeedsRendering") or not form.get("/Fields"))


def _rebuild(data: bytes, password: str | None) -> bytes:
    """Have pdfium read and write a file anew; nothing where it can't."""
    import pypdfium2

    rewritten = io.BytesIO()
    with suppress(pypdfium2.PdfiumError), pypdfium2.PdfDocument(data, password=password) as document:
        document.save(rewritten)
    return rewritten.getvalue()


@contextmanager
def _logged_warnings() -> Iterator[list[logging.LogRecord]]:
    """Return what pikepdf logs: what its qpdf repairs in the page tree on opening a file is no warning of the file."""
    logger, listener = logging.getLogger("pikepdf"), BufferingHandler(sys.maxsize)
    propagate, logger.propagate = logger.propagate, False
    logger.addHandler(listener)
    try:
        yield listener.buffer
    finally:
        logger.removeHandler(listener)
        logger.propagate = propagate


def missing_objects(page: PlumberPage) -> tuple[str, ...]:
    """Find which content, fonts and forms a page names that the file does not hold.

    Args:
        page: A page of an open file.

    Returns:
        What is missing, in words. (The standard takes a missing object for an empty one; a page that asks for nothing
        to be drawn does not come out of a sound file.)
    """
    from pdfminer.pdftypes import PDFObjRef, resolve1

    def absent(value: object) -> bool:
        return isinstance(value, PDFObjRef) and resolve1(value) is None

    attributes = page.page_obj.attrs
    contents = resolve1(attributes.get("Contents"))
    parts = contents if isinstance(contents, list) else [attributes.get("Contents")]
    found = ["its content is not in the file"] * any(map(absent, parts))
    found += ["its resources are not in the file"] * absent(page.page_obj.resources)
    for kind, word in (("Font", "font"), ("XObject", "form or picture")):
        entries = read_dict(read_dict(page.page_obj.resources).get(kind))
        mute = [name for name, entry in entries.items() if kind == "Font" and _mute(entry)]
        found += [f"the font {name} has no encoding that is known" for name in mute]
        found += [f"the {word} {name} is not in the file" for name, entry in entries.items() if absent(entry)]
    return tuple(found)


def _mute(font: object) -> bool:
    """Return whether a font is composite without a known encoding: pdfminer takes none of its text for drawn."""
    from pdfminer.cmapdb import CMapDB
    from pdfminer.pdftypes import resolve1
    from pdfminer.psparser import PSLiteral, literal_name

    font = resolve1(font)
    if not isinstance(font, dict) or literal_name(resolve1(font.get("Subtype"))) != "Type0":
        return False
    encoding = resolve1(font.get("Encoding"))
    if not isinstance(encoding, PSLiteral):
        return encoding is None
    try:
        CMapDB.get_cmap(literal_name(encoding))
    except CMapDB.CMapNotFound:
        return True
    return False


def _place_problems(pdf: pikepdf.Pdf, problems: list[str]) -> tuple[tuple[tuple[int, str], ...], tuple[str, ...]]:
    """Find which pages qpdf's problems concern, and which concern none."""
    if not problems:
        return (), ()
    by_object: dict[tuple[int, int], str] = {}
    others: list[str] = []
    for problem in problems:
        found = _OBJECT.search(problem)
        if found is None:
            others.append(problem)
        else:
            by_object.setdefault((int(found[1]), int(found[2])), problem)
    damaged: list[tuple[int, str]] = []
    placed: set[tuple[int, int]] = set()
    for number, page in enumerate(pdf.pages, start=1):
        mine = by_object.keys() & set(_walk(page.obj))
        placed |= mine
        if _is_cut_short(pdf, page.obj):
            damaged.append((number, CUT_SHORT))
        else:
            damaged += [(number, _tidy(by_object[key])) for key in sorted(mine)]
    others += [problem for key, problem in by_object.items() if key not in placed]
    return tuple(damaged), tuple(others)


def _is_cut_short(pdf: pikepdf.Pdf, page: pikepdf.Object) -> bool:
    """Return whether compressed content of a page, or a form that it draws, ends before its last block of data.

    No reader sees what is cut off, and each shows what is before. A stream that lacks its checksum alone is whole
    (RFC 1950), and so is one that its writer flushed and did not end (RFC 1951: an empty block).
    """
    import pikepdf

    contents = page.get("/Contents")
    parts = list(contents) if isinstance(contents, pikepdf.Array) else [contents]
    drawn = {part.objgen for part in parts if isinstance(part, pikepdf.Stream)}
    for key in _walk(page):
        item = pdf.get_object(key) if key != (0, 0) else None
        if not isinstance(item, pikepdf.Stream) or (key not in drawn and item.get("/Subtype") != "/Form"):
            continue
        if item.get("/Filter") not in (pikepdf.Name.FlateDecode, pikepdf.Array([pikepdf.Name.FlateDecode])):
            continue
        data = item.read_raw_bytes()
        inflater = zlib.decompressobj(wbits=-zlib.MAX_WBITS)
        try:
            inflater.decompress(data[2:])
        except zlib.error:
            continue
        if not inflater.eof and not data.rstrip(b"\r\n").endswith(b"\x00\x00\xff\xff"):
            return True
    return False


def _walk(root: pikepdf.Object) -> Iterator[tuple[int, int]]:
    """Return the numbers of the objects that a page is drawn from; pictures, other pages and the page tree left out."""
    import pikepdf

    seen: set[tuple[int, int]] = set()
    stack: list[Any] = [root]
    while stack and len(seen) < MAX_TREE:
        item = stack.pop()
        is_map = isinstance(item, (pikepdf.Dictionary, pikepdf.Stream))
        if not isinstance(item, pikepdf.Object) or item.objgen in seen:
            continue
        if item.is_indirect:
            seen.add(item.objgen)
        if is_map and (
            (item.get("/Type") in ("/Page", "/Pages") and item is not root) or item.get("/Subtype") == "/Image"
        ):
            continue
        yield item.objgen
        if is_map:
            stack += [value for name, value in item.items() if name not in ("/Parent", "/Annots")]
        elif isinstance(item, pikepdf.Array):
            stack.extend(item)


def _mend_pages(pdf: pikepdf.Pdf) -> tuple[str, ...]:
    """Take away what keeps pdfminer from opening a file: a `/Rotate` of no quarter turn, a `/CropBox` of no numbers."""
    found: list[str] = []
    for number, page in enumerate(pdf.pages, start=1):
        try:
            sound = "/CropBox" not in page.obj or len([float(part) for part in page.obj.CropBox]) == 4
        except (TypeError, ValueError):
            sound = False
        if not sound:
            del page.obj["/CropBox"]
            found.append(f"page {number} had a /CropBox that is no box")
        turn = page.obj.get("/Rotate", 0)
        if not isinstance(turn, int) or turn % 360 not in QUARTER_TURNS:
            del page.obj["/Rotate"]
            found.append(f"page {number} had a /Rotate that is no turn")
    return tuple(found)


def _quote(problems: list[str]) -> tuple[str, ...]:
    """Return the first of qpdf's findings as one repair, and say how many there are."""
    tidy = list(dict.fromkeys(_tidy(problem) for problem in problems))
    if not tidy:
        return ()
    more = f"; and {count(len(tidy) - QUOTED_PROBLEMS, 'finding')} more" if len(tidy) > QUOTED_PROBLEMS else ""
    return ("; ".join(tidy[:QUOTED_PROBLEMS]) + more,)


def _tidy(problem: str) -> str:
    """Return a finding without the name that the library gives to the bytes it reads."""
    return " ".join(_STREAM_NAME.sub("", problem).split())[:QUOTED_CHARACTERS]
