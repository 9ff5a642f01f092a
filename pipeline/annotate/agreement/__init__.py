"""Agreement between people who coded the same judgments: per variable, per case, and where they differ. Pure functions over entries."""

from __future__ import annotations

from pipeline.annotate.agreement.alignment import align
from pipeline.annotate.agreement.comparing import case_agreement, compare
from pipeline.annotate.agreement.measuring import measure, paired
from pipeline.annotate.agreement.nouns import (
    WHYS,
    Agreement,
    CaseAgreement,
    Coding,
    Compared,
    Confusion,
    LeftOut,
    Measure,
    PartyCount,
    Row,
    SpanOverlap,
    answer,
)

__all__ = [
    "WHYS",
    "Agreement",
    "CaseAgreement",
    "Coding",
    "Compared",
    "Confusion",
    "LeftOut",
    "Measure",
    "PartyCount",
    "Row",
    "SpanOverlap",
    "align",
    "answer",
    "case_agreement",
    "compare",
    "measure",
    "paired",
]
