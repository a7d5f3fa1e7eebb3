"""Content stream → operators and operands, as pdfminer reads them, most in a third of its time.

qpdf divides sound streams, all at once. Where it has a complaint, an operator is none that pdfminer knows, or a stream
is very large, pdfminer's own parser reads it piece by piece.
"""

# pdfminer hands over objects of no one type.
# ruff: noqa: ANN401

import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import suppress
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

import pikepdf
from pdfminer.pdfinterp import PDFContentParser, PDFPageInterpreter
from pdfminer.pdftypes import PDFStream, stream_value
from pdfminer.psexceptions import PSEOF
from pdfminer.psparser import LIT, PSKeyword, keyword_name

LARGEST: Final = 2_000_000
"""Bytes of content up to which it is divided at once: each takes 64 to 212 bytes of memory, so that a page stays below
430 MB of the 1,024 that it may take. The booklet's largest content has 570,000. Larger ones are divided piece by piece,
which gives the same and takes longer."""
_PICTURE_END: Final = re.compile(
    rb"EI(?=\Z|[\0\t\n\f\r ]+(?:[qQ]|BT|BI|EMC|BDC|BMC)\b|[\0\t\n\f\r ](?:[\t\n\r -~]{15}|[\t\n\r -~]*\Z))"
)
"""The end of a picture in the content: what often follows one, fifteen bytes of plain text, as pdf.js demands, or the
end of the content."""
Step = tuple[str, int, list[Any]]
"""An operator's method, the number of operands that this takes, and those that are given."""


class Interpreter(PDFPageInterpreter):
    """pdfminer's interpreter, which has its operators and operands from qpdf."""

    def execute(self, streams: Sequence[object]) -> None:
        """Run content streams, as one. Those that this interpreter, or one that called it, is at are left out."""
        self.stream_ids.clear()
        found = map(stream_value, streams)
        own = [stream for stream in found if stream.objid is not None and stream.objid not in self.parent_stream_ids]
        data = b"\n".join(stream.get_data() for stream in own)
        steps = parse_content(data) if len(data) <= LARGEST else None
        self.stream_ids.update(stream.objid for stream in own if stream.objid is not None)
        for method, count, operands in parse_piecewise(data) if steps is None else steps:
            self.argstack += operands
            taken = self.pop(count) if count else ()
            if len(taken) == count:
                getattr(self, method)(*taken)


def parse_content(data: bytes) -> list[Step] | None:
    """Divide a decoded content stream by qpdf; None of a damaged stream."""
    steps: list[Step] = []
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


class _Parser(PDFContentParser):
    """pdfminer's parser, but that it finds the end of pictures, and of arrays and dictionaries that nothing closes."""

    def get_inline_data(self, pos: int, target: bytes = b"EI") -> tuple[int, bytes]:
        """Return a picture's data."""
        self.seek(pos)
        data = self.fp.read()
        found = _PICTURE_END.search(data) if target == b"EI" else None
        if found is None:
            return super().get_inline_data(pos, target)
        self.seek(pos + found.end())
        return pos, data[: found.start()]

    def do_keyword(self, pos: int, token: PSKeyword) -> None:
        """Close what is open before an operator, which is in no array or dictionary (ISO 32000-1, 7.8.2)."""
        while self.context and hasattr(PDFPageInterpreter, _name_method(str(keyword_name(token)))):
            kind, members = self.curtype, [member for _, member in self.curstack]
            start, self.curtype, self.curstack = self.context.pop()
            if kind == "a":
                self.push((start, members))
        super().do_keyword(pos, token)


def parse_piecewise(data: bytes) -> Iterator[Step]:
    """Divide a decoded content stream by pdfminer's parser, which passes over damage; unknown operators do nothing."""
    parser, operands = _Parser([PDFStream({}, data)]), list[Any]()
    with suppress(PSEOF):
        while True:
            _, item = parser.nextobject()
            if not isinstance(item, PSKeyword):
                operands.append(item)
                continue
            with suppress(LookupError):
                yield *_find_method(str(keyword_name(item))), operands
                operands = []


@lru_cache(maxsize=256)
def _find_method(name: str) -> tuple[str, int]:
    """Return an operator's method and the number of its operands.

    Raises:
        LookupError: pdfminer has none for it.
    """
    method = _name_method(name)
    if not hasattr(PDFPageInterpreter, method):
        raise LookupError(name)
    return method, getattr(PDFPageInterpreter, method).__code__.co_argcount - 1


def _name_method(operator: str) -> str:
    return "do_" + operator.replace("*", "_a").replace('"', "_w").replace("'", "_q")


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
