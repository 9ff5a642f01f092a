"""Canonical text, and a judgment as the rules read it."""

from pipeline.text.canonical import canonical
from pipeline.text.document import Document
from pipeline.text.scan import Expression
from pipeline.text.sections import Stretch

__all__ = ["Document", "Expression", "Stretch", "canonical"]
