"""Writes a paper's tables whole or not at all: a Word file, an Excel file, or a folder of CSV files, with the manifest beside."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from importlib import import_module
from pathlib import Path

from pipeline.analyse.counting import count_study
from pipeline.analyse.paper.contents import paper_tables
from pipeline.analyse.paper.form import PaperTable
from pipeline.analyse.proof import manifest_beside, write_manifest
from pipeline.analyse.reading import EVERY, ONCE, open_readonly
from pipeline.codebook.nouns import LANGUAGES
from pipeline.destination import refuse
from pipeline.schema import AnjuanError

Writer = Callable[[Sequence[PaperTable], Path, str], None]
_FORMS: Mapping[str, tuple[str, str]] = {".docx": ("word", "write_docx"), ".xlsx": ("excel", "write_xlsx"), "": ("sheets", "write_csv")}


def write_tables(
    db_path: Path, out: Path, *, once: bool = False, language: str = "zh", only: Sequence[str] = (), force: bool = False
) -> list[PaperTable]:
    """Write the tables over the database at `db_path` to `out`, with their manifest beside it; the tables.

    `out`: paper.docx, paper.xlsx, or a folder for CSV. `only`: names of tables; `once`: each case once. AnjuanError for another kind of
    file, for one that exists (unless `force`) or cannot be written, for an unknown table, and where nothing is in scope.
    """
    if language not in LANGUAGES:
        raise AnjuanError(f"tables are written in {' or '.join(LANGUAGES)}, not in {language!r}")
    write = _writer(out)
    _refuse(out, force, db_path)
    with closing(open_readonly(db_path)) as connection:
        counted = count_study(connection, ONCE if once else EVERY)
    papers = paper_tables(counted, only)
    try:
        _write_whole(out, lambda path: write(papers, path, language), force)
    except OSError as error:
        raise AnjuanError(f"{out} cannot be written: {error.strerror or error}") from error
    write_manifest(db_path, out, once, counted)
    return papers


def _writer(out: Path) -> Writer:
    if out.suffix not in _FORMS:
        raise AnjuanError(f"{out}: tables are written to a .docx, an .xlsx or a folder (a name without a suffix) of CSV files")
    module, function = _FORMS[out.suffix]
    try:
        found: Writer = getattr(import_module(f"pipeline.analyse.paper.{module}"), function)
    except ModuleNotFoundError as error:
        raise AnjuanError(f"{out}: needs the package {error.name}; install it with: pip install 'anjuan[paper]'") from error
    return found


def _refuse(out: Path, force: bool, db_path: Path) -> None:
    if out.suffix:
        refuse(out, manifest_beside(out), force=force, source=db_path)
    elif out.is_file():
        raise AnjuanError(f"{out} is a file, and CSV files go into a folder")
    elif not out.parent.is_dir():
        raise AnjuanError(f"{out} cannot be written: there is no folder {out.parent}")


def _write_whole(out: Path, write: Callable[[Path], None], force: bool) -> None:
    """Write beside the place, then move there what is complete; what stood there before stays when anything fails."""
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}.") as folder:
        part = Path(folder) / out.name
        write(part)
        if part.is_file():
            part.replace(out)
            return
        files = sorted(part.iterdir())
        if not force and (there := next((f for f in [*files, out / "manifest.json"] if (out / f.name).exists()), None)):
            raise AnjuanError(f"{out / there.name} exists; --force replaces it")
        out.mkdir(exist_ok=True)
        for file in files:
            shutil.move(file, out / file.name)
