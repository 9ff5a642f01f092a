"""The model card: what a model was trained on, how well it does on cases it had not seen, and what it must not be used for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pipeline.classify.card.files import hashes, refuse_changed, refuse_pickles
from pipeline.classify.card.pictures import pictures
from pipeline.classify.card.rendering import render
from pipeline.schema import AnjuanError

_DECIDE = ("variable", "kind", "codebook_version", "settings", "labels", "rules", "seed", "versions")
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
    "files",
}


def write_card(folder: Path, card: dict[str, Any]) -> None:
    """Write `card.json` and the same for people, `card.md`. The card names the hash of every file that lies in the folder by now."""
    folder.mkdir(parents=True, exist_ok=True)
    card = card | {"files": hashes(folder)}
    (folder / "card.json").write_text(json.dumps(card, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    (folder / "card.md").write_text(render(card), encoding="utf-8")


def write_evaluation(folder: Path, found: dict[str, Any], codebook_version: str) -> dict[str, Any]:
    """Put an evaluation into the card of a model folder, and its pictures beside it; the card.

    The rest of the card stays. Without matplotlib the card has its tables and no pictures.
    """
    card = read_card(folder, codebook_version) | {"evaluation": found}
    for name, picture in pictures(card).items():
        (folder / name).write_text(picture, encoding="utf-8")
    write_card(folder, card)
    return card


def evaluation_that_still_holds(folder: Path, card: dict[str, Any]) -> dict[str, Any]:
    """The evaluation in a folder's present card, when that is of the same labels, rules, kind and settings as `card`; else nothing."""
    try:
        old = json.loads((folder / "card.json").read_text(encoding="utf-8"))
        same = all(old[name] == card[name] for name in _DECIDE)
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return {"evaluation": old["evaluation"]} if same and "evaluation" in old else {}


def read_card(folder: Path, codebook_version: str) -> dict[str, Any]:
    """The card of a model folder.

    Raises:
        AnjuanError: no valid card, a card for another version of the codebook, a file that could hold a pickle, or files that are not
            those that the card was written for.
    """
    refuse_pickles(folder)
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
    refuse_changed(folder, card["files"])
    return card
