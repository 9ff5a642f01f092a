"""CSV: a header that names a text column, rows that may run over several lines inside quotes."""

from __future__ import annotations

import csv
from collections.abc import Iterator

from pipeline.collect.formats.plain_record import TEXT_KEYS
from pipeline.collect.rejection import Reason
from pipeline.collect.source import Source
from pipeline.schema import RecordError

_DELIMITERS = ",\t;"
# Columns of which one must be there: texts under the usual names, and those that other readers know.
_TEXTS = frozenset(TEXT_KEYS) | {"qw", "fd", "html", "Html", "DocContent", "qwContent", "major_text", "case_detail", "context", "基本案情"}


def recognise(head: str) -> bool:
    """Tell CSV by a first line with two columns or more, one of them a text."""
    return bool(_delimiter(head))


def records(source: Source) -> Iterator[tuple[str, object]]:
    """Yield (place, row as a mapping); a RecordError for a row with other columns than the header. Place is the row's first line."""
    csv.field_size_limit(source.limits.line)
    lines = _Lines(source)
    rows = csv.reader(lines, delimiter=_delimiter(source.head))
    header: list[str] | None = None
    while True:
        first = lines.number + 1
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield f"line {first}", RecordError(Reason.BAD_RECORD, f"this is no valid CSV row ({error}); mend or remove it")
            continue
        yield from lines.take_errors()
        if header is None:
            header = [name.strip("\ufeff ") for name in row]
        elif row:
            yield f"line {first}", _record(header, row, lines.take_open_quote())


def _record(header: list[str], row: list[str], cut_off: bool) -> object:
    if cut_off:
        return RecordError(Reason.TRUNCATED, "the file ends inside a quoted field; copy or download it again")
    if len(row) != len(header):
        return RecordError(Reason.BAD_RECORD, f"the row has {len(row)} columns, the header {len(header)}; mend its quotes")
    return dict(zip(header, row, strict=True))


def _delimiter(head: str) -> str:
    """Return the sign between the columns, or '' when the first line is no header of judgments."""
    first = head.lstrip("\ufeff\r\n").split("\n", 1)[0].strip("\r")
    for delimiter in _DELIMITERS:
        names = [name.strip(' "') for name in first.split(delimiter)]
        if len(names) > 1 and any(name in _TEXTS for name in names):
            return delimiter
    return ""


class _Lines:
    """The lines of a source as the csv module wants them; it remembers errors and whether a quote is open."""

    def __init__(self, source: Source) -> None:
        self._lines = source.lines()
        self._errors: list[tuple[str, object]] = []
        self._quotes = 0
        self.number = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        for number, line in self._lines:
            self.number = number
            if isinstance(line, str):
                self._quotes += line.count('"')
                return line + "\n"
            self._errors.append((f"line {number}", line))
        raise StopIteration

    def take_errors(self) -> list[tuple[str, object]]:
        """Return the lines that could not be read since the last call."""
        errors, self._errors = self._errors, []
        return errors

    def take_open_quote(self) -> bool:
        """Tell whether the quotes read since the last call leave a field open, as only the end of the file can."""
        odd, self._quotes = self._quotes % 2 == 1, 0
        return odd
