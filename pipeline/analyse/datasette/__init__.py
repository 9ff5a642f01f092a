"""Datasette over the database, read-only and on this machine alone: words from the dictionary, facets, ready questions."""

from __future__ import annotations

from pipeline.analyse.datasette.metadata import metadata
from pipeline.analyse.datasette.serving import build, serve

__all__ = ["build", "metadata", "serve"]
