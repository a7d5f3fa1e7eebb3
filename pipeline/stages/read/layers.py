"""Optional content: which layers of a file a viewer shows (ISO 32000-1, 8.11)."""

# pdfminer hands over objects of no one type.
# ruff: noqa: ANN401

from typing import Any, Final

from pipeline.stages.read.objects import get, identify, read_dict, read_list, read_name, resolve

MOST_NESTED: Final = 32
"""Depth of a visibility expression from which on it counts as true: sound files nest them twice or so, and a damaged
file has a ring of them."""


class Layers:
    """A file's layers, as they are when it is opened."""

    def __init__(self, catalog: Any) -> None:
        """Read the default configuration.

        Args:
            catalog: The file's catalog.
        """
        self._config = read_dict(get(get(catalog, "OCProperties"), "D"))
        self._all_off = read_name(self._config.get("BaseState")) == "OFF"
        self._off = {identify(item) for item in read_list(self._config.get("OFF"))}
        self._on = {identify(item) for item in read_list(self._config.get("ON"))}
        self._known: dict[object, bool] = {}
        self._viewed = {
            identify(item)
            for usage in map(resolve, read_list(self._config.get("AS")))
            if isinstance(usage, dict) and read_name(usage.get("Event")) == "View"
            for item in read_list(usage.get("OCGs"))
        }

    def shows(self, content: Any, depth: int = 0) -> bool:
        """Return whether a viewer shows what belongs to a group or a membership dictionary.

        Args:
            content: The value of `/OC`, or the property list of marked content with the tag `OC`.
            depth: Number of visibility expressions that it is within.
        """
        found = resolve(content)
        if depth > MOST_NESTED or not isinstance(found, dict):
            return True
        if read_name(found.get("Type")) != "OCMD":
            return self._is_on(content, found)
        expression = resolve(found.get("VE"))
        if isinstance(expression, list) and expression:
            return self._holds(expression, depth + 1)
        groups = found.get("OCGs")
        groups = [groups] if isinstance(resolve(groups), dict) else read_list(groups)
        on = [self._is_on(group, resolve(group)) for group in groups if isinstance(resolve(group), dict)]
        if not on:
            return True
        policies = {"AllOn": all(on), "AnyOff": not all(on), "AllOff": not any(on)}
        return policies.get(read_name(found.get("P")), any(on))

    def _holds(self, expression: list[Any], depth: int) -> bool:
        """Evaluate a visibility expression."""
        operator, *operands = expression
        values = [self._holds_operand(operand, depth) for operand in operands]
        if read_name(operator) == "Not":
            return not values[0] if values else True
        return any(values) if read_name(operator) == "Or" else all(values)

    def _holds_operand(self, operand: Any, depth: int) -> bool:
        """Evaluate an operand of a visibility expression, once where it is an object of its own: many may share it."""
        key = identify(operand)
        if key in self._known:
            return self._known[key]
        found = resolve(operand)
        nested = isinstance(found, list) and found and depth < MOST_NESTED
        value = self._holds(found, depth + 1) if nested else self.shows(operand, depth + 1)
        if found is not operand:
            self._known[key] = value
        return value

    def _is_on(self, group: Any, found: dict[str, Any]) -> bool:
        key = identify(group)
        wanted = _intents(self._config)
        if "All" not in wanted and not wanted & _intents(found):
            return True
        on = key not in self._off if not self._all_off else key in self._on
        if key in self._viewed:
            view = get(get(found, "Usage"), "View")
            if isinstance(view, dict) and "ViewState" in view:
                on = read_name(view["ViewState"]) != "OFF"
        return on


def _intents(found: dict[str, Any]) -> set[str]:
    """Return what a group or a configuration is meant for; a group of another intent is shown in any case."""
    intent = resolve(found.get("Intent"))
    return set(map(read_name, intent if isinstance(intent, list) else [intent])) - {""} or {"View"}
