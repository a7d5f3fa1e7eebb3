"""What packed sequences share: arrays of ids, and how pydantic checks, writes and reads such a sequence as a tuple."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from typing import Any

from pydantic_core import CoreSchema, core_schema


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
