"""Imports spaCy without its command line; reads and writes no artefact.

`import spacy` imports its command line too, for one function (`spacy.info`), and with it four hundred modules: two HTTP
clients, typer, rich, its project tool. That is a third of the time that the import takes. Here a stand-in takes the
command line's place while spaCy is imported; afterwards `import spacy.cli` gives the real one, and so does a call of
`spacy.info`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any, Final

_STOOD_IN: Final = ("spacy.cli", "spacy.cli.info")


def import_spacy() -> ModuleType:
    """Import spaCy; at once where it is imported already.

    Returns:
        The package `spacy`.
    """
    if "spacy" in sys.modules:
        return import_module("spacy")
    package = find_spec("spacy")
    folders = [] if package is None else package.submodule_search_locations or []
    own = {name: _StandIn(name, [str(Path(folder, "cli")) for folder in folders]) for name in _STOOD_IN}
    sys.modules.update(own)
    try:
        return import_module("spacy")
    finally:
        for name, stand_in in own.items():
            if sys.modules.get(name) is stand_in:
                del sys.modules[name]


class _StandIn(ModuleType):
    """A module whose names are functions that call the real one's."""

    def __init__(self, name: str, path: list[str]) -> None:
        super().__init__(name, "Stands in for a module that is imported when it is used.")
        # Modules below it that nothing stands in for are found where they are.
        self.__path__ = path

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("__"):  # what Python asks of every module
            raise AttributeError(name)
        module = self.__name__

        def call(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401 - whatever the real one takes and gives
            return getattr(import_module(module), name)(*arguments, **named)

        return call
