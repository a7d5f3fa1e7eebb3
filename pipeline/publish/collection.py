"""One key for a practice over all editions: reads `schemas/collection.yaml`, gives `extracted/collection.json`."""

import re
from pathlib import Path
from typing import Annotated, Final

from pydantic import StringConstraints

from pipeline import paths
from pipeline.files import write_whole
from pipeline.models.data_file import read_data_file
from pipeline.models.geometry import Frozen
from pipeline.models.practice import CountryCode, EditionId, LanguageCode, PracticeId, SchemaVersion

KEYS_FILE: Final = "collection.yaml"
"""The file of the assigned keys, in `schemas/`."""
PLACEHOLDER: Final = re.compile(r"https?://example\.(com|net|org)/")
"""A base that no maintainer has set: RFC 2606 reserves these names, so that nobody publishes there."""


class Assignment(Frozen):
    """`schemas/collection.yaml`: the collection as a whole, and the keys that are assigned.

    Attributes:
        base: Address below which everything is published; ends with a slash. `$id`s and `@id`s begin with it.
        name: Short name of the collection, for files and packages.
        title: Its title in English.
        description: What it is, in English.
        editions: Edition ids; the first that holds a practice names it. Others follow in alphabetical order.
        practices: By key, the practice's id in each edition.
    """

    base: Annotated[str, StringConstraints(pattern=r"^https?://\S+/$")]
    name: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]*$")]
    title: str
    description: str
    editions: tuple[EditionId, ...]
    practices: dict[PracticeId, dict[EditionId, PracticeId]] | None

    @property
    def address(self) -> str:
        """The base for addresses that somebody follows; empty, so that they are relative, where it is a placeholder."""
        return "" if PLACEHOLDER.match(self.base) else self.base


class LinkedPractice(Frozen):
    """A practice as one edition has it.

    Attributes:
        edition: Edition id.
        id: The practice's id in this edition.
        language: BCP 47 code of the edition; None where it is not known.
        title: The practice's title in this edition.
        score: 0 to 1: how much of what this edition or the one that names the practice states is the same in both, by
            weight; 1 for the one that names it.
        evidence: What is the same, as field and part. Empty for the edition that names it, or where nothing is.
    """

    edition: EditionId
    id: PracticeId
    language: LanguageCode | None
    title: str
    score: float
    evidence: tuple[str, ...]


class KeyedPractice(Frozen):
    """A practice over all editions.

    Attributes:
        key: The practice's key: it is never given to another one.
        countries: ISO 3166-1 alpha-2 codes, as in the edition that names it. Empty where it names none.
        title: The title in the edition that names it; None where it is gone from all editions.
        editions: Its places; the first names it. Empty where it is gone from all editions.
    """

    key: PracticeId
    countries: tuple[CountryCode, ...]
    title: str | None
    editions: tuple[LinkedPractice, ...]


class Collection(Frozen):
    """Every practice of all editions, under one key: `collection.json`.

    Attributes:
        schema_version: Semantic version of the contract.
        name: Short name of the collection.
        title: Its title in English.
        description: What it is, in English.
        editions: Ids of the editions that are extracted, in the order of precedence. Empty where there are none.
        practices: By key, in the order of `schemas/collection.yaml`. Empty where there are none.
    """

    schema_version: SchemaVersion
    name: str
    title: str
    description: str
    editions: tuple[EditionId, ...]
    practices: tuple[KeyedPractice, ...]


def render_assignment(path: Path, assignment: Assignment) -> str:
    """Write assigned keys into the text of their file, whose comments and order stay.

    Args:
        path: The file as it is.
        assignment: What it shall hold.
    """
    import io

    from ruamel.yaml import YAML
    from ruamel.yaml.comments import CommentedMap

    yaml = YAML()
    yaml.width = 4096
    yaml.indent(mapping=2, sequence=4, offset=2)
    content = yaml.load(path.read_text(encoding="utf-8"))
    for place, edition in enumerate(content["editions"]):
        if edition != assignment.editions[place]:
            content["editions"][place] = assignment.editions[place]
    content["editions"].extend(assignment.editions[len(content["editions"]) :])
    if content["practices"] is None:
        content["practices"] = CommentedMap()
    for key, ids in (assignment.practices or {}).items():
        if content["practices"].get(key) != ids:
            line = content["practices"][key] = CommentedMap(ids)
            line.fa.set_flow_style()
    text = io.StringIO()
    yaml.dump(content, text)
    return text.getvalue()


def rename_edition(old: str, new: str) -> None:
    """Rename an edition in the file of the assigned keys in the user's own `schemas/`, where there is one.

    Args:
        old: The edition's id.
        new: Its new id.

    Raises:
        LexiconError: It can't be read, or does not hold what it must.
        OutputError: It can't be written.
    """
    path = paths.own_schema(KEYS_FILE)
    if not path.is_file():
        return
    known = load_assignment(path)
    names = {old: new}
    renamed = known.model_copy(
        update={
            "editions": tuple(names.get(edition, edition) for edition in known.editions),
            "practices": {
                key: {names.get(edition, edition): practice for edition, practice in ids.items()}
                for key, ids in (known.practices or {}).items()
            },
        }
    )
    write_whole(path, [render_assignment(path, renamed).encode()])


def load_assignment(path: Path | None = None) -> Assignment:
    """Load the assigned keys.

    Args:
        path: The file; by default the one in `schemas/`.

    Raises:
        LexiconError: It can't be read, or does not hold what it must.
    """
    return read_data_file(path or paths.find_schema(KEYS_FILE), Assignment)
