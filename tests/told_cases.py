"""Small databases for the tests of units, sensitivity and periods: invented judgments, each told by a few values."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from pathlib import Path

from pipeline.analyse.reading import open_readonly
from pipeline.schema import Judgment, Label, Section, Span, Speaker
from pipeline.store import Harvest, Store

Told = Mapping[str, str]


def build(path: Path, told: Mapping[str, Told], by: str = "adjudicated", chains: Mapping[str, str] | None = None) -> dict[str, str]:
    """Write judgments in scope; returns the judgment_id of each name.

    Keys of a judgment are variables of the case, "defendant:1 name" and the like for parties, "coder attack_type" (a voice other than
    `by`) for a second answer; a value that begins with "!" has a quotation. `chains`: which judgment a judgment is a later instance of.
    """
    judgments = {name: Judgment("test", name, f"{name}：经审理查明，被告人张某到医院闹事。", title=name) for name in told}
    ids = {name: judgment.judgment_id for name, judgment in judgments.items()}
    with Store.open(path) as store:
        run = store.begin_run("test")
        store.save_import(run, Harvest([("told.jsonl", judgment) for judgment in judgments.values()]), ())
        labels = {name: [*_labels(values, by), Label("case", "in_scope", values.get("in_scope", "1"), by)] for name, values in told.items()}
        for voice in sorted({label.by for found in labels.values() for label in found}):
            batch = [(ids[name], [label for label in found if label.by == voice]) for name, found in labels.items()]
            store.replace_labels("test", voice, voice, batch, "1.3")
        store.finish_run(run, {})
        for later, earlier in (chains or {}).items():
            for name in (later, earlier):
                store.db.conn.execute("UPDATE cases SET chain_id = ? WHERE judgment_id = ?", [ids[earlier], ids[name]])
        store.db.conn.commit()
    return ids


def _labels(values: Told, by: str) -> list[Label]:
    found = []
    for key, value in values.items():
        first, _, second = key.partition(" ")
        unit = first if ":" in first else "case"
        voice = by if not second or ":" in first else first
        if key != "in_scope":
            quoted = (Span(0, 1, Section.FACTS, Speaker.COURT),) if value.startswith("!") else ()
            found.append(Label(unit, second or first, value.removeprefix("!"), voice, quoted))
    return found


def opened(path: Path, told: Mapping[str, Told], by: str = "adjudicated", chains: Mapping[str, str] | None = None) -> sqlite3.Connection:
    """The database of `build`, opened for reading."""
    build(path, told, by, chains)
    return open_readonly(path)
