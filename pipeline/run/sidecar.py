"""Reads a source file's sidecar.

A sidecar is a file next to the PDF (`raw/<edition>.yaml`): what the file is and where it comes from. A PDF without
one runs too: its edition id is the file's stem, its language is detected.
"""

import os
import re
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, StringConstraints

from pipeline.errors import SidecarError
from pipeline.models.data_file import read_data_file
from pipeline.models.geometry import Frozen
from pipeline.models.practice import LanguageCode, Sha256
from pipeline.models.report import Acknowledgement
from pipeline.run.identity import sidecar_path


def _require_printable(text: str) -> str:
    """Refuse control characters but those of white space: what is said goes to terminals and web pages."""
    if re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]", text):
        raise ValueError("it holds control characters; remove them")
    return text


_Printable = Annotated[str, AfterValidator(_require_printable)]
_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1), AfterValidator(_require_printable)]


class Sidecar(Frozen):
    """What is known of a source file.

    Attributes:
        title: The booklet's title.
        publisher: Who published it; None where that is not known.
        language: BCP 47 code; detection is checked against it.
        sha256: Hash of the file's bytes, lower-case hexadecimal.
        origin: Where the file comes from.
        rights: What is known of the file's rights: an SPDX licence id or a sentence; None where nothing is known.
        note: What else a reader should know.
        acknowledged: Warnings that a maintainer has found in order.
    """

    title: _Text
    publisher: _Text | None
    language: LanguageCode
    sha256: Sha256
    origin: _Text
    rights: _Text | None = None
    note: _Printable = ""
    acknowledged: tuple[Acknowledgement, ...] = ()

    def declare(self) -> dict[str, Any]:
        """Return what the stages need of it, by the names of `EditionInfo`."""
        named = {name: getattr(self, name) for name in ("title", "publisher", "origin", "rights", "acknowledged")}
        return {"declared_language": self.language, **named}


def read_sidecar(source: Path) -> Sidecar | None:
    """Read the sidecar of a source file.

    Args:
        source: The PDF's path.

    Returns:
        The sidecar; None where there is none.

    Raises:
        SidecarError: The sidecar is no YAML mapping, lacks a key or has one too many.
    """
    path = sidecar_path(source)
    if not os.path.lexists(path):  # a link that leads nowhere is a sidecar that can't be read
        return None
    try:
        return read_data_file(path, Sidecar, SidecarError)
    except SidecarError as error:
        raise SidecarError(error.message.replace(str(path), path.name), edition=source.name) from error


def check_hash(sidecar: Sidecar, sha256: str, source: Path) -> None:
    """Check that the sidecar describes these very bytes.

    Raises:
        SidecarError: The hash is that of another file.
    """
    if sidecar.sha256 != sha256:
        raise SidecarError(
            f"{sidecar_path(source).name} describes another file (its sha256 begins {sidecar.sha256[:12]}, the file's"
            f" {sha256[:12]}); restore the file, or check the new one and set sha256 to {sha256}",
            edition=source.name,
        )
