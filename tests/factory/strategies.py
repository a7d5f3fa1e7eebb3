"""Hypothesis strategies: contents and layouts to typeset.

Reads the ready contents for their words; gives `EditionContent` and `Layout`. What a reader could not read is not drawn
where it can be told beforehand; the rest is told by `UnreadableLayoutError` when it is typeset, and is to be rejected.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from hypothesis import strategies as st

from tests.factory.content import (
    ContentChapter,
    ContentRow,
    ContentTable,
    EditionContent,
    Run,
    ValueParagraph,
    load_content,
)
from tests.factory.layout import Layout
from tests.factory.typesetting import Renderer

SOURCES: Final = {"lv": "booklet_lv", "en": "practices_en", "el": "practices_el", "bg": "practices_bg"}
"""The ready content that gives a language's words, labels and headings."""
FONTS: Final[dict[Renderer, tuple[str, ...]]] = {
    "typst": ("Liberation Sans", "Liberation Serif", "DejaVu Sans", "Libertinus Serif"),
    "chromium": ("Liberation Sans", "Liberation Serif", "DejaVu Sans"),
    "libreoffice": ("Liberation Sans", "Liberation Serif", "DejaVu Sans"),
}
REAL_HYPHENS: Final = ("Cluj-Napoca", "2016-2018", "Nord-Pas")
"""Words whose hyphen is printed: a capital or a digit follows it, so that hyphenation can't be meant."""
PAGES: Final[tuple[dict[str, object], ...]] = (
    {"rotate": 90},
    {"rotate": 180},
    {"rotate": 270},
    {"crop_offset": 35.0},
    {"crop_offset": 20.0, "rotate": 90},
    {"owner_password": True},
)
"""What is done to whole pages."""
LEAST_LABEL_POINTS: Final = 105.0
"""Width of a label column that holds the longest word of a label at 10 pt, so that few drawn layouts are rejected."""


@cache
def words_of(language: str) -> tuple[str, ...]:
    """Give the words of a language's ready content: letters only, no name of a link."""
    found: dict[str, None] = {}
    for chapter in load_content(SOURCES[language]).chapters:
        for table in chapter.tables:
            for row in table.rows:
                for paragraph in row.value:
                    found.update(
                        dict.fromkeys(
                            word.lower()
                            for run in paragraph.runs
                            if run.url is None and not run.printed_url
                            for word in run.text.split()
                            if word.isalpha()
                        )
                    )
    return tuple(found)


@st.composite
def sentences(draw: st.DrawFn, language: str, *, longest: int = 40) -> str:
    """Draw a sentence: a capital, words, perhaps one with a printed hyphen, a full stop."""
    words = draw(st.lists(st.sampled_from(words_of(language)), min_size=2, max_size=longest))
    if draw(st.booleans()):
        place = draw(st.integers(1, len(words)))
        words.insert(place, draw(st.sampled_from(REAL_HYPHENS)))
    text = " ".join(words)
    return text[0].upper() + text[1:] + "."


@st.composite
def value_paragraphs(draw: st.DrawFn, language: str, *, longest: int = 40) -> tuple[ValueParagraph, ...]:
    """Draw a value: plain paragraphs, a list, links; or nothing."""
    kind = draw(st.sampled_from(("plain", "plain", "plain", "list", "links", "empty")))
    if kind == "empty":
        return ()
    texts = draw(st.lists(sentences(language, longest=longest), min_size=1, max_size=4))
    plain = [ValueParagraph(runs=(Run(text=text),)) for text in texts]
    if kind == "list":
        bullet = draw(st.sampled_from(("-", "•", "–", "1")))
        return (
            plain[0],
            *(
                paragraph.model_copy(update={"marker": f"{place}." if bullet == "1" else bullet})
                for place, paragraph in enumerate(plain[1:], start=1)
            ),
        )
    if kind == "links":
        path = "/".join(draw(st.lists(st.sampled_from(("en", "practices", "report-2018", "p_7")), max_size=5)))
        url = f"https://www.example.org/{path}"
        annotated = draw(st.booleans())
        if draw(st.booleans()):
            return (*plain, ValueParagraph(runs=(Run(text=url, url=url if annotated else None, printed_url=True),)))
        linked = Run(text=draw(st.sampled_from(words_of(language))), url=url)
        return (*plain, ValueParagraph(runs=(Run(text=plain[0].body.rstrip(".") + " "), linked, Run(text="."))))
    return tuple(plain)


