"""`anjuan annotate simulate` and `anjuan annotate screening`: what screening would save, and how it stands."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from pipeline.commands.options import CORES, Database, Force, Form, Jobs, Language, Quiet, console, open_store

CODED = ("demonstration", "invented", "lookalikes")


def _share(written: str) -> float:
    """A share as people write it: 3%, 0.03."""
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*(%?)\s*", written)
    value = float(found[1]) / (100 if found[2] else 1) if found else 0.0
    if not 0 < value < 1:
        raise typer.BadParameter(f"'{written}' is no share between 0 and 1; write it as 95% or 0.95")
    return value


Recall = Annotated[float, typer.Option("--recall", parser=_share, metavar="SHARE", help="The share of those in scope that must be found.")]
Confidence = Annotated[
    float, typer.Option("--confidence", parser=_share, metavar="SHARE", help="How sure the stopping rule must be of that.")
]


def simulate(
    texts: Annotated[list[Path] | None, typer.Option("--texts", help="Texts of coded judgments; default: three that ship.")] = None,
    codings: Annotated[list[Path] | None, typer.Option("--codings", help="Their codings, JSON Lines; default: three that ship.")] = None,
    runs: Annotated[int, typer.Option("--runs", min=1, help="Screenings to play through.")] = 200,
    prevalence: Annotated[float, typer.Option("--prevalence", parser=_share, metavar="SHARE", help="Share in scope of each pool.")] = "3%",  # type: ignore[assignment]
    recall: Recall = "95%",  # type: ignore[assignment]
    confidence: Confidence = "95%",  # type: ignore[assignment]
    seed: Annotated[int, typer.Option("--seed", min=0, help="The first run's seed.")] = 0,
    jobs: Jobs = CORES,
    quiet: Quiet = False,
    form: Form = "table",
) -> None:
    """Play screening through on coded judgments: reading saved, and whether the stopping rule keeps its word. Example: anjuan annotate simulate"""
    from pipeline.analyse import write_rows
    from pipeline.job import simulating
    from pipeline.job.screening import Rule
    from pipeline.resources import shipped

    texts = texts or [shipped(f"corpora/{name}.jsonl") for name in CODED]
    codings = codings or [shipped(f"annotations/{name}.jsonl") for name in CODED]
    with console().progress(quiet) as progress:
        found = simulating.simulate(texts, codings, runs, prevalence, Rule(recall, confidence), seed, jobs, progress)
    for rows in (found.orders, found.rule):
        typer.echo(write_rows(rows, form), nl=False)


def screening(
    db: Database,
    recall: Recall = "95%",  # type: ignore[assignment]
    confidence: Confidence = "95%",  # type: ignore[assignment]
    flow: Annotated[Path | None, typer.Option("--flow", help="Also write the flow of records as an SVG figure here.")] = None,
    force: Force = False,
    form: Form = "table",
    lang: Language = "en",
) -> None:
    """Show how screening stands: decisions, whether reading may stop, agreement, flow of records. Example: anjuan annotate screening --db study.db"""
    from pipeline.analyse import write_rows
    from pipeline.analyse.template import write_whole
    from pipeline.destination import refuse
    from pipeline.job import agreeing, flow_figure
    from pipeline.job import screening as state
    from pipeline.schema import AnjuanError

    refuse(flow, force=force, source=db)
    with open_store(db, create=False) as store:
        rows, counted = state.rows(store, state.Rule(recall, confidence)), state.flow(store)
        if not rows:
            raise AnjuanError(f"{db}: nothing is to be screened; draw some with `anjuan annotate assign --task screen`")
        agreed = list(agreeing.pieces(agreeing.agreement(store, task="screen"), "summary", form, lang)) if len(rows) > 1 else []
    typer.echo(write_rows(rows, form), nl=False)
    for piece in agreed:
        typer.echo(piece, nl=False)
    typer.echo(write_rows(flow_figure.table(counted, lang), form), nl=False)
    if flow:
        write_whole(flow, flow_figure.figure(counted, lang))
        typer.echo(f"figure: {flow}", err=True)
