"""The eight stages, a folder each, named as the stage; they know nothing of one another. Here is their order.

A stage takes the `Stored` artefact of the stage before it and gives its own. Two have another form: read takes a PDF
(its pages are read in worker processes, so that `pipeline.run.reading` calls it), emit writes files.
"""

from importlib import import_module
from typing import Any, Final, NamedTuple


class Stage(NamedTuple):
    """A stage.

    Attributes:
        name: Its name, and that of its folder.
        artefact: Dotted name of the model that it makes; None for emit, which writes the output files.
        function: Dotted name of its public function.
    """

    name: str
    artefact: str | None
    function: str

    def load_artefact(self) -> Any:  # noqa: ANN401 - a model's class
        """Return the model that it makes."""
        return None if self.artefact is None else _load(self.artefact)

    def load_function(self) -> Any:  # noqa: ANN401 - the stages' functions differ at both ends
        """Return its public function; this imports the stage and its libraries."""
        return _load(self.function)


STAGES: Final = (
    Stage("read", "pipeline.models.page.Source", "pipeline.stages.read.checks.gather_edition"),
    Stage("segment", "pipeline.models.edition.Layouts", "pipeline.stages.segment.pages.segment_edition"),
    Stage("stitch", "pipeline.models.row.Document", "pipeline.stages.stitch.stitch_edition"),
    Stage("chapter", "pipeline.models.chapter.Chapters", "pipeline.stages.chapter.chapter_edition"),
    Stage("map", "pipeline.models.edition.MappedEdition", "pipeline.stages.map.map_edition"),
    Stage("normalise", "pipeline.models.edition.NormalisedEdition", "pipeline.stages.normalise.normalise_edition"),
    Stage("validate", "pipeline.models.edition.ValidatedEdition", "pipeline.stages.validate.validate_edition"),
    Stage("emit", None, "pipeline.stages.emit.edition.emit_edition"),
)
"""The stages in their order; they are imported when they are run, as some bring heavy libraries."""

STAGE_NAMES: Final = tuple(stage.name for stage in STAGES)


def find_stage(name: str) -> Stage:
    """Return a stage by its name."""
    return STAGES[STAGE_NAMES.index(name)]


def stage_before(name: str) -> Stage | None:
    """Return the stage whose artefact a stage takes; None for the first, which takes a PDF."""
    number = STAGE_NAMES.index(name)
    return STAGES[number - 1] if number else None


def stages_after(name: str) -> tuple[Stage, ...]:
    """Return the stages that follow one, in their order."""
    return STAGES[STAGE_NAMES.index(name) + 1 :]


def _load(dotted: str) -> Any:  # noqa: ANN401 - whatever the name stands for
    module, _, name = dotted.rpartition(".")
    return getattr(import_module(module), name)
