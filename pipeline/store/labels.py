"""Writing what somebody says about judgments, and reading it back. Only differences are written, so saying it twice changes nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from math import isnan
from typing import NamedTuple

from sqlite_utils import Database

from pipeline.schema import Label, Section, Span, Speaker, StoreError
from pipeline.store.connection import bound, now, write
from pipeline.store.judgments import storable

UNIT = re.compile(r"case|(?:defendant|victim):[1-9][0-9]{0,8}")
QUOTATION = 'start, "end", section, speaker, rule, accepted, weight'


class Key(NamedTuple):
    """What makes a label one row."""

    judgment_id: str
    unit: str
    variable: str
    value: str
    by: str


Quotation = tuple[int, int, str, str, str, int | None, float | None]  # start, end, section, speaker, rule, accepted, weight


@dataclass(slots=True)
class Statement:
    """The rest of a label: its score and its quotations in order; `id` is that of the stored row (0: not stored)."""

    score: float | None
    quotations: tuple[Quotation, ...]
    codebook_version: str
    id: int = 0


@dataclass(slots=True)
class Difference:
    """What must be written so that the stored labels become the wanted ones."""

    gone: list[int] = field(default_factory=list)
    changed: list[Statement] = field(default_factory=list)
    requoted: list[tuple[Key, Statement]] = field(default_factory=list)
    added: list[tuple[Key, Statement]] = field(default_factory=list)


def replace(
    db: Database,
    voices: Set[str],
    batch: Mapping[str, Sequence[Label]],
    codebook_version: str,
    variables: Set[str] | None,
    unit: str | None = None,
) -> None:
    """Make `batch` all that `voices` say about these judgments in `variables` and `unit` (None: in any). Runs in the caller's transaction.

    StoreError for an unknown judgment, a label of another voice or variable, an impossible unit and a span outside the text.
    """
    texts = _texts(db, batch)
    wanted: dict[Key, Statement] = {}
    for judgment_id, labels in batch.items():
        for label in labels:
            _refuse(label, voices, variables, judgment_id)
            _say(wanted, judgment_id, label, codebook_version, len(texts[judgment_id]))
    _write(db, compare(_stored(db, voices, batch, variables, unit), wanted), texts)


def _texts(db: Database, ids: Iterable[str]) -> dict[str, str]:
    rows = db.execute("SELECT judgment_id, text FROM judgments WHERE judgment_id IN (SELECT value FROM json_each(?))", [bound(ids)])
    texts: dict[str, str] = dict(rows.fetchall())
    for judgment_id in ids:
        if judgment_id not in texts:
            raise StoreError(f"labels for judgment {judgment_id!r}, which is not in the database")
    return texts


def _refuse(label: Label, voices: Set[str], variables: Set[str] | None, judgment_id: str) -> None:
    where = f"judgment {judgment_id}, {label.unit}, {label.variable}"
    if label.by not in voices:
        raise StoreError(f"{where}: a label by {label.by!r} among those of {', '.join(map(repr, sorted(voices)))}")
    if variables is not None and label.variable not in variables:
        raise StoreError(f"{where}: this stage writes only {', '.join(sorted(variables))}")
    if not UNIT.fullmatch(label.unit):
        raise StoreError(f"{where}: the unit must be 'case', 'defendant:N' or 'victim:N'")


def _say(wanted: dict[Key, Statement], judgment_id: str, label: Label, version: str, characters: int) -> None:
    """Add one label; the same value said twice is one label with all its quotations and the higher score."""
    for span in label.spans:
        if not 0 <= span.start < span.end <= characters:
            raise StoreError(
                f"judgment {judgment_id}, {label.unit}, {label.variable}: span {span.start}-{span.end} (rule {span.rule!r}) "
                f"lies outside the text of {characters} characters or is empty"
            )
    key = Key(judgment_id, label.unit, label.variable, storable(label.value), label.by)
    quotations = [_quotation(span) for span in label.spans]
    score = None if label.score is None or isnan(label.score) else float(label.score)
    earlier = wanted.get(key)
    if earlier is None:
        wanted[key] = Statement(score, tuple(dict.fromkeys(quotations)), version)
        return
    earlier.quotations = tuple(dict.fromkeys([*earlier.quotations, *quotations]))
    earlier.score = max((s for s in (earlier.score, score) if s is not None), default=None)


def _quotation(span: Span) -> Quotation:
    accepted = None if span.accepted is None else int(span.accepted)
    return span.start, span.end, span.section.value, span.speaker.value, storable(span.rule), accepted, span.weight


def _stored(db: Database, voices: Set[str], ids: Iterable[str], variables: Set[str] | None, unit: str | None) -> dict[Key, Statement]:
    only = None if variables is None else bound(sorted(variables))
    condition = (
        'judgment_id IN (SELECT value FROM json_each(:ids)) AND "by" IN (SELECT value FROM json_each(:voices)) '
        "AND (:only IS NULL OR variable IN (SELECT value FROM json_each(:only))) AND (:unit IS NULL OR unit = :unit)"
    )
    parameters = {"ids": bound(ids), "voices": bound(sorted(voices)), "only": only, "unit": unit}
    quotations: dict[int, list[Quotation]] = {}
    for label_id, *quotation in db.execute(f"SELECT label_id, {QUOTATION} FROM evidence WHERE {condition} ORDER BY id", parameters):
        quotations.setdefault(label_id, []).append(tuple(quotation))
    rows = db.execute(
        f'SELECT judgment_id, unit, variable, value, "by", score, codebook_version, id FROM labels WHERE {condition}', parameters
    )
    return {Key(*key): Statement(score, tuple(quotations.get(i, ())), version, i) for *key, score, version, i in rows}


def compare(stored: Mapping[Key, Statement], wanted: Mapping[Key, Statement]) -> Difference:
    """What to delete, to change and to add; labels that stay take the id of their row."""
    difference = Difference(gone=[statement.id for key, statement in stored.items() if key not in wanted])
    for key, statement in wanted.items():
        row = stored.get(key)
        if row is None:
            difference.added.append((key, statement))
            continue
        statement.id = row.id
        if (row.score, row.codebook_version) != (statement.score, statement.codebook_version):
            difference.changed.append(statement)
        if row.quotations != statement.quotations:
            difference.requoted.append((key, statement))
    return difference


def _write(db: Database, difference: Difference, texts: Mapping[str, str]) -> None:
    write(db, "DELETE FROM labels WHERE id = ?", ((label_id,) for label_id in difference.gone))  # and their evidence with them
    write(
        db,
        "UPDATE labels SET score = ?, codebook_version = ? WHERE id = ?",
        ((s.score, s.codebook_version, s.id) for s in difference.changed),
    )
    write(db, "DELETE FROM evidence WHERE label_id = ?", ((statement.id,) for _, statement in difference.requoted))
    last = db.execute("SELECT coalesce(max(id), 0) FROM labels").fetchone()[0]
    for label_id, (_, statement) in enumerate(difference.added, last + 1):
        statement.id = label_id
    at = now()
    write(
        db,
        'INSERT INTO labels (id, judgment_id, unit, variable, value, "by", score, codebook_version, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
        ((s.id, k.judgment_id, k.unit, k.variable, k.value, k.by, s.score, s.codebook_version, at) for k, s in difference.added),
    )
    _quote(db, [*difference.requoted, *difference.added], texts)


def _quote(db: Database, statements: Iterable[tuple[Key, Statement]], texts: Mapping[str, str]) -> None:
    """Write evidence rows; the quotation is cut from the stored text."""
    rows = (
        (s.id, k.judgment_id, k.unit, k.variable, k.by, start, end, texts[k.judgment_id][start:end], *source)
        for k, s in statements
        for start, end, *source in s.quotations
    )
    write(
        db,
        'INSERT INTO evidence (label_id, judgment_id, unit, variable, "by", start, "end", quote, section, speaker, rule, accepted, weight) '
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        rows,
    )


def read(db: Database, judgment_id: str, by: str | None = None) -> list[Label]:
    """The labels of a judgment, of one voice or of all, in the order in which they were written."""
    parameters = {"id": judgment_id, "by": by}
    condition = 'judgment_id = :id AND (:by IS NULL OR "by" = :by)'
    spans: dict[int, list[Span]] = {}
    for label_id, start, end, section, speaker, rule, accepted, weight in db.execute(
        f"SELECT label_id, {QUOTATION} FROM evidence WHERE {condition} ORDER BY id", parameters
    ):
        spans.setdefault(label_id, []).append(
            Span(start, end, Section(section), Speaker(speaker), rule, None if accepted is None else bool(accepted), weight)
        )
    rows = db.execute(f'SELECT id, unit, variable, value, "by", score FROM labels WHERE {condition} ORDER BY id', parameters)
    return [Label(row[1], row[2], row[3], row[4], tuple(spans.get(row[0], ())), row[5]) for row in rows]


def mark_done(db: Database, stage: str, fingerprint: str, ids: Iterable[str]) -> None:
    """Note that `stage` has seen these judgments with this fingerprint. Runs in the caller's transaction."""
    at = now()
    write(
        db,
        "INSERT INTO stages VALUES (?, ?, ?, ?) ON CONFLICT (judgment_id, stage) "
        "DO UPDATE SET fingerprint = excluded.fingerprint, done_at = excluded.done_at WHERE fingerprint <> excluded.fingerprint",
        ((judgment_id, stage, fingerprint, at) for judgment_id in ids),
    )
