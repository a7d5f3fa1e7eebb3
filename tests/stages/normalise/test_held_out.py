"""Latvian values in wordings that nobody had in view while the lexicon was written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.stages.normalise.test_record import normalise

HELD_OUT: list[dict[str, list[dict[str, Any]]]] = [
    yaml.safe_load(Path(__file__).with_name(name).read_text(encoding="utf-8"))
    for name in ("held_out_lv.yaml", "held_out_again_lv.yaml")
]
_UNORDERED = {"groups", "channels", "modes"}
"""Parts that the contract gives in its own order."""


def list_cases() -> list[Any]:
    return [
        pytest.param(
            field,
            case,
            id=f"{field}: {case['text'][:40]}",
            marks=[pytest.mark.xfail(reason=case["gap"], strict=True)] if "gap" in case else [],
        )
        for fields in HELD_OUT
        for field, cases in fields.items()
        for case in cases
    ]


@pytest.mark.parametrize(("field", "case"), list_cases())
def test_unseen_wordings_are_judged_by_the_contract(field: str, case: dict[str, Any]) -> None:
    result = normalise({field: case["text"]})
    got = {"available": result.available[field], **result.parts.get(field, {})}
    for part, wanted in case.items():
        if part in {"text", "gap"}:
            continue
        found: Any = got[part]
        if part in _UNORDERED and found is not None and wanted is not None:
            assert sorted(found) == sorted(wanted), part
        else:
            assert found == wanted, part
