"""The store: one SQLite file in which the stages meet."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlite_utils import Database

from pipeline.schema import Judgment, Label
from pipeline.store import connection, imports, judgments, labels, ledger, links, materialise, predictions, queries, runs, search, verify
from pipeline.store.connection import connect, transaction, translated
from pipeline.store.imports import Harvest
from pipeline.store.judgments import Added
from pipeline.store.ledger import Hit, LedgerRow
from pipeline.store.predictions import Answer
from pipeline.store.queries import Brought, Document, Query, Question, Tally
from pipeline.store.runs import Rejection
from pipeline.store.search import Search


class Store:
    """An open database. Every writing method is one transaction: it happens as a whole or not at all.

    All methods raise StoreError, in one line that names the file, when SQLite cannot do its part (locked, full, damaged).
    """

    def __init__(self, path: Path, db: Database) -> None:
        self.path = path
        self.db = db
        self._changes_at_begin: dict[int, int] = {}

    @classmethod
    def open(cls, path: str | Path, create: bool = True) -> Self:
        """Open the database at `path`, migrated to this version. StoreError if it is absent, another program's, newer or no database."""
        return cls(Path(path), connect(Path(path), create))

    def close(self) -> None:
        """Move the write-ahead log into the file and close it."""
        try:
            with translated(self.path):
                self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        finally:
            self.db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if error is None:
            self.close()
        else:  # whatever went wrong is to be reported, not what closing makes of it
            self.db.close()

    def begin_run(self, command: str) -> int:
        """Note that a run of `command` has started; its id."""
        with transaction(self.db, self.path):
            run_id = runs.begin(self.db, command)
        self._changes_at_begin[run_id] = self.db.conn.total_changes
        return run_id

    def finish_run(self, run_id: int, counts: Mapping[str, object]) -> None:
        """Note that a run has ended. A run begun here that has changed nothing is forgotten: doing all twice changes nothing."""
        unchanged = self._changes_at_begin.pop(run_id, None) == self.db.conn.total_changes
        with transaction(self.db, self.path):
            if unchanged:
                runs.forget(self.db, run_id)
            else:
                runs.finish(self.db, run_id, counts)

    def add_judgments(self, run_id: int | None, batch: Sequence[Judgment]) -> Added:
        """Store the new judgments of a batch; of those whose text is already there, only where they were seen. (stored, duplicates)."""
        with transaction(self.db, self.path):
            return judgments.add(self.db, run_id, batch)

    def save_import(self, run_id: int, harvest: Harvest, reasons: Iterable[str]) -> Added:
        """Store what an import has read, with what it says of the files (see `imports.save`). (stored, known already)."""
        with transaction(self.db, self.path):
            return imports.save(self.db, run_id, harvest, tuple(reasons))

    def refused_for(self, reason: str) -> list[str]:
        """The files that were refused for `reason`."""
        rows = self.query("SELECT DISTINCT path FROM import_log WHERE outcome = 'rejected' AND reason = ?", [reason])
        return [str(row["path"]) for row in rows]

    def forget_refused(self, reason: str, paths: Sequence[str]) -> None:
        """Remove from the log that these files were refused for `reason`."""
        with transaction(self.db, self.path):
            imports.forget_refused(self.db, reason, paths)

    def log_rejected(self, run_id: int, rows: Iterable[Rejection]) -> None:
        """Log the records that could not be used, one row each; logged in an earlier run already: left as it is."""
        with transaction(self.db, self.path):
            runs.log_rejected(self.db, run_id, rows)

    def add_questions(self, questions: Iterable[Question]) -> list[Query]:
        """Note questions to a source as planned; one that is there already stays as it is. The queries in that order."""
        with transaction(self.db, self.path):
            return queries.add(self.db, questions)

    def queries(self, source: str | None = None) -> list[Query]:
        """The queries to a source, or to all, in the order in which they were added."""
        with translated(self.path):
            return queries.find(self.db, source)

    def move_query(
        self, query_id: int, *, state: str | None = None, position: int | None = None, found: int | None = None, detail: str = ""
    ) -> None:
        """Note where a query stands (see `queries.move`)."""
        with transaction(self.db, self.path):
            queries.move(self.db, query_id, state=state, position=position, found=found, detail=detail)

    def add_answer(
        self,
        run_id: int,
        query_id: int,
        brought: Sequence[Brought],
        rejected: Iterable[Rejection] = (),
        *,
        state: str | None = None,
        position: int | None = None,
        found: int | None = None,
    ) -> Added:
        """Store what an answer brings, its judgments, documents and refusals, together with where the query stands afterwards."""
        with transaction(self.db, self.path):
            added = judgments.add(self.db, run_id, [judgment for _, judgment in brought if judgment is not None])
            queries.bring(self.db, query_id, brought)
            runs.log_rejected(self.db, run_id, rejected)
            queries.move(self.db, query_id, state=state, position=position, found=found)
            return added

    def documents(self, query_id: int, state: str | None = None) -> list[Document]:
        """The documents that a query names, all or those that are `listed`, `fetched` or `refused`."""
        with translated(self.path):
            return queries.documents(self.db, query_id, state)

    def document_seen(self, source: str, source_id: str) -> Document | None:
        """What became of a document of this source, if it was fetched or refused already; else None."""
        with translated(self.path):
            return queries.seen(self.db, source, source_id)

    def judgment_from(self, source_id: str) -> str | None:
        """The id of a judgment that came under this identifier, from whatever source; else None."""
        with translated(self.path):
            return queries.held(self.db, source_id)

    def mark_fetched(self, source: str, source_id: str, judgment_id: str) -> int:
        """Mark a document as being in the database, in every query of the source that names it; in how many."""
        with transaction(self.db, self.path):
            return queries.fetched(self.db, source, source_id, judgment_id)

    def mark_refused(self, source: str, source_id: str, detail: str) -> int:
        """Mark a document as none that can be used, in every query of the source that names it; in how many."""
        with transaction(self.db, self.path):
            return queries.refused(self.db, source, source_id, detail)

    def tally(self, query_id: int) -> Tally:
        """How many documents of a query are named, fetched and refused."""
        with translated(self.path):
            return queries.tally(self.db, query_id)

    def ledger_row(self, path: str, keywords: str) -> LedgerRow | None:
        """How far the member of a dump at `path` has been read with the keywords of this fingerprint; None when never."""
        with translated(self.path):
            return ledger.read(self.db, path, keywords)

    def save_scanned(
        self, run_id: int, matches: Sequence[tuple[Judgment, Sequence[Hit]]], rejected: Iterable[Rejection], row: LedgerRow
    ) -> LedgerRow:
        """Store what a stretch of a dump came to, and in the same transaction that it has been read; the row with `stored` counted up."""
        found = [(row.path, judgment) for judgment, _ in matches]
        refused = {(each.path, each.place, each.reason): (each.detail, 1) for each in rejected}
        with transaction(self.db, self.path):
            added = imports.save(self.db, run_id, Harvest(found, refused), ())
            ledger.add_hits(self.db, row.keywords, matches)
            row = replace(row, stored=row.stored + added.stored)
            ledger.save(self.db, row)
        return row

    def pending(self, stage: str, fingerprint: str) -> Iterator[Judgment]:
        """Judgments that `stage` has not yet seen with this fingerprint (a hash of rules, model, codebook), `original` left out.

        In constant memory; the caller may write meanwhile.
        """
        with translated(self.path):
            yield from judgments.pending(self.db, stage, fingerprint)

    def count_pending(self, stage: str, fingerprint: str) -> int:
        """How many judgments `pending` will give."""
        with translated(self.path):
            return judgments.count_pending(self.db, stage, fingerprint)

    def replace_labels(
        self,
        stage: str,
        fingerprint: str,
        by: str | Set[str],
        batch: Iterable[tuple[str, Sequence[Label]]],
        codebook_version: str,
        variables: Set[str] | None = None,
        answers: Mapping[str, Sequence[Answer]] | None = None,
    ) -> None:
        """Make `batch`, (judgment_id, labels) each, all that `by` says about these judgments in `variables` (None: in any).

        `by` may be several voices of one speaker, as {"model", "model:out_of_fold"}: then what either said before is replaced.
        Marks the stage as done with them and brings the analyst's tables up to date. Labels that stay as they are keep their
        row. `answers`, by judgment: how probable each value is, replaced likewise (None: they stay). StoreError, and nothing written, for an unknown judgment, a label of another voice or variable, or a span outside the text.
        """
        wanted: dict[str, list[Label]] = {}
        for judgment_id, said in batch:
            wanted.setdefault(judgment_id, []).extend(said)
        with transaction(self.db, self.path):
            labels.replace(self.db, {by} if isinstance(by, str) else by, wanted, codebook_version, variables)
            if answers is not None:
                predictions.replace(self.db, {by} if isinstance(by, str) else by, {key: answers.get(key, ()) for key in wanted}, variables)
            labels.mark_done(self.db, stage, fingerprint, wanted)
            materialise.refresh(self.db, list(wanted))

    def labels(self, judgment_id: str, by: str | None = None) -> list[Label]:
        """The labels of a judgment with their spans, of one voice or of all."""
        with translated(self.path):
            return labels.read(self.db, judgment_id, by)

    def judgment(self, judgment_id: str) -> Judgment | None:
        """The judgment with this id, original text included, or None."""
        with translated(self.path):
            return judgments.one(self.db, judgment_id)

    def judgments(self) -> Iterator[Judgment]:
        """All judgments in the order in which they came, `original` left out; constant memory."""
        with translated(self.path):
            yield from judgments.every(self.db)

    def save_signatures(self, form: str, batch: Sequence[links.SignatureRow]) -> None:
        """Store what was read off these texts for linking; `form` names how, so that each is read once (stage "sign")."""
        with transaction(self.db, self.path):
            links.sign(self.db, batch)
            labels.mark_done(self.db, "sign", form, [row.judgment_id for row in batch])

    def identities(self) -> Iterator[links.Identity]:
        """What is known of the identity of each judgment that has a signature and has been extracted, by id."""
        with translated(self.path):
            yield from links.identities(self.db)

    def citations(self) -> list[tuple[str, links.CitedRow]]:
        """(judgment_id, citation) for every court document that a judgment cites."""
        with translated(self.path):
            return list(links.citations(self.db))

    def save_links(
        self, rows: Iterable[links.LinkRow], chain: Mapping[str, str], copy_of: Mapping[str, str], meanings: Iterable[links.Meaning]
    ) -> int:
        """Make these all the links, chains, copies and meanings of citations that there are; how many rows that changed."""
        with transaction(self.db, self.path):
            return links.relate(self.db, rows, chain, copy_of, meanings)

    def count(self) -> int:
        """How many judgments there are."""
        with translated(self.path):
            return int(self.db.execute("SELECT count(*) FROM judgments").fetchone()[0])

    def count_undecided(self) -> int:
        """How many judgments the models leave to a person (the view `undecided`)."""
        return int(self.query("SELECT count(DISTINCT judgment_id) AS n FROM undecided")[0]["n"])

    def query(self, sql: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> list[dict[str, Any]]:
        """The rows of a SELECT, as dictionaries. It cannot write: StoreError for any statement that would."""
        with translated(self.path):
            return connection.read_only(self.db, sql, parameters)

    @contextmanager
    def asked(self, sql: str) -> Iterator[sqlite3.Cursor]:
        """The rows of somebody's own SELECT as they come (see `connection.asked`)."""
        with translated(self.path), connection.asked(self.db, sql) as cursor:
            yield cursor

    def search(self, query: str, limit: int | None = None) -> list[str]:
        """Ids of the judgments that a query finds (see `search.syntax`), in the order in which they came."""
        with translated(self.path):
            return search.search(self.db, query, limit)

    def prepare_search(self, query: str, in_scope: bool = False) -> Search:
        """A search as SQL over the view `search`."""
        with translated(self.path):
            return search.prepare(self.db, query, in_scope)

    def verify(self) -> list[str]:
        """One line for each thing in the database that is not as it should be; empty when all is well."""
        with translated(self.path):
            return list(verify.violations(self.db))
