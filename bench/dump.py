"""The bulk scan beside ripgrep on the same files: medians of interleaved rounds of wall time, peak memory, and nothing missed.

`python bench/dump.py --folder DIR` writes a dump of 2 GB of synthetic text there, unless it is there already. Every scan runs in a
process of its own, with a fresh database; what counts is the time to its last transaction, all libraries loaded in it.
"""

from __future__ import annotations

import argparse
import csv
import json
import multiprocessing
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence, Set
from functools import partial
from pathlib import Path
from typing import NamedTuple

from measuring import Row

ROOT = Path(__file__).parents[1]
MEGABYTES, ROUNDS = 2_000, 5
MEMORY = 300.0  # MB


class Hit(NamedTuple):
    """An expression and where it matches."""

    expression: str
    start: int
    end: int


class Words:
    """The expressions of the corpus as plain words."""

    def __init__(self, words: Sequence[str]) -> None:
        self.words = words
        self.spellings = tuple((word,) for word in words)
        self.fingerprint = "bench"

    def possible(self, present: Set[int]) -> bool:
        """Tell whether any is there."""
        return bool(present)

    def find(self, text: str) -> list[Hit]:
        """Return the first place of each."""
        return [Hit(word, at, at + len(word)) for word in self.words if (at := text.find(word)) >= 0]

    def admits(self, judgment: object) -> bool:
        """Let all pass."""
        return True


class Scan(NamedTuple):
    """What one scan took and found; `bad` are the rows that may match among those in the quarantine."""

    seconds: float
    megabytes: float
    rows: int
    found: frozenset[str]
    bad: frozenset[str]


def rows(folder: Path, megabytes: int = MEGABYTES, rounds: int = ROUNDS) -> list[Row]:
    """Measure all bars on the dump in `folder`."""
    import dump_corpus

    folder.mkdir(parents=True, exist_ok=True)
    table, lines, packed = dump_corpus.write(folder, megabytes)
    words = folder / "expressions.txt"
    words.write_text("\n".join(dump_corpus.EXPRESSIONS) + "\n", "utf-8")
    rg = Path(sys.executable).parent / "rg"
    grep: list[str | Path] = [rg if rg.exists() else "rg", "-c", "-F", "-f", words]
    works: dict[str, Callable[[], Scan | float]] = {
        "rg csv": partial(timed, [*grep, table]),
        "csv": partial(scan, table, 1, False),
        "csv, 2 threads": partial(scan, table, 2, False),
        "csv, gaps": partial(scan, table, 1, True),
        "csv, gaps, 2 threads": partial(scan, table, 2, True),
        "rg jsonl": partial(timed, [*grep, lines]),
        "jsonl": partial(scan, lines, 1, False),
        "jsonl, 2 threads": partial(scan, lines, 2, False),
        "unzip | rg": partial(timed_pipe, ["unzip", "-p", packed], grep),
        "zip": partial(scan, packed, 1, True),
        "zip, 2 threads": partial(scan, packed, 2, True),
    }
    seconds, scans = measured(works, rounds)
    size = {name: (lines if "jsonl" in name else table).stat().st_size / 1e6 for name in works}
    speeds = [Row(f"{name}, MB/s", f"{size[name] / seconds[name]:,.0f}") for name in works]
    return [*ratio_rows(seconds), memory_row(scans), completeness_row(table, scans["csv"]), *speeds]


def ratio_rows(seconds: dict[str, float]) -> list[Row]:
    """The bars, as speeds in proportion to the peer's."""
    bars = (
        ("csv", "rg csv", 0.5),
        ("csv, 2 threads", "rg csv", 0.8),
        ("csv, gaps", "rg csv", 0.4),
        ("csv, gaps, 2 threads", "rg csv", None),
        ("jsonl", "rg jsonl", None),
        ("jsonl, 2 threads", "rg jsonl", 1.0),
        ("zip", "unzip | rg", 1.0),
        ("zip, 2 threads", "unzip | rg", None),
    )
    found = []
    for name, peer, bar in bars:
        ratio = seconds[peer] / seconds[name]
        found.append(Row(f"scan of {name} : {peer}", f"{ratio:.2f}", f"at least {bar:g}" if bar else "", ratio >= bar if bar else None))
    return found


