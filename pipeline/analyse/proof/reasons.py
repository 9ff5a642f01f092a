"""Why a judgment is counted elsewhere than before: a change by a person, other rules or models, another codebook, a new document."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pipeline.analyse.catalogue import catalogue
from pipeline.analyse.counting import TABLE_ONE
from pipeline.analyse.numbers import MEASURES
from pipeline.analyse.proof.manifest import Manifest
from pipeline.analyse.reading import Row, rows

# Columns that are made of other variables, or of those and others.
_MADE_OF: Mapping[str, tuple[str, ...]] = {
    "year": ("decided_on",),
    "province": ("court", "province"),
    "court_level": ("court", "court_level"),
    "worst_injury": ("worst_injury", "injury"),
    "persons": ("persons", "role"),
    "role": ("role", "persons"),
    **{measure.name: measure.made_of for measure in MEASURES},
}
_STAGES = {"rules": ("extract",), "model": ("screen", "classify"), "adjudicated": (), "screen": ()}
_TRUSTED = """CASE WHEN "by" = 'adjudicated' THEN 0 WHEN "by" LIKE 'model%' THEN 3 WHEN "by" LIKE 'rules%' THEN 4 WHEN "by" = 'screen' THEN 2 ELSE 1 END"""


class Reasons:
    """Looks up in a database what has happened to a judgment since a manifest was written."""

    def __init__(self, connection: sqlite3.Connection, manifest: Manifest, rebuilt: bool) -> None:
        self._connection, self._told, self._rebuilt = connection, manifest.told, rebuilt
        self._columns = {each.name: each.column for each in catalogue()}

    def case_number(self, judgment: str) -> str:
        """The case number, "" where the database has none."""
        return next((str(row["case_number"]) for row in self._rows("SELECT case_number FROM cases WHERE judgment_id = ?", judgment)), "")

    def of_type(self, judgment: str, before: str, after: str) -> str:
        """Why the type is another one, or why a judgment is counted that was not, or the other way round."""
        if before and after:
            return self._said(judgment, ("attack_type",))
        case = next(self._rows("SELECT c.in_scope, c.duplicate_of, c.chain_id, j.added_at FROM cases AS c JOIN judgments AS j USING (judgment_id) WHERE c.judgment_id = ?", judgment), None)  # fmt: skip
        if case is None:
            return "the database does not hold this judgment"
        if after and not self._rebuilt and case["added_at"] > self._told["written_at"]:
            return f"added to the database on {case['added_at']}"
        if case["in_scope"] == 1 and not after:
            return f"another document of its case ({case['duplicate_of'] or case['chain_id']}) is counted instead"
        return f"in_scope is {'not known' if case['in_scope'] is None else case['in_scope']} now; {self._said(judgment, ('in_scope',))}"

    def of_variable(self, judgment: str, table: str, variable: str) -> str:
        """Why a judgment has another value of the variable that a line or a table of the catalogue counts."""
        column = variable if table == TABLE_ONE else self._columns.get(table, variable)
        return self._said(judgment, _MADE_OF.get(column, (column,)))

    def _said(self, judgment: str, variables: Sequence[str]) -> str:
        if changes := self._changes(judgment, variables):
            return "; ".join(changes)
        listed = json.dumps(variables)
        sql = f"""SELECT "by", value, codebook_version, created_at FROM labels WHERE judgment_id = ? AND "by" <> 'defence'
            AND variable IN (SELECT value FROM json_each(?)) ORDER BY {_TRUSTED}, "by", created_at DESC"""
        said = list(self._rows(sql, judgment, listed))
        if not said:
            return f"nobody says anything of {' or '.join(variables)} now"
        return self._voice(judgment, said)

    def _changes(self, judgment: str, variables: Sequence[str]) -> list[str]:
        """The changes by people since the manifest. The history only grows, so that they are those after as many as there were."""
        if self._rebuilt:
            return []
        sql = """SELECT * FROM changes WHERE judgment_id = ? AND variable IN (SELECT value FROM json_each(?))
            AND id NOT IN (SELECT id FROM changes ORDER BY id LIMIT ?) ORDER BY id"""
        found = self._rows(sql, judgment, json.dumps(variables), self._told["database"]["changes"]["rows"])
        return [_told_change(row) for row in found]

    def _voice(self, judgment: str, said: Sequence[Row]) -> str:
        """Whose word counts now, and whether the rules, the models or the codebook are others than they were."""
        by = str(said[0]["by"])
        now, reasons = f"{by} says so under codebook {said[0]['codebook_version']}", list(self._fingerprints(judgment, by))
        known = [each["codebook_version"] for each in self._told["voices"] if each["by"] == by]
        if said[0]["codebook_version"] not in known:
            reasons.append(f"it said nothing under codebook {said[0]['codebook_version']} before, but under {', '.join(known) or 'none'}")
        latest = max(str(row["created_at"]) for row in said)
        if not reasons and not self._rebuilt:
            written = latest > self._told["written_at"]
            reasons.append(
                f"written on {latest}" if written else "no label is newer than the manifest: the database was edited outside anjuan"
            )
        return "; ".join([now, *reasons])

    def _fingerprints(self, judgment: str, by: str) -> Iterator[str]:
        """The stages of a voice that have another fingerprint than any that the manifest tells."""
        wanted = _STAGES.get(by.partition(":")[0], ())
        for row in self._rows("SELECT stage, fingerprint FROM stages WHERE judgment_id = ? ORDER BY stage", judgment):
            known = [each["fingerprint"] for each in self._told["stages"] if each["stage"] == row["stage"]]
            if row["stage"] in wanted and row["fingerprint"] not in known:
                yield f"{by} of `{row['stage']}` changed from {', '.join(known) or 'none'} to {row['fingerprint']}"

    def _rows(self, sql: str, *parameters: Any) -> Iterator[Row]:
        return rows(self._connection, sql, parameters)


def _told_change(row: Row) -> str:
    before, after = (",".join(json.loads(row[side]).get("values", ())) or "nothing" for side in ("before", "after"))
    whose = row["by"] if row["by"] == row["actor"] else f"{row['actor']} (as {row['by']})"
    reason = f", because: {row['reason']}" if row["reason"] else ""
    return f"{row['unit']} {row['variable']} changed from {before} to {after} by {whose} on {row['at']}{reason}"
