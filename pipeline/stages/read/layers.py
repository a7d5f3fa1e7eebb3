"""Optional content: tells which layers of a file a viewer shows (ISO 32000-1, 8.11)."""

# pdfminer hands over objects of no one type.
# ruff: noqa: ANN401

from __future__ import annotations

from typing import Any, Final

MOST_NESTED: Final = 32
"""Depth of a visibility expression from which on it counts as true: sound files nest them twice or so."""


class Layers:
    """A file's layers, as they are when it is opened."""

    def __init__(self, catalog: Any) -> None:
        """Read the default configuration.

        Args:
            catalog: The file's catalog.
        """
        from pdfminer.pdftypes import resolve1

        properties = resolve1(catalog.get("OCProperties")) if isinstance(catalog, dict) else None
        config = resolve1(properties.get("D")) if isinstance(properties, dict) else None
        self._config: dict[str, Any] = config if isinstance(config, dict) else {}
        self._all_off = _name(self._config.get("BaseState")) == "OFF"
        self._off = {_identity(item) for item in _items(self._config.get("OFF"))}
        self._on = {_identity(item) for item in _items(self._config.get("ON"))}
        self._viewed = {
            _identity(item)
            for usage in map(resolve1, _items(self._config.get("AS")))
            if isinstance(usage, dict) and _name(usage.get("Event")) == "View"
            for item in _items(usage.get("OCGs"))
        }

    def shows(self, content: Any) -> bool:
        """Tell whether a viewer shows what belongs to a group or a membership dictionary.

        Args:
            content: The value of `/OC`, or the property list of marked content with the tag `OC`.
        """
        return self._shows(content, 0)

    def _shows(self, content: Any, depth: int) -> bool:
        from pdfminer.pdftypes import resolve1

        found = resolve1(content)
        if depth > MOST_NESTED or not isinstance(found, dict):
            return True
        if _name(found.get("Type")) != "OCMD":
            return self._is_on(content, found)
        expression = resolve1(found.get("VE"))
        if isinstance(expression, list) and expression:
            return self._holds(expression, depth + 1)
        groups = _items(found["OCGs"]) if "OCGs" in found else []
        if not groups and isinstance(resolve1(found.get("OCGs")), dict):
            groups = [found["OCGs"]]
        on = [self._is_on(group, resolve1(group)) for group in groups if isinstance(resolve1(group), dict)]
        if not on:
            return True
        return {
            "AllOn": all(on),
            "AnyOff": not all(on),
            "AllOff": not any(on),
        }.get(_name(found.get("P")), any(on))

    def _holds(self, expression: list[Any], depth: int) -> bool:
        """Work out a visibility expression."""
        from pdfminer.pdftypes import resolve1

        operator, *operands = expression
        values = [
            self._holds(known, depth + 1)
            if isinstance(known := resolve1(operand), list) and known and depth < MOST_NESTED
            else self._shows(operand, depth + 1)
            for operand in operands[:MOST_NESTED]
        ]
        if _name(operator) == "Not":
            return not values[0] if values else True
        return any(values) if _name(operator) == "Or" else all(values)

    def _is_on(self, group: Any, found: dict[str, Any]) -> bool:
        from pdfminer.pdftypes import resolve1

        key = _identity(group)
        on = key not in self._off if not self._all_off else key in self._on
        if key in self._viewed:
            usage = resolve1(found.get("Usage"))
            view = resolve1(usage.get("View")) if isinstance(usage, dict) else None
            if isinstance(view, dict) and "ViewState" in view:
                on = _name(view["ViewState"]) != "OFF"
        return on


def _identity(item: Any) -> object:
    """Give what tells an object from others: its number in the file."""
    from pdfminer.pdftypes import PDFObjRef

    return item.objid if isinstance(item, PDFObjRef) else id(item)


def _items(value: Any) -> list[Any]:
    from pdfminer.pdftypes import resolve1

    found = resolve1(value)
    return found if isinstance(found, list) else []


def _name(value: Any) -> str:
    from pdfminer.pdftypes import resolve1

    return str(getattr(resolve1(value), "name", ""))
