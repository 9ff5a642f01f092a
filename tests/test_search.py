"""Full-text search: what it finds is what a reading of all texts finds, whatever the texts and the query."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_database import build
from sqlite_utils import Database

from pipeline.schema import AnjuanError, Judgment
from pipeline.store import Store
from pipeline.store.connection import transaction
from pipeline.store.migrations.searching import every_sign_counts
from pipeline.store.search import index, prepare, search, searchable
from pipeline.store.search.indexing import create
from pipeline.store.search.syntax import DEEPEST, All, Any, Near, Node, Not, Phrase, parse
from pipeline.store.views import VIEWS
from pipeline.text import canonical

VIEW = next(view for view in VIEWS.strip().split("\n\n") if "CREATE VIEW search" in view)
# Few characters, so that words are found; among them everything that is syntax somewhere.
ALPHABET = "医生轻伤酒aA，。□$-*^+:;'\\{}~%_é𠮷🏥〇"
BLANKS = " \n\u3000\u200b\ufe0f"
words = st.text(ALPHABET, min_size=1, max_size=4)
texts = st.lists(st.text(ALPHABET + BLANKS, max_size=30), min_size=1, max_size=8)


def database(judgments: Sequence[str]) -> Database:
    """An index in memory over texts; each has its number as its id."""
    db = Database(memory=True)
    db.execute("CREATE TABLE indexed (number INTEGER PRIMARY KEY, judgment_id TEXT)")
    db.execute("CREATE TABLE cases (judgment_id TEXT PRIMARY KEY, in_scope INTEGER)")
    create(db)
    db.execute(VIEW)
    db.conn.executemany("INSERT INTO cases VALUES (?, 1)", [(str(n),) for n in range(len(judgments))])
    index(db, [(str(n), canonical(text)) for n, text in enumerate(judgments)])
    return db


def folded(text: str) -> str:
    return searchable(canonical(text)).lower()


def holds(node: Node, text: str) -> bool:
    """Whether a query is true of a folded text: read, not looked up."""
    if isinstance(node, Phrase):
        return folded(node.text) in text
    if isinstance(node, Near):
        return is_near([folded(phrase.text) for phrase in node.phrases], node.distance, text)
    if isinstance(node, Not):
        return not holds(node.node, text)
    if isinstance(node, All):
        return all(holds(each, text) for each in node.nodes)
    assert isinstance(node, Any)
    return any(holds(each, text) for each in node.nodes)


def is_near(phrases: list[str], distance: int, text: str) -> bool:
    """Whether a place begins one phrase, and every phrase ends at most `distance` characters before it, or later."""
    places = [[n for n in range(len(text)) if text.startswith(phrase, n)] for phrase in phrases]
    last = {n for found in places for n in found}
    return all(places) and any(
        all(
            any(start <= end and end - (start + len(phrase)) <= distance for start in found)
            for phrase, found in zip(phrases, places, strict=True)
        )
        for end in last
    )


def typed(node: Node) -> str:
    """A query as somebody types it."""
    if isinstance(node, Phrase):
        return f'"{node.text}"'
    if isinstance(node, Near):
        return f"NEAR({' '.join(map(typed, node.phrases))}, {node.distance})"
    if isinstance(node, Not):
        return f"-{typed(node.node)}"
    assert isinstance(node, All | Any)
    return "(" + (" " if isinstance(node, All) else " | ").join(map(typed, node.nodes)) + ")"


phrases = words.map(Phrase)
nears = st.builds(Near, st.lists(phrases, min_size=2, max_size=3).map(tuple), st.integers(0, 12))
queries = st.recursive(
    phrases | nears,
    lambda inner: (
        st.builds(Not, inner)
        | st.builds(All, st.lists(inner, min_size=2, max_size=3).map(tuple))
        | st.builds(Any, st.lists(inner, min_size=2, max_size=3).map(tuple))
    ),
    max_leaves=6,
)


@given(texts, queries)
@settings(max_examples=100, deadline=None)
def test_a_search_finds_what_a_reading_finds(judgments: list[str], query: Node) -> None:
    expected = [str(n) for n, text in enumerate(judgments) if holds(query, folded(text))]
    assert search(database(judgments), typed(query), None) == expected


near_words = st.text("医生", min_size=1, max_size=2).map(Phrase)


@given(
    st.lists(st.text("医生，。 ", max_size=20), min_size=1, max_size=8),
    st.builds(Near, st.lists(near_words, min_size=2, max_size=3).map(tuple), st.integers(0, 6)),
)
@settings(max_examples=100, deadline=None)
def test_near_counts_the_characters_between(judgments: list[str], near: Near) -> None:
    expected = [str(n) for n, text in enumerate(judgments) if holds(near, folded(text))]
    assert search(database(judgments), typed(near), None) == expected


@given(texts, st.text(ALPHABET + BLANKS + '"()|ANDORNTE', min_size=1, max_size=25))
@settings(max_examples=100, deadline=None)
def test_whatever_is_typed_is_answered_or_refused_in_one_line(judgments: list[str], query: str) -> None:
    db = database(judgments)
    try:
        tree, found = parse(query), search(db, query, None)
    except AnjuanError as error:
        with pytest.raises(AnjuanError, match=r"^search: [^\n]+$"):
            raise error from error
        return
    assert found == [str(n) for n, text in enumerate(judgments) if holds(tree, folded(text))]


@given(texts, queries)
@settings(max_examples=40, deadline=None)
def test_the_sql_that_is_shown_finds_the_same(judgments: list[str], query: Node) -> None:
    db = database(judgments)
    shown = [row[1] for row in db.execute(prepare(db, typed(query)).sql)]
    assert shown == search(db, typed(query), None)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("医生", "012"),
        ("轻伤二级", "0"),
        ("医 生", "0123"),
        ('"医 生"', "012"),
        ("医生 护士", "1"),
        ("医生 AND 护士", "1"),
        ("醉酒|护士", "12"),
        ("醉酒 OR 护士", "12"),
        ("医生 -护士", "02"),
        ("医生 NOT 护士", "02"),
        ("-医生", "3"),
        ("-护士 -CT -生李", "0"),
        ("将 -护士 -CT -生李", "0"),
        ("-(护士 | 轻伤)", "23"),
        ("(醉酒 | 护士) 医生", "12"),
        ("医生 --护士", "1"),
        ("NEAR(护士 医生)", "1"),
        ("NEAR(护士 医生, 3)", "1"),
        ("NEAR(护士 医生，2)", ""),
        ('NEAR("殴 打" 医生 护士, 5)', "1"),
        ("李□某", "2"),
        ("李某", ""),
        ("ct", "3"),
        ('"OR"', "3"),
        ("(2019)", "3"),
        ("（2019）", "3"),
    ],
)
def test_the_language_of_a_search(query: str, found: str) -> None:
    judgments = ["将医生打成轻伤二级", "殴打护士、辱骂医生", "醉酒后殴打医\n生李□某", "（2019）生物医学CT室（OR）"]
    assert "".join(search(database(judgments), query, None)) == found


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "nothing to search for"),
        ("　 ", "nothing to search for"),
        ("医生)", 'closes no "("'),
        ("(医生", "not closed (character 1"),
        ("医生 (护士", "not closed (character 4"),
        ('医生 "护士', "not closed (character 4"),
        ("医生 |", "a word is missing at the end"),
        ("| 医生", 'a word is missing before "|"'),
        ("医生 ()", 'a word is missing before ")"'),
        ("医生 -", "a word is missing at the end"),
        ('""', "a phrase is empty"),
        ("NEAR(医生, 5)", "NEAR needs two words"),
        ("(" * (DEEPEST + 1) + "医" + ")" * (DEEPEST + 1), "parentheses stand in one another"),
        ("医" * 20_001, "at most 20,000"),
    ],
)
def test_what_cannot_be_read_is_said_with_its_place(query: str, said: str) -> None:
    with pytest.raises(AnjuanError) as caught:
        parse(query)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_queries_as_long_and_deep_as_they_may_be() -> None:
    db = database(["将医生打成轻伤二级"])
    assert search(db, "(" * DEEPEST + "医生 -护士" + ")" * DEEPEST, None) == ["0"]
    assert search(db, " | ".join(["保安"] * 2000 + ["医生"]), None) == ["0"]
    assert search(db, " ".join(["医生"] * 2000), None) == ["0"]
    assert search(db, "医生 " + " ".join(["-护士"] * 2000), None) == ["0"]
    assert search(db, " ".join(f"-{chr(0x9000 + n)}" for n in range(2000)), None) == ["0"]
    assert search(db, "(医生 -(护士 | " * (DEEPEST // 2) + "医生" + "))" * (DEEPEST // 2), None) == ["0"]


# ------------------------------------------------------------------------------------------------ in a database


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, dict[str, str]]]:
    path = tmp_path_factory.mktemp("search") / "study.db"
    ids = build(path)
    with Store.open(path) as store:
        yield store, ids


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("type:hatred", "H1 H2"),
        ("type:仇恨型 医生 -匕首", "H1"),
        ("(type:hatred | type:reactive) year:2015-2019", "H2 R1 R2"),
        ("type:missing", "U1 N1 N2"),
        ("in_scope:1 -type:hatred", "R1 R2 F1 U1"),
        ("-type:hatred -医院 护士", "R1 F1"),
        ("(护士 | type:hatred) -alcohol:yes", "H1 H2"),
        ("role:nurse", "R1 F1"),
        ("role:nurse | 匕首", "H2 R1 F1"),
        ("charge:盗窃", "N1"),
        ("persons:3-9", "R2"),
        ("date:2015-03", "R1"),
        ("court:中级 date:2014", "H1"),
        ("number:刑初H", ""),
        ("source:test 斗殴", "N2"),
        ('court:"某市 中级"', ""),
        ('"type:hatred"', ""),
    ],
)
def test_filters_ask_what_is_known_of_a_judgment(study: tuple[Store, dict[str, str]], query: str, found: str) -> None:
    store, ids = study
    assert store.search(query) == [ids[name] for name in found.split()]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("kind:hatred", 'no filter "kind:"'),
        ("type:angry", "hatred, reactive, fortuitous"),
        ("year:soon", "no number and no range"),
        ('court:""', "needs a value"),
        ("year: 2018", "needs a value"),
        (" ".join(["year:2018"] * 500), "more than 400 filters"),
        ("confidence:high", 'no filter "confidence:"'),  # in the codebook, and no column
    ],
)
def test_unknown_filters_and_values_are_refused(study: tuple[Store, dict[str, str]], query: str, said: str) -> None:
    with pytest.raises(AnjuanError, match=said):
        study[0].search(query)


@pytest.mark.parametrize("value", ["x' OR 1 --", "\udcff", "'); DROP TABLE cases; --", "%", "?"])
def test_what_is_typed_into_a_filter_is_data(study: tuple[Store, dict[str, str]], value: str) -> None:
    store, _ = study
    assert store.search(f'court:"{value}"') == []
    assert store.query(store.prepare_search(f'court:"{value}" | title:"?"').sql) == []


def test_any_sqlite_tool_searches_through_the_view(study: tuple[Store, dict[str, str]]) -> None:
    store, ids = study
    bare = sqlite3.connect(f"file:{store.path}?mode=ro", uri=True)
    sql = "SELECT judgment_id, attack_type FROM search WHERE words MATCH ? AND in_scope = 1 ORDER BY number"
    assert bare.execute(sql, ['"护 士" NOT "醉 酒"']).fetchall() == [(ids["R1"], "reactive")]
    assert bare.execute(sql, ['NEAR("推 搡" "轻 伤 二 级", 12)']).fetchall() == [(ids["R1"], "reactive")]
    assert [row[1] for row in bare.execute(store.prepare_search("护士 -醉酒 type:reactive", in_scope=True).sql)] == [ids["R1"]]


def test_a_database_of_an_earlier_version_is_indexed_anew(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    judgment, other = Judgment("test", "1", "殴打李□医生"), Judgment("test", "2", "殴打保安")
    with Store.open(path) as store:
        store.add_judgments(None, [judgment, other])
        store.db.execute("DELETE FROM judgments WHERE judgment_id = ?", [other.judgment_id])
        store.db.executescript("""
            DROP TABLE judgments_fts;
            CREATE VIRTUAL TABLE judgments_fts USING fts5 (text, content = '');
            INSERT INTO judgments_fts (rowid, text) VALUES (1, '殴 打 李 □ 医 生'), (2, '殴 打 保 安');
        """)
        assert store.search("李医生") == [judgment.judgment_id]  # the false hit that there was
        with transaction(store.db, path):
            every_sign_counts(store.db)
    with Store.open(path) as store:
        assert store.search("李医生") == []
        assert store.search("李□医生") == [judgment.judgment_id]
        store.add_judgments(None, [Judgment("test", "3", "推搡护士")])
        assert len(store.search("护士 | 医生 | 保安")) == 2
        assert store.verify() == []
