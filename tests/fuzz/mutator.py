"""A seeded mutator of PDFs: the same bytes and seed give the same damage."""

from __future__ import annotations

import io
import random
import re
from collections.abc import Callable
from typing import Final

import pikepdf

Damage = Callable[[random.Random, bytearray], bytes]

ODD_NUMBERS: Final = (b"0", b"-1", b"1", b"65535", b"2147483648", b"-99999999999", b"1e9", b"0.00001", b"9" * 25)
ODD_TOKENS: Final = (
    b"<<",
    b">>",
    b"[",
    b"]",
    b"(",
    b")",
    b"endobj",
    b"stream",
    b"endstream",
    b"null",
    b"R",
    b"/",
    b"%",
)
STRUCTURE: Final = (
    rb"startxref\s+\d+",
    rb"xref\s+\d+ \d+",
    rb"\d{10} \d{5} n",
    rb"/Size \d+",
    rb"/Prev \d+",
    rb"/Root \d+ \d+ R",
    rb"/Kids ?\[[^]]*\]",
    rb"/Count \d+",
    rb"/Length \d+",
    rb"/Filter ?/\w+",
    rb"/Type ?/\w+",
    rb"/MediaBox ?\[[^]]*\]",
    rb"/Parent \d+ \d+ R",
    rb"/Contents \d+ \d+ R",
    rb"/Encoding ?/[\w-]+",
    rb"/W ?\[",
    rb"\d+ 0 obj",
    rb"endobj",
    rb"endstream",
    rb"%%EOF",
)


def flip_bytes(chance: random.Random, data: bytearray) -> bytes:
    for _ in range(chance.choice((1, 3, 10, 100))):
        data[chance.randrange(len(data))] = chance.randrange(256)
    return bytes(data)


def cut_out(chance: random.Random, data: bytearray) -> bytes:
    start = chance.randrange(len(data))
    del data[start : start + chance.choice((1, 10, 1000, 20000))]
    return bytes(data)


def cut_off(chance: random.Random, data: bytearray) -> bytes:
    return bytes(data[: chance.randrange(8, len(data))])


def blank(chance: random.Random, data: bytearray) -> bytes:
    start, size = chance.randrange(len(data)), chance.choice((4, 64, 512, 4096))
    data[start : start + size] = chance.choice((b"\x00", b" ", b"\xff")) * min(size, len(data) - start)
    return bytes(data)


def double(chance: random.Random, data: bytearray) -> bytes:
    start, place = chance.randrange(len(data)), chance.randrange(len(data))
    data[place:place] = data[start : start + chance.choice((10, 500, 5000))]
    return bytes(data)


def put_token(chance: random.Random, data: bytearray) -> bytes:
    for _ in range(chance.choice((1, 5, 20))):
        place = chance.randrange(len(data))
        token = b" " + chance.choice(ODD_TOKENS + ODD_NUMBERS) + b" "
        data[place : place + (len(token) if chance.random() < 0.5 else 0)] = token
    return bytes(data)


def change_numbers(chance: random.Random, data: bytearray) -> bytes:
    """Change numbers outside streams; the cross-reference table is wrong from there on."""
    places = [match.span() for match in re.finditer(rb"(?<=[ \[])\d+(?:\.\d+)?(?=[ \]\n/>])", data)]
    for start, end in sorted(chance.sample(places, min(len(places), chance.choice((1, 3, 10)))), reverse=True):
        data[start:end] = chance.choice(ODD_NUMBERS)
    return bytes(data)


def break_structure(chance: random.Random, data: bytearray) -> bytes:
    for pattern in chance.sample(STRUCTURE, chance.choice((1, 2, 4))):
        places = [match.span() for match in re.finditer(pattern, data)]
        if places:
            start, end = chance.choice(places)
            word = bytearray(data[start:end])
            word[chance.randrange(len(word))] = chance.choice(b"0123456789 /R[]<>x")
            data[start:end] = word if chance.random() < 0.7 else b" " * len(word)
    return bytes(data)


def _tamper(pdf: pikepdf.Pdf, chance: random.Random) -> None:
    """Change one entry of one object."""
    holders = [item for item in pdf.objects if isinstance(item, (pikepdf.Dictionary, pikepdf.Stream, pikepdf.Array))]
    holder = chance.choice(holders)
    keys = list(range(len(holder))) if isinstance(holder, pikepdf.Array) else list(holder.keys())
    if not keys:
        return
    key = chance.choice(keys)
    # A loop in the page tree brings down the library that writes it (those files are made by hand, tests/hostile), and
    # lengths it sets itself.
    if key in ("/Kids", "/Parent", "/Pages", "/Length") or holder.objgen == pdf.Root.objgen:
        return
    new = chance.choice(
        (
            0,
            -1,
            2**31,
            pikepdf.Array([]),
            pikepdf.Dictionary(),
            pikepdf.Name("/Odd"),
            pikepdf.String("odd"),
            chance.choice(holders),
            holder,
        )
    )
    if chance.random() < 0.3:
        del holder[key]
    else:
        holder[key] = new


def change_objects(chance: random.Random, data: bytearray) -> bytes:
    written = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for _ in range(chance.choice((1, 1, 2, 5))):
            _tamper(pdf, chance)
        pdf.save(written, static_id=True, fix_metadata_version=False)
    return written.getvalue()


def change_content(chance: random.Random, data: bytearray) -> bytes:
    """Damage a page's content stream, packed or plain."""
    written = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        page = chance.choice(list(pdf.pages))
        contents = page.obj.Contents
        stream = chance.choice(list(contents)) if isinstance(contents, pikepdf.Array) else contents
        packed = chance.random() < 0.5
        content = bytearray(stream.read_raw_bytes() if packed else stream.read_bytes())
        changed = chance.choice((flip_bytes, cut_out, blank, double, put_token))(chance, content)
        if packed:
            stream.write(changed, filter=stream.get("/Filter"), decode_parms=stream.get("/DecodeParms"))
        else:
            stream.write(changed)
        pdf.save(written, static_id=True)
    return written.getvalue()


DAMAGES: Final[tuple[Damage, ...]] = (
    flip_bytes,
    cut_out,
    cut_off,
    blank,
    double,
    put_token,
    change_numbers,
    break_structure,
    break_structure,
    change_objects,
    change_objects,
    change_content,
    change_content,
)


def damage(data: bytes, seed: int) -> tuple[bytes, str]:
    """Damage a file.

    Args:
        data: A sound PDF.
        seed: The same seed does the same damage.

    Returns:
        The damaged file, and the name of the way.
    """
    chance = random.Random(seed)
    way = chance.choice(DAMAGES)
    try:
        return way(chance, bytearray(data)), way.__name__
    except (pikepdf.PdfError, pikepdf.ForeignObjectError, ValueError, TypeError, RuntimeError) as error:
        # The library would not write the damage that was meant; bytes take any.
        return flip_bytes(chance, bytearray(data)), f"flip_bytes, not {way.__name__} ({type(error).__name__})"
