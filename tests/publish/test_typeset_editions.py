"""Editions in other languages, typeset and read for this alone: other orders, gaps, new practices, few rows."""

from __future__ import annotations

import itertools
import json
import random
from pathlib import Path

import pytest

from pipeline.publish.collection import load_assignment
from pipeline.publish.linking import link, read_known
from pipeline.run.options import Options
from pipeline.run.runner import run_edition
from tests.editions.building import FOLDER, HELD_OUT_LAYOUTS, held_out_content, typeset_content
from tests.factory.content import EditionContent
from tests.publish.building import KNOWN

pytestmark = pytest.mark.check

SHARES_OF_ROWS = {"de": 1.0, "nl": 0.7, "ro": 0.5}
"""By language, how many of a table's rows are printed."""


def compose(language: str) -> tuple[EditionContent, list[str]]:
    """Take a practice out of an edition, put the others into another order, and a new one among them.

    Returns:
        The content, and for each of its chapters what it is in the known edition; a new one is named by the language.
    """
    chance = random.Random(f"{language} 2")
    content = held_out_content(language)
    names = list(json.loads((FOLDER / "held_out" / f"{language}.fields.json").read_text(encoding="utf-8")))
    chapters = list(zip(content.chapters, names, strict=True))
    chance.shuffle(chapters)
    left_out, *chapters = chapters
    country = left_out[0].heading.partition(":")[0]
    stranger = next(chapter for chapter, name in chapters if name.split("-")[:-1] != left_out[1].split("-")[:-1])
    new = stranger.model_copy(update={"heading": f"{country}: Xenia 2"})
    chapters.insert(chance.randrange(len(chapters)), (new, language))
    printed = []
    for chapter, _ in chapters:
        tables = [
            table.model_copy(
                update={
                    "rows": tuple(
                        row
                        for number, row in enumerate(table.rows)
                        if not number or chance.random() < SHARES_OF_ROWS[language]
                    )
                }
            )
            for table in chapter.tables
        ]
        printed.append(chapter.model_copy(update={"tables": tuple(tables)}))
    return content.model_copy(update={"chapters": tuple(printed)}), [name for _, name in chapters]


def test_they_are_linked_rightly_or_not_at_all(tmp_path: Path) -> None:
    known = {KNOWN.name: read_known(KNOWN.parent, KNOWN.name)}
    truth = {(KNOWN.name, practice.id): practice.id for practice in known[KNOWN.name]}
    for language in SHARES_OF_ROWS:
        content, names = compose(language)
        pdf = typeset_content(content, tmp_path / f"edition-{language}.pdf", HELD_OUT_LAYOUTS[language])
        run_edition(pdf, Options(out=tmp_path / "out"))
        known[pdf.stem] = read_known(tmp_path / "out", pdf.stem)
        truth |= {(pdf.stem, at.id): name for at, name in zip(known[pdf.stem], names, strict=True)}
    right = wrong = unlinked = 0
    for names in (*itertools.permutations(known, 2), tuple(known)):
        start = load_assignment().model_copy(update={"editions": names, "practices": None})
        _, collection = link(start, {name: known[name] for name in names})
        keys = {(at.edition, at.id): practice.key for practice in collection.practices for at in practice.editions}
        for one, other in itertools.combinations(keys, 2):
            if one[0] != other[0]:
                together = keys[one] == keys[other]
                wrong += together and truth[one] != truth[other]
                right += together and truth[one] == truth[other]
                unlinked += not together and truth[one] == truth[other]
    assert wrong == 0
    assert unlinked <= (right + unlinked) // 20, (right, unlinked)
    assert right > 60
