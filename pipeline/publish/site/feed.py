"""Lists what has changed, for feed readers: what `find_changes` has found → RSS 2.0."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from email.utils import format_datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, Final, NamedTuple, TypeAlias
from xml.etree import ElementTree as ET

from pipeline.models.practice import Edition
from pipeline.publish.changes import say_became
from pipeline.publish.collection import Assignment
from pipeline.text.wording import clean_xml, count

FEED_FILE: Final = "changes.xml"
_Found: TypeAlias = tuple[str, list[str], tuple[str, str]]
"""Title, lines, and the edition and practice that they are about."""


class FeedItem(NamedTuple):
    """What is new: its title, what is said of it, line by line with values as code of Markdown, and its page's address.

    The address is below the base.
    """

    title: str
    lines: list[str]
    address: str


def list_items(
    editions: Sequence[Edition], changes: Mapping[str, Any] | None, pages: Mapping[tuple[str, str], str]
) -> list[FeedItem]:
    """List what is new: an item for each edition, or for each practice that has changed.

    Args:
        editions: The editions that are published.
        changes: What has changed since an earlier state; None where none is known.
        pages: Addresses of the practices' pages below the base, by edition and practice id.
    """
    found = _list_editions(editions) if changes is None else _list_changes(changes, editions)
    return [FeedItem(title, lines, pages.get(place, "index.html")) for title, lines, place in found]


def write_feed(assignment: Assignment, items: Iterable[FeedItem], published: datetime | None = None) -> bytes:
    """Write the feed.

    An item's `guid` is the hash of what it says, so that a reader shows the same change once.

    Args:
        assignment: What is said of the collection as a whole.
        items: The items.
        published: When the data was published; None where that is not known.
    """
    dated = {} if published is None else {"pubDate": format_datetime(published)}
    root = ET.Element("rss", version="2.0")
    channel = ET.SubElement(root, "channel")
    title, home = f"{assignment.title}: changes", assignment.address or "index.html"
    _add(channel, title=title, link=home, description=assignment.description, **dated)
    for one in items:
        text, address = "\n".join(one.lines), assignment.address + one.address
        item = ET.SubElement(channel, "item")
        _add(item, title=one.title, link=address, description=text, **dated)
        digest = hashlib.sha256(f"{one.title}\n{text}\n{address}".encode()).hexdigest()
        ET.SubElement(item, "guid", isPermaLink="false").text = f"sha256:{digest}"
    ET.indent(root)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _add(parent: ET.Element, **texts: str) -> None:
    for tag, text in texts.items():
        ET.SubElement(parent, tag).text = clean_xml(text)


def _list_editions(editions: Sequence[Edition]) -> Iterator[_Found]:
    for edition in editions:
        lines = [edition.title or edition.source, f"SHA-256 {edition.sha256}"]
        yield f"Edition {edition.id}", lines, (edition.id, "")


def _list_changes(changes: Mapping[str, Any], editions: Sequence[Edition]) -> Iterator[_Found]:
    added = [edition for edition in editions if edition.id in changes["editions_added"]]
    yield from _list_editions(added)
    for name in changes["editions_gone"]:
        yield f"Edition {name} is gone", ["It is no longer published."], (name, "")
    for name, found in changes["editions_changed"].items():
        lines = [f"{key}: {say_became(values)}" for key, values in found.items()]
        yield f"Edition {name} has changed", lines, (name, "")
    for (edition, practice), rows in groupby(changes["changes"], key=itemgetter("edition", "practice")):
        listed = list(rows)
        lines = [
            f"{'.'.join(filter(None, (row['field'], row['part']))) or 'practice'} {row['change']}: {say_became(row)}"
            for row in listed
        ]
        title = f"{practice or edition} ({edition}): {count(len(listed), 'change')}"
        yield title, lines, (edition, practice or "")
