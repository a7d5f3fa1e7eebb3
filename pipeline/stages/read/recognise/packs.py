"""Language codes (BCP 47) ↔ the engine's language packs.

Tesseract names its packs by ISO 639-2/T codes, some with a script (`lav`, `deu`, `srp_latn`).
"""

from collections.abc import Iterable, Sequence
from typing import Final

MOST_AT_ONCE: Final = 6
"""Most packs that are tried together to detect a language: each makes the engine slower."""
NO_LANGUAGES: Final = frozenset({"osd", "equ"})
"""Packs that hold no language: orientation, and formulas."""
SAME_LANGUAGE_DISTANCE: Final = 3
"""Largest distance (CLDR's language matching) of two codes of what readers take for one language: `nb` and `no`
have 1, and no other two of the engine's languages less than 5."""
_CHINESE: Final = {"chi_sim": "zh-Hans", "chi_tra": "zh-Hant"}
"""The packs that are named by another code than ISO 639-2/T's."""


def language_of(pack: str) -> str | None:
    """Return the BCP 47 code of a pack.

    Args:
        pack: A pack's name (`lav`).

    Returns:
        The code (`lv`); None for packs of no language (orientation, scripts, historic type).
    """
    from langcodes import standardize_tag
    from langcodes.tag_parser import LanguageTagError

    if pack in _CHINESE:
        return _CHINESE[pack]
    if pack in NO_LANGUAGES:
        return None
    try:
        return standardize_tag(pack.replace("_", "-"))
    except LanguageTagError:
        return None


def pack_of(language: str) -> str:
    """Return the name that a language's pack has, installed or not.

    Args:
        language: BCP 47 code (`lv`, `sr-Latn`); a region says nothing here.

    Returns:
        The pack's name (`lav`, `srp_latn`); the language's own code where it has none of three letters.
    """
    from langcodes import Language

    tag = Language.get(language)
    found = next((pack for pack, known in _CHINESE.items() if known == f"{tag.language}-{tag.script or 'Hans'}"), None)
    if found is not None:
        return found
    try:
        code = tag.to_alpha3()
    except LookupError:
        code = tag.language or language
    return f"{code}_{tag.script.lower()}" if tag.script else code


def choose_pack(language: str, installed: Iterable[str]) -> str | None:
    """Choose the installed pack for a language.

    Args:
        language: BCP 47 code.
        installed: Names of the installed packs.

    Returns:
        The pack; else one without a script, or that of what is the same language to a reader (`nor` for `nb`); None
        where there is none.
    """
    from langcodes import closest_match

    wanted = pack_of(language)
    known = {pack: code for pack in sorted(set(installed)) if (code := language_of(pack)) is not None}
    for pack in (wanted, wanted.split("_")[0]):
        if pack in known:
            return pack
    nearest, _ = closest_match(language, list(known.values()), max_distance=SAME_LANGUAGE_DISTANCE)
    return next((pack for pack, code in known.items() if code == nearest), None)


def packs_to_try(installed: Iterable[str], preferred: Sequence[str]) -> tuple[str, ...]:
    """Choose the packs by which a language is detected.

    Args:
        installed: Names of the installed packs.
        preferred: BCP 47 codes of the languages to try first.

    Returns:
        At most `MOST_AT_ONCE` packs, the preferred languages' first.
    """
    languages = {pack: language_of(pack) for pack in sorted(set(installed))}
    packs = [pack for pack, language in languages.items() if language is not None]
    order = {language: place for place, language in enumerate(preferred)}
    packs.sort(key=lambda pack: order.get(languages[pack] or "", len(order)))
    return tuple(packs[:MOST_AT_ONCE])


def package_of(language: str) -> str:
    """Return the name of Debian's package with a language's pack."""
    return "tesseract-ocr-" + pack_of(language).replace("_", "-")
