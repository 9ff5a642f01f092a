"""Full-text search over many judgments: queries of every kind, the index beside the text, LIKE and a trigram index beside it.

The judgments are stretches of real ones put together anew, so that words are as frequent as they are in judgments. Processor time; the first
20 judgments with up to three snippets each, as `anjuan search` shows them.
"""

from __future__ import annotations

import random
import re
import sqlite3
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from measuring import Row

OF_TEXT, MILLISECONDS, SHARE = 0.8, 50.0, 0.95  # the bars
LENGTHS = (1, 2, 4, 8)
QUERIES = 60  # of each kind
SEED = 20260101
BATCH = 1_000
OF_PEERS = 5_000  # judgments beside which a trigram index is built
SIZE = "SELECT sum(pgsize) FROM dbstat WHERE name LIKE ? || '%'"
Query = Callable[[str], object]


def made(texts: Sequence[str], number: int) -> Iterator[str]:
    """`number` judgments of 500 to 30,000 characters, 3,000 on average: stretches of several texts."""
    chance = random.Random(SEED)
    long = [text for text in texts if len(text) > 800]
    for _ in range(number):
        wanted, parts, have = int(min(30_000, max(500, chance.lognormvariate(7.85, 0.55)))), [], 0
        while have < wanted:
            text = chance.choice(long)
            size = min(len(text), chance.randint(500, 2_500), wanted - have + 50)
            start = chance.randrange(len(text) - size + 1)
            parts.append(text[start : start + size])
            have += size
        yield "\n".join(parts)


def words(texts: Sequence[str], length: int) -> tuple[list[str], list[str]]:
    """Words of `length` characters that are frequent, and others that stand somewhere in the texts, most of them rare."""
    chance = random.Random(SEED + length)
    stretches = [stretch for text in texts for stretch in re.findall(rf"[\u4e00-\u9fff]{{{length},}}", text)]
    counted = Counter(stretch[n : n + length] for stretch in stretches[::5] for n in range(len(stretch) - length + 1))
    frequent = [word for word, _ in counted.most_common(QUERIES)]
    return frequent, chance.sample(sorted(counted), QUERIES)


def queries(texts: Sequence[str]) -> dict[str, list[str]]:
    """Queries of every kind."""
    chance = random.Random(SEED)
    known = {length: words(texts, length) for length in LENGTHS}
    found: dict[str, list[str]] = {}
    for length, (frequent, rare) in known.items():
        named = f"{length} character{'s' if length > 1 else ''}"
        found[f"{named}, frequent"], found[f"{named}, most of them rare"] = frequent, rare
    two, four = (known[length][0] + known[length][1] for length in (2, 4))
    kinds = {"{} {}": "AND", "{} | {}": "OR", "{} -{}": "NOT", "NEAR({} {}, 20)": "NEAR"}
    for form, name in kinds.items():
        found[name] = [form.format(chance.choice(two), chance.choice(two if n % 2 else four)) for n in range(QUERIES)]
    return found


def milliseconds(query: Query, asked: Sequence[str]) -> list[float]:
    """Processor time of each query, sorted."""
    spent: list[float] = []
    for each in asked:
        started = time.process_time()
        query(each)
        spent.append((time.process_time() - started) * 1000)
    return sorted(spent)


def at(spent: Sequence[float], share: float = SHARE) -> float:
    """The time under which this share of the queries lies."""
    return spent[min(int(share * len(spent)), len(spent) - 1)]


def rows(texts: Sequence[str], number: int) -> list[Row]:
    """Build a database of `number` judgments, ask it, and build what stands beside it."""
    from pipeline.analyse.snippets import count, find
    from pipeline.store import Store

    asked = queries(texts)
    with tempfile.TemporaryDirectory(prefix="search") as folder, Store.open(Path(folder) / "search.db") as store:
        characters, size, speed = _filled(store, texts, number)
        shown = {kind: milliseconds(lambda q: find(store, store.prepare_search(q), 20, 3), some) for kind, some in asked.items()}
        counted = {kind: milliseconds(lambda q: count(store, store.prepare_search(q)), some) for kind, some in asked.items()}
        beside = _beside(store.db.conn, asked, shown)
    all_shown, all_counted = (sorted(each for spent in kind.values() for each in spent) for kind in (shown, counted))
    return [
        Row(
            f"index : text, {number:,} judgments, {characters / 1e6:.0f} M characters",
            f"{size:.2f}",
            f"at most {OF_TEXT:g}",
            size <= OF_TEXT,
        ),
        Row(
            f"95 % of {len(all_shown)} queries, first 20 judgments with snippets, under",
            f"{at(all_shown):.1f} ms (median {statistics.median(all_shown):.2f} ms)",
            f"under {MILLISECONDS:g} ms",
            at(all_shown) < MILLISECONDS,
        ),
        *(Row(f"{kind}: median, 95 %", f"{statistics.median(s):.2f} ms, {at(s):.1f} ms") for kind, s in shown.items()),
        Row("all judgments counted: median, 95 %", f"{statistics.median(all_counted):.1f} ms, {at(all_counted):.1f} ms"),
        *beside,
        *_trigram(texts, asked),
        Row("judgments stored and indexed, MB of text a second", f"{speed:.1f}"),
    ]


