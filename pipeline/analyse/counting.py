"""Everything that the tables of a study are made of, counted once: for tables on paper, and for the manifest that proves them."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.analyse.catalogue import count_all
from pipeline.analyse.numbers import Measured, count_measures
from pipeline.analyse.published import load_study
from pipeline.analyse.reading import EVERY, Case, cases_in_scope, rows
from pipeline.analyse.tables import Table, tabulate
from pipeline.codebook import load
from pipeline.schema import AnjuanError

if TYPE_CHECKING:
    from pipeline.analyse.correcting import Corrected

TABLE_ONE = "one"
CORRECTED = ("attack_type",)  # the variables whose shares are corrected; `anjuan corrected` has the others
_DRAWN = "SELECT EXISTS (SELECT 1 FROM samples WHERE task = 'code') AS found"


@dataclass(frozen=True, slots=True)
class Counted:
    """The cases in scope, the tables by name (Table 1 is "one"), the measures, and the corrected shares of attack types.

    `corrected` is None where no sample for coding was drawn, or where samples cannot be combined: `refusal` then says why.
    """

    view: str
    cases: list[Case]
    tables: Mapping[str, Table]
    measures: list[Measured]
    corrected: Corrected | None
    refusal: str = ""


def count_study(connection: sqlite3.Connection, view: str = EVERY) -> Counted:
    """Count over an open database; StoreError when tables are missing."""
    cases = cases_in_scope(connection, view)
    tables = {TABLE_ONE: tabulate(cases, load(), load_study(), view), **count_all(connection, view)}
    corrected, refusal = _corrected(connection)
    return Counted(view, cases, tables, count_measures(connection, view), corrected, refusal)


def _corrected(connection: sqlite3.Connection) -> tuple[Corrected | None, str]:
    """The corrected shares; where no sample was drawn, nothing is read of the machine's labels of a million cases."""
    if not next(rows(connection, _DRAWN))["found"]:
        return None, ""
    from pipeline.analyse.correcting import corrected_table

    try:
        return corrected_table(connection, CORRECTED), ""
    except AnjuanError as error:
        return None, str(error)
