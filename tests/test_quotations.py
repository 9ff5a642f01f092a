"""No rule quotes a document: seven characters in a row that only one judgment of the shared folder holds are that judgment's words.

Skipped, visibly, where the shared folder is absent. The invented corpora and `hospital_train` do not count: their words may stand here.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
EXTRACT = ROOT / "pipeline" / "extract"
SHARED = ROOT.parent / "shared"
pytestmark = pytest.mark.skipif(not (SHARED / "corpora").is_dir(), reason="the shared corpora are not here: quotations were not looked for")

LENGTH = 7
PATTERNS = frozenset({"pattern", "cancel"})
EXAMPLES = frozenset({"hits", "misses"})
KEYS = PATTERNS | EXAMPLES
MOST_COPIES = 4  # files that may hold one judgment, in whole or in part
# The names of the crimes are the law's own words (罪名: Supreme People's Court, provisions on the determination of charges).
OF_LAW = frozenset({"charges.toml"})
JUDGMENTS = (
    ("corpora/judge_test.jsonl", "fd", "utf-8"),
    ("corpora/lecard_700.jsonl", "qw", "utf-8"),
    ("corpora/cail2018_test_utf8.json", "fact", "utf-8"),
    ("corpora/cail2018_train_gb18030.json", "fact", "gb18030"),
    ("gold/core_dev.texts.jsonl", "text", "utf-8"),
    ("gold/screen_negatives.texts.jsonl", "text", "utf-8"),
)
_CHARACTERS = re.compile(r"[\u3400-\u9fff〇]{7,}")
_MASKED_NAME = re.compile(r"[\u3400-\u9fff]某[某甲乙丙丁戊己庚辛]?")
_RULE_ID = re.compile(r'^id\s*=\s*"([^"]+)"')
_KEY = re.compile(r"^(\w+)\s*=")
_ANY_BLANK = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Source:
    """Where words stand: the file, the line, and in a rule file the rule and its key (pattern, cancel, hits, ...)."""

    file: str
    line: int
    rule: str = ""
    key: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line} {self.rule} {self.key}".rstrip()


def windows(text: str) -> Iterator[str]:
    """Every LENGTH characters in a row; signs, operators of a pattern and masked names (张某, nobody's own) end a run."""
    for run in _CHARACTERS.findall(_MASKED_NAME.sub("-", text)):
        for start in range(len(run) - LENGTH + 1):
            yield run[start : start + LENGTH]


def written(path: Path) -> Iterator[tuple[str, Source]]:
    """The windows of one file with their places, comments and docstrings included."""
    rule = key = ""
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if path.suffix == ".toml":
            rule = "" if line.startswith("[[") else found[1] if (found := _RULE_ID.match(line)) else rule
            key = "" if line.startswith("#") else found[1] if (found := _KEY.match(line)) else key
        for window in windows(line):
            yield window, Source(str(path.relative_to(ROOT)), number, rule, key)


@cache
def quoted() -> dict[str, list[Source]]:
    """All windows of the rule files and of the extractors' modules."""
    places: dict[str, list[Source]] = defaultdict(list)
    for path in sorted(p for kind in ("*.toml", "*.py") for p in EXTRACT.rglob(kind) if p.name not in OF_LAW):
        for window, source in written(path):
            places[window].append(source)
    return places


@cache
def judgments() -> tuple[str, ...]:
    """The texts of the shared judgments without blanks, each once."""
    texts: dict[str, None] = {}
    for name, key, encoding in JUDGMENTS:
        for line in (SHARED / name).read_text(encoding).splitlines():
            texts[_ANY_BLANK.sub("", json.loads(line)[key])] = None
    return tuple(texts)


@cache
def holders() -> dict[str, list[int]]:
    """For every window of ours, the numbers of the judgments that hold it."""
    ours, found = quoted().keys(), defaultdict(list)
    for number, text in enumerate(judgments()):
        for window in ours & set(windows(text)):
            found[window].append(number)
    return found


def same_judgment(numbers: list[int]) -> bool:
    """Whether the texts are one judgment that several files hold, in whole or in part."""
    shortest, *others = sorted((judgments()[n] for n in numbers), key=len)
    samples = {shortest[i : i + 12] for i in range(0, len(shortest) - 12, max(1, len(shortest) // 40))}
    return all(sum(sample in other for sample in samples) > len(samples) / 2 for other in others)


def particular(suffix: str, keys: frozenset[str] | None = None) -> list[str]:
    """One line for each window that stands in a single judgment and in our files of that kind, under one of the keys (None: the others)."""
    lines = []
    for window, numbers in holders().items():
        places = [p for p in quoted()[window] if p.file.endswith(suffix) and (p.key in keys if keys else p.key not in KEYS)]
        if places and len(numbers) <= MOST_COPIES and same_judgment(numbers):
            lines += [f"{place}: {window}" for place in places]
    return sorted(lines)


def test_the_shared_judgments_were_read() -> None:
    assert len(judgments()) > 6000
    assert len(holders()) > 100, "hardly one of our phrases stands in a judgment: the search is broken"


def test_no_pattern_quotes_a_judgment() -> None:
    assert particular(".toml", PATTERNS) == []


def test_no_example_of_a_rule_quotes_a_judgment() -> None:
    assert particular(".toml", EXAMPLES) == []


def test_no_vocabulary_or_comment_quotes_a_judgment() -> None:
    assert particular(".toml") == []


def test_no_module_quotes_a_judgment() -> None:
    assert particular(".py") == []
