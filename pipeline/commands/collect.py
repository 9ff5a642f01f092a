"""`anjuan collect`: judgments from files, bulk dumps and sites; without a subcommand, from files."""

from __future__ import annotations

import typer
from typer.core import TyperGroup

from pipeline.commands.options import Database, Inputs, Quiet, console, open_store


class _FilesUnlessNamed(TyperGroup):
    """`anjuan collect downloads/` is `anjuan collect files downloads/`: importing files is what most people want."""

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]
        """Put in the default subcommand when none is named."""
        named = not args or args[0] in self.commands or args[0] in ctx.help_option_names
        return super().parse_args(ctx, args if named else ["files", *args])


app = typer.Typer(
    name="collect",
    help="Collect judgments from files, bulk dumps and sites. Example: anjuan collect downloads/ --db study.db",
    cls=_FilesUnlessNamed,
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command()
def files(inputs: Inputs, db: Database, quiet: Quiet = False) -> None:
    """Import judgments only. Example: anjuan collect files downloads/ --db study.db"""
    from pipeline import job

    with open_store(db) as store:
        run_id = store.begin_run("collect")
        with console().progress(quiet) as progress:
            counts = job.import_paths(store, run_id, inputs, progress)
        store.finish_run(run_id, console().summary(counts, []))
        judgments = store.count()
    console().tell_import(counts, quiet)
    raise typer.Exit(console().exit_code(counts, [], judgments))
