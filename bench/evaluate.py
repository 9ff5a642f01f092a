"""`make eval`: run the whole job on the coded judgments and call the ruler of shared/gold, score.py; compare with the floors.

Every set is also scored in two parts, side by side: rules that were fitted to the documents of one part show as a gap.
The judgments of hospital_train are the models' training texts: what is scored there are out-of-fold answers (see models/*/card.md).
The floors of `annotations/floors.json` never fall silently: lowering one takes `--lower "reason"`, and the reason stands in CHANGELOG.md.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
FLOORS = ROOT / "annotations" / "floors.json"
CHANGELOG = ROOT / "CHANGELOG.md"
SLACK = 0.0005  # rounding of the scores that the ruler prints
GAP = 0.03  # between two parts of a set; more is marked

Scores = dict[str, float]


def main() -> int:
    """Measure, print the tables, and compare with the floors; 1 when a floor has fallen."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--raise-floors", action="store_true", help="write the scores reached as the new floors, where they are higher")
    parser.add_argument("--lower", metavar="REASON", help="also write lower scores as floors; the reason stands in CHANGELOG.md")
    options = parser.parse_args()
    gold = options.shared / "gold"
    if not gold.is_dir():
        print(f"{gold} is absent: nothing to measure against; name the folder with --shared")
        return 0
    if options.lower is not None and not told(options.lower):
        print(f"floors are lowered only for a reason that CHANGELOG.md gives, and {options.lower!r} does not stand there")
        return 1
    reached, data = measure(gold)
    return settle(reached, data, options)


def told(reason: str) -> bool:
    """Whether CHANGELOG.md gives the reason, wherever its lines break."""
    words = " ".join(reason.split())
    return len(words) > 10 and words in " ".join(CHANGELOG.read_text("utf-8").split())


def measure(gold: Path) -> tuple[dict[str, Scores], dict[str, str]]:
    """Scores and fingerprint of every set; prints the tables."""
    from coded import coded_sets

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sets = coded_sets(gold.parent)
        reached = {coded.name: score(gold, coded, folder) for coded in sets}
        data = {coded.name: coded.fingerprint for coded in sets}
        reached["screen_negatives"] = {"not_in_scope": refused(gold, folder)}
        data["screen_negatives"] = file_fingerprint(gold / "screen_negatives.texts.jsonl")
    return reached, data


def score(gold: Path, coded: Any, folder: Path) -> Scores:
    """Scores of one coded set by the ruler; prints its table, and that of its parts."""
    database = folder / f"{coded.name}.db"
    texts, labels = coded.write(folder)
    anjuan("run", str(texts), "--db", str(database), "--quiet")
    print(f"\n== {coded.name}", flush=True)
    whole = ruler(gold, labels, database)
    verify(database)
    parts = {part: ruler(gold, coded.write(folder, part)[1], database, quiet=True) for part in sorted(set(coded.parts.values()))}
    print_parts(coded, whole, parts)
    return whole


def ruler(gold: Path, labels: Path, database: Path, quiet: bool = False) -> Scores:
    """What score.py says of a database, by variable."""
    table = labels.with_suffix(".json")
    command = [sys.executable, str(gold / "score.py"), str(labels), str(database), "--json", str(table)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL if quiet else None)
    variables: dict[str, Any] = json.loads(table.read_text("utf-8"))["variables"]
    found = {variable: round(float(row["score"]), 4) for variable, row in variables.items()}
    return found | {f"{v}:macro_f1": round(row["macro_f1"], 4) for v, row in variables.items() if v in ("in_scope", "attack_type")}


def print_parts(coded: Any, whole: Scores, parts: dict[str, Scores]) -> None:
    """The parts side by side; a gap of more than GAP is marked."""
    sizes = ", ".join(f"{part} {sum(p == part for p in coded.parts.values())}" for part in parts)
    print(f"\n{coded.name} in parts ({sizes} judgments)")
    print(f"{'variable':26}{'all':>8}" + "".join(f"{part:>13}" for part in parts) + f"{'gap':>8}")
    for variable, value in whole.items():
        row = [scores.get(variable) for scores in parts.values()]
        known = [x for x in row if x is not None]
        gap = max(known) - min(known) if len(known) > 1 else 0.0
        cells = "".join(f"{'' if x is None else f'{x:.3f}':>13}" for x in row)
        print(f"{variable:26}{value:8.3f}{cells}{gap:8.3f}{'  !' if gap > GAP else ''}")


def verify(database: Path) -> None:
    """Every evidence row must quote its judgment word for word."""
    from pipeline.store import Store

    with Store.open(database, create=False) as store:
        rows, wrong = store.query("SELECT count(*) AS n FROM evidence")[0]["n"], store.verify()
    print(f"evidence: {rows} quotations, {len(wrong)} violations")
    if wrong:
        raise SystemExit("\n".join(wrong[:10]))


def refused(gold: Path, folder: Path) -> float:
    """Share of the hard negatives that the screening rightly keeps out."""
    from pipeline.store import Store

    database = folder / "negatives.db"
    anjuan("run", str(gold / "screen_negatives.texts.jsonl"), "--db", str(database), "--quiet")
    with Store.open(database, create=False) as store:
        counted = store.query("SELECT count(*) AS n, coalesce(sum(in_scope), 0) AS wrong FROM cases")[0]
    print(f"\n== screen_negatives: {counted['wrong']} of {counted['n']} called in scope ({counted['wrong'] / counted['n']:.1%})")
    return round(1 - counted["wrong"] / counted["n"], 4)


def anjuan(*arguments: str) -> None:
    """Run the command line as a user would, without its table."""
    subprocess.run([sys.executable, str(ROOT / "cli.py"), *arguments], check=True, stdout=subprocess.DEVNULL)


def settle(reached: dict[str, Scores], data: dict[str, str], options: argparse.Namespace) -> int:
    """Compare with the floors, and write new ones when asked to."""
    from pipeline.codebook import load

    kept: dict[str, Any] = (
        json.loads(FLOORS.read_text("utf-8")) if FLOORS.exists() else {"codebook": load().version, "data": {}, "floors": {}}
    )
    if kept["codebook"] != load().version:
        print(f"\nthe floors were set with codebook {kept['codebook']}; this is {load().version}")
    same = {name for name in reached if kept["data"].get(name) == data[name]}
    for name in sorted(reached.keys() - same):
        print(f"\n{name}: no floors were set on these coded files: not compared")
    floors: dict[str, Scores] = {name: kept["floors"].get(name, {}) for name in same}
    fallen = report_fallen(reached, floors)
    if not (options.raise_floors or options.lower):
        return int(fallen)
    better = {s: {v: x if options.lower else max(x, floors.get(s, {}).get(v, 0)) for v, x in row.items()} for s, row in reached.items()}
    content = {"codebook": load().version, "data": kept["data"] | data, "floors": kept["floors"] | better}
    FLOORS.write_text(json.dumps(content, indent=1) + "\n", "utf-8")
    return 0


def report_fallen(reached: dict[str, Scores], floors: dict[str, Scores]) -> bool:
    """Print every score below its floor, and every floor whose variable is scored no more."""
    fallen = False
    for name, row in floors.items():
        for variable, floor in row.items():
            now = reached[name].get(variable)
            if now is None or now < floor - SLACK:
                print(f"fallen: {name} {variable} {floor:.4f} -> {'not scored' if now is None else f'{now:.4f}'}")
                fallen = True
    return fallen


def file_fingerprint(path: Path) -> str:
    """Hash of a file."""
    return hashlib.blake2b(path.read_bytes(), digest_size=8).hexdigest()


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main())
