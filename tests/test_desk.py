"""The annotators' side of the database: invitations, queues, entries, undo, history, and what is refused."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_database import build

from pipeline.codebook import load
from pipeline.schema import Entry, Judgment, StoreError
from pipeline.store import Desk, FrameRow, NewAssignment, Sample, Save, Store

ASTRAL = "经审理查明，被告人张某\r\n持𠮷刀\u00a0将医生李某甲刺成𠀀伤。\r\n"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    build(tmp_path / "d.db")
    with Store.open(tmp_path / "d.db") as store:
        yield Desk(store)


def of(desk: Desk, source_id: str) -> str:
    return str(desk.store.query("SELECT judgment_id FROM judgments WHERE source_id = ?", [source_id])[0]["judgment_id"])


def save(desk: Desk, judgment_id: str, entry: Entry, by: str = "zhang", **manner: str) -> None:
    desk.save([Save(judgment_id, by, entry)], **{"actor": by, "mode": "blind", **manner})


def cause(value: str, *words: tuple[int, int, str]) -> Entry:
    return Entry("case", "cause", (value,), words)


# ------------------------------------------------------------------------------------------------ people


def test_a_token_opens_a_session_and_nothing_else_does(desk: Desk) -> None:
    token, other = desk.invite("zhang"), desk.invite("李", "adjudicator")
    session = desk.sign_in("zhang", f" {token.lower()} ")
    assert session is not None
    assert desk.session(session.secret) == session
    assert session.role == "coder"
    for name, wrong in (("zhang", other), ("zhang", ""), ("nobody", token), ("zhang", token[:-1])):
        assert desk.sign_in(name, wrong) is None
    assert desk.session(session.secret + "x") is None
    stored = Path(desk.store.path).read_bytes()
    assert token.encode() not in stored
    assert session.secret.encode() not in stored


def test_a_new_invitation_ends_the_old_token_and_session(desk: Desk) -> None:
    old = desk.invite("zhang")
    session = desk.sign_in("zhang", old)
    assert session is not None
    new = desk.invite("zhang")
    assert desk.session(session.secret) is None
    assert desk.sign_in("zhang", old) is None
    again = desk.sign_in("zhang", new)
    assert again is not None
    desk.sign_out(again.secret)
    assert desk.session(again.secret) is None


def test_who_is_revoked_is_shut_out_and_stays_in_the_list(desk: Desk) -> None:
    session = desk.sign_in("zhang", desk.invite("zhang"))
    assert session is not None
    desk.revoke("zhang")
    assert desk.session(session.secret) is None
    assert [(coder.name, coder.revoked) for coder in desk.coders()] == [("zhang", True)]
    with pytest.raises(StoreError, match="nobody called 'wang'"):
        desk.revoke("wang")


@pytest.mark.parametrize("name", ["", "adjudicated", "Model", "rules", "a:b", "x" * 41, "screen", "a b", "<b>"])
def test_names_that_are_voices_or_no_names_are_refused(desk: Desk, name: str) -> None:
    with pytest.raises(StoreError, match="cannot be a coder's name"):
        desk.invite(name)


# ------------------------------------------------------------------------------------------------ queues


def test_a_sample_keeps_its_frame_and_fills_the_queues(desk: Desk) -> None:
    for name in ("zhang", "li"):
        desk.invite(name)
    ids = [row["judgment_id"] for row in desk.store.query("SELECT judgment_id FROM judgments ORDER BY source_id")]
    frame = [FrameRow(key, "s", 0.5, place < 4) for place, key in enumerate(ids)]
    given_ = [NewAssignment(key, "zhang", place, "blind") for place, key in enumerate(ids[:4])] + [
        NewAssignment(ids[0], "li", 0, "assisted")
    ]
    sample = desk.add_sample(Sample("code", "random", 1, 0.25, "in_scope = 1", "1.3", {"n": 4}), frame, given_)
    assert desk.store.query("SELECT frame_size, size FROM samples WHERE id = ?", [sample]) == [{"frame_size": 8, "size": 4}]
    assert [row.judgment_id for row in desk.queue("zhang", "code")] == ids[:4]
    assert [row.judgment_id for row in desk.queue("zhang", "code", "open", 1, 2)] == ids[1:3]
    assert desk.neighbours("zhang", "code", ids[1]) == (ids[0], ids[2])
    assert desk.neighbours("zhang", "code", ids[3]) == (ids[2], None)
    assert desk.assignment("li", "code", ids[1]) is None
    assert desk.assignment("zhang", "screen", ids[0]) is None
    desk.mark("zhang", "code", ids[0], "done")
    desk.add_seconds("zhang", "code", ids[0], 12.5)
    assert desk.tally("zhang", "code") == (3, 1, 12.5)
    assert desk.tally("li", "code") == (1, 0, 0.0)
    assert [row.judgment_id for row in desk.queue("zhang", "code", "done")] == ids[:1]
    desk.add_sample(Sample("code", "random", 2, 0.0, "", "1.3"), [], [NewAssignment(ids[5], "zhang", 0, "blind")])
    assert [row.judgment_id for row in desk.queue("zhang", "code")][-1] == ids[5]


def test_a_probability_that_is_none_is_refused_and_nothing_of_the_sample_stays(desk: Desk) -> None:
    with pytest.raises(StoreError):
        desk.add_sample(Sample("code", "random", 1, 0.0, "", "1.3"), [FrameRow(of(desk, "H1"), "", 0.0, False)], [])
    assert desk.store.query("SELECT count(*) AS n FROM samples") == [{"n": 0}]


def test_what_somebody_else_has_drawn_meanwhile_is_not_assigned_twice(desk: Desk) -> None:
    for name in ("zhang", "li"):
        desk.invite(name)
    h1, h2 = of(desk, "H1"), of(desk, "H2")
    desk.add_sample(Sample("code", "random", 1, 0.0, "", "1.3"), [], [NewAssignment(h1, "zhang", 0, "blind")])
    both = [NewAssignment(h2, "li", 0, "blind"), NewAssignment(h1, "li", 1, "blind")]
    with pytest.raises(StoreError, match="assigned meanwhile"):
        desk.add_sample(Sample("code", "random", 2, 0.0, "", "1.3"), [], both)
    assert desk.queue("li", "code") == []
    desk.add_sample(Sample("screen", "random", 3, 0.0, "", "1.3"), [], both)
    assert len(desk.queue("li", "screen")) == 2


# ------------------------------------------------------------------------------------------------ entries


def test_an_entry_comes_back_as_it_was_said(desk: Desk) -> None:
    h1 = of(desk, "H1")
    save(desk, h1, Entry("case", "weapon", ("knife", "blunt"), ((3, 5, "blunt"), (0, 2, "knife")), True, "看不清"))
    save(desk, h1, Entry("case", "", note="总说明"))
    save(desk, h1, Entry("victim:2", "role", ("nurse",)))
    assert desk.entries(h1, "zhang") == [
        Entry("case", "", note="总说明"),
        Entry("case", "weapon", ("knife", "blunt"), ((0, 2, "knife"), (3, 5, "blunt")), True, "看不清"),
        Entry("victim:2", "role", ("nurse",)),
    ]
    assert desk.voices(h1) == ["adjudicated", "zhang"]
    assert desk.store.query("SELECT DISTINCT mode FROM labels WHERE \"by\" = 'zhang'") == [{"mode": "blind"}]


def test_words_follow_the_value_of_a_choice_and_wait_where_none_is_chosen(desk: Desk) -> None:
    h1 = of(desk, "H1")
    save(desk, h1, Entry("case", "cause", (), ((0, 3, ""),)))
    assert desk.entries(h1, "zhang") == [Entry("case", "cause", (), ((0, 3, ""),))]
    assert desk.store.query("SELECT count(*) AS n FROM evidence WHERE \"by\" = 'zhang'") == [{"n": 0}]
    save(desk, h1, cause("attitude", (0, 3, "")))
    save(desk, h1, cause("payment", (0, 3, "attitude")))
    assert desk.entries(h1, "zhang") == [cause("payment", (0, 3, "payment"))]
    assert desk.store.query("SELECT quote, section FROM evidence WHERE \"by\" = 'zhang'") == [{"quote": "经审理", "section": "facts"}]


def test_a_person_is_trusted_before_the_model_and_the_adjudicated_before_a_person(desk: Desk) -> None:
    h2 = of(desk, "H2")
    case = "SELECT attack_type, attack_type_by FROM cases WHERE judgment_id = ?"
    save(desk, h2, Entry("case", "attack_type", ("fortuitous",)))
    assert desk.store.query(case, [h2]) == [{"attack_type": "fortuitous", "attack_type_by": "zhang"}]
    save(desk, h2, Entry("case", "attack_type", ("reactive",)), "adjudicated", actor="li", mode="adjudication", reason="冲突中")
    assert desk.store.query(case, [h2]) == [{"attack_type": "reactive", "attack_type_by": "adjudicated"}]
    assert [(c.actor, c.reason) for c in desk.history(h2, "adjudicated")] == [("li", "冲突中")]
    assert desk.store.verify() == []


def test_a_screener_is_trusted_before_the_model_and_behind_one_who_coded_the_case(desk: Desk) -> None:
    h2, scope = of(desk, "H2"), "SELECT in_scope FROM cases WHERE judgment_id = ?"
    save(desk, h2, Entry("case", "in_scope", ("0",)), "screen:a")
    assert desk.store.query(scope, [h2]) == [{"in_scope": 0}]
    save(desk, h2, Entry("case", "in_scope", ("1",)), "zhang")
    assert desk.store.query(scope, [h2]) == [{"in_scope": 1}]


def test_offsets_count_characters_where_a_text_has_astral_ones(tmp_path: Path) -> None:
    with Store.open(tmp_path / "a.db") as store:
        store.add_judgments(None, [judgment := Judgment("test", "A", ASTRAL)])
        desk, start = Desk(store), ASTRAL.index("𠮷刀")
        save(desk, judgment.judgment_id, Entry("case", "weapon", ("knife",), ((start, start + 2, "knife"),)))
        assert store.query("SELECT quote FROM evidence") == [{"quote": "𠮷刀"}]
        assert store.verify() == []


REFUSED = [
    (Entry("case", "cause", ("anger",)), "no value 'anger'"),
    (Entry("case", "cause", ("attitude", "payment")), "takes one value"),
    (Entry("case", "colour", ("red",)), "unknown variable"),
    (Entry("case", "role", ("doctor",)), "not coded for this unit"),
    (Entry("case", "victims", ("3",)), "not coded for this unit"),
    (Entry("victim:0", "role", ("doctor",)), "the unit must be"),
    (Entry("case", "cause", ("attitude",), ((5, 5, ""),)), "lie outside the text"),
    (Entry("case", "cause", ("attitude",), ((-1, 5, ""),)), "lie outside the text"),
    (Entry("case", "cause", ("attitude",), ((0, 10**6, ""),)), "lie outside the text"),
    (Entry("case", "", ("x",)), "a note for the whole case"),
    (Entry("case", "decided_on", ("someday",)), "it takes a date"),
    (Entry("case", "cause", note="x" * 10_001), "longer than"),
]


@pytest.mark.parametrize(("entry", "reason"), REFUSED, ids=[reason for _, reason in REFUSED])
def test_what_the_codebook_or_the_text_does_not_allow_is_refused_whole(desk: Desk, entry: Entry, reason: str) -> None:
    h1 = of(desk, "H1")
    with pytest.raises(StoreError, match=reason):
        desk.save([Save(h1, "zhang", cause("attitude")), Save(h1, "zhang", entry)], actor="zhang", mode="blind")
    assert desk.entries(h1, "zhang") == []
    assert desk.history(h1) == []


@pytest.mark.parametrize("by", ["model", "rules", "defence", "model:out_of_fold", ""])
def test_nobody_speaks_with_a_machine_s_voice(desk: Desk, by: str) -> None:
    with pytest.raises(StoreError, match="no person's voice"):
        save(desk, of(desk, "H1"), cause("attitude"), by, actor="zhang")


def test_the_history_cannot_be_rewritten(desk: Desk) -> None:
    save(desk, of(desk, "H1"), cause("attitude"))
    for sql in ("UPDATE changes SET actor = 'x'", "DELETE FROM changes"):
        with pytest.raises(sqlite3.IntegrityError, match="history"):
            desk.store.db.execute(sql)


# ------------------------------------------------------------------------------------------------ undo and tabs


def test_undo_takes_back_step_by_step_and_the_history_keeps_all(desk: Desk) -> None:
    h1 = of(desk, "H1")
    save(desk, h1, cause("attitude"))
    save(desk, h1, cause("payment"))
    removed = [Save(h1, "zhang", Entry("victim:1", name, (value,))) for name, value in (("role", "nurse"), ("injury", "minor"))]
    desk.save(removed, actor="zhang", mode="blind")
    for expected in ([cause("payment")], [cause("attitude")], []):
        assert desk.undo(h1, "zhang", actor="zhang", mode="blind")
        assert desk.entries(h1, "zhang") == expected
    assert desk.undo(h1, "zhang", actor="zhang", mode="blind") == []
    assert len(desk.history(h1)) == 8
    save(desk, h1, cause("management"))
    desk.undo(h1, "zhang", actor="zhang", mode="blind")
    assert desk.entries(h1, "zhang") == []


def test_the_last_of_two_tabs_wins_with_a_notice_and_both_are_kept(desk: Desk) -> None:
    h1 = of(desk, "H1")
    [first] = desk.save([Save(h1, "zhang", cause("attitude"))], actor="zhang", mode="blind", tab="one")
    [other] = desk.save([Save(h1, "zhang", cause("payment"))], actor="zhang", mode="blind", tab="two")
    assert first.overtaken is None
    assert other.overtaken is not None
    assert other.overtaken.after == cause("attitude")
    [known] = desk.save([Save(h1, "zhang", cause("management"), other.change)], actor="zhang", mode="blind", tab="one")
    assert known.overtaken is None
    assert desk.entries(h1, "zhang") == [cause("management")]
    assert [change.after.values for change in desk.history(h1)] == [("attitude",), ("payment",), ("management",)]


def test_saying_the_same_again_writes_nothing(desk: Desk) -> None:
    h1 = of(desk, "H1")
    save(desk, h1, cause("attitude", (0, 3, "")))
    [again] = desk.save([Save(h1, "zhang", cause("attitude", (0, 3, "attitude")))], actor="zhang", mode="blind")
    assert again.change == 0
    assert len(desk.history(h1)) == 1


def test_saying_the_same_by_a_newer_codebook_renews_the_label(desk: Desk) -> None:
    h1 = of(desk, "H1")
    save(Desk(desk.store, replace(load(), version="1.2")), h1, cause("attitude"))
    save(desk, h1, cause("attitude"))
    versions = desk.store.query("SELECT codebook_version FROM labels WHERE \"by\" = 'zhang'")
    assert versions == [{"codebook_version": load().version}]
    assert len(desk.history(h1)) == 2


def test_a_queue_tells_what_was_coded_under_another_meaning(desk: Desk) -> None:
    desk.invite("zhang")
    h1, n1 = of(desk, "H1"), of(desk, "N1")
    desk.add_sample(
        Sample("code", "random", 1, 0.0, "", "1.3"), [], [NewAssignment(key, "zhang", n, "blind") for n, key in enumerate((h1, n1))]
    )
    save(Desk(desk.store, replace(load(), version="0.9")), h1, cause("attitude"))
    save(desk, n1, cause("attitude"))
    assert [row.stale for row in desk.queue("zhang", "code")] == [1, 0]
    save(desk, h1, cause("attitude"))
    assert [row.stale for row in desk.queue("zhang", "code")] == [0, 0]


# ------------------------------------------------------------------------------------------------ property


def entries() -> st.SearchStrategy[Entry]:
    """Entries of a choice, a list and a party, all of them allowed."""
    words = st.lists(st.tuples(st.integers(0, 20), st.integers(1, 9)).map(lambda p: (p[0], p[0] + p[1], "")), max_size=3).map(tuple)
    lists = st.lists(st.sampled_from(load()["weapon"].names), max_size=3).map(tuple)
    choices = st.sampled_from(load()["cause"].names).map(lambda value: (value,)) | st.just(())
    doubt = {"unsure": st.booleans(), "note": st.sampled_from(["", "疑"])}
    return st.one_of(
        st.builds(Entry, st.just("case"), st.just("weapon"), lists, words, **doubt),
        st.builds(Entry, st.just("case"), st.just("cause"), choices, words, **doubt),
        st.builds(Entry, st.sampled_from(["victim:1", "victim:2"]), st.just("name"), st.sampled_from([(), ("李某甲",)]), words, **doubt),
    )


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(entries(), min_size=1, max_size=8))
def test_undoing_everything_leaves_nothing_and_the_history_replays_to_what_is_stored(desk: Desk, said: list[Entry]) -> None:
    h1, by = of(desk, "H1"), "probe"
    for entry in said:
        desk.save([Save(h1, by, entry)], actor=by, mode="blind")
    replayed = {(change.unit, change.variable): change.after for change in desk.history(h1, by)}
    stored = {(entry.unit, entry.variable): entry for entry in desk.entries(h1, by)}
    assert {key: entry for key, entry in replayed.items() if entry != Entry(*key)} == stored
    while desk.undo(h1, by, actor=by, mode="blind"):
        pass
    assert desk.entries(h1, by) == []
    assert desk.store.verify() == []
