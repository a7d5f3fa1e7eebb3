"""A stage's artefact with the facts of its edition: what a stage takes and gives, and what is stored."""

from __future__ import annotations

from typing import Final, Generic, TypeVar

from pydantic import BaseModel

from pipeline.models.edition import EditionInfo
from pipeline.models.geometry import Frozen

FORMAT: Final = 3
"""Number of the form of all stored artefacts; raised when a model changes its meaning. Version 1.0.0 wrote none; from 3
on, lines say which row and block of the file's tags they belong to."""

Content = TypeVar("Content", bound=BaseModel)
Next = TypeVar("Next", bound=BaseModel)


class Stored(Frozen, Generic[Content]):
    """A stage's artefact with the facts of its edition.

    Attributes:
        format: The form that it was written in (`FORMAT`).
        stage: Name of the stage that made it.
        edition: What is known of the edition.
        content: The stage's own model.
    """

    format: int = FORMAT
    stage: str
    edition: EditionInfo
    content: Content

    def follow(self, stage: str, content: Next, edition: EditionInfo | None = None) -> Stored[Next]:
        """The artefact of the next stage.

        Args:
            stage: Its name.
            content: What it made.
            edition: What it knows of the edition, where that is more than before.
        """
        return make_stored(stage, edition or self.edition, content)


def make_stored(stage: str, edition: EditionInfo, content: Next) -> Stored[Next]:
    """An artefact of models that were validated when they were made: they are not validated again.

    Args:
        stage: Name of the stage that made it.
        edition: What is known of the edition.
        content: The stage's own model.
    """
    made: Stored[Next] = Stored.model_construct(stage=stage, edition=edition, content=content)
    return made
