"""What a database holds, in hashes that do not depend on the order of rows: the same content has the same hash wherever it was made."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Mapping
from typing import Any

from pipeline.analyse.reading import rows
from pipeline.schema import StoreError

# Numbers of rows and times are left out: they differ between two runs over the same judgments. A judgment's id is the hash of its text.
# Empty: all columns, real numbers to six places. What is said of cases out of scope is left out, for a million of them stand in no table; that they are out of scope is in `cases`.
_IN_SCOPE = "WHERE judgment_id IN (SELECT judgment_id FROM cases WHERE in_scope = 1)"
CONTENT: Mapping[str, str] = {
    "judgments": "SELECT judgment_id FROM judgments",
    "cases": "",
    "defendants": "",
    "charges": "",
    "victims": "",
    "case_links": "SELECT judgment_id, other_id, relation FROM case_links",
    "labels": f'SELECT judgment_id, unit, variable, value, "by" FROM labels {_IN_SCOPE}',
    "evidence": f'SELECT judgment_id, unit, variable, "by", start, "end", rule FROM evidence {_IN_SCOPE}',
    "predictions": f'SELECT judgment_id, variable, value, round(probability, 6), in_set, "by" FROM predictions {_IN_SCOPE}',
    "changes": 'SELECT judgment_id, unit, variable, "by", actor, before, after FROM changes',
}
_BATCH = 1000  # rows read at once
_SPACE = 1 << 128
_FILES = 2000  # more input files than this are told by folder


def content(connection: sqlite3.Connection) -> dict[str, dict[str, Any]]:
    """For each table of `CONTENT` the number of rows and the hash of all of them, sorted (32 hexadecimal digits)."""
    return {table: _hashed(connection, sql or _whole(connection, table)) for table, sql in CONTENT.items()}


def _whole(connection: sqlite3.Connection, table: str) -> str:
    columns = rows(connection, "SELECT name, type FROM pragma_table_info(?) ORDER BY name", [table])
    names = (f'round("{each["name"]}", 6)' if each["type"] == "REAL" else f'"{each["name"]}"' for each in columns)
    return f"SELECT {', '.join(names) or 'NULL'} FROM {table}"


def _hashed(connection: sqlite3.Connection, sql: str) -> dict[str, Any]:
    """Each row as a line of JSON, written by SQLite, in half the time: of labels there are a hundred to a case."""
    number, digest = 0, hashlib.blake2b(digest_size=16)
    try:
        names = ", ".join(f"c{place}" for place in range(len(connection.execute(f"{sql} LIMIT 0").description)))
        cursor = connection.execute(f"WITH told ({names}) AS ({sql}) SELECT json_array({names}) FROM told ORDER BY {names}")
        while batch := cursor.fetchmany(_BATCH):
            digest.update("".join(f"{line}\n" for (line,) in batch).encode("utf-8", "surrogatepass"))
            number += len(batch)
    except sqlite3.Error as error:
        raise StoreError(f"this is not a database of anjuan, or it is damaged: {error}") from error
    return {"rows": number, "hash": digest.hexdigest()}


def stages(connection: sqlite3.Connection) -> list[dict[str, Any]]:
    """What the rules, linking and models were when they did their part, by fingerprint, and for how many judgments."""
    sql = "SELECT stage, fingerprint, count(*) AS judgments FROM stages GROUP BY stage, fingerprint ORDER BY stage, fingerprint"
    return [dict(row) for row in rows(connection, sql)]


def voices(connection: sqlite3.Connection) -> list[dict[str, Any]]:
    """Who speaks in the labels of cases in scope, under which version of the codebook, how often."""
    sql = f'SELECT "by", codebook_version, count(*) AS labels FROM labels {_IN_SCOPE} GROUP BY "by", codebook_version ORDER BY "by", codebook_version'
    return [dict(row) for row in rows(connection, sql)]


def samples(connection: sqlite3.Connection) -> list[dict[str, Any]]:
    """The samples that were drawn for coding, with their seeds."""
    sql = "SELECT id, task, strategy, seed, overlap, condition, frame_size, size, codebook_version FROM samples ORDER BY id"
    return [dict(row) for row in rows(connection, sql)]


def runs(connection: sqlite3.Connection) -> list[dict[str, Any]]:
    """The runs that changed the database, oldest first."""
    return [dict(row) for row in rows(connection, "SELECT started_at, command, version, counts FROM runs ORDER BY id")]


def inputs(connection: sqlite3.Connection) -> list[dict[str, Any]]:
    """The files that were read: records stored, met again and refused, and the hash of the judgments found in each.

    Many files (more than 2,000) are told by folder, each with the number of its `files`.
    """
    sql = """SELECT path, coalesce(sum(records) FILTER (WHERE outcome = 'stored'), 0) AS stored,
        coalesce(sum(records) FILTER (WHERE outcome = 'duplicate'), 0) AS duplicates,
        coalesce(sum(records) FILTER (WHERE outcome = 'rejected'), 0) AS rejected FROM import_log GROUP BY path ORDER BY path"""
    read = {str(row["path"]): row for row in rows(connection, sql)}
    name = _folder if len(read) > _FILES else str
    listed: dict[str, dict[str, Any]] = {}
    for path, row in read.items():
        found = listed.setdefault(name(path), {"path": name(path), "files": 0, "stored": 0, "duplicates": 0, "rejected": 0, "judgments": 0})
        found["files"] += 1
        for key in ("stored", "duplicates", "rejected"):
            found[key] += row[key]
    for row in rows(connection, "SELECT DISTINCT path, judgment_id FROM sources"):
        if file := _file(row["path"], read):
            listed[name(file)]["judgments"] += int.from_bytes(hashlib.blake2b(row["judgment_id"].encode(), digest_size=16).digest())
    return [each | {"judgments": f"{each['judgments'] % _SPACE:032x}"} for each in listed.values()]


def _file(place: str, known: Mapping[str, Any]) -> str:
    """The file of the log in which a place lies ("a.jsonl, line 9" is in a.jsonl); "" where the log names none."""
    while place and place not in known:
        place = place[: max(place.rfind(", "), place.rfind("/"), place.rfind("\\"), 0)]
    return place


def _folder(path: str) -> str:
    return path[: max(path.rfind("/"), path.rfind("\\"), 0)]
