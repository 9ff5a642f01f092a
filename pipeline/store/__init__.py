"""The database that a run leaves behind: judgments, labels with quotations, and the analyst's tables, in one SQLite file."""

from pipeline.store.imports import Finished, Harvest, refusal_key
from pipeline.store.judgments import Added
from pipeline.store.ledger import LedgerRow
from pipeline.store.predictions import Answer
from pipeline.store.queries import Brought, Document, Query, Question, Tally
from pipeline.store.runs import Rejected, Rejection
from pipeline.store.store import Store

__all__ = [
    "Added",
    "Answer",
    "Brought",
    "Document",
    "Finished",
    "Harvest",
    "LedgerRow",
    "Query",
    "Question",
    "Rejected",
    "Rejection",
    "Store",
    "Tally",
    "refusal_key",
]
