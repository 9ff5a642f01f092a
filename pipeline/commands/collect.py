"""`anjuan collect`: judgments from files, bulk dumps and sites; without a subcommand, from files."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer.core import TyperGroup

from pipeline.commands import sites
from pipeline.commands.options import (
    CORES,
    Database,
    Force,
    Form,
    Inputs,
    Jobs,
    KeywordFile,
    Language,
    Quiet,
    SearchWords,
    console,
    load_keywords,
    open_store,
    words_to_search,
)

if TYPE_CHECKING:
    from pipeline.store import Store


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
def files(
    inputs: Inputs,
    db: Database,
    file: Annotated[
        Path | None, typer.Option("--keywords", help="Store only judgments that this keyword file matches.", show_default=False)
    ] = None,
    jobs: Jobs = CORES,
    quiet: Quiet = False,
) -> None:
    """Import judgments only. Example: anjuan collect files downloads/ --db study.db --keywords corpora/keywords.toml"""
    from pipeline.job.importing import import_paths

    keywords = load_keywords(file) if file else None
    with open_store(db) as store:
        run_id = store.begin_run("collect")
        with console().progress(quiet) as progress:
            counts = import_paths(store, run_id, inputs, progress, jobs, keywords)
        store.finish_run(run_id, console().summary(counts, []))
        judgments = store.count()
    console().tell_import(counts, quiet)
    raise typer.Exit(console().exit_code(counts, [], judgments))


@app.command()
def dump(
    inputs: Annotated[list[Path], typer.Argument(help="Folders, zip archives, CSV, JSON lines or Parquet.", show_default=False)],
    db: Database,
    file: KeywordFile = None,
    gaps: Annotated[bool, typer.Option("--gaps/--no-gaps", help="Find words with blanks or line breaks inside.")] = True,
    jobs: Jobs = CORES,
    quiet: Quiet = False,
) -> None:
    """Scan bulk dumps for the keywords and store only hits; bad rows are kept beside the database. Example: anjuan collect dump dump/ --db study.db"""
    from pipeline.collect.dump import Options
    from pipeline.job import dumping

    with open_store(db) as store:
        run_id = store.begin_run("collect dump")
        with console().progress(quiet) as progress:
            counts = dumping.scan(store, run_id, inputs, load_keywords(file), progress, Options(jobs=jobs, gaps=gaps))
        store.finish_run(run_id, counts.summary())
    console().tell_dump(counts, quiet)
    raise typer.Exit(int("incomplete" in counts.members or "done" not in counts.members))


@app.command()
def keywords(
    test: Annotated[
        list[Path] | None, typer.Option("--test", help="File, folder or archive with judgments to try them on.", show_default=False)
    ] = None,
    file: KeywordFile = None,
) -> None:
    """Show the keywords; with --test what they match in files, why, and what nearly matches. Example: anjuan collect keywords --test page.html"""
    from pipeline.collect import Rejected
    from pipeline.collect.keywords.explaining import explain_paths, listing

    loaded = load_keywords(file)
    if not test:
        typer.echo("\n".join(listing(loaded)))
        return
    wanted = seen = 0
    for item in explain_paths(loaded, test):
        if isinstance(item, Rejected):
            typer.echo(f"skipped {item.path} {item.place}: {item.detail}", err=True)
            continue
        typer.echo("\n".join(item.lines()))
        seen, wanted = seen + 1, wanted + item.wanted
    typer.echo(f"{wanted} of {seen} judgments would be taken")


@app.command()
def plan(
    db: Database,
    keyword: Annotated[
        list[str] | None, typer.Option("--keyword", help="Words to search for; default: the study's four keywords.", show_default=False)
    ] = None,
    file: SearchWords = None,
    years: Annotated[str, typer.Option("--years", help="Years, such as 2012-2023 or 2012,2015-2017.")] = "2012-2023",
    level: Annotated[
        list[str] | None, typer.Option("--level", help="supreme, high, intermediate or basic; default: all four.", show_default=False)
    ] = None,
    province: Annotated[
        list[str] | None, typer.Option("--province", help="Search by province: a name, or all.", show_default=False)
    ] = None,
    split: Annotated[bool, typer.Option("--split", help="Also search by province what finds more than the site shows.")] = False,
    watch: Annotated[
        Path | None, typer.Option("--watch", help="Import what lands in this folder, until Ctrl-C.", show_default=False)
    ] = None,
    once: Annotated[bool, typer.Option("--once", help="With --watch: end when what lies there is read.")] = False,
    checklist: Annotated[
        Path | None, typer.Option("--checklist", help="Write the searches as a page to click through.", show_default=False)
    ] = None,
    force: Force = False,
    form: Form = "table",
    lang: Language = "en",
) -> None:
    """Plan searches of China Judgments Online for a person to open, and import what they save. Example: anjuan collect plan --db study.db --watch downloads/"""
    from pipeline.analyse import write_rows
    from pipeline.analyse.template import write_whole
    from pipeline.collect.web import plan as planned
    from pipeline.destination import refuse
    from pipeline.job import planning

    refuse(checklist, force=force, source=db)
    searches = planned.plan(
        words_to_search(keyword or planned.STUDY_KEYWORDS, file),
        planned.parse_years(years, datetime.date.today().year),
        planned.parse_levels(level or ()) or tuple(planned.LEVELS),
        planned.parse_provinces(province or ()),
    )
    with open_store(db) as store:
        if watch is None or keyword or not store.queries(planned.SOURCE):
            planning.save_plan(store, searches)
        if split:
            planning.split_over_limit(store)
        if watch:
            _watch(store, watch, once)
        status, missing = planning.status(store), planning.missing(store)
    typer.echo(write_rows(planning.headed(status, lang), form), nl=False)
    if missing:
        typer.echo(write_rows(planning.headed(missing, lang), form), nl=False)
    if checklist:
        write_whole(checklist, planning.checklist(status, lang))
        typer.echo(f"checklist: {checklist}", err=True)


def _watch(store: Store, folder: Path, once: bool) -> None:
    """Import what lands in a folder until Ctrl-C, which is how watching ends."""
    from pipeline.job import watching

    run_id = store.begin_run("collect plan")
    try:
        watching.watch(watching.Watch(store, run_id, folder), console().tell_landed, once=once)
    except KeyboardInterrupt:
        typer.echo("stopped watching; the same command goes on", err=True)
    store.finish_run(run_id, {})


@app.command()
def coverage(
    db: Database,
    table: Annotated[str, typer.Option("--table", help="cells, gaps or serials; of a csv or jsonl one at a time.")] = "cells",
    complete: Annotated[
        bool, typer.Option("--complete", help="The database holds all that the courts posted, so that case numbers tell the share posted.")
    ] = False,
    form: Form = "table",
    lang: Language = "en",
) -> None:
    """Show by keyword, year and province what was found, fetched and kept, and the gaps. Example: anjuan collect coverage --db study.db"""
    from pipeline.analyse.coverage_terminal import print_coverage

    with open_store(db, create=False) as store:
        typer.echo(print_coverage(store, form=form, table=table, language=lang, complete=complete), nl=False)


app.command()(sites.server)
app.command()(sites.wenshu)
