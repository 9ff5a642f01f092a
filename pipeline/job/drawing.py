"""Draw cases for people to code, store the whole frame with its probabilities, and put the cases into the coders' queues.

The probabilities of a sample are those of a draw from its own frame, which is what earlier samples have left: a total over all cases is
that of the cases which earlier samples drew, plus the estimate from this one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from pipeline.annotate.clusters import cluster, told
from pipeline.annotate.sampling import EVERYBODY, FLOOR, Chance, proportional, stratified
from pipeline.annotate.sharing import share
from pipeline.job.frame import Row, by_columns, disagreement, frame, texts, uncertainty
from pipeline.schema import AnjuanError
from pipeline.store import Desk, FrameRow, NewAssignment, Sample, Store

TASKS = ("code", "screen")
USUAL_OVERLAP = 0.3  # where there are several coders and nobody says how much
GROUPS = 20  # of like judgments, at most; at least two draws from each, so that the variance inside a group can be told
_SHARE = re.compile(r"(\d+(?:\.\d+)?)\s*[%％]|(0(?:\.\d+)?)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be drawn for whom. `by` names columns of `cases` (strategy stratified), `condition` is SQL over them."""

    coders: tuple[str, ...]
    size: int
    strategy: str = "random"
    overlap: float | None = None
    by: tuple[str, ...] = ()
    equal: bool = False
    condition: str = ""
    task: str = "code"
    mode: str = "blind"
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Drawn:
    """What was drawn: how many of how many cases, how many for two coders, the length of each queue, and a row for each stratum."""

    sample_id: int
    frame: int
    cases: int
    twice: int
    queues: Mapping[str, int]
    strata: Sequence[Mapping[str, Any]]


def parse_share(text: str) -> float:
    """A share from 0 to 1, written as 30% or 0.3. AnjuanError for anything else."""
    found = _SHARE.fullmatch(text.strip())
    part = -1.0 if found is None else float(found[1]) / 100 if found[1] else float(found[2])
    if not 0 <= part <= 1:
        raise AnjuanError(f"--overlap {text!r} is no share: write 30% or 0.3 (0% to 100%)")
    return part


def draw(desk: Desk, request: Request) -> Drawn:
    """Draw a sample and store it with its frame and assignments in one transaction. AnjuanError for what cannot be drawn."""
    _check(desk, request)
    rows = frame(desk.store, request.task, request.condition)
    size, overlap = min(request.size, len(rows)), _overlap(request)
    chances, settings = choose(desk.store, rows, request)
    members = [FrameRow(row["judgment_id"], *given) for row, given in zip(rows, chances, strict=True)]
    queues = share([member.judgment_id for member in members if member.drawn], request.coders, overlap, _chance(request, "share"))
    asked = {"coders": list(request.coders), "mode": request.mode, "asked_for": request.size, **settings}
    sample = Sample(request.task, request.strategy, request.seed, overlap, request.condition, desk.codebook.version, asked)
    given = [NewAssignment(case, coder, n, request.mode) for coder, queue in queues.items() for n, case in enumerate(queue)]
    number = desk.add_sample(sample, members, given)
    return Drawn(number, len(rows), size, len(given) - size, {coder: len(queue) for coder, queue in queues.items()}, _strata(chances))


def choose(store: Store, rows: Sequence[Row], request: Request) -> tuple[list[Chance], dict[str, Any]]:
    """The chances of the members of a frame by the strategy, in their order, and what more there is to know of how they came about."""
    if not rows:
        raise AnjuanError("no case to draw from")
    size, chance = min(request.size, len(rows)), _chance(request, "draw")
    return STRATEGIES[request.strategy](store, rows, request, size, chance)


def progress(desk: Desk, task: str) -> list[dict[str, Any]]:
    """How far everybody has come in a task: coder, cases open and done, minutes spent. Who was shut out counts while they have a queue."""
    if task not in TASKS:
        raise AnjuanError(f"unknown task {task!r}; choose one of: {', '.join(TASKS)}")
    tallies = [(coder, desk.tally(coder.name, task)) for coder in desk.coders()]
    return [
        {"coder": coder.name, "open": tally.open, "done": tally.done, "minutes": round(tally.seconds / 60, 1)}
        for coder, tally in tallies
        if not coder.revoked or tally.open or tally.done
    ]


