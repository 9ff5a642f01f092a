"""The command line: one command per verb; opens the database, calls one function, prints. No logic."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from pipeline.job import StageCounts
    from pipeline.store import Store

app = typer.Typer(
    name="anjuan",
    help="anjuan (案卷) turns Chinese criminal judgments into a research database that shows its evidence.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
)

rules = typer.Typer(
    name="rules", help="Test, read and question the rules. Example: anjuan rules test alcohol", no_args_is_help=True, rich_markup_mode=None
)
app.add_typer(rules)

Inputs = Annotated[list[Path], typer.Argument(help="Files, folders or zip archives with judgments.", show_default=False)]
Database = Annotated[Path, typer.Option("--db", help="The SQLite database to make or continue.", show_default=False)]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors and results.")]
Jobs = Annotated[int, typer.Option("--jobs", "-j", min=1, help="Processes to use; default: the number of cores.", show_default=False)]
Wanted = Annotated[
    str,
    typer.Argument(metavar="JUDGMENT", help="Its judgment_id, identifier in the source or case number, or the beginning of one of these."),
]
OneVariable = Annotated[str | None, typer.Option("--variable", help="Only this variable of the codebook.", show_default=False)]
Language = Annotated[str, typer.Option("--lang", help="Language of the output: en or zh.")]
CORES = os.cpu_count() or 1
INTERRUPTED = 130  # what Typer exits with on Ctrl-C


@app.command()
def run(
    inputs: Inputs,
    db: Database,
    report: Annotated[Path | None, typer.Option("--report", help="Also write the HTML report here.")] = None,
    jobs: Jobs = CORES,
    quiet: Quiet = False,
    lang: Language = "en",
) -> None:
    """Do the whole job: import, extract, screen, classify, store, report.

    Example: anjuan run downloads/ judgments.zip --db study.db --report study.html
    """
    from pipeline import analyse, job

    with _open(db) as store:
        run_id = store.begin_run("run")
        with console().progress(quiet) as progress:
            counts = job.import_paths(store, run_id, inputs, progress)
            stages = [step(store, run_id, jobs, progress) for step in (job.extract, job.screen_and_classify)]
        store.finish_run(run_id, console().summary(counts, stages))
        if judgments := store.count():
            typer.echo(analyse.print_table_one(store, language=lang))
    console().tell_import(counts, quiet)
    console().tell_failures(stages)
    typer.echo(f"database: {db}")
    if report and judgments:
        analyse.write_report(db, report, language=lang)
        typer.echo(f"report: {report}")
    raise typer.Exit(console().exit_code(counts, stages, judgments))


@app.command()
def collect(inputs: Inputs, db: Database, quiet: Quiet = False) -> None:
    """Import judgments only. Example: anjuan collect downloads/ --db study.db"""
    from pipeline import job

    with _open(db) as store:
        run_id = store.begin_run("collect")
        with console().progress(quiet) as progress:
            counts = job.import_paths(store, run_id, inputs, progress)
        store.finish_run(run_id, console().summary(counts, []))
        judgments = store.count()
    console().tell_import(counts, quiet)
    raise typer.Exit(console().exit_code(counts, [], judgments))


@app.command()
def extract(db: Database, jobs: Jobs = CORES, quiet: Quiet = False) -> None:
    """Extract the variables from every judgment not yet read with the present rules. Example: anjuan extract --db study.db"""
    from pipeline import job

    _stage("extract", job.extract, db, jobs, quiet)


@app.command()
def screen(db: Database, jobs: Jobs = CORES, quiet: Quiet = False) -> None:
    """Ask the screening model which judgments are in scope. Example: anjuan screen --db study.db"""
    from pipeline import job

    _stage("screen", job.screen, db, jobs, quiet)


@app.command()
def classify(db: Database, jobs: Jobs = CORES, quiet: Quiet = False) -> None:
    """Ask the models for attack type, cause, motive and relation of each judgment. Example: anjuan classify --db study.db"""
    from pipeline import job

    _stage("classify", job.classify, db, jobs, quiet)


@app.command()
def report(
    db: Database,
    html: Annotated[Path | None, typer.Option("--html", help="Write the self-contained HTML report here.")] = None,
    lang: Language = "en",
) -> None:
    """Print the study's Table 1 and write the report. Example: anjuan report --db study.db --html study.html"""
    from pipeline.analyse import print_table_one, write_report

    with _open(db, create=False) as store:
        typer.echo(print_table_one(store, language=lang))
    if html:
        write_report(db, html, language=lang)
        typer.echo(f"report: {html}")


