"""How a label in free words is read: by the concepts that its words stand for.

`wordings.yaml` next to this module says by which concepts a field is named, a language's file of that name which words
stand for each concept, and which change no label's meaning. A label names a field only where every one of its words is
known, and only where all that its words can mean names that one field.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import combinations
from pathlib import Path
from typing import Final, NamedTuple

from pydantic import Field, ValidationInfo, field_validator, model_validator

from pipeline.lexicon.labels import Status
from pipeline.lexicon.patterns import Alternative, Slot, parse_pattern
from pipeline.models.data_file import read_data_file
from pipeline.models.geometry import Frozen
from pipeline.models.practice import FIELDS

RULES_FILE: Final = Path(__file__).with_name("wordings.yaml")

PRACTICE: Final = "practice"
"""The concept that any label may name besides its own: what the whole booklet is about."""

UNRELATED: Final = "unrelated"
"""The concept of words by which rows of no field are named (a contact, a picture, a keyword); no rule has it."""

MOST_WORDS: Final = 40
"""A label of more words is none: the longest known one has 25."""

LEAST_STEM: Final = 5
"""Letters of a form before its ending from which on other endings make forms of the same word."""

LEAST_PIECE: Final = 3
"""Letters that a piece of a compound has at least."""

_TAIL: Final = re.compile(r"(?<=\w)(?:\(-?\w{1,5}\)|/-\w{1,5}\b|/\w{1,2}\b|[:*_]\w{1,6}\b)")
"""How a label gives a word's other endings: `(s)`, `(-ies)`, `/-n`, `:innen`."""

_MARKS: Final = re.compile(r"(?<![\u0400-\u04ff])[\u0300-\u036f]+")

_WORD: Final = re.compile(r"[^\W_]+(?:['\u2019-][^\W_]+)*-?")

Meaning = frozenset[str]
_UNRELATED: Final = frozenset({UNRELATED})


class Rule(NamedTuple):
    """What a label must and may say to name a field: one concept of each group, and none besides `allowed`.

    A label that says so surely names the field only where the rule is `sure`; it else may.
    """

    field: str
    needed: tuple[Meaning, ...]
    allowed: Meaning
    sure: bool = True

    @classmethod
    def parse(cls, field: str, text: str) -> Rule:
        """Read a rule in the notation of `wordings.yaml`."""
        pieces = [(piece[0], frozenset(piece.strip("[]-").split("|"))) for piece in text.removeprefix("maybe ").split()]
        needed = tuple(names for sign, names in pieces if sign not in "[-")
        allowed = frozenset().union(*(names for sign, names in pieces if sign != "-"), {PRACTICE})
        allowed = allowed.difference(*(names for sign, names in pieces if sign == "-"))
        return cls(field, needed, allowed, not text.startswith("maybe "))

    def accepts(self, meaning: Meaning) -> bool:
        """Return whether a label that says so much, and no more, names the field."""
        return meaning <= self.allowed and not any(meaning.isdisjoint(group) for group in self.needed)


class Rules(Frozen):
    """The rules of all fields."""

    entries: dict[str, tuple[str, ...]]

    @model_validator(mode="before")
    @classmethod
    def _wrap(cls, data: object) -> object:
        """Take the file's mapping as the entries."""
        return {"entries": data}

    @model_validator(mode="after")
    def _check(self) -> Rules:
        """Reject rules of two fields that one label could satisfy."""
        if unknown := sorted(set(self.entries) - set(FIELDS)):
            raise ValueError(f"unknown fields {unknown}; use the contract's names")
        for one, other in combinations(self.parse(), 2):
            both = one.allowed & other.allowed
            if one.field != other.field and one.accepts(both) and other.accepts(both):
                raise ValueError(f"a label of {sorted(both)} would name both {one.field} and {other.field}")
        return self

    def parse(self) -> tuple[Rule, ...]:
        """Return the rules."""
        return tuple(Rule.parse(field, text) for field, texts in self.entries.items() for text in texts)


