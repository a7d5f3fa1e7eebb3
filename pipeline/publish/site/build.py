"""Writes the site: reads `extracted/*/`, renders the templates, swaps the folder in whole.

Everything from the documents goes through the templates, which escape it. The pages' policy allows the site's own
style, script and pictures, and forbids all else: scripts in the page, handlers in attributes, every other load.
"""

import json
import operator
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import quote

from jinja2 import Environment

from pipeline.contract import CODES
from pipeline.models.practice import FIELDS, Edition, Practice
from pipeline.publish.changes import find_changes
from pipeline.publish.dictionary import describe_field, shown_dictionary
from pipeline.publish.export import FORMATS, Selection, replace_folder, select_editions, write_export
from pipeline.publish.package import JSON_LD_FILE, list_files
from pipeline.publish.site.content import (
    PracticeCard,
    draw_map,
    find_extent,
    list_entries,
    make_card,
    name_country,
    name_language,
    page_of,
    say_code,
)
from pipeline.publish.site.feed import FEED_FILE, list_items, write_feed
from pipeline.publish.site.pictures import allows_pictures, draw_shown
from pipeline.publish.tables import TABLES, UNKNOWN, practice_rows
from pipeline.publish.writers import render_row
from pipeline.render.images import PagePicture
from pipeline.render.templates import open_templates
from pipeline.run.options import Options
from pipeline.stages.emit.edition import load_report, open_edition, render_json

MARK: Final = "static/site.js"
"""A file that is in every site."""
DATA: Final = "data"
"""The folder of a site that holds the export."""
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'"
)
CROP_MARGIN_POINTS: Final = 12.0
"""Space shown around a value's box: a part of the neighbouring rows, which shows that nothing is cut off."""


class Pictures(NamedTuple):
    """From where pictures are drawn, and how.

    Attributes:
        source: The folder that holds the PDFs.
        every: True to draw pages whatever their rights.
        options: The password of a locked file, and what drawing an edition may take.
    """

    source: Path
    every: bool
    options: Options


def build_site(
    extracted: Path,
    chosen: Sequence[str],
    out: Path,
    pictures: Pictures,
    *,
    since: Path | None = None,
    published: datetime | None = None,
) -> list[Edition]:
    """Write the site.

    Args:
        extracted: The folder of all editions.
        chosen: Edition ids; none for all.
        out: The folder to write; its earlier content is replaced.
        pictures: From where pictures are drawn, and whether only of editions whose rights allow it.
        since: The folder of all editions in an earlier state: the feed lists what has changed from it.
        published: The date of the feed's items; they have none where it is None.

    Returns:
        The editions, in the order of precedence.

    Raises:
        InputError: An edition, or the PDF to draw, is missing or can't be read.
        LexiconError: `schemas/collection.yaml` can't be used.
        OutputError: The folder can't be written, or holds what no site has.
    """
    selection = select_editions(extracted, chosen)
    changes = None if since is None else find_changes(since, extracted)

    def fill(folder: Path) -> list[Edition]:
        writer = _Writer(folder, selection)
        for path in (files("pipeline.publish.site") / "static").iterdir():
            writer.write(f"static/{path.name}", path.read_bytes())
        formats = [form for form in FORMATS if form != "parquet" or find_spec("pyarrow")]
        (folder / DATA).mkdir()
        editions = write_export(folder / DATA, selection, formats, below=f"{DATA}/")
        for name in selection.editions:
            writer.write_edition(extracted / name, pictures)
        writer.write_overviews(editions)
        items = list_items(editions, changes, writer.pages)
        writer.write_page("changes.html", items=items, since=changes is not None)
        writer.write(FEED_FILE, write_feed(selection.assignment, items, published))
        return editions

    return replace_folder(out, MARK, "site", fill)


