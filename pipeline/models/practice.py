"""`Practice`, the artefact of the validate stage: the contract's JSON, one file per practice.

The order of the attributes is the order of the JSON's keys. The attributes' docstrings, examples and units are the
data's dictionary: `pipeline.publish.dictionary` generates the JSON Schemas and `docs/fields.md` from them.
"""

from dataclasses import dataclass
from typing import Annotated, Any, Final, get_args

from pydantic import ConfigDict, Field, StringConstraints
from pydantic_core import CoreSchema, core_schema

from pipeline.contract import CODES
from pipeline.models.geometry import Frozen


@dataclass(frozen=True)
class OneOf:
    """Restricts a text to the contract's codes of a kind, or to the fields' names."""

    kind: str

    def __get_pydantic_core_schema__(self, source: object, handler: object) -> CoreSchema:
        """Be checked as a `Literal` of the codes."""
        return core_schema.literal_schema(list(FIELDS if self.kind == "field" else CODES[self.kind]))


CountryCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
"""ISO 3166-1 alpha-2."""
CurrencyCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
"""ISO 4217."""
LanguageCode = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
"""BCP 47."""
_DATE: Final = r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?"
EdtfDate = Annotated[str, StringConstraints(pattern=rf"^{_DATE}$")]
"""EDTF level 0: a year, a month or a day."""
EdtfInterval = Annotated[str, StringConstraints(pattern=rf"^({_DATE}|\.\.)?/({_DATE}|\.\.)?$")]
"""EDTF interval; `..` for an open end, nothing for an unknown one."""
PracticeId = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}(-[a-z]{2})*-[1-9][0-9]*$")]
"""Lower-case country codes and the ordinal; it names a file, so that nothing else may be in it."""
EditionId = Annotated[str, StringConstraints(pattern=r"^[^./\\\x00-\x1f][^/\\\x00-\x1f]*$")]
"""The source file's stem; it names a folder inside the output folder."""
FileName = Annotated[str, StringConstraints(pattern=r"^[^/\x00]+$")]
"""A file's name without its folder."""
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
NotNegative = Annotated[int, Field(ge=0)] | Annotated[float, Field(ge=0)]
PageNumber = Annotated[int, Field(ge=1)]

FieldName = Annotated[str, OneOf("field")]
SchemaVersion = Annotated[str, OneOf("schema_version")]
Level = Annotated[str, OneOf("level")]
Scope = Annotated[str, OneOf("scope")]
TargetGroup = Annotated[str, OneOf("group")]
Channel = Annotated[str, OneOf("channel")]
Planned = Annotated[str, OneOf("planned")]
Mode = Annotated[str, OneOf("mode")]
ValueSource = Annotated[str, OneOf("source")]
ExtraName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
"""The lexicon's English name of a row that is of no field."""


def _unit(unit: str, **constraints: Any) -> Any:  # noqa: ANN401 - as pydantic's `Field`
    """Say what a number is counted in, for the dictionary."""
    return Field(json_schema_extra={"x-unit": unit}, **constraints)


def _example(*examples: object) -> Any:  # noqa: ANN401 - as pydantic's `Field`
    """Examples of a key, for the dictionary."""
    return Field(examples=list(examples))


def _row(title: str, text: str, links: tuple[str, ...] = (), **parts: object) -> Any:  # noqa: ANN401 - as pydantic's `Field`
    """A field's title, and as its example the value that a row of this text has."""
    value = {"label": title, "text": text, "available": True, "shared_with": [], "inline": False}
    value |= {"links": [{"url": url, "text": url} for url in links], "label_boxes": [], "value_boxes": [], **parts}
    return Field(title=title, examples=[value])


def _name_title(name: str, _info: object) -> str:
    return name.replace("_", " ").capitalize()


class Described(Frozen):
    """Base of what is in a practice file: the attributes' docstrings become the schema's descriptions."""

    model_config = ConfigDict(use_attribute_docstrings=True, field_title_generator=_name_title)


