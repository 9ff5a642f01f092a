"""Time and memory of the command line on files of judgments."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from synthetic import many

ROOT = Path(__file__).parents[1]
# Started from a small process, for a process is charged with what the one that starts it has. The largest of all that it waits for.
_MEASURED = (
    "import resource, subprocess, sys; code = subprocess.call(sys.argv[1:], stdout=subprocess.DEVNULL); "
    "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss); sys.exit(code)"
)


class Cost(NamedTuple):
    """Wall time in seconds, and the memory in MB of the largest process."""

    seconds: float
    megabytes: float


def cost(*command: str | Path) -> Cost:
    """Cost of a command of anjuan."""
    started = time.perf_counter()
    measured = [sys.executable, "-c", _MEASURED, sys.executable, str(ROOT / "cli.py"), *map(str, command)]
    done = subprocess.run(measured, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        raise SystemExit(f"anjuan {' '.join(map(str, command))} failed")
    return Cost(time.perf_counter() - started, int(done.stdout.split()[-1]) / 1024)


def run(source: Path, *options: str) -> Cost:
    """Cost of `anjuan run` on a file with two processes."""
    with tempfile.TemporaryDirectory() as folder:
        return cost("run", source, "--db", f"{folder}/bench.db", "--quiet", "--jobs", "2", *options)


def run_many(number: int) -> tuple[Cost, int]:
    """Cost of `anjuan run` on so many short synthetic judgments, and how many characters they have."""
    with tempfile.TemporaryDirectory() as folder:
        source, characters = Path(folder) / "many.jsonl", 0
        with source.open("w", encoding="utf-8") as file:
            for record in many(number):
                characters += len(record["text"])
                file.write(json.dumps(record, ensure_ascii=False) + "\n")
        return run(source), characters
