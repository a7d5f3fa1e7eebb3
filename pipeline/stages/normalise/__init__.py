"""The normalise stage: reads a `Record`, writes a `NormalisedRecord` (values by the lexicons of the language)."""

from pipeline.stages.normalise.record import Value, compile_words, normalise_record, normalise_value

__all__ = ["Value", "compile_words", "normalise_record", "normalise_value"]
