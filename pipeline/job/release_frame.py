"""What a release says of no single judgment: the codebook, how the records were found, who coded, samples, links; and its risks."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pipeline.job.release_rows import Voices
from pipeline.release import Risk, risk
from pipeline.release import Row as RiskRow
from pipeline.schema import AnjuanError
from pipeline.store import Store
from pipeline.store.connection import now
from pipeline.store.released import COLUMNS, Chained

Rows = dict[str, list[tuple[Any, ...]]]

_VOICES = 'SELECT "by" AS name FROM labels GROUP BY 1 UNION SELECT "by" FROM predictions GROUP BY 1 UNION SELECT name FROM coders'
_RISKS = """
SELECT c.judgment_id, c.province, c.court_level, c.court, c.decided_on, coalesce((
    SELECT group_concat(role) FROM (SELECT DISTINCT role FROM victims AS v WHERE v.judgment_id = c.judgment_id ORDER BY role)), '') AS roles,
    coalesce((SELECT group_concat(who) FROM (
        SELECT gender || ' ' || substr(birth, 1, 4) || ' ' || education AS who FROM defendants AS d WHERE d.judgment_id = c.judgment_id ORDER BY n
    )), '') AS people
FROM cases AS c
"""
_PLAIN = frozenset({"choice", "list", "flag"})


def voices(store: Store) -> list[str]:
    """Everybody who says anything in the database."""
    return [str(row["name"]) for row in store.query(_VOICES)]


def kinds(store: Store) -> dict[str, str]:
    """The kind of every variable that a codebook of this database knows."""
    rows = store.query("SELECT v.variable, v.kind FROM codebook_variables AS v JOIN codebooks AS b USING (version) ORDER BY b.present")
    return {row["variable"]: row["kind"] for row in rows}


def chains(store: Store) -> dict[str, str]:
    """The chain of each judgment that is not alone in its case."""
    return {
        row["judgment_id"]: row["chain_id"] for row in store.query("SELECT judgment_id, chain_id FROM cases WHERE chain_id IS NOT NULL")
    }


def before(store: Store, run: int, voices: Voices) -> Rows:
    """Codebooks, the log of the import as sums, coders without their tokens, samples without the words of their authors."""
    rows: Rows = {table: _copied(store, table) for table in ("codebooks", "codebook_variables", "codebook_values")}
    log = store.query("SELECT outcome, reason, sum(records) AS records FROM import_log GROUP BY outcome, reason")
    rows["import_log"] = [(run, "", "", row["outcome"], row["reason"], row["records"]) for row in log]
    at = now()
    rows["coders"] = [
        (voices.of(row["name"]), row["role"], "", at, at) for row in store.query("SELECT name, role FROM coders ORDER BY name")
    ]
    rows["samples"] = [_sample(row) for row in store.query("SELECT * FROM samples ORDER BY id")]
    return rows


def _copied(store: Store, table: str) -> list[tuple[Any, ...]]:
    names = ", ".join(f'"{column}"' for column in COLUMNS[table])
    return [tuple(row.values()) for row in store.query(f"SELECT {names} FROM {table}")]


def _sample(row: Mapping[str, Any]) -> tuple[Any, ...]:
    """A sample: who drew it how, in which month; a condition may quote anything."""
    settings = {key: value for key, value in json.loads(row["settings"]).items() if key in ("asked_for", "by", "equal", "mode")}
    told = {**row, "drawn_at": row["drawn_at"][:7], "condition": "withheld" if row["condition"].strip() else ""}
    return tuple({**told, "settings": json.dumps(settings)}[column] for column in COLUMNS["samples"])


def after(store: Store, ids: Mapping[str, str], voices: Voices, citations: Iterable[Sequence[Any]]) -> tuple[Rows, list[Chained]]:
    """Links, frames, assignments and citations, which name judgments by the ids that the release gives them, and the chains."""
    rows: Rows = {"cited_cases": [(*row[:-1], ids.get(row[-1])) for row in citations]}
    links = store.query("SELECT judgment_id, other_id, relation, score FROM case_links")
    rows["case_links"] = [(ids[row["judgment_id"]], ids[row["other_id"]], row["relation"], row["score"], "") for row in links]
    strata = _strata(store)
    rows["sampling_frames"] = [
        (row["sample_id"], ids[row["judgment_id"]], strata[row["sample_id"]].get(row["stratum"], ""), row["probability"], row["drawn"])
        for row in store.query("SELECT * FROM sampling_frames")
    ]
    rows["assignments"] = [
        tuple(
            {**row, "judgment_id": ids[row["judgment_id"]], "coder": voices.of(row["coder"])}[column] for column in COLUMNS["assignments"]
        )
        for row in store.query("SELECT * FROM assignments")
    ]
    moved = store.query("SELECT judgment_id, chain_id, duplicate_of FROM cases WHERE chain_id IS NOT NULL OR duplicate_of IS NOT NULL")
    return rows, [Chained(ids[row["judgment_id"]], ids.get(row["chain_id"] or ""), ids.get(row["duplicate_of"] or "")) for row in moved]


def _strata(store: Store) -> dict[int, dict[str, str]]:
    """By sample, what each stratum is called: as it is where it consists of coded values, else by a number."""
    known, given = kinds(store), defaultdict[int, dict[str, str]](dict)
    by = {row["id"]: json.loads(row["settings"]).get("by") or [] for row in store.query("SELECT id, settings FROM samples")}
    for row in store.query("SELECT DISTINCT sample_id, stratum FROM sampling_frames ORDER BY sample_id, stratum"):
        names = given[row["sample_id"]]
        coded = all(known.get(variable) in _PLAIN for variable in by[row["sample_id"]])
        names[row["stratum"]] = row["stratum"] if coded else f"stratum {len(names) + 1}"
    return given


def risk_rows(store: Store) -> list[RiskRow]:
    """What the public release may tell of each case: province, level of the court, month, roles of the victims."""
    return [RiskRow(r["judgment_id"], r["province"], r["court_level"], r["decided_on"][:7], r["roles"]) for r in store.query(_RISKS)]


def risks(store: Store, k: int) -> dict[str, Risk]:
    """How many rows of a released database can be told apart, by what an outsider knows of them."""
    rows = store.query(_RISKS)
    place = {row["judgment_id"]: (row["province"], row["court_level"], row["court"], row["decided_on"], row["roles"]) for row in rows}
    known = {row["judgment_id"]: (*place[row["judgment_id"]], row["people"]) for row in rows}
    return {
        "court or place, date and victims' roles": risk(place, k),
        "the same and the defendants' gender, year of birth and schooling": risk(known, k),
    }


def write_risky(store: Store, found: Mapping[str, Risk], path: Path) -> int:
    """Write the rows at risk by either of `risks` to a CSV file, those with the fewest like them first; how many.

    `rows_alike` counts the rows like this one by place, date and roles, `rows_alike_with_people` those that share the defendants too;
    empty where there are enough.
    AnjuanError when the file cannot be written.
    """
    columns = ("province", "court_level", "court", "decided_on", "roles", "people")
    rows = {row["judgment_id"]: row for row in store.query(_RISKS)}
    place, people = (risk.alike for risk in found.values())
    many = len(rows)  # of a row that is not at risk by one of the two
    at_risk = sorted(place.keys() | people.keys(), key=lambda key: (place.get(key, many), people.get(key, many), key))
    try:
        with path.open("w", encoding="utf-8-sig", newline="") as file:  # the mark lets spreadsheets read Chinese
            writer = csv.writer(file)
            writer.writerow(("judgment_id", *columns, "rows_alike", "rows_alike_with_people"))
            for judgment_id in at_risk:
                alike = (place.get(judgment_id, ""), people.get(judgment_id, ""))
                writer.writerow((judgment_id, *(rows[judgment_id][column] for column in columns), *alike))
    except OSError as error:
        raise AnjuanError(f"{path} cannot be written: {error.strerror}") from error
    return len(at_risk)
