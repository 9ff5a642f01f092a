"""Agreement from a database: whose codings count, what is left out, the screeners, the command."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli import app
from pipeline.annotate.agreement import LeftOut
from pipeline.job.agreeing import agreement, case_agreements
from pipeline.schema import AnjuanError, CodebookError, Entry, Judgment, Label
from pipeline.store import Desk, FrameRow, NewAssignment, Sample, Save, Store

TEXTS = [f"经审理查明，被告人张某酒后殴打护士李某甲。第{number}号。" for number in range(6)]
IDS = [Judgment("test", str(i), text).judgment_id for i, text in enumerate(TEXTS)]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database that holds the judgments, made once."""
    path = tmp_path_factory.mktemp("agreement") / "study.db"
    with Store.open(path) as opened:
        opened.add_judgments(opened.begin_run("test"), [Judgment("test", str(i), text) for i, text in enumerate(TEXTS)])
    return path


@pytest.fixture
def store(built: Path, tmp_path: Path) -> Iterator[Store]:
    with Store.open(shutil.copy(built, tmp_path)) as opened:
        yield opened


def say(store: Store, judgment_id: str, by: str, mode: str = "blind", **values: str) -> None:
    """Save one entry for each variable, with the words 酒后 for alcohol."""
    at = TEXTS[0].index("酒后")
    entries = [Entry("case", name, (value,), ((at, at + 2, value),) if name == "alcohol" else ()) for name, value in values.items()]
    Desk(store).save([Save(judgment_id, by, entry) for entry in entries], actor=by.removeprefix("screen:"), mode=mode)


def give(store: Store, *coders: str, mode: str = "blind") -> None:
    """Put all judgments into the queues of these coders."""
    desk = Desk(store)
    for coder in coders:
        desk.invite(coder)
    frame = [FrameRow(judgment_id, "", 1.0, True) for judgment_id in IDS]
    given = [NewAssignment(judgment_id, coder, i, mode) for coder in coders for i, judgment_id in enumerate(IDS)]
    desk.add_sample(Sample("code", "random", 1, 1.0, "", "1"), frame, given)


def test_two_coders_and_nobody_else(store: Store) -> None:
    for i, judgment_id in enumerate(IDS[:4]):
        say(store, judgment_id, "a", alcohol="yes")
        say(store, judgment_id, "b", alcohol="yes" if i else "no")
        say(store, judgment_id, "screen:c", in_scope="1")
        say(store, judgment_id, "adjudicated", mode="adjudication", alcohol="not_mentioned")
    for voice in ("rules", "model", "model:out_of_fold", "defence"):
        store.replace_labels(voice, "1", voice, [(IDS[0], [Label("case", "alcohol", "no", voice)])], "1.2")
    found = agreement(store)
    (row,) = found.rows
    assert (found.coders, found.cases, row.n, row.percent.value) == (("a", "b"), 4, 4, 0.75)
    assert (row.spans.n, row.spans.f1) == (4, 1.0)
    assert [each.judgment_id for each in found.disagreements] == [IDS[0]]


def test_only_what_both_have_finished(store: Store) -> None:
    give(store, "a", "b")
    for judgment_id in IDS[:3]:
        say(store, judgment_id, "a", alcohol="yes")
        say(store, judgment_id, "b", alcohol="yes")
    desk = Desk(store)
    for coder, judgment_id in [("a", IDS[0]), ("b", IDS[0]), ("a", IDS[1])]:
        desk.mark(coder, "code", judgment_id, "done")
    found = agreement(store)
    assert (found.cases, found.left_out) == (1, LeftOut(unfinished=3, single=1))
    desk.mark("b", "code", IDS[0], "open")
    assert agreement(store).cases == 0


def test_imported_labels_count_as_finished_whatever_the_queue_says(store: Store) -> None:
    give(store, "a")
    for by in "ab":
        say(store, IDS[0], by, mode="imported", alcohol="yes")
    assert agreement(store).cases == 1


def test_one_suggestion_seen_makes_the_coding_assisted(store: Store) -> None:
    for judgment_id in IDS[:2]:
        say(store, judgment_id, "a", alcohol="yes", compensation="1")
        say(store, judgment_id, "b", alcohol="yes")
    say(store, IDS[0], "b", mode="assisted", compensation="1")
    blind, every = agreement(store), agreement(store, mode="all")
    assert (blind.cases, blind.left_out) == (1, LeftOut(assisted=1, single=1))
    assert (every.cases, every.left_out) == (2, LeftOut())


def test_doubts_and_notes_come_along(store: Store) -> None:
    Desk(store).save([Save(IDS[0], "a", Entry("case", "alcohol", ("yes",), (), True, "见第2页"))], actor="a", mode="blind")
    say(store, IDS[0], "b", alcohol="no")
    (each,) = agreement(store).disagreements
    assert (each.entries[0].unsure, each.entries[0].note, each.entries[1].unsure) == (True, "见第2页", False)


