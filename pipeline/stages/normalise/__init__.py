"""The normalise stage: reads a `Record`, writes a `NormalisedRecord` (values by the lexicons of the language)."""

from pipeline.stages.normalise.record import compile_words, normalise_record

__all__ = ["compile_words", "normalise_record"]
