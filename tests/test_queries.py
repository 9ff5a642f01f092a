"""Questions to sources, and what became of each document that an answer names."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.schema import Judgment, StoreError
from pipeline.store import Brought, Document, Question, Rejected, Store

TEXT = "某某市某某区人民法院刑事判决书。被告人李某甲犯故意伤害罪，判处有期徒刑一年。"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(tmp_path / "a.db")


def judgment(number: int) -> Judgment:
    return Judgment("wenshu_dump", f"d{number}", f"{TEXT}{number}", path=f"server, hit {number}")


def test_a_question_is_one_query_however_often_it_is_asked(store: Store) -> None:
    question = Question("server", "full_text:医生", "doctors", "2018", url="http://localhost/?search=x")
    (first,) = store.add_questions([question])
    store.move_query(first.id, state="open", position=20, found=100)
    (again,) = store.add_questions([question])
    assert (again.id, again.state, again.position, again.found) == (first.id, "open", 20, 100)
    assert store.queries("server") == store.queries() == [again]
    assert store.queries("another") == []


def test_an_answer_is_stored_with_its_place_or_not_at_all(store: Store) -> None:
    (query,) = store.add_questions([Question("server", "q")])
    run_id = store.begin_run("collect server")
    brought = [Brought(Document(f"d{n}", "判决书", decided_on="2018-01-01"), judgment(n)) for n in range(3)]
    brought.append(Brought(Document("d9", state="refused", detail="civil")))
    added = store.add_answer(run_id, query.id, brought, [Rejected("server", "hit 9", "civil", "a civil case")], position=4, found=4)
    assert added.stored == 3
    assert store.tally(query.id) == (4, 3, 1)
    assert [d.judgment_id for d in store.documents(query.id, "fetched")] == [judgment(n).judgment_id for n in range(3)]
    with pytest.raises(StoreError):
        store.add_answer(run_id, query.id, [Brought(Document("d5"), judgment(5))], state="nonsense", position=5)
    assert store.count() == 3
    assert store.queries()[0].position == 4


def test_a_document_never_falls_back(store: Store) -> None:
    one, two = store.add_questions([Question("server", "a"), Question("server", "b")])
    run_id = store.begin_run("collect server")
    store.add_answer(run_id, one.id, [Brought(Document("d1", "标题"))])
    store.add_answer(run_id, two.id, [Brought(Document("d1"))])
    assert store.document_seen("server", "d1") is None
    assert store.mark_refused("server", "d1", "not public") == 2
    store.add_answer(run_id, one.id, [Brought(Document("d1", court="某某法院"))])
    assert store.documents(one.id)[0][:6] == ("d1", "标题", "", "某某法院", "", "refused")
    store.add_answer(run_id, two.id, [Brought(Document("d1"), judgment(1))])
    for query in (one, two):
        assert store.documents(query.id)[0].state == "fetched"
    assert store.mark_refused("server", "d1", "later") == 0
    seen = store.document_seen("server", "d1")
    assert seen is not None
    assert (seen.state, seen.detail, seen.judgment_id) == ("fetched", "", judgment(1).judgment_id)
    assert store.document_seen("another", "d1") is None


def test_text_that_sqlite_cannot_hold_is_found_again(store: Store) -> None:
    (query,) = store.add_questions([Question("server", "q\0")])
    run_id = store.begin_run("collect server")
    odd = Judgment("wenshu_dump", "d1", TEXT + "\ud800")
    store.add_answer(run_id, query.id, [Brought(Document("d\ud8001"), odd)])
    (document,) = store.documents(query.id)
    assert document.judgment_id is not None
    assert store.judgment(document.judgment_id) is not None


def test_moving_nowhere_writes_nothing(store: Store) -> None:
    (query,) = store.add_questions([Question("server", "q")])
    changes = store.db.conn.total_changes
    store.move_query(query.id)
    assert store.db.conn.total_changes == changes
    with pytest.raises(StoreError, match="knows no such query"):
        store.move_query(99, state="open")
