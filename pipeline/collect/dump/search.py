"""Which keywords stand where in a block of bytes: hyperscan, or an Aho-Corasick automaton where it has no wheel."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from pipeline.collect.dump.patterns import Pattern, compiled

Found = list[tuple[int, int]]  # (number of the word, where it or its beginning ends)


class Searcher(Protocol):
    """Finds the words in bytes. One searcher belongs to one thread."""

    def find(self, data: memoryview) -> Found:
        """Return every word, not in order."""


def searcher(patterns: Sequence[Pattern]) -> Searcher:
    """Return the fastest searcher that this machine has."""
    try:
        import hyperscan  # noqa: F401
    except ImportError:
        return AutomatonSearcher(patterns)
    return HyperscanSearcher(patterns) if patterns else AutomatonSearcher(patterns)


class HyperscanSearcher:
    """Literals in block mode; the scan itself runs without the interpreter's lock."""

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        import hyperscan

        self._patterns = patterns
        self._database: Any = hyperscan.Database()
        flags = [hyperscan.HS_FLAG_CASELESS if pattern.caseless else 0 for pattern in patterns]
        ids, literals = list(range(len(patterns))), [pattern.literal for pattern in patterns]
        self._database.compile(expressions=literals, ids=ids, elements=len(ids), flags=flags, literal=True)
        self._scratch = hyperscan.Scratch(self._database)

    def find(self, data: memoryview) -> Found:
        """Return every word, not in order."""
        ends: list[tuple[int, int]] = []
        append = ends.append

        def note(pattern: int, start: int, end: int, flags: int, context: object) -> None:
            append((pattern, end))

        self._database.scan(data, match_event_handler=note, scratch=self._scratch)
        return list(_words(self._patterns, data, ends))


class AutomatonSearcher:
    """The fallback, a third as fast. Escapes are looked for in small and in capital letters, not in a mixture."""

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        from pipeline.text.byte_scan import ByteScan

        self._patterns = [pattern for pattern in patterns for _ in _cases(pattern)]
        self._scan = ByteScan([case for pattern in patterns for case in _cases(pattern)])

    def find(self, data: memoryview) -> Found:
        """Return every word, not in order."""
        return list(_words(self._patterns, data, self._scan.ends(bytes(data))))


def _words(
    patterns: Sequence[Pattern], data: memoryview, ends: Iterator[tuple[int, int]] | list[tuple[int, int]]
) -> Iterator[tuple[int, int]]:
    """Turn places of patterns into places of words: of a beginning it is looked whether the rest follows."""
    for index, end in ends:
        pattern = patterns[index]
        for number in pattern.words:
            yield number, end
        if pattern.any_rest and compiled(pattern.any_rest, pattern.caseless).match(data, end):
            for number, rest in pattern.beginnings:
                if compiled(rest, pattern.caseless).match(data, end):
                    yield number, end


def _cases(pattern: Pattern) -> tuple[bytes, ...]:
    if not pattern.caseless:
        return (pattern.literal,)
    capital = pattern.literal.upper().replace(b"\\U", b"\\u").replace(b"\\N", b"\\n").replace(b"\\R", b"\\r").replace(b"\\T", b"\\t")
    return tuple(dict.fromkeys((pattern.literal, capital)))
