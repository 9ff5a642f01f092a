"""`make bench`: speed and memory beside peers in the same run, written as ratios with their bars to bench/RESULTS.md.

Processor time of one process counts, best of interleaved rounds, because other work may run beside it; the whole jobs are wall time.
Every fourth text of judge_test and lecard_700 is read. `make bench MEMORY=1` also runs JUDGMENTS (100,000) synthetic judgments, for
which it needs many minutes. A missing peer or corpus is said, not passed over.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

import dump
import pages
import report
import search
from measuring import Row, Work, best, spent, table

import models

ROOT = Path(__file__).parents[1]
DUMPS = (
    "A dump of {:g} GB of invented text in the shape of the monthly CSV files, one hit in 2,000, 30 expressions; whole scans with hits parsed and "
    "stored, wall time, medians of {} interleaved rounds."
)
SEARCH = (
    "Judgments put together from stretches of judge_test and lecard_700; processor time of one process, texts and index in SQLite's cache or the "
    "system's; the first 20 judgments with up to three snippets each."
)
TITLES = ("Extraction", "Pages", "Bulk dumps", "Search", "Report", "Models")
HEAD = "# Speed and memory\n\nWritten by `make bench`. `MEMORY=1` adds the memory over many judgments."
CORPORA = (("judge_test.jsonl", "fd"), ("lecard_700.jsonl", "qw"))
SAMPLE = 4  # every fourth text
ROUNDS = 3
OF_JIEBA, OF_SPACY, OF_LENGTH, OF_MEMORY = 5.0, 3.0, 100.0, 500.0  # the bars
ADVERSARIAL = 340_000  # characters: 1 MB of Chinese text
SLOWER = 20  # times as long as a normal text a character
SIZES = (4_000, 400_000)


def main() -> int:
    """Measure and write bench/RESULTS.md."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--memory", action="store_true", help="also run --judgments synthetic judgments (slow)")
    parser.add_argument("--judgments", type=int, default=100_000)
    parser.add_argument("--searched", type=int, default=50_000, help="judgments that are searched")
    parser.add_argument("--dump", type=Path, default=ROOT / "out" / "bench", help="folder of the synthetic dump, written there once")
    parser.add_argument("--only", choices=TITLES, help="measure this section, and keep the others as they were measured")
    parser.add_argument("--megabytes", type=int, default=2_000, help="size of the dump")
    options = parser.parse_args()
    corpora = options.shared / "corpora"
    if not corpora.is_dir():
        print(f"{corpora} is absent: nothing to measure on; name the folder with --shared")
        return 0
    known = {
        "Extraction": lambda: extraction_section(corpora, options.judgments if options.memory else 0),
        "Pages": lambda: (
            "Pages of 17 kB with the markup of three sites, all text invented; processor time, and wall time for the processes.",
            pages.rows(),
        ),
        "Bulk dumps": lambda: (DUMPS.format(options.megabytes / 1000, dump.ROUNDS), dump.rows(options.dump, options.megabytes)),
        "Search": lambda: (SEARCH, search.rows(real(corpora), options.searched)),
        "Report": lambda: (
            "The demonstration's texts with other names, run, then analysed; each command from its start to its end.",
            report.rows(),
        ),
        "Models": lambda: ("The shipped coded cases, and real judgments; wall time on an otherwise idle machine.", models.rows(corpora)),
    }
    write({title: measure() for title, measure in known.items() if options.only in (None, title)})
    return 0


def extraction_section(corpora: Path, judgments: int) -> tuple[str, list[Row]]:
    """How the extraction was measured, and its rows; `judgments`: also run over so many synthetic ones."""
    texts = sample(corpora)
    rows = [*beside_peers(texts), length_row(), adversarial_row(texts), whole_job_row(corpora / "judge_test.jsonl")]
    if judgments:
        rows.insert(-1, memory_row(judgments))
    measured = f"{len(texts)} texts, {sum(map(len, texts)):,} characters"
    return (
        f"Every {SAMPLE}th text of judge_test and lecard_700 ({measured}), processor time of one process, best of {ROUNDS} interleaved rounds.",
        rows,
    )


def sample(corpora: Path) -> list[str]:
    """Every SAMPLE-th text of the two corpora, canonical."""
    return real(corpora, SAMPLE)


def real(corpora: Path, every: int = 1) -> list[str]:
    """The texts of the two corpora, or every so-many-th, canonical."""
    from pipeline.text import canonical

    texts = [json.loads(line)[key] for name, key in CORPORA for line in (corpora / name).read_text("utf-8").splitlines()[::every]]
    return [canonical(text) for text in texts]


