"""Compares two extracted editions: reads two `ValidatedEdition`s.

Editions in one language are compared by their texts, moves apart from rewrites. Editions in two languages are
compared by what no translation changes: countries, dates, links, amounts, counts, yes and no, levels, groups. So
either edition checks the other, without any golden.
"""

import json
import re
from collections import Counter
from collections.abc import Sequence
from typing import Any, Final, Literal, NamedTuple
from urllib.parse import unquote, urlsplit

from rapidfuzz.distance import Indel

from pipeline.models.edition import ValidatedEdition
from pipeline.models.practice import FIELDS, PARTS, Practice
from pipeline.quality.accuracy.leaves import golden_field_values, list_fields
from pipeline.quality.word_diff import diff_words

Kind = Literal[
    "practice_only_in_first",
    "practice_only_in_second",
    "practice_renumbered",
    "heading",
    "only_in_first",
    "only_in_second",
    "moved",
    "re-wrapped",
    "reordered",
    "edited",
    "rewritten",
    "label",
    "value",
]
Mode = Literal["text", "neutral"]

SAME_PRACTICE: Final = 0.6
"""Headings this alike (0 to 1) are one practice's, where the ids do not meet."""

MOST_UNLIKE: Final = 0.5
"""Practices of two languages that differ in more of what they state are two practices, whatever their ids."""

MOVED_TEXT: Final = 0.9
"""A text this like another field's former text has been moved there."""

SHORT_TEXT: Final = 25
"""Shorter texts ("Yes") are in many fields: only those that nothing else can be are said to have moved."""

EDITED_TEXT: Final = 0.5
"""Below this likeness a text is not edited any more but rewritten."""

PLAIN_TEXT_PARTS: Final = frozenset({"places", "cost", "eligibility"})
"""Parts in the edition's own words: across languages only their presence, and the number of places, is compared."""


class EditionDifference(NamedTuple):
    """One difference of two editions.

    Attributes:
        kind: What kind of difference.
        practice: Practice id in the first edition; in the second where the first has none.
        field: Field, or `extra.` and the name of a row of no field, where it concerns one.
        leaf: Part of the field, where it concerns one.
        first: What the first edition has.
        second: What the second has.
        note: In words: how alike, or where it has gone.
        first_text: Across languages, the field's text in the first edition; None where it has none.
        second_text: The same of the second.
        first_pages: The pages of the field's value in the first edition.
        second_pages: The same of the second.
        shared_with: The other fields that have the same cell in both editions.
    """

    kind: Kind
    practice: str
    field: str | None = None
    leaf: str | None = None
    first: Any = None
    second: Any = None
    note: str = ""
    first_text: str | None = None
    second_text: str | None = None
    first_pages: tuple[int, ...] = ()
    second_pages: tuple[int, ...] = ()
    shared_with: tuple[str, ...] = ()


class EditionDiff(NamedTuple):
    """All differences of two editions.

    Attributes:
        mode: `text` for one language, `neutral` across languages.
        practices: Number of practices that both have.
        leaves: Number of leaves compared.
        differences: In the first edition's order.
    """

    mode: Mode
    practices: int
    leaves: int
    differences: tuple[EditionDifference, ...]


def diff_editions(first: ValidatedEdition, second: ValidatedEdition, mode: Mode | None = None) -> EditionDiff:
    """Compare two editions.

    Args:
        first: An extracted edition.
        second: Another one, or a later state of the same.
        mode: How to compare; by default `text` where both have one language, else `neutral`.

    Returns:
        The differences.
    """
    if mode is None:
        languages = {(edition.edition.language or "").split("-")[0] for edition in (first, second)}
        mode = "text" if len(languages) == 1 else "neutral"
    pairs, differences = _match_practices(first, second, by_heading=mode == "text")
    leaves = 0
    for one, other in pairs:
        found = _Pair(one, other, mode)
        (found.compare_texts if mode == "text" else found.compare_neutral)()
        leaves += found.leaves
        differences += found.differences
    return EditionDiff(mode, len(pairs), leaves, tuple(differences))


def _match_practices(
    first: ValidatedEdition, second: ValidatedEdition, *, by_heading: bool
) -> tuple[list[tuple[Practice, Practice]], list[EditionDifference]]:
    """Match practices by heading in one language, across languages by what they state; then by id.

    An id counts a country's practices in one edition: where editions hold different ones, equal ids mean nothing.
    """
    free = {practice.id: practice for practice in second.practices}
    partner: dict[str, Practice] = {}
    ranked = sorted(
        (unlike, one.id != other.id, one.id, other.id)
        for one in first.practices
        for other in second.practices
        if (unlike := _find_unlikeness(one, other, by_heading=by_heading)) is not None
    )
    for _, _, one_id, other_id in ranked:
        if one_id not in partner and other_id in free:
            partner[one_id] = free.pop(other_id)
    for practice in first.practices:
        if practice.id not in partner and practice.id in free:
            partner[practice.id] = free.pop(practice.id)
    pairs: list[tuple[Practice, Practice]] = []
    differences: list[EditionDifference] = []
    for practice in first.practices:
        match = partner.get(practice.id)
        if match is None:
            differences.append(EditionDifference("practice_only_in_first", practice.id, first=practice.heading))
            continue
        pairs.append((practice, match))
        if match.id != practice.id:
            differences.append(
                EditionDifference("practice_renumbered", practice.id, first=practice.id, second=match.id)
            )
    differences.extend(
        EditionDifference("practice_only_in_second", practice.id, second=practice.heading) for practice in free.values()
    )
    return pairs, differences


