"""The table model: candidates of columns, and the states of all lines of a document by one least-cost decision."""

from pipeline.stages.segment.model.pages import segment_pages

__all__ = ["segment_pages"]
