"""What a worker of the pool does with a page: reads it, and divides its lines for the segment stage."""

from contextlib import suppress

from pipeline.models.page import Page
from pipeline.stages.read.tasks import PdfFile, read_page_of
from pipeline.stages.segment.page_analysis import PageAnalysis, prepare_page


def read_and_prepare(file: PdfFile, number: int) -> tuple[Page, tuple[str, ...], PageAnalysis | None]:
    """Read a page of a file, and prepare it for the segment stage: 0.25 s of the booklet's stages after reading.

    Args:
        file: The file, with its hash.
        number: 1-based number of the page.

    Returns:
        The page, what of it is missing, and its lines; None for these where that fails, as it will again in the stage.
    """
    page, missing = read_page_of(file, number)
    with suppress(Exception):
        return page, missing, prepare_page(page)
    return page, missing, None
