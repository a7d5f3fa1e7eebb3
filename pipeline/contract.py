"""The contract's versions and codes, each with its meaning.

The fields and their normalised parts are those of the models in `pipeline.models.practice`; the dictionary
(`docs/fields.md` and the JSON Schemas) is generated from both.
"""

from typing import Final

CODES: Final[dict[str, dict[str, str]]] = {
    "schema_version": {
        "1.1.0": "The contract with `unmapped`, the rows that no field answers to.",
        "1.2.0": "Adds `extra` and `source` to a practice; `title`, `publisher`, `origin` and `rights` to an edition;"
        " `version`, `counts` and hashes to an index. All are optional: files of 1.1.0 satisfy the schemas of 1.2.0.",
    },
    "level": {
        "local": "In one town, municipality or neighbourhood.",
        "regional": "In a region, province or federal state.",
        "national": "In a whole country.",
        "international": "In more than one country.",
    },
    "scope": {
        "standalone": "An initiative of its own.",
        "part_of_other": "Part of another initiative, project or programme.",
        "both": "Of its own, and part of another.",
    },
    "group": {
        "citizens": "Citizens of the country.",
        "eu_citizens": "Citizens of other member states of the European Union.",
        "third_country_nationals": "Citizens of states outside the European Union.",
        "asylum_seekers": "People who have asked for international protection.",
        "beneficiaries_of_protection": "People who have been granted it, such as refugees.",
    },
    "channel": {
        "word_of_mouth": "People tell one another.",
        "print": "Leaflets, posters, brochures.",
        "online": "Web sites, newsletters, e-mail.",
        "mobile": "Apps and text messages.",
        "social_media": "Social networks.",
        "media": "Press, radio, television.",
        "events": "Meetings, fairs, visits, open days.",
    },
    "planned": {
        "yes": "An assessment is planned, or has been made.",
        "partly": "Only a part of the practice is assessed, or only by informal means.",
        "no": "None is planned.",
    },
    "mode": {
        "voluntary": "People take part of their own will, unpaid.",
        "institutionalised": "Institutions take part by their office, or people as their staff.",
    },
    "source": {
        "form_field": "The value was read from a field of a form.",
        "annotation": "The value was read from a typed annotation.",
    },
    "status": {
        "good": "No issue is an error, and no text of a chapter's pages is without a place.",
        "incomplete": "A warning that keeps the edition from good is not acknowledged: text may be missing.",
        "errors": "At least one issue is an error: the run was no success.",
    },
    "severity": {
        "error": "Something is wrong or missing: the run was no success.",
        "warning": "Something that a person should look at.",
        "note": "Something worth knowing.",
    },
    "evidence": {
        "grid": "Rules around the cells.",
        "rules": "Rules between the rows or columns.",
        "fills": "Colours of cells.",
        "gutter": "White space between the columns.",
    },
}
"""Every code by its list, with its meaning; the lists and codes of a practice are checked by its model."""

SCHEMA_VERSION: Final = list(CODES["schema_version"])[-1]
"""Semantic version of the contract, which all files written now follow."""
