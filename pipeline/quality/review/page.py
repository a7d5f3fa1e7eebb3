"""Writes the review page: `View` → one HTML file that needs nothing but a browser.

Everything from the documents goes through the templates, which escape it. Style and script are in the page and are
allowed by their hashes; the page's own policy forbids all else: other scripts, handlers in attributes, every load.
"""

import base64
import hashlib
import json
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Final

from jinja2 import Environment
from markupsafe import Markup

from pipeline.errors import InputError
from pipeline.files import write_whole
from pipeline.quality.accuracy.compare import group_differences
from pipeline.quality.accuracy.golden import golden_files
from pipeline.quality.accuracy.score import score_edition
from pipeline.quality.review.cards import View
from pipeline.quality.review.view import build_view
from pipeline.render.images import draw_pages
from pipeline.render.templates import open_templates
from pipeline.run.options import Options
from pipeline.stages.emit.edition import load_edition
from pipeline.stages.emit.outputs import folder_aside, is_aside

STYLE_FILE: Final = "review.css"
SCRIPT_FILE: Final = "review.js"


def render_page(view: View) -> bytes:
    """Write the review page.

    Args:
        view: All that it shows.

    Returns:
        HTML in UTF-8; the same view gives the same bytes.
    """
    environment = _environment()

    # Both are ours and hold nothing from a document but numbers: they are no text to be escaped.
    style = _read_static(STYLE_FILE) + environment.get_template("places.css.j2").render(view=view)
    script = _read_static(SCRIPT_FILE)
    policy = "; ".join(
        (
            "default-src 'none'",
            "img-src data:",
            f"style-src '{_hash(style)}'",
            f"script-src '{_hash(script)}'",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
    template = environment.get_template("review.html.j2")
    page: str = template.render(
        view=view,
        policy=policy,
        style=Markup(style),  # noqa: S704
        script=Markup(script),  # noqa: S704
    )
    return page.encode()


def write_review(folder: Path, source: Path, goldens: Path, options: Options, extracted: Path | None = None) -> Path:
    """Write the review page of an extracted edition, in whole or not at all.

    Args:
        folder: The edition's output folder.
        source: Its PDF, or the folder that holds it.
        goldens: The folder of all goldens; without any of this edition nothing is compared.
        options: `out`, the folder for the page; the password of a locked PDF, what drawing may take, and the progress.
        extracted: The folder of all editions' output.

    Returns:
        The page's path: `<edition>.html`, or `<edition>.errors.html` for output that was set aside; of a folder
        elsewhere whose edition is in `extracted` too a name by its own path.

    Raises:
        InputError: Output, PDF or goldens are missing, can't be read or do not belong together.
        OutputError: The page can't be written.
    """
    edition = load_edition(folder)
    file = source / edition.edition.source if source.is_dir() else source
    if not file.exists():
        raise InputError(f"its source {file} is not there; bring it back, or name it by --source", edition=folder.name)
    pictures = draw_pages(file, edition.edition.sha256, options)
    compared = score_edition(edition, goldens)
    known = golden_files(goldens, edition.edition.id)
    differences = group_differences(compared.comparisons) if known else None
    view = build_view(edition, pictures, differences, compared.missing_goldens if known else ())
    path = options.out / f"{_name_page(folder, edition.edition.id, extracted)}.html"
    write_whole(path, [render_page(view)], "choose another folder by --out")
    return path


def _name_page(folder: Path, edition: str, extracted: Path | None) -> str:
    """Name a page so that no other output of the same edition has the same: one set aside, or a copy elsewhere."""
    here = folder.resolve()
    usual = None if extracted is None else (extracted / edition).resolve()
    if usual is not None and usual.is_dir() and here not in {usual, folder_aside(usual.parent, edition)}:
        current = Path.cwd()
        return "-".join((here.relative_to(current) if here.is_relative_to(current) else here).parts).lstrip("/-.")
    return f"{edition}.errors" if is_aside(folder) else edition


def _environment() -> Environment:
    environment = open_templates("pipeline.quality.review", finalize=_picture_controls)
    environment.filters["base64"] = lambda content: base64.b64encode(content).decode()
    environment.filters["json"] = partial(json.dumps, ensure_ascii=False)
    environment.filters["count"] = lambda number, noun: f"{number:,} {noun}{'s'[: number != 1]}".replace(",", "\u202f")
    return environment


_PICTURES: Final = {code: 0x2400 + code for code in range(0x20) if chr(code) not in "\t\n"} | {
    0x7F: 0x2421,
    **dict.fromkeys((*range(0x80, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)), 0xFFFD),
}
"""Control characters by the pictures that Unicode has for them; those without one, and those that turn the direction of
what follows, by U+FFFD."""


def _picture_controls(value: object) -> object:
    """Show control characters, which a browser would drop or obey; our own markup has none."""
    return value.translate(_PICTURES) if type(value) is str else value


def _read_static(name: str) -> str:
    return (files("pipeline.quality.review") / "static" / name).read_text(encoding="utf-8")


def _hash(content: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
