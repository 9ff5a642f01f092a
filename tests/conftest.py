"""For all tests: how many examples a property is tried with, and what the collector of garbage need not look at again."""

from __future__ import annotations

import gc

from hypothesis import settings

settings.register_profile("quick", max_examples=60, deadline=None)  # a machine that does other things too is not an error
settings.load_profile("quick")


def pytest_collection_finish() -> None:
    """Leave aside what was loaded for collecting 6,000 tests: rules, models and items live as long as the process."""
    gc.collect()
    gc.freeze()
