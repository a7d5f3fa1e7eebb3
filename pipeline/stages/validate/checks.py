"""Checks of a practice that no single model of the contract can make."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Any, Final

from pipeline.models.edition import PageInfo
from pipeline.models.geometry import Box
from pipeline.models.practice import FieldValue, Period, Practice, Unmapped
from pipeline.models.report import Issue

BOX_OUTSIDE_PAGE_POINTS: Final = 1.0
"""How far a box may be out of its page: glyph boxes come from font metrics, which reach beyond the ink."""
UNKNOWN_CHARACTER: Final = "\ufffd"
"""Stands for a character of which the file does not say what it is."""
CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f]")
"""A control character (Unicode category Cc)."""
MISREAD: Final = re.compile(r"[\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u00ff]{4,}")
"""Letters with accents, one behind the other, that are Cyrillic or Greek of an 8-bit encoding read as Latin 1: words of
Latin script have three at most (French `créée`, with one between)."""
LEAST_STRANGE: Final = 4
"""Least number of letters of a script without capitals that are not a word or two quoted from another language."""
STRANGE_SHARE: Final = 0.5
"""Share of a text's letters beyond which they are no quotation."""
ACTIVE_LINK: Final = re.compile(r"\W*(?:javascript|vbscript|data)\s*:", re.IGNORECASE)
"""A link's target that a browser runs, or takes for a page of its own."""
ISO_639_LANGUAGES: Final = frozenset(
    re.findall(
        r"\w+",
        "aii ber haz lld mnk skr syl wen "
        "asq bfi bqn cse csq dse dsl eso fse fsl gsg gss hsh ils ise isg lls lsl mdl nsl pso psr rms rsl sfb ssp svk "
        "swl tsm ukl vgt",
    )
)
"""Languages that CLDR does not name, by ISO 639, which BCP 47 takes over: spoken ones, and sign languages."""


def check_practice(practice: Practice, pages: dict[int, PageInfo]) -> Iterator[Issue]:
    """Check what no single model of the contract can.

    Args:
        practice: The practice.
        pages: The edition's pages by number.

    Yields:
        An issue for everything that does not hold.
    """
    present = practice.fields.present
    yield from _check_codes(practice, present)
    for name, value in present.items():
        yield from _check_row(practice, name, value, pages)
        letters = "".join(value.text.split())
        for link in value.links:
            if "".join(link.text.split()) not in letters:
                yield _issue("link_text_absent", name, value, link=link.text)
            if ACTIVE_LINK.match(link.url):
                yield _issue("link_active", name, value)
        for other in value.shared_with:
            partner = present.get(other)
            if partner is None or name not in partner.shared_with or partner.text != value.text:
                yield _issue("shared_not_mutual", name, value, other=other)
    for name, value in practice.extra.items():
        yield from _check_row(practice, name, value, pages)
    for row in practice.unmapped:
        yield from _check_row(practice, row.field, row, pages)
    if practice.fields.period is not None:
        yield from _check_period(practice.fields.period)


def _check_codes(practice: Practice, present: dict[str, FieldValue]) -> Iterator[Issue]:
    """Check that countries, currencies and languages are codes that CLDR, or for languages ISO 639, knows."""
    from babel import Locale
    from babel.core import get_global

    names = Locale("en")
    # CLDR names some languages under another code (Dari, `prs`, under `fa-AF`): their own codes are aliases.
    languages = names.languages.keys() | get_global("language_aliases").keys() | ISO_639_LANGUAGES
    for country in practice.countries:
        if country not in names.territories:
            yield Issue.of("country_not_in_iso_3166", country=country)
    for name, value in present.items():
        for amount in getattr(value, "amounts", None) or ():
            if amount.currency not in names.currencies:
                yield _issue("unknown_currency", name, value, currency=amount.currency)
        for language in getattr(value, "languages", None) or ():
            if language.split("-")[0] not in languages:
                yield _issue("unknown_language", name, value, language=language)


