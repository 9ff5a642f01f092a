"""Releases of a database: nothing of the original survives, what is left fits together, and rows at risk are counted."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from cli import app
from pipeline.analyse.flow import count_flow
from pipeline.analyse.reading import open_readonly
from pipeline.destination import refuse
from pipeline.job import releasing
from pipeline.job.progress import Silent
from pipeline.job.release_report import describe, read_key
from pipeline.job.releasing import Outcome, Request, release
from pipeline.release import Level, Row, Values, coarsen, risk
from pipeline.release.values import rounded
from pipeline.schema import AnjuanError, Judgment, Label, Section, Span, Speaker, StoreError
from pipeline.store import Desk, Store
from pipeline.store.connection import transaction
from pipeline.store.links import Meaning, SignatureRow
from pipeline.store.released import COLUMNS

FIRST = (
    "云州省南安县人民法院\n刑事判决书\n（2018）云0199刑初21号\n被告人马大勇（绰号“黑牛”），男，1985年3月14日出生，农民，住南安县石桥镇柳林村18号，电话13812345678。\n"
    "经审理查明，2018年1月4日20时许，被告人马大勇酒后在南安县人民医院将护士林小芳打伤，马大勇被石桥派出所民警抓获。\n"
    "审判长 梁守正\n二〇一八年三月二十日"
)
APPEAL = "云州省某市中级人民法院\n上诉人（原审被告人）马大勇不服南安县人民法院（2018）云0199刑初21号刑事判决。2018年5月6日查明，马大勇打伤林小芳。"
TWINS = ("被告人赵甲乙于2019年2月3日在医院吵闹。", "被告人赵甲乙于2019年2月4日在医院吵闹。")
SECRETS = (
    *(
        "马大勇",
        "黑牛",
        "林小芳",
        "梁守正",
        "赵甲乙",
        "13812345678",
        "石桥",
        "柳林村",
        "南安县人民医院",
        "0199刑初21",
        "3月14日",
        "1月4日",
        "2月3日",
    ),
    *(
        "1985-03-14",
        "2018-01-04",
        "三月二十日",
        "alice",
        "bob",
        "看不懂",
        "geheim",
        "tokenhash",
        "马某大勇诉",
        "original-only",
        "马大勇养蜂场",
    ),
)
NEVER_IN_PUBLIC = (*SECRETS, "1234.56", "南安县", "吵闹", "云州省某市", "1985", "农民", "某县", "护士林")


def spans(text: str, words: str) -> tuple[Span, ...]:
    start = text.index(words)
    return (Span(start, start + len(words), Section.FACTS, Speaker.COURT, "rule"),)


def labels(text: str, by: str) -> list[Label]:
    person = [Label("defendant:1", "name", "马大勇", by, spans(text, "马大勇"))]
    if by != "rules":
        return [Label("case", "attack_type", "reactive", by, spans(text, "打伤"))]
    return [
        *person,
        Label("defendant:1", "alias", "黑牛"),
        Label("defendant:1", "birth", "1985-03-14"),
        Label("defendant:1", "occupation", "马大勇养蜂场工人"),
        Label("defendant:1", "charge", "故意伤害罪"),
        Label("defendant:1", "ethnicity", "回族"),
        Label("defendant:1", "civil_compensation", "1234.56"),
        Label("victim:1", "name", "林小芳"),
        Label("victim:1", "role", "nurse"),
        Label("case", "in_scope", "1"),
        Label("case", "title", "马某大勇诉"),
        Label("case", "court", "云州省南安县人民法院"),
        Label("case", "province", "云州省"),
        Label("case", "court_level", "basic"),
        Label("case", "case_number", "（2018）云0199刑初21号"),
        Label("case", "decided_on", "2018-03-20"),
        Label("case", "incident_on", "2018-01-04"),
        Label("case", "alcohol", "yes", "rules", spans(text, "打伤林小芳" if "打伤林小芳" in text else "酒后在南安县人民医院")),
    ]


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A database with a chain of two, two texts that differ in a day only, two coders, a sample, and secrets everywhere."""
    path = tmp_path / "study.db"
    texts = [FIRST, APPEAL, *TWINS]
    judgments = [
        Judgment("lecard", f"geheim-{n}", text, text + " original-only", f"马某大勇诉{n}", "/home/geheim/a.json", {"clerk": "geheim"})
        for n, text in enumerate(texts)
    ]
    first, appeal = judgments[0].judgment_id, judgments[1].judgment_id
    with Store.open(path) as store:
        run = store.begin_run("run /home/geheim")
        store.add_judgments(run, judgments)
        said = [(judgment.judgment_id, judgment.text) for judgment in judgments[:2]]
        store.replace_labels("extract", "f", {"rules"}, [(key, labels(text, "rules")) for key, text in said], "1.3")
        for voice in ("alice", "bob", "screen:bob", "model"):
            store.replace_labels("code", voice, voice, [(key, labels(text, voice)) for key, text in said], "1.3")
        start = APPEAL.index("（2018）")
        cited = (start, start + 16, "（2018）云0199刑初21号", "南安县人民法院", "2018-03-20", "判决", "decided", True, False)
        signed = [SignatureRow(key, f"geheim{key}", b"geheim", "judgment", [cited] if key == appeal else []) for key in (first, appeal)]
        store.save_signatures("1", signed)
        chain = dict.fromkeys((first, appeal), first)
        store.save_links([(appeal, first, "appeal_of", 1.0, "geheim reason")], chain, {}, [Meaning(appeal, start, "appeal_of", first)])
        people(store, first)
    return path


