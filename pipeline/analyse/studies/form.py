"""The form of a study's file (TOML; explained by template.toml beside this module) and its reader."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.analyse.lines import table_one_blocks
from pipeline.analyse.studies.measures import COUNTS, Figure, Measure
from pipeline.analyse.tables import TOTAL
from pipeline.codebook import Codebook, Term, Variable, load, toml_lines
from pipeline.schema import AnjuanError, CodebookError

_TEXT, _NUMBER, _NAMES = (str,), (int,), (list,)
_STUDY_KEYS: Mapping[str, tuple[type, ...]] = {
    "citation_zh": _TEXT, "citation_en": _TEXT, "note_zh": _TEXT, "note_en": _TEXT, "cases": (dict,), "figure": _NAMES,
}  # fmt: skip
_FIGURE_KEYS: Mapping[str, tuple[type, ...]] = {
    "line": _TEXT, "variable": _TEXT, "values": _NAMES, "count": _TEXT, "leave_out": _NAMES, "among": (dict,), "type": _TEXT, "n": _NUMBER, "of": _NUMBER,
    "percent": (int, float), "label_zh": _TEXT, "label_en": _TEXT, "where": _TEXT, "note_zh": _TEXT, "note_en": _TEXT,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class StudyFile:
    """A published study: who, a note in both languages (what differs from a database), and its figures in the order of the file."""

    name: str
    citation: Term
    note: Term
    figures: tuple[Figure, ...]


def parse_study_file(text: str, file: str, name: str = "") -> StudyFile:
    """Read a study; AnjuanError names the file, the line and what to do."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise AnjuanError(f"{file} is not TOML: {error}; `anjuan compare --template` prints a file that explains the form") from error
    return _Reader(file, text, load()).study(data, name or file)


