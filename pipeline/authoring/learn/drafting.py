"""Writes what was learnt as a lexicon folder: `schemas/<language>/*.yaml`, every entry marked as a draft."""

from collections.abc import Mapping
from io import StringIO
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from pipeline.authoring.learn.learning import Learned
from pipeline.authoring.learn.values import SURE_SCORE, list_at
from pipeline.errors import InputError
from pipeline.files import as_output_error, write_whole
from pipeline.lexicon.load import LABELS_FILE, VALUE_FILES

LINE_CHARACTERS: Final = 4096
"""No line of the files is broken: an entry and its evidence are together."""


def render_folder(learned: Learned) -> dict[str, str]:
    """The lexicon folder's files.

    Args:
        learned: What was learnt.

    Returns:
        By file name, its text: YAML in which every entry is marked `status: draft` (names of countries, which have no
        status, by a comment), with its score and what speaks for it as a comment.
    """
    head = (
        f"Drafted from the edition {learned.edition} aligned with {learned.like}: read each entry, correct it, set\n"
        "its status to verified. Behind each are its score (0 to 1) and what speaks for it."
    )
    labels: dict[str, Any] = {}
    for label in learned.labels:
        _put(labels, (label.field,), label.text, label.score, label.evidence)
    files = {LABELS_FILE: labels}
    if learned.countries:
        names: dict[str, Any] = {}
        for draft in learned.countries:
            names.setdefault(draft.code, CommentedSeq()).append(draft.name)
            comment_last(names[draft.code], f"draft: {draft.evidence}")
        files["countries.yaml"] = {"names": names}
    for word in learned.words:
        file = f"{word.category[0]}.yaml"
        _put(files.setdefault(file, {}), word.category[1:], word.text, word.score, word.evidence)
    return {name: _render(files[name], head) for name in (LABELS_FILE, *VALUE_FILES) if name in files}


def write_folder(files: Mapping[str, str], folder: Path, *, replace: bool) -> None:
    """Write a lexicon folder.

    Args:
        files: By file name, its text.
        folder: The language's folder; made where it is missing.
        replace: True to write over labels that are there.

    Raises:
        InputError: The folder has labels already, and is not to be replaced.
        OutputError: The folder can't be written.
    """
    if (folder / LABELS_FILE).exists() and not replace:
        raise InputError(f"{folder / LABELS_FILE} exists already; correct it, or give --force to write it anew")
    for name in (LABELS_FILE, *VALUE_FILES):
        if name in files:
            write_whole(folder / name, [files[name].encode()], "choose another --schemas")
        elif replace:
            with as_output_error(folder / name, done="removed"):
                (folder / name).unlink(missing_ok=True)


def make_yaml() -> YAML:
    """A reader and writer of lexicon files, which keeps comments, quotes and lines."""
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = LINE_CHARACTERS
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def dump_yaml(content: CommentedMap) -> str:
    """Write a lexicon file's content."""
    buffer = StringIO()
    make_yaml().dump(content, buffer)
    return buffer.getvalue()


def make_entry(text: str) -> CommentedMap:
    """Make a draft entry, on one line."""
    entry = CommentedMap(text=DoubleQuotedScalarString(text), status="draft")
    entry.fa.set_flow_style()
    return entry


def _put(tree: dict[str, Any], path: tuple[str, ...], text: str, score: float, evidence: str) -> None:
    """Put a draft entry at the end of a list, with a comment."""
    entries = list_at(tree, path, CommentedSeq)
    entries.append(make_entry(text))
    comment_last(entries, f"{score:.2f}{'' if score >= SURE_SCORE else ' (weak)'} {evidence}")


def comment_last(entries: CommentedSeq, comment: str) -> None:
    """Put a comment behind the last entry of a list."""
    entries.yaml_add_eol_comment(comment, len(entries) - 1, column=0)


def _render(tree: Mapping[str, Any], head: str) -> str:
    """Write a file's content as YAML, with a comment at the top."""

    def quote(key: str | int) -> str | int:
        # YAML 1.1 takes these words for truth values.
        return DoubleQuotedScalarString(key) if key in {"no", "yes", "true", "false", "on", "off"} else key

    def convert(value: Any) -> Any:  # noqa: ANN401 - any YAML value
        if isinstance(value, dict) and not isinstance(value, CommentedMap):
            return CommentedMap((quote(key), convert(inner)) for key, inner in value.items())
        return value

    content = convert(dict(tree))
    content.yaml_set_start_comment(head)
    return dump_yaml(content)
