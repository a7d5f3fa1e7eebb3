"""Aligns the chapters and rows of a new edition with those of a known one.

Chapters are matched by their countries, among several of the same countries by what their rows have in common. Rows
are aligned in their order (dynamic programming, rows may be missing on both sides, and be merged); what
is left is then matched wherever it is, for rows may be moved. Which label names which field is counted over
all chapters, and the rows are aligned again with that knowledge until nothing changes.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import cache, partial
from itertools import combinations, permutations, product
from typing import Final, Literal, NamedTuple

from pipeline.authoring.learn.evidence import Comparer, Signature, sign_cell
from pipeline.authoring.learn.known import KnownRow
from pipeline.lexicon.label_index import fold_label

GAP_COST: Final = 0.4
"""A row left out on one side costs this much: less than aligning unlike rows."""

MERGE_COST: Final = 0.9
"""Rows merged into one are rarer than rows that correspond."""

MOST_MERGED_ROWS: Final = 3
"""So many rows of one side may be one row of the other."""

MOVED_SCORE: Final = 1.6
"""Rows left over in the order are matched out of it only where this much speaks for them."""

LABEL_PRIOR: Final = 3.5
"""What it counts that a label names a field in every other chapter."""

MOST_ROUNDS: Final = 6
"""The alignment settles in two or three rounds; more would mean that it swings between two."""

MOST_PERMUTED: Final = 6
"""Chapters of the same countries are compared in every order up to so many; beyond it their order is taken."""


Likeness = Callable[[tuple[int, ...], tuple[int, ...]], float]
"""How alike some rows of a new chapter and some of a known one are, by their numbers."""


class NewRow(NamedTuple):
    """A row of the new edition.

    Attributes:
        label: Its label on one line.
        text: Its value's text.
        urls: Targets of the value's links.
        label_text: The label with its paragraphs separated by line feeds.
        line_starts: Offsets in `label_text` at which printed lines begin.
        page: Where it begins.
        table: The number of its table in the document.
    """

    label: str
    text: str
    urls: tuple[str, ...]
    label_text: str = ""
    line_starts: frozenset[int] = frozenset()
    page: int = 0
    table: int = 0


class Pair(NamedTuple):
    """Rows that correspond: their numbers on both sides, and how much speaks for it."""

    new: tuple[int, ...]
    known: tuple[int, ...]
    score: float


class ChapterPair(NamedTuple):
    """Chapters that correspond, with their rows' pairs."""

    new: int
    known: int
    pairs: tuple[Pair, ...]


class Association:
    """How often each label was aligned with rows of each field."""

    def __init__(self) -> None:
        """Begin without knowledge."""
        self._counts: dict[str, dict[tuple[str, ...], float]] = defaultdict(lambda: defaultdict(float))

    def count(self, label: str, fields: tuple[str, ...], weight: float) -> None:
        """Count a label aligned with a row of these fields."""
        self._counts[fold_label(label)][fields] += weight

    def prior(self, label: str, fields: tuple[str, ...]) -> float:
        """Say what is known of a label and fields: 1 where they always go together, below 0 where they never do."""
        counted = self._counts.get(fold_label(label))
        if not counted:
            return 0.0
        total = sum(counted.values())
        return (1.5 * counted.get(fields, 0.0) - 0.5 * total) / (total + 0.5)


