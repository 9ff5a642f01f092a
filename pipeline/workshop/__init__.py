"""The rule workshop: test rule files, read them, and ask why a judgment got its value. It reads rules and databases and writes neither."""

from pipeline.workshop.checking import Result, check, report
from pipeline.workshop.coverage import coverage
from pipeline.workshop.explaining import explain
from pipeline.workshop.files import file_at, names, shipped_file
from pipeline.workshop.finding import find_judgment
from pipeline.workshop.misses import misses
from pipeline.workshop.showing import show

__all__ = [
    "Result",
    "check",
    "coverage",
    "explain",
    "file_at",
    "find_judgment",
    "misses",
    "names",
    "report",
    "shipped_file",
    "show",
]
