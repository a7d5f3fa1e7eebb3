"""Printed URLs: where one goes on over a line's end, and where it ends in its sentence."""

import re
from typing import Final

from pipeline.models.layout import TextLine
from pipeline.text.lines import SOFT_HYPHEN

URL_START: Final = re.compile(r"(?:https?://|ftp://|www\.)", re.IGNORECASE)
URL_OPENING: Final = re.compile(r"(?:https?://|ftp://)(?:www\.)?|www\.", re.IGNORECASE)
"""The beginning of a URL that some typesetters (UAX #14, class SY) part from the rest at a line's end."""
OPENED_URL: Final = re.compile(r"(?<![^\W_])(?:https?://|ftp://|www\.)$", re.IGNORECASE)
"""A line's end at which a URL is parted so."""
URL: Final = re.compile(r"(?:https?://|ftp://|www\.)[^\s<>\"“”„«»]+", re.IGNORECASE)
JOINTS: Final = "?&=%#_-"
"""Signs inside URLs at which typesetters break them, and at which none ends."""
TRAILING: Final = ".,;:!?)]}'’‘"
"""Punctuation behind a printed URL that is the sentence's (a closing bracket only where none opens in the URL)."""
OPENING: Final = {")": "(", "]": "[", "}": "{"}
NARROW_CHARACTERS: Final = frozenset("ijlftr.,:;/|-'!()[]I")
NARROW: Final = 0.5
"""Advance of these characters, as a share of the others'."""


def goes_on_in_url(last: str, upper: TextLine, lower: TextLine, right: float) -> bool | None:
    """Return whether a URL goes on over a line's end.

    Args:
        last: The last word so far, whole if it ran over line ends.
        upper: The line that ends.
        lower: The line that begins.
        right: Right edge that the text can reach, points.

    Returns:
        True where it does, False where a URL ends the line and the next line begins something else, None where no URL
        ends the line.
    """
    first = lower.words[0].text
    if OPENED_URL.search(last):
        return goes_on_opened(last, first) or None
    match = max(URL.finditer(last), key=lambda found: found.end(), default=None)
    if match is None or match.end() < len(last.rstrip(TRAILING)):
        return None
    upper_links = {link.url for link in upper.links if link.last == len(upper.words) - 1}
    lower_links = {link.url for link in lower.links if link.first == 0}
    begins = URL_START.match(first) is not None
    if upper_links & lower_links and not begins:
        return not lower_links - upper_links or None
    if begins:
        return False
    # Behind a sentence's sign, and where the annotation's target is whole on the line, the URL has ended.
    ended = last[-1] in ",;" or (last[-1] == "." and first[0].isupper())
    ended = ended or bare_url(match.group().replace(SOFT_HYPHEN, "")) in map(bare_url, upper_links)
    if not ended and _is_broken(last, first, upper, lower, right):
        return True
    return False if first[0].isupper() else None


def _is_broken(last: str, first: str, upper: TextLine, lower: TextLine, right: float) -> bool:
    """Return whether a line ends inside a URL: what begins the next one looks like its rest, and had no room there."""
    room = right - upper.box.x1
    width = lower.words[0].x1 - lower.words[0].x0
    needed = width * advance(re.split(r"(?<=[/\-?&=._%#])", first)[0]) / advance(first)
    small = not first[0].isupper()
    if width > room and last[-1] in JOINTS and small:
        return True  # not every typesetter breaks URLs wherever it could
    if width > room and last[-1] == "/" and len(upper.words) == 1 and re.search(r"[/=&_%?\d]", first):
        return True
    joined = last[-1] in "/.-?&=_%#" or re.search(r"[/\-?&=_%#.\d]", first.rstrip(TRAILING))
    return needed > room and bool(joined) and (small or re.search(r"[/&=_%]|-.*-", first) is not None)


def goes_on_opened(last: str, first: str) -> bool:
    """Return whether a line goes on with the URL that is only opened at the end of the line above."""
    return first[0].isalnum() and (last.endswith("/") or not first[0].isupper())


def advance(text: str) -> float:
    """Estimate how wide a text is set: in most faces some letters and signs take half the room of others."""
    return sum(NARROW if char in NARROW_CHARACTERS else 1.0 for char in text) or 1.0


def bare_url(url: str) -> str:
    """Return a URL without its scheme, `www.` and last slash, to compare it by."""
    return re.sub(r"^(https?://)?(www\.)?", "", url.strip().rstrip("/").casefold())


def trim_url(text: str) -> str:
    """Cut a sentence's punctuation off the end of a printed URL.

    Args:
        text: The run of characters that begins as a URL.

    Returns:
        The URL.
    """
    while text and text[-1] in TRAILING:
        if text[-1] in OPENING and text.count(OPENING[text[-1]]) >= text.count(text[-1]):
            break
        text = text[:-1]
    return text