class Edition(Described):
    """The edition that a practice comes from: one published PDF of the collection."""

    id: Annotated[EditionId, _example("raccombat-lv")]
    """The source file's stem."""
    language: Annotated[LanguageCode | None, _example("lv")]
    """BCP 47, detected and checked against the sidecar. Null where it could not be detected."""
    source: Annotated[FileName, _example("raccombat-lv.pdf")]
    """File name without its folder."""
    sha256: Annotated[Sha256, _example("1c7b63d57e06c75b01a71512eee1033a68ae8855d36654aa8bb73040f8f52fbd")]
    """Hash of the file's bytes, lower-case hexadecimal."""
    pages: Annotated[PageNumber, _unit("pages", examples=[55])]
    """Number of pages."""
    title: Annotated[str | None, _example("Good practices of preventing racism and xenophobia")] = None
    """The booklet's title, from the sidecar. Null where it does not say; absent before 1.2.0."""
    publisher: Annotated[str | None, _example("RACCOMBAT project")] = None
    """Who published it, from the sidecar. Null where it does not say; absent before 1.2.0."""
    origin: Annotated[str | None, _example("http://raccombat-project.eu/tag/good-practices/")] = None
    """Where the file comes from, from the sidecar. Null where it does not say; absent before 1.2.0."""
    rights: Annotated[str | None, _example("CC-BY-4.0", "All rights reserved by the publisher.")] = None
    """What is known of the source's rights, from the sidecar: an SPDX licence id or a sentence. Null where nothing is
    known; absent before 1.2.0."""


class Place(Described):
    """A rectangle on one page; the origin is the page's top left."""

    page: Annotated[PageNumber, _example(50)]
    """1-based page number."""
    x0: Annotated[float, _unit("PDF points", examples=[208.75])]
    """Left edge."""
    top: Annotated[float, _unit("PDF points", examples=[364.29])]
    """Upper edge."""
    x1: Annotated[float, _unit("PDF points", examples=[505.9])]
    """Right edge."""
    bottom: Annotated[float, _unit("PDF points", examples=[396.09])]
    """Lower edge."""


class Link(Described):
    """A link in a value."""

    url: Annotated[str, StringConstraints(min_length=1), _example("https://www.example.org/")]
    """The target."""
    text: Annotated[str, _example("the project's site")]
    """The text that carries it. Empty where the link covers no text."""


class Amount(Described):
    """A sum of money."""

    value: Annotated[NotNegative, _unit("units of the currency", examples=[12500])]
    """The number as printed, without what groups its digits."""
    currency: Annotated[CurrencyCode, _example("EUR")]
    """ISO 4217."""


class Recognition(Described):
    """Says that a text was recognised from a picture."""

    confidence: Annotated[float, _unit("share from 0 to 1", ge=0, le=1, examples=[0.93])]
    """The engine's lowest confidence."""


class FieldValue(Described):
    """What every field has: the row as printed, and where it is."""

    label: Annotated[str, _example("Period (start/end/still ongoing)")]
    """As printed, on one line, without marker and trailing colon; of a merged row the part that names this field."""
    text: Annotated[str, _example("Start: May 2016\nStill running")]
    """The value cell's text. Paragraphs and list items are separated by line feeds; a list item starts with `- ` or its
    printed number. In a table inside the cell, cells are separated by a tab. Nothing is corrected. Empty where the cell
    is."""
    available: Annotated[bool, _example(True)]
    """False where the text only says that there is nothing to say (`n/a`)."""
    shared_with: Annotated[tuple[FieldName, ...], _example(["partners"])]
    """The other fields that the same cell answers (a merged row), in the contract's order. Empty for a field with a row
    of its own."""
    inline: Annotated[bool, _example(False)]
    """True where the field has no row of its own but is named inside another row's text."""
    links: Annotated[tuple[Link, ...], _example([{"url": "https://www.example.org/", "text": "the project's site"}])]
    """Link annotations and printed URLs in reading order, one per target. Empty where there are none."""
    label_boxes: tuple[Place, ...]
    """Where the label is, one box per page. Empty where no place is known."""
    value_boxes: tuple[Place, ...]
    """Where the value is, one box per page. Empty where no place is known, as for an empty cell."""
    recognised: Annotated[Recognition | None, Field(exclude_if=lambda found: found is None)] = None
    """Absent (or null) unless the value was recognised from a picture."""
    source: Annotated[ValueSource | None, Field(exclude_if=lambda found: found is None, examples=["form_field"])] = None
    """What the value was read from. Absent (or null) for printed text."""