class _Writer:
    """Writes the files of one site into its folder, practice by practice."""

    def __init__(self, folder: Path, selection: Selection) -> None:
        self._folder = folder
        self._assignment = selection.assignment
        self._keys = selection.by_place()
        self._cards: list[PracticeCard] = []
        self._templates = _environment()
        self._titles: dict[str, str] = {name: describe_field(name)["title"] for name in FIELDS}
        self.pages = {place: f"practices/{quote(page_of(linked, place[0]))}" for place, linked in self._keys.items()}

    def write(self, name: str, content: bytes) -> None:
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    def write_page(self, name: str, template: str = "", **shown: Any) -> None:
        about = {"collection": self._assignment, "root": "../" * name.count("/"), "policy": POLICY, "name": name}
        chosen = self._templates.get_template(f"{template or name}.j2")
        self.write(name, chosen.render(**about, **shown).encode())

    def write_edition(self, folder: Path, pictures: Pictures) -> None:
        """Write the pages of an edition's practices, what can be searched in them, and their data."""
        index, practices = open_edition(folder)
        edition = index.edition
        drawn: dict[int, PagePicture] = {}
        if pictures.every or allows_pictures(edition.rights):
            drawn = draw_shown(pictures.source / edition.source, load_report(folder), pictures.options)
        for number, picture in drawn.items():
            self.write(f"pages/{edition.id}/{number}.webp", picture.webp)
        texts: dict[str, Mapping[str, str]] = {}
        ids = [None, *(entry.id for entry in index.practices), None]
        for position, practice in enumerate(practices, start=1):
            card = self._write_practice(practice, position, (ids[position - 1], ids[position + 1]), drawn)
            texts[card.key] = card.texts
        # The script of a page on a disk may load scripts and no data, so that the texts come as one.
        listed = json.dumps([edition.id, texts], ensure_ascii=False, separators=(",", ":"))
        self.write(f"search/{edition.id}.js", f"catalogue.addTexts({listed});\n".encode())

    def _write_practice(
        self, practice: Practice, position: int, around: Sequence[str | None], drawn: Mapping[int, PagePicture]
    ) -> PracticeCard:
        edition = practice.edition
        linked = self._keys[edition.id, practice.id]
        tables = list_entries(practice)
        card = make_card(practice, linked, tables)
        self._cards.append(card)
        stem = f"{DATA}/practices/{edition.id}/{practice.id}"
        self.write(f"{stem}.json", render_json(practice))
        rows = practice_rows(practice, linked.key, position)["values"]
        columns = tuple(column.name for column in TABLES["values"].columns)
        self.write(f"{stem}.csv", b"".join(map(render_row, (columns, *rows))))
        self.write_page(
            f"practices/{page_of(linked, edition.id)}",
            "practice.html",
            practice=practice,
            card=card,
            linked=linked,
            tables=tables,
            absent=[title for name, title in self._titles.items() if name not in practice.fields.present],
            neighbours=[None if other is None else self._keys[edition.id, other] for other in around],
            files=quote(stem),
            pages=drawn,
            titles=self._titles,
            margin=CROP_MARGIN_POINTS,
            extent=find_extent(practice),
        )
        return card

    def write_overviews(self, editions: Sequence[Edition]) -> None:
        """Write the front page, the dictionary and the downloads."""
        listed = [
            {**file, "path": f"{DATA}/{file['path']}"}
            for file in list_files(self._folder / DATA)
            if not file["path"].startswith("practices/")
        ]
        order = list(dict.fromkeys(practice.key for practice in self._keys.values()))
        cards = sorted(self._cards, key=lambda card: order.index(card.key))
        years = {year for card in cards for year in card.years or () if year is not None}
        axis = range(min(years), max(years) + 1) if years else range(0)
        self.write_page(
            "index.html",
            cards=cards,
            editions=editions,
            markup=json.loads((self._folder / DATA / JSON_LD_FILE).read_bytes()),
            tiles=draw_map(code for card in cards for code in card.countries),
            years=axis,
            running={year: len({card.key for card in cards if card.runs_in(year)}) for year in axis},
            codes=CODES,
            titles=self._titles,
        )
        self.write_page("dictionary.html", **shown_dictionary())
        self.write_page("downloads.html", files=listed, editions=editions, tables=TABLES)


def _environment() -> Environment:
    environment = open_templates("pipeline.publish.site")
    filters: dict[str, Callable[..., str]] = {
        "words": say_code,
        "language": name_language,
        "country": name_country,
        "page_of": page_of,
        "size": lambda count: f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{max(count / 1e3, 0.1):.1f} kB",
    }
    environment.filters.update(filters)
    environment.tests["contains"] = operator.contains
    environment.globals["unknown"] = UNKNOWN
    return environment
