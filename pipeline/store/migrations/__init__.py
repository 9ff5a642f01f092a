"""The schema of the database as numbered steps; `PRAGMA user_version` holds the number of the last step that a file has seen.

A step that has been released is never changed: add the next one at the end. Every table is STRICT, every reference a foreign key.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlite_utils import Database

from pipeline.store.migrations.coding import codebook_in_the_database, coding_by_people, recoding_list
from pipeline.store.migrations.collecting import case_links, keyword_hits_and_ledger, queries
from pipeline.store.migrations.describing import dictionary
from pipeline.store.migrations.judgments import judgments_and_runs, search_index
from pipeline.store.migrations.labels import (
    answers_of_the_court,
    disposition_in_full,
    labels_and_evidence,
    prediction_sets,
    projections,
    renew_views,
)
from pipeline.store.migrations.searching import every_sign_counts

APPLICATION_ID = 0x616E6A75  # "anju": tells the file from another program's database

MIGRATIONS: tuple[Callable[[Database], None], ...] = (
    *(judgments_and_runs, labels_and_evidence, projections, search_index, renew_views, answers_of_the_court),
    disposition_in_full,
    keyword_hits_and_ledger,
    queries,
    case_links,
    prediction_sets,
    codebook_in_the_database,
    coding_by_people,
    recoding_list,
    dictionary,
    every_sign_counts,
    renew_views,  # disagreements in a third of the time; none says what DuckDB cannot read
)