class Locations(FieldValue):
    """A field with its places."""

    places: tuple[str, ...] | None
    """Names as printed, in order, where the cell is a list of places."""


class ImplementationLevel(FieldValue):
    """A field with the level."""

    level: Level | None
    """The reach that the text names; where it names more than one, null, and an issue says so."""


class Period(FieldValue):
    """A field with dates."""

    start: EdtfDate | None
    """First year, month or day: EDTF level 0, as exact as the text; of a season, quarter or school year its year."""
    end: EdtfDate | None
    """Last year, month or day: EDTF level 0. A printed end stays even where the text says that the practice still
    runs."""
    edtf: EdtfInterval | None
    """The interval: EDTF; `..` for an end that the text says is open, nothing for one that it does not state."""
    ongoing: bool | None
    """True where the text says that it still runs, false where it says that it does not."""


class InitiativeScope(FieldValue):
    """A field with the scope."""

    scope: Scope | None
    """Whether it stands alone."""


class TargetGroups(FieldValue):
    """A field with groups of people."""

    groups: tuple[TargetGroup, ...] | None
    """The groups that the text names."""


class Outreach(FieldValue):
    """A field with channels and languages."""

    channels: tuple[Channel, ...] | None
    """The channels that the text names."""
    languages: tuple[LanguageCode, ...] | None
    """Languages in which information is given: BCP 47, in the text's order."""


class LegalInformation(FieldValue):
    """A field with a yes or no."""

    provided: bool | None
    """Whether such information is given."""


class TeachingMethods(FieldValue):
    """A field with languages."""

    languages: tuple[LanguageCode, ...] | None
    """Languages in which it is taught, not those that are taught: BCP 47, in the text's order."""


class Accessibility(FieldValue):
    """A field with the conditions of taking part."""

    free: bool | None
    """True where taking part costs nothing, false where it costs something."""
    mandatory: bool | None
    """True where taking part is a duty, false where it is not."""
    cost: str | None
    """The text after the sub-label of costs."""
    eligibility: str | None
    """The text after the sub-label of who may take part."""


class Funding(FieldValue):
    """A field with sums of money and shares."""

    amounts: tuple[Amount, ...] | None
    """Sums with a currency, in the text's order; both ends of a range, one after the other."""
    shares: Annotated[tuple[int | float, ...] | None, _unit("percent")]
    """Percentages, in the text's order."""


class ImpactAssessment(FieldValue):
    """A field with a yes, partly or no."""

    planned: Planned | None
    """Whether an assessment is planned."""


class TargetGroupInvolved(FieldValue):
    """A field with a yes or no."""

    involved: bool | None
    """Whether the group takes part in the assessment."""


class Indicators(FieldValue):
    """A field with a yes or no."""

    used: bool | None
    """Whether there are indicators."""


class Participation(FieldValue):
    """A field with ways of taking part."""

    modes: tuple[Mode, ...] | None
    """The ways that the text names."""


