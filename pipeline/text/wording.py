"""What English messages are made of: numbers of things, and values in words."""

import json
import re
from typing import Final

MOST_TEXT: Final = 80
"""Most characters of a text's beginning that a message quotes."""
_NOT_XML: Final = re.compile("[\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff\ufffe\uffff]")
"""Characters that no XML 1.0 document may hold; a set of all others takes 4 ms to compile, in each process."""


def count(number: int, noun: str, plural: str | None = None) -> str:
    """Return a number with its noun, in the singular for one.

    Args:
        number: How many.
        noun: The noun in the singular.
        plural: In the plural; by default with an s behind it.
    """
    return f"{number} {noun if number == 1 else plural or f'{noun}s'}"


def plain(value: object) -> str:
    """Return a text as it is, anything else as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def say(value: object) -> str:
    """Return a value as a person reads it: `nothing`, `yes`, `no`, else as JSON."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return json.dumps(value, ensure_ascii=False)


def clean_xml(text: str) -> str:
    """Show characters that XML can't hold as U+FFFD."""
    return _NOT_XML.sub("\ufffd", text)
