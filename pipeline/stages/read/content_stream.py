"""Content stream → operators and operands, as pdfminer reads them, in a third of its time; part of the read stage.

pdfminer's parser goes through a content stream with a function for each state and each stretch of a token, and has a
line for its log ready at each of them. Here a token that stands whole in the buffer, and is one of the plain kinds, is
taken by one regular expression; at everything else (the end of a buffer, comments, names with `#`, nested brackets,
inline images, damage) pdfminer's own parser goes on from where it stands. What comes out is the same, object by object
and place by place (tested on sound and on damaged streams).
"""

# pdfminer hands over objects of no one type.
# ruff: noqa: ANN401

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pdfminer.pdftypes import PDFStream

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
_INTEGER, _FLOAT, _KEYWORD, _BRACKET, _STRING, _HEXADECIMAL, _NAME = range(1, 8)
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
_LARGEST_BYTE: Final = 255


def _unescape(match: re.Match[bytes]) -> bytes:
    """Give what an escape in a string stands for.

    Raises:
        ValueError: It is no byte.
    """
    told = match.group(1)
    if told[0] in _OCTAL_DIGITS:
        return bytes((int(told, 8),))
    return _ESCAPED.get(told, b"")


@lru_cache(maxsize=1)
def parser_class() -> type[Any]:
    """Give the parser of content streams; built when first needed, because pdfminer is slow to import."""
    from pdfminer.pdfinterp import PDFContentParser
    from pdfminer.psparser import KEYWORD_ARRAY_BEGIN, KEYWORD_ARRAY_END, KWD, LIT, PSKeyword

    brackets = {b"[": KEYWORD_ARRAY_BEGIN, b"]": KEYWORD_ARRAY_END}
    words: dict[bytes, Any] = {b"true": True, b"false": False}
    names: dict[bytes, Any] = {}
    structure = frozenset(map(KWD, _STRUCTURE))

    class ContentParser(PDFContentParser):
        """pdfminer's parser of content streams, quicker at plain tokens."""

        def __init__(self, streams: Sequence[object]) -> None:
            self._back: Any = None
            super().__init__(streams)

        def nexttoken(self) -> Any:
            """Give the next token and its place in its stream."""
            if self._back is not None:
                back, self._back = self._back, None
                return back
            # Only between two tokens: else pdfminer's parser is in the midst of something.
            if self._tokens or self.eof or self._parse1 != self._parse_main:
                return super().nexttoken()
            match = _PLAIN.match(self.buf, self.charpos)
            if match is None:
                return super().nexttoken()
            kind = match.lastindex or _KEYWORD
            text = match.group(kind)
            token: Any
            if kind == _KEYWORD:
                token = words.get(text)
                if token is None:
                    token = KWD(text)
            elif kind == _FLOAT:
                token = float(text)
            elif kind == _INTEGER:
                token = int(text)
            elif kind == _STRING:
                if b"\\" in text:
                    try:
                        text = _ESCAPE.sub(_unescape, text)
                    except ValueError:  # pdfminer says what it makes of it
                        return super().nexttoken()
                token = text
            elif kind == _BRACKET:
                token = brackets[text]
                text = self._curtoken
            elif kind == _NAME:
                token = names.get(text)
                if token is None:
                    token = names[text] = LIT(_decode_name(text))
            else:
                token = bytes.fromhex(text.decode("ascii"))
            start = match.start(kind)
            place = self.bufpos + (start if kind < _STRING else start - 1)  # a string begins before its text
            self.charpos = match.end()
            self._curtoken = text
            self._curtokenpos = place
            return place, token

        def nextobject(self) -> Any:
            """Give the next operator or operand, and its place."""
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
            if token not in structure:
                return place, token
            self._back = (place, token)
            return super().nextobject()

    return ContentParser


@lru_cache(maxsize=1)
def interpreter_class() -> type[Any]:
    """Give the interpreter of content streams, which takes its objects from the parser above."""
    from pdfminer import settings
    from pdfminer.pdfinterp import PDFInterpreterError, PDFPageInterpreter
    from pdfminer.pdftypes import stream_value
    from pdfminer.psexceptions import PSEOF
    from pdfminer.psparser import PSKeyword, keyword_name

    make_parser = parser_class()
    operators: dict[Any, tuple[str, int]] = {}

    class Interpreter(PDFPageInterpreter):
        """pdfminer's interpreter; the operators' methods are looked up once."""

        def execute(self, streams: Sequence[object]) -> None:
            """Run content streams, as one. Those that this interpreter, or one that called it, is at are left out."""
            self.stream_ids.clear()
            own: list[PDFStream] = []
            for stream in map(stream_value, streams):
                if stream.objid is not None and stream.objid not in self.parent_stream_ids:
                    own.append(stream)
                    self.stream_ids.add(stream.objid)
            try:
                parser = make_parser(own)
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
                operator = operators.get(item)
                if operator is None:
                    operator = self._find_operator(keyword_name(item))
                    if operator is None:
                        continue
                    operators[item] = operator
                method, count = operator
                if not count:
                    getattr(self, method)()
                    continue
                operands = self.pop(count)
                if len(operands) == count:
                    getattr(self, method)(*operands)

        def _find_operator(self, name: str) -> tuple[str, int] | None:
            """Give an operator's method and the number of its operands; None where pdfminer has none for it."""
            method = "do_" + name.replace("*", "_a").replace('"', "_w").replace("'", "_q")
            if hasattr(self, method):
                return method, getattr(self, method).__code__.co_argcount - 1
            if settings.STRICT:
                raise PDFInterpreterError(f"Unknown operator: {name!r}")
            return None

    return Interpreter


_STRUCTURE: Final = (b"[", b"]", b"<<", b">>", b"{", b"}", b"BI", b"ID")
"""Keywords that open or close something."""


def _decode_name(text: bytes) -> str | bytes:
    try:
        return str(text, "utf-8")
    except UnicodeDecodeError:
        return text
