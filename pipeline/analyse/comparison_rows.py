"""A comparison as rows: short ones for the terminal, full ones for CSV and JSON lines; and what a reader has to know about them."""

from __future__ import annotations

from typing import Any

from pipeline.analyse.comparing import Compared, Comparison
from pipeline.analyse.figures import percentage, thousands
from pipeline.analyse.statistics.intervals import Difference, Interval
from pipeline.analyse.studies import open_study, shipped_studies
from pipeline.analyse.tables import TOTAL
from pipeline.analyse.wording import load_wording
from pipeline.codebook import load

_HEADS = {
    "zh": ("项目", "类型", "研究", "本库", "差（百分点）", "检验"),
    "en": ("figure", "type", "study", "here", "difference (points)", "test"),
}
_WORDS = {
    "zh": {
        "missing": "；{n} 未记录",
        "method": "方括号内为 95% 区间（比例用 Wilson 法；差为本库减研究，用 Newcombe 法）。任一期望频数小于 5 时用 Fisher 精确检验"
        "（Cochran 1954），否则用不作连续性校正的 χ² 检验；Holm 校正涵盖所检验的 {n} 项。",
        "independent": "检验视研究与本库为两个独立样本，同时在两者之中的判决书会使差异显小。两者的检索词、年份和纳入标准不同，差异未必是事实的差异。",
        "once": "同一文书的副本和同一案件的各审级文书只计一次。",
        "whose": "本库的类型来自：{whose}。",
        "none": "本库中没有研究范围内的案件。",
        "note": "“{label}”：{note}。",
        "rounded": "研究只给出百分比、件数由此推得：{labels}。",
    },
    "en": {
        "missing": "; {n} not recorded",
        "method": "In brackets 95 % intervals (shares by Wilson; the difference, here less study, by Newcombe). Fisher's exact test where an "
        "expected count is under 5 (Cochran 1954), else chi-square without continuity correction; Holm's correction over the {n} figures tested.",
        "independent": "Study and database are taken for independent samples: judgments that are in both make differences look smaller. "
        "Their search words, years and criteria differ, so a difference need not be one of the facts.",
        "once": "Copies of one judgment and the instances of one case are counted once.",
        "whose": "Attack types here are from: {whose}.",
        "none": "The database has no case in scope.",
        "note": "{label}: {note}.",
        "rounded": "Counts worked out from printed percentages: {labels}.",
    },
}


def list_rows(language: str) -> list[dict[str, Any]]:
    """The studies that ship: name, how many figures, source."""
    studies = [open_study(name) for name in shipped_studies()]
    heads = ("名称", "数据项", "来源") if language == "zh" else ("study", "figures", "source")
    return [dict(zip(heads, (study.name, len(study.figures), study.citation.label(language)), strict=True)) for study in studies]


def short_rows(compared: Compared, language: str) -> list[dict[str, Any]]:
    """One row for each figure, for people: shares as "31/43 = 72 % [57, 83]"."""
    types = _types(language)
    return [dict(zip(_HEADS[language], _short(each, types, language), strict=True)) for each in compared.rows]


def full_rows(compared: Compared, language: str) -> list[dict[str, Any]]:
    """One row for each figure, for programs: every number in a column of its own, shares between 0 and 1, None where there is none."""
    types = _types(language)
    return [_full(each, types, language) for each in compared.rows]


def foot(compared: Compared, language: str) -> list[str]:
    """The lines under the table: source, the study's note and remarks on figures, how it was computed, what it cannot say."""
    words, study, figures = _WORDS[language], compared.study, [each.figure for each in compared.rows]
    tested = sum(each.test.p is not None for each in compared.rows)
    rounded = [figure.label.label(language) for figure in figures if figure.rounded]
    notes = [
        words["note"].format(label=figure.label.label(language), note=note) for figure in figures if (note := figure.note.label(language))
    ]
    whose = ", ".join(f"{load_wording().answers[key].label(language)} {thousands(n)}" for key, n in compared.answers.items())
    lines = [study.citation.label(language), study.note.label(language), *notes]
    lines += [words["rounded"].format(labels="; ".join(rounded))] if rounded else []
    cautions = [load_wording().cautions[key].label(language) for key in ("model", "rules") if compared.answers.get(key)]
    lines += [" ".join([words["whose"].format(whose=whose), *cautions])] if whose else [words["none"]]
    lines += [words["method"].format(n=tested), words["independent"]] if tested else []
    return [line for line in [*lines, words["once"] if compared.once else ""] if line]


def _types(language: str) -> dict[str, str]:
    return {term.name: term.label(language) for term in (*load()["attack_type"].values, TOTAL)}


def _short(each: Comparison, types: dict[str, str], language: str) -> tuple[str, ...]:
    figure, ours = each.figure, each.ours
    theirs = f"{figure.percent:g} %" if figure.n is None else _share(figure.n, figure.of, each.published_interval)
    mine = "–" if ours is None else _share(ours.n, ours.of if each.our_interval or ours.nested else None, each.our_interval)
    if ours and ours.missing:
        mine += _WORDS[language]["missing"].format(n=thousands(ours.missing))
    return figure.label.label(language), types[figure.type], theirs, mine, _points(each.difference), each.test.text(language, sizes=False)


def _share(n: int, of: int | None, limits: Interval | None) -> str:
    """A count, with its denominator, percentage and the limits of that where there are any."""
    if of is None:
        return thousands(n)
    if not of:
        return f"{thousands(n)}/{thousands(of)}"
    written = f"{thousands(n)}/{thousands(of)} = {percentage(n, of)} %"
    if limits is None or limits.low is None or limits.high is None:
        return written
    places = 0 if of < 100 else 1
    return f"{written} [{100 * limits.low:.{places}f}, {100 * limits.high:.{places}f}]"


def _points(found: Difference | None) -> str:
    """A difference in percentage points with its limits: "+12 [−3, +26]"."""
    if found is None or found.value is None or found.low is None or found.high is None:
        return ""
    value, low, high = (
        f"{100 * each:+.0f}".replace("-", "−").replace("−0", "0").replace("+0", "0") for each in (found.value, found.low, found.high)
    )
    return f"{value} [{low}, {high}]"


def _full(each: Comparison, types: dict[str, str], language: str) -> dict[str, Any]:
    figure, ours, gap = each.figure, each.ours, each.difference
    return {
        "figure": figure.label.label(language),
        "type": types[figure.type],
        "study_n": figure.n,
        "study_of": figure.of,
        "study_percent": figure.percent,
        **_limits("study", each.published_interval),
        "n": ours and ours.n,
        "of": ours and ours.of,
        "not_recorded": ours and ours.missing,
        **_limits("our", each.our_interval),
        "difference": gap and gap.value,
        "difference_low": gap and gap.low,
        "difference_high": gap and gap.high,
        "method": each.test.method,
        "p": each.test.p,
        "p_holm": each.test.holm,
        "odds_ratio": each.test.odds and each.test.odds.estimate,
        "test": each.test.text(language),
        "where": figure.where,
        "sql": ours and ours.sql,
    }


def _limits(whose: str, found: Interval | None) -> dict[str, float | None]:
    names = ("share", "low", "high")
    return {f"{whose}_{name}": getattr(found, name) if found else None for name in names}
