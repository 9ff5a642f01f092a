"""Table 1: its counts, denominators, lists of judgments, SQL and published figures; the flow of records; the terminal's table."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from small_database import build

from pipeline.analyse import print_table_one, render_table_one, table_one
from pipeline.analyse.figures import percentage, thousands
from pipeline.analyse.flow import count_answers, count_flow
from pipeline.analyse.lines import table_one_blocks
from pipeline.analyse.published import load_study, parse_study
from pipeline.analyse.reading import Case, cases_in_scope, open_readonly
from pipeline.analyse.tables import tabulate
from pipeline.analyse.wording import ANSWERS, load_wording, whose
from pipeline.codebook import load
from pipeline.collect.rejection import Reason
from pipeline.schema import CodebookError, StoreError
from pipeline.store import Store

ALL = ("hatred", "reactive", "fortuitous", "untyped", "total")


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("analyse") / "small.db"
    build(path)
    return path


@pytest.fixture(scope="module")
def connection(database: Path) -> sqlite3.Connection:
    return open_readonly(database)


def counts(connection: sqlite3.Connection, key: str) -> list[int]:
    row = table_one(connection).row(key)
    return [row.cells[column].n for column in ALL]


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("cases", [2, 2, 1, 1, 6]),
        ("cause.outcome", [2, 0, 0, 0, 2]),
        ("cause.medical_service", [0, 2, 0, 0, 2]),
        ("cause=payment", [0, 1, 0, 0, 1]),
        ("cause.other", [0, 0, 1, 0, 1]),
        ("cause?", [0, 0, 0, 1, 1]),
        ("weapon_prepared=yes", [2, 0, 0, 0, 2]),
        ("weapon_prepared=no", [0, 2, 1, 1, 4]),
        ("alcohol=yes", [0, 1, 1, 0, 2]),
        ("alcohol=not_mentioned", [2, 1, 0, 1, 4]),
        ("worst_injury.death_or_serious", [2, 0, 0, 0, 2]),
        ("worst_injury=death", [1, 0, 0, 0, 1]),
        ("worst_injury=minor", [0, 1, 0, 0, 1]),
        ("worst_injury.slight_or_less", [0, 1, 1, 1, 3]),
        ("role.staff", [2, 2, 1, 0, 5]),
        ("role=nurse", [0, 1, 1, 0, 2]),
        ("role=police", [0, 1, 0, 0, 1]),
        ("role?", [0, 0, 0, 1, 1]),
        ("persons.all", [2, 5, 1, 0, 8]),
        ("persons.staff", [2, 4, 1, 0, 7]),
        ("persons=admin", [0, 3, 0, 0, 3]),
    ],
)
def test_counts(connection: sqlite3.Connection, key: str, expected: list[int]) -> None:
    assert counts(connection, key) == expected


def test_a_value_that_no_case_has_is_kept_and_an_empty_missing_line_is_not(connection: sqlite3.Connection) -> None:
    keys = {row.line.key for part in table_one(connection).parts for row in part.rows}
    assert {"cause=attitude", "worst_injury=slight", "alcohol=no"} <= keys
    assert "alcohol?" not in keys


def test_every_block_adds_up_to_its_cases_with_nothing_dropped(connection: sqlite3.Connection) -> None:
    table = table_one(connection)
    for variable in ("cause", "weapon_prepared", "alcohol", "worst_injury"):
        part = next(part for part in table.parts if part.block.key == variable)
        for column in ALL:
            judgments = {judgment for row in part.rows for judgment in row.cells[column].judgments}
            assert judgments == set(table.cell("cases", column).judgments)


def test_columns_partition_the_total(connection: sqlite3.Connection) -> None:
    for part in table_one(connection).parts:
        for row in part.rows:
            together = [judgment for column in ALL[:-1] for judgment in row.cells[column].judgments]
            assert sorted(together) == sorted(row.cells["total"].judgments)
            assert sum(row.cells[column].n for column in ALL[:-1]) == row.cells["total"].n


def test_denominators(connection: sqlite3.Connection) -> None:
    table = table_one(connection)
    assert table.cell("cases", "hatred").denominator == 6
    assert table.cell("alcohol=yes", "reactive").denominator == 2
    assert table.cell("alcohol=yes", "reactive").percent == 50
    assert table.cell("persons.staff", "reactive").denominator == 5
    assert table.cell("persons.staff", "untyped").percent is None


def test_the_sql_of_every_cell_finds_the_judgments_of_the_cell(connection: sqlite3.Connection) -> None:
    checked = 0
    for part in table_one(connection).parts:
        for row in part.rows:
            for cell in row.cells.values():
                assert {found for (found,) in connection.execute(cell.sql)} == set(cell.judgments), cell.sql
                checked += 1
    assert checked > 150


def test_published_figures_stand_where_the_study_reports_them(connection: sqlite3.Connection) -> None:
    table = table_one(connection)
    found = {
        (row.line.key, column): (figure.n, figure.denominator)
        for part in table.parts
        for row in part.rows
        for column in ALL
        if (figure := row.cells[column].published)
    }
    assert found == {
        ("cases", "hatred"): (43, 131),
        ("cases", "reactive"): (75, 131),
        ("cases", "fortuitous"): (13, 131),
        ("cases", "total"): (131, 131),
        ("cause.outcome", "hatred"): (31, 43),
        ("cause.medical_service", "reactive"): (66, 75),
        ("weapon_prepared=yes", "hatred"): (35, 43),
        ("weapon_prepared=yes", "reactive"): (1, 75),
        ("alcohol=yes", "reactive"): (37, 75),
        ("alcohol=yes", "fortuitous"): (7, 13),
        ("worst_injury=death", "hatred"): (14, 43),
        ("worst_injury=serious", "hatred"): (8, 43),
        ("worst_injury.death_or_serious", "reactive"): (0, 75),
        ("worst_injury=minor", "reactive"): (24, 75),
        ("worst_injury.slight_or_less", "reactive"): (29, 75),
    }


STUDY = 'citation_zh = "某刊"\ncitation_en = "A journal"\n[cases]\nhatred = 4\n[[figure]]\nline = "{line}"\ntype = "{type}"\nn = 1\n'


def test_a_published_figure_for_an_unknown_type_or_line_is_refused() -> None:
    with pytest.raises(CodebookError, match="'angry' is no attack type"):
        parse_study(STUDY.format(line="cases", type="angry"))
    with pytest.raises(CodebookError, match="no line 'cause=weather'"):
        tabulate([], load(), parse_study(STUDY.format(line="cause=weather", type="hatred")))


def test_without_untyped_cases_there_is_no_such_column() -> None:
    row = {"judgment_id": "a", "attack_type": "hatred", "cause": "payment", "weapon_prepared": "no", "alcohol": "", "worst_injury": "death"}
    table = tabulate([Case(row)], load(), load_study())
    assert [column.name for column in table.columns] == ["hatred", "reactive", "fortuitous", "total"]
    assert table.cell("alcohol?", "hatred").n == 1


def test_an_empty_database_gives_a_table_of_zeros(tmp_path: Path) -> None:
    with Store.open(tmp_path / "empty.db") as store:
        table = table_one(store)
    assert table.cell("cases", "total").n == 0
    assert table.cell("cases", "total").percent is None


def test_a_store_its_database_and_a_plain_connection_give_the_same_table(database: Path) -> None:
    with Store.open(database) as store:
        assert table_one(store) == table_one(store.db) == table_one(store.db.conn)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["hatred", "reactive", None]), st.sampled_from(["payment", "unclear", "", None])), max_size=9))
def test_any_mixture_of_cases_is_counted_once(mixture: list[tuple[str | None, str | None]]) -> None:
    rest = {"weapon_prepared": "no", "alcohol": "yes", "worst_injury": "slight"}
    cases = [Case({"judgment_id": str(n), "attack_type": kind, "cause": cause, **rest}) for n, (kind, cause) in enumerate(mixture)]
    table = tabulate(cases, load(), load_study())
    part = next(part for part in table.parts if part.block.key == "cause")
    single = [row for row in part.rows if row.line.level != "group"] + [
        row for row in part.rows if len(row.line.values) == 1 and row.line.level == "group"
    ]
    assert sum(row.cells["total"].n for row in single) == len(cases) == table.cell("cases", "total").n


def test_lines_have_unique_keys_and_known_values() -> None:
    book = load()
    lines = [line for block in table_one_blocks(book) for line in block.lines]
    assert len({line.key for line in lines}) == len(lines)
    for line in lines:
        if line.variable:
            assert set(line.values) <= set(book[line.variable].names)


# ------------------------------------------------------------------------------------------------ flow


def test_flow_of_records(connection: sqlite3.Connection) -> None:
    flow = count_flow(connection)
    assert (flow.found, flow.stored, flow.duplicates, flow.rejected) == (14, 8, 2, 4)
    assert list(flow.rejections.items()) == [("civil", 2), ("not_public", 1), ("seen_on_mars", 1)]
    assert (flow.in_scope, flow.out_of_scope, flow.unscreened) == (6, 2, 0)
    assert {(term.zh, n) for term, n in flow.out_of_scope_charges} == {("盗窃罪", 1), ("故意伤害罪", 1)}


def test_answers_are_counted_by_who_gave_them(connection: sqlite3.Connection) -> None:
    cases = cases_in_scope(connection)
    assert count_answers(cases) == {"adjudicated": 1, "coded": 1, "model": 2, "rules": 1, "nobody": 1}
    assert count_answers(cases, out_of_fold=True) == {"adjudicated": 1, "coded": 1, "out_of_fold": 2, "rules": 1, "nobody": 1}


@pytest.mark.parametrize(
    ("by", "kind"),
    [
        ("adjudicated", "adjudicated"),
        ("model", "model"),
        ("model:linear", "model"),
        ("model (out of fold)", "out_of_fold"),
        ("model_oof", "out_of_fold"),
        ("rules", "rules"),
        ("Li", "coded"),
        ("Modelli", "coded"),
        ("readers", "coded"),
        ("Rulesworth", "coded"),
        ("", "nobody"),
        (None, "nobody"),
    ],
)
def test_whose_answer(by: str | None, kind: str) -> None:
    assert whose(by) == kind


def test_every_reason_and_kind_of_answer_has_words() -> None:
    wording = load_wording()
    assert {str(reason) for reason in Reason} <= wording.reasons.keys()
    assert set(ANSWERS) == wording.answers.keys() == wording.cautions.keys()
    assert wording.reason("seen_on_mars").en == "seen_on_mars"


def test_a_missing_or_foreign_database_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="does not exist"):
        open_readonly(tmp_path / "none.db")
    (tmp_path / "text.db").write_text("this is no database, it is a sentence", encoding="utf-8")
    with pytest.raises(StoreError, match="cannot be read"):
        open_readonly(tmp_path / "text.db")
    with pytest.raises(StoreError, match="not a database of anjuan"):
        table_one(sqlite3.connect(":memory:"))


def test_reading_never_writes(database: Path) -> None:
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        open_readonly(database).execute("DELETE FROM cases")


# ------------------------------------------------------------------------------------------------ numbers and the terminal


@pytest.mark.parametrize(
    ("n", "denominator", "written"),
    [
        (0, 10, "0"),
        (3, 7, "43"),
        (1, 131, "0.8"),
        (75, 131, "57.3"),
        (1, 5000, "<0.1"),
        (4999, 5000, ">99.9"),
        (99, 99, "100"),
        (1, 0, "–"),
    ],
)
def test_percentages(n: int, denominator: int, written: str) -> None:
    assert percentage(n, denominator) == written


@given(st.integers(0, 5000), st.integers(1, 5000))
def test_a_percentage_never_hides_a_case(n: int, denominator: int) -> None:
    written = percentage(min(n, denominator), denominator)
    assert (written in ("0", "0.0")) == (n == 0)
    assert (written in ("100", "100.0")) == (n >= denominator)


def test_thousands() -> None:
    assert [thousands(n) for n in (0, 9876, 12345)] == ["0", "9876", "12\u202f345"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_terminal_table_shows_every_count_beside_the_study(connection: sqlite3.Connection, language: str) -> None:
    text = print_table_one(connection, language=language)
    label = "事先准备凶器" if language == "zh" else "Weapon prepared"
    lines = text.splitlines()
    prepared = lines[next(number for number, line in enumerate(lines) if line.strip().startswith(label)) + 1]
    assert prepared.split() == ["是" if language == "zh" else "Yes", "2", "(100)", "35", "0", "1", "0", "0", "2", "(33)"]
    assert not any(line != line.rstrip() for line in lines)


def test_terminal_figures_are_aligned(connection: sqlite3.Connection) -> None:
    lines = print_table_one(connection, language="zh").splitlines()
    width = max(cell_len(line) for line in lines[:10])
    ends = {cell_len(line) for line in lines if line.endswith(")") and "(%)" not in line and "131" not in line}
    assert len(ends) == 1
    assert ends.pop() <= width


def test_a_narrow_terminal_shortens_labels_and_never_figures(connection: sqlite3.Connection) -> None:
    table = table_one(connection)
    wide, narrow = (render_table_one(table, language="en", width=width) for width in (None, 70))

    def digits(text: str) -> list[str]:
        return [part for line in text.splitlines()[3:-3] for part in line.split() if part.strip("()").isdigit()]

    assert digits(wide)
    assert digits(narrow) == digits(wide)
