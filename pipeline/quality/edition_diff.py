"""Compares two extracted editions: reads two `ValidatedEdition`s, writes no artefact.

Editions in one language are compared by their texts, moves and rewrites told apart. Editions in two languages are
compared by what no translation changes: countries, dates, links, amounts, counts, yes and no, levels, groups. So
either edition checks the other, without any golden.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any, Final, Literal, NamedTuple, Protocol
from urllib.parse import unquote, urlsplit

from rapidfuzz.distance import Indel

from pipeline.contract import FIELDS, PARTS
from pipeline.models.practice import Edition, FieldValue, Practice

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
"""Shorter texts ("Yes") stand in many fields: only longer ones are told moved."""

EDITED_TEXT: Final = 0.5
"""Below this likeness a text is not edited any more but rewritten."""

CONTEXT_WORDS: Final = 3
"""So many words are shown before and behind a change."""

PLAIN_TEXT_PARTS: Final = frozenset({"places", "cost", "eligibility"})
"""Parts in the edition's own words: across languages only their presence, and the number of places, is compared."""


class Difference(NamedTuple):
    """One difference of two editions.

    Attributes:
        kind: What kind of difference.
        practice: Practice id in the first edition; in the second where the first has none.
        field: Field, where it concerns one.
        leaf: Part of the field, where it concerns one.
        first: What the first edition has.
        second: What the second has.
        note: In words: how alike, or where it has gone.
        first_text: Across languages, the field's text in the first edition; None where it has none.
        second_text: The same of the second.
        first_pages: The pages that the field's value stands on in the first edition.
        second_pages: The same of the second.
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
    differences: tuple[Difference, ...]


class Extracted(Protocol):
    """What is compared of an edition; a `ValidatedEdition` is one."""

    @property
    def edition(self) -> Edition:
        """What is known of it."""

    @property
    def practices(self) -> Sequence[Practice]:
        """Its practices in document order."""


def diff_editions(first: Extracted, second: Extracted, mode: Mode | None = None) -> EditionDiff:
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
        found = list(_diff_texts(one, other) if mode == "text" else _diff_neutral(one, other))
        leaves += sum(count for count, _ in found)
        differences.extend(_locate(difference, one, other, mode) for _, difference in found if difference is not None)
    return EditionDiff(mode, len(pairs), leaves, tuple(differences))


def _locate(difference: Difference, one: Practice, other: Practice, mode: Mode) -> Difference:
    """Say on which pages a field's difference stands, and across languages in which texts."""
    if difference.field is None:
        return difference
    mine, yours = _fields(one)[difference.field], _fields(other)[difference.field]
    pages = [() if value is None else tuple(box.page for box in value.value_boxes) for value in (mine, yours)]
    texts = (None, None) if mode == "text" else (_text(mine), _text(yours))
    return difference._replace(first_text=texts[0], second_text=texts[1], first_pages=pages[0], second_pages=pages[1])


def _match_practices(
    first: Extracted, second: Extracted, *, by_heading: bool
) -> tuple[list[tuple[Practice, Practice]], list[Difference]]:
    """Match practices by heading in one language, across languages by what they state; then by id.

    An id counts a country's practices in one edition: where editions hold different ones, equal ids mean nothing.
    """
    free = {practice.id: practice for practice in second.practices}
    partner: dict[str, Practice] = {}
    if by_heading:
        ranked = sorted(
            (
                (Indel.normalized_similarity(one.heading, other.heading), one.id == other.id, one.id, other.id)
                for one in first.practices
                for other in second.practices
                if set(one.countries) == set(other.countries) or one.heading == other.heading
            ),
            reverse=True,
        )
        for likeness, same_id, one_id, other_id in ranked:
            if (likeness >= SAME_PRACTICE or same_id) and one_id not in partner and other_id in free:
                partner[one_id] = free.pop(other_id)
    else:
        candidates = sorted(
            (_unlikeness(one, other), one.id != other.id, one.id, other.id)
            for one in first.practices
            for other in second.practices
            if sorted(one.countries) == sorted(other.countries)
        )
        for unlike, _, one_id, other_id in candidates:
            if unlike <= MOST_UNLIKE and one_id not in partner and other_id in free:
                partner[one_id] = free.pop(other_id)
    for practice in first.practices:
        if practice.id not in partner and practice.id in free:
            partner[practice.id] = free.pop(practice.id)
    pairs: list[tuple[Practice, Practice]] = []
    differences: list[Difference] = []
    for practice in first.practices:
        match = partner.get(practice.id)
        if match is None:
            differences.append(Difference("practice_only_in_first", practice.id, first=practice.heading))
            continue
        pairs.append((practice, match))
        if match.id != practice.id:
            differences.append(Difference("practice_renumbered", practice.id, first=practice.id, second=match.id))
    differences.extend(
        Difference("practice_only_in_second", practice.id, second=practice.heading)
        for practice in second.practices
        if practice.id in free
    )
    return pairs, differences


