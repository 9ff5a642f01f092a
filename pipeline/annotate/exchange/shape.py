"""Taking records apart that somebody else wrote: every part is looked at, and what is wrong is said with its name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar

import orjson

from pipeline.annotate.exchange.nouns import IMPORTED, MODES, CodedJudgment, MalformedError, Reading, is_voice

T = TypeVar("T")
_NAMES = {str: "text", int: "a whole number", bool: "true or false", list: "a list", dict: "an object", float: "a number"}
Parse = Callable[[Mapping[str, Any], str, Counter[str]], Iterable[CodedJudgment]]


def lines(content: str) -> Iterator[tuple[str, str]]:
    """(place, line) of each line that is not blank. Only line feeds part lines: a text may hold other signs that part them elsewhere."""
    for number, line in enumerate(content.split("\n"), 1):
        if line.strip():
            yield f"line {number}", line


def gather(records: Iterable[tuple[str, str]], parse: Parse, file: str) -> Reading:
    """Read JSON records one by one; the malformed ones are told with file and place, and do not keep the others from being looked at."""
    reading = Reading()
    for place, record in records:
        where = f"{file}, {place}"
        try:
            reading.coded.extend(parse(loaded(record), where, reading.losses))
        except MalformedError as error:
            reading.problems.append(f"{where}: {error}")
    return reading


def loaded(record: str) -> Mapping[str, Any]:
    """The object that a record is; MalformedError when it is none."""
    try:
        value = orjson.loads(record)
    except ValueError as error:
        raise MalformedError(f"not JSON ({error}); each line must be one object") from error
    if not isinstance(value, dict):
        raise MalformedError("not an object with `judgment_id` and what was coded")
    return value


def part(record: Mapping[str, Any], key: str, kind: type[T], otherwise: T | None = None) -> T:
    """One part of a record; `otherwise` where it is absent or null. MalformedError when it is of another kind, or absent without `otherwise`."""
    value = record.get(key)
    if value is None:
        if otherwise is None:
            raise MalformedError(f"`{key}` is missing; it must be {_NAMES.get(kind, kind.__name__)}")
        return otherwise
    if kind is float and type(value) is int:
        value = float(value)
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise MalformedError(f"`{key}` must be {_NAMES.get(kind, kind.__name__)}, not {shown(value)}")
    return value


def members(record: Mapping[str, Any], key: str, kind: type[T]) -> list[T]:
    """A list of which every member is of one kind; empty where it is absent."""
    found = part(record, key, list, [])
    for value in found:
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise MalformedError(f"`{key}` must hold {_NAMES.get(kind, kind.__name__)} only, not {shown(value)}")
    return found


def shown(value: object) -> str:
    """A value as it is quoted in a message, cut when it is long."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def offsets(value: object, length: int | None = None) -> tuple[int, int]:
    """The first two members of a list as (start, end); MalformedError unless 0 <= start < end, and end <= `length` where it is known."""
    start, end = value[:2] if isinstance(value, list) and len(value) > 1 else (None, None)
    if type(start) is not int or type(end) is not int or not 0 <= start < end:
        raise MalformedError(f"words must be [start, end] with 0 <= start < end, not {shown(value)}")
    if length is not None and end > length:
        raise MalformedError(f"words {start}-{end} lie outside the text of {length} characters")
    return start, end


HEAD = ("judgment_id", "source_id", "title", "text_hash", "coder", "mode", "codebook_version", "seconds", "state", "at")


def head(coded: CodedJudgment, *left_out: str) -> dict[str, Any]:
    """Everything of a coding but text and entries, as a record says it; what is empty is left out."""
    return {name: value for name in HEAD if name not in left_out and (value := getattr(coded, name))}


def read_head(record: Mapping[str, Any], place: str) -> dict[str, Any]:
    """The same parts of a record, looked at; the voice and the mode must be possible ones."""
    found: dict[str, Any] = {name: part(record, name, str, "") for name in HEAD if name != "seconds"}
    found["seconds"] = part(record, "seconds", float, 0.0)
    found["mode"] = found["mode"] or IMPORTED
    if found["mode"] not in MODES:
        raise MalformedError(f"unknown mode {shown(found['mode'])}; choose one of: {', '.join(MODES)}")
    if found["coder"] and not is_voice(found["coder"]):
        raise MalformedError(f"{shown(found['coder'])} cannot be a coder's name")
    return {**found, "place": place}
