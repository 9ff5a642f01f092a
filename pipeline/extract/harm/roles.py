"""Roles of persons: what the words around a name say a person is (医生, 护士, 保安, 民警, 患者), and phrases for persons without a name."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pipeline.extract.engine.matching import Match, refusal
from pipeline.extract.engine.rules import load_rules
from pipeline.extract.harm.persons import FILLER, Mention, Noun, People, Side
from pipeline.extract.harm.surnames import SURNAMES
from pipeline.schema import Section
from pipeline.text import Document, Expression

_EXACT, _CASUAL, _GENERIC = 6.0, 2.0, 1.0
_NUMBERS = {c: n for n, c in enumerate("一二三四五六七八九", 1)} | {"两": 2, "十": 10}
_COUNTED = re.compile(
    r"(?P<another>另外?|其[他余]|其他)?(?:的)?(?P<n>\d{1,3}|[一二两三四五六七八九十]{1,3}|多|数|几|若干)余?[名个位](?P<between>[^，。；：、\n和与及对向将被把]{0,12})$"
)
_ANOTHER = re.compile(r"(?:另外?|其[他余]|别的)(?:的)?[^，。；：、\n和与及对向将被把]{0,8}$")
_PLURAL = re.compile(r"们|等多?人|等[^，。；、]{0,3}人")
_TITLE_BEFORE_NAME = re.compile(
    r"(?:、(?=本案|被害))?[：“]?(?:（[^（）]{1,8}）)?(?:，?即|系)?(?:本案)?(?:被害人|受害人|被害者)?[：“]?([\ue000-\ue002])"
)
_IS = rf"([\ue000-\ue002]){FILLER}*(?:[、，](?:男|女)[^。；\n\ue000-\ue003]{{0,30}})?(?:（(?:[^（）]*?[，、])?[^（），]{{0,14}}|(?:（[^（）]{{0,24}}）)?(?:则|均|分别)?(?:系|是|为|任|作为|担任|时任|身为|原系|原任)[^，。；：\n、\ue000-\ue003]{{0,18}})$"
# 苗某、鲁某两名保安员: the names before the number.
_NAMES_COUNTED = re.compile(
    rf"([\ue000-\ue002]){FILLER}*等?(?:[二两三四五六七八九十]|\d{{1,2}})(?:名|位|个)[^，。；：\n、\ue000-\ue003]{{0,8}}$"
)
_IS_ROLE = re.compile(_IS)
_ENDS_PREDICATE = re.compile(r"$|[，。；）、\n：]|工作|职务|[^\ue000-\ue003]{0,3}[，。；）\n]")
# More than lies between a name and the work that it does.
_NAME_AND_WORK = 60
_NURSING = "输液|扎针|打针|换药|血压|注射|采血|抽血|配药|吊针|拔针|留置针|打吊瓶|皮试"
_SEEING = "接诊|主治|主刀|坐诊|看病|诊治|手术|问诊|复诊|治疗|检查|缝合|处置|诊断"
_PRESCRIBING = "看病|诊治|问诊|接诊|开药|开具?处方|开单|书写病历|做手术|缝合|清创|诊断"
_WORKS = (
    (
        "nurse",
        Expression(_NURSING),
        re.compile(rf"([\ue002]){FILLER}*[^，。；\n\ue000-\ue003]{{0,8}}(?:为|给|替|帮)[^，。；\n]{{0,16}}(?:{_NURSING})"),
    ),
    (
        "doctor",
        Expression(f"{_SEEING}|{_PRESCRIBING}"),
        re.compile(
            rf"(?:由|让|找|经|请)([\ue002]){FILLER}*[^，。；\n\ue000-\ue003]{{0,6}}(?:{_SEEING})|"
            rf"([\ue002]){FILLER}*[^，。；\n\ue000-\ue003]{{0,8}}(?:为|给|替)[^，。；\n]{{0,16}}(?:{_PRESCRIBING})"
        ),
    ),
)
_AMBULANCE = re.compile(r"急救|救护车|120|出诊|随车")
_HEAD_NURSE_OR_STAFF = ("doctor", "nurse", "other_clinical", "security", "admin", "police")


@dataclass
class Roles:
    """Roles that the document tells: for each person's key the weights of the roles, and the words that say so."""

    weights: dict[int, dict[str, float]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(float)))
    words: dict[tuple[int, str], tuple[int, int]] = field(default_factory=dict)

    def of(self, key: int) -> str:
        """The role best supported by the text; '' when it tells none."""
        weights = self.weights.get(key)
        return max(weights, key=lambda r: weights[r]) if weights else ""

    def evidence(self, key: int) -> tuple[int, int] | None:
        """(start, end) of the words in the view that tell the role."""
        return self.words.get((key, self.of(key)))

    def add(self, key: int, role: str, weight: float, place: tuple[int, int]) -> None:
        """Count words at `place` that say the person has the role."""
        self.weights[key][role] += weight
        self.words.setdefault((key, role), place)


def role_words(document: Document) -> list[Match]:
    """Every word of the document that tells a role, longest first where they overlap."""
    kept: list[Match] = []
    for match in sorted(_stated(document), key=lambda m: (m.start, -m.end)):
        if not kept or match.start >= kept[-1].end:
            kept.append(match)
    return kept


