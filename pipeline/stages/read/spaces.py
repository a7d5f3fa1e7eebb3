"""Colour spaces that a file defines: their colours as device colours."""

# pdfminer hands over objects of no one type.
# ruff: noqa: ANN401

from collections.abc import Sequence
from typing import Any, Final

from pdfminer.pdfcolor import PDFColorSpace
from pdfminer.pdftypes import PDFStream, resolve1

INITIAL_CMYK: Final = (0.0, 0.0, 0.0, 0.0)
"""What an ICC profile of four components begins with (ISO 32000-1, table 74): no ink."""
EXPONENTIAL: Final = 2
"""The `/FunctionType` of what turns a tint into a colour of the alternate space, in nearly all files (7.10.3)."""
NO_INK: Final = (1.0, 1.0, 1.0)
COMPONENTS: Final = {"DeviceGray": 1, "CalGray": 1, "DeviceRGB": 3, "CalRGB": 3, "DeviceCMYK": 4}
OWN_SPACES: Final = ("Separation", "DeviceN", "Indexed", "Lab")
"""Spaces whose numbers are no device colour."""


class FileSpace(PDFColorSpace):
    """A colour space that the file defines by an array: tints, a palette, or L*a*b* (ISO 32000-1, 8.6)."""

    def __init__(self, name: str, components: int, parts: Any) -> None:
        super().__init__(name, components)
        self._parts: list[Any] = list(map(resolve1, parts)) if isinstance(parts, list) else []
        # What viewers that know the ink `None` paint with it: nothing.
        self.paints = name != "Separation" or getattr([*self._parts, None, None][1], "name", "") != "None"

    def convert(self, values: Sequence[Any]) -> Any:
        """Return the device colour of a colour of this space.

        Args:
            values: Its components.

        Returns:
            One, three or four numbers from 0 to 1; None where it is not known.
        """
        try:
            if self.name == "Indexed":
                return self._look_up(values[0])
            if self.name in ("Separation", "DeviceN"):
                return self._mix(values)
        except (ValueError, TypeError, AttributeError, LookupError, ArithmeticError):
            pass  # the file's table or function is none
        return None

    def initial(self) -> Any:
        """Return the device colour that the space begins with: full tints, or the palette's first."""
        return self.convert([0 if self.name == "Indexed" else 1] * self.ncomponents)

    def _look_up(self, index: int) -> Any:
        _, base, _, table = self._parts
        data = table.get_data() if isinstance(table, PDFStream) else table
        name = _name_space(base)
        size = resolve1(resolve1(base[1])["N"]) if name == "ICCBased" else COMPONENTS[name]
        return tuple(data[index * size + place] / 255 for place in range(size))

    def _mix(self, tints: Sequence[float]) -> Any:
        _, _, alternate, function = self._parts[:4]
        if not self.paints:
            return None
        known = isinstance(function, dict) and resolve1(function["FunctionType"]) == EXPONENTIAL
        if not known or _name_space(alternate) == "Lab":
            return None if any(tints) else NO_INK
        start, end = (
            [resolve1(part) for part in resolve1(function.get(key, [base]))] for key, base in (("C0", 0.0), ("C1", 1.0))
        )
        share = tints[0] ** resolve1(function["N"])
        return tuple(one + share * (other - one) for one, other in zip(start, end, strict=True))


def _name_space(space: Any) -> str:
    return str(resolve1(space[0] if isinstance(space, list) else space).name)
