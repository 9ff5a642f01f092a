"""Whether two judgments are one document seen twice, and why: what both print of their identity must agree, then their texts are compared.

Figures were set on real pairs read one by one: of texts without a case number, copies share 0.90 of the shorter text's shingles and
more, serial cases from one template up to 0.90, but those never their dates and amounts.
"""

from __future__ import annotations

from pipeline.link import case_number, names
from pipeline.link.likeness import Comparer, Likeness
from pipeline.link.nouns import Document, Link, Relation, completeness

SAME_NUMBER = 0.5  # containment that makes one document of two under the same case number and court
DATES_APART = 0.9  # likeness above which a differing date is held for a slip
UNNUMBERED = 0.85  # containment asked where a case number is missing
IN_DOUBT = 0.97  # the same, where a text names no defendant, or where accomplices were judged apart on the same facts
MISPRINTED = 0.8  # containment asked where one number that only one court can give stands under two courts' names
FIGURES_AGREE = 0.9  # share of dates and amounts that must agree
DIGITS = 8  # digits that dates and amounts must have in common: a day, or two amounts
COPY = 0.7  # likeness below which the shorter text is an excerpt
SHORTEST = 60  # shingles below which a text without number tells too little


def linked(one: Document, other: Document, comparer: Comparer) -> Link | None:
    """The link between two judgments that are one document or stand under one case number; None where they are neither."""
    if not _may_be_one(one, other):
        return None
    if one.exact and one.exact == other.exact and not _contradict(one, other):
        return _link(one, other, Relation.DUPLICATE, 1.0, "same text but for blanks, signs and page furniture")
    if one.key and one.key == other.key:
        return _same_number(one, other, comparer)
    if _contradict(one, other):
        return None
    return _unnumbered(one, other, comparer.compare(one.judgment_id, other.judgment_id))


def _may_be_one(one: Document, other: Document) -> bool:
    if not case_number.may_be_equal(one.case_number, other.case_number):
        return False
    return names.same_court(one.court, other.court) or (one.key == other.key and case_number.is_coded(one.key))


def _contradict(one: Document, other: Document) -> bool:
    """Whether kind, date or defendants tell that these are two documents."""
    return _differ(one.kind, other.kind) or _dates_differ(one, other) or names.agree(one.defendants, other.defendants) is False


def _differ(one: str, other: str) -> bool:
    return bool(one and other and one != other)


def _dates_differ(one: Document, other: Document) -> bool:
    return one.dated and other.dated and one.decided_on != other.decided_on


def _same_number(one: Document, other: Document, comparer: Comparer) -> Link | None:
    """Under one number stand copies of one document, or several documents of one case."""
    certain = bool(one.court and other.court) or case_number.is_coded(one.key)
    same_court = names.same_court(one.court, other.court)
    numbered = "same case number and court" if one.court and other.court and same_court else "same case number"
    people = names.agree(one.defendants, other.defendants)
    likeness = comparer.compare(one.judgment_id, other.judgment_id)
    dates = _dates_differ(one, other)
    asked = DATES_APART if dates else SAME_NUMBER if same_court else MISPRINTED
    alike = likeness.containment >= asked and (certain or people is not False)
    if alike and not _differ(one.kind, other.kind):
        reason = f"{numbered}; {_shared(likeness)}" + ("; dates differ" if dates else "") + _masks(one, other)
        return _alike(one, other, likeness, 0.9 + 0.1 * likeness.containment if certain else 0.9 * likeness.containment, reason)
    if certain and people is not False:
        other_kind = "another kind of document" if _differ(one.kind, other.kind) else "another date" if dates else "another text"
        return _link(one, other, Relation.SAME_CASE, 0.9 if people else 0.8, f"{numbered}; {other_kind}")
    return None


def _unnumbered(one: Document, other: Document, likeness: Likeness) -> Link | None:
    """Without two case numbers the texts must agree nearly word for word, and in their dates and amounts."""
    in_doubt = likeness.tried_apart or names.agree(one.defendants, other.defendants) is None
    asked = IN_DOUBT if in_doubt else UNNUMBERED
    if likeness.letters < SHORTEST or likeness.containment < asked:
        return None
    if likeness.agreement < FIGURES_AGREE or likeness.digits < DIGITS:
        return None
    missing = "one has no case number" if one.key or other.key else "no case numbers"
    reason = f"{missing}; {_shared(likeness)}; {likeness.shared_figures} of {likeness.figures} dates and amounts agree{_masks(one, other)}"
    return _alike(one, other, likeness, likeness.containment * likeness.agreement * 0.97, reason)


def _shared(likeness: Likeness) -> str:
    of_shorter = likeness.jaccard < COPY
    return (
        f"{likeness.containment if of_shorter else likeness.jaccard:.2f} of {'the shorter text' if of_shorter else 'the shingles'} shared"
    )


def _masks(one: Document, other: Document) -> str:
    return "; masks differ" if one.defendants and other.defendants and set(one.defendants) != set(other.defendants) else ""


def _alike(one: Document, other: Document, likeness: Likeness, score: float, reason: str) -> Link:
    return _link(one, other, Relation.DUPLICATE if likeness.jaccard >= COPY else Relation.EXCERPT, score, reason)


def _link(one: Document, other: Document, relation: Relation, score: float, reason: str) -> Link:
    """The link from the less complete document to the more complete; between documents of one case from the later to the earlier."""
    if relation is Relation.SAME_CASE:
        first, later = sorted((one, other), key=lambda d: (d.decided_on or "9", d.judgment_id))
    else:
        later, first = sorted((one, other), key=completeness)
    return Link(later.judgment_id, first.judgment_id, relation, round(score, 3), reason)
