"""How the judgments came to the table: found, duplicates, refused and why, stored, screened in, coded by people, and whose the types are."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.analyse.names import named
from pipeline.analyse.reading import Case, rows
from pipeline.analyse.wording import ANSWERS, whose
from pipeline.codebook import Term

CHARGES_SHOWN = 8
_RELEASE = "SELECT json_extract(counts, '$.mode') AS mode FROM runs WHERE command = 'release' ORDER BY id DESC LIMIT 1"
# As the partial index `labels_of_people` has it, so that millions of machine labels need not be read.
_BY_PEOPLE = """"by" NOT IN ('model', 'rules', 'defence') AND "by" NOT LIKE 'model:%' AND "by" NOT LIKE 'rules:%'"""


@dataclass(frozen=True, slots=True)
class Flow:
    """Counts of records. found = stored + duplicates + rejected; stored = in_scope + out_of_scope + unscreened.

    Of those in scope, people have coded `coded` (`adjudicated` of them decided after comparison), `open` are assigned and not finished,
    and `undecided` need a person: the model cannot say which type, or whether they are in scope. `release`: the mode of the release that
    the database is, "" where it is none.
    """

    stored: int
    duplicates: int
    rejections: Mapping[str, int]
    in_scope: int
    out_of_scope: int
    unscreened: int
    out_of_scope_charges: tuple[tuple[Term, int], ...]
    coded: int = 0
    adjudicated: int = 0
    open: int = 0
    undecided: int = 0
    release: str = ""

    @property
    def rejected(self) -> int:
        """Records refused for any reason."""
        return sum(self.rejections.values())

    @property
    def found(self) -> int:
        """All records that were read."""
        return self.stored + self.duplicates + self.rejected


def count_flow(connection: sqlite3.Connection) -> Flow:
    """Count over `import_log`, `judgments` and `cases`."""
    log = {
        (row["outcome"], row["reason"]): row["n"]
        for row in rows(connection, "SELECT outcome, reason, sum(records) AS n FROM import_log GROUP BY outcome, reason")
    }
    stored = next(rows(connection, "SELECT count(*) AS n FROM judgments"))["n"]
    scope = {row["in_scope"]: row["n"] for row in rows(connection, "SELECT in_scope, count(*) AS n FROM cases GROUP BY in_scope")}
    rejections = {reason: n for (outcome, reason), n in log.items() if outcome == "rejected"}
    in_scope, out_of_scope = scope.get(1, 0), scope.get(0, 0)
    return Flow(
        stored=stored,
        duplicates=sum(n for (outcome, _), n in log.items() if outcome == "duplicate"),
        rejections=dict(sorted(rejections.items(), key=lambda item: (-item[1], item[0]))),
        in_scope=in_scope,
        out_of_scope=out_of_scope,
        unscreened=stored - in_scope - out_of_scope,
        out_of_scope_charges=_out_of_scope_charges(connection, out_of_scope),
        coded=_in_scope(connection, f"SELECT judgment_id FROM labels WHERE {_BY_PEOPLE}"),
        adjudicated=_in_scope(connection, f"""SELECT judgment_id FROM labels WHERE "by" = 'adjudicated' AND {_BY_PEOPLE}"""),
        open=_in_scope(connection, "SELECT judgment_id FROM assignments WHERE task = 'code' AND state = 'open'"),
        undecided=_in_scope(connection, "SELECT judgment_id FROM undecided"),
        release=next((row["mode"] for row in rows(connection, _RELEASE)), ""),
    )


def _in_scope(connection: sqlite3.Connection, judgments: str) -> int:
    """How many judgments in scope are among those that the SQL lists."""
    return int(next(rows(connection, f"SELECT count(*) AS n FROM cases WHERE in_scope = 1 AND judgment_id IN ({judgments})"))["n"])


def _out_of_scope_charges(connection: sqlite3.Connection, out_of_scope: int) -> tuple[tuple[Term, int], ...]:
    """What the judgments out of scope were about: each by its first charge, the most frequent first."""
    sql = """SELECT charge, count(*) AS n FROM (
        SELECT c.judgment_id, min(h.charge) AS charge FROM cases AS c LEFT JOIN charges AS h USING (judgment_id)
        WHERE c.in_scope = 0 GROUP BY c.judgment_id
    ) GROUP BY charge ORDER BY n DESC, charge"""
    counted = [(row["charge"], row["n"]) for row in rows(connection, sql)]
    frequent = [(named(charge), n) for charge, n in counted if charge][:CHARGES_SHOWN]
    unnamed = sum(n for charge, n in counted if not charge)
    rest = out_of_scope - unnamed - sum(n for _, n in frequent)
    tail = [(Term("other", "其他罪名", "Other charges"), rest), (Term("none", "罪名未能识别", "No charge recognised"), unnamed)]
    return (*frequent, *((term, n) for term, n in tail if n))


def count_answers(cases: list[Case], *, out_of_fold: bool = False) -> dict[str, int]:
    """How many of the attack types come from which kind of answer (keys of `ANSWERS`), in order of trust, without zeros.

    `out_of_fold`: the model's answers in this database were given by models that had not seen the case.
    """
    kinds = ["nobody" if case.row["attack_type"] in (None, "") else whose(case.row["attack_type_by"]) for case in cases]
    counts = Counter("out_of_fold" if kind == "model" and out_of_fold else kind for kind in kinds)
    return {kind: counts[kind] for kind in ANSWERS if counts[kind]}
