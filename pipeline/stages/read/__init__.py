"""Read stage: a PDF becomes a `Source`; the only stage that opens one."""