@app.command()
def codebook(lang: Language = "en") -> None:
    """Print the codebook: every variable, its values, and what silence means. Example: anjuan codebook --lang zh"""
    from pipeline.codebook import load, render

    typer.echo(render(load(), lang))


@app.command()
def query(
    db: Database,
    question: Annotated[str, typer.Argument(help="A SELECT, or the name of a table or view; empty: list them.")] = "",
    form: Annotated[str, typer.Option("--form", help="table, csv or jsonl.")] = "table",
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="At most so many rows.", show_default=False)] = None,
) -> None:
    """Ask the database in SQL, or for a view such as claims or rejected_claims. Example: anjuan query rejected_claims --db study.db"""
    from pipeline.analyse import ask, write_rows

    with _open(db, create=False) as store:
        typer.echo(write_rows(ask(store, question, limit), form), nl=False)


@app.command()
def search(
    words: Annotated[str, typer.Argument(help="Words that a judgment must hold, parted by blanks.")], db: Database, limit: int = 20
) -> None:
    """Find judgments by their words, exactly as printed. Example: anjuan search "护士 输液" --db study.db"""
    with _open(db, create=False) as store:
        for judgment_id in store.search(words, limit):
            judgment = store.judgment(judgment_id)
            typer.echo(f"{judgment_id}\t{judgment.title or judgment.source_id if judgment else ''}")


@app.command()
def show(
    wanted: Wanted,
    db: Database,
    html: Annotated[Path | None, typer.Option("--html", help="Write a self-contained page here instead of printing.")] = None,
    variable: OneVariable = None,
    lang: Language = "en",
) -> None:
    """Show a judgment with its values, the words that support them, sections and speakers. Example: anjuan show cc89285b --db study.db"""
    from pipeline.analyse.judgment_page import write_judgment
    from pipeline.analyse.judgment_terminal import print_judgment
    from pipeline.analyse.opened import open_judgment
    from pipeline.workshop import find_judgment

    with _open(db, create=False) as store:
        opened = open_judgment(store, find_judgment(store, wanted), variable)
    if html:
        write_judgment(opened, html, lang)
        typer.echo(f"page: {html}")
    else:
        print_judgment(opened, lang)


@rules.command("test")
def rules_test(
    names: Annotated[list[str] | None, typer.Argument(metavar="[NAME]...", help="Rule files; default: all.", show_default=False)] = None,
    file: Annotated[
        list[Path] | None, typer.Option("--file", help="A rule file elsewhere, such as a changed copy.", show_default=False)
    ] = None,
) -> None:
    """Check rule files against their own examples; exit code 1 when one fails. Example: anjuan rules test alcohol --file mine.toml"""
    from pipeline import workshop

    chosen = names or ([] if file else workshop.names())
    results = [workshop.check(rules) for rules in (*map(workshop.shipped_file, chosen), *map(workshop.file_at, file or ()))]
    typer.echo(workshop.report(results))
    raise typer.Exit(int(any(result.failure for result in results)))


@rules.command("show")
def rules_show(
    name: Annotated[str, typer.Argument(help="A rule file, such as alcohol.")],
    expand: Annotated[bool, typer.Option("--expand", help="Write the vocabularies out.")] = False,
) -> None:
    """Print the rules of a file as a lawyer reads them. Example: anjuan rules show alcohol --expand"""
    from pipeline import workshop

    typer.echo(workshop.show(name, expand))