def ours() -> Work:
    """Extract all variables with evidence from a text."""
    from pipeline.extract import extract
    from pipeline.schema import Judgment

    return lambda text: extract(Judgment("bench", "", text))


def beside_peers(texts: list[str]) -> list[Row]:
    """Characters a second of the extraction and of the peers, each round one after the other."""
    from peers import jieba_cut, spacy_phrases

    phrases, name = spacy_phrases()
    works = {"extraction": ours(), "jieba": jieba_cut(), "spaCy": phrases}
    speed = {who: sum(map(len, texts)) / seconds for who, seconds in best(works, texts, ROUNDS).items()}
    to_jieba, to_spacy = speed["extraction"] / speed["jieba"], speed["extraction"] / speed["spaCy"]
    return [
        Row("extraction : `jieba.cut` alone", f"{to_jieba:.2f}", f"at least {OF_JIEBA:g}", to_jieba >= OF_JIEBA),
        Row(f"extraction : {name}", f"{to_spacy:.2f}", f"at least {OF_SPACY:g}", to_spacy >= OF_SPACY),
        *(Row(f"{who}, characters a second", f"{speed[who] / 1e6:.3f} M") for who in works),
    ]


def length_row() -> Row:
    """How many times longer a hundred times longer judgment takes."""
    from synthetic import judgment

    work, (short, long) = ours(), (judgment(size) for size in SIZES)
    spent(work, [short])
    ratio = spent(work, [long]) / min(spent(work, [short] * 5) / 5 for _ in range(3))
    return Row(f"a judgment of {SIZES[1]:,} : one of {SIZES[0]:,} characters", f"{ratio:.0f}", f"under {OF_LENGTH:g}", ratio < OF_LENGTH)


def adversarial_row(texts: Sequence[str]) -> Row:
    """1 MB of one phrase in the middle of a judgment, beside as much of normal text: the slowest of many phrases."""
    sys.path.append(str(ROOT / "tests"))
    from adversarial import TooSlowError, endless, inside, seconds

    work = ours()
    normal = spent(work, texts[:40]) / sum(map(len, texts[:40])) * ADVERSARIAL
    ratios: list[tuple[float, str]] = []
    slow: list[str] = []
    for name, text in endless(ADVERSARIAL):
        try:
            ratios.append((seconds(partial(work, inside(text)), SLOWER * normal) / normal, name))
        except TooSlowError:
            slow.append(name)
    worst, name = max(ratios, default=(0.0, ""))
    measured = f"{len(slow)} of {len(slow) + len(ratios)} phrases over {SLOWER}: {', '.join(slow)}" if slow else f"{worst:.1f} ({name})"
    return Row("1 MB of one phrase : as much of normal text", measured, f"under {SLOWER}", not slow)


def memory_row(number: int) -> Row:
    """Largest process of the whole job over many judgments."""
    from job import run_many

    cost, characters = run_many(number)
    what = f"whole job, {number:,} synthetic judgments, {characters / 1e6:.0f} M characters"
    return Row(
        what, f"largest process {cost.megabytes:.0f} MB, {cost.seconds:.0f} s", f"under {OF_MEMORY:g} MB", cost.megabytes < OF_MEMORY
    )


def whole_job_row(corpus: Path) -> Row:
    """Wall time and memory of the whole job on real judgments."""
    from job import run

    cost = run(corpus)
    judgments = len(corpus.read_text("utf-8").splitlines())
    return Row(f"whole job, {judgments} judgments, 2 processes", f"{cost.seconds:.1f} s, largest process {cost.megabytes:.0f} MB")


def write(sections: Mapping[str, tuple[str, Sequence[Row]]]) -> None:
    """Print the sections (how it was measured, rows) and put them into bench/RESULTS.md; those measured another time stay."""
    path = ROOT / "bench" / "RESULTS.md"
    head, *old = path.read_text("utf-8").split("\n## ") if path.exists() else [HEAD]
    kept = {title: body.strip() for title, _, body in (part.partition("\n") for part in old)}
    new = {title: "\n".join([how, "", *table(rows)]) for title, (how, rows) in sections.items()}
    parts = [head.strip(), *(f"## {title}\n\n{body}" for title, body in (kept | new).items())]
    path.write_text("\n\n".join(parts) + "\n", "utf-8")
    print("\n\n".join(new.values()))


if __name__ == "__main__":
    sys.exit(main())
