"""Units of analysis: what is one incident, the numbers of all units, and any table over them."""

from __future__ import annotations

import sqlite3
from collections import Counter
from pathlib import Path

import pytest
import small_database
from told_cases import Told, opened

from pipeline.analyse.catalogue import catalogue
from pipeline.analyse.reading import open_readonly
from pipeline.analyse.unit_counts import count_in, table_sizes, unit_rows, unit_table
from pipeline.analyse.units import UNITS, records, view_in
from pipeline.schema import AnjuanError
from pipeline.store import Store

DAY, HERE = "2018-03-04", {"province": "某甲省", "city": "甲市", "court": "甲市乙区人民法院"}


def told(**more: str) -> dict[str, str]:
    """A reactive case on one day in one city by one defendant, unless told otherwise."""
    return {"incident_on": DAY, **HERE, "attack_type": "reactive", "defendant:1 name": "张某", "victim:1 name": "李某甲"} | more


def other(**more: str) -> dict[str, str]:
    """The same with other people."""
    return told(**({"defendant:1 name": "王某", "victim:1 name": "赵某"} | more))


@pytest.mark.parametrize(
    ("first", "second", "incidents"),
    [
        (told(), told(), 1),
        (told(), other(**{"victim:1 name": "李某甲"}), 1),  # accomplices tried apart share the victim
        (told(), other(**{"defendant:1 name": "张某"}), 1),
        (told(), other(), 2),
        (told(), told(incident_on="2018-03-05"), 2),
        (told(incident_on="2018-03"), told(incident_on="2018-03"), 2),  # a month is no date
        (told(), told(city="乙市"), 2),
        (told(city="", court="甲县人民法院"), told(city="", court="乙县人民法院"), 2),
        (told(city="", province="北京市", court="甲区法院"), told(city="", province="北京市", court="乙区法院"), 1),
        (told(city="", court=""), told(city="", court=""), 2),  # no place
        (told(), other(**{"defendant:1 name": "李某甲"}), 2),  # a defendant here, a victim there
        (told(**{"defendant:1 name": "某某", "victim:1 name": "×××"}), told(**{"defendant:1 name": "某某", "victim:1 name": "×××"}), 2),
        (told(**{"victim:1 name": "甲某医院"}), other(**{"victim:1 name": "甲某医院"}), 2),  # a masked institution
        (told(**{"victim:1 name": "甲市第九医院"}), other(**{"victim:1 name": "甲市第九医院"}), 1),
    ],
)
def test_what_two_documents_need_to_tell_of_one_incident(tmp_path: Path, first: Told, second: Told, incidents: int) -> None:
    connection = opened(tmp_path / "two.db", {"A": first, "B": second})
    assert len(records(connection, UNITS["incident"])) == incidents
    assert len(records(connection, UNITS["document"])) == 2


def test_incidents_are_connected_through_other_documents_and_through_chains(tmp_path: Path) -> None:
    cases = {
        "A": told(),
        "B": other(**{"defendant:1 name": "张某", "victim:2 name": "钱某"}),
        "C": told(**{"defendant:1 name": "孙某", "victim:1 name": "钱某"}),  # shares nothing with A
        "D": told(incident_on="", **{"defendant:1 name": "孙某"}),  # the appeal in C, without a date
        "E": told(incident_on="2019-01-01"),
    }
    connection = opened(tmp_path / "five.db", cases, chains={"D": "C"})
    found = records(connection, UNITS["incident"])
    assert len(found) == 2
    assert len({case.row["incident_id"] for case in found}) == 2
    assert len(records(connection, UNITS["chain"])) == 4


def test_an_incident_is_told_by_its_earliest_judgment_and_only_scope_counts(tmp_path: Path) -> None:
    cases = {
        "A": told(decided_on="2019-02-01"),
        "B": told(decided_on="2018-12-01"),
        "C": told(decided_on=""),
        "N": told(decided_on="2018-01-01", in_scope="0"),
    }
    (only,) = records(opened(tmp_path / "four.db", cases), UNITS["incident"])
    assert only.row["decided_on"] == "2018-12-01"


