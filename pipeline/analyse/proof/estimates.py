"""Corrected shares as a manifest keeps them: three estimates with their intervals, what they were made of, the hand-coded cases behind them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from pipeline.analyse.counting import Counted
from pipeline.analyse.proof.positions import read_positions, write_positions

if TYPE_CHECKING:
    from pipeline.analyse.correcting.estimating import Estimate
    from pipeline.analyse.correcting.table import Row

Limits = tuple[float | None, float | None, float | None]  # value, low, high
_NAMES = ("machine", "coded", "corrected")
_PLACES = 9  # of a share: what two processors can differ in stands behind


class Domain(NamedTuple):
    """Whose share it is: "attack_type=hatred" among the cases of `column` ("every_case", "total")."""

    line: str
    column: str


@dataclass(frozen=True, slots=True)
class Share:
    """Three estimates of one share (value, low, high; 0 to 1, None where there is none), from `counted` ("machine 44 of 237").

    `judgments`: the hand-coded cases with the value; `sql` finds those to which the machine gives it.
    """

    machine: Limits
    coded: Limits
    corrected: Limits
    counted: tuple[float, float, float, float]
    sql: str
    judgments: Counter[str]

    def __str__(self) -> str:
        n, of, coded, cases = self.counted
        named = zip(("corrected", "hand-coded", "machine"), (self.corrected, self.coded, self.machine), strict=True)
        told = ", ".join(f"{name} {_percent(limits)}" for name, limits in named)
        return f"{told} (machine {n:g} of {of:g}, hand-coded {coded:g} of {cases:g})"


@dataclass(frozen=True, slots=True)
class Estimates:
    """The shares of a study with the samples that they rest on; without samples there are none. `refusal`: why samples give none."""

    samples: tuple[int, ...]
    shares: Mapping[Domain, Share]
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Shift:
    """A share that is not what it was, with the hand-coded cases that came to it or left it. None: it is not told."""

    domain: Domain
    before: Share | None
    after: Share | None

    def __str__(self) -> str:
        before, after = (each.judgments if each else Counter() for each in (self.before, self.after))
        sides = ("added", after - before), ("gone", before - after)
        moved = [f"; hand-coded cases {word}: {', '.join(sorted(ids))}" for word, ids in sides if ids]
        was, now = (str(each) if each else "nothing" for each in (self.before, self.after))
        return f"corrected, {self.domain.line}, {self.domain.column}: {was}, now {now}{''.join(moved)}"


def of(counted: Counted) -> Estimates:
    """The corrected shares of what was counted."""
    if counted.corrected is None:
        return Estimates((), {}, counted.refusal)
    found = counted.corrected
    return Estimates(found.samples, {Domain(f"{r.variable.name}={r.value.name}", r.column.name): _share(r) for r in found.rows})


def _share(row: Row) -> Share:
    counted = row.machine_count, row.machine_cases, round(row.coded_count, _PLACES), round(row.coded_cases, _PLACES)
    return Share(_limits(row.machine), _limits(row.coded), _limits(row.corrected), counted, row.sql, Counter(row.judgments))


def _limits(estimate: Estimate) -> Limits:
    value, low, high = (None if each is None else round(each, _PLACES) for each in (estimate.value, estimate.low, estimate.high))
    return value, low, high


def tell(found: Estimates, judgments: Sequence[str]) -> dict[str, Any]:
    """The shares as a manifest writes them, the judgments by their positions."""
    position = {judgment: number for number, judgment in enumerate(judgments)}
    lines: dict[str, dict[str, Any]] = {}
    for domain, share in found.shares.items():
        told = {name: getattr(share, name) for name in _NAMES}
        behind = write_positions(share.judgments, position)
        lines.setdefault(domain.line, {})[domain.column] = {**told, "counted": share.counted, "sql": share.sql, "judgments": behind}
    return {"samples": found.samples, "refusal": found.refusal, "lines": lines}


def read(told: Mapping[str, Any]) -> Estimates:
    """The shares of a manifest; none where it was written before there were such."""
    written = told.get("corrected", {"samples": (), "refusal": "", "lines": {}})
    cells = {Domain(line, column): cell for line, columns in written["lines"].items() for column, cell in columns.items()}
    shares = {domain: _read(cell, told["judgments"]) for domain, cell in cells.items()}
    return Estimates(tuple(written["samples"]), shares, written["refusal"])


def _read(cell: Mapping[str, Any], judgments: Sequence[str]) -> Share:
    machine, coded, corrected = (tuple(cell[name]) for name in _NAMES)
    return Share(machine, coded, corrected, tuple(cell["counted"]), cell["sql"], read_positions(cell["judgments"], judgments))


def shifts(before: Estimates, after: Estimates) -> Iterator[Shift]:
    """The shares that differ, in their order."""
    for domain in dict.fromkeys([*before.shares, *after.shares]):
        pair = before.shares.get(domain), after.shares.get(domain)
        if pair[0] != pair[1]:
            yield Shift(domain, *pair)


def _percent(limits: Limits) -> str:
    value, low, high = limits
    if value is None:
        return "not known"
    return f"{100 * value:.1f} %" + ("" if low is None or high is None else f" ({100 * low:.1f} to {100 * high:.1f})")
