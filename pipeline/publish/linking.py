"""Links the practices of all editions: reads `extracted/*/`, gives keys and the evidence for them.

Practices are matched by what no translation changes: countries, dates, links, amounts, choices, yes and no, and words
of the titles that both editions print. What few practices state counts for more.
"""

import itertools
import json
import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from pipeline.contract import SCHEMA_VERSION
from pipeline.models.practice import FIELDS, PARTS, Practice
from pipeline.publish.collection import Assignment, Collection, KeyedPractice, LinkedPractice
from pipeline.quality.edition_diff import PLAIN_TEXT_PARTS, fold_url
from pipeline.stages.emit.edition import open_edition

SAME: Final = 0.4
"""Share of the evidence, by weight, from which two practices are one."""
NEAR: Final = 0.3
"""Share from which a person should look at two practices that were not linked. Different practices of the known edition
would agree by 0.30 at most, had they the same countries."""
ONE_SIDED: Final = 0.5
"""How much a fact counts that the other practice neither states nor contradicts."""
SHORT_WORD: Final = 3
"""Letters up to which a word that both titles print is no evidence."""

Fact = tuple[str, str]
"""Where something is stated, and what, as JSON."""
_PLACES: Final = ("countries", "title", *(f"{name}.{part}" for name in FIELDS for part in PARTS.get(name, ())), "links")
"""Where facts are stated, in the order of the contract."""


class KnownPractice(NamedTuple):
    """What linking keeps of a practice: its place in the edition, what it states, and the words of its title."""

    edition: str
    language: str | None
    id: str
    countries: tuple[str, ...]
    title: str
    facts: frozenset[Fact]
    words: frozenset[Fact]


class Agreement(NamedTuple):
    """How far two practices agree, 0 to 1, and in what."""

    score: float
    evidence: tuple[str, ...]


def read_known(out: Path, edition: str) -> list[KnownPractice]:
    """Read what linking needs of an edition's practices, in document order.

    Args:
        out: The folder of all editions.
        edition: Edition id.

    Raises:
        InputError: A file is missing, or does not hold what the schema says.
    """
    index, practices = open_edition(out / edition)
    return [
        KnownPractice(
            edition=edition,
            language=index.edition.language,
            id=practice.id,
            countries=practice.countries,
            title=practice.title,
            facts=frozenset(_state(practice)),
            words=frozenset(
                ("title", word) for word in re.findall(r"\w+", practice.title.casefold()) if len(word) > SHORT_WORD
            ),
        )
        for practice in practices
    ]


def _state(practice: Practice) -> Iterator[Fact]:
    """What a practice states in a form that is the same in every language."""
    yield "countries", json.dumps(sorted(practice.countries))
    for name, value in practice.fields.present.items():
        plain = value.model_dump(mode="json")
        for part in PARTS.get(name, ()):
            content = plain[part]
            if part in PLAIN_TEXT_PARTS or content is None:
                continue
            for item in content if isinstance(content, list) else [content]:
                yield f"{name}.{part}", json.dumps(item, sort_keys=True)
        for link in value.links:
            yield "links", fold_url(link.url)


def weigh(editions: Sequence[Sequence[KnownPractice]]) -> dict[Fact, float]:
    """Weigh every fact by how rare it is in an edition: the logarithm of one in so many practices."""
    counts: Counter[Fact] = Counter()
    for practices in editions:
        counts |= Counter(fact for one in practices for fact in one.facts | one.words)
    most = max(map(len, editions))
    return {fact: math.log((most + 1) / count) for fact, count in counts.items()}


def compare(one: KnownPractice, other: KnownPractice, weights: Mapping[Fact, float]) -> Agreement:
    """Return how far two practices agree.

    What only one of them states counts half: an edition's lexicon may not know the words yet.

    Args:
        one: A practice.
        other: One of another edition.
        weights: By fact; both practices' facts are in it.

    Returns:
        The weight of what both state alike, of all that either states; 0 where their countries differ.
    """
    if set(one.countries) != set(other.countries):
        return Agreement(0.0, ())
    shared = (one.facts & other.facts) | (one.words & other.words)
    both = {place for place, _ in one.facts} & {place for place, _ in other.facts}
    total = math.fsum(
        weights[fact] * (1 if fact in shared or fact[0] in both else ONE_SIDED)
        for fact in one.facts | other.facts | shared
    )
    found = {place for place, _ in shared}
    agreed = math.fsum(weights[fact] for fact in shared)
    return Agreement(round(agreed / total, 3), tuple(place for place in _PLACES if place in found))


