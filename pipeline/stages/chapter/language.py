"""Detects an edition's language from its text, and checks it against the sidecar's."""

from typing import Final

from pipeline.errors import InputError
from pipeline.models.edition import EditionInfo
from pipeline.models.report import Issue
from pipeline.models.row import Document, Row
from pipeline.text.languages import detect_language

LANGUAGE_PROBABILITY: Final = 0.9
"""Least probability (langdetect's, 0 to 1) of a detected language: a page of one language gives 0.99 and more."""


def settle_language(info: EditionInfo, document: Document) -> EditionInfo:
    """Detect the edition's language, and check it against the sidecar's.

    Args:
        info: What is known of the edition.
        document: Its rows and text blocks.

    Returns:
        The same with `language` set: the sidecar's, which a person wrote, or else the detected one; and with an error
        where the two disagree.

    Raises:
        InputError: No language could be detected, and no sidecar declares one.
    """
    found = detect_language(_running_text(document))
    detected = None if found is None or found[1] < LANGUAGE_PROBABILITY else found[0]
    declared = info.declared_language
    if detected is None and declared is None:
        raise InputError(
            f"the text does not show its language; write a sidecar {info.id}.yaml that says it", edition=info.id
        )
    issues: tuple[Issue, ...] = ()
    if declared is not None and detected is None:
        issues = (Issue.of("language_unconfirmed", edition=info.id, declared=declared),)
    elif declared is not None and detected is not None and _primary(declared) != _primary(detected):
        issues = (Issue.of("language_disagrees", edition=info.id, declared=declared, detected=detected),)
    return info.model_copy(update={"language": declared or detected, "issues": (*info.issues, *issues)})


def _running_text(document: Document) -> str:
    """The text of all values and blocks: what the language is detected in."""
    return "\n".join(part.value.text if isinstance(part, Row) else part.text for part in document.content)


def _primary(language: str) -> str:
    """A BCP 47 code's primary subtag."""
    return language.split("-", maxsplit=1)[0].lower()
