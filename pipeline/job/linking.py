"""Linking: reads the signature of every new text, then links copies of one document and instances of one case over the whole database."""

from __future__ import annotations

from dataclasses import dataclass
from sys import intern

import numpy as np

from pipeline import engine
from pipeline.job.progress import Progress
from pipeline.job.stages import StageCounts
from pipeline.link import FORM, Citation, Document, Linked, Relation, Signature, link, sign
from pipeline.link.case_number import key
from pipeline.schema import RecordError
from pipeline.store import Rejected, Store
from pipeline.store.links import Identity, Meaning, SignatureRow

STAGE = "sign"


@dataclass
class LinkCounts(StageCounts):
    """What linking came to: `done` texts newly read, copies, links between instances, cases, cited instances that are not stored.

    `changed` counts the rows that are different from before.
    """

    judgments: int = 0
    copies: int = 0
    instances: int = 0
    cases: int = 0
    missing: int = 0
    changed: int = 0

    @property
    def line(self) -> str:
        """What was linked, for people."""
        told = f"{self.judgments} judgments, {self.copies} copies, {self.instances} links between instances, {self.cases} cases"
        return f"{told}; {self.missing} cited instances are not in the database"


def link_judgments(store: Store, run_id: int, jobs: int, progress: Progress) -> LinkCounts:
    """Link all judgments. Texts are read once; the links are made anew from what is known now, in one transaction."""
    counts = LinkCounts()
    _sign(store, jobs, progress, counts)
    rows = [Rejected(j.path or j.source_id, j.judgment_id, error.reason, error.detail) for j, error in counts.failed]
    store.log_rejected(run_id, rows)
    progress.note("link")
    linked = link([_document(row) for row in store.identities()], _citations(store), lambda judgment_id: _text(store, judgment_id))
    meanings = [
        Meaning(judgment_id, row.citation.start, row.relation.value, row.cited_id)
        for judgment_id, rows in linked.cited.items()
        for row in rows
    ]
    links = [(row.judgment_id, row.other_id, row.relation.value, row.score, row.reason) for row in linked.links]
    counts.changed = store.save_links(links, linked.chain, linked.copy_of, meanings)
    _count(counts, linked)
    return counts


def _sign(store: Store, jobs: int, progress: Progress, counts: LinkCounts) -> None:
    progress.start("link", store.count_pending(STAGE, FORM))
    for batch in engine.run(sign, store.pending(STAGE, FORM), jobs):
        read = [(judgment.judgment_id, signature) for judgment, signature in batch if isinstance(signature, Signature)]
        store.save_signatures(FORM, [SignatureRow(judgment_id, s.exact, s.sketch, s.kind, s.citations) for judgment_id, s in read])
        counts.done += len(read)
        counts.failed += [(judgment, error) for judgment, error in batch if isinstance(error, RecordError)]
        progress.advance(len(batch))


def _document(row: Identity) -> Document:
    # Courts, days and kinds recur a thousand times: kept once each.
    court, day, level, kind = map(intern, (row.court, row.decided_on, row.trial_level, row.kind))
    sketch = np.frombuffer(row.sketch, dtype="<u4")
    number = key(row.case_number)
    return Document(row.judgment_id, row.case_number, court, day, level, kind, row.characters, row.defendants, row.exact, sketch, number)


def _citations(store: Store) -> dict[str, list[Citation]]:
    found: dict[str, list[Citation]] = {}
    for judgment_id, row in store.citations():
        found.setdefault(judgment_id, []).append(Citation(*row))
    return found


def _text(store: Store, judgment_id: str) -> str:
    judgment = store.judgment(judgment_id)
    return judgment.text if judgment else ""


def _count(counts: LinkCounts, linked: Linked) -> None:
    counts.judgments, counts.copies = len(linked.chain), len(linked.copy_of)
    counts.instances = sum(row.judgment_id not in linked.copy_of and row.other_id not in linked.copy_of for row in linked.links)
    counts.cases = len(set(linked.chain.values()))
    counts.missing = len(
        {
            (judgment_id, row.citation.number or row.citation.court)
            for judgment_id, rows in linked.cited.items()
            for row in rows
            if row.relation is not Relation.MENTIONED and not row.cited_id
        }
    )
