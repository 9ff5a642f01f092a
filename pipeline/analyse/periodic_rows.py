"""What `anjuan periodic` shows: rows for people and for programs, and what to keep in mind about decisions that are posted late or never."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from pipeline.analyse import periods
from pipeline.analyse.lines import Level, Line
from pipeline.analyse.periodic import NUMBER, Periodic, PeriodRow
from pipeline.analyse.questions import write_rows
from pipeline.analyse.statistics import Summary
from pipeline.codebook import load

_WORDS = {
    "zh": {
        "period": "时期",
        "decided": "按裁判日期",
        "incident": "按案发日期",
        "days": "案发至裁判天数 中位数（四分位数）",
        "outside": "{n} 件不在所选时期之内，未列出。",
        "no_place": "未载明",
        "none": "研究范围内没有案件。",
    },
    "en": {
        "period": "Period",
        "decided": "by date of the decision",
        "incident": "by date of the act",
        "days": "Days to judgment, median (quartiles)",
        "outside": "{n} lie outside the range and are not shown.",
        "no_place": "Not stated",
        "none": "No case is in scope.",
    },
}


@cache
def caveats(language: str) -> tuple[str, ...]:
    """Sentences to set under every table by period, each with its source."""
    data = tomllib.loads(files("pipeline.analyse").joinpath("periodic.toml").read_text(encoding="utf-8"))
    opened, closed = ("（", "）") if language == "zh" else (" (", ")")
    return tuple(each[language] + (f"{opened}{each['source']}{closed}" if each["source"] else "") for each in data["caveat"])


def caption(table: Periodic, language: str = "en") -> str:
    """What is counted, by which date, and what the range leaves out."""
    words = _WORDS[language]
    joint, stop = ("，", "。") if language == "zh" else (", ", ".")
    left_out = words["outside"].format(n=table.outside) if table.outside else ""
    return f"{table.unit.label(language)}{joint}{words[table.on]}{stop} {left_out}".strip()


def render(table: Periodic, language: str = "en") -> str:
    """The table with its caption and caveats, as text for the terminal, channels apart: side by side they are wider than a screen."""
    if not table.rows or not (sum(row.n for row in table.rows) or table.outside):
        return _WORDS[language]["none"] + "\n"
    rows, channels = shown_rows(table, language), [line.label.label(language) for line in table.lines if line.key.startswith("channel")]
    fixed = {_WORDS[language]["period"], NUMBER.label(language), *([load()[table.of].label(language)] if table.of else [])}
    first = write_rows([{name: row[name] for name in row if name not in channels} for row in rows], "table")
    second = write_rows([{name: row[name] for name in row if name in channels or name in fixed} for row in rows], "table")
    title = load()["prior_dispute_channel"].label(language)
    return f"{caption(table, language)}\n{first}\n{title}\n{second}\n" + "\n".join(caveats(language)) + "\n"


def shown_rows(table: Periodic, language: str = "en") -> list[dict[str, str]]:
    """The rows in words: incomplete periods with *, columns of missing values only where something is missing."""
    lines = [line for line in table.lines if line.level is not Level.MISSING or any(row.cells[line.key].n for row in table.rows)]
    return [_shown(table, row, lines, language) for row in table.rows]


def _shown(table: Periodic, row: PeriodRow, lines: list[Line], language: str) -> dict[str, str]:
    found = {_WORDS[language]["period"]: periods.label(row.period, language) + (" *" if row.incomplete else "")}
    if table.of:
        found = {load()[table.of].label(language): place_label(table.of, row.place, language)} | found
    found |= {line.label.label(language): str(row.cells[line.key].n) for line in lines}
    return found | {_WORDS[language]["days"]: _spread(row.days)}


def place_label(of: str, place: str, language: str) -> str:
    """The name of a place: as printed, or the codebook's label of its level."""
    return load().labeller(language)(of, place) if place else _WORDS[language]["no_place"]


def _spread(days: Summary) -> str:
    """As "212 (150–301), n = 40"; a dash where there is no value."""
    return "–" if days.median is None else f"{days.median:.0f} ({days.q1:.0f}–{days.q3:.0f}), n = {days.n}"


def plain_rows(table: Periodic, language: str = "en") -> list[dict[str, Any]]:
    """The rows for programs: keys of periods and columns, counts and days as numbers, the SQL that finds the judgments of the row."""
    return [_plain(table, row, language) for row in table.rows]


def _plain(table: Periodic, row: PeriodRow, language: str) -> dict[str, Any]:
    found: dict[str, Any] = {"period": row.period, "label": periods.label(row.period, language), "incomplete": int(row.incomplete)}
    if table.of:
        found |= {table.of: row.place}
    found |= {line.key: row.cells[line.key].n for line in table.lines}
    days = {"days_n": row.days.n, "days_median": row.days.median, "days_q1": row.days.q1, "days_q3": row.days.q3}
    return found | days | {"sql": row.cells[table.lines[0].key].sql}
