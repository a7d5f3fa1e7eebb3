"""Values of PDF objects as pdfminer hands them over; what is of another type than asked for is None, or empty."""

# pdfminer hands over objects of no one type.
# ruff: noqa: ANN401

import math
from codecs import BOM_UTF8, BOM_UTF16_LE
from functools import lru_cache
from typing import Any

from pipeline.stages.read.drawn import Rectangle, bounds


@lru_cache(maxsize=1)
def known_faults() -> tuple[type[Exception], ...]:
    """Return what the libraries raise where objects of a file are of another type than the standard says."""
    from pdfminer.psexceptions import PSException
    from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

    of_python = RecursionError, ValueError, TypeError, LookupError, AttributeError, ArithmeticError, AssertionError
    return PSException, PdfminerException, MalformedPDFException, *of_python


def resolve(value: Any) -> Any:
    """Return the object that a reference leads to; anything else as it is."""
    from pdfminer.pdftypes import resolve1

    return resolve1(value)


def get(value: Any, key: str) -> Any:
    """Return an entry of a dictionary."""
    found = resolve(value)
    return resolve(found.get(key)) if isinstance(found, dict) else None


def read_dict(value: Any) -> dict[str, Any]:
    """Return the entries of a dictionary."""
    found = resolve(value)
    return found if isinstance(found, dict) else {}


def read_list(value: Any) -> list[Any]:
    """Return the items of an array."""
    found = resolve(value)
    return found if isinstance(found, list) else []


def read_int(value: Any) -> int | None:
    """Return a whole number."""
    found = resolve(value)
    return found if isinstance(found, int) else None


def read_name(value: Any) -> str:
    """Return a name."""
    found = getattr(resolve(value), "name", "")
    return found if isinstance(found, str) else ""


def read_string(value: Any) -> str | None:
    """Return a text string, or what a stream of one holds (ISO 32000-1, 7.9.2.2 and 7.9.3)."""
    from pdfminer.pdftypes import PDFStream
    from pdfminer.utils import decode_text

    found = resolve(value)
    found = found.get_data() if isinstance(found, PDFStream) else found
    if isinstance(found, bytes) and found.startswith((BOM_UTF8, BOM_UTF16_LE)):
        return found.decode("utf-8-sig" if found.startswith(BOM_UTF8) else "utf-16", "replace")
    return decode_text(found) if isinstance(found, bytes) else None


def read_rectangle(value: Any) -> Rectangle | None:
    """Return a rectangle, whichever two corners the file gives."""
    numbers = [resolve(part) for part in read_list(value)]
    if len(numbers) != 4 or not all(isinstance(part, (int, float)) and math.isfinite(part) for part in numbers):
        return None
    return bounds([(float(numbers[0]), float(numbers[1])), (float(numbers[2]), float(numbers[3]))])


def read_matrix(value: Any) -> Any:
    """Six numbers (ISO 32000-1, 8.3.4); those that change nothing where the file gives others."""
    from pdfminer.utils import MATRIX_IDENTITY

    numbers = tuple(map(resolve, read_list(value)))
    sound = len(numbers) == 6 and all(isinstance(part, (int, float)) and math.isfinite(part) for part in numbers)
    return numbers if sound else MATRIX_IDENTITY


def identify(item: Any) -> object:
    """Return what identifies an object: its number in the file, else its place in memory, as text."""
    from pdfminer.pdftypes import PDFObjRef

    return item.objid if isinstance(item, PDFObjRef) else str(id(item))
