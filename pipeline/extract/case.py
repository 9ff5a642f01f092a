"""What every extractor is given: the document, and the defendants that its heading names."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.schema import Judgment
from pipeline.text import Document


@dataclass(frozen=True, slots=True)
class Defendant:
    """A defendant of this document, counted from 1; `start:end` of the view is the paragraph of the heading about this person."""

    n: int
    name: str
    names: tuple[str, ...]  # every form by which the document calls this person, the printed name first
    start: int
    end: int

    @property
    def unit(self) -> str:
        """Unit of this person's labels."""
        return f"defendant:{self.n}"


@dataclass(frozen=True, slots=True)
class Case:
    """One judgment as the extractors read it."""

    judgment: Judgment
    document: Document
    defendants: tuple[Defendant, ...]
