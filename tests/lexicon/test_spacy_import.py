"""spaCy is imported without its command line, and has it all the same when asked for."""

from __future__ import annotations

import subprocess
import sys


def run_script(script: str) -> list[str]:
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_the_command_line_is_not_loaded() -> None:
    loaded = run_script(
        "import sys; from pipeline.lexicon.matching import load_pipeline; load_pipeline('lv');"
        " from spacy.matcher import Matcher; print(*sys.modules)"
    )
    assert "spacy.matcher" in loaded
    assert {"spacy.cli", "spacy.cli.info", "typer", "httpx", "requests", "weasel"} & set(loaded) == set()


def test_the_command_line_is_there_when_it_is_asked_for() -> None:
    script = (
        "from pipeline.lexicon.spacy_import import import_spacy; spacy = import_spacy();"
        " told = spacy.info(silent=True); print(told['spacy_version'] == spacy.__version__);"
        " import spacy.cli; print(callable(spacy.cli.info), spacy.cli.__name__, import_spacy() is spacy)"
    )
    assert run_script(script) == ["True", "True", "spacy.cli", "True"]
