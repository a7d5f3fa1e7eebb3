"""Builds what the review page's tests need: a tiny edition with one of everything, its pages and its goldens."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PIL import Image
from pydantic import JsonValue

from pipeline.models.edition import ValidatedEdition
from pipeline.models.geometry import Box
from pipeline.models.practice import FIELDS, Practice
from pipeline.models.report import Issue
from pipeline.quality.accuracy.compare import Comparison, LeafDifference
from pipeline.quality.accuracy.golden import Golden, render_golden
from pipeline.quality.accuracy.leaves import as_golden_field
from pipeline.render.images import PagePicture
from pipeline.stages.validate.edition import build_edition
from tests.synthetic import HEIGHT, WIDTH, make_edition, make_residue

HOSTILE = "</script></style><script>window.hacked=1</script><img src=x onerror=window.hacked=1>\"'`{{7*7}}&amp;\u2028"
"""What a document may hold that wants to be more than text."""


def make_golden(practice: Practice, **changes: Any) -> Golden:
    """A golden that says what the practice says, but for the changes."""
    return Golden(
        id=practice.id,
        edition=practice.edition.id,
        source={"file": practice.edition.source, "sha256": practice.edition.sha256},
        status="verified",
        date="2024-01-01",
        heading=practice.heading,
        countries=practice.countries,
        title=practice.title,
        pages=practice.pages,
        fields={name: as_golden_field(practice, name) for name in FIELDS},
    ).model_copy(update=changes)


def change_field(golden: Golden, name: str, **changes: Any) -> Golden:
    """The golden with one field changed; without it where nothing is to change."""
    field = golden.fields[name]
    assert field is not None
    changed = field.model_copy(update=changes) if changes else None
    return golden.model_copy(update={"fields": {**golden.fields, name: changed}})


def make_difference(
    practice: str,
    field: str,
    part: str,
    golden: JsonValue = "old words",
    extracted: JsonValue = "new words",
    **more: Any,
) -> LeafDifference:
    """A leaf that differs, or, without a part, all of a field or practice that only one side has."""
    found: dict[str, Any] = {"outcome": "changed" if part else "missing", "kind": "value" if part else None, **more}
    leaf = Comparison(
        edition="tiny",
        practice=practice,
        field=field,
        part=part or "heading",
        metric="text",
        **{"status": "verified", "judgement": False, "neighbour": None, **found},
        score=0.0,
        expected=golden,
        got=extracted,
    )
    return LeafDifference(practice=practice, field=field, part=part, comparisons=(leaf,))


def write_goldens(folder: Path, goldens: Sequence[Golden]) -> Path:
    """Write goldens where they belong, and give the folder of all goldens."""
    for golden in goldens:
        path = folder / golden.edition / f"{golden.id}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(render_golden(golden))
    return folder


def make_pictures(pages: int) -> tuple[PagePicture, ...]:
    """Plain pages of the synthetic edition's size."""
    buffer = io.BytesIO()
    Image.new("RGB", (int(WIDTH), int(HEIGHT)), "#fffbea").save(buffer, "WEBP", lossless=True)
    return tuple(
        PagePicture(
            number=number + 1, width=WIDTH, height=HEIGHT, pixels=(int(WIDTH), int(HEIGHT)), webp=buffer.getvalue()
        )
        for number in range(pages)
    )


def make_validated(**options: Any) -> ValidatedEdition:
    """The synthetic edition with residue, issues of every severity and a place for each of them."""
    info, normalised = make_edition(**options)
    residue = make_residue(3, "left over")
    page = info.pages[2]
    info = info.model_copy(
        update={
            "pages": tuple(
                item.model_copy(update={"glyphs": page.glyphs + residue.glyphs}) if item is page else item
                for item in info.pages
            )
        }
    )
    rest = normalised.rest.model_copy(update={"residue": (residue,)})
    edition = build_edition(info, normalised.model_copy(update={"rest": rest}))
    first, second = edition.practices
    row = first.unmapped[0]
    issues = (
        *edition.report.issues,
        make_issue("count_disagrees", "warning", page=1, box=Box(page=1, x0=50, top=40, x1=130, bottom=50)),
        make_issue("unknown_label", "error", practice=first.id, label=row.label, field="funding", page=3),
        make_issue("value_not_normalised", "warning", practice=first.id, label="Place", field="locations", page=2),
        make_issue("label_slip", "warning", practice=second.id, field="implementers", page=4),
        make_issue("missing_row", "note", practice=second.id, field="funding", page=4),
        make_issue("repeated_heading", "warning", practice=second.id, page=4),
    )
    return edition.model_copy(update={"report": edition.report.model_copy(update={"issues": issues})})


def make_issue(code: str, severity: str, **changes: Any) -> Issue:
    return Issue.model_validate({"code": code, "severity": severity, "message": f"about {code}; look", **changes})