def _filled(store: object, texts: Sequence[str], number: int) -> tuple[int, float, float]:
    """Put the judgments into a store: characters, size of the index as a share of the text, MB a second."""
    from pipeline.schema import Judgment
    from pipeline.store import Store

    assert isinstance(store, Store)
    judgments = (Judgment("bench", str(n), text) for n, text in enumerate(made(texts, number)))
    characters = octets = 0
    spent = 0.0
    while batch := list(islice(judgments, BATCH)):
        started = time.process_time()
        store.add_judgments(None, batch)
        spent += time.process_time() - started
        characters += sum(len(judgment.text) for judgment in batch)
        octets += sum(len(judgment.text.encode()) for judgment in batch)
    index = sum(store.db.execute(SIZE, [name]).fetchone()[0] for name in ("judgments_fts", "indexed", "sqlite_autoindex_indexed"))
    return characters, index / octets, octets / spent / 1e6


def _beside(connection: sqlite3.Connection, asked: dict[str, list[str]], shown: dict[str, list[float]]) -> list[Row]:
    """Reading all texts with LIKE beside asking the index, for all words of a kind; few of them, for it takes a second each."""
    found: list[Row] = []
    for kind in ("2 characters, most of them rare", "4 characters, most of them rare"):
        sql = "SELECT judgment_id FROM judgments WHERE text LIKE '%' || ? || '%' LIMIT 20"
        like = milliseconds(lambda word, sql=sql: connection.execute(sql, [word]).fetchall(), asked[kind][:8])
        ratio = statistics.median(like) / statistics.median(shown[kind])
        found.append(Row(f"LIKE over all texts : search, {kind}", f"{ratio:.0f} ({statistics.median(like):.0f} ms)"))
    return found


def _trigram(texts: Sequence[str], asked: dict[str, list[str]]) -> list[Row]:
    """A trigram index over fewer judgments beside ours over the same, without texts: its size, and words that it can find."""
    from sqlite_utils import Database

    from pipeline.store.search import searchable, spaced
    from pipeline.store.search.indexing import create

    db = Database(memory=True)
    create(db)
    db.execute("CREATE VIRTUAL TABLE trigrams USING fts5 (text, content = '', tokenize = 'trigram')")
    judgments = [searchable(text) for text in made(texts, OF_PEERS)]
    db.conn.executemany("INSERT INTO judgments_fts (rowid, text) VALUES (?, ?)", enumerate(map(spaced, judgments)))
    db.conn.executemany("INSERT INTO trigrams (rowid, text) VALUES (?, ?)", enumerate(judgments))
    ours, theirs = (db.execute(SIZE, [name]).fetchone()[0] for name in ("judgments_fts", "trigrams"))
    four, two = (sorted({*asked[f"{n} characters, frequent"], *asked[f"{n} characters, most of them rare"]}) for n in (4, 2))

    def hits(table: str, word: str) -> int:
        phrase = spaced(word) if table == "judgments_fts" else word
        return int(db.execute(f"SELECT count(*) FROM {table} WHERE {table} MATCH ?", [f'"{phrase}"']).fetchone()[0])

    spent = {
        table: statistics.mean(milliseconds(lambda word, table=table: hits(table, word), four)) for table in ("trigrams", "judgments_fts")
    }
    held = [word for word in two if hits("judgments_fts", word)]
    missed = sum(not hits("trigrams", word) for word in held)
    return [
        Row(f"trigram index : ours, size, {OF_PEERS:,} judgments", f"{theirs / ours:.2f}"),
        Row("trigram index : ours, all hits of 4 characters counted, mean", f"{spent['trigrams'] / spent['judgments_fts']:.2f}"),
        Row("words of 2 characters that the trigram index does not find", f"{missed} of {len(held)}"),
    ]
