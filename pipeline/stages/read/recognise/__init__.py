"""Recognition: pages that are pictures of text → the same pages with glyphs, rules and fills; `Source` → `Source`.

Runs after reading and before all other stages. Each page is turned, straightened and read by Tesseract as a task of a
worker process (`worker`); every glyph gets the engine's confidence in its word. The coordinates of a recognised page
are those of the straightened page.
"""

import importlib.util
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, Literal

from pipeline.errors import InputError
from pipeline.models.geometry import Frozen
from pipeline.models.page import Glyphs, Page, Source
from pipeline.models.report import Issue
from pipeline.stages.read.drawn import UNMAPPED
from pipeline.stages.read.recognise.seen import Request, SeenPage
from pipeline.stages.read.regions import is_scan
from pipeline.text.languages import detect_language
from pipeline.text.wording import count

SAMPLE_PAGES: Final = 2
"""Pages that are recognised at once to detect the language, where nothing else says it."""
MOST_SAMPLES: Final = 3
"""How often that is tried: pages may be pictures, or fail."""
LEAST_LETTERS: Final = 200
"""Letters of text of its own from which a file's own text decides the language of its scans."""
LANGUAGE_PROBABILITY: Final = 0.9
"""Least probability of a language (langdetect's, 0 to 1)."""
DOUBTFUL_CONFIDENCE: Final = 0.6
"""Words of less confidence (0 to 1) are counted in the page's issue: on test pages, words with a letter too many or a
slash read as a letter had 0.55 and less, and few right ones did; the engine does not doubt a wrong quotation mark."""
NAMED_WORDS: Final = 20
"""Words of the least confidence that a page's issue names, doubtful or not: a wrong one was the eighteenth of 332."""
MANY_MARKS: Final = 12
"""Marks of a letter's size without text from which a page's issue speaks of them: two words."""
BACK: Final[dict[int, Literal[90, 180, 270]]] = {90: 270, 180: 180, 270: 90}
"""The turn that undoes a turn, in degrees clockwise."""
INSTALL: Final = "pip install 'raccombat-pipeline[ocr]' and Debian's tesseract-ocr with the language's data"


Recogniser = Callable[[Mapping[int, Request]], Mapping[int, SeenPage | str]]
"""Has pages recognised: what to read, by the page's number → what was seen, or why nothing was."""


class Recognised(Frozen):
    """The result of recognition.

    Attributes:
        source: The file with its scanned pages recognised.
        issues: One or more per scanned page.
    """

    source: Source
    issues: tuple[Issue, ...]


def scanned_pages(source: Source) -> tuple[int, ...]:
    """Find which pages can be read only by their look.

    These are pages with next to no visible glyph and a picture over most of the page, and pages whose glyphs have no
    Unicode values.

    Args:
        source: The file as read.

    Returns:
        Their 1-based numbers. A photograph over a whole page is among them: only recognition can decide.
    """
    return tuple(page.number for page in source.pages if _is_scan(page))


def _is_scan(page: Page) -> bool:
    if page.failure is not None or page.recognised:
        return False
    mapped = _count_mapped(page)
    unmapped = _seen_texts(page).count(UNMAPPED)
    return unmapped > mapped or is_scan(page.pictures, page.width, page.height, mapped)


def _count_mapped(page: Page) -> int:
    """Count the glyphs that a reader sees and a program knows the text of."""
    return sum(count for text, count in Counter(_seen_texts(page)).items() if text != UNMAPPED and text.strip())


def _seen_texts(page: Page) -> Sequence[str]:
    """Return the texts of the glyphs that can be seen."""
    glyphs = page.glyphs
    if not any(setting.concealed for setting in glyphs.settings):
        return glyphs.texts
    return [text for text, concealed in zip(glyphs.texts, glyphs.values("concealed"), strict=True) if not concealed]