def _check_row(
    practice: Practice, name: str | None, value: FieldValue | Unmapped, pages: dict[int, PageInfo]
) -> Iterator[Issue]:
    """Check that label and value say where they are, inside pages of the practice, and the form of their texts."""
    for what, boxes in (("label", value.label_boxes), ("value", value.value_boxes)):
        if not boxes and (what == "label" or value.text):
            yield _issue("place_unknown", name, value, what=what)
        touched = [box.page for box in boxes]
        if touched != sorted(set(touched)):
            yield _issue("place_disordered", name, value, what=what)
        for box in boxes:
            page = pages.get(box.page)
            if page is None or not practice.pages[0] <= box.page <= practice.pages[1]:
                yield _issue("place_outside_practice", name, value, what=what, outside=box.page)
                continue
            slack = BOX_OUTSIDE_PAGE_POINTS
            across = -slack <= box.x0 <= box.x1 <= page.width + slack
            down = -slack <= box.top <= box.bottom <= page.height + slack
            if not (across and down):
                yield _issue("box_outside_page", name, value, what=what)
    yield from _check_text(name, value)


def _check_text(name: str | None, value: FieldValue | Unmapped) -> Iterator[Issue]:
    """Check the text's form (contract, `text`): Unicode NFC, single spaces, no blank lines, no control characters.

    The cells of a table inside a value are separated by tabs, its rows by line feeds (contract, "Additions"). The file
    must say of every character what it is.
    """
    for what, text in (("label", value.label), ("text", value.text)):
        lines = text.split("\n")
        cells = [cell for line in lines for cell in (line.split("\t") if what == "text" else [line])]
        tidy = not text or (all(cell == " ".join(cell.split()) for cell in cells) and all(map(str.strip, lines)))
        plain = not any(map(CONTROL.search, cells))
        if not tidy or not plain or not unicodedata.is_normalized("NFC", text) or (what == "label" and len(lines) > 1):
            yield _issue("text_form", name, value, what=what)
        if UNKNOWN_CHARACTER in text:
            yield _issue("sign_unknown", name, value, what=what, count=text.count(UNKNOWN_CHARACTER))
        doubtful = find_doubtful(text)
        if doubtful:
            yield _issue("letters_doubtful", name, value, what=what, letters=doubtful)


def find_doubtful(text: str) -> str:
    """Find letters that a text can't have: those of another encoding, or mostly ones without capitals.

    The languages of the contract are written in Latin, Greek and Cyrillic letters, all of which have capitals.

    Returns:
        The first of them; nothing where there are none.
    """
    if text.isascii():
        return ""
    if (misread := MISREAD.search(text)) is not None:
        return misread[0]
    strange = [character for character in text if character > "\u00ff" and unicodedata.category(character) == "Lo"]
    if len(strange) < LEAST_STRANGE or len(strange) <= STRANGE_SHARE * sum(map(str.isalpha, text)):
        return ""
    return "".join(strange[:LEAST_STRANGE])


def _check_period(period: Period) -> Iterator[Issue]:
    """Check that start, end and interval agree."""
    from datetime import date

    for text in (period.start, period.end):
        if text is not None and len(text) == len("YYYY-MM-DD"):
            try:
                date.fromisoformat(text)
            except ValueError:
                yield _issue("no_such_date", "period", period, date=text)
    is_reversed = False
    if period.start is not None and period.end is not None:
        shared = min(len(period.start), len(period.end))
        is_reversed = period.start[:shared] > period.end[:shared]
        if is_reversed:
            yield _issue("period_reversed", "period", period, start=period.start, end=period.end)
    first, _, last = (period.edtf or "").partition("/")
    disagrees = first != (period.start or first) or last != (period.end or last)
    # An end that is not known is none of what still runs, an open one none of what has ended.
    disagrees |= {"": True, "..": False}.get(last) is period.ongoing and period.ongoing is not None
    if (period.start is not None and not is_reversed) if period.edtf is None else disagrees:
        parts = {name: getattr(period, name) for name in ("edtf", "start", "end", "ongoing")}
        yield _issue("period_disagrees", "period", period, **parts)


def _issue(code: str, field: str | None, value: FieldValue | Unmapped, **values: Any) -> Issue:
    """Make an issue about a field, placed where its value (or else its label) begins."""
    boxes = value.value_boxes or value.label_boxes
    box = Box(**boxes[0].model_dump()) if boxes else None
    return Issue.of(code, box=box, label=value.label, field=field, **values)
