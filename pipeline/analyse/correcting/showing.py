"""The estimates and the plan as text: a table for people in either language, CSV or JSON lines for programs."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table as RichTable

from pipeline.analyse.correcting.estimating import Estimate
from pipeline.analyse.correcting.planning import CodingPlan
from pipeline.analyse.correcting.remarks import Remark
from pipeline.analyse.correcting.table import Corrected, Row
from pipeline.analyse.questions import FORMS, write_rows
from pipeline.codebook import Variable
from pipeline.codebook.nouns import LANGUAGES
from pipeline.schema import AnjuanError

_WORDS = {
    "zh": {
        "title": "校正估计：占比（%）及 95% 区间。抽样框 {cases} 件，人工编码 {coded} 件",
        "heads": ("", "占", "机器", "人工编码", "校正", "编码"),
        "foot": "机器：以机器标签为真值，区间偏窄、估计有偏。人工编码：只用随机抽取的案件，按概率加权。校正：机器标签加人工样本的修正"
        "（DSL，PPI++），区间按抽样设计计算。“编码”：该范围内人工编码的案件中有此值的件数。“全部案件”一行：既属研究范围又有此值的案件。两类之差以百分点计。",
        "note": "注意",
        "plan": "还需编码多少案件：{what} 的 95% 区间全宽 {width} 个百分点",
        "plan_heads": ("设计", "机器标签", "还需编码", "预期全宽", "每层"),
        "plan_foot": "抽样：`anjuan annotate assign --strategy random`（或 stratified）`--size 件数`。奈曼分配是各层误差不同时的最优分配，供参考。",
        "with": "使用", "without": "不使用",
        "random": "简单随机", "stratified": "分层（按比例）", "neyman": "分层（奈曼分配）",
        "now": "目前 {n} 件编码，校正估计的区间全宽为 {width} 个百分点。",
        "nothing": "尚无编码。",
        "unreachable": "全部编码也达不到",
        "minus": " 减 ",
    },
    "en": {
        "title": "Corrected estimates: shares in % with 95 % intervals. {cases} cases in the frame, {coded} coded by hand",
        "heads": ("", "of", "machine", "hand-coded", "corrected", "coded"),
        "foot": "machine: its labels taken for the truth; biased, and the interval too narrow. hand-coded: only cases drawn by chance, weighted "
        "by their probabilities. corrected: the machine's labels plus what the hand-coded sample shows them to miss (DSL, PPI++), with the "
        "design's interval. coded: hand-coded cases with the value, of those in the column. The row 'All cases': cases that are in scope and have the value. Differences are in percentage points.",
        "note": "note",
        "plan": "How many more cases to code for a 95 % interval of {what} that is {width} percentage points wide",
        "plan_heads": ("design", "machine", "more cases", "expected width", "by stratum"),
        "plan_foot": "Draw them with `anjuan annotate assign --strategy random` (or stratified) `--size` more cases. Neyman's numbers, the best there "
        "are where the machine errs more in some strata than in others, show what strata could save at most.",
        "with": "used", "without": "not used",
        "random": "simple random", "stratified": "stratified, in proportion", "neyman": "stratified (Neyman)",
        "now": "Now {n} cases are coded, and the corrected interval is {width} percentage points wide.",
        "nothing": "Nothing is coded yet.",
        "unreachable": "not even by coding all",
        "minus": " − ",
    },
}  # fmt: skip
_WIDE = 400


def render(corrected: Corrected, form: str = "table", language: str = "en") -> str:
    """The estimates in one of the forms of `anjuan query`; AnjuanError for another form or language."""
    _check(form, language)
    if form != "table":
        return write_rows([_told(row, form) for row in corrected.rows], form)
    words = _WORDS[language]
    buffer = io.StringIO()
    console = Console(file=buffer, width=_WIDE, color_system=None, highlight=False, markup=False)
    console.print(str(words["title"]).format(cases=corrected.cases, coded=corrected.coded))
    for variable, rows in groupby(corrected.rows, key=lambda row: row.variable):
        console.print(_rich(variable, list(rows), language))
    lines = [line.rstrip() for line in buffer.getvalue().splitlines()]
    return "\n".join([*lines, str(words["foot"]), *_remarked(corrected.remarks, language)]) + "\n"


def render_plan(plan: CodingPlan, form: str = "table", language: str = "en") -> str:
    """The plan in one of the forms; AnjuanError for another form or language."""
    _check(form, language)
    if form != "table":
        return write_rows([_planned(option, plan, form) for option in plan.options], form)
    words = _WORDS[language]
    table = RichTable(*words["plan_heads"], box=box.SIMPLE_HEAD, pad_edge=False)
    for option in plan.options:
        more = str(words["unreachable"]) if option.more is None else str(option.more)
        strata = ", ".join(f"{name} {count}" for name, count in option.strata.items())
        machine = str(words["with" if option.machine else "without"])
        table.add_row(str(words[option.strategy]), machine, more, "–" if option.width is None else _points(option.width), strata)
    buffer = io.StringIO()
    Console(file=buffer, width=_WIDE, color_system=None, highlight=False, markup=False).print(table)
    what = f"{plan.variable.label(language)} = {plan.value.label(language)} ({plan.column.label(language)})"
    title = str(words["plan"]).format(what=what, width=_points(plan.wanted))
    now = str(words["nothing"]) if plan.width is None else str(words["now"]).format(n=plan.coded, width=_points(plan.width))
    body = [line.rstrip() for line in buffer.getvalue().strip("\n").splitlines()]
    return "\n".join([title, now, *body, str(words["plan_foot"]), *_remarked((*plan.basis, *plan.remarks), language)]) + "\n"


def _check(form: str, language: str) -> None:
    if form not in FORMS:
        raise AnjuanError(f"unknown form {form!r}; choose one of {', '.join(FORMS)}")
    if language not in LANGUAGES:
        raise AnjuanError(f"unknown language {language!r}; choose one of {', '.join(LANGUAGES)}")


def _remarked(remarks: Iterable[Remark], language: str) -> list[str]:
    note = str(_WORDS[language]["note"])
    colon = "：" if language == "zh" else ": "
    return [f"{note}{colon}{remark.term.label(language)}" for remark in remarks]


def _rich(variable: Variable, rows: Sequence[Row], language: str) -> RichTable:
    table = RichTable(title=variable.label(language), title_justify="left", title_style="", box=box.SIMPLE_HEAD, pad_edge=False)
    for number, head in enumerate(_WORDS[language]["heads"]):
        table.add_column(head, justify="left" if number < 2 else "right", no_wrap=True)
    for _, group in groupby(rows, key=lambda row: row.value.name):
        for number, row in enumerate(group):
            label = row.value.label(language) if number == 0 else ""
            table.add_row(label, _column(row, language), *map(_cell, (row.machine, row.coded, row.corrected), [row] * 3), _coded(row))
        table.add_section()
    return table


def _column(row: Row, language: str) -> str:
    name = row.column.label(language)
    return name if row.against is None else f"{name}{_WORDS[language]['minus']}{row.against.label(language)}"


def _cell(estimate: Estimate, row: Row) -> str:
    if estimate.value is None:
        return "–"
    sign = "+" if row.against is not None else ""
    if estimate.low is None or estimate.high is None:
        return f"{_percent(estimate.value, sign)} (–)"
    return f"{_percent(estimate.value, sign)} ({_percent(estimate.low, sign)} .. {_percent(estimate.high, sign)})"


def _percent(value: float, sign: str = "") -> str:
    written = f"{100 * value:{sign}.1f}"
    return "0.0" if float(written) == 0 else written


def _points(value: float) -> str:
    return f"{100 * value:.1f}"


def _coded(row: Row) -> str:
    return "" if row.against is not None else f"{row.coded_count:g}/{row.coded_cases:g}"


def _told(row: Row, form: str) -> dict[str, Any]:
    """A row for programs: shares from 0 to 1, blank (null) where they cannot be told."""
    judgments = list(row.judgments) if form == "jsonl" else " ".join(row.judgments)
    against = None if row.against is None else row.against.name
    found: dict[str, Any] = {"variable": row.variable.name, "value": row.value.name, "column": row.column.name, "against": against}
    found |= {"variable_zh": row.variable.zh, "variable_en": row.variable.en, "value_zh": row.value.zh, "value_en": row.value.en}
    for name in ("machine", "coded", "corrected"):
        estimate: Estimate = getattr(row, name)
        found |= {name: estimate.value, f"{name}_low": estimate.low, f"{name}_high": estimate.high}
    found |= {"tuning": row.tuning, "machine_count": row.machine_count, "machine_cases": row.machine_cases}
    return found | {"coded_count": row.coded_count, "coded_cases": row.coded_cases, "judgments": judgments, "sql": row.sql}


def _planned(option: Any, plan: CodingPlan, form: str) -> dict[str, Any]:
    found: dict[str, Any] = {"variable": plan.variable.name, "value": plan.value.name, "column": plan.column.name, "wanted": plan.wanted}
    found |= {"strategy": option.strategy, "machine": int(option.machine), "coded": plan.coded, "width_now": plan.width}
    strata = option.strata if form == "jsonl" else " ".join(f"{name}={count}" for name, count in option.strata.items())
    return found | {"more": option.more, "width": option.width, "strata": strata}
