"""The queue of double-coded cases, and decisions on their way to the analyst's tables. All texts are invented."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from shutil import copyfile

import pytest
from small_database import TEXTS, build

from pipeline.annotate.adjudication import accept, choose
from pipeline.codebook import load
from pipeline.job.adjudicating import accept_agreed, accept_all_agreed, comparison, decide, queue
from pipeline.schema import AnjuanError, Entry
from pipeline.store import Desk, FrameRow, NewAssignment, Sample, Save, Store


class Study:
    """An open database in which anna and bo are to code some judgments."""

    def __init__(self, desk: Desk, ids: dict[str, str]) -> None:
        self.desk, self.ids = desk, ids

    def code(self, coder: str, name: str, *entries: Entry) -> None:
        self.desk.save([Save(self.ids[name], coder, entry) for entry in entries], actor=coder.removeprefix("screen:"), mode="blind")

    def finish(self, *names: str) -> None:
        for name in names:
            for coder in CODERS:
                self.desk.mark(coder, "code", self.ids[name], "done")

    def case(self, name: str) -> dict[str, object]:
        return self.desk.store.query("SELECT * FROM cases WHERE judgment_id = ?", [self.ids[name]])[0]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    path = tmp_path_factory.mktemp("made") / "study.db"
    ids = build(path)
    with Store.open(path) as store:
        desk = Desk(store)
        for coder in CODERS:
            desk.invite(coder)
        given = [NewAssignment(ids[name], coder, place, "blind") for place, name in enumerate(("F1", "R1", "U1")) for coder in CODERS]
        frame = [FrameRow(judgment_id, "", 1.0, True) for judgment_id in ids.values()]
        desk.add_sample(Sample("code", "random", 1, 1.0, "", "1.3"), frame, given)
    return path, ids


@pytest.fixture
def study(made: tuple[Path, dict[str, str]], tmp_path: Path) -> Iterator[Study]:
    path = tmp_path / "study.db"
    copyfile(made[0], path)
    with Store.open(path) as store:
        yield Study(Desk(store), made[1])


CODERS = ("anna", "bo")
IN_SCOPE, OUT = Entry("case", "in_scope", ("1",)), Entry("case", "in_scope", ("0",))
YES, NO = Entry("case", "alcohol", ("yes",), ((10, 12, "yes"),)), Entry("case", "alcohol", ("no",))


def test_a_case_is_in_the_queue_once_both_have_finished(study: Study) -> None:
    study.code("anna", "F1", IN_SCOPE, YES)
    study.code("bo", "F1", IN_SCOPE, NO)
    study.desk.mark("anna", "code", study.ids["F1"], "done")
    assert queue(study.desk) == []
    with pytest.raises(AnjuanError, match="fewer than two coders"):
        comparison(study.desk, study.ids["F1"])
    study.finish("F1")
    (row,) = queue(study.desk)
    assert (row.source_id, row.task, row.coders, row.questions, row.open, row.agreed) == ("F1", "code", ("anna", "bo"), 2, 1, 1)
    assert row.agreement == pytest.approx(0.5)


def test_imported_codings_are_finished_as_they_came(study: Study) -> None:
    for coder, alcohol in (("anna", YES), ("bo", NO)):
        saves = [Save(study.ids["F1"], coder, entry) for entry in (IN_SCOPE, alcohol)]
        study.desk.save(saves, actor="import", mode="imported")
    assert [(row.source_id, row.open) for row in queue(study.desk)] == [("F1", 1)]
    study.code("bo", "F1", YES)  # and with this bo has begun the case, which is still open
    assert queue(study.desk) == []


def test_least_agreement_first_and_decided_last(study: Study) -> None:
    for name, other in (("F1", YES), ("R1", NO), ("U1", YES)):
        study.code("anna", name, IN_SCOPE, YES)
        study.code("bo", name, IN_SCOPE if name != "U1" else OUT, other if name != "U1" else NO)
    study.finish("F1", "R1", "U1")
    assert [row.source_id for row in queue(study.desk)] == ["U1", "R1", "F1"]
    accept_agreed(study.desk, study.ids["F1"], actor="chen")
    known: dict = {}
    rows = queue(study.desk, known)
    assert [(row.source_id, row.finished) for row in rows] == [("U1", False), ("R1", False), ("F1", True)]
    decide(study.desk, study.ids["R1"], [YES], actor="chen")
    assert {row.source_id: row.open for row in queue(study.desk, known)} == {"U1": 1, "R1": 0, "F1": 0}


def test_a_decision_is_the_value_of_the_analysts_table(study: Study) -> None:
    study.code("anna", "F1", IN_SCOPE, NO)
    study.code("bo", "F1", IN_SCOPE, YES)
    study.finish("F1")
    assert study.case("F1")["alcohol"] == "no"  # the first of two coders, by name
    decide(study.desk, study.ids["F1"], [YES], actor="chen", reason="原文写明醉酒")
    assert study.case("F1")["alcohol"] == "yes"
    change = study.desk.history(study.ids["F1"], "adjudicated")[-1]
    assert (change.actor, change.mode, change.reason, change.after.words) == ("chen", "adjudication", "原文写明醉酒", YES.words)
    study.desk.undo(study.ids["F1"], "adjudicated", actor="chen", mode="adjudication")
    assert study.case("F1")["alcohol"] == "no"


def test_a_victim_struck_out_leaves_the_analysts_table(study: Study) -> None:
    study.code("anna", "F1", IN_SCOPE, Entry("victim:1", "role", ("nurse",)), Entry("victim:2", "role", ("doctor",)))
    study.code("bo", "F1", IN_SCOPE, Entry("victim:1", "role", ("nurse",)))
    study.finish("F1")
    roles = "SELECT role FROM victims WHERE judgment_id = ? ORDER BY n"
    assert study.desk.store.query(roles, [study.ids["F1"]]) == [{"role": "nurse"}, {"role": "doctor"}]
    compared = comparison(study.desk, study.ids["F1"])
    decisions = [accept(compared["victim:1", "role"]), choose(compared["victim:2", "role"], 1, load())]
    decide(study.desk, study.ids["F1"], decisions, actor="chen")
    assert study.desk.store.query(roles, [study.ids["F1"]]) == [{"role": "nurse"}]
    assert queue(study.desk)[0].open == 0


def test_the_last_victim_stays(study: Study) -> None:
    study.code("anna", "F1", IN_SCOPE)
    study.code("bo", "F1", IN_SCOPE, Entry("victim:1", "role", ("nurse",)), Entry("victim:1", "injury", ("minor",)))
    study.finish("F1")
    compared = comparison(study.desk, study.ids["F1"])
    role, injury = (choose(compared["victim:1", name], 0, load()) for name in ("role", "injury"))
    decide(study.desk, study.ids["F1"], [role], actor="chen")
    with pytest.raises(AnjuanError, match="victim: the last one cannot be left out"):
        decide(study.desk, study.ids["F1"], [injury], actor="chen")
    with pytest.raises(AnjuanError, match="victim: the last one cannot be left out"):
        decide(study.desk, study.ids["F1"], [role, injury], actor="chen")


def test_what_both_say_is_accepted_in_one_step(study: Study) -> None:
    for name in ("F1", "R1"):
        study.code("anna", name, IN_SCOPE, YES)
        study.code("bo", name, IN_SCOPE, NO if name == "R1" else YES)
    study.finish("F1", "R1")
    assert accept_all_agreed(study.desk, "chen", queue(study.desk)) == 3
    assert [row.open for row in queue(study.desk)] == [1, 0]
    assert accept_all_agreed(study.desk, "chen", queue(study.desk)) == 0
    assert {change.actor for change in study.desk.history(study.ids["F1"], "adjudicated")} == {"chen"}
    assert len(study.desk.undo(study.ids["F1"], "adjudicated", actor="chen", mode="adjudication")) == 2


def test_screeners_who_differ_are_a_case_until_it_is_decided(study: Study) -> None:
    study.code("screen:anna", "N1", IN_SCOPE)
    study.code("screen:bo", "N1", OUT)
    study.code("screen:anna", "N2", OUT)
    study.code("screen:bo", "N2", OUT)
    (row,) = queue(study.desk)
    assert (row.source_id, row.task, row.coders, row.open, row.agreement) == ("N1", "screen", ("screen:anna", "screen:bo"), 1, 0.0)
    decide(study.desk, study.ids["N1"], [IN_SCOPE], actor="chen")
    assert study.case("N1")["in_scope"] == 1
    assert queue(study.desk)[0].finished


def test_the_texts_of_these_tests_hold_the_words() -> None:
    assert TEXTS["F1"][10:12] == "某醉"
