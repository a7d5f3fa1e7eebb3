"""On which labels the practices of an edition agree: reads its records.

A label that no word of the lexicon knows is mapped by no likeness of one row. But an edition prints one form: a label
that recurs and is like one field's in each practice is that field's where its place, or the form, has no other left.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from pipeline.lexicon import Lexicon
from pipeline.lexicon.label_index import fold_label
from pipeline.models.practice import FIELDS
from pipeline.models.record import MappedField, Record, UnmappedRow
from pipeline.stages.map.value_signs import FULL_SCORE, KIND_FIELDS, read_signs

AGREEING_PRACTICES: Final = 3
"""So many practices have the label, each with the same field likely and in the same place: two may be a chance."""


def find_agreed(records: Sequence[Record], lexicon: Lexicon) -> dict[str, str]:
    """Find the labels whose field the practices of an edition show.

    Args:
        records: The practices, mapped by the lexicon alone.
        lexicon: The words of their language.

    Returns:
        By folded label, its field: labels that name it by themselves in some practice, and unknown ones that recur
        where no other field can be: between the rows around them, in all practices that have them, or by their values.
    """
    named: defaultdict[str, set[str]] = defaultdict(set)
    likely: defaultdict[str, set[str | None]] = defaultdict(set)
    possible: defaultdict[str, list[set[str]]] = defaultdict(list)
    lacking: defaultdict[str, list[set[str]]] = defaultdict(list)
    kinds: defaultdict[str, list[set[str]]] = defaultdict(list)
    for record in records:
        for name, field in record.fields.items():
            if not field.shared_with and not field.inline:
                named[fold_label(field.label)].add(name)
        for row in record.unmapped:
            label = fold_label(row.label)
            likely[label].add(row.suggestion)
            possible[label].append(_list_possible(record, row))
            lacking[label].append(set(FIELDS) - record.fields.keys())
            signs = read_signs(row.text, lexicon)
            kinds[label].append({name for name in KIND_FIELDS if signs.get(name, 0.0) >= FULL_SCORE})
    agreed = {label: next(iter(names)) for label, names in named.items() if len(names) == 1 and label not in likely}
    for label, fields in likely.items():
        left = [set.intersection(*sets[label]) for sets in (possible, lacking, kinds)]
        if label and len(lacking[label]) >= AGREEING_PRACTICES and label not in named and fields in left:
            agreed.update((label, field) for field in fields if field is not None)
    return agreed


def _list_possible(record: Record, row: UnmappedRow) -> set[str]:
    """List the fields that the practice lacks and that a row may be by those of the rows before and behind it."""
    place = _place(row)
    mapped = sorted((_place(field), FIELDS.index(name)) for name, field in record.fields.items() if not field.inline)
    first = max((at for at in mapped if at[0] < place), default=(place, -1))[1]
    last = min((at for at in mapped if at[0] > place), default=(place, len(FIELDS)))[1]
    return set(FIELDS[first + 1 : last]) - record.fields.keys()


def _place(row: UnmappedRow | MappedField) -> tuple[int, float]:
    """Return where a row's label begins: its page and its top, or nowhere."""
    return min(((box.page, box.top) for box in row.label_boxes), default=(0, 0.0))