def measured(works: dict[str, Callable[[], Scan | float]], rounds: int) -> tuple[dict[str, float], dict[str, Scan]]:
    """Median seconds of each work, the works taking turns, and the last scan of each."""
    seconds: dict[str, list[float]] = {name: [] for name in works}
    scans: dict[str, Scan] = {}
    for number in range(rounds + 1):  # the first brings the files into the page cache
        for name, work in works.items():
            result = work()
            if isinstance(result, Scan):
                scans[name], result = result, result.seconds
            if number:
                seconds[name].append(result)
    return {name: statistics.median(taken) for name, taken in seconds.items()}, scans


def timed(command: Sequence[str | Path]) -> float:
    """Wall time of a command."""
    started = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - started


def timed_pipe(first: Sequence[str | Path], second: Sequence[str | Path]) -> float:
    """Wall time of two commands, the output of one being the input of the other."""
    started = time.perf_counter()
    with subprocess.Popen(first, stdout=subprocess.PIPE) as source:
        subprocess.run(second, stdin=source.stdout, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - started


def scan(path: Path, jobs: int, gaps: bool) -> Scan:
    """Scan a file in a process of its own."""
    ours, theirs = multiprocessing.get_context("spawn").Pipe(duplex=False)
    process = multiprocessing.get_context("spawn").Process(target=_scan, args=(path, jobs, gaps, theirs))
    process.start()
    result: Scan = ours.recv()
    process.join()
    return result


def _scan(path: Path, jobs: int, gaps: bool, reply: object) -> None:
    import dump_corpus

    from pipeline.collect.dump import Options
    from pipeline.job.dumping import scan as scan_dump
    from pipeline.job.progress import Silent
    from pipeline.store import Store

    folder = Path(tempfile.mkdtemp(prefix="dump"))
    try:
        with Store.open(folder / "scan.db") as store:
            started = time.perf_counter()
            run_id = store.begin_run("dump")
            counts = scan_dump(store, run_id, [path], Words(dump_corpus.EXPRESSIONS), Silent(), Options(jobs=jobs, gaps=gaps))
            seconds = time.perf_counter() - started
            found = frozenset(row["source_id"] for row in store.query("SELECT source_id FROM sources"))
        megabytes = _most_memory()
        reply.send(Scan(seconds, megabytes, counts.rows, found, _quarantined(folder / "scan.quarantine")))  # type: ignore[attr-defined]
    finally:
        shutil.rmtree(folder)


def _most_memory() -> float:
    """The most memory that this process has had, in MB. getrusage would count what the one that started it had."""
    status = Path("/proc/self/status").read_text("utf-8")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def _quarantined(folder: Path) -> frozenset[str]:
    kept = [json.loads(line) for file in folder.glob("*.jsonl") for line in file.open(encoding="utf-8")]
    return frozenset(f"row {row['row']}" for row in kept if row["may_match"])


def memory_row(scans: dict[str, Scan]) -> Row:
    """Largest process of all the scans."""
    most = max(scan.megabytes for scan in scans.values())
    return Row("largest process of all scans", f"{most:.0f} MB", f"under {MEMORY:g} MB", most < MEMORY)


def completeness_row(table: Path, ours: Scan) -> Row:
    """Rows that match in a plain reading with the csv module and that the scan has not stored."""
    import dump_corpus

    csv.field_size_limit(1 << 26)
    words, plain = dump_corpus.EXPRESSIONS, set[str]()
    with table.open(encoding="utf-8", errors="surrogateescape", newline="") as lines:
        for row in csv.reader(lines):
            if len(row) == len(dump_corpus.HEADER) and any(word in row[-1] for word in words):
                plain.add(row[0].rpartition("=")[2])
    missed = plain - ours.found
    measured = f"{len(plain)} found, {len(missed)} missed, {len(ours.bad)} in broken rows kept aside; {ours.rows:,} rows"
    return Row("rows that a plain csv-module reading finds", measured, "none missed", not missed)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()))
    parser.add_argument("--megabytes", type=int, default=MEGABYTES)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    options = parser.parse_args()
    for row in rows(options.folder, options.megabytes, options.rounds):
        print(f"{row.what:60} {row.measured:50} {row.bar:15} {'' if row.passed is None else 'yes' if row.passed else 'NO'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
