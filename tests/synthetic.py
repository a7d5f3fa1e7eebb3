"""Makes small editions out of nothing, for tests of the stages from validate on: no PDF, no lexicon."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from pydantic import JsonValue

from pipeline.models.chapter import Chapter, Chapters
from pipeline.models.edition import EditionInfo, NormalisedEdition, PageInfo
from pipeline.models.geometry import Box
from pipeline.models.layout import TextLine, Word
from pipeline.models.practice import PARTS
from pipeline.models.record import MappedField, NormalisedRecord, Record, UnmappedRow
from pipeline.models.row import CellLink, CellText, Column, Fragment, GlyphCount, Paragraph, Residue, Row, TextBlock

WIDTH, HEIGHT = 595.0, 842.0
LINE_POINTS = 12.0


@dataclass
class Sheets:
    """Pages being filled from the top; hands out lines with glyph ids of their own."""

    next_glyph: dict[int, int] = field(default_factory=dict)
    lines: dict[int, int] = field(default_factory=dict)

    def write(self, page: int, text: str, x0: float = 50.0) -> TextLine:
        """Write a line on a page, one glyph per character."""
        top = 40.0 + LINE_POINTS * self.lines.get(page, 0)
        self.lines[page] = self.lines.get(page, 0) + 1
        first = self.next_glyph.get(page, 0)
        self.next_glyph[page] = first + len(text)
        box = Box(page=page, x0=x0, top=top, x1=x0 + 4.0 * len(text), bottom=top + 10.0)
        return TextLine(
            text=text,
            words=(Word(text, box.x0, box.x1),),
            box=box,
            baseline=top + 8.0,
            size=10.0,
            bold=False,
            glyphs=tuple(range(first, first + len(text))),
        )


def make_block(line: TextLine, kind: str = "text") -> TextBlock:
    return TextBlock.model_validate(
        {"kind": kind, "lines": (line,), "text": line.text, "boxes": (line.box,), "size": line.size, "bold": False}
    )


def make_cell(lines: Sequence[TextLine], links: tuple[CellLink, ...] = ()) -> CellText:
    return CellText(
        paragraphs=tuple(Paragraph(text=line.text, item=False, boxes=(line.box,)) for line in lines),
        boxes=tuple({line.box.page: line.box for line in lines}.values()),
        links=links,
    )


def make_row(sheets: Sheets, table: int, label: str, parts: Sequence[tuple[int, str]]) -> Row:
    """Make a row whose value stands on the given pages; its label stands on the first of them."""
    label_line = sheets.write(parts[0][0], label)
    values = [sheets.write(page, text, x0=200.0) for page, text in parts]
    fragments = tuple(
        Fragment(
            label_lines=(label_line,) if number == 0 else (),
            value_lines=(value,),
            label_box=Box(page=value.box.page, x0=40, top=value.box.top, x1=190, bottom=value.box.bottom),
            value_box=Box(page=value.box.page, x0=190, top=value.box.top, x1=550, bottom=value.box.bottom),
            label_column=Column(40.0, 190.0, LINE_POINTS),
            value_column=Column(200.0, 550.0, LINE_POINTS),
            evidence="grid" if number == 0 else "gutter",
            confidence=1.0 - 0.25 * number,
        )
        for number, value in enumerate(values)
    )
    return Row(
        table=table,
        label=make_cell([label_line]),
        value=make_cell(values),
        fragments=fragments,
        break_confidence=(0.9,) * (len(parts) - 1),
    )


def make_edition(
    parts: dict[str, dict[str, JsonValue]] | None = None,
    *,
    practices: Sequence[str] = ("bg-1", "be-1"),
    name: str = "tiny",
) -> tuple[EditionInfo, NormalisedEdition]:
    """Make an edition of practices of two pages each, with front matter, furniture and nothing left over.

    Each practice has a place, a period (whose row goes over the page break), a merged row of implementers and partners,
    and a row that no field answers to.
    """
    sheets = Sheets()
    front = make_block(sheets.write(1, "Fifteen good practices"))
    records = []
    for number, practice in enumerate(practices):
        page = 2 + 2 * number
        heading = sheets.write(page, f"Somewhere {number}: a practice")
        rows = {
            "locations": make_row(sheets, number, "Place", [(page, "Here and there")]),
            "implementers": make_row(sheets, number, "Who / With whom", [(page, "An office")]),
            "period": make_row(sheets, number, "When", [(page, "since"), (page + 1, "2016-05")]),
            "": make_row(sheets, number, "Weather", [(page + 1, "Fair")]),
        }
        rows["partners"] = rows["implementers"]
        fields = {
            name: MappedField(
                field=name,
                label=rows[name].label.one_line,
                text=" ".join(rows[name].value.text.split("\n")),
                links=(),
                label_boxes=rows[name].label.boxes,
                value_boxes=rows[name].value.boxes,
                shared_with={"implementers": ("partners",), "partners": ("implementers",)}.get(name, ()),
            )
            for name in ("locations", "implementers", "partners", "period")
        }
        chapter = Chapter(
            id=practice,
            heading=heading.text,
            heading_block=make_block(heading),
            countries=tuple(code.upper() for code in practice.split("-")[:-1]),
            title="a practice",
            rows=(rows["locations"], rows["implementers"], rows["period"], rows[""]),
        )
        unmapped = UnmappedRow(
            label="Weather",
            text="Fair",
            links=(),
            label_boxes=rows[""].label.boxes,
            value_boxes=rows[""].value.boxes,
            suggestion="funding",
            score=0.25,
        )
        usual: dict[str, dict[str, JsonValue]] = {
            "locations": {"places": ["Here", "there"]},
            "period": {"start": "2016-05", "end": None, "edtf": "2016-05/..", "ongoing": True},
        }
        records.append(
            NormalisedRecord(
                record=Record(chapter=chapter, fields=fields, unmapped=(unmapped,)),
                available=dict.fromkeys(fields, True),
                parts={
                    field_name: dict.fromkeys(PARTS.get(field_name, ()))
                    | usual.get(field_name, {})
                    | (parts or {}).get(field_name, {})
                    for field_name in fields
                },
            )
        )
    last = 1 + 2 * len(practices)
    furniture = tuple(make_block(sheets.write(page, f"Page {page}"), "furniture") for page in range(1, last + 1))
    rest = Chapters(
        chapters=(),
        front_matter=(front,),
        furniture=furniture,
        residue=(),
        counts=tuple(GlyphCount(page=page, glyphs=sheets.next_glyph[page]) for page in range(1, last + 1)),
    )
    info = EditionInfo(
        id=name,
        file=f"{name}.pdf",
        sha256="0" * 64,
        pages=tuple(
            PageInfo(number=page, width=WIDTH, height=HEIGHT, glyphs=sheets.next_glyph[page])
            for page in range(1, last + 1)
        ),
        language="en",
    )
    return info, NormalisedEdition(rest=rest, records=tuple(records))


def make_residue(page: int, text: str) -> Residue:
    box = Box(page=page, x0=10, top=800, x1=90, bottom=810)
    return Residue(reason="other_table", text=text, box=box, glyphs=len(text))
