"""Reproduction: the tables counted anew, set against a manifest cell by cell, and the judgments behind every difference."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline import __version__
from pipeline.analyse.counting import TABLE_ONE, count_study
from pipeline.analyse.proof import contents, estimates
from pipeline.analyse.proof.counted import Count, Place, cells_of
from pipeline.analyse.proof.estimates import Estimates, Shift
from pipeline.analyse.proof.manifest import Manifest
from pipeline.analyse.proof.reasons import Reasons
from pipeline.analyse.reading import rows
from pipeline.analyse.tables import TOTAL
from pipeline.codebook import load
from pipeline.schema import AnjuanError

NUMBER = "number"  # the line of a catalogue's table that counts its units
NOTHING = Count(0, 0, "", Counter())


@dataclass(frozen=True, slots=True)
class Difference:
    """A cell that is not what it was. A line or column that is not there counts as nothing."""

    place: Place
    before: Count
    after: Count

    def __str__(self) -> str:
        before, after = str(self.before), str(self.after)
        return f"{self.place}: {before}, now {after if before != after else f'{after}, but {self._other}'}"

    @property
    def _other(self) -> str:
        return "other values" if self.before.judgments == self.after.judgments else "other judgments"

    @property
    def recounted(self) -> bool:
        """Whether the count itself differs, and not only what it is a share of."""
        before, after = self.before, self.after
        sides = ((count.n, count.judgments, count.values, count.quartiles) for count in (before, after))
        return next(sides) != next(sides)


@dataclass(frozen=True, slots=True)
class Move:
    """What has changed for a judgment: the variable, the lines of the table that counted it and that count it now, and who changed it."""

    variable: str
    before: str
    after: str
    why: str

    def __str__(self) -> str:
        return f"{self.variable}: {self.before or 'nothing'} -> {self.after or 'nothing'}; {self.why}"


@dataclass(frozen=True, slots=True)
class Moved:
    """A judgment behind a difference."""

    judgment_id: str
    case_number: str
    moves: tuple[Move, ...]


@dataclass(frozen=True, slots=True)
class Check:
    """What a reproduction came to: how many cells were compared, those that differ, the judgments behind them, and what else differs.

    `shifts` are the corrected shares that differ, each counted as a cell.
    """

    cells: int
    differences: tuple[Difference, ...]
    shifts: tuple[Shift, ...]
    judgments: tuple[Moved, ...]
    notes: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Whether every cell is what it was."""
        return not self.differences and not self.shifts

    @property
    def recounted(self) -> tuple[Difference, ...]:
        """The differences in the count itself; the others are only a share of something else."""
        return tuple(each for each in self.differences if each.recounted)


@dataclass(slots=True)
class _Membership:
    """Where a judgment was counted and where it is counted now, how often: (table, line), and the type of attack."""

    before: Counter[tuple[str, str]] = field(default_factory=Counter)
    after: Counter[tuple[str, str]] = field(default_factory=Counter)


def check(connection: sqlite3.Connection, manifest: Manifest, rebuilt: bool = False) -> Check:
    """Count the manifest's tables anew in an open database and compare.

    StoreError when tables are missing, AnjuanError when the database holds none of the manifest's judgments.
    `rebuilt`: the database was made anew from the inputs, so that its history of changes tells nothing.
    """
    _refuse_another(connection, manifest.told["judgments"])
    counted = count_study(connection, manifest.view)
    found, corrected = cells_of(counted), estimates.of(counted)
    comparable = "corrected" in manifest.told and not rebuilt
    shifts = tuple(estimates.shifts(manifest.estimates, corrected)) if comparable else ()
    differences = _differences(manifest.counts, found)
    reasons = Reasons(connection, manifest, rebuilt)
    moved = [_moved(judgment, where, manifest.counts, found, reasons) for judgment, where in sorted(_memberships(differences).items())]
    notes = (*_notes(connection, manifest, found), *_notes_of_samples(manifest, corrected, rebuilt))
    cells = len(manifest.counts) + (len(manifest.estimates.shares) if comparable else 0)
    return Check(cells, tuple(differences), shifts, tuple(moved), notes)


def _refuse_another(connection: sqlite3.Connection, judgments: Sequence[str]) -> None:
    """Of another database every cell would differ, which says nothing."""
    sql = "SELECT EXISTS (SELECT 1 FROM judgments WHERE judgment_id IN (SELECT value FROM json_each(?))) AS found"
    if judgments and not next(rows(connection, sql, [json.dumps(list(judgments))]))["found"]:
        raise AnjuanError(
            f"the database holds none of the {len(judgments)} judgments of the manifest: name the one that it was written for"
        )


def _differences(before: Mapping[Place, Count], after: Mapping[Place, Count]) -> list[Difference]:
    """The cells that differ, in the manifest's order, then those that only the database has, of tables that the manifest knows."""
    tables = {place.table for place in before}
    places = dict.fromkeys([*before, *(place for place in after if place.table in tables)])
    pairs = [Difference(place, before.get(place, NOTHING), after.get(place, NOTHING)) for place in places]
    return [pair for pair in pairs if _differs(pair, pair.place in before and pair.place in after)]


