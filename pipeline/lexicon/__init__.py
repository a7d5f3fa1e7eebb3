"""The words of each language, as data: reads `schemas/<language>/*.yaml` and CLDR."""

from pipeline.lexicon.corrections import Correction, Corrections, load_corrections
from pipeline.lexicon.countries import CountryNames, country_prefix, country_suffix, find_country
from pipeline.lexicon.labels import LabelEntry
from pipeline.lexicon.load import Lexicon, list_languages, load_lexicon

__all__ = [
    "Correction",
    "Corrections",
    "CountryNames",
    "LabelEntry",
    "Lexicon",
    "country_prefix",
    "country_suffix",
    "find_country",
    "list_languages",
    "load_corrections",
    "load_lexicon",
]