def recognise_scans(
    path: Path,
    source: Source,
    recogniser: Recogniser,
    *,
    edition: str,
    language: str | None = None,
    known_languages: Sequence[str] = (),
    password: str | None = None,
) -> Recognised:
    """Recognise the text of a file's scanned pages.

    Args:
        path: The file.
        source: The file as read.
        recogniser: Has pages recognised, within limits.
        edition: Edition id, for issues and errors.
        language: BCP 47 code of the text, where known; otherwise it is detected from the file's other pages, or from a
            first recognition with several language packs.
        known_languages: BCP 47 codes to try first where the language is not known.
        password: User password, where the file needs one.

    Returns:
        The file with its scanned pages recognised, and what to say of them. A file without scans is given back as it
        is, and nothing is imported. Where other pages have text, scans that can't be recognised are issues.

    Raises:
        InputError: No page has text, and the scans can't be recognised: the extra, the engine or the language's data
            is not installed, or the language can't be detected.
    """
    scans = scanned_pages(source)
    if not scans:
        return Recognised(source=source, issues=())
    others = [page for page in source.pages if page.number not in scans]

    def read(numbers: Sequence[int], packs: tuple[str, ...]) -> Mapping[int, SeenPage | str]:
        return recogniser({number: Request(str(path.absolute()), number, password, packs) for number in numbers})

    complaint: InputError | None = None
    try:
        found = read(scans, (_settle_pack(read, path, scans, others, language, known_languages),))
        if not any(isinstance(page, SeenPage) for page in found.values()):
            complaint = _complain(found)
    except InputError as error:
        complaint, found = error, dict.fromkeys(scans, error.message)
    if complaint is not None and not any(has_text_layer(page) or _count_mapped(page) for page in source.pages):
        complaint.edition = complaint.edition or edition
        raise complaint
    return _finish(source, scans, found, edition)


def has_text_layer(page: Page) -> bool:
    """Return whether a page has text behind a picture of it.

    Args:
        page: The page.
    """
    return any(setting.concealed == "text_layer" for setting in page.glyphs.settings)


def _show_text_layer(page: Page) -> Page:
    """Return a page whose text layer counts as its text: nothing better is to be had."""
    if not has_text_layer(page):
        return page
    return page.model_copy(update={"glyphs": Glyphs(glyph._replace(concealed="") for glyph in page.glyphs)})


def _finish(source: Source, scans: Sequence[int], found: Mapping[int, SeenPage | str], edition: str) -> Recognised:
    from pipeline.stages.read.recognise.pages import make_pages
    from pipeline.stages.read.recognise.votes import curve_marks
    from pipeline.stages.read.turning import turn_page

    seen = {number: page for number, page in found.items() if isinstance(page, SeenPage)}
    curved = curve_marks({number: page.lines for number, page in seen.items()})
    seen = {number: page.model_copy(update={"lines": curved[number]}) for number, page in seen.items()}
    pages: dict[int, Page] = {page.number: page for page in source.pages}
    displayed: dict[int, Page] = {}
    for number in seen:
        page = pages[number].model_copy(update={"glyphs": Glyphs(), "second": None, "tags": None})
        if page.turned:
            # Stray text has turned the page; the engine saw it as it is displayed.
            page = turn_page(page, BACK[page.turned], ()).model_copy(update={"turned": 0})
        displayed[number] = page
    made = make_pages(displayed, {number: page for number, page in seen.items() if page.lines})
    issues = [
        _describe(pages[number], made[number], seen[number], edition)
        if number in made
        else _describe_failure(pages[number], found[number], edition)
        for number in scans
    ]
    return Recognised(
        source=source.model_copy(
            update={"pages": tuple(made.get(page.number) or _show_text_layer(page) for page in source.pages)}
        ),
        issues=tuple(issues),
    )


def _describe_failure(page: Page, found: SeenPage | str, edition: str) -> Issue:
    """Say why a scanned page was not recognised; without a reason there is nothing on it that the engine reads."""
    reason = found if isinstance(found, str) else None
    if has_text_layer(page):
        reason = reason or "nothing could be recognised in it"
        return Issue.of("text_layer_read", reason=reason, edition=edition, page=page.number)
    if reason is None:
        return Issue.of("nothing_recognised", edition=edition, page=page.number)
    # A page with text of its own may be a photograph with a caption: nothing need be missing.
    severity: Literal["note"] | None = "note" if _count_mapped(page) else None
    return Issue.of("page_not_recognised", severity=severity, reason=reason, edition=edition, page=page.number)


