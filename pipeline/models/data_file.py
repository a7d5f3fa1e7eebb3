"""Reads YAML data files, lexicons and sidecars, into models."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from pipeline.errors import ExtractionError, LexiconError
from pipeline.files import name_cause

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_Model = TypeVar("_Model", bound=BaseModel)

_SafeLoader: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The loader by libyaml, where PyYAML has it: a fifth of the time."""


class _UniqueKeyLoader(_SafeLoader):  # type: ignore[misc]  # one of two, chosen at run time
    """A YAML loader that rejects a key given twice in one mapping (plain YAML keeps the last one silently)."""

    def construct_object(self, node: yaml.Node, deep: bool = False) -> object:
        """Build a value; one that can't be built, or no machine counts with, is an error that names its line."""
        try:
            made = super().construct_object(node, deep)
        except _Refused:
            raise
        except (yaml.constructor.ConstructorError, ValueError, TypeError, AttributeError) as error:
            raise _refuse(UNREADABLE, node) from error
        if isinstance(made, int) and made.bit_length() > MOST_BITS:
            raise _refuse(UNREADABLE, node)
        return made


class _Refused(yaml.MarkedYAMLError):
    """What a data file can't hold, in words of our own."""


def _refuse(why: str, node: yaml.Node) -> _Refused:
    return _Refused(None, None, why, node.start_mark)


def _construct_unique(loader: _UniqueKeyLoader, node: yaml.MappingNode) -> dict[Any, Any]:
    """Build a mapping, raising a YAML error for a repeated key."""
    mapping: dict[Any, Any] = {}
    for key_node, value_node in node.value:
        if not isinstance(key_node, yaml.ScalarNode):
            raise _refuse("a list or mapping can be no key", key_node)
        key = loader.construct_object(key_node, deep=True)
        if key in mapping:
            raise _refuse(f"key {key!r} is given twice", key_node)
        mapping[key] = loader.construct_object(value_node, deep=True)
    return mapping


_UniqueKeyLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _construct_unique)
# YAML 1.1 takes yes, no, on and off for truth values and 2018-06-01 for a day; in a data file they are words.
_UniqueKeyLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith((":bool", ":timestamp"))]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
MOST_BYTES: Final = 10_000_000
"""A data file of more bytes is none: the largest lexicon file has 30,000."""
MOST_BRACKETS: Final = 10_000
"""Opening brackets of a data file, and characters of its lines, up to which its nesting can't overflow libyaml's stack,
which 200,000 levels do and 20,000 don't. The lexicons have a few hundred."""


UNREADABLE: Final = "there is no such number, day or kind of value"
MOST_BITS: Final = 63
"""A whole number of more bits is none that anything here counts; one of 15,000 can't even be printed."""
PLAIN: Final = {
    "missing": "required and missing; add what is missing",
    "extra_forbidden": "is no key that is known here; remove it",
    "invalid_key": "is read as a number; put the key into quotation marks",
    "tuple_type": "must be a list",
    "dict_type": "must be a mapping of keys to values",
    "model_type": "must be a mapping of keys to values",
    "string_type": "must be a text",
    "string_too_short": "must not be empty",
    "too_short": "must not be empty",
    "int_parsing": "must be a whole number",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
}
"""What pydantic's kinds of errors mean for who writes the file; its own words fit the others."""
FORMS: Final[dict[str | int, str]] = {
    "language": "a BCP 47 code, such as lv",
    "sha256": "a SHA-256, 64 of the digits 0 to 9 and a to f",
    "digest": "a digest, 12 of the digits 0 to 9 and a to f",
    "practice": "a practice's id, such as bg-1",
    "base": "an address such as https://example.org/data/",
    "[key]": "a name of small letters, digits and underscores",
}
"""The form that a text must have, by the name of its key."""
MOST_SHOWN: Final = 40
"""Characters of a wrong text that a message shows."""
MOST_FAULTS: Final = 5
"""Kinds of faults of one file that a message names: more are no help on one line."""


