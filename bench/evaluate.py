"""`make eval`: run the whole job on the coded judgments in shared/gold and call its ruler, score.py; compare with the floors.

The judgments of hospital_train are the models' training texts: what is scored there are out-of-fold answers (see models/*/card.md).
The floors of `annotations/floors.json` never fall silently: lowering one takes `--lower "reason"`, and the reason belongs in CHANGELOG.md.
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
SETS = ("core_dev", "hospital_train")
SLACK = 0.0005  # rounding of the scores that the ruler prints


def main() -> int:
    """Measure, print the tables, and compare with the floors; 1 when a floor has fallen."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--raise-floors", action="store_true", help="write the scores reached as the new floors, where they are higher")
    parser.add_argument("--lower", metavar="REASON", help="also write lower scores as floors; say why")
    options = parser.parse_args()
    gold = options.shared / "gold"
    if not gold.is_dir():
        print(f"{gold} is absent: nothing to measure against; name the folder with --shared")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        reached = {name: score(gold, name, Path(folder)) for name in SETS}
        reached["screen_negatives"] = {"not_in_scope": refused(gold, Path(folder))}
    return settle(reached, fingerprint(gold), options)


def score(gold: Path, name: str, folder: Path) -> dict[str, float]:
    """Scores of one coded set by the ruler; prints its table."""
    database, table = folder / f"{name}.db", folder / f"{name}.json"
    anjuan("run", str(gold / f"{name}.texts.jsonl"), "--db", str(database), "--quiet")
    print(f"\n== {name}", flush=True)
    ruler = [sys.executable, str(gold / "score.py"), str(gold / f"{name}.labels.jsonl"), str(database), "--json", str(table)]
    subprocess.run(ruler, check=True)
    verify(database)
    variables: dict[str, Any] = json.loads(table.read_text("utf-8"))["variables"]
    found = {variable: round(float(row["score"]), 4) for variable, row in variables.items()}
    return found | {f"{v}:macro_f1": round(row["macro_f1"], 4) for v, row in variables.items() if v in ("in_scope", "attack_type")}


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


def fingerprint(gold: Path) -> str:
    """Hash of the coded files, so that floors are never compared across different data."""
    digest = hashlib.blake2b(digest_size=8)
    for path in sorted(gold.glob("*.jsonl")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def settle(reached: dict[str, dict[str, float]], data: str, options: argparse.Namespace) -> int:
    """Compare with the floors, and write new ones when asked to."""
    from pipeline.codebook import load

    kept = json.loads(FLOORS.read_text("utf-8")) if FLOORS.exists() else {"data": data, "floors": {}}
    if kept["data"] != data:
        print("\nthe coded files are not those that the floors were set on: floors not compared")
        return 0
    floors: dict[str, dict[str, float]] = kept["floors"]
    fallen = [(s, v, floors[s][v], x) for s, row in reached.items() for v, x in row.items() if x < floors.get(s, {}).get(v, 0) - SLACK]
    for name, variable, floor, now in fallen:
        print(f"fallen: {name} {variable} {floor:.4f} -> {now:.4f}")
    if options.raise_floors or options.lower:
        better = {s: {v: x if options.lower else max(x, floors.get(s, {}).get(v, 0)) for v, x in row.items()} for s, row in reached.items()}
        FLOORS.write_text(json.dumps({"codebook": load().version, "data": data, "floors": better}, indent=1) + "\n", "utf-8")
        return 0
    return int(bool(fallen))


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main())
