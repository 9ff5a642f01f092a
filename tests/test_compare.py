"""Published studies beside a database: the file's form and its errors, the counts and their SQL, the tests, the command."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from pathlib import Path

import pytest
from command_line import anjuan
from hypothesis import given, settings
from hypothesis import strategies as st
from small_database import build

from pipeline.analyse.comparing import compare
from pipeline.analyse.comparison_rows import foot, full_rows, list_rows, short_rows
from pipeline.analyse.published import load_study
from pipeline.analyse.reading import open_readonly
from pipeline.analyse.statistics import association, holm
from pipeline.analyse.studies import open_study, parse_study_file, shipped_studies, template_text
from pipeline.schema import AnjuanError
from pipeline.store import Store

ROOT = Path(__file__).parents[1]
HEAD = 'citation_zh = "某研究"\ncitation_en = "A study"\n'
TYPED = HEAD + "\n[cases]\nhatred = 40\nreactive = 60\n"


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("compare") / "small.db"
    build(path)
    return path


@pytest.fixture(scope="module")
def connection(database: Path) -> sqlite3.Connection:
    return open_readonly(database)


def study(body: str, head: str = TYPED) -> str:
    return f"{head}\n{body}\n"


def figure_of(text: str, connection: sqlite3.Connection, once: bool = False):  # type: ignore[no-untyped-def]
    return compare(connection, parse_study_file(text, "study.toml"), once).rows[-1]


def test_the_studies_that_ship_can_be_read_and_are_listed() -> None:
    assert next(iter(shipped_studies())) == "laws_2025"
    for name in shipped_studies():
        read = open_study(name)
        assert read.name == name
        assert read.citation.zh
        assert read.citation.en
        assert read.figures
    assert [row["study"] for row in list_rows("en")] == list(shipped_studies())
    assert "来源" in list_rows("zh")[0]


def test_the_study_of_table_one_is_not_written_twice() -> None:
    figures = {
        (figure.measure.line, figure.type): figure.n for figure in open_study("laws_2025").figures if figure.measure and figure.measure.line
    }
    assert figures == {key: figure.n for key, figure in load_study().figures.items()}


def test_the_template_is_a_study() -> None:
    assert len(parse_study_file(template_text(), "template.toml").figures) == 3


def test_an_abstract_without_a_number_of_cases_gives_a_share_without_a_test(connection: sqlite3.Connection) -> None:
    total, share = compare(connection, open_study("li_wang_dear_2019")).rows
    assert (total.figure.n, total.ours and total.ours.n) == (140, 6)
    assert (share.figure.n, share.figure.of, share.figure.percent, share.ours) == (None, None, 51, None)
    assert "no such variable" in share.test.text("en")


def test_shares_of_the_study_beyond_table_one_are_tested_only_where_it_says_of_how_many(connection: sqlite3.Connection) -> None:
    compared = compare(connection, open_study("laws_2025"))
    tertiary, waiting, schooling, income = compared.rows[-4:]
    assert [(row.figure.n, row.figure.of, row.figure.percent) for row in (tertiary, waiting, schooling, income)] == [
        (None, None, 66),
        (6, 8, None),
        (None, None, 93.3),
        (None, None, 92),
    ]
    assert tertiary.test.p is schooling.test.p is income.test.p is None
    assert waiting.ours
    assert "service_speed" in waiting.ours.sql
    assert short_rows(compared, "en")[-3]["here"].startswith("0/0")
    assert "%" not in short_rows(compared, "en")[-3]["here"]
    assert income.ours is None
    assert "judgments do not tell income" in " ".join(foot(compared, "en"))


def test_a_figure_can_be_about_some_cases_only(database: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    copy.write_bytes(database.read_bytes())
    with sqlite3.connect(copy) as writing:
        writing.execute("UPDATE cases SET hospital_level = 'tertiary' WHERE cause IN ('service_speed', 'payment')")
    body = '[[figure]]\nvariable = "hospital_level"\nvalues = ["tertiary"]\nn = 6\nof = 8\namong = { cause = ["service_speed"] }'
    row = figure_of(study(body), open_readonly(copy))
    assert (row.ours.n, row.ours.of) == (1, 1)
    assert row.test.p is not None
    persons = figure_of(study(body.replace('"hospital_level"', '"role"').replace('"tertiary"', '"nurse"')), open_readonly(copy))
    assert (persons.ours.n, persons.ours.of) == (1, 1)


def test_counts_are_worked_out_from_percentages() -> None:
    figures = [figure for figure in open_study("li_gao_guan_xu_2023").figures if figure.percent]
    assert [figure.n for figure in figures] == [132, 105, 97, 77]
    for figure in figures:
        assert figure.n is not None
        assert round(100 * figure.n / 507, 1) == figure.percent
        assert figure.rounded


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 5000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))), st.integers(0, 2))
def test_a_percentage_gives_the_count_that_it_was_made_from_or_one_with_the_same_percentage(share: tuple[int, int], places: int) -> None:
    n, of = share
    printed = f"{100 * n / of:.{places}f}"
    [figure] = parse_study_file(study(f'[[figure]]\nline = "alcohol=yes"\npercent = {printed}\nof = {of}', HEAD), "s.toml").figures
    assert figure.n is not None
    assert abs(100 * figure.n / of - float(printed)) <= 0.51 * 10**-places
    assert abs(figure.n - n) <= of / 100 / 10**places + 1


def test_a_line_of_table_one_is_set_beside_ours(connection: sqlite3.Connection) -> None:
    row = figure_of(study('[[figure]]\nline = "weapon_prepared=yes"\ntype = "hatred"\nn = 10'), connection)
    assert (row.figure.n, row.figure.of) == (10, 40)
    assert (row.ours.n, row.ours.of, row.ours.missing) == (2, 2, 0)
    assert row.test.p == association([[2, 10], [0, 30]]).p
    assert row.difference.value == pytest.approx(0.75)
    assert len(connection.execute(row.ours.sql).fetchall()) == 2


def test_cases_without_a_type_or_an_answer_are_left_out_and_counted(connection: sqlite3.Connection) -> None:
    typed = compare(connection, parse_study_file(TYPED, "s.toml")).rows[0]
    assert (typed.ours and (typed.ours.n, typed.ours.of, typed.ours.missing)) == (2, 5, 1)
    cause = figure_of(study('[[figure]]\nline = "cause=payment"\nn = 10'), connection)
    assert (cause.ours.n, cause.ours.of, cause.ours.missing) == (1, 5, 1)
    assert "1 not recorded" in short_rows(compare(connection, parse_study_file(TYPED, "s.toml")), "en")[0]["here"]


@pytest.mark.parametrize(
    ("body", "n", "of", "missing"),
    [
        ('variable = "alcohol"\nvalues = ["yes", "no"]', 2, 6, 0),
        ('variable = "alcohol"\nvalues = ["yes"]\nleave_out = ["not_mentioned"]', 2, 2, 4),
        ('variable = "worst_injury"\nvalues = ["death", "serious"]\ntype = "hatred"', 2, 2, 0),
        ('variable = "cause"\nvalues = ["payment"]', 1, 5, 1),
        ('variable = "charge"\nvalues = ["寻衅滋事罪"]\ncount = "cases"', 6, 6, 0),
        ('variable = "charge"\nvalues = ["盗窃罪"]', 0, 6, 0),
        ('variable = "role"\nvalues = ["nurse"]\ncount = "cases"', 2, 5, 1),
        ('variable = "role"\nvalues = ["doctor", "nurse"]', 4, 6, 0),
        ('variable = "compensation"\nvalues = ["1"]', 0, 0, 6),
        ('variable = "weapon"\nvalues = ["knife"]', 0, 6, 0),
    ],
)
def test_variables_of_every_kind_are_counted(connection: sqlite3.Connection, body: str, n: int, of: int, missing: int) -> None:
    row = figure_of(study(f"[[figure]]\n{body}\nn = 3\nof = 9"), connection)
    assert (row.ours.n, row.ours.of, row.ours.missing) == (n, of, missing)
    assert [judgment for (judgment,) in connection.execute(row.ours.sql)] == list(row.ours.judgments)
    assert len(row.ours.judgments) == n


def test_flags_and_lists_are_found_by_value(database: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    copy.write_bytes(database.read_bytes())
    with sqlite3.connect(copy) as writing:
        writing.execute("UPDATE cases SET compensation = 1, weapon = 'blunt,knife' WHERE attack_type = 'hatred'")
        writing.execute("UPDATE cases SET compensation = 0, weapon = '' WHERE attack_type = 'reactive'")
    found = open_readonly(copy)
    flag = figure_of(study('[[figure]]\nvariable = "compensation"\nvalues = ["1"]\nn = 3\nof = 9'), found).ours
    assert (flag.n, flag.of, len(found.execute(flag.sql).fetchall())) == (2, 4, 2)
    knife = figure_of(study('[[figure]]\nvariable = "weapon"\nvalues = ["knife", "blunt"]\nn = 3\nof = 9'), found).ours
    assert (knife.n, len(found.execute(knife.sql).fetchall())) == (2, 2)


def test_persons_are_counted_and_not_tested(connection: sqlite3.Connection) -> None:
    row = figure_of(study('[[figure]]\nvariable = "role"\nvalues = ["doctor"]\nn = 3\nof = 9'), connection)
    assert row.test.p is row.difference is row.our_interval is row.published_interval is None
    assert "not independent" in row.test.text("en")
    assert "of" not in study('[[figure]]\nvariable = "role"\nvalues = ["doctor"]\nn = 3').split("[[figure]]")[1]
    assert figure_of(study('[[figure]]\nvariable = "role"\nvalues = ["doctor"]\nn = 3'), connection).figure.of is None


def test_holms_correction_is_over_all_figures(connection: sqlite3.Connection) -> None:
    rows = compare(connection, open_study("laws_2025")).rows
    assert [row.test.holm for row in rows] == holm([row.test.p for row in rows])
    assert sum(row.test.p is not None for row in rows) > 5


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ('citation_zh = "a"\n', 1, "citation_en"),
        (HEAD, 1, "no figures"),
        (HEAD + 'colour = "red"\n', 3, "unknown key 'colour'"),
        (HEAD + "\n[cases]\nhate = 3\n", 5, "no attack type"),
        (HEAD + "\n[cases]\nhatred = -3\n", 5, "a number of cases"),
        (HEAD + '\n[cases]\nhatred = "3"\n', 5, "a number of cases"),
        (HEAD + "\n[cases]\nhatred = 3\ntotal = 2\n", 6, "more than the total"),
        (study("[[figure]]\nn = 3"), 8, "a line or a variable"),
        (study('[[figure]]\nlable = "x"'), 9, "unknown key 'lable'; choose one of: line, variable"),
        (study('[[figure]]\nline = "alcohol=maybe"\nn = 3'), 9, "no line 'alcohol=maybe'"),
        (study('[[figure]]\nline = "alcohol=yes"\nvalues = ["yes"]\nn = 3'), 10, "does not go with line"),
        (study('[[figure]]\nline = "alcohol=yes"'), 8, "either n or percent"),
        (study('[[figure]]\nline = "alcohol=yes"\nn = 3\npercent = 3'), 8, "either n or percent"),
        (study('[[figure]]\nline = "alcohol=yes"\nn = 300'), 10, "no part of 100"),
        (study('[[figure]]\nline = "alcohol=yes"\nn = true'), 10, "a whole number"),
        (study('[[figure]]\nline = "alcohol=yes"\npercent = 101'), 10, "between 0 and 100"),
        (study('[[figure]]\nline = "alcohol=yes"\npercent = 51\nof = 7'), 10, "no whole number of 7"),
        (study('[[figure]]\nline = "alcohol=yes"\nn = 3\nof = -1'), 11, "of takes the number"),
        (study('[[figure]]\nline = "alcohol=yes"\ntype = "angry"\nn = 3'), 10, "no attack type"),
        (study('[[figure]]\nvariable = "alcohl"\nvalues = ["yes"]\nn = 3'), 9, "did you mean: alcohol"),
        (study('[[figure]]\nvariable = "alcohol"\nvalues = ["si"]\nn = 3'), 9, "has no value 'si'"),
        (study('[[figure]]\nvariable = "alcohol"\nvalues = [3]\nn = 3'), 10, "texts in quotes"),
        (study('[[figure]]\nvariable = "alcohol"\nn = 3'), 8, "say which values"),
        (study('[[figure]]\nvariable = "alcohol"\nvalues = ["yes"]\ncount = "victims"\nn = 3'), 11, "counted by cases"),
        (study('[[figure]]\nvariable = "weapon"\nvalues = ["knife"]\nleave_out = ["other"]\nn = 3'), 11, "holds a list"),
        (study('[[figure]]\nvariable = "alcohol"\nvalues = ["yes"]\namong = { cause = "weather" }\nn = 3'), 11, "has no value 'weather'"),
        (study('[[figure]]\nvariable = "alcohol"\nvalues = ["yes"]\namong = { role = ["nurse"] }\nn = 3'), 11, "one of the victim"),
        (study('[[figure]]\nlabel_zh = "某"\nn = 3'), 8, "label_zh and label_en"),
    ],
)
def test_a_wrong_file_is_refused_with_its_line(text: str, line: int, words: str) -> None:
    with pytest.raises(AnjuanError) as refused:
        parse_study_file(text, "mine.toml")
    assert str(refused.value).startswith(f"mine.toml, line {line}: ")
    assert words in str(refused.value)
    assert "\n" not in str(refused.value)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60), st.sampled_from(["", HEAD, TYPED]))
def test_any_text_is_read_or_refused(text: str, head: str) -> None:
    try:
        parse_study_file(head + text, "mine.toml")
    except AnjuanError as error:
        refusal = str(error)
    else:
        return
    assert "mine.toml" in refusal


def test_what_is_not_toml_is_refused_with_its_place() -> None:
    with pytest.raises(AnjuanError, match=r"mine.toml is not TOML: .*line 2"):
        parse_study_file("a = 1\nb = = 2", "mine.toml")


def test_files_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(AnjuanError, match="UTF-8"):
        open_study(str(tmp_path / "bytes.toml"))
    with pytest.raises(AnjuanError, match="there are laws_2025"):
        open_study("laws_2024")
    (tmp_path / "marked.toml").write_text("\ufeff" + TYPED, "utf-8")
    assert len(open_study(str(tmp_path / "marked.toml")).figures) == 3


@pytest.mark.parametrize("filled", [False, True])
def test_a_database_without_a_case_in_scope_is_compared_all_the_same(tmp_path: Path, filled: bool) -> None:
    path = tmp_path / "empty.db"
    if filled:
        build(path)
        with sqlite3.connect(path) as writing:
            writing.execute("UPDATE cases SET in_scope = 0, attack_type = NULL")
    else:
        Store.open(path).close()
    connection = open_readonly(path)
    for name in shipped_studies():
        found = compare(connection, open_study(name))
        assert {row.test.method for row in found.rows} == {"none"}
        for language in ("zh", "en"):
            printed = json.dumps([short_rows(found, language), full_rows(found, language), foot(found, language)], ensure_ascii=False)
            assert "NaN" not in printed
            assert "nan" not in printed
        assert "no case in scope" in " ".join(foot(found, "en"))


def test_a_type_without_cases_has_no_test(tmp_path: Path) -> None:
    path = tmp_path / "no_hatred.db"
    build(path)
    with sqlite3.connect(path) as writing:
        writing.execute("UPDATE cases SET attack_type = 'reactive' WHERE attack_type = 'hatred'")
    row = figure_of(study('[[figure]]\nline = "alcohol=yes"\ntype = "hatred"\nn = 3'), open_readonly(path))
    assert (row.ours.n, row.ours.of) == (0, 0)
    assert "no case with a value" in row.test.text("en")
    assert row.our_interval.low is None


def test_the_foot_tells_source_method_and_whose_answers(connection: sqlite3.Connection) -> None:
    english = " ".join(foot(compare(connection, open_study("laws_2025"), once=True), "en"))
    assert "Laws 2025" in english
    assert "Cochran 1954" in english
    assert "adjudicated codings 1, codings by readers 1, model 2, rules 1, no answer 1" in english
    assert "not checked by a person" in english
    assert "counted once" in english
    chinese = " ".join(foot(compare(connection, open_study("li_gao_guan_xu_2023")), "zh"))
    assert "百分比" in chinese
    assert "只计一次" not in chinese


def test_the_command_prints_tables_csv_and_json_lines(database: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(study('[[figure]]\nline = "alcohol=yes"\nn = 30'), "utf-8")
    table = anjuan("compare", tmp_path / "mine.toml", "--db", database, "--lang", "zh")
    assert table.returncode == 0, table.stderr
    assert "30/100 = 30.0 % [21.9, 39.6]" in table.stdout
    assert "某研究" in table.stdout
    read = list(csv.DictReader(io.StringIO(anjuan("compare", tmp_path / "mine.toml", "--db", database, "--form", "csv").stdout)))
    assert (read[-1]["n"], read[-1]["of"], read[-1]["study_n"], read[-1]["study_of"]) == ("2", "6", "30", "100")
    lines = [
        json.loads(line) for line in anjuan("compare", tmp_path / "mine.toml", "--db", database, "--form", "jsonl").stdout.splitlines()
    ]
    assert lines[-1]["p"] == pytest.approx(association([[2, 30], [4, 70]]).p)


def test_the_command_lists_explains_and_refuses(database: Path, tmp_path: Path) -> None:
    assert "li_wang_dear_2019" in anjuan("compare").stdout
    assert anjuan("compare", "--template").stdout == template_text()
    for arguments, words in (
        (["compare", "laws_2025"], "--db FILE"),
        (["compare", "laws_2024", "--db", database], "no such file"),
        (["compare", "laws_2025", "--db", tmp_path / "none.db"], "none.db"),
    ):
        refused = anjuan(*arguments)
        assert refused.returncode == 1
        assert words in refused.stderr
        assert len(refused.stderr.splitlines()) == 1
