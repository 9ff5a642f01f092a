"""Extraction: from a judgment to labels, each with the words that say so."""

from __future__ import annotations

from pipeline.extract.case import Case
from pipeline.extract.defendants import defendants
from pipeline.schema import Judgment
from pipeline.text import Document


def read_case(judgment: Judgment) -> Case:
    """Read a judgment's text and find its defendants: what every extractor starts from."""
    document = Document.read(judgment.text)
    return Case(judgment, document, defendants(document))
