"""The contract's fixed names: fields in their order, their table, and their normalised parts."""

from __future__ import annotations

from typing import Final

SCHEMA_VERSION: Final = "1.1.0"
"""1.1.0 adds `unmapped`, the rows of a practice that no field answers to."""

DESCRIPTIVE_FIELDS: Final = (
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
)
ANALYTICAL_FIELDS: Final = (
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
)
FIELDS: Final = DESCRIPTIVE_FIELDS + ANALYTICAL_FIELDS

PARTS: Final[dict[str, tuple[str, ...]]] = {
    "locations": ("places",),
    "implementation_level": ("level",),
    "period": ("start", "end", "edtf", "ongoing"),
    "initiative_scope": ("scope",),
    "target_groups": ("groups",),
    "outreach": ("channels", "languages"),
    "legal_information": ("provided",),
    "teaching_methods": ("languages",),
    "accessibility": ("free", "mandatory", "cost", "eligibility"),
    "funding": ("amounts", "shares"),
    "impact_assessment": ("planned",),
    "target_group_involved": ("involved",),
    "indicators": ("used",),
    "participation": ("modes",),
}
"""Normalised parts by field; a field that is not named has none."""
