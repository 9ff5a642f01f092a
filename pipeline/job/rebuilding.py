"""The whole job done anew from its inputs, in a database of its own, with what people coded in the present one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pipeline.job.exchanging import export, import_file
from pipeline.job.importing import import_paths
from pipeline.job.linking import link_judgments
from pipeline.job.progress import Progress
from pipeline.job.stages import extract, screen_and_classify
from pipeline.schema import AnjuanError
from pipeline.store import Store
from pipeline.store.codebooks import PEOPLE


def rebuild(inputs: Sequence[Path], coded: Path, folder: Path, jobs: int, progress: Progress) -> Path:
    """Import, extract, link, screen and classify `inputs` into a new database in `folder`; its path.

    What people have said in the database `coded`, which is only read, stands in the new one too, for no machine can say it again.
    AnjuanError when nothing can be read from the inputs, or when somebody coded a judgment that the inputs do not hold.
    """
    path = folder / "rebuilt.db"
    with Store.open(path) as store:
        run_id = store.begin_run("reproduce")
        import_paths(store, run_id, inputs, progress, jobs)
        if not store.count():
            raise AnjuanError(f"no judgment was found in {', '.join(map(str, inputs))}")
        for step in (extract, link_judgments, screen_and_classify):
            step(store, run_id, jobs, progress)
        _take_codings(store, coded, folder / "codings.jsonl")
    return path


def _take_codings(store: Store, coded: Path, file: Path) -> None:
    with Store.open(coded, create=False) as present:
        if not present.query(f"SELECT 1 FROM labels WHERE {PEOPLE} LIMIT 1"):
            return
        export(present, "annotations", file, notes=True)
    if problems := import_file(store, file).problems:
        raise AnjuanError(f"{len(problems)} codings of {coded} fit no judgment of the inputs; the first: {problems[0]}")
