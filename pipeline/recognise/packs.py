"""Language codes (BCP 47) ↔ the engine's language packs; reads and writes no artefact.

Tesseract names its packs by ISO 639-2/T codes, some with a script (`lav`, `deu`, `srp_latn`). OCRmyPDF brings the
table of those codes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

MOST_AT_ONCE: Final = 6
"""Most packs that are tried together to tell a language: each makes the engine slower."""
NO_LANGUAGES: Final = frozenset({"osd", "equ"})
"""Packs that hold no language: orientation, and formulas."""
_CHINESE: Final = {"chi_sim": "zh-Hans", "chi_tra": "zh-Hant"}
"""The packs that are named by another code than ISO 639-2/T's."""


def language_of(pack: str) -> str | None:
    """Give the BCP 47 code of a pack.

    Args:
        pack: A pack's name (`lav`).

    Returns:
        The code (`lv`); None for packs of no known language (orientation, scripts, historic types).
    """
    from ocrmypdf.languages import ISO_639_3

    if pack in _CHINESE:
        return _CHINESE[pack]
    code, _, script = pack.partition("_")
    if script and (len(script) != 4 or not script.isalpha()):
        return None
    for key, entry in ISO_639_3.items():
        if code == (entry.alt or key):
            language = entry.alpha_2 or code
            return f"{language}-{script.capitalize()}" if script else language
    return None


def pack_of(language: str) -> str:
    """Give the name that a language's pack has, installed or not.

    Args:
        language: BCP 47 code (`lv`, `sr-Latn`); a region says nothing here.

    Returns:
        The pack's name (`lav`, `srp_latn`); the language's own code where the table does not know it.
    """
    from ocrmypdf.languages import ISO_639_3

    code, *rest = language.split("-")
    script = next((part for part in rest if len(part) == 4 and part.isalpha()), "")
    for pack, known in _CHINESE.items():
        if language == known or (language == code and known.startswith(f"{code}-")):
            return pack
    found = next((entry.alt or key for key, entry in ISO_639_3.items() if code in (entry.alpha_2, entry.alt)), code)
    return f"{found}_{script.lower()}" if script else found


def choose_pack(language: str, installed: Iterable[str]) -> str | None:
    """Choose the installed pack for a language.

    Args:
        language: BCP 47 code.
        installed: Names of the installed packs.

    Returns:
        The pack; one without a script where there is none with it; None where the language has none.
    """
    wanted = pack_of(language)
    known = set(installed)
    return next((pack for pack in (wanted, wanted.split("_")[0]) if pack in known), None)


def packs_to_try(installed: Iterable[str], preferred: Sequence[str]) -> tuple[str, ...]:
    """Choose the packs by which a language is told.

    Args:
        installed: Names of the installed packs.
        preferred: BCP 47 codes of the languages to try first.

    Returns:
        At most `MOST_AT_ONCE` packs, the preferred languages' first.
    """
    packs = sorted(pack for pack in set(installed) - NO_LANGUAGES if language_of(pack) is not None)
    order = {language: place for place, language in enumerate(preferred)}
    packs.sort(key=lambda pack: order.get(language_of(pack) or "", len(order)))
    return tuple(packs[:MOST_AT_ONCE])


def package_of(language: str) -> str:
    """Give the name of Debian's package with a language's pack."""
    return "tesseract-ocr-" + pack_of(language).replace("_", "-")
