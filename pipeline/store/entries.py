"""What people say, entry by entry: a label or several with their words, and a remark beside them; of every change the history is kept."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby
from typing import Any

from sqlite_utils import Database

from pipeline.codebook import Codebook, CodebookError
from pipeline.schema import Entry, Judgment, Label, StoreError
from pipeline.store import labels, materialise
from pipeline.store.changes import Change, last_change, last_step, of_step
from pipeline.store.connection import now
from pipeline.store.judgments import one as one_judgment
from pipeline.store.judgments import storable
from pipeline.store.placing import Places
from pipeline.store.trust import RANKS

MODES = ("blind", "assisted", "imported", "adjudication")
LONGEST = 10_000  # characters of a note or of an open value
MOST_WORDS = 500  # stretches of words in one entry
_MACHINES = frozenset({*RANKS, "defence"}) - {"adjudicated", "screen"}
_LABELS = 'SELECT id, unit, variable, value FROM labels WHERE judgment_id = :id AND "by" = :by ORDER BY id'
_WORDS = 'SELECT label_id, start, "end" FROM evidence WHERE judgment_id = :id AND "by" = :by'
_REMARKS = 'SELECT unit, variable, unsure, note, words FROM remarks WHERE judgment_id = :id AND "by" = :by'


@dataclass(frozen=True, slots=True)
class Save:
    """An entry to be saved as what `by` says of a judgment; `seen` is the last change of it that whoever saves has seen."""

    judgment_id: str
    by: str
    entry: Entry
    seen: int = 0


@dataclass(frozen=True, slots=True)
class Saved:
    """The change that was written (0: nothing differs), what stood there before, and a change by another tab that this one replaces."""

    change: int
    before: Entry
    overtaken: Change | None = None


@dataclass(frozen=True, slots=True)
class Manner:
    """Who saves, in which mode, from which tab, why, and the step that is taken back by it."""

    actor: str
    mode: str
    tab: str = ""
    reason: str = ""
    undoes: int | None = None


def read(db: Database, codebook: Codebook, judgment_id: str, by: str) -> list[Entry]:
    """The entries of one voice about a judgment, by unit and variable."""
    bound = {"id": judgment_id, "by": by}
    found: dict[tuple[str, str], Entry] = {}
    owners: dict[int, tuple[str, str, str]] = {}
    for label_id, unit, variable, value in db.execute(_LABELS, bound).fetchall():
        owners[label_id] = (unit, variable, value)
        earlier = found.get((unit, variable), Entry(unit, variable))
        found[unit, variable] = replace(earlier, values=(*earlier.values, value))
    for label_id, start, end in db.execute(_WORDS, bound).fetchall():
        unit, variable, value = owners[label_id]
        found[unit, variable] = replace(found[unit, variable], words=(*found[unit, variable].words, (start, end, value)))
    for unit, variable, unsure, note, words in db.execute(_REMARKS, bound).fetchall():
        earlier = found.get((unit, variable), Entry(unit, variable))
        pending = tuple((start, end, "") for start, end in json.loads(words))
        found[unit, variable] = replace(earlier, unsure=bool(unsure), note=note, words=(*earlier.words, *pending))
    return [normal(codebook, found[key]) for key in sorted(found)]


def normal(codebook: Codebook, entry: Entry) -> Entry:
    """The same entry in its one form: values in the codebook's order, words in the text's, each with a value that is chosen.

    Words of a variable with one value belong to it, whichever it is; those of a member that was taken out of a list wait for another.
    """
    names = codebook.variables[entry.variable].names if entry.variable in codebook.variables else ()
    order = {name: place for place, name in enumerate(names)}
    values = tuple(sorted(dict.fromkeys(entry.values), key=lambda value: (order.get(value, len(order)), value)))
    only = values[0] if len(values) == 1 else ""
    several = entry.variable in codebook.variables and codebook.variables[entry.variable].kind == "list"
    words = {(start, end, value if several and value in values else only) for start, end, value in entry.words}
    return replace(entry, values=values, words=tuple(sorted(words)), note=storable(entry.note))


def save(db: Database, codebook: Codebook, saves: Sequence[Save], manner: Manner) -> list[Saved]:
    """Save entries as one step, which can be taken back as one. Runs in the caller's transaction.

    StoreError for an unknown judgment, a machine's voice, a value outside the codebook, an impossible unit, words outside the text.
    """
    if manner.mode not in MODES:
        raise StoreError(f"unknown mode {manner.mode!r}; choose one of: {', '.join(MODES)}")
    step = _next(db)
    saved: list[Saved] = []
    for judgment_id, group in groupby(saves, key=lambda each: each.judgment_id):
        text = _Text(db, judgment_id)
        saved += [_save(db, codebook, each, text, manner, step) for each in group]
    materialise.refresh(db, list({each.judgment_id for each, done in zip(saves, saved, strict=True) if done.change}))
    return saved


def undo(db: Database, codebook: Codebook, judgment_id: str, by: str, manner: Manner) -> list[Change]:
    """Take back the last step of a voice in a judgment that is not yet taken back; its changes. Runs in the caller's transaction."""
    step = last_step(db, judgment_id, by)
    if step is None:
        return []
    changes = of_step(db, step, judgment_id, by)
    saves = [Save(judgment_id, by, change.before) for change in reversed(changes)]
    save(db, codebook, saves, replace(manner, undoes=step))
    return changes