class Wordings(Frozen):
    """`wordings.yaml`: the words of each concept, in the notation of `pipeline.lexicon.patterns`, without gaps.

    Attributes:
        concepts: By concept, its words.
        neutral: Words that a label may hold without a change of its meaning.
        unrelated: Words that only rows of no field are named by.
        joints: What is between the parts of a compound, where the language writes them together.
        status: Whether a person has read the file.
    """

    concepts: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    neutral: tuple[str, ...] = ()
    unrelated: tuple[str, ...] = ()
    joints: tuple[str, ...] = ()
    status: Status = "verified"

    @model_validator(mode="before")
    @classmethod
    def _wrap(cls, data: object, info: ValidationInfo) -> object:
        """Take what is no list of its own as concepts, and the status of the file."""
        if not isinstance(data, dict) or "concepts" in data:
            return data
        own = {"neutral", UNRELATED, "joints"}
        concepts = {name: words for name, words in data.items() if name not in own}
        return {"concepts": concepts, **{name: data[name] for name in own & data.keys()}, **(info.context or {})}

    @field_validator("concepts")
    @classmethod
    def _check(cls, concepts: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        """Reject concepts that no rule names, and words that are not in the notation."""
        known = {name for rule in load_rules() for name in rule.allowed} if concepts else set()
        if unknown := sorted(concepts.keys() - known):
            raise ValueError(f"no rule of {RULES_FILE.name} has the concepts {unknown}")
        for slot in (slot for phrases in concepts.values() for phrase in phrases for slot in parse_pattern(phrase)):
            if slot.kind != "word" or any(form.kind in {"suffix", "infix"} for form in slot.alternatives):
                raise ValueError("a concept's words are whole forms, stems and beginnings")
        return concepts


@lru_cache(maxsize=1)
def load_rules() -> tuple[Rule, ...]:
    """Load the rules, once."""
    return read_data_file(RULES_FILE, Rules).parse()


class WordingReader:
    """Reads labels in free words of one language."""

    def __init__(self, wordings: Wordings, endings: Iterable[str]) -> None:
        """Compile the words.

        Args:
            wordings: The words of the concepts.
            endings: What `~` stands for in the language.
        """
        self.draft = wordings.status == "draft"
        self._rules = load_rules() if wordings.concepts else ()
        self._joints = ("", *map(_fold, wordings.joints)) if wordings.joints else ()
        self._endings = frozenset({"", *map(_fold, endings)})
        self._words: dict[str, defaultdict[str, set[Meaning]]] = {
            kind: defaultdict(set) for kind in ("form", "endings", "prefix")
        }
        self._phrases: list[tuple[tuple[Slot, ...], Meaning]] = []
        meanings = ((frozenset({name}), phrases) for name, phrases in wordings.concepts.items())
        others = ((frozenset[str](), wordings.neutral), (_UNRELATED, wordings.unrelated))
        for meaning, phrases in (*others, *meanings):
            for slots in map(parse_pattern, phrases):
                if len(slots) > 1:
                    self._phrases.append((slots, meaning))
                    continue
                for form in slots[0].alternatives:
                    word = _fold(form.stem)
                    self._words[form.kind][word].add(meaning)
                    stems = (word.removesuffix(ending) for ending in self._endings if word.endswith(ending))
                    inflected = form.kind == "form" and meaning != _UNRELATED
                    for stem in (stem for stem in stems if inflected and len(stem) >= LEAST_STEM):
                        self._words["endings"][stem].add(meaning)
        allowed = Counter(name for _, name in {(rule.field, name) for rule in self._rules for name in rule.allowed})
        self._weights = {name: math.log(1 + len(FIELDS) / number) for name, number in allowed.items()}
        self._longest = max(map(len, self._words["prefix"]), default=0)
        self._read = lru_cache(maxsize=4096)(self._read_words)
        self._find = lru_cache(maxsize=256)(self._find_phrases)

    def find_fields(self, label: str, *, sure: bool = True) -> frozenset[str]:
        """Return the fields that a label can name; it is known where they are one.

        Args:
            label: The label as printed, without its number.
            sure: Whether a label of general words, which names a field by no sure rule, names none.
        """
        words = tuple(self._split(label)) if self._rules else ()
        if len(words) > MOST_WORDS or self.is_unrelated(label):
            return frozenset()
        named = self._read(words)
        return frozenset(rule.field for rule in named if not sure or any(other.sure for other in named))

    @property
    def has_words(self) -> bool:
        """Whether the language has words of concepts at all."""
        return bool(self._rules)

    def is_unrelated(self, label: str) -> bool:
        """Return whether a label holds a word that only rows of no field are named by.

        Args:
            label: The label as printed.
        """
        return any(meanings == {_UNRELATED} for _, meanings in self._list_telling(label))

    def compare(self, label: str) -> dict[str, float]:
        """Say how much of a label in free words names each field, where not all of its words are known.

        Args:
            label: The label as printed, without its number.

        Returns:
            By field, the share of the label's words (0 to 1, rare ones weigh more) that are among those which name it,
            times the share of the needed ones that the label has; fields with no needed one are left out.
        """
        telling = [meanings for _, meanings in self._list_telling(label)]
        total = sum(self._weigh(meanings) for meanings in telling)
        shares: dict[str, float] = {}
        for rule in self._rules if total else ():
            fitting = [{meaning for meaning in meanings if meaning <= rule.allowed} for meanings in telling]
            names = frozenset[str]().union(*(meaning for meanings in fitting for meaning in meanings))
            needed = sum(not names.isdisjoint(group) for group in rule.needed) / len(rule.needed)
            share = needed * sum(self._weigh(meanings) for meanings in fitting if meanings) / total
            if share > shares.get(rule.field, 0.0):
                shares[rule.field] = share
        return shares

    def list_fields_by_word(self, label: str) -> list[tuple[str, frozenset[str]]]:
        """List a label's words but the neutral ones, folded, each with the fields that have its concept in a rule."""
        return [
            (word, frozenset(rule.field for rule in self._rules if any(one <= rule.allowed for one in meanings)))
            for word, meanings in self._list_telling(label)
        ]

    def list_hinted(self, label: str) -> tuple[frozenset[str], list[str]]:
        """List the fields that some word of a label hints at, by a concept that names them, and the unknown words."""
        telling = self._list_telling(label)
        said = frozenset[str]().union(*(meaning for _, meanings in telling for meaning in meanings))
        hinted = (rule.field for rule in self._rules if any(not said.isdisjoint(group) for group in rule.needed))
        return frozenset(hinted), [word for word, meanings in telling if not meanings]

    def _list_telling(self, label: str) -> list[tuple[str, frozenset[Meaning]]]:
        """List a label's words but the neutral ones, each with what it can mean."""
        words = tuple(self._split(label)) if self._rules else ()
        said = ((word, self._mean_at(words, at)) for at, word in enumerate(words))
        return [(word, meanings) for word, meanings in said if frozenset() not in meanings]

    def _weigh(self, meanings: Iterable[Meaning]) -> float:
        """Weigh a word: the fewer fields have its concept, the more it says; one that is not known says most."""
        weights = [self._weights.get(name, 0.0) for meaning in meanings for name in meaning if name != PRACTICE]
        return max(weights, default=math.log(1 + len(FIELDS)) if not meanings else 0.0)

    def _mean_at(self, words: tuple[str, ...], at: int) -> frozenset[Meaning]:
        """Return what a word can mean where it is: by itself, or in a phrase."""
        phrases = frozenset(meaning for start, end, meaning in self._find(words) if start <= at < end)
        # A phrase that names rows of no field says so whatever its words mean by themselves.
        return frozenset({_UNRELATED}) if _UNRELATED in phrases else self._mean(words[at]) | phrases

    def _split(self, label: str) -> Iterator[str]:
        """Divide a label into folded words; what a hyphen divides is one word where that is known, else several."""
        for match in _WORD.finditer(_TAIL.sub("", label)):
            word = _fold(match.group()).rstrip("-")
            joined = word.replace("-", "")
            yield from [joined] if joined == word or self._mean(joined) else word.split("-")

    def _read_words(self, words: tuple[str, ...]) -> frozenset[Rule]:
        """Return the rules by which the words, all of them, can name a field."""
        said: list[set[Meaning]] = [set() for _ in range(len(words) + 1)]
        said[0].add(frozenset())
        for at, word in enumerate(words):
            if not said[at]:
                continue
            choices = {(at + 1, meaning) for meaning in self._mean(word)}
            choices.update((end, meaning) for start, end, meaning in self._find(words) if start == at)
            for end, meaning in choices:
                said[end].update(before | meaning for before in said[at])
        return frozenset(rule for meaning in said[-1] for rule in self._rules if rule.accepts(meaning))

    def _find_phrases(self, words: tuple[str, ...]) -> list[tuple[int, int, Meaning]]:
        """Return the phrases among the words: where each begins, where it ends, and its meaning."""
        return [
            (start, end, meaning)
            for slots, meaning in self._phrases
            for start in range(len(words))
            for end in self._follow(slots, words, start)
        ]

    def _follow(self, slots: tuple[Slot, ...], words: tuple[str, ...], at: int) -> Iterator[int]:
        """Return where a phrase ends that begins at a word."""
        if not slots:
            yield at
            return
        if slots[0].optional:
            yield from self._follow(slots[1:], words, at)
        if at < len(words) and any(self._is_form(words[at], form) for form in slots[0].alternatives):
            yield from self._follow(slots[1:], words, at + 1)

    def _is_form(self, word: str, form: Alternative) -> bool:
        """Return whether a word is a form of an alternative."""
        stem = _fold(form.stem)
        if form.kind == "form" or not word.startswith(stem):
            return word == stem
        return form.kind == "prefix" or word[len(stem) :] in self._endings

    def _mean(self, word: str) -> frozenset[Meaning]:
        """Return what a word can mean: by itself, else as a compound of words."""
        found = set(self._words["form"].get(word, ()))
        if found == {_UNRELATED}:  # `volunteers`, though it begins as `voluntary` does
            return frozenset(found)
        for cut in range(LEAST_PIECE - 1, len(word) + 1):
            if word[cut:] in self._endings:
                found |= self._words["endings"].get(word[:cut], set())
            if cut <= self._longest:
                found |= self._words["prefix"].get(word[:cut], set())
        if found or not self._joints:
            return frozenset(found)
        for cut in range(LEAST_PIECE, len(word) - LEAST_PIECE + 1):
            for joint in self._joints:
                head = word[: cut - len(joint)]
                if word[:cut].endswith(joint) and len(head) >= LEAST_PIECE and (heads := self._mean_head(head)):
                    found |= {one | other for one in heads for other in self._mean(word[cut:])}
        return frozenset(found)

    def _mean_head(self, head: str) -> set[Meaning]:
        """Return what the first part of a compound can mean: a form or a bare stem, none without a meaning (`über`)."""
        return (self._words["form"].get(head, set()) | self._words["endings"].get(head, set())) - {frozenset()}


@lru_cache(maxsize=65536)
def _fold(text: str) -> str:
    """Fold letter case and diacritics; a mark on a Cyrillic letter makes another letter of it."""
    return _MARKS.sub("", unicodedata.normalize("NFKD", text.casefold().replace("\u2019", "'")))
