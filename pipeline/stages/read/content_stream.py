"""Content stream → operators and operands, as pdfminer reads them, in a third of its time; part of the read stage.

pdfminer's parser goes through a content stream with a function for each state and each stretch of a token, and has a
line for its log ready at each of them. Here a token that is whole in the buffer, and is one of the plain kinds, is
taken by one regular expression; at everything else (the end of a buffer, comments, names with `#`, nested brackets,
inline images, damage) pdfminer's own parser goes on from where it is. What comes out is the same, object by object
and place by place (tested on sound and on damaged streams).
"""

# pdfminer hands over objects of no one type.
# ruff: noqa: ANN401

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, Final

from pdfminer import settings
from pdfminer.pdfinterp import PDFContentParser, PDFInterpreterError, PDFPageInterpreter
from pdfminer.pdftypes import PDFStream, stream_value
from pdfminer.psexceptions import PSEOF
from pdfminer.psparser import KEYWORD_ARRAY_BEGIN, KEYWORD_ARRAY_END, KWD, LIT, PSKeyword, keyword_name

MOST_DIGITS: Final = 40
"""Most digits of a number that is read here: the longest that a sound file has is a dozen."""
_PLAIN: Final = re.compile(
    rb"\s*(?:"
    # Each kind takes in what must follow it, so that no token is cut off by the end of the buffer.
    rb"([-+]?[0-9]{1,%(most)d})(?=[^0-9.])"
    rb"|([-+]?(?:[0-9]{1,%(most)d}\.[0-9]{0,%(most)d}|\.[0-9]{1,%(most)d}))(?=[^0-9])"
    rb"|([A-Za-z][^#/%%\[\]()<>{}\s]*+)(?=[#/%%\[\]()<>{}\s])"
    rb"|(\[|\])"
    rb"|\(([^()\\]*+(?:\\[\x00-\xff][^()\\]*+)*+)\)"
    rb"|<((?:[0-9a-fA-F]{2})*+)>(?=[^>])"
    rb"|/([^#/%%\[\]()<>{}\s]*+)(?=[/%%\[\]()<>{}\s])"
    rb")" % {b"most": MOST_DIGITS}
)
"""A token of a plain kind, with the white space before it: whole number, number with a point, keyword, bracket of an
array, string, hexadecimal string, name."""
_STRING: Final = 5
"""Group of the first kind whose text begins behind a delimiter."""
_ESCAPE: Final = re.compile(rb"\\([0-7]{1,3}|\r\n|[\x00-\xff])")
_ESCAPED: Final = {
    b"b": b"\b",
    b"t": b"\t",
    b"n": b"\n",
    b"f": b"\f",
    b"r": b"\r",
    b"(": b"(",
    b")": b")",
    b"\\": b"\\",
}
"""What stands for a character (ISO 32000-1, table 3); pdfminer leaves out any other one, and the line's end."""
_OCTAL_DIGITS: Final = b"01234567"
_LAST_LINE_END: Final = re.compile(rb"(?:\r\n|[\r\n])$")


_STRUCTURE: Final = frozenset(map(KWD, (b"[", b"]", b"<<", b">>", b"{", b"}", b"BI", b"ID")))
"""Keywords that open or close something."""


def _unescape(match: re.Match[bytes]) -> bytes:
    """Return what an escape in a string stands for.

    Raises:
        ValueError: It is no byte.
    """
    escaped = match.group(1)
    return bytes((int(escaped, 8),)) if escaped[0] in _OCTAL_DIGITS else _ESCAPED.get(escaped, b"")


def _read_string(text: bytes) -> bytes:
    return _ESCAPE.sub(_unescape, text) if b"\\" in text else text


@lru_cache(maxsize=65_536)
def _make_keyword(text: bytes) -> Any:
    return text == b"true" if text in (b"true", b"false") else KWD(text)


@lru_cache(maxsize=65_536)
def _make_name(text: bytes) -> Any:
    try:
        return LIT(str(text, "utf-8"))
    except UnicodeDecodeError:
        return LIT(text)


_READERS: Final[tuple[Callable[[bytes], Any], ...]] = (
    int,
    float,
    _make_keyword,
    {b"[": KEYWORD_ARRAY_BEGIN, b"]": KEYWORD_ARRAY_END}.__getitem__,
    _read_string,
    lambda text: bytes.fromhex(text.decode("ascii")),
    _make_name,
)
"""What makes a token of its text, by the groups of the expression above."""


