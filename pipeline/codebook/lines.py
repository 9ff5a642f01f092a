"""Line numbers of the tables and keys of a TOML file, so that an error can name the place (`tomllib` forgets them)."""

from __future__ import annotations

import re

Path = tuple[str | int, ...]

_HEADER = re.compile(r"\s*(\[\[?)\s*([\w.\-]+)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"\s*([\w\-]+)\s*=")


def toml_lines(text: str) -> dict[Path, int]:
    """Map each table and key of `text` to its line, counted from 1: ("variable", 3, "value", 0, "zh") -> 120.

    Headers and keys are expected at the start of a line, bare and not quoted, as this project writes them; the inside of multi-line
    strings is passed over.
    """
    found: dict[Path, int] = {}
    last: dict[Path, int] = {}
    table: Path = ()
    quoted = ""
    for number, line in enumerate(text.splitlines(), 1):
        was_quoted, quoted = quoted, _open_quote(line, quoted)
        if was_quoted:
            continue
        if header := _HEADER.match(line):
            table = _enter(header[2].split("."), header[1] == "[[", last)
            found[table] = number
        elif key := _KEY.match(line):
            found.setdefault((*table, key[1]), number)
    return found


def _enter(parts: list[str], is_array: bool, last: dict[Path, int]) -> Path:
    """The path of a header; `last` holds the newest index of every array of tables seen so far."""
    path: Path = ()
    for part in parts[:-1]:
        path = (*path, part)
        path = (*path, last[path]) if path in last else path
    path = (*path, parts[-1])
    if not is_array:
        return path
    last[path] = last.get(path, -1) + 1
    return (*path, last[path])


def _open_quote(line: str, quoted: str) -> str:
    """The multi-line quote still open at the end of `line`, given the one open at its start ("" for none)."""
    for mark in re.findall(r'"""|\'\'\'', line):
        if not quoted:
            quoted = mark
        elif mark == quoted:
            quoted = ""
    return quoted
