"""What `anjuan sensitivity` shows: the choices with their reasons, the table with its ranges, every cell with its SQL."""

from __future__ import annotations

from typing import Any

from pipeline.analyse.figures import percentage
from pipeline.analyse.lines import Level
from pipeline.analyse.questions import write_rows
from pipeline.analyse.sensitivity.choices import Choice, Extreme
from pipeline.analyse.sensitivity.counting import Scenario, Sensitivity
from pipeline.analyse.sensitivity.ranges import Extent, extents, scenario_counts
from pipeline.codebook import Term

_WORDS = {
    "zh": {
        "question": "问题",
        "choice": "选择",
        "reason": "理由",
        "together": "合并作出",
        "moved": "变动最大者",
        "title": "{table}：每格为报告的件数（占该列%），其后为各种选择之下的最低至最高",
        "nothing": "研究范围内没有案件，无可比较",
    },
    "en": {
        "question": "Question",
        "choice": "Choice",
        "reason": "Reason",
        "together": "Together",
        "moved": "Moved most by",
        "title": "{table}: in each cell the report's number (% of the column), then lowest to highest under any choice",
        "nothing": "no case in scope: nothing to compare",
    },
}
_SET_IN = {Level.TOTAL: "", Level.GROUP: "· ", Level.MISSING: "· ", Level.VALUE: "· · "}  # the terminal drops blanks in front


def render(result: Sensitivity, language: str = "en") -> str:
    """The choices and the table with its ranges, as text for the terminal."""
    words = _WORDS[language]
    if not any(scenario_counts(scenario)["total"] for scenario in result.all):
        return words["nothing"] + "\n"
    title = words["title"].format(table=result.name.label(language))
    choices, table = write_rows(choice_rows(result, language), "table"), write_rows(table_rows(result, language), "table")
    return f"{choices}\n{title}\n\n{table}"


def choice_rows(result: Sensitivity, language: str = "en") -> list[dict[str, Any]]:
    """Each choice with what it counts and why it is defensible; the report's own way first."""
    words = _WORDS[language]
    found = []
    for scenario in result.all:
        counts = {column.label(language): scenario_counts(scenario)[column.name] for column in scenario.table.columns}
        question, reason = _why(scenario, language)
        found.append({words["question"]: question, words["choice"]: scenario.name.label(language), **counts, words["reason"]: reason})
    return found


def _why(scenario: Scenario, language: str) -> tuple[str, str]:
    if isinstance(scenario.name, Choice):
        return scenario.name.question.label(language), scenario.name.reason.label(language)
    if isinstance(scenario.name, Extreme):
        joined = ("；" if language == "zh" else "; ").join(choice.label(language) for choice in scenario.chosen)
        return _WORDS[language]["together"], joined
    return "", ""


def table_rows(result: Sensitivity, language: str = "en") -> list[dict[str, str]]:
    """The table, a row for each line: number, share and their ranges by type, and the choice that moves a share of the line most."""
    lines: dict[str, list[Extent]] = {}
    for extent in extents(result):
        lines.setdefault(extent.line.key, []).append(extent)
    found, part = [], ""
    for of_line in lines.values():
        first = of_line[0]
        if first.part.block.key != part and len(first.part.rows) > 1:
            found.append({"": first.part.block.label.label(language)} | dict.fromkeys(_columns(of_line, language), ""))
        part = first.part.block.key
        cells = {extent.column.label(language): _written(extent) for extent in of_line}
        mover = max(of_line, key=lambda extent: (extent.points, extent.moved is not None))
        label = _SET_IN[first.line.level] + first.line.label.label(language)
        moved = mover.moved_by.label(language) if mover.moved_by else "–"
        found.append({"": label, **cells, _WORDS[language]["moved"]: moved})
    return found


def _columns(of_line: list[Extent], language: str) -> list[str]:
    return [*(extent.column.label(language) for extent in of_line), _WORDS[language]["moved"]]


def _written(extent: Extent) -> str:
    """As "27 (16.6%) 22–27, 14.8–17.1%"; without a range where nothing moves it."""
    base = f"{extent.base.n} ({percentage(extent.base.n, extent.base.denominator)}%)"
    if extent.steady or extent.shares is None:
        return base
    places = 0 if extent.base.denominator < 100 else 1
    low, high = (f"{share:.{places}f}" for share in extent.shares)
    return f"{base} {extent.counts[0]}–{extent.counts[1]}, {low}–{high}%"


def cell_rows(result: Sensitivity, language: str = "en") -> list[dict[str, Any]]:
    """A row for each cell: number, share, ranges, the choice that moves it most, and the SQL of both counts. Shares in percent."""
    return [_cell_row(extent, result.name, language) for extent in extents(result)]


def _cell_row(extent: Extent, table: Term, language: str) -> dict[str, Any]:
    low, high = extent.shares or (None, None)
    moved = extent.moved
    return {
        "table": table.name,
        "line": extent.line.key,
        "label": extent.line.label.label(language),
        "column": extent.column.name,
        "n": extent.base.n,
        "denominator": extent.base.denominator,
        "percent": _rounded(extent.base.percent),
        "lowest_n": extent.counts[0],
        "highest_n": extent.counts[1],
        "lowest_percent": _rounded(low),
        "highest_percent": _rounded(high),
        "moved_most_by": extent.moved_by.name if extent.moved_by else None,
        "moved_n": moved.n if moved else None,
        "moved_percent": _rounded(moved.percent) if moved else None,
        "sql": extent.base.sql,
        "moved_sql": moved.sql if moved else None,
    }


def scenario_rows(result: Sensitivity, language: str = "en") -> list[dict[str, Any]]:
    """A row for each cell under each choice, with its SQL. Shares in percent."""
    return [
        {
            "choice": scenario.name.name,
            "choice_label": scenario.name.label(language),
            "line": row.line.key,
            "label": row.line.label.label(language),
            "column": column,
            "n": cell.n,
            "denominator": cell.denominator,
            "percent": _rounded(cell.percent),
            "sql": cell.sql,
        }
        for scenario in result.all
        for part in scenario.table.parts
        for row in part.rows
        for column, cell in row.cells.items()
    ]


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 2)
