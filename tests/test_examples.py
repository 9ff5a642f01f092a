"""The examples run: the notebook over a database, the R script over what `anjuan export` writes."""

from __future__ import annotations

import os
import shutil
import subprocess
from importlib.resources import files
from pathlib import Path

import nbclient
import nbformat
import pytest
from small_database import TEXTS, build

from pipeline.analyse.export import Wanted, export
from pipeline.analyse.reading import open_readonly

EXAMPLES = Path(str(files("pipeline.analyse.examples")))
NEEDS_R = pytest.mark.skipif(shutil.which("Rscript") is None, reason="no Rscript: apt-get install -y r-base-core")


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("examples") / "study.db"
    build(path)
    return path


def test_the_notebook_runs_and_counts_what_the_database_holds(db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANJUAN_DB", str(db))
    notebook = nbformat.read(EXAMPLES / "analysis.ipynb", as_version=4)
    nbformat.validate(notebook)
    assert all(not cell.get("outputs") for cell in notebook.cells)  # what one database gave is not shipped with the example
    nbclient.NotebookClient(notebook, kernel_name="python3", timeout=60).execute()
    shown = "\n".join(output["data"]["text/plain"] for cell in notebook.cells for output in cell.get("outputs", []) if "data" in output)
    for line in ("Hatred        2", "Reactive      2", "Fortuitous    1", "NaN           1"):
        assert line in shown


def run_r(script: str, folder: Path) -> str:
    (folder / "check.R").write_text(script, "utf-8")
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        ["Rscript", "check.R"], cwd=folder, capture_output=True, encoding="utf-8", timeout=60, env=environment, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@NEEDS_R
def test_r_reads_factors_labels_and_missing_values(db: Path, tmp_path: Path) -> None:
    export(db, tmp_path, Wanted("r", language="zh"))
    told = run_r(
        """
        source("read.R", encoding = "UTF-8", chdir = TRUE)
        cat(attr(cases$attack_type, "label"), "\\n")
        cat(paste(levels(cases$attack_type), collapse = ","), "\\n")
        cat(table(cases$attack_type, useNA = "always"), "\\n")
        cat(sum(cases$in_scope), class(cases$decided_on_day), sum(!is.na(cases$decided_on_day)), "\\n")
        cat(sum(victims$persons), nrow(defendants), "\\n")
        """,
        tmp_path,
    )
    connection = open_readonly(db)
    persons = connection.execute("SELECT sum(persons) FROM victims").fetchone()[0]
    days = connection.execute("SELECT count(*) FROM cases WHERE length(decided_on) = 10").fetchone()[0]
    expected = ["袭医类型", "仇恨型,反应型,偶发型", f"2 2 1 {len(TEXTS) - 5}", f"6 Date {days}", f"{persons} {len(TEXTS)}"]
    assert [line.strip() for line in told.splitlines()] == expected


@NEEDS_R
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_r_example_runs(db: Path, tmp_path: Path, language: str) -> None:
    export(db, tmp_path / "study", Wanted("r", language=language))
    told = run_r((EXAMPLES / "analysis.R").read_text("utf-8"), tmp_path)
    assert {"zh": "袭医类型", "en": "Attack type"}[language] in told
    assert {"zh": "仇恨型: n = ", "en": "Hatred: n = "}[language] in told


def test_the_stata_example_names_what_the_export_writes(db: Path, tmp_path: Path) -> None:
    """Stata itself is not free: at least every variable of the do-file is there."""
    import re

    import pyreadstat

    export(db, tmp_path / "study", Wanted("stata"))
    columns = {
        name
        for file in ("cases", "defendants")
        for name in pyreadstat.read_dta(tmp_path / f"study/{file}.dta", metadataonly=True)[1].column_names
    }
    lines = [line for line in (EXAMPLES / "analysis.do").read_text("utf-8").splitlines() if line and not line.startswith("*")]
    assert {Path(name).name for line in lines for name in re.findall(r'"([^"]+)"', line)} == {"cases.dta", "defendants.dta"}
    words = {word for line in lines for word in re.findall(r"[a-z]+(?:_[a-z]+)+", re.sub(r'"[^"]*"', "", line))}
    assert words
    assert words <= columns
