"""Why a judgment got its value: what each voice says, which rules stand behind it, which competed, and what cancelled the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from itertools import groupby

from pipeline.codebook import Codebook, Variable, load
from pipeline.schema import Label, Span
from pipeline.store import Store
from pipeline.store.trust import rank
from pipeline.text import Document
from pipeline.workshop.deciders import DECIDERS
from pipeline.workshop.files import shipped_file
from pipeline.workshop.finding import find_judgment
from pipeline.workshop.firings import Firing, firings

LISTED = 10  # matches shown of one kind
_RULES, _DEFENCE = "rules", "defence"  # what the defence pleads decides nothing: it comes last


def explain(store: Store, judgment: str, variable: str, limit: int = LISTED) -> str:
    """The account for one variable of one judgment, as lines for the terminal; at most `limit` matches of each kind.

    AnjuanError for a judgment that is not there or not unique, CodebookError for an unknown variable.
    """
    codebook = load()
    declared = codebook[variable]
    judgment_id = find_judgment(store, judgment)
    case = store.query("SELECT source_id, case_number, court FROM cases WHERE judgment_id = ?", [judgment_id])[0]
    stored = store.judgment(judgment_id)
    document = Document.of(stored) if stored else Document.read("")
    everything = store.labels(judgment_id)
    said = [label for label in everything if label.variable == variable]
    head = f"{variable} ({declared.zh}) of {judgment_id}, {case['source_id']} {case['case_number']} {case['court']}".rstrip()
    return "\n".join([head, *_values(said, _names(everything), declared), "", *_account(said, declared, document, codebook, limit)])


def _names(labels: Iterable[Label]) -> Mapping[str, str]:
    return {label.unit: label.value for label in labels if label.variable == "name" and label.by == _RULES}


def _values(said: Sequence[Label], names: Mapping[str, str], declared: Variable) -> list[str]:
    """What each voice says of each unit, the most trusted first."""
    if not said:
        return [f"  nobody has said anything; silence means: {declared.silence_en}"]
    return [
        f"  {unit} {names.get(unit, '')}".rstrip() + f": {_label(declared, label.value)}, by {label.by}{_score(label)}"
        for unit, labels in groupby(sorted(said, key=lambda label: _order(label.unit)), key=lambda label: label.unit)
        for label in sorted(labels, key=lambda label: (label.by == _DEFENCE, rank(label.by), label.by))
    ]


def _order(unit: str) -> tuple[str, int]:
    kind, _, number = unit.partition(":")
    return kind, int(number or 0)


def _score(label: Label) -> str:
    return "" if label.score is None else f" ({label.score:.2f})"


def _label(declared: Variable, value: str) -> str:
    zh = {known.name: f" ({known.zh})" for known in declared.values}
    return (value or "(empty)") + zh.get(value, "")


def _account(said: Sequence[Label], declared: Variable, document: Document, codebook: Codebook, limit: int) -> list[str]:
    decider = DECIDERS[declared.name]
    told = [firing for file in decider.files for firing in firings(document, file)]
    by_rules = [(label, span) for label in said for span in label.spans if label.by == _RULES]
    behind = [firing for firing in told if _stands_behind(firing, by_rules, told)]
    others = [firing for firing in told if firing not in behind]
    show = _shower(codebook)
    return [
        f"decided in pipeline/{decider.module}" if decider.module else "only people code this variable",
        *([f"rule files: {', '.join(decider.files)}"] if decider.files else ["no rule file speaks for this variable"]),
        *_part("behind the value", [show(firing) for firing in behind], limit),
        *_part(
            "quoted by other voices, or by an extractor without a rule of these files", _unruled(said, behind, document, codebook), limit
        ),
        *_part("competed: fired and counted, but decided nothing", [show(f) for f in others if f.refused is None], limit),
        *_part("cancelled", [show(f) for f in others if f.refused is not None], limit),
    ]


def _stands_behind(firing: Firing, evidence: Sequence[tuple[Label, Span]], told: Sequence[Firing]) -> bool:
    """Whether the match is quoted as evidence under its own name, or by an extractor's name where its words are."""
    known = {other.rule.id for other in told}
    return firing.refused is None and any(
        _overlap(firing.span, span) and (span.rule == firing.rule.id or span.rule not in known) for _, span in evidence
    )


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _unruled(said: Sequence[Label], behind: Sequence[Firing], document: Document, codebook: Codebook) -> list[list[str]]:
    """Evidence behind which no rule of the files stands: an extractor's own reading, or another voice's."""
    rows = [(label, span) for label in said for span in label.spans if label.by != _RULES or not _of_rule(span, behind)]
    return [
        [
            f"{label.unit} = {label.value}, by {label.by}, {span.rule or 'no rule named'}; {_where(span, codebook)}",
            _words(document.text, span),
        ]
        for label, span in rows
    ]


def _of_rule(span: Span, behind: Sequence[Firing]) -> bool:
    return any(firing.rule.id == span.rule and _overlap(firing.span, span) for firing in behind)


def _words(text: str, span: Span, around: int = 30) -> str:
    before, after = text[max(span.start - around, 0) : span.start], text[span.end : span.end + around]
    return " ".join(f"{before}【{text[span.start : span.end]}】{after}".split())


def _where(span: Span, codebook: Codebook) -> str:
    section, speaker = codebook.sections[span.section], codebook.speakers[span.speaker]
    return f"section {section.name} ({section.zh}), said by {speaker.name} ({speaker.zh})"


def _shower(codebook: Codebook) -> Callable[[Firing], list[str]]:
    """A function that writes a match: rule, value and place; section and speaker; what cancelled it; the sentence."""

    def show(firing: Firing) -> list[str]:
        rule, place = firing.rule, f"rules/{firing.file}.toml:{_lines(firing.file)[firing.rule.id]}"
        stopped = f"; {_reason(firing.refused)}" if firing.refused else ""
        return [f"{rule.id} = {rule.value}  [{place}]", f"{_where(firing.span, codebook)}{stopped}", firing.sentence]

    return show


@cache
def _lines(file: str) -> Mapping[str, int]:
    opened = shipped_file(file)
    return {row["id"]: opened.line(number) for number, row in enumerate(opened.rows)}


def _reason(refused: str) -> str:
    kind, _, what = refused.partition(": ")
    if kind in ("section", "speaker") and what:
        return f"the rule does not look at this {kind}"
    return "negated by a word just before it" if refused == "negated" else refused


def _part(title: str, rows: Sequence[list[str]], limit: int) -> list[str]:
    """A part of the account: how many, the first of them, and how many are left out; nothing when there are none."""
    if not rows:
        return []
    shown = [line for first, *rest in rows[:limit] for line in (f"  {first}", *(f"      {line}" for line in rest))]
    more = [f"  ... and {len(rows) - limit} more (--limit shows more)"] if len(rows) > limit else []
    return ["", f"{title} ({len(rows)})", *shown, *more]
