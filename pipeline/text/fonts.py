"""Font names: what they say of a font's weight."""

from __future__ import annotations

from functools import lru_cache

BOLD_NAMES = ("bold", "black", "heavy", "demi")
"""Parts of font names that say bold (PostScript naming custom)."""


@lru_cache
def is_bold(font: str) -> bool:
    """Return whether a font is bold, by its name.

    Args:
        font: Font name, with or without subset prefix.

    Returns:
        True where the name says so.
    """
    name = font.lower()
    return any(part in name for part in BOLD_NAMES)
