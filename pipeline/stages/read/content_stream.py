"""Content stream → operators and operands, as pdfminer reads them, most in a third of its time.

qpdf divides sound streams, all at once. Where it has a complaint, an operator is none that pdfminer knows, or a stream
is very large, pdfminer's own parser reads it piece by piece.
"""

# pdfminer hands over objects of no one type.
# ruff: noqa: ANN401

import warnings
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

import pikepdf
from pdfminer.pdfinterp import PDFPageInterpreter
from pdfminer.pdftypes import PDFStream, stream_value
from pdfminer.psparser import LIT

LARGEST: Final = 2_000_000
"""Bytes of content up to which it is divided at once: each takes 64 to 212 bytes of memory, so that a page stays below
430 MB of the 1,024 that it may take. The booklet's largest content has 570,000."""


class Interpreter(PDFPageInterpreter):
    """pdfminer's interpreter, which has its operators and operands from qpdf."""

    def execute(self, streams: Sequence[object]) -> None:
        """Run content streams, as one. Those that this interpreter, or one that called it, is at are left out."""
        self.stream_ids.clear()
        found = map(stream_value, streams)
        own = [stream for stream in found if stream.objid is not None and stream.objid not in self.parent_stream_ids]
        data = b"\n".join(stream.get_data() for stream in own)
        steps = parse_content(data) if len(data) <= LARGEST else None
        if steps is None:
            super().execute(own)
            return
        self.stream_ids.update(stream.objid for stream in own if stream.objid is not None)
        for method, count, operands in steps:
            self.argstack += operands
            taken = self.pop(count) if count else ()
            if len(taken) == count:
                getattr(self, method)(*taken)


def parse_content(data: bytes) -> list[tuple[str, int, list[Any]]] | None:
    """Divide a content stream.

    Args:
        data: The stream, decoded.

    Returns:
        Of each operator its method, the number of operands that this takes, and those that are given; None of a damaged
        stream.
    """
    steps = []
    with warnings.catch_warnings(), pikepdf.new() as document:
        warnings.simplefilter("error", UserWarning)
        try:
            for step in pikepdf.parse_content_stream(pikepdf.Stream(document, data)):
                if isinstance(step, pikepdf.ContentStreamInlineImage):
                    steps.append(("do_EI", 1, [PDFStream(_convert(step.iimage.obj), b"")]))
                else:
                    method = _find_method(str(step.operator))
                    steps.append((*method, [_convert(operand) for operand in step.operands]))
        except (pikepdf.PdfError, UserWarning, TypeError, ValueError, LookupError):
            return None
        return None if document.get_warnings() else steps


@lru_cache(maxsize=256)
def _find_method(name: str) -> tuple[str, int]:
    """Return an operator's method and the number of its operands.

    Raises:
        LookupError: pdfminer has none for it.
    """
    method = "do_" + name.replace("*", "_a").replace('"', "_w").replace("'", "_q")
    if not hasattr(PDFPageInterpreter, method):
        raise LookupError(name)
    return method, getattr(PDFPageInterpreter, method).__code__.co_argcount - 1


def _convert(value: Any) -> Any:
    """Return an operand as pdfminer gives it."""
    if isinstance(value, Decimal):
        return float(value)
    if not isinstance(value, pikepdf.Object):
        return value
    if isinstance(value, pikepdf.Array):
        return [_convert(member) for member in value]
    if isinstance(value, pikepdf.String):
        return bytes(value)
    if isinstance(value, pikepdf.Name):
        return LIT(str(value)[1:])
    return {key[1:]: _convert(member) for key, member in value.items()}