def _stated(document: Document) -> Iterable[Match]:
    """Matches of the rules for roles, wherever they stand: whoever says it, a doctor is a doctor, negated or not."""
    for rule in load_rules("role"):
        for found in document.finditer(rule.expression):
            if not rule.cancel or refusal(rule, document, found) is None:
                yield Match(rule, found.start(), found.end(), found)


def role_nouns(document: Document, words: Sequence[Match]) -> list[Noun]:
    """Phrases for persons without a name, as the findings and the other sections print them."""
    return [
        _noun(document.view, w, _role(w, document)) for w in words if w.rule.id not in ("trade", "driver", "kin") or _driver(w, document)
    ]


def read_roles(people: People, document: Document, words: Sequence[Match]) -> Roles:
    """Tie role words to the names beside them."""
    roles = Roles()
    for word in words:
        for mention, share in _bearers(people, word):
            exact = _GENERIC if word.rule.id.startswith("group") or word.rule.id in ("trade", "kin") else _EXACT
            weight = exact * share * (0.5 if document.section_at(word.start) is Section.EVIDENCE else 1.0)
            roles.add(mention.person.key, _role(word, document), weight, _around(word, mention))
    for role, work, pattern in _WORKS:
        for start, end in _around_work(work, document):
            for m in pattern.finditer(people.marked, start, end):
                mention = people.at(m.start(1) if m[1] else m.start(2))
                roles.add(mention.person.key, role, _CASUAL, (m.start(), m.end()))
    return roles


def _around_work(work: Expression, document: Document) -> list[tuple[int, int]]:
    """Stretches that hold the words of a work with the name of whoever does it."""
    stretches: list[tuple[int, int]] = []
    for m in document.finditer(work):
        start, end = max(0, m.start() - _NAME_AND_WORK), m.end() + _NAME_AND_WORK
        if stretches and start <= stretches[-1][1]:
            start = stretches.pop()[0]
        stretches.append((start, end))
    return stretches


def _around(word: Match, mention: Mention) -> tuple[int, int]:
    """Role word and name where they touch, else the role word."""
    if mention.end == word.start or 0 <= mention.start - word.end <= 8:
        return min(word.start, mention.start), max(word.end, mention.end)
    return word.start, word.end


def _role(word: Match, document: Document) -> str:
    return "other_clinical" if _driver(word, document) else word.rule.value


def _driver(word: Match, document: Document) -> bool:
    """Whether the word means the driver of an ambulance."""
    return word.rule.id == "driver" and bool(_AMBULANCE.search(document.view, *document.sentence_at(word.start)))


def _noun(view: str, word: Match, role: str) -> Noun:
    start = word.start
    if word.rule.id == "counted":
        return Noun(start + 1, word.end, role, number_of(re.sub(r"[名个人群众路市民]", "", view[start + 1 : word.end])) or 2, True)
    counted = _COUNTED.search(view, max(0, start - 24), start)
    plural = _PLURAL.match(view, word.end)
    generic = word.rule.id.startswith("group")
    if counted:
        count = number_of(counted["n"])
        return Noun(counted.start(), word.end, role, count or 2, count > 0, generic, bool(counted["another"]))
    another = _ANOTHER.search(view, max(0, start - 12), start)
    return Noun(
        another.start() if another else start,
        word.end,
        role,
        2 if plural or word.rule.id == "group-clinical" else 1,
        False,
        generic,
        bool(another),
    )


def number_of(text: str) -> int:
    """Value of 3, 三, 十二; 0 for 多, 数, 几."""
    if text.isdigit():
        return int(text)
    if text in _NUMBERS:
        return _NUMBERS[text]
    tens, _, ones = text.partition("十")
    return _NUMBERS.get(tens, 1) * 10 + _NUMBERS.get(ones, 0) if "十" in text else 0


def _bearers(people: People, word: Match) -> list[tuple[Mention, float]]:
    """Mentions of the persons of whom the word tells the role, with how surely."""
    ahead = _TITLE_BEFORE_NAME.match(people.marked, word.end)
    if ahead:
        first = people.at(ahead.start(1))
        return [(m, 1.0) for m in _sharing(people, first)]
    if (i := people.ending_at(word.start)) is not None:
        return [(i, 1.0)]
    if counted := _NAMES_COUNTED.search(people.marked, max(0, word.start - 30), word.start):
        return [(m, 1.0) for m in _before(people, people.at(counted.start(1)))]
    is_role = _IS_ROLE.search(people.marked, max(0, word.start - 60), word.start)
    if is_role and _ENDS_PREDICATE.match(people.marked, word.end):
        return [(m, 1.0) for m in _before(people, people.at(is_role.start(1)))]
    return [(m, 0.3) for m in _surname(people, word)]


def _sharing(people: People, first: Mention) -> list[Mention]:
    """护士A、B和保安员C: A and B share the title, C has its own."""
    found = [first]
    for mention in people.listed_with(first):
        if mention.start <= first.start:
            continue
        between = people.view[found[-1].end : mention.start]
        if mention.person.side is Side.UNNAMED or len(between) > 2:
            break
        found.append(mention)
    return found


def _before(people: People, last: Mention) -> list[Mention]:
    """A、B均系该院护士: the whole list."""
    return [m for m in people.listed_with(last) if m.start <= last.start and m.person.side is not Side.UNNAMED]


def _surname(people: People, word: Match) -> list[Mention]:
    """蔡医生: the only person of that surname."""
    head = people.view[word.start - 1 : word.start]
    same = people.with_surname(head) if head in SURNAMES else ()
    return list(same) if len(same) == 1 else []
