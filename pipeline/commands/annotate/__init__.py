"""`anjuan annotate`: coding by people, from the drawing of cases to adjudicated labels."""

from __future__ import annotations

import typer

from pipeline.commands.annotate import adjudicate, agreement, assign, exchange, history, serve, simulate

app = typer.Typer(
    name="annotate",
    help="Code cases by hand: invite, assign, serve, agreement, export, import. Example: anjuan annotate serve --db study.db",
    no_args_is_help=True,
    rich_markup_mode=None,
)

app.command()(serve.serve)
app.command()(serve.invite)
app.command()(serve.revoke)
app.command()(assign.assign)
app.command()(assign.progress)
app.command()(agreement.agreement)
app.command()(adjudicate.adjudicate)
app.command()(history.history)
app.command()(exchange.export)
app.command("import")(exchange.import_)
app.command()(simulate.screening)
app.command()(simulate.simulate)
