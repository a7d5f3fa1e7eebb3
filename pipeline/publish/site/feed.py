"""Lists what has changed, for feed readers: what `find_changes` has found → RSS 2.0."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from email.utils import format_datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, Final
from xml.etree import ElementTree as ET

from pipeline.models.practice import Edition
from pipeline.publish.changes import say_became
from pipeline.publish.collection import Assignment

FEED_FILE: Final = "changes.xml"
_NO_XML: Final = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 can't hold."""


def write_feed(
    assignment: Assignment,
    editions: Sequence[Edition],
    changes: Mapping[str, Any] | None,
    pages: Mapping[tuple[str, str], str],
    published: datetime | None = None,
) -> bytes:
    """Write the feed: an item for each edition, or for each practice that has changed.

    An item's `guid` is the hash of what it says, so that a reader shows the same change once.

    Args:
        assignment: What is said of the collection as a whole.
        editions: The editions that are published.
        changes: What has changed since an earlier state; None where none is known.
        pages: Addresses of the practices' pages below the base, by edition and practice id.
        published: When the data was published; None where that is not known.
    """
    dated = {} if published is None else {"pubDate": format_datetime(published)}
    root = ET.Element("rss", version="2.0")
    channel = ET.SubElement(root, "channel")
    title, home = f"{assignment.title}: changes", assignment.address or "index.html"
    _add(channel, title=title, link=home, description=assignment.description, **dated)
    found = _list_editions(editions) if changes is None else _list_changes(changes, editions)
    for title, text, place in found:
        address = assignment.address + pages.get(place, "index.html")
        item = ET.SubElement(channel, "item")
        _add(item, title=title, link=address, description=text, **dated)
        digest = hashlib.sha256(f"{title}\n{text}\n{address}".encode()).hexdigest()
        ET.SubElement(item, "guid", isPermaLink="false").text = f"sha256:{digest}"
    ET.indent(root)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _add(parent: ET.Element, **texts: str) -> None:
    for tag, text in texts.items():
        ET.SubElement(parent, tag).text = _NO_XML.sub("\ufffd", text)


def _list_editions(editions: Sequence[Edition]) -> Iterator[tuple[str, str, tuple[str, str]]]:
    for edition in editions:
        yield f"Edition {edition.id}", f"{edition.title or edition.source}, SHA-256 {edition.sha256}", (edition.id, "")


def _list_changes(
    changes: Mapping[str, Any], editions: Sequence[Edition]
) -> Iterator[tuple[str, str, tuple[str, str]]]:
    added = [edition for edition in editions if edition.id in changes["editions_added"]]
    yield from _list_editions(added)
    for name in changes["editions_gone"]:
        yield f"Edition {name} is gone", "It is no longer published.", (name, "")
    for name, found in changes["editions_changed"].items():
        lines = [f"{key}: {say_became(values)}" for key, values in found.items()]
        yield f"Edition {name} has changed", "\n".join(lines), (name, "")
    for (edition, practice), rows in groupby(changes["changes"], key=itemgetter("edition", "practice")):
        listed = list(rows)
        lines = [
            f"{'.'.join(filter(None, (row['field'], row['part']))) or 'practice'} {row['change']}: {say_became(row)}"
            for row in listed
        ]
        title = f"{practice or edition} ({edition}): {len(listed)} {'change' if len(listed) == 1 else 'changes'}"
        yield title, "\n".join(lines), (edition, practice or "")
