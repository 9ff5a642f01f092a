"""`anjuan collect server` and `anjuan collect wenshu`: judgments asked of a site, by a polite client."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.commands.options import Database, KeywordFile, Quiet, SearchWords, console, load_keywords, open_store, words_to_search

if TYPE_CHECKING:
    from pipeline.job.fetching import FetchCounts

Contact = Annotated[
    str, typer.Option("--contact", envvar="ANJUAN_CONTACT", help="Address under which the site can reach you.", show_default=False)
]
Pace = Annotated[float, typer.Option("--pace", help="Seconds between two requests, at the least.")]
PerDay = Annotated[int, typer.Option("--per-day", min=1, help="Most requests a day, over all runs.")]
Again = Annotated[bool, typer.Option("--again", help="Ask also what was read to its end before.")]
Years = Annotated[str, typer.Option("--years", help="Years, such as 2012-2023 or 2012,2015-2017; empty: all at once.")]
WENSHU_HOST = "wenshu.court.gov.cn"


def server(
    address: Annotated[str, typer.Argument(help="Where the server listens, such as http://127.0.0.1:8081.")],
    db: Database,
    file: KeywordFile = None,
    years: Years = "2012-2023",
    case_type: Annotated[str, typer.Option("--case-type", help="Only documents of this type; empty: any.")] = "刑事",
    contact: Contact = "",
    pace: Pace = 2.0,
    per_day: PerDay = 1000,
    again: Again = False,
    quiet: Quiet = False,
) -> None:
    """Ask a search server of the bulk dump (`cases`) for the keywords. Example: anjuan collect server http://127.0.0.1:8081 --db study.db"""
    from pipeline.collect.web import search_server
    from pipeline.collect.web.client import Client
    from pipeline.collect.web.transport import Manners
    from pipeline.job import fetching

    keywords = [(expression.name, expression.query) for expression in load_keywords(file).expressions]
    with Client(Manners(search_server.NAME, pace=pace, per_day=per_day), _folder(db), contact) as client, open_store(db) as store:
        run_id = store.begin_run("collect server")
        site = search_server.SearchServer(client, address)
        questions = fetching.server_questions(site, keywords, _years(years), case_type)
        with console().progress(quiet) as progress:
            counts = fetching.fetch_search_server(store, run_id, site, questions, progress, again=again)
        store.finish_run(run_id, console().summary(counts, []))
    _tell(counts, quiet)


def wenshu(
    db: Database,
    session: Annotated[
        Path, typer.Option("--session", help="Cookies of your own login: cookies.txt, a JSON export or a HAR.", show_default=False)
    ],
    may_use: Annotated[
        bool, typer.Option("--i-may-use-this-account", help="I state that I may read this site with a program under my account.")
    ] = False,
    keyword: Annotated[
        list[str] | None, typer.Option("--keyword", help="Words to search for; default: the study's four keywords.", show_default=False)
    ] = None,
    file: SearchWords = None,
    years: Years = "2012-2023",
    level: Annotated[list[str] | None, typer.Option("--level", help="supreme, high, intermediate or basic.", show_default=False)] = None,
    province: Annotated[list[str] | None, typer.Option("--province", help="A province by its name, or all.", show_default=False)] = None,
    contact: Contact = "",
    pace: Pace = 3.0,
    per_day: PerDay = 300,
    again: Again = False,
    quiet: Quiet = False,
) -> None:
    """Ask China Judgments Online under your own login; saved pages are the safer way.

    Example: anjuan collect wenshu --db study.db --session cookies.txt --i-may-use-this-account
    """
    from pipeline.collect.web import plan, wenshu
    from pipeline.collect.web.client import Client
    from pipeline.collect.web.session import Session
    from pipeline.job import fetching

    wenshu.require_statement(may_use)
    words = words_to_search(keyword or plan.STUDY_KEYWORDS, file)
    searches = plan.plan(words, _years(years), plan.parse_levels(level or ()), plan.parse_provinces(province or ()))
    own = Session.read(session, WENSHU_HOST)
    with Client(wenshu.manners(pace, per_day), _folder(db), contact, session=own) as client, open_store(db) as store:
        run_id = store.begin_run("collect wenshu")
        site = wenshu.Wenshu(client, may_use=may_use)
        with console().progress(quiet) as progress:
            counts = fetching.fetch_wenshu(store, run_id, site, fetching.wenshu_questions(searches), progress, again=again)
        store.finish_run(run_id, console().summary(counts, []))
    _tell(counts, quiet)


def _folder(db: Path) -> Path:
    """Where the cache and the count of requests stay: beside the database."""
    return db.with_name(f"{db.name}.web")


def _years(text: str) -> list[str]:
    from pipeline.collect.web.plan import parse_years

    return parse_years(text, datetime.date.today().year) if text else [""]


def _tell(counts: FetchCounts, quiet: bool) -> None:
    from pipeline.analyse import write_rows

    rows = [
        {
            "keyword": query.keyword,
            "year": query.year,
            "found": query.found,
            **tally._asdict(),
            "state": query.state,
            "detail": query.detail,
        }
        for query, tally in counts.queries
        if query.state != "planned"
    ]
    if not quiet:
        typer.echo(write_rows(rows, "table"), nl=False)
    console().tell_import(counts, quiet)
    if counts.stopped:
        typer.echo(f"anjuan: {counts.stopped}", err=True)
    raise typer.Exit(int(bool(counts.stopped)))
