"""Drafts the lexicon of a language from an edition in it and one that is known: reads both.

========== =================================================================================
module     what it does
========== =================================================================================
known      an extracted edition as rows that have a meaning
evidence   what survives translation, and how alike two cells are by it
alignment  aligns the chapters and rows of the new edition with the known ones
labels     which label names which field, by all rows that were aligned
countries  names of countries in headings that CLDR does not know
anchoring  where in a translation a phrase of the known text should be
candidates words that may be value words: found where a known phrase should be
values     value words, by the known meaning of the aligned values
drafting   the lexicon folder as YAML, every entry marked as a draft
learning   all of it in order
========== =================================================================================

Nothing here is of any language: words come from the two editions, from the known language's folder and from CLDR.
"""

from pipeline.authoring.learn.learning import Learned, find_countries, learn_language

__all__ = ["Learned", "find_countries", "learn_language"]
