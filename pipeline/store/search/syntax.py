"""The language of a search: words, "phrases", OR (|), NOT (-), parentheses, NEAR(a b, 20) and filters such as year:2018.

A query becomes a tree. Everything in it that is no operator is a word, looked for as it stands; nothing of it reaches SQLite as syntax.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pipeline.schema import AnjuanError
from pipeline.store.search.indexing import searchable
from pipeline.text import canonical

EXAMPLE = '醉酒 (医生 | 护士) -自首 "故意 伤害" NEAR(殴打 护士, 20) year:2018'
NEAR_BY = 10  # characters between, where a NEAR does not say
DEEPEST = 20  # parentheses in parentheses
LONGEST = 20_000  # characters of a query


@dataclass(frozen=True, slots=True)
class Phrase:
    """Characters that stand side by side, blanks between them not counted."""

    text: str


@dataclass(frozen=True, slots=True)
class Near:
    """Phrases, in any order, the last of which begins at most `distance` characters behind the end of each other one."""

    phrases: tuple[Phrase, ...]
    distance: int


@dataclass(frozen=True, slots=True)
class Filter:
    """A condition on what is known of a judgment: `name` is a variable or column, `value` as typed."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Not:
    """What must not hold."""

    node: Node


@dataclass(frozen=True, slots=True)
class All:
    """What must hold together."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Any:
    """Of which one must hold."""

    nodes: tuple[Node, ...]


Node = Phrase | Near | Filter | Not | All | Any


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    start: int


# A half-width quotation mark, parenthesis or bar is syntax; full-width ones stand in judgments and are words, but for the bar.
_TOKEN = re.compile(
    r"""(?P<near>NEAR\((?P<inside>(?:"[^"]*"|[^"()])*)\))|(?P<filter>(?P<name>[a-z][a-z_]*):(?P<value>"[^"]*"|[^\s()|｜"]*))|"""
    r"""(?P<phrase>"[^"]*")|(?P<open>\()|(?P<close>\))|(?P<or>[|｜]|OR(?![^\s()"]))|(?P<and>AND(?![^\s()"]))|"""
    r"""(?P<not>-|NOT(?![^\s()"]))|(?P<quote>")|(?P<word>[^\s()|｜"]+)""",
)
_HALF = re.compile("[\ud800-\udfff]")  # of a surrogate pair; texts are stored with U+FFFD for it too
_DISTANCE = re.compile(r"[,，]\s*(\d{1,6})\s*$", re.ASCII)
_MEMBER = re.compile(r'"([^"]*)"|([^\s"]+)')


def parse(query: str) -> Node:
    """The tree of a query. AnjuanError, in one line with the place and an example, for what cannot be read."""
    if len(query) > LONGEST:
        raise AnjuanError(f"search: the query has {len(query):,} characters, at most {LONGEST:,} can be asked at once")
    return _Parser(_HALF.sub("\ufffd", query)).whole()


def phrases(node: Node) -> Iterator[str]:
    """The texts that a query looks for, without those that it excludes."""
    if isinstance(node, Phrase):
        yield node.text
    elif isinstance(node, Near):
        yield from (phrase.text for phrase in node.phrases)
    elif isinstance(node, All | Any):
        for each in node.nodes:
            yield from phrases(each)


class _Parser:
    """Reads a query from left to right; NOT binds closest, then AND, then OR."""

    def __init__(self, query: str) -> None:
        self.query = query
        self.tokens = [_Token(str(m.lastgroup), m[0], m.start()) for m in _TOKEN.finditer(query)]
        self.next = 0
        self.depth = 0

    def whole(self) -> Node:
        if not self.tokens:
            raise self._error(0, "there is nothing to search for")
        node = self._any()
        if self.next < len(self.tokens):  # only a closing parenthesis ends a list of alternatives
            raise self._error(self.tokens[self.next].start, '")" closes no "("')
        return node

    def _any(self) -> Node:
        found = [self._all()]
        while self._take("or"):
            found.append(self._all())
        return found[0] if len(found) == 1 else Any(tuple(found))

    def _all(self) -> Node:
        found = [self._one()]
        while self._take("and") or not self._at("or", "close", ""):
            found.append(self._one())
        return found[0] if len(found) == 1 else All(tuple(found))

    def _one(self) -> Node:
        denied = False
        while self._take("not"):
            denied = not denied
        token = self._token
        readers: dict[str, Callable[[_Token], Node]] = {"near": self._near, "filter": self._filter, "open": self._group}
        if token is None or token.kind in ("or", "and", "close"):
            raise self._missing(token)
        if token.kind == "quote":
            raise self._error(token.start, "a quotation mark is not closed")
        self.next += 1
        node = readers.get(token.kind, self._phrase)(token)
        return Not(node) if denied else node

    def _group(self, token: _Token) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self._error(token.start, f"more than {DEEPEST} parentheses stand in one another")
        node = self._any()
        if not self._take("close"):
            raise self._error(token.start, '"(" is not closed')
        self.depth -= 1
        return node

    def _near(self, token: _Token) -> Node:
        inside = token.text[len("NEAR(") : -1]
        stated = _DISTANCE.search(inside)
        members = _MEMBER.finditer(inside[: stated.start()] if stated else inside)
        found = tuple(self._as_phrase(m[1] or m[2] or "", token.start) for m in members)
        if len(found) < 2:
            raise self._error(token.start, "NEAR needs two words or more, parted by blanks, and a number of characters")
        return Near(found, int(stated[1]) if stated else NEAR_BY)

    def _filter(self, token: _Token) -> Node:
        name, _, value = token.text.partition(":")
        return Filter(name, canonical(value.strip('"')).strip())

    def _phrase(self, token: _Token) -> Phrase:
        return self._as_phrase(token.text.strip('"') if token.kind == "phrase" else token.text, token.start)

    def _as_phrase(self, text: str, start: int) -> Phrase:
        kept = searchable(canonical(text))
        if not kept:
            raise self._error(start, "a phrase is empty")
        return Phrase(kept)

    @property
    def _token(self) -> _Token | None:
        return self.tokens[self.next] if self.next < len(self.tokens) else None

    def _at(self, *kinds: str) -> bool:
        return (self._token.kind if self._token else "") in kinds

    def _take(self, kind: str) -> bool:
        taken = self._at(kind)
        self.next += taken
        return taken

    def _missing(self, token: _Token | None) -> AnjuanError:
        if token is None:
            return self._error(len(self.query), "a word is missing at the end")
        return self._error(token.start, f'a word is missing before "{token.text}"')

    def _error(self, place: int, what: str) -> AnjuanError:
        shown = " ".join(self.query[:200].split())
        return AnjuanError(f"search: {what} (character {place + 1} of: {shown}); an example: {EXAMPLE}")
