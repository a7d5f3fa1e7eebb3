"""Which pages are scans, and what is said where they can't be recognised: no engine is needed here."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.errors import InputError
from pipeline.models.page import Glyph, Page, Picture, Source
from pipeline.run.options import Options
from pipeline.run.runner import extract, stitch_file
from pipeline.stages.read import recognise
from pipeline.stages.read.recognise import recognise_scans, scanned_pages
from pipeline.stages.read.recognise.hocr import SeenLine, SeenWord
from pipeline.stages.read.recognise.seen import SeenPage
from pipeline.stages.read.regions import SCAN_LETTERS, SCAN_SHARE, SCAN_SHARE_BESIDE_TEXT
from tests.reading import read_source
from tests.stages.read.recognise.scanning import join, recognise_file, scan, stamp


def page(number: int = 1, text: str = "", pictures: tuple[Picture, ...] = (), **glyph: object) -> Page:
    glyphs = tuple(
        Glyph(letter, 10 + 5 * place, 10, 15 + 5 * place, 20, 10, 0, 18)._replace(**glyph)  # type: ignore[arg-type]
        for place, letter in enumerate(text)
    )
    return Page(
        number=number,
        width=400,
        height=600,
        fonts=("Font",),
        glyphs=glyphs,
        rules=(),
        fills=(),
        links=(),
        pictures=pictures,
    )


def source(*pages: Page) -> Source:
    return Source(file="scan.pdf", sha256="0" * 64, pages=pages)


WHOLE = (Picture(0, 0, 400, 600),)
STRIPS = tuple(Picture(0, 100.0 * number, 400, 100.0 * (number + 1)) for number in range(6))


@pytest.mark.parametrize(
    ("candidate", "expected"),
    [
        pytest.param(page(pictures=WHOLE), True, id="picture"),
        pytest.param(page(pictures=STRIPS), True, id="strips"),
        pytest.param(page(text="Scanned 12", pictures=WHOLE), True, id="stamped"),
        pytest.param(page(text="x" * 500, pictures=WHOLE, concealed="invisible"), True, id="hidden layer"),
        pytest.param(page(text="\ufffd" * 500), True, id="no Unicode values"),
        pytest.param(page(text="x" * (SCAN_LETTERS + 1), pictures=WHOLE), False, id="text on a picture"),
        pytest.param(page(pictures=(Picture(0, 0, 400, 600 * (SCAN_SHARE - 0.1)),)), False, id="small picture"),
        pytest.param(page(pictures=(Picture(0, 0, 400, 600 * SCAN_SHARE),)), True, id="half a page"),
        pytest.param(
            page(text="A heading", pictures=(Picture(0, 0, 400, 600 * (SCAN_SHARE_BESIDE_TEXT - 0.1)),)),
            False,
            id="a heading above a diagram",
        ),
        pytest.param(
            page(text="A stamp", pictures=(Picture(0, 0, 400, 600 * SCAN_SHARE_BESIDE_TEXT),)), True, id="a stamp"
        ),
        pytest.param(page(pictures=WHOLE * 3 + (Picture(-900, -900, 0, 0),)), True, id="pictures over one another"),
        pytest.param(page(), False, id="empty"),
        pytest.param(page(text="text"), False, id="text"),
        pytest.param(page(pictures=WHOLE).model_copy(update={"failure": "damaged"}), False, id="unreadable"),
    ],
)
def test_what_is_a_scan(candidate: Page, *, expected: bool) -> None:
    assert (scanned_pages(source(candidate)) == (1,)) is expected


def test_pages_are_sampled_from_the_middle_outwards() -> None:
    assert [list(sample) for sample in recognise._samples(range(1, 20))] == [[10, 9], [11, 8], [12, 7]]


@pytest.mark.parametrize(
    ("letters", "probability", "language"), [(190, 0.99, None), (210, 0.99, "lv"), (210, 0.85, None), (210, 0.95, "lv")]
)
def test_a_language_is_detected_by_enough_letters_and_surely(
    letters: int, probability: float, language: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recognise, "detect_language", lambda _: ("lv", probability))
    assert recognise._detect("a" * letters + " 1" * 99) == language


@pytest.mark.parametrize(
    ("least", "marks", "severity", "words"),
    [
        (0.65, 0, "note", "24 words were recognised from a picture, 0 of them doubtful"),
        (0.55, 0, "warning", "24 words were recognised from a picture, 1 of them doubtful"),
        (0.65, 11, "note", "24 words were recognised from a picture, 0 of them doubtful"),
        (0.65, 13, "warning", "24 words were recognised from a picture, 0 of them doubtful; 13 marks"),
    ],
)
def test_what_is_said_of_a_recognised_page(least: float, marks: int, severity: str, words: str) -> None:
    sure = [least, *[0.9] * 23]
    line = SeenLine(
        words=tuple(SeenWord(text="a", x0=0, y0=0, x1=9, y1=9, confidence=each) for each in sure), baseline=9, size=9
    )
    seen = SeenPage(width=400, height=600, turn=0, skew=0.0, lines=(line,), marks=marks, rules=(), fills=())
    issue = recognise._describe(page(), page(), seen, "a")
    assert issue.severity == severity
    assert words in issue.message
    assert ("marks" in issue.message) is (marks > 12)
    assert len(issue.evidence) == 20


def test_a_file_without_scans_is_given_back_and_nothing_is_imported() -> None:
    content = source(page(text="text"))
    script = (
        "import sys; from pathlib import Path; from pipeline.stages.read.recognise import recognise_scans;"
        " from pipeline.models.page import Source;"
        " source = Source(file='a.pdf', sha256='0' * 64, pages=());"
        " assert recognise_scans(Path('a.pdf'), source, dict, edition='a').source is source;"
        " print([name for name in ('cv2', 'numpy', 'PIL') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
    assert recognise_scans(Path("a.pdf"), content, lambda requests: {}, edition="a").source is content


@pytest.fixture
def scanned_file(short_booklet: Path, tmp_path: Path) -> Path:
    path = tmp_path / "scan.pdf"
    path.write_bytes(scan(short_booklet.read_bytes(), (1,), dpi=72))
    return path


@pytest.fixture
def mixed_file(short_booklet: Path, tmp_path: Path) -> Path:
    path = tmp_path / "mixed.pdf"
    text = short_booklet.read_bytes()
    path.write_bytes(join((text, (1, 2)), (scan(text, (3,), dpi=72), (1,))))
    return path


@pytest.mark.parametrize("missing", ["cv2", "langcodes"])
def test_without_the_extra_one_line_says_what_to_install(
    scanned_file: Path, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    monkeypatch.setattr(recognise, "_is_installed", lambda name: name != missing)
    with pytest.raises(InputError) as caught:
        extract(scanned_file)
    assert caught.value.exit_code == 2
    assert "\n" not in str(caught.value)
    assert "pip install 'raccombat-pipeline[ocr]'" in str(caught.value)
    assert "tesseract-ocr" in str(caught.value)
    assert str(caught.value).startswith("scan")


def test_without_the_engine_one_line_says_so(scanned_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recognise, "_is_installed", lambda name: True)
    monkeypatch.setattr(recognise.shutil, "which", lambda name: None)
    with pytest.raises(InputError, match=r"Tesseract, which is not installed.*tesseract-ocr"):
        stitch_file(scanned_file, Options())


def fake_engine(folder: Path, monkeypatch: pytest.MonkeyPatch, *packs: str) -> None:
    engine = folder / "tesseract"
    engine.write_text("#!/bin/sh\nprintf '%s\\n' 'List of available languages' " + " ".join(packs) + "\n")
    engine.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(recognise, "_is_installed", lambda name: True)


def test_without_the_languages_data_its_package_is_named(
    scanned_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("langcodes")
    fake_engine(tmp_path, monkeypatch, "eng", "osd")
    with pytest.raises(InputError, match=r"'lv', for which the engine has no data.*tesseract-ocr-lav"):
        recognise_file(scanned_file, language="lv")


def test_without_any_data_the_engine_is_said_to_lack_it(
    scanned_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_engine(tmp_path, monkeypatch)
    with pytest.raises(InputError, match="no language data; install"):
        recognise_file(scanned_file, language="lv")


def test_where_other_pages_have_text_a_scan_is_an_error_of_its_page(
    mixed_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recognise, "_is_installed", lambda name: False)
    validated = extract(mixed_file)
    assert validated.report.status == "errors"
    (issue,) = (one for one in validated.report.issues if one.code == "page_not_recognised")
    assert (issue.page, issue.severity, issue.edition) == (3, "error", "mixed")
    assert "pip install" in issue.message
    assert len(validated.practices) == 2


def test_stamps_do_not_keep_a_page_from_being_a_scan(scanned_file: Path) -> None:
    scanned_file.write_bytes(stamp(scanned_file.read_bytes(), "Scanned by a machine"))
    read = read_source(scanned_file)
    assert "Scanned" in "".join(glyph.text for glyph in read.pages[0].glyphs)
    assert scanned_pages(read) == (1,)


def test_a_pages_issue_names_the_words_of_least_confidence(monkeypatch: pytest.MonkeyPatch) -> None:
    """Doubtful or not: the engine is sure of most words that it reads wrongly."""
    monkeypatch.setattr(recognise, "_installed_packs", lambda: ("lav",))
    words = [
        SeenWord(text=f"w{place}", x0=40 * place, y0=0, x1=40 * place + 30, y1=20, confidence=1 - place / 100)
        for place in range(30)
    ]
    line = SeenLine(words=tuple(words), baseline=20, size=20)
    seen = SeenPage(width=1600, height=2400, turn=0, skew=0, lines=(line,), marks=0, rules=(), fills=())
    content = source(page(pictures=WHOLE))
    done = recognise_scans(
        Path("a.pdf"), content, lambda requests: dict.fromkeys(requests, seen), edition="a", language="lv"
    )
    (issue,) = done.issues
    assert (issue.code, issue.severity) == ("page_recognised", "note")
    assert list(issue.evidence) == [f"w{place} ({1 - place / 100:.2f})" for place in range(29, 9, -1)]
