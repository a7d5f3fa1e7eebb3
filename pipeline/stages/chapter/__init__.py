"""Chapter stage: `Document` → `Chapters`."""

from pipeline.stages.chapter.chapters import divide_chapters

__all__ = ["divide_chapters"]
