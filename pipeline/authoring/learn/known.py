"""An extracted edition as the rows that were printed, each with what it means; reads a `ValidatedEdition`."""

from pipeline.models.geometry import Frozen
from pipeline.models.practice import FieldValue, Place, Practice, Unmapped


class KnownRow(Frozen):
    """A printed row whose meaning is known.

    Attributes:
        fields: The fields that its label names, in the label's order; none for a row of no field.
        labels: The label of each of them.
        text: The value's text.
        urls: Targets of its links.
    """

    fields: tuple[str, ...]
    labels: tuple[str, ...]
    text: str
    urls: tuple[str, ...]

    @property
    def label(self) -> str:
        """The whole label on one line."""
        return " ".join(self.labels)


def list_known_rows(practice: Practice) -> tuple[KnownRow, ...]:
    """A practice's rows as they were printed: fields that share a cell are one row.

    Args:
        practice: A practice of an extracted edition.

    Returns:
        The rows in reading order; a field named inside another row's text has none.
    """
    values = practice.fields.present
    rows: list[tuple[tuple[int, float, float], tuple[str, ...], FieldValue | Unmapped]] = []
    done: set[str] = set()
    for name, value in values.items():
        if name in done or value.inline:
            continue
        group = [name, *(other for other in value.shared_with if other in values and not values[other].inline)]
        done.update(group)
        # Python's sort is stable: labels with one box for all stay in the contract's order.
        group.sort(key=lambda other: _place(values[other].label_boxes))
        rows.append((_place(values[group[0]].label_boxes), tuple(group), value))
    others: tuple[FieldValue | Unmapped, ...] = (*practice.unmapped, *practice.extra.values())
    rows += [(_place(cell.label_boxes), (), cell) for cell in others]
    rows.sort(key=lambda row: row[0])
    return tuple(
        KnownRow(
            fields=fields,
            labels=tuple(values[name].label for name in fields) or (cell.label,),
            text=cell.text,
            urls=tuple(link.url for link in cell.links),
        )
        for _, fields, cell in rows
    )


def _place(boxes: tuple[Place, ...]) -> tuple[int, float, float]:
    """Page, top and left edge of a label; the end of all pages where it has no box."""
    if not boxes:
        return (1_000_000, 0.0, 0.0)
    return (boxes[0].page, boxes[0].top, boxes[0].x0)