def _differs(pair: Difference, both: bool) -> bool:
    return pair.recounted or (both and pair.before.denominator != pair.after.denominator)


def _memberships(differences: Sequence[Difference]) -> dict[str, _Membership]:
    """The judgments that are counted elsewhere than before, or more or less often."""
    found: dict[str, _Membership] = defaultdict(_Membership)
    for each in differences:
        for line, before, after in _lines_of(each) if each.place.column != TOTAL.name else ():
            for judgment, times in (before - after).items():
                found[judgment].before[each.place.table, line] += times
            for judgment, times in (after - before).items():
                found[judgment].after[each.place.table, line] += times
    return found


def _lines_of(pair: Difference) -> Iterator[tuple[str, Counter[str], Counter[str]]]:
    """The judgments of a cell before and after; of a measure those of each value, as if it were a line."""
    line, before, after = pair.place.line, pair.before, pair.after
    if not before.values and not after.values:
        yield line, before.judgments, after.judgments
    for value in sorted({*before.values, *after.values}):
        yield f"{line}={value:.15g}", before.values.get(value, Counter()), after.values.get(value, Counter())


def _moved(judgment: str, where: _Membership, before: Mapping[Place, Count], after: Mapping[Place, Count], reasons: Reasons) -> Moved:
    types = _column(judgment, before), _column(judgment, after)
    moves = [Move("attack_type", types[0], types[1], reasons.of_type(judgment, *types))] if types[0] != types[1] else []
    if all(types):  # of a judgment that came or went every line changes: the type says it all
        gone, come = where.before - where.after, where.after - where.before
        for table, variable in _asked([*gone, *come]):
            was, now = (_lines(lines, table, variable) for lines in (gone, come))
            moves.append(Move(variable, was, now, reasons.of_variable(judgment, table, variable)))
    return Moved(judgment, reasons.case_number(judgment), tuple(moves))


def _asked(lines: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """(table, variable) of these lines; the number of units only where no value of a table says more."""
    found = list(dict.fromkeys((table, variable_of(line)) for table, line in lines))
    more = {table for table, variable in found if variable != NUMBER}
    return [(table, variable) for table, variable in found if variable != NUMBER or table not in more]


def _column(judgment: str, found: Mapping[Place, Count]) -> str:
    """The column that counts a judgment among the cases of Table 1; "" where it is not counted."""
    columns = (p.column for p, count in found.items() if p.table == TABLE_ONE and p.line == "cases" and judgment in count.judgments)
    return next((column for column in columns if column != TOTAL.name), "")


def variable_of(line: str) -> str:
    """What a line asks: "cause" of "cause=payment", "cause.outcome" and "cause?"."""
    return next((line[:place] for place, character in enumerate(line) if character in "=.?+"), line)


def _lines(found: Mapping[tuple[str, str], int], table: str, variable: str) -> str:
    """The values by the keys of their lines; groups only where no value says more."""
    of_variable = {line: times for (where, line), times in found.items() if where == table and variable_of(line) == variable}
    values = {line: times for line, times in of_variable.items() if not line.startswith(f"{variable}.")} or of_variable
    return ", ".join(f"{_value(line, variable)}{f' ({times} times)' if times > 1 else ''}" for line, times in values.items())


def _value(line: str, variable: str) -> str:
    said = line.removeprefix(variable)
    return {"?": "not stated", "+": "another value"}.get(said, said[1:]) or line


def _notes(connection: sqlite3.Connection, manifest: Manifest, found: Mapping[Place, Count]) -> list[str]:
    """What else is not as it was: the program, tables of which no cell depends on every row."""
    told, notes = manifest.told, []
    if (wrote := told["program"]["anjuan"]) != __version__:
        notes.append(f"the manifest was written by anjuan {wrote}, this is {__version__}")
    if told["codebook"] != (now := {"version": load().version, "fingerprint": load().fingerprint}):
        notes.append(f"the codebook is another: {_codebook(told['codebook'])}, now {_codebook(now)}")
    held, stored = contents.content(connection), told["database"]
    if changed := [name for name, content in held.items() if name in stored and content != stored[name]]:
        sizes = [f"{name} ({stored[name]['rows']} rows, now {held[name]['rows']})" for name in changed]
        notes.append(f"tables of the database with other content than before: {', '.join(sizes)}")
    if new := sorted({place.table for place in found} - {place.table for place in manifest.counts}):
        notes.append(f"not in the manifest, so not compared: {', '.join(new)}")
    return notes


def _codebook(told: Mapping[str, str]) -> str:
    return f"{told['version']} ({told['fingerprint']})"


def _notes_of_samples(manifest: Manifest, corrected: Estimates, rebuilt: bool) -> Iterator[str]:
    """What has become of the samples that corrected shares rest on."""
    if "corrected" not in manifest.told:
        yield "the manifest has no corrected shares, so they are not compared"
    elif rebuilt and manifest.estimates.shares:
        yield "a database made anew has no samples, so corrected shares are not compared"
    elif manifest.estimates.samples != corrected.samples and not rebuilt:
        before, after = (", ".join(map(str, each.samples)) or each.refusal or "none" for each in (manifest.estimates, corrected))
        yield f"samples that the corrected shares rest on: {before}, now {after}"
