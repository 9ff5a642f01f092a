"""CAIL2018: `fact` and `meta` (charges, articles, sentence, defendants). A fact paragraph without identifier or heading."""

from __future__ import annotations

import ast
import json
from collections.abc import Mapping

from pipeline.collect.fields import printed
from pipeline.collect.record import judgment
from pipeline.schema import Judgment

NAME = "cail"
_PRINTED = ("criminals", "accusation", "relevant_articles", "punish_of_money")


def recognise(record: Mapping[str, object]) -> bool:
    """Tell a record by its two keys."""
    return "fact" in record and "meta" in record


def parse(record: Mapping[str, object], fallback_id: str) -> Judgment:
    """Return the fact paragraph; what `meta` states goes into the metadata. Raises RecordError."""
    meta = _meta(record["meta"])
    facts = {key: text for key in _PRINTED if (text := printed(meta.get(key)))}
    return judgment(NAME, fallback_id, record["fact"], metadata=facts | _term(meta.get("term_of_imprisonment")))


def _meta(value: object) -> Mapping[str, object]:
    """Return `meta` as a mapping; some copies hold it as JSON or as Python prints it, inside a string."""
    if isinstance(value, str):
        value = _unquoted(value)
    return value if isinstance(value, Mapping) else {}


def _unquoted(value: str) -> object:
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        pass
    try:
        return ast.literal_eval(value)
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return None


def _term(value: object) -> dict[str, str]:
    """Return the sentence as `term_of_imprisonment`: months, `life` or `death`."""
    if not isinstance(value, Mapping):
        return {}
    for flag, word in (("death_penalty", "death"), ("life_imprisonment", "life")):
        if value.get(flag) is True:
            return {"term_of_imprisonment": word}
    months = printed(value.get("imprisonment"))
    return {"term_of_imprisonment": months} if months else {}
