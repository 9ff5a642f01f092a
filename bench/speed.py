"""`make bench`: speed and memory of the whole job, beside a peer in the same run, written as ratios to bench/RESULTS.md.

The peer is `jieba.cut` alone over the same text: every pipeline that begins by cutting words pays at least that.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]


def main() -> int:
    """Measure and write bench/RESULTS.md."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    corpus = parser.parse_args().shared / "corpora" / "judge_test.jsonl"
    if not corpus.exists():
        print(f"{corpus} is absent: nothing to measure on; name the folder with --shared")
        return 0
    texts = [json.loads(line)["fd"] for line in corpus.read_text("utf-8").splitlines()]
    rows = [whole_job(corpus, len(texts)), *extraction(texts)]
    table = [
        "# Speed and memory",
        "",
        "Written by `make bench` (2 processes for the whole job, 1 for the rest).",
        "",
        "| what | measured |",
        "|---|---|",
    ]
    table += [f"| {what} | {measured} |" for what, measured in rows]
    (ROOT / "bench" / "RESULTS.md").write_text("\n".join(table) + "\n", "utf-8")
    print("\n".join(table))
    return 0


def whole_job(corpus: Path, judgments: int) -> tuple[str, str]:
    """Wall time and peak memory of `anjuan run` on real judgments."""
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        command = [sys.executable, str(ROOT / "cli.py"), "run", str(corpus), "--db", f"{folder}/bench.db", "--quiet", "--jobs", "2"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        seconds = time.perf_counter() - started
    megabytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return f"whole job, {judgments} judgments", f"{seconds:.1f} s, largest process {megabytes:.0f} MB"


def extraction(texts: list[str]) -> list[tuple[str, str]]:
    """Characters a second of the extraction in one process, as a multiple of jieba.cut's."""
    from pipeline.extract import extract
    from pipeline.schema import Judgment
    from pipeline.text import canonical

    judgments = [Judgment("bench", str(n), canonical(text)) for n, text in enumerate(texts)]
    extract(judgments[0])  # rules are read once
    ours = characters_a_second(judgments, lambda judgment: extract(judgment))
    peer = jieba_speed(texts)
    return [
        ("extraction with evidence", f"{ours / 1e6:.2f} M characters a second"),
        ("`jieba.cut` alone", f"{peer / 1e6:.2f} M characters a second"),
        ("extraction : jieba", f"{ours / peer:.2f}"),
    ]


def jieba_speed(texts: list[str]) -> float:
    """Characters a second of `jieba.cut`."""
    import logging

    import jieba

    jieba.setLogLevel(logging.ERROR)
    jieba.initialize()
    return characters_a_second(texts, lambda text: list(jieba.cut(text)))


def characters_a_second(items: list, work) -> float:  # type: ignore[type-arg, no-untyped-def]
    """Speed of `work` over the items."""
    size = sum(len(item if isinstance(item, str) else item.text) for item in items)
    started = time.perf_counter()
    for item in items:
        work(item)
    return size / (time.perf_counter() - started)


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main())
