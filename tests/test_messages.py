"""What people read: numbers agree with their nouns, and no value stands in a sentence as Python writes it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from pipeline import paths
from pipeline.issues import KINDS
from pipeline.text.wording import count, say

PLURAL = re.compile(
    r"^ (?:\w+ ){0,2}?(?:bytes|cases|cells|changes|characters|columns|countries|differences|editions|entries|errors"
    r"|fields|files|glyphs|headings|hits|issues|labels|leaves|letters|lines|links|names|notes|pages|practices|processes"
    r"|regressions|rows|signs|tables|values|warnings|words)\b"
)
"""A noun in the plural, not far behind a value."""
AGREEING = ("count(", "len(weak)")
"""What the value is made by where it agrees, or the branch for one stands beside it."""
NO_NUMBERS = {
    "command",
    "form",
    "part",
    "source",
    "sorted",
    "lexicon.digest",
    "alike",
    "taken",
    "wrong",
    "labels",
    "written",
}
"""Names that stand for no number."""


def list_sentences() -> Iterator[tuple[str, str, str]]:
    """Give each value that a plural follows in an f-string of the package: where, the value's code, what follows."""
    for path in sorted(paths.PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for one, other in (
                zip(node.values, node.values[1:], strict=False) if isinstance(node, ast.JoinedStr) else ()
            ):
                if isinstance(one, ast.FormattedValue) and isinstance(other, ast.Constant):
                    yield f"{path.relative_to(paths.PACKAGE)}:{node.lineno}", ast.unparse(one.value), str(other.value)


def test_every_number_agrees_with_its_noun() -> None:
    wrong = [
        f"{place}: {value} {text[:30]!r}"
        for place, value, text in list_sentences()
        if PLURAL.match(text)
        and not value.startswith(AGREEING)
        and not value.isupper()
        and value.partition("(")[0] not in NO_NUMBERS
        and not value.endswith((".text", ".name", ".id"))
    ]
    assert wrong == []
    assert any(value.startswith("count(") for _, value, _ in list_sentences())


def test_one_and_many() -> None:
    assert [count(number, "error") for number in (0, 1, 2)] == ["0 errors", "1 error", "2 errors"]
    assert count(1, "leaf", "leaves") == "1 leaf"
    assert count(3, "leaf", "leaves") == "3 leaves"


def test_values_are_said_in_words() -> None:
    assert [say(value) for value in (None, True, False, 'a "b"', ["x", 1])] == [
        "nothing",
        "yes",
        "no",
        r'"a \"b\""',
        '["x", 1]',
    ]


@pytest.mark.parametrize("value", [None, True, False, 1])
def test_no_issue_shows_a_value_as_python_writes_it(value: object) -> None:
    said = {
        code: kind.render(dict.fromkeys(re.findall(r"{(\w+)", kind.message + kind.advice), value))
        for code, kind in KINDS.items()
    }
    shown = re.compile(r"\b(?:None|True|False|1 \w+s (?:are|were|stand|have))\b")
    assert {code: text for code, text in said.items() if shown.search(text)} == {}


def test_an_issue_counts_in_the_singular_and_in_the_plural() -> None:
    kind = KINDS["text_concealed"]
    assert kind.render({"count": 1, "why": "tiny"}).startswith("1 glyph was left out")
    assert kind.render({"count": 2, "why": "tiny"}).startswith("2 glyphs were left out")
    assert "of 1 glyph have" in KINDS["glyphs_without_text"].render({"unmapped": 1, "glyphs": 1})
