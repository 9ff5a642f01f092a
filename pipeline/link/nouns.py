"""What linking works on, a judgment with all that identifies it, and what it finds: links, and cited documents."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple

from pipeline.link import case_number
from pipeline.link.shingles import Sketch


class Relation(StrEnum):
    """How a judgment stands to another. The last value is of citations only: the cited document belongs to another case."""

    DUPLICATE = "duplicate_of"  # the same document from another place
    EXCERPT = "excerpt_of"  # a part of the same document: facts only, or cut short
    SAME_CASE = "same_case"  # another document under the same case number: a correction, the civil part
    APPEAL = "appeal_of"  # second instance
    REMAND = "remand_of"  # tried again after the higher court sent it back (发回重审)
    RETRIAL = "retrial_of"  # trial supervision (再审)
    REVIEW = "review_of"  # review of a death sentence (死刑复核)
    ENFORCEMENT = "enforcement_of"  # commutation, parole (减刑, 假释)
    LATER_INSTANCE = "later_instance_of"  # which one, the text does not say
    MENTIONED = "mentioned"


SAME_DOCUMENT = frozenset({Relation.DUPLICATE, Relation.EXCERPT})


class Document(NamedTuple):
    """A judgment as far as its identity goes; strings are '' where unknown, `decided_on` ISO, `key` that of `case_number`."""

    judgment_id: str
    case_number: str
    court: str
    decided_on: str
    trial_level: str
    kind: str
    characters: int
    defendants: tuple[str, ...]
    exact: str
    sketch: Sketch
    key: str

    @property
    def stage(self) -> str:
        """first, second, retrial, review, enforcement, or '' when neither number nor text tells."""
        return case_number.stage(self.case_number) or ("" if self.trial_level == "other" else self.trial_level)

    @property
    def dated(self) -> bool:
        """Whether the day of the decision is known."""
        return len(self.decided_on) == 10


class Link(NamedTuple):
    """`judgment_id`, the later or poorer document, stands in `relation` to `other_id`; `score` in (0, 1]; `reason` in words."""

    judgment_id: str
    other_id: str
    relation: Relation
    score: float
    reason: str


Texts = Callable[[str], str]  # the canonical text of a judgment, by id


def completeness(document: Document) -> tuple[bool, bool, bool, int, str]:
    """Sorts the copies of one document, the most complete last; the id decides between equals, so that the order of import does not."""
    return bool(document.key), bool(document.court), document.dated, document.characters, document.judgment_id
