"""What a person at the terminal sees: a progress bar on stderr while the work goes on, and at the end a count of everything."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.progress import Progress as Bars

if TYPE_CHECKING:
    from pipeline.job.dumping import DumpCounts
    from pipeline.job.importing import ImportCounts
    from pipeline.job.stages import StageCounts
    from pipeline.job.watching import Landed

_SHOWN = 10  # refused files shown one by one; the rest is in import_log


class TerminalProgress:
    """One bar for each stage, on stderr; plain lines where stderr is no terminal."""

    def __init__(self, bars: Bars) -> None:
        self._bars = bars
        self._task: TaskID | None = None

    def start(self, stage: str, total: int | None) -> None:
        """Begin a bar."""
        self._task = self._bars.add_task(stage, total=total, note="")

    def advance(self, number: int) -> None:
        """Move the bar."""
        if self._task is not None:
            self._bars.advance(self._task, number)

    def note(self, message: str) -> None:
        """Show a word beside the bar."""
        if self._task is not None:
            self._bars.update(self._task, note=Path(message).name[:40])


@contextmanager
def progress(quiet: bool) -> Iterator[TerminalProgress]:
    """A progress display for the length of a `with`; hidden when quiet or when stderr is no terminal."""
    columns = (TextColumn("{task.description:9}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Bars(*columns, TextColumn("{task.fields[note]}"), console=console, disable=quiet or not console.is_terminal) as bars:
        yield TerminalProgress(bars)


def tell_import(counts: ImportCounts, quiet: bool) -> None:
    """Count what was read; name the files that could not be used."""
    for row in counts.unreadable_inputs[:_SHOWN]:
        print(f"skipped {row.path}: {row.detail}", file=sys.stderr)
    if (more := len(counts.unreadable_inputs) - _SHOWN) > 0:
        print(f"skipped {more} more files: see the table import_log", file=sys.stderr)
    if quiet:
        return
    print(
        f"read {counts.read} records: {counts.stored} new judgments, {counts.duplicates} already known, {counts.rejected.total()} skipped"
    )
    if counts.unmatched:
        print(f"  left   {counts.unmatched:6} judgments that no keyword matches")
    for reason, number in counts.rejected.most_common():
        print(f"  skipped {number:6} {reason}")


def tell_dump(counts: DumpCounts, quiet: bool) -> None:
    """Count what a scan has read; name the files that could not be read, or not to their end."""
    for row in counts.unfinished[:_SHOWN]:
        print(f"{row.path}: {row.detail}", file=sys.stderr)
    if (more := len(counts.unfinished) - _SHOWN) > 0:
        print(f"{more} more files: see the table ledger", file=sys.stderr)
    if quiet:
        return
    members = ", ".join(f"{n} {state}" for state, n in counts.members.items()) or "none"
    known = f" ({counts.skipped} known from before)" if counts.skipped else ""
    print(f"read {counts.rows:,} rows: {counts.hits} hits, {counts.stored} of them new judgments; members: {members}{known}")
    if counts.rejected:
        print(f"  {counts.rejected} hits are no criminal judgments: see the table import_log")
    if counts.quarantine:
        print(f"  {counts.bad_rows} rows could not be read: they lie in {counts.quarantine}")


def tell_landed(landed: Landed) -> None:
    """Say of a file that has landed in a watched folder what it held."""
    print(landed.line)
    for trouble in landed.troubles:
        print(trouble, file=sys.stderr)


def tell_failures(stages: Sequence[StageCounts]) -> None:
    """Name the judgments that a stage could not do."""
    for judgment, error in [row for stage in stages for row in stage.failed][:_SHOWN]:
        print(f"failed {judgment.judgment_id} ({judgment.path or judgment.source_id}): {error.detail}", file=sys.stderr)


def tell_undecided(number: int, db: Path, quiet: bool) -> None:
    """Say how many cases the models leave to a person, and how to see them."""
    if number and not quiet:
        print(f"{number} case{'s need' if number > 1 else ' needs'} a person: anjuan query undecided --db {db}")


def summary(counts: ImportCounts | None, stages: Sequence[StageCounts]) -> dict[str, object]:
    """What the table `runs` keeps of a run."""
    row: dict[str, object] = {"stages": [{"done": s.done, "failed": len(s.failed)} for s in stages]}
    if counts is not None:
        row |= {"read": counts.read, "stored": counts.stored, "duplicates": counts.duplicates, "rejected": dict(counts.rejected)}
    return row


def exit_code(counts: ImportCounts | None, stages: Sequence[StageCounts], judgments: int) -> int:
    """1 when the user must act: nothing to work on, an input that is not there, or a judgment that failed."""
    missing = counts is not None and any(r.reason == "unreadable" for r in counts.unreadable_inputs)
    return int(missing or not judgments or any(stage.failed for stage in stages))
