"""What the rules come to in a database: what each supports, which never fired, and how many judgments have evidence for a variable."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice

from pipeline.codebook import Codebook, load
from pipeline.extract.engine.matching import find
from pipeline.extract.engine.rules import Rule, load_rules
from pipeline.store import Store
from pipeline.text import Document
from pipeline.workshop.deciders import DECIDERS
from pipeline.workshop.files import names

READ = 2000  # judgments read to tell a rule that never fires from one that fires and is never quoted
_COUNTS = """SELECT rule, count(DISTINCT label_id) AS labels, count(*) AS quotations, count(DISTINCT judgment_id) AS judgments
    FROM evidence WHERE "by" = 'rules' AND (:variable IS NULL OR variable = :variable) GROUP BY rule ORDER BY judgments DESC, rule"""
_SHARES = """SELECT variable, count(DISTINCT judgment_id) AS judgments FROM evidence
    WHERE "by" = 'rules' AND (:variable IS NULL OR variable = :variable) GROUP BY variable"""

Counts = Mapping[str, tuple[int, int, int]]


def coverage(store: Store, variable: str | None = None) -> str:
    """The account over a database, of all variables or of one; CodebookError for an unknown variable."""
    codebook = load()
    if variable is not None:
        codebook[variable]
    counts = {row["rule"]: (row["labels"], row["quotations"], row["judgments"]) for row in store.query(_COUNTS, {"variable": variable})}
    files = DECIDERS[variable].files if variable else tuple(names())
    rules = {rule.id: (file, rule) for file in files for rule in load_rules(file)}
    silent = [rule for rule_id, (_, rule) in rules.items() if rule_id not in counts]
    read, fired = _fired(store, silent)
    file_of = {rule_id: file for rule_id, (file, _) in rules.items()}
    return "\n".join(
        [
            *_table("rules", {rule: row for rule, row in counts.items() if rule in rules}, file_of),
            *_table("extractors that quote without a rule of these files", {r: row for r, row in counts.items() if r not in rules}, {}),
            *_unquoted("fired, but no label quotes them by name", [r for r in silent if r.id in fired], file_of),
            *_unquoted(f"never fired in {_judgments(read, store.count())}", [r for r in silent if r.id not in fired], file_of),
            *_shares(store, codebook, variable),
        ]
    )


def _fired(store: Store, rules: Sequence[Rule]) -> tuple[int, set[str]]:
    """(judgments read, ids of the rules that fire in one of them); reads no further when every rule has fired."""
    waiting, read = {rule.id: rule for rule in rules}, 0
    for judgment in islice(store.judgments(), READ):
        if not waiting:
            break
        document = Document.of(judgment)
        for rule in [rule for rule in waiting.values() if find([rule], document)]:
            del waiting[rule.id]
        read += 1
    return read, {rule.id for rule in rules} - waiting.keys()


def _judgments(read: int, stored: int) -> str:
    return f"{read} judgments" if read == stored else f"the first {read} of {stored} judgments"


def _table(title: str, counts: Counts, file_of: Mapping[str, str]) -> list[str]:
    if not counts:
        return []
    width = max(map(len, counts))
    rows = [f"  {rule:{width}} {row[0]:8} {row[1]:11} {row[2]:10}  {file_of.get(rule, '')}".rstrip() for rule, row in counts.items()]
    return [f"{title} ({len(counts)})", f"  {'':{width}} {'labels':>8} {'quotations':>11} {'judgments':>10}", *rows, ""]


def _unquoted(title: str, rules: Iterable[Rule], file_of: Mapping[str, str]) -> list[str]:
    """Rules by file, one file a line."""
    by_file: dict[str, list[str]] = {}
    for rule in rules:
        by_file.setdefault(file_of[rule.id], []).append(rule.id)
    if not by_file:
        return []
    lines = [f"  {file}: {', '.join(ids)}" for file, ids in by_file.items()]
    return [f"{title} ({sum(map(len, by_file.values()))})", *lines, ""]


def _shares(store: Store, codebook: Codebook, variable: str | None) -> list[str]:
    """For each variable in how many judgments the rules quote words for it."""
    total = store.count()
    found = {row["variable"]: row["judgments"] for row in store.query(_SHARES, {"variable": variable})}
    shown = [variable] if variable else [name for name in codebook.variables if name in found]
    rows = [f"  {name:24} {found.get(name, 0):8} {found.get(name, 0) / max(total, 1):7.1%}" for name in shown]
    return [f"judgments with evidence, of {total}", *rows]
