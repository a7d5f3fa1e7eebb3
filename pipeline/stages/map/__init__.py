"""The map stage: reads a `Chapter`, writes a `Record` (labels to fields, by the edition's label lexicon)."""

from pipeline.lexicon import load_lexicon
from pipeline.lexicon.label_index import fold_label
from pipeline.models.artefact import Stored
from pipeline.models.chapter import Chapters
from pipeline.models.edition import MappedEdition
from pipeline.stages.map.mapping import map_chapter
from pipeline.stages.map.suggest import find_refuted


def map_edition(stored: Stored[Chapters]) -> Stored[MappedEdition]:
    """Map the labels of all chapters to fields.

    A label is suggested for no field that another practice with the same label has a row for: there it means something
    else. What is refuted so is mapped again, until no suggestion is.
    """
    info, chapters = stored.edition, stored.content
    lexicon = load_lexicon(info.known_language)
    records = [map_chapter(chapter, info.id, lexicon) for chapter in chapters.chapters]
    refuted: set[tuple[str, str]] = set()
    while found := find_refuted(records) - refuted:
        refuted |= found
        labels = {label for label, _ in found}
        for number, chapter in enumerate(chapters.chapters):
            if any(fold_label(row.label) in labels for row in records[number].unmapped):
                records[number] = map_chapter(chapter, info.id, lexicon, frozenset(refuted))
    rest = chapters.model_copy(update={"chapters": ()})
    return stored.follow("map", MappedEdition.model_construct(rest=rest, records=tuple(records)))
