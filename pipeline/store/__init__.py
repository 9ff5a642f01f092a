"""The database that a run leaves behind: judgments, labels with quotations, and the analyst's tables, in one SQLite file."""

from pipeline.store.judgments import Added
from pipeline.store.runs import Rejected, Rejection
from pipeline.store.store import Store

__all__ = ["Added", "Rejected", "Rejection", "Store"]