def _find_unlikeness(one: Practice, other: Practice, *, by_heading: bool) -> float | None:
    """Say how unlike two practices are (0 for the same); None where they are two practices."""
    if by_heading:
        if set(one.countries) != set(other.countries) and one.heading != other.heading:
            return None
        likeness = Indel.normalized_similarity(one.heading, other.heading)
        return 1 - likeness if likeness >= SAME_PRACTICE or one.id == other.id else None
    if sorted(one.countries) != sorted(other.countries):
        return None
    unlike = _unlikeness(one, other)
    return unlike if unlike <= MOST_UNLIKE else None


def _unlikeness(one: Practice, other: Practice) -> float:
    """The share of what two practices state that differs: 0 for the same, 1 and more for unlike ones."""
    pair = _Pair(one, other, "neutral")
    pair.compare_neutral()
    stated = [
        1 + bool(value["links"]) + sum(value[part] is not None for part in PARTS.get(name, ()))
        for fields in (pair.ours, pair.theirs)
        for name, value in fields.items()
        if value is not None
    ]
    return 2 * len(pair.differences) / max(1, sum(stated))


Fields = dict[str, dict[str, Any] | None]
"""By field its leaves' values, as the accuracy compares them; None where the practice has no such row."""


def _list_fields(practice: Practice) -> Fields:
    fields = list_fields(practice).items()
    return {name: None if field is None else golden_field_values(name, field) for name, field in fields}


class _Pair:
    """Two practices that are one, and what they differ in.

    Attributes:
        names: The contract's fields, then the rows of no field that either has, as `extra.name`.
        ours: The fields of the first.
        theirs: The fields of the second.
        leaves: How many leaves were compared.
        differences: What differs.
    """

    def __init__(self, one: Practice, other: Practice, mode: Mode) -> None:
        self._one, self._other, self._mode = one, other, mode
        ours, theirs = _list_fields(one), _list_fields(other)
        self.names = tuple(dict.fromkeys((*ours, *theirs)))
        self.ours, self.theirs = ({name: fields.get(name) for name in self.names} for fields in (ours, theirs))
        self.leaves = 0
        self.differences: list[EditionDifference] = []

    def _compare(
        self, kind: Kind, field: str | None, leaf: str | None, first: object, second: object, note: str = ""
    ) -> None:
        """Count a leaf, and note where it differs: on which pages, in which shared cell, and in which texts."""
        self.leaves += 1
        if first == second:
            return
        mine, yours = (fields.get(field or "") for fields in (self.ours, self.theirs))
        texts = (_text(mine), _text(yours)) if self._mode == "neutral" else (None, None)
        pages = [() if value is None else tuple(value["value_pages"]) for value in (mine, yours)]
        shared = tuple(name for name in mine["shared_with"] if name in yours["shared_with"]) if mine and yours else ()
        change = EditionDifference(
            kind, self._one.id, field, leaf, first, second, note, *texts, pages[0], pages[1], shared
        )
        self.differences.append(change)

    def compare_texts(self) -> None:
        """Compare what is printed, in one language, and what was made of it."""
        one, other = self._one, self._other
        self._compare("heading", None, None, one.heading, other.heading)
        # Fields that share a cell have its text: where that is edited, neither has moved to the other.
        moving = [name for name in self.names if not _is_own(self.ours[name], self.theirs[name])]
        old, new = (
            {name: value["text"] for name in moving if (value := fields[name]) is not None}
            for fields in (self.ours, self.theirs)
        )
        old_rows, new_rows = (
            {f"the unmapped row {row.label!r}": row.text for row in practice.unmapped} for practice in (one, other)
        )
        all_old, all_new = {**old, **old_rows}, {**new, **new_rows}
        for name in self.names:
            mine, yours = self.ours[name], self.theirs[name]
            if mine is not None:
                target = _find_moved(mine["text"], all_new, name, all_old) if name in old else None
                self._compare_text(name, mine["text"], _text(yours), target)
            elif yours is not None:
                source = _find_moved(yours["text"], all_old, name, all_new)
                if source is None:
                    self._compare("only_in_second", name, None, None, yours["text"])
                elif source in old_rows:  # that a field's text has moved here is said of that field
                    self._compare("moved", name, None, None, yours["text"], f"from {source}")
            if mine is not None and yours is not None:
                self._compare("label", name, None, mine["label"], yours["label"])
                self._compare_parts(name, mine, yours, neutral=False)
        former, latter = (Counter((row.label, row.text) for row in practice.unmapped) for practice in (one, other))
        for label, text in sorted((former - latter).keys()):
            if _find_moved(text, new, "", all_old) is None:
                self._compare("only_in_first", None, f"unmapped {label}", text, None)
        for label, text in sorted((latter - former).keys()):
            if _find_moved(text, old, "", all_new) is None:
                self._compare("only_in_second", None, f"unmapped {label}", None, text)

    def _compare_text(self, name: str, text: str, other: str | None, target: str | None) -> None:
        """Say what became of a field's text: it has moved to `target`, is gone, or is another one (or the same)."""
        if target is not None:
            self._compare("moved", name, None, text, other, f"to {target}")
        elif other is None:
            self._compare("only_in_first", name, None, text, None)
        else:
            kind, note = _name_change(text, other)
            self._compare(kind, name, None, text, other, note)

    def compare_neutral(self) -> None:
        """Compare what no translation changes."""
        one, other = self._one, self._other
        self._compare("value", None, "countries", list(one.countries), list(other.countries))
        for name in self.names:
            mine, yours = self.ours[name], self.theirs[name]
            if mine is not None and yours is not None:
                self._compare_parts(name, mine, yours, neutral=True)
                items = [_count_items(value["text"]) for value in (mine, yours)]
                self._compare("value", name, "items", items[0], items[1])
            elif mine is not yours and name in FIELDS:  # rows of no field may be one translation's own
                self._compare(
                    "only_in_second" if mine is None else "only_in_first", name, None, _text(mine), _text(yours)
                )
        self._compare("value", None, "unmapped rows", len(one.unmapped), len(other.unmapped))

    def _compare_parts(self, field: str, mine: dict[str, Any], yours: dict[str, Any], *, neutral: bool) -> None:
        """Compare two fields' normalised parts, availability and links."""
        for part in ("available", *PARTS.get(field, ()), *(("shared_with", "inline") if neutral else ())):
            first, second = mine[part], yours[part]
            if neutral and part in PLAIN_TEXT_PARTS:
                first, second = _presence(first), _presence(second)
            elif neutral and part != "shared_with" and isinstance(first, list) and isinstance(second, list):
                # The order of a list follows the sentence, which a translation may turn.
                first, second = _ordered(first), _ordered(second)
            self._compare("value", field, part, first, second)
        targets, others = ([fold_url(url) for url in value["links"]] for value in (mine, yours))
        if neutral:
            targets, others = sorted(targets), sorted(others)
        if targets or others:
            self._compare("value", field, "links", targets, others)


