"""Draft entries for labels that an edition prints and the lexicon lacks: reads `ValidatedEdition`, writes labels.yaml.

The entries come from the report's issues, which hold the likely field, its score and what speaks for it. They are put
into `schemas/<language>/labels.yaml` without touching a comment or the order of what is there.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain, count, groupby
from pathlib import Path
from typing import Any, Final, NamedTuple

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from pipeline.authoring.learn.drafting import comment_last, dump_yaml, make_entry, make_yaml
from pipeline.files import write_whole
from pipeline.lexicon.label_index import bare_words, fold_label, index_labels
from pipeline.lexicon.labels import Labels
from pipeline.lexicon.load import Lexicon
from pipeline.models.data_file import parse_data_file
from pipeline.models.edition import ValidatedEdition
from pipeline.models.practice import FIELDS
from pipeline.models.report import Issue
from pipeline.stages.map.suggest import weigh_words
from pipeline.stages.map.value_signs import NAMES_SCORE, read_signs
from pipeline.text.wording import say

LEAST_SCORE_OF_HALF: Final = 0.6
"""Least score of a suggestion that half of the practices do not share: place and kind of value alone give up to 0.5,
also to rows that no field is for (picture credits, age groups)."""
EXTRA_PRACTICES: Final = 2
"""Practices that a label of no field is in at least: one found once may be a reworded label."""
UNDESCRIBED: Final = "not described yet"
"""What a drafted row of no field is, until a person says it."""
_ORDER: Final = (*FIELDS, None)
UNNAMED: Final = "row"
"""What the names of drafted rows of no field begin with; those without a Latin word are counted."""


class LabelDraft(NamedTuple):
    """A label that the lexicon lacks.

    Attributes:
        text: As printed, without marker and trailing colon.
        field: The likely field; None where nothing speaks for one.
        score: 0 to 1.
        places: Practice and page of every row with it.
        evidence: What speaks for the field, and against it.
        value: Beginning of the first row's value.
        extra: Name proposed for a row of no field; None for others.
        known: Where the lexicon has the label, though the run called it unknown; None for others.
    """

    text: str
    field: str | None
    score: float
    places: tuple[str, ...]
    evidence: tuple[str, ...]
    value: str
    extra: str | None = None
    known: str | None = None


def list_label_drafts(edition: ValidatedEdition, lexicon: Lexicon, *, slips: bool = False) -> tuple[LabelDraft, ...]:
    """List the labels that an edition prints and the lexicon lacks.

    Args:
        edition: The extracted edition.
        lexicon: Its language's lexicon as it is now.
        slips: True to list labels too that were mapped in spite of a typo.

    Returns:
        The drafts in the contract's order of their fields, those without a likely field last. Where a label is in
        several practices, the field that most speaks for counts. A label without a likely field that recurs is proposed
        as one of no field, where no field is missing that it may be a reworded label of. One that the lexicon has gets
        no field: it was added after the run, or is part of a longer label.
    """
    index = index_labels(lexicon)
    codes = {"unknown_label", "label_slip"} if slips else {"unknown_label"}
    extra = {fold_label(label.text): "extra" for entry in lexicon.extra.values() for label in entry.labels}
    by_label: dict[str, list[Issue]] = defaultdict(list)
    for issue in edition.report.issues:
        if issue.code in codes and issue.label:
            by_label[fold_label(issue.label)].append(issue)
    present = {practice.id: set(practice.fields.present) for practice in edition.practices}
    for issue in edition.report.issues:
        if issue.code in codes and issue.field is not None:
            present.setdefault(issue.practice or "", set()).add(issue.field)
    drafts = []
    for label, issues in by_label.items():
        seen = [present.get(issue.practice or "", set[str]()) for issue in issues]
        lacking = set(FIELDS).difference(*seen) & _list_possible(issues, lexicon)
        draft = _make_draft(issues, [name for name in FIELDS if name in lacking])
        exact = index.find_exact(draft.text)
        known = extra.get(label) if exact is None else exact.known.field
        drafts.append(draft if known is None else draft._replace(field=None, extra=None, known=known))
    drafts.sort(key=lambda draft: (_ORDER.index(draft.field), draft.extra is None, -draft.score, draft.text))
    return tuple(_number_names(drafts, set(lexicon.extra)))


def _list_possible(issues: Sequence[Issue], lexicon: Lexicon) -> set[str]:
    """List the fields that a label may be a reworded label of.

    All, but where a word of it names only rows of no field: then those that another word or a value's kind speaks for.
    """
    index, label = index_labels(lexicon), issues[0].label or ""
    if not index.wordings.is_unrelated(label):
        return set(FIELDS)
    signs = chain.from_iterable(read_signs(issue.text or "", lexicon).items() for issue in issues)
    return {name for name, score in signs if score > NAMES_SCORE} | weigh_words(index).list_hinted(label)


def _number_names(drafts: Sequence[LabelDraft], taken: set[str]) -> Iterator[LabelDraft]:
    """Give rows of no field names of their own: labels in other letters may share their Latin words, or have none."""
    for draft in drafts:
        name = draft.extra
        numbers = count(1 if name == UNNAMED else 2)
        while name is not None and (name in taken or name == UNNAMED):
            name = f"{draft.extra}_{next(numbers)}"
        taken |= {name} if name else set()
        yield draft._replace(extra=name)


def _make_draft(issues: Sequence[Issue], lacking: Sequence[str]) -> LabelDraft:
    """Put the issues of one label together; `lacking` are the fields that it may be a reworded label of."""
    total: dict[str, float] = defaultdict(float)
    for issue in issues:
        if issue.field is not None:
            total[issue.field] += issue.score or 0.0
    field = max(sorted(total, key=_ORDER.index), key=lambda name: total[name], default=None)
    # One practice's evidence does not outweigh that of the others: most must agree, or half on good grounds.
    own = [issue for issue in issues if issue.field == field]
    best = max((issue.score or 0.0 for issue in own), default=0.0)
    if 2 * len(own) < len(issues) + (best < LEAST_SCORE_OF_HALF):
        field, own = None, [issue for issue in issues if issue.field is None]
    likeliest = max(own, key=lambda issue: issue.score or 0.0, default=None)
    recurs = field is None and len({issue.practice for issue in issues}) >= EXTRA_PRACTICES
    doubt = [f"against a row of no field: its practices lack {', '.join(lacking)}"] if recurs and lacking else []
    return LabelDraft(
        extra=_name_extra(issues[0].label or "") if recurs and not lacking else None,
        text=" ".join((issues[0].label or "").split()),
        field=field,
        score=0.0 if likeliest is None else likeliest.score or 0.0,
        places=tuple(f"{issue.practice} p. {issue.page}" for issue in issues),
        evidence=(*(likeliest.evidence if likeliest else ()), *_list_dissent(field, issues), *doubt),
        value=issues[0].text or "",
    )


def _list_dissent(field: str | None, issues: Sequence[Issue]) -> Iterator[str]:
    """Say in which practices another field, or none, is likely for the same label."""
    others: dict[str, list[str]] = defaultdict(list)
    for issue in issues:
        if issue.field != field:
            others[issue.field or "no field"].append(issue.practice or "")
    for other, practices in others.items():
        yield f"against: in {', '.join(practices)} {other} is likely"


def _name_extra(label: str) -> str:
    """A name for a row of no field, by the Latin words of its label; a person replaces it by an English one."""
    return "_".join((UNNAMED, *(word for word in bare_words(label) if word.isascii())))


def render_drafts(drafts: Sequence[LabelDraft]) -> str:
    """Write drafts as YAML that can be pasted into labels.yaml.

    Args:
        drafts: The drafts.

    Returns:
        Entries by field, each with its score, places and evidence as a comment; labels without a likely field as
        comments only.
    """
    lines: list[str] = []
    for field, own in groupby(drafts, key=lambda draft: "extra" if draft.extra else draft.field):
        lines += [] if field is None else [f"{field}:"]
        for draft in own:
            entry, places = f"{{text: {say(draft.text)}, status: draft}}", ", ".join(draft.places)
            if draft.extra is not None:
                lines.append(f"  # {places}: {draft.value}")
                lines.append(f"  {draft.extra}: {{meaning: {say(UNDESCRIBED)}, labels: [{entry}]}}")
            elif draft.known is not None:
                advice = "run again; if it stays unknown, it is part of a longer label, which is to be added in whole"
                lines.append(f"# {draft.known} has {say(draft.text)} ({places}): {draft.value}; {advice}")
            elif field is None:
                why = "".join(f"; {line}" for line in draft.evidence)
                lines.append(f"# no likely field: {say(draft.text)} ({places}): {draft.value}{why}")
            else:
                lines.append(f"  - {entry}  # {_explain(draft)}")
    return "".join(f"{line}\n" for line in lines)


def _explain(draft: LabelDraft) -> str:
    return f"{draft.score:.2f} ({', '.join(draft.places)}) {'; '.join(draft.evidence)}"


def write_drafts(drafts: Sequence[LabelDraft], path: Path) -> int:
    """Add drafts to a labels.yaml, marked `status: draft`; comments and order stay.

    Args:
        drafts: The drafts; those with neither a likely field nor a name for a row of no field are left out.
        path: The file.

    Returns:
        How many entries were added.

    Raises:
        LexiconError: The file, with the entries, does not hold what it must; it stays as it was.
        OutputError: The file can't be written.
    """
    chosen = [draft for draft in drafts if draft.field is not None or draft.extra is not None]
    content: Any = make_yaml().load(path.read_text(encoding="utf-8"))
    for draft in chosen:
        entry = make_entry(draft.text)
        if draft.extra is not None:
            extra = content.setdefault("extra", CommentedMap())
            extra[draft.extra] = CommentedMap(meaning=UNDESCRIBED, labels=CommentedSeq([entry]))
            continue
        entries = content.setdefault(draft.field, CommentedSeq())
        entries.append(entry)
        comment_last(entries, _explain(draft))
    text = dump_yaml(content)
    parse_data_file(text, path, Labels)
    write_whole(path, [text.encode()])
    return len(chosen)