class Fields(Described):
    """All fields: the first seventeen from the descriptive table, the others from the analytical one."""

    locations: Locations | None = _row("Country and locations", "Antwerp, Ghent", places=["Antwerp", "Ghent"])
    """Where the practice takes place."""
    implementation_level: ImplementationLevel | None = _row("Level of implementation", "At local level", level="local")
    """At which level it is carried out."""
    implementers: FieldValue | None = _row("Implementing institutions", "Lithuanian Red Cross Society")
    """Names of the institutions that carry it out."""
    partners: FieldValue | None = _row("Partners and supporters", "Municipality of Kaunas")
    """Who cooperates or supports."""
    main_idea: FieldValue | None = _row("Main idea, initial situation", "Newcomers had nowhere to ask.")
    """The idea and the situation that it began from: why?"""
    objective: FieldValue | None = _row("Objective", "To make newcomers independent.")
    """What it aims at, and on what grounds."""
    description: FieldValue | None = _row("Description", "The centre offers:\n- language courses\n- advice")
    """What is done."""
    organised_by: FieldValue | None = _row("Run or organised by", "Two coordinators and 20 volunteers")
    """Who runs or organises it."""
    period: Period | None = _row(
        "Period", "Start: May 2016\nStill running", start="2016-05", end=None, edtf="2016-05/..", ongoing=True
    )
    """When it ran or runs."""
    initiative_scope: InitiativeScope | None = _row(
        "Stand-alone or part of others", "A separate initiative", scope="standalone"
    )
    """Whether it stands alone or is part of other initiatives."""
    target_groups: TargetGroups | None = _row("Main target group", "Asylum seekers", groups=["asylum_seekers"])
    """Whom it is for."""
    outreach: Outreach | None = _row(
        "How people find out about it", "Leaflets in English and Arabic", channels=["print"], languages=["en", "ar"]
    )
    """How people learn of it."""
    legal_information: LegalInformation | None = _row(
        "Information on legal protection", "Yes, in a workshop.", provided=True
    )
    """Information on legal, practical and procedural aspects of protection against racism and discrimination."""
    teaching_methods: TeachingMethods | None = _row(
        "Languages and teaching methods", "Lessons in German", languages=["de"]
    )
    """How languages and contents are taught."""
    accessibility: Accessibility | None = _row(
        "Accessibility",
        "Costs: none\nWho may take part: everyone",
        free=True,
        mandatory=None,
        cost="none",
        eligibility="everyone",
    )
    """Who can take part, at what cost, and whether they must."""
    funding: Funding | None = _row(
        "Budget and source of funding",
        "EUR 12,500, 75 % from the EU",
        amounts=[{"value": 12500, "currency": "EUR"}],
        shares=[75],
    )
    """What it costs and who pays."""
    sources: FieldValue | None = _row(
        "Sources and references", "https://www.example.org/", links=("https://www.example.org/",)
    )
    """Where more is to be found."""
    impact_assessment: ImpactAssessment | None = _row("Impact assessment planned", "Yes, every year", planned="yes")
    """Whether an assessment of the impact is planned."""
    assessment_frequency: FieldValue | None = _row("How often it is assessed", "Once a year")
    """How often the impact is assessed."""
    assessor: FieldValue | None = _row("Who assesses it", "An external expert")
    """Who carries the assessment out."""
    target_group_involved: TargetGroupInvolved | None = _row(
        "Target group involved in the assessment", "Yes", involved=True
    )
    """Whether the target group takes part in carrying out the evaluation or the assessment of the impact."""
    involvement_method: FieldValue | None = _row("How the target group is involved", "By questionnaires")
    """In which way the target group takes part in the assessment."""
    assessment_methods: FieldValue | None = _row("Methods of assessment", "Interviews before and after")
    """By which methods the impact is assessed."""
    indicators: Indicators | None = _row("Indicators", "Yes: the number of participants", used=True)
    """Whether the practice is based on indicators, and on which."""
    host_community: FieldValue | None = _row("Host community involved", "Neighbours and schools")
    """Which representatives of the host community are involved."""
    participation: Participation | None = _row("Participation", "Voluntary", modes=["voluntary"])
    """How people of the host community take part."""
    anti_racism_potential: FieldValue | None = _row(
        "Potential against racism and xenophobia", "People meet who would not meet otherwise."
    )
    """How the activity can help to prevent racism and xenophobia."""
    impact_measurement: FieldValue | None = _row("How the impact can be measured", "By a survey")
    """How the impact of the practice can be measured."""
    sustainability: FieldValue | None = _row("Sustainability", "Volunteers train new volunteers.")
    """How the practice can last."""
    transferability: FieldValue | None = _row("Transferability", "To any town with a library")
    """Where and how it can be carried out elsewhere."""

    @property
    def present(self) -> dict[str, FieldValue]:
        """The fields that the edition has rows for, in the contract's order."""
        return {name: value for name in FIELDS if (value := getattr(self, name)) is not None}


