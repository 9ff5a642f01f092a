"""Loads sqlite-utils without pandas, which it imports wherever it is installed, only to know its types: a second at each command's start."""

from __future__ import annotations

import importlib
import sys
from types import ModuleType

ABSENT: dict[str, ModuleType | None] = {"pandas": None}  # what Python takes for a module that is not there


def load_sqlite_utils() -> None:
    """Import sqlite-utils while pandas seems not to be installed; nothing here stores what is pandas'. Once it is loaded, does nothing."""
    if "sqlite_utils" in sys.modules or "pandas" in sys.modules:
        return
    modules: dict[str, ModuleType | None] = sys.modules  # type: ignore[assignment]
    modules.update(ABSENT)
    try:
        importlib.import_module("sqlite_utils")
    finally:
        del sys.modules["pandas"]


load_sqlite_utils()