def test_a_party_that_was_removed_is_gone(store: Store) -> None:
    role = Entry("victim:1", "role", ("nurse",))
    for by in "ab":
        Desk(store).save([Save(IDS[0], by, role)], actor=by, mode="blind")
    assert [count.both for count in agreement(store).parties] == [1]
    Desk(store).save([Save(IDS[0], "b", Entry("victim:1", "role"))], actor="b", mode="blind")
    say(store, IDS[0], "b", alcohol="yes")
    (count,) = agreement(store).parties
    assert (count.both, count.first_only) == (0, 1)


def test_screeners(store: Store) -> None:
    for i, judgment_id in enumerate(IDS):
        say(store, judgment_id, "screen:a", in_scope=str(i % 2))
        say(store, judgment_id, "screen:b", in_scope=str(int(i in (1, 3, 4, 5))))
        say(store, judgment_id, "a", alcohol="yes")
    (row,) = agreement(store, task="screen").rows
    assert (row.variable, row.coders, row.n) == ("in_scope", ("a", "b"), 6)
    assert row.kappa.value == pytest.approx((5 / 6 - 1 / 2) / (1 / 2))
    assert agreement(store).cases == 0


def test_chosen_coders_and_variables(store: Store) -> None:
    for by in "abc":
        say(store, IDS[0], by, alcohol="yes", compensation="1")
    assert agreement(store).coders == ("a", "b", "c")
    found = agreement(store, ["c", "a"], ["alcohol"])
    assert [(row.variable, row.coders) for row in found.rows] == [("alcohol", ("c", "a"))]
    with pytest.raises(AnjuanError, match="nobody called 'x' has coded a judgment of this database; there are: a, b, c"):
        agreement(store, ["x"])
    with pytest.raises(CodebookError, match="unknown variable 'alcohl'; did you mean: alcohol"):
        agreement(store, None, ["alcohl"])
    for wrong in ({"task": "read"}, {"mode": "seen"}):
        with pytest.raises(AnjuanError, match="the task is one of code, screen; the mode one of blind, all"):
            agreement(store, **wrong)  # type: ignore[arg-type]


def test_cases_with_least_agreement_come_first(store: Store) -> None:
    for judgment_id, other in zip(IDS, ("yes", "no", "yes"), strict=False):
        say(store, judgment_id, "a", alcohol="yes", compensation="1")
        say(store, judgment_id, "b", alcohol=other, compensation="1")
    shares = {each.judgment_id: each.share for each in case_agreements(store)}
    assert shares == {IDS[1]: 0.5, IDS[0]: 1.0, IDS[2]: 1.0}
    assert next(iter(shares)) == IDS[1]


def run(path: Path, *options: str) -> str:
    """What the command prints."""
    done = CliRunner().invoke(app, ["annotate", "agreement", "--db", str(path), *options])
    assert done.exit_code == 0, done.output
    return done.output


def test_the_command(store: Store) -> None:
    for i, judgment_id in enumerate(IDS):
        say(store, judgment_id, "a", alcohol="yes" if i % 2 else "no", weapon="knife")
        say(store, judgment_id, "b", alcohol="yes" if i % 2 or not i else "no", weapon="blunt" if i else "knife")
    shown = run(store.path)
    assert "83.3% (50.0%, 100.0%)" in shown
    assert "6 judgments, 2 coders, 6 disagreements" in shown
    assert "MASI" in shown
    assert "袭医" not in run(store.path, "--lang", "zh", "--variable", "alcohol")
    assert "饮酒" in run(store.path, "--lang", "zh", "--variable", "alcohol")
    assert IDS[0] in run(store.path, "--variable", "alcohol")
    (row,) = csv.DictReader(io.StringIO(run(store.path, "--variable", "alcohol", "--form", "csv")))
    assert (row["variable"], row["n"], row["kappa"][:5]) == ("alcohol", "6", "0.666")
    lines = [json.loads(line) for line in run(store.path, "--part", "disagreements", "--form", "jsonl").splitlines()]
    assert [each["first"] + each["second"] for each in lines if (each["judgment_id"], each["variable"]) == (IDS[0], "alcohol")] == ["noyes"]
    confusion = [json.loads(line) for line in run(store.path, "--part", "confusion", "--form", "jsonl").splitlines()]
    assert sum(cell["count"] for cell in confusion) == 6


def test_the_command_says_when_there_is_nothing(store: Store) -> None:
    assert run(store.path) == "no judgment has been finished by two coders: there is nothing to compare\n"
    assert run(store.path, "--form", "csv") == ""
