"""Makes what is measured: small editions of the test factory, and a long file; writes PDFs into a folder, once.

`python -m bench.corpus FOLDER REFERENCE TIMES` does so in a process of its own. Linux counts the memory that a process
had before it became another program: a measuring process that had typeset the corpus would add its own to every figure.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

EDITIONS: Final = 50
CONTENTS: Final = ("short_lv", "labels_lv", "features_lv")
FONT: Final = "Libertinus Serif"
"""A font inside the Typst wheel: the corpus is the same on every machine."""


def make_corpus(folder: Path) -> list[Path]:
    """Typeset the corpus where it is not there yet: 50 editions of one to a dozen pages, no two in the same layout.

    Args:
        folder: Where the PDFs stand.

    Returns:
        Their paths.
    """
    from tests.factory.content import load_content
    from tests.factory.matrix import CASES
    from tests.factory.rendering import UnreadableLayoutError
    from tests.factory.typesetting import typeset

    folder.mkdir(parents=True, exist_ok=True)
    made = sorted(folder.glob("*.pdf"))
    if len(made) == EDITIONS:
        return made
    made = []
    layouts = [case.layout for case in CASES if case.renderer == "typst"]
    for number, (content, layout) in enumerate((content, layout) for content in CONTENTS for layout in layouts):
        try:
            edition = typeset("typst", load_content(content), layout.model_copy(update={"font": FONT}))
        except UnreadableLayoutError:
            continue
        made.append(folder / f"edition-{number:03}.pdf")
        made[-1].write_bytes(edition.pdf_bytes)
        if len(made) == EDITIONS:
            return made
    raise RuntimeError(f"only {len(made)} editions could be typeset, not {EDITIONS}")


def make_long(source: Path, target: Path, times: int) -> Path:
    """Put a file's pages behind one another several times."""
    import pikepdf

    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        with pikepdf.open(source) as one, pikepdf.new() as many:
            for _ in range(times):
                many.pages.extend(one.pages)
            many.save(target)
    return target


def corpus_folder(folder: Path) -> Path:
    """Give where the small editions stand."""
    return folder / "corpus"


def long_file(folder: Path) -> Path:
    """Give where the long file stands."""
    return folder / "long.pdf"


if __name__ == "__main__":
    _folder = Path(sys.argv[1])
    make_corpus(corpus_folder(_folder))
    make_long(Path(sys.argv[2]), long_file(_folder), int(sys.argv[3]))
