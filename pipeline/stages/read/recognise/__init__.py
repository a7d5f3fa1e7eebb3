"""Recognition: pages that are pictures of text → the same pages with glyphs, rules and fills; `Source` → `Source`.

Stands behind the read stage and before all others. OCRmyPDF (the extra `ocr`) turns and straightens the page and calls
Tesseract; every glyph gets the engine's confidence in its word. The coordinates of a recognised page are those of the
straightened page.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, Literal

from pydantic import ValidationError

from pipeline.errors import InputError
from pipeline.models.geometry import Frozen
from pipeline.models.page import Glyphs, Page, Source
from pipeline.models.report import Issue
from pipeline.stages.read.recognise.seen import Request, SeenPage, seen_path
from pipeline.stages.read.regions import is_scan
from pipeline.text.languages import detect_language

UNTOLD: Final = "\ufffd"
"""What the read stage gives for a glyph without a Unicode value."""
SAMPLE_PAGES: Final = 2
"""Pages that are recognised to tell the language, where nothing else does."""
LEAST_LETTERS: Final = 200
"""Letters of text of its own from which a file tells the language of its scans."""
LANGUAGE_PROBABILITY: Final = 0.9
"""Least probability of a language (langdetect's, 0 to 1)."""
DOUBTFUL_CONFIDENCE: Final = 0.6
"""Words of less confidence (0 to 1) are counted in the page's issue: on test pages, words with a letter too many or a
slash read as a letter had 0.55 and less, and few right ones did; the engine does not doubt a wrong quotation mark."""
MANY_MARKS: Final = 12
"""Marks of a letter's size without text from which a page's issue speaks of them: two words."""
PAGE_SECONDS: Final = 180.0
"""Most seconds for one page: a page of A4 at 300 dpi takes two to ten."""
POLL_SECONDS: Final = 0.25
"""How often the worker's progress is looked at."""
BACK: Final[dict[int, Literal[90, 180, 270]]] = {90: 270, 180: 180, 270: 90}
"""The turn that undoes a turn, in degrees clockwise."""
INSTALL: Final = "pip install 'raccombat-pipeline[ocr]' and Debian's tesseract-ocr with the language's data"


class Recognised(Frozen):
    """The result of recognition.

    Attributes:
        source: The file with its scanned pages recognised.
        issues: One or more per scanned page.
    """

    source: Source
    issues: tuple[Issue, ...]


def scanned_pages(source: Source) -> tuple[int, ...]:
    """Tell which pages can be read only by their look.

    These are pages with next to no visible glyph and a picture over most of the page, and pages whose glyphs have no
    Unicode values.

    Args:
        source: The file as read.

    Returns:
        Their 1-based numbers. A photograph over a whole page is among them: only recognition can tell.
    """
    return tuple(page.number for page in source.pages if _is_scan(page))


def _is_scan(page: Page) -> bool:
    if page.failure is not None or page.recognised:
        return False
    told = _count_told(page)
    untold = _seen_texts(page).count(UNTOLD)
    return untold > told or is_scan(page.pictures, page.width, page.height, told)


def _count_told(page: Page) -> int:
    """Count the glyphs that a reader sees and a program can tell."""
    return sum(count for text, count in Counter(_seen_texts(page)).items() if text != UNTOLD and text.strip())


def _seen_texts(page: Page) -> Sequence[str]:
    """Give the texts of the glyphs that can be seen."""
    glyphs = page.glyphs
    if not any(setting.concealed for setting in glyphs.settings):
        return glyphs.texts
    return [text for text, concealed in zip(glyphs.texts, glyphs.values("concealed"), strict=True) if not concealed]


def recognise_scans(
    path: Path,
    source: Source,
    *,
    edition: str,
    language: str | None = None,
    known_languages: Sequence[str] = (),
    password: str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Recognised:
    """Recognise the text of a file's scanned pages.

    Args:
        path: The file.
        source: The file as read.
        edition: Edition id, for issues and errors.
        language: BCP 47 code of the text, where known; otherwise it is told from the file's other pages, or from a
            first recognition with several language packs.
        known_languages: BCP 47 codes to try first where the language is not known.
        password: User password, where the file needs one.
        progress: Called with (pages done, pages in all).

    Returns:
        The file with its scanned pages recognised, and what to say of them. A file without scans is given back as it
        is, and nothing is imported. Where other pages have text, scans that can't be recognised are issues.

    Raises:
        InputError: No page has text, and the scans can't be recognised: the extra, the engine or the language's data
            is not installed, or the language can't be told.
    """
    scans = scanned_pages(source)
    if not scans:
        return Recognised(source=source, issues=())
    others = [page for page in source.pages if page.number not in scans]
    try:
        installed = _installed_packs()
        with tempfile.TemporaryDirectory(prefix="pipeline-scans-") as name:
            folder = Path(name)
            pack = _settle_pack(folder, path, scans, others, language, known_languages, installed, password)
            seen = _see(folder / "all", path, scans, (pack,), password, progress)
    except InputError as error:
        pages = {page.number: page for page in source.pages}
        layered = {page.number: page for page in source.pages if page.number in scans and has_text_layer(page)}
        if not layered and not any(_count_told(page) for page in others):
            error.edition = error.edition or edition
            raise
        return Recognised(
            source=source.model_copy(update={"pages": tuple(map(_show_text_layer, source.pages))}),
            issues=tuple(
                Issue.of(
                    "text_layer_read" if number in layered else "page_not_recognised",
                    # A page with text of its own may be a photograph with a caption: nothing need be missing.
                    severity="note" if number not in layered and _count_told(pages[number]) else None,
                    reason=error.message,
                    edition=edition,
                    page=number,
                )
                for number in scans
            ),
        )
    return _finish(source, scans, seen, edition)


def has_text_layer(page: Page) -> bool:
    """Tell whether a page has text behind a picture of it.

    Args:
        page: The page.
    """
    return any(setting.concealed == "text_layer" for setting in page.glyphs.settings)


def _show_text_layer(page: Page) -> Page:
    """Give a page whose text layer counts as its text: nothing better is to be had."""
    if not has_text_layer(page):
        return page
    return page.model_copy(update={"glyphs": Glyphs(glyph._replace(concealed="") for glyph in page.glyphs)})


def _finish(source: Source, scans: Sequence[int], seen: dict[int, SeenPage], edition: str) -> Recognised:
    from pipeline.stages.read.recognise.pages import make_pages
    from pipeline.stages.read.turning import turn_page

    pages: dict[int, Page] = {page.number: page for page in source.pages}
    displayed: dict[int, Page] = {}
    for number in seen:
        page = pages[number].model_copy(update={"glyphs": Glyphs(), "second": None, "tags": None})
        if page.turned:
            # Stray text has turned the page; the engine saw it as it is displayed.
            page = turn_page(page, BACK[page.turned], ()).model_copy(update={"turned": 0})
        displayed[number] = page
    made = make_pages(displayed, {number: found for number, found in seen.items() if found.lines})
    layers = {number for number in scans if number not in made and has_text_layer(pages[number])}
    issues = [
        Issue.of("text_layer_read", reason="nothing could be recognised in it", edition=edition, page=number)
        if number in layers
        else _describe(number, pages[number], made.get(number), seen.get(number), edition)
        for number in scans
    ]
    return Recognised(
        source=source.model_copy(
            update={"pages": tuple(made.get(page.number) or _show_text_layer(page) for page in source.pages)}
        ),
        issues=tuple(issues),
    )


def _describe(number: int, before: Page, made: Page | None, seen: SeenPage | None, edition: str) -> Issue:
    """Say what became of a scanned page."""
    if seen is None:
        return Issue(
            code="page_not_recognised",
            severity="error",
            message="the page is a picture that could not be recognised; what stands on it is missing: scan it again",
            edition=edition,
            page=number,
        )
    if made is None:
        return Issue(
            code="nothing_recognised",
            severity="warning",
            message="no text was recognised on this page, which is a picture; if there is text on it, scan it again",
            edition=edition,
            page=number,
        )
    words = [word for line in seen.lines for word in line.words]
    doubtful = sorted(
        (word for word in words if word.confidence < DOUBTFUL_CONFIDENCE), key=lambda word: word.confidence
    )
    mean = sum(word.confidence for word in words) / len(words)
    own = sum(1 for text in before.glyphs.texts if text.strip())
    parts = [
        f"{len(words)} words were recognised from a picture, {len(doubtful)} of them doubtful",
        *([f"{seen.marks} marks of a letter's size were not read"] if seen.marks >= MANY_MARKS else []),
        *([f"the page was turned by {made.turned} degrees"] if made.turned else []),
        *(
            [f"the page was straightened by {seen.skew:.2f} degrees, and boxes are those of the straight page"]
            if seen.skew
            else []
        ),
        *([f"its own {own} letters, stray or hidden, were left out in favour of the picture's"] if own else []),
    ]
    return Issue(
        code="page_recognised",
        severity="warning" if doubtful or seen.marks >= MANY_MARKS else "note",
        message="; ".join(parts) + ": compare the text with the page",
        edition=edition,
        page=number,
        score=round(mean, 3),
        evidence=tuple(f"{word.text} ({word.confidence:.2f})" for word in doubtful[:20]),
    )


def _is_installed(name: str) -> bool:
    """Tell whether a library of the extra is there, without loading it."""
    return importlib.util.find_spec(name) is not None


def _installed_packs() -> tuple[str, ...]:
    """Give the installed language packs.

    Raises:
        InputError: The extra or the engine is missing.
    """
    if not all(_is_installed(name) for name in ("ocrmypdf", "cv2", "langcodes")):
        raise InputError(f"the text of a scanned page has to be recognised, which is not installed: {INSTALL}")
    engine = shutil.which("tesseract")
    if engine is None:
        raise InputError(f"scans need the engine Tesseract, which is not installed; {INSTALL}")
    done = subprocess.run([engine, "--list-langs"], capture_output=True, text=True, check=False, timeout=60)  # noqa: S603
    packs = tuple(line.strip() for line in done.stdout.splitlines()[1:] if line.strip())
    if done.returncode or not packs:
        raise InputError("the engine Tesseract has no language data; install Debian's package of the text's language")
    return packs


def _settle_pack(
    folder: Path,
    path: Path,
    scans: Sequence[int],
    others: Sequence[Page],
    language: str | None,
    known_languages: Sequence[str],
    installed: Sequence[str],
    password: str | None,
) -> str:
    """Tell the language of the scans, and give its pack.

    Raises:
        InputError: The language can't be told, or has no pack.
    """
    from pipeline.stages.read.recognise.packs import choose_pack, package_of, packs_to_try

    told = language or _tell("".join(text for page in others for text in _seen_texts(page)))
    if told is None:
        packs = packs_to_try(installed, known_languages)
        if not packs:
            raise InputError(
                "the engine Tesseract has no language data; install Debian's package of the text's language"
            )
        sample = _see(folder / "sample", path, _sample(scans), packs, password, None)
        told = _tell(
            "\n".join(" ".join(word.text for word in line.words) for page in sample.values() for line in page.lines)
        )
    if told is None:
        raise InputError(
            f"the language of the scans can't be told; write it into a sidecar ({path.with_suffix('.yaml').name}), and"
            " install the engine's data for it"
        )
    pack = choose_pack(told, installed)
    if pack is None:
        raise InputError(
            f"the scans are in {told!r}, for which the engine has no data; install it (Debian: {package_of(told)})"
        )
    return pack


def _sample(scans: Sequence[int]) -> tuple[int, ...]:
    """Choose pages from the middle of the scans: the first ones are often covers."""
    middle = max(0, (len(scans) - SAMPLE_PAGES) // 2)
    return tuple(scans[middle : middle + SAMPLE_PAGES])


def _tell(text: str) -> str | None:
    if sum(sign.isalpha() for sign in text) < LEAST_LETTERS:
        return None
    found = detect_language(text)
    return found[0] if found is not None and found[1] >= LANGUAGE_PROBABILITY else None


def _see(
    folder: Path,
    path: Path,
    numbers: Sequence[int],
    packs: Sequence[str],
    password: str | None,
    progress: Callable[[int, int], None] | None,
) -> dict[int, SeenPage]:
    """Run the worker on some pages.

    Raises:
        InputError: The worker refused the file.
    """
    folder.mkdir()
    _write_scans(folder / "scans.pdf", path, numbers, password)
    request = Request(packs=tuple(packs), seconds=PAGE_SECONDS)
    (folder / "request.json").write_text(request.model_dump_json(), encoding="utf-8")
    complaint = _run_worker(folder, len(numbers), progress)
    seen: dict[int, SeenPage] = {}
    for place, number in enumerate(numbers):
        target = seen_path(folder, place)
        if not target.is_file():
            continue
        try:
            seen[number] = SeenPage.model_validate_json(target.read_text(encoding="utf-8"))
        except ValidationError:
            continue  # written in part: the worker was stopped; the page counts as not recognised
    if not seen and complaint is not None:
        raise InputError(f"the scans could not be recognised ({complaint[:200]}); scan them again or mend the file")
    return seen


def _run_worker(folder: Path, pages: int, progress: Callable[[int, int], None] | None) -> str | None:
    """Run the worker; give what it complained of, None where all went well."""
    package = Path(__file__).resolve().parents[4]
    bootstrap = (
        f"import sys; sys.path.insert(0, {str(package)!r});"
        " from pathlib import Path; from pipeline.stages.read.recognise.worker import main;"
        " sys.exit(main(Path(sys.argv[1])))"
    )
    with (folder / "complaint.txt").open("w+", encoding="utf-8") as complaint:
        process = subprocess.Popen(  # noqa: S603 - this interpreter
            [sys.executable, "-c", bootstrap, str(folder)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=complaint,
            start_new_session=True,
        )
        done, waited = -1, 0.0
        try:
            while True:
                try:
                    code = process.wait(timeout=POLL_SECONDS)
                    break
                except subprocess.TimeoutExpired:
                    waited += POLL_SECONDS
                found = sum(1 for _ in folder.glob("seen-*.json"))
                if progress is not None and found != done:
                    progress(found, pages)
                done = found
                if waited > PAGE_SECONDS * (pages + 1):
                    _stop(process)
                    return "it took too long"
        except BaseException:
            _stop(process)
            raise
        if progress is not None:
            progress(pages, pages)
        complaint.seek(0)
        lines = [line for line in complaint.read().splitlines() if line.strip()]
    return None if code == 0 else (lines[-1] if lines else f"exit code {code}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Stop the worker and the engines that it started."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return  # it ended by itself in the meantime
    process.wait()


def _write_scans(target: Path, path: Path, numbers: Sequence[int], password: str | None) -> None:
    """Write some pages into a file of their own: unlocked, unsigned, and as large as what is visible of them.

    Raises:
        InputError: The file can't be opened.
    """
    import pikepdf

    try:
        with pikepdf.open(path, password=password or "") as pdf, pikepdf.new() as scans:
            for number in numbers:
                scans.pages.append(pdf.pages[number - 1])
                page = scans.pages[-1]
                visible = page.cropbox
                page.obj["/MediaBox"] = visible
                for key in ("/CropBox", "/Annots"):
                    if key in page.obj:
                        del page.obj[key]
            scans.save(target)
    except (pikepdf.PdfError, pikepdf.PasswordError, OSError) as error:
        raise InputError(f"the scanned pages can't be taken from the file ({error}); fetch it again") from error
