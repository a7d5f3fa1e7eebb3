"""Chapter stage: `Document` → `Chapters`."""

from pipeline.lexicon import load_lexicon
from pipeline.models.artefact import Stored
from pipeline.models.chapter import Chapters
from pipeline.models.row import Document
from pipeline.stages.chapter.chapters import divide_chapters
from pipeline.stages.chapter.language import settle_language


def chapter_edition(stored: Stored[Document]) -> Stored[Chapters]:
    """Settle the edition's language, and divide its rows into practices.

    Raises:
        InputError: The language can't be detected, and no sidecar declares it.
        LexiconError: There is no lexicon of the language.
    """
    info = settle_language(stored.edition, stored.content)
    lexicon = load_lexicon(info.known_language)
    return stored.follow("chapter", divide_chapters(stored.content, info.id, lexicon), info)
