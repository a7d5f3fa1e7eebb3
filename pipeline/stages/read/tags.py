"""What a tagged file says of its structure: of each run of glyphs, the element that it belongs to (ISO 32000-1, 14.7).

The tree is followed from the marked content upwards, by the parent tree: what a page does not use is never looked at,
however large the tree is. Nothing in it is believed here: it is kept as the file gives it, as far as it goes.
"""

# pdfminer hands over objects of no one type.
# ruff: noqa: ANN401

import itertools
from collections.abc import Sequence
from typing import Any, Final

from pipeline.models.page import TagElement, Tags, TagSpan
from pipeline.stages.read.drawn import ARTIFACT, UNDRAWN, MarkedContent
from pipeline.stages.read.objects import get, identify, read_dict, read_list, read_name, read_string, resolve

MOST_DEPTH: Final = 64
"""Depth of elements, of the parent tree and of role maps from which on they are followed no further: sound files nest
a dozen elements, and their parent trees are three deep."""
MOST_CHARACTERS: Final = 2_000
"""How much of a text that stands for an element is kept."""
MOST_SPANNED: Final = 1_000
"""Most rows or columns that a cell may span; more is a slip."""


class Structure:
    """The structure tree of a file."""

    def __init__(self, catalog: Any) -> None:
        """Take the file's catalog."""
        self._root = read_dict(get(catalog, "StructTreeRoot"))
        self._roles = read_dict(self._root.get("RoleMap"))
        self._parents: dict[int, list[Any]] = {}

    @property
    def is_tagged(self) -> bool:
        """True where the file has a structure tree."""
        return bool(self._root)

    def find_element(self, mark: MarkedContent) -> Any:
        """Return the element that marked content belongs to, or a reference to it; None where none is found.

        Args:
            mark: The marked content.
        """
        if mark.parents is None or mark.mcid is None:
            return None
        if mark.parents not in self._parents:
            self._parents[mark.parents] = read_list(_look_up(self._root.get("ParentTree"), mark.parents))
        elements = self._parents[mark.parents]
        return elements[mark.mcid] if 0 <= mark.mcid < len(elements) else None

    def map_role(self, name: str) -> str:
        """Return the standard type that a type of the file's own stands for; itself where the file does not say.

        Args:
            name: The element's type.
        """
        for _ in range(MOST_DEPTH):
            mapped = read_name(self._roles.get(name))
            if not mapped or mapped == name:
                break
            name = mapped
        return name


def read_tags(
    structure: Structure, marks: Sequence[MarkedContent], glyphs: Sequence[int], concealed: frozenset[int]
) -> Tags | None:
    """Find which elements a page's glyphs belong to.

    Args:
        structure: The file's structure tree.
        marks: The page's marked contents.
        glyphs: Of each glyph the number of its marked content; -1 for none.
        concealed: Numbers of the marked contents that hold text that can't be seen: texts that stand for these are
            left out.

    Returns:
        Elements and spans; None for a page without any.
    """
    page = _PageTags(structure)
    found: dict[int, int | None] = {-1: None, UNDRAWN: None}
    spans: list[TagSpan] = []
    start = 0
    for number, run in itertools.groupby(glyphs):
        length = sum(1 for _ in run)
        if number not in found:
            mark = marks[number]
            element = None if mark.tag == ARTIFACT else structure.find_element(mark)
            found[number] = -1 if mark.tag == ARTIFACT else page.add(element, visible=number not in concealed)
        element = found[number]
        if element is not None:
            if spans and spans[-1].element == element and spans[-1].last == start - 1:
                spans[-1] = spans[-1]._replace(last=start + length - 1)
            else:
                spans.append(TagSpan(start, start + length - 1, element))
        start += length
    for number in concealed:
        page.silence(structure.find_element(marks[number]) if number >= 0 else None)
    return Tags(tuple(page.elements), tuple(spans)) if spans else None


class _PageTags:
    """The elements that a page uses."""

    def __init__(self, structure: Structure) -> None:
        self._structure = structure
        self._places: dict[object, int] = {}
        self.elements: list[TagElement] = []

    def add(self, item: Any, *, visible: bool) -> int | None:
        """Add an element and those around it, the outermost first.

        Args:
            item: The element, or a reference to it.
            visible: False to leave out the texts that stand for it.

        Returns:
            Its place in `elements`; None where it is no element.
        """
        chain: list[tuple[object, dict[str, Any]]] = []
        seen: set[object] = set()
        parent: int | None = None
        while len(chain) < MOST_DEPTH:
            element, key = resolve(item), identify(item)
            if not isinstance(element, dict) or key in seen or not read_name(element.get("S")):
                break
            if key in self._places:
                parent = self._places[key]
                break
            seen.add(key)
            chain.append((key, element))
            item = element.get("P")
        for key, element in reversed(chain):
            self.elements.append(self._describe(key, element, -1 if parent is None else parent, visible=visible))
            parent = self._places[key] = len(self.elements) - 1
        return parent

    def silence(self, item: Any) -> None:
        """Take away the texts that stand for an element and those around it."""
        place = self._places.get(identify(item), -1)
        while place >= 0:
            self.elements[place] = self.elements[place]._replace(alternative=None, actual_text=None)
            place = self.elements[place].parent

    def _describe(self, key: object, element: dict[str, Any], parent: int, *, visible: bool) -> TagElement:
        attributes = _table_attributes(element.get("A"))
        return TagElement(
            role=self._structure.map_role(read_name(element.get("S"))),
            parent=parent,
            key=key if isinstance(key, int) else 0,
            language=_text(element.get("Lang")),
            alternative=_text(element.get("Alt")) if visible else None,
            actual_text=_text(element.get("ActualText")) if visible else None,
            row_span=_span(attributes.get("RowSpan")),
            column_span=_span(attributes.get("ColSpan")),
        )


def _look_up(tree: Any, key: int) -> Any:
    """Find a number's value in a number tree (ISO 32000-1, 7.9.7)."""
    node = resolve(tree)
    for _ in range(MOST_DEPTH):
        if not isinstance(node, dict):
            return None
        if numbers := read_list(node.get("Nums")):
            for number, value in zip(numbers[::2], numbers[1::2], strict=False):
                if resolve(number) == key:
                    return resolve(value)
            return None
        node = next(filter(lambda kid: _holds(kid, key), map(resolve, read_list(node.get("Kids")))), None)
    return None


def _holds(node: Any, key: int) -> bool:
    limits = [resolve(part) for part in resolve(node.get("Limits")) or ()] if isinstance(node, dict) else []
    return len(limits) == 2 and all(isinstance(part, int) for part in limits) and limits[0] <= key <= limits[1]


def _table_attributes(value: Any) -> dict[str, Any]:
    found = resolve(value)
    for item in found if isinstance(found, list) else [found]:
        attributes = resolve(item)
        if isinstance(attributes, dict) and read_name(attributes.get("O")) == "Table":
            return attributes
    return {}


def _span(value: Any) -> int:
    found = resolve(value)
    return found if isinstance(found, int) and 1 <= found <= MOST_SPANNED else 1


def _text(value: Any) -> str | None:
    found = read_string(value)
    return None if found is None else found[:MOST_CHARACTERS]
