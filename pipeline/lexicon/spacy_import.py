"""Imports the parts of spaCy that are used, without the rest of it.

`import spacy` imports all components that a trained pipeline may have, their training, its command line and its
project tool: six hundred modules, of which tokens, vocabulary and matchers need a third. Here the package's own code is
put off until something other than these is asked for, as `spacy.load` is.
"""

import sys
from importlib import import_module, reload
from importlib.util import find_spec, module_from_spec
from types import ModuleType
from typing import Any, Final

_PARTS: Final = ("tokens", "vocab", "matcher", "attrs")
"""The modules that are used; tokens first, as they and the vocabulary import each other."""


def import_spacy() -> ModuleType:
    """Import what is used of spaCy; at once where it is imported already.

    Returns:
        The package `spacy`.
    """
    spec = find_spec("spacy") if "spacy" not in sys.modules else None
    if spec is None:
        return import_module("spacy")
    package = sys.modules["spacy"] = module_from_spec(spec)
    try:
        for part in _PARTS:
            import_module(f"spacy.{part}")
    except BaseException:
        del sys.modules["spacy"]
        raise
    del package.__path__  # asked for before another module of it is imported, which needs the package's own code
    package.__class__ = _Unfinished
    return package


class _Unfinished(ModuleType):
    """A package whose own code runs when something is asked for that it does not hold yet."""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the package holds
        if name.startswith("__") and name != "__path__":  # what Python asks of every module
            raise AttributeError(name)
        self.__class__ = ModuleType  # type: ignore[assignment]
        return getattr(reload(self), name)
