"""`Practice`, the artefact of the validate stage: the contract's JSON, one file per practice.

The order of the attributes is the order of the JSON's keys, and `schemas/practice.schema.json` is generated from here.
"""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import ConfigDict, Field, StringConstraints

from pipeline.contract import SCHEMA_VERSION
from pipeline.models.geometry import Frozen

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
"""Lower-case country codes and the ordinal; it names a file, so that nothing else may stand in it."""
EditionId = Annotated[str, StringConstraints(pattern=r"^[^./\\\x00-\x1f][^/\\\x00-\x1f]*$")]
"""The source file's stem; it names a folder inside the output folder."""
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
PageNumber = Annotated[int, Field(ge=1)]

FieldName = Literal[
    "locations",
    "implementation_level",
    "implementers",
    "partners",
    "main_idea",
    "objective",
    "description",
    "organised_by",
    "period",
    "initiative_scope",
    "target_groups",
    "outreach",
    "legal_information",
    "teaching_methods",
    "accessibility",
    "funding",
    "sources",
    "impact_assessment",
    "assessment_frequency",
    "assessor",
    "target_group_involved",
    "involvement_method",
    "assessment_methods",
    "indicators",
    "host_community",
    "participation",
    "anti_racism_potential",
    "impact_measurement",
    "sustainability",
    "transferability",
]
Level = Literal["local", "regional", "national", "international"]
Scope = Literal["standalone", "part_of_other", "both"]
TargetGroup = Literal[
    "citizens", "eu_citizens", "third_country_nationals", "asylum_seekers", "beneficiaries_of_protection"
]
Channel = Literal["word_of_mouth", "print", "online", "mobile", "social_media", "media", "events"]
Planned = Literal["yes", "partly", "no"]
Mode = Literal["voluntary", "institutionalised"]


class Described(Frozen):
    """Base of what stands in a practice file: the attributes' docstrings become the schema's descriptions."""

    model_config = ConfigDict(use_attribute_docstrings=True)


class Edition(Described):
    """The edition that a practice comes from."""

    id: EditionId
    """The source file's stem."""
    language: LanguageCode | None
    """BCP 47, detected and checked against the sidecar; null where it could not be told."""
    source: str
    """File name without its folder."""
    sha256: Sha256
    """Hash of the file's bytes."""
    pages: PageNumber
    """Number of pages."""


class Place(Described):
    """A rectangle on one page, in PDF points; the origin is the page's top left."""

    page: PageNumber
    """1-based page number."""
    x0: float
    """Left edge."""
    top: float
    """Upper edge."""
    x1: float
    """Right edge."""
    bottom: float
    """Lower edge."""


class Link(Described):
    """A link in a value."""

    url: Annotated[str, StringConstraints(min_length=1)]
    """The target."""
    text: str
    """The text that carries it."""


class Amount(Described):
    """A sum of money."""

    value: int | float
    currency: CurrencyCode
    """ISO 4217."""


class Recognition(Described):
    """Says that a text was recognised from a picture."""

    confidence: Annotated[float, Field(ge=0, le=1)]
    """The engine's lowest confidence, 0 to 1."""


class FieldValue(Described):
    """Every field, and the whole of those that have no normalised parts."""

    label: str
    """As printed, on one line, without marker and trailing colon; of a merged row the part that names this field."""
    text: str
    """The value cell's text; paragraphs and list items are separated by line feeds."""
    available: bool
    """False where the text only says that there is nothing to say."""
    shared_with: tuple[FieldName, ...]
    """The other fields that the same cell answers, in the contract's order."""
    inline: bool
    """True where the field has no row of its own but is named inside another row's text."""
    links: tuple[Link, ...]
    """Link annotations and printed URLs in reading order, one per target."""
    label_boxes: tuple[Place, ...]
    """Where the label stands, one box per page."""
    value_boxes: tuple[Place, ...]
    """Where the value stands, one box per page."""
    recognised: Annotated[Recognition | None, Field(exclude_if=lambda found: found is None)] = None
    """Only in values recognised from a picture; the key is absent from all others."""


class Locations(FieldValue):
    """Where the practice takes place."""

    places: tuple[str, ...] | None
    """Names as printed, in order, where the cell is a list of places."""


class ImplementationLevel(FieldValue):
    """The level at which the practice is carried out."""

    level: Level | None


class Period(FieldValue):
    """When the practice ran."""

    start: EdtfDate | None
    """EDTF level 0."""
    end: EdtfDate | None
    """EDTF level 0, as printed, even where the practice still runs."""
    edtf: EdtfInterval | None
    """The interval; `..` for an open end."""
    ongoing: bool | None
    """True where the text says that it still runs."""


class InitiativeScope(FieldValue):
    """Whether the practice stands alone or is part of others."""

    scope: Scope | None


class TargetGroups(FieldValue):
    """Whom the practice is for."""

    groups: tuple[TargetGroup, ...] | None


