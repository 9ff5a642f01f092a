"""The engine: results in batches, errors kept to their item, one process or two."""

from __future__ import annotations

import pytest

from pipeline import engine
from pipeline.schema import RecordError


def work(number: int) -> int:
    if number == 13:
        raise ValueError("unlucky")
    if number == 14:
        raise RecordError("odd", "an odd one")
    return number * 2


@pytest.mark.parametrize("jobs", [1, 2])
def test_every_item_gets_its_result_or_its_error(jobs: int) -> None:
    results = dict(row for batch in engine.run(work, range(100), jobs) for row in batch)
    assert len(results) == 100
    assert results[12] == 24
    unlucky, odd = results[13], results[14]
    assert isinstance(unlucky, RecordError)
    assert unlucky.reason == "internal_error"
    assert "unlucky" in unlucky.detail
    assert isinstance(odd, RecordError)
    assert odd.detail == "an odd one"


def test_items_are_taken_only_as_fast_as_they_are_done() -> None:
    taken: list[int] = []

    def endless() -> object:
        number = 0
        while True:
            taken.append(number)
            yield number
            number += 1

    batches = engine.run(work, endless(), 1)  # type: ignore[arg-type]
    next(batches)
    assert len(taken) <= engine.BATCH
