"""`anjuan annotate export` and `import`: what people have coded, from the database into a file of another program and back."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pipeline.annotate.exchange import ADJUDICATED, CodedJudgment, Form, Reading, interface, is_voice, named, recognised, text_hash
from pipeline.codebook import load
from pipeline.destination import refuse
from pipeline.schema import AnjuanError, Entry, Judgment, StoreError
from pipeline.store import Desk, Store
from pipeline.store.connection import transaction
from pipeline.store.entries import Manner, Save, normal
from pipeline.store.entries import save as save_entries
from pipeline.text import canonical

ACTOR = "import"
_CODED = """
SELECT said.judgment_id, said."by" FROM (
    SELECT judgment_id, "by" FROM labels UNION SELECT judgment_id, "by" FROM remarks
) AS said JOIN judgments AS j ON j.judgment_id = said.judgment_id ORDER BY j.rowid, said."by"
"""
_MANNER = 'SELECT mode, codebook_version FROM labels WHERE judgment_id = ? AND "by" = ?'
_QUEUE = "SELECT state, seconds FROM assignments WHERE judgment_id = ? AND coder = ? AND task = ?"
_LAST = 'SELECT max(at) AS at FROM changes WHERE judgment_id = ? AND "by" = ?'
_VERSIONS = 'SELECT unit, variable, codebook_version FROM labels WHERE judgment_id = ? AND "by" = ?'


@dataclass(slots=True)
class Exported:
    """How many judgments and codings went into a file, and what it could not hold, with counts."""

    judgments: int = 0
    codings: int = 0
    losses: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class Imported:
    """What an import has changed: codings read, entries changed and unchanged. With `problems` nothing was imported."""

    form: str = ""
    codings: int = 0
    judgments: int = 0
    changed: int = 0
    unchanged: int = 0
    problems: list[str] = field(default_factory=list)
    losses: Counter[str] = field(default_factory=Counter)


def export(
    store: Store,
    form: str,
    out: Path,
    coders: Sequence[str] = (),
    *,
    notes: bool | None = None,
    config: Path | None = None,
    force: bool = False,
) -> Exported:
    """Write what people (or only `coders`) have coded to `out`, as a whole or not at all.

    `notes`: None leaves it to the form. `config` is where Label Studio's labelling interface goes. AnjuanError when a file is there already.
    """
    kind, exported, seen = named(form), Exported(), set[str]()
    if config and form != "labelstudio":
        raise AnjuanError("--config is Label Studio's labelling interface; it goes with --form labelstudio")
    refuse(out, config, force=force, source=store.path)
    wanted = _wanted(store, coders)
    entries: list[Entry] = []

    def counted() -> Iterator[CodedJudgment]:
        for coded in _codings(Desk(store), wanted):
            seen.add(coded.judgment_id)
            exported.codings += 1
            entries.extend(replace(entry, values=(), words=()) for entry in coded.entries if config)
            yield coded

    _write(out, kind, kind.write(counted(), exported.losses, form != "annotations" if notes is None else notes))
    exported.judgments = len(seen)
    if config:
        config.write_text(interface(load(), entries), "utf-8")
    return exported


def _write(out: Path, form: Form, parts: Iterable[str]) -> None:
    """Write a file beside its place and move it there when it is complete."""
    unfinished = out.with_name(f"{out.name}.part")
    try:
        with unfinished.open("w", encoding=form.encoding, newline="") as file:
            file.writelines(parts)
        unfinished.replace(out)
    except OSError as error:
        raise AnjuanError(f"{out} cannot be written: {error.strerror}") from error
    finally:
        unfinished.unlink(missing_ok=True)


def _wanted(store: Store, coders: Sequence[str]) -> list[tuple[str, str]]:
    """(judgment_id, voice) of every coding asked for, by judgment; AnjuanError for a voice that has said nothing."""
    said = [(str(row["judgment_id"]), str(row["by"])) for row in store.query(_CODED, [])]
    people = [(judgment_id, by) for judgment_id, by in said if is_voice(by)]
    voices = sorted({by for _, by in people})
    if unknown := sorted(set(coders) - set(voices)):
        raise AnjuanError(f"{', '.join(unknown)} has coded nothing in {store.path}; there are codings by: {', '.join(voices) or 'nobody'}")
    if not people:
        raise AnjuanError(f"nobody has coded anything in {store.path} yet")
    return [(judgment_id, by) for judgment_id, by in people if not coders or by in coders]


def _codings(desk: Desk, wanted: Iterable[tuple[str, str]]) -> Iterator[CodedJudgment]:
    judgment = None
    for judgment_id, by in wanted:
        if judgment is None or judgment.judgment_id != judgment_id:
            judgment = desk.store.judgment(judgment_id)
        if judgment is not None:
            yield _coding(desk, judgment_id, judgment, by)


def _coding(desk: Desk, judgment_id: str, judgment: Judgment, by: str) -> CodedJudgment:
    """One voice's coding of a judgment. Of several modes the weakest claim counts; of several versions of the codebook the oldest."""
    rows = desk.store.query(_MANNER, [judgment_id, by])
    screener, task = by.removeprefix("screen:"), "screen" if by.startswith("screen:") else "code"
    queue: dict[str, Any] = next(iter(desk.store.query(_QUEUE, [judgment_id, screener, task])), {"state": "", "seconds": 0.0})
    last = desk.store.query(_LAST, [judgment_id, by])[0]["at"]
    modes = {str(row["mode"]) for row in rows if row["mode"]}
    return CodedJudgment(
        judgment_id,
        judgment.source_id,
        judgment.title,
        judgment.text,
        text_hash(judgment.text),
        by,
        mode=next((mode for mode in ("adjudication", "imported", "assisted", "blind") if mode in modes), "imported"),
        codebook_version=min((str(row["codebook_version"]) for row in rows), key=_numbers, default=load().version),
        entries=tuple(desk.entries(judgment_id, by)),
        seconds=float(queue["seconds"]),
        state=str(queue["state"]),
        at=str(last or ""),
    )


