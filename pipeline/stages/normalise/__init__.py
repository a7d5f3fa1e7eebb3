"""The normalise stage: reads a `Record`, writes a `NormalisedRecord` (values by the lexicons of the language)."""

from pipeline.lexicon import load_corrections, load_lexicon
from pipeline.models.artefact import Stored
from pipeline.models.edition import MappedEdition, NormalisedEdition
from pipeline.stages.normalise.record import Value, normalise_record, normalise_value

__all__ = ["Value", "normalise_edition", "normalise_record", "normalise_value"]


def normalise_edition(stored: Stored[MappedEdition]) -> Stored[NormalisedEdition]:
    """Normalise the values of all records."""
    info, mapped = stored.edition, stored.content
    language = info.known_language
    lexicon, corrections = load_lexicon(language), load_corrections(info.id, language)
    records = tuple(normalise_record(record, lexicon, corrections) for record in mapped.records)
    return stored.follow("normalise", NormalisedEdition.model_construct(rest=mapped.rest, records=records))
