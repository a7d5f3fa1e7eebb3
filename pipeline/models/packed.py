"""What packed sequences share: how they are indexed and compared, and how pydantic checks, writes and reads them."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from types import GenericAlias
from typing import Any, ClassVar, TypeVar, overload

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

Item = TypeVar("Item")


class Packed(Sequence[Item]):
    """A sequence whose items are made when they are asked for, from columns that take less memory than the items.

    To pydantic, and in comparisons, it is the tuple of its items.
    """

    __slots__ = ()
    item_type: ClassVar[Any]

    def __init__(self, items: Iterable[Item] = ()) -> None:
        """Pack items."""
        raise NotImplementedError

    def make(self, index: int) -> Item:
        """Make an item.

        Args:
            index: Its index, from the end too, where it is negative.

        Raises:
            IndexError: There is no such item.
        """
        raise NotImplementedError

    @overload
    def __getitem__(self, index: int) -> Item: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[Item, ...]: ...

    def __getitem__(self, index: int | slice) -> Item | tuple[Item, ...]:
        if isinstance(index, slice):
            return tuple([self.make(number) for number in range(*index.indices(len(self)))])
        return self.make(index)

    def __iter__(self) -> Iterator[Item]:
        return map(self.make, range(len(self)))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, (type(self), tuple)):
            return NotImplemented
        return len(self) == len(other) and all(one == another for one, another in zip(self, other, strict=True))

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({tuple(self)!r})"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Be checked, written and read as a tuple of items."""

        def pack(items: tuple[Any, ...]) -> Packed[Item]:
            try:
                return cls(items)
            except OverflowError as error:  # pydantic lets it pass, and what was damaged is to be found invalid
                raise ValueError(f"a number is out of range: {error}") from error

        rows = handler.generate_schema(GenericAlias(tuple, (cls.item_type, ...)))
        packed = core_schema.no_info_after_validator_function(pack, rows)
        return core_schema.json_or_python_schema(
            json_schema=packed,
            python_schema=core_schema.union_schema([core_schema.is_instance_schema(cls), packed]),
            serialization=core_schema.plain_serializer_function_ser_schema(tuple, return_schema=rows),
        )


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
