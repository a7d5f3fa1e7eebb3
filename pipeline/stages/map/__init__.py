"""The map stage: reads a `Chapter`, writes a `Record` (labels to fields, by the edition's label lexicon)."""

from pipeline.stages.map.fields import map_chapter

__all__ = ["map_chapter"]
