"""What packed sequences share: arrays of ids, and how pydantic checks, writes and reads such a sequence as a tuple.

And how what an edition has thousands of is pickled, on its way from one process to another.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable
from dataclasses import fields
from operator import attrgetter
from typing import Any, TypeVar

from pydantic_core import CoreSchema, core_schema

Kind = TypeVar("Kind")


def pickled_by_values(kind: type[Kind]) -> type[Kind]:
    """Have a dataclass with slots, and with two fields at least, pickled as the tuple of its values.

    So does a dataclass by itself, but asks for its fields each time anew: twice the time.

    Args:
        kind: The dataclass.

    Returns:
        It itself.

    Raises:
        TypeError: It has one field, or none.
    """
    names = [field.name for field in fields(kind)]  # type: ignore[arg-type]
    if len(names) == 1:  # an `attrgetter` of one name gives no tuple; of none it raises the same
        raise TypeError(f"{kind.__name__} has one field; leave it to be pickled as dataclasses are")
    setters = [getattr(kind, name).__set__ for name in names]
    take: Callable[[Kind], tuple[Any, ...]] = attrgetter(*names)

    def get_state(self: Kind) -> tuple[Any, ...]:
        return take(self)

    def set_state(self: Kind, state: tuple[Any, ...]) -> None:
        for set_value, value in zip(setters, state, strict=True):
            set_value(self, value)

    kind.__getstate__ = get_state  # type: ignore[assignment]
    kind.__setstate__ = set_state  # type: ignore[attr-defined]
    return kind


def unpack_array(typecode: str, data: bytes) -> array[Any]:
    """Give the array of its bytes: arrays pickle themselves in a form for other machines."""
    found: array[Any] = array(typecode)
    found.frombytes(data)
    return found


def pack_ids(ids: Iterable[int]) -> array[int]:
    """Pack ids of glyphs.

    Args:
        ids: The ids.

    Returns:
        Them in their order, each in two bytes, or in four where one is too large for that.

    Raises:
        OverflowError: An id is negative, or takes more than four bytes.
    """
    known = list(ids)
    try:
        return array("H", known)
    except OverflowError:
        return array("I", known)


def packed_schema(kind: type[Any], rows: CoreSchema) -> CoreSchema:
    """Give the schema by which a packed sequence is checked, written and read as a tuple.

    Args:
        kind: The packed sequence's class, which takes the items.
        rows: The schema of the tuple of items.
    """

    def pack(items: tuple[Any, ...]) -> Any:  # noqa: ANN401 - of whatever kind
        try:
            return kind(items)
        except OverflowError as error:  # pydantic lets it pass, and what was damaged is to be found invalid
            raise ValueError(f"a number is out of range: {error}") from error

    packed = core_schema.no_info_after_validator_function(pack, rows)
    return core_schema.json_or_python_schema(
        json_schema=packed,
        python_schema=core_schema.union_schema([core_schema.is_instance_schema(kind), packed]),
        serialization=core_schema.plain_serializer_function_ser_schema(tuple, return_schema=rows),
    )
