"""Makes font programs of a few glyphs by hand: TrueType (`glyf`) and CFF, each glyph a box or nothing."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence

Box = tuple[int, int, int, int]
"""Left, lower, right and upper edge of what a glyph draws, thousandths of the size."""
STEM: Box = (100, 0, 400, 700)


def true_type(
    glyphs: Sequence[Box | None], codes: Mapping[int, int] | None = None, kind: tuple[int, int] = (3, 1)
) -> bytes:
    """Make a TrueType font.

    Args:
        glyphs: What each glyph draws.
        codes: Glyphs by the codes of `cmap`; None for a font without one.
        kind: Platform and encoding of `cmap`.
    """
    outlines, places = b"", [0]
    for box in glyphs:
        if box is not None:
            left, low, right, high = box
            outlines += struct.pack(">5h", 1, *box) + struct.pack(">HH", 3, 0) + bytes([1] * 4)
            outlines += struct.pack(">4h", left, 0, right - left, 0) + struct.pack(
                ">4h", low, high - low, 0, low - high
            )
        places.append(len(outlines))
    tables = {
        b"glyf": outlines,
        b"head": struct.pack(
            ">LLLLHHQQ4hHHhhh", 1 << 16, 0, 0, 0x5F0F3CF5, 0, 1000, 0, 0, 0, -200, 1000, 800, 0, 8, 2, 1, 0
        ),
        b"hhea": struct.pack(">L3h6x11hH", 1 << 16, 800, -200, 0, *[0] * 11, len(glyphs)),
        b"hmtx": struct.pack(">Hh", 500, 100) * len(glyphs),
        b"loca": struct.pack(f">{len(places)}L", *places),
        b"maxp": struct.pack(">LH13H", 1 << 16, len(glyphs), 4, 1, 0, 0, 1, *[0] * 8),
    }
    if codes is not None:
        segments = [*sorted(codes.items()), (0xFFFF, 0)]
        ends = struct.pack(f">{len(segments)}H", *(code for code, _ in segments))
        deltas = struct.pack(f">{len(segments)}H", *((glyph - code) & 0xFFFF for code, glyph in segments))
        body = struct.pack(">4H", 2 * len(segments), 0, 0, 0) + ends + bytes(2) + ends + deltas + bytes(len(ends))
        tables[b"cmap"] = struct.pack(">HHHHLHHH", 0, 1, *kind, 12, 4, 6 + len(body), 0) + body
    place, directory, data = 12 + 16 * len(tables), b"", b""
    for name, table in sorted(tables.items()):
        directory += struct.pack(">4sLLL", name, 0, place + len(data), len(table))
        data += table + bytes(-len(table) % 4)
    return struct.pack(">L4H", 1 << 16, len(tables), 0, 0, 0) + directory + data


def cff(glyphs: Mapping[str, Box | bytes | None]) -> bytes:
    """Make a bare CFF font whose glyphs have names; each is a box, nothing, or a charstring."""

    def index(items: Sequence[bytes]) -> bytes:
        if not items:
            return bytes(2)
        ends = [1]
        for item in items:
            ends.append(ends[-1] + len(item))
        return struct.pack(">HB", len(items), 2) + struct.pack(f">{len(ends)}H", *ends) + b"".join(items)

    def number(value: int) -> bytes:
        return b"\x1c" + struct.pack(">h", value)

    def charstring(box: Box | bytes | None) -> bytes:
        if isinstance(box, bytes):
            return box
        if box is None:
            return number(500) + b"\x0e"
        left, low, right, high = box
        lines = number(right - left) + number(high - low) + number(left - right) + b"\x06"
        return number(500) + number(left) + number(low) + b"\x15" + lines + b"\x0e"

    standard = 391  # strings that every font has
    names = index([name.encode() for name in glyphs])
    charset = b"\x00" + struct.pack(f">{len(glyphs)}H", *range(standard, standard + len(glyphs)))
    programs = index([charstring(None), *map(charstring, glyphs.values())])
    head = b"\x01\x00\x04\x02" + index([b"Own"])
    size = len(index([bytes(14)]))
    start = len(head) + size + len(names) + 2
    top = b"\x1d" + struct.pack(">l", start) + b"\x0f" + b"\x1d" + struct.pack(">l", start + len(charset)) + b"\x11"
    private = b"\x8b\x8b\x12"
    size = len(index([top + private]))
    start = len(head) + size + len(names) + 2
    top = b"\x1d" + struct.pack(">l", start) + b"\x0f" + b"\x1d" + struct.pack(">l", start + len(charset)) + b"\x11"
    return head + index([top + private]) + names + index([]) + charset + programs
