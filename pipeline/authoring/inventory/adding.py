"""Takes a new edition in: finds out its id, language and title, copies the file, writes its sidecar."""

import re
import unicodedata
from contextlib import suppress
from pathlib import Path
from shlex import quote
from typing import Any, NamedTuple

import yaml

from pipeline.authoring.arrival import find_title
from pipeline.errors import InputError, LimitError, SidecarError
from pipeline.files import write_whole
from pipeline.lexicon import list_languages, load_lexicon
from pipeline.lexicon.front_matter import CountWords
from pipeline.models.artefact import Stored
from pipeline.run.editions import find_sources
from pipeline.run.identity import edition_id, hash_file, read_edition_id, sidecar_path
from pipeline.run.options import Options
from pipeline.run.runner import stitch_file
from pipeline.run.sidecar import check_hash, read_sidecar
from pipeline.run.workers import WorkerPool, call_worker
from pipeline.stages.chapter.language import settle_language
from pipeline.stages.read.information import read_title


class NewFile(NamedTuple):
    """A file to take in, and what a person says of it; None for what is to be found out.

    Attributes:
        path: The PDF.
        id: Edition id: by default the file's name and its language.
        language: BCP 47 code.
        title: The booklet's title.
        publisher: Who published it.
        origin: Where it comes from.
        rights: An SPDX licence id or a sentence.
    """

    path: Path
    id: str | None
    language: str | None
    title: str | None
    publisher: str | None
    origin: str | None
    rights: str | None


class Added(NamedTuple):
    """An edition that was taken in, and not run yet.

    Attributes:
        source: Its file in the folder of sources.
        language: BCP 47 code.
        stored: Its rows.
        described: True where a sidecar was written; False where the one that is there was kept.
        twins: Files with the same bytes.
    """

    source: Path
    language: str
    stored: Stored[Any]
    described: bool
    twins: tuple[Path, ...]


def add(file: NewFile, raw: Path, options: Options, *, force: bool) -> Added:
    """Take a file in.

    Args:
        file: The file.
        raw: The folder of the sources.
        options: How to read it.
        force: True to write over a sidecar or another file of its id, and to take bytes in that are there already.

    Raises:
        InputError: It can't be read, is in another language than said, or there already under another name.
        SidecarError: There is a sidecar that can't be read, or is another file's.
        OutputError: A file can't be written.
    """
    stored = stitch_file(file.path, options)
    info = settle_language(stored.edition.model_copy(update={"declared_language": file.language}), stored.content)
    for issue in info.issues:
        if issue.code == "language_disagrees":
            raise InputError(issue.message.replace("the sidecar says", "--language says"))
    language = info.language or ""
    target = raw / f"{_propose_id(file, raw, language)}.pdf"
    sha256 = stored.edition.sha256
    twins = _find_twins(file, raw, target, sha256)
    if twins and not force:
        raise InputError(
            f"{twins[0]} is a file with the same bytes; run that: pipeline run {quote(str(twins[0]))}, give it"
            f" another id: pipeline rename {quote(edition_id(twins[0]))} {quote(target.stem)}, or give --force to have"
            " it twice",
            edition=file.path.name,
        )
    _copy(file.path, target, force=force)
    words = load_lexicon(language).counts if language in list_languages() else CountWords()
    title = find_title(_read_declared_title(file.path, options), stored.content, words)
    described = _write_sidecar(target, file, language, sha256, title, force=force)
    return Added(target, language, stored, described, twins)


def _read_declared_title(pdf: Path, options: Options) -> str:
    """Have a worker read the title in the document's information; empty where it gives none."""
    with WorkerPool(1, options.limits.megabytes) as pool, suppress(LimitError):
        return call_worker(pool, pdf.name, options.limits.page_seconds, read_title, pdf.absolute(), options.password)
    return ""


def _propose_id(file: NewFile, raw: Path, language: str) -> str:
    """The edition's id: as asked for, or the file's name in small letters and hyphens, with its language."""
    if file.id is not None:
        return read_edition_id(file.id)
    if file.path.resolve().parent == raw.resolve():
        return edition_id(file.path)
    folded = unicodedata.normalize("NFC", file.path.stem).casefold()
    stem = re.sub(r"[\W_]+", "-", folded).strip("-")
    primary = language.split("-", maxsplit=1)[0]
    if primary not in stem.split("-"):
        stem = f"{stem}-{primary}"
    return edition_id(Path(f"{stem}.pdf"))


def _find_twins(file: NewFile, raw: Path, target: Path, sha256: str) -> tuple[Path, ...]:
    """Find the sources that have the file's bytes under another name."""
    size = file.path.stat().st_size
    others = (path for path in find_sources(raw).values() if path != target and path.stat().st_size == size)
    return tuple(path for path in others if hash_file(path) == sha256)


def _copy(source: Path, target: Path, *, force: bool) -> None:
    """Copy the file into the folder of sources, if it is not there already."""
    content = source.read_bytes()
    if target.exists() and content == target.read_bytes():
        return
    if target.exists() and not force:
        raise InputError(
            f"{target} exists already and is another file; give --id, or --force to replace it", edition=source.name
        )
    write_whole(target, [content])


def _write_sidecar(target: Path, file: NewFile, language: str, sha256: str, title: str | None, *, force: bool) -> bool:
    """Write the sidecar; False where there is one that fits the file."""
    path = sidecar_path(target)
    if path.exists() and not force:
        known = read_sidecar(target)
        if known is None:
            raise SidecarError(
                f"{path} can't be read; correct it, or give --force to overwrite it", edition=target.name
            )
        check_hash(known, sha256, target)
        return False
    content = {
        "title": file.title or title or target.stem,
        "publisher": file.publisher,
        "language": language,
        "sha256": sha256,
        "origin": file.origin or f"{file.path.name}; say where the file comes from",
        "rights": file.rights,
        "note": "",
    }
    write_whole(path, [yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=120).encode()])
    return True
