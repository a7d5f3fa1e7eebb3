"""Validate stage: `NormalisedEdition` → `ValidatedEdition`."""

from pipeline.stages.validate.edition import validate_edition

__all__ = ["validate_edition"]
