"""Chinese full-text search in plain SQLite: the index, the language in which it is asked, and the SQL that answers."""

from __future__ import annotations

from pipeline.store.search.asking import Search, prepare, search
from pipeline.store.search.indexing import IGNORED, index, rebuild, searchable, spaced

__all__ = ["IGNORED", "Search", "index", "prepare", "rebuild", "search", "searchable", "spaced"]
