"""Why keywords match a judgment or do not: the words with their surroundings; for near misses what is missing or what cancels them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from pipeline.collect import Rejected, read
from pipeline.collect.keywords.conditions import Condition, Has, Near, Words
from pipeline.collect.keywords.matching import Expression, Keywords, merged
from pipeline.collect.keywords.reading import Group, Reading, Void
from pipeline.schema import Judgment
from pipeline.text.view import View

CONTEXT = 20  # characters shown on either side of a match
_CANCELLED = "cancelled by"
MOST = 3  # matches, and near misses, shown of one expression


@dataclass(frozen=True, slots=True)
class Found:
    """An expression matches at `text[start:end]`; `words` are those that made it match, `quote` has the match in 【】."""

    expression: str
    label: str
    start: int
    end: int
    words: tuple[str, ...]
    quote: str


@dataclass(frozen=True, slots=True)
class Missed:
    """An expression nearly matches at `quote`; `why` says what is missing or what cancels it."""

    expression: str
    label: str
    why: str
    quote: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """What the keywords make of one judgment. `kept_out` is the filters' reason, if any; `matches` counts all places found."""

    path: str
    title: str
    kept_out: str | None
    matches: int
    found: tuple[Found, ...]
    missed: tuple[Missed, ...]

    @property
    def wanted(self) -> bool:
        """Whether a scan with these keywords would take the judgment."""
        return bool(self.found) and self.kept_out is None

    def lines(self) -> list[str]:
        """The explanation for people, a line each."""
        verdict = "would be taken" if self.wanted else "would not be taken"
        why = f": {self.kept_out}" if self.kept_out else "" if self.found else ": no expression matches"
        rows = [f"{self.path}{f' {self.title}' if self.title else ''}: {verdict}{why}"]
        rows += [f"  + {one.expression} {one.label} [{'、'.join(one.words)}] at {one.start}: {one.quote}" for one in self.found]
        rows += [f"  - {one.expression} {one.label}: {one.why}: {one.quote}" for one in self.missed]
        return rows


def listing(keywords: Keywords) -> list[str]:
    """The expressions of a keyword file for people, a line each: name, labels, and words for the search field of a site."""
    rows = ((f"{one.name}: {one.zh} / {one.en}", "、".join(one.query)) for one in keywords.expressions)
    return [f"{row} [{query}]" if query else row for row, query in rows]


def explain_paths(keywords: Keywords, paths: Iterable[Path | str]) -> Iterator[Explanation | Rejected]:
    """Explain every judgment in files, folders and archives; what is no judgment comes as Rejected with its reason."""
    for item in read(paths):
        yield item if isinstance(item, Rejected) else explain(keywords, item)


def explain(keywords: Keywords, judgment: Judgment) -> Explanation:
    """Say of one judgment which expressions match where, and why others nearly do."""
    folded = keywords.folded(judgment.text)
    quoting = _Quoting(judgment.text, folded.places(), keywords.reading(folded))
    found: list[Found] = []
    unmatched: list[tuple[Expression, Words]] = []
    matches = 0
    for expression, needed in zip(keywords.expressions, keywords.spelling.needed, strict=True):
        places = merged(expression.condition.find(quoting.reading, expression.void) or [])
        matches += len(places)
        found += [quoting.found(expression, *place) for place in places[:MOST]]
        unmatched += [] if places else [(expression, needed)]
    missed = (miss for expression, needed in unmatched for miss in islice(_near_misses(expression, needed, quoting, bool(found)), MOST))
    return Explanation(judgment.path, judgment.title, keywords.reason(judgment), matches, tuple(found), tuple(missed))


@dataclass(frozen=True, slots=True)
class _Quoting:
    """Quotes a judgment by places in its folded text."""

    text: str
    way_back: View
    reading: Reading

    def quote(self, start: int, end: int) -> str:
        """The printed words with what stands around them, on one line."""
        start, end = self.way_back.origin_span(start, end)
        before, after = self.text[max(start - CONTEXT, 0) : start], self.text[end : end + CONTEXT]
        return " ".join(f"{before}【{self.text[start:end]}】{after}".split())

    def found(self, expression: Expression, start: int, end: int) -> Found:
        """A match, with the words of the expression that stand in it."""
        groups = expression.condition.groups()
        inside = sorted({place for group in groups for place in self.reading.places(group) if start <= place[0] and place[1] <= end})
        counted = [place for place in inside if not self.reading.voided(expression.void, *place)]
        words = dict.fromkeys(self.reading.text[slice(*place)] for place in counted)
        return Found(expression.name, expression.zh, *self.way_back.origin_span(start, end), tuple(words), self.quote(start, end))


def _near_misses(expression: Expression, needed: Words, quoting: _Quoting, only_cancelled: bool) -> Iterator[Missed]:
    """One near miss for every different reason; where the text is found anyway, only what was cancelled."""
    told: set[str] = set()
    for part in _parts(expression.condition):
        for why, start, end in _shortfalls(part, needed, quoting.reading, expression.void):
            if why not in told and (why.startswith(_CANCELLED) or not only_cancelled):
                told.add(why)
                yield Missed(expression.name, expression.zh, why, quoting.quote(start, end))


def _parts(condition: Condition) -> Iterator[Has | Near]:
    """The conditions on words that a condition is made of; what must not hold misses nothing."""
    if isinstance(condition, Has | Near):
        yield condition
    for member in condition.parts():
        yield from _parts(member)


def _shortfalls(part: Has | Near, needed: Words, reading: Reading, void: Void) -> Iterator[tuple[str, int, int]]:
    """What keeps the places of the rarest group from matching, with the place. A text that holds none of its words misses by far."""
    first, *others = sorted(part.groups(), key=lambda group: group.needed != needed)
    for place in reading.places(first):
        if cancelled := void.by(reading, *place):
            phrase, start, end = cancelled
            yield f"{_CANCELLED} {phrase.printed}", start, end
        elif isinstance(part, Near):
            yield from islice((why for group in others if (why := _lacking(part, group, place, reading, void))), 1)


def _lacking(part: Near, group: Group, place: tuple[int, int], reading: Reading, void: Void) -> tuple[str, int, int] | None:
    """What is wrong with the words of a group that should stand near a place."""
    places = reading.places(group)
    if not places:
        return f"no {group.name} in the text", *place
    gap, start, end = min((_gap(place, other), *other) for other in places)
    span = min(place[0], start), max(place[1], end)
    if gap > part.distance:
        return f"the nearest {group.name} is {gap} characters away, {part.distance} are allowed", *place
    if cancelled := void.by(reading, start, end):
        phrase, start, end = cancelled
        return f"{_CANCELLED} {phrase.printed}", start, end
    return f"a sentence ends between the words, or they touch: {group.name}", *span


def _gap(place: tuple[int, int], other: tuple[int, int]) -> int:
    return max(other[0] - place[1], place[0] - other[1], 0)
