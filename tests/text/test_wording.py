"""What messages and files say of values."""

from __future__ import annotations

import pytest

from pipeline.text.wording import clean_xml, count, plain, say


@pytest.mark.parametrize(("number", "said"), [(0, "0 rows"), (1, "1 row"), (2, "2 rows")])
def test_a_number_has_its_noun(number: int, said: str) -> None:
    assert count(number, "row") == said


def test_a_plural_of_its_own() -> None:
    assert (count(1, "leaf", "leaves"), count(2, "leaf", "leaves")) == ("1 leaf", "2 leaves")


def test_a_text_is_plain_and_all_else_is_json() -> None:
    assert [plain(value) for value in ("“a”", None, True, ["ā"])] == ["“a”", "null", "true", '["ā"]']


def test_values_are_said_in_words() -> None:
    assert [say(value) for value in (None, True, False, "ā", 2)] == ["nothing", "yes", "no", '"ā"', "2"]


@pytest.mark.parametrize("sign", ["\0", "\x0b", "\x1f", "\ud800", "\ufffe"])
def test_what_xml_does_not_allow_is_replaced(sign: str) -> None:
    assert clean_xml(f"a{sign}\t\n\rā\U0001f600") == "a\ufffd\t\n\rā\U0001f600"
