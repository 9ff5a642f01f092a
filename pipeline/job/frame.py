"""From which cases is drawn, and what the database knows of them: strata, how uncertain the models are, where they differ from the rules."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Sequence
from typing import Any

from pipeline.schema import AnjuanError, StoreError
from pipeline.store import Store

Row = dict[str, Any]

UNKNOWN = "unknown"
OUT_OF_SCOPE = "out_of_scope"
_BATCH = 500  # texts read at a time
# A chain is one case: it is assigned when any of its judgments is, whichever stood for it then.
_FREE = """
SELECT * FROM ({}) AS f WHERE coalesce(f.chain_id, f.judgment_id) NOT IN (
    SELECT coalesce(c.chain_id, c.judgment_id) FROM assignments AS a JOIN cases AS c ON c.judgment_id = a.judgment_id WHERE a.task = ?
) ORDER BY f.judgment_id
"""
_MARGINS = """
WITH ranked AS (
    SELECT judgment_id, variable, probability, row_number() OVER (PARTITION BY judgment_id, variable ORDER BY probability DESC) AS place
    FROM predictions WHERE variable IN (SELECT value FROM json_each(?))
)
SELECT judgment_id, variable, sum(CASE place WHEN 1 THEN probability ELSE -probability END) AS margin
FROM ranked WHERE place <= 2 GROUP BY judgment_id, variable
"""
_MODEL = "('model', 'model:out_of_fold')"
_DIFFERENT = f"""
SELECT m.judgment_id, count(DISTINCT m.variable) AS variables FROM labels AS m JOIN labels AS r
ON r.judgment_id = m.judgment_id AND r.unit = m.unit AND r.variable = m.variable AND r."by" = 'rules' AND r.value <> m.value
WHERE m."by" IN {_MODEL} GROUP BY m.judgment_id
"""


def frame(store: Store, task: str, condition: str = "") -> list[Row]:
    """The cases that may be drawn, by id: one judgment for each chain (`cases_once`) that fulfils the condition, assigned to nobody for the task.

    AnjuanError for a condition that SQLite refuses, and when there is no such case.
    """
    # The line break ends a comment; the name lets a condition say cases.court, as its author does elsewhere.
    wanted = f"SELECT * FROM cases_once AS cases WHERE (\n{condition}\n)" if condition.strip() else "SELECT * FROM cases_once"
    try:
        rows = store.query(_FREE.format(wanted), [task])
        every = len(rows) or store.query(f"SELECT count(*) AS n FROM ({wanted})")[0]["n"]
    except StoreError as error:
        if not condition.strip():
            raise
        raise AnjuanError(f"--where {condition!r} is no condition on the columns of cases: {error.__cause__ or error}") from error
    if rows:
        return rows
    if every:
        raise AnjuanError(f"nothing to draw: all {every} cases are assigned for this task already")
    raise AnjuanError(f"nothing to draw: no case fulfils --where {condition!r}" if condition.strip() else f"{store.path} holds no case yet")


def by_columns(store: Store, rows: Sequence[Row], columns: Sequence[str]) -> list[str]:
    """The stratum of each row: its values of some columns of `cases`. What is out of scope has no type of attack and is a type of its own."""
    for name in columns:
        if name not in rows[0]:
            near = difflib.get_close_matches(name, rows[0], n=3) or sorted(rows[0])
            raise AnjuanError(f"--by {name}: `cases` has no such column; did you mean: {', '.join(near)}")
    return [" / ".join(_value(row, name) for name in columns) for row in rows]


def _value(row: Row, column: str) -> str:
    if column == "attack_type" and row["in_scope"] == 0:
        return OUT_OF_SCOPE
    return UNKNOWN if row[column] in (None, "") else str(row[column])


def uncertainty(store: Store, rows: Sequence[Row], variables: Sequence[str]) -> list[float]:
    """How uncertain the models are of each row, 0 to 1: one less the margin between the two likeliest values, of the least certain variable.

    The type of attack counts only in scope, as in the view `undecided`. A case of which no model has spoken is wholly uncertain.
    """
    scope = {row["judgment_id"]: row["in_scope"] for row in rows}
    margins: dict[str, float] = {}
    for found in store.query(_MARGINS, [json.dumps(list(variables))]):
        case = found["judgment_id"]
        if case in scope and (found["variable"] == "in_scope" or scope[case] == 1):
            margins[case] = min(margins.get(case, 1.0), found["margin"])
    if not margins:
        raise AnjuanError(f"no model has answered for these cases: run `anjuan classify --db {store.path}` first")
    return [1 - max(0.0, margins.get(row["judgment_id"], 0.0)) for row in rows]


def disagreement(store: Store, rows: Sequence[Row]) -> list[float]:
    """In how many variables of the case rules and models say different values, for each row."""
    if not store.query(f'SELECT 1 AS found FROM labels WHERE "by" IN {_MODEL} LIMIT 1'):
        raise AnjuanError(f"no model has answered for these cases: run `anjuan classify --db {store.path}` first")
    different = {row["judgment_id"]: row["variables"] for row in store.query(_DIFFERENT)}
    return [float(different.get(row["judgment_id"], 0)) for row in rows]


def texts(store: Store, rows: Sequence[Row]) -> Iterator[str]:
    """The text of each row, in their order, a few at a time."""
    sql = "SELECT j.text FROM json_each(?) AS wanted JOIN judgments AS j ON j.judgment_id = wanted.value ORDER BY wanted.key"
    for start in range(0, len(rows), _BATCH):
        batch = [row["judgment_id"] for row in rows[start : start + _BATCH]]
        yield from (row["text"] for row in store.query(sql, [json.dumps(batch)]))
