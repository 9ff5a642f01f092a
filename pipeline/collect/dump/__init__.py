"""Bulk dumps: tables of millions of judgments scanned for keywords in constant memory; only what matches is read."""

from pipeline.collect.dump.matching import Hit, Match, Wanted
from pipeline.collect.dump.members import Member, members, total
from pipeline.collect.dump.portions import BadRow, ChangedError, Options, Place, Portion
from pipeline.collect.dump.quarantine import append, quarantine_file
from pipeline.collect.dump.scanning import Scanner

__all__ = [
    "BadRow",
    "ChangedError",
    "Hit",
    "Match",
    "Member",
    "Options",
    "Place",
    "Portion",
    "Scanner",
    "Wanted",
    "append",
    "members",
    "quarantine_file",
    "total",
]
