"""The report, its manifest and the tables for a paper over a database of many judgments, most of them in scope."""

from __future__ import annotations

import json
import sqlite3
import tempfile
from contextlib import closing
from itertools import count, islice
from pathlib import Path

from job import ROOT, cost
from measuring import Row
from synthetic import renamed

JUDGMENTS = 10_000
SECONDS, MEGABYTES = 20.0, 500.0  # the bars
_SCOPE = "SELECT count(*), sum(in_scope = 1) FROM cases"


def rows() -> list[Row]:
    """Make the database by `anjuan run` (some minutes), then time the commands that analyse it, each in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="report") as folder:
        source, db = Path(folder) / "many.jsonl", Path(folder) / "many.db"
        written(source, JUDGMENTS)
        cost("run", source, "--db", db, "--quiet", "--jobs", "2")
        with closing(sqlite3.connect(db)) as connection:
            judgments, in_scope = connection.execute(_SCOPE).fetchone()
        page = cost("report", "--db", db, "--html", f"{folder}/report.html")
        others = {name: cost(*command, "--db", db) for name, command in _OTHERS.items()}
        paper = cost("tables", "--db", db, "--out", f"{folder}/paper.xlsx")
        size = (Path(folder) / "report.html").stat().st_size / 1e6
    of = f"{judgments:,} judgments, {in_scope:,} in scope"
    return [
        Row(f"report with manifest, {of}: wall time", f"{page.seconds:.1f} s", f"under {SECONDS:g} s", page.seconds < SECONDS),
        Row("report with manifest: memory", f"{page.megabytes:.0f} MB", f"under {MEGABYTES:g} MB", page.megabytes < MEGABYTES),
        Row("size of the page", f"{size:.1f} MB"),
        *(Row(f"anjuan {name}", f"{spent.seconds:.1f} s, {spent.megabytes:.0f} MB") for name, spent in others.items()),
        Row("anjuan tables, Excel", f"{paper.seconds:.1f} s, {paper.megabytes:.0f} MB"),
    ]


_OTHERS = {
    "report, at the terminal": ("report",),
    "periodic --by year --of court": ("periodic", "--by", "year", "--of", "court"),
    "units": ("units",),
    "sensitivity": ("sensitivity",),
}


def written(path: Path, number: int) -> None:
    """The demonstration's texts over and over, with other names and case numbers of their own, so that each is a judgment."""
    texts = [json.loads(line)["text"] for line in (ROOT / "corpora" / "demonstration.jsonl").read_text("utf-8").splitlines()]
    told = (renamed(text, turn) for turn in count() for text in texts)
    with path.open("w", encoding="utf-8") as file:
        for place, text in enumerate(islice(told, number)):
            file.write(json.dumps({"id": f"r{place}", "text": f"{text} 卷{place}。"}, ensure_ascii=False) + "\n")
