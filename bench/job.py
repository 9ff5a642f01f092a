"""Time and memory of the command line on files of judgments."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from synthetic import many

ROOT = Path(__file__).parents[1]


class Cost(NamedTuple):
    """Wall time in seconds, and the memory in MB of the largest process."""

    seconds: float
    megabytes: float


def run(source: Path, *options: str) -> Cost:
    """Cost of `anjuan run` on a file with two processes."""
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        command = [
            sys.executable,
            str(ROOT / "cli.py"),
            "run",
            str(source),
            "--db",
            f"{folder}/bench.db",
            "--quiet",
            "--jobs",
            "2",
            *options,
        ]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)  # the largest of the process and of all that it waited for
        if status:
            raise SystemExit(f"{' '.join(command)} failed")
    return Cost(time.perf_counter() - started, usage.ru_maxrss / 1024)


def run_many(number: int) -> tuple[Cost, int]:
    """Cost of `anjuan run` on so many short synthetic judgments, and how many characters they have."""
    with tempfile.TemporaryDirectory() as folder:
        source, characters = Path(folder) / "many.jsonl", 0
        with source.open("w", encoding="utf-8") as file:
            for record in many(number):
                characters += len(record["text"])
                file.write(json.dumps(record, ensure_ascii=False) + "\n")
        return run(source), characters
