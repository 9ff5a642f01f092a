"""The catalogue of tables: every cell's SQL finds its judgments, nothing is dropped, and a definition that cannot be is refused."""

from __future__ import annotations

import sqlite3
from collections import Counter
from pathlib import Path

import pytest
from small_database import build

from pipeline.analyse.catalogue import Definition, catalogue, count, count_all, parse_catalogue
from pipeline.analyse.lines import Level
from pipeline.analyse.reading import open_readonly
from pipeline.analyse.tables import Table
from pipeline.analyse.units import UNITS
from pipeline.schema import CodebookError
from pipeline.store import Store

WHOLE = """
[[table]]
name = "x"
zh = "文"
en = "x"
unit = "case"
column = "hospital_level"
kind = "codes"
"""


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> sqlite3.Connection:
    path = tmp_path_factory.mktemp("catalogue") / "small.db"
    build(path)
    return open_readonly(path)


@pytest.fixture(scope="module", params=["cases", "cases_once"])
def tables(connection: sqlite3.Connection, request: pytest.FixtureRequest) -> dict[str, Table]:
    return count_all(connection, request.param)


def named(name: str) -> Definition:
    return next(definition for definition in catalogue() if definition.name == name)


def test_the_sql_of_every_cell_finds_its_judgments_again(connection: sqlite3.Connection, tables: dict[str, Table]) -> None:
    cells = [cell for table in tables.values() for part in table.parts for row in part.rows for cell in row.cells.values()]
    for cell in cells:
        assert Counter(row[0] for row in connection.execute(cell.sql)) == Counter(cell.judgments), cell.sql
        assert cell.n == len(cell.judgments)
    assert len(cells) > 400
    assert sum(cell.n > 0 for cell in cells) > 100


def test_nothing_is_dropped(tables: dict[str, Table]) -> None:
    for definition in catalogue():
        if definition.kind == "list":
            continue
        number, block = tables[definition.name].parts
        for column, total in number.rows[0].cells.items():
            lines = [row for row in block.rows if row.line.level is not Level.GROUP or _alone(definition, row.line.key)]
            assert sum(row.cells[column].n for row in lines) == total.n, (definition.name, column)


def _alone(definition: Definition, key: str) -> bool:
    """Whether a group's values have no lines of their own."""
    return key.endswith("+") or definition.kind == "values"


def test_a_group_counts_the_sum_of_its_values(tables: dict[str, Table]) -> None:
    for definition in catalogue():
        if definition.kind != "codes":
            continue
        table = tables[definition.name]
        for group in definition.groups:
            members = [table.cell(f"{definition.name}={value}", "total").n for value in group.values]
            assert table.cell(f"{definition.name}.{group.name}", "total").n == sum(members)


def test_where_keeps_only_the_units_with_that_value(connection: sqlite3.Connection) -> None:
    table = count(connection, named("waiting_hospital_level"))
    assert table.cell("number", "total").n == 1  # of six cases one is about the speed of service
    assert "cause = 'service_speed'" in table.cell("number", "total").sql


def test_an_empty_database_gives_tables_of_zeros(tmp_path: Path) -> None:
    with Store.open(tmp_path / "empty.db"):
        pass
    tables = count_all(open_readonly(tmp_path / "empty.db"))
    assert tables.keys() == {definition.name for definition in catalogue()}
    assert all(cell.n == 0 for table in tables.values() for part in table.parts for row in part.rows for cell in row.cells.values())


def test_every_table_has_both_languages_and_a_section() -> None:
    assert all(definition.zh and definition.en and definition.section for definition in catalogue())
    assert all(bool(term.zh) == bool(term.en) for definition in catalogue() for term in (definition.note, definition.study))


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ('unit = "case"|unit = "court"', f"the unit is one of {', '.join(UNITS)}"),
        ('kind = "codes"|kind = "code"', "the kind one of codes, list, values"),
        ('kind = "codes"|kind = "codes"\nchart = "pie"', "the chart one of stacked"),
        ('kind = "codes"|kind = "codes"\ncolour = "red"', "missing or unknown keys: colour"),
        ('zh = "文"|', "missing or unknown keys: zh"),
        ('column = "hospital_level"|column = "hospital"', "hospital"),
        ('kind = "codes"|kind = "codes"\nwhere = { cause = "anger" }', "cause has no value 'anger'"),
        ('kind = "codes"|kind = "codes"\ngroup = [{ name = "g", zh = "组", en = "g" }]', "a group has the keys en, name, values, zh"),
        ('kind = "codes"|kind = "codes"\ngroup = [{ name = "g", zh = "组", en = "g", values = ["village"] }]', "has no value village"),
        (WHOLE + "|" + WHOLE + WHOLE, "declared twice: x"),
    ],
)
def test_an_impossible_definition_is_refused(change: str, complaint: str) -> None:
    assert parse_catalogue(WHOLE)[0].unit is UNITS["case"]
    before, after = change.split("|", 1)
    with pytest.raises(CodebookError, match=r"catalogue\.toml") as refused:
        parse_catalogue(WHOLE.replace(before, after))
    assert complaint in str(refused.value)
