"""The map stage: reads a `Chapter`, writes a `Record` (labels to fields, by the edition's label lexicon)."""

from pipeline.lexicon import load_lexicon
from pipeline.models.artefact import Stored
from pipeline.models.chapter import Chapters
from pipeline.models.edition import MappedEdition
from pipeline.stages.map.fields import map_chapter

__all__ = ["map_chapter", "map_edition"]


def map_edition(stored: Stored[Chapters]) -> Stored[MappedEdition]:
    """Map the labels of all chapters to fields."""
    info, chapters = stored.edition, stored.content
    lexicon = load_lexicon(info.known_language)
    records = tuple(map_chapter(chapter, info.id, lexicon) for chapter in chapters.chapters)
    rest = chapters.model_copy(update={"chapters": ()})
    return stored.follow("map", MappedEdition.model_construct(rest=rest, records=records))
