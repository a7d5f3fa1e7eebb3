"""Reads `weights.yaml`, the numbers of the table model: once, when the module is imported.

Then only the values are taken: a check would have pydantic loaded whole in each process. The tests check the file.
"""

from pathlib import Path
from typing import Any, Final, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

WEIGHTS_FILE: Final = Path(__file__).with_name("weights.yaml")


class Weight(BaseModel):
    """One number of the model.

    Attributes:
        value: The number.
        unit: What it counts: log-odds of a line's being a row's part, points, leadings, a share (0 to 1) or a ratio.
        meaning: What it says, or of what it is the limit.
        source: Where it comes from: the documents whose rows change without it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    value: float = Field(allow_inf_nan=False)
    unit: Literal["log-odds", "points", "leadings", "share", "ratio"]
    meaning: str = Field(min_length=1)
    source: str = Field(min_length=1)


def load_weights(path: Path = WEIGHTS_FILE) -> dict[str, Weight]:
    """Read the weights by name, and check them.

    Args:
        path: The file.

    Raises:
        ValidationError: An entry lacks a key, has one that is not known, or a value of another kind.
    """
    return TypeAdapter(dict[str, Weight]).validate_python(_read(path))


def _read(path: Path) -> Any:  # noqa: ANN401 - whatever a file of YAML holds
    return yaml.load(path.read_bytes(), getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both are safe


WEIGHTS: Final[dict[str, float]] = {name: float(weight["value"]) for name, weight in _read(WEIGHTS_FILE).items()}
"""The value of each weight."""