def _numbers(version: str) -> tuple[int, ...]:
    """A version such as 1.10 so that it can be compared."""
    return tuple(int(number) for number in re.findall(r"\d+", version))


class _Stored:
    """The judgments of a database, as the forms ask for them."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def text(self, judgment_id: str) -> str | None:
        """The text of a judgment, or None when it is not there."""
        rows = self._store.query("SELECT text FROM judgments WHERE judgment_id = ?", [judgment_id])
        return str(rows[0]["text"]) if rows else None

    def named(self, source_id: str) -> list[str]:
        """The judgments that were found under this identifier."""
        rows = self._store.query("SELECT judgment_id FROM judgments WHERE source_id = ?", [source_id]) or self._store.query(
            "SELECT DISTINCT judgment_id FROM sources WHERE source_id = ?", [source_id]
        )
        return [str(row["judgment_id"]) for row in rows]


def import_file(store: Store, file: Path, form: str = "", coder: str = "", adjudicated: bool = False) -> Imported:
    """Take codings from a file into the database, all of them or, when anything is wrong with one, none; saying it twice changes nothing.

    `coder` (or `adjudicated`) says whose they are, whatever the file says. What the file does not speak of stays as it is.
    """
    by = ADJUDICATED if adjudicated else coder
    if (coder and adjudicated) or (by and not is_voice(by)):
        raise AnjuanError("say either --coder or --adjudicated" if coder and adjudicated else f"{coder!r} cannot be a coder's name")
    content = _content(file)
    kind = named(form) if form else recognised(content, str(file))
    texts = _Stored(store)
    reading = kind.read(content, str(file), texts)
    if not by and reading.coded and not any(each.coder for each in reading.coded):
        raise AnjuanError(f"{file} does not say whose codings these are; say it with --coder NAME or --adjudicated")
    coded = list(_placed(reading, texts, by))
    imported = Imported(kind.name, len(coded), len({each.judgment_id for each in coded}), losses=reading.losses)
    imported.problems = reading.problems
    _save(store, coded, imported, file.name)
    return imported


def _content(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise AnjuanError(f"{file} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise AnjuanError(f"{file} is not UTF-8 (byte {error.start}); save it as UTF-8, in Excel as 'CSV UTF-8'") from error


def _placed(reading: Reading, texts: _Stored, by: str) -> Iterator[CodedJudgment]:
    """The codings with their judgment and their voice; what does not fit the database joins the problems."""
    seen: dict[tuple[str, str], str] = {}
    for each in reading.coded:
        content_id = Judgment("", "", canonical(each.text)).judgment_id if each.text else ""
        coded = replace(each, judgment_id=each.judgment_id or content_id, coder=by or each.coder)
        problem = _misfit(coded, texts.text(coded.judgment_id))
        if not problem and (earlier := seen.setdefault((coded.judgment_id, coded.coder), coded.place)) != coded.place:
            problem = f"'{coded.coder}' has coded judgment {coded.judgment_id} already at {earlier}; keep one of the two"
        if problem:
            reading.problems.append(f"{coded.place}: {problem}")
        else:
            yield coded


def _misfit(coded: CodedJudgment, text: str | None) -> str:
    """Why a coding cannot be of this database; '' when it can."""
    if not coded.coder:
        return "does not say whose coding it is; say it with --coder NAME or --adjudicated"
    if text is None:
        about = f"judgment {coded.judgment_id}" if coded.text or coded.judgment_id else "such judgment"
        return f"the database holds no {about}; import its text first"
    if coded.text not in ("", text) and canonical(coded.text) != text:
        return f"its text is not that of judgment {coded.judgment_id} in the database, so that offsets would be wrong"
    if not coded.text and coded.text_hash != text_hash(text):
        told = f"it has the hash {coded.text_hash or 'of none'}, the database's {text_hash(text)}"
        return f"the text of judgment {coded.judgment_id} is another than the one that was coded: {told}"
    return ""


def _save(store: Store, coded: Sequence[CodedJudgment], imported: Imported, file: str) -> None:
    """Save all codings in one transaction and count. When one cannot be saved it joins the problems; with any of them nothing is saved."""
    try:
        with transaction(store.db, store.path):
            for each in coded:
                try:
                    imported.changed += _save_coding(Desk(store), each, imported, file)
                except StoreError as error:
                    imported.problems.append(f"{each.place}: {error}")
            if imported.problems:
                raise _TakenBackError
    except _TakenBackError:
        imported.changed = imported.unchanged = 0


class _TakenBackError(Exception):
    """Ends a transaction without keeping any of it."""


def _save_coding(desk: Desk, coded: CodedJudgment, imported: Imported, file: str) -> int:
    """Save the entries that say something new, under the codebook's version they were coded by; how many have changed."""
    codebook = replace(desk.codebook, version=coded.codebook_version or desk.codebook.version)
    stored = {(entry.unit, entry.variable): entry for entry in desk.entries(coded.judgment_id, coded.coder)}
    older = _older(desk.store, coded, codebook.version)
    entries = [_merged(coded, entry, stored.get((entry.unit, entry.variable))) for entry in coded.entries]
    new = [e for e in entries if normal(codebook, e) != stored.get((e.unit, e.variable)) or (e.unit, e.variable) in older]
    saves = [Save(coded.judgment_id, coded.coder, entry) for entry in new]
    saved = save_entries(desk.store.db, codebook, saves, Manner(ACTOR, coded.mode, reason=file))
    changed = sum(1 for each in saved if each.change)
    imported.unchanged += len(entries) - changed
    return changed


def _older(store: Store, coded: CodedJudgment, version: str) -> set[tuple[str, str]]:
    """The entries whose stored labels were given by an older codebook than the file's: saying the same again renews them."""
    rows = store.query(_VERSIONS, [coded.judgment_id, coded.coder])
    return {(str(row["unit"]), str(row["variable"])) for row in rows if _numbers(str(row["codebook_version"])) < _numbers(version)}


def _merged(coded: CodedJudgment, entry: Entry, stored: Entry | None) -> Entry:
    """An entry of the file, with what its form could not hold as it stands in the database."""
    if stored is None:
        return entry
    if not coded.notes:
        entry = replace(entry, note=stored.note)
    if (entry.unit, entry.variable) not in coded.partial:
        return entry
    kept = {words[:2] for words in stored.words}
    words = (*(each for each in entry.words if each[2] or each[:2] not in kept), *stored.words)
    return replace(entry, values=tuple(dict.fromkeys((*entry.values, *stored.values))), words=words)
