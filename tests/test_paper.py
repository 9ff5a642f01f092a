"""Tables for a paper: what stands in the Word, Excel and CSV files, read back by the libraries that people open them with."""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from command_line import anjuan
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from sampled_database import build_sampled
from small_database import build

from pipeline.analyse import table_one
from pipeline.analyse.counting import count_study
from pipeline.analyse.paper import excel, names, paper_tables, write_tables, writing
from pipeline.analyse.proof import check, read_manifest
from pipeline.analyse.reading import open_readonly
from pipeline.schema import AnjuanError, StoreError
from pipeline.store import Store

FEW = ("one", "education", "occupation")


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small database, with an occupation that a spreadsheet could take for a formula."""
    path = tmp_path_factory.mktemp("paper") / "study.db"
    ids = build(path)
    with Store.open(path) as store:
        for name, occupation in (("H1", "=1+1"), ("R1", "农民"), ("R2", "@某单位")):
            store.db.execute("UPDATE defendants SET occupation = ? WHERE judgment_id = ?", [occupation, ids[name]])
        store.db.conn.commit()
    return path


@pytest.fixture(scope="module", params=["zh", "en"])
def word(request: pytest.FixtureRequest, database: Path) -> Any:
    path = database.with_name(f"{request.param}.docx")
    write_tables(database, path, language=request.param, only=FEW)
    return docx.Document(str(path))


@pytest.fixture(scope="module")
def book(database: Path) -> Iterator[Any]:
    path = database.with_name("paper.xlsx")
    write_tables(database, path, language="en", only=FEW)
    opened = openpyxl.load_workbook(path)
    yield opened
    opened.close()


def texts(table: Any) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in table.rows]


def test_word_holds_every_count_of_table_one(database: Path, word: Any) -> None:
    with closing(open_readonly(database)) as connection:
        table = table_one(connection)
    rows = texts(word.tables[0])
    ours = [place for place, head in enumerate(rows[0]) if head and not head.startswith(("研究", "study", "95%", "p"))]
    printed = [[int(row[place].split("\u00a0")[0]) for place in ours] for row in rows[1:] if row[ours[0]] != row[0]]
    assert printed == [[row.cells[column.name].n for column in table.columns] for part in table.parts for row in part.rows]
    cause = next(row for row in rows if row[0] in ("费用", "Payment"))
    heads = rows[0]
    reactive = next(i for i, head in enumerate(heads) if head.startswith(("反应型", "Reactive")))
    assert cause[reactive] == "1\u00a0(50)"
    number = rows[1]
    assert number[reactive : reactive + 2] == ["2\u00a0(33)", "75\u00a0(57.3)"]  # ours, then the study's


def test_word_tables_have_three_rules_a_repeated_heading_and_numbers_at_the_right(word: Any) -> None:
    assert len(word.tables) == len(FEW)
    for table in word.tables:
        borders = table._tbl.tblPr.find(qn("w:tblBorders"))
        assert [(child.tag, child.get(qn("w:sz"))) for child in borders] == [(qn("w:top"), "12"), (qn("w:bottom"), "12")]
        first, *others = table.rows
        assert first._tr.trPr.find(qn("w:tblHeader")) is not None
        assert all(row._tr.trPr is None or row._tr.trPr.find(qn("w:tblHeader")) is None for row in others)
        assert all(cell._tc.tcPr.find(qn("w:tcBorders")).find(qn("w:bottom")).get(qn("w:sz")) == "6" for cell in first.cells)
        for row in others:
            label, *numbers = row.cells
            assert label.paragraphs[0].alignment == WD_ALIGN_PARAGRAPH.LEFT
            assert all(cell.paragraphs[0].alignment == WD_ALIGN_PARAGRAPH.RIGHT for cell in numbers if cell._tc is not label._tc)


def test_word_sets_chinese_fonts_numbers_captions_and_lays_wide_tables_across(word: Any) -> None:
    for name, font in (("Normal", "宋体"), ("Caption", "黑体")):
        fonts = word.styles[name].element.rPr.rFonts
        assert fonts.get(qn("w:eastAsia")) == font
        assert fonts.get(qn("w:ascii")) == "Times New Roman"
        assert fonts.get(qn("w:eastAsiaTheme")) is None
    captions = [paragraph for paragraph in word.paragraphs if paragraph.style.name == "Caption"]
    fields = [caption._p.find(qn("w:fldSimple")) for caption in captions]
    assert [field.find(f"{qn('w:r')}/{qn('w:t')}").text for field in fields] == ["1", "2", "3"]
    assert all("SEQ Table" in field.get(qn("w:instr")) for field in fields)
    assert [section.orientation for section in word.sections] == [WD_ORIENT.LANDSCAPE, WD_ORIENT.PORTRAIT]
    notes = [paragraph.text for paragraph in word.paragraphs if paragraph.text.startswith(("注：", "Note. "))]
    assert len(notes) == len(FEW)
    assert "Laws" in notes[0]
    assert "Wilson" in notes[1]


def test_excel_holds_numbers_as_numbers_and_text_as_text(book: Any) -> None:
    assert book.sheetnames == ["Contents", "1 one", "2 education", "3 occupation", "Cells", "Judgments"]
    sheet = book["1 one"]
    number = next(row for row in sheet.iter_rows(min_row=4) if row[0].value == "Number of cases")
    assert [cell.value for cell in number[1:3]] == [2, pytest.approx(2 / 6)]
    assert number[2].number_format == "0.0%"
    labels = {row[0].value: row[0] for row in book["3 occupation"].iter_rows(min_row=4)}
    assert labels["=1+1"].data_type == "s"
    assert labels["@某单位"].data_type == "s"
    tested = next(row for row in sheet.iter_rows(min_row=4) if row[-1].value == "cause")
    assert isinstance(tested[-4].value, float)
    assert "p " in tested[-2].value


def test_excel_cells_can_be_counted_again_and_name_their_judgments(book: Any, database: Path) -> None:
    cells = list(book["Cells"].iter_rows(min_row=2, values_only=True))
    behind: dict[int, dict[str, int]] = {}
    for number, _, _, _, judgment, times in book["Judgments"].iter_rows(min_row=2, values_only=True):
        behind.setdefault(number, {})[judgment] = times
    with closing(sqlite3.connect(database)) as connection:
        for number, table, line, column, n, denominator, share, low, high, sql in cells:
            found = [row[0] for row in connection.execute(sql)]
            if not line.startswith("persons"):
                assert len(found) == n, (table, line, column)
                assert low is None or low <= share <= high
            assert share is None or share == pytest.approx(n / denominator)
            if column != "total":
                assert set(behind.get(number, {})) == set(found)


def test_a_long_list_goes_on_in_another_sheet(database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(excel, "_ROWS", 40)
    monkeypatch.setattr(excel, "_LONGEST", 120)
    write_tables(database, tmp_path / "long.xlsx", only=["one"], language="en")
    book = openpyxl.load_workbook(tmp_path / "long.xlsx", read_only=True)
    sheets = [name for name in book.sheetnames if name.startswith("Cells")]
    rows = [row for name in sheets for row in book[name].iter_rows(min_row=2, values_only=True)]
    assert len(sheets) > 3
    assert [row[0] for row in rows] == list(range(1, len(rows) + 1))
    assert any(row[-1].endswith("(too long for a cell: the manifest has it in full)") for row in rows)
    book.close()


def test_csv_files_are_for_spreadsheets_without_formulas(database: Path, tmp_path: Path) -> None:
    write_tables(database, tmp_path / "csv", language="en", only=FEW)
    assert sorted(path.name for path in (tmp_path / "csv").iterdir()) == [
        *("cells.csv", "education.csv", "judgments.csv", "manifest.json", "occupation.csv", "one.csv"),
    ]
    with (tmp_path / "csv" / "occupation.csv").open(encoding="utf-8-sig", newline="") as file:
        heads, *rows = csv.reader(file)
    assert heads[:3] == ["", "Hatred n", "Hatred share"]
    assert {row[0] for row in rows} >= {"'=1+1", "'@某单位", "农民"}
    assert {len(row) for row in rows} == {len(heads)}


@pytest.fixture(scope="module")
def sampled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sampled") / "study.db"
    build_sampled(path)
    return path


def test_medians_and_corrected_shares_have_tables_of_their_own(sampled: Path, tmp_path: Path) -> None:
    write_tables(sampled, tmp_path / "paper.docx", language="en", only=["medians", "corrected"])
    document = docx.Document(str(tmp_path / "paper.docx"))
    medians, shares = (texts(table) for table in document.tables)
    rows = [row for row in medians if row[0] in ("n", "Median", "Q1–Q3")]
    assert [row[1:6] for row in rows[:3]] == [
        ["2/2", "2/2", "1/1", "0/0", "5/5"],
        ["90", "7.5", "12", "", "12"],
        [text.replace("-", "\u2060–\u2060") for text in ("75-105", "6.8-8.2", "12-12", "", "9-60")],
    ]
    assert medians[1][0] == medians[1][5] == "Fixed-term imprisonment (months)"
    scoped = shares[[row[0] for row in shares].index("Cases in scope") :]
    assert [(row[0], row[2].split("\u00a0")[0], row[4]) for row in scoped[1:]] == [
        ("Hatred", "33.3", "2/6"),
        ("Reactive", "50.0", "3/6"),
        ("Fortuitous", "16.7", "1/6"),
        ("Not recorded", "0.0", "0/6"),
    ]
    notes = [paragraph.text for paragraph in document.paragraphs if paragraph.text.startswith("Note. ")]
    assert "Sample 1: 8 cases in the frame, 8 coded by hand." in notes[1]
    assert "fewer than 30" in notes[1]


def test_excel_has_their_numbers_and_what_stands_behind_them(sampled: Path, tmp_path: Path) -> None:
    write_tables(sampled, tmp_path / "paper.xlsx", language="zh", only=["medians", "corrected"])
    book = openpyxl.load_workbook(tmp_path / "paper.xlsx")
    assert book.sheetnames == ["目录", "1 medians", "2 corrected", "单元格", "文书"]
    heads = [cell.value for cell in book["1 medians"][3]]
    fixed = [cell.value for cell in book["1 medians"][4]]
    assert fixed[:6] == ["有期徒刑（月）", 2, 2, 90, 75, 105]
    assert (heads[-4:], fixed[-1]) == (["p", "p（Holm）", "检验", "行"], "months_fixed")
    cells = {row[2:4]: row for row in book["单元格"].iter_rows(min_row=2, values_only=True)}
    with closing(open_readonly(sampled)) as connection:
        assert {row[1] for row in connection.execute(cells["months_fixed", "hatred"][-1])} == {120, 60}
        machine = cells["attack_type=hatred", "total, machine"]
        assert len(connection.execute(machine[-1]).fetchall()) == machine[4]
    assert cells["attack_type=reactive", "total, coded"][4:7] == (3, 6, 0.5)
    behind = [row for row in book["文书"].iter_rows(min_row=2, values_only=True) if row[2:4] == ("attack_type=reactive", "total, coded")]
    assert len(behind) == 3
    book.close()


def test_table_one_says_whose_the_types_are_and_that_nothing_corrects_them(database: Path, sampled: Path) -> None:
    def notes(path: Path) -> str:
        with closing(open_readonly(path)) as connection:
            [table] = paper_tables(count_study(connection, "cases"), ["one"])
        return " ".join(note.en for note in table.notes)

    assert "Attack types are from: adjudicated codings 1, codings by readers 1, model 2, rules 1, no answer 1." in notes(database)
    assert "no hand-coded sample was drawn" in notes(database)
    assert "no hand-coded sample was drawn" not in notes(sampled)
    with closing(open_readonly(database)) as connection, pytest.raises(AnjuanError, match="no shares can be corrected"):
        paper_tables(count_study(connection, "cases"), ["corrected"])


def test_the_manifest_beside_proves_the_tables(database: Path, tmp_path: Path) -> None:
    write_tables(database, tmp_path / "paper.docx", once=True, only=["one"])
    manifest = read_manifest(tmp_path / "paper.docx.manifest.json")
    assert manifest.view == "cases_once"
    with closing(open_readonly(database)) as connection:
        assert check(connection, manifest).same


def test_files_that_exist_stay_unless_forced(database: Path, tmp_path: Path) -> None:
    for name in ("paper.docx", "paper.xlsx"):
        (tmp_path / name).write_text("mine", "utf-8")
        with pytest.raises(AnjuanError, match=rf"{name} exists; --force replaces it"):
            write_tables(database, tmp_path / name, only=["one"])
        assert (tmp_path / name).read_text("utf-8") == "mine"
        write_tables(database, tmp_path / name, only=["one"], force=True)
        assert (tmp_path / name).read_bytes().startswith(b"PK")
    (tmp_path / "csv").mkdir()
    (tmp_path / "csv" / "one.csv").write_text("mine", "utf-8")
    with pytest.raises(AnjuanError, match=r"one\.csv exists"):
        write_tables(database, tmp_path / "csv", only=["one"])
    assert [path.name for path in (tmp_path / "csv").iterdir()] == ["one.csv"]


def test_nothing_half_written_is_left_behind(database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_: object, path: Path, __: str) -> None:
        path.write_text("half", "utf-8")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(writing, "_writer", lambda _: fails)
    with pytest.raises(AnjuanError, match=r"paper\.docx cannot be written: No space left"):
        write_tables(database, tmp_path / "paper.docx", only=["one"])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("out", "only", "language", "line"),
    [
        ("paper.pdf", (), "zh", r"to a \.docx, an \.xlsx or a folder"),
        ("none/paper.docx", (), "zh", "there is no folder"),
        ("paper.docx", ("one", "eduction"), "zh", "there is no table eduction; choose of: one, hospital_level"),
        ("paper.docx", (), "fr", "zh or en, not in 'fr'"),
    ],
)
def test_what_cannot_be_written_is_one_line(
    database: Path, tmp_path: Path, out: str, only: tuple[str, ...], language: str, line: str
) -> None:
    with pytest.raises(AnjuanError, match=line):
        write_tables(database, tmp_path / out, only=only, language=language)
    assert list(tmp_path.iterdir()) == []


def test_a_database_without_a_case_in_scope_is_one_line(tmp_path: Path) -> None:
    Store.open(tmp_path / "empty.db").close()
    with pytest.raises(AnjuanError, match="no case of this database is in scope"):
        write_tables(tmp_path / "empty.db", tmp_path / "paper.docx")
    with pytest.raises(StoreError, match="does not exist"):
        write_tables(tmp_path / "none.db", tmp_path / "paper.docx")


def test_one_case_one_type_and_no_values_at_all(tmp_path: Path) -> None:
    ids = build(tmp_path / "study.db")
    with Store.open(tmp_path / "study.db") as store:
        store.db.execute("UPDATE cases SET in_scope = 0 WHERE judgment_id <> ?", [ids["U1"]])
        store.db.execute("DELETE FROM victims")
        store.db.execute("DELETE FROM defendants")
        store.db.conn.commit()
    with closing(open_readonly(tmp_path / "study.db")) as connection:
        papers = paper_tables(count_study(connection, "cases"))
    assert [paper.name for paper in papers] == [name for name in names() if name != "corrected"]
    for suffix in (".docx", ".xlsx"):
        write_tables(tmp_path / "study.db", tmp_path / f"paper{suffix}", language="en")
    assert len(docx.Document(str(tmp_path / "paper.docx")).tables) == len(papers)


def test_the_command_writes_and_tells(database: Path, tmp_path: Path) -> None:
    out = tmp_path / "paper.xlsx"
    done = anjuan("tables", "--db", database, "--out", out, "--only", "one, education", "--lang", "zh")
    assert (done.returncode, done.stdout) == (0, f"{out}: 2 tables\nmanifest: {tmp_path / 'paper.xlsx.manifest.json'}\n"), done.stderr
    again = anjuan("tables", "--db", database, "--out", out, "--only", "one")
    assert (again.returncode, again.stderr) == (1, f"anjuan: {out} exists; --force replaces it\n")
