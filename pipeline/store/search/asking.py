"""A query as SQL over the view `search`: what FTS5 can answer goes to the index in one expression, the rest are conditions beside it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlite_utils import Database

from pipeline.schema import AnjuanError
from pipeline.store.search.filters import Filters
from pipeline.store.search.indexing import IGNORED, spaced
from pipeline.store.search.syntax import All, Any, Filter, Near, Node, Not, Phrase, parse, phrases

IN_SCOPE = "in_scope IS 1"
MOST = 400  # conditions beside the index; SQLite takes no expression deeper than 1,000


@dataclass(frozen=True, slots=True)
class Search:
    """A search as a condition on the view `search` with its parameters, and the texts to be marked in what is found."""

    condition: str
    parameters: tuple[str | int, ...]
    words: tuple[str, ...]

    def select(self, columns: str) -> str:
        """The SELECT with places for the parameters; the judgments in the order in which they came."""
        return f"SELECT {columns} FROM search WHERE {self.condition}"

    @property
    def patterns(self) -> tuple[re.Pattern[str], ...]:
        """For each word the expression that finds it in a canonical text, as the index does: blanks do not count, nor does a letter's case."""
        return tuple(re.compile(f"{IGNORED}*".join(map(re.escape, word)), re.IGNORECASE) for word in self.words)

    @property
    def sql(self) -> str:
        """The SELECT as it runs in any SQLite tool, its parameters written out."""
        first, *rest = self.select("*").split("?")
        literals = (str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'" for value in self.parameters)
        return first + "".join(literal + part for literal, part in zip(literals, rest, strict=True)) + " ORDER BY number"


def prepare(db: Database, query: str, in_scope: bool = False) -> Search:
    """The SQL for a query. AnjuanError for a query that cannot be read or a filter that the database does not know."""
    tree = parse(query)
    compiler = _Compiler(Filters(db))
    condition = compiler.top(tree) + (f" AND {IN_SCOPE}" if in_scope else "")
    return Search(condition, tuple(compiler.parameters), tuple(dict.fromkeys(phrases(tree))))


def search(db: Database, query: str, limit: int | None) -> list[str]:
    """Ids of the judgments that a query finds, in the order in which they came."""
    asked = prepare(db, query)
    rows = db.execute(f"{asked.select('judgment_id')} ORDER BY number LIMIT ?", [*asked.parameters, -1 if limit is None else limit])
    return [row[0] for row in rows]


class _Compiler:
    """Writes conditions and collects their parameters, in the same order."""

    def __init__(self, filters: Filters) -> None:
        self.filters = filters
        self.parameters: list[str | int] = []
        self._conditions = 0

    def top(self, node: Node) -> str:
        """The condition of the whole query: the index itself is asked, so that the first hits come at once."""
        indexed, others = _parted(node.nodes if isinstance(node, All) else (node,))
        conditions = [self._match(indexed)] if indexed else []
        return " AND ".join([*conditions, *map(self._condition, others)])

    def _match(self, expression: str) -> str:
        self.parameters.append(expression)
        return "words MATCH ?"

    def _condition(self, node: Node) -> str:
        self._conditions += 1
        if self._conditions > MOST:
            raise AnjuanError(f"search: more than {MOST} filters and excluded words; ask for fewer at once")
        if indexed := match_expression(node):
            return f"number IN (SELECT number FROM search WHERE {self._match(indexed)})"
        if isinstance(node, Not):
            return f"NOT {self._condition(node.node)}"
        if isinstance(node, All | Any):
            return "(" + (" AND " if isinstance(node, All) else " OR ").join(map(self._condition, node.nodes)) + ")"
        assert isinstance(node, Filter)  # phrases are always for the index
        condition, parameters = self.filters.condition(node.name, node.value)
        self.parameters += parameters
        return condition


def match_expression(node: Node) -> str:
    """The FTS5 expression for a node; "" for what the index alone cannot answer: filters, and NOT without anything to take from."""
    if isinstance(node, Phrase):
        return _quoted(node)
    if isinstance(node, Near):
        return f"NEAR({' '.join(map(_quoted, node.phrases))}, {node.distance})"
    if isinstance(node, Any):
        parts = [match_expression(each) for each in node.nodes]
        return f"({' OR '.join(parts)})" if all(parts) else ""
    if isinstance(node, All):
        expression, others = _parted(node.nodes)
        return "" if others else expression
    return ""


def _parted(nodes: tuple[Node, ...]) -> tuple[str, list[Node]]:
    """One expression for all of the nodes that the index can answer, "" for none, and the other nodes."""
    wanted: list[str] = []
    denied: dict[Node, str] = {}
    others: list[Node] = []
    for node in nodes:
        part = match_expression(node.node if isinstance(node, Not) else node)
        if not part:
            others.append(node)
        elif isinstance(node, Not):
            denied[node.node] = part
        else:
            wanted.append(part)
    expression = " AND ".join(wanted)
    if not denied:
        return f"({expression})" if expression else "", others
    if not expression:
        return "", [*others, Not(Any(tuple(denied)))]
    return f"(({expression}) NOT ({' OR '.join(denied.values())}))", others


def _quoted(phrase: Phrase) -> str:
    """A phrase of characters; a quotation mark in it is doubled, as in an SQL string."""
    return '"' + spaced(phrase.text).rstrip().replace('"', '""') + '"'
