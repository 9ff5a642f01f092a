"""Masking one judgment: what the recognisers and the known names find in it, and the text with other words in their place."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pipeline.release.gazetteer import divisions, is_division, longest
from pipeline.release.places import address, institution
from pipeline.release.recognisers import KNOWN, Recogniser
from pipeline.release.replacing import Finding, Masked
from pipeline.text.view import view
from pipeline.text.words import WordFinder

# A numeral that is somebody's name (五十八) is not one in 第五十八条, nor before a unit.
_NUMERAL = re.compile(r"[〇一二三四五六七八九十百千万\d]+")
_TITLE = re.compile(r"^(?:代理|助理)?(?:检察[员官](?:助理)?|审判员|书记员)")
# What follows a name of two letters and is taken for a third.
_BEHIND = frozenset("辩谎犯收应予遭受处为的均因曾又与和将在对向系以及遂母父妻夫家等是被把持参针所用从到说称也已仍即便让给")
_UNITS = frozenset("条款项年月日元万个名岁时分")
_SHORTEST = 3  # characters of an institution's name that may be looked for wherever it stands
_LISTED = re.compile(r"[、和及与]")
_RANK = re.compile(r"[甲乙丙丁戊己庚辛壬癸]|\d{1,2}(?![\d年月日时岁元])")
_SIGNATURE = re.compile(r"\s(?:代理|助理)? ?(?:审 ?判 ?[长员]|书 ?记 ?员)\s{0,3}[\u3400-\u9fff]")
_MASKED = re.compile(r"[某×ⅩXx*]")


class Mention(NamedTuple):
    """A person's name at `start:end` of the canonical text."""

    start: int
    end: int
    name: str


@dataclass(frozen=True, slots=True)
class Spots:
    """What is to be replaced in `text`: by something that is known already, and names by the pseudonyms of their persons."""

    text: str
    findings: tuple[Finding, ...]
    mentions: tuple[Mention, ...]

    @property
    def names(self) -> set[str]:
        """Every name that stands in the text."""
        return {mention.name for mention in self.mentions}

    def masked(self, pseudonyms: Mapping[str, str]) -> Masked:
        """The text with everything replaced; `pseudonyms` holds each of `names`."""
        named = (Finding(m.start, m.end, pseudonyms[m.name], "name") for m in self.mentions)
        return Masked.of(self.text, [*named, *self.findings])


class Masker:
    """Finds what tells who somebody is. Made once, used for many texts."""

    def __init__(self, rules: Sequence[Recogniser]) -> None:
        self._put = [rule for rule in rules if rule.put is not None or rule.grow]
        self._everywhere = {rule.id for rule in rules if rule.everywhere}
        naming = [rule for rule in rules if rule.put is None and not rule.grow]
        self._naming = [rule for rule in naming if not rule.beside]
        self._beside = [rule for rule in naming if rule.beside]

    def spot(self, text: str, people: Collection[str] = ()) -> Spots:
        """Find everything in a canonical text; `people` are names that are known to stand in it."""
        reading = view(text)
        names = _persons(people, _told(self._naming, reading.text) | _told(self._naming, _signed(text)))
        names = self._neighbours(reading.text, names, people)
        places = list(_mentions(reading.text, names))
        findings = [Finding(*reading.origin_span(f.start, f.end), f.text, f.rule) for f in self._findings(reading.text)]
        mentions = tuple(Mention(*reading.origin_span(start, end), reading.text[start:end]) for start, end in places)
        return Spots(text, tuple(findings), mentions)

    def _neighbours(self, reading: str, names: set[str], people: Collection[str]) -> set[str]:
        """The names with those that stand beside one of them in a list, and beside these."""
        new, marked = names, reading
        while new:
            for name in sorted(new, key=lambda name: (-len(name), name)):
                marked = marked.replace(name, KNOWN)
            new = _told(self._beside, marked) - names
            names = names | new
        return _persons(people, names)

    def _findings(self, reading: str) -> Iterator[Finding]:
        known: dict[str, Finding] = {}
        for finding in self._found(reading):
            yield finding
            if finding.rule in self._everywhere and finding.end - finding.start > _SHORTEST:
                known[reading[finding.start : finding.end]] = finding
        for match in re.finditer("|".join(map(re.escape, sorted(known, key=len, reverse=True))), reading) if known else ():
            yield Finding(match.start(), match.end(), known[match[0]].text, known[match[0]].rule)

    def _found(self, reading: str) -> Iterator[Finding]:
        places = divisions(reading)
        for rule in self._put:
            for match, start, end in rule.matches(reading):
                if rule.put is not None:
                    yield Finding(start, end, match.expand(rule.put), rule.id)
                elif rule.grow == "address":
                    if cut := address(reading, start, end, places):
                        yield Finding(cut[0], end, cut[1], rule.id)
                elif grown := institution(reading, start, match[0], places, rule.grow == "hospital"):
                    yield Finding(grown[0], end, grown[1], rule.id)


def _told(rules: Iterable[Recogniser], text: str) -> set[str]:
    """The names that the rules find in the text."""
    found = (text[start:end] for rule in rules for _, start, end in rule.matches(text))
    return {name for names in found for part in _LISTED.split(names) if len(name := _TITLE.sub("", part)) > 1}


def _signed(text: str) -> str:
    """The end of the text from the first signature on, with the blanks that part names from what was printed behind them."""
    signature = _SIGNATURE.search(text, len(text) // 2)
    return text[signature.start() :] if signature else ""


def _persons(known: Iterable[str], found: Iterable[str]) -> set[str]:
    """The names that are known and those found; not a name that is another one with the word behind it."""
    sure = {name for name in known if len(name) > 1 and not is_division(name)}
    names = sure | {name for name in found if len(name) > 1 and not is_division(name)}
    return {name for name in names if name in sure or name[-1] not in _BEHIND or name[:-1] not in names}


def _mentions(reading: str, names: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Every place of every name, the longest first; a masked name with the number that may follow it."""
    finder = WordFinder(sorted(names))
    for start, end in longest(finder, reading):
        if _MASKED.match(reading, end - 1) and (rank := _RANK.match(reading, end)):
            end = rank.end()
        counted = reading[start - 1 : start] == "第" or reading[end : end + 1] in _UNITS
        if not (counted and _NUMERAL.fullmatch(reading, start, end)):
            yield start, end