def align_editions(
    new: Sequence[tuple[tuple[str, ...], Sequence[NewRow]]], known: Sequence[tuple[tuple[str, ...], Sequence[KnownRow]]]
) -> tuple[ChapterPair, ...]:
    """Align a new edition with a known one.

    Args:
        new: The new edition's chapters in order: country codes and rows.
        known: The known edition's.

    Returns:
        The chapters that correspond, in the new edition's order, with their rows.
    """
    signed_new = [[sign_cell(row.label, row.text, row.urls) for row in rows] for _, rows in new]
    signed_known = [[sign_cell(row.label, row.text, row.urls) for row in rows] for _, rows in known]
    chapters = _match_chapters(new, known, signed_new, signed_known)
    # Only what corresponds says how long translations are and which tokens are rare.
    comparer = Comparer(
        [cell for _, number in chapters for cell in signed_known[number]],
        [cell for number, _ in chapters for cell in signed_new[number]],
    )
    # Alike in every round: only what is known of the labels changes.
    likenesses = {pair: _compare_rows(new[pair[0]][1], known[pair[1]][1], comparer) for pair in chapters}
    association = Association()
    result: tuple[ChapterPair, ...] = ()
    aligned: list[list[tuple[tuple[int, ...], tuple[int, ...]]]] = []
    for _ in range(MOST_ROUNDS):
        result = tuple(
            ChapterPair(one, other, _align_rows(new[one][1], known[other][1], likenesses[one, other], association))
            for one, other in chapters
        )
        previous, aligned = aligned, [[(pair.new, pair.known) for pair in chapter.pairs] for chapter in result]
        if aligned == previous:
            break
        association = Association()
        for chapter in result:
            for pair in chapter.pairs:
                if len(pair.new) == len(pair.known) == 1:
                    row, meaning = new[chapter.new][1][pair.new[0]], known[chapter.known][1][pair.known[0]]
                    association.count(row.label, meaning.fields, likelihood(pair.score))
    return result


def likelihood(score: float) -> float:
    """Turn what speaks for two rows into a weight of 0 to 1."""
    return 1 / (1 + math.exp(-score))


def _match_chapters(
    new: Sequence[tuple[tuple[str, ...], Sequence[NewRow]]],
    known: Sequence[tuple[tuple[str, ...], Sequence[KnownRow]]],
    signed_new: Sequence[Sequence[Signature]],
    signed_known: Sequence[Sequence[Signature]],
) -> list[tuple[int, int]]:
    """Match chapters of the same countries, those with most in common where there are several."""
    ours, by_countries = (_number_by_countries(chapters) for chapters in (new, known))
    comparer = Comparer(
        (cell for cells in signed_known for cell in cells), (cell for cells in signed_new for cell in cells)
    )
    matched: list[tuple[int, int]] = []
    for countries, numbers in ours.items():
        theirs = by_countries.get(countries, [])
        if len(theirs) <= 1 or len(theirs) > MOST_PERMUTED:
            matched.extend(zip(numbers, theirs, strict=False))
            continue
        likeness = {
            (one, other): _overlap(signed_new[one], signed_known[other], comparer)
            for one in numbers
            for other in theirs
        }
        count = min(len(numbers), len(theirs))
        # In the order of their numbers first: it is kept where nothing speaks against it.
        choices = [
            list(zip(chosen, order, strict=True))
            for chosen in combinations(numbers, count)
            for order in permutations(theirs, count)
        ]
        matched.extend(max(choices, key=lambda pairs: round(sum(likeness[pair] for pair in pairs), 6)))
    return sorted(matched)


def _number_by_countries(chapters: Sequence[tuple[tuple[str, ...], object]]) -> dict[tuple[str, ...], list[int]]:
    """The numbers of the chapters of each set of countries."""
    numbers: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for number, (countries, _) in enumerate(chapters):
        numbers[tuple(sorted(countries))].append(number)
    return numbers


def _overlap(new: Sequence[Signature], known: Sequence[Signature], comparer: Comparer) -> float:
    """Say how much two chapters have in common: each row with its likest."""
    return sum(max((comparer.compare_values(other, one) for other in known), default=0.0) for one in new)


def _compare_rows(new: Sequence[NewRow], known: Sequence[KnownRow], comparer: Comparer) -> Likeness:
    """Give how alike rows of two chapters are by what survives translation, each computed once."""
    sign_new, sign_known = (cache(partial(_sign_rows, rows)) for rows in (new, known))
    return cache(lambda rows, meanings: comparer.compare(sign_known(meanings), sign_new(rows)))


