"""Segment stage: `Source` → one `PageLayout` per page. Geometry only, no words of any language.

Two-column tables are found by the strongest evidence the pages show: rules in both directions (grid), rules in one,
fills, and white space alone (gutter), measured over all pages together.
"""

from pipeline.models.artefact import Stored
from pipeline.models.edition import Layouts
from pipeline.models.page import Source
from pipeline.stages.segment.leaf import Leaf
from pipeline.stages.segment.pages import segment_pages
from pipeline.stages.segment.trace import Trace

__all__ = ["Trace", "segment_edition", "segment_pages"]


def segment_edition(
    stored: Stored[Source], trace: Trace | None = None, prepared: dict[int, Leaf] | None = None
) -> Stored[Layouts]:
    """Find the cells of all pages; a trace takes how, and pages whose lines are divided already are used."""
    return stored.follow("segment", Layouts.model_construct(pages=segment_pages(stored.content, trace, prepared)))
