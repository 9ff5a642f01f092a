"""Loads sqlite-utils without numpy and pandas, which it imports wherever they are installed, only to know their types: half of a command's start."""

from __future__ import annotations

import importlib
import sys
from types import ModuleType

UNNEEDED = ("numpy", "pandas")


def load_sqlite_utils() -> None:
    """Import sqlite-utils while these seem not to be installed; nothing here stores what is theirs. Does nothing where one is loaded already."""
    if not {"sqlite_utils", *UNNEEDED}.isdisjoint(sys.modules):
        return
    modules: dict[str, ModuleType | None] = sys.modules  # type: ignore[assignment]
    modules.update(dict.fromkeys(UNNEEDED))  # None is what Python takes for a module that is not there
    try:
        importlib.import_module("sqlite_utils")
    finally:
        for name in UNNEEDED:
            del sys.modules[name]


load_sqlite_utils()
