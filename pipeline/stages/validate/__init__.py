"""Validate stage: `NormalisedEdition` → `ValidatedEdition`."""

from pipeline.models.artefact import Stored
from pipeline.models.edition import NormalisedEdition, ValidatedEdition
from pipeline.stages.validate.edition import build_edition


def validate_edition(stored: Stored[NormalisedEdition]) -> Stored[ValidatedEdition]:
    """Build an edition's practices and the report on them."""
    return stored.follow("validate", build_edition(stored.edition, stored.content))