class ContentParser(PDFContentParser):
    """pdfminer's parser of content streams, quicker at plain tokens."""

    def __init__(self, streams: Sequence[object]) -> None:
        self._back: Any = None
        super().__init__(streams)

    def nexttoken(self) -> Any:
        """Return the next token and its place in its stream."""
        if self._back is not None:
            back, self._back = self._back, None
            return back
        # Only between two tokens: else pdfminer's parser is in the midst of something.
        if self._tokens or self.eof or self._parse1 != self._parse_main:
            return super().nexttoken()
        match = _PLAIN.match(self.buf, self.charpos)
        if match is None:
            return super().nexttoken()
        kind: int = match.lastindex  # type: ignore[assignment]
        text = match.group(kind)
        try:
            token = _READERS[kind - 1](text)
        except ValueError:  # pdfminer says what it makes of it
            return super().nexttoken()
        start = match.start(kind)
        place = self.bufpos + (start if kind < _STRING else start - 1)
        self.charpos = match.end()
        self._curtoken = text
        self._curtokenpos = place
        return place, token

    def get_inline_data(self, pos: int, target: bytes = b"EI") -> tuple[int, bytes]:
        """Return the bytes of an inline picture, and its place.

        pdfminer's misses an end behind what only begins like one (`EEI`), and goes on to the next: it is asked only
        where none is left in the stream.
        """
        self.seek(pos)
        end = re.compile(re.escape(target) + rb"\s").search(data := self.fp.getvalue(), pos)  # type: ignore[attr-defined]
        if end is None:
            return super().get_inline_data(pos, target)
        self.seek(end.end())
        return pos, _LAST_LINE_END.sub(b"", data[pos : end.start()])

    def nextobject(self) -> Any:
        """Return the next operator or operand, and its place."""
        if self.results or self.context or self.curstack:
            return super().nextobject()
        place, token = self.nexttoken()
        if type(token) is not PSKeyword:
            return place, token
        if token is KEYWORD_ARRAY_BEGIN:
            members: list[tuple[int, Any]] = []
            while True:
                own, member = self.nexttoken()
                if type(member) is not PSKeyword:
                    members.append((own, member))
                elif member is KEYWORD_ARRAY_END:
                    return place, [item for _, item in members]
                else:
                    break
            self.start_type(place, "a")
            self.push(*members)
            self._back = (own, member)
            return super().nextobject()
        if token not in _STRUCTURE:
            return place, token
        self._back = (place, token)
        return super().nextobject()


_operators: Final[dict[Any, tuple[str, int]]] = {}
"""Methods of the operators that have been met, and the number of their operands."""


class Interpreter(PDFPageInterpreter):
    """pdfminer's interpreter, which takes its objects from the parser above; operators' methods are looked up once."""

    def execute(self, streams: Sequence[object]) -> None:
        """Run content streams, as one. Those that this interpreter, or one that called it, is at are left out."""
        self.stream_ids.clear()
        own: list[PDFStream] = []
        for stream in map(stream_value, streams):
            if stream.objid is not None and stream.objid not in self.parent_stream_ids:
                own.append(stream)
                self.stream_ids.add(stream.objid)
        try:
            parser = ContentParser(own)
        except PSEOF:  # nothing is in them
            return
        while True:
            try:
                _, item = parser.nextobject()
            except PSEOF:
                return
            if type(item) is not PSKeyword:
                self.argstack.append(item)
                continue
            operator = _operators.get(item)
            if operator is None:
                operator = self._find_operator(keyword_name(item))
                if operator is None:
                    continue
                _operators[item] = operator
            method, count = operator
            if not count:
                getattr(self, method)()
                continue
            operands = self.pop(count)
            if len(operands) == count:
                getattr(self, method)(*operands)

    def _find_operator(self, name: str) -> tuple[str, int] | None:
        """Return an operator's method and the number of its operands; None where pdfminer has none for it."""
        method = "do_" + name.replace("*", "_a").replace('"', "_w").replace("'", "_q")
        if hasattr(self, method):
            return method, getattr(self, method).__code__.co_argcount - 1
        if settings.STRICT:
            raise PDFInterpreterError(f"Unknown operator: {name!r}")
        return None
