"""What `anjuan sensitivity` prints: the choices by number, the table with its ranges, and below the reasons, no line much over 120 columns."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence

from rich import box
from rich.console import Console
from rich.table import Table as RichTable

from pipeline.analyse.figures import percentage
from pipeline.analyse.lines import Level
from pipeline.analyse.sensitivity.choices import Choice, Extreme
from pipeline.analyse.sensitivity.counting import Scenario, Sensitivity
from pipeline.analyse.sensitivity.ranges import Extent, extents, scenario_counts
from pipeline.codebook import Term

_WORDS = {
    "zh": {
        "choice": "选择",
        "together": "合并作出",
        "moved": "最变",
        "title": "{table}：件数（占该列%；各种选择之下占比的最低至最高，首行为件数）。“最变”为使该行占比变动最大的选择。",
        "reasons": "各选择的理由",
        "nothing": "研究范围内没有案件，无可比较",
    },
    "en": {
        "choice": "Choice",
        "together": "Together",
        "moved": "By",
        "title": "{table}: number (% of the column; lowest to highest % under any choice, in the first row the number). 'By': the choice that moves "
        "a share of the line most.",
        "reasons": "Why each choice can be defended",
        "nothing": "no case in scope: nothing to compare",
    },
}
_INDENT = {Level.TOTAL: "", Level.GROUP: " ", Level.MISSING: " ", Level.VALUE: "  "}
_WIDTH = 120
_WIDER_THAN_ANY_TABLE = 400


def render(result: Sensitivity, language: str = "en") -> str:
    """The choices with what each counts, the table with its ranges, and the reasons, as text for the terminal."""
    words = _WORDS[language]
    if not any(scenario_counts(scenario)["total"] for scenario in result.all):
        return words["nothing"] + "\n"
    numbers = {scenario.name.name: number for number, scenario in enumerate(result.others, 1)}
    title = words["title"].format(table=result.name.label(language))
    reasons = _printed([f"{words['reasons']}", "", *_reasons(result, numbers, language)], _WIDTH)
    return f"{_choices(result, numbers, language)}\n{_printed([title], _WIDTH)}\n{_table(result, numbers, language)}\n{reasons}"


def _choices(result: Sensitivity, numbers: Mapping[str, int], language: str) -> str:
    """Each choice by its number under its question, with what it counts."""
    columns = result.base.table.columns
    table = _headed(["", _WORDS[language]["choice"]], [column.label(language) for column in columns])
    asked = ""
    for scenario in result.all:
        question = _question(scenario, language)
        if question not in ("", asked):
            table.add_row("", question)
        asked = question
        counts = scenario_counts(scenario)
        number = str(numbers.get(scenario.name.name, ""))
        table.add_row(number, (" " if question else "") + scenario.name.label(language), *(str(counts[column.name]) for column in columns))
    return _printed([table])


def _question(scenario: Scenario, language: str) -> str:
    if isinstance(scenario.name, Choice):
        return scenario.name.question.label(language)
    return _WORDS[language]["together"] if isinstance(scenario.name, Extreme) else ""


def _reasons(result: Sensitivity, numbers: Mapping[str, int], language: str) -> Iterator[str]:
    """A line for each choice, with its number; of several choices together their numbers."""
    for scenario in result.others:
        number = numbers[scenario.name.name]
        if isinstance(scenario.name, Choice):
            yield f"{number}  {scenario.name.reason.label(language)}"
        else:
            joined = " + ".join(str(numbers[choice.name]) for choice in scenario.chosen)
            yield f"{number}  = {joined}"


def _table(result: Sensitivity, numbers: Mapping[str, int], language: str) -> str:
    """A row for each line: number, share and range by type, and the number of the choice that moves a share of the line most."""
    lines: dict[str, list[Extent]] = {}
    for extent in extents(result):
        lines.setdefault(extent.line.key, []).append(extent)
    columns = [column.label(language) for column in result.base.table.columns]
    table, asked = _headed([""], [*columns, _WORDS[language]["moved"]]), ""
    for of_line in lines.values():
        first = of_line[0]
        if first.part.block.key != asked and len(first.part.rows) > 1:
            table.add_row(first.part.block.label.label(language))
        asked = first.part.block.key
        mover = max(of_line, key=lambda extent: (extent.points, extent.moved is not None)).moved_by
        label = _INDENT[first.line.level] + first.line.label.label(language)
        table.add_row(label, *(_written(extent) for extent in of_line), _number(mover, numbers))
    return _printed([table])


def _number(mover: Term | None, numbers: Mapping[str, int]) -> str:
    return str(numbers[mover.name]) if mover else ""


def _written(extent: Extent) -> str:
    """As "27 (16.6; 14.8–17.1)"; without a range where no choice moves the share, in a total with the range of the count."""
    base = extent.base
    if extent.line.level is Level.TOTAL:
        return f"{base.n} ({extent.counts[0]}–{extent.counts[1]})" if extent.counts[0] != extent.counts[1] else str(base.n)
    share, places = percentage(base.n, base.denominator), 0 if base.denominator < 100 else 1
    low, high = (f"{limit:.{places}f}" for limit in extent.shares or (0.0, 0.0))
    if low != high:
        return f"{base.n} ({share}; {low}–{high})"
    return f"{base.n} ({share})" if base.n else "0"


def _headed(left: Sequence[str], right: Sequence[str]) -> RichTable:
    """An empty table with columns of labels and columns of figures."""
    table = RichTable(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1))
    for name in left:
        table.add_column(name, no_wrap=True)
    for name in right:
        table.add_column(name, justify="right", no_wrap=True)
    return table


def _printed(found: Sequence[RichTable | str], width: int = _WIDER_THAN_ANY_TABLE) -> str:
    buffer = io.StringIO()
    console = Console(file=buffer, width=width, force_terminal=False, color_system=None, highlight=False, markup=False)
    for each in found:
        console.print(each)
    return "\n".join(line.rstrip() for line in buffer.getvalue().strip("\n").splitlines()) + "\n"