@st.composite
def contents(draw: st.DrawFn, *, language: str | None = None) -> EditionContent:
    """Draw a content: one to three chapters of one or two tables of three to eight rows.

    Labels and headings are those of the language's ready content, so that for Latvian the drawn edition can go through
    all stages; the values are drawn.
    """
    tag = language or draw(st.sampled_from(sorted(SOURCES)))
    source = load_content(SOURCES[tag])
    chapters: list[ContentChapter] = []
    for number in range(draw(st.integers(1, 3))):
        ready = source.chapters[number % len(source.chapters)]
        parts = draw(st.integers(1, len(ready.tables)))
        tables: list[ContentTable] = []
        for table in ready.tables[:parts]:
            chosen = draw(st.sets(st.integers(0, len(table.rows) - 1), min_size=3, max_size=8))
            rows = [
                ContentRow(label=table.rows[place].label, value=draw(value_paragraphs(tag))) for place in sorted(chosen)
            ]
            if draw(st.booleans()):
                place = draw(st.integers(0, len(rows) - 1))
                if rows[place].value:
                    # A picture or a note, or a value that runs over pages.
                    extra = draw(st.sampled_from(("picture", "note", "long")))
                    if extra == "picture":
                        rows[place] = rows[place].model_copy(update={"picture": True})
                    elif extra == "note" and not rows[place].value[0].runs[-1].printed_url:
                        rows[place] = rows[place].model_copy(update={"note": draw(sentences(tag, longest=8))})
                    elif extra == "long":
                        value = tuple(
                            ValueParagraph(runs=(Run(text=draw(sentences(tag, longest=90))),)) for _ in range(8)
                        )
                        rows[place] = rows[place].model_copy(update={"value": value})
            tables.append(ContentTable(rows=tuple(rows)))
        chapters.append(ContentChapter(heading=ready.heading, tables=tuple(tables)))
    front = draw(st.booleans())
    return source.model_copy(
        update={
            "chapters": tuple(chapters),
            "front_title": source.front_title if front else "",
            "front_paragraphs": source.front_paragraphs if front else (),
        }
    )


@st.composite
def layouts(draw: st.DrawFn, renderer: Renderer = "typst") -> Layout:
    """Draw a layout that a renderer can print."""
    rules = draw(st.sampled_from(("grid", "horizontal", "thick", "hairline", "dashed", "none", "none")))
    fills = draw(st.sampled_from(("none", "none", "label", "zebra", "table")))
    header_row = draw(st.booleans())
    plain_pages = draw(st.integers(0, 3)) > 0
    page: dict[str, object] = {} if plain_pages else draw(st.sampled_from(PAGES))
    headings = ("plain", "left", "letter_spaced") + (("small_caps",) if renderer == "typst" else ())
    font = draw(st.sampled_from(FONTS[renderer]))
    drawn = Layout(
        paper=draw(st.sampled_from(("a4", "a4", "letter", "a5"))),
        landscape=draw(st.integers(0, 3)) == 0,
        margin=draw(st.sampled_from((36.0, 56.0, 72.0))),
        rules=rules,
        fills=fills,
        label_ratio=draw(st.integers(18, 45)) / 100,
        label_bold=draw(st.booleans()),
        header_row=header_row,
        padding=float(draw(st.integers(0, 12))),
        chapter_start=draw(st.sampled_from(("page", "flow"))),
        alignment=draw(st.sampled_from(("left", "justified"))),
        hyphenated=draw(st.booleans()),
        font=font,
        font_size=draw(st.sampled_from((8.0, 9.0, 10.0, 11.0))),
        ligatures=draw(st.booleans()),
        heading_style=draw(st.sampled_from(headings)),
        header=draw(st.booleans()),
        footer=draw(st.booleans()),
        page_number=draw(st.sampled_from(("none", "plain", "lpp", "total", "dashes"))),
        odd_even=draw(st.booleans()),
        first_page_bare=draw(st.booleans()),
        break_rows=draw(st.integers(0, 3)) > 0,
        paragraph_gap=draw(st.sampled_from((0.0, 0.4, 0.7))),
        item_style=draw(st.sampled_from(("inline", "hanging"))),
        note_mark=draw(st.sampled_from(("asterisk", "superscript"))),
        link_style=draw(st.sampled_from(("plain", "coloured", "underlined"))),
        table_at_foot=draw(st.integers(0, 5)) == 0,
        drawing=draw(st.sampled_from(("plain", "plain", "plain", "shuffled", "single_glyphs", "doubled"))),
    )
    unseen = ("none", "none", "invisible", "white", "covered") if fills == "none" and not header_row else ("none",)
    changes: dict[str, object] = {"concealed": draw(st.sampled_from(unseen)), **page}
    if draw(st.integers(0, 4)) == 0:
        # In a broken row, text in the middle of its cell would stand in the middle of one part of it.
        changes |= {"vertical": "middle", "break_rows": False}
    width = drawn.page_size[0] - 2 * drawn.margin
    room = LEAST_LABEL_POINTS * drawn.font_size / 10 * (1.15 if drawn.label_bold or "DejaVu" in font else 1.0)
    least = (room + 2 * drawn.padding) / width
    changes["label_ratio"] = round(min(0.45, max(drawn.label_ratio, least)), 2)
    return Layout.model_validate(drawn.model_dump() | changes)
