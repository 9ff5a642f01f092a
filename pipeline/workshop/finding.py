"""Which judgment is meant: by judgment_id, the source's identifier or the case number, or the beginning of one of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.schema import AnjuanError
from pipeline.store import Store

_BRACKETS = str.maketrans("()〔〕[]【】", "（）（）（）（）")
_SHOWN = 5
_NAMES = """SELECT judgment_id, judgment_id AS name FROM judgments UNION SELECT judgment_id, source_id FROM sources
    UNION SELECT judgment_id, source_id FROM judgments UNION SELECT judgment_id, case_number FROM cases WHERE case_number <> ''"""


def find_judgment(store: Store, wanted: str) -> str:
    """The judgment_id of the judgment called `wanted`; brackets of case numbers may be of any form, blanks are passed over.

    AnjuanError when there is none, and, listing them, when several are called so or begin so.
    """
    name = "".join(wanted.translate(_BRACKETS).split())
    if not name:
        raise AnjuanError("name a judgment: its judgment_id, its identifier in the source, or its case number")
    for condition in ("name IN (:wanted, :name)", "substr(name, 1, length(:name)) = :name"):
        sql = f"SELECT judgment_id, min(name) AS name FROM ({_NAMES}) WHERE {condition} GROUP BY judgment_id ORDER BY 2, 1 LIMIT 100"
        rows = store.query(sql, {"wanted": wanted, "name": name})
        if len(rows) == 1:
            return str(rows[0]["judgment_id"])
        if rows:
            raise AnjuanError(f"{wanted!r} may be any of {_several(rows)}; write more of it")
    raise AnjuanError(
        f"{store.path} holds no judgment called {wanted!r}; `anjuan search WORDS --db {store.path}` finds judgments by their words"
    )


def _several(rows: Sequence[Mapping[str, Any]]) -> str:
    names = [f"{row['judgment_id']} ({row['name']})" for row in rows]
    return ", ".join(names[:_SHOWN]) + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")
