"""A rule file as a lawyer reads it: what each rule finds, where and from whose mouth, what cancels it, and its examples."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from rich.cells import cell_len

from pipeline.codebook import Codebook, load
from pipeline.extract.engine.rules import Rule, load_rules
from pipeline.workshop.files import RuleFile, shipped_file
from pipeline.workshop.patterns import LEGEND, readable

_LABEL, _WIDTH = 12, 110


def show(name: str, expand: bool = False) -> str:
    """The rules of the shipped file `name`; with `expand`, vocabularies are written out. AnjuanError, listing the names, when unknown."""
    file, codebook = shipped_file(name), load()
    rules = load_rules(file.name)
    blocks = ["\n".join(_rule(file, number, rule, codebook, expand)) for number, rule in enumerate(rules)]
    return "\n\n".join([f"{_title(file, rules.variable, len(rules.rules), codebook)}\n{file.note}\n{LEGEND}", *blocks])


def _title(file: RuleFile, variable: str, rules: int, codebook: Codebook) -> str:
    known = codebook.variables.get(variable)
    about = f"variable {variable}" + (f" ({known.zh})" if known else " (a cue for other variables)")
    return f"{file.name}: {file.place}, {about}, {rules} rules"


def _rule(file: RuleFile, number: int, rule: Rule, codebook: Codebook, expand: bool) -> list[str]:
    row = file.rows[number]
    return [
        f"{rule.id} = {rule.value}{_label(rule, codebook)}  [{file.place}:{file.line(number)}]",
        *_field("finds", readable(rule.expression.regex.pattern if expand else row["pattern"]), " | "),
        *_field("where", _names(rule.sections, codebook.sections) or ["anywhere"], ", "),
        *_field("said by", _names(rule.speakers, codebook.speakers) or ["anyone"], ", "),
        *_cancelled(rule, row, expand),
        *_field("negation", [_negation(rule)], " "),
        *_field("weight", [str(rule.priority)] if rule.priority else [], ""),
        *_field("note", [row["note"]] if row.get("note") else [], ""),
        *(line for sentence in rule.hits for line in _field("must find", [sentence], "")),
        *(line for sentence in rule.misses for line in _field("must miss", [sentence], "")),
    ]


def _label(rule: Rule, codebook: Codebook) -> str:
    known = codebook.variables.get(rule.variable)
    labels = {value.name: f" ({value.zh})" for value in known.values} if known else {}
    return labels.get(rule.value, "")


def _names(chosen: Iterable[str], terms: Any) -> list[str]:
    """The names as the file writes them, in the codebook's order, with their Chinese labels."""
    wanted = set(chosen)
    return [f"{name} ({term.zh})" for name, term in terms.items() if name in wanted]


def _cancelled(rule: Rule, row: dict[str, Any], expand: bool) -> list[str]:
    written = [c.pattern for c in rule.cancel] if expand else row.get("cancel", [])
    found = [part for pattern in written for part in readable(pattern)]
    return _field("cancelled by", [*found, f"(anywhere in the same {rule.scope})"], " | ") if found else []


def _negation(rule: Rule) -> str:
    if not rule.negation:
        return "not looked at: the pattern itself says what is meant"
    return f"a negating word (未, 没有, 不构成, 否认 ...) at most {rule.reach} characters before it cancels it"


def _field(label: str, parts: Sequence[str], between: str) -> list[str]:
    """Lines of one field: the label, then its parts, broken between parts where the line grows too wide."""
    lines: list[str] = []
    for part in parts:
        joined = f"{lines[-1]}{between}{part}" if lines else part
        if lines and cell_len(joined) <= _WIDTH - _LABEL:
            lines[-1] = joined
        else:
            lines.append(part)
    return [f"  {label if not number else '':{_LABEL}} {line}" for number, line in enumerate(lines)]