def test_a_thousand_documents_of_one_day_are_one_incident_at_once(tmp_path: Path) -> None:
    path = tmp_path / "many.db"
    opened(path, {"A": told()}).close()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA foreign_keys = OFF")
    for table in ("cases", "labels"):
        names = [row[1] for row in connection.execute(f"PRAGMA table_info({table})") if row[1] != "id"]
        quoted = ", ".join(f'"{name}"' for name in names)
        values = ", ".join("printf('%05d', i)" if name == "judgment_id" else f'"{name}"' for name in names)
        series = "WITH RECURSIVE s (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 3000)"
        connection.execute(f"INSERT INTO {table} ({quoted}) {series} SELECT {values} FROM {table}, s")
    assert connection.execute("SELECT count(*) FROM cases").fetchone()[0] == 3001
    assert len(records(connection, UNITS["incident"])) == 1


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> sqlite3.Connection:
    path = tmp_path_factory.mktemp("units") / "small.db"
    small_database.build(path)
    return open_readonly(path)


def test_document_chain_and_incident_mean_the_same_over_every_view(tmp_path: Path) -> None:
    connection = opened(tmp_path / "chain.db", {"A": told(), "B": told(), "C": other()}, chains={"B": "A"})
    for name, n in (("document", 3), ("chain", 2), ("incident", 2)):
        assert len(records(connection, UNITS[name], "cases")) == len(records(connection, UNITS[name], "cases_once")) == n
    assert len(records(connection, UNITS["case"], "cases_once")) == 2
    once = connection.execute("SELECT judgment_id FROM cases_once WHERE in_scope = 1 ORDER BY 1").fetchall()
    assert [case.judgment_id for case in records(connection, UNITS["chain"])] == [row[0] for row in once]


def test_every_unit_has_its_number_and_the_sql_that_finds_it(small: sqlite3.Connection) -> None:
    table = unit_table(small)
    cells = [(row.line.key, column, cell) for row in table.parts[0].rows for column, cell in row.cells.items()]
    for _, _, cell in cells:
        assert Counter(row[0] for row in small.execute(cell.sql)) == Counter(cell.judgments)
        assert cell.n == len(cell.judgments)
    numbers = {key: cell.n for key, column, cell in cells if column == "total"}
    assert numbers["document"] == numbers["chain"] == numbers["incident"] == 6
    assert numbers["victim"] == numbers["victim.once"] == 6
    assert [term.name for term in table.columns] == ["hatred", "reactive", "fortuitous", "untyped", "total"]
    assert table.cell("victim", "untyped").n == 0


def test_units_in_words_and_for_programs(small: sqlite3.Connection) -> None:
    assert unit_rows(small, "zh")[0] == {
        "": "文书",
        "仇恨型": "2 (33%)",
        "反应型": "2 (33%)",
        "偶发型": "1 (17%)",
        "未分类": "1 (17%)",
        "合计": "6 (100%)",
    }
    plain = unit_rows(small, "en", words=False)[2]
    assert (plain["unit"], plain["total"]) == ("incident", 6)


def test_every_table_of_the_catalogue_is_counted_in_every_unit_that_makes_sense(small: sqlite3.Connection) -> None:
    rows = {row["table"]: row for row in table_sizes(small)}
    assert rows.keys() == {definition.name for definition in catalogue()}
    assert rows["year"] == rows["year"] | {"document": 6, "chain": 6, "incident": 6, "document_stated": 5}
    assert rows["department"]["document_stated"] == 0  # unstated is not stated
    assert rows["charge"]["incident"] is None
    assert {tuple(row) for row in table_sizes(small, "zh", words=True)} == {("", "计数对象", "文书", "案件（各审级合并）", "事件")}


def test_a_table_with_a_condition_keeps_it_in_another_unit(small: sqlite3.Connection) -> None:
    waiting = next(definition for definition in catalogue() if definition.name == "waiting_hospital_level")
    for unit in ("document", "chain", "incident"):
        table = count_in(small, waiting, unit)
        assert table.parts[0].rows[0].cells["total"].n == 1
        for row in table.parts[1].rows:
            assert len(small.execute(row.cells["total"].sql).fetchall()) == row.cells["total"].n


def test_a_unit_that_makes_no_sense_is_refused(small: sqlite3.Connection) -> None:
    charge = next(definition for definition in catalogue() if definition.name == "charge")
    with pytest.raises(AnjuanError, match="'charge' cannot be counted by 'incident'; choose one of: document, chain"):
        count_in(small, charge, "incident")
    with pytest.raises(AnjuanError, match="cannot count by 'year'; choose one of: document, chain, incident"):
        view_in("year")


def test_an_empty_database_has_none_of_any_unit(tmp_path: Path) -> None:
    with Store.open(tmp_path / "empty.db"):
        pass
    connection = open_readonly(tmp_path / "empty.db")
    assert {cell.n for row in unit_table(connection).parts[0].rows for cell in row.cells.values()} == {0}
    assert {row["incident"] for row in table_sizes(connection)} == {0, None}