def link(assignment: Assignment, editions: Mapping[str, list[KnownPractice]]) -> tuple[Assignment, Collection]:
    """Assign a key to every practice of every edition.

    What is assigned stays. An edition's other practices take the key of the practice that they agree with most, one
    each, and new keys where they agree with none.

    Args:
        assignment: What is assigned so far.
        editions: By edition id, its practices in document order.

    Returns:
        The assignment with what was added, and the collection.
    """
    order = (*assignment.editions, *sorted(editions.keys() - set(assignment.editions)))
    keys = {key: dict(ids) for key, ids in (assignment.practices or {}).items()}
    weights = weigh(list(editions.values()))
    by_id = {(edition, practice.id): practice for edition, known in editions.items() for practice in known}
    for edition in order:
        taken = {ids[edition] for ids in keys.values() if edition in ids}
        free = [practice for practice in editions.get(edition, ()) if practice.id not in taken]
        matched = _match(free, edition, keys, by_id, weights)
        for practice in free:
            key = matched.get(practice.id) or _new_key(practice.id, keys)
            keys.setdefault(key, {})[edition] = practice.id
    practices = []
    for key, ids in keys.items():
        found = [by_id[edition, ids[edition]] for edition in order if (edition, ids.get(edition)) in by_id]
        practices.append(_describe(key, found, weights))
    collection = Collection(
        schema_version=SCHEMA_VERSION,
        name=assignment.name,
        title=assignment.title,
        description=assignment.description,
        editions=tuple(edition for edition in order if edition in editions),
        practices=tuple(practices),
    )
    return assignment.model_copy(update={"editions": order, "practices": keys}), collection


def find_near(
    collection: Collection, editions: Mapping[str, list[KnownPractice]]
) -> Iterator[tuple[KnownPractice, str, float]]:
    """Find practices that have a key of their own, and may be known under an earlier one.

    Args:
        collection: The editions, linked.
        editions: By edition id, its practices.

    Yields:
        The practice, the earlier key, and how far both agree: from `NEAR` up to, and without, `SAME`.
    """
    weights = weigh(list(editions.values()))
    by_id = {(edition, practice.id): practice for edition, known in editions.items() for practice in known}
    for place, own in enumerate(collection.practices):
        for earlier in collection.practices[:place]:
            if len(own.editions) != 1 or own.editions[0].edition in {found.edition for found in earlier.editions}:
                continue
            practice = by_id[own.editions[0].edition, own.editions[0].id]
            scores = [compare(by_id[found.edition, found.id], practice, weights).score for found in earlier.editions]
            if NEAR <= max(scores, default=0.0) < SAME:
                yield practice, earlier.key, max(scores)


def _match(
    free: Sequence[KnownPractice],
    edition: str,
    keys: Mapping[str, Mapping[str, str]],
    by_id: Mapping[tuple[str, str], KnownPractice],
    weights: Mapping[Fact, float],
) -> dict[str, str]:
    """Assign keys to practices by their ids, the surest first; of equal ones those in the same order."""
    open_keys: dict[frozenset[str], list[tuple[int, str, KnownPractice]]] = {}
    for rank, (key, ids) in enumerate((key, ids) for key, ids in keys.items() if edition not in ids):
        for other in (by_id[place] for place in ids.items() if place in by_id):
            open_keys.setdefault(frozenset(other.countries), []).append((rank, key, other))
    ranked = sorted(
        (-score, rank, place, key)
        for place, practice in enumerate(free)
        for rank, key, other in open_keys.get(frozenset(practice.countries), ())
        if (score := compare(practice, other, weights).score) >= SAME
    )
    matched: dict[str, str] = {}
    used: set[str] = set()
    for _, _, place, key in ranked:
        if free[place].id not in matched and key not in used:
            matched[free[place].id] = key
            used.add(key)
    return matched


def _new_key(practice_id: str, keys: Mapping[str, object]) -> str:
    """A key that was never used: the practice's id, or its countries with the next number."""
    countries = practice_id.rpartition("-")[0]
    numbered = (f"{countries}-{number}" for number in itertools.count(1))
    return next(key for key in itertools.chain((practice_id,), numbered) if key not in keys)


def _describe(key: str, found: Sequence[KnownPractice], weights: Mapping[Fact, float]) -> KeyedPractice:
    linked = []
    for practice in found:
        agreement = Agreement(1.0, ()) if practice is found[0] else compare(found[0], practice, weights)
        place = {name: getattr(practice, name) for name in ("edition", "id", "language", "title")}
        linked.append(LinkedPractice(**place, **agreement._asdict()))
    return KeyedPractice(
        key=key,
        countries=found[0].countries if found else (),
        title=found[0].title if found else None,
        editions=tuple(linked),
    )
