"""`python -m bench.fit [FOLDER …]`: how well the table model's weights fit, and which change would fit better.

Each weight is set to each of `FACTORS` times its value, the others unchanged, and the rows that are then wrong are
counted: in stored fixtures of the test factory, and in the forms of the folders given (`NAME.pdf` beside `NAME.json`
with `tables`, their `rows`, and each row's `label` and `value`). The best change by all documents is named, and what it
would be if one document, or one family of layouts, were not known: leave-one-out. A change is made by hand, with its
source, in `weights.yaml`.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from pipeline.models.page import Source
from pipeline.models.row import Row
from pipeline.stages.segment.pages import segment_pages
from pipeline.stages.stitch.document import stitch_document
from pipeline.text.weights import WEIGHTS, load_weights
from tests.reading import read_source

FACTORS: Final = (0.0, 0.6, 1.5)
"""Of log-odds; other weights, for which 0 means nothing, are tried at the last two."""
UNSEEN: Final = re.compile(r"[\s\u00ad\u200b-\u200f\ufeff\ue000-\uf8ff•▪■·-]+")
"""What is left out of texts before they are compared: white space, bullets, and hyphens, which lines may break at."""

Texts = Counter[tuple[str, str]]
Errors = dict[str, int]
"""How many rows of each document are missing or wrong."""


class Document(NamedTuple):
    """A document whose rows are known.

    Attributes:
        name: Its name.
        family: What is left out together with it: itself, or its family of layouts.
        source: Its pages.
        rows: Its rows' labels and values.
        others: Texts that may be found as a row's or not: headings of groups, headers.
    """

    name: str
    family: str
    source: Source
    rows: Texts
    others: set[str]


def squeeze(label: str, value: str) -> tuple[str, str]:
    """Give a row's texts as they are compared; a colon between its cells may belong to either, or to none."""
    texts = [UNSEEN.sub("", unicodedata.normalize("NFKC", text)) for text in (label, value)]
    return texts[0].rstrip(":"), texts[1].lstrip(":")


def read_forms(folder: Path) -> Iterator[Document]:
    """Read the forms of a folder."""
    for path in sorted(folder.glob("*.json")):
        if not path.with_suffix(".pdf").exists():
            continue
        truth = json.loads(path.read_text(encoding="utf-8"))
        rows = [row for table in truth.get("tables", []) for row in table["rows"]]
        known = Counter(squeeze(row["label"], row["value"]) for row in rows if row["kind"] == "row")
        others = {squeeze(text, "")[0] for text in truth.get("tolerated", [])}
        others |= {squeeze(row["label"], "")[0] for row in rows if row["kind"] != "row"}
        yield Document(path.stem, f"form {path.stem}", read_source(path.with_suffix(".pdf")), known, others)


def read_fixtures(step: int) -> Iterator[Document]:
    """Read every `step`-th of the layouts that the tests store; a family are those of the same rules and fills."""
    from tests.factory.matrix import CASES

    for case in CASES[::step]:
        edition = case.fixture.load()
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "edition.pdf"
            path.write_bytes(edition.pdf_bytes)
            source = read_source(path)
        known = Counter(squeeze(row.label, row.value) for row in edition.truth.rows)
        yield Document(case.name, f"layouts {case.layout.rules}/{case.layout.fills}", source, known, set())


def count_errors(documents: Iterable[Document]) -> Errors:
    """Count the rows that are missing from each document, and those that are not its own."""
    errors: Errors = {}
    for document in documents:
        content = stitch_document(segment_pages(document.source)).content
        found = Counter(squeeze(row.label.one_line, row.value.text) for row in content if isinstance(row, Row))
        spurious = [label for label, _ in (found - document.rows).elements() if label not in document.others]
        errors[document.name] = max((document.rows - found).total(), len(spurious))
    return errors


def try_changes(documents: list[Document], names: Iterable[str]) -> dict[str, Errors]:
    """Count errors with each change of one weight; the weights are as before afterwards."""
    tried: dict[str, Errors] = {}
    units = {name: weight.unit for name, weight in load_weights().items()}
    for name in names:
        value = WEIGHTS[name]
        for factor in FACTORS if units[name] == "log-odds" else FACTORS[1:]:
            WEIGHTS[name] = value * factor
            try:
                tried[f"{name} × {factor:g}"] = count_errors(documents)
            finally:
                WEIGHTS[name] = value
        print(name, *(f"{change}: {sum(tried[change].values())}" for change in tried if change.startswith(f"{name} ×")))
    return tried


def leave_one_out(groups: Iterable[Sequence[str]], base: Errors, tried: Mapping[str, Errors]) -> int:
    """Count the errors of each group of documents under the change that fits best without it, or under none."""
    total = 0
    for own in groups:
        others = [name for name in base if name not in own]
        best = min([base, *tried.values()], key=lambda errors: sum(errors[name] for name in others))
        total += sum(best[name] for name in own)
    return total


def main() -> int:
    """Print errors with the weights as they are, with each change, and by leave-one-out."""
    parser = argparse.ArgumentParser(prog="python -m bench.fit", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folders", nargs="*", type=Path, help="folders with forms")
    parser.add_argument("--step", type=int, default=6, help="take every STEP-th stored layout (0: none)")
    parser.add_argument("--weight", action="append", help="try this weight alone (may be given again)")
    args = parser.parse_args()
    documents = [form for folder in args.folders for form in read_forms(folder)]
    documents += read_fixtures(args.step) if args.step else []
    base = count_errors(documents)
    rows = sum(document.rows.total() for document in documents)
    print(f"{len(documents)} documents, {rows} rows; wrong with the weights as they are: {sum(base.values())}")
    print("  ", *(f"{name}: {count}" for name, count in base.items() if count))
    tried = try_changes(documents, args.weight or WEIGHTS)
    change, errors = min(tried.items(), key=lambda entry: sum(entry[1].values()))
    print(f"best change: {change}: {sum(errors.values())} wrong")
    families: dict[str, list[str]] = defaultdict(list)
    for document in documents:
        families[document.family].append(document.name)
    single = [[document.name] for document in documents]
    print(f"wrong, one document left out at a time: {leave_one_out(single, base, tried)}")
    print(f"wrong, one of {len(families)} families left out: {leave_one_out(families.values(), base, tried)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
