"""The command line: one command per verb; opens the database, calls one function, prints. No logic."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.commands import (
    annotate,
    browse,
    codebook,
    collect,
    compare,
    correct,
    export,
    models,
    paper,
    release,
    report,
    rules,
    search,
    tables,
)
from pipeline.commands.options import CORES, Database, Force, Form, Inputs, Jobs, Language, OneVariable, Quiet, Wanted, console, open_store

if TYPE_CHECKING:
    from pipeline.job.stages import StageCounts

app = typer.Typer(
    name="anjuan",
    help="anjuan (案卷) turns Chinese criminal judgments into a research database that shows its evidence.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
)

app.add_typer(collect.app)
app.add_typer(rules.app)
app.add_typer(annotate.app)
app.add_typer(codebook.app)
app.command()(models.train)
app.command()(models.evaluate)
app.command()(export.export)
app.command()(browse.browse)
app.command(context_settings={"ignore_unknown_options": True})(search.search)  # -word is no option
app.command()(compare.compare)
app.command()(correct.corrected)
app.command()(correct.plan)
app.command()(report.report)
app.command()(paper.reproduce)
app.command()(paper.tables)
app.command()(tables.sensitivity)
app.command()(tables.periodic)
app.command()(tables.units)
app.command()(release.release)

INTERRUPTED = 130  # what Typer exits with on Ctrl-C


@app.command()
def run(
    inputs: Inputs,
    db: Database,
    report: Annotated[Path | None, typer.Option("--report", help="Also write the HTML report here; an older report is replaced.")] = None,
    jobs: Jobs = CORES,
    quiet: Quiet = False,
    lang: Language = "en",
) -> None:
    """Do the whole job: import, extract, link, screen, classify, store, report.

    Example: anjuan run downloads/ judgments.zip --db study.db --report study.html
    """
    from pipeline import analyse
    from pipeline.analyse.proof import content_of, write_manifest
    from pipeline.job import importing, linking, stages

    analyse.refuse_foreign(report, db)
    with open_store(db) as store:
        run_id = store.begin_run("run")
        with console().progress(quiet) as progress:
            counts = importing.import_paths(store, run_id, inputs, progress, jobs)
            steps = (stages.extract, linking.link_judgments, stages.screen_and_classify)
            done = [step(store, run_id, jobs, progress) for step in steps]
        store.finish_run(run_id, console().summary(counts, done))
        counted = analyse.count_study(store.db.conn)
        if judgments := store.count():
            typer.echo(analyse.render_table_one(counted.tables[analyse.TABLE_ONE], language=lang))
        undecided = store.count_undecided()
    console().tell_import(counts, quiet)
    console().tell_failures(done)
    console().tell_undecided(undecided, db, quiet)
    typer.echo(f"database: {db}")
    content = content_of(db)
    typer.echo(f"manifest: {write_manifest(db, db, counted=counted, content=content)}")
    if report and judgments:
        analyse.write_report(db, report, language=lang, counted=counted)
        write_manifest(db, report, counted=counted, content=content)
        typer.echo(f"report: {report}")
    raise typer.Exit(console().exit_code(counts, done, judgments))


@app.command()
def extract(db: Database, jobs: Jobs = CORES, quiet: Quiet = False) -> None:
    """Extract the variables from every judgment not yet read with the present rules. Example: anjuan extract --db study.db"""
    from pipeline.job import stages

    _stage("extract", stages.extract, db, jobs, quiet)


@app.command()
def link(db: Database, jobs: Jobs = CORES, quiet: Quiet = False) -> None:
    """Link copies of one document and instances of one case; nothing is deleted. Example: anjuan link --db study.db"""
    from pipeline.job import linking

    _stage("link", linking.link_judgments, db, jobs, quiet)


@app.command()
def screen(db: Database, jobs: Jobs = CORES, quiet: Quiet = False) -> None:
    """Ask the screening model which judgments are in scope. Example: anjuan screen --db study.db"""
    from pipeline.job import stages

    _stage("screen", stages.screen, db, jobs, quiet)


@app.command()
def classify(db: Database, jobs: Jobs = CORES, quiet: Quiet = False) -> None:
    """Ask the models for attack type, cause, motive and relation of each judgment. Example: anjuan classify --db study.db"""
    from pipeline.job import stages

    _stage("classify", stages.classify, db, jobs, quiet)


@app.command()
def query(
    db: Database,
    question: Annotated[str, typer.Argument(help="A SELECT, or the name of a table or view; empty: list them.")] = "",
    form: Form = "table",
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="At most so many rows.", show_default=False)] = None,
) -> None:
    """Ask the database in SQL, or for a view such as claims or rejected_claims. Example: anjuan query rejected_claims --db study.db"""
    from pipeline.analyse.questions import answer

    with open_store(db, create=False) as store:
        answer(store, question, form, limit, functools.partial(typer.echo, nl=False))


@app.command()
def show(
    wanted: Wanted,
    db: Database,
    html: Annotated[Path | None, typer.Option("--html", help="Write a self-contained page here instead of printing.")] = None,
    variable: OneVariable = None,
    lang: Language = "en",
    force: Force = False,
) -> None:
    """Show a judgment with its values, the words that support them, sections and speakers. Example: anjuan show cc89285b --db study.db"""
    from pipeline.analyse.judgment_page import write_judgment
    from pipeline.analyse.judgment_terminal import print_judgment
    from pipeline.analyse.opened import open_judgment
    from pipeline.destination import refuse
    from pipeline.workshop import find_judgment

    refuse(html, force=force, source=db)
    with open_store(db, create=False) as store:
        opened = open_judgment(store, find_judgment(store, wanted), variable)
    if html:
        write_judgment(opened, html, lang)
        typer.echo(f"page: {html}")
    else:
        print_judgment(opened, lang)


def _stage(name: str, step: Callable[..., StageCounts], db: Path, jobs: int, quiet: bool) -> None:
    with open_store(db, create=False) as store:
        run_id = store.begin_run(name)
        with console().progress(quiet) as progress:
            counts = step(store, run_id, jobs, progress)
        store.finish_run(run_id, console().summary(None, [counts]))
        judgments = store.count()
    console().tell_failures([counts])
    if not quiet:
        typer.echo(f"{name}: {counts.line}")
    raise typer.Exit(console().exit_code(None, [counts], judgments))


def main() -> None:
    """Run the command line; every error of anjuan becomes one line on stderr and exit code 1."""
    from pipeline.schema import AnjuanError

    try:
        app(prog_name="anjuan")
    except AnjuanError as error:
        print(f"anjuan: {error}", file=sys.stderr)
        sys.exit(1)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(141)
    except SystemExit as ended:
        if ended.code == INTERRUPTED:
            print("anjuan: interrupted; nothing is left by halves, run the same command again to go on", file=sys.stderr)
        raise


if __name__ == "__main__":
    main()
