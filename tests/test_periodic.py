"""Statistics by period: keys of periods, gaps, what is not stated, ranges, incomplete periods, days to the judgment."""

from __future__ import annotations

import datetime
import sqlite3
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from told_cases import opened
from typer.testing import CliRunner

from cli import app
from pipeline.analyse import periodic, periods
from pipeline.analyse.periodic import Periodic, count_periods
from pipeline.analyse.periodic_rows import caption, caveats, plain_rows, render, shown_rows
from pipeline.schema import AnjuanError
from pipeline.store import Store

MEMORY = sqlite3.connect(":memory:")
CASES = {
    "A": {
        "decided_on": "2016-03-10",
        "incident_on": "2016-01-10",
        "court": "甲区人民法院",
        "attack_type": "hatred",
        "worst_injury": "death",
    },
    "B": {"decided_on": "2016-04-01", "incident_on": "2015-04-01", "court": "甲区人民法院", "attack_type": "reactive"},
    "C": {
        "decided_on": "2016-11",
        "incident_on": "2016",
        "court": "乙区人民法院",
        "attack_type": "reactive",
        "prior_dispute_channel": "complaint",
    },
    "D": {"decided_on": "2018", "court": "乙区人民法院", "attack_type": "reactive", "prior_dispute_channel": "litigation"},
    "E": {"decided_on": "2018-02-05", "incident_on": "2018-03-01", "court": "", "attack_type": "fortuitous"},
    "F": {"decided_on": "", "court": "甲区人民法院", "attack_type": "fortuitous"},
    "G": {"decided_on": "1018-01-01", "attack_type": "fortuitous"},  # a misprint
    "N": {"decided_on": "2019-06-01", "in_scope": "0"},
}


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> sqlite3.Connection:
    return opened(tmp_path_factory.mktemp("periodic") / "told.db", CASES)


def numbers(table: Periodic, place: str = "") -> dict[str, int]:
    return {row.period: row.n for row in table.rows if row.place == place}


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("year", {"2016": 3, "2017": 0, "2018": 2, "": 2, "all": 7}),
        ("half-year", {"2016-H1": 2, "2016-H2": 1, "2017-H1": 0, "2017-H2": 0, "2018-H1": 1, "2018-?": 1, "": 2, "all": 7}),
    ],
)
def test_periods_without_cases_are_0_and_what_is_not_stated_has_its_own_row(
    connection: sqlite3.Connection, by: str, expected: dict[str, int]
) -> None:
    table = count_periods(connection, by)
    assert numbers(table) == expected
    assert list(numbers(table)) == list(expected)


def test_by_month_every_month_from_the_first_to_the_last_has_a_row(connection: sqlite3.Connection) -> None:
    found = numbers(count_periods(connection, "month"))
    assert len(found) == 10 + 12 + 2 + 3  # March 2016 to February 2018; then 2018-?, not stated, all
    assert {key: n for key, n in found.items() if n} == {
        "2016-03": 1,
        "2016-04": 1,
        "2016-11": 1,
        "2018-02": 1,
        "2018-?": 1,
        "": 2,
        "all": 7,
    }


@pytest.mark.parametrize(("by", "of"), [("month", ""), ("half-year", "court"), *(("year", place) for place in periodic.PLACES)])
def test_the_sql_of_every_cell_finds_its_judgments_again(connection: sqlite3.Connection, by: str, of: str) -> None:
    table = count_periods(connection, by, of, "2016", "2018")
    for row in table.rows:
        for cell in row.cells.values():
            assert sorted(found[0] for found in connection.execute(cell.sql)) == sorted(cell.judgments)
            assert cell.n == len(cell.judgments)
        assert len(connection.execute(row.days_sql).fetchall()) == row.days.n
    assert sum(row.n for row in table.rows if row.period == "all") == 7


def test_a_misprint_from_the_future_has_a_row_and_not_all_years_before_it(tmp_path: Path) -> None:
    dates = {"A": "2016-01-02", "B": "2018-03-04", "Z": "2099-01-01"}
    connection = opened(tmp_path / "future.db", {name: {"decided_on": date, "attack_type": "hatred"} for name, date in dates.items()})
    assert numbers(count_periods(connection, "year")) == {"2016": 1, "2017": 0, "2018": 1, "2099": 1, "all": 3}
    assert len(count_periods(connection, "month", last="2018").rows) == 36 + 1
    connection.close()


def test_each_place_has_all_periods_and_its_sum(connection: sqlite3.Connection) -> None:
    table = count_periods(connection, "year", "court")
    assert list(dict.fromkeys(row.place for row in table.rows)) == ["甲区人民法院", "乙区人民法院", ""]
    assert numbers(table, "甲区人民法院") == {"2016": 2, "2017": 0, "2018": 0, "": 1, "all": 3}
    assert numbers(table, "乙区人民法院") == {"2016": 1, "2017": 0, "2018": 1, "": 0, "all": 2}


def test_days_need_two_full_dates_and_a_judgment_after_the_act(connection: sqlite3.Connection) -> None:
    days = count_periods(connection, "year").rows[-1].days
    assert (days.n, days.median, days.missing) == (2, (60 + 366) / 2, 5)


def test_types_injuries_and_channels_add_up(connection: sqlite3.Connection) -> None:
    for row in count_periods(connection, "half-year").rows:
        for kind in ("attack_type", "worst_injury"):
            assert sum(cell.n for key, cell in row.cells.items() if key.startswith(kind)) == row.n
    total = count_periods(connection, "year").rows[-1].cells
    assert (total["channel=complaint"].n, total["channel=litigation"].n, total["channel?"].n) == (1, 1, 5)


