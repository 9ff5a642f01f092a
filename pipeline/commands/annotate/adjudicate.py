"""`anjuan annotate adjudicate`: the cases that two have finished and differ on, and what they agree on accepted in one go."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.commands.options import Database, Form, open_store


def adjudicate(
    db: Database,
    listed: Annotated[bool, typer.Option("--list", help="List all double-coded cases, decided ones too; else only what is left.")] = False,
    agreed: Annotated[bool, typer.Option("--agreed", help="Write all that the coders agree on as adjudicated; needs --as.")] = False,
    actor: Annotated[str, typer.Option("--as", metavar="NAME", help="Who answers for it in the history.", show_default=False)] = "",
    form: Form = "table",
) -> None:
    """List what there is to adjudicate, least agreement first, or accept what coders agree on. Example: anjuan annotate adjudicate --agreed --as 王某 --db study.db"""
    from pipeline.analyse import write_rows
    from pipeline.job import adjudicating
    from pipeline.store import Desk

    with open_store(db, create=False) as store:
        desk = Desk(store)
        rows = adjudicating.queue(desk)
        if agreed:
            adjudicating.refuse_unknown_actor(desk, actor)
            written = adjudicating.accept_all_agreed(desk, actor, rows)
            typer.echo(f"{written} decisions in {sum(row.agreed > 0 for row in rows)} cases")
            rows = adjudicating.queue(desk)
    left = [row for row in rows if not row.finished]
    if listed or not agreed:
        typer.echo(write_rows([adjudicating.told(row) for row in (rows if listed else left)], form), nl=False)
    if form == "table":
        open_questions = sum(row.open + row.waiting for row in rows)
        typer.echo(f"{len(rows)} cases to compare, {len(rows) - len(left)} decided; {open_questions} open disagreements")
