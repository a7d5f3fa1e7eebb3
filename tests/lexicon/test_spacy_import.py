"""Only the parts of spaCy that are used are imported, and the others are there when they are asked for."""

from __future__ import annotations

import subprocess
import sys


def run_script(script: str) -> list[str]:
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_the_rest_of_it_is_not_loaded() -> None:
    loaded = run_script(
        "import sys; from pipeline.lexicon.matching import read_text; read_text('a', 'lv');"
        " from spacy.matcher import Matcher; print(*sys.modules)"
    )
    assert "spacy.matcher" in loaded
    unused = {"spacy.cli", "spacy.language", "spacy.pipeline", "spacy.training", "typer", "httpx", "requests", "weasel"}
    assert unused & set(loaded) == set()


def test_the_rest_of_it_is_there_when_it_is_asked_for() -> None:
    script = (
        "from pipeline.lexicon.spacy_import import import_spacy; spacy = import_spacy();"
        " print(spacy.training.__name__, spacy.blank('en')('Two words.')[1].text, spacy.about.__version__);"
        " told = spacy.info(silent=True); print(told['spacy_version'] == spacy.__version__);"
        " import spacy.cli; print(callable(spacy.cli.info), import_spacy() is spacy)"
    )
    name, word, _, *same = run_script(script)
    assert (name, word, same) == ("spacy.training", "words", ["True", "True", "True"])


def test_where_it_is_imported_already_it_stays_as_it_is() -> None:
    script = (
        "import spacy; from pipeline.lexicon.spacy_import import import_spacy; from pipeline.lexicon.matching import"
        " read_text; print(import_spacy() is spacy, read_text('Two words', 'en')[1].norm_)"
    )
    assert run_script(script) == ["True", "words"]
