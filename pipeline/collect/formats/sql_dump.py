"""SQL dumps of a table (MySQL, as mysqldump and Navicat write them): the rows of INSERT statements under the table's column names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.collect.rejection import Reason
from pipeline.collect.source import Source
from pipeline.schema import RecordError

_START = re.compile(r"\s*(?:/\*|--|SET\s|DROP TABLE|CREATE TABLE|INSERT INTO|LOCK TABLES|BEGIN|USE\s)", re.IGNORECASE)
_STATEMENT = re.compile(r"^(?:CREATE TABLE|INSERT INTO)\s+[`\"\w]", re.IGNORECASE | re.MULTILINE)
_TABLE = re.compile(r"\s*CREATE TABLE\s+(?:IF NOT EXISTS\s+)?([`\"\w.]+)", re.IGNORECASE)
_COLUMN = re.compile(r"\s+[`\"](\w+)[`\"]\s+\w")
_INSERT = re.compile(r"\s*INSERT INTO\s+([`\"\w.]+)\s*(?:\(([^)]*)\))?\s*VALUES\s*", re.IGNORECASE)
# Possessive: a text of millions of characters leaves nothing to go back to.
_VALUE = re.compile(r"\s*(?:N?'((?:[^'\\]++|\\.|'')*+)'|([^\s,()']++))\s*+([,)])", re.DOTALL)
_ESCAPE = re.compile(r"\\(.)|''", re.DOTALL)
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t", "0": "", "Z": "", "b": ""}
_CUT_OFF = RecordError(Reason.TRUNCATED, "the dump ends inside a statement; export or copy it again")


def recognise(head: str) -> bool:
    """Tell a dump by its first statement or comment, and one that makes or fills a table."""
    return _START.match(head.lstrip("\ufeff")) is not None and _STATEMENT.search(head) is not None


def records(source: Source) -> Iterator[tuple[str, object]]:
    """Yield (place, row as a mapping); a RecordError for a statement that cannot be read. Place is the line on which the statement begins."""
    columns: dict[str, list[str]] = {}
    table = ""
    for number, statement in _statements(source):
        place = f"line {number}"
        if isinstance(statement, RecordError):
            yield place, statement
        elif made := _TABLE.match(statement):
            table = made[1].strip('`"')
            columns[table] = [column[1] for line in statement.split("\n") if (column := _COLUMN.match(line))]
        elif filled := _INSERT.match(statement):
            named = [name.strip(' `"\n') for name in filled[2].split(",")] if filled[2] else columns.get(filled[1].strip('`"'), [])
            for row, values in enumerate(_rows(statement, filled.end()), 1):
                yield place if row == 1 else f"{place}.{row}", _record(named, values)


def _statements(source: Source) -> Iterator[tuple[int, str | RecordError]]:
    """Yield CREATE TABLE and INSERT statements with the number of their first line. A statement ends with ; at a line's end, outside quotes."""
    begun, length, first, quoted = list[str](), 0, 0, False
    for number, line in source.lines():
        if isinstance(line, RecordError):
            yield number, line
            begun, length, quoted = [], 0, False
            continue
        if not begun and not (_TABLE.match(line) or _INSERT.match(line)):
            continue
        first = first if begun else number
        begun.append(line)
        length += len(line)
        quoted ^= _odd_quotes(line)
        if (not quoted and line.rstrip().endswith(";")) or length > source.limits.line:
            yield (
                first,
                "\n".join(begun)
                if length <= source.limits.line
                else RecordError(Reason.TOO_LARGE, "the statement is too long to be held in memory; export one row a statement"),
            )
            begun, length, quoted = [], 0, False
    if begun:
        yield first, _CUT_OFF


def _odd_quotes(line: str) -> bool:
    """Tell whether the line opens or closes a quotation: escaped signs left out, a doubled quote counts as two."""
    return re.sub(r"\\.", "", line).count("'") % 2 == 1


def _rows(statement: str, position: int) -> Iterator[list[str] | RecordError]:
    """Yield the values of each (...) behind VALUES."""
    while (opening := statement.find("(", position)) >= 0:
        values, position, sign = list[str](), opening + 1, ","
        while sign == ",":
            found = _VALUE.match(statement, position)
            if found is None:
                yield RecordError(Reason.BAD_RECORD, "a row of the statement cannot be read; export the table as CSV or JSON")
                return
            values.append(_ESCAPE.sub(_unescaped, found[1]) if found[1] is not None else _bare(found[2]))
            position, sign = found.end(), found[3]
        yield values


def _unescaped(found: re.Match[str]) -> str:
    return "'" if found[0] == "''" else _ESCAPED.get(found[1], found[1])


def _bare(value: str) -> str:
    return "" if value.upper() == "NULL" else value


def _record(columns: list[str], values: list[str] | RecordError) -> object:
    if isinstance(values, RecordError):
        return values
    if len(columns) != len(values):
        return RecordError(
            Reason.BAD_RECORD, f"the row has {len(values)} values for {len(columns)} columns; export the table with its column names"
        )
    return dict(zip(columns, values, strict=True))
