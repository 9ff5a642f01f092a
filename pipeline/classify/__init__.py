"""Screening and attack types: linear models over what the rules extracted."""

from pipeline.classify.features import CaseFeatures
from pipeline.classify.passages import passages

__all__ = ["CaseFeatures", "passages"]
