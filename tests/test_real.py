"""Real judgments, read from the shared folder beside the checkout; skipped, visibly, where it is absent. None of their words stand here."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.codebook import load
from pipeline.extract import extract
from pipeline.schema import Judgment
from pipeline.text import canonical

CORPORA = Path(__file__).parents[2] / "shared" / "corpora"
pytestmark = pytest.mark.skipif(not CORPORA.is_dir(), reason="the shared corpora are not here: real judgments were not read")
FILES = [("judge_test.jsonl", "fd", "utf-8"), ("lecard_700.jsonl", "qw", "utf-8"), ("cail2018_train_gb18030.json", "fact", "gb18030")]


def judgments(file: str, key: str, encoding: str) -> list[Judgment]:
    lines = (CORPORA / file).read_text(encoding).splitlines()[::25][:30]
    return [Judgment("test", str(n), canonical(json.loads(line)[key])) for n, line in enumerate(lines)]


@pytest.mark.parametrize(("file", "key", "encoding"), FILES)
def test_real_judgments_give_values_of_the_codebook_and_spans_inside_the_text(file: str, key: str, encoding: str) -> None:
    codebook = load()
    for judgment in judgments(file, key, encoding):
        for label in extract(judgment):
            for member in [label.value] if label.value else []:
                codebook.check(label.variable, member)
            for span in label.spans:
                assert 0 <= span.start < span.end <= len(judgment.text)


@pytest.mark.parametrize(("file", "key", "encoding"), FILES)
def test_an_appended_statute_changes_no_value(file: str, key: str, encoding: str) -> None:
    statute = "\n附：相关法律条文\n《中华人民共和国刑法》\n第二百三十四条 故意伤害他人身体，致人重伤的，处三年以上十年以下有期徒刑；致人死亡的，处死刑。"
    for judgment in judgments(file, key, encoding)[:10]:
        if "书记员" not in judgment.text or "附" in judgment.text[-1500:]:
            continue
        longer = Judgment("test", judgment.source_id, judgment.text.rstrip() + statute)
        values = [[(label.unit, label.variable, label.value) for label in extract(j)] for j in (judgment, longer)]
        assert values[0] == values[1]
