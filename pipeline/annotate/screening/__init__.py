"""Screening by people: what to read next, when reading may stop, how much both would have saved on coded cases."""

from pipeline.annotate.screening.ranking import Reader, Vectors, due, vectorise
from pipeline.annotate.screening.stopping import Rule, Sampled, Verdict, quiet, sample_order, verdict

__all__ = ["Reader", "Rule", "Sampled", "Vectors", "Verdict", "due", "quiet", "sample_order", "vectorise", "verdict"]
