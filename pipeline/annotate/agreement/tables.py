"""Agreement as rows for the terminal, CSV and JSON lines. Names stay those of the codebook; for people, numbers come with intervals."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pipeline.annotate.agreement.nouns import WHYS, Agreement, Compared, Confusion, Measure, PartyCount, Row
from pipeline.codebook import Codebook
from pipeline.schema import AnjuanError, Entry

Cells = dict[str, Any]
_NONE, _EMPTY = "-", "∅"
_HEADINGS = {
    "unit": "单位",
    "variable": "变量",
    "label": "名称",
    "coders": "编码员",
    "n": "件数",
    "one_only": "仅一人填",
    "percent": "一致率",
    "kappa": "Cohen κ",
    "alpha": "Krippendorff α",
    "ordinal_alpha": "等级 α",
    "quoted": "均有引文",
    "quote_f1": "引文重合F1",
    "quotes_touch": "引文相交",
    "both": "双方均有",
    "first_only": "仅前者",
    "second_only": "仅后者",
    "first": "前者",
    "second": "后者",
    "count": "次数",
    "judgment_id": "文书",
    "unsure": "存疑",
    "notes": "备注",
}


def summary(agreement: Agreement, codebook: Codebook, language: str) -> list[Cells]:
    """For people: one row for each variable and pair of coders, intervals in brackets."""
    return [_shown(row, codebook, language) for row in agreement.rows]


def numbers(agreement: Agreement) -> list[Cells]:
    """For programs: the same rows with every number in a column of its own; what is undefined is None, and why stands beside it."""
    return [_numbers(row) for row in agreement.rows]


def parties(agreement: Agreement) -> list[Cells]:
    """How many victims and defendants two coders have in common."""
    return [_party(count) for count in agreement.parties]


def confusions(agreement: Agreement) -> list[Cells]:
    """Every confusion table, one row for each pair of values that occurs."""
    return [cells for confusion in agreement.confusions for cells in _confusion(confusion)]


def disagreements(agreement: Agreement) -> list[Cells]:
    """Every disagreement with both answers, doubts and notes."""
    return [_disagreement(each) for each in agreement.disagreements]


def crosstab(confusion: Confusion, codebook: Codebook, language: str) -> list[Cells]:
    """One confusion table as such: a row for each value of the first coder, a column for each of the second."""
    label = codebook.labeller(language)
    corner = f"{confusion.variable}: {confusion.coders[0]} \\ {confusion.coders[1]}"
    labels = [label(confusion.variable, value) or _NONE for value in confusion.values]
    named = labels if len(set(labels)) == len(labels) else list(confusion.values)
    return [{corner: name, **dict(zip(named, row, strict=True))} for name, row in zip(named, confusion.counts, strict=True)]


def headed(rows: Sequence[Mapping[str, Any]], language: str) -> list[Cells]:
    """Rows for people, with Chinese headings when the language is "zh"."""
    if language == "zh":
        return [{_HEADINGS.get(key, key): value for key, value in row.items()} for row in rows]
    return [{key.replace("_", " "): value for key, value in row.items()} for row in rows]


def told(agreement: Agreement, language: str) -> list[str]:
    """What has to be said beside the tables: how much was compared, what was left out, how lists were compared."""
    out, lines = agreement.left_out, _TOLD[language == "zh"]
    coders = len(agreement.coders)
    found = [lines[0].format(coders=coders, cases=agreement.cases, differ=len(agreement.disagreements)) if coders else lines[1]]
    if out.assisted or out.unfinished or out.single:
        found.append(lines[2].format(assisted=out.assisted, unfinished=out.unfinished, single=out.single))
    return found + ([lines[3]] if any(row.metric == "masi" for row in agreement.rows) else [])


_TOLD = (
    (
        "{cases} judgments, {coders} coders, {differ} disagreements",
        "no judgment has been finished by two coders: there is nothing to compare",
        "left out: {assisted} codings made with suggestions in sight (--mode all takes them in), {unfinished} unfinished, "
        "{single} of judgments that nobody else has finished",
        "alpha of lists takes MASI distance (Passonneau 2006); their percent and kappa take exact equality",
    ),
    (
        "{coders}名编码员，共同完成文书{cases}件，不一致{differ}处",
        "没有两人都完成的文书，无从比较",
        "未计入：参考了机器建议的{assisted}份（--mode all 可计入），未完成的{unfinished}份，别人尚未完成的{single}份",
        "列表变量的α采用MASI距离（Passonneau 2006），其一致率与κ按完全相同计算",
    ),
)


def measure_text(measure: Measure, language: str, form: Callable[[float], str] = "{:.2f}".format) -> str:
    """A coefficient with its interval, or why there is none."""
    if measure.value is None:
        return WHYS[measure.why][language == "zh"]
    if measure.low is None or measure.high is None:
        return form(measure.value)
    return f"{form(measure.value)} ({form(measure.low)}, {form(measure.high)})"


def _shown(row: Row, codebook: Codebook, language: str) -> Cells:
    spans = row.spans
    named = {"label": codebook[row.variable].zh} if language == "zh" else {}
    return {
        "unit": row.kind,
        "variable": row.variable,
        **named,
        "coders": ", ".join(row.coders),
        "n": row.n,
        "one_only": row.unanswered,
        "percent": measure_text(row.percent, language, "{:.1%}".format),
        "kappa": measure_text(row.kappa, language),
        "alpha": measure_text(row.alpha, language),
        "ordinal_alpha": measure_text(row.ordinal, language) if row.ordinal else _NONE,
        "quoted": spans.n,
        "quote_f1": _NONE if spans.f1 is None else f"{spans.f1:.2f}",
        "quotes_touch": _NONE if spans.touching is None else f"{spans.touching:.0%}",
    }


def _numbers(row: Row) -> Cells:
    cells: Cells = {"unit": row.kind, "variable": row.variable, "coders": ", ".join(row.coders)}
    cells |= {"n": row.n, "judgments": row.cases, "one_only": row.unanswered}
    for name, measure in (
        ("percent", row.percent),
        ("kappa", row.kappa),
        ("alpha", row.alpha),
        ("ordinal_alpha", row.ordinal or Measure()),
    ):
        cells |= {name: measure.value, f"{name}_low": measure.low, f"{name}_high": measure.high, f"{name}_undefined": measure.why}
    cells |= {"alpha_distance": row.metric, "ordinal_n": row.ordinal_n}
    return cells | {"quoted": row.spans.n, "quote_f1": row.spans.f1, "quotes_touch": row.spans.touching}


def _party(count: PartyCount) -> Cells:
    own = {"both": count.both, "first_only": count.first_only, "second_only": count.second_only}
    return {"unit": count.kind, "coders": ", ".join(count.coders), **own}


def _confusion(confusion: Confusion) -> list[Cells]:
    same = {"unit": confusion.kind, "variable": confusion.variable, "coders": ", ".join(confusion.coders)}
    values = confusion.values
    return [
        {**same, "first": values[i], "second": values[j], "count": count}
        for i, row in enumerate(confusion.counts)
        for j, count in enumerate(row)
        if count
    ]


def _disagreement(each: Compared) -> Cells:
    first, second = each.entries
    return {
        "judgment_id": each.judgment_id,
        "unit": " / ".join(unit or _NONE for unit in dict.fromkeys(each.units)),
        "variable": each.variable,
        "coders": ", ".join(each.coders),
        "first": _values(first),
        "second": _values(second),
        "unsure": ", ".join(coder for coder, entry in zip(each.coders, each.entries, strict=True) if entry.unsure),
        "notes": " / ".join(f"{coder}: {entry.note}" for coder, entry in zip(each.coders, each.entries, strict=True) if entry.note),
    }


def _values(entry: Entry) -> str:
    """The values of one answer; what is known to be empty is told from what was not answered."""
    return "+".join(value for value in entry.values if value) or (_EMPTY if entry.values else _NONE)


PARTS: Mapping[str, Callable[[Agreement], list[Cells]]] = {
    "summary": numbers,
    "parties": parties,
    "confusion": confusions,
    "disagreements": disagreements,
}


def part(agreement: Agreement, name: str) -> list[Cells]:
    """The rows of one of `PARTS` for programs; AnjuanError for any other."""
    if name not in PARTS:
        raise AnjuanError(f"unknown part {name!r}; choose one of {', '.join(PARTS)}")
    return PARTS[name](agreement)
