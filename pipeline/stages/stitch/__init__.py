"""Stitch stage: `PageLayout`s → `Document`. Knows geometry and the page order, no words of any language.

Takes furniture out, joins the halves of rows that run over page breaks, and joins lines to paragraphs and list items.
"""

from pipeline.models.artefact import Stored
from pipeline.models.edition import Layouts
from pipeline.models.row import Document
from pipeline.stages.stitch.document import stitch_document


def stitch_edition(stored: Stored[Layouts], breaks: dict[int, float] | None = None) -> Stored[Document]:
    """Join the cells of all pages to rows; `breaks` takes how sure each page's first row goes on."""
    return stored.follow("stitch", stitch_document(stored.content.pages, breaks))
