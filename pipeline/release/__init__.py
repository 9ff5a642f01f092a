"""Releasing judgments without the people in them: recognisers, pseudonyms, coarser values, and the check of who can still be told apart."""

from pipeline.release.masking import Masker, Mention, Spots
from pipeline.release.pseudonyms import Pseudonyms
from pipeline.release.recognisers import Recogniser, recognisers
from pipeline.release.replacing import Finding, Masked
from pipeline.release.risk import Coarse, Level, Risk, Row, coarsen, risk
from pipeline.release.values import Values

__all__ = [
    "Coarse",
    "Finding",
    "Level",
    "Masked",
    "Masker",
    "Mention",
    "Pseudonyms",
    "Recogniser",
    "Risk",
    "Row",
    "Spots",
    "Values",
    "coarsen",
    "recognisers",
    "risk",
]