@rules.command("coverage")
def rules_coverage(db: Database, variable: OneVariable = None) -> None:
    """Count what each rule supports, and name those that never fired. Example: anjuan rules coverage --db study.db --variable alcohol"""
    from pipeline import workshop

    with _open(db, create=False) as store:
        typer.echo(workshop.coverage(store, variable))


@rules.command("why")
def rules_why(
    wanted: Wanted,
    variable: Annotated[str, typer.Argument(help="A variable of the codebook.")],
    db: Database,
    limit: Annotated[int, typer.Option("--limit", min=1, help="Matches of one kind to show.")] = 10,
) -> None:
    """Say why a judgment has its value: which rules fired, competed or were cancelled. Example: anjuan rules why cc89285b alcohol --db study.db"""
    from pipeline import workshop

    with _open(db, create=False) as store:
        typer.echo(workshop.explain(store, wanted, variable, limit))


@rules.command("misses")
def rules_misses(
    coded: Annotated[Path, typer.Argument(help="JSON Lines: one coded case a line, `id` being the identifier in the source.")],
    db: Database,
    variable: OneVariable = None,
) -> None:
    """List where the database differs from coded cases. Example: anjuan rules misses coded.jsonl --db study.db --variable alcohol"""
    from pipeline import workshop

    with _open(db, create=False) as store:
        typer.echo(workshop.misses(store, coded, variable))


@app.command()
def train(
    texts: Annotated[
        list[Path] | None, typer.Option("--texts", help="Files with the coded judgments' texts; default: those in corpora/.")
    ] = None,
    codings: Annotated[
        list[Path] | None, typer.Option("--codings", help="JSON Lines files of codings; default: those in annotations/.")
    ] = None,
    models: Annotated[Path | None, typer.Option("--models", help="Folder to write the models to; default: models/.")] = None,
    jobs: Jobs = CORES,
    quiet: Quiet = False,
) -> None:
    """Train the models on coded cases and write their cards. Example: anjuan train"""
    from pipeline.job.training import train as train_models
    from pipeline.resources import shipped

    coded = ("demonstration", "invented", "passages", "lookalikes")
    texts = texts or [shipped(f"corpora/{name}.jsonl") for name in coded]
    codings = codings or [shipped(f"annotations/{name}.jsonl") for name in coded]
    with console().progress(quiet) as progress:
        cards = train_models(texts, codings, models or shipped("models"), jobs, progress)
    for variable, card in cards.items():
        for source, row in card["scores"].items():
            scores = {name: "{score:.3f} ({low:.3f}-{high:.3f})".format(**row[name]) for name in ("accuracy", "macro_f1")}
            typer.echo(
                f"{variable}, {source}: {row['n']} cases, cross-validated accuracy {scores['accuracy']}, macro-F1 {scores['macro_f1']}"
            )


def console() -> ModuleType:
    """The terminal's side of the job, imported only when a command runs."""
    from pipeline.job import console as terminal

    return terminal


def _open(db: Path, create: bool = True) -> Store:
    from pipeline.store import Store

    if create:
        db.parent.mkdir(parents=True, exist_ok=True)
    return Store.open(db, create)


def _stage(name: str, step: Callable[..., StageCounts], db: Path, jobs: int, quiet: bool) -> None:
    with _open(db, create=False) as store:
        run_id = store.begin_run(name)
        with console().progress(quiet) as progress:
            counts = step(store, run_id, jobs, progress)
        store.finish_run(run_id, console().summary(None, [counts]))
        judgments = store.count()
    console().tell_failures([counts])
    if not quiet:
        typer.echo(f"{name}: {counts.done} judgments done")
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
            print("anjuan: interrupted; what was done is saved, run the same command again to go on", file=sys.stderr)
        raise


if __name__ == "__main__":
    main()
