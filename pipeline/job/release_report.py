"""What is told of a release when it is done, and what is checked before it begins."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from pipeline.job.release_frame import risks, write_risky
from pipeline.job.releasing import Outcome
from pipeline.schema import AnjuanError
from pipeline.store import Store

_KEY_BYTES = 32
_WARNINGS = {
    "full": "every name, text and note is in this file, only the coders' tokens are not: it may go to nobody who may not see the database",
    "research": "the texts read as before and can be found again by whoever has the originals: give this file under an agreement only",
}
_ADVICE = {
    "full": "give the research or the public mode to anybody else",
    "research": "give it only under an agreement not to look for persons; --mode public tells place and time so that no row stands alone by them",
    "public": "a greater --k tells less of place and time; whoever knows the defendant's gender and schooling too may still find a row",
}
_REPLACED = {
    "name": "names of persons",
    "date": "dates",
    "birth": "dates of birth",
    "hospital": "hospitals",
    "institution": "other institutions",
    "address": "addresses",
    "case_number": "case and document numbers",
    "number": "other numbers",
}
_GROUPS = {
    **dict.fromkeys(("date", "date_zh", "date_figures", "bare_day"), "date"),
    **dict.fromkeys(("company", "place_of_business"), "institution"),
    **{rule: rule for rule in ("name", "birth", "hospital", "address", "case_number")},
}


def read_key(path: Path | None) -> bytes | None:
    """The key in a file, which is made for its owner alone when it is absent; None without a path. AnjuanError for a file that is no key."""
    if path is None:
        return None
    try:
        if not path.exists():
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(secrets.token_bytes(_KEY_BYTES))
        key = path.read_bytes()
    except OSError as error:
        raise AnjuanError(f"{path} cannot be used as a key: {error.strerror}") from error
    if len(key) != _KEY_BYTES:
        raise AnjuanError(f"{path} is no key: it holds {len(key)} bytes, not {_KEY_BYTES}; name a file that is not there and it is made")
    return key


def describe(out: Path, mode: str, outcome: Outcome, k: int, risky: Path | None) -> Iterator[str]:
    """Lines for people: what was released, what was replaced, and how many rows can still be told apart."""
    yield f"released: {outcome.judgments} judgments, {mode}: {out}"
    if outcome.replaced:
        numbers = dict.fromkeys(_REPLACED, 0)
        for rule, number in outcome.replaced.items():
            numbers[_GROUPS.get(rule, "number")] += number
        yield "replaced: " + ", ".join(f"{number} {_REPLACED[group]}" for group, number in numbers.items() if number)
    if outcome.coarse:
        yield _coarseness(outcome, k)
    with Store.open(out, create=False) as store:
        found = risks(store, k)
        for what, risk in found.items():
            yield f"told apart by {what}: {risk.unique} of {risk.rows} rows unique, {len(risk.alike)} like fewer than {k}"
        if risky:
            yield f"rows at risk: {write_risky(store, found, risky)} in {risky}"
        if any(risk.alike for risk in found.values()):
            yield f"advice: {_ADVICE[mode]}"
    if mode in _WARNINGS:
        yield f"note: {_WARNINGS[mode]}"


def _coarseness(outcome: Outcome, k: int) -> str:
    """In the public mode: at which level place and time are told, for how many rows not at all, and what is still at risk."""
    assert outcome.coarse
    level = outcome.coarse.level
    told = [
        {7: "the month", 4: "the year", 0: ""}[level.characters],
        "the province" * level.province,
        "the court's level" * level.court_level,
    ]
    words = ", ".join(word for word in told if word) or "neither place nor time"
    exceptions = outcome.coarse.exceptions.values()
    nowhere = sum(not (told.province or told.court_level or told.characters) for told in exceptions) if words[0] != "n" else 0
    roles, left = sum(not told.roles for told in exceptions), len(outcome.coarse.left)
    rest = f"; {left} rows are still like fewer than {k}" if left else ""
    return f"told of each case: {words}; left out: place and time of {nowhere} rows, victims' roles of {roles}{rest}"
