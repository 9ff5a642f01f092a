"""The database that a run leaves behind: judgments, labels with quotations, and the analyst's tables, in one SQLite file."""

import pipeline.store.lightly  # noqa: F401  (first: see there)
from pipeline.store.assignments import Assignment, FrameRow, NewAssignment, Progress, QueueRow, Sample
from pipeline.store.changes import Change
from pipeline.store.coders import Coder, Session
from pipeline.store.desk import Desk
from pipeline.store.entries import Save, Saved
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
    "Assignment",
    "Brought",
    "Change",
    "Coder",
    "Desk",
    "Document",
    "Finished",
    "FrameRow",
    "Harvest",
    "LedgerRow",
    "NewAssignment",
    "Progress",
    "Query",
    "Question",
    "QueueRow",
    "Rejected",
    "Rejection",
    "Sample",
    "Save",
    "Saved",
    "Session",
    "Store",
    "Tally",
    "refusal_key",
]
