"""What tests take out of a copy of the lexicon."""

from __future__ import annotations

import re
from pathlib import Path


def forget_labels(labels: Path, *fields: str) -> None:
    """Replace all labels of some fields, drafts too, by one that no edition prints: a run finds their rows unknown.

    Labels in free words are not read either.

    Args:
        labels: A copy of a language's `labels.yaml`.
        fields: The fields' names.
    """
    text = labels.read_text(encoding="utf-8")
    for field in fields:
        entry = f'{field}:\n  - {{text: "Printed nowhere, {field}", status: verified}}\n'
        text, times = re.subn(rf"(?m)^{field}:\n(  - .*\n)+", entry, text)
        assert times == 1, field
    labels.write_text(text, encoding="utf-8")
    labels.with_name("wordings.yaml").write_text("neutral: []\n", encoding="utf-8")
