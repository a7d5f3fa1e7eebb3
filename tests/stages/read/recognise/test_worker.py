"""One page's trouble costs that page, with its cause in the report; and recognition keeps to its limits."""

from __future__ import annotations

import io
import resource
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from pikepdf import Dictionary, Name
from PIL import Image

from pipeline.errors import InputError
from pipeline.run import reading
from pipeline.run.options import Limits
from pipeline.run.reading import recognise_pages
from pipeline.run.workers import WorkerPool
from pipeline.stages.read.recognise import worker
from pipeline.stages.read.recognise.seen import Request, SeenPage
from tests.stages.read.recognise.scanning import join, recognise_file, require_recognition, scan

pytestmark = pytest.mark.check

PATIENT = Limits(seconds=3000.0)
"""Limits that a sound page keeps on a busy machine too: what they do is tested with limits of its own."""


@pytest.fixture(autouse=True)
def _needs_recognition() -> None:
    require_recognition()


def picture_pdf(width: int, height: int) -> bytes:
    """Give a page of A4 that is one picture of a single colour: few bytes, many pixels."""
    data = io.BytesIO()
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(595, 842))
        picture = pikepdf.Stream(pdf, b"\xff" * (height * ((width + 7) // 8)))
        picture.Type, picture.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
        picture.Width, picture.Height, picture.BitsPerComponent = width, height, 1
        picture.ColorSpace = pikepdf.Name.DeviceGray
        name = page.add_resource(picture, pikepdf.Name.XObject)
        page.contents_add(f"q 595 0 0 842 0 0 cm {name} Do Q".encode())
        pdf.save(data, compress_streams=True)
    return data.getvalue()


def request(path: Path, page: int = 1, password: str | None = None) -> Request:
    return Request(str(path), page, password, ("lav",))


def recognise(*requests: Request, limits: Limits = PATIENT) -> list[SeenPage | str]:
    """Have pages recognised by a pool; give what was seen of each, or why nothing was."""
    with WorkerPool(1, limits.megabytes) as pool:
        asked = dict(enumerate(requests))
        return list(recognise_pages(pool, limits, lambda done, total: None, asked).values())


def test_a_page_that_cannot_be_recognised_costs_that_page_alone(short_booklet: Path, tmp_path: Path) -> None:
    path = tmp_path / "scans.pdf"
    huge = picture_pdf(12000, 12000)
    path.write_bytes(join((huge, (1,)), (scan(short_booklet.read_bytes(), (1,), dpi=200), (1,))))
    done = recognise_file(path, language="lv", limits=PATIENT)
    assert [page.recognised for page in done.source.pages] == [False, True]
    bad, good = done.issues
    assert (bad.code, bad.page, bad.severity) == ("page_not_recognised", 1, "error")
    assert "12000 × 12000 pixels" in bad.message
    assert "scan the page again" not in bad.message
    assert (good.code, good.page) == ("page_recognised", 2)


def test_a_page_whose_picture_is_damaged_says_so(short_booklet: Path, tmp_path: Path) -> None:
    """pdfium draws a white page where it can't decode the picture; the page is an error, and the next one is read."""
    path = tmp_path / "scans.pdf"
    with pikepdf.open(io.BytesIO(scan(short_booklet.read_bytes(), (1, 2), dpi=200, edge=3))) as pdf:
        (picture,) = pdf.pages[0].Resources.XObject.values()
        picture.write(b"no JPEG at all" * 500, filter=pikepdf.Name.DCTDecode)
        pdf.save(path)
    done = recognise_file(path, language="lv", limits=PATIENT)
    assert [page.recognised for page in done.source.pages] == [False, True]
    bad, good = done.issues
    assert (bad.code, bad.page, bad.severity) == ("page_not_recognised", 1, "error")
    assert "picture is damaged" in bad.message
    assert (good.code, good.page) == ("page_recognised", 2)


def test_where_no_page_can_be_recognised_the_run_ends_with_the_cause(tmp_path: Path) -> None:
    path = tmp_path / "scans.pdf"
    path.write_bytes(picture_pdf(12000, 12000))
    with pytest.raises(InputError, match="page 1: a picture of 12000 × 12000 pixels"):
        recognise_file(path, language="lv", limits=PATIENT)


def test_an_error_of_the_program_is_called_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(request: Request) -> None:
        raise IndexError("an empty slice")

    monkeypatch.setattr(worker, "recognise", fail)
    monkeypatch.setattr(worker.signal, "signal", lambda number, handler: None)
    found = worker.recognise_page(request(Path("scans.pdf")))
    assert found == "recognising it failed by an error of the program, IndexError: an empty slice"


def test_pages_that_fail_do_not_keep_the_language_from_being_told(short_booklet: Path, tmp_path: Path) -> None:
    path = tmp_path / "scans.pdf"
    huge = picture_pdf(12000, 12000)
    path.write_bytes(join((huge, (1,)), (huge, (1,)), (huge, (1,)), (scan(short_booklet.read_bytes(), (1,)), (1,))))
    done = recognise_file(path, known_languages=("lv",), limits=PATIENT)
    assert [page.recognised for page in done.source.pages] == [False, False, False, True]


@pytest.mark.parametrize(
    ("limits", "reason"),
    [(Limits(seconds=1.5), "more than 0.3 seconds"), (Limits(megabytes=300), "more memory than the limit allows")],
)
def test_a_page_over_its_limit_says_which(short_booklet: Path, tmp_path: Path, limits: Limits, reason: str) -> None:
    path = tmp_path / "scan.pdf"
    path.write_bytes(scan(short_booklet.read_bytes(), (1,), dpi=100))
    (found,) = recognise(request(path), limits=limits)
    assert reason in str(found)


def test_pages_after_the_files_time_are_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "SCAN_SECONDS", 0.0)
    path = tmp_path / "scan.pdf"
    path.write_bytes(picture_pdf(100, 100))
    found = recognise(*[request(path)] * 8, limits=Limits(seconds=-1.0))
    assert len(found) == 8
    assert all("--time-limit" in str(reason) for reason in found)


@pytest.mark.parametrize("size", [(2480, 3508), (14400, 14400), (40, 9000)])
def test_a_page_of_any_size_is_drawn_within_the_same_number_of_pixels(tmp_path: Path, size: tuple[int, int]) -> None:
    path = tmp_path / "page.pdf"
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=size)
        pdf.save(path)
    pixels = worker._draw(request(path))
    height, width = pixels.shape[:2]
    assert 0.9 * worker.MOST_PIXELS * min(1, size[0] * size[1] * 17.36 / worker.MOST_PIXELS) <= height * width
    assert height * width <= 1.01 * worker.MOST_PIXELS


def test_what_is_drawn_is_what_can_be_seen_of_a_locked_file(short_booklet: Path, tmp_path: Path) -> None:
    path = tmp_path / "locked.pdf"
    with pikepdf.open(short_booklet) as pdf:
        pdf.pages[1].CropBox = [50, 60, 450, 500]
        pdf.save(path, encryption=pikepdf.Encryption(owner="owner", user="user"))
    pixels = worker._draw(request(path, 2, "user"))
    assert pixels.shape[:2] == pytest.approx((440 * 300 / 72, 400 * 300 / 72), abs=2)
    with pytest.raises(worker.RecognitionError, match="can't be drawn"):
        worker._draw(request(path, 2, "wrong"))


@pytest.mark.parametrize("kind", ["Square", "Widget"])
def test_what_is_recognised_is_what_annotations_show(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "page.pdf"
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(72, 72)).obj
        black = pdf.make_stream(b"0 0 36 36 re f", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 36, 36])
        looks = Dictionary(N=black)
        page.Annots = [Dictionary(Type=Name.Annot, Subtype=Name("/" + kind), F=4, Rect=[0, 0, 36, 36], AP=looks)]
        pdf.save(path)
    pixels = worker._draw(request(path))
    assert (pixels[160:290, 10:140].max(), pixels[10:140].min()) == (0, 255)


def test_a_page_takes_less_than_its_memory_and_time(short_booklet: Path, tmp_path: Path) -> None:
    """The largest page that is drawn, with noise: 20 s of CPU time and 1 GiB are what a page may take."""
    path = tmp_path / "large.pdf"
    with Image.open(_first_picture(scan(short_booklet.read_bytes(), (1,), dpi=200, specks=300))) as picture:
        picture.convert("RGB").save(path, "PDF", resolution=72)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    (seen,) = recognise(request(path), limits=Limits(seconds=600))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert isinstance(seen, SeenPage)
    assert np.prod([seen.width, seen.height]) > 0.9 * worker.MOST_PIXELS
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 20


def _first_picture(pdf_bytes: bytes) -> io.BytesIO:
    with pikepdf.open(io.BytesIO(pdf_bytes)) as pdf:
        (picture,) = pdf.pages[0].Resources.XObject.values()
        return io.BytesIO(picture.read_raw_bytes())
