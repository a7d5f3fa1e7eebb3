"""Drafts of words for people to check: labels of an edition, the lexicon of a language."""
