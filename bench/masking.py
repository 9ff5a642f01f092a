"""How well `anjuan release` hides people: recall of names on coded real judgments, recall and precision on marked texts, and what is lost.

    python bench/masking.py --shared ../shared [--show findings.tsv]

`--show` lists every replaced stretch of 50 real judgments with the words around it, so that a person can count the false ones.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from pipeline.collect import read  # noqa: E402
from pipeline.extract import extract  # noqa: E402
from pipeline.job.release_names import Work, masker, people_among, spot  # noqa: E402
from pipeline.release import Masked  # noqa: E402
from pipeline.schema import Judgment  # noqa: E402
from pipeline.text import canonical  # noqa: E402

MARK = re.compile(r"\{(\w+)\|([^{}]*)\}")  # {name|张三} in the marked texts
LOOKED_AT, EVERY = 50, 9
CONTEXT = 10


def masked(judgment: Judgment) -> Masked:
    """The judgment masked as a release does it, with the persons that the extraction finds."""
    named = [(label.unit, label.variable, label.value) for label in extract(judgment)]
    spots = spot(Work(judgment.judgment_id, judgment.text, people_among(named)))
    return spots.masked(dict.fromkeys(spots.names, "〔名〕"))


def coded(shared: Path) -> Iterator[tuple[Judgment, list[str]]]:
    """The real judgments with the names of their defendants and victims."""
    rows = (json.loads(line) for line in (shared / "gold/core_dev.labels.jsonl").open(encoding="utf-8"))
    labels = {row["id"]: row for row in rows}
    for line in (shared / "gold/core_dev.texts.jsonl").open(encoding="utf-8"):
        row = json.loads(line)
        persons = [*labels[row["id"]].get("defendants", []), *labels[row["id"]].get("victims", [])]
        yield Judgment("gold", row["id"], canonical(row["text"])), sorted({canonical(person["name"]) for person in persons} - {""})


def recall_of_names(judgments: Iterable[tuple[Judgment, list[str]]]) -> list[str]:
    """Share of mentions that are masked, and of persons no mention of whom is left; names that the text does not print are not counted."""
    mentions, hidden, persons, whole, absent = 0, 0, 0, 0, 0
    for judgment, names in judgments:
        found = masked(judgment)
        covered = {place for finding in found.findings for place in range(finding.start, finding.end)}
        for name in names:
            places = [m.start() for m in re.finditer(re.escape(name), judgment.text)]
            masks = [covered.issuperset(range(place, place + len(name))) for place in places]
            absent += not places
            mentions, hidden = mentions + len(masks), hidden + sum(masks)
            persons, whole = persons + bool(masks), whole + (bool(masks) and all(masks))
    return [
        f"mentions of defendants and victims: {hidden} of {mentions} masked, recall {hidden / mentions:.4f} (bar .99)",
        f"persons: {whole} of {persons} without a mention left, {whole / persons:.4f} (bar .99); {absent} names not printed as coded",
    ]


def marked_texts(path: Path) -> Iterator[tuple[str, list[tuple[int, int, str]]]]:
    """Our own texts, blank lines between them: (text without marks, the marked stretches with their kinds)."""
    for block in path.read_text("utf-8").split("\n\n"):
        text, spans = "", []
        last = 0
        for m in MARK.finditer(block):
            text += block[last : m.start()]
            spans.append((len(text), len(text) + len(m[2]), m[1]))
            text += m[2]
            last = m.end()
        yield canonical(text + block[last:]), spans


def scores(path: Path) -> list[str]:
    """By kind of what is marked: how much of it is hidden; and how many of the replaced characters should have stayed."""
    wanted, hidden, lost, replaced, characters = Counter[str](), Counter[str](), 0, 0, 0
    for text, spans in marked_texts(path):
        covered = {p for finding in masked(Judgment("own", "own", text)).findings for p in range(finding.start, finding.end)}
        for start, end, kind in spans:
            wanted[kind] += 1
            hidden[kind] += covered.issuperset(range(start, end))
        meant = {place for start, end, _ in spans for place in range(start, end)}
        lost, replaced, characters = lost + len(covered - meant), replaced + len(covered), characters + len(text)
    lines = [f"{kind}: {hidden[kind]} of {number} hidden as a whole" for kind, number in sorted(wanted.items())]
    return [*lines, f"characters replaced: {replaced} of {characters}; {lost} of them not marked, precision {1 - lost / replaced:.3f}"]


def looked_at(shared: Path) -> list[Judgment]:
    """Fifty real judgments, every ninth of middling length of a file that nothing here was written from."""
    judgments = (item for item in read([shared / "corpora/lecard_700.jsonl"]) if isinstance(item, Judgment))
    return list(islice((item for item in judgments if 800 < len(item.text) < 8000), 0, EVERY * LOOKED_AT, EVERY))


def what_is_lost(judgments: list[Judgment], show: Path | None) -> list[str]:
    """How much of ordinary judgments is replaced, by recogniser; with `show`, every replaced stretch goes to that file."""
    replaced, number, characters = Counter[str](), Counter[str](), 0
    out = show.open("w", encoding="utf-8") if show else None
    for judgment in judgments:
        characters += len(judgment.text)
        for finding in masked(judgment).findings:
            replaced[finding.rule] += finding.end - finding.start
            number[finding.rule] += 1
            if out:
                around = judgment.text[finding.start - CONTEXT : finding.start], judgment.text[finding.end : finding.end + CONTEXT]
                said = judgment.text[finding.start : finding.end]
                print(judgment.source_id, finding.rule, f"{around[0]}【{said}】{around[1]}".replace("\n", " "), sep="\t", file=out)
    if out:
        out.close()
    return [
        f"{rule}: {number[rule]} stretches, {1000 * count / characters:.1f} of 1,000 characters" for rule, count in replaced.most_common()
    ]


def main() -> None:
    """Print all of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, required=True, help="folder with gold/ and corpora/")
    parser.add_argument("--show", type=Path, help="write every replaced stretch of the judgments that are looked at to this file")
    options = parser.parse_args()
    masker()
    print("names, 119 coded judgments", *recall_of_names(coded(options.shared)), sep="\n  ")
    print("marked texts of our own", *scores(ROOT / "tests/cases/release_marked.txt"), sep="\n  ")
    judgments = looked_at(options.shared)
    print(f"what is replaced in {len(judgments)} real judgments", *what_is_lost(judgments, options.show), sep="\n  ")


if __name__ == "__main__":
    main()
