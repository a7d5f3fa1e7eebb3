"""Chapter stage: `Document` → `Chapters`."""

from pipeline.lexicon import Lexicon, load_lexicon
from pipeline.models.artefact import Stored
from pipeline.models.chapter import Chapters
from pipeline.models.row import Document
from pipeline.stages.chapter.chapters import divide_chapters
from pipeline.stages.chapter.language import settle_language

__all__ = ["chapter_edition", "divide_chapters", "settle_language"]


def chapter_edition(stored: Stored[Document]) -> Stored[Chapters]:
    """Settle the edition's language, and divide its rows into practices.

    Raises:
        InputError: The language can't be detected, and no sidecar declares it.
        LexiconError: There is no lexicon of the language.
    """
    info = settle_language(stored.edition, stored.content)
    words = _heading_words(load_lexicon(info.known_language))
    return stored.follow("chapter", divide_chapters(stored.content, info.id, words), info)


def _heading_words(lexicon: Lexicon) -> Lexicon:
    """A lexicon without the words of values: what the chapter stage can't see, it need not be run again for."""
    return Lexicon.model_construct(
        language=lexicon.language,
        labels=lexicon.labels,
        country_names=lexicon.country_names,
        counts=lexicon.counts,
        digest=f"{lexicon.digest} headings",
    )
