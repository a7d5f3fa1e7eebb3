"""Pictures of pages: as the boxes count, small enough, and never of another file."""

from __future__ import annotations

import hashlib
import io
import os
import time
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageChops, ImageFilter

from pipeline.errors import InputError
from pipeline.render import images
from pipeline.render.images import MAX_SIDE_PIXELS, PagePicture, draw_page, draw_pages
from pipeline.run.options import Limits, Options
from tests.hostile.building import forms_in_forms
from tests.reading import read_source


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def open_picture(picture: PagePicture) -> Image.Image:
    return Image.open(io.BytesIO(picture.webp)).convert("L")


@pytest.fixture(scope="module")
def one_page(short_booklet: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The booklet's first page alone."""
    path = tmp_path_factory.mktemp("one") / "page.pdf"
    with pikepdf.open(short_booklet) as pdf:
        del pdf.pages[1:]
        pdf.save(path)
    return path


def test_every_page_is_drawn_in_the_size_that_the_boxes_count_in(short_booklet: Path) -> None:
    drawn = draw_pages(short_booklet, sha256(short_booklet))
    read = read_source(short_booklet).pages
    assert [picture.number for picture in drawn] == [page.number for page in read]
    for picture, page in zip(drawn, read, strict=True):
        assert (picture.width, picture.height) == pytest.approx((page.width, page.height), abs=0.1)
        assert open_picture(picture).size == picture.pixels
        assert picture.pixels[0] / picture.pixels[1] == pytest.approx(page.width / page.height, rel=0.01)
        assert picture.failure is None


def test_ink_stands_where_the_glyphs_stand(one_page: Path) -> None:
    picture = draw_pages(one_page, sha256(one_page))[0]
    page = read_source(one_page).pages[0]
    glyphs = [glyph for glyph in page.glyphs if glyph.text.isalnum() and not glyph.concealed]
    image, scale = open_picture(picture), picture.pixels[0] / picture.width
    for glyph in glyphs[::25]:
        box = (glyph.x0 * scale - 1, glyph.top * scale - 1, glyph.x1 * scale + 1, glyph.bottom * scale + 1)
        darkest, lightest = image.crop(tuple(round(value) for value in box)).getextrema()  # type: ignore[arg-type]
        assert isinstance(darkest, int)
        assert isinstance(lightest, int)
        assert darkest < lightest - 60, glyph


def test_a_page_that_the_reader_turns_upright_is_drawn_upright(one_page: Path, tmp_path: Path) -> None:
    """`/Rotate` alone is in both pictures; content that then runs across is turned by the reader."""
    upright = draw_pages(one_page, sha256(one_page))[0]
    for degrees in (90, 180, 270):
        path = tmp_path / f"{degrees}.pdf"
        with pikepdf.open(one_page) as pdf:
            pdf.pages[0].Rotate = degrees
            pdf.save(path)
        page = read_source(path, pages=[1]).pages[0]
        assert page.turned == 360 - degrees
        picture = draw_pages(path, sha256(path))[0]
        assert (picture.width, picture.height) == pytest.approx((page.width, page.height), abs=0.1)
        assert picture.pixels == upright.pixels
        difference = ImageChops.difference(open_picture(picture), open_picture(upright))
        assert sum(difference.histogram()[100:]) < 0.01 * picture.pixels[0] * picture.pixels[1]


def test_a_pipe_is_no_file_to_wait_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.pdf")
    with pytest.raises(InputError, match="no plain file"):
        draw_pages(tmp_path / "pipe.pdf", "0" * 64)


def test_another_file_than_was_run_is_refused(short_booklet: Path) -> None:
    with pytest.raises(InputError, match="has changed since it was run"):
        draw_pages(short_booklet, "0" * 64)


def test_missing_and_damaged_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        draw_pages(tmp_path / "none.pdf", "0" * 64)
    path = tmp_path / "damaged.pdf"
    path.write_bytes(b"%PDF-1.7\nnothing")
    with pytest.raises(InputError, match="can't be drawn"):
        draw_pages(path, sha256(path))


def test_a_locked_file_takes_its_password(short_booklet: Path, tmp_path: Path) -> None:
    path = tmp_path / "locked.pdf"
    with pikepdf.open(short_booklet) as pdf:
        pdf.save(path, encryption=pikepdf.Encryption(user="open", owner="own"))
    with pytest.raises(InputError, match="--password"):
        draw_pages(path, sha256(path))
    assert len(draw_pages(path, sha256(path), Options(password="open"))) == 4


def test_the_resolution_falls_until_the_pictures_fit(one_page: Path) -> None:
    fine = draw_pages(one_page, sha256(one_page))
    total = sum(len(picture.webp) for picture in fine)
    coarse = draw_pages(one_page, sha256(one_page), budget=total - 1)
    assert sum(len(picture.webp) for picture in coarse) < total
    assert all(one.pixels < other.pixels for one, other in zip(coarse, fine, strict=True))
    least = draw_pages(one_page, sha256(one_page), budget=0)
    assert least[0].pixels[0] == pytest.approx(least[0].width * images.RESOLUTIONS[-1] / 72, abs=1)


def test_a_huge_page_gives_no_huge_picture(tmp_path: Path) -> None:
    path = tmp_path / "huge.pdf"
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(14400, 3))
        pdf.save(path)
    picture = draw_pages(path, sha256(path))[0]
    assert picture.failure is None
    assert max(picture.pixels) == MAX_SIDE_PIXELS


def test_a_page_that_cannot_be_drawn_says_so(short_booklet: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(page: pypdfium2.PdfPage, resolution: int, turned: int) -> Image.Image:
        raise pypdfium2.PdfiumError("broken content")

    monkeypatch.setattr(images, "_render", fail)
    picture = draw_page(short_booklet, None, 2, 72)
    assert (picture.number, picture.failure, picture.webp) == (2, "broken content", b"")


def test_a_page_that_never_ends_is_stopped_and_the_others_are_drawn(short_booklet: Path, tmp_path: Path) -> None:
    """Forms that draw forms, turned so that the read stage is asked for the page's direction as well."""
    path = tmp_path / "endless.pdf"
    path.write_bytes(forms_in_forms(short_booklet.read_bytes()))
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        for page in pdf.pages:
            page.obj["/Rotate"] = 90
        pdf.save(path)
    # A page has a tenth; the sound ones take a fiftieth of that, on a machine that has nothing else to do.
    options = Options(limits=Limits(seconds=20))
    begun = time.monotonic()
    failures = [picture.failure for picture in draw_pages(path, sha256(path), options)]
    assert time.monotonic() - begun < 60
    assert sum(failure is None for failure in failures) == 3
    (failure,) = filter(None, failures)
    assert "gave no result" in failure  # it takes more than 2 seconds, or its reader runs out of memory before


def test_photographs_are_not_reduced_to_a_palette() -> None:
    soft = Image.effect_noise((256, 256), 90).filter(ImageFilter.GaussianBlur(3))
    photograph = Image.merge("RGB", (Image.radial_gradient("L"), Image.linear_gradient("L"), soft))
    flat = Image.new("RGB", (256, 256), "#dce6f1")
    assert b"VP8L" not in images._encode(photograph)[:32]
    assert b"VP8L" in images._encode(flat)[:32]
