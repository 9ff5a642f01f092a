"""`anjuan export`: every form read back with the library that its readers use, labels and missing values included."""

from __future__ import annotations

import csv
import json
import sqlite3
from pathlib import Path

import openpyxl
import pyarrow.parquet
import pyreadstat
import pytest
from small_database import TEXTS, build
from typer.testing import CliRunner, Result

from pipeline.analyse.export import FORMS, Wanted, export
from pipeline.codebook import load
from pipeline.schema import AnjuanError, Judgment, Label
from pipeline.store import Store

FORMULA = '=HYPERLINK("http://example.org","打开")'
MEANT = {"zh": {"hatred": "仇恨型", "reactive": "反应型", "fortuitous": "偶发型"}}
ROWS = len(TEXTS) + 1


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small database, and one judgment with lists, a charge, and a title that a spreadsheet would take for a formula."""
    path = tmp_path_factory.mktemp("export") / "study.db"
    build(path)
    judgment = Judgment("test", "=L1", "经审理查明，被告人韩某持刀、砖头到收费处，将护士卫某打成轻微伤。", title=FORMULA)
    said = [
        ("in_scope", "1"),
        ("weapon", "knife"),
        ("weapon", "blunt"),
        ("decided_on", "2017-02-03"),
        ("alcohol", "no"),
        ("trial_level", "first"),
    ]
    labels = [Label("case", variable, value) for variable, value in said]
    labels += [
        Label("defendant:1", "name", "韩某"),
        Label("defendant:1", "charge", "寻衅滋事罪"),
        Label("defendant:1", "sentence_months", "9"),
    ]
    with Store.open(path) as store:
        store.add_judgments(None, [judgment])
        store.replace_labels("extract", "test", "rules", [(judgment.judgment_id, labels)], "1.3")
    return path


def stored(db: Path, sql: str) -> list[tuple[object, ...]]:
    return sqlite3.connect(db).execute(sql).fetchall()


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_form_writes_all_rows_in_both_languages(db: Path, tmp_path: Path, form: str, language: str) -> None:
    written = export(db, tmp_path / "out", Wanted(form, ("cases", "victims"), language))
    assert sum(each.rows or 0 for each in written) == ROWS + stored(db, "SELECT count(*) FROM victims")[0][0]
    assert sorted(tmp_path.glob("out/*")) == sorted(each.path for each in written)  # nothing beside them, hidden or not
    assert not list(tmp_path.glob("**/.export-*"))


def test_csv_holds_what_the_database_holds(db: Path, tmp_path: Path) -> None:
    export(db, tmp_path / "out", Wanted("csv", ("cases", "evidence")))
    assert (tmp_path / "out/cases.csv").read_bytes().startswith(b"\xef\xbb\xbf")  # Excel takes it for UTF-8
    for table in ("cases", "evidence"):
        with (tmp_path / f"out/{table}.csv").open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file))
        expected = [tuple("" if value is None else str(value) for value in row) for row in stored(db, f"SELECT * FROM {table}")]
        assert [tuple(row) for row in rows[1:]] == expected
    with (tmp_path / "out/codebook.csv").open(encoding="utf-8-sig", newline="") as file:
        said = [row for row in csv.DictReader(file) if row["column"] == "attack_type"]
    assert [(row["value"], row["value_label"]) for row in said] == [
        ("hatred", "Hatred"),
        ("reactive", "Reactive"),
        ("fortuitous", "Fortuitous"),
    ]


def test_json_lines_have_arrays_and_null(db: Path, tmp_path: Path) -> None:
    export(db, tmp_path / "out", Wanted("jsonl", ("cases", "judgments"), text=True))
    cases = {row["source_id"]: row for row in map(json.loads, (tmp_path / "out/cases.jsonl").read_text("utf-8").splitlines())}
    assert cases["=L1"]["weapon"] == ["blunt", "knife"]
    assert (cases["U1"]["attack_type"], cases["H1"]["attack_type"]) == (None, "hatred")
    judgments = list(map(json.loads, (tmp_path / "out/judgments.jsonl").read_text("utf-8").splitlines()))
    assert {row["text"] for row in judgments} >= set(TEXTS.values())
    assert all(isinstance(row["metadata"], dict) for row in judgments)
    columns = list(map(json.loads, (tmp_path / "out/codebook.jsonl").read_text("utf-8").splitlines()))
    assert next(each for each in columns if each["name"] == "attack_type")["choices"]["hatred"] == "Hatred"


def test_parquet_has_types_labels_and_the_codebooks_values(db: Path, tmp_path: Path) -> None:
    out = tmp_path / "cases.parquet"
    export(db, out, Wanted(language="zh"))
    table = pyarrow.parquet.read_table(out)
    kind = table.schema.field("attack_type")
    assert kind.metadata[b"label"].decode() == "袭医类型"
    assert json.loads(kind.metadata[b"values"]) == MEANT["zh"]
    assert kind.metadata[b"definition"].decode() == load()["attack_type"].definition_zh
    assert table.schema.metadata[b"language"] == b"zh"
    columns = table.to_pydict()
    assert columns["attack_type"] == [value for (value,) in stored(db, "SELECT attack_type FROM cases")]
    assert columns["weapon"][columns["source_id"].index("=L1")] == ["blunt", "knife"]
    assert columns["in_scope"] == [value for (value,) in stored(db, "SELECT in_scope FROM cases")]
    assert columns["decided_on"][columns["source_id"].index("F1")] is None


def test_a_workbook_shows_labels_and_runs_no_formula(db: Path, tmp_path: Path) -> None:
    out = tmp_path / "study.xlsx"
    export(db, out, Wanted(tables=("cases", "victims"), language="zh"))
    book = openpyxl.load_workbook(out)
    assert book.sheetnames == ["cases", "victims", "数据字典"]
    header, *rows = book["cases"].iter_rows(values_only=True)
    cases = {row[header.index("来源中的编号")]: dict(zip(header, row, strict=True)) for row in rows}
    assert cases["H1"]["袭医类型"] == "仇恨型"
    assert cases["U1"]["袭医类型"] is None
    assert cases["=L1"]["凶器"] == "钝器；刀具"
    assert cases["=L1"]["饮酒"] == "否"
    assert cases["H1"]["饮酒"] == "未提及"
    assert cases["=L1"]["标题"] == FORMULA
    types = {cell.data_type for row in book["cases"].iter_rows() for cell in row}
    assert "f" not in types
    assert all(cell.hyperlink is None for row in book["cases"].iter_rows() for cell in row)
    assert all(book[name].freeze_panes == "A2" for name in book.sheetnames)


@pytest.mark.parametrize(
    ("form", "name", "read"), [("stata", "cases.dta", pyreadstat.read_dta), ("spss", "cases.sav", pyreadstat.read_sav)]
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_statistical_files_have_the_codebooks_labels(db: Path, tmp_path: Path, form: str, name: str, read: object, language: str) -> None:
    export(db, tmp_path, Wanted(form, ("cases",), language))
    frame, about = read(tmp_path / name, user_missing=True)  # type: ignore[operator]
    not_coded = {"stata": "a", "spss": -9.0}[form]
    for variable in ("attack_type", "cause", "alcohol", "trial_level", "worst_injury"):
        declared = load()[variable]
        assert about.column_names_to_labels[variable] == declared.label(language)
        labels = {code: label for code, label in about.variable_value_labels[variable].items() if code != not_coded}
        assert labels == {n: value.label(language) for n, value in enumerate(declared.values, 1)}
        numbers = {value: n for n, value in enumerate(declared.names, 1)}
        rows = stored(db, f"SELECT {variable}, in_scope FROM cases")
        other = [not_coded if declared.scope_only and scope == 0 else None for _, scope in rows]
        expected = [numbers[str(value)] if value else missing for (value, _), missing in zip(rows, other, strict=True)]
        assert [None if code != code else code for code in frame[variable]] == expected
    assert about.variable_value_labels["in_scope"] == {0: {"zh": "否", "en": "no"}[language], 1: {"zh": "是", "en": "yes"}[language]}


@pytest.mark.parametrize(
    ("form", "name", "read"), [("stata", "cases.dta", pyreadstat.read_dta), ("spss", "cases.sav", pyreadstat.read_sav)]
)
def test_statistical_files_tell_lists_and_dates_in_numbers(db: Path, tmp_path: Path, form: str, name: str, read: object) -> None:
    export(db, tmp_path, Wanted(form, ("cases",)))
    frame, about = read(tmp_path / name)  # type: ignore[operator]
    by_id = frame.set_index("source_id")
    assert by_id.loc["=L1", ["weapon_knife", "weapon_blunt", "weapon_firearm"]].tolist() == [1, 1, 0]
    assert about.column_names_to_labels["weapon_knife"] == "Weapon: Knife"
    assert str(by_id.loc["=L1", "decided_on_day"]) == "2017-02-03"
    assert (by_id.loc["R1", "decided_on"], by_id.loc["R1", "decided_on_year"]) == ("2015-03", 2015)
    assert by_id.loc["R1", "decided_on_day"] != by_id.loc["R1", "decided_on_day"]  # known to the month only
    assert by_id.loc["=L1", "title"] == FORMULA
    assert all(len(column) <= 32 for column in frame.columns)
    # Missing is one thing, not mentioned another, out of scope a third.
    alcohol, kind = about.variable_value_labels["alcohol"], by_id["attack_type"]
    assert alcohol[by_id.loc["H1", "alcohol"]] == "Not mentioned"
    assert kind.isna().sum() == stored(db, "SELECT count(*) FROM cases WHERE attack_type IS NULL")[0][0]


def test_stata_files_are_of_version_118(db: Path, tmp_path: Path) -> None:
    export(db, tmp_path / "cases.dta", Wanted())
    assert b"<release>118</release>" in (tmp_path / "cases.dta").read_bytes()[:60]


@pytest.mark.parametrize(("form", "not_coded"), [("stata", "a"), ("spss", -9)])
def test_a_type_after_hundreds_out_of_scope_is_a_number(tmp_path: Path, form: str, not_coded: object) -> None:
    batch = [Judgment("test", f"{n}", f"被告人张某第{n}次盗窃。") for n in range(150)]
    said = [(each.judgment_id, [Label("case", "in_scope", "0")]) for each in batch[:-1]]
    said += [(batch[-1].judgment_id, [Label("case", "in_scope", "1"), Label("case", "attack_type", "fortuitous")])]
    with Store.open(tmp_path / "study.db") as store:
        store.add_judgments(None, batch)
        store.replace_labels("extract", "test", "rules", said, "1.3")
    (file,) = export(tmp_path / "study.db", tmp_path / "out", Wanted(form, ("cases",)))
    read = pyreadstat.read_dta if form == "stata" else pyreadstat.read_sav
    frame, _ = read(file.path, user_missing=True)
    assert frame["attack_type"].tolist() == [not_coded] * 149 + [3]


def test_only_what_is_in_scope(db: Path, tmp_path: Path) -> None:
    written = export(db, tmp_path / "out", Wanted("csv", ("cases", "victims", "chains", "evidence"), in_scope=True))
    counts = {each.path.stem: each.rows for each in written if each.rows is not None}
    asked = {
        table: stored(db, f"SELECT count(*) FROM {table} JOIN cases USING (judgment_id) WHERE in_scope = 1")[0][0]
        for table in ("victims", "evidence")
    }
    in_scope = stored(db, "SELECT count(*) FROM cases WHERE in_scope = 1")[0][0]
    assert counts == {"cases": in_scope, "chains": in_scope, **asked}
    with pytest.raises(AnjuanError, match="runs is not about judgments"):
        export(db, tmp_path / "other", Wanted("csv", ("runs",), in_scope=True))


def test_whole_texts_only_on_demand_and_hashes_never(db: Path, tmp_path: Path) -> None:
    export(db, tmp_path / "out", Wanted("csv", ("judgments", "coders", "signatures")))
    heads = {
        table: (tmp_path / f"out/{table}.csv").read_text("utf-8-sig").splitlines()[0].split(",")
        for table in ("judgments", "coders", "signatures")
    }
    assert "text" not in heads["judgments"]
    assert "token" not in heads["coders"]
    assert "sketch" not in heads["signatures"]
    with pytest.raises(AnjuanError, match="add --text"):
        export(db, tmp_path / "other", Wanted("csv", ("originals",)))
    with pytest.raises(AnjuanError, match="no table or view 'sessions'"):
        export(db, tmp_path / "other", Wanted("csv", ("sessions",)))


def test_what_exists_is_not_overwritten(db: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "victims.csv").write_text("mine")
    with pytest.raises(AnjuanError, match=r"victims\.csv exists: .* --force"):
        export(db, out, Wanted("csv"))
    assert [path.name for path in out.iterdir()] == ["victims.csv"]
    assert (out / "victims.csv").read_text() == "mine"
    export(db, out, Wanted("csv"), force=True)
    assert (out / "victims.csv").read_text("utf-8-sig").startswith("judgment_id")


def test_a_failure_leaves_nothing_behind(db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pipeline.analyse.export import comma_separated

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(comma_separated, "_write_rows", full)
    with pytest.raises(AnjuanError, match="No space left on device"):
        export(db, tmp_path / "new" / "out", Wanted("csv"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("out", "wanted", "message"),
    [
        ("out", Wanted("xml"), "unknown form 'xml'; choose one of csv"),
        ("out", Wanted("csv", ("nonsense",)), "no table or view 'nonsense' to export; there are"),
        ("out", Wanted("csv", language="fr"), "unknown language 'fr'"),
        ("cases.dta", Wanted(tables=("cases", "victims")), "can hold one table"),
        ("study.db", Wanted("csv"), "no folder"),
        ("taken.csv", Wanted(), "is a folder"),
    ],
)
def test_what_cannot_be_exported_is_one_line(db: Path, tmp_path: Path, out: str, wanted: Wanted, message: str) -> None:
    (tmp_path / "study.db").write_bytes(b"")
    (tmp_path / "taken.csv" / "codebook.csv").mkdir(parents=True)
    target = tmp_path / out
    with pytest.raises(AnjuanError) as error:
        export(db, target, wanted)
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_a_missing_package_is_named(db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.delitem(sys.modules, "pipeline.analyse.export.stata", raising=False)
    monkeypatch.setitem(sys.modules, "pyreadstat", None)
    with pytest.raises(AnjuanError, match=r"needs pyreadstat, which is not installed: pip install 'anjuan\[export\]'"):
        export(db, tmp_path / "out", Wanted("stata"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("form", FORMS)
def test_an_empty_database_gives_empty_tables(tmp_path: Path, form: str) -> None:
    Store.open(tmp_path / "empty.db").close()
    written = export(tmp_path / "empty.db", tmp_path / "out", Wanted(form))
    assert {each.rows for each in written} <= {0, None}
    assert all(each.path.is_file() for each in written)


@pytest.mark.parametrize("form", ["stata", "spss"])
def test_every_table_and_view_can_be_exported(db: Path, tmp_path: Path, form: str) -> None:
    tables = [name for (name,) in stored(db, "SELECT name FROM dictionary_tables") if name not in ("judgments_fts", "search", "sessions")]
    written = export(db, tmp_path, Wanted(form, tuple(tables), "zh", text=True))
    assert len(written) == len(tables)
    for each in written:
        read = pyreadstat.read_dta if form == "stata" else pyreadstat.read_sav
        frame, _ = read(each.path)
        assert len(frame) == each.rows == stored(db, f'SELECT count(*) FROM "{each.path.stem}"')[0][0]


def test_texts_longer_than_a_form_takes_are_told(tmp_path: Path) -> None:
    with Store.open(tmp_path / "long.db") as store:
        store.add_judgments(None, [Judgment("test", "1", "长" * 40_000)])
    for form, message in (("spss", "SPSS's limit"), ("xlsx", "a cell of Excel")):
        with pytest.raises(AnjuanError, match=message):
            export(tmp_path / "long.db", tmp_path / "out", Wanted(form, ("judgments",), text=True))
    export(tmp_path / "long.db", tmp_path / "out", Wanted("stata", ("judgments",), text=True))
    frame, _ = pyreadstat.read_dta(tmp_path / "out" / "judgments.dta")
    assert frame["text"][0] == "长" * 40_000


def test_a_table_longer_than_a_sheet_is_told(db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pipeline.analyse.export import workbook

    monkeypatch.setattr(workbook, "LONGEST_SHEET", ROWS)
    with pytest.raises(AnjuanError, match="cases has more rows than a sheet of Excel"):
        export(db, tmp_path / "study.xlsx", Wanted())
    monkeypatch.setattr(workbook, "LONGEST_SHEET", ROWS + 1)
    assert export(db, tmp_path / "study.xlsx", Wanted(tables=("cases",)))[0].rows == ROWS


def test_the_command_says_what_it_wrote(db: Path, tmp_path: Path) -> None:
    from cli import app

    result = CliRunner().invoke(
        app, ["export", "--db", str(db), "--out", str(tmp_path / "out"), "--tables", "cases, victims", "--lang", "zh"]
    )
    assert result.exit_code == 0, result.output
    assert f"cases.csv: {ROWS} rows" in result.output
    assert "codebook.csv" in result.output


def test_a_release_is_exported_instead_of_the_database(db: Path, tmp_path: Path) -> None:
    from cli import app

    def run(mode: str, out: str) -> Result:
        return CliRunner().invoke(
            app, ["export", "--db", str(db), "--out", str(tmp_path / out), "--format", "jsonl", "--release", mode, "--text"]
        )

    before = db.read_bytes()
    told = run("public", "public")
    assert told.exit_code == 0, told.output
    assert "told apart by" in told.output
    cases, defendants = ((tmp_path / f"public/{name}.jsonl").read_text("utf-8") for name in ("cases", "defendants"))
    assert (cases.count("\n"), cases.count('"attack_type":"hatred"')) == (ROWS, 2)
    assert not any(word in cases + defendants for word in ("刑事判决书", "某市中级人民法院", "张某", "韩某"))
    assert isinstance(run("public", "public").exception, AnjuanError)  # what exists is refused before the release is made
    assert "unknown mode 'open'" in str(run("open", "other").exception)
    assert db.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["public"]