class Outreach(FieldValue):
    """How people learn of the practice."""

    channels: tuple[Channel, ...] | None
    languages: tuple[LanguageCode, ...] | None
    """BCP 47, in the text's order."""


class LegalInformation(FieldValue):
    """Information on legal protection."""

    provided: bool | None


class TeachingMethods(FieldValue):
    """How language and contents are taught."""

    languages: tuple[LanguageCode, ...] | None
    """BCP 47, in the text's order."""


class Accessibility(FieldValue):
    """Who can take part, and at what cost."""

    free: bool | None
    mandatory: bool | None
    cost: str | None
    """The text after that sub-label."""
    eligibility: str | None
    """The text after that sub-label."""


class Funding(FieldValue):
    """Who pays, and how much."""

    amounts: tuple[Amount, ...] | None
    """Sums with a currency, in the text's order."""
    shares: tuple[int | float, ...] | None
    """Percentages, in the text's order."""


class ImpactAssessment(FieldValue):
    """Whether an assessment is planned."""

    planned: Planned | None


class TargetGroupInvolved(FieldValue):
    """Whether the target group takes part in the assessment."""

    involved: bool | None


class Indicators(FieldValue):
    """Whether the practice is based on indicators."""

    used: bool | None


class Participation(FieldValue):
    """How people of the host community take part."""

    modes: tuple[Mode, ...] | None


class Fields(Described):
    """All fields of the contract; None where the edition has no such row."""

    locations: Locations | None
    implementation_level: ImplementationLevel | None
    implementers: FieldValue | None
    partners: FieldValue | None
    main_idea: FieldValue | None
    objective: FieldValue | None
    description: FieldValue | None
    organised_by: FieldValue | None
    period: Period | None
    initiative_scope: InitiativeScope | None
    target_groups: TargetGroups | None
    outreach: Outreach | None
    legal_information: LegalInformation | None
    teaching_methods: TeachingMethods | None
    accessibility: Accessibility | None
    funding: Funding | None
    sources: FieldValue | None
    impact_assessment: ImpactAssessment | None
    assessment_frequency: FieldValue | None
    assessor: FieldValue | None
    target_group_involved: TargetGroupInvolved | None
    involvement_method: FieldValue | None
    assessment_methods: FieldValue | None
    indicators: Indicators | None
    host_community: FieldValue | None
    participation: Participation | None
    anti_racism_potential: FieldValue | None
    impact_measurement: FieldValue | None
    sustainability: FieldValue | None
    transferability: FieldValue | None


FIELD_MODELS: Final[dict[str, type[FieldValue]]] = {
    "locations": Locations,
    "implementation_level": ImplementationLevel,
    "period": Period,
    "initiative_scope": InitiativeScope,
    "target_groups": TargetGroups,
    "outreach": Outreach,
    "legal_information": LegalInformation,
    "teaching_methods": TeachingMethods,
    "accessibility": Accessibility,
    "funding": Funding,
    "impact_assessment": ImpactAssessment,
    "target_group_involved": TargetGroupInvolved,
    "indicators": Indicators,
    "participation": Participation,
}
"""The model of each field with normalised parts; all others are a `FieldValue`."""


class Unmapped(Described):
    """A row that no field answers to, kept whole."""

    label: str
    """As printed, on one line."""
    text: str
    """The value cell's text."""
    links: tuple[Link, ...]
    """Links in the value, in reading order."""
    label_boxes: tuple[Place, ...]
    """Where the label stands, one box per page."""
    value_boxes: tuple[Place, ...]
    """Where the value stands, one box per page."""
    field: FieldName | None
    """The likely field."""
    score: Annotated[float, Field(ge=0, le=1)] | None
    """How likely it is, 0 to 1."""


class Practice(Described):
    """One practice: a chapter of the booklet."""

    schema_version: Literal["1.1.0"]
    """Semantic version of the contract."""
    id: PracticeId
    """Lower-case country codes and the ordinal among the practices of the same countries, joined by `-`."""
    edition: Edition
    """The edition it comes from."""
    heading: str
    """The printed heading, whole, on one line."""
    countries: tuple[CountryCode, ...]
    """ISO 3166-1 alpha-2 codes in the heading's order."""
    title: str
    """The heading without its countries."""
    pages: tuple[PageNumber, PageNumber]
    """First and last page, 1-based."""
    fields: Fields
    """Every field of the contract."""
    unmapped: tuple[Unmapped, ...]
    """Rows that no field answers to, in document order."""


def practice_schema() -> dict[str, Any]:
    """Give the JSON Schema (draft 2020-12) of a practice file."""
    schema = Practice.model_json_schema()
    for model in (schema, *schema["$defs"].values()):
        # pydantic gives every property its own name, capitalised, as a title: nothing that a reader lacks.
        for content in model["properties"].values():
            content.pop("title", None)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:raccombat-pipeline:practice:{SCHEMA_VERSION}",
        **schema,
    }
