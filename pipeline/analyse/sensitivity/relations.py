"""Choices as SQL: a relation with the columns of `cases` in which other values stand, or in which other judgments stand for a case."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from pipeline.analyse.reading import EVERY, rows
from pipeline.analyse.sensitivity.choices import Choice
from pipeline.analyse.units import view_in
from pipeline.schema import StoreError


def columns_of(connection: sqlite3.Connection) -> tuple[str, ...]:
    """The columns of `cases`; StoreError when there is no such table."""
    found = tuple(str(row["name"]) for row in rows(connection, "SELECT name FROM pragma_table_info('cases')"))
    if not found:
        raise StoreError("this is not a database of anjuan: it has no table `cases`")
    return found


def relation_of(chosen: Sequence[Choice], columns: Sequence[str], unit: str = "document") -> str:
    """A FROM item with the columns of `cases` under these choices.

    Choices about different columns are made at once, on the row as the database has it; a second one about the same column is made on what
    the first leaves. What is counted comes last, because which judgment stands for a case depends on which are in scope. `unit` is what is
    counted unless a choice says otherwise; of two such choices the last one holds.

    Raises:
        AnjuanError: for a unit other than document, chain and incident.
    """
    relation = EVERY
    for level in _levels(chosen):
        listed = ", ".join(f"{level[column]} AS {column}" if column in level else f"c.{column}" for column in columns)
        relation = f"(SELECT {listed} FROM {relation} AS c)"
    counted = next((choice for choice in reversed(chosen) if choice.unit or choice.first), None)
    listed = ", ".join(columns)
    if counted is not None and counted.first:
        return _first_of_each(counted.first, listed, relation)
    name = counted.unit if counted is not None else unit
    return relation if name == "document" else f"(SELECT {listed} FROM {view_in(name, relation)})"


def _levels(chosen: Sequence[Choice]) -> list[dict[str, str]]:
    """SQL by column, in as few SELECTs as can be: SQLite's parser takes only so many, one inside the other."""
    levels: list[dict[str, str]] = []
    out = [choice.out for choice in chosen if choice.out]
    scope = {"in_scope": f"CASE WHEN c.in_scope = 1 AND ({' OR '.join(f'({condition})' for condition in out)}) THEN 0 ELSE c.in_scope END"}
    for replaced in [*([scope] if out else []), *(dict(choice.replace) for choice in chosen if choice.replace)]:
        free = next((level for level in levels[-1:] if level.keys().isdisjoint(replaced)), None)
        if free is None:
            levels.append(replaced)
        else:
            free.update(replaced)
    return levels


def _first_of_each(order: str, listed: str, relation: str) -> str:
    ranked = (
        f"SELECT c.*, row_number() OVER (PARTITION BY coalesce(c.chain_id, c.judgment_id) ORDER BY {order}) AS place FROM {relation} AS c"
    )
    return f"(SELECT {listed} FROM ({ranked}) WHERE place = 1)"
