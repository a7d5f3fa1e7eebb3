"""Runs the stages over files: order, options, kept artefacts, reading processes, limits, sidecars, clusters."""
