"""Releasing judgments without the people in them: recognisers, pseudonyms, coarser values, and the check of who can still be told apart."""

from pipeline.release.masking import Masker
from pipeline.release.pseudonyms import Pseudonyms
from pipeline.release.recognisers import Recogniser, recognisers
from pipeline.release.replacing import Finding, Masked

__all__ = ["Finding", "Masked", "Masker", "Pseudonyms", "Recogniser", "recognisers"]
