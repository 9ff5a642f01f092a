"""The card as Markdown: what the model learnt from, how it scores, what goes wrong, what it must not be used for."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from pipeline.classify.card.evaluation_tables import evaluation_tables
from pipeline.classify.card.table import interval, table


def render(card: dict[str, Any]) -> str:
    """The card as Markdown."""
    evaluated = card.get("evaluation")
    lines = [f"# Model card: {card['variable']}", "", "## Trained on", ""]
    lines += [f"- `{source}` ({_count(card, source)} cases): {origin}." for source, origin in card["data"]["sources"].items()]
    lines += ["", *_facts(card), ""]
    if evaluated:
        lines += evaluation_tables(evaluated)
    if coverage := card.get("coverage"):
        lines += ["## Prediction sets", "", *_coverage(coverage), ""]
    if point := card.get("operating_point"):
        lines += ["## The line of the screening", "", *_line(card["threshold"], point), ""]
    lines += ["## Out-of-fold scores of the settings in use", ""]
    lines += ["One cross-validation with the settings above; the answers that `anjuan classify` gives to its own training texts.", ""]
    for source, scores in card["scores"].items():
        lines += [f"### {source}", "", *_scores(scores), ""]
    lines += ["## What it must not be used for", "", *(f"- {limit}" for limit in card["limits"]), ""]
    return "\n".join(lines)


def _count(card: dict[str, Any], source: str) -> Any:
    return card["scores"][source]["n"]


def _facts(card: dict[str, Any]) -> list[str]:
    rows = {
        "codebook": card["codebook_version"],
        "cases": card["data"]["cases"],
        "events (groups kept in one fold)": card["data"]["groups"],
        "values": _counts(card["data"]["values"]),
        **{f"values in {source}": _counts(counts) for source, counts in card["data"].get("by_source", {}).items()},
        "method": card["method"],
        "settings": json.dumps(card["settings"]),
        "temperature": card["temperature"],
        "seed": card["seed"],
        "hash of the labels": card["labels"],
        "hash of the rules": card["rules"],
        "versions": ", ".join(f"{name} {version}" for name, version in card["versions"].items()),
        **{f"hash of `{name}`": digest for name, digest in card.get("files", {}).items()},
    }
    return table(["", ""], rows.items())


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{value} {n}" for value, n in counts.items())


def _line(threshold: float, point: dict[str, Any]) -> list[str]:
    said = f"A case is called in scope from a probability of {threshold:.3f} on. Lines drawn in this way on other events, on whole texts not seen in training:"
    return [said, "", *table(["", ""], point.items())]


def _coverage(coverage: Any) -> list[str]:
    """Whatever the calibration reports: one row for each name, nested names joined by a comma."""
    return table(["", ""], _flat(coverage))


def _flat(found: Any, name: str = "") -> Iterable[tuple[str, Any]]:
    if not isinstance(found, dict):
        yield name, found
        return
    for key, value in found.items():
        yield from _flat(value, f"{name}, {key}" if name else str(key))


def _scores(scores: dict[str, Any]) -> list[str]:
    rules = scores.get("rules_alone")
    rows: list[Sequence[Any]] = [
        (name.replace("_", "-"), *interval(scores[name]), f"{rules[name]['score']:.3f}" if rules else "")
        for name in ("accuracy", "macro_f1")
    ]
    rows += [(f"F1 of `{value}`", f"{f1:.3f}", "", rules["f1"][value] if rules else "") for value, f1 in scores["f1"].items()]
    rows.append(("calibration error", f"{scores['calibration_error']:.3f}", "", ""))
    confusion = [(value, *row) for value, row in zip(scores["classes"], scores["confusion"], strict=True)]
    return [
        *table(["measure", "model", "95 % interval", "rules alone"], rows),
        "",
        *table(["coded as, found as", *scores["classes"]], confusion),
    ]