def people(store: Store, judgment_id: str) -> None:
    """Two coders with sessions, a sample with known probabilities, a note, a change."""
    desk = Desk(store)
    desk.invite("alice")
    desk.invite("bob", "adjudicator")
    settings = json.dumps({"asked_for": 1, "by": ["court"], "coders": ["alice"], "mode": "blind"})
    with transaction(store.db, store.path):
        run = store.db.execute
        run("UPDATE coders SET token = 'tokenhash'")
        run("INSERT INTO sessions VALUES ('geheim', 'alice', 'geheim', '2026')")
        run("INSERT INTO samples VALUES (1, '2026-01-02', 'code', 'stratified', 1, 0, 'title = ''geheim''', 4, 1, ?, '1.3')", [settings])
        run("INSERT INTO sampling_frames VALUES (1, ?, '南安县人民法院', 0.25, 1)", [judgment_id])
        run("INSERT INTO assignments VALUES (?, 'alice', 'code', 1, 1, 'blind', 'done', 12, '2026-01-02', '2026-01-02')", [judgment_id])
        run("INSERT INTO remarks VALUES (?, 'case', 'cause', 'alice', 1, '看不懂', '[]')", [judgment_id])
        run(
            'INSERT INTO changes (step, judgment_id, unit, variable, "by", actor, at, before, after, mode, codebook_version) '
            "VALUES (1, ?, 'case', 'cause', 'alice', 'alice', '2026', '{}', '{\"note\": \"看不懂\"}', 'blind', '1.3')",
            [judgment_id],
        )
        start = FIRST.index("人民医院将")
        hit = [judgment_id, start, start + 5, "人民医院将"]
        run("INSERT INTO keyword_hits VALUES (?, 'k', 'hospital', ?, ?, ?)", hit)