def _align_rows(
    new: Sequence[NewRow], known: Sequence[KnownRow], compare: Likeness, association: Association
) -> tuple[Pair, ...]:
    """Align the rows of two chapters: in order, then what is left."""

    @cache
    def weigh(rows: tuple[int, ...], meanings: tuple[int, ...]) -> float:
        label = " ".join(new[number].label for number in rows)
        fields = tuple(name for number in meanings for name in known[number].fields)
        return compare(rows, meanings) + LABEL_PRIOR * association.prior(label, fields)

    def weigh_merged(rows: tuple[int, ...], meanings: tuple[int, ...]) -> float:
        return weigh(rows, meanings) - MERGE_COST * (max(len(rows), len(meanings)) - 1)

    merged = range(2, MOST_MERGED_ROWS + 1)
    steps = [(1, 1), *((rows, 1) for rows in merged), *((1, meanings) for meanings in merged)]
    aligned = align_in_order(len(new), len(known), weigh_merged, steps, GAP_COST)
    pairs = [Pair(rows, meanings, weigh(rows, meanings)) for rows, meanings in aligned]
    free_new, free_known = set(unaligned(len(new), pairs, "new")), set(unaligned(len(known), pairs, "known"))
    ranked = sorted((weigh((one,), (other,)), -one, -other) for one in free_new for other in free_known)
    # Rows left over, the surest first, wherever they are.
    for score, one, other in reversed(ranked):
        if score >= MOVED_SCORE and -one in free_new and -other in free_known:
            free_new.discard(-one)
            free_known.discard(-other)
            pairs.append(Pair((-one,), (-other,), score))
    return tuple(sorted(pairs))


def align_in_order(
    ours: int,
    theirs: int,
    weigh: Callable[[tuple[int, ...], tuple[int, ...]], float],
    steps: Sequence[tuple[int, int]],
    gap_cost: float,
) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Align two sequences in their order, so that the sum of what speaks for it is largest (dynamic programming).

    Args:
        ours: Length of one.
        theirs: Length of the other.
        weigh: What speaks for some of one being some of the other, by their numbers.
        steps: How many of one may be how many of the other.
        gap_cost: What it costs that one is none of the other.

    Returns:
        The numbers that correspond.
    """
    best: list[list[tuple[float, int, int]]] = [[(0.0, 0, 0)] * (theirs + 1) for _ in range(ours + 1)]
    for one, other in product(range(ours, -1, -1), range(theirs, -1, -1)):
        options = [
            (best[one + taken][other + matched][0] + weigh(_run(one, taken), _run(other, matched)), taken, matched)
            for taken, matched in steps
            if one + taken <= ours and other + matched <= theirs
        ]
        options += [(best[one + 1][other][0] - gap_cost, 1, 0)] if one < ours else []
        options += [(best[one][other + 1][0] - gap_cost, 0, 1)] if other < theirs else []
        best[one][other] = max(options, default=(0.0, 0, 0))
    pairs: list[tuple[tuple[int, ...], tuple[int, ...]]] = []
    one = other = 0
    while one < ours or other < theirs:
        _, taken, matched = best[one][other]
        if taken and matched:
            pairs.append((_run(one, taken), _run(other, matched)))
        one, other = one + taken, other + matched
    return pairs


def _run(first: int, count: int) -> tuple[int, ...]:
    return tuple(range(first, first + count))


def _sign_rows(rows: Sequence[NewRow] | Sequence[KnownRow], numbers: tuple[int, ...]) -> Signature:
    chosen = [rows[number] for number in numbers]
    urls = [url for row in chosen for url in row.urls]
    return sign_cell(" ".join(row.label for row in chosen), "\n".join(row.text for row in chosen), urls)


def unaligned(count: int, pairs: Iterable[Pair], side: Literal["new", "known"]) -> tuple[int, ...]:
    """The numbers of rows of one side that no pair holds."""
    held = {number for pair in pairs for number in getattr(pair, side)}
    return tuple(number for number in range(count) if number not in held)