def _is_own(mine: dict[str, Any] | None, yours: dict[str, Any] | None) -> bool:
    """Return whether a field's text in the second edition is its own still, be it edited a little."""
    if mine is None or yours is None:
        return False
    first, second = mine["text"], yours["text"]
    return first.split() == second.split() or Indel.normalized_similarity(first, second) >= MOVED_TEXT


def _text(value: dict[str, Any] | None) -> str | None:
    return None if value is None else value["text"]


def _find_moved(text: str, places: dict[str, str], own: str, rivals: dict[str, str]) -> str | None:
    """Find where a text has gone, or come from; a short one that is there once, and once among its `rivals`."""
    if len(text) < SHORT_TEXT:
        same = [name for name, candidate in places.items() if candidate == text]
        moved = text and len(same) == 1 and own not in same and [*rivals.values()].count(text) == 1
        return same[0] if moved else None
    alike = [(Indel.normalized_similarity(text, candidate), name) for name, candidate in places.items() if name != own]
    best = max(alike, default=None)
    return best[1] if best is not None and best[0] >= MOVED_TEXT else None


def _name_change(first: str, second: str) -> tuple[Kind, str]:
    """Say how a text differs from another, and note it in words."""
    if first.split() == second.split():
        return "re-wrapped", "the same words in other paragraphs"
    if Counter(first.split("\n")) == Counter(second.split("\n")):
        return "reordered", "the same paragraphs in another order"
    alike = Indel.normalized_similarity(first.split(), second.split())
    note = f"{alike:.0%} of the words are the same; {diff_words(first, second)}"
    return "edited" if alike >= EDITED_TEXT else "rewritten", note


def _presence(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """How many places there are, or whether there is a text."""
    return len(value) if isinstance(value, list) else value is not None


def _ordered(values: Sequence[Any]) -> list[Any]:
    return sorted(values, key=lambda value: json.dumps(value, sort_keys=True))


def fold_url(url: str) -> str:
    """Fold what never makes two targets of one: the escaping and a slash at the end."""
    parts = urlsplit(url)
    query = f"?{unquote(parts.query)}" if parts.query else ""
    return f"{parts.scheme}://{parts.netloc.lower()}{unquote(parts.path).rstrip('/')}{query}"


_ITEM: Final = re.compile(r"^(?:- |\(?(\d{1,2})[.)] )", re.MULTILINE)
"""The beginning of a list item."""


def _count_items(text: str) -> int:
    """Count list items; a number is one's where it is 1 or comes after another: "14. Mai" is a date."""
    numbers = _ITEM.findall(text)
    return sum(not number or int(number) == 1 or str(int(number) - 1) in numbers for number in numbers)