def cells(path: Path) -> Iterator[str]:
    """Every value of every table."""
    db = sqlite3.connect(path)
    for (table,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'codebook%'").fetchall():
        for row in db.execute(f"SELECT * FROM {table}"):
            yield from (f"{table}: {value}" for value in row if isinstance(value, str))
            yield from (f"{table}: {value.decode('utf-8', 'replace')}" for value in row if isinstance(value, bytes))
    db.close()


def made(database: Path, mode: str, **more: object) -> Path:
    target = database.with_name(f"{mode}.db")
    with Store.open(database, create=False) as store:
        release(store, target, Request(mode, **more), Silent())  # type: ignore[arg-type]
    return target


@pytest.mark.parametrize(("mode", "secrets"), [("research", SECRETS), ("public", NEVER_IN_PUBLIC)])
def test_nothing_of_the_original_survives(database: Path, mode: str, secrets: tuple[str, ...]) -> None:
    target = made(database, mode)
    raw, values = target.read_bytes(), list(cells(target))
    for secret in secrets:
        assert secret.encode() not in raw, secret
        assert not [value for value in values if secret in value], secret
    assert sorted(file.name for file in target.parent.iterdir()) == sorted(["study.db", target.name])
    source = database.read_bytes()
    assert all(secret.encode() in source for secret in ("马大勇", "看不懂", "tokenhash"))  # the test would see them


@pytest.mark.parametrize("mode", ["full", "research", "public"])
def test_the_released_file_is_sound(database: Path, mode: str) -> None:
    with Store.open(made(database, mode), create=False) as store:
        assert store.verify() == []
        assert store.count() == 4
        assert store.query("PRAGMA freelist_count") == [{"freelist_count": 0}]
        assert store.query("SELECT count(*) AS n FROM codebooks WHERE present = 1") == [{"n": 1}]


def test_research_texts_read_on_and_are_quoted(database: Path) -> None:
    with Store.open(made(database, "research"), create=False) as store:
        rows = {row["text"][:8]: row for row in store.query("SELECT judgment_id, text FROM judgments")}
        text = rows["云州省南安县人民"]["text"]
        assert "（2018）刑初某号" in text
        assert "2018年1月20时许，被告人某" in text
        assert "1985年出生，农民，住南安县某处，电话（电话号码）。" in text
        assert "酒后在某县人民医院将护士某" in text
        quotes = store.query(
            'SELECT e.quote, substr(j.text, e.start + 1, e."end" - e.start) AS said FROM evidence AS e JOIN judgments AS j USING (judgment_id)'
        )
        assert quotes
        assert all(row["quote"] == row["said"] for row in quotes)
        assert "酒后在某县人民医院" in {row["quote"] for row in quotes}
        assert store.query("SELECT quote FROM keyword_hits") == [{"quote": "某县人民医院将"}]
        assert len(store.search("某县人民医院")) == 1


def test_one_person_is_one_pseudonym_in_all_documents_of_a_case(database: Path) -> None:
    with Store.open(made(database, "research"), create=False) as store:
        names = {row["name"] for row in store.query("SELECT name FROM defendants WHERE name <> ''")}
        assert len(names) == 1
        (name,) = names
        assert store.query("SELECT DISTINCT alias FROM defendants WHERE alias <> ''") == [{"alias": name}]
        texts = [row["text"] for row in store.query("SELECT text FROM judgments WHERE text LIKE '云州省%'")]
        assert len(texts) == 2
        assert all(name in text for text in texts)


def test_values_of_the_research_release(database: Path) -> None:
    with Store.open(made(database, "research"), create=False) as store:
        row = store.query("SELECT * FROM cases WHERE incident_on <> '' LIMIT 1")[0]
        assert (row["decided_on"], row["incident_on"], row["case_number"]) == ("2018-03", "2018-01", "（2018）刑初某号")
        assert (row["court"], row["title"], row["attack_type"]) == ("云州省南安县人民法院", "", "reactive")
        person = store.query("SELECT * FROM defendants WHERE birth <> '' LIMIT 1")[0]
        assert (person["birth"], person["ethnicity"]) == ("1985", "回族")
        assert store.query("SELECT DISTINCT charge FROM charges") == [{"charge": "故意伤害罪"}]


def test_coders_samples_and_links_stay_without_names(database: Path) -> None:
    with Store.open(made(database, "research"), create=False) as store:
        voices = {row["by"] for row in store.query('SELECT DISTINCT "by" FROM labels')}
        assert {"rules", "model", "coder-1", "coder-2"} <= voices
        assert voices & {"screen:coder-1", "screen:coder-2"}
        assert {row["token"] for row in store.query("SELECT token FROM coders")} == {""}
        frame = store.query("SELECT * FROM sampling_frames")[0]
        assert (frame["stratum"], frame["probability"]) == ("stratum 1", 0.25)
        assert store.query("SELECT condition, settings FROM samples") == [
            {"condition": "withheld", "settings": '{"asked_for": 1, "by": ["court"], "mode": "blind"}'}
        ]
        assert store.query("SELECT count(*) AS n FROM assignments JOIN judgments USING (judgment_id)") == [{"n": 1}]
        link = store.query("SELECT * FROM case_links")[0]
        chained = store.query("SELECT judgment_id, chain_id FROM cases WHERE chain_id IS NOT NULL")
        assert {row["judgment_id"] for row in chained} == {link["judgment_id"], link["other_id"]}
        assert {row["chain_id"] for row in chained} == {link["other_id"]}
        assert store.query("SELECT cited_id, decided_on FROM cited_cases") == [{"cited_id": link["other_id"], "decided_on": "2018-03"}]
        assert store.query("SELECT count(*) AS n FROM changes") == store.query("SELECT count(*) AS n FROM remarks") == [{"n": 0}]


def test_texts_that_become_the_same_stay_two(database: Path) -> None:
    twins = [text.replace("赵甲乙", "赵某") for text in TWINS]
    with Store.open(database) as store:
        store.add_judgments(None, [Judgment("t", str(n), text) for n, text in enumerate(twins)])
        ids = [Judgment("t", "", text).judgment_id for text in twins]
        store.save_links([(ids[1], ids[0], "same_case", 1.0, "x")], dict.fromkeys(ids, ids[0]), {}, [])
    with Store.open(made(database, "research"), create=False) as store:
        assert store.count() == 6
        assert store.query("SELECT count(*) AS n FROM judgments WHERE text LIKE '%第2份）'") == [{"n": 1}]


def test_the_public_release_holds_codes_only(database: Path) -> None:
    with Store.open(made(database, "public", k=2), create=False) as store:
        assert store.query("SELECT count(*) AS n FROM evidence") == [{"n": 0}]
        assert all(row["text"].startswith("文本未公开：第 R0") for row in store.query("SELECT text FROM judgments"))
        values = {(row["variable"], row["value"]) for row in store.query("SELECT variable, value FROM labels")}
        assert {
            ("role", "nurse"),
            ("alcohol", "yes"),
            ("ethnicity", "少数民族"),
            ("civil_compensation", "1200"),
            ("charge", "故意伤害罪"),
        } <= values
        assert not {name for name, _ in values} & {"name", "alias", "birth", "occupation", "case_number", "court", "city", "title"}
        assert store.query("SELECT count(*) AS n FROM sampling_frames") == [{"n": 1}]


def test_the_full_release_is_the_database_without_the_keys_to_it(database: Path) -> None:
    target = made(database, "full")
    tables = [
        table
        for (table,) in sqlite3.connect(database).execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        if table not in ("sessions", "coders")
    ]
    one, other = sqlite3.connect(database), sqlite3.connect(target)
    for table in tables:
        assert sorted(map(repr, one.execute(f"SELECT * FROM {table}"))) == sorted(map(repr, other.execute(f"SELECT * FROM {table}"))), table
    assert b"tokenhash" not in target.read_bytes()


def test_a_kept_key_gives_the_same_pseudonyms_again(database: Path, tmp_path: Path) -> None:
    key = read_key(tmp_path / "key")
    texts = []
    for turn in (1, 2):
        with Store.open(database, create=False) as store:
            release(store, tmp_path / f"{turn}.db", Request("research", key=key), Silent())
        with Store.open(tmp_path / f"{turn}.db", create=False) as store:
            texts.append({row["text"] for row in store.query("SELECT text FROM judgments")})
    assert texts[0] == texts[1]
    assert read_key(tmp_path / "key") == key
    assert (tmp_path / "key").stat().st_mode & 0o077 == 0


def test_a_release_says_what_it_is(database: Path, tmp_path: Path) -> None:
    for mode in ("research", "public"):
        with Store.open(database, create=False) as store:
            release(store, tmp_path / f"{mode}.db", Request(mode), Silent())
        with closing(open_readonly(tmp_path / f"{mode}.db")) as connection:
            assert count_flow(connection).release == mode
    with closing(open_readonly(database)) as connection:
        assert count_flow(connection).release == ""


def test_bad_requests_are_refused_in_one_line(database: Path, tmp_path: Path) -> None:
    with Store.open(database, create=False) as store:
        with pytest.raises(AnjuanError, match="unknown mode 'geheim'; choose one of: full, research, public"):
            release(store, tmp_path / "x.db", Request("geheim"), Silent())
        with pytest.raises(AnjuanError, match="is the database itself"):
            release(store, database, Request("public"), Silent())
    with pytest.raises(AnjuanError, match="exists; --force replaces it"):
        refuse(database, force=False)
    with pytest.raises(AnjuanError, match="there is no folder"):
        refuse(tmp_path / "no" / "x.db", force=True)
    (tmp_path / "short").write_bytes(b"abc")
    with pytest.raises(AnjuanError, match="is no key: it holds 3 bytes"):
        read_key(tmp_path / "short")


def test_a_judgment_that_cannot_be_read_leaves_no_file(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: object) -> None:
        raise ValueError("no")

    monkeypatch.setattr(releasing, "spot", broken)
    target = database.with_name("research.db")
    with pytest.raises(StoreError, match="cannot be released"):
        made(database, "research")
    assert not target.exists()
    assert [file.name for file in target.parent.iterdir()] == ["study.db"]


@pytest.mark.parametrize("mode", ["full", "research", "public"])
def test_an_empty_database_has_an_empty_release(tmp_path: Path, mode: str) -> None:
    with Store.open(tmp_path / "study.db") as store:
        store.begin_run("run")
    target = made(tmp_path / "study.db", mode)
    lines = list(describe(target, mode, Outcome(), 5, None))
    assert lines[0].startswith("released: 0 judgments")


def test_every_column_that_is_filled_exists(tmp_path: Path) -> None:
    with Store.open(tmp_path / "study.db") as store:
        for table, columns in COLUMNS.items():
            there = {row["name"] for row in store.query(f"SELECT name FROM pragma_table_info('{table}')")}
            assert set(columns) <= there, table


def test_the_command_tells_what_it_did(database: Path, tmp_path: Path) -> None:
    out, rows = tmp_path / "out.db", tmp_path / "risky.csv"
    arguments = ["release", "--db", str(database), "--out", str(out), "--mode", "research", "--risky", str(rows), "-j", "1", "-q"]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0, done.output
    assert "released: 4 judgments, research" in done.output
    assert "names of persons" in done.output
    assert "like fewer than 5" in done.output
    assert "advice: give it only under an agreement" in done.output
    listed = list(csv.DictReader(rows.open(encoding="utf-8-sig")))
    with Store.open(out, create=False) as store:
        assert {row["judgment_id"] for row in listed} <= {row["judgment_id"] for row in store.query("SELECT judgment_id FROM judgments")}
    assert {int(row["rows_alike"]) for row in listed} <= {1, 2, 3, 4}
    assert {int(row["rows_alike_with_people"]) for row in listed} <= {1, 2, 3, 4}
    assert any("1985" in row["people"] for row in listed)
    assert isinstance(CliRunner().invoke(app, arguments).exception, AnjuanError)


rows = st.lists(
    st.tuples(
        st.sampled_from(["云州省", "海州省"]),
        st.sampled_from(["basic", "high"]),
        st.sampled_from(["2018-01", "2018-02", "2019-01"]),
        st.sampled_from(["", "nurse", "doctor,nurse"]),
    ),
    max_size=60,
)


@given(rows, st.integers(2, 6))
def test_whatever_is_told_is_shared_by_k_or_named_as_left(told: list[tuple[str, str, str, str]], k: int) -> None:
    cases = [Row(str(n), *row) for n, row in enumerate(told)]
    coarse = coarsen(cases, k)
    counts = Counter(coarse.of(case.judgment_id).key(case) for case in cases)
    assert {case.judgment_id for case in cases if counts[coarse.of(case.judgment_id).key(case)] < k} == coarse.left
    if len(cases) < k:
        assert len(coarse.left) == len(cases)


def test_place_and_time_stay_where_enough_share_them() -> None:
    cases = [Row(str(n), "云州省", "basic", "2018-01", "nurse") for n in range(10)]
    assert coarsen(cases).level == Level(True, True, 7)
    spread = [Row(str(n), "云州省", "basic", f"2018-{n % 12 + 1:02}", "nurse") for n in range(24)]
    assert coarsen(spread).level == Level(True, True, 4)
    odd = [*cases * 1, Row("x", "海州省", "high", "2001-01", "doctor")]
    assert coarsen(odd).of("x") == Level(False, False, 0, False)
    assert coarsen(odd).left == {"x"}
    assert risk({"a": 1, "b": 1, "c": 2}, 2).alike == {"c": 1}


def test_values_that_no_rule_knows_are_masked_or_left_out() -> None:
    values = Values({"cause": "choice", "mine": "text"})
    level = Level(True, False, 4)
    assert values.public("mine", "张某说的话", level) is None
    assert values.public("cause", "payment", level) == "payment"
    assert values.public("cause", "张某", level) is None
    assert values.public("decided_on", "2018-03-20", level) == "2018"
    assert values.public("court_level", "basic", level) is None
    assert values.public("role", "nurse", Level(True, True, 7, False)) is None
    assert values.research("mine", "张某说的话", {}, lambda text: text.replace("张某", "某BC")) == "某BC说的话"
    assert values.research("note", "张某说的话", {}, str) is None
    assert values.research("charge", "张某杀人案", {}, lambda text: "masked") == "masked"
    assert (rounded("53217.4"), rounded("0"), rounded("all")) == ("53000", "0", "all")
