"""Emit stage: `ValidatedEdition` → the files of an edition, written whole or not at all (`edition.emit_edition`)."""
