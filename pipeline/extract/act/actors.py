"""Who acts: the offender, the victim or somebody else, for any place of the text.

Chinese drops the subject as soon as it is known, so the actor of a clause is the last person who stood where a subject stands: at the
head of a clause, after 由 or 被, or after an adverb such as 随后. Persons are the names that the document itself ties to a role.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from itertools import pairwise
from operator import itemgetter

from pipeline.extract.case import Case
from pipeline.extract.harm.surnames import COMPOUND_SURNAMES, EVERYDAY_SURNAMES, SURNAMES
from pipeline.text import Document, Expression


class Actor(Enum):
    """The side on which an acting person stands; UNKNOWN where the sentence names nobody."""

    OFFENDER = "offender"
    ACCOMPLICE = "accomplice"  # acted with a defendant but is not tried here (另案处理, 已判决)
    VICTIM = "victim"
    OTHER = "other"
    UNKNOWN = "unknown"


_SURNAME = rf"(?:{'|'.join(COMPOUND_SURNAMES)}|[{''.join(sorted(SURNAMES - EVERYDAY_SURNAMES))}])"
_MASKED = (
    r"(?:[^\W\d_a-zA-Z该由被让与和及在的了是为将把对向为从以]某(?:某|[甲乙丙丁戊己庚辛壬癸子丑])?|"
    rf"{_SURNAME}(?:[×＊*]{{1,2}}|[xX]{{1,2}}|[甲乙丙丁戊己庚辛](?![级等])))(?:\d{{1,2}}(?![\d年月日时万千元岁.]))?|某[甲乙丙丁戊己]"
)
_MASKED = rf"(?:{_MASKED})"
_OFFENDER_ROLE = r"(?:原审)?被告人|上诉人|犯罪嫌疑人|嫌疑人"
_ACCOMPLICE_ROLE = r"同案(?:被告人?|犯|人员|人)|同伙|共犯"
_VICTIM_ROLE = r"被害人|受害人|死者|伤者|附带民事诉讼原告人|自诉人"
_STAFF = (
    r"医生|医师|大夫|护士长|护士|护师|护工|护理员|保安员|保安|门卫|医务人员|医护人员|院长|导医|收费员|药剂师|"
    r"技师|急救员|司机|民警|辅警|协警|特警|警察|公安人员|法官|法警|城管"
)
_STAFF_ROLE = rf"(?:主治|值班|接诊|当班|急诊|外科|内科|儿科|主任|副主任|男|女)?(?:{_STAFF})"
_OTHER_ROLE = (
    r"证人|目击者|男子|女子|男青年|小伙子?|老头|妇女|顾客|客人|食客|乘客|群众|路人|报警人|邻居|亲友|同事|服务员|老板|经理|对方|患者|病人"
)
_NOT_A_NAME = r"(?!陈述|应当|应该|解救|解释|和[他她正其]|成为|单位|卫生|安全|万元|时间|向|于|和|单)"
_UNMASKED_END = r"(?=[、，。；：（“”\"'等和与及持用因将把被在的对是系酒拿到以乘驾先遂即\s]|$)"
# A number of persons without a name act for the side that attacks, unless the words say otherwise.
_GROUP = r"(?:[几数二两三四五六七八九十多\d]|十余|二十余|部分)(?:余|多)?(?:人|名(?!医|护|民|保|群|工|职|警|患|病))(?:亲属|家属|亲友|男子|村民|被告)?|众人|一伙人|一行人|有人|其他人|人群|家属一方|亲友们|另一人"
_NAMES_AFTER = rf"[：:]?[“\"]?({_MASKED}(?:[、，和与及]{_MASKED})*|{_NOT_A_NAME}{_SURNAME}[一-龥]{{1,2}}?{_UNMASKED_END})"
# Only the words next to the name are asked for: what stands before them tells no more. Roles stand everywhere in a judgment, so a plain
# search is cheaper than one around anchors.
_ROLES = {
    Actor.OFFENDER: "被告人|上诉人|嫌疑人",
    Actor.VICTIM: rf"{_VICTIM_ROLE}|{_STAFF}",
    Actor.ACCOMPLICE: "同案被告人?|同案犯|同案人员?|同伙|共犯",
    Actor.OTHER: _OTHER_ROLE,
}
_ROLE_OF_NAME = re.compile(rf"({'|'.join(_ROLES.values())}){_NAMES_AFTER}")
# A name tied to several roles keeps the first of these.
_RANK = tuple((role, re.compile(words)) for role, words in _ROLES.items())
_NAME = re.compile(_MASKED)
_ELSEWHERE = Expression(r"（[^（）]{0,16}(?:已判|另案|在逃|另处|判刑|另行处理|已起诉|不起诉|已科刑|已作行政|同案)")
_NAMES_BEFORE = re.compile(rf"({_MASKED}(?:[、和及]{_MASKED})*)(?:等人?|二人|三人|四人)?\Z")
# Who gathers people among whom is the accused acts with them: 李某便纠集王某及被告人张某.
_GATHERER = re.compile(rf"({_MASKED})(?:[便遂即就又]|为此|随后)?\Z")
_WITH_ACCUSED = re.compile(r"了?[^，。；]{0,30}?(?:被告人|上诉人)")
_LONGEST_LIST = 120  # characters of the names before such a bracket
_GATHERED = Expression(r"伙同|纠集|邀集|召集|邀约|指使|带领|率领|串通|结伙|叫来|喊来")
_NAMES_GATHERED = re.compile(rf"了?[^，。；\d]{{0,8}}?({_MASKED}(?:[、和及]{_MASKED})*)")
# In the clause of the act itself: who is acted upon is not the actor.
_OBJECT_MARK = re.compile(
    r"(?:[将把对朝给往跟替为从打砍捅刺伤殴找拉向要趁等]|等[候待]|殴打|追打|抱住|拉住|掐住|按住|推倒|要求|询问|告知|告诉|送|见到?|闻到|持有|[接夺抢](?:过|下|走|得|到|来)|追[上赶至到]?|[拦截堵围]住|拦下|围攻|[踢踹骂撞拽搂]|[揪抓扭摁]住|按倒|遇[到见上]|碰[到见]|发现|尾随|跟踪|控制)$|(?:帮助?|为了)[^，。；]{0,8}$|[将把对向朝给][^，。；]{0,16}的?$"
)
_AND = {"、", "和", "及", "与", "以及"}
# A name before these tells whose the place or the thing is, not who acts.
_OWNER = re.compile(r"的|家(?![属人])|住处|租住|身上|身后|身边|面前|头部|店|处(?![理置])|门前|门口|办公室|手[中里上]")
_LINK = re.compile(r"[与和同跟向]$")
# In the clauses before it: only who stands at the head is the topic that the following clauses share.
_HEAD = re.compile(
    r"(?:[^，。；]{0,16}的|[^，。；]{0,40}?(?:[时后许日晚午晨夜间际分天旁内处中]|期间|过程中|上午|下午))?(?:随后|随即|然后|之后|后来|后|遂|即|便|又|并|但|而|且|因为?|由于?|为|当|同时|此时|这时|其间|期间|于是|突然|继而|接着|另|经|虽然?|"
    r"如|若|则|才|仍|还|也|再次?|在场的?|值班的?|闻讯|赶来的?|赶到的?|旁边的?|同行的?|该|原审|附带民事诉讼|以及|及|、|—|查明|认定|指控|[一二三四五六七八九十\d]、|（[一二三四五六七八九十\d]）|“|\s)*"
)
_PERCEIVING = re.compile(r"[见趁遇待等将把对向朝被遭]|发现|看到|看见|得知|认为|认定|怀疑|殴|要求|让|叫")
_PRONOUN = re.compile(r"(?:遂|即|后|但|而|并)?(?:其|他|她)(?![他它])")
_AFTER_SURNAME = r"[仍又即遂便则不未等持拿用将把从因与在驾见被还抢拒]|继续|上前|随|离开|等人"
_SURNAME_ALONE = re.compile(rf"(?<=[，。；、])[一-龥](?={_AFTER_SURNAME})")
_LONGEST_SENTENCE = 400  # nobody remembers a subject longer; keeps text without full stops cheap
_SPLIT = re.compile(r"[，。；：！？\n]")
_ROLE_WORDS = rf"(?P<accomplice>{_ACCOMPLICE_ROLE})|(?P<offender>{_OFFENDER_ROLE})|(?P<victim>{_VICTIM_ROLE}|对方|{_STAFF_ROLE})|(?P<other>{_OTHER_ROLE})"
# Looking at the first characters before the words makes the search three times as fast.
_ROLE_STARTS = "".join(sorted(set(re.findall(r"(?:^|[|(:?)>])([一-龥])", _ROLE_WORDS))))
_ROLE = re.compile(
    rf"(?=[{_ROLE_STARTS}])(?:{_ROLE_WORDS})|(?=某|.[某×＊*xX甲乙丙丁戊己庚辛]|[欧上司诸皇尉令端])(?P<stranger>{_MASKED})|"
    rf"(?=[几数二两三四五六七八九十多\d部众一有其人家亲另])(?P<group>{_GROUP})"
)


@dataclass(frozen=True)
class Cast:
    """The persons of one document by side; `actor_at` tells who acts at a place of the view."""

    document: Document
    offenders: tuple[str, ...]  # every form of every defendant's name

    @classmethod
    def read(cls, case: Case) -> Cast:
        """The cast of a case; made once for a document, whoever asks."""
        if not _LAST or _LAST[0].document is not case.document:
            _LAST[:] = [cls(case.document, tuple(name for d in case.defendants for name in d.names))]
        return _LAST[0]

    @cached_property
    def sides(self) -> dict[str, Actor]:
        """Each name that the document ties to a role, with its side; collected when first asked for."""
        sides: dict[str, Actor] = {}
        named = set(_ROLE_OF_NAME.findall(self.document.view))
        for role, words in reversed(_RANK):
            sides |= {name: role for word, listed in named if words.fullmatch(word) for name in _split(listed)}
        for name in self._accomplices():
            if sides.get(name) not in (Actor.VICTIM, Actor.OFFENDER):
                sides[name] = Actor.ACCOMPLICE
        return sides | {name: Actor.OFFENDER for name in self.offenders if len(name) > 1}

    def _accomplices(self) -> Iterator[str]:
        """Names of those who took part and are tried elsewhere, or whom a defendant gathered."""
        view = self.document.view
        for m in self.document.finditer(_ELSEWHERE):
            if named := _NAMES_BEFORE.search(view, max(m.start() - _LONGEST_LIST, 0), m.start()):
                yield from _NAME.findall(named[1])
        for m in self.document.finditer(_GATHERED):
            gatherer = _GATHERER.search(view, max(m.start() - 12, 0), m.start())
            if gatherer and _WITH_ACCUSED.match(view, m.end()):
                yield gatherer[1]
            named = _NAMES_GATHERED.match(view, m.end())
            if named and _gathered_by_offender(view[max(m.start() - 60, 0) : m.start()], self.offenders):
                yield from _NAME.findall(named[1])

    @cached_property
    def _initials(self) -> frozenset[str]:
        """Surnames that one known person alone bears; who has been named may go on as the surname: 孙遂持棍追上."""
        initials = [name[0] for name in self.sides]
        return frozenset(i for i in initials if initials.count(i) == 1)

    def _named(self, start: int, end: int) -> Iterator[tuple[int, int, Actor, bool]]:
        """(start, end, side, True) of the known names between two places, the longest at each."""
        view = self.document.view
        found = [(m.start(), -1, m[0]) for m in _SURNAME_ALONE.finditer(view, start, end) if m[0] in self._initials]
        for name in self.sides:
            at = view.find(name, start, end)
            while at >= 0:
                found.append((at, -len(name), name))
                at = view.find(name, at + 1, end)
        after = start
        for at, length, name in sorted(found):
            if at >= after:
                after = at - length
                yield at, after, self._side(name), True

    def _side(self, name: str) -> Actor:
        return self.sides.get(name) or next(side for known, side in self.sides.items() if known[0] == name)

    def _named_or_role(self, start: int, end: int) -> list[tuple[int, int, Actor, bool]]:
        """(start, end, side, known): names of the document, and where none stands roles, groups and unknown masked names."""
        if (start, end) in self._read_before:
            return self._read_before[start, end]
        view = self.document.view
        found = list(self._named(start, end))
        taken = {i for a, b, _, _ in found for i in range(a, b)}
        stranger = Actor.OTHER if self.knows_offender else Actor.UNKNOWN
        for m in _ROLE.finditer(view, start, end):
            if m.start() not in taken and m.end() - 1 not in taken:
                kind = str(m.lastgroup)
                side = stranger if kind == "stranger" else Actor.ACCOMPLICE if kind == "group" else Actor(kind)
                found.append((m.start(), m.end(), side, kind != "stranger"))
        self._read_before[start, end] = sorted(found, key=itemgetter(0))
        return self._read_before[start, end]

    @cached_property
    def _read_before(self) -> dict[tuple[int, int], list[tuple[int, int, Actor, bool]]]:
        """What stands between two places, for the next who asks: the clauses of one act are asked for again and again."""
        return {}

    @cached_property
    def knows_offender(self) -> bool:
        """Whether the document names an offender as such."""
        return Actor.OFFENDER in self.sides.values()

    def mentions(self, start: int, end: int) -> list[tuple[int, int, Actor]]:
        """(start, end, side) of each person named between two places; a role and the name after it are one mention."""
        found: list[tuple[int, int, Actor]] = []
        for a, b, side, known in self._named_or_role(start, end):
            if found and found[-1][1] == a:
                first = found.pop()
                found.append((first[0], b, side if known else first[2]))
            else:
                found.append((a, b, side))
        return found

    def actor_at(self, position: int, sentences: int = 1) -> Actor:
        """Who acts at the place: the last subject before it in its clause, else the first subject of the clauses before it."""
        start, _ = self.document.sentence_at(position)
        for _ in range(sentences):
            actor = self._actor_between(start, position)
            if actor is not Actor.UNKNOWN or start == 0:
                return actor
            position = start
            start, _end = self.document.sentence_at(start - 1)
        return Actor.UNKNOWN

    def _actor_between(self, start: int, position: int) -> Actor:
        start = max(start, position - _LONGEST_SENTENCE)
        edges = [start, *(m.end() for m in _SPLIT.finditer(self.document.view, start, position)), position]
        clauses = list(pairwise(edges))
        own = self._subjects(*clauses[-1])
        if own:
            return own[-1]
        topics = [t for t in (self._topic(a, b) for a, b in clauses[:-1]) if t]
        if not topics:
            return Actor.UNKNOWN
        return topics[0] if _PRONOUN.match(self.document.view, clauses[-1][0]) else topics[-1]

    def _subjects(self, start: int, end: int) -> list[Actor]:
        """Sides of the persons of one clause that are not acted upon."""
        view, after = self.document.view, start
        found: list[Actor] = []
        acted_upon = False
        for a, b, side in self.mentions(start, end):
            between = view[after:a]
            linked = bool(found) and bool(_LINK.search(view[start:a]))
            acted_upon = (acted_upon and between in _AND) or bool(_OBJECT_MARK.search(between))
            if not (acted_upon and not linked) and not _OWNER.match(view, b):
                # 张某、李某 act together: the side of the one who is known stands for both.
                together = between in _AND and found and found[-1] is Actor.OFFENDER
                found.append(Actor.OFFENDER if together and side is Actor.OTHER else side)
            after = b
        return found

    def _topic(self, start: int, end: int) -> Actor | None:
        """Side of the person at the head of a clause."""
        view = self.document.view
        for a, _, side in self.mentions(start, end):
            before = view[start:a]
            if _HEAD.fullmatch(before) and not _PERCEIVING.search(before):
                return side
        return None


# Several extractors ask about one document, one after the other: the last cast is kept, never more.
_LAST: list[Cast] = []


def _split(listed: str) -> list[str]:
    return _NAME.findall(listed) or [listed]


def _gathered_by_offender(before: str, offenders: tuple[str, ...]) -> bool:
    return bool(re.search(_OFFENDER_ROLE, before)) or any(name in before for name in offenders)
