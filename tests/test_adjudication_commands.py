"""`anjuan annotate adjudicate` and `history` at the terminal. All texts are invented."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from double_coded import ANNA, BO, CHEN, FIRST, IN_SCOPE, SECOND, TEXTS, code
from typer.testing import CliRunner
from workbench_browser import Built, build

import cli
from pipeline.schema import AnjuanError
from pipeline.store import Desk, Store


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    built = build(tmp_path_factory.mktemp("made") / "study.db", TEXTS, [ANNA, BO], [CHEN])
    with Store.open(built.path) as store:
        for coder, entries in ((ANNA, FIRST), (BO, SECOND)):
            code(Desk(store), built.ids[0], coder, *entries)
            code(Desk(store), built.ids[1], coder, IN_SCOPE)
    return built


def anjuan(built: Built, *words: str) -> str:
    result = CliRunner().invoke(cli.app, ["annotate", *words, "--db", str(built.path)])
    if isinstance(result.exception, AnjuanError):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


def listed(built: Built, *words: str) -> list[dict]:
    return [json.loads(line) for line in anjuan(built, *words, "--form", "jsonl").splitlines()]


def test_the_queue_is_listed_least_agreement_first(built: Built) -> None:
    rows = listed(built, "adjudicate", "--list")
    assert [(row["judgment_id"], row["agreement"], row["open"]) for row in rows] == [(built.ids[0], 0.5, 2), (built.ids[1], 1.0, 0)]
    assert "2 cases to compare, 0 decided; 2 open disagreements" in anjuan(built, "adjudicate")


def test_who_answers_for_decisions_must_be_known(built: Built) -> None:
    for words in (["--agreed"], ["--agreed", "--as", "赵某"]):
        with pytest.raises(AnjuanError, match=f"say who answers for the decisions, one of: .*{CHEN}"):
            anjuan(built, "adjudicate", *words)
    with Store.open(built.path) as store:
        assert Desk(store).history(built.ids[0], "adjudicated") == []


def test_the_history_tells_every_change_in_one_line_each(built: Built) -> None:
    rows = listed(built, "history", "J1", "--variable", "alcohol")
    assert [(row["actor"], row["before"], row["after"].partition(" ")[0], row["mode"]) for row in rows] == [
        (ANNA, "-", "yes", "blind"),
        (BO, "-", "no", "blind"),
    ]
    assert [row["by"] for row in listed(built, "history", "J1", "--coder", BO)] == [BO] * len(SECOND)
    with pytest.raises(AnjuanError, match="unknown variable 'alkohol'; did you mean: alcohol"):
        anjuan(built, "history", "J1", "--variable", "alkohol")


def test_what_agrees_is_written_once_and_answered_for(built: Built, tmp_path: Path) -> None:
    copy = Built(tmp_path / "study.db", built.ids, built.tokens)
    copy.path.write_bytes(built.path.read_bytes())
    assert "3 decisions in 2 cases" in anjuan(copy, "adjudicate", "--agreed", "--as", CHEN)
    assert "0 decisions in 0 cases" in anjuan(copy, "adjudicate", "--agreed", "--as", CHEN)
    decided = listed(copy, "history", "J1", "--coder", "adjudicated")
    assert [(row["variable"], row["actor"], row["after"]) for row in decided] == [("in_scope", CHEN, "1"), ("cause", CHEN, "service_speed")]
    with Store.open(copy.path) as store:
        Desk(store).undo(copy.ids[0], "adjudicated", actor=CHEN, mode="adjudication")
    assert [row["taken_back"] for row in listed(copy, "history", "J1", "--coder", "adjudicated")] == ["yes", "yes", "", ""]