def _unlikeness(one: Practice, other: Practice) -> float:
    """Give the share of what two practices state that differs: 0 for the same, 1 and more for unlike ones."""
    differing = sum(difference is not None for _, difference in _diff_neutral(one, other))
    stated = [
        1 + bool(value.links) + sum(getattr(value, part) is not None for part in PARTS.get(name, ()))
        for practice in (one, other)
        for name, value in _fields(practice).items()
        if value is not None
    ]
    return 2 * differing / max(1, sum(stated))


_Step = tuple[int, Difference | None]
"""Leaves compared, and the difference found."""


def _fields(practice: Practice) -> dict[str, FieldValue | None]:
    return {name: getattr(practice.fields, name) for name in FIELDS}


def _diff_texts(one: Practice, other: Practice) -> Iterator[_Step]:
    """Compare two practices in one language."""
    yield (
        1,
        None if one.heading == other.heading else Difference("heading", one.id, None, None, one.heading, other.heading),
    )
    ours, theirs = _fields(one), _fields(other)
    # Fields that share a cell have its text: where that is edited, neither has moved to the other.
    other_text = {name: not _is_own(ours[name], theirs[name]) for name in FIELDS}
    gone = {name: value.text for name, value in ours.items() if value and other_text[name]}
    came = {name: value.text for name, value in theirs.items() if value and other_text[name]}
    unmapped = {f"the unmapped row {row.label!r}": row.text for row in other.unmapped}
    before = {f"the unmapped row {row.label!r}": row.text for row in one.unmapped}
    for name in FIELDS:
        mine, yours = ours[name], theirs[name]
        if mine is None and yours is None:
            continue
        if mine is None and yours is not None:
            source = _find_moved(yours.text, {**gone, **before}, name)
            if source is None:
                yield 1, Difference("only_in_second", one.id, name, None, None, yours.text)
            elif source not in gone:
                yield 1, Difference("moved", one.id, name, None, None, yours.text, f"from {source}")
            continue
        assert mine is not None  # noqa: S101 - for the type checker
        target = _find_moved(mine.text, {**came, **unmapped}, name) if name in gone else None
        if target is not None:
            yield 1, Difference("moved", one.id, name, None, mine.text, _text(yours), f"to {target}")
        elif yours is None:
            yield 1, Difference("only_in_first", one.id, name, None, mine.text, None)
        else:
            yield 1, _diff_text(one.id, name, mine.text, yours.text)
        if yours is not None:
            same = mine.label == yours.label
            yield 1, None if same else Difference("label", one.id, name, None, mine.label, yours.label)
            yield from _diff_parts(one.id, name, mine, yours, neutral=False)
    for name in dict.fromkeys((*one.extra, *other.extra)):
        was, now = _text(one.extra.get(name)), _text(other.extra.get(name))
        yield 1, None if was == now else Difference("value", one.id, None, f"extra {name}", was, now)
    former = Counter((row.label, row.text) for row in one.unmapped)
    latter = Counter((row.label, row.text) for row in other.unmapped)
    for (label, text), _ in sorted((former - latter).items()):
        if _find_moved(text, came, "") is None:
            yield 1, Difference("only_in_first", one.id, None, f"unmapped {label}", text, None)
    for (label, text), _ in sorted((latter - former).items()):
        if _find_moved(text, gone, "") is None:
            yield 1, Difference("only_in_second", one.id, None, f"unmapped {label}", None, text)


def _is_own(mine: FieldValue | None, yours: FieldValue | None) -> bool:
    """Tell whether a field's text in the second edition is its own still, be it edited a little."""
    return (
        mine is not None
        and yours is not None
        and (mine.text == yours.text or Indel.normalized_similarity(mine.text, yours.text) >= MOVED_TEXT)
    )


def _text(value: FieldValue | None) -> str | None:
    return None if value is None else value.text


def _find_moved(text: str, places: dict[str, str], own: str) -> str | None:
    """Find where a text has gone, or come from."""
    if len(text) < SHORT_TEXT:
        return None
    alike = [(Indel.normalized_similarity(text, candidate), name) for name, candidate in places.items() if name != own]
    best = max(alike, default=None)
    return best[1] if best is not None and best[0] >= MOVED_TEXT else None