_Choice = tuple[list[Chance], dict[str, Any]]


def _random(store: Store, rows: Sequence[Row], request: Request, size: int, chance: Random) -> _Choice:
    return stratified([EVERYBODY] * len(rows), size, chance), {}


def _stratified(store: Store, rows: Sequence[Row], request: Request, size: int, chance: Random) -> _Choice:
    by = request.by or ("attack_type",)
    return stratified(by_columns(store, rows, by), size, chance, request.equal), {"by": list(by), "equal": request.equal}


def _uncertain(store: Store, rows: Sequence[Row], request: Request, size: int, chance: Random) -> _Choice:
    variables = ("in_scope",) if request.task == "screen" else ("in_scope", "attack_type")
    return proportional(uncertainty(store, rows, variables), size, chance), {"variables": list(variables), "floor": FLOOR}


def _disagree(store: Store, rows: Sequence[Row], request: Request, size: int, chance: Random) -> _Choice:
    return proportional(disagreement(store, rows), size, chance), {"floor": FLOOR}


def _diverse(store: Store, rows: Sequence[Row], request: Request, size: int, chance: Random) -> _Choice:
    groups = cluster(_told(store, rows), max(1, min(GROUPS, size // 2)))
    return stratified(groups, size, chance, equal=True), {"clusters": len(set(groups))}


def _told(store: Store, rows: Sequence[Row]) -> Iterator[str]:
    return (told(text) for text in texts(store, rows))


STRATEGIES: Mapping[str, Callable[[Store, Sequence[Row], Request, int, Random], _Choice]] = {
    "random": _random,
    "uncertain": _uncertain,
    "disagree": _disagree,
    "diverse": _diverse,
    "stratified": _stratified,
}


def _check(desk: Desk, request: Request) -> None:
    for name, value, choices in (("strategy", request.strategy, tuple(STRATEGIES)), ("task", request.task, TASKS)):
        if value not in choices:
            raise AnjuanError(f"unknown {name} {value!r}; choose one of: {', '.join(choices)}")
    if request.size < 1:
        raise AnjuanError(f"--size {request.size}: draw at least one case")
    if (request.by or request.equal) and request.strategy != "stratified":
        raise AnjuanError(f"--by and --equal go with --strategy stratified, not with {request.strategy}")
    if request.task == "screen" and request.strategy == "disagree":
        raise AnjuanError("--strategy disagree does not go with --task screen: the rules do not say what is in scope; take uncertain")
    if request.task == "screen" and request.mode != "blind":
        raise AnjuanError("--assisted does not go with --task screen: screeners are blind")
    _check_coders(desk, request)


def _check_coders(desk: Desk, request: Request) -> None:
    names = [coder.name for coder in desk.coders() if not coder.revoked]
    if not request.coders:
        raise AnjuanError("--coders names nobody")
    if unknown := [name for name in request.coders if name not in names]:
        listed = ", ".join(names) or "nobody yet"
        raise AnjuanError(f"unknown coder {', '.join(unknown)}: `anjuan annotate invite NAME` lets somebody in; invited are: {listed}")
    if double := [name for name, times in Counter(request.coders).items() if times > 1]:
        raise AnjuanError(f"--coders names {', '.join(double)} twice")
    if request.overlap and len(request.coders) < 2:
        raise AnjuanError("--overlap needs two coders at least: nobody codes a case twice")


def _overlap(request: Request) -> float:
    usual = USUAL_OVERLAP if len(request.coders) > 1 else 0.0
    return usual if request.overlap is None else request.overlap


def _chance(request: Request, purpose: str) -> Random:
    """Random numbers of the seed, others for each purpose. Python keeps them the same from version to version where a text is the seed."""
    return Random(f"{purpose}:{request.seed}")


def _strata(chances: Sequence[Chance]) -> list[dict[str, Any]]:
    of: dict[str, list[Chance]] = {}
    for given in chances:
        of.setdefault(given.stratum, []).append(given)
    rows = []
    for stratum, members in sorted(of.items(), key=lambda item: (-len(item[1]), item[0])):
        drawn, probable = sum(member.drawn for member in members), [member.probability for member in members]
        low, high = round(min(probable), 4), round(max(probable), 4)
        rows.append({"stratum": stratum, "cases": len(members), "drawn": drawn, "lowest_probability": low, "highest_probability": high})
    return rows
