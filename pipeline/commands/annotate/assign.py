"""`anjuan annotate assign` and `progress`: cases drawn for the coders, and how far they have come."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.commands.options import Database, Form, open_store

if TYPE_CHECKING:
    from pipeline.job.drawing import Drawn

Task = Annotated[str, typer.Option("--task", help="code: the whole form; screen: only whether a case is in scope.")]


def assign(
    coders: Annotated[str, typer.Option("--coders", help="Names, parted by commas.", show_default=False)],
    size: Annotated[int, typer.Option("--size", help="How many cases to draw.", show_default=False)],
    db: Database,
    overlap: Annotated[
        str | None, typer.Option("--overlap", help="Share that two coders code each; default: 30% for several coders.", show_default=False)
    ] = None,
    strategy: Annotated[str, typer.Option("--strategy", help="random, uncertain, disagree, diverse or stratified.")] = "random",
    by: Annotated[
        str, typer.Option("--by", help="Columns of cases that make the strata, parted by commas; default: attack_type.", show_default=False)
    ] = "",
    equal: Annotated[bool, typer.Option("--equal", help="Draw equal numbers from all strata, not in proportion.")] = False,
    where: Annotated[
        str,
        typer.Option(
            "--where", help="Only cases that fulfil this SQL, such as \"in_scope = 1 AND province = '某省'\".", show_default=False
        ),
    ] = "",
    task: Task = "code",
    assisted: Annotated[bool, typer.Option("--assisted", help="Show the coders what rules and models say.")] = False,
    seed: Annotated[int, typer.Option("--seed", help="The same seed draws the same cases from the same database.")] = 1,
) -> None:
    """Draw cases, each with a known probability, and put them into the coders' queues. Example: anjuan annotate assign --coders 王某,李某 --size 100 --overlap 30% --db study.db"""
    from pipeline.job import drawing
    from pipeline.store import Desk

    request = drawing.Request(
        coders=_listed(coders),
        size=size,
        strategy=strategy,
        overlap=None if overlap is None else drawing.parse_share(overlap),
        by=_listed(by),
        equal=equal,
        condition=where,
        task=task,
        mode="assisted" if assisted else "blind",
        seed=seed,
    )
    if strategy == "diverse":
        typer.echo("comparing the texts: about a minute for 10,000 judgments", err=True)
    with open_store(db, create=False) as store:
        drawn = drawing.draw(Desk(store), request)
    _tell(drawn, request.size)


def progress(db: Database, task: Task = "code", form: Form = "table") -> None:
    """Show how many cases each coder has open and done, and the minutes spent. Example: anjuan annotate progress --db study.db"""
    from pipeline.analyse import write_rows
    from pipeline.job import drawing
    from pipeline.store import Desk

    with open_store(db, create=False) as store:
        rows = drawing.progress(Desk(store), task)
    typer.echo(write_rows(rows, form), nl=False)


def _listed(text: str) -> tuple[str, ...]:
    return tuple(name for part in text.replace("，", ",").split(",") if (name := part.strip()))


def _tell(drawn: Drawn, asked: int) -> None:
    from pipeline.analyse import write_rows

    if drawn.cases < asked:
        typer.echo(f"{asked} cases were asked for, there are only {drawn.cases}: all are taken", err=True)
    twice = f"{drawn.twice} of them for two coders" if drawn.twice else "each for one coder"
    typer.echo(f"sample {drawn.sample_id}: {drawn.cases} of {drawn.frame} cases drawn, {twice}")
    if len(drawn.strata) > 1:
        typer.echo(write_rows(drawn.strata, "table"), nl=False)
    else:
        low, high = (drawn.strata[0][end] for end in ("lowest_probability", "highest_probability"))
        typer.echo(f"probability to be drawn: {low:.4g}" + (f" to {high:.4g}" if high > low else " for every case"))
    for coder, cases in drawn.queues.items():
        typer.echo(f"{coder}: {cases} cases")
