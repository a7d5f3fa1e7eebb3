"""The list of mutants: changes of the code that some test must notice."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import yaml
from pydantic import BaseModel, ConfigDict

LIST: Final = Path(__file__).with_name("mutants.yaml")
REPOSITORY: Final = Path(__file__).parents[2]


class Mutant(BaseModel):
    """A change of the code.

    Attributes:
        file: Path in the repository.
        old: Text that stands in it exactly once.
        new: What it is replaced by.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    file: str
    old: str
    new: str

    @property
    def name(self) -> str:
        """The mutant on one line."""
        return f"{self.file}: {' '.join(self.old.split())} -> {' '.join(self.new.split())}"

    def apply(self, root: Path = REPOSITORY) -> str:
        """Give the changed file's text.

        Raises:
            ValueError: The old text does not stand in the file exactly once.
        """
        path = root / self.file
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        if (count := text.count(self.old)) != 1:
            raise ValueError(
                f"{self.name}: the old text stands in the file {count} times; mend tests/mutants/mutants.yaml"
            )
        return text.replace(self.old, self.new)


def load_mutants() -> tuple[Mutant, ...]:
    """Load the list: for each file its pairs of old and new text."""
    listed = yaml.safe_load(LIST.read_text(encoding="utf-8"))
    return tuple(Mutant(file=file, old=old, new=new) for file, pairs in listed.items() for old, new in pairs)
