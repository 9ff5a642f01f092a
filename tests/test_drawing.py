"""Cases drawn for coders: from the right frame, stored whole, shared fairly; and one clear line for what cannot be drawn."""

from __future__ import annotations

import math
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli import app
from pipeline.job import drawing
from pipeline.job.drawing import Request, choose, draw, parse_share, progress
from pipeline.job.frame import disagreement, frame, uncertainty
from pipeline.schema import AnjuanError, Judgment, Label
from pipeline.store import Answer, Desk, Store

COUNT, SCOPE = 30, 24  # judgments; of these in scope
TYPES = ("hatred", "reactive", "reactive", "fortuitous")
STRATEGIES = ("random", "uncertain", "disagree", "diverse", "stratified")
DRAWS = 1_500


def judgments() -> list[Judgment]:
    scenes = ("在门诊推搡护士并辱骂导诊人员", "醉酒后在急诊科殴打值班保安", "携带菜刀到诊室砍伤主治医生")
    return [
        Judgment("test", f"J{n:02}", f"经审理查明，第{n}号案的被告人张某{scenes[n % 3]}，致其轻微伤。", title=f"第{n}号案")
        for n in range(COUNT)
    ]


def labels(n: int) -> tuple[list[Label], list[Label], list[Answer]]:
    """What rules and models say of a judgment, and how sure the models are: the less the higher its number."""
    scope, kind, doubt = str(int(n < SCOPE)), TYPES[n % 4], n / (2 * COUNT)
    rules = [Label("case", name, "unrelated" if name == "cause" else "venting") for name in ("cause", "motive")]
    model = [Label("case", "in_scope", scope, "model", score=1 - doubt)]
    answers = [Answer("in_scope", scope, 1 - doubt, True, "model"), Answer("in_scope", str(1 - int(scope)), doubt, True, "model")]
    if n < SCOPE:
        model.append(Label("case", "attack_type", kind, "model", score=1.0))
        model.append(Label("case", "cause", "payment" if n % 5 == 0 else "unrelated", "model"))
    answers.append(Answer("attack_type", kind, 1.0, True, "model"))
    return rules, model, answers


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Thirty judgments, of which J01 and J02 tell of one case; three coders, and one who was shut out."""
    path = tmp_path_factory.mktemp("made") / "study.db"
    with Store.open(path) as store:
        cases = judgments()
        store.add_judgments(None, cases)
        ids = [case.judgment_id for case in cases]
        rules, models, answers = (dict(zip(ids, said, strict=True)) for said in zip(*map(labels, range(COUNT)), strict=True))
        store.replace_labels("extract", "1", "rules", rules.items(), "1")
        store.replace_labels("classify", "1", "model", models.items(), "1", answers=answers)
        store.save_links((), {id_: ids[1] if n == 2 else id_ for n, id_ in enumerate(ids)}, {}, ())
        for name in ("甲", "乙", "丙", "丁"):
            Desk(store).invite(name)
        Desk(store).revoke("丁")
    return path


@pytest.fixture
def desk(made: Path, tmp_path: Path) -> Iterator[Desk]:
    """The database, for one test alone."""
    with Store.open(shutil.copy(made, tmp_path / "study.db")) as store:
        yield Desk(store)


def names(desk: Desk, ids: list[str]) -> list[str]:
    found = {row["judgment_id"]: row["source_id"] for row in desk.store.query("SELECT judgment_id, source_id FROM judgments")}
    return sorted(found[id_] for id_ in ids)


def request(**changed: Any) -> Request:
    return Request(**{"coders": ("甲", "乙"), "size": 8, **changed})


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_every_member_of_the_frame_is_stored_with_its_probability(desk: Desk, strategy: str) -> None:
    drawn = draw(desk, request(strategy=strategy, overlap=0.25, seed=7))
    rows = desk.store.query("SELECT * FROM sampling_frames WHERE sample_id = ?", [drawn.sample_id])
    assert len(rows) == drawn.frame == COUNT - 1  # J01 and J02 are one case
    assert math.isclose(sum(row["probability"] for row in rows), 8)
    assert all(0 < row["probability"] <= 1 for row in rows)
    given = {row["judgment_id"] for row in desk.store.query("SELECT judgment_id FROM assignments")}
    assert {row["judgment_id"] for row in rows if row["drawn"]} == given
    assert (drawn.cases, drawn.twice, sum(drawn.queues.values())) == (8, 2, 10)
    (sample,) = desk.store.query("SELECT * FROM samples")
    assert (sample["strategy"], sample["seed"], sample["frame_size"], sample["size"]) == (strategy, 7, 29, 8)
    assert sample["codebook_version"] == desk.codebook.version
    assert desk.store.verify() == []


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_cases_are_drawn_as_often_as_stored(desk: Desk, strategy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[list[str]] = []  # groups hang on the texts alone (see test_sampling): made once here

    def cluster(texts: Iterator[str], groups: int) -> list[str]:
        kept.append(kept[0] if kept else real(texts, groups))
        return kept[-1]

    real = drawing.cluster
    monkeypatch.setattr(drawing, "cluster", cluster)
    rows = frame(desk.store, "code")
    times, estimates = Counter[int](), []
    for seed in range(DRAWS):
        chances, _ = choose(desk.store, rows, request(strategy=strategy, seed=seed))
        members = [place for place, chance in enumerate(chances) if chance.drawn]
        times.update(members)
        estimates.append(sum(rows[place]["in_scope"] / chances[place].probability for place in members))
    for place, chance in enumerate(chances):
        error = math.sqrt(chance.probability * (1 - chance.probability) / DRAWS)
        assert times[place] / DRAWS == pytest.approx(chance.probability, abs=4 * error + 1e-9)
    mean = sum(estimates) / DRAWS
    spread = math.sqrt(sum((estimate - mean) ** 2 for estimate in estimates) / (DRAWS - 1) / DRAWS)
    assert mean == pytest.approx(SCOPE - 1, abs=4 * spread + 1e-9)


def test_a_case_is_drawn_once_even_when_it_is_linked_afterwards(desk: Desk) -> None:
    first = draw(desk, request(size=20, task="code"))
    assert len(frame(desk.store, "code")) == COUNT - 1 - 20
    assert len(frame(desk.store, "screen")) == COUNT - 1
    free = min(row["judgment_id"] for row in frame(desk.store, "code") if row["in_scope"])
    taken = max(row.judgment_id for name in ("甲", "乙") for row in desk.queue(name, "code"))
    assert free < taken  # of the two the free one would stand for the case
    chain = {row["judgment_id"]: row["judgment_id"] for row in desk.store.query("SELECT judgment_id FROM cases")}
    desk.store.save_links((), {**chain, free: taken}, {}, ())
    assert free not in {row["judgment_id"] for row in frame(desk.store, "code")}
    assert first.sample_id == 1


def test_the_frame_fulfils_the_condition(desk: Desk) -> None:
    drawn = draw(desk, request(size=99, condition="in_scope = 0 OR cases.attack_type = 'hatred' -- no others"))
    wanted = [f"J{n:02}" for n in range(COUNT) if n >= SCOPE or TYPES[n % 4] == "hatred"]
    assert names(desk, [row["judgment_id"] for row in desk.store.query("SELECT judgment_id FROM sampling_frames")]) == wanted
    assert drawn.cases == drawn.frame == len(wanted)  # all there are, surely
    assert {row["probability"] for row in desk.store.query("SELECT probability FROM sampling_frames")} == {1.0}


def test_strata_are_the_types_and_out_of_scope(desk: Desk) -> None:
    drawn = draw(desk, request(strategy="stratified", size=10))
    found = {row["stratum"]: (row["cases"], row["drawn"]) for row in drawn.strata}
    assert found == {"reactive": (11, 4), "fortuitous": (6, 2), "hatred": (6, 2), "out_of_scope": (6, 2)}
    equal = draw(desk, request(strategy="stratified", size=8, equal=True, by=("in_scope", "court")))
    assert {row["stratum"]: row["drawn"] for row in equal.strata} == {"0 / unknown": 4, "1 / unknown": 4}


def test_the_uncertain_and_the_contested_are_likelier_to_be_drawn(desk: Desk) -> None:
    rows = frame(desk.store, "code")
    number = [int(row["source_id"][1:]) for row in rows]
    doubts = uncertainty(desk.store, rows, ("in_scope", "attack_type"))
    assert doubts == pytest.approx([n / COUNT for n in number])
    assert disagreement(desk.store, rows) == [float(n % 5 == 0 and n < SCOPE) for n in number]
    chances, _ = choose(desk.store, rows, request(strategy="uncertain", size=3))
    by_number = [chance.probability for _, chance in sorted(zip(number, chances, strict=True))]
    assert by_number == sorted(by_number)
    assert by_number[-1] > 3 * by_number[0]


def test_a_type_in_doubt_makes_a_case_uncertain_only_in_scope(desk: Desk) -> None:
    rows = frame(desk.store, "code")
    out = next(row for row in rows if row["source_id"] == "J29")
    inside = next(row for row in rows if row["source_id"] == "J10")
    for row in (out, inside):
        answers = [Answer("attack_type", kind, 0.5, True, "model") for kind in ("hatred", "reactive")]
        desk.store.replace_labels(
            "classify", "2", "model", [(row["judgment_id"], [])], "1", {"attack_type"}, answers={row["judgment_id"]: answers}
        )
    doubts = dict(zip((row["source_id"] for row in rows), uncertainty(desk.store, rows, ("in_scope", "attack_type")), strict=True))
    assert doubts["J10"] == pytest.approx(1.0)
    assert doubts["J29"] == pytest.approx(29 / COUNT)


def test_the_same_seed_draws_the_same_and_another_does_not(desk: Desk) -> None:
    rows = frame(desk.store, "code")
    for strategy in STRATEGIES:
        one, again, other = (choose(desk.store, rows, request(strategy=strategy, seed=seed))[0] for seed in (5, 5, 6))
        assert one == again
        assert one != other


def test_queues_are_joined_behind_earlier_ones_in_an_order_of_their_own(desk: Desk) -> None:
    draw(desk, request(size=6, overlap=1.0))
    draw(desk, request(size=6, overlap=1.0, mode="assisted"))
    queues = {name: desk.queue(name, "code") for name in ("甲", "乙")}
    for queue in queues.values():
        assert len({row.position for row in queue}) == 12
        assert [row.mode for row in queue] == ["blind"] * 6 + ["assisted"] * 6
    assert [row.judgment_id for row in queues["甲"]] != [row.judgment_id for row in queues["乙"]]


def test_progress_counts_what_each_has_done(desk: Desk) -> None:
    draw(desk, request(size=6, overlap=0.0))
    first = desk.queue("甲", "code")[0].judgment_id
    desk.mark("甲", "code", first, "done")
    desk.add_seconds("甲", "code", first, 90)
    assert sorted(progress(desk, "code"), key=lambda row: row["coder"]) == [
        {"coder": "丙", "open": 0, "done": 0, "minutes": 0.0},
        {"coder": "乙", "open": 3, "done": 0, "minutes": 0.0},
        {"coder": "甲", "open": 2, "done": 1, "minutes": 1.5},
    ]
    with pytest.raises(AnjuanError, match="unknown task 'sleep'"):
        progress(desk, "sleep")


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"coders": ("甲", "戊")}, "unknown coder 戊: .* invited are: 丙, 乙, 甲"),
        ({"coders": ("丁",)}, "unknown coder 丁"),
        ({"coders": ()}, "names nobody"),
        ({"coders": ("甲", "甲")}, "names 甲 twice"),
        ({"coders": ("甲",), "overlap": 0.3}, "needs two coders"),
        ({"size": 0}, "at least one case"),
        ({"strategy": "best"}, "choose one of: random, uncertain, disagree, diverse, stratified"),
        ({"task": "sleep"}, "unknown task 'sleep'"),
        ({"task": "screen", "mode": "assisted"}, "screeners are blind"),
        ({"task": "screen", "strategy": "disagree"}, "take uncertain"),
        ({"by": ("court",)}, "go with --strategy stratified"),
        ({"strategy": "stratified", "by": ("cuort",)}, "no such column; did you mean: court"),
        ({"condition": "colour = 'red'"}, "no such column: colour"),
        ({"condition": "in_scope = 1;"}, "--where 'in_scope = 1;'"),
        ({"condition": "1); DROP TABLE samples; --"}, "is no condition on the columns of cases"),
        ({"condition": "in_scope = ?"}, "is no condition on the columns of cases"),
        ({"condition": "in_scope = 7"}, "no case fulfils --where 'in_scope = 7'"),
    ],
)
def test_what_cannot_be_drawn_is_said_in_one_line_and_nothing_is_stored(desk: Desk, changed: dict[str, Any], message: str) -> None:
    with pytest.raises(AnjuanError, match=message) as caught:
        draw(desk, request(**changed))
    assert "\n" not in str(caught.value)
    assert desk.store.query("SELECT count(*) AS n FROM samples") == [{"n": 0}]


def test_a_frame_that_is_used_up_says_so(desk: Desk) -> None:
    draw(desk, request(size=COUNT))
    with pytest.raises(AnjuanError, match="all 29 cases are assigned for this task already"):
        draw(desk, request())


@pytest.mark.parametrize("strategy", ["uncertain", "disagree"])
def test_strategies_that_need_a_model_ask_for_one(tmp_path: Path, strategy: str) -> None:
    with Store.open(tmp_path / "new.db") as store:
        store.add_judgments(None, judgments())
        store.replace_labels("extract", "1", "rules", [(case.judgment_id, labels(0)[0]) for case in judgments()], "1")
        desk = Desk(store)
        desk.invite("甲")
        with pytest.raises(AnjuanError, match="anjuan classify --db"):
            draw(desk, request(coders=("甲",), strategy=strategy))


def test_an_empty_database_has_nothing_to_draw(tmp_path: Path) -> None:
    with Store.open(tmp_path / "new.db") as store:
        desk = Desk(store)
        desk.invite("甲")
        with pytest.raises(AnjuanError, match=r"new\.db holds no case yet"):
            draw(desk, request(coders=("甲",)))


@pytest.mark.parametrize(("text", "share"), [("30%", 0.3), ("30 ％", 0.3), ("0.25", 0.25), ("0", 0.0), ("100%", 1.0), ("12.5%", 0.125)])
def test_shares_are_read(text: str, share: float) -> None:
    assert parse_share(text) == pytest.approx(share)


@pytest.mark.parametrize("text", ["30", "1", "-5%", "130%", "third", "", "%", "0.3%%", "nan", "1e-1"])
def test_other_shares_are_refused(text: str) -> None:
    with pytest.raises(AnjuanError, match=r"write 30% or 0\.3"):
        parse_share(text)


def test_the_commands(desk: Desk) -> None:
    db = str(desk.store.path)
    said = CliRunner().invoke(app, ["annotate", "assign", "--coders", "甲，乙", "--size", "40", "--overlap", "10%", "--db", db])
    assert said.exit_code == 0
    assert "40 cases were asked for, there are only 29: all are taken" in said.stderr
    assert "sample 1: 29 of 29 cases drawn, 3 of them for two coders" in said.stdout
    assert "甲: 16 cases\n乙: 16 cases\n" in said.stdout
    done = CliRunner().invoke(app, ["annotate", "progress", "--db", db, "--form", "csv"])
    assert "甲,16,0,0.0" in done.stdout
