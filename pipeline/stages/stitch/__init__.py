"""Stitch stage: `PageLayout`s → `Document`. Knows geometry and the page order, no words of any language.

Takes furniture out, joins the halves of rows that run over page breaks, and joins lines to paragraphs and list items.
"""

from pipeline.stages.stitch.document import stitch_document

__all__ = ["stitch_document"]