FIELDS: Final = tuple(Fields.model_fields)
"""The contract's fields in their order."""
DESCRIPTIVE_FIELDS: Final = FIELDS[: FIELDS.index("impact_assessment")]
ANALYTICAL_FIELDS: Final = FIELDS[FIELDS.index("impact_assessment") :]
FIELD_MODELS: Final[dict[str, type[FieldValue]]] = {
    name: model
    for name, info in Fields.model_fields.items()
    if (model := get_args(info.annotation)[0]) is not FieldValue
}
"""The model of each field with normalised parts; all others are a `FieldValue`."""
PARTS: Final = {
    name: tuple(part for part in model.model_fields if part not in FieldValue.model_fields)
    for name, model in FIELD_MODELS.items()
}
"""Normalised parts by field; a field that is not named has none."""


class Unmapped(Described):
    """A row that no field answers to, kept whole."""

    label: Annotated[str, _example("Photographs")]
    """As printed, on one line."""
    text: Annotated[str, _example("by the project's team")]
    """The value cell's text, as a field's. Empty where the cell is."""
    links: tuple[Link, ...]
    """Links in the value, in reading order. Empty where there are none."""
    label_boxes: tuple[Place, ...]
    """Where the label is, one box per page. Empty where no place is known."""
    value_boxes: tuple[Place, ...]
    """Where the value is, one box per page. Empty where no place is known."""
    field: Annotated[FieldName | None, _example("sources")]
    """The likely field. Null where none is likely."""
    score: Annotated[float | None, _unit("share from 0 to 1", ge=0, le=1, examples=[0.4])]
    """How likely it is. Null where no field is."""


class Practice(Described):
    """One practice: a chapter of the booklet."""

    schema_version: Annotated[SchemaVersion, _example("1.2.0")]
    """Semantic version of the contract."""
    id: Annotated[PracticeId, _example("bg-de-ro-1")]
    """Lower-case country codes and the ordinal among the edition's practices of the same countries, joined by `-`. An
    edition that holds fewer practices counts otherwise: over editions, use the collection's key."""
    edition: Edition
    """The edition it comes from."""
    heading: Annotated[str, _example("Belgium: The app “Welcome to Antwerp”")]
    """The printed heading, whole, on one line."""
    countries: Annotated[tuple[CountryCode, ...], _example(["BG", "DE", "RO"])]
    """ISO 3166-1 alpha-2 codes in the heading's order. Empty where the heading names none."""
    title: Annotated[str, _example("The app “Welcome to Antwerp”")]
    """The heading without its countries."""
    pages: Annotated[tuple[PageNumber, PageNumber], _example([50, 52])]
    """First and last page, 1-based. Never empty."""
    fields: Fields
    """Every field of the contract."""
    unmapped: tuple[Unmapped, ...]
    """Rows that no field answers to, in document order. Empty where there are none."""
    extra: dict[ExtraName, FieldValue] = Field(default_factory=dict)
    """Rows whose label the lexicon knows as of no field, by the lexicon's English name; a second row of that name has
    `_2` behind it, and so on. Empty where there are none; absent before 1.2.0."""

    @property
    def rows(self) -> dict[str | int, FieldValue | Unmapped]:
        """All rows: fields and known rows by name, those that no field answers to by their place among them, from 0."""
        named = (*self.fields.present.items(), *self.extra.items())
        rows: list[tuple[str | int, FieldValue | Unmapped]] = [*named, *enumerate(self.unmapped)]
        return dict(rows)


def boxes_of(row: FieldValue | Unmapped) -> tuple[Place, ...]:
    """Where a row is: its label's boxes, then its value's."""
    return (*row.label_boxes, *row.value_boxes)
