"""Encoders of our own, made of judgments: static vectors distilled from a sentence encoder, and a small BERT trained on masked words.

Neither is needed to run anjuan. `python -m pipeline.job.pretraining` reads the texts and calls what is here.
"""

from pipeline.classify.pretraining.told import Told

__all__ = ["Told"]
