"""The list of mutants: changes of the code that some test must notice."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import yaml
from pydantic import BaseModel, ConfigDict

LIST: Final = Path(__file__).with_name("mutants.yaml")
REPOSITORY: Final = Path(__file__).parents[2]


class Mutant(BaseModel):
    """A change of the code.

    Attributes:
        place: Path of a module in the repository, or of a folder whose modules may hold the text.
        old: Text that stands there exactly once, whole words; a constant's annotation `: Final` may be left out.
        new: What it is replaced by.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    place: str
    old: str
    new: str

    @property
    def name(self) -> str:
        """The mutant on one line."""
        return f"{self.place}: {' '.join(self.old.split())} -> {' '.join(self.new.split())}"

    def apply(self, root: Path = REPOSITORY) -> tuple[Path, str]:
        """Give the changed module and its text.

        Raises:
            ValueError: The old text does not stand there exactly once.
        """
        pattern = re.escape(self.old).replace(r"\ =\ ", "(?:: Final)? = ")
        before, after = r"(?<!\w)" * self.old[0].isalnum(), r"(?![\w.])" * self.old[-1].isalnum()
        place = root / self.place
        modules = sorted(place.rglob("*.py")) if place.is_dir() else [place] if place.is_file() else []
        texts = [(module, module.read_text(encoding="utf-8")) for module in modules]
        found = [
            (module, text[: match.start()] + self.new + text[match.end() :])
            for module, text in texts
            for match in re.finditer(before + pattern + after, text)
        ]
        if len(found) != 1:
            raise ValueError(
                f"{self.name}: the old text stands there {len(found)} times, not once: correct {LIST.name}"
            )
        return found[0]


def load_mutants() -> tuple[Mutant, ...]:
    """Load the list: for each place its pairs of old and new text."""
    listed = yaml.safe_load(LIST.read_text(encoding="utf-8"))
    return tuple(Mutant(place=place, old=old, new=new) for place, pairs in listed.items() for old, new in pairs)
