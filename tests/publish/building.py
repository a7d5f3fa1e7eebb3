"""Builds extracted editions out of the known one's practices."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from pipeline import paths
from pipeline.models.practice import Practice
from pipeline.stages.emit.edition import load_edition, render_edition

assert paths.REPOSITORY is not None
KNOWN = paths.REPOSITORY / "extracted" / "raccombat-lv"
Change = Callable[[dict[str, Any]], None]


def write_edition(
    out: Path,
    name: str,
    ids: Mapping[str, str],
    change: Change = lambda content: None,
    **about: str | None,
) -> None:
    """Write an edition with some of the known practices, under other ids: `{new id: known id}`."""
    known = load_edition(KNOWN)
    by_id = {practice.id: practice for practice in known.practices}
    edition = known.edition.model_copy(update={"id": name, **about})
    practices = []
    for new, old in ids.items():
        content = by_id[old].model_dump(mode="json")
        content |= {"id": new, "edition": edition.model_dump()}
        change(content)
        practices.append(Practice.model_validate_json(json.dumps(content)))
    (out / name).mkdir(parents=True, exist_ok=True)
    for path in (out / name).iterdir():
        path.unlink()
    validated = known.model_copy(update={"edition": edition, "practices": tuple(practices)})
    for file, rendered in render_edition(validated).items():
        (out / name / file).write_bytes(rendered)


def translate(content: dict[str, Any]) -> None:
    """Take all words out: what is left is what no translation keeps."""
    content["heading"] = content["title"] = "—"
    for value in content["fields"].values():
        if value is not None:
            value["text"] = value["label"] = "—"
            value |= {part: "—" for part in ("cost", "eligibility") if value.get(part)}
