"""Releasing a database: as it is, with pseudonyms for persons, or without any text; and how many of its rows can still be told apart."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline import engine
from pipeline.job import release_frame as frame
from pipeline.job.progress import Progress
from pipeline.job.release_names import Work, people, spot, spot_value
from pipeline.job.release_rows import QUESTIONS, Released, Row, RowMaker, Told, Voices
from pipeline.release import Coarse, Pseudonyms, Spots, Values, coarsen
from pipeline.schema import AnjuanError, Judgment, RecordError, StoreError
from pipeline.store import Store
from pipeline.store.connection import bound
from pipeline.store.released import ReleaseWriter, copy_in_full

MODES = ("full", "research", "public")
CHUNK = 200  # judgments read at once


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be released how: `k` of the k-anonymity, the processes to use, the key of the pseudonyms (None: one that is thrown away)."""

    mode: str
    k: int = 5
    jobs: int = 1
    key: bytes | None = None


@dataclass(slots=True)
class Outcome:
    """What a release came to: judgments, replaced stretches by recogniser, and in the public mode how coarse place and time have become."""

    judgments: int = 0
    replaced: Counter[str] = field(default_factory=Counter)
    coarse: Coarse | None = None


def release(store: Store, target: Path, request: Request, progress: Progress) -> Outcome:
    """Write the release of an open database to `target`, which appears when it is complete and checked, or not at all.

    Raises:
        AnjuanError: an unknown mode, a target that cannot be written, or a judgment that the recognisers cannot read.
    """
    if request.mode not in MODES:
        raise AnjuanError(f"unknown mode {request.mode!r}; choose one of: {', '.join(MODES)}")
    if target.exists() and target.samefile(store.path):
        raise AnjuanError(f"{target} is the database itself: choose another file for the release")
    if request.mode == "full":
        copy_in_full(store, target)
        return Outcome(store.count())
    unfinished = target.with_name(target.name + ".unfinished")
    _remove(unfinished)
    try:
        return _Release(store, ReleaseWriter(unfinished), request).run(target, progress)
    finally:
        _remove(unfinished)


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


class _Release:
    """One release on its way from the database to the new file."""

    def __init__(self, store: Store, writer: ReleaseWriter, request: Request) -> None:
        self._store, self._writer, self._request = store, writer, request
        self._names = Pseudonyms(request.key)
        self._voices = Voices(frame.voices(store), lambda name: self._names.digest("coder", name))
        self._rows = RowMaker(Values(frame.kinds(store)), self._voices)
        self._chain = frame.chains(store)
        self._ids: dict[str, str] = {}  # of a judgment in the database, its id in the release
        self._taken: Counter[str] = Counter()
        self._given: dict[str, dict[str, str]] = defaultdict(dict)  # by case, the pseudonym of each name
        self._citations: list[tuple[Any, ...]] = []
        self._outcome = Outcome()

    def run(self, target: Path, progress: Progress) -> Outcome:
        """Do it all."""
        try:
            order = [str(row["judgment_id"]) for row in self._store.query("SELECT judgment_id FROM judgments")]
            order.sort(key=lambda judgment_id: self._names.digest("order", judgment_id))
            progress.start("release", len(order))
            self._writer.insert(frame.before(self._store, self._writer.run, self._voices))
            for released in self._public(order) if self._request.mode == "public" else self._research(order):
                self._writer.add([item.judgment for item in released], _joined(released))
                self._citations += (row for item in released for row in item.citations)
                progress.advance(len(released))
            self._writer.insert(*frame.after(self._store, self._ids, self._voices, self._citations))
            self._outcome.judgments = len(order)
            self._writer.finish({"mode": self._request.mode, "judgments": len(order)}, target)
        finally:
            self._writer.close()
        return self._outcome

    def _public(self, order: Sequence[str]) -> Iterator[list[Released]]:
        coarse = self._outcome.coarse = coarsen(frame.risk_rows(self._store), self._request.k)
        for start in range(0, len(order), CHUNK):
            ids = order[start : start + CHUNK]
            tables = _tables(self._store, ids)
            batch = []
            for number, judgment_id in enumerate(ids, start + 1):
                told = Told(judgment_id, tables[judgment_id])
                batch.append(self._rows.public(told, f"R{number:06d}", coarse.of(judgment_id)))
                self._ids[judgment_id] = batch[-1].judgment.judgment_id
            yield batch

    def _research(self, order: Sequence[str]) -> Iterator[list[Released]]:
        number = 0
        for batch in engine.run(spot, self._works(order), self._request.jobs):
            tables = _tables(self._store, [work.judgment_id for work, _ in batch])
            done = []
            for work, spots in batch:
                if isinstance(spots, RecordError):
                    raise StoreError(f"{self._store.path}: judgment {work.judgment_id} cannot be released: {spots}")
                number += 1
                done.append(self._released(work, spots, Told(work.judgment_id, tables[work.judgment_id]), f"R{number:06d}"))
            yield done

    def _works(self, order: Sequence[str]) -> Iterator[Work]:
        for start in range(0, len(order), CHUNK):
            ids = order[start : start + CHUNK]
            sql = "SELECT judgment_id, text FROM judgments WHERE judgment_id IN (SELECT value FROM json_each(?))"
            texts = {row["judgment_id"]: row["text"] for row in self._store.query(sql, [bound(ids)])}
            names = people(self._store, ids)
            yield from (Work(judgment_id, texts[judgment_id], names[judgment_id]) for judgment_id in ids)

    def _released(self, work: Work, spots: Spots, told: Told, number: str) -> Released:
        case = self._chain.get(work.judgment_id)
        given = self._given[case] if case else {}
        owners = {alias: name for alias, name in work.names if name}
        self._names.name(case or work.judgment_id, (spots.names | {name for name, _ in work.names}) - owners.keys(), given)
        self._names.name(case or work.judgment_id, owners.values(), given)
        given.update({alias: given[name] for alias, name in owners.items()})

        def masked(value: str) -> str:
            if not value:
                return ""
            found = spot_value(value, frozenset(given))
            self._names.name(case or work.judgment_id, found.names, given)
            return found.masked(given).text

        text = spots.masked(given)
        self._outcome.replaced.update(finding.rule for finding in text.findings)
        content = Judgment("", "", text.text).judgment_id
        copy = self._taken[content]  # two texts that differed only in what is masked
        self._taken[content] += 1
        released = self._rows.research(told, number, text, given, masked, copy)
        self._ids[work.judgment_id] = released.judgment.judgment_id
        return released


def _tables(store: Store, ids: Sequence[str]) -> Mapping[str, Mapping[str, list[Row]]]:
    """The rows of each judgment, by judgment and table."""
    found: dict[str, dict[str, list[Row]]] = {judgment_id: {table: [] for table in QUESTIONS} for judgment_id in ids}
    for table, question in QUESTIONS.items():
        for row in store.query(question.format("judgment_id IN (SELECT value FROM json_each(?))"), [bound(ids)]):
            found[row["judgment_id"]][table].append(row)
    return found


def _joined(released: Iterable[Released]) -> dict[str, list[tuple[Any, ...]]]:
    rows: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for item in released:
        for table, some in item.rows.items():
            rows[table] += some
    return rows
