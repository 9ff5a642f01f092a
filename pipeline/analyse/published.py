"""The study's published figures, read from `published.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from pipeline.codebook import load as load_codebook
from pipeline.schema import CodebookError


@dataclass(frozen=True, slots=True)
class Figure:
    """A published count `n` out of `denominator` cases of its type."""

    n: int
    denominator: int


@dataclass(frozen=True, slots=True)
class Study:
    """The figures by (line of Table 1, column); the column "total" holds the number of judgments only."""

    citation_zh: str
    citation_en: str
    figures: Mapping[tuple[str, str], Figure]

    def of(self, line: str, column: str) -> Figure | None:
        """The figure for a line and a column, None where the study prints none."""
        return self.figures.get((line, column))


@cache
def load_study() -> Study:
    """The study that ships with anjuan, parsed once."""
    return parse_study(files("pipeline.analyse").joinpath("published.toml").read_text(encoding="utf-8"))


def parse_study(text: str) -> Study:
    """Read the TOML `text`; CodebookError for an attack type that the codebook does not know."""
    data = tomllib.loads(text)
    cases: dict[str, int] = data["cases"]
    of_lines = [figure for figure in data["figure"] if "line" in figure]  # what else it printed is for `anjuan compare`
    for name in [*cases, *(figure["type"] for figure in of_lines)]:
        if name not in load_codebook()["attack_type"].names:
            raise CodebookError(f"published.toml: '{name}' is no attack type")
    total = sum(cases.values())
    figures = {("cases", name): Figure(n, total) for name, n in cases.items()}
    figures[("cases", "total")] = Figure(total, total)
    for figure in of_lines:
        figures[(figure["line"], figure["type"])] = Figure(figure["n"], cases[figure["type"]])
    return Study(data["citation_zh"], data["citation_en"], figures)
