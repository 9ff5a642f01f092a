"""The small database with a random sample that one coder has coded, and sentences of some defendants."""

from __future__ import annotations

from pathlib import Path

from small_database import CASES, build

from pipeline.job.drawing import Request, draw
from pipeline.store import Desk, Store

MONTHS = {"H1": 120, "H2": 60, "R1": 9, "R2": 6, "F1": 12}
_CODED = """INSERT INTO labels (judgment_id, unit, variable, value, "by", mode, codebook_version, created_at) VALUES (?, 'case', ?, ?, '甲', 'blind', '1.3', '')"""


def build_sampled(path: Path) -> dict[str, str]:
    """Write the database to `path`; returns the judgment_id of each id of the small one.

    The coder has coded all eight judgments as the small database has them, but U1 as reactive.
    """
    ids = build(path)
    with Store.open(path) as store:
        for name, months in MONTHS.items():
            store.db.execute(
                "UPDATE defendants SET sentence_kind = 'fixed', sentence_months = ? WHERE judgment_id = ?", [months, ids[name]]
            )
        store.db.conn.commit()
        Desk(store).invite("甲")
        draw(Desk(store), Request(coders=("甲",), size=len(ids)))
        for name, judgment in ids.items():
            store.db.execute(_CODED, [judgment, "in_scope", "1" if name in CASES else "0"])
            if name in CASES:
                store.db.execute(_CODED, [judgment, "attack_type", CASES[name][0] or "reactive"])
        store.db.execute("UPDATE assignments SET state = 'done'")
        store.db.conn.commit()
    return ids
