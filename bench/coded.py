"""The coded sets that `make eval` measures on; another set is one more line in SETS.

A set of shared/gold brings its texts, and `heldout`, which nobody may learn from or write rules by, ships with them. A set of annotations/ is keyed by `corpus` and `id` and holds no text: the texts come from
shared/corpora, and a person's name is a pair of places in the canonical text.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
# corpus: file, key of the identifier, key of the text
CORPORA = {"judge_test": ("judge_test.jsonl", "text_id", "fd"), "lecard_700": ("lecard_700.jsonl", "ajId", "qw")}

Record = dict[str, Any]


@dataclass(frozen=True)
class CodedSet:
    """Coded judgments: texts and labels with the same `id`, and the part that each belongs to."""

    name: str
    texts: list[Record]
    labels: list[Record]
    parts: dict[str, str]

    @property
    def fingerprint(self) -> str:
        """Hash of texts and labels: floors are never compared across different data."""
        digest = hashlib.blake2b(digest_size=8)
        for record in (*self.texts, *self.labels):
            digest.update(json.dumps(record, ensure_ascii=False, sort_keys=True).encode("utf-8", "surrogatepass"))
        return digest.hexdigest()

    def write(self, folder: Path, part: str = "") -> tuple[Path, Path]:
        """Write the texts, and the labels of one part or of all; the paths of both files."""
        texts, labels = folder / f"{self.name}.texts.jsonl", folder / f"{self.name}.{part or 'all'}.labels.jsonl"
        _write(texts, self.texts)
        _write(labels, [record for record in self.labels if part in ("", self.parts[record["id"]])])
        return texts, labels


def coded_sets(shared: Path) -> list[CodedSet]:
    """Every set that is there."""
    return [found for name, read in SETS.items() if (found := read(shared, name))]


def _of_gold(shared: Path, name: str) -> CodedSet | None:
    """A set of shared/gold, in two halves by a hash of the identifier."""
    texts, labels = (shared / "gold" / f"{name}.{kind}.jsonl" for kind in ("texts", "labels"))
    if not labels.exists():
        return None
    records = _read(labels)
    return CodedSet(name, _read(texts), records, {record["id"]: _half(record["id"]) for record in records})


def _of_annotations(shared: Path, name: str) -> CodedSet | None:
    """A set of annotations/ over shared/corpora, in the parts that its records name."""
    path = ROOT / "annotations" / f"{name}.jsonl"
    if not path.exists() or not (shared / "corpora").is_dir():
        return None
    from pipeline.text import canonical

    records = _read(path)
    corpora = {corpus: _texts(shared, corpus) for corpus in {record["corpus"] for record in records}}
    texts = {record["id"]: canonical(corpora[record["corpus"]][record["id"]]) for record in records}
    labels = [_with_names(record, texts[record["id"]]) for record in records]
    return CodedSet(
        name,
        [{"id": key, "title": "", "text": text} for key, text in texts.items()],
        labels,
        {record["id"]: record["part"] for record in records},
    )


def _of_corpora(shared: Path, name: str) -> CodedSet:
    """A set whose texts ship, in two halves by a hash of the identifier."""
    records = _read(ROOT / "annotations" / f"{name}.jsonl")
    return CodedSet(name, _read(ROOT / "corpora" / f"{name}.jsonl"), records, {record["id"]: _half(record["id"]) for record in records})


def _texts(shared: Path, corpus: str) -> dict[str, str]:
    file, key, text = CORPORA[corpus]
    return {record[key]: record[text] for record in _read(shared / "corpora" / file)}


def _with_names(record: Record, text: str) -> Record:
    """The record with its persons' names as the text prints them."""
    people = {
        key: [person | {"name": text[slice(*person["name"])]} for person in record[key]]
        for key in ("defendants", "victims")
        if key in record
    }
    return record | people


def _half(identifier: str) -> str:
    return "even" if hashlib.blake2b(identifier.encode(), digest_size=1).digest()[0] % 2 == 0 else "odd"


def _read(path: Path) -> list[Record]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def _write(path: Path, records: list[Record]) -> None:
    path.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records), "utf-8")


SETS: dict[str, Callable[[Path, str], CodedSet | None]] = {
    "core_dev": _of_gold,
    "violence": _of_annotations,
    "hospital_train": _of_gold,
    "heldout": _of_corpora,
}