class _Reader:
    """One reading of one file: knows the place of every key, for its errors."""

    def __init__(self, file: str, text: str, codebook: Codebook) -> None:
        self.file, self.codebook, self.places = file, codebook, toml_lines(text)
        self.lines = {line.key: line for block in table_one_blocks(codebook) for line in block.lines}
        self.blocks = {line.key: block for block in table_one_blocks(codebook) for line in block.lines}

    def error(self, message: str, *path: str | int) -> AnjuanError:
        """The error at a key, else at its table."""
        place = next((self.places[path[:end]] for end in range(len(path), 0, -1) if path[:end] in self.places), 1)
        return AnjuanError(f"{self.file}, line {place}: {message}")

    def study(self, data: dict[str, Any], name: str) -> StudyFile:
        """The whole file."""
        self.check_keys(data, _STUDY_KEYS, ())
        if missing := [key for key in ("citation_zh", "citation_en") if not data.get(key)]:
            raise self.error(f"the study has no {missing[0]}; say who published it, in both languages")
        cases = self.cases(data.get("cases", {}))
        tables = data.get("figure", [])
        if not cases and not tables:
            raise self.error("the study has no figures; give [cases] or at least one [[figure]]")
        figures = [self.figure(table, number, cases) for number, table in enumerate(tables)]
        note = Term("note", data.get("note_zh", ""), data.get("note_en", ""))
        return StudyFile(name, Term(name, data["citation_zh"], data["citation_en"]), note, (*self.numbers(cases), *figures))

    def check_keys(self, table: dict[str, Any], known: Mapping[str, tuple[type, ...]], path: tuple[str | int, ...]) -> None:
        """Refuse unknown keys and values of the wrong kind."""
        for key, value in table.items():
            if key not in known:
                raise self.error(f"unknown key '{key}'; choose one of: {', '.join(known)}", *path, key)
            if type(value) not in known[key]:
                kinds = {
                    str: "text in quotes",
                    int: "a whole number",
                    float: "a number",
                    list: "a list in square brackets",
                    dict: "a table",
                }
                raise self.error(f"{key} takes {kinds[known[key][-1]]}", *path, key)

    def cases(self, table: dict[str, Any]) -> dict[str, int]:
        """The number of cases by attack type, and in total: the sum of the types unless it is given."""
        types = self.codebook["attack_type"].names
        for key, value in table.items():
            if key not in (*types, TOTAL.name):
                raise self.error(f"'{key}' is no attack type; choose one of: {', '.join((*types, TOTAL.name))}", "cases", key)
            if type(value) is not int or value < 0:
                raise self.error(f"{key} takes a number of cases", "cases", key)
        summed = sum(value for key, value in table.items() if key != TOTAL.name)
        if table.get(TOTAL.name, summed) < summed:
            raise self.error(f"the types add to {summed} cases, more than the total", "cases", TOTAL.name)
        return {TOTAL.name: summed, **table} if table else {}

    def numbers(self, cases: dict[str, int]) -> list[Figure]:
        """The numbers of cases as figures."""
        of = cases.get(TOTAL.name)
        return [
            Figure(self.lines["cases"].label, kind, n, None if kind == TOTAL.name else of, measure=Measure("cases"))
            for kind, n in sorted(cases.items(), key=lambda item: item[0] == TOTAL.name)
        ]

    def figure(self, table: dict[str, Any], number: int, cases: dict[str, int]) -> Figure:
        """One [[figure]]."""
        path = ("figure", number)
        self.check_keys(table, _FIGURE_KEYS, path)
        kind = table.get("type", TOTAL.name)
        if kind not in (*self.codebook["attack_type"].names, TOTAL.name):
            names = ", ".join((*self.codebook["attack_type"].names, TOTAL.name))
            raise self.error(f"'{kind}' is no attack type; choose one of: {names}", *path, "type")
        measure = self.measure(table, path)
        n, of = self.share(table, path, table.get("of", self.usual_denominator(measure, cases.get(kind))))
        note = Term("note", table.get("note_zh", ""), table.get("note_en", ""))
        percent, rounded = table.get("percent"), "n" not in table and n is not None
        return Figure(self.label(table, measure, path), kind, n, of, percent, rounded, measure, table.get("where", ""), note)

    def usual_denominator(self, measure: Measure | None, cases: int | None) -> int | None:
        """The cases of the type, where the figure is a share of cases; a share of persons, of some cases, or of who knows what, has none."""
        if measure is not None and measure.among:
            return None
        of_cases = measure is not None and (measure.count == "cases" if measure.variable else not self.lines[measure.line].counts_persons)
        return cases if of_cases else None

    def share(self, table: dict[str, Any], path: tuple[str | int, ...], of: int | None) -> tuple[int | None, int | None]:
        """The count and what it is of; a count from a percentage must give that percentage again."""
        percent, n, of = table.get("percent"), table.get("n"), of or None
        if (percent is None) == (n is None):
            raise self.error("a figure has either n or percent", *path)
        if of is not None and of < 1:
            raise self.error("of takes the number of cases that the figure is a share of; 0 where the study does not print it", *path, "of")
        if percent is not None:
            if not 0 <= percent <= 100:
                raise self.error("percent lies between 0 and 100", *path, "percent")
            return (None if of is None else self.rounded(percent, of, path)), of
        if n is not None and (n < 0 or (of is not None and n > of)):
            raise self.error(f"n is {n}, which is no part of {of if of is not None else 'any number of cases'}", *path, "n")
        return n, of

    def rounded(self, percent: float, of: int, path: tuple[str | int, ...]) -> int:
        """The whole number of cases that a printed percentage stands for."""
        n = round(percent * of / 100)
        places = len(str(percent).partition(".")[2]) if isinstance(percent, float) else 0
        if abs(100 * n / of - percent) > 0.5001 * 10**-places:
            raise self.error(f"no whole number of {of} cases is {percent} %; is the figure a share of another number?", *path, "percent")
        return n

    def measure(self, table: dict[str, Any], path: tuple[str | int, ...]) -> Measure | None:
        """What to count in the database; None for a figure that only has a label."""
        if "line" in table:
            if other := [key for key in ("variable", "values", "count", "leave_out", "among") if key in table]:
                raise self.error(f"{other[0]} does not go with line", *path, other[0])
            if table["line"] not in self.lines:
                raise self.error(f"Table 1 has no line '{table['line']}'; choose one of: {', '.join(self.lines)}", *path, "line")
            return Measure(table["line"])
        if "variable" not in table:
            return None
        try:
            variable = self.codebook[table["variable"]]
            self.check_values(variable, table, path)
        except CodebookError as error:
            raise self.error(str(error), *path, "variable") from error
        if variable.kind == "list" and "leave_out" in table:
            raise self.error(f"leave_out does not go with '{variable.name}', which holds a list", *path, "leave_out")
        count = table.get("count", f"{variable.unit}s")
        if count not in COUNTS or count not in (f"{variable.unit}s", "cases"):
            raise self.error(
                f"'{variable.name}' is counted by {' or '.join(dict.fromkeys((f'{variable.unit}s', 'cases')))}", *path, "count"
            )
        return Measure("", variable.name, tuple(table["values"]), count, tuple(table.get("leave_out", ())), self.among(table, path))

    def among(self, table: dict[str, Any], path: tuple[str | int, ...]) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The cases that the figure is about, by values of variables of the case."""
        found = []
        for name, values in table.get("among", {}).items():
            try:
                variable = self.codebook[name]
                self.check_values(variable, {"values": values if isinstance(values, list) else [values]}, path)
            except CodebookError as error:
                raise self.error(str(error), *path, "among") from error
            if variable.unit != "case":
                raise self.error(f"among takes variables of the case, and '{name}' is one of the {variable.unit}", *path, "among")
            found.append((name, tuple(values if isinstance(values, list) else [values])))
        return tuple(found)

    def check_values(self, variable: Variable, table: dict[str, Any], path: tuple[str | int, ...]) -> None:
        """Refuse values that the codebook does not know, and a variable without any."""
        if not table.get("values"):
            raise self.error("say which values of the variable the figure counts: values = [...]", *path)
        for key in ("values", "leave_out"):
            for value in table.get(key, ()):
                if not isinstance(value, str) or not value:
                    raise self.error(f"{key} are texts in quotes", *path, key)
                self.codebook.check(variable.name, value)

    def label(self, table: dict[str, Any], measure: Measure | None, path: tuple[str | int, ...]) -> Term:
        """The label given, else those of the line or of the variable and its values."""
        if "label_zh" in table and "label_en" in table:
            return Term("figure", table["label_zh"], table["label_en"])
        if measure is None or "label_zh" in table or "label_en" in table:
            raise self.error("a figure needs a line or a variable, or else label_zh and label_en", *path)
        if measure.line:
            block, line = self.blocks[measure.line], self.lines[measure.line]
            return Term("figure", f"{block.label.zh}：{line.label.zh}", f"{block.label.en}: {line.label.en}")
        variable, label = self.codebook[measure.variable], {lang: self.codebook.labeller(lang) for lang in ("zh", "en")}
        zh = "、".join(label["zh"](variable.name, value) for value in measure.values)
        en = ", ".join(label["en"](variable.name, value) for value in measure.values)
        return Term("figure", f"{variable.zh}：{zh}", f"{variable.en}: {en}")
