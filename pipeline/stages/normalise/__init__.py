"""The normalise stage: reads a `Record`, writes a `NormalisedRecord` (values by the lexicons of the language)."""

from pipeline.lexicon import load_corrections, load_lexicon
from pipeline.models.artefact import Stored
from pipeline.models.edition import MappedEdition, NormalisedEdition
from pipeline.models.report import Issue
from pipeline.stages.normalise.record import normalise_record


def normalise_edition(stored: Stored[MappedEdition]) -> Stored[NormalisedEdition]:
    """Normalise the values of all records."""
    info, mapped = stored.edition, stored.content
    language = info.known_language
    lexicon, corrections = load_lexicon(language), load_corrections(info.id, language)
    records = tuple(normalise_record(record, lexicon, corrections) for record in mapped.records)
    there = {record.chapter.id for record in mapped.records}
    lost = tuple(
        Issue.of(
            "correction_of_no_practice",
            edition=info.id,
            expected=entry.expected,
            named=entry.practice,
            field=entry.field,
            file=f"schemas/corrections/{corrections.source}",
        )
        for entry in corrections.entries
        if entry.practice not in there
    )
    rest = mapped.rest.model_copy(update={"issues": (*mapped.rest.issues, *lost)})
    return stored.follow("normalise", NormalisedEdition.model_construct(rest=rest, records=records))