def _diff_text(practice: str, field: str, first: str, second: str) -> Difference | None:
    """Compare a field's texts."""
    if first == second:
        return None
    if first.split() == second.split():
        return Difference("re-wrapped", practice, field, None, first, second, "the same words in other paragraphs")
    if Counter(first.split("\n")) == Counter(second.split("\n")):
        return Difference("reordered", practice, field, None, first, second, "the same paragraphs in another order")
    alike = Indel.normalized_similarity(first.split(), second.split())
    kind: Kind = "edited" if alike >= EDITED_TEXT else "rewritten"
    return Difference(
        kind, practice, field, None, first, second, f"{alike:.0%} of the words; {diff_words(first, second)}"
    )


def diff_words(first: str, second: str) -> str:
    """Give the words that differ, as a word diff does: `[-gone-]` and `{+new+}`, each with the words around it.

    Args:
        first: A text.
        second: The text that it became.
    """
    old, new = first.split(), second.split()
    shown = []
    for group in SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(CONTEXT_WORDS):
        words: list[str] = []
        for kind, start, end, other_start, other_end in group:
            if kind == "equal":
                words += old[start:end]
                continue
            words += [f"[-{' '.join(old[start:end])}-]"] if end > start else []
            words += [f"{{+{' '.join(new[other_start:other_end])}+}}"] if other_end > other_start else []
        shown.append(" ".join(words))
    return " … ".join(shown)


def _diff_parts(practice: str, field: str, mine: FieldValue, yours: FieldValue, *, neutral: bool) -> Iterator[_Step]:
    """Compare two fields' normalised parts, availability and links."""
    leaves: list[tuple[str, Any, Any]] = [("available", mine.available, yours.available)]
    ours, theirs = mine.model_dump(mode="json"), yours.model_dump(mode="json")
    for part in PARTS.get(field, ()):
        first, second = ours[part], theirs[part]
        if neutral and part in PLAIN_TEXT_PARTS:
            first, second = _presence(first), _presence(second)
        elif neutral and isinstance(first, list) and isinstance(second, list):
            # The order of a list follows the sentence, which a translation may turn.
            first, second = _ordered(first), _ordered(second)
        leaves.append((part, first, second))
    if neutral:
        leaves.append(("shared_with", list(mine.shared_with), list(yours.shared_with)))
        leaves.append(("inline", mine.inline, yours.inline))
    targets, others = ([fold_url(link.url) for link in value.links] for value in (mine, yours))
    if neutral:
        targets, others = sorted(targets), sorted(others)
    if targets or others:
        leaves.append(("links", targets, others))
    for leaf, first, second in leaves:
        yield 1, None if first == second else Difference("value", practice, field, leaf, first, second)


def _presence(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Give how many places there are, or whether there is a text."""
    return len(value) if isinstance(value, list) else value is not None


def _ordered(values: Sequence[Any]) -> list[Any]:
    return sorted(values, key=lambda value: json.dumps(value, sort_keys=True))


def fold_url(url: str) -> str:
    """Fold what never tells two targets apart: the escaping and a slash at the end."""
    parts = urlsplit(url)
    query = f"?{unquote(parts.query)}" if parts.query else ""
    return f"{parts.scheme}://{parts.netloc.lower()}{unquote(parts.path).rstrip('/')}{query}"


def _diff_neutral(one: Practice, other: Practice) -> Iterator[_Step]:
    """Compare two practices by what no translation changes."""
    same = list(one.countries) == list(other.countries)
    yield (
        1,
        None if same else Difference("value", one.id, None, "countries", list(one.countries), list(other.countries)),
    )
    ours, theirs = _fields(one), _fields(other)
    for name in FIELDS:
        mine, yours = ours[name], theirs[name]
        if mine is None and yours is None:
            continue
        if mine is None or yours is None:
            kind: Kind = "only_in_second" if mine is None else "only_in_first"
            yield 1, Difference(kind, one.id, name, None, _text(mine), _text(yours))
            continue
        yield from _diff_parts(one.id, name, mine, yours, neutral=True)
        items, others = _count_items(mine.text), _count_items(yours.text)
        yield 1, None if items == others else Difference("value", one.id, name, "items", items, others)
    rows, others = len(one.unmapped), len(other.unmapped)
    yield 1, None if rows == others else Difference("value", one.id, None, "unmapped rows", rows, others)


_ITEM: Final = re.compile(r"^(?:- |\(?\d{1,2}[.)] )", re.MULTILINE)


def _count_items(text: str) -> int:
    """Count a text's list items."""
    return len(_ITEM.findall(text))
