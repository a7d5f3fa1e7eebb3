"""The notation of phrases: each sign of it finds what it says, and nothing else."""

from __future__ import annotations

import pytest

from pipeline.lexicon.matching import PhraseFinder, choose_longest, is_negated, read_text, sentence_end
from pipeline.lexicon.patterns import parse_pattern, split_tokens
from pipeline.lexicon.values import Grammar, Phrase

GRAMMAR = Grammar(endings=("s", "es", "ed"), negations=(Phrase(text="not"),))


def spans(pattern: str, text: str) -> list[str]:
    doc = read_text(text, "en")
    found = PhraseFinder({"x": (Phrase(text=pattern),)}, "en", GRAMMAR).find_all(doc)
    return [doc[item.start : item.end].text for item in choose_longest(found)]


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("print", "Print, prints, PRINT", ["Print", "PRINT"]),
        ("print~", "print prints printed printer", ["print", "prints", "printed"]),
        ("print*", "printer imprint", ["printer"]),
        ("*print", "printer imprint", ["imprint"]),
        ("*prin*", "printer imprint", ["printer", "imprint"]),
        ("leaflet~|poster~", "leaflets and posters", ["leaflets", "posters"]),
        ("open [public] day", "open day; open public day", ["open day", "open public day"]),
        ("target ... involved", "target group is involved", ["target group is involved"]),
        ("target ... involved", "target group. Others are involved", []),
        ("target ... involved", "target group is not involved", []),
        ("target ... involved", "target a b c d e f g h i involved", []),
        ("no $", "No. No way", ["No"]),
        ("no $", "(no)", ["no"]),
        ("booklet~ > on the web", "booklets on the web; booklets on paper", ["booklets"]),
        ("n / a", "n/a, N / A", ["n/a", "N / A"]),
        ("word-of-mouth", "word - of - mouth word-of-mouth", ["word - of - mouth", "word-of-mouth"]),
        ("—|–|-", "a – b", ["–"]),
        ("ψηφιακή", "ΨΗΦΙΑΚΗ, ψηφιακή", ["ΨΗΦΙΑΚΗ", "ψηφιακή"]),
        ("ή", "ή η", ["ή"]),
        ("ή~", "ηs, ή", ["ηs", "ή"]),
    ],
)
def test_notation(pattern: str, text: str, found: list[str]) -> None:
    assert spans(pattern, text) == found


def test_names_are_found_by_all_their_words() -> None:
    names = {"zh-Hans": ["Simplified Chinese"], "zh": ["Chinese"], "nb": ["Norwegian Bokmål"]}
    doc = read_text("SIMPLIFIED Chinese, Norwegian", "en")
    found = PhraseFinder({}, "en", GRAMMAR, names=names).find_all(doc)
    assert [(item.label, doc[item.start : item.end].text) for item in found] == [
        ("zh-Hans", "SIMPLIFIED Chinese"),
        ("zh", "Chinese"),
    ]


@pytest.mark.parametrize(
    "pattern", ["", "...", "a ...", "... a", "$", "$ a", "[a]", "a > b > c", "> a", "a >", "~", "*"]
)
def test_refused_patterns(pattern: str) -> None:
    if pattern in {"~", "*"}:
        # Signs of the notation without letters are signs of the text.
        assert parse_pattern(pattern)[0].alternatives[0].kind == "form"
        return
    with pytest.raises(ValueError, match="phrase"):
        parse_pattern(pattern)


def test_tokens_come_apart_alike() -> None:
    assert list(split_tokens("2018.gada 15/12/2016-14 meklētāji/saņēmēji l’intégration\n34,4MB")) == [
        *("2018", ".", "gada", "15", "/", "12", "/", "2016", "-", "14", "meklētāji", "/", "saņēmēji"),
        *("l’intégration", "\n", "34", ",", "4", "MB"),
    ]


def test_document_keeps_the_text() -> None:
    text = "Sākums: 2016. gads (atbalsts)\n- „Caritas” Cluj-Napoca, 85 %"
    doc = read_text(text, "lv")
    assert all(text[token.idx : token.idx + len(token.text)] == token.text for token in doc)
    assert read_text("Ġdid", "mt").text == "Ġdid"


@pytest.mark.parametrize(
    ("text", "start", "negated"),
    [("not online", 1, True), ("not available online", 2, True), ("not here, online", 3, False), ("online", 0, False)],
)
def test_negation(text: str, start: int, negated: bool) -> None:
    doc = read_text(text, "en")
    negations = PhraseFinder({"not": GRAMMAR.negations}, "en", GRAMMAR).find_all(doc)
    assert is_negated(doc, start, negations) is negated


@pytest.mark.parametrize(
    ("text", "ends"),
    [("2016. gada", []), ("2016. Beigas", [1]), ("Jā.\nNē", [1, 2]), ("Vai? Jā!", [1, 3]), ("1.5", []), ("(x.) y", [])],
)
def test_sentence_ends(text: str, ends: list[int]) -> None:
    doc = read_text(text, "lv")
    assert [token.i for token in doc if sentence_end(doc, token.i)] == ends
