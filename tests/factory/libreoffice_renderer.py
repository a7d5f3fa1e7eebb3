"""Typesets an edition with libreoffice."""

from __future__ import annotations

from tests.factory.content import EditionContent
from tests.factory.layout import Layout
from tests.factory.rendering import Rendered, RendererMissingError


def version() -> str:
    raise RendererMissingError("libreoffice")


def render(content: EditionContent, layout: Layout) -> Rendered:
    raise RendererMissingError("libreoffice")
