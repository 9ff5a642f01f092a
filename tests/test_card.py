"""The card: it names every file by its hash, refuses what is not its model, and shows what an evaluation found."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from pipeline.classify.card import evaluation_that_still_holds, read_card, render, write_card, write_evaluation
from pipeline.classify.card.files import hashes
from pipeline.classify.card.pictures import pictures
from pipeline.schema import AnjuanError


def score(value: float) -> dict[str, float | None]:
    return {"score": value, "low": value - 0.1, "high": value + 0.05}


def part(value: float) -> dict[str, Any]:
    by_class = {c: {"n": 10, "f1": score(value), "precision": score(value), "recall": score(value)} for c in ("hatred", "reactive")}
    by_class["hatred"]["precision"] = {"score": None, "low": None, "high": None}
    return {
        "n": 20,
        "groups": 18,
        "classes": ["hatred", "reactive"],
        **{name: score(value) for name in ("accuracy", "macro_f1", "log_loss", "brier", "calibration_error")},
        "by_class": by_class,
        "confusion": [[8.33, 1.67], [0.0, 10.0]],
        "bins": [{"n": 6.0, "stated": 0.7, "right": 0.66}, {"n": 14.0, "stated": 0.95, "right": 0.93}],
    }


def evaluation() -> dict[str, Any]:
    brief = {name: found for name, found in part(0.8).items() if name not in ("by_class", "confusion", "bins", "classes")}
    kinds = {
        kind: {
            "parts": {"demonstration": part(value), "whole texts": part(value), "passages": brief},
            "settings": [{"times": 5, "settings": {}}],
        }
        for kind, value in (("majority", 0.3), ("rules", 0.7), ("linear", 0.85))
    }
    points = [{"passages": p, "n": n, "macro_f1": score(0.5 + n / 100), "accuracy": score(0.6)} for p in (False, True) for n in (10, 20)]
    return {
        "design": {"outer_folds": 5, "repeats": 3, "inner_folds": 3, "draws": 1000, "seed": 1, "chosen_by": "macro-F1 on whole texts"},
        "headline": "demonstration",
        "shown": "linear",
        "kinds": kinds,
        "comparisons": [
            {
                "part": "demonstration",
                "kind": "linear",
                "against": "rules",
                "macro_f1": {"score": 0.1, "low": 0.02, "high": 0.2},
                "accuracy": score(0.1),
            }
        ],
        "curve": {"linear": points},
        "shifts": [
            {
                "shift": "short passages -> whole texts",
                "kind": "linear",
                "learnt": 90,
                "n": 20,
                **{name: score(0.7) for name in ("accuracy", "macro_f1", "calibration_error")},
            }
        ],
        "failures": [{"coded": "hatred", "answered": "reactive", "n": 1.67, "of": 10.0}],
        "unseen": {"linear": part(0.6), "rules": part(0.5), "gain": {"macro_f1": score(0.1), "accuracy": score(0.1)}},
    }


def card() -> dict[str, Any]:
    scores = {
        "n": 20,
        "classes": ["hatred", "reactive"],
        "confusion": [[8, 2], [0, 10]],
        "f1": {"hatred": 0.889, "reactive": 0.909},
        "accuracy": score(0.9),
        "macro_f1": score(0.9),
        "calibration_error": 0.05,
    }
    return {
        "variable": "attack_type",
        "kind": "linear",
        "method": "a method",
        "codebook_version": "1.3",
        "data": {
            "sources": {"demonstration": "retold cases"},
            "cases": 20,
            "groups": 18,
            "values": {"hatred": 10, "reactive": 10},
            "by_source": {"demonstration": {"hatred": 10, "reactive": 10}},
        },
        "scores": {"demonstration": scores},
        "settings": {"strength": 2.0},
        "temperature": 1.2,
        "seed": 1,
        "labels": "l",
        "rules": "r",
        "versions": {"python": "3.11"},
        "limits": ["Not for decisions about persons."],
        "coverage": {"confidence": 0.9, "by_value": {"hatred": 0.91}},
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "member").mkdir()
    (tmp_path / "rules.json").write_text("{}", "utf-8")
    (tmp_path / "member" / "model.skops").write_bytes(b"\x00\x01")
    write_card(tmp_path, card())
    return tmp_path


def test_a_card_names_every_file_of_its_model_and_not_its_own(folder: Path) -> None:
    read = read_card(folder, "1.3")
    assert set(read["files"]) == {"rules.json", "member/model.skops"}
    assert read["files"] == hashes(folder)
    assert f"| hash of `rules.json` | {read['files']['rules.json']} |" in (folder / "card.md").read_text("utf-8")


def test_a_changed_missing_or_foreign_file_is_refused_by_name(folder: Path) -> None:
    (folder / "rules.json").write_text("{ }", "utf-8")
    with pytest.raises(AnjuanError, match=r"rules\.json has changed.*anjuan train"):
        read_card(folder, "1.3")
    (folder / "rules.json").unlink()
    with pytest.raises(AnjuanError, match=r"rules\.json is missing"):
        read_card(folder, "1.3")
    (folder / "rules.json").write_text("{}", "utf-8")
    (folder / "member" / "more.json").write_text("{}", "utf-8")
    with pytest.raises(AnjuanError, match=r"more\.json is not named in card\.json"):
        read_card(folder, "1.3")


@pytest.mark.parametrize("name", ["model.pkl", "pytorch_model.bin", "weights.PT", "member/model.joblib"])
def test_a_folder_with_a_pickle_is_refused_whatever_its_card_says(name: str, folder: Path) -> None:
    (folder / name).write_bytes(pickle.dumps({"variable": "attack_type"}))
    write_card(folder, card())
    with pytest.raises(AnjuanError, match=r"may hold a pickle.*safetensors"):
        read_card(folder, "1.3")


def test_an_evaluation_is_written_into_the_card_and_the_rest_stays(folder: Path) -> None:
    before = read_card(folder, "1.3")
    written = write_evaluation(folder, evaluation(), "1.3")
    after = read_card(folder, "1.3")
    assert after == json.loads(json.dumps(written | {"files": before["files"]}))
    assert {name: after[name] for name in before} == before
    text = (folder / "card.md").read_text("utf-8")
    for told in ("### Cases that neither rules nor models have seen", "linear over rules", "| better |", "`hatred` answered as `reactive`: 1.67 of 10",
                 "short passages -> whole texts", "–", "## Prediction sets", "by_value, hatred", "Not for decisions about persons."):  # fmt: skip
        assert told in text, told


def test_every_table_row_has_as_many_cells_as_its_head(folder: Path) -> None:
    write_evaluation(folder, evaluation(), "1.3")
    width = 0
    for line in (folder / "card.md").read_text("utf-8").splitlines():
        cells = line.count("|") - 1 if line.startswith("| ") else 0
        if line.startswith("|---"):
            assert line.count("---|") == width
        elif cells and width:
            assert cells == width, line
        width = cells or (width if line.startswith("|---") else 0)


def test_a_card_without_an_evaluation_has_no_section_for_it() -> None:
    text = render(card() | {"files": {}})
    assert "Nested cross-validation" not in text
    assert "unseen" not in text.lower()


def test_an_evaluation_stays_only_for_the_same_labels_rules_and_settings(folder: Path) -> None:
    write_evaluation(folder, evaluation(), "1.3")
    assert evaluation_that_still_holds(folder, card())["evaluation"]["headline"] == "demonstration"
    for changed in ({"labels": "other"}, {"rules": "other"}, {"settings": {"strength": 1.0}}, {"kind": "rules"}):
        assert evaluation_that_still_holds(folder, card() | changed) == {}
    assert evaluation_that_still_holds(folder / "nowhere", card()) == {}


def test_pictures_are_small_well_formed_and_the_same_each_time(folder: Path) -> None:
    pytest.importorskip("matplotlib", reason="pictures need matplotlib")
    drawn = pictures(card() | {"evaluation": evaluation()})
    assert set(drawn) == {"reliability.svg", "confusion.svg", "learning_curve.svg", "classes.svg"}
    assert drawn == pictures(card() | {"evaluation": evaluation()})
    for name, picture in drawn.items():
        assert ElementTree.fromstring(picture).tag.endswith("svg"), name
        assert len(picture) < 40_000, name
        assert "<dc:date>" not in picture
        assert "attack_type" in picture, "texts stay texts"
    write_evaluation(folder, evaluation(), "1.3")
    text = (folder / "card.md").read_text("utf-8")
    for name in drawn:
        assert f"({name})" in text
        assert (folder / name).read_text("utf-8") == drawn[name]
    assert read_card(folder, "1.3")["files"].keys() == {"rules.json", "member/model.skops"}