class _Text:
    """The text of a judgment, read when it is needed, and where its sections and speakers are."""

    def __init__(self, db: Database, judgment_id: str) -> None:
        found = one_judgment(db, judgment_id)
        if found is None:
            raise StoreError(f"the database holds no judgment {judgment_id!r}")
        self.judgment: Judgment = found

    @cached_property
    def places(self) -> Places:
        return Places(self.judgment)


def _next(db: Database) -> int:
    return int(db.execute("SELECT coalesce(max(id), 0) + 1 FROM changes").fetchone()[0])


def _save(db: Database, codebook: Codebook, each: Save, text: _Text, manner: Manner, step: int) -> Saved:
    _refuse(codebook, each, len(text.judgment.text))
    after = normal(codebook, each.entry)
    before = _one(db, codebook, each)
    latest = last_change(db, each.judgment_id, each.by, after.unit, after.variable)
    overtaken = latest if latest and manner.tab and latest.id > each.seen and latest.tab != manner.tab else None
    if before == after and not _older(db, codebook, each):
        return Saved(0, before, overtaken)
    _write(db, codebook, replace(each, entry=after), text, manner)
    return Saved(_note_change(db, codebook, each, before, after, manner, step), before, overtaken)


def _one(db: Database, codebook: Codebook, each: Save) -> Entry:
    key = (each.entry.unit, each.entry.variable)
    entries = read(db, codebook, each.judgment_id, each.by)
    return next((entry for entry in entries if (entry.unit, entry.variable) == key), Entry(*key))


def _older(db: Database, codebook: Codebook, each: Save) -> bool:
    """Whether labels of the entry were given by another version of the codebook: saying the same again renews them."""
    sql = 'SELECT 1 FROM labels WHERE judgment_id = ? AND "by" = ? AND unit = ? AND variable = ? AND codebook_version <> ? LIMIT 1'
    return db.execute(sql, [each.judgment_id, each.by, each.entry.unit, each.entry.variable, codebook.version]).fetchone() is not None


def _refuse(codebook: Codebook, each: Save, characters: int) -> None:
    """StoreError unless the entry can be saved."""
    entry, where = each.entry, f"judgment {each.judgment_id}, {each.entry.unit}, {each.entry.variable or 'note'}"
    if each.by.partition(":")[0] in _MACHINES or not each.by:
        raise StoreError(f"{where}: {each.by!r} is no person's voice")
    if not labels.UNIT.fullmatch(entry.unit):
        raise StoreError(f"{where}: the unit must be 'case', 'defendant:N' or 'victim:N'")
    if len(entry.note) > LONGEST or any(len(value) > LONGEST for value in entry.values) or len(entry.words) > MOST_WORDS:
        raise StoreError(f"{where}: longer than {LONGEST} characters, or more than {MOST_WORDS} quotations")
    for start, end, _ in entry.words:
        if not 0 <= start < end <= characters:
            raise StoreError(f"{where}: words {start}-{end} lie outside the text of {characters} characters or are empty")
    if problem := _outside(codebook, entry):
        raise StoreError(f"{where}: {problem}")


