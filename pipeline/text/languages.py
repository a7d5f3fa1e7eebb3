"""Detects the language of a text (langdetect, seeded)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from langdetect.detector_factory import DetectorFactory

SEED: Final = 0
"""Seed of the detector, which samples the text: the same text always gives the same language."""

MOST_CHARACTERS: Final = 20_000
"""Characters of a text that are looked at: more cost time and change nothing."""

FOREIGN_LETTERS: Final = 15
"""A passage of fewer letters is too short to count as foreign."""

FOREIGN_PROBABILITY: Final = 0.9
"""Least probability of another language (0 to 1) from which a passage counts as foreign."""

_BCP47: Final = {"zh-cn": "zh-Hans", "zh-tw": "zh-Hant"}
"""langdetect's own codes that are no BCP 47."""


class _Probabilities(dict[str, list[float]]):
    """How likely an n-gram is in each language, of the n-grams that any language knows.

    langdetect computes this for all n-grams of all languages when it loads its profiles, which takes six times as long
    as reading them. A text has few of them; the detector asks for each whether it is known, and takes a sample of them.
    """

    def __init__(self, profiles: Sequence[Mapping[str, Any]]) -> None:
        super().__init__()
        self._languages = [(profile["freq"], profile["n_words"]) for profile in profiles]
        self._known: dict[object, bool] = {}

    def __contains__(self, ngram: object) -> bool:
        known = self._known.get(ngram)
        if known is None:
            known = self._known[ngram] = any(ngram in counts for counts, _ in self._languages)
        return known

    def __missing__(self, ngram: str) -> list[float]:
        found = self[ngram] = [counts.get(ngram, 0) / totals[len(ngram) - 1] for counts, totals in self._languages]
        return found


@lru_cache(maxsize=1)
def load_profiles() -> DetectorFactory:
    """Load langdetect's language profiles, once, in the order of their names.

    Returns:
        What makes the detectors.
    """
    from langdetect import PROFILES_DIRECTORY, DetectorFactory

    files = sorted(path for path in Path(PROFILES_DIRECTORY).iterdir() if path.is_file() and path.name[0] != ".")
    profiles = [json.loads(path.read_bytes()) for path in files]
    factory = DetectorFactory()
    factory.langlist = [profile["name"] for profile in profiles]
    factory.word_lang_prob_map = _Probabilities(profiles)
    return factory


@lru_cache
def detect_language(text: str) -> tuple[str, float] | None:
    """Detect the language of a text.

    Args:
        text: Any text; the longer the surer.

    Returns:
        The BCP 47 code and its probability (0 to 1); None where the text has no letters to go by.
    """
    from langdetect.lang_detect_exception import LangDetectException

    sample = text[:MOST_CHARACTERS]
    if not any(character.isalpha() for character in sample):
        return None
    factory = load_profiles()
    factory.seed = SEED
    detector = factory.create()
    detector.seed = SEED
    detector.append(sample)
    try:
        ranked = detector.get_probabilities()
    except LangDetectException:
        # Letters, but none of a script that the profiles know.
        return None
    if not ranked:
        return None
    return _BCP47.get(ranked[0].lang, ranked[0].lang), float(ranked[0].prob)


def is_foreign(passage: str, language: str) -> bool:
    """Return whether a passage is in another language than the text around it.

    Args:
        passage: The passage.
        language: BCP 47 code of the text around it.

    Returns:
        True only where another language is likely; a passage too short to judge is not called foreign.
    """
    if sum(character.isalpha() for character in passage) < FOREIGN_LETTERS:
        return False
    found = detect_language(passage)
    if found is None:
        return False
    code, probability = found
    return code.split("-")[0] != language.split("-", maxsplit=1)[0] and probability >= FOREIGN_PROBABILITY
