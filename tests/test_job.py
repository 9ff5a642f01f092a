"""The stages over a database: an interruption or a failure at any point loses nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.job import stages
from pipeline.job.progress import Silent
from pipeline.resources import shipped
from pipeline.schema import AnjuanError, Judgment, Label
from pipeline.store import Store
from pipeline.text import canonical


def judgments() -> list[Judgment]:
    lines = shipped("corpora/demonstration.jsonl").read_text("utf-8").splitlines()[:6]
    return [Judgment("test", row["id"], canonical(row["text"])) for row in map(json.loads, lines)]


def work(store: Store) -> list[stages.StageCounts]:
    run_id = store.begin_run("test")
    return [step(store, run_id, 1, Silent()) for step in (stages.extract, stages.screen_and_classify)]


def said(store: Store) -> list[tuple[object, ...]]:
    rows = store.query('SELECT judgment_id, unit, variable, value, "by" FROM labels ORDER BY 1, 2, 3, 4, 5')
    return [tuple(row.values()) for row in rows]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[object, ...]]:
    with Store.open(tmp_path_factory.mktemp("job") / "whole.db") as store:
        store.add_judgments(None, judgments())
        work(store)
        return said(store)


@pytest.mark.parametrize("at", [1, 2, 3])
def test_an_interruption_at_any_write_loses_nothing(
    at: int, undisturbed: list[tuple[object, ...]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Store.open(tmp_path / "study.db") as store:
        store.add_judgments(None, judgments())
        writes = []
        whole = Store.replace_labels

        def interrupted(*arguments: object) -> None:
            writes.append(arguments)
            if len(writes) == at:
                raise KeyboardInterrupt
            whole(*arguments)  # type: ignore[arg-type]

        monkeypatch.setattr(Store, "replace_labels", interrupted)
        with pytest.raises(KeyboardInterrupt):
            work(store)
        monkeypatch.setattr(Store, "replace_labels", whole)
        work(store)
        assert said(store) == undisturbed


def test_a_judgment_that_fails_is_logged_and_stays_pending(
    undisturbed: list[tuple[object, ...]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unlucky = judgments()[2].judgment_id
    whole = stages.extract_labels

    def failing(judgment: Judgment) -> list[Label]:
        if judgment.judgment_id == unlucky:
            raise ValueError("odd text")
        return whole(judgment)

    with Store.open(tmp_path / "study.db") as store:
        store.add_judgments(None, judgments())
        monkeypatch.setattr(stages, "extract_labels", failing)
        counts = work(store)[0]
        assert (counts.done, [j.judgment_id for j, _ in counts.failed]) == (5, [unlucky])
        assert [row["reason"] for row in store.query("SELECT reason FROM import_log")] == ["internal_error"]
        monkeypatch.setattr(stages, "extract_labels", whole)
        assert work(store)[0].done == 1
        assert said(store) == undisturbed


def test_models_are_not_asked_before_the_rules_have_read(tmp_path: Path) -> None:
    with Store.open(tmp_path / "study.db") as store:
        store.add_judgments(None, judgments())
        with pytest.raises(AnjuanError, match="run `anjuan extract"):
            stages.screen(store, store.begin_run("screen"), 1, Silent())
