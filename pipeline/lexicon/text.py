"""How lexicon words and printed words are made comparable; reads and writes no artefact."""

from __future__ import annotations

import re
import unicodedata

_DASHES = re.compile("[\u2010-\u2015\u2212]")
_APOSTROPHES = re.compile("[\u2018\u2019\u02bc\u00b4`]")


def fold_name(text: str) -> str:
    """Fold what doesn't tell two names apart: letter case, kind of dash and apostrophe, white space.

    Diacritics stay: they do tell words apart in many languages.

    Args:
        text: A name or phrase.

    Returns:
        The folded form, Unicode NFC.
    """
    folded = unicodedata.normalize("NFC", text).casefold()
    folded = _APOSTROPHES.sub("'", _DASHES.sub("-", folded))
    return " ".join(folded.split())
