"""Linking over a database: extracted judgments in, links, chains and missing instances out; twice the same, in any order, killed at any point."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest
from test_link import HEAD, HISTORY, REST, Case, chrome

from pipeline.job.linking import LinkCounts, link_judgments
from pipeline.job.progress import Silent
from pipeline.schema import Judgment, Label
from pipeline.store import Store
from pipeline.store import links as store_links
from pipeline.text import canonical

FIRST = Case()
NEXT = Case(number="（2018）粤0304刑初124号", defendants=("李某乙",), day="2017年12月9日22时", amount="5120", weight="9.10")
TEXTS = {
    "first": FIRST.text,
    "copy": chrome(FIRST.text),
    "masked": Case(defendants=("李××",)).text,
    "facts": Case(defendants=("李某",)).facts,
    "next": NEXT.text,
    "appeal": HEAD + HISTORY + REST,
}
NAMES = {"李某甲": ("first", "copy", "appeal"), "李××": ("masked",), "李某": ("facts",), "李某乙": ("next",)}


def labels(name: str) -> list[Label]:
    """What the extract stage says of an invented judgment."""
    case = NEXT if name == "next" else FIRST
    known = {"case_number": case.number, "court": case.court, "decided_on": case.decided_on, "trial_level": "first"}
    if name == "appeal":
        known = {
            "case_number": "（2018）粤03刑终9号",
            "court": "某东省某阳市中级人民法院",
            "decided_on": "2018-07-02",
            "trial_level": "second",
        }
    elif name == "facts":
        known = {"trial_level": "first"}
    person = next(who for who, names in NAMES.items() if name in names)
    penalty = "fixed" if name != "facts" else ""
    said = [Label("case", variable, value) for variable, value in known.items()]
    said += [Label("defendant:1", "name", person), Label("defendant:1", "sentence_months", "8")]
    return [*said, Label("defendant:1", "sentence_kind", penalty)] if penalty else said


def fill(store: Store, names: Sequence[str]) -> dict[str, str]:
    """Store and extract these judgments; their ids by name."""
    judgments = {name: Judgment("test", name, canonical(TEXTS[name])) for name in names}
    store.add_judgments(None, list(judgments.values()))
    said = [(judgment.judgment_id, labels(name)) for name, judgment in judgments.items()]
    store.replace_labels("extract", "f", "rules", said, "1.3")
    return {name: judgment.judgment_id for name, judgment in judgments.items()}


def run(store: Store, jobs: int = 1) -> LinkCounts:
    run_id = store.begin_run("link")
    counts = link_judgments(store, run_id, jobs, Silent())
    store.finish_run(run_id, {})
    return counts


def dump(store: Store) -> dict[str, list[dict[str, object]]]:
    """All that linking writes, and the runs."""
    tables = ("signatures", "cited_cases", "case_links")
    rows = {table: store.query(f"SELECT * FROM {table} ORDER BY 1, 2") for table in tables}
    rows["cases"] = store.query("SELECT judgment_id, chain_id, duplicate_of FROM cases ORDER BY 1")
    return rows


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(tmp_path / "study.db")


def test_copies_chains_and_cited_cases(store: Store) -> None:
    ids = fill(store, list(TEXTS))
    counts = run(store)
    assert (counts.done, counts.judgments, counts.copies, counts.instances, counts.cases, counts.missing) == (6, 6, 3, 1, 2, 0)
    rows = {row["judgment_id"]: (row["chain_id"], row["duplicate_of"]) for row in store.query("SELECT * FROM cases")}
    best = ids["copy"]
    assert rows == {
        ids["first"]: (best, best),
        ids["copy"]: (best, None),
        ids["masked"]: (best, best),
        ids["facts"]: (best, best),
        ids["next"]: (ids["next"], None),
        ids["appeal"]: (best, None),
    }
    assert store.query("SELECT count(*) AS documents, count(DISTINCT chain_id) AS cases FROM cases") == [{"documents": 6, "cases": 2}]
    assert store.verify() == []


def test_a_link_says_why(store: Store) -> None:
    ids = fill(store, ["first", "masked", "appeal"])
    run(store)
    rows = store.query("SELECT relation, score, reason FROM case_links ORDER BY relation")
    assert [row["relation"] for row in rows] == ["appeal_of", "duplicate_of"]
    assert rows[0]["reason"] == "cites （2018）粤0304刑初123号; same court; same date"
    assert "same case number and court" in rows[1]["reason"]
    assert "masks differ" in rows[1]["reason"]
    assert ids["appeal"] in {row["judgment_id"] for row in store.query("SELECT * FROM case_links WHERE relation = 'appeal_of'")}


def test_the_view_of_chains_tells_first_and_last_instance_and_the_penalty(store: Store) -> None:
    ids = fill(store, ["first", "masked", "appeal", "next"])
    before = store.query("SELECT * FROM chains")
    assert [row["judgments"] for row in before] == [1, 1, 1, 1]
    run(store)
    rows = {row["chain_id"]: row for row in store.query("SELECT * FROM chains")}
    assert len(rows) == 2
    chain = next(row for row in rows.values() if row["judgments"] == 2)
    assert chain["documents"] == 3
    assert chain["first_id"] in (ids["first"], ids["masked"])
    assert (chain["first_decided_on"], chain["last_decided_on"]) == ("2018-05-28", "2018-07-02")
    assert (chain["last_id"], chain["penalty_id"]) == (ids["appeal"], ids["appeal"])
    assert (chain["last_trial_level"], chain["sentence_kinds"], chain["longest_sentence_months"]) == ("second", "fixed", 8)


def test_an_instance_that_is_not_stored_is_kept_as_missing(store: Store) -> None:
    ids = fill(store, ["appeal", "next"])
    assert run(store).missing == 1
    [row] = store.query("SELECT judgment_id, relation, cited_number, cited_court, cited_decided_on, quote FROM missing_instances")
    assert row.pop("quote").replace("\n", "") == "（2018）粤0304刑初123号刑事判决"
    assert row == {
        "judgment_id": ids["appeal"],
        "relation": "appeal_of",
        "cited_number": "（2018）粤0304刑初123号",
        "cited_court": FIRST.court,
        "cited_decided_on": "2018-05-28",
    }
    fill(store, ["first"])
    assert run(store).missing == 0
    assert store.query("SELECT * FROM missing_instances") == []


def test_linking_again_changes_nothing(store: Store) -> None:
    fill(store, list(TEXTS))
    run(store)
    before, runs = dump(store), store.query("SELECT * FROM runs")
    counts = run(store)
    assert (counts.done, counts.changed) == (0, 0)
    assert dump(store) == before
    assert store.query("SELECT * FROM runs") == runs


@pytest.mark.parametrize("order", [list(TEXTS)[::-1], ["appeal", "facts", "next", "masked", "copy", "first"]])
def test_the_order_of_import_changes_nothing(store: Store, tmp_path: Path, order: list[str]) -> None:
    fill(store, list(TEXTS))
    run(store)
    with Store.open(tmp_path / "other.db") as other:
        for name in order:  # linked after each import, as in a study that grows
            fill(other, [name])
            run(other)
        assert dump(other) == dump(store)


def test_two_processes_find_what_one_finds(store: Store, tmp_path: Path) -> None:
    fill(store, list(TEXTS))
    run(store)
    with Store.open(tmp_path / "other.db") as other:
        fill(other, list(TEXTS))
        run(other, jobs=2)
        assert dump(other) == dump(store)


def test_a_judgment_that_is_not_extracted_waits(store: Store) -> None:
    fill(store, ["first"])
    store.add_judgments(None, [Judgment("test", "late", canonical(TEXTS["copy"]))])
    assert run(store).judgments == 1
    assert store.query("SELECT count(*) AS n FROM cases WHERE chain_id IS NULL") == [{"n": 1}]
    fill(store, ["copy"])
    assert run(store).copies == 1


def test_what_a_person_corrects_unlinks(store: Store) -> None:
    ids = fill(store, ["first", "masked"])
    assert run(store).copies == 1
    said = [Label("case", "case_number", "（2018）粤0304刑初999号", "Reader A")]
    store.replace_labels("annotate", "f", "Reader A", [(ids["masked"], said)], "1.3")
    assert run(store).copies == 0
    assert store.query("SELECT * FROM case_links") == []
    assert store.query("SELECT count(DISTINCT chain_id) AS n FROM cases") == [{"n": 2}]


@pytest.mark.parametrize("at", [1, 2])
def test_interrupted_anywhere_and_run_again_it_is_as_undisturbed(
    store: Store, tmp_path: Path, at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(store, list(TEXTS))
    run(store)
    with Store.open(tmp_path / "other.db") as other:
        fill(other, list(TEXTS))
        name = ("sign", "_mean")[at - 1]  # in the middle of a transaction: signatures stored, or links and chains stored
        whole = getattr(store_links, name)

        def interrupted(*arguments: object) -> None:
            whole(*arguments)
            raise KeyboardInterrupt

        monkeypatch.setattr(store_links, name, interrupted)
        with pytest.raises(KeyboardInterrupt):
            run(other)
        assert other.query("SELECT * FROM case_links") == []
        assert other.query("SELECT * FROM cases WHERE chain_id IS NOT NULL") == []
        monkeypatch.undo()
        run(other)
        assert dump(other) == dump(store)


def test_citations_quote_and_links_hold_only_stored_judgments(store: Store) -> None:
    ids = fill(store, ["first", "appeal"])
    run(store)
    with closing(sqlite3.connect(store.path)) as db:
        db.execute("PRAGMA foreign_keys = ON")
        with pytest.raises(sqlite3.IntegrityError, match="word for word"):
            db.execute(
                'INSERT INTO cited_cases (judgment_id, start, "end", quote, case_number, court, decided_on, kind, cue, procedural, sent_back) '
                "VALUES (?, 0, 3, 'no', '', '', '', '', '', 0, 0)",
                [ids["first"]],
            )
        with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
            db.execute("INSERT INTO case_links VALUES (?, 'nobody', 'appeal_of', 0.5, '')", [ids["first"]])


def test_a_text_that_fails_is_logged_and_the_others_are_linked(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = fill(store, ["first", "copy", "next"])
    from pipeline.job import linking

    whole = linking.sign

    def failing(judgment: Judgment) -> object:
        if judgment.judgment_id == ids["next"]:
            raise ValueError("odd text")
        return whole(judgment)

    monkeypatch.setattr(linking, "sign", failing)
    counts = run(store)
    assert (counts.done, counts.copies, [j.judgment_id for j, _ in counts.failed]) == (2, 1, [ids["next"]])
    assert [row["reason"] for row in store.query("SELECT reason FROM import_log")] == ["internal_error"]
    monkeypatch.undo()
    assert run(store).done == 1
