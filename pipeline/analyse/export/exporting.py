"""`anjuan export`: what is wanted, which module writes it, which files it comes to."""

from __future__ import annotations

import importlib
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from pipeline.analyse.export.destination import refuse_existing, staged
from pipeline.analyse.export.selection import Selected, select
from pipeline.analyse.reading import open_readonly
from pipeline.schema import AnjuanError


class Form(NamedTuple):
    """A form: the ending of its files, the module that writes it, the name of a file beside the tables ("" for none)."""

    suffix: str
    module: str
    companion: str = ""
    one_file: bool = False


FORMS = MappingProxyType(
    {
        "csv": Form(".csv", "comma_separated", "codebook.csv"),
        "jsonl": Form(".jsonl", "json_lines", "codebook.jsonl"),
        "parquet": Form(".parquet", "parquet"),
        "xlsx": Form(".xlsx", "workbook", one_file=True),
        "stata": Form(".dta", "stata"),
        "spss": Form(".sav", "spss"),
        "r": Form(".csv", "r_script", "read.R"),
    }
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to export and how. `tables`: none for the analyst's four; `form`: "" to tell it from the ending of the file."""

    form: str = ""
    tables: tuple[str, ...] = ()
    language: str = "en"
    in_scope: bool = False
    text: bool = False


class Written(NamedTuple):
    """A file that was written, and of how many rows the table in it is (None for a file that describes the others)."""

    path: Path
    rows: int | None


Writer = Callable[[Sequence[Selected], Sequence[Path], str], list[int]]


def export(db: Path, out: Path, wanted: Wanted, force: bool = False) -> list[Written]:
    """Write tables of the database at `db` to `out`: a folder with a file for each, or one file.

    AnjuanError in one line, and nothing written, when that is not possible: an unknown form or table, a file that exists (without `force`),
    a package that is not installed, more than the form can hold.
    """
    name = _form(wanted.form, out)
    form = FORMS[name]
    with closing(open_readonly(db)) as connection:
        connection.execute("BEGIN")  # all tables as they are at one moment, whoever writes meanwhile
        tables, paths = _planned(connection, out, wanted, force)
        with staged(paths) as folder:
            counts = _writer(name, form)(tables, [folder / path.name for path in paths], wanted.language)
    if form.one_file:
        return [Written(paths[0], sum(counts))]
    return [Written(path, rows) for path, rows in zip(paths, [*counts, None], strict=False)]


def check(db: Path, out: Path, wanted: Wanted, force: bool = False) -> None:
    """Raise at once what `export` would raise before it writes: for who has long work to do first."""
    with closing(open_readonly(db)) as connection:
        _planned(connection, out, wanted, force)


def _planned(connection: sqlite3.Connection, out: Path, wanted: Wanted, force: bool) -> tuple[list[Selected], list[Path]]:
    """The tables, and the files for them; AnjuanError when one of these exists (without `force`)."""
    form = FORMS[_form(wanted.form, out)]
    tables = select(connection, _names(form, out, wanted.tables), wanted.language, wanted.in_scope, wanted.text)
    paths = _paths(form, out, tables)
    refuse_existing(paths, force)
    return tables, paths


def _form(name: str, out: Path) -> str:
    """The form by its name, or by the ending of the file; CSV for a folder."""
    if name in FORMS:
        return name
    if name:
        raise AnjuanError(f"unknown form {name!r}; choose one of {', '.join(FORMS)}")
    return next((each for each, form in FORMS.items() if form.suffix == out.suffix.lower()), "csv")


def _is_file(form: Form, out: Path) -> bool:
    return out.suffix.lower() == form.suffix and not out.is_dir()


def _names(form: Form, out: Path, names: tuple[str, ...]) -> tuple[str, ...]:
    """The tables wanted; of a form with one table in a file only one, `cases` where none is named."""
    if form.one_file or not _is_file(form, out):
        return names
    if len(names) > 1:
        raise AnjuanError(f"{out} can hold one table, not {', '.join(names)}: give a folder as --out")
    return names or ("cases",)


def _paths(form: Form, out: Path, tables: Sequence[Selected]) -> list[Path]:
    """The files in the order in which the form's module writes them: its tables, then the companion."""
    if form.one_file:
        return [out if _is_file(form, out) else out / f"anjuan{form.suffix}"]
    if _is_file(form, out):
        return [out, *([out.with_name(f"{out.stem}.{form.companion}")] if form.companion else [])]
    if out.exists() and not out.is_dir():
        raise AnjuanError(f"{out} is no folder and does not end in {form.suffix}: choose another --out")
    return [*(out / f"{table.name}{form.suffix}" for table in tables), *([out / form.companion] if form.companion else [])]


def _writer(name: str, form: Form) -> Writer:
    try:
        writer: Writer = importlib.import_module(f"pipeline.analyse.export.{form.module}").write
    except ImportError as error:
        raise AnjuanError(f"the form {name} needs {error.name}, which is not installed: pip install 'anjuan[export]'") from error
    return writer
