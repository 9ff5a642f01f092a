"""`anjuan corrected` and `anjuan plan`: estimates corrected with a hand-coded probability sample, and how many more cases to code."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.commands.options import Database, Form, Language, open_store

Samples = Annotated[
    list[int] | None,
    typer.Option("--sample", help="Use only this sample; may be repeated. Default: all drawn for coding.", show_default=False),
]


def corrected(
    db: Database,
    variable: Annotated[
        str, typer.Option("--variable", help="Variables of the case, parted by commas; default: those of the study.", show_default=False)
    ] = "",
    by: Annotated[str, typer.Option("--by", help="The variable whose groups are the columns.")] = "attack_type",
    sample: Samples = None,
    form: Form = "table",
    lang: Language = "en",
) -> None:
    """Estimate shares from machine labels, hand-coded cases, and both: the corrected ones. Example: anjuan corrected --db study.db --variable cause"""
    typer.echo(corrected_report(db, lang, form, variable, by, sample), nl=False)


def corrected_report(db: Path, lang: str, form: str, variable: str = "", by: str = "attack_type", sample: list[int] | None = None) -> str:
    """The corrected estimates as text; what must be said of them goes to stderr where the form is for programs."""
    from pipeline.analyse import correcting

    wanted = [name.strip() for name in variable.split(",") if name.strip()]
    with open_store(db, create=False) as store:
        found = correcting.corrected_table(store, wanted, by, sample or ())
    if form in ("csv", "jsonl"):
        _tell([remark.term.label(lang) for remark in found.remarks])
    return correcting.render(found, form, lang)


def plan(
    db: Database,
    variable: Annotated[str, typer.Option("--variable", help="What is to be known, such as attack_type=hatred.", show_default=False)],
    width: Annotated[str, typer.Option("--width", help="The full width of the 95 % interval, such as 10%.")] = "10%",
    strategy: Annotated[str, typer.Option("--strategy", help="random, stratified or neyman; default: all.", show_default=False)] = "",
    every: Annotated[bool, typer.Option("--all-cases", help="The share of all cases, not of those in scope.")] = False,
    sample: Samples = None,
    form: Form = "table",
    lang: Language = "en",
) -> None:
    """Tell how many more cases to code for an interval of a wanted width. Example: anjuan plan --db study.db --variable attack_type=hatred --width 10%"""
    from pipeline.analyse import correcting
    from pipeline.analyse.correcting.planning import parse_width

    wanted = parse_width(width)
    with open_store(db, create=False) as store:
        found = correcting.plan_coding(store, variable, wanted, strategy, every, sample or ())
    if form in ("csv", "jsonl"):
        _tell([remark.term.label(lang) for remark in (*found.basis, *found.remarks)])
    typer.echo(correcting.render_plan(found, form, lang), nl=False)


def _tell(lines: list[str]) -> None:
    for line in lines:
        typer.echo(line, err=True)
