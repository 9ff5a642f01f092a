"""How statistics are said in Chinese and English: the names of tests, why there is none, and figures in the style of the APA."""

from __future__ import annotations

import math

from pipeline.codebook import Term

NO_CASES = Term("no_cases", "没有可检验的案件", "no case to test")
ONE_GROUP = Term("one_group", "只有一组有案件，无从比较", "only one group has cases")
ONE_ANSWER = Term("one_answer", "所有案件取值相同，无从比较", "all cases have the same value")
SEVERAL_VALUES = Term("several_values", "一案可有数项，逐行检验", "one case may have several values: each row is tested by itself")
DEPENDENT = Term("dependent", "同案的数人不是相互独立的观察", "several persons of one case are not independent")
A_TOTAL = Term("total", "合计行，无须检验", "a total: nothing to test")
EQUAL_VALUES = Term("equal_values", "所有数值相同", "all values are equal")

METHODS = {
    "fisher": Term("fisher", "Fisher 精确检验", "Fisher's exact test"),
    "fisher_monte_carlo": Term("fisher_monte_carlo", "Fisher 精确检验（模拟 {n} 次）", "Fisher's exact test ({n} simulated tables)"),
    "chi_square": Term("chi_square", "χ²({df}) = {statistic}", "χ²({df}) = {statistic}"),
    "permutation": Term("permutation", "按案件置换检验（{n} 次）", "permutation of cases ({n})"),
    "kruskal_wallis": Term("kruskal_wallis", "Kruskal–Wallis H({df}) = {statistic}", "Kruskal–Wallis H({df}) = {statistic}"),
    "kruskal_wallis_permutation": Term(
        "kruskal_wallis_permutation", "Kruskal–Wallis H = {statistic}（置换 {n} 次）", "Kruskal–Wallis H = {statistic} ({n} permutations)"
    ),
}
_WORDS = {"zh": ("，", "Holm 校正 {p}", "未检验：{why}", "未计入 {n} 例"), "en": (", ", "Holm {p}", "not tested: {why}", "{n} left out")}
_BRACKETS = {"zh": "（{}）", "en": " ({})"}
_PLACES_OF_P = 3


def p_value(p: float) -> str:
    """A p value as printed: "= .041", "< .001", "= 1"; three places, no leading zero."""
    least = 10.0**-_PLACES_OF_P
    if p < least:
        return f"< {least:.{_PLACES_OF_P}f}".replace("0.", ".")
    return "= 1" if p > 1 - least / 2 else f"= {bounded(p, _PLACES_OF_P)}"


def bounded(value: float, places: int = 2) -> str:
    """A number between -1 and 1 without its leading zero: ".31", "−.20", "1.00"."""
    written = f"{abs(value):.{places}f}".removeprefix("0")
    return f"−{written}" if value < 0 and written.strip(".0") else written


def ratio(value: float | None) -> str:
    """An odds ratio to three significant figures; ∞ where it has no upper end."""
    if value is None or math.isinf(value):
        return "∞"
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def method_name(key: str, language: str, **figures: str) -> str:
    """The name of a test with its figures filled in."""
    return METHODS[key].label(language).format(**figures)


def sentence(language: str, head: str, p: float, holm: float | None, sizes: list[str], left_out: int) -> str:
    """One test in words: "Fisher's exact test, p = .003 (Holm .041), V = .31, 4 left out"."""
    comma, corrected, _, without = _WORDS[language]
    mark = p_value(p)
    if holm is not None:
        mark += _BRACKETS[language].format(corrected.format(p=p_value(holm).removeprefix("= ")))
    tail = [without.format(n=left_out)] if left_out else []
    return comma.join([head, f"p {mark}", *sizes, *tail])


def no_test(language: str, why: Term, left_out: int = 0) -> str:
    """Why there is no test, in words."""
    comma, _, words, without = _WORDS[language]
    return words.format(why=why.label(language)) + (comma + without.format(n=left_out) if left_out else "")