def _outside(codebook: Codebook, entry: Entry) -> str:
    """What the codebook says against an entry; '' when nothing."""
    if not entry.variable:
        return "a note for the whole case has no values and no words" if entry.values or entry.words else ""
    try:
        variable = codebook[entry.variable]
        for value in entry.values:
            codebook.check(entry.variable, value)
    except CodebookError as error:
        return str(error)
    if entry.unit.partition(":")[0] not in variable.units or variable.derived:
        return f"'{entry.variable}' is not coded for this unit"
    if variable.kind != "list" and len(set(entry.values)) > 1:
        return f"'{entry.variable}' takes one value, not {len(entry.values)}"
    return ""


def _write(db: Database, codebook: Codebook, each: Save, text: _Text, manner: Manner) -> None:
    entry = each.entry
    said = [
        Label(entry.unit, entry.variable, value, each.by, tuple(text.places.span(s, e) for s, e, v in entry.words if v == value and v))
        for value in entry.values
    ]
    if entry.variable:
        labels.replace(db, {each.by}, {each.judgment_id: said}, codebook.version, {entry.variable}, entry.unit)
        key = [each.judgment_id, each.by, entry.unit, entry.variable]
        db.execute('UPDATE labels SET mode = ? WHERE judgment_id = ? AND "by" = ? AND unit = ? AND variable = ?', [manner.mode, *key])
    _remark(db, each)


def _remark(db: Database, each: Save) -> None:
    entry, waiting = each.entry, [(start, end) for start, end, value in each.entry.words if not value]
    key = [each.judgment_id, entry.unit, entry.variable, each.by]
    db.execute('DELETE FROM remarks WHERE judgment_id = ? AND unit = ? AND variable = ? AND "by" = ?', key)
    if entry.unsure or entry.note or waiting:
        db.execute("INSERT INTO remarks VALUES (?, ?, ?, ?, ?, ?, ?)", [*key, int(entry.unsure), entry.note, json.dumps(waiting)])


def _note_change(db: Database, codebook: Codebook, each: Save, before: Entry, after: Entry, manner: Manner, step: int) -> int:
    row = {
        **{"step": step, "judgment_id": each.judgment_id, "unit": after.unit, "variable": after.variable, "by": each.by},
        **{"actor": manner.actor, "at": now(), "before": told(before), "after": told(after), "mode": manner.mode, "tab": manner.tab},
        **{"reason": storable(manner.reason), "undoes": manner.undoes, "codebook_version": codebook.version},
    }
    columns = ", ".join(f'"{name}"' for name in row)
    sql = f"INSERT INTO changes ({columns}) VALUES ({', '.join('?' * len(row))}) RETURNING id"
    return int(db.execute(sql, list(row.values())).fetchone()[0])


def told(entry: Entry) -> str:
    """What an entry says, as JSON; its unit and variable stand beside it."""
    said: dict[str, Any] = {"values": entry.values, "words": entry.words, "unsure": entry.unsure, "note": entry.note}
    return json.dumps({name: value for name, value in said.items() if value}, ensure_ascii=False)


def voices(db: Database, judgment_id: str) -> Iterable[str]:
    """Every person's voice that has spoken of a judgment."""
    sql = 'SELECT "by" FROM labels WHERE judgment_id = ? UNION SELECT "by" FROM remarks WHERE judgment_id = ?'
    rows = db.execute(sql, [judgment_id, judgment_id]).fetchall()
    return sorted(by for (by,) in rows if by.partition(":")[0] not in _MACHINES)
