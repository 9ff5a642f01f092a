"""The part of a card that `anjuan evaluate` writes, as Markdown."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from pipeline.classify.card.table import number, table, with_interval

_MEASURES = {
    "accuracy": "accuracy",
    "macro_f1": "macro-F1",
    "log_loss": "log loss",
    "brier": "Brier",
    "calibration_error": "calibration error",
}
_WHOLE = "whole texts"


def evaluation_tables(found: dict[str, Any]) -> list[str]:
    """Lines of the section, from headline to known failures."""
    design = found["design"]
    lines = [
        "## Nested cross-validation",
        "",
        f"{design['outer_folds']} outer folds, {design['repeats']} times; in each, settings and temperature are chosen by {design['inner_folds']} "
        f"inner folds ({design['chosen_by']}). Texts of one event stay in one fold, in the outer and the inner loop. Intervals: 95 %, "
        f"{design['draws']} draws of events, the repeats averaged inside each draw. `majority` answers the commonest value, `rules` the "
        "codebook's decision order on extracted variables; neither has read the words.",
        "",
    ]
    for section in (
        _headline,
        _classes,
        _comparisons,
        _unseen,
        _confusion,
        _calibration,
        _screening,
        _curve,
        _shifts,
        _settings,
        _failures,
    ):
        if written := list(section(found)):
            lines += [*written, ""]
    return lines


def _headline(found: dict[str, Any]) -> Iterator[str]:
    parts = [found["headline"], *(p for p in next(iter(found["kinds"].values()))["parts"] if p != found["headline"])]
    rows = [
        (part, kind, scores["parts"][part]["n"], *(with_interval(scores["parts"][part][name]) for name in _MEASURES))
        for part in parts
        for kind, scores in found["kinds"].items()
    ]
    yield f"### Scores by source and form (headline: `{found['headline']}`)"
    yield ""
    yield from table(["part", "kind", "cases", *_MEASURES.values()], rows)


def _classes(found: dict[str, Any]) -> Iterator[str]:
    yield "### Scores of each value"
    yield ""
    yield "![F1 of each value](classes.svg)"
    yield ""
    rows = [
        (part, value, row["n"], kind, *(with_interval(row[name]) for name in ("precision", "recall", "f1")))
        for part in dict.fromkeys((found["headline"], _WHOLE))
        for kind, scores in found["kinds"].items()
        for value, row in scores["parts"].get(part, {}).get("by_class", {}).items()
        if kind != "majority"
    ]
    yield from table(["part", "value", "cases", "kind", "precision", "recall", "F1"], rows)


def _comparisons(found: dict[str, Any]) -> Iterator[str]:
    if not found["comparisons"]:
        return
    yield "### Which kind is better"
    yield ""
    yield "Difference on the same cases, in the same draws. A kind replaces the default only where the whole interval of its gain is above 0."
    yield ""
    rows = [
        (row["part"], f"{row['kind']} over {row['against']}", with_interval(row["macro_f1"]), with_interval(row["accuracy"]), _verdict(row))
        for row in found["comparisons"]
    ]
    yield from table(["part", "kinds", "macro-F1 gained", "accuracy gained", "in macro-F1"], rows)


def _verdict(row: dict[str, Any]) -> str:
    low, high = row["macro_f1"]["low"], row["macro_f1"]["high"]
    return "better" if low > 0 else "worse" if high < 0 else "no difference shown"


def _unseen(found: dict[str, Any]) -> Iterator[str]:
    if not (unseen := found.get("unseen")):
        return
    kinds = {kind: row for kind, row in unseen.items() if kind not in ("gain", "line")}
    yield "### Cases that neither rules nor models have seen"
    yield ""
    yield "Written and coded apart; answered once by the final model. Nothing was chosen by these scores."
    yield ""
    yield from table(
        ["kind", "cases", *_MEASURES.values()],
        [(kind, row["n"], *(with_interval(row[name]) for name in _MEASURES)) for kind, row in kinds.items()],
    )
    yield ""
    rows = [
        (value, row["n"], kind, *(with_interval(row[name]) for name in ("precision", "recall", "f1")))
        for kind, scores in kinds.items()
        for value, row in scores["by_class"].items()
    ]
    yield from table(["value", "cases", "kind", "precision", "recall", "F1"], rows)
    if line := unseen.get("line"):
        yield ""
        yield f"At the screening's threshold of {line['threshold']}: recall {line['recall']:.3f}, precision {line['precision']:.3f}."


def _confusion(found: dict[str, Any]) -> Iterator[str]:
    scores = found["kinds"][found["shown"]]["parts"].get(_WHOLE)
    if not scores:
        return
    yield f"### Confusion of `{found['shown']}` in whole texts (mean over the repeats)"
    yield ""
    yield "![Confusion](confusion.svg)"
    yield ""
    rows = [(value, *row) for value, row in zip(scores["classes"], scores["confusion"], strict=True)]
    yield from table(["coded as, answered as", *scores["classes"]], rows)


def _calibration(found: dict[str, Any]) -> Iterator[str]:
    scores = found["kinds"][found["shown"]]["parts"].get(_WHOLE)
    if not scores:
        return
    yield f"### Calibration of `{found['shown']}` in whole texts"
    yield ""
    yield "![Reliability](reliability.svg)"
    yield ""
    rows = [(row["n"], number(row["stated"]), number(row["right"])) for row in scores["bins"]]
    yield from table(["cases (mean over the repeats)", "probability stated", "share right"], rows)


def _screening(found: dict[str, Any]) -> Iterator[str]:
    if not (screening := found.get("screening")):
        return
    yield "### Screening: what a threshold keeps, in whole texts"
    yield ""
    rows = [(row["threshold"], number(row["recall"]), number(row["precision"])) for row in screening["thresholds"]]
    yield from table(["probability of being in scope at least", "recall", "precision"], rows)
    if best := screening["best"]:
        yield ""
        yield f"Most recall at a precision of .85 or more: {best['recall']:.3f}, at {best['threshold']} (chosen on these answers)."


def _curve(found: dict[str, Any]) -> Iterator[str]:
    if not found["curve"]:
        return
    yield "### Learning curve: whole texts to learn from, scored on whole texts"
    yield ""
    yield "![Learning curve](learning_curve.svg)"
    yield ""
    rows = [
        (kind, "yes" if row["passages"] else "no", row["n"], with_interval(row["macro_f1"]), with_interval(row["accuracy"]))
        for kind, points in found["curve"].items()
        for row in points
    ]
    yield from table(["kind", "with the short passages", "coded whole texts", "macro-F1", "accuracy"], rows)


def _shifts(found: dict[str, Any]) -> Iterator[str]:
    if not found["shifts"]:
        return
    yield "### Learnt from some, asked about others"
    yield ""
    rows = [
        (
            row["shift"],
            row["kind"],
            row["learnt"],
            row["n"],
            *(with_interval(row[name]) for name in ("accuracy", "macro_f1", "calibration_error")),
        )
        for row in found["shifts"]
    ]
    yield from table(["learnt from → asked about", "kind", "learnt", "asked", "accuracy", "macro-F1", "calibration error"], rows)


def _settings(found: dict[str, Any]) -> Iterator[str]:
    rows = [
        (kind, one["times"], json.dumps(one["settings"]))
        for kind, scores in found["kinds"].items()
        for one in scores["settings"]
        if one["settings"]
    ]
    if rows:
        yield "### Settings that the inner loops chose"
        yield ""
        yield from table(["kind", "times", "settings"], rows)


def _failures(found: dict[str, Any]) -> Iterator[str]:
    if not found["failures"]:
        return
    yield f"### Known failures of `{found['shown']}`: the largest confusions in whole texts"
    yield ""
    for row in found["failures"]:
        yield f"- `{row['coded']}` answered as `{row['answered']}`: {row['n']:g} of {row['of']:g} cases (mean over the repeats)."
