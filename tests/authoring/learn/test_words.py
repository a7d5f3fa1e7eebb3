"""Which words of a translation answer a question, by what the known edition's texts mean."""

from __future__ import annotations

import pytest
from pydantic import JsonValue

from pipeline.authoring.learn.candidates import AlignedField
from pipeline.authoring.learn.learning import _start_lexicon
from pipeline.authoring.learn.values import learn_words
from pipeline.lexicon import LabelEntry, load_lexicon
from pipeline.stages.map.mapping import map_chapter
from tests.stages.map.building import make_chapter, rows_of

LABELS = {"impact_assessment": "Bilan", "target_group_involved": "Rôle du groupe", "indicators": "Repères"}
VERDICTS = {"impact_assessment": "planned", "target_group_involved": "involved", "indicators": "used"}
TEXTS: tuple[tuple[str, str, str, JsonValue], ...] = (
    ("impact_assessment", "Yes", "Oui", "yes"),
    ("target_group_involved", "Participants help to design the questions.", "Oui, les participants aident.", True),
    ("target_group_involved", "The people themselves are asked to take part.", "Oui", True),
    ("indicators", "Several were defined, such as attendance.", "Oui, plusieurs.", True),
    ("impact_assessment", "An evaluation will take place.", "Oui, une évaluation est prévue.", "yes"),
    ("indicators", "No", "Non", False),
)
"""Field, known text, its translation, and what the known text means."""


@pytest.mark.parametrize(("turned", "drafted"), [(False, True), (True, False)])
def test_a_yes_is_drafted_where_the_known_texts_say_it_in_other_words(turned: bool, drafted: bool) -> None:
    """Turned round, the texts that begin with it mean no: then it is out of its place."""
    base = _start_lexicon("fr", ()).model_copy(
        update={"labels": {name: (LabelEntry(text=text, status="draft"),) for name, text in LABELS.items()}}
    )
    cells = []
    for number, (field, known, new, verdict) in enumerate(TEXTS):
        record = map_chapter(make_chapter(rows_of((LABELS[field], new))), "edition", base)
        other: JsonValue = "no" if verdict == "yes" else False
        parts = {VERDICTS[field]: other if turned and known not in {"Yes", "No"} else verdict}
        cells.append(AlignedField(f"aa-{number}", field, known, True, parts, record.fields[field], record))
    words = learn_words(cells, load_lexicon("en"), base).words
    found = {word.category for word in words if word.text == "oui"}
    assert (found == {("judgements", "yes")}) is drafted
