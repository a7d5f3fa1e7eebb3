"""What is done to a PDF after typesetting."""

from __future__ import annotations

from tests.factory.content import EditionContent
from tests.factory.layout import Layout
from tests.factory.truth import PageText


def conceal_text(content: EditionContent, layout: Layout, pages: int) -> tuple[PageText, ...]:
    return ()


def mutate(pdf_bytes: bytes, layout: Layout, concealed: tuple[PageText, ...]) -> bytes:
    return pdf_bytes
