"""Step for full-text search: every sign counts, and a view under which any SQLite tool can search."""

from __future__ import annotations

import sys

from sqlite_utils import Database

from pipeline.store.migrations.labels import renew_views
from pipeline.store.search.indexing import rebuild

MANY = 2_000  # judgments: the rest is done before anybody wonders


def every_sign_counts(db: Database) -> None:
    """Index all texts anew: signs that the index did not know (□, △, $, 「) fell out, and the words around them became one."""
    judgments = db.execute("SELECT count(*) FROM indexed").fetchone()[0]
    if judgments > MANY:
        print(f"anjuan: indexing the texts of {judgments:,} judgments anew, once; this may take minutes", file=sys.stderr)
    rebuild(db)
    renew_views(db)
