"""`anjuan train` and `anjuan evaluate`: models from coded cases, and how well they do on cases that they have not seen."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.commands.options import CORES, Jobs, Quiet, console

CODED = ("demonstration", "invented", "passages", "lookalikes")
VARIABLES = ("in_scope", "attack_type", "cause", "motive", "relation")


Texts = Annotated[list[Path] | None, typer.Option("--texts", help="Files with the coded judgments' texts; default: those in corpora/.")]
Codings = Annotated[list[Path] | None, typer.Option("--codings", help="JSON Lines files of codings; default: those in annotations/.")]
Variables = Annotated[list[str] | None, typer.Option("--variable", help="Only this variable; may be repeated. Default: all.")]
Base = Annotated[Path | None, typer.Option("--base", help="Local model directory that a transformer begins from.")]


def train(
    texts: Texts = None,
    codings: Codings = None,
    models: Annotated[Path | None, typer.Option("--models", help="Folder to write the models to; default: models/.")] = None,
    variables: Variables = None,
    kind: Annotated[str, typer.Option("--kind", help="rules, linear, encoded, transformer, or an average as linear+encoded.")] = "linear",
    base: Base = None,
    jobs: Jobs = CORES,
    quiet: Quiet = False,
) -> None:
    """Train the models on coded cases and write their cards. Example: anjuan train"""
    from pipeline.job.training import Recipe
    from pipeline.job.training import train as train_models
    from pipeline.resources import shipped

    recipe = Recipe(_known(variables), kind, base)
    with console().progress(quiet) as progress:
        cards = train_models(*_coded(texts, codings), models or shipped("models"), jobs, progress, recipe)
    for variable, card in cards.items():
        for source, row in card["scores"].items():
            scores = {name: "{score:.3f} ({low:.3f}-{high:.3f})".format(**row[name]) for name in ("accuracy", "macro_f1")}
            typer.echo(
                f"{variable}, {source}: {row['n']} cases, cross-validated accuracy {scores['accuracy']}, macro-F1 {scores['macro_f1']}"
            )


def _known(variables: list[str] | None) -> tuple[str, ...]:
    """The variables named, else all that models answer."""
    from pipeline.schema import AnjuanError

    if unknown := sorted(set(variables or ()) - set(VARIABLES)):
        raise AnjuanError(f"no model answers {', '.join(unknown)}; variables: {', '.join(VARIABLES)}")
    return tuple(variables or VARIABLES)


def _coded(texts: list[Path] | None, codings: list[Path] | None) -> tuple[list[Path], list[Path]]:
    """The files named, else those that ship."""
    from pipeline.resources import shipped

    return (
        texts or [shipped(f"corpora/{name}.jsonl") for name in CODED],
        codings or [shipped(f"annotations/{name}.jsonl") for name in CODED],
    )


def evaluate(
    variables: Variables = None,
    kinds: Annotated[
        str, typer.Option("--kinds", help="Kinds of model, parted by commas; linear+encoded is the average of two.")
    ] = "linear",
    texts: Texts = None,
    codings: Codings = None,
    unseen: Annotated[
        tuple[Path, Path] | None,
        typer.Option("--unseen", help="Texts and codings that nothing was learnt from; default: heldout.jsonl where it ships."),
    ] = None,
    models: Annotated[Path | None, typer.Option("--models", help="Folder of the models whose cards are written; default: models/.")] = None,
    repeats: Annotated[int, typer.Option("--repeats", min=1, help="How often the cases are parted into folds anew.")] = 3,
    base: Base = None,
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
    wanted = [name for name in _known(variables) if variables or (folder / name).is_dir()]
    request = Request(wanted, [kind.strip() for kind in kinds.split(",") if kind.strip()], repeats, jobs, work, base)
    with console().progress(quiet) as progress:
        cards = evaluate_models(*_coded(texts, codings), folder, request, progress, unseen or _held_out())
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
