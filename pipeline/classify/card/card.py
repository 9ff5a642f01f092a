"""The model card: what a model was trained on, how well it does on cases it had not seen, and what it must not be used for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pipeline.schema import AnjuanError

_REQUIRED = {
    "variable",
    "kind",
    "codebook_version",
    "data",
    "scores",
    "settings",
    "temperature",
    "seed",
    "labels",
    "rules",
    "versions",
    "limits",
}


def write_card(folder: Path, card: dict[str, Any]) -> None:
    """Write `card.json` and the same for people, `card.md`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "card.json").write_text(json.dumps(card, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    (folder / "card.md").write_text(render(card), encoding="utf-8")


def read_card(folder: Path, codebook_version: str) -> dict[str, Any]:
    """The card of a model folder.

    Raises:
        AnjuanError: no valid card, or a card for another version of the codebook.
    """
    try:
        card: dict[str, Any] = json.loads((folder / "card.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise AnjuanError(
            f"{folder} has no readable card.json ({error}); a model without its card is not used: run `anjuan train`"
        ) from error
    if missing := sorted(_REQUIRED - card.keys()):
        raise AnjuanError(f"{folder / 'card.json'} lacks {', '.join(missing)}; run `anjuan train`")
    if card["codebook_version"] != codebook_version:
        raise AnjuanError(f"{folder} was trained for codebook {card['codebook_version']}, this is {codebook_version}; run `anjuan train`")
    return card


def render(card: dict[str, Any]) -> str:
    """The card as Markdown."""
    lines = [f"# Model card: {card['variable']}", "", "## Trained on", ""]
    lines += [f"- `{source}` ({card['scores'][source]['n']} cases): {origin}." for source, origin in card["data"]["sources"].items()]
    lines += ["", *_table(card), "", "## Scores on cases not seen in training", ""]
    for source, scores in card["scores"].items():
        lines += [f"### {source}", "", *_scores(scores), ""]
    lines += ["## What it must not be used for", "", *(f"- {limit}" for limit in card["limits"]), ""]
    return "\n".join(lines)


def _table(card: dict[str, Any]) -> list[str]:
    rows = {
        "codebook": card["codebook_version"],
        "cases": card["data"]["cases"],
        "events (groups kept in one fold)": card["data"]["groups"],
        "values": ", ".join(f"{value} {n}" for value, n in card["data"]["values"].items()),
        "method": card["method"],
        "settings": json.dumps(card["settings"]),
        "temperature": card["temperature"],
        "seed": card["seed"],
        "hash of the labels": card["labels"],
        "hash of the rules": card["rules"],
        "versions": ", ".join(f"{name} {version}" for name, version in card["versions"].items()),
    }
    return ["| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows.items())]


def _scores(scores: dict[str, Any]) -> list[str]:
    rules = scores.get("rules_alone")
    lines = ["| measure | model | 95 % interval | rules alone |", "|---|---|---|---|"]
    for name in ("accuracy", "macro_f1"):
        alone = f"{rules[name]['score']:.3f}" if rules else ""
        row = scores[name]
        lines.append(f"| {name.replace('_', '-')} | {row['score']:.3f} | {row['low']:.3f} to {row['high']:.3f} | {alone} |")
    lines += [f"| F1 of `{value}` | {f1:.3f} | | {rules['f1'][value] if rules else ''} |" for value, f1 in scores["f1"].items()]
    lines += [f"| calibration error | {scores['calibration_error']:.3f} | | |"]
    lines += ["", f"| coded as, found as | {' | '.join(scores['classes'])} |", "|---" * (len(scores["classes"]) + 1) + "|"]
    return lines + [f"| {value} | {' | '.join(map(str, row))} |" for value, row in zip(scores["classes"], scores["confusion"], strict=True)]