def read_data_file(path: Path, model: type[_Model], failure: type[ExtractionError] = LexiconError) -> _Model:
    """Read and check one YAML data file.

    Args:
        path: The file.
        model: The pydantic model that says what it may hold.
        failure: The error that is raised.

    Returns:
        The checked content.

    Raises:
        ExtractionError: The file can't be read, is no YAML, or does not hold what it must (of the kind `failure`).
    """
    try:
        text = _read_text(path)
    except (OSError, ValueError) as error:
        raise failure(f"{path}: can't be read ({name_cause(error)}); restore the file") from error
    return parse_data_file(text, path, model, failure)


def parse_data_file(
    text: str, path: Path, model: type[_Model], failure: type[ExtractionError] = LexiconError
) -> _Model:
    """Check the text of a YAML data file, as `read_data_file` does that of a file.

    Args:
        text: The text.
        path: The file that holds it or is to hold it, for messages.
        model: The pydantic model that says what it may hold.
        failure: The error that is raised.

    Raises:
        ExtractionError: The text is no YAML, or does not hold what it must (of the kind `failure`).
    """
    try:
        # A safe loader: it builds plain values only.
        content = yaml.load(text, Loader=_UniqueKeyLoader)  # noqa: S506
        if content is None and failure is LexiconError:  # of any other file the model says what is missing
            raise failure(f"{path}: is empty; restore the file, or remove it where it is not needed")
        context = {"status": content.pop("status")} if isinstance(content, dict) and "status" in content else None
        return model.model_validate({} if content is None else content, context=context)
    except yaml.YAMLError as error:
        why = " ".join(str(error).split()).replace('in "<unicode string>", ', "on ")
        raise failure(f"{path}: is no valid YAML ({why}); correct the line it names") from error
    except ValidationError as error:
        raise failure(f"{path}: {_describe(error, text)}") from error
    except RecursionError as error:
        raise failure(f"{path}: is nested too deeply; remove brackets") from error


def _describe(error: ValidationError, text: str) -> str:
    """Return what is wrong with a file, every entry of it: who corrects one wants to know of the next."""
    faults: dict[str, list[str]] = {}
    for wrong in error.errors(include_url=False):
        why = _say(wrong)
        # A fault of the whole file has no place but the entries that it quotes.
        quoted = re.findall(r"'([^']+)'", why) if not wrong["loc"] else ()
        lines = {at for at, line in enumerate(text.splitlines(), 1) for piece in quoted if piece in line}
        why += f" (line {', '.join(map(str, sorted(lines)[:MOST_FAULTS]))})" if lines else ""
        faults.setdefault(why, []).append(".".join(map(str, wrong["loc"])) or "the whole")
    said = [f"{', '.join(dict.fromkeys(places))}: {why}" for why, places in faults.items()]
    more = f" (and {len(said) - MOST_FAULTS} more)" if len(said) > MOST_FAULTS else ""
    return f"{'; '.join(said[:MOST_FAULTS])}{more}; correct the file"


def _say(wrong: ErrorDetails) -> str:
    """Say in plain words what is wrong with a value: who writes a data file need not know what reads it."""
    kind, value = wrong["type"], wrong["input"]
    if kind == "string_type" and isinstance(value, (int, float)):
        return f"{value} is read as a number; put the text into quotation marks"
    if kind == "string_pattern_mismatch":
        return f"{str(value)[:MOST_SHOWN]!r} is not {FORMS.get(wrong['loc'][-1], 'in the form that it must have')}"
    return PLAIN.get(kind) or wrong["msg"].removeprefix("Value error, ").replace("Input should be", "must be")


def _read_text(path: Path) -> str:
    """Read a data file's text, and refuse what would be waited for for ever, fill the memory, or overflow the parser.

    Raises:
        OSError: It can't be read.
        ValueError: It is not in UTF-8, or no data file by its size or form.
    """
    if path.exists() and not path.is_file():
        raise ValueError("it is no plain file")
    if path.stat().st_size > MOST_BYTES:
        raise ValueError(f"it has more than {MOST_BYTES} bytes")
    text = path.read_text(encoding="utf-8")
    if text.count("[") + text.count("{") > MOST_BRACKETS or max(map(len, text.splitlines()), default=0) > MOST_BRACKETS:
        raise ValueError(f"it has more than {MOST_BRACKETS} brackets, or a line of more characters")
    return text
