"""The matrix: named, reproducible cases over the axes of the layout.

Reads nothing; `CASES` names each case's renderer, content and layout.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tests.factory.content import load_content
from tests.factory.layout import Layout
from tests.factory.store import Fixture, edition_fixture
from tests.factory.truth import TypesetEdition
from tests.factory.typesetting import Renderer, typeset


@dataclass(frozen=True)
class Case:
    """A named case: a content of `texts/`, printed by a renderer in a layout."""

    name: str
    renderer: Renderer
    content: str
    layout: Layout

    def typeset(self) -> TypesetEdition:
        """Typeset the case; for the errors see `typesetting.typeset`."""
        return typeset(self.renderer, load_content(self.content), self.layout)

    @property
    def fixture(self) -> Fixture:
        """The case as a stored fixture."""
        return edition_fixture(f"layouts/{self.name}", self.renderer, load_content(self.content), self.layout)


def _case(renderer: Renderer, axis: str, content: str, layout: Layout) -> Case:
    """Name a case by its renderer and what is particular about it."""
    return Case(name=f"{renderer}_{axis}", renderer=renderer, content=content, layout=layout)


SERIF: Final = "Libertinus Serif"
DEJAVU: Final = "DejaVu Sans"
LIBERATION_SERIF: Final = "Liberation Serif"

_TYPST: Final = (
    ("plain_grid", "booklet_lv", Layout()),
    (
        "reference_like",
        "booklet_lv",
        Layout(fills="table", header=True, footer=True, page_number="plain", first_page_bare=True),
    ),
    ("horizontal_rules", "booklet_lv", Layout(rules="horizontal", label_bold=True, page_number="dashes")),
    ("thick_rules_zebra", "booklet_lv", Layout(rules="thick", fills="zebra", padding=6, vertical="middle")),
    (
        "hairlines",
        "booklet_lv",
        Layout(rules="hairline", label_ratio=0.25, page_number="total", footer=True, font=LIBERATION_SERIF),
    ),
    ("dashed_rules", "booklet_lv", Layout(rules="dashed", padding=3, label_ratio=0.35, chapter_start="flow")),
    ("no_rules_padded", "booklet_lv", Layout(rules="none", padding=6, label_bold=True)),
    ("no_rules_tight", "booklet_lv", Layout(rules="none", padding=0, paragraph_gap=0.3)),
    (
        "no_rules_justified",
        "booklet_lv",
        Layout(rules="none", padding=2, alignment="justified", font=SERIF, page_number="lpp", odd_even=True),
    ),
    ("zebra_only", "booklet_lv", Layout(rules="none", fills="zebra", label_ratio=0.4)),
    ("label_fill_only", "booklet_lv", Layout(rules="none", fills="label", padding=4, vertical="middle")),
    ("table_fill_only", "booklet_lv", Layout(rules="none", fills="table", padding=5, header=True, odd_even=True)),
    ("narrow_labels", "booklet_lv", Layout(label_ratio=0.18, font_size=9, padding=2)),
    ("wide_labels", "booklet_lv", Layout(label_ratio=0.45, rules="horizontal", padding=12)),
    ("padding_none_grid", "booklet_lv", Layout(padding=0, label_ratio=0.28)),
    ("header_row", "booklet_lv", Layout(header_row=True, fills="label", page_number="plain", header=True)),
    (
        "header_row_horizontal",
        "booklet_lv",
        Layout(header_row=True, rules="horizontal", paper="letter", chapter_start="flow", margin=60),
    ),
    ("header_row_no_rules", "booklet_lv", Layout(header_row=True, rules="none", fills="none", padding=5)),
    ("a5", "booklet_lv", Layout(paper="a5", margin=40, font_size=9, header=True, page_number="total")),
    (
        "a5_no_rules_hyphenated",
        "booklet_lv",
        Layout(paper="a5", margin=40, rules="none", hyphenated=True, padding=3, label_ratio=0.33, font_size=9),
    ),
    ("landscape", "booklet_lv", Layout(landscape=True, fills="label", label_ratio=0.22, footer=True)),
    ("letter_justified", "booklet_lv", Layout(paper="letter", alignment="justified", font=LIBERATION_SERIF)),
    (
        "hyphenated_justified",
        "booklet_lv",
        Layout(hyphenated=True, alignment="justified", font=SERIF, heading_style="small_caps", page_number="lpp"),
    ),
    ("hyphenated_left", "features_lv", Layout(hyphenated=True, label_ratio=0.24, paper="a5", margin=36, font_size=9)),
    (
        "letter_spaced_headings",
        "short_lv",
        Layout(heading_style="letter_spaced", chapter_start="flow", fills="table", rules="none", padding=6),
    ),
    ("two_chapters_a_page", "short_lv", Layout(chapter_start="flow", rules="horizontal", padding=3)),
    (
        "two_chapters_no_rules",
        "short_lv",
        Layout(chapter_start="flow", rules="none", padding=2, heading_style="left", font=DEJAVU, font_size=8.5),
    ),
    ("ligatures", "features_lv", Layout(font=SERIF, font_size=12, rules="horizontal", item_style="hanging")),
    (
        "features_superscript",
        "features_lv",
        Layout(note_mark="superscript", item_style="hanging", paragraph_gap=0.5, link_style="underlined"),
    ),
    ("features_no_rules", "features_lv", Layout(rules="none", padding=4, link_style="underlined", page_number="plain")),
    ("features_zebra", "features_lv", Layout(rules="none", fills="zebra", padding=3, vertical="middle")),
    ("long_value_a5", "long_lv", Layout(paper="a5", margin=45, header=True, footer=True, page_number="dashes")),
    (
        "long_value_no_rules",
        "long_lv",
        Layout(rules="none", padding=4, paper="a5", margin=50, font=SERIF, alignment="justified", page_number="plain"),
    ),
    (
        "long_value_header_row",
        "long_lv",
        Layout(rules="horizontal", header_row=True, paper="letter", landscape=True, paragraph_gap=0.4),
    ),
    (
        "long_value_odd_even",
        "long_lv",
        Layout(header=True, footer=True, odd_even=True, page_number="lpp", font_size=12),
    ),
    ("label_broken", "labels_lv", Layout(label_ratio=0.2, cut_row=3, cut_lines=3)),
    ("label_and_value_broken", "labels_lv", Layout(label_ratio=0.18, font_size=9, cut_row=1, cut_lines=2, padding=2)),
    ("label_broken_no_rules", "labels_lv", Layout(rules="none", padding=3, label_ratio=0.2, cut_row=3, cut_lines=2)),
    (
        "label_over_three_pages",
        "long_labels_lv",
        Layout(paper="a5", landscape=True, margin=70, label_ratio=0.26, font_size=10, padding=3, page_number="plain"),
    ),
    (
        "label_over_three_pages_no_rules",
        "long_labels_lv",
        Layout(paper="a5", landscape=True, margin=70, label_ratio=0.26, font_size=10, rules="none", padding=4),
    ),
    ("row_fits_exactly", "labels_lv", Layout(cut_row=3, cut_lines=0)),
    ("row_fits_exactly_horizontal", "short_lv", Layout(cut_row=3, rules="horizontal", page_number="plain")),
    ("tail_only", "labels_lv", Layout(cut_row=8, cut_lines=2, rules="horizontal", footer=True)),
    ("tail_only_no_rules", "labels_lv", Layout(cut_row=8, cut_lines=1, rules="none", padding=4, page_number="total")),
    ("table_at_foot", "booklet_lv", Layout(table_at_foot=True, rules="horizontal", page_number="plain")),
    ("table_at_foot_no_rules", "labels_lv", Layout(table_at_foot=True, rules="none", padding=4)),
    ("shuffled_glyphs", "booklet_lv", Layout(drawing="shuffled", header=True, page_number="total")),
    ("shuffled_no_rules", "features_lv", Layout(drawing="shuffled", rules="none", padding=5, font=SERIF)),
    (
        "single_glyphs_justified",
        "booklet_lv",
        Layout(drawing="single_glyphs", alignment="justified", rules="horizontal", font=LIBERATION_SERIF),
    ),
    ("doubled_glyphs", "features_lv", Layout(drawing="doubled", label_bold=True, fills="label", page_number="plain")),
    ("invisible_text", "booklet_lv", Layout(concealed="invisible", fills="table")),
    ("white_text_no_rules", "booklet_lv", Layout(concealed="white", rules="none", padding=5, page_number="plain")),
    ("covered_text", "features_lv", Layout(concealed="covered", rules="dashed")),
    ("rotate_90", "features_lv", Layout(rotate=90, landscape=True, header=True, page_number="lpp")),
    ("rotate_180", "short_lv", Layout(rotate=180, rules="horizontal", chapter_start="flow", page_number="plain")),
    ("rotate_270_no_rules", "features_lv", Layout(rotate=270, rules="none", padding=4, footer=True)),
    ("sideways", "features_lv", Layout(sideways=True, landscape=True, fills="label", page_number="plain")),
    (
        "crop_offset",
        "features_lv",
        Layout(crop_offset=40, rules="horizontal", header=True, footer=True, page_number="dashes"),
    ),
    ("crop_offset_rotated", "features_lv", Layout(crop_offset=30, rotate=90, fills="zebra", rules="none")),
    ("owner_password", "short_lv", Layout(owner_password=True, fills="table", page_number="total")),
    ("english", "practices_en", Layout(font=SERIF, rules="horizontal", item_style="hanging", page_number="plain")),
    (
        "english_no_rules",
        "practices_en",
        Layout(rules="none", padding=3, chapter_start="flow", font=DEJAVU, font_size=9),
    ),
    (
        "greek",
        "practices_el",
        Layout(
            font=SERIF,
            ligatures=False,
            link_style="plain",
            fills="table",
            alignment="justified",
            heading_style="letter_spaced",
        ),
    ),
    (
        "greek_no_rules_hyphenated",
        "practices_el",
        Layout(rules="none", padding=4, hyphenated=True, paper="a5", margin=40),
    ),
    ("cyrillic", "practices_bg", Layout(fills="zebra", rules="none", padding=3, page_number="dashes")),
    (
        "cyrillic_small_caps",
        "practices_bg",
        Layout(font=SERIF, heading_style="small_caps", rules="thick", paper="letter"),
    ),
    ("rows_unbroken", "booklet_lv", Layout(break_rows=False, rules="dashed", fills="label", header=True)),
)

_CHROMIUM: Final = (
    ("plain_grid", "booklet_lv", Layout(page_number="total", footer=True)),
    ("reference_like", "booklet_lv", Layout(fills="table", header=True, page_number="plain", first_page_bare=True)),
    ("horizontal_bold", "booklet_lv", Layout(rules="horizontal", label_bold=True, padding=3, font=LIBERATION_SERIF)),
    ("thick_middle", "booklet_lv", Layout(rules="thick", vertical="middle", padding=6, label_ratio=0.35)),
    ("hairlines_zebra", "booklet_lv", Layout(rules="hairline", fills="zebra", padding=2, page_number="lpp")),
    ("dashed", "short_lv", Layout(rules="dashed", chapter_start="flow", header=True, odd_even=True)),
    ("no_rules", "booklet_lv", Layout(rules="none", padding=3, paragraph_gap=0.4, page_number="dashes")),
    ("no_rules_justified", "booklet_lv", Layout(rules="none", padding=5, alignment="justified", label_ratio=0.25)),
    ("label_fill", "features_lv", Layout(rules="none", fills="label", padding=5, item_style="hanging")),
    ("zebra_no_rules", "booklet_lv", Layout(rules="none", fills="zebra", padding=2, label_ratio=0.4, margin=60)),
    ("header_row", "booklet_lv", Layout(header_row=True, fills="label", header=True, footer=True, page_number="plain")),
    ("header_row_no_rules", "long_lv", Layout(header_row=True, rules="none", padding=4, paper="letter")),
    (
        "a5",
        "booklet_lv",
        Layout(paper="a5", margin=40, font_size=9, padding=2, odd_even=True, page_number="lpp", header=True),
    ),
    ("landscape_wide_labels", "booklet_lv", Layout(landscape=True, label_ratio=0.45, rules="horizontal", padding=8)),
    ("hyphenated", "booklet_lv", Layout(hyphenated=True, alignment="justified", font=LIBERATION_SERIF, paper="letter")),
    ("narrow_hyphenated", "features_lv", Layout(hyphenated=True, label_ratio=0.18, font_size=9, rules="horizontal")),
    ("letter_spaced", "short_lv", Layout(heading_style="letter_spaced", chapter_start="flow", rules="none", padding=4)),
    ("ligatures", "features_lv", Layout(font=DEJAVU, link_style="underlined", fills="table")),
    ("superscript_hanging", "features_lv", Layout(note_mark="superscript", item_style="hanging", paragraph_gap=0.5)),
    ("drawn_bullets", "features_lv", Layout(item_style="native", rules="none", padding=4)),
    ("padding_none", "booklet_lv", Layout(padding=0, label_ratio=0.32, paragraph_gap=0.3)),
    ("long_value", "long_lv", Layout(paper="a5", margin=45, header=True, footer=True, page_number="total")),
    ("label_broken", "labels_lv", Layout(label_ratio=0.24, cut_row=3, cut_lines=2)),
    ("row_fits_exactly", "labels_lv", Layout(cut_row=3, rules="horizontal")),
    ("tail_only", "labels_lv", Layout(cut_row=8, cut_lines=2, page_number="plain", font_size=9, padding=2)),
    ("table_at_foot", "labels_lv", Layout(table_at_foot=True, rules="none", padding=4)),
    ("shuffled", "short_lv", Layout(drawing="shuffled", rules="horizontal", page_number="plain")),
    ("single_glyphs", "features_lv", Layout(drawing="single_glyphs", fills="zebra", rules="none", padding=4)),
    ("doubled", "short_lv", Layout(drawing="doubled", rules="none", padding=5, chapter_start="flow")),
    (
        "english_justified",
        "practices_en",
        Layout(alignment="justified", font=DEJAVU, font_size=9, rules="none", padding=5),
    ),
    ("greek", "practices_el", Layout(rules="dashed", label_ratio=0.35, item_style="native", header=True)),
    ("cyrillic", "practices_bg", Layout(rules="none", fills="label", padding=6, font=LIBERATION_SERIF)),
    ("rotated_crop", "features_lv", Layout(rotate=270, crop_offset=25, rules="grid", header=True)),
)
_LIBREOFFICE: Final = (
    ("plain_grid", "booklet_lv", Layout(fills="table", header=True, page_number="total")),
    ("horizontal_rules", "booklet_lv", Layout(rules="horizontal", label_bold=True, font=LIBERATION_SERIF, footer=True)),
    ("no_rules", "booklet_lv", Layout(rules="none", padding=4, page_number="lpp", odd_even=True, header=True)),
    ("dashed_zebra", "short_lv", Layout(rules="dashed", fills="zebra", chapter_start="flow", vertical="middle")),
    ("header_row", "long_lv", Layout(header_row=True, rules="hairline", paragraph_gap=0.4, page_number="dashes")),
    ("features", "features_lv", Layout(item_style="hanging", note_mark="superscript", link_style="underlined")),
    ("a5_justified", "features_lv", Layout(paper="a5", margin=40, font_size=9, alignment="justified", rules="thick")),
    ("landscape_label_fill", "booklet_lv", Layout(landscape=True, rules="none", fills="label", padding=5)),
    ("label_broken", "labels_lv", Layout(label_ratio=0.25, cut_row=3, cut_lines=2)),
    ("rows_unbroken", "booklet_lv", Layout(break_rows=False, first_page_bare=True, footer=True, page_number="plain")),
)
CASES: Final[tuple[Case, ...]] = (
    *(_case("typst", *case) for case in _TYPST),
    *(_case("chromium", *case) for case in _CHROMIUM),
    *(_case("libreoffice", *case) for case in _LIBREOFFICE),
)


def case_named(name: str) -> Case:
    """Give the case of a name.

    Raises:
        KeyError: There is none.
    """
    return {case.name: case for case in CASES}[name]