def _describe(before: Page, made: Page, seen: SeenPage, edition: str) -> Issue:
    """Say what was recognised on a page."""
    words = sorted((word for line in seen.lines for word in line.words), key=lambda word: word.confidence)
    doubtful = [word for word in words if word.confidence < DOUBTFUL_CONFIDENCE]
    mean = sum(word.confidence for word in words) / len(words)
    own = sum(1 for text in before.glyphs.texts if text.strip())
    parts = [
        f"{count(len(words), 'word was', 'words were')} recognised from a picture, {len(doubtful)} of them doubtful",
        *([f"{seen.marks} marks of a letter's size were not read"] if seen.marks >= MANY_MARKS else []),
        *([f"the page was turned by {made.turned} degrees"] if made.turned else []),
        *(
            [f"the page was straightened by {seen.skew:.2f} degrees, and boxes are those of the straight page"]
            if seen.skew
            else []
        ),
        *([f"{count(own, 'own letter was', 'own letters were')} left out, stray or hidden"] if own else []),
    ]
    return Issue.of(
        "page_recognised",
        severity="warning" if doubtful or seen.marks >= MANY_MARKS else "note",
        found="; ".join(parts),
        edition=edition,
        page=before.number,
        score=round(mean, 3),
        evidence=tuple(f"{word.text} ({word.confidence:.2f})" for word in words[:NAMED_WORDS]),
    )


def _is_installed(name: str) -> bool:
    """Return whether a library of the extra is there, without loading it."""
    return importlib.util.find_spec(name) is not None


def _installed_packs() -> tuple[str, ...]:
    """Return the installed language packs.

    Raises:
        InputError: The extra or the engine is missing.
    """
    if not all(_is_installed(name) for name in ("cv2", "langcodes")):
        raise InputError(f"the text of a scanned page has to be recognised, which is not installed: {INSTALL}")
    engine = shutil.which("tesseract")
    if engine is None:
        raise InputError(f"scans need the engine Tesseract, which is not installed; {INSTALL}")
    done = subprocess.run([engine, "--list-langs"], capture_output=True, text=True, check=False, timeout=60)  # noqa: S603
    packs = tuple(line.strip() for line in done.stdout.splitlines()[1:] if line.strip())
    from pipeline.stages.read.recognise.packs import packs_to_try

    if done.returncode or not packs_to_try(packs, ()):
        raise InputError("the engine Tesseract has no language data; install Debian's package of the text's language")
    return packs


def _settle_pack(
    read: Callable[[Sequence[int], tuple[str, ...]], Mapping[int, SeenPage | str]],
    path: Path,
    scans: Sequence[int],
    others: Sequence[Page],
    language: str | None,
    known_languages: Sequence[str],
) -> str:
    """Detect the language of the scans, and return its pack.

    Raises:
        InputError: The language can't be detected, or has no pack.
    """
    from pipeline.stages.read.recognise.packs import choose_pack, package_of, packs_to_try

    installed = _installed_packs()
    found = language or _detect("".join(text for page in others for text in _seen_texts(page)))
    if found is None:
        packs = packs_to_try(installed, known_languages)
        text = ""
        for sample in _samples(scans):
            seen = read(sample, packs)
            lines = [line for page in seen.values() if isinstance(page, SeenPage) for line in page.lines]
            text += "\n".join(" ".join(word.text for word in line.words) for line in lines)
            found = _detect(text)
            if found is not None:
                break
        else:
            if not text and any(isinstance(page, str) for page in seen.values()):
                raise _complain(seen)
    if found is None:
        raise InputError(
            "the language of the scans can't be detected; write it into a sidecar"
            f" ({path.with_suffix('.yaml').name}), and install the engine's data for it"
        )
    pack = choose_pack(found, installed)
    if pack is None:
        raise InputError(
            f"the scans are in {found!r}, for which the engine has no data; install it (Debian: {package_of(found)})"
        )
    return pack


def _samples(scans: Sequence[int]) -> Iterator[Sequence[int]]:
    """Choose pages from the middle of the scans outwards: the first ones are often covers."""
    middle = (len(scans) - 1) / 2
    order = sorted(scans, key=lambda number: abs(scans.index(number) - middle))[: MOST_SAMPLES * SAMPLE_PAGES]
    for start in range(0, len(order), SAMPLE_PAGES):
        yield order[start : start + SAMPLE_PAGES]


def _complain(found: Mapping[int, SeenPage | str]) -> InputError:
    """Return the error that says why no page could be recognised."""
    first = min(number for number, page in found.items() if isinstance(page, str))
    return InputError(f"no scanned page could be recognised; page {first}: {found[first]}")


def _detect(text: str) -> str | None:
    if sum(character.isalpha() for character in text) < LEAST_LETTERS:
        return None
    found = detect_language(text)
    return found[0] if found is not None and found[1] >= LANGUAGE_PROBABILITY else None
