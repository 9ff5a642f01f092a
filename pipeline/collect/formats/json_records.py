"""JSON: one object on each line, or one value for the whole file (an object, an array of any length, a reply around either)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import orjson

from pipeline.collect.rejection import Reason
from pipeline.collect.source import Source
from pipeline.schema import RecordError

_START = re.compile(r"\s*(?:\{\s*[\"'}]|\[\s*[{\[\"\]]|\"[\[{])")
_OPENING = re.compile(r"\s*\[?")
_LITERAL = 12  # characters: an escape or a word such as `false` may be cut anywhere
_TOO_LONG = RecordError(Reason.TOO_LARGE, "one JSON value is too long to be held in memory; write one record on each line (JSON lines)")
_BETWEEN = re.compile(r"[\s,\]]*")
_decoder = json.JSONDecoder(strict=False)


def recognise(head: str) -> bool:
    """Tell JSON by its first signs."""
    return _START.match(head.lstrip("\ufeff")) is not None


def records(source: Source) -> Iterator[tuple[str, object]]:
    """Yield (place, value); the value is a RecordError where the JSON is broken."""
    return _lines(source) if _one_on_each_line(source.head) else _values(source)


def _one_on_each_line(head: str) -> bool:
    """Tell JSON lines: the first line is an object, or so long that `head` does not show its end, or another object follows."""
    lines = [line for line in head.lstrip("\ufeff").split("\n") if line.strip()][:2]
    first = lines[0].strip()
    if not first.startswith("{"):
        return False
    return len(lines) == 1 or not isinstance(_loads(first), RecordError) or lines[1].startswith("{")


def _lines(source: Source) -> Iterator[tuple[str, object]]:
    for number, line in source.lines():
        if isinstance(line, RecordError):
            yield f"line {number}", line
        elif stripped := line.strip("\ufeff \t\r"):
            yield f"line {number}", _loads(stripped)


def _loads(line: str) -> object:
    try:
        return orjson.loads(line)
    except ValueError:  # orjson is strict: raw tabs in strings, halves of surrogate pairs, NaN
        pass
    try:
        value, end = _decoder.raw_decode(line)
    except (ValueError, RecursionError) as error:
        return _broken(error, line)
    return (
        value if not line[end:].strip(" ,") else RecordError(Reason.BAD_RECORD, "more follows the JSON value; put one record on each line")
    )


def _broken(error: Exception, text: str) -> RecordError:
    """Tell a record that was cut off from one that is wrong."""
    closed = text.rstrip().endswith(("}", "]"))
    if _unfinished(error, len(text), slack=0 if closed else _LITERAL):
        return RecordError(Reason.TRUNCATED, "the JSON ends in the middle of a record; copy or download the file again")
    what = error.msg if isinstance(error, json.JSONDecodeError) else "nested too deeply"
    return RecordError(Reason.BAD_RECORD, f"this is no valid JSON ({what}); mend or remove the record")


def _values(source: Source) -> Iterator[tuple[str, object]]:
    """Yield the values of one array, or the values that follow one another, without holding more than one of them."""
    chunks, number = source.chunks(), 0
    buffer = next(chunks, "").lstrip("\ufeff")
    position = _end(_OPENING, buffer, 0)
    while True:
        position = _end(_BETWEEN, buffer, position)
        try:
            value, position = _decoder.raw_decode(buffer, position)
        except (ValueError, RecursionError) as error:
            more = _read(chunks, len(buffer) - position) if _unfinished(error, len(buffer)) else ""
            if not more or len(buffer) - position > source.limits.line:
                if position < len(buffer):
                    yield f"record {number + 1}", _TOO_LONG if more else _broken(error, buffer)
                return
            buffer, position = buffer[position:] + more, 0
        else:
            number += 1
            yield f"record {number}", value


def _read(chunks: Iterator[str], at_least: int) -> str:
    """Read as much again as there is, so that a long value is tried few times."""
    pieces: list[str] = []
    for chunk in chunks:
        pieces.append(chunk)
        at_least -= len(chunk)
        if at_least <= 0 and any(pieces):
            break
    return "".join(pieces)


def _unfinished(error: Exception, length: int, slack: int = _LITERAL) -> bool:
    """Tell whether more text may mend the error: it lies at the end of what was read."""
    return isinstance(error, json.JSONDecodeError) and (error.msg.startswith("Unterminated") or error.pos >= length - slack)


def _end(pattern: re.Pattern[str], text: str, position: int) -> int:
    found = pattern.match(text, position)
    return found.end() if found else position
