"""`anjuan evaluate`: how well models do on cases they have not seen, written into their cards."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.commands.options import CORES, Jobs, Quiet, console

CODED = ("demonstration", "invented", "passages", "lookalikes")
VARIABLES = ("in_scope", "attack_type", "cause", "motive", "relation")


def evaluate(
    variables: Annotated[
        list[str] | None, typer.Option("--variable", help="Only this variable; may be repeated. Default: all that have a model.")
    ] = None,
    kinds: Annotated[
        str, typer.Option("--kinds", help="Kinds of model, parted by commas; linear+encoded is the average of two.")
    ] = "linear",
    texts: Annotated[
        list[Path] | None, typer.Option("--texts", help="Files with the coded judgments' texts; default: those in corpora/.")
    ] = None,
    codings: Annotated[
        list[Path] | None, typer.Option("--codings", help="JSON Lines files of codings; default: those in annotations/.")
    ] = None,
    unseen: Annotated[
        tuple[Path, Path] | None,
        typer.Option("--unseen", help="Texts and codings that nothing was learnt from; default: heldout.jsonl where it ships."),
    ] = None,
    models: Annotated[Path | None, typer.Option("--models", help="Folder of the models whose cards are written; default: models/.")] = None,
    repeats: Annotated[int, typer.Option("--repeats", min=1, help="How often the cases are parted into folds anew.")] = 3,
    base: Annotated[Path | None, typer.Option("--base", help="Model directory that a transformer begins from.")] = None,
    work: Annotated[
        Path, typer.Option("--work", help="Folder in which answers are kept: an interrupted evaluation goes on from there.")
    ] = Path("evaluation"),
    jobs: Jobs = CORES,
    quiet: Quiet = False,
) -> None:
    """Evaluate models by nested cross-validation, write scores and pictures into their cards. Example: anjuan evaluate --variable motive"""
    from pipeline.job.evaluating import Request, lines
    from pipeline.job.evaluating import evaluate as evaluate_models
    from pipeline.resources import shipped

    folder = models or shipped("models")
    wanted = variables or [name for name in VARIABLES if (folder / name).is_dir()]
    request = Request(wanted, [kind.strip() for kind in kinds.split(",") if kind.strip()], repeats, jobs, work, base)
    texts = texts or [shipped(f"corpora/{name}.jsonl") for name in CODED]
    codings = codings or [shipped(f"annotations/{name}.jsonl") for name in CODED]
    with console().progress(quiet) as progress:
        cards = evaluate_models(texts, codings, folder, request, progress, unseen or _held_out())
    for variable, card in cards.items():
        for line in lines(variable, card["evaluation"]):
            typer.echo(line)
        typer.echo(f"card: {folder / variable / 'card.md'}")


def _held_out() -> tuple[Path, Path] | None:
    """The shipped cases that neither rules nor models have seen; none where they are not there."""
    from pipeline.resources import shipped
    from pipeline.schema import AnjuanError

    try:
        return shipped("corpora/heldout.jsonl"), shipped("annotations/heldout.jsonl")
    except AnjuanError:
        return None