def test_a_range_takes_whole_periods_and_tells_what_it_leaves_out(connection: sqlite3.Connection) -> None:
    table = count_periods(connection, "half-year", first="2016-09", last="2017")
    assert numbers(table) == {"2016-H2": 1, "2017-H1": 0, "2017-H2": 0, "": 2, "all": 3}
    assert table.outside == 4
    assert caption(table, "en") == "Documents, by date of the decision. 4 lie outside the range and are not shown."
    beyond = count_periods(connection, "year", first="2030", last="2031")
    assert numbers(beyond) == {"2030": 0, "2031": 0, "": 2, "all": 2}
    assert numbers(count_periods(connection, "year", first="2030")) == {"": 2, "all": 2}


def test_the_latest_periods_are_marked_by_the_latest_decision_in_or_out_of_scope(connection: sqlite3.Connection) -> None:
    table = count_periods(connection, "half-year", first="2018", last="2019")
    assert table.latest == "2019-06-01"
    assert [row.period for row in table.rows if row.incomplete] == ["2018-H2", "2018-?", "2019-H1", "2019-H2"]
    by_act = count_periods(connection, "year", on="incident")
    assert [row.period for row in by_act.rows if row.incomplete] == ["2017", "2018"]
    assert numbers(by_act) == {"2015": 1, "2016": 2, "2017": 0, "2018": 1, "": 3, "all": 7}


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"by": "week"}, "unknown period 'week'; choose one of: month, half-year, year"),
        ({"of": "judge"}, "unknown place 'judge'; choose one of: court, province, city, hospital_level, court_level"),
        ({"on": "posted"}, "unknown date 'posted'; choose one of: decided, incident"),
        ({"unit": "victim"}, "cannot count by 'victim'; choose one of: document, chain, incident"),
        ({"first": "18"}, "--from '18' is no period"),
        ({"last": "2018-13"}, "--to '2018-13' is no period"),
        ({"first": "2019", "last": "2018"}, "the range ends before it begins: --from 2019 --to 2018"),
    ],
)
def test_a_wrong_question_gets_one_clear_line(connection: sqlite3.Connection, wrong: dict[str, str], message: str) -> None:
    with pytest.raises(AnjuanError, match=message):
        count_periods(connection, **({"by": "year"} | wrong))


def test_too_many_rows_are_refused(connection: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(periodic, "MOST_ROWS", 50)
    with pytest.raises(AnjuanError, match=r"3 places in \d+ periods make \d+ rows; narrow it with --from and --to or a longer --by"):
        count_periods(connection, "month", "court")


def test_rows_in_both_languages_hide_columns_of_missing_values_only_where_nothing_is_missing(connection: sqlite3.Connection) -> None:
    first = shown_rows(count_periods(connection, "half-year", "court"), "zh")[0]
    assert (first["法院"], first["时期"], first["案件数"]) == ("甲区人民法院", "2016年上半年", "2")
    assert first["案发至裁判天数 中位数（四分位数）"] == "213 (136–290), n = 2"
    assert "未分类" not in first
    assert shown_rows(count_periods(connection, "month"), "en")[-3]["Period"] == "2018, month not stated *"
    assert plain_rows(count_periods(connection, "year"))[0]["attack_type=hatred"] == 1


def test_the_text_ends_with_what_is_known_of_posting(connection: sqlite3.Connection) -> None:
    for language in ("zh", "en"):
        assert render(count_periods(connection, "year"), language).endswith("\n".join(caveats(language)) + "\n")
    assert "Journal of Law and Courts" in caveats("zh")[1]


def test_no_database_content_is_no_error(tmp_path: Path) -> None:
    with Store.open(tmp_path / "empty.db"):
        pass
    undated = opened(tmp_path / "undated.db", {"A": {"attack_type": "hatred"}})
    assert numbers(count_periods(undated, "month", "court")) == {"": 1, "all": 1}
    result = CliRunner().invoke(app, ["periodic", "--db", str(tmp_path / "empty.db"), "--of", "court", "--by", "month"])
    assert (result.exit_code, result.stdout) == (0, "No case is in scope.\n")


@given(st.dates(datetime.date(1949, 1, 1), datetime.date(2099, 12, 31)), st.sampled_from(periods.GRAINS))
def test_sql_and_python_find_the_same_period(day: datetime.date, by: str) -> None:
    key = MEMORY.execute(f"SELECT {periods.key_sql(by, 'd')} FROM (SELECT ? AS d)", [day.isoformat()]).fetchone()[0]
    assert key == periods.key_of(by, day.year, day.month)
    assert periods.starts(key)[0] * 12 + periods.starts(key)[1] <= day.year * 12 + day.month <= periods.ends(key)
    assert list(periods.between(by, key, key)) == [key]
    assert periods.label(key, "en")
    assert periods.label(key, "zh")


@given(st.text(max_size=12))
@settings(deadline=None)
def test_no_text_in_the_place_of_a_date_breaks_the_key(written: str) -> None:
    for by in periods.GRAINS:
        sql = f"SELECT {periods.key_sql(by, 'd')} FROM (SELECT ? AS d)"
        key = MEMORY.execute(sql, [written.replace("\0", "")]).fetchone()[0]
        assert periods.label(key, "en")
        assert key == "" or key[:4] == written.replace("\0", "")[:4]
