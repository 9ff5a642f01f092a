"""The codebook as text for people: Markdown with tables, in Chinese or English (what `anjuan codebook` prints)."""

from __future__ import annotations

import unicodedata

from pipeline.codebook.nouns import LANGUAGES, Codebook, Value, Variable
from pipeline.schema import CodebookError

_WORDS = {
    "zh": {
        "codebook": "编码手册",
        "version": "版本",
        "silence": "文书未提及时",
        "no_value": "空",
        "value": "取值",
        "label": "标签",
        "definition": "定义",
        "group": "组",
        "scope_only": "仅编码研究范围内的案件",
        "evidence": "须引原文",
        "derived": "由其他变量计算",
        "choice": "单选",
        "list": "多项",
        "flag": "是（1）否（0）",
        "integer": "整数",
        "text": "文本",
        "date": "日期",
        "colon": "：",
        "stop": "。",
    },
    "en": {
        "codebook": "Codebook",
        "version": "version",
        "silence": "When the text is silent",
        "no_value": "empty",
        "value": "Value",
        "label": "Label",
        "definition": "Definition",
        "group": "Group",
        "scope_only": "coded in scope only",
        "evidence": "needs a quotation",
        "derived": "computed from other variables",
        "choice": "choice",
        "list": "list",
        "flag": "yes (1) or no (0)",
        "integer": "whole number",
        "text": "text",
        "date": "date",
        "colon": ": ",
        "stop": ". ",
    },
}


def render(codebook: Codebook, language: str = "en") -> str:
    """The whole codebook as Markdown in `language` ("zh" or "en"); CodebookError for another language."""
    if language not in LANGUAGES:
        raise CodebookError(f"no codebook in language '{language}'; choose one of: {', '.join(LANGUAGES)}")
    words = _WORDS[language]
    parts = [f"# {words['codebook']} ({words['version']} {codebook.version}, {codebook.fingerprint})"]
    parts += [_section(variable, codebook, language) for variable in codebook.variables.values()]
    return "\n\n".join(parts) + "\n"


def _section(variable: Variable, codebook: Codebook, language: str) -> str:
    words = _WORDS[language]
    units = [codebook.units[unit].label(language) for unit in variable.units]
    marks = [words[mark] for mark in ("scope_only", "evidence", "derived") if getattr(variable, mark)]
    facts = "; ".join([" / ".join(units), words[variable.kind], *marks])
    silence = f"`{variable.silence}`" if variable.silence else words["no_value"]
    lines = [
        f"## {variable.name} {variable.label(language)}",
        f"*{facts}*",
        variable.definition(language),
        f"{words['silence']}{words['colon']}{silence}{words['stop']}{variable.silence_meaning(language)}",
    ]
    if variable.values:
        lines.append(_values_table(variable, language))
    return "\n\n".join(lines)


def _values_table(variable: Variable, language: str) -> str:
    words = _WORDS[language]
    groups = {group.name: group.label(language) for group in variable.groups}
    head = [words["value"], words["label"], *([words["group"]] if groups else []), words["definition"]]
    rows = [_row(value, groups, language) for value in variable.values]
    widths = [max(_width(row[column]) for row in [head, *rows]) for column in range(len(head) - 1)]
    rule = ["-" * width for width in widths] + ["---"]
    return "\n".join(_line(row, widths) for row in [head, rule, *rows])


def _row(value: Value, groups: dict[str, str], language: str) -> list[str]:
    group = [groups[value.group]] if groups else []
    return [f"`{value.name}`", value.label(language), *group, value.definition(language)]


def _line(row: list[str], widths: list[int]) -> str:
    padded = [cell + " " * (width - _width(cell)) for cell, width in zip(row[:-1], widths, strict=True)]
    return "| " + " | ".join([*padded, row[-1]]) + " |"


def _width(text: str) -> int:
    """Columns that `text` takes in a terminal: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
