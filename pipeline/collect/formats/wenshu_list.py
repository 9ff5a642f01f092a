"""China Judgments Online: lists of search results, old site and new. They name documents and hold none of their texts."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.collect.rejection import Reason
from pipeline.schema import RecordError

_OLD = "RunEval"  # first member of the old site's list: the script that unlocks its identifiers
_NEW = "queryResult"


def refusal(value: object) -> RecordError | None:
    """Return what to tell about a list of search results; None for anything else."""
    if isinstance(value, list) and value and isinstance(value[0], Mapping) and _OLD in value[0]:
        return _holds_no_text(len(value) - 1)
    if isinstance(value, Mapping) and _NEW in value:
        result = value[_NEW]
        listed = result.get("resultList") if isinstance(result, Mapping) else None
        return _holds_no_text(len(listed) if isinstance(listed, list) else 0)
    return None


def head_refusal(record: Mapping[str, object]) -> RecordError | None:
    """Return what to tell about the first member of the old site's list, met alone; None for any other record."""
    return _holds_no_text(None) if _OLD in record else None


def _holds_no_text(listed: int | None) -> RecordError:
    what = "" if listed is None else f" names {listed} documents and"
    return RecordError(Reason.NOT_A_JUDGMENT, f"the list of search results{what} holds no text; open each document and save it")
